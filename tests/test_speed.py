"The plain reading of the paper against the package: losses, gradients, dreams, policy; the count of work; and the benchmark's own arithmetic."
import json
import sys
import time
import torch
torch.set_num_threads(1)
import pytest
import torch.distributions as D
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode
from twm_nb import speed
from twm_nb.actor_critic import ActorCritic
from twm_nb.agent import Agent
from twm_nb.balanced_sampler import Batch
from twm_nb.commands import twm_bench
from twm_nb.config import ConfigError, preset
from twm_nb.speed import *
from twm_nb.fast_layers import quick_is_exact
from twm_nb.world_model import Starts, Trajectory, WorldModel, joint_loss

CPU = torch.device('cpu')
# memory of two steps: shorter than the training sequence, so that the reach of attention matters there too
SMALL = dict(frame_stack=4, batch_size=6, sequence_length=6, memory_steps=2, imagination_batch_size=12, horizon=8, latent_entropy_threshold=1., actor_entropy_threshold=1.,
             transformer_layers=3, latent_units=(48, 32), reward_units=(24,), discount_units=(24, 16))


def small(**changes): return preset('tiny', **{**SMALL, **changes})


@pytest.fixture(autouse=True)
def exact():
    torch.manual_seed(0)
    with HighestPrecision(): yield


@pytest.fixture(scope='module')
def process():
    "One helper process for all tests of this file."
    process = PlainProcess()
    yield process
    process.close()


@pytest.fixture
def alike(monkeypatch):
    "Both versions take the likeliest instead of drawing."
    def mode(d): return d.logits.argmax(-1) if isinstance(d, D.Categorical) else F.one_hot(d.logits.argmax(-1), d.logits.shape[-1]).float()
    for target in ('networks.inverse_cdf', 'networks.sample_categorical', 'world_model.sample_categorical'): monkeypatch.setattr(f'twm_nb.{target}', lambda p: p.argmax(-1))
    monkeypatch.setattr(speed, 'draw', mode)


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
    terms, gradients = compare_losses(model, PlainWorldModel.from_fast(model), batch)
    assert terms < 1e-5 and gradients < 2e-5


@pytest.mark.parametrize('mutation', ['one token more', 'one token less', 'context', 'rewards', 'ends', 'discount'])
def test_losses_notice_an_off_by_one(alike, mutation):
    model, batch = model_and_batch(small())
    plain, other = PlainWorldModel.from_fast(model), Batch(**vars(batch))
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
    starts = Starts(z(), torch.randint(3, (M,)), torch.randn(M), torch.rand(M) < .3, z(), z(1))
    plain, ours = PlainWorldModel.from_fast(model), as_plain(starts, 8)
    mutate(plain, ours)
    actor = copy_weights(plain_mlp(128, c.actor_units, 3), learner.actor)
    return as_plain(model.imagine(learner.actor, starts, horizon), 8), plain.imagine(actor, ours, horizon)


def difference(mine, theirs):
    return max(relative(getattr(mine, k).float(), v.float()) for k, v in vars(theirs).items() if v is not None)


@pytest.mark.parametrize('horizon, changes', [(15, dict(memory_steps=16)), (15, {}), (40, {}), (40, dict(memory_steps=1)), (40, dict(attention_scale='head'))])
def test_dreams(alike, horizon, changes):
    fast, plain = dreams(horizon, **changes)
    assert fast.stop.any() and not fast.stop.all() and len(fast.a.unique()) > 1 and fast.z.shape == (12, horizon + 1, 128)
    assert difference(plain, fast) < 1e-5


MUTATIONS = {'one token more': lambda plain, s: setattr(plain.dynamics.transformer, 'memory_tokens', 9), 'one token less': lambda plain, s: setattr(plain.dynamics.transformer, 'memory_tokens', 7),
             'context': lambda plain, s: setattr(s, 'z_previous', s.z_previous.roll(1, 0)), 'action': lambda plain, s: setattr(s, 'a_previous', (s.a_previous + 1) % 3),
             'end': lambda plain, s: setattr(s, 'd_previous', ~s.d_previous), 'reward': lambda plain, s: setattr(s, 'r_previous', s.r_previous + 1.)}

@pytest.mark.parametrize('name', MUTATIONS)
def test_dreams_notice_an_off_by_one(alike, name):
    fast, plain = dreams(40, MUTATIONS[name])
    assert difference(plain, fast) > 1e-3


def trajectory(M=12, H=9):
    stop = torch.rand(M, H) < .15
    return Trajectory(z=torch.randint(8, (M, H + 1, 16)), a=torch.randint(3, (M, H)), r=torch.randn(M, H), g=torch.rand(M, H), stop=stop, weight=torch.rand(M, H))


def test_actor_critic():
    learner, t = ActorCritic(small(), 3), trajectory()
    plain, ours = PlainActorCritic.from_fast(learner), as_plain(t, 8)
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
    plain = PlainWorldModel.from_fast(model)
    for _ in range(2): model.update(batch), plain.update(batch)
    for mine, theirs in ((plain.observation_model['encoder'], model.observation_model.encoder), (plain.dynamics, model.dynamics)):
        for p, q in zip(mine.parameters(), theirs.parameters(), strict=True): assert (p - q).abs().mean() < 2e-5


def test_plain_starts_are_pairs_of_neighbours():
    model, batch = model_and_batch(small())
    _, s = PlainWorldModel.from_fast(model).update(Batch(**{**vars(batch), 'a': torch.arange(42).view(6, 7) % 3, 'r': torch.arange(42.).view(6, 7)}))
    assert s.z.shape == s.z_previous.shape == s.z_fresh.shape == (12, 128) and len(s.r_previous.unique()) == 12
    assert (s.r_previous % 7 < 6).all() and (s.a_previous == s.r_previous.long() % 3).all()
    assert (s.d_previous == batch.d.flatten()[s.r_previous.long()]).all()


def test_acting():
    c = small()
    model, learner = WorldModel(c, 3), ActorCritic(c, 3)
    plain = PlainWorldModel.from_fast(model)
    agent = Agent(c, 3, model.observation_model.encoder, learner.actor)
    ours = PlainAgent(plain.observation_model['encoder'], PlainActorCritic.from_fast(learner).actor, c, CPU)
    o = torch.randint(256, (6, 4, 64, 64), dtype=torch.uint8)
    p, *_ = agent.probabilities(o)
    torch.testing.assert_close(ours.policy(o).probs, p, rtol=1e-4, atol=1e-6)
    for draws in ([ours.act(o[0].numpy()) for _ in range(400)], [ours.act_all(o.numpy())[0] for _ in range(400)]):
        assert (torch.bincount(torch.tensor(draws), minlength=3) / 400 - p[0]).abs().max() < .1
    assert len(ours.act_all(o.numpy())) == 6


def test_plain_dataset(monkeypatch):
    c = small()
    dataset = filled_dataset(90, c, 3, CPU, episode=20)
    assert len(dataset) == 90 and dataset.d.sum() == 4 and len(dataset.frames.unique(dim=0)) > 60
    plain = PlainDataset(dataset)
    monkeypatch.setattr(torch, 'multinomial', lambda p, n: torch.arange(len(p))[-n:])
    batch, want = plain.sample(5, 6, 20., 7), dataset.sequences(torch.arange(80, 85), 6)       # the last starts with 6 steps left
    for k in ('o', 'a', 'r', 'terminated', 'd'): assert torch.equal(getattr(batch, k), getattr(want, k)), k
    assert batch.o_fresh.shape == (7, 4, 64, 64) and plain.visits.nonzero()[:, 0].tolist() == [80, 81, 82, 83, 84] and not dataset.visits.any()


def test_shift_and_sinusoid():
    from twm_nb.transformer_xl import sinusoid
    x = torch.randn(2, 3, 4, 9)
    for i in range(4):
        for j in range(9):
            if (distance := 5 + i - j) >= 0: assert torch.equal(shifted(x)[..., i, j], x[..., i, 8 - distance])
    torch.testing.assert_close(plain_sinusoid(torch.arange(50.), 64), sinusoid(torch.arange(50), 64), rtol=1e-4, atol=1e-4)


def test_what_the_plain_version_does_not_know():
    for change in (dict(use_memory=False), dict(reward_tokens=False), dict(policy_input='zh')):
        with pytest.raises(ConfigError, match='main setting'): PlainWorldModel(small(**change), 3)
    with pytest.raises(ValueError, match='different parameters'): copy_weights(PlainEncoder(small()), WorldModel(small(frame_stack=1), 3).observation_model.encoder)


# ---- the count of work

CONFIGS = [small(), small(memory_steps=16), small(horizon=1, sequence_length=1, imagination_batch_size=5), preset('small', batch_size=4, imagination_batch_size=10, horizon=20)]

def counted(call):
    with FlopCounterMode(display=False) as counter: call()
    return counter.get_total_flops()

@pytest.mark.parametrize('c', CONFIGS)
def test_work_is_what_the_counter_finds(c):
    "Plain and ours, every component that has a count; on a CPU ours gathers rows, which is no product."
    quick_is_exact()                                     # asks once, by products of its own, which are not to be counted
    bench = Bench(c.replace(dtype='float32'), CPU, [torch.float32], entries=60)
    for name in ('world_model', 'imagination', 'actor_critic', 'update', 'acting', 'acting_batch', 'pretrain_phi', 'pretrain_psi', 'pretrain_policy'):
        for label, variant in speed.COMPONENTS[name](bench).variants.items():
            call = bench.plain_call(variant.call.name) if 'plain' in label else variant.call           # the counter sees its own process only
            if 'frozen' in label: continue                                                        # packed weights: a library that the counter does not see
            exact = 'plain' in label or name in ('actor_critic', 'acting', 'acting_batch', 'pretrain_psi', 'pretrain_policy')
            assert counted(call) == pytest.approx(variant.work, rel=0 if exact else .05), (name, label)


def test_our_count_off_the_cpu_has_the_products_with_codes():
    c = preset('paper')
    first = linear_work(1024, 512)
    assert actor_critic_work(c, 18, 'cuda') == actor_critic_work(c, 18, 'cpu') + 400 * (30 * 2 + 1) * first < actor_critic_work(c, 18)
    assert acting_work(c, 18, 'cuda') == acting_work(c, 18, 'cpu') + first
    assert dynamics_work(c, 'cuda') == dynamics_work(c, 'cpu') + 100 * 17 * 2 * linear_work(1024, 256)


def test_work_at_the_sizes_of_the_paper():
    c = preset('paper')
    tera = [round(x / 1e12, 2) for x in (observation_work(c, 1600), dynamics_work(c), imagination_work(c, 18), imagination_work(c, 18, lean='cuda'), actor_critic_work(c, 18))]
    assert tera == [.80, .27, .89, .33, .08] and round(acting_work(c, 18) / 1e6) == 71
    assert world_model_work(c) - observation_work(c, 1600) - dynamics_work(c) == (200 + 400) * encoder_work(c)[0]


# ---- taking time

def test_interleaving_and_medians(monkeypatch):
    "A clock that only the calls move: a is 1, 9, 2 seconds (after warm-up), b always 3."
    now, order, durations = [0.], [], {'a': iter([50., 1., 9., 2.]), 'b': iter([3.] * 4)}
    monkeypatch.setattr(speed.time, 'perf_counter', lambda: now[0])
    def call(name):
        def run(): order.append(name); now[0] += next(durations[name])
        return run
    assert interleaved({'a': call('a'), 'b': call('b')}, CPU, repeats=3, at_least=.2) == {'a': [1., 9., 2.], 'b': [3.] * 3}
    assert order == ['a', 'b'] + ['a', 'b'] + ['b', 'a'] + ['a', 'b']


def test_the_plain_version_runs_in_a_process_of_its_own(process, monkeypatch):
    bench = Bench(small(), CPU, [torch.float32], entries=60, process=process)
    component = speed.COMPONENTS['world_model'](bench)
    bench.keeping.ask = lambda material, name, number: (1., None)            # the other process is tested below
    assert list(component.variants) == ['plain', 'plain, kept memory', 'float32'] and component.variants['plain, kept memory'].call.process is bench.keeping
    began = time.perf_counter()
    seconds = component.seconds(CPU, repeats=1, at_least=1e-9)
    assert all(0 < x < time.perf_counter() - began for name in ('plain', 'float32') for x in seconds[name]) and process.process.poll() is None
    assert 'plain_world_model' not in vars(bench)                              # nothing plain was made in this process
    for name in speed.PLAIN_JOBS:                            # every plain variant goes this way; on another device none does
        assert isinstance(bench.plain(name), PlainCall)
        monkeypatch.setattr(bench, 'device', torch.device('meta'))
        monkeypatch.setitem(bench.plain_calls, name, len)
        assert bench.plain(name) is len
        monkeypatch.setattr(bench, 'device', CPU)


@pytest.mark.parametrize('keeps', [False, True])
def test_one_process_keeps_memory(keeps, monkeypatch):
    "What the process is told to run, run here with nothing to read; whether the setting helps is tested with the VAE."
    commands = []
    class Started:
        def __init__(self, command, **options): commands.append(command)
        def kill(self): pass
    with monkeypatch.context() as patched:
        patched.setattr(speed.subprocess, 'Popen', Started)
        PlainProcess(keeps).start()
    (_, flag, code), = commands
    before = "import sys, twm_nb.speed; twm_nb.speed.keep_freed_memory = lambda: print('kept', file=sys.stderr); "
    done = speed.subprocess.run([sys.executable, flag, before + code], stdin=speed.subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0 and ('kept' in done.stderr) == keeps


def test_nothing_plain_makes_the_setting_of_ours(monkeypatch):
    "What the helper process does, done here: no model of ours is made, and the allocator is left alone."
    import ctypes, twm_nb.fast_layers, twm_nb.world_model
    def never(*args, **kwargs): raise AssertionError('the plain version must not touch this')
    for target in (twm_nb.fast_layers, twm_nb.world_model): monkeypatch.setattr(target, 'keep_freed_memory', never)
    monkeypatch.setattr(ctypes, 'CDLL', never), monkeypatch.setattr(speed, 'WorldModel', never), monkeypatch.setattr(speed, 'keep_freed_memory', never)
    bench = Bench(preset('tiny', batch_size=8, imagination_batch_size=8), CPU, [], entries=60)
    for name in speed.PLAIN_JOBS:
        error, seconds, _ = answer(bench, name, 1)
        assert error is None and seconds > 0, (name, error)


def test_the_process_answers_errors_and_ends(process):
    with pytest.raises(ConfigError, match='no such job'): process.ask((small(), 60, 1), 'no such job', 1)
    with pytest.raises(ConfigError, match='main setting'): process.ask((small(use_memory=False), 60, 1), 'world_model', 1)
    assert process.ask((small(), 60, 1), 'acting', 3)[0] > 0                    # and goes on
    process.process.kill()
    with pytest.raises(ConfigError, match='has ended'): process.ask((small(), 60, 1), 'acting', 1)
    process.close()
    assert process.ask((small(), 60, 1), 'acting', 1)[0] > 0 and process.process.poll() is None


def test_a_plain_call_takes_its_own_time():
    class Process:
        def ask(self, material, name, number): return number * 2., 7
    call = PlainCall(Process(), None, 'x')
    assert speed.timed(call, 3, CPU) == 6. and call() == 7 and interleaved({'x': call}, CPU, 1) == {'x': [2.]}


def test_evaluation_plays_the_same_games(process, monkeypatch):
    "Both sides: the seeds of `evaluate`, the same cut, a row for each dtype."
    played = []
    monkeypatch.setattr(PlainAgent, 'play', lambda self, env, seed: played.append(seed) or env.unwrapped is not None)
    bench = Bench(small(), CPU, [torch.float32, torch.bfloat16], entries=60, process=process)
    assert bench.plain_call('evaluation')() == bench.plain_call('evaluation_short')() == 10
    theirs = []
    monkeypatch.setattr(speed, 'evaluate', lambda agent, games, parallel: theirs.append((games, agent.dtype, agent.config.max_frames_per_episode)))
    component = speed.COMPONENTS['evaluation'](bench)
    for name in ('float32', 'bfloat16'): component.variants[name].call(), component.variants[name].short.call()
    assert list(component.variants) == ['plain', 'float32', 'bfloat16'] and component.variants['plain'].samples == 50          # Catch: five steps a game
    assert component.variants['plain'].call.name == 'evaluation' and component.variants['plain'].short.call.name == 'evaluation_short'
    assert theirs[-4:] == [(10, dtype, frames) for dtype in (torch.float32, torch.bfloat16) for frames in (1600, 400)]
    import numpy as np
    assert played == 2 * (np.random.SeedSequence(0).generate_state(10) % 2**31).tolist()


def test_the_cost_of_a_step_is_told_from_what_every_call_costs():
    "Two seconds for every call, a tenth of a second for a step; where longer games are not longer, nothing is taken off."
    row = speed.row_of(Variant(None, 40, short=Variant(None, 10)), [6., 6.1, 5.9], [3., 3., 3.])
    assert row['samples'] == 30 and row['per_second'] == pytest.approx(10) and row['fixed'] == pytest.approx(2) and row['fastest'] == pytest.approx(2.9) and row['turns'] == 3
    same = speed.row_of(Variant(None, 10, short=Variant(None, 10)), [3.], [3.])
    assert same['per_second'] == pytest.approx(10 / 3) and 'fixed' not in same


def test_a_batch_is_acted_on_together(process):
    component = speed.COMPONENTS['acting_batch'](Bench(small(), CPU, [torch.float32], entries=60, process=process))
    assert list(component.variants)[:2] == ['plain', 'plain, one by one'] and [v.call.name for v in list(component.variants.values())[:2]] == ['acting_batch', 'acting_one_by_one']
    assert all(v.samples == 50 for v in component.variants.values())


def test_short_calls_are_repeated(monkeypatch):
    now = [0.]
    monkeypatch.setattr(speed.time, 'perf_counter', lambda: now[0])
    calls = []
    def run(): calls.append(1); now[0] += .01
    assert interleaved({'x': run}, CPU, repeats=2, at_least=.2)['x'] == pytest.approx([.01] * 4)
    assert len(calls) == 2 + 4 * 20


def test_the_first_call_does_not_decide_how_often(monkeypatch):
    "It may have to make what it needs."
    now, calls = [0.], []
    monkeypatch.setattr(speed.time, 'perf_counter', lambda: now[0])
    def run(): calls.append(1); now[0] += .01 if len(calls) > 1 else 100.
    assert interleaved({'x': run}, CPU, repeats=1, at_least=.1)['x'] == pytest.approx([.01] * 3) and len(calls) == 2 + 3 * 10


def test_nothing_heavy_is_kept_between_plain_calls(monkeypatch):
    import gc, weakref as weak
    alive, most = [], []
    class Heavy: pass
    def job():
        most.append(sum(r() is not None for r in alive))
        x = Heavy(); alive.append(weak.ref(x)); return x
    monkeypatch.setitem(speed.PLAIN_JOBS, 'heavy', lambda b: job)
    assert answer(Bench(small(), CPU, [], entries=60), 'heavy', 5)[0] is None and max(most) == 0


def test_plain_version_computes_in_true_float32(monkeypatch):
    torch.set_float32_matmul_precision('medium')
    seen = []
    monkeypatch.setitem(speed.PLAIN_JOBS, 'look', lambda b: lambda: seen.append(torch.get_float32_matmul_precision()))
    answer(Bench(small(), CPU, [], entries=60), 'look', 2)
    assert seen == ['highest'] * 2 and torch.get_float32_matmul_precision() == 'medium'
    torch.set_float32_matmul_precision('highest')


def test_highest_precision_is_of_convolutions_too(monkeypatch):
    for before in (True, False):
        torch.backends.cudnn.allow_tf32 = before
        with HighestPrecision(): assert torch.backends.cudnn.allow_tf32 is False
        assert torch.backends.cudnn.allow_tf32 is before
        with pytest.raises(ZeroDivisionError), HighestPrecision(): 1 / 0
        assert torch.backends.cudnn.allow_tf32 is before
    torch.backends.cudnn.allow_tf32 = True


def test_measured_rows(monkeypatch):
    monkeypatch.setattr(speed, 'interleaved', lambda *args: {'plain': [3., 2., 1.], 'bfloat16': [.5]})
    component = Component('samples', {'plain': Variant(None, 10, 100), 'bfloat16': Variant(None, 10, 60, torch.bfloat16)}, paper=7)
    result = measured(component, CPU)
    rows, ceiling = result['variants'], {'float32': 100., 'bfloat16': 400.}
    assert rows['plain']['per_second'] == 5 and rows['plain']['ratio'] == 1 and share(result, 'plain', ceiling) == .5
    assert (rows['plain']['fastest'], rows['plain']['seconds'], rows['plain']['slowest'], rows['plain']['turns']) == (1., 2., 3., 3)
    assert rows['bfloat16']['per_second'] == 20 and rows['bfloat16']['ratio'] == 4 and share(result, 'bfloat16', ceiling) == pytest.approx(.3)
    component = Component('steps', {'plain': Variant(None, 10), 'bfloat16': Variant(None, 10)}, ceiling='bfloat16')
    assert share(measured(component, CPU), 'plain', {}) == .25


def test_shares_have_one_ceiling():
    "Plain on a CPU: the default way; ours: the fastest way of its dtype; on a GPU the same for both."
    rows = {n: dict(seconds=1., per_second=1., work=100, dtype=d) for n, d in (('plain', 'float32'), ('plain, kept memory', 'float32'), ('float32', 'float32'), ('graph bfloat16', 'bfloat16'))}
    def shares(**ceiling): return [share(dict(variants=rows), n, {k.replace('_', ', '): v for k, v in ceiling.items()}) for n in rows]
    assert shares(float32=200., bfloat16=1000., float32_oneDNN=400.) == [.5, .5, .25, .1] and shares(float32=200., float32_TF32=400.) == [.25, .25, .25, None]
    assert share(dict(variants={'plain': dict(seconds=1., per_second=1., work=None)}), 'plain', dict(float32=1.)) is None


def test_ceilings(monkeypatch):
    "The second way for float32 counts only where its error is that of float32; and the setting of the process stays."
    rates = {('float32', 'highest'): 1., ('float32', 'medium'): 2., ('bfloat16', 'highest'): 4.}
    monkeypatch.setattr(speed, 'matmul_rate', lambda dtype, device, sizes=None, repeats=5, precision='highest': rates[name_of(dtype), precision])
    for error, want in ((4e-7, {'float32', 'bfloat16', 'float32, oneDNN'}), (1e-3, {'float32', 'bfloat16'})):
        monkeypatch.setattr(speed, 'product_error', lambda precision, device: error)
        assert set(ceilings(CPU)) == want
    monkeypatch.undo()
    assert 0 < product_error('highest', CPU) < 2e-6 and product_error('medium', CPU) < 1e-1 and torch.get_float32_matmul_precision() == 'highest'
    assert matmul_rate(torch.float32, CPU, (64,), precision='medium') > 0 and torch.get_float32_matmul_precision() == 'highest'
    assert speed.highest(dict(a=1., b=2.), dict(b=3., c=1.)) == dict(a=1., b=3., c=1.)


def test_exponent_and_growth(process, monkeypatch):
    monkeypatch.setattr(speed, 'BASE', dict(imagination_batch_size=12))
    assert exponent([1, 2, 4], [3, 12, 48]) == pytest.approx(2)
    axis = speed.Axis((4, 8), lambda h: dict(horizon=h))
    g = growth(axis, small(memory_steps=16), CPU, [torch.float32], repeats=1, process=process)
    axis.keeping, asked = speed.memory_can_be_kept(CPU), PlainProcess()
    asked.ask = lambda material, name, number: (1., None)                       # stands for the process with kept memory
    assert not axis.keeping or growth(axis, small(memory_steps=16), CPU, [], repeats=1, process=process, keeping=asked)['seconds']['plain, kept memory'] == [1., 1.]
    assert g['x'] == [4, 8] and set(g['seconds']) == {'plain', 'float32'} and all(len(s) == 2 and min(s) > 0 for s in g['seconds'].values())
    assert g['work_exponents']['plain'] > g['work_exponents']['float32'] > .9          # what is projected again grows with the square
    json.dumps(g)
    assert len(g['points']) == 2 and disagreement(dict(a=g, b=g)) == 0
    slow = g | dict(seconds={n: [s[0], s[1] * 3] for n, s in g['seconds'].items()})
    assert disagreement(dict(a=g, b=slow)) == pytest.approx(.5)
    other = slow | dict(points=[['imagination', 0], ['imagination', 1]])
    assert disagreement(dict(a=g, b=other)) == 0 and disagreement({}) == 0
    curve = g | dict(x=[1, 2, 4], seconds={'plain': [1., 2., 8.]}, exponents={'plain': 1.5}, work_exponents={'plain': 1.})
    assert '| horizon | `imagination` | plain | 1.50 | 1.00, 2.00 | 1.00 |' in growth_table({'horizon': curve})
    assert 'horizon' in growth_table({'horizon': g}) and growth_figure({'horizon': g}).axes


@pytest.mark.parametrize('name', ['tiny', 'small', 'paper'])
def test_all_points_of_all_axes_can_be_had(name):
    c = preset(name)
    check_growth(c)
    points = [(axis.component, *point(growth_config(axis, c, x))) for axis in speed.AXES.values() for x in axis.values]
    assert len(points) - len(set(points)) >= (4 if name == 'paper' else 1), points           # at the paper's sizes five axes share a point
    with pytest.raises(ConfigError): growth_config(speed.Axis((0,), lambda h: dict(horizon=h)), c, 0)


def test_each_axis_is_kept_when_it_is_done(monkeypatch, capsys):
    kept = []
    def made(axis, *args):
        if len(kept) == 2: raise KeyboardInterrupt
        return dict(exponents={}, seconds={})
    monkeypatch.setattr(speed, 'growth', made)
    with pytest.raises(KeyboardInterrupt): speed.run_growth(small(), CPU, [], 1, kept.append)
    assert [list(k['growth']) for k in kept] == [[n] for n in list(speed.AXES)[:2]]


def test_graphs_do_the_same_jobs(monkeypatch):
    "Where there are CUDA graphs, each job is given to `Graphed` as a function of a batch to scalar tensors, with models of its own, and is recorded before anything is timed."
    made = []
    class Recorder:
        def __init__(self, update): self.update, self.calls = update, 0; made.append(self)
        def __call__(self, batch):
            self.calls += 1
            metrics = self.update(batch)
            assert isinstance(batch, Batch) and all(v.numel() == 1 for v in metrics.values())
    monkeypatch.setattr(speed, 'Graphed', Recorder), monkeypatch.setattr(speed, 'has_graphs', lambda device: True)
    bench = Bench(small(), CPU, [torch.float32], entries=60)
    for name in ('world_model', 'imagination', 'actor_critic', 'update'):
        variants = speed.COMPONENTS[name](bench).variants
        assert [v for v in variants if 'kept' not in v] == ['plain', 'float32', 'graph float32'] and variants['graph float32'].work == variants['float32'].work
        before = made[-1].calls
        variants['graph float32'].call()
        assert before == 5 and made[-1].calls == 6
    assert len(made) == 4 and bench.graph_models[0][torch.float32] is not bench.world_models[torch.float32]


# ---- what a time is spent on

@pytest.mark.parametrize('kind, names', {
    'convolutions': 'aten::convolution_backward aten::mkldnn_convolution mkldnn::_convolution_pointwise aten::cudnn_convolution aten::conv2d aten::_slow_conv2d_forward',
    'matrix products': 'aten::mm aten::addmm aten::mv aten::matmul aten::linear mkldnn::_linear_pointwise aten::einsum', 'attention': 'aten::bmm aten::baddbmm aten::_scaled_dot_product_flash_attention',
    'softmax': 'aten::_softmax aten::_log_softmax_backward_data aten::softmax aten::logsumexp', 'random numbers': 'aten::bernoulli_ aten::exponential_ aten::native_dropout aten::rand_like aten::cumsum aten::argmax aten::random_',
    'copies': 'aten::copy_ aten::_to_copy aten::to aten::cat aten::constant_pad_nd aten::fill_ aten::stack', 'look-ups': 'aten::index_select aten::_embedding_bag aten::embedding_dense_backward aten::sort aten::index_add_',
    'element-wise': 'aten::add aten::add_ aten::silu_backward aten::mul_ aten::__and__ aten::masked_fill_ aten::native_layer_norm_backward aten::exp aten::ne aten::mse_loss aten::log_sigmoid_forward aten::sum',
    'optimiser': 'aten::_fused_adam_ aten::_foreach_mul_ Optimizer.step#Adam.step aten::linalg_vector_norm',
    'rest': 'aten::view aten::expand aten::new_empty aten::empty_strided aten::t aten::transpose AddmmBackward0 detach aten::resolve_conj aten::select aten::item aten::unbind'}.items())
def test_kinds_of_operations(kind, names):
    assert {n: kind_of(n) for n in names.split()} == dict.fromkeys(names.split(), kind)


def test_a_profile_finds_where_the_time_goes():
    x, image, weight = torch.randn(500, 500), torch.randn(8, 8, 64, 64), torch.randn(32, 8, 3, 3)
    for kind, call in {'matrix products': lambda: x @ x, 'convolutions': lambda: F.conv2d(image, weight), 'random numbers': lambda: torch.rand(10 ** 6), 'copies': lambda: x.repeat(20, 1).clone()}.items():
        found = profiled(call, CPU, times=3)
        assert sum(found['shares'].values()) == pytest.approx(1) and found['shares'][kind] > .5 and found['seconds'] > 0 and 1 <= len(found['longest']) <= 10, (kind, found)
    with_bmm = profiled(lambda: torch.bmm(image.flatten(0, 1), image.flatten(0, 1)), CPU)
    assert with_bmm['shares']['attention'] > .5 and list(with_bmm['longest'])[0] == 'aten::bmm'
    json.dumps(found)


def test_words_for_a_profile():
    def shares(**x): return dict.fromkeys(speed.KINDS, 0.) | x
    assert what_bounds(shares(convolutions=.7, attention=.2, copies=.1)) == 'mostly arithmetic; convolutions 70%, attention 20%, copies 10%'
    assert what_bounds(shares(copies=.7, attention=.3)).startswith('mostly what surrounds') and what_bounds(shares(convolutions=.5, attention=.5)).startswith('about half arithmetic')
    empty = profile_table({})
    assert empty.count('not measured') == 5 and len({row.count('|') for row in empty.splitlines()}) == 1
    p = part() | dict(profile=dict(acting=dict(variant='frozen bfloat16', shares=shares(convolutions=1.))))
    assert '| `acting` | frozen bfloat16 | 100% | 0% |' in profile_table(p) and len({row.count('|') for row in profile_table(p).splitlines()}) == 1 and profile_figure(p).axes


def test_the_parts_are_profiled(monkeypatch, capsys):
    "Ours in the last dtype, frozen where there is such a variant; eager, since a graph or compiled code has no single operations."
    kept, asked = [], []
    monkeypatch.setattr(speed, 'profiled', lambda call, device, times: asked.append(times) or dict(seconds=1., shares=dict.fromkeys(speed.KINDS, .1)))
    monkeypatch.setattr(speed, 'has_graphs', lambda device: True)
    speed.run_profile(Bench(small(), CPU, [torch.float32, torch.bfloat16], entries=60, compiled=True), kept.append)
    assert [(n, found['variant']) for k in kept for n, found in k['profile'].items()] == [(n, 'bfloat16') for n in ('world_model', 'imagination', 'actor_critic', 'update')] + [('acting', 'frozen bfloat16')]
    assert asked == list(speed.PROFILED.values()) and len(capsys.readouterr().out.splitlines()) == 5


# ---- results

def test_goals():
    p = part(world_model=[('plain', 10., 1), ('float32', 5., 1), ('bfloat16', 2.5, 1), ('plain, kept memory', 5., 1)], acting=[('plain', 5., 1), ('live', 4., 1)])
    result = p['components']['world_model']
    assert ratio(result, 'bfloat16') == 4 and ratio(result, 'bfloat16', 'plain, kept memory') == 2 and ratio(result, 'float32', 'nothing') is None and ratio({}, 'plain') is None
    assert against(2, 2) == 'met' and against(4, 5) == 'missed by 20%' and against(None, 5) == 'not measured' and against(4.99, 5) == 'missed by less than 1%'
    assert [speed.in_words(x) for x in (1.1, .9, 1.001)] == ['10% faster', '10% slower', 'as fast']
    table = goals_table(p, 'cpu').splitlines()
    assert '| `world_model` | bfloat16 | 5 | 4.00 | missed by 20% | 2.00 | missed by 60% |' in table and '| `world_model` | float32 | 2 | 2.00 | met | 1.00 | missed by 50% |' in table
    assert '| `acting` | live | 2.5 | 1.25 | missed by 50% |  |  |' in table and '| `imagination` | bfloat16 | 10 |  | not measured |  |  |' in table
    assert len(table) == 2 + sum(map(len, speed.GOALS['cpu'].values())) and len(goals_table({}, 'cuda').splitlines()) == 6


def part(preset='paper', **components):
    made = {n: dict(unit='samples', paper=None, variants={v: dict(seconds=s, samples=k, per_second=k / s, work=None, ratio=1.) for v, s, k in rows}) for n, rows in components.items()}
    return dict(machine=dict(preset=preset, game='Pong', device='CPU', threads=1, torch='2', auto='bfloat16'), components=made)


def test_projection_of_a_run():
    "One second per update, sample or step, except evaluation, which takes 4 seconds for 8 steps."
    one = {n: [('float32', 1., 1)] for n in ('update', 'pretrain_phi', 'pretrain_psi', 'pretrain_policy')}
    p = projection(part(**one, acting=[('plain', 5., 1), ('ours', 1., 1)], environment=[('ours', 10., 10)], evaluation=[('ours', 4., 8)]), 'float32', steps_per_game=100)
    assert list(p.values()) == [125_000, 18_750, 9_375, 833, 2 * 95_000, 5_000, 290 * 100 / 2]
    graph = projection(part(update=[('graph float32', 2., 1)], pretrain_phi=[('float32', 3., 1)]), 'graph float32')
    assert list(graph.values())[:3] == [250_000, 3 * 18_750, None]
    dtypes = projection(part(acting=[('plain', 9., 1), ('live', 1., 1), ('frozen float32', 5., 1)], environment=[('ours', 1., 1)],
                             evaluation=[('float32', 4., 1), ('bfloat16', 3., 1)]), 'bfloat16', steps_per_game=1)
    assert dtypes['95,000 steps of the agent'] == 2 * 95_000 and dtypes['evaluation: 290 games'] == 3 * 290
    kept = projection(part(update=[('plain, kept memory', 1., 1)], acting=[('plain', 3., 1), ('live', 1., 1)], environment=[('ours', 1., 1)]), 'plain, kept memory')
    assert kept['125,000 updates'] == 125_000 and kept['95,000 steps of the agent'] == 4 * 95_000
    lacking = projection(part(update=[('plain', 1., 1)]), 'plain')
    assert lacking['125,000 updates'] == 125_000 and [x for x in lacking.values()].count(None) == 6
    assert '| **all** | – |' in projection_table(part(update=[('plain', 1., 1)]))


def test_results_are_merged_and_checked(tmp_path):
    path = tmp_path / 'speed.json'
    assert load_results(path) == {}
    save_results(path, 'cpu', part(a=[('plain', 1., 1)])), save_results(path, 'cuda', part(a=[('plain', 2., 1)]))
    save_results(path, 'cpu', part(b=[('plain', 3., 1)]) | dict(memory=dict(peak=1)))
    found = load_results(path)
    assert list(found['cpu']['components']) == ['a', 'b'] and found['cpu']['memory']['peak'] == 1 and list(found['cuda']['components']) == ['a']
    save_results(path, 'cpu', part(preset='tiny', c=[('plain', 3., 1)]))                  # sizes are not mixed
    assert list(load_results(path)['cpu']['components']) == ['c'] and 'memory' not in load_results(path)['cpu'] and 'cuda' in load_results(path)
    for text in ('[1]', '{"a": 1}', 'x', '{"cpu":{"machine":3}}', json.dumps(dict(cpu=part() | dict(components=dict(a=3))))):
        path.write_text(text)
        with pytest.raises(ConfigError, match='no result of twm_bench'): load_results(path)


def test_harness_and_machine_are_not_mixed(tmp_path, monkeypatch, capsys):
    path = tmp_path / 'speed.json'
    curve = dict(growth=dict(layers=dict(seconds={})))
    save_results(path, 'cpu', part(a=[('plain', 1., 1)]) | curve | dict(memory=dict(peak=1)))
    found = load_results(path)['cpu']
    for x in (found['components']['a'], found['growth']['layers'], found['memory']):
        assert x['harness'] == speed.HARNESS and x['threads'] == 1 and x['torch'] == '2' and x['device'] == 'CPU' and len(x['date']) == 10
    save_results(path, 'cpu', part() | dict(growth=dict(width=dict(seconds={}))))
    assert list(load_results(path)['cpu']['growth']) == ['layers', 'width']                   # curves are merged as well
    for k, v in dict(threads=2, torch='3', device='another CPU').items():
        other = part(b=[('plain', 1., 1)])
        other['machine'][k] = v
        with pytest.raises(ConfigError, match=k): save_results(path, 'cpu', other)
        with pytest.raises(ConfigError, match='another file'): speed.check_file(path, 'cpu', other['machine'])
        speed.check_file(path, 'cuda', other['machine'])                                     # another kind of device is another part
    save_results(path, 'cuda', other)
    assert capsys.readouterr().err == ''
    monkeypatch.setattr(speed, 'HARNESS', speed.HARNESS + 1)
    speed.check_file(path, 'cpu', part()['machine'])
    assert 'a, layers, width, memory' in capsys.readouterr().err
    save_results(path, 'cpu', part(b=[('plain', 1., 1)]))
    found = load_results(path)['cpu']
    assert list(found['components']) == ['b'] and not found['growth'] and 'memory' not in found and 'cuda' in load_results(path)


def test_tables_and_figures():
    p = part(world_model=[('plain', 2., 10), ('float32', 1., 10)])
    p['components']['world_model']['variants']['plain'] |= dict(work=100, fastest=1.5, slowest=2.5)
    p['ceiling'] = dict(float32=100.)
    p['components']['world_model']['paper'] = 16_800
    assert '| `world_model` | plain | 2 | 1.5–2.5 | 5 samples | 1.00 |  | 50% | 16,800 |' in results_table(p) and bar_figure(p, ('world_model',)).axes
    assert all(len(l) <= 80 for l in text_lines('pretrain_policy', p['components']['world_model'], p['ceiling']) + [HEAD])


def test_release_and_what_it_means():
    "Plain at 25% of the ceiling where the release has 53%: our 4 would be 4 · 25/53."
    p = part(world_model=[('plain', 4., 1), ('bfloat16', 1., 1)], imagination=[('plain', 4., 1)], actor_critic=[('plain', 4., 1)], update=[('plain', 12., 1), ('bfloat16', 2., 1)])
    for result in p['components'].values(): result['variants']['plain']['work'] = 100
    p['ceiling'] = dict(float32=100.)
    table = release_table(p).splitlines()
    assert '| `world_model` | 53% | 25% | 53% slower | bfloat16 | 4.00 | 1.89 |' in table and '| `acting` | | | not measured | | | |' in table
    assert speed.at_share_of_release(p, 'imagination') == pytest.approx(1 / .79) and len(table) == 2 + 4
    assert release_table({}).count('not measured') == 4


def test_memory(capfd):
    options = dict(threads=1, device='cpu', dtype='float32')
    found = measured_memory('tiny', options)
    assert found['entries'] == 2300 and 2300 * 4096 < found['dataset'] < 2300 * 4200 and 1e8 < found['peak'] < 2e9 and found['dtype'] == 'float32'
    assert '2,300 entries' in memory_text(found)


# ---- the command

def test_command(tmp_path, capsys):
    path = tmp_path / 'speed.json'
    twm_bench(preset='tiny', components='imagination,acting,environment', repeats=1, json=str(path), dtype='float32')
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert printed.err == '' and max(map(len, lines)) <= 80 and 'CPU threads: 1' in printed.out and 'dtypes: float32\n' in printed.out
    found = json.loads(path.read_text())['cpu']
    assert list(found['components']) == ['imagination', 'acting', 'environment'] and found['ceiling']['bfloat16'] > 0 and found['machine']['preset'] == 'tiny'
    assert [v for v in found['components']['imagination']['variants'] if 'kept' not in v] == ['plain', 'float32'] and 'paper, A100' not in printed.out


def test_auto_takes_what_the_hardware_has(monkeypatch, capsys):
    monkeypatch.setattr(speed, 'run_components', lambda bench, *args: print(*bench.dtypes))
    for native, names in ((True, ['float32', 'bfloat16']), (False, ['float32'])):
        monkeypatch.setattr(torch.cpu, '_is_avx512_bf16_supported', lambda: native)
        twm_bench(preset='tiny', components='imagination', repeats=1)
        printed = capsys.readouterr().out
        assert f'dtypes: {", ".join(names)}\n' in printed and f'auto is {names[-1]}' in printed


@pytest.mark.parametrize('arguments, message', [
    (dict(preset='huge'), 'not a preset'), (dict(components='dreams'), 'no component'), (dict(components='acting,actng'), 'Did you mean acting'), (dict(components=','), 'no component'),
    (dict(components=''), 'no component'), (dict(components='all,acting'), 'give it alone'), (dict(json='.'), 'is a folder'), (dict(json=''), 'json is empty'),
    (dict(threads=0), 'threads=0'), (dict(repeats=0), 'repeats=0'), (dict(threads=-1), 'threads=-1'), (dict(repeats=-3), 'repeats=-3'), (dict(dtype='float16'), 'dtype'), (dict(device='tpu'), 'device'), (dict(json='nowhere/x.json'), 'does not exist')])
def test_bad_requests(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop: twm_bench(**{**dict(preset='tiny'), **arguments})
    printed = capsys.readouterr()
    assert stop.value.code == 2 and printed.err.startswith('error: ') and message in printed.err and printed.out == ''


def test_a_foreign_file_is_refused_before_measuring(tmp_path, capsys):
    path = tmp_path / 'x.json'
    path.write_text('{"cpu":{"machine":3}}')
    with pytest.raises(SystemExit): twm_bench(preset='tiny', json=str(path))
    printed = capsys.readouterr()
    assert 'no result of twm_bench' in printed.err and printed.out == '' and path.read_text() == '{"cpu":{"machine":3}}'


def test_steps_are_counted():
    "Whole games of Catch have five steps each; capped ones of Pong as many as the cap allows, after two of the opening."
    from twm_nb.evaluation import RandomAgent, evaluate
    assert counted_steps(lambda: evaluate(RandomAgent(preset('tiny'), 3), 7, parallel=3)) == 35
    assert counted_steps(lambda: evaluate(RandomAgent(preset('paper', max_frames_per_episode=80), 6), 3)) == 3 * 18
    assert counted_steps(lambda: None) == 0
