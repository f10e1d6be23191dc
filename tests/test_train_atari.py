"Runs side by side, what is read of them, what is said about them, and what is kept."
import csv
import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
torch.set_num_threads(1)
import twm_nb.train_atari as room
from plain_cells import plain_cells
from twm_nb.analysis import play_real
from twm_nb.commands import twm_atari
from twm_nb.config import ConfigError, preset
from twm_nb.run_folder import RUN_FILES, read_metrics
from twm_nb.statistics import paper_table
from twm_nb.system import load_system
from twm_nb.train_atari import Board, Job, beside_the_paper, jobs_for, keep, read_scores, side_by_side, stages
from twm_nb.trainer import Trainer
from twm_nb.twm import plan

SHORT = dict(environment_steps=180, prefill_steps=150, pretraining_samples=3_000, total_samples=9_000, evaluation_every=10, evaluation_episodes=3,
             final_evaluation_episodes=5, log_every=2)
SET = [f'{k}={v}' for k, v in SHORT.items()]
page = plain_cells('20_train_atari')          # what it compares, draws and finds is in cells of its own
posix = pytest.mark.skipif(sys.platform == 'win32', reason='there are no sessions and no SIGKILL')


def atari(*args, **kwargs):
    "The command, in a process of its own."
    return subprocess.run([sys.executable, '-m', 'twm_nb.commands', 'twm_atari', *map(str, args)], capture_output=True, text=True, **kwargs)


def job(folder, name, code):
    "A job whose command is a line of Python in which FOLDER is its folder; it is finished if that makes scores.json."
    code = code.replace('FOLDER', repr(str(folder / name)))
    return Job(preset('tiny', **SHORT), folder / name, [sys.executable, '-S', '-c', f'import os, signal, sys, time\n{code}'])

GOOD = 'time.sleep(.3); os.mkdir(FOLDER); open(FOLDER + "/scores.json", "w")'


def lines_of(page): return page.getvalue().splitlines()
def quiet(): return Board(io.StringIO(), 'file')


@pytest.fixture(scope='module')
def finished(tmp_path_factory):
    "Two finished runs, made by the command, and what it said."
    folder = tmp_path_factory.mktemp('finished') / 'runs'
    done = atari('--games', 'Catch', '--preset', 'tiny', '--seeds', 2, '--run', folder, '--keep', folder.parent / 'kept', '--set', *SET)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done


# --- what the module needs

def test_needs_no_notebook():
    code = 'import sys\nfor m in ("IPython", "ipykernel", "nbdev", "execnb", "rliable", "ipywidgets", "anywidget", "pooch"): sys.modules[m] = None\nimport twm_nb.train_atari'
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_help_fits_a_terminal():
    done = atari('--help', env=os.environ | {'COLUMNS': '80'})
    assert done.returncode == 0 and done.stderr == '' and max(map(len, done.stdout.splitlines())) <= 80
    for option in ('--games', '--seeds', '--preset', '--run', '--parallel', '--minutes', '--set', '--device', '--dtype', '--keep'): assert option in done.stdout


# --- the same update twice

@pytest.fixture(scope='module')
def itself(): return page.compare_devices(preset('tiny'), ('cpu', 'float32'), ('cpu', 'float32'))


def test_an_update_equals_itself(itself):
    assert [r for r in itself['metrics'] if r['difference']] == [] and len(itself['metrics']) > 20
    assert set(itself['gradients']) == {'observation', 'dynamics', 'actor', 'critic'} and min(itself['gradients'].values()) > 1 - 1e-9


def test_noise_is_recorded_and_used(itself, monkeypatch):
    c = preset('tiny')
    assert itself['draws'] == 1 + 1 + 1 + 1 + 3 * c.horizon                  # codes of sequences, of contexts, of fresh frames; starts; then action, state, pool
    update = page.update_once
    def disturbed(system, batch, weights, noise=None, graphed=False):
        return update(system, batch, weights, noise and [x.flip(0) if x.is_floating_point() else x for x in noise], graphed)
    monkeypatch.setattr(page, 'update_once', disturbed)
    other = page.compare_devices(c, ('cpu', 'float32'), ('cpu', 'float32'))
    assert sum(r['difference'] > 0 for r in other['metrics']) > 10 and min(other['gradients'].values()) < .999


def test_noise_of_another_shape_or_too_little_is_refused():
    with page.Noise() as mode: torch.rand(3)
    with pytest.raises(ValueError, match='draw 0'), page.Noise(mode.drawn): torch.rand(4)
    with pytest.raises(ValueError, match='draw 1'), page.Noise(mode.drawn): torch.rand(3); torch.rand(3)
    with page.Noise() as mode: torch.randint(5, (3,)); torch.rand_like(torch.ones(2)); torch.ones(2); torch.arange(3)
    assert [tuple(x.shape) for x in mode.drawn] == [(3,), (2,)]


def test_after_the_warm_up_of_a_graph_all_is_as_before(itself, monkeypatch):
    "The bookkeeping of the branch for GPUs: a `Graphed` without a graph, whose three calls of warm-up move weights and Adam."
    class Plain:
        warm_up = 3
        def __init__(self, update): self.update = update
        def __call__(self, batch): return self.update(batch)
    monkeypatch.setattr(page, 'Graphed', Plain)
    again = page.compare_devices(preset('tiny'), ('cpu', 'float32'), ('cpu', 'float32'), graphed=True)
    assert again['metrics'] == itself['metrics'] and min(again['gradients'].values()) > 1 - 1e-9
    monkeypatch.setattr(page, 'start_again', lambda system, weights: system.load_state_dict(weights))    # Adam goes on
    assert any(r['difference'] for r in page.compare_devices(preset('tiny'), ('cpu', 'float32'), ('cpu', 'float32'), graphed=True)['metrics'])


@pytest.mark.skipif(not torch.cuda.is_available(), reason='there is no GPU')
@pytest.mark.parametrize('dtype, cosine', [('float32', .99), ('bfloat16', .9)])
def test_a_gpu_computes_the_same(dtype, cosine):
    found = page.compare_devices(preset('tiny'), ('cpu', 'float32'), ('cuda', dtype), graphed=True)
    differences = {r['metric']: r['difference'] for r in found['metrics']}
    assert differences['reconstruction'] < .01 and differences['latent_loss'] < .05 and found['gradients']['observation'] > cosine
    assert found['draws'] == 4 + 3 * preset('tiny').horizon


# --- several processes

@posix
def test_a_failing_run_does_not_stop_the_others_and_says_why(tmp_path):
    page = io.StringIO()
    jobs = [job(tmp_path, 'bad', 'sys.stderr.write("Catch 0  3%|x| 00:00\\rerror: the game is broken\\nCatch 0  4%|x| 00:01"); sys.exit(3)'), job(tmp_path, 'good', GOOD),
            job(tmp_path, 'late', f'{GOOD}; sys.exit(3)')]                  # there are scores, but it did not end well
    states = side_by_side(jobs, tmp_path, at_once=1, board=Board(page, 'file'))
    assert states == {'bad': 'failed', 'good': 'finished', 'late': 'failed'}
    assert any('bad has failed (exit code 3): error: the game is broken' in l for l in lines_of(page))
    assert (tmp_path / 'bad.log').exists() and (tmp_path / 'good.log').read_text() == ''
    assert [m['at_once'] for m in json.loads((tmp_path / 'machine.json').read_text())] == [1]


def test_last_words_are_those_of_this_start(tmp_path):
    log = tmp_path / 'x.log'
    log.write_text('error: of yesterday\n')
    begun = log.stat().st_size
    assert room.read_last_words(log, begun) == 'nothing was said' and room.read_last_words(log) == 'error: of yesterday'
    log.write_text('error: of yesterday\nCatch 0  3%|x|\rerror: of today\nCatch 0  4%|x|')
    assert room.read_last_words(log, begun) == 'error: of today'


@posix
def test_never_more_than_at_once(tmp_path):
    note = 'open(FOLDER + ".begun", "w").write(repr(time.time())); time.sleep(.6); open(FOLDER + ".ended", "w").write(repr(time.time())); os.mkdir(FOLDER); open(FOLDER + "/scores.json", "w")'
    states = side_by_side([job(tmp_path, f'r{i}', note) for i in range(5)], tmp_path, at_once=2, board=quiet())
    assert set(states.values()) == {'finished'}
    times = [(float((tmp_path / f'r{i}.begun').read_text()), float((tmp_path / f'r{i}.ended').read_text())) for i in range(5)]
    together = [sum(a <= t < b for a, b in times) for t, _ in times]
    assert max(together) == 2


@posix
def test_after_the_time_all_are_asked_to_stop_and_then_killed(tmp_path):
    page = io.StringIO()
    polite = 'signal.signal(15, lambda *a: sys.exit(143)); open(FOLDER + ".up", "w"); time.sleep(60)'
    stubborn = 'signal.signal(15, signal.SIG_IGN); open(FOLDER + ".up", "w"); time.sleep(60)'
    runs = room.SideBySide([job(tmp_path, 'polite', polite), job(tmp_path, 'stubborn', stubborn), job(tmp_path, 'later', GOOD)], 2, minutes=2 / 60, board=Board(page, 'file'), grace=1.)
    began = time.monotonic()
    assert runs.run() == {'polite': 'stopped', 'stubborn': 'stopped', 'later': 'waiting'} and 2.5 < time.monotonic() - began < 20
    assert (tmp_path / 'stubborn.up').exists() and (tmp_path / 'polite.up').exists() and any('0.0333' in l for l in lines_of(page))


class Impatient(Board):
    "Stops the runs as soon as one of them trains."
    def show(self, text, last=False):
        if any(l['phase'] == 'train' for w in self.runs.watches.values() for l in w.read()): self.runs.stop('enough')


@posix
def test_what_was_stopped_ends_as_if_it_had_not_been(tmp_path):
    longer = SET + ['total_samples=25_000']
    (one,) = jobs_for(['Catch'], [3], 'tiny', tmp_path / 'runs', longer)
    (tmp_path / 'runs').mkdir()
    board = Impatient(io.StringIO(), 'file')
    board.runs = room.SideBySide([one], board=board)
    assert board.runs.run(every=0) == {'Catch-seed3': 'stopped'}
    rows = stages(one.folder)                                            # unfinished runs are read as well
    assert [r['interactions'] for r in rows][0] == 150 and not rows[-1]['finished'] and rows[-1]['at_once'] == '1'
    assert page.check_up(one.folder).rows and page.loss_figure(one.folder) and '(' not in page.score_figure(rows).axes[0].get_title()
    system = page.open_run(one.folder)                                        # from the checkpoint
    assert not (one.folder / 'models').exists() and len(play_real(system, 5)) == 5
    assert side_by_side([one], tmp_path / 'runs', board=quiet()) == {'Catch-seed3': 'finished'}
    Trainer(one.config, tmp_path / 'alone').fit()
    for name in ('scores.json', 'episodes.json', 'models/models.safetensors'): assert (one.folder / name).read_bytes() == (tmp_path / 'alone' / name).read_bytes(), name
    ours, theirs = stages(one.folder), stages(tmp_path / 'alone')
    assert [(r['interactions'], r['updates'], r['score']) for r in ours] == [(r['interactions'], r['updates'], r['score']) for r in theirs]


@posix
def test_ctrl_c_saves_all_and_the_command_goes_on(tmp_path):
    command = [sys.executable, '-m', 'twm_nb.commands', 'twm_atari', '--games', 'Catch', '--preset', 'tiny', '--run', tmp_path / 'runs']
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    metrics = tmp_path / 'runs/Catch-seed0/metrics.jsonl'
    for _ in range(600):
        if metrics.exists() and metrics.stat().st_size: break
        time.sleep(.1)
    os.killpg(process.pid, signal.SIGINT)                                # as a terminal sends it: to the command, not to sessions of their own
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and 'goes on' in err and 'interrupted: 1 of the runs' in out, out + err
    history = [json.loads(l) for l in (tmp_path / 'runs/Catch-seed0/history.jsonl').read_text().splitlines()]
    assert history[-1]['event'] == 'stopped' and history[-1]['by'] == 'SIGTERM'
    assert list((tmp_path / 'runs/Catch-seed0/checkpoint').glob('[0-9]*'))


def test_the_command_as_a_whole(finished):
    folder, done = finished
    assert sorted(f.name for f in folder.iterdir()) == ['Catch-seed0', 'Catch-seed0.log', 'Catch-seed1', 'Catch-seed1.log', 'machine.json']
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 79 and '\x1b' not in done.stdout and done.stderr == ''
    last = lines[[i for i, l in enumerate(lines) if l == room.HEADING][-1] + 1:][:2]
    assert [l.split()[:2] for l in last] == [['Catch-seed0', 'finished'], ['Catch-seed1', 'finished']] and all('100%' in l for l in last)
    assert {f.name for f in (folder / 'Catch-seed0').iterdir()} <= set(RUN_FILES)
    assert 'score' in (folder / 'Catch-seed0.log').read_text()


def test_finished_runs_are_left_alone(finished, tmp_path):
    folder, _ = finished
    before = {f: f.stat().st_mtime_ns for f in folder.rglob('*')}
    page = io.StringIO()
    states = side_by_side(jobs_for(['Catch'], range(2), 'tiny', folder, SET), folder, board=Board(page, 'file'))
    assert set(states.values()) == {'finished'} and len(lines_of(page)) == 2
    assert {f: f.stat().st_mtime_ns for f in folder.rglob('*')} == before


# --- bad input

@pytest.mark.parametrize('wrong, word', [
    (dict(games=['Brekout']), 'Breakout'), (dict(overrides=['horizn=3']), 'horizon'), (dict(overrides=['game=Pong']), '--game'),
    (dict(at_once=0), 'at least 1'), (dict(minutes=0), 'above 0'), (dict(minutes=math.nan), 'above 0'), (dict(preset_name='huge'), 'huge'), (dict(device='cuda:77'), 'cuda:77')])
def test_bad_input_is_refused_before_anything_is_made(wrong, word, tmp_path):
    given = dict(games=['Catch'], preset_name='tiny', overrides=SET, device='auto', at_once=1, minutes=None) | wrong
    with pytest.raises(ConfigError, match=word):
        jobs = jobs_for(given['games'], [0], given['preset_name'], tmp_path / 'runs', given['overrides'], given['device'])
        side_by_side(jobs, tmp_path / 'runs', given['at_once'], given['minutes'], quiet())
    assert list(tmp_path.iterdir()) == []


def test_bad_input_is_one_sentence_and_code_2(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for wrong in (dict(games='Brekout'), dict(seeds=0), dict(parallel=0), dict(minutes=-1.), dict(set=['horizon=x'])):
        with pytest.raises(SystemExit) as e: twm_atari(**dict(preset='tiny', games='Catch') | wrong)
        out, err = capsys.readouterr()
        assert e.value.code == 2 and err.startswith('error: ') and len(err.splitlines()) == 1 and out == ''
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_something_else(finished, tmp_path):
    folder, _ = finished
    def request(folder, overrides=SET): side_by_side(jobs_for(['Catch'], [0], 'tiny', folder, overrides), folder, board=quiet())
    with pytest.raises(ConfigError, match='single run'): request(folder / 'Catch-seed0')
    with pytest.raises(ConfigError, match='another configuration'): request(folder, SET + ['horizon=9'])
    (tmp_path / 'machine.json').write_text('[3]')
    with pytest.raises(ConfigError, match='machine.json'): request(tmp_path)
    with pytest.raises(ConfigError, match='machine.json'): request(tmp_path / 'machine.json')      # a file is no folder
    assert [f.name for f in tmp_path.iterdir()] == ['machine.json']


def test_a_gpu_preset_on_a_cpu_is_announced(tmp_path, monkeypatch):
    monkeypatch.setattr(room.SideBySide, 'run', lambda self: {})
    for game, name, unwise in (('Pong', 'paper', True), ('Catch', 'tiny', False)):
        page = io.StringIO()
        side_by_side(jobs_for([game], [0], name, tmp_path, device='cpu'), tmp_path, board=Board(page, 'file'))
        assert ('meant for a GPU' in page.getvalue()) == unwise and page.getvalue().startswith('1 run, 2 at a time, on CPU')


# --- what is shown meanwhile

@pytest.mark.parametrize('found', [
    dict(phase='last games', share=1., interactions=100_000, rate=123456.7, score=-123456.789, left=400_000.), dict(phase='train', share=.999, interactions=0, rate=None, score=None, left=None),
    dict(phase='pretrain φ', share=0., interactions=10**7, rate=1e-9, score=1e9, left=10**9)])
@pytest.mark.parametrize('name', ['Pong-seed0', 'ALE_VideoPinball-v5-seed123456789'])
def test_lines_of_the_table_fit(found, name):
    line = room.write_line(name, found)
    assert len(line) <= 79 and len(room.HEADING) <= 79
    if found['share'] < 1: assert '100%' not in line


def test_a_run_is_watched_as_it_writes(tmp_path):
    watch, file = room.Watch(tmp_path), tmp_path / 'metrics.jsonl'
    assert watch.read() == []
    line = lambda step: json.dumps(dict(phase='train', step=step, seconds=0.)) + '\n'
    file.write_text(line(1) + line(2)[:9])
    assert [l['step'] for l in watch.read()] == [1]
    file.write_text(line(1) + line(2) + line(3))
    assert [l['step'] for l in watch.read()] == [1, 2, 3] and [l['step'] for l in watch.read()] == [1, 2, 3]
    file.write_text(line(1))                                             # cut back to a checkpoint
    assert [l['step'] for l in watch.read()] == [1]


def test_where_a_run_stands(finished):
    folder, _ = finished
    lines, c = read_metrics(folder / 'Catch-seed0'), preset('tiny', **SHORT)
    assert room.measure_run([], c) == dict(phase='prefill', share=0., interactions=0, rate=None, score=None, left=None)
    shares = [room.measure_run(lines[:i], c)['share'] for i in range(len(lines) + 1)]
    assert shares == sorted(shares) and shares[-1] == 1.
    end = room.measure_run(lines, c)
    assert end['phase'] == 'last games' and end['interactions'] == 180 and end['score'] == lines[-1]['score'] and end['left'] == 0


def test_time_left_is_work_left_over_pace():
    c, lines = preset('tiny'), [dict(phase='pretrain_dynamics', step=s, seconds=s / 20) for s in range(10, 500, 10)]
    p = plan(c)
    left = sum(p[k].updates * p[k].work for k in p) - 490 * p['pretrain_dynamics'].work          # this log has no φ
    assert math.isclose(room.measure_run(lines, c)['left'], left / (20 * p['pretrain_dynamics'].work))


def test_boards(monkeypatch):
    page = io.StringIO()
    board = Board(page, 'file', every=1e9)
    for text in 'abc': board.show(text)
    board.tell('said'); board.show('d', last=True)
    assert page.getvalue() == 'a\n\nsaid\nd\n'
    page = io.StringIO()
    board = Board(page, 'file', every=math.inf)
    for text in 'abc': board.show(text)
    board.show('d', last=True)
    assert page.getvalue() == 'd\n'
    monkeypatch.setattr(room.shutil, 'get_terminal_size', lambda: os.terminal_size((30, 5)))
    page = io.StringIO()
    board = Board(page, 'terminal')
    board.show('\n'.join(f'{i} ' + 'x' * 70 for i in range(9)))
    shown = page.getvalue().splitlines()
    assert len(shown) == 4 and max(map(len, shown)) <= 29 and '6 more' in shown[-1]
    board.show('z')
    assert page.getvalue().endswith('\x1b[4A\x1b[Jz\n')


def test_in_a_notebook_the_output_is_replaced(monkeypatch):
    import IPython.display
    done = []
    class Handle:
        def update(self, *args, **kwargs): done.append(('update', args, kwargs))
    monkeypatch.setattr(IPython.display, 'display', lambda *args, **kwargs: done.append(('display', args, kwargs)) or Handle())
    monkeypatch.setattr(room, 'in_notebook', lambda: True)
    board = Board(io.StringIO())
    board.show('a'); board.show('b', last=True)
    assert [(what, args[0]['text/plain'], kwargs['raw']) for what, args, kwargs in done] == [('display', 'a', True), ('update', 'b', True)]


# --- reading

def test_stages_are_what_was_evaluated(finished):
    folder, _ = finished
    rows, lines = stages(folder / 'Catch-seed1'), read_metrics(folder / 'Catch-seed1')
    assert [r['interactions'] for r in rows] == [150, 160, 170, 180] and [r['updates'] for r in rows][::3] == [0, plan(preset('tiny', **SHORT))['train'].updates]
    last, final = rows[-1], json.loads((folder / 'Catch-seed1/scores.json').read_text())['Catch'][0]
    assert last['score'] == final and last['low'] <= final <= last['high'] and last['episodes'] == 5 and last['finished'] and last['seed'] == 1
    made = {}
    for l in lines:                                                     # updates of each evaluation, by the log itself: it has a line for every second one
        if l['phase'] == 'train': made['n'] = l['step']
        elif l['phase'] == 'evaluation': made[l['step']] = made.get('n', 0)
    assert all(0 <= r['updates'] - made[r['interactions']] < 2 for r in rows)
    assert last['preset'].startswith('tiny, ') and 'total_samples=9000' in last['preset'] and 'log_every' not in last['preset'] and 'whole games' in last['protocol']
    assert stages(folder) == [*stages(folder / 'Catch-seed0'), *rows]
    with pytest.raises(ConfigError, match='no run'): stages(folder / 'Catch-seed1/agent/none')


def test_names_of_presets():
    for name in ('tiny', 'small', 'paper'): assert room.name_preset(preset(name, game='Boxing', seed=3, device='cpu', dtype='bfloat16', threads=2)) == name
    assert room.name_preset(preset('paper', horizon=10, reward_tokens=False)) == 'paper, reward_tokens=False, horizon=10'


def row(**values): return dict(game='Pong', seed=0, interactions=5_000, score=1., low=0., high=2., finished=True) | values


def test_beside_the_paper():
    table = paper_table('table2')['games']
    rows = [row(seed=s, interactions=n, score=float(s)) for s in range(3) for n in (5_000, 10_000, 15_000, 100_000) if s < 2 or n < 100_000]
    paper, ours = beside_the_paper(rows)
    assert list(paper)[2:] == ['5K', '10K', '25K', '50K', '75K', '100K'] == list(ours)[2:]
    assert [paper[c] for c in list(paper)[2:]] == [f'{table["Pong"][c]:.1f}' for c in list(paper)[2:]]
    assert ours['scores of'] == 'ours, 3 seeds' and ours['25K'] == '' and ours['5K'] == '1.00 [0.00, 2.00]' and ours['100K'].startswith('0.50 [') and '(2 of 3)' in ours['100K']
    (single,) = [r for r in beside_the_paper([row(score=-20.5, low=-21., high=-19.)]) if 'ours' in r['scores of']]
    assert single['5K'] == '-20.5 [-21.0, -19.0]' and single['scores of'] == 'ours, 1 seed'
    (catch,) = beside_the_paper([row(game='Catch', interactions=1_750)])
    assert catch == {'game': 'Catch', 'scores of': 'ours, 1 seed', '1.75K': '1.00 [0.00, 2.00]'}
    small = beside_the_paper([row(interactions=3_000)])[1]                # the preset small: no stage of the paper
    assert list(small)[2:4] == ['3K', '5K'] and small['3K'] and not small['5K']


def test_score_figure_has_the_papers_points_and_both_lines():
    figure = page.score_figure([row(), row(interactions=10_000), row(game='Catch', interactions=100), row(game='Boxing')])
    pong, catch, boxing = figure.axes
    points = {l.get_label(): l for l in pong.lines}
    assert np.array_equal(points['paper, 5 runs'].get_xdata(), [5_000, 10_000, 25_000, 50_000, 75_000, 100_000]) and points['random'].get_ydata()[0] == -20.7
    assert 'paper, 5 runs' not in [l.get_label() for l in catch.lines] and catch.get_title() == 'Catch'


# --- has it learned?

GOOD_READING = dict(pixel_error=.02, latent_loss=3., latent_kl=.5, reward_share=.3, discount_share=.2, encoder_entropy=.2, predictor_entropy=.2, policy_entropy=.4, reward=.1, value=.5, returns=.6)
FACTS = dict(reward=.1, variance=.04, ends=.01, mean_frame=.2)

@pytest.mark.parametrize('values, begins', [
    (dict(encoder_entropy=.001), 'The codes have collapsed'), (dict(encoder_entropy=.99), 'The codes are nearly uniform'), (dict(pixel_error=.19), 'Reconstructions are hardly'),
    (dict(predictor_entropy=.97), 'Predicted codes are nearly uniform'), (dict(reward_share=.95), 'The reward is predicted no better'), (dict(discount_share=1.), 'Ends are not foreseen'),
    (dict(policy_entropy=.99), 'The policy is still uniform'), (dict(policy_entropy=.001), 'The policy is deterministic'), (dict(reward=.2), 'Imagined rewards'), (dict(reward=0.), 'Imagined rewards')])
def test_what_looks_wrong_is_said(values, begins):
    (sentence,) = page.find_faults(GOOD_READING | values, FACTS)
    assert sentence.startswith(begins) and 'nan' not in sentence


def test_nothing_is_said_of_a_good_run_or_of_what_is_not_known():
    assert page.find_faults(GOOD_READING, FACTS) == [] and page.find_faults(GOOD_READING | dict(reward_share=math.nan, discount_share=math.nan), {}) == []


def test_readings_by_hand():
    c, floor = preset('paper'), .5 * math.log(2 * math.pi)
    ends, γ = .25, c.discount
    best = -(1 - ends) * (γ * math.log(γ) + (1 - γ) * math.log(1 - γ))     # Bernoulli(γ) where an episode goes on; nothing where it ends for certain
    line = dict(reconstruction=16_384 * (floor + .5 * .01), latent_loss=20., reward_loss=floor + .5 * .03, discount_loss=best, encoder_entropy=.1, predictor_entropy=.1, policy_entropy=.5, reward=0.,
                value=0., returns=0.)
    facts = dict(variance=.06, ends=ends, mean_frame=.2, reward=0.)
    def read(line, facts): return {k: value for k, (value, meaning) in page.read_line(line, c, facts).items()}
    found = read(line, facts)
    assert math.isclose(found['pixel_error'], .1) and math.isclose(found['latent_kl'], 20 - .1 * 32 * math.log(32)) and math.isclose(found['reward_share'], .5) and abs(found['discount_share']) < 1e-9
    q = γ * (1 - ends)
    assert math.isclose(read(line | dict(discount_loss=-(q * math.log(q) + (1 - q) * math.log(1 - q))), facts)['discount_share'], 1.)
    for unknown in ({}, facts | dict(mean_frame=.2, reward=0., variance=0., ends=0.)):
        assert math.isnan(read(line, unknown)['reward_share']) and math.isnan(read(line, unknown)['discount_share'])


def test_a_score_like_chance_is_noticed():
    c = preset('paper', game='Pong')
    assert 'chance' in page.judge_score([row(interactions=60_000, score=-20.5, low=-21., high=-20.)], c)[0]
    assert page.judge_score([row(interactions=60_000, score=-10., low=-12., high=-8.)], c) == page.judge_score([row(score=-21., low=-21.)], c) == page.judge_score([], c) == []


def test_check_up_of_a_run(finished, tmp_path):
    folder, _ = finished
    found = page.check_up(folder / 'Catch-seed0')
    facts = page.learn_facts(folder / 'Catch-seed0')
    assert [r['quantity'] for r in found.rows] == list(GOOD_READING) and 0 < facts['variance'] < 1 and .15 < facts['ends'] < .25 and .1 < facts['mean_frame'] < .3
    assert found._repr_markdown_().count('\n| ') >= len(GOOD_READING)
    (tmp_path / 'config.json').write_text((folder / 'Catch-seed0/config.json').read_text())
    with pytest.raises(ConfigError, match='not|no'): page.check_up(tmp_path)
    with pytest.raises(ConfigError, match='no checkpoint'): page.open_run(tmp_path)


@pytest.mark.parametrize('horizon', [1, 2, 5, 40])
def test_real_returns_against_a_recursive_version(horizon):
    random = np.random.default_rng(horizon)
    n, γ = 30, .9
    r, d = random.normal(size=n), random.random(n) < .2
    terminated = d & (random.random(n) < .6)
    def total(i, left):                                                 # backwards: a reward and what follows it
        if i == n: return math.nan
        if left == 1 or terminated[i]: return r[i]
        return math.nan if d[i] else r[i] + γ * total(i + 1, left - 1)
    np.testing.assert_allclose(page.sum_rewards(r, terminated, d, horizon, γ), [total(i, horizon) for i in range(n)])


def test_returns_beside_each_other():
    "The stored model of Catch: dreams and critic agree with the game about states that are good, and about bad ones."
    torch.manual_seed(0)
    system = load_system('Catch')
    found = page.returns_beside(system, play_real(system, 300), count=100, dreams=2)
    assert all(len(x) == 100 for x in found.values())
    near, far = page.returns_table(found)
    assert near['real'] > .8 and abs(near['by the model'] - near['real']) < .4 and abs(far['by the model'] - far['real']) < .4 and near['states'] == 100
    assert len(page.returns_figure(found).axes) == 2
    x = np.array([1., 2., 3., math.nan])
    near, far = page.returns_table(dict(real=x, imagined=2 * x + 1, to_the_end=x, value=np.ones(4)))
    assert math.isclose(near['correlation'], 1.) and near['states'] == 3 and math.isnan(far['correlation'])


def test_a_look(finished):
    torch.manual_seed(0)
    system = page.open_run(finished[0] / 'Catch-seed0')
    assert set(page.look(system, play_real(system, 60))) == {'continuation', 'dream', 'attention'}


# --- what is kept

def test_what_is_kept_is_read_back_and_has_the_same_bytes(finished, tmp_path):
    folder, done = finished
    def kept(): return keep(folder, tmp_path, weights=True) + page.keep_pictures(folder, tmp_path / 'pictures')
    files = kept()
    names = {f.relative_to(tmp_path).as_posix() for f in files}
    assert {'scores/Catch.csv', 'curves/Catch-seed0.csv', 'curves/Catch-seed1.csv', 'weights/Catch-seed1/small.safetensors', 'pictures/catch_dream.png'} <= names
    before = {f: f.read_bytes() for f in files}
    assert kept() == files and {f: f.read_bytes() for f in files} == before
    assert read_scores(tmp_path / 'scores') == stages(folder)
    by_option = folder.parent / 'kept'                                   # --keep
    assert (by_option / 'scores/Catch.csv').read_bytes() == (tmp_path / 'scores/Catch.csv').read_bytes() and 'kept in' in done.stdout
    assert load_system(tmp_path / 'weights/Catch-seed0').config.game == 'Catch'
    curve = list(csv.DictReader((tmp_path / 'curves/Catch-seed0.csv').open()))
    assert float(curve[-1]['interactions']) == 180 and 0 < len(curve) <= 200 and 'reconstruction' in curve[0]


def test_keeping_one_run_leaves_the_others(finished, tmp_path):
    folder, _ = finished
    keep(folder / 'Catch-seed1', tmp_path)
    assert {r['seed'] for r in read_scores(tmp_path / 'scores')} == {1}
    keep(folder / 'Catch-seed0', tmp_path)
    rows = read_scores(tmp_path / 'scores')
    assert [(r['seed'], r['interactions']) for r in rows] == [(s, n) for s in (0, 1) for n in (150, 160, 170, 180)]


def test_the_longer_of_two_runs_is_not_lost(finished, tmp_path):
    folder, _ = finished
    keep(folder / 'Catch-seed0', tmp_path)
    run = tmp_path / 'runs/Catch-seed0'
    run.mkdir(parents=True)
    (run / 'config.json').write_text((folder / 'Catch-seed0/config.json').read_text())
    lines = (folder / 'Catch-seed0/metrics.jsonl').read_text().splitlines(keepends=True)
    (run / 'metrics.jsonl').write_text(''.join(l for l in lines if '"step": 180' not in l))
    before = (tmp_path / 'scores/Catch.csv').read_bytes()
    with pytest.raises(ConfigError, match='180 interactions'): keep(run, tmp_path)
    assert (tmp_path / 'scores/Catch.csv').read_bytes() == before
    keep(run, tmp_path / 'other')
    keep(folder / 'Catch-seed0', tmp_path / 'other')                   # it has gone on since
    rows = read_scores(tmp_path / 'other/scores')
    assert [r['interactions'] for r in rows] == [150, 160, 170, 180] and all(r['finished'] for r in rows)


def test_runs_of_other_settings_and_damaged_files_are_refused(finished, tmp_path):
    folder, _ = finished
    keep(folder, tmp_path)
    file = tmp_path / 'scores/Catch.csv'
    sound = file.read_text()
    file.write_text(sound.replace('total_samples=9000', 'total_samples=9001'))
    with pytest.raises(ConfigError, match='another folder'): keep(folder, tmp_path)
    for damaged in (sound[:len(sound) // 2], sound.replace('score', 'skore', 1), 'x', '', sound.replace('True', 'Maybe'), sound.replace('Catch,1,160', 'Catch,one,160'), sound.splitlines()[0] + '\n',
                    re.sub(r'(Catch,0,150,150,0,)[^,]*', r'\1nan', sound)):
        file.write_text(damaged)
        with pytest.raises(ConfigError, match='damaged'): read_scores(tmp_path / 'scores')
    assert read_scores(tmp_path / 'nothing') == []
    with pytest.raises(ConfigError, match='no run'): keep(tmp_path, tmp_path)


def test_curves_are_thinned_to_means(finished, tmp_path):
    "Of 1,000 lines five are one row; of three each is one."
    for n in (1_000, 3):
        (tmp_path / 'config.json').write_text((finished[0] / 'Catch-seed0/config.json').read_text())
        (tmp_path / 'metrics.jsonl').write_text(''.join(json.dumps(dict(phase='train', step=i, seconds=0., interactions=i, x=i)) + '\n' for i in range(1, n + 1)))
        (file,) = keep(tmp_path, tmp_path / 'kept')
        found = [float(r['x']) for r in csv.DictReader(file.open())]
        assert found == [float(i) for i in (range(3, n, 5) if n == 1_000 else (1, 2, 3))]


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_time_limits_again_and_again_end_as_one_run(tmp_path):
    "The tiny preset, stopped by the command's own clock until it is finished."
    args = ['--games', 'Catch', '--preset', 'tiny', '--seeds', 2, '--minutes', .4, '--run', tmp_path / 'runs']
    codes = []
    while not codes or codes[-1] == 4: codes.append(atari(*args).returncode)
    assert codes[0] == 4 and codes[-1] == 0
    done = subprocess.run([sys.executable, '-m', 'twm_nb.commands', 'twm_train', '--preset', 'tiny', '--seed', '1', '--run', tmp_path / 'alone'], capture_output=True)
    assert done.returncode == 0
    for name in ('scores.json', 'episodes.json'): assert (tmp_path / 'runs/Catch-seed1' / name).read_bytes() == (tmp_path / 'alone' / name).read_bytes()
