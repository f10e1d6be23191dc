"The joint update and imagination, against slow versions that follow the equations one index at a time."
import math
import pytest
import torch
import torch.distributions as D
from conftest import new_system
from torch import nn
from torch.profiler import ProfilerActivity, profile
from twm_nb.actor_critic import ActorCritic, cumulative_weights
from twm_nb.balanced_sampler import Batch, ReplayDataset
from twm_nb.config import preset
from twm_nb.system import open_loop
from twm_nb.twm import TWM
from twm_nb.world_model import (Dream, Starts, View, WorldModel, choose_starts, encode_batch, joint_loss,
                                observation_loss, predict, unroll, view)

ABLATIONS = [dict(), dict(policy_input='zh'), dict(reward_tokens=False), dict(use_memory=False),
             dict(sampling_temperature=math.inf),
             dict(latent_entropy_form='paper'), dict(consistency_form='paper'), dict(attention_scale='head'),
             dict(sequence_length=4, memory_steps=4, imagination_batch_size=64),
             dict(actor_entropy_threshold=1., actor_entropy_coefficient=.001), dict(dropout=.1),
             dict(restart_threshold=0.), dict(dtype='bfloat16'),
             dict(use_memory=False, reward_tokens=False, policy_input='zh'), dict(frame_stack=4)]


def filled(config, entries=300, actions=3, seed=0):
    "A dataset of random frames, rewards and ends."
    g = torch.Generator().manual_seed(seed)
    dataset = ReplayDataset(entries, config.frame_stack)
    frame = lambda: torch.randint(0, 256, (64, 64), generator=g, dtype=torch.uint8)
    stack = frame().expand(config.frame_stack, 64, 64).clone()
    dataset.start(stack)
    for _ in range(entries):
        terminated, truncated = bool(torch.rand((), generator=g) < .12), bool(torch.rand((), generator=g) < .08)
        new = frame()
        stack = new.expand(config.frame_stack, 64,
                           64).clone() if terminated or truncated else torch.cat([stack[1:], new[None]])
        dataset.append(int(torch.randint(actions, (), generator=g)), float(torch.randn((), generator=g)), terminated,
                       truncated, stack)
    return dataset


def sample(config, dataset=None):
    dataset = dataset or filled(config)
    return dataset.sample(config.batch_size, config.sequence_length, config.sampling_temperature,
                          fresh=config.imagination_batch_size)


def slow_joint_loss(model, batch, z, encoder_logits, c):
    """Eqs. (3) and (4) with torch.distributions, one sequence and one step at a time; h_t is computed from the steps up
    to t alone, so that nothing later can enter.
    `z` (N, L+1, V) are the sampled codes, `encoder_logits` (N, L+2, V, K) those of every observation."""
    N, L = batch.a.shape[0], batch.a.shape[1] - 1
    decoder, entropies, consistency, latent, reward, discount = [], [], [], [], [], []
    for n in range(N):
        h = [model.dynamics.hidden(z[n:n + 1, :t + 1], batch.a[n:n + 1, :t + 1], batch.r[n:n + 1, :t + 1],
                                   batch.d[n:n + 1, :t + 1])[0, -1] for t in range(L + 1)]
        for t in range(1, L + 1):
            onehot = nn.functional.one_hot(z[n, t], c.latent_classes).float().flatten()
            means = model.observation_model.decoder(onehot[None])[0]
            decoder.append(-D.Normal(means, 1.).log_prob(batch.o[n, t].float() / 255).sum())
            entropies.append(D.Categorical(logits=encoder_logits[n, t]).entropy().sum())
            p_enc, p_pred = encoder_logits[n, t].log_softmax(-1), model.dynamics.latent(h[t - 1]).log_softmax(-1)
            # of z_t, predicted from h_{t−1}
            consistency.append(-(p_pred.exp() * p_enc).sum())
            if not batch.d[n, t]:
                latent.append(-(encoder_logits[n,
                                               t + 1].softmax(-1) * model.dynamics.latent(h[t]).log_softmax(-1)).sum())
            reward.append(-D.Normal(model.dynamics.reward(h[t]), 1.).log_prob(batch.r[n, t]))
            target = 0. if batch.terminated[n, t] else c.discount
            logit = model.dynamics.discount(h[t])
            discount.append(-(target * nn.functional.logsigmoid(logit)
                              + (1 - target) * nn.functional.logsigmoid(-logit)))
    mean = lambda xs: torch.stack(xs).mean()
    hinge = max(0.,
                c.latent_entropy_threshold - float(mean(entropies)) / (c.latent_variables * math.log(c.latent_classes)))
    return dict(reconstruction=mean(decoder), latent_entropy_loss=torch.tensor(hinge), consistency=mean(consistency),
                latent_loss=mean(latent), reward_loss=mean(reward), discount_loss=mean(discount))


def test_joint_loss_against_the_equations():
    c = preset('tiny', batch_size=8, sequence_length=5, imagination_batch_size=8, latent_entropy_threshold=1.,
               frame_stack=2)
    torch.manual_seed(1)
    model, batch = WorldModel(c, 3), sample(c)
    assert batch.terminated.any() and (batch.d & ~batch.terminated).any()
    torch.manual_seed(2); loss, metrics, z = joint_loss(model.observation_model, model.dynamics, batch, c)
    with torch.no_grad():
        slow = slow_joint_loss(model, batch, z, model.observation_model.encoder(batch.o), c)
    for name, value in slow.items(): torch.testing.assert_close(metrics[name], value, rtol=1e-4, atol=1e-4, msg=name)
    assert slow['latent_entropy_loss'] > 0
    total = (slow['reconstruction'] + 5 * slow['latent_entropy_loss'] + .01 * slow['consistency'] + slow['latent_loss']
             + 10 * slow['reward_loss'] + 50 * slow['discount_loss'])
    torch.testing.assert_close(loss.detach(), total, rtol=1e-5, atol=1e-2)


def test_losses_reach_only_their_own_network():
    c = preset('tiny')
    model, batch = WorldModel(c, 3), sample(c)
    encoded = encode_batch(model.observation_model, batch.o)
    predictions = predict(model.dynamics, encoded.z, batch)
    loss_obs, _ = observation_loss(model.observation_model, batch.o[:, 1:-1], encoded.logits, encoded.onehot,
                                   predictions[0][:, :-1].detach(), c)
    loss, _, _ = joint_loss(model.observation_model, model.dynamics, batch, c)
    phi, psi = list(model.observation_model.parameters()), list(model.dynamics.parameters())
    assert all(g is None for g in torch.autograd.grad(loss_obs, psi, allow_unused=True, retain_graph=True))
    assert all(g is not None and g.abs().sum() > 0 for g in torch.autograd.grad(loss_obs, phi))
    assert all(g is not None and g.abs().sum() > 0 for g in torch.autograd.grad(loss, phi + psi))


@pytest.mark.parametrize('term, head',
                         [('latent_coefficient', 'latent_head'), ('reward_coefficient', 'reward_head'),
                          ('discount_coefficient', 'discount_head')])
def test_a_missing_term_is_noticed(term, head):
    """With one weight at 0, an update leaves that head without gradient and still moves the two others. This would
    catch a term that is silently missing."""
    torch.manual_seed(0)
    c = preset('tiny', **{term: 0.}, weight_decay=0.)
    model, batch = WorldModel(c, 3), sample(c)
    before = {n: p.detach().clone() for n, p in model.dynamics.named_parameters()}
    model.update(batch)
    moved = {h: any(not torch.equal(p, before[n]) for n, p in model.dynamics.named_parameters() if n.startswith(h))
             for h in ('latent_head', 'reward_head', 'discount_head')}
    assert moved == {h: h != head for h in moved}


def test_context_and_next_observation_give_no_gradient_to_the_encoder():
    c = preset('tiny')
    model, batch = WorldModel(c, 3), sample(c)
    torch.manual_seed(0); a = encode_batch(model.observation_model, batch.o)
    gradient = torch.autograd.grad((a.targets * 2).sum() + a.logits.sum(),
                                   model.observation_model.encoder.mlp[-1].bias)[0]
    # each trained step once, targets not at all
    torch.testing.assert_close(gradient, torch.full_like(gradient, float(c.batch_size * c.sequence_length)))


def test_starts_are_pairs_of_neighbours_uniform_without_replacement():
    z = torch.arange(12).reshape(3, 4, 1)
    batch = Batch(o=None, a=z[..., 0] + 100, r=z[..., 0] + .5, terminated=None, d=z[..., 0] % 2 == 0)
    counts = torch.zeros(12)
    for seed in range(3000):
        torch.manual_seed(seed)
        s = choose_starts(z, batch, z[0], 4)
        first, second = s.z[:, 0, 0], s.z[:, 1, 0]
        assert len(first.unique()) == 4 and (second == first + 1).all() and (second % 4 != 0).all()
        assert (s.a[:, 0] == first + 100).all() and (s.r[:, 0] == first + .5).all()
        assert (s.d[:, 0] == (first % 2 == 0)).all() and s.z.shape == (4, 2, 1) and s.a.shape == (4, 1)
        counts[second] += 1
    expected = 3000 * 4 / 9
    used = counts[[i for i in range(12) if i % 4]]
    # chi-square, 8 degrees, p = 0.001
    assert ((used - expected)**2 / expected).sum() < 26.1


def random_starts(c, m, actions=3, context=1):
    z = lambda *n: torch.randint(c.latent_classes, (*n, c.latent_variables))
    return Starts(z(m, context + 1), torch.randint(actions, (m, context)), torch.randn(m, context),
                  torch.rand(m, context) < .3, z(7))


@pytest.mark.parametrize('changes, horizon, context', [
    (dict(), 15, 1), (dict(), 40, 1), (dict(), 12, 6), (dict(reward_tokens=False), 40, 1),
    (dict(policy_input='zh'), 20, 1),
    (dict(policy_input='zh'), 12, 4)])
def test_imagination_against_all_tokens_at_once(changes, horizon, context):
    """What was imagined step by step with a cache is computed again in one pass over all tokens since the start, under
    the mask of training: rewards, discounts and hidden states must be equal in float32, through stops, past the end of
    the memory, and behind a longer context."""
    torch.manual_seed(0)
    c = preset('tiny', memory_steps=8, **changes)
    model = WorldModel(c, 3).eval()
    # discounts near 0.8: a stop in ten steps or so
    nn.init.constant_(model.dynamics.discount_head.mlp[-1].bias, 1.5)
    learner, starts = ActorCritic(c, 3), random_starts(c, 32, context=context)
    dream = model.imagine(learner.actor, starts, horizon)
    assert dream.stop.any() and not dream.stop.all() and torch.equal(dream.x.codes, dream.z)
    with torch.no_grad():
        z = torch.cat([starts.z[:, :-1], dream.z[:, :-1]], 1)
        a, r, d = (torch.cat(x, 1) for x in ((starts.a, dream.a), (starts.r, dream.r), (starts.d, dream.stop)))
        h = model.dynamics.hidden(z, a, r, d)
        torch.testing.assert_close(model.dynamics.reward(h[:, context:]), dream.r, rtol=0, atol=1e-5)
        torch.testing.assert_close(model.dynamics.discount(h[:, context:]).sigmoid(), dream.g, rtol=0, atol=1e-5)
        if c.policy_input == 'zh':
            seen = h.masked_fill(d[..., None], 0.)[:, context - 1:]
            torch.testing.assert_close(seen, dream.x.features, rtol=0, atol=2e-5)
    torch.testing.assert_close(dream.weight, cumulative_weights(dream.g, dream.stop))
    assert torch.equal(dream.stop, dream.weight * dream.g < c.restart_threshold)


def test_a_dream_and_its_frames_at_the_end_of_real_steps():
    """Through the contract: where it begins, what the policy sees there, what it looks like, and what a step makes of
    it."""
    torch.manual_seed(0)
    c = preset('tiny', policy_input='zh')
    system = TWM(c, 3)
    batch = filled(c).transitions(torch.tensor([3, 40, 90]), 5)
    z = torch.randint(c.latent_classes, (3, 7, c.latent_variables))
    starts = Starts(z, batch.a, batch.r, batch.d)
    dream = system.dream(starts)
    h = system.world_model.dynamics.hidden(z[:, :-1], batch.a, batch.r, batch.d)[:, -1]
    assert torch.equal(dream.z, z[:, -1]) and torch.equal(dream.x.codes, z[:, -1])
    seen = h.masked_fill(batch.d[:, -1:], 0.)
    torch.testing.assert_close(dream.x.features, seen, rtol=0, atol=1e-5)
    torch.testing.assert_close(system.policy(dream.x), system.actor_critic.actor(z[:, -1], dream.x.features))
    means = system.world_model.observation_model.decoder(nn.functional.one_hot(z[:, -1], 8).flatten(-2).float())
    assert torch.equal(dream.frames(), (means.clamp(0, 1) * 255).round().byte())
    a, before = torch.tensor([0, 1, 2]), dream.z
    r, g = dream.step(a)
    whole = (torch.cat(x, 1) for x in ((z, before[:, None][:, :0]), (batch.a, a[:, None]), (batch.r, r[:, None]),
                                       (batch.d, batch.d[:, :1])))
    h = system.world_model.dynamics.hidden(*whole)[:, -1]
    torch.testing.assert_close(r, system.world_model.dynamics.reward(h), rtol=0, atol=1e-5)
    torch.testing.assert_close(g, system.world_model.dynamics.discount(h).sigmoid(), rtol=0, atol=1e-5)
    torch.testing.assert_close(dream.x.features, h, rtol=0, atol=1e-5)
    torch.testing.assert_close(dream.logits, system.world_model.dynamics.latent(h), rtol=0, atol=1e-5)
    dream.restart(torch.tensor([True, False, False]), torch.zeros_like(dream.z))
    assert (dream.z[0] == 0).all() and (dream.x.features[0] == 0).all() and (dream.x.features[1:] != 0).any(1).all()


def test_temperature_and_generator_decide_what_is_dreamed():
    c = preset('tiny')
    system, starts = new_system(c), random_starts(c, 50)
    def dreamed(temperature, seed, steps=3):
        dream = system.dream(starts, temperature, torch.Generator().manual_seed(seed))
        for _ in range(steps): dream.step(starts.a[:, 0])
        return dream
    assert torch.equal(dreamed(1., 0).z, dreamed(1., 0).z) and not torch.equal(dreamed(1., 0).z, dreamed(1., 1).z)
    cold = dreamed(0., 0, steps=1)
    assert torch.equal(cold.z, cold.logits.argmax(-1)) and torch.equal(dreamed(0., 1).z, dreamed(0., 0).z)


def test_next_state_is_a_fresh_one_exactly_after_a_stop():
    torch.manual_seed(0)
    c = preset('tiny')
    model = WorldModel(c, 3).eval()
    nn.init.constant_(model.dynamics.discount_head.mlp[-1].bias, 0.)
    starts = random_starts(c, 2000)
    dream = model.imagine(lambda z, features: torch.zeros(len(z), 3), starts, 6)
    is_fresh = (dream.z[:, 1:, None] == starts.z_fresh).all(-1)                              # (M, H, P)
    assert torch.equal(is_fresh.any(-1), dream.stop)
    counts = is_fresh.sum((0, 1)).float()
    # uniform over the pool: chi-square, 6 degrees, p = 0.001
    assert ((counts - counts.mean())**2 / counts.mean()).sum() < 22.5


def test_open_loop_sees_only_its_context():
    c = preset('tiny')
    system, dataset = new_system(c), filled(c)
    batch, context = dataset.sequences(torch.tensor([3, 40, 90]), 8), 3
    def dream(change=None, **fields):
        b = Batch(**vars(batch) | fields)
        if change is not None: b.o = b.o.clone(); b.o[:, change] = 255 - b.o[:, change]
        torch.manual_seed(5)
        return open_loop(system, b, context)
    base = dream()
    assert all(torch.equal(x, y) for t in range(context + 1, 10) for x, y in zip(base, dream(t)))
    assert not torch.equal(base[0], dream(context)[0]) and not torch.equal(base[1], dream(0)[1])
    later = torch.cat([batch.r[:, :context], batch.r[:, context:] + 5], 1)
    assert torch.equal(dream(r=later)[1], base[1]), 'rewards after the context must not be seen'
    ends = torch.cat([batch.d[:, :context], ~batch.d[:, context:]], 1)
    assert torch.equal(dream(d=ends)[1], base[1]), 'nor ends'


@pytest.mark.parametrize('changes', ABLATIONS, ids=lambda c: ','.join(f'{k}={v}' for k, v in c.items()) or 'default')
def test_every_switch_trains(changes):
    torch.manual_seed(0)
    c = preset('tiny', **changes)
    system, dataset = TWM(c, 3), filled(c)
    for _ in range(2): metrics = system.update('train', sample(c, dataset))
    assert all(v.isfinite().all() for v in metrics.values()) and all(p.isfinite().all() for p in system.parameters())


@pytest.mark.parametrize('changes',
                         [dict(), dict(policy_input='zh'), dict(use_memory=False), dict(reward_tokens=False)])
def test_a_dream_in_bfloat16_hands_over_float32(changes):
    """All numbers of a trajectory, and of what learns from it; rewards near 60 keep their differences, and fifteen
    discounts of 0.99 multiply to theirs."""
    c = preset('tiny', dtype='bfloat16', **changes)
    model, learner = WorldModel(c, 3), ActorCritic(c, 3)
    metrics, starts = model.update(sample(c))
    nn.init.constant_(model.dynamics.reward_head.mlp[-1].bias, 60.)
    nn.init.constant_(model.dynamics.discount_head.mlp[-1].bias, math.log(99))
    nn.init.zeros_(model.dynamics.discount_head.mlp[-1].weight)
    starts.d[:] = False
    T = model.imagine(learner.actor, starts, 15)
    assert all(x.dtype == torch.float32 for x in (T.r, T.g, T.weight))
    assert T.x.features is None if c.policy_input == 'z' else T.x.features.dtype == torch.float32
    assert (T.r > 32).all() and (T.r != T.r.bfloat16().float()).float().mean() > .9
    torch.testing.assert_close(T.weight, (.99 ** torch.arange(15).double()).float().expand_as(T.weight), rtol=0,
                               atol=5e-6)
    with learner.autocast(): assert all(x.dtype == torch.float32 for x in learner.evaluate(T))
    metrics |= learner.update(T)
    assert all(x.dtype == torch.float32 and x.isfinite() for x in metrics.values())


@pytest.mark.parametrize('changes',
                         [dict(), dict(policy_input='zh', dropout=.1), dict(use_memory=False), dict(dtype='bfloat16')])
def test_nothing_waits_inside_an_update(changes):
    """A profile of two updates: no value is read by the host outside the optimisers' step, and no operator is used that
    waits."""
    c = preset('tiny', **changes)
    system, dataset = TWM(c, 3), filled(c)
    def update(): system.update('train', sample(c, dataset))
    update()
    with profile(activities=[ProfilerActivity.CPU], record_shapes=False) as p: update()
    inside = lambda e: e is not None and ('Optimizer.step' in e.name or inside(e.cpu_parent))
    waits = [e.name for e in p.events()
             if e.name in ('aten::_local_scalar_dense', 'aten::multinomial', 'aten::nonzero', 'aten::item')
             and not inside(e.cpu_parent)]
    assert waits == []


def test_loss_and_imagination_compile_without_a_break():
    c = preset('tiny', dropout=.1)
    model, learner = WorldModel(c, 3), ActorCritic(c, 3)
    batch = sample(c)
    torch.compile(joint_loss, fullgraph=True, backend='eager')(model.observation_model, model.dynamics, batch, c)
    model.eval()
    def run(starts): torch.manual_seed(0); return unroll(model, learner.actor, starts, c.horizon)
    starts = random_starts(c, 16)
    plain = run(starts)
    torch._dynamo.reset()
    compiled = torch.compile(unroll, fullgraph=True, backend='eager')
    torch.manual_seed(0); compiled = compiled(model, learner.actor, starts, c.horizon)
    assert torch.equal(plain.z, compiled.z)
    torch.testing.assert_close(plain.r, compiled.r)


@pytest.mark.timeout(280)
def test_paper_sizes_one_full_update(monkeypatch):
    """Table 4's sizes with all 18 actions: one update of everything runs on a CPU, and the reconstruction loss is near
    what a blank image gives."""
    c = preset('paper')
    torch.manual_seed(0)
    system, dreams = TWM(c, 18), []
    imagine = system.world_model.imagine
    monkeypatch.setattr(system.world_model, 'imagine', lambda *args: dreams.append(imagine(*args)) or dreams[0])
    metrics = system.update('train', sample(c, filled(c, entries=400, actions=18)))
    assert dreams[0].z.shape == (400, 16, 32) and all(v.isfinite() for v in metrics.values())
    assert 15_056 < metrics['reconstruction'] < 25_000


def test_pretraining_of_psi_against_the_equations():
    """Its three terms are those of eq. (4) on the given codes: h_t predicts r_t, γ_t and the encoder's distribution at
    t + 1."""
    torch.manual_seed(0)
    c = preset('tiny', batch_size=6, sequence_length=5, imagination_batch_size=8)
    model, dataset = WorldModel(c, 3), filled(c)
    batch = dataset.sequences(torch.arange(0, 30, 5), 5)
    logits = torch.randn(6, 7, c.latent_variables, c.latent_classes)
    # nearly certain codes
    logits.scatter_(-1, torch.randint(c.latent_classes, (6, 7, c.latent_variables, 1)), 40.)
    with torch.no_grad(): slow = slow_joint_loss(model, batch, logits.argmax(-1)[:, :-1], logits, c)
    metrics = model.pretrain_dynamics(logits, dataset.transitions(torch.arange(0, 30, 5), 5))
    for name in ('latent_loss', 'reward_loss', 'discount_loss'):
        torch.testing.assert_close(metrics[name], slow[name], rtol=1e-4, atol=1e-4, msg=name)


def test_pretraining_of_psi_draws_codes_anew(monkeypatch):
    c = preset('tiny')
    model, dataset, seen = WorldModel(c, 3), filled(c), []
    monkeypatch.setattr('twm_nb.world_model.predict',
                        lambda dynamics, z, batch: seen.append(z) or predict(dynamics, z, batch))
    batch, logits = dataset.transitions(torch.arange(0, 64, 8), 8), torch.zeros(8, 10, c.latent_variables,
                                                                                c.latent_classes)
    for _ in range(2): model.pretrain_dynamics(logits, batch)
    assert seen[0].shape == (8, 9, c.latent_variables) and (seen[0] != seen[1]).float().mean() > .5


def test_dreams_have_no_dropout_whatever_the_mode():
    c = preset('tiny', dropout=.5)
    torch.manual_seed(0)
    model, learner, starts = WorldModel(c, 3), ActorCritic(c, 3), random_starts(c, 16)
    dreams = []
    for mode in (True, False):
        model.train(mode); torch.manual_seed(1)
        dreams.append(model.imagine(learner.actor, starts, 6))
    assert torch.equal(dreams[0].r, dreams[1].r) and torch.equal(dreams[0].z, dreams[1].z)


def test_each_network_has_its_own_learning_rate_and_clip(monkeypatch):
    import twm_nb.world_model as module
    c = preset('tiny', observation_lr=1e-3, dynamics_lr=2e-3, world_model_clip=7.)
    model, clips = WorldModel(c, 3), []
    step = module.clip_and_step
    monkeypatch.setattr(module, 'clip_and_step',
                        lambda optimiser, norm: clips.append((optimiser.param_groups[0]['lr'], norm))
                        or step(optimiser, norm))
    model.update(sample(c))
    assert clips == [(1e-3, 7.), (2e-3, 7.)]
    owned = [{id(p) for g in o.param_groups for p in g['params']} for o in model.optimisers.values()]
    assert owned == [{id(p) for p in m.parameters()} for m in (model.observation_model, model.dynamics)]


def test_fresh_starts_are_encoded_with_the_new_weights(monkeypatch):
    c = preset('tiny')
    model, batch = WorldModel(c, 3), None
    batch, bias = sample(c), model.observation_model.encoder.mlp[-1].bias
    before, at_call = bias.detach().clone(), []
    codes = model.codes
    monkeypatch.setattr(model, 'codes', lambda o: at_call.append((bias.detach().clone(), o)) or codes(o))
    model.update(batch)
    assert len(at_call) == 1 and at_call[0][1] is batch.o_fresh
    assert torch.equal(at_call[0][0], bias) and not torch.equal(at_call[0][0], before)


@pytest.mark.parametrize('changes',
                         [dict(),
                          dict(frame_stack=4, encoder_channels=24, latent_variables=32, latent_classes=32,
                               transformer_layers=4, transformer_size=128)])
def test_bfloat16_gradients_point_where_float32_ones_do(changes, monkeypatch):
    """The same weights, batch and codes (the most likely ones, drawn in float32): each network's gradient has a cosine
    of at least 0.99."""
    gradients, codes = {}, []
    monkeypatch.setattr('twm_nb.networks.inverse_cdf',
                        lambda p, generator=None: codes.pop(0) if replay else codes.append(p.argmax(-1)) or codes[-1])
    for dtype in ('float32', 'bfloat16'):
        torch.manual_seed(0)
        c, replay = preset('tiny', dtype=dtype, **changes), dtype == 'bfloat16'
        model = WorldModel(c, 3)
        batch = sample(c)
        with model.autocast(): loss, *_ = joint_loss(model.observation_model, model.dynamics, batch, c)
        loss.backward()
        gradients[dtype] = {name: torch.cat([p.grad.flatten() for p in net.parameters()]) for name,
                            net in (('φ', model.observation_model), ('ψ', model.dynamics))}
    for name in ('φ', 'ψ'):
        cosine = torch.cosine_similarity(gradients['float32'][name].double(), gradients['bfloat16'][name].double(),
                                         dim=0)
        assert cosine >= .99, (name, float(cosine))


def test_an_update_with_quick_products_is_the_same_update(monkeypatch):
    "Losses, gradient norms and the dream, with products by oneDNN where that is exact, and without."
    from twm_nb import fast_layers
    if not fast_layers.quick_is_exact(): pytest.skip('products are rounded here under the setting, so it is never made')
    sizes = dict(batch_size=4, imagination_batch_size=16, horizon=3)
    c, found = preset('small', dropout=0., dtype='float32', **sizes), {}
    for quick in (False, True):
        monkeypatch.setattr(fast_layers, 'quick_is_exact', lambda: quick)
        torch.manual_seed(0)
        found[quick] = TWM(c, 3).update('train', sample(c))
    for name, value in found[False].items():
        torch.testing.assert_close(found[True][name], value, rtol=1e-5, atol=1e-6, msg=lambda m: f'{name}: {m}')
