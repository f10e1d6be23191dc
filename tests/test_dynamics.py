"Tokens, masks, loss and rollouts of `twm_nb.dynamics`, against an oracle that looks at all tokens since the start."
import math
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from twm_nb.config import preset
from twm_nb.dynamics import (DynamicsModel, Head, attention_mask, dynamics_loss, logit, memory_tokens, segments,
                             token_reach, token_types)

V, K, ACTIONS = 4, 5, 3
SMALL = dict(imagination_batch_size=16, latent_variables=V, latent_classes=K, transformer_size=16, transformer_layers=2,
             transformer_heads=2, transformer_head_size=8,
             transformer_feedforward=24, latent_units=(20,), reward_units=(12, 12), discount_units=(12,),
             memory_steps=16)
VARIANTS = [dict(), dict(reward_tokens=False)]


@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)


def small(**changes): return preset('tiny', **{**SMALL, **changes})


def data(B, T, ends=.08):
    return torch.randint(K, (B, T, V)), torch.randint(ACTIONS, (B, T)), torch.randn(B, T), torch.rand(B, T) < ends


def oracle(model, z, a, r, d, slip=0):
    """h (B, T, D): all tokens since the start in one plain forward pass, written from the paper's formulas with loops
    where it matters.
    Reach in tokens: r as many as the memory has, z and a one more; without reward tokens z as many, a one more. `slip`
    is an error to be found."""
    c, (B, T) = model.config, a.shape
    per = 3 if c.reward_tokens else 2
    n, memory = per * T - c.reward_tokens, per * c.memory_steps + 2
    parts = [F.silu(F.linear(F.one_hot(z, K).flatten(2).float(), model.z_embedding.weight, model.z_embedding.bias)),
             model.a_embedding.weight[a]]
    if c.reward_tokens: parts.append(F.silu(F.linear(r[..., None], model.r_embedding.weight, model.r_embedding.bias)))
    x = torch.stack([parts[i % per][:, i // per] for i in range(n)], 1)
    mask = torch.zeros(B, n, n, dtype=torch.bool)
    ends_before = [[sum(d[b, :t].tolist()) for t in range(T)] for b in range(B)]
    for i in range(n):
        first_of_step = i % per == (2 if c.reward_tokens else 0)
        reach = memory + (0 if first_of_step else 1) + slip
        for j in range(max(0, i - reach), i + 1):
            for b in range(B): mask[b, i, j] = ends_before[b][i // per] == ends_before[b][j // per]
    t, D = model.transformer, c.transformer_size
    distance = (torch.arange(n)[:, None] - torch.arange(n)).clamp(min=0)
    angles = torch.arange(n)[:, None] * 10_000. ** (-torch.arange(0, D, 2) / D)
    S, (heads, dh) = torch.cat((angles.sin(), angles.cos()), 1), t.u.shape
    for layer in t.layers:
        q, k, values = (F.linear(x, w).view(B, n, heads, dh).transpose(1, 2) for w in layer.qkv.weight.chunk(3))
        R = F.linear(S, layer.position.weight).view(n, heads, dh).transpose(0, 1)
        by_distance = ((q + t.v[:, None]) @ R.mT).gather(-1, distance.expand(B, heads, n, n))
        scores = ((q + t.u[:, None]) @ k.mT + by_distance) / (D if c.attention_scale == 'model' else dh) ** .5
        y = (scores.masked_fill(~mask[:, None], -torch.inf).softmax(-1) @ values).transpose(1, 2).flatten(2)
        x = layer.norm1(x + F.linear(y, layer.out.weight))
        x = layer.norm2(x + layer.feed2(F.silu(layer.feed1(x))))
    return x[:, 1::per]


@torch.no_grad()
def rolled(model, z, a, r, d, context=True, horizon=15):
    "h (B, T, D) by a rollout; an end is told to the step after it. With `context` the first step is the context."
    state, h = model.begin(z[:, 0], a[:, 0], horizon) if context else model.begin(batch=len(z), horizon=horizon)
    hs = [h] if context else []
    for t in range(len(hs), z.shape[1]):
        r_prev, first = (r[:, t - 1], d[:, t - 1]) if t else (None, None)
        hs.append(model.step(state, r_prev, z[:, t], a[:, t], first))
    return torch.stack(hs, 1)


def loss_of(model, z, a, r, d, target, config):
    h = model.hidden(z, a, r, d)
    return dynamics_loss(model.latent(h), model.reward(h), model.discount(h), target, r, d, d, config)


# Tokens and masks

def test_token_types_and_reach():
    assert token_types(3).tolist() == [0, 1, 2, 0, 1, 2, 0, 1] and token_types(3, False).tolist() == [0, 1, 0, 1, 0, 1]
    paper, without = preset('paper'), preset('paper', reward_tokens=False)
    assert (memory_tokens(paper), memory_tokens(without), memory_tokens(paper.replace(memory_steps=4))) == (50, 34, 14)
    assert token_reach(torch.tensor([0, 1, 2]), paper).tolist() == [51, 51, 50]
    assert token_reach(torch.tensor([0, 1]), without).tolist() == [34, 35]


def test_segments():
    d = torch.tensor([[False, False, True, False, True, True, False], [True] + 6 * [False]])
    assert segments(d).tolist() == [[0, 0, 0, 1, 1, 2, 3], [0, 1, 1, 1, 1, 1, 1]]


@pytest.mark.parametrize('variant', VARIANTS)
def test_attention_mask_token_by_token(variant):
    config, (B, T) = small(memory_steps=3, **variant), (3, 9)
    d = torch.rand(B, T) < .15
    mask, per = attention_mask(d, config), 3 if config.reward_tokens else 2
    n, memory = per * T - config.reward_tokens, per * 3 + 2
    assert mask.shape == (B, n, n) and mask.any(-1).all() and mask.diagonal(dim1=1, dim2=2).all()
    for b in range(B):
        for i in range(n):
            kind = 'zar'[i % per] if per == 3 else 'za'[i % per]
            reach = {'z': memory + (per == 3), 'a': memory + 1, 'r': memory}[kind]
            for j in range(n):
                ends_between = d[b, j // per:i // per].any() if j <= i else False
                assert mask[b, i, j] == (j <= i and i - j <= reach and not ends_between)


def test_training_at_the_papers_length_is_cut_off_by_nothing_but_ends():
    assert attention_mask(torch.zeros(1, 17, dtype=torch.bool),
                          preset('paper'))[0].equal(torch.ones(50, 50, dtype=torch.bool).tril())


def test_rows_are_never_empty_even_if_every_step_is_an_end():
    d = torch.ones(2, 5, dtype=torch.bool)
    assert attention_mask(d, small()).any(-1).all()
    model, (z, a, r, _) = DynamicsModel(small(), ACTIONS), data(2, 5)
    assert model.hidden(z, a, r, d).isfinite().all() and rolled(model, z, a, r, d).isfinite().all()


# Parameters and initial values

def test_parameters():
    def count(m): return sum(p.numel() for p in m.parameters())
    assert count(DynamicsModel(preset('paper'), 18)) == 10_782_466
    assert count(DynamicsModel(preset('paper', reward_tokens=False), 18)) == 10_782_466 - 512
    assert count(DynamicsModel(preset('paper'), 6)) == 10_782_466 - 12 * 256


def test_initial_values():
    model = DynamicsModel(preset('paper', transformer_layers=1), 500)
    assert abs(model.a_embedding.weight.std() - 1) < .02 and abs(model.a_embedding.weight.mean()) < .02
    assert math.isclose(model.discount_head.mlp[-1].bias.item(), math.log(99), rel_tol=1e-6)
    assert model.reward_head.mlp[-1].bias.item() == 0
    for layer, gain in ((model.z_embedding, 2), (model.r_embedding, 2), (model.latent_head.mlp[0], 2),
                        (model.latent_head.mlp[-1], 1)):
        bound = math.sqrt(3 * gain / layer.in_features)
        assert .9 * bound < layer.weight.abs().max() <= bound * (1 + 1e-6)
    assert (model.discount(torch.randn(500, 256), 0.).sigmoid() > .5).float().mean() > .9
    assert DynamicsModel(small(discount=1.), 2).discount_head.mlp[-1].bias.isfinite().all() and logit(.5) == 0


def test_heads_are_mlps_on_silu_of_h():
    head, h = Head(8, (6, 7), 3, p=.5).eval(), torch.randn(4, 8)
    one, _, two, _, three = head.mlp
    torch.testing.assert_close(head(h), three(F.silu(two(F.silu(one(F.silu(h)))))))
    assert not head.train()(h).equal(head(h)) and head(h, 0.).equal(head.eval()(h)) and len(head.mlp) == 5


# The training pass

@pytest.mark.parametrize('variant', [*VARIANTS, dict(attention_scale='head'), dict(memory_steps=2)])
def test_training_pass_against_the_oracle(variant):
    model, (z, a, r, d) = DynamicsModel(small(**variant), ACTIONS).eval(), data(4, 17)
    torch.testing.assert_close(model.hidden(z, a, r, d), oracle(model, z, a, r, d), rtol=0, atol=1e-5)


@pytest.mark.parametrize('variant', VARIANTS)
def test_no_information_from_the_future_or_another_episode(variant):
    model = DynamicsModel(small(**variant), ACTIONS).eval()
    z, a, r, d = data(1, 7, ends=0.)
    d[0, 2] = True                                                   # episode 1: steps 0–2; episode 2: steps 3–6
    x, mask = model.sequence(z, a, r, d)
    x = x.detach().requires_grad_()
    per, n = 3 if model.config.reward_tokens else 2, x.shape[1]
    h = model.transformer(x, mask, rows=slice(1, None, per))
    for t in range(7):
        gradient, = torch.autograd.grad(h[0, t].square().sum(), x, retain_graph=True)
        reached = (gradient[0] != 0).any(-1)
        first = 0 if t <= 2 else 3 * per                             # the reward at the end belongs to the old episode
        assert reached.tolist() == [first <= i <= per * t + 1 for i in range(n)]


def test_last_reward_and_last_end_are_not_used():
    model, (z, a, r, d) = DynamicsModel(small(), ACTIONS).eval(), data(3, 6)
    h = model.hidden(z, a, r, d)
    r[:, -1], d[:, -1] = math.nan, ~d[:, -1]
    assert model.hidden(z, a, r, d).equal(h)


def test_masks_use_any_end():
    "A time-out hides the past as a lost game does; `hidden` only knows d, which holds for both."
    model, (z, a, r, d) = DynamicsModel(small(), ACTIONS).eval(), data(2, 6, ends=0.)
    free = model.hidden(z, a, r, d)
    d[:, 2] = True
    cut = model.hidden(z, a, r, d)
    assert cut[:, :3].equal(free[:, :3]) and ((cut - free)[:, 3:].abs().amax(-1) > 1e-4).all()
    torch.testing.assert_close(cut[:, 3:], model.hidden(z[:, 3:], a[:, 3:], r[:, 3:], d[:, 3:]), rtol=0, atol=1e-6)


@pytest.mark.parametrize('use_memory', [True, False])
def test_dropout_only_in_training_and_never_in_imagination(use_memory):
    model, (z, a, r, d) = DynamicsModel(small(dropout=.3, use_memory=use_memory), ACTIONS), data(2, 5)
    h = model.hidden(z, a, r, d)
    assert not h.equal(model.hidden(z, a, r, d)) and not model.latent(h).equal(model.latent(h))
    imagined = rolled(model, z, a, r, d)
    assert imagined.equal(rolled(model, z, a, r, d))
    assert all(x.equal(y) for x, y in zip(model.predict(h), model.predict(h)))
    assert not any(x.requires_grad for x in (imagined, *model.predict(h)))
    model.eval()
    h = model.hidden(z, a, r, d)
    torch.testing.assert_close(h, imagined, rtol=0, atol=1e-5)
    logits, reward, discount = model.predict(h)
    assert logits.equal(model.latent(h)) and reward.equal(model.reward(h))
    assert discount.equal(model.discount(h).sigmoid())


def test_attention_rollout_has_a_map_per_layer_and_head():
    model, (z, a, r, d) = DynamicsModel(small(), ACTIONS), data(2, 5, ends=.3)
    maps = model.attention(z, a, r, d)
    assert maps.shape == (2, 2, 2, 14, 14) and ((maps > 0) == attention_mask(d, model.config)[:, None, None]).all()


# The loss

def by_hand(latent, reward, discount, target, r, terminated, d, g=.99):
    "Eq. 4 term by term with Python numbers."
    B, T = r.shape
    p, ln_q = target.softmax(-1), latent.log_softmax(-1)
    entropies = [-(p[b, t] * ln_q[b, t]).sum().item() for b in range(B) for t in range(T) if not d[b, t]]
    rewards = [.5 * (r[b, t] - reward[b, t]).item() ** 2 + .5 * math.log(2 * math.pi) for b in range(B)
               for t in range(T)]
    discounts = []
    for b in range(B):
        for t in range(T):
            goal, s = (0. if terminated[b, t] else g), 1 / (1 + math.exp(-discount[b, t].item()))
            discounts.append(-goal * math.log(s) - (1 - goal) * math.log(1 - s))
    return dict(latent=sum(entropies) / max(len(entropies), 1), reward=sum(rewards) / len(rewards),
                discount=sum(discounts) / len(discounts))


def predictions(B, T, grad=False):
    return [torch.randn(*s, requires_grad=grad) for s in ((B, T, V, K), (B, T), (B, T), (B, T, V, K))]


def test_loss_by_hand():
    config, (B, T) = preset('paper'), (3, 5)
    latent, reward, discount, target = predictions(B, T)
    r, terminated, truncated = torch.randn(B, T), torch.rand(B, T) < .3, torch.rand(B, T) < .3
    loss, terms = dynamics_loss(latent, reward, discount, target, r, terminated, terminated | truncated, config)
    expected = by_hand(latent, reward, discount, target, r, terminated, terminated | truncated)
    assert set(terms) == set(expected) and all(math.isclose(terms[k], expected[k], rel_tol=1e-5) for k in expected)
    assert math.isclose(loss, expected['latent'] + 10 * expected['reward'] + 50 * expected['discount'], rel_tol=1e-5)
    changed = config.replace(latent_coefficient=3., reward_coefficient=5., discount_coefficient=7.)
    assert math.isclose(dynamics_loss(latent, reward, discount, target, r, terminated, terminated | truncated,
                                      changed)[0],
                        3 * expected['latent'] + 5 * expected['reward'] + 7 * expected['discount'], rel_tol=1e-5)


def test_discount_target_is_zero_only_if_terminated():
    latent, reward, _, target = predictions(1, 1)
    yes, no = torch.ones(1, 1, dtype=torch.bool), torch.zeros(1, 1, dtype=torch.bool)
    # goes on, cut off by the time limit, terminated
    for terminated, d, best in ((no, no, .99), (no, yes, .99), (yes, yes, 0.)):
        x = torch.tensor([[.3]], requires_grad=True)
        terms = dynamics_loss(latent, reward, x, target, torch.zeros(1, 1), terminated, d, preset('paper'))[1]
        gradient, = torch.autograd.grad(terms['discount'], x)
        assert math.isclose(gradient.item(), torch.tensor(.3).sigmoid().item() - best, rel_tol=1e-5)


def test_latent_term_leaves_out_the_steps_with_an_end_and_only_those():
    latent, reward, discount, target = predictions(2, 4, grad=True)
    d = torch.tensor([[False, True, False, False], [True, True, False, True]])
    terms = dynamics_loss(latent, reward, discount, target, torch.zeros(2, 4), torch.zeros_like(d), d,
                          preset('paper'))[1]
    for name, wanted in (('latent', ~d), ('reward', torch.ones_like(d)), ('discount', torch.ones_like(d))):
        prediction = dict(latent=latent, reward=reward, discount=discount)[name]
        gradient, = torch.autograd.grad(terms[name], prediction, retain_graph=True)
        assert ((gradient.flatten(2) != 0).any(-1) if name == 'latent' else gradient != 0).equal(wanted)
    everywhere = dynamics_loss(latent, reward, discount, target, torch.zeros(2, 4), ~torch.zeros_like(d),
                               ~torch.zeros_like(d), preset('paper'))
    assert everywhere[1]['latent'] == 0 and everywhere[0].isfinite()


def test_targets_get_no_gradient():
    latent, reward, discount, target = predictions(2, 3, grad=True)
    no = torch.zeros(2, 3, dtype=torch.bool)
    dynamics_loss(latent, reward, discount, target, torch.zeros(2, 3), no, no, preset('paper'))[0].backward()
    assert target.grad is None and all((x.grad != 0).all() for x in (latent, reward, discount))


def test_each_head_learns_from_its_own_term_only():
    model, (z, a, r, d) = DynamicsModel(small(), ACTIONS), data(3, 6)
    loss, terms = loss_of(model, z, a, r, d, torch.randn(3, 6, V, K), model.config)
    for name, term in terms.items():
        model.zero_grad(set_to_none=True)
        term.backward(retain_graph=True)
        for head in ('latent', 'reward', 'discount'):
            gradients = [p.grad for p in getattr(model, f'{head}_head').parameters()]
            assert all((x is not None and x.abs().sum() > 0) == (head == name) for x in gradients)
            assert head == name or all(x is None for x in gradients)
        # all three train the transformer
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for n, p in model.transformer.named_parameters())


def test_the_whole_loss_reaches_every_parameter():
    "Would notice a term that is silently missing."
    model, (z, a, r, d) = DynamicsModel(small(), ACTIONS), data(8, 6)
    loss_of(model, z, a, r, d, torch.randn(8, 6, V, K), model.config)[0].backward()
    assert all(p.grad is not None and (p.grad != 0).any() for p in model.parameters())


def test_latent_prediction_is_learned():
    """z alternates with the action, deterministically: the cross-entropy goes from ln 5 per variable towards 0. Would
    notice a missing latent term too."""
    config = small(memory_steps=3)
    model = DynamicsModel(config, ACTIONS)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for step in range(80):
        a = torch.randint(ACTIONS, (16, 6))
        # the next z is the action
        z = torch.cat((torch.zeros(16, 1, dtype=torch.int64), a), 1)[..., None].expand(-1, -1, V)
        r, d = torch.zeros(16, 6), torch.zeros(16, 6, dtype=torch.bool)
        loss, terms = loss_of(model, z[:, :-1], a, r, d, 30. * F.one_hot(z[:, 1:], K), config)
        optimizer.zero_grad(); loss.backward(); optimizer.step()
        if step == 0: assert terms['latent'] > .7 * V * math.log(K)
    assert terms['latent'] < .1 * V * math.log(K)


# Rollouts

@pytest.mark.parametrize('variant',
                         [*VARIANTS, dict(memory_steps=4, sequence_length=4),
                          dict(memory_steps=4, sequence_length=4, reward_tokens=False)])
@pytest.mark.parametrize('context,horizon', [(True, 15), (True, 40), (False, 40), (True, 2)])
def test_rollout_with_memory_equals_the_oracle(variant, context, horizon):
    "40 imagined steps with random ends, at the context too; also beyond the horizon that room was made for."
    model, (z, a, r, d) = DynamicsModel(small(dropout=.2, **variant), ACTIONS), data(4, 41)
    # one without any end: its memory must be cut off by the reach alone
    d[0], d[1, 0] = False, True
    with torch.no_grad(): expected = oracle(model, z, a, r, d)
    torch.testing.assert_close(rolled(model, z, a, r, d, context, horizon), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize('slip', [-1, 1])
def test_the_oracle_notices_a_reach_off_by_one(variant, slip):
    model, (z, a, r, d) = DynamicsModel(small(**variant), ACTIONS), data(2, 41, ends=0.)
    with torch.no_grad(): difference = (rolled(model, z, a, r, d) - oracle(model, z, a, r, d, slip)).abs().amax((0, 2))
    first = difference.gt(1e-5).nonzero()[0, 0].item()
    assert difference.max() > 1e-3 and first in (17, 18)


@pytest.mark.parametrize('variant', VARIANTS)
def test_endless_rollout(variant):
    "230 steps: the memory moves to the front several times."
    model, (z, a, r, d) = DynamicsModel(small(transformer_layers=1, **variant), ACTIONS), data(2, 231, ends=.01)
    with torch.no_grad(): expected = model.hidden(z, a, r, d)
    torch.testing.assert_close(expected[:, :41], oracle(model, z[:, :41], a[:, :41], r[:, :41], d[:, :41]), rtol=0,
                               atol=1e-5)
    torch.testing.assert_close(rolled(model, z, a, r, d), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize('memory_steps', [16, 4])
def test_memory_off_agrees_until_something_is_evicted(variant, memory_steps):
    model = DynamicsModel(small(memory_steps=memory_steps, **variant), ACTIONS)
    window = DynamicsModel(model.config.replace(use_memory=False), ACTIONS)
    window.load_state_dict(model.state_dict())
    z, a, r, d = data(3, 31, ends=0.)
    d[1, 5], d[2, 0] = True, True
    difference = (rolled(window, z, a, r, d) - rolled(model, z, a, r, d)).abs().amax(-1)
    evicted = memory_steps + 1                                       # imagined step 17: the window loses its first step
    assert (difference[:, :evicted] < 1e-5).all() and difference[0, evicted] > 1e-4


@pytest.mark.parametrize('variant', VARIANTS)
def test_memory_off_is_a_fresh_window_of_steps(variant):
    model, (z, a, r, d) = DynamicsModel(small(memory_steps=3, use_memory=False, **variant), ACTIONS).eval(), data(3, 12)
    h = rolled(model, z, a, r, d)
    for t in range(12):
        first = max(0, t - 3)                                        # 3 + 1 steps
        torch.testing.assert_close(h[:, t], oracle(model, *(x[:, first:t + 1] for x in (z, a, r, d)))[:, -1], rtol=0,
                                   atol=1e-5)


@pytest.mark.parametrize('variant', [*VARIANTS, dict(use_memory=False)])
def test_nothing_crosses_an_end_in_a_rollout(variant):
    model, (z, a, r, d) = DynamicsModel(small(**variant), ACTIONS), data(2, 8, ends=0.)
    d[:, 3] = True
    h = rolled(model, z, a, r, d)
    z2, a2, r2 = z.clone(), a.clone(), r.clone()
    # the reward at the end included
    z2[:, :4], a2[:, :4], r2[:, :4] = (z[:, :4] + 1) % K, (a[:, :4] + 1) % ACTIONS, 9.
    changed = rolled(model, z2, a2, r2, d)
    assert changed[:, 4:].equal(h[:, 4:]) and (changed[:, :4] != h[:, :4]).any(-1).all()
    if model.config.reward_tokens:
        r2 = r.clone(); r2[:, 4] += 1                                # while the next reward is seen by the next step
        assert (rolled(model, z, a, r2, d)[:, 5] != h[:, 5]).any(-1).all()


def test_first_step_without_context_ignores_what_came_before():
    model, (z, a, r, d) = DynamicsModel(small(), ACTIONS), data(3, 2)
    h = []
    for r_prev, stop in ((None, None), (torch.full((3,), math.nan), torch.ones(3, dtype=torch.bool))):
        state, none = model.begin(batch=3)
        assert none is None
        h.append(model.step(state, r_prev, z[:, 0], a[:, 0], stop))
    assert h[0].equal(h[1])
    torch.testing.assert_close(h[0], model.eval().hidden(z[:, :1], a[:, :1], r[:, :1], d[:, :1])[:, 0], rtol=0,
                               atol=1e-5)


def test_at_the_papers_horizon_nothing_is_ever_moved():
    model = DynamicsModel(preset('paper', transformer_layers=1), ACTIONS)
    z, a = torch.randint(32, (1, 32)), torch.randint(ACTIONS, (1,))
    state, _ = model.begin(z, a, horizon=15)
    cache, lengths = state.cache, []
    buffer = cache.keys[0].data_ptr()
    for _ in range(15):
        model.step(state, torch.zeros(1), z, a, torch.tensor([False]))
        lengths.append(cache.length)
    assert lengths == list(range(5, 48, 3)) and cache.capacity == 48 and cache.keys[0].data_ptr() == buffer


# Speed rules

def imagination(model, z, a, first, steps=15):
    "What imagination does: predict, sample the next z by inverse CDF, begin anew where the discount is low, append."
    state, h = model.begin(z, a, horizon=steps)
    out = [h]
    for _ in range(steps):
        logits, reward, discount = model.predict(h)
        z = (logits.softmax(-1).cumsum(-1) < torch.rand(*logits.shape[:-1], 1)).sum(-1).clamp(max=K - 1)
        h, first = model.step(state, reward, z, a, first), discount < .5
        out.append(h)
    return torch.stack(out, 1)


def training(model, z, a, r, d, target): return loss_of(model, z, a, r, d, target, model.config)[0]


@pytest.mark.parametrize('variant', [*VARIANTS, dict(use_memory=False)])
def test_imagination_and_loss_trace_without_graph_breaks(variant):
    model, (z, a, r, d) = DynamicsModel(small(dropout=.1, transformer_layers=1, **variant), ACTIONS), data(3, 5)
    steps = 4 if variant else 15
    for f, inputs in ((imagination, (model, z[:, 0], a[:, 0], d[:, 0], steps)),
                      (training, (model, z, a, r, d, torch.randn(3, 5, V, K)))):
        torch._dynamo.reset()
        torch.manual_seed(1); expected = f(*inputs)
        torch.manual_seed(1)
        torch.testing.assert_close(torch.compile(f, fullgraph=True, backend='eager')(*inputs), expected, rtol=0,
                                   atol=1e-5)


def test_nothing_is_read_back_from_the_device():
    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, f, types, args=(), kwargs=None):
            assert not any(word in str(f)
                           for word in ('_local_scalar_dense', 'multinomial', 'nonzero', 'is_nonzero')), f
            return f(*args, **(kwargs or {}))
    model, (z, a, r, d) = DynamicsModel(small(dropout=.1), ACTIONS), data(3, 5)
    with Watch():
        training(model, z, a, r, d, torch.randn(3, 5, V, K)).backward()
        imagination(model, z[:, 0], a[:, 0], d[:, 0], 20)


def test_bfloat16_run_is_close_to_float32():
    model, (z, a, r, d) = DynamicsModel(small(transformer_size=64, transformer_layers=4), ACTIONS).eval(), data(8, 17)
    exact, cached = model.hidden(z, a, r, d).detach(), rolled(model, z, a, r, d)
    with torch.autocast('cpu', torch.bfloat16):
        h = model.hidden(z, a, r, d)
        predictions = model.latent(h), model.reward(h), model.discount(h)
        imagined = rolled(model, z, a, r, d)
        loss, terms = dynamics_loss(*predictions, torch.randn(8, 17, V, K), r, d, d, model.config)
    assert all(x.dtype == torch.float32 for x in (*predictions, loss, *terms.values()))
    for x, y in ((h, exact), (imagined, cached), (predictions[0], model.latent(exact))):
        assert F.cosine_similarity(x.detach().float().flatten(), y.detach().flatten(), 0) > .99
    loss.backward()
    assert all(p.grad.dtype == torch.float32 and p.grad.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize('training', [True, False])
@pytest.mark.parametrize('name', ['reward', 'discount'])
def test_in_bfloat16_numbers_keep_their_small_part(name, training):
    """A reward or a logit near 60 is off by what the hidden layers round; rounded itself, to a quarter, it would be off
    by up to 0.125."""
    model, h = DynamicsModel(small(), ACTIONS).train(training), torch.randn(500, 16)
    nn.init.constant_(getattr(model, f'{name}_head').mlp[-1].bias, 60.)
    exact = getattr(model, name)(h, 0.)
    with torch.autocast('cpu', torch.bfloat16): found = getattr(model, name)(h, 0.)
    assert exact.std() > .1 and found.dtype == torch.float32
    torch.testing.assert_close(found, exact, rtol=0, atol=.03)
    assert (found != found.bfloat16().float()).float().mean() > .9


def test_in_bfloat16_a_discount_is_the_configured_one():
    """0.99 to six digits where nothing but the last bias speaks; rounded to bfloat16 the logit would mean 0.989986, the
    discount itself be 0.9883."""
    model, h = DynamicsModel(small(), ACTIONS), torch.randn(50, 16)
    nn.init.zeros_(model.discount_head.mlp[-1].weight)
    with torch.autocast('cpu', torch.bfloat16): g = model.predict(h)[2]
    assert g.dtype == torch.float32
    torch.testing.assert_close(g, torch.full((50,), .99), rtol=0, atol=1e-6)
