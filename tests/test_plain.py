"The plain reading of the paper against the package: losses, gradients, updates, dreams, policy, acting, sampling."
import torch
torch.set_num_threads(1)
import numpy as np
import pytest
import torch.distributions as D
import torch.nn.functional as F
from twm_nb import plain
from twm_nb.actor_critic import ActorCritic
from twm_nb.agent import Agent
from twm_nb.balanced_sampler import Batch, ReplayDataset
from twm_nb.config import ConfigError, preset
from twm_nb.envs import make_env
from twm_nb.plain import (PlainActorCritic, PlainAgent, PlainDataset, PlainTWM, PlainWorldModel, as_plain, copy_weights, one_hot_codes,
                          plain_advantages, plain_mlp, plain_sinusoid, shifted)
from twm_nb.world_model import Starts, Trajectory, WorldModel, joint_loss

CPU = torch.device('cpu')
# memory of two steps: shorter than the training sequence, so that the reach of attention matters there too
SMALL = dict(frame_stack=4, batch_size=6, sequence_length=6, memory_steps=2, imagination_batch_size=12, horizon=8, latent_entropy_threshold=1., actor_entropy_threshold=1.,
             transformer_layers=3, latent_units=(48, 32), reward_units=(24,), discount_units=(24, 16))


def small(**changes): return preset('tiny', **{**SMALL, **changes})


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)
    assert torch.get_float32_matmul_precision() == 'highest'


@pytest.fixture
def alike(monkeypatch):
    "Both versions take the likeliest instead of drawing."
    def mode(d): return d.logits.argmax(-1) if isinstance(d, D.Categorical) else F.one_hot(d.logits.argmax(-1), d.logits.shape[-1]).float()
    for target in ('networks.inverse_cdf', 'networks.sample_categorical', 'world_model.sample_categorical'): monkeypatch.setattr(f'twm_nb.{target}', lambda p, *_: p.argmax(-1))
    monkeypatch.setattr(plain, 'draw', mode)


def plain_copy(model): return copy_weights(PlainWorldModel(model.config, 3), model)

def model_and_batch(c, actions=3):
    "A model with weights larger than at the start of training (otherwise memory and rewards hardly matter), and a batch with ends of both kinds."
    model = WorldModel(c, actions)
    with torch.no_grad():
        for p in model.dynamics.parameters(): p.mul_(1.4)
        list(model.dynamics.discount_head.parameters())[-1].fill_(2.5)     # discounts near 0.92: trajectories stop at different steps
    n, L = c.batch_size, c.sequence_length
    d = torch.rand(n, L + 1) < .15
    d[0] = False                                           # one sequence without an end: attention reaches as far as it may
    terminated = d & (torch.rand(n, L + 1) < .5)
    d[1:3, 3], terminated[1:3, 3] = True, torch.tensor([True, False])
    return model, Batch(torch.randint(256, (n, L + 2, c.frame_stack, 64, 64), dtype=torch.uint8), torch.randint(actions, (n, L + 1)), torch.randn(n, L + 1), terminated, d,
                        torch.randint(256, (c.imagination_batch_size, c.frame_stack, 64, 64), dtype=torch.uint8))


def relative(x, y): return ((x - y).abs().max() / y.abs().max().clamp(min=1e-12)).item()

def compare_losses(model, plain, batch, plain_batch=None):
    "The largest relative difference of the six terms, and of the gradients of all parameters."
    for m in (model, plain): m.zero_grad()
    loss, metrics, z = joint_loss(model.observation_model, model.dynamics, batch, model.config)
    loss.backward()
    loss_obs, loss_dyn, terms, codes = plain.losses(plain_batch or batch)
    (loss_obs + 0 * loss_dyn).backward(retain_graph=True)
    assert all(p.grad is None or not p.grad.any() for p in plain.dynamics.parameters()), 'L_obs must not reach ψ'
    plain.zero_grad()
    loss_obs.backward(retain_graph=True), loss_dyn.backward()
    assert torch.equal(codes, one_hot_codes(z, model.config.latent_classes))
    pairs = [(plain.observation_model['encoder'], model.observation_model.encoder), (plain.observation_model['decoder'], model.observation_model.decoder), (plain.dynamics, model.dynamics)]
    gradients = [((p.grad - q.grad).norm() / q.grad.norm()).item() for a, b in pairs for p, q in zip(a.parameters(), b.parameters(), strict=True) if q.grad.norm() > 0]
    assert len(gradients) > 40
    return max(((value - metrics[name]).abs() / metrics[name].abs().clamp(min=1.)).item() for name, value in terms.items()), max(gradients)


@pytest.mark.parametrize('changes', [dict(), dict(latent_entropy_form='paper', consistency_form='paper'), dict(attention_scale='head', memory_steps=9)])
def test_losses_and_gradients(alike, changes):
    model, batch = model_and_batch(small(**changes))
    terms, gradients = compare_losses(model, plain_copy(model), batch)
    assert terms < 1e-5 and gradients < 2e-5


@pytest.mark.parametrize('mutation', ['one token more', 'one token less', 'context', 'rewards', 'ends', 'discount'])
def test_losses_notice_an_off_by_one(alike, mutation):
    model, batch = model_and_batch(small())
    plain, other = plain_copy(model), Batch(**vars(batch))
    if 'token' in mutation: plain.dynamics.transformer.memory_tokens += 1 if 'more' in mutation else -1
    if mutation == 'context': other.a = batch.a.roll(1, 1)
    if mutation == 'rewards': other.r = batch.r.roll(1, 1)
    if mutation == 'ends': other.d = batch.d.roll(1, 1)
    if mutation == 'discount': other.terminated = batch.terminated.roll(1, 1)
    terms, gradients = compare_losses(model, plain, batch, other)
    assert max(terms, gradients) > 1e-3


def dreams(horizon, mutate=lambda plain, starts: None, **changes):
    "Dreams of both versions from the same starts; one fresh start, so that the two need not draw the same number."
    c = small(restart_threshold=.6, **changes)
    model, _ = model_and_batch(c)
    learner, M = ActorCritic(c, 3), 12
    def z(n=M): return torch.randint(8, (n, 16))
    starts = Starts(torch.stack([z(), z()], 1), torch.randint(3, (M, 1)), torch.randn(M, 1), torch.rand(M, 1) < .3, z(1))
    plain, ours = plain_copy(model), as_plain(starts, 8)
    mutate(plain, ours)
    actor = copy_weights(plain_mlp(128, c.actor_units, 3), learner.actor)
    return as_plain(model.imagine(learner.actor, starts, horizon), 8), plain.imagine(actor, ours, horizon)


def difference(mine, theirs):
    return max(relative(getattr(mine, k).float(), v.float()) for k, v in vars(theirs).items() if k != 'x')


@pytest.mark.parametrize('horizon, changes', [(15, dict(memory_steps=16)), (15, {}), (40, {}), (40, dict(memory_steps=1)), (40, dict(attention_scale='head'))])
def test_dreams(alike, horizon, changes):
    fast, plain = dreams(horizon, **changes)
    assert fast.stop.any() and not fast.stop.all() and len(fast.a.unique()) > 1 and fast.z.shape == (12, horizon + 1, 128)
    assert difference(plain, fast) < 1e-5


MUTATIONS = {'one token more': lambda plain, s: setattr(plain.dynamics.transformer, 'memory_tokens', 9), 'one token less': lambda plain, s: setattr(plain.dynamics.transformer, 'memory_tokens', 7),
             'context': lambda plain, s: setattr(s, 'z', torch.stack([s.z[:, 0].roll(1, 0), s.z[:, 1]], 1)), 'order': lambda plain, s: setattr(s, 'z', s.z.flip(1)),
             'action': lambda plain, s: setattr(s, 'a', (s.a + 1) % 3), 'end': lambda plain, s: setattr(s, 'd', ~s.d), 'reward': lambda plain, s: setattr(s, 'r', s.r + 1.)}

@pytest.mark.parametrize('name', MUTATIONS)
def test_dreams_notice_an_off_by_one(alike, name):
    fast, plain = dreams(40, MUTATIONS[name])
    assert difference(plain, fast) > 1e-3


def trajectory(M=12, H=9):
    stop = torch.rand(M, H) < .15
    return Trajectory(z=torch.randint(8, (M, H + 1, 16)), a=torch.randint(3, (M, H)), r=torch.randn(M, H), g=torch.rand(M, H), stop=stop, weight=torch.rand(M, H))


def test_actor_critic():
    learner, t = ActorCritic(small(), 3), trajectory()
    plain, ours = copy_weights(PlainActorCritic(learner.config, 3), learner), as_plain(t, 8)
    *losses, _ = learner.loss(t)
    def worst(t): return max(relative(a, b) for a, b in zip(plain.losses(t), losses))
    assert worst(ours) < 1e-5
    for key in ('g', 'stop', 'r', 'weight', 'a'):
        assert worst(Trajectory(**{**vars(ours), key: getattr(ours, key).roll(1, 1)})) > 1e-3, key
    learner.update(t), plain.update(ours)                                   # clipped, L2, Adam
    for p, q in zip(plain.parameters(), learner.parameters(), strict=True): torch.testing.assert_close(p, q, rtol=1e-4, atol=1e-5)


def test_an_update_moves_the_plain_model_as_it_moves_ours(alike):
    "The first step of Adam is about ±lr per weight whatever the gradient's size; so optimiser, ε, L2 and clipping are compared after two."
    model, batch = model_and_batch(small(observation_lr=1e-3, dynamics_lr=1e-3, world_model_clip=1.))
    plain = plain_copy(model)
    for _ in range(2): model.update(batch), plain.update(batch)
    for mine, theirs in ((plain.observation_model['encoder'], model.observation_model.encoder), (plain.dynamics, model.dynamics)):
        for p, q in zip(mine.parameters(), theirs.parameters(), strict=True): assert (p - q).abs().mean() < 2e-5


def test_plain_starts_are_pairs_of_neighbours():
    model, batch = model_and_batch(small())
    _, s = plain_copy(model).update(Batch(**{**vars(batch), 'a': torch.arange(42).view(6, 7) % 3, 'r': torch.arange(42.).view(6, 7)}))
    assert s.z.shape == (12, 2, 128) and s.z_fresh.shape == (12, 128) and s.a.shape == s.r.shape == s.d.shape == (12, 1) and len(s.r.unique()) == 12
    assert (s.r % 7 < 6).all() and (s.a == s.r.long() % 3).all() and torch.equal(s.d, batch.d.flatten()[s.r.long()])


def test_plain_starts_have_the_codes_of_their_steps(monkeypatch):
    "Every observation its own code: the class of each variable is the number of the step in the batch."
    model, batch = model_and_batch(small())
    plain_model = plain_copy(model)
    codes = one_hot_codes(torch.arange(7)[None, :, None].expand(6, 7, 16), 8)
    losses = plain_model.losses
    monkeypatch.setattr(plain_model, 'losses', lambda batch: (*losses(batch)[:3], codes))
    _, s = plain_model.update(Batch(**{**vars(batch), 'r': torch.arange(7.).expand(6, 7)}))
    found = s.z.unflatten(-1, (16, 8)).argmax(-1)
    assert torch.equal(found[:, 0], s.r.long().expand(-1, 16)) and torch.equal(found[:, 1], found[:, 0] + 1)


def test_acting():
    c = small()
    model, learner = WorldModel(c, 3), ActorCritic(c, 3)
    plain = plain_copy(model)
    agent = Agent(c, 3, model.observation_model.encoder, learner.actor)
    ours = PlainAgent(plain.observation_model['encoder'], copy_weights(PlainActorCritic(learner.config, 3), learner).actor, c, CPU)
    o = torch.randint(256, (6, 4, 64, 64), dtype=torch.uint8)
    p, *_ = agent.probabilities(o)
    torch.testing.assert_close(ours.policy(o).probs, p, rtol=1e-4, atol=1e-6)
    for draws in ([ours.act(o[0].numpy()) for _ in range(400)], [ours.act_all(o.numpy())[0] for _ in range(400)]):
        assert (torch.bincount(torch.tensor(draws), minlength=3) / 400 - p[0]).abs().max() < .1
    assert len(ours.act_all(o.numpy())) == 6


def test_a_whole_game_is_played():
    "Catch has five steps in each game."
    agent = PlainTWM(small(), 3).agent()
    assert agent.play(make_env('Catch', small()), 3) == 5


def test_an_update_of_everything(monkeypatch):
    "World model, dream and policy, one after the other; the dream begins where the update of the world model says."
    c, asked = small(), []
    system, (_, batch) = PlainTWM(c, 3), model_and_batch(c)
    for part, name in ((system.world_model, 'update'), (system.world_model, 'imagine'), (system.actor_critic, 'update')):
        def call(*args, f=getattr(part, name), name=name):
            asked.append((name, args, f(*args)))
            return asked[-1][2]
        monkeypatch.setattr(part, name, call)
    terms = system.update(batch)
    (_, _, (found, starts)), (_, (actor, began, horizon), dream), (_, (learned,), _) = asked
    assert [a[0] for a in asked] == ['update', 'imagine', 'update'] and terms is found and began is starts and learned is dream and actor is system.actor_critic.actor and horizon == 8


def test_plain_dataset(monkeypatch):
    dataset, rng = ReplayDataset(90, 4), np.random.default_rng(0)
    def frame(): return rng.integers(256, size=(1, 64, 64), dtype=np.uint8)
    stack = frame().repeat(4, 0)
    dataset.start(stack)
    for t in range(90):
        stack = frame().repeat(4, 0) if t % 20 == 19 else np.concatenate([stack[1:], frame()])
        dataset.append(t % 3, float(t), t % 20 == 19, False, stack)
    copy = PlainDataset(dataset)
    monkeypatch.setattr(torch, 'multinomial', lambda p, n: torch.arange(len(p))[-n:])
    batch, want = copy.sample(5, 6, 20., 7), dataset.sequences(torch.arange(80, 85), 6)       # the last starts with 6 steps left
    for k in ('o', 'a', 'r', 'terminated', 'd'): assert torch.equal(getattr(batch, k), getattr(want, k)), k
    assert batch.o_fresh.shape == (7, 4, 64, 64) and copy.visits.nonzero()[:, 0].tolist() == [80, 81, 82, 83, 84] and not dataset.visits.any()


def test_often_visited_entries_are_drawn_less_often(monkeypatch):
    "Eq. 6 by hand: visits 0, 20 and 40 with τ = 20 give weights 1, e⁻¹, e⁻²."
    dataset = ReplayDataset(5, 4)
    stack = np.zeros((4, 64, 64), dtype=np.uint8)
    dataset.start(stack)
    for t in range(5): dataset.append(0, 0., False, False, stack)
    copy, seen = PlainDataset(dataset), []
    copy.visits[:4] = torch.tensor([7, 0, 20, 40])
    monkeypatch.setattr(torch, 'multinomial', lambda p, n: seen.append(p) or torch.zeros(n, dtype=torch.long))
    copy.sample(1, 2, 20., 1)
    w = torch.tensor([0., -1, -2]).exp()
    torch.testing.assert_close(seen[0], w / w.sum())


def test_shift_and_sinusoid():
    from twm_nb.transformer_xl import sinusoid
    x = torch.randn(2, 3, 4, 9)
    for i in range(4):
        for j in range(9):
            if (distance := 5 + i - j) >= 0: assert torch.equal(shifted(x)[..., i, j], x[..., i, 8 - distance])
    torch.testing.assert_close(plain_sinusoid(torch.arange(50.), 64), sinusoid(torch.arange(50), 64), rtol=1e-4, atol=1e-4)


def test_advantages():
    "Against the sums of the definition, and by hand: δ = 0, 0, 1 with γ = λ = ½."
    assert plain_advantages(torch.tensor([[0., 0, 1]]), torch.full((1, 3), .5), torch.zeros(1, 4), .5).tolist() == [[1 / 16, 1 / 4, 1]]
    r, g, v = torch.randn(3, 7), torch.rand(3, 7), torch.randn(3, 8)
    delta = r + g * v[:, 1:] - v[:, :-1]
    want = torch.stack([sum(delta[:, j] * (.9 * g[:, t:j]).prod(1) for j in range(t, 7)) for t in range(7)], 1)
    torch.testing.assert_close(plain_advantages(r, g, v, .9), want)


@pytest.mark.parametrize('memory_steps', [2, 9])
def test_steps_one_by_one_are_those_at_once(memory_steps):
    model, batch = model_and_batch(small(memory_steps=memory_steps))
    psi, memory, found = plain_copy(model).eval().dynamics, None, []
    z = one_hot_codes(torch.randint(8, (6, 7, 16)), 8)
    with torch.no_grad():
        for t in range(7):
            h, memory = psi.extend(memory, batch.r[:, t - 1], z[:, t], batch.a[:, t], batch.d[:, t - 1])
            found.append(h)
        at_once = psi.sequence(z, batch.a, batch.r, batch.d)
    if memory_steps == 9: torch.testing.assert_close(torch.stack(found, 1), at_once, rtol=1e-4, atol=1e-5)
    hidden, segments = memory
    assert len(hidden) == 3 and hidden[0].shape[1] == segments.shape[1] == min(20, 3 * memory_steps + 2)


def test_what_the_plain_version_does_not_know():
    for change in (dict(use_memory=False), dict(reward_tokens=False), dict(policy_input='zh')):
        with pytest.raises(ConfigError, match='main setting'): PlainWorldModel(small(**change), 3)
