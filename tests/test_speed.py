"The benchmark: the count of work, taking time in processes of their own, profiles, results and the command."
import gc
import json
import os
import platform
import signal
import subprocess
import sys
import time
import weakref
from contextlib import suppress
import torch
torch.set_num_threads(1)
import numpy as np
import pytest
import torch.nn.functional as F
from plain_cells import plain_cells
from twm_nb import speed
from twm_nb.balanced_sampler import Batch
from twm_nb.commands import twm_bench
from twm_nb.config import ConfigError, preset
from twm_nb.plain import PlainAgent
from twm_nb.speed import (Bench, Component, PlainCall, PlainProcess, Variant, count_plain, count_steps, count_work, do_plain, interleave, make_row, measure, measure_ceilings, measure_error,
                          measure_growth, measure_products, name_of, set_precision, share)
from twm_nb.fast_layers import quick_is_exact

page = plain_cells('23_speed')                           # its tables, pictures and projection

CPU = torch.device('cpu')
SMALL = dict(frame_stack=4, batch_size=6, sequence_length=6, memory_steps=2, imagination_batch_size=12, horizon=8, latent_entropy_threshold=1., actor_entropy_threshold=1.,
             transformer_layers=3, latent_units=(48, 32), reward_units=(24,), discount_units=(24, 16))


def small(**changes): return preset('tiny', **{**SMALL, **changes})

def small_bench(dtypes=(torch.float32,), process=None, keeping=None, **changes): return Bench(small(**changes), CPU, dtypes, 60, process, keeping)


@pytest.fixture(autouse=True)
def exact():
    torch.manual_seed(0)
    with set_precision(): yield


@pytest.fixture(scope='module')
def process():
    "One helper process for all tests of this file."
    with PlainProcess() as process: yield process


class Asked:
    "Stands for a helper process: one second a job, five steps a game."
    def ask(self, job, *material):
        assert job is do_plain
        return 1., 50


# ---- the count of work

@pytest.mark.parametrize('c, want', [(small(), (901531584, 125813760, 33727488, 2836224)), (small(horizon=1, sequence_length=1, imagination_batch_size=5), None)])
def test_plain_work_is_counted_on_shapes_as_at_work(c, want):
    "And is what formulas by hand gave."
    names = ('world_model', 'imagination', 'actor_critic', 'acting')
    bench, found = Bench(c, CPU, [], 60), [count_plain(c, n) for n in names]
    assert found == [count_work(bench.plain_call(n)) for n in names] and count_plain(c, 'update') == sum(found[:3])
    assert want is None or found == list(want)


def test_plain_work_at_the_sizes_of_the_paper():
    "What the published shares were computed with."
    c = preset('paper', game='Pong')
    assert [count_plain(c, n) for n in ('world_model', 'actor_critic', 'acting')] == [1112610508800, 84645478400, 71249920]


def test_our_work(monkeypatch):
    "Ours takes less than plain where it does less: dreams keep keys and values; the networks on a CPU look rows up. In bfloat16 it is counted alike."
    quick_is_exact()                                     # asks once, by products of its own, which are not to be counted
    bench = small_bench([torch.float32, torch.bfloat16])
    for name in ('world_model', 'imagination', 'actor_critic', 'update', 'pretrain_phi', 'pretrain_psi', 'pretrain_policy'):
        variants = speed.COMPONENTS[name](bench).variants
        ours = variants['float32'].work
        assert ours == variants['bfloat16'].work == count_work(variants['bfloat16'].call)
        if 'plain' in variants: assert variants['plain'].work == variants.get('plain, kept memory', variants['plain']).work == count_plain(bench.config, name)
        if name in ('imagination', 'actor_critic', 'update'): assert .4 * variants['plain'].work < ours < variants['plain'].work
        if name == 'world_model': assert abs(ours / variants['plain'].work - 1) < .01
    variants = speed.COMPONENTS['acting_batch'](bench).variants
    assert variants['plain'].work == variants['plain, one by one'].work == 50 * count_plain(bench.config, 'acting') > variants['live'].work == variants['frozen bfloat16'].work
    first = 2 * 128 * bench.config.actor_units[0]
    assert variants['plain'].work - variants['live'].work == 50 * first                                  # the look-up in place of a product


# ---- taking time

def test_interleaving_and_medians(monkeypatch):
    "A clock that only the calls move: a is 1, 9, 2 seconds (after warm-up), b always 3."
    now, order, durations = [0.], [], {'a': iter([50., 1., 9., 2.]), 'b': iter([3.] * 4)}
    monkeypatch.setattr(speed.time, 'perf_counter', lambda: now[0])
    def call(name):
        def run(): order.append(name); now[0] += next(durations[name])
        return run
    assert interleave({'a': call('a'), 'b': call('b')}, CPU, repeats=3, at_least=.2) == {'a': [1., 9., 2.], 'b': [3.] * 3}
    assert order == ['a', 'b'] + ['a', 'b'] + ['b', 'a'] + ['a', 'b']


@pytest.mark.parametrize('first, repeats, at_least, turns, each', [(.01, 2, .2, 4, 20), (100., 1, .1, 3, 10)])
def test_short_calls_are_repeated(monkeypatch, first, repeats, at_least, turns, each):
    "However long the first call takes, which may have to make what it needs."
    now, calls = [0.], []
    monkeypatch.setattr(speed.time, 'perf_counter', lambda: now[0])
    def run(): calls.append(1); now[0] += .01 if len(calls) > 1 else first
    assert interleave({'x': run}, CPU, repeats=repeats, at_least=at_least)['x'] == pytest.approx([.01] * turns) and len(calls) == 2 + turns * each


def test_the_plain_version_runs_in_a_process_of_its_own(process, monkeypatch):
    bench = small_bench(process=process, keeping=Asked())
    component = speed.COMPONENTS['world_model'](bench)
    assert list(component.variants) == ['plain', 'plain, kept memory', 'float32'] and component.variants['plain, kept memory'].call.process is bench.keeping
    began = time.perf_counter()
    seconds = component.time(CPU, repeats=1, at_least=1e-9)
    assert all(0 < x < time.perf_counter() - began for name in ('plain', 'float32') for x in seconds[name]) and seconds['plain, kept memory'] == [1.] * 3
    assert 'plain_system' not in vars(bench)                                   # nothing plain was made in this process
    for name in speed.PLAIN_JOBS:                            # every plain variant goes this way; on another device none does
        assert isinstance(bench.plain(name), PlainCall)
        monkeypatch.setattr(bench, 'device', torch.device('meta'))
        monkeypatch.setitem(bench.plain_calls, name, len)
        assert bench.plain(name) is len
        monkeypatch.setattr(bench, 'device', CPU)


@pytest.mark.parametrize('keeps', [False, True])
def test_one_process_keeps_memory(keeps, monkeypatch):
    "What the process does first, done here; whether the setting helps is tested with the VAE."
    done, asked = [], []
    monkeypatch.setattr(speed, 'keep_freed_memory', lambda: done.append('kept'))
    monkeypatch.setattr(speed.signal, 'signal', lambda *args: None), monkeypatch.setattr(speed.threading, 'Thread', lambda **options: type('T', (), dict(start=lambda self: None))())
    monkeypatch.setattr(speed.ProcessPoolExecutor, '__init__', lambda self, *args: asked.append(args))
    PlainProcess(keeps)
    (workers, context, begin, arguments), = asked
    begin(*arguments)
    assert workers == 1 and context.get_start_method() == 'spawn' and done == ['kept'] * keeps


def test_nothing_plain_makes_the_setting_of_ours(monkeypatch):
    "What the helper process does, done here: no model of ours is made, and the allocator is left alone."
    import ctypes, twm_nb.fast_layers, twm_nb.world_model
    def never(*args, **kwargs): raise AssertionError('the plain version must not touch this')
    for target in (twm_nb.fast_layers, twm_nb.world_model, speed): monkeypatch.setattr(target, 'keep_freed_memory', never)
    monkeypatch.setattr(ctypes, 'CDLL', never), monkeypatch.setattr(speed, 'TWM', never)
    for name in speed.PLAIN_JOBS: assert do_plain(preset('tiny', batch_size=8, imagination_batch_size=8), 60, 1, name, 1)[0] > 0


def test_the_process_answers_errors_and_ends(process):
    with pytest.raises(ConfigError, match='no such job'): process.ask(do_plain, small(), 60, 1, 'no such job', 1)
    with pytest.raises(ConfigError, match='main setting'): process.ask(do_plain, small(use_memory=False), 60, 1, 'world_model', 1)
    assert process.ask(do_plain, small(), 60, 1, 'acting', 3)[0] > 0                  # and goes on
    with PlainProcess() as another, pytest.raises(ConfigError, match='has ended'): another.ask(speed.os._exit, 1)


def test_a_process_ends_with_its_parent(tmp_path):
    "However the parent ends: here it is killed. The helper, which is sleeping, closes its end of the pipe when it ends."
    code = "import os, time\nfrom twm_nb.speed import PlainProcess\np = PlainProcess()\nprint(p.ask(os.getpid), flush=True)\np.ask(time.sleep, 3600)"
    parent = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, text=True)
    helper = int(parent.stdout.readline())
    parent.kill()
    try: parent.communicate(timeout=60)                      # until the last one that could write has ended
    finally:
        with suppress(ProcessLookupError): os.kill(helper, signal.SIGKILL)


def test_a_plain_call_takes_its_own_time():
    class Process:
        def ask(self, job, *material): return material[-1] * 2., 7
    call = PlainCall(Process(), 'x')
    assert speed.time_calls(call, 3, CPU) == 6. and call() == 7 and interleave({'x': call}, CPU, 1) == {'x': [2.]}


def test_evaluation_plays_the_same_games(monkeypatch):
    "Both sides: the seeds of `evaluate`, the same cut, a row for each dtype."
    played, theirs = [], []
    monkeypatch.setattr(PlainAgent, 'play', lambda self, env, seed: played.append((seed, env.unwrapped is not None)) or 1)
    bench = small_bench([torch.float32, torch.bfloat16], Asked())
    assert bench.plain_call('evaluation')() == bench.plain_call('evaluation_short')() == 10
    monkeypatch.setattr(speed, 'evaluate', lambda agent, games, parallel: theirs.append((games, agent.dtype, agent.config.max_frames_per_episode)))
    component = speed.COMPONENTS['evaluation'](bench)
    for name in ('float32', 'bfloat16'): component.variants[name].call(), component.variants[name].short.call()
    assert list(component.variants) == ['plain', 'float32', 'bfloat16'] and component.variants['plain'].samples == 50          # Catch: five steps a game
    assert component.variants['plain'].call.material[-1] == 'evaluation' and component.variants['plain'].short.call.material[-1] == 'evaluation_short'
    assert theirs[-4:] == [(10, dtype, frames) for dtype in (torch.float32, torch.bfloat16) for frames in (1600, 400)]
    assert [seed for seed, _ in played] == 2 * (np.random.SeedSequence(0).generate_state(10) % 2**31).tolist()


def test_the_cost_of_a_step_is_told_from_what_every_call_costs():
    "Two seconds for every call, a tenth of a second for a step; where longer games are not longer, nothing is taken off."
    row = make_row(Variant(None, 40, short=Variant(None, 10)), [6., 6.1, 5.9], [3., 3., 3.])
    assert row['samples'] == 30 and row['per_second'] == pytest.approx(10) and row['fastest'] == pytest.approx(2.9) and row['turns'] == 3
    assert make_row(Variant(None, 10, short=Variant(None, 10)), [3.], [3.])['per_second'] == pytest.approx(10 / 3)


def test_a_batch_is_acted_on_together():
    component = speed.COMPONENTS['acting_batch'](small_bench(process=Asked()))
    assert list(component.variants)[:2] == ['plain', 'plain, one by one'] and [v.call.material[-1] for v in list(component.variants.values())[:2]] == ['acting_batch', 'acting_one_by_one']
    assert all(v.samples == 50 for v in component.variants.values())


def test_nothing_heavy_is_kept_between_plain_calls(monkeypatch):
    alive, most = [], []
    class Heavy: pass
    def job():
        most.append(sum(r() is not None for r in alive))
        x = Heavy(); alive.append(weakref.ref(x)); return x
    monkeypatch.setitem(speed.PLAIN_JOBS, 'heavy', lambda b: job)
    do_plain(small(), 61, 1, 'heavy', 5)
    gc.collect()
    assert max(most) == 0


def test_plain_version_computes_in_true_float32(monkeypatch):
    torch.set_float32_matmul_precision('medium')
    seen = []
    monkeypatch.setitem(speed.PLAIN_JOBS, 'look', lambda b: lambda: seen.append(torch.get_float32_matmul_precision()))
    do_plain(small(), 62, 1, 'look', 2)
    assert seen == ['highest'] * 2 and torch.get_float32_matmul_precision() == 'medium'
    torch.set_float32_matmul_precision('highest')


def test_precision_is_of_convolutions_too():
    for before in (True, False):
        torch.backends.cudnn.allow_tf32 = before
        with set_precision(): assert torch.backends.cudnn.allow_tf32 is False
        assert torch.backends.cudnn.allow_tf32 is before
        with pytest.raises(ZeroDivisionError), set_precision(): 1 / 0
        assert torch.backends.cudnn.allow_tf32 is before
    torch.backends.cudnn.allow_tf32 = True


def test_measured_rows(monkeypatch):
    monkeypatch.setattr(speed, 'interleave', lambda *args: {'plain': [3., 2., 1.], 'bfloat16': [.5]})
    component = Component('samples', {'plain': Variant(None, 10, 100), 'bfloat16': Variant(None, 10, 60, torch.bfloat16)}, paper=7)
    result = measure(component, CPU)
    rows, ceiling = result['variants'], {'float32': 100., 'bfloat16': 400.}
    assert rows['plain']['per_second'] == 5 and rows['plain']['ratio'] == 1 and share(result, 'plain', ceiling) == .5
    assert (rows['plain']['fastest'], rows['plain']['seconds'], rows['plain']['slowest'], rows['plain']['turns']) == (1., 2., 3., 3)
    assert rows['bfloat16']['per_second'] == 20 and rows['bfloat16']['ratio'] == 4 and share(result, 'bfloat16', ceiling) == pytest.approx(.3)
    component = Component('steps', {'plain': Variant(None, 10), 'bfloat16': Variant(None, 10)}, ceiling='bfloat16')
    assert share(measure(component, CPU), 'plain', {}) == .25


def test_shares_have_one_ceiling():
    "Plain on a CPU: the default way; ours: the fastest way of its dtype; on a GPU the same for both."
    rows = {n: dict(seconds=1., per_second=1., work=100, dtype=d) for n, d in (('plain', 'float32'), ('plain, kept memory', 'float32'), ('float32', 'float32'), ('graph bfloat16', 'bfloat16'))}
    def shares(**ceiling): return [share(dict(variants=rows), n, {k.replace('_', ', '): v for k, v in ceiling.items()}) for n in rows]
    assert shares(float32=200., bfloat16=1000., float32_oneDNN=400.) == [.5, .5, .25, .1] and shares(float32=200., float32_TF32=400.) == [.25, .25, .25, None]
    assert share(dict(variants={'plain': dict(seconds=1., per_second=1., work=None, dtype='float32')}), 'plain', dict(float32=1.)) is None


def test_ceilings(monkeypatch):
    "The second way for float32 counts only where its error is that of float32; and the setting of the process stays."
    rates = {('float32', 'highest'): 1., ('float32', 'medium'): 2., ('bfloat16', 'highest'): 4.}
    monkeypatch.setattr(speed, 'measure_products', lambda dtype, device, sizes=None, repeats=5, precision='highest': rates[name_of(dtype), precision])
    for error, want in ((4e-7, {'float32', 'bfloat16', 'float32, oneDNN'}), (1e-3, {'float32', 'bfloat16'})):
        monkeypatch.setattr(speed, 'measure_error', lambda precision, device: error)
        assert set(measure_ceilings(CPU)) == want
    monkeypatch.undo()
    assert 0 < measure_error('highest', CPU) < 2e-6 and measure_error('medium', CPU) < 1e-1 and torch.get_float32_matmul_precision() == 'highest'
    assert measure_products(torch.float32, CPU, (64,), precision='medium') > 0 and torch.get_float32_matmul_precision() == 'highest'


def test_the_better_of_two_ceilings_counts(monkeypatch, capsys):
    found, kept = iter([dict(a=1., b=2.), dict(a=3., b=1.)]), []
    monkeypatch.setattr(speed, 'measure_ceilings', lambda device: next(found))
    speed.run_components(small_bench(), [], 1, lambda **part: kept.append(part))
    assert kept == [dict(ceiling=dict(a=1., b=2.)), dict(ceiling=dict(a=3., b=2.))] and 'later, ceiling' in capsys.readouterr().out


def test_a_product_is_counted_and_timed_right(monkeypatch):
    "The clock says that runs take 4, 2 and 1 seconds: the best of the largest size, 2·8³ operations in one second."
    monkeypatch.setattr(speed, 'time_calls', lambda call, number, device: next(times))
    times = iter([4., 2., 1., 4., 2., 1.])
    assert measure_products(torch.float32, CPU, (4, 8), repeats=2) == 2 * 8 ** 3


def test_exponent_and_growth(process, monkeypatch):
    monkeypatch.setattr(speed, 'BASE', dict(imagination_batch_size=12))
    axis = speed.Axis((4, 8), lambda h: dict(horizon=h))
    g = measure_growth(axis, small(memory_steps=16), CPU, [torch.float32], 1, process, Asked())
    assert g['x'] == [4, 8] and set(g['seconds']) == {'plain', 'float32'} and all(len(s) == 2 and min(s) > 0 for s in g['seconds'].values())
    assert g['work_exponents']['plain'] > g['work_exponents']['float32'] > .9          # what is projected again grows with the square
    axis.keeping = platform.libc_ver()[0] == 'glibc'
    assert not axis.keeping or measure_growth(axis, small(memory_steps=16), CPU, [], 1, Asked(), Asked())['seconds']['plain, kept memory'] == [1., 1.]
    json.dumps(g)
    assert len(g['points']) == 2 and speed.find_disagreement(dict(a=g, b=g)) == 0
    slow = g | dict(seconds={n: [s[0], s[1] * 3] for n, s in g['seconds'].items()})
    assert speed.find_disagreement(dict(a=g, b=slow)) == pytest.approx(.5)
    other = slow | dict(points=[['imagination', 0], ['imagination', 1]])
    assert speed.find_disagreement(dict(a=g, b=other)) == 0 and speed.find_disagreement({}) == 0
    curve = g | dict(x=[1, 2, 4], seconds={'plain': [1., 2., 8.]}, exponents={'plain': 1.5}, work_exponents={'plain': 1.})
    assert '| horizon | `imagination` | plain | 1.50 | 1.00, 2.00 | 1.00 |' in page.tabulate_growth({'horizon': curve})
    assert page.draw_growth({'horizon': g}).axes


@pytest.mark.parametrize('name', ['tiny', 'small', 'paper'])
def test_all_points_of_all_axes_can_be_had(name):
    c = preset(name)
    points = [(axis.component, *(getattr(speed.move_along(axis, c, x), size) for size in speed.SIZES)) for axis in speed.AXES.values() for x in axis.values]
    assert len(points) - len(set(points)) >= (4 if name == 'paper' else 1), points           # at the paper's sizes five axes share a point
    with pytest.raises(ConfigError): speed.move_along(speed.Axis((0,), lambda h: dict(horizon=h)), c, 0)


def test_sizes_tell_points_apart():
    "What an axis changes is in the sizes, or follows from them."
    for axis in speed.AXES.values(): assert set(speed.SIZES) & axis.change(axis.values[0]).keys()


def test_each_axis_is_kept_when_it_is_done(monkeypatch):
    kept = {}
    def keep(growth): kept.update(growth); return dict(growth=kept)
    def made(axis, *args):
        if len(kept) == 2: raise KeyboardInterrupt
        return dict(exponents={}, seconds={}, points=[])
    monkeypatch.setattr(speed, 'measure_growth', made)
    with pytest.raises(KeyboardInterrupt): speed.run_growth(small(), CPU, torch.float32, 1, keep)
    assert list(kept) == list(speed.AXES)[:2]


def test_graphs_do_the_same_jobs(monkeypatch):
    "Where there are CUDA graphs, each kind of update is given to `Graphed` as a function of a batch to scalar tensors, with systems of its own, and is recorded before anything is timed."
    made = []
    class Recorder:
        def __init__(self, update): self.update, self.calls = update, 0; made.append(self)
        def __call__(self, batch):
            self.calls += 1
            metrics = self.update(batch)
            assert isinstance(batch, (Batch, dict)) and all(v.numel() == 1 for v in metrics.values())
    monkeypatch.setattr(speed, 'Graphed', Recorder)
    bench = small_bench(process=Asked())
    names = ('world_model', 'imagination', 'actor_critic', 'update', 'pretrain_phi')
    original = bench.record
    for name in names:
        made.clear()
        monkeypatch.setattr(bench, 'record', lambda job, batch: seem(bench, original, job, batch))
        variants = speed.COMPONENTS[name](bench).variants
        assert [v for v in variants if 'kept' not in v] == ['plain'] * ('pretrain' not in name) + ['float32', 'graph float32'] and variants['graph float32'].work == variants['float32'].work
        before = made[-1].calls
        variants['graph float32'].call()
        assert before == 5 and made[-1].calls == 6 and len(made) == 1
    assert bench.graph_systems[torch.float32] is not bench.systems[torch.float32]
    bench.graphed = False
    assert list(speed.COMPONENTS['world_model'](bench).variants)[-1] == 'float32'


def seem(bench, record, job, batch):
    "`record` on a bench that seems to be on a GPU for the question whether there are graphs."
    bench.graph_systems
    bench.device = type('Device', (), dict(type='cuda'))()
    try: return record(job, batch)
    finally: bench.device = CPU


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
    assert {n: speed.kind_of(n) for n in names.split()} == dict.fromkeys(names.split(), kind)


def test_a_profile_finds_where_the_time_goes():
    x, image, weight = torch.randn(500, 500), torch.randn(8, 8, 64, 64), torch.randn(32, 8, 3, 3)
    for kind, call in {'matrix products': lambda: x @ x, 'convolutions': lambda: F.conv2d(image, weight), 'random numbers': lambda: torch.rand(10 ** 6), 'copies': lambda: x.repeat(20, 1).clone()}.items():
        found = speed.profile_call(call, CPU, times=3)
        assert sum(found['shares'].values()) == pytest.approx(1) and found['shares'][kind] > .5 and found['seconds'] > 0, (kind, found)
    with_bmm = speed.profile_call(lambda: torch.bmm(image.flatten(0, 1), image.flatten(0, 1)), CPU)
    assert with_bmm['shares']['attention'] > .5 and 'Self CPU' in with_bmm['table'][1] and any('aten::bmm' in line for line in with_bmm['table'][:5])
    json.dumps(found)


def test_words_for_a_profile():
    def shares(**x): return dict.fromkeys(speed.KINDS, 0.) | x
    assert speed.say_what_bounds(shares(convolutions=.7, attention=.2, copies=.1)) == 'mostly arithmetic; convolutions 70%, attention 20%, copies 10%'
    assert speed.say_what_bounds(shares(copies=.7, attention=.3)).startswith('mostly what surrounds') and speed.say_what_bounds(shares(convolutions=.5, attention=.5)).startswith('about half arithmetic')
    empty = page.tabulate_profile({})
    assert empty.count('not measured') == 5 and len({row.count('|') for row in empty.splitlines()}) == 1
    p = part() | dict(profile=dict(acting=dict(variant='frozen bfloat16', shares=shares(convolutions=1.), seconds=1., times=2)))
    assert '| `acting` | frozen bfloat16 | 100% | 0% |' in page.tabulate_profile(p) and len({row.count('|') for row in page.tabulate_profile(p).splitlines()}) == 1 and page.draw_profile(p).axes


def test_the_parts_are_profiled(monkeypatch, capsys):
    "Ours in the last dtype, frozen where there is such a variant; eager, since a graph or compiled code has no single operations."
    kept, asked, bench = [], [], small_bench([torch.float32, torch.bfloat16])
    monkeypatch.setattr(speed, 'profile_call', lambda call, device, times: asked.append(times) or dict(seconds=1., shares=dict.fromkeys(speed.KINDS, .1)))
    bench.compiled = True
    speed.run_profile(bench, lambda **part: kept.append(part))
    assert [(n, found['variant']) for k in kept for n, found in k['profile'].items()] == [(n, 'bfloat16') for n in ('world_model', 'imagination', 'actor_critic', 'update')] + [('acting', 'frozen bfloat16')]
    assert asked == list(speed.PROFILED.values()) and len(capsys.readouterr().out.splitlines()) == 5 and not bench.graphed and not bench.compiled


# ---- results

def part(preset='paper', **components):
    made = {n: dict(unit='samples', paper=None, variants={v: dict(seconds=s, fastest=s, slowest=s, samples=k, per_second=k / s, work=None, ratio=1., dtype='bfloat16' if 'bfloat16' in v else 'float32')
                                                          for v, s, k in rows}) for n, rows in components.items()}
    return dict(machine=dict(preset=preset, game='Pong', device='CPU', threads=1, torch='2', auto='bfloat16'), components=made)


def test_each_kind_of_device_has_a_heading():
    assert page.show_each({}, None) == 'No results here.' and page.show_each(dict(cpu=1, cuda=2), lambda k, p: f'{k} {p}') == '**One CPU**\n\ncpu 1\n\n**One GPU**\n\ncuda 2'


def test_goals():
    p = part(world_model=[('plain', 10., 1), ('float32', 5., 1), ('bfloat16', 2.5, 1), ('plain, kept memory', 5., 1)], acting=[('plain', 5., 1), ('live', 4., 1)])
    result = p['components']['world_model']
    assert page.ratio(result, 'bfloat16') == 4 and page.ratio(result, 'bfloat16', 'plain, kept memory') == 2 and page.ratio(result, 'float32', 'nothing') is page.ratio({}, 'plain') is None
    assert page.judge(2, 2) == 'met' and page.judge(4, 5) == 'missed by 20%' and page.judge(None, 5) == 'not measured' and page.judge(4.99, 5) == 'missed by less than 1%'
    table = page.tabulate_goals('cpu', p).splitlines()
    assert '| `world_model` | bfloat16 | 5 | 4.00 | missed by 20% | 2.00 | missed by 60% |' in table and '| `world_model` | float32 | 2 | 2.00 | met | 1.00 | missed by 50% |' in table
    assert '| `acting` | live | 2.5 | 1.25 | missed by 50% |  |  |' in table and '| `imagination` | bfloat16 | 10 |  | not measured |  |  |' in table
    assert len(table) == 2 + sum(map(len, page.GOALS['cpu'].values())) and len(page.tabulate_goals('cuda', {}).splitlines()) == 6


def test_projection_of_a_run():
    "One second per update, sample or step, except evaluation, which takes 4 seconds for 8 steps."
    one = {n: [('float32', 1., 1)] for n in ('update', 'pretrain_phi', 'pretrain_psi', 'pretrain_policy')}
    p = page.project(part(**one, acting=[('plain', 5., 1), ('ours', 1., 1)], environment=[('ours', 10., 10)], evaluation=[('ours', 4., 8)]), 'float32', steps_per_game=100)
    assert list(p.values()) == [125_000, 18_750, 9_375, 833, 2 * 95_000, 5_000, 290 * 100 / 2]
    graph = page.project(part(update=[('graph float32', 2., 1)], pretrain_phi=[('float32', 3., 1)]), 'graph float32')
    assert list(graph.values())[:3] == [250_000, 3 * 18_750, None]
    dtypes = page.project(part(acting=[('plain', 9., 1), ('live', 1., 1), ('frozen float32', 5., 1)], environment=[('ours', 1., 1)],
                                evaluation=[('float32', 4., 1), ('bfloat16', 3., 1)]), 'bfloat16', steps_per_game=1)
    assert dtypes['95,000 steps of the agent'] == 2 * 95_000 and dtypes['evaluation: 290 games'] == 3 * 290
    kept = page.project(part(update=[('plain, kept memory', 1., 1)], acting=[('plain', 3., 1), ('live', 1., 1)], environment=[('ours', 1., 1)]), 'plain, kept memory')
    assert kept['125,000 updates'] == 125_000 and kept['95,000 steps of the agent'] == 4 * 95_000
    lacking = part(update=[('plain', 3600., 1)], acting=[('plain', 3600., 1)], environment=[('ours', 3600., 1)], evaluation=[('plain', 3600., 1)])
    assert '| **all** | – |' in page.tabulate_projection(lacking) and f'| all but pretraining | {125_000 + 190_000 + 5_000 + 290 * 2000:,.3g} |' in page.tabulate_projection(lacking)
    assert page.tabulate_projection(part()) == 'not measured'


def test_foreign_files_are_told(tmp_path):
    path = tmp_path / 'speed.json'
    path.write_text(json.dumps(dict(cpu=part(world_model=[('plain', 1., 1)]))))
    assert list(speed.load_results(path)['cpu']['components']) == ['world_model']
    for text in ('[1]', '{"a": 1}', 'x', '{"cpu":{"machine":3}}', json.dumps(dict(cpu=part() | dict(components=dict(a=3))))):
        path.write_text(text)
        with pytest.raises(ConfigError, match='no result of twm_bench'): speed.load_results(path)
    for other in (tmp_path, tmp_path / 'nothing.json'):
        with pytest.raises(ConfigError, match='no result of twm_bench'): speed.load_results(other)


def test_results_and_bars():
    p = part(world_model=[('plain', 2., 10), ('float32', 1., 10)], update=[('plain', 2., 10)])
    p['components']['world_model']['variants']['plain'] |= dict(work=100, fastest=1.5, slowest=2.5)
    p['ceiling'] = dict(float32=100.)
    p['components']['world_model']['paper'] = 16_800
    assert '| `world_model` | plain | 2 | 1.5–2.5 | 5 samples | 1.00 |  | 50% | 16,800 |' in page.tabulate_results(p)
    left, right = page.draw_bars(p).axes
    assert [b.get_height() for b in left.patches] == [.5, 0, 0] and [b.get_height() for b in right.patches] == [1, 2, 1] and right.patches[0].get_x() < 0 < right.patches[1].get_x()
    assert [t.get_text() for t in right.get_legend().texts] == ['plain', 'float32'] and left.yaxis.get_major_formatter()(.5, 0) == '50'
    assert all(len(l) <= 80 for l in speed.write_lines('pretrain_policy', p['components']['world_model'], p['ceiling']) + [speed.HEAD])


def test_release_and_what_it_means():
    "Plain at 25% of the ceiling where the release has 53%: our 4 would be 4 · 25/53."
    p = part(world_model=[('plain', 4., 1), ('bfloat16', 1., 1)], imagination=[('plain', 4., 1)])
    for result in p['components'].values(): result['variants']['plain']['work'] = 100
    p['ceiling'] = dict(float32=100.)
    table = page.tabulate_release(p).splitlines()
    assert '| `world_model` | 53% | 25% | 53% slower | bfloat16 | 4.00 | 1.89 |' in table and '| `acting` |  |  | not measured |  |  |  |' in table and len(table) == 2 + 4
    p['ceiling'] = dict(float32=100 / 4 / .79)
    assert '| `imagination` | 79% | 79% | as fast | plain | 1.00 | 1.00 |' in page.tabulate_release(p) and page.tabulate_release({}).count('not measured') == 4


def test_memory():
    found = speed.probe_memory(preset('tiny', device='cpu', dtype='float32'), 1)
    assert found['entries'] == 2300 and 2300 * 4096 < found['dataset'] < 2300 * 4200 and 1e8 < found['peak'] < 4e9 and found['dtype'] == 'float32' and found['updates'] == 3
    assert '2,300 entries' in speed.describe_memory(found)
    numbers = dict(peak=2 ** 30, gpu=2 ** 31, dataset=2 ** 29, dtype='bfloat16', updates=3, entries=100_000)
    assert speed.describe_memory(numbers) == 'peak memory: 1.00 GiB; on the GPU 2.00 GiB (bfloat16, 3 updates); of it the dataset of 100,000 entries: 0.50 GiB'
    assert speed.describe_memory(numbers | dict(peak=None, gpu=None)).startswith('peak memory: unknown (bfloat16')


# ---- the command

def test_command(tmp_path, capsys):
    path = tmp_path / 'speed.json'
    def bench(): twm_bench(preset='tiny', components='imagination,acting,environment', repeats=1, json=str(path), dtype='float32')
    bench()
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert printed.err == '' and max(map(len, lines)) <= 80 and 'CPU threads: 1' in printed.out and 'dtypes: float32\n' in printed.out
    found = json.loads(path.read_text())['cpu']
    assert list(found['components']) == ['imagination', 'acting', 'environment'] and found['ceiling']['bfloat16'] > 0 and found['machine']['preset'] == 'tiny'
    assert found['machine']['harness'] == speed.HARNESS and len(found['machine']['date']) == 10
    assert [v for v in found['components']['imagination']['variants'] if 'kept' not in v] == ['plain', 'float32'] and 'paper, A100' not in printed.out
    before = path.read_bytes()
    with pytest.raises(SystemExit): bench()                                  # what was measured is never overwritten
    printed = capsys.readouterr()
    assert 'holds results already' in printed.err and printed.out == '' and path.read_bytes() == before


def test_everything_goes_into_one_file(tmp_path, monkeypatch, capsys):
    "In this order, each as soon as it is there; memory in a process of its own."
    path, calls = tmp_path / 'all.json', []
    class Alone(PlainProcess):
        def ask(self, job, *arguments): calls.append(job.__name__); return dict(peak=1, gpu=None, dataset=1, entries=1, updates=3, dtype='float32')
    monkeypatch.setattr(speed, 'PlainProcess', Alone)
    monkeypatch.setattr(speed, 'run_components', lambda bench, names, repeats, keep, like_paper: (keep(ceiling=dict(float32=1.)), [keep(components={n: {}}) for n in names], calls.append((len(names), bench.compiled, like_paper))))
    monkeypatch.setattr(speed, 'run_profile', lambda bench, keep: keep(profile=dict(acting=1)))
    monkeypatch.setattr(speed, 'run_growth', lambda config, device, dtype, repeats, keep: keep(growth=dict(layers=dtype == torch.float32)))
    twm_bench(preset='tiny', components='all', memory=True, profile=True, growth=True, compiled=True, dtype='float32', json=str(path))
    found = json.loads(path.read_text())['cpu']
    assert list(found) == ['machine', 'memory', 'ceiling', 'components', 'profile', 'growth'] and list(found['components']) == list(speed.COMPONENTS) and found['growth'] == dict(layers=True)
    assert calls == ['probe_memory', (12, True, False)]


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
    (dict(threads=0), 'threads=0'), (dict(repeats=0), 'repeats=0'), (dict(threads=-1), 'threads=-1'), (dict(repeats=-3), 'repeats=-3'), (dict(dtype='float16'), 'dtype'), (dict(device='tpu'), 'device'), (dict(json='nowhere/x.json'), 'cannot be written')])
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
    assert count_steps(lambda: evaluate(RandomAgent(preset('tiny'), 3), 7, parallel=3)) == 35
    assert count_steps(lambda: evaluate(RandomAgent(preset('paper', max_frames_per_episode=80), 6), 3)) == 3 * 18
    assert count_steps(lambda: None) == 0


def test_made_up_datasets():
    dataset = speed.fill_dataset(90, small(), 3, CPU, episode=20)
    assert len(dataset) == 90 and dataset.d.sum() == 4 and len(dataset.frames.unique(dim=0)) > 60
