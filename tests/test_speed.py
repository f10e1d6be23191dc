"The plain reading of the paper against the package: losses, gradients, dreams, policy; the count of work; and the benchmark's own arithmetic."
import json
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
from twm_nb.config import ConfigError, preset
from twm_nb.speed import *
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


@pytest.fixture
def alike(monkeypatch):
    "Both versions take the likeliest instead of drawing."
    def mode(d): return d.logits.argmax(-1) if isinstance(d, D.Categorical) else F.one_hot(d.logits.argmax(-1), d.logits.shape[-1]).float()
    for target in ('vae.inverse_cdf', 'vae.sample_categorical', 'world_model.sample_categorical'): monkeypatch.setattr(f'twm_nb.{target}', lambda p: p.argmax(-1))
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
    torch.testing.assert_close(torch.cat([ours.policy(x).probs for x in o]), p, rtol=1e-4, atol=1e-6)
    drawn = torch.bincount(torch.tensor([ours.act(o[0]) for _ in range(400)]), minlength=3) / 400
    assert (drawn - p[0]).abs().max() < .1


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

@pytest.mark.parametrize('c', CONFIGS)
def test_work_is_what_the_counter_finds(c, monkeypatch):
    monkeypatch.setattr(Bench, 'apart', lambda self, *args: Variant(*args))         # the counter sees its own thread only
    bench = Bench(c.replace(dtype='float32'), CPU, [torch.float32], entries=60)
    for name in ('world_model', 'imagination', 'actor_critic', 'acting', 'pretrain_phi', 'pretrain_psi'):
        variants = speed.COMPONENTS[name](bench).variants
        variant = next(iter(variants.values()))
        with FlopCounterMode(display=False) as counter: variant.call()
        assert counter.get_total_flops() == pytest.approx(variant.work, rel=0 if 'plain' in variants else .1), name      # ours may gather rows in place of products with one-hot vectors


def test_work_at_the_sizes_of_the_paper():
    c = preset('paper')
    tera = [round(x / 1e12, 2) for x in (observation_work(c, 1600), dynamics_work(c), imagination_work(c, 18), imagination_work(c, 18, lean=True), actor_critic_work(c, 18))]
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
    assert interleaved({'a': call('a'), 'b': call('b')}, CPU, repeats=3, at_least=.2) == {'a': 2., 'b': 3.}
    assert order == ['a', 'b'] + ['a', 'b'] * 3


def test_the_process_is_prepared_before_each_turn():
    order = []
    interleaved({'a': lambda: order.append('a'), 'b': lambda: order.append('b')}, CPU, repeats=2, at_least=1e-9, before={'a': lambda: order.append('prepare')})
    assert [x for i, x in enumerate(order) if i == 0 or order[i - 1] != x] == ['prepare', 'a', 'b'] * 3


def test_the_plain_version_has_the_allocator_of_a_new_process(monkeypatch):
    order = []
    monkeypatch.setattr(speed, 'give_back_memory', lambda: order.append('back')), monkeypatch.setattr(speed, 'keep_freed_memory', lambda: order.append('keep') or True)
    component = speed.COMPONENTS['world_model'](Bench(small(), CPU, [torch.float32], entries=60))
    assert list(component.variants) == ['plain', 'float32', 'plain, kept memory']
    component.seconds(CPU, repeats=1, at_least=1e-9)
    assert order == ['back', 'keep', 'keep'] * 2
    import threading
    bench = Bench(small(), CPU, [torch.float32])
    assert bench.apart(threading.get_ident, 1, 1).call() == bench.apart(threading.get_ident, 1, 1).call() != threading.get_ident()
    assert bench.apart(torch.get_num_threads, 1, 1).call() == torch.get_num_threads()
    with pytest.raises(ZeroDivisionError): bench.apart(lambda: 1 / 0, 1, 1).call()
    give_back_memory()                                            # the real one: whatever the system, it does not fail


def test_short_calls_are_repeated(monkeypatch):
    now = [0.]
    monkeypatch.setattr(speed.time, 'perf_counter', lambda: now[0])
    calls = []
    def run(): calls.append(1); now[0] += .01
    assert interleaved({'x': run}, CPU, repeats=2, at_least=.2)['x'] == pytest.approx(.01)
    assert len(calls) == 2 + 2 * 20


def test_plain_version_computes_in_true_float32():
    torch.set_float32_matmul_precision('medium')
    assert exactly(torch.get_float32_matmul_precision)() == 'highest' and torch.get_float32_matmul_precision() == 'medium'
    torch.set_float32_matmul_precision('highest')


def test_measured_rows(monkeypatch):
    monkeypatch.setattr(speed, 'interleaved', lambda *args: {'plain': 2., 'bfloat16': .5})
    component = Component('samples', {'plain': Variant(None, 10, 100), 'bfloat16': Variant(None, 10, 60, torch.bfloat16)}, paper=7)
    rows = measured(component, CPU, {'float32': 100., 'bfloat16': 400.})['variants']
    assert rows['plain']['per_second'] == 5 and rows['plain']['ratio'] == 1 and rows['plain']['share'] == .5
    assert rows['bfloat16']['per_second'] == 20 and rows['bfloat16']['ratio'] == 4 and rows['bfloat16']['share'] == pytest.approx(.3)
    component = Component('steps', {'plain': Variant(None, 10), 'bfloat16': Variant(None, 10)}, ceiling='bfloat16')
    assert measured(component, CPU, {})['variants']['plain']['share'] == .25


def test_exponent_and_growth():
    assert exponent([1, 2, 4], [3, 12, 48]) == pytest.approx(2)
    axis = speed.Axis((4, 8), lambda h: dict(horizon=h))
    g = growth(axis, small(memory_steps=16), CPU, [torch.float32], repeats=1)
    assert g['x'] == [4, 8] and set(g['seconds']) == {'plain', 'float32'} and all(len(s) == 2 and min(s) > 0 for s in g['seconds'].values())
    assert g['work_exponents']['plain'] > g['work_exponents']['float32'] > .9          # what is projected again grows with the square
    json.dumps(g)
    assert 'horizon' in growth_table({'horizon': g}) and growth_figure({'horizon': g}).axes


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


# ---- results

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
    lacking = projection(part(update=[('plain', 1., 1)]), 'plain')
    assert lacking['125,000 updates'] == 125_000 and [x for x in lacking.values()].count(None) == 6
    assert '| **all** | – |' in projection_table(part(update=[('plain', 1., 1)]))


def test_results_are_merged_and_checked(tmp_path):
    path = tmp_path / 'speed.json'
    assert load_results(path) == {}
    save_results(path, 'cpu', part(a=[('plain', 1., 1)])), save_results(path, 'cuda', part(a=[('plain', 2., 1)]))
    save_results(path, 'cpu', part(b=[('plain', 3., 1)]) | dict(memory=1))
    found = load_results(path)
    assert list(found['cpu']['components']) == ['a', 'b'] and found['cpu']['memory'] == 1 and list(found['cuda']['components']) == ['a']
    save_results(path, 'cpu', part(preset='tiny', c=[('plain', 3., 1)]))                  # sizes are not mixed
    assert list(load_results(path)['cpu']['components']) == ['c'] and 'memory' not in load_results(path)['cpu'] and 'cuda' in load_results(path)
    for text in ('[1]', '{"a": 1}', 'x'):
        path.write_text(text)
        with pytest.raises(ConfigError, match='no result of twm_bench'): load_results(path)


def test_tables_and_figures():
    p = part(world_model=[('plain', 2., 10), ('float32', 1., 10)])
    p['components']['world_model']['variants']['plain']['share'] = .5
    p['components']['world_model']['paper'] = 16_800
    assert '| `world_model` | plain | 2 | 5 samples | 1.00 | 50% | 16,800 |' in results_table(p) and bar_figure(p, ('world_model',)).axes
    assert all(len(l) <= 80 for l in text_lines('pretrain_policy', p['components']['world_model']) + [HEAD])


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
    assert list(found['components']['imagination']['variants']) == ['plain', 'float32'] and 'paper, A100' in printed.out


def test_auto_takes_what_the_hardware_has(monkeypatch, capsys):
    for native, names in ((True, ['float32', 'bfloat16']), (False, ['float32'])):
        monkeypatch.setattr(torch.cpu, '_is_avx512_bf16_supported', lambda: native)
        twm_bench(preset='tiny', components='imagination', repeats=1)
        printed = capsys.readouterr().out
        assert f'dtypes: {", ".join(names)}\n' in printed and f'auto is {names[-1]}' in printed


@pytest.mark.parametrize('arguments, message', [
    (dict(preset='huge'), 'not a preset'), (dict(components='dreams'), 'no component'), (dict(components='acting,actng'), 'Did you mean acting'), (dict(components=','), 'no component'),
    (dict(threads=0), 'threads=0'), (dict(repeats=0), 'repeats=0'), (dict(dtype='float16'), 'dtype'), (dict(device='tpu'), 'device'), (dict(json='nowhere/x.json'), 'does not exist')])
def test_bad_requests(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop: twm_bench(**{**dict(preset='tiny'), **arguments})
    printed = capsys.readouterr()
    assert stop.value.code == 2 and printed.err.startswith('error: ') and message in printed.err and printed.out == ''


def test_steps_are_counted():
    "Whole games of Catch have five steps each; capped ones of Pong as many as the cap allows, after two of the opening."
    from twm_nb.evaluation import RandomAgent, evaluate
    assert counted_steps(lambda: evaluate(RandomAgent(preset('tiny'), 3), 7, parallel=3)) == 35
    assert counted_steps(lambda: evaluate(RandomAgent(preset('paper', max_frames_per_episode=80), 6), 3)) == 3 * 18
    assert counted_steps(lambda: None) == 0
