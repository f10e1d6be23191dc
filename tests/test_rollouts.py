"""Dreams of any batch, length and ends, against an oracle that looks at all tokens since the start, and loops over
numbers."""
from functools import lru_cache
from unittest import mock

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_dynamics import SMALL, oracle
from twm_nb.config import preset
from twm_nb.world_model import Starts, WorldModel, unroll

V, K, ACTIONS = SMALL['latent_variables'], SMALL['latent_classes'], 3
CLOSE = dict(rtol=0, atol=1e-4)


@lru_cache(None)
def new_model(memory, rewards, policy_input):
    torch.manual_seed(memory)
    changes = SMALL | dict(memory_steps=memory, reward_tokens=rewards, policy_input=policy_input, encoder_channels=1)
    return WorldModel(preset('tiny', **changes), ACTIONS).eval()


def arrays(draw, name, shape, values):
    "A tensor whose entries are drawn from `values`."
    n = int(np.prod(shape))
    return torch.tensor(draw.draw(st.lists(st.sampled_from(values), min_size=n, max_size=n), name)).view(shape)


MODELS = st.builds(new_model, st.integers(1, 5), st.booleans(), st.sampled_from(['z', 'zh']))


@settings(max_examples=40)
@given(model=MODELS, M=st.integers(1, 3), T=st.integers(1, 14), context=st.booleans(), draw=st.data())
def test_steps_of_any_rollout(model, M, T, context, draw):
    "`begin` and `step`, told of drawn ends, with a context step and without."
    psi, g = model.dynamics, torch.Generator().manual_seed(draw.draw(st.integers(0, 99), 'seed'))
    z, a = torch.randint(K, (M, T, V), generator=g), torch.randint(ACTIONS, (M, T), generator=g)
    r, d = torch.randn(M, T, generator=g), arrays(draw, 'ends', (M, T), [False, False, True])
    state, h = psi.begin(z[:, 0], a[:, 0], horizon=3) if context else psi.begin(batch=M, horizon=3)
    found = [h] if context else []
    for t in range(len(found), T):
        before = (r[:, t - 1], d[:, t - 1]) if t else (None, None)
        found.append(psi.step(state, before[0], z[:, t], a[:, t], before[1]))
    with torch.no_grad(): torch.testing.assert_close(torch.stack(found, 1), oracle(psi, z, a, r, d), **CLOSE)


def dreamed(model, starts, g, pool):
    """A trajectory whose discounts are `g` (M, H), whose draws take the likeliest, and whose fresh starts come from
    `pool` (H, M, V) in turn."""
    discounts, fresh, predict = iter(g.unbind(1)), iter(pool), model.dynamics.predict
    weight = torch.randn(ACTIONS, V + SMALL['transformer_size'], generator=torch.Generator().manual_seed(0))
    def actor(codes, features=None):
        x = codes.float() if features is None else torch.cat([codes, features], -1)
        return x @ weight[:, :x.shape[-1]].t()
    def told(h): logits, r, _ = predict(h); return logits, r, next(discounts)
    with mock.patch.object(model.dynamics, 'predict', told), \
         mock.patch('twm_nb.world_model.fresh', lambda z, n: next(fresh)), \
         mock.patch('twm_nb.world_model.sample_categorical', lambda logits, *more: logits.argmax(-1)):
        return unroll(model, actor, starts, g.shape[1]), actor


def weights_and_stops(g, threshold):
    "Row by row, with float32 numbers."
    weights, stops = np.ones(g.shape, np.float32), np.zeros(g.shape, bool)
    for m, row in enumerate(g.numpy()):
        product = np.float32(1)
        for t, x in enumerate(row):
            weights[m, t], product = product, product * x
            if product < np.float32(threshold): stops[m, t], product = True, np.float32(1)
    return torch.from_numpy(weights), torch.from_numpy(stops)


@settings(max_examples=60)
@given(model=MODELS, M=st.integers(1, 4), H=st.integers(1, 12), C=st.integers(1, 4), pooled=st.booleans(),
       draw=st.data())
def test_any_dream(model, M, H, C, pooled, draw):
    "Codes, rewards, restarts, weights and what the policy sees, step by step."
    psi, seed = model.dynamics, draw.draw(st.integers(0, 99), 'seed')
    rng = torch.Generator().manual_seed(seed)
    g = arrays(draw, 'discounts', (M, H), [.99, .9, .5, .3, .05, 0., 1.])
    codes = lambda *shape: torch.randint(K, (*shape, V), generator=rng)
    starts = Starts(codes(M, C + 1), torch.randint(ACTIONS, (M, C), generator=rng), torch.randn(M, C, generator=rng),
                    arrays(draw, 'ends', (M, C), [False, True]), codes(2) if pooled else None)
    pool = codes(H, M)
    found, actor = dreamed(model, starts, g, pool)
    weights, stops = weights_and_stops(g, model.config.restart_threshold if pooled else 0.)
    assert torch.equal(found.g, g) and torch.equal(found.stop, stops) and torch.equal(found.weight, weights)
    z, d = torch.cat([starts.z[:, :-1], found.z[:, :-1]], 1), torch.cat([starts.d, stops], 1)
    a, r = torch.cat([starts.a, found.a], 1), torch.cat([starts.r, found.r], 1)
    with torch.no_grad():
        h = oracle(psi, z, a, r, d)
        torch.testing.assert_close(found.r, psi.reward(h[:, C:]), **CLOSE)
        logits = psi.latent(h[:, C:])
    assert torch.equal(found.z[:, 0], starts.z[:, -1])
    for t in range(H):
        chosen = logits[:, t].gather(-1, found.z[:, t + 1, :, None])[..., 0]
        likely = (chosen > logits[:, t].amax(-1) - 1e-3).all(-1)
        assert torch.where(stops[:, t], (found.z[:, t + 1] == pool[t]).all(-1), likely).all()
    assert torch.equal(found.x.codes, found.z)
    if model.config.policy_input == 'zh':
        seen = h[:, C - 1:].masked_fill(d[:, C - 1:, None], 0.)              # nothing of the episode before
        torch.testing.assert_close(found.x.features, seen, **CLOSE)
    features = () if found.x.features is None else (found.x.features[:, :-1],)
    assert torch.equal(found.a, actor(found.z[:, :-1], *features).argmax(-1))
