"""Runs that are killed, stopped and damaged end with the same bytes as one that was left alone.

Lives are real processes, forked from a server that has imported torch, and killed by SIGKILL from outside or by
themselves, in the middle of writing a checkpoint. What begins with a run that has ended, or died in pretraining, gets
a copy of one."""
import itertools
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
import torch
from conftest import SHORT, contents, fields, short, walk
from twm_nb.checkpoint import Checkpoints, StorageError, Stopped, own_checksum, read_manifest
from twm_nb.commands import twm_train
from twm_nb.config import ConfigError, load_config
from twm_nb.run_folder import read_metrics
from twm_nb.system import Done, NumbersError
from twm_nb.trainer import Trainer
from twm_nb.twm import PRETRAINING, TWM, plan

pytestmark = pytest.mark.skipif(sys.platform == 'win32', reason='there is neither fork nor SIGKILL')
CATCH = short(final_evaluation_episodes=25)
PROCESSES = get_context('forkserver')
PROCESSES.set_forkserver_preload(['twm_nb.trainer', 'tensorboard', 'torch.utils.tensorboard'])


def life(config, folder, die_in=None, calls=None, limit_after=None):
    """What a process does: trains, and kills itself at the `calls`-th fsync or rename if that is given. With
    `limit_after` no file may grow beyond 400 KB
    once there are so many updates."""
    os.environ['CUDA_VISIBLE_DEVICES'] = ''
    torch.set_num_threads(1)
    sys.stdout = sys.stderr = open(f'{folder}.out', 'a')
    left = [calls]
    def dying(f):
        def call(*args):
            left[0] -= 1
            if left[0] == 0: os.kill(os.getpid(), signal.SIGKILL)
            return f(*args)
        return call
    if calls: os.fsync, Path.rename = dying(os.fsync), dying(Path.rename)
    trainer = Trainer(config, folder)
    if limit_after:
        safe_place = trainer.safe_place
        def place():
            if trainer.done['train'] == limit_after: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
            safe_place()
        trainer.safe_place = place
    try: trainer.fit()
    except Stopped as e: sys.exit(128 + e.signum)
    except StorageError as e: sys.stderr.write(f'{e}\n'); sys.stderr.flush(); os._exit(1)


def start(config, folder, **kwargs):
    process = PROCESSES.Process(target=life, args=(config, folder), kwargs=kwargs)
    process.start()
    return process


def live(config, folder, seconds=None, **kwargs):
    "A life, killed after `seconds`; its exit code, 0 if it came to its end."
    process = start(config, folder, **kwargs)
    process.join(seconds)
    if process.is_alive(): process.kill()
    process.join()
    return process.exitcode


def without_times(x):
    return {k: v for k, v in x.items() if k not in ('seconds', 'evaluation_seconds', 'time')}


def same(a, b, where=''):
    "Are two states equal, to the last bit?"
    if torch.is_tensor(a): assert a.dtype == b.dtype and torch.equal(a, b), where
    elif isinstance(a, dict):
        assert a.keys() == b.keys(), where
        for k in a:
            if k != 'seconds' and where != 'log.length': same(a[k], b[k], f'{where}.{k}')
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), where
        for i, (x, y) in enumerate(zip(a, b)): same(x, y, f'{where}[{i}]')
    else: assert a == b or (a != a and b != b), f'{where}: {a} {b}'


def assert_same_run(a, b):
    "Agent, models, scores, pictures, the log without times, and all that the last checkpoint holds."
    for name in ('agent/agent.safetensors', 'models/models.safetensors', 'episodes.json', 'scores.json', 'dream.png'):
        assert (a / name).read_bytes() == (b / name).read_bytes(), name
    assert [without_times(l) for l in read_metrics(a)] == [without_times(l) for l in read_metrics(b)]
    x, y = (Checkpoints(f / 'checkpoint').load_newest() for f in (a, b))
    for s in (x, y): s.state['log'].pop('length')                       # times have different numbers of digits
    same(x.state, y.state); same(x.weights, y.weights)
    assert np.array_equal(x.frames, y.frames)


@pytest.fixture(scope='module')
def undisturbed(tmp_path_factory):
    "A run that was left alone, by configuration."
    runs = {}
    def get(config):
        if config not in runs:
            runs[config] = tmp_path_factory.mktemp('undisturbed') / 'run'
            assert live(config, runs[config]) == 0
        return runs[config]
    return get


@pytest.fixture(scope='module')
def finished(tmp_path_factory):
    "Copies a run that the command has finished to a folder."
    run = tmp_path_factory.mktemp('finished') / 'r'
    command(run)
    return lambda folder: shutil.copytree(run, folder)


@pytest.fixture(scope='module')
def died(tmp_path_factory):
    "Copies a run that died in pretraining, right after its only checkpoint, to a folder."
    run = tmp_path_factory.mktemp('died') / 'r'
    assert dies_at(CATCH, run, 160)
    return lambda folder: shutil.copytree(run, folder)


def haunted(config, folder, reference, kills, rng, longest):
    """Kills runs of `config` at `kills` random moments, a third of them in the writing of a checkpoint; compares all
    that finish."""
    done, deaths, often = 0, 0, config.replace(save_seconds=0)
    while deaths < kills:
        run, lives = folder / f'run{done}', 0
        while True:
            inside = rng.random() < 1 / 3
            code = live(often, run, None, calls=rng.randint(1, 40)) if inside else live(often, run,
                                                                                        rng.uniform(.2, longest))
            if code == 0: break
            assert code == -signal.SIGKILL, (run.parent / f'{run.name}.out').read_text()
            deaths, lives = deaths + 1, lives + 1
            if deaths >= kills: assert live(often, run) == 0; break
        assert_same_run(reference, run)
        history = [e for l in (run / 'history.jsonl').read_text().splitlines()
                   if (e := json.loads(l)['event']) != 'first checkpoint']
        assert history[-1] == 'finished' and len(history) - 1 <= lives + 1
        done += 1
    return done


def test_killed_at_some_moments(tmp_path, undisturbed):
    haunted(CATCH, tmp_path, undisturbed(CATCH), 4, random.Random(0), longest=2.)


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_catch_killed_at_25_random_moments(tmp_path, undisturbed):
    config = CATCH.replace(environment_steps=400, prefill_steps=300, pretraining_samples=20_000, total_samples=60_000,
                           evaluation_every=50, final_evaluation_episodes=40)
    haunted(config, tmp_path, undisturbed(config), 25, random.Random(int(os.environ.get('SEED', 0))), longest=4.)


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize('changes',
                         [dict(game='Breakout'), dict(game='Boxing', policy_input='zh', sticky_action_probability=.25)],
                         ids=lambda c: c['game'])
def test_atari_killed_at_3_random_moments(tmp_path, undisturbed, changes):
    config = CATCH.replace(frame_stack=4, reward_transform='tanh', max_frames_per_episode=2_000,
                           final_evaluation_episodes=4, evaluation_episodes=2, environment_steps=400, prefill_steps=300,
                           pretraining_samples=20_000, total_samples=40_000, evaluation_every=50, **changes)
    haunted(config, tmp_path, undisturbed(config), 3, random.Random(1), longest=4.)


class Died(BaseException): "The end of a process, within this one."


def dies_at(config, folder, k, save=True):
    "A life in this process that saves and dies at the k-th safe place; False if the run ended before."
    trainer, count = Trainer(config, folder), [0]
    safe_place = trainer.safe_place
    def place():
        count[0] += 1
        if count[0] == k:
            if save: trainer.save()
            raise Died
        safe_place()
    trainer.safe_place = place
    try: trainer.fit(); return False
    except Died: return True


@pytest.mark.parametrize('changes', [
    dict(), dict(policy_input='zh'), dict(policy_input='zh', use_memory=False),
    dict(dropout=.2, frame_stack=3, decoder_from_mean_image=True),
    dict(pretraining_samples=0),
    dict(game='Boxing', frame_stack=4, max_frames_per_episode=160, sticky_action_probability=.5, evaluation_episodes=1,
         final_evaluation_episodes=2),
    dict(game='twm_nb/Catch-v0')], ids=lambda c: '-'.join(map(str, c.values())))
def test_every_phase_can_be_taken_up(tmp_path, capsys, changes):
    config = CATCH.replace(**dict(final_evaluation_episodes=12, save_seconds=1000) | changes)
    Trainer(config, tmp_path / 'alone').fit()
    for k in (40, 33, 7, 21, 30, 12, 6, 9, 3): dies_at(config, tmp_path / 'run', k)
    Trainer(config, tmp_path / 'run').fit()
    assert_same_run(tmp_path / 'alone', tmp_path / 'run')
    assert capsys.readouterr().err.count('goes on from checkpoint') == 9


def test_each_phase_is_met(tmp_path, capsys):
    "Dies at one safe place in each of the phases, with the checkpoint right there."
    config = CATCH.replace(save_seconds=1000, evaluation_episodes=12, pretraining_shares=(.3, .4, .3),
                           pretraining_samples=9_000, total_samples=13_000)
    full, met = {kind: p.updates for kind, p in plan(config).items()}, []
    first, second, third, last = full.values()
    assert min(full.values()) >= 2
    Trainer(config, tmp_path / 'alone').fit()
    def state(): return Checkpoints(tmp_path / 'run/checkpoint').load_newest().state
    for k in (10, 140 + 1, first, second, third, 1 + 4):
        assert dies_at(config, tmp_path / 'run', k)
        s = state()
        met.append((len(s['dataset']['actions']), *(s['updates'].get(kind, 0) for kind in PRETRAINING),
                    s['evaluated'], len(s['playing'])))
    assert met == [(10, 0, 0, 0, -1, 0), (150, 1, 0, 0, -1, 0), (150, first, 1, 0, -1, 0),
                   (150, first, second, 1, -1, 0), (150, first, second, third, -1, 10),
                   (153, first, second, third, 150, 0)]
    left = list(walk(TWM(config, 3), Done(153, Counter(s['updates']), s['evaluated'])))
    assert dies_at(config, tmp_path / 'run', len(left) + 2 * left.count('evaluate') + 1)
    assert len(state()['playing']) == 10 and len(state()['dataset']['actions']) == 180
    assert state()['updates']['train'] == last
    Trainer(config, tmp_path / 'run').fit()
    assert_same_run(tmp_path / 'alone', tmp_path / 'run')


def test_saving_changes_nothing(tmp_path, undisturbed):
    trainer = Trainer(CATCH.replace(save_seconds=0), tmp_path / 'run')
    safe_place = trainer.safe_place
    places = itertools.count()
    trainer.safe_place = lambda: (next(places) % 4 or trainer.save(), safe_place())
    trainer.fit()
    assert_same_run(undisturbed(CATCH), tmp_path / 'run')


# ---------- signals, locks, the command ----------

def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(.02)


@pytest.mark.parametrize('signum', [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop(tmp_path, undisturbed, signum):
    process = start(CATCH, tmp_path / 'run')
    wait_for(lambda: (tmp_path / 'run/metrics.jsonl').exists()
             and 'pretrain_dynamics' in (tmp_path / 'run/metrics.jsonl').read_text())
    os.kill(process.pid, signum)
    process.join()
    assert process.exitcode == 128 + signum and Checkpoints(tmp_path / 'run/checkpoint').numbers()
    state = Checkpoints(tmp_path / 'run/checkpoint').load_newest().state
    assert state['updates']['pretrain_dynamics'] > 0, 'nothing is lost'
    assert live(CATCH, tmp_path / 'run') == 0
    assert_same_run(undisturbed(CATCH), tmp_path / 'run')


SET = fields(**SHORT | dict(final_evaluation_episodes=25))


def command(folder, **kwargs):
    return twm_train(**{**dict(game='Catch', preset='tiny', device='cpu', run=str(folder), set=SET), **kwargs})


def test_the_command_stops_and_goes_on(tmp_path, capsys, monkeypatch, undisturbed):
    update = Trainer.update
    def interrupting(trainer, kind):
        update(trainer, kind)
        if kind == 'train' and trainer.done['train'] == 1: os.kill(os.getpid(), signal.SIGINT)
    monkeypatch.setattr(Trainer, 'update', interrupting)
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r')
    err = capsys.readouterr().err
    assert stop.value.code == 130 and 'the same command goes on' in err and 'Traceback' not in err
    assert 'update 2 of' in err
    monkeypatch.undo()
    command(tmp_path / 'r')
    assert 'goes on from checkpoint' in capsys.readouterr().err
    before = {f: f.stat().st_mtime_ns for f in (tmp_path / 'r').rglob('*')}
    command(tmp_path / 'r')
    assert 'finished' in capsys.readouterr().out
    assert before == {f: f.stat().st_mtime_ns for f in (tmp_path / 'r').rglob('*')}
    assert_same_run(undisturbed(CATCH), tmp_path / 'r')


def test_a_sweep_goes_on_with_what_is_unfinished(tmp_path, capsys, monkeypatch):
    begun, fit = [], Trainer.fit
    def counting(trainer, *args):
        begun.append(trainer.config.seed)
        if trainer.config.seed == 1 and len(begun) == 2: raise KeyboardInterrupt
        return fit(trainer, *args)
    monkeypatch.setattr(Trainer, 'fit', counting)
    small = [*SET, 'environment_steps=152', 'total_samples=4500', 'final_evaluation_episodes=1']
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', seeds=3, set=small)
    assert stop.value.code == 130
    command(tmp_path / 'r', seeds=3, set=small)
    assert begun == [0, 1, 1, 2] and 'Catch-seed0: this run is finished' in capsys.readouterr().out


def test_a_second_process_is_refused(tmp_path, capsys):
    process = start(CATCH.replace(total_samples=10**7), tmp_path / 'r')
    try:
        wait_for((tmp_path / 'r/metrics.jsonl').exists)
        for overwrite in (False, True):
            with pytest.raises(SystemExit) as stop:
                command(tmp_path / 'r', overwrite=overwrite, set=[*SET, 'total_samples=10000000'])
            assert stop.value.code == 2
            assert f'in use by another process (process {process.pid})' in capsys.readouterr().err
        assert process.is_alive()
    finally: process.kill(); process.join()
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r')               # the lock went with the process
    assert stop.value.code == 2 and 'total_samples was 10000000 and is now 7000' in capsys.readouterr().err


def test_another_configuration_is_refused_and_names_the_fields(tmp_path, capsys, died):
    died(tmp_path / 'r')
    before = contents(tmp_path / 'r')
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', seed=3, set=[*SET, 'horizon=5', 'log_every=1'])
    err = capsys.readouterr().err
    assert stop.value.code == 2 and 'horizon was 8 and is now 5' in err and 'seed was 0 and is now 3' in err
    assert 'log_every' not in err
    assert before == contents(tmp_path / 'r')
    command(tmp_path / 'r', set=[*SET, 'log_every=1', 'final_evaluation_episodes=2'])
    assert load_config(tmp_path / 'r/config.json').log_every == 1


def test_a_finished_run_can_be_extended_and_not_shortened(tmp_path, capsys, finished):
    finished(tmp_path / 'r')
    old = read_metrics(tmp_path / 'r')
    capsys.readouterr()
    with pytest.raises(SystemExit): command(tmp_path / 'r', set=[*SET, 'environment_steps=170'])
    command(tmp_path / 'r', set=[*SET, 'final_evaluation_episodes=3'])                # nothing to do
    assert 'finished' in capsys.readouterr().out
    command(tmp_path / 'r', set=[*SET, 'environment_steps=200', 'total_samples=9500'])
    new = read_metrics(tmp_path / 'r')
    assert new[:len(old)] == old and new[-1]['step'] == 200
    updates = [l['step'] for l in new if l['phase'] == 'train']
    assert updates == sorted(set(updates)) and updates[-1] == plan(short(total_samples=9_500))['train'].updates
    assert (tmp_path / 'r/scores.json').exists()


def test_without_its_checkpoints_a_run_cannot_be_extended(tmp_path, capsys):
    command(tmp_path / 'r', set=[*SET, 'keep_checkpoint=false'])
    assert not (tmp_path / 'r/checkpoint').exists() and (tmp_path / 'r/scores.json').exists()
    with pytest.raises(SystemExit) as stop:
        command(tmp_path / 'r', set=[*SET, 'total_samples=9500', 'keep_checkpoint=false'])
    assert stop.value.code == 2 and 'without checkpoints' in capsys.readouterr().err
    assert (tmp_path / 'r/scores.json').exists()


def test_killed_before_the_first_checkpoint(tmp_path, capsys, undisturbed):
    dies_at(CATCH, tmp_path / 'r', 200, save=False)
    Trainer(CATCH, tmp_path / 'r').fit()
    assert 'begins anew' in capsys.readouterr().err
    assert_same_run(undisturbed(CATCH), tmp_path / 'r')


# ---------- faults ----------

def test_both_checkpoints_damaged(tmp_path, capsys, died):
    died(tmp_path / 'r'); dies_at(CATCH, tmp_path / 'r', 5)
    for state in (tmp_path / 'r/checkpoint').glob('*/state.pt'): os.truncate(state, 100)
    before = contents(tmp_path / 'r')
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r')
    err = capsys.readouterr().err.splitlines()[-1]
    assert stop.value.code == 2 and 'no checkpoint that can be read' in err and '--overwrite' in err
    assert before == contents(tmp_path / 'r')


def test_an_unfinished_run_of_an_earlier_format_is_left_alone(tmp_path, capsys, died):
    "One sentence says that it cannot go on here, and what to do; --overwrite does it."
    died(tmp_path / 'r'); dies_at(CATCH, tmp_path / 'r', 5)
    for folder in (tmp_path / 'r/checkpoint').glob('0*'):
        content = read_manifest(folder) | dict(format=1)
        (folder / 'manifest.json').write_text(json.dumps(content | dict(sha256=own_checksum(content))))
    before = contents(tmp_path / 'r')
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r')
    err = capsys.readouterr().err
    assert stop.value.code == 2 and err.count('\n') == 1 and 'of format 1' in err and 'reads format 2' in err
    assert 'please go on with the version that wrote them, or start over with --overwrite' in err
    assert before == contents(tmp_path / 'r')
    command(tmp_path / 'r', overwrite=True)
    assert (tmp_path / 'r/scores.json').exists()


def test_damage_falls_back_and_is_told(tmp_path, capsys, undisturbed, died):
    died(tmp_path / 'r'); dies_at(CATCH, tmp_path / 'r', 15)
    newest = max((tmp_path / 'r/checkpoint').glob('0*'))
    content = bytearray((newest / 'weights.safetensors').read_bytes()); content[len(content) // 2] ^= 4
    (newest / 'weights.safetensors').write_bytes(content)
    Trainer(CATCH, tmp_path / 'r').fit()
    assert 'weights.safetensors has changed' in capsys.readouterr().err
    assert_same_run(undisturbed(CATCH), tmp_path / 'r')


def test_no_room_for_files(tmp_path, undisturbed):
    "The operating system refuses to let files grow: the run stops with the reason, and what was saved stays."
    config = CATCH.replace(save_seconds=0)
    assert live(config, tmp_path / 'r', limit_after=2) == 1
    assert 'File too large' in (tmp_path / 'r.out').read_text()
    numbers = Checkpoints(tmp_path / 'r/checkpoint').numbers()
    assert len(numbers) == 2 and Checkpoints(tmp_path / 'r/checkpoint').load_newest().number == numbers[0]
    assert live(config, tmp_path / 'r') == 0
    assert_same_run(undisturbed(CATCH), tmp_path / 'r')


def test_the_command_says_that_the_disk_is_full(tmp_path, capsys, monkeypatch):
    def full(*args): raise OSError(28, 'No space left on device')
    monkeypatch.setattr('twm_nb.checkpoint.write_whole', full)
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', set=[*SET, 'save_seconds=0'])
    err = capsys.readouterr().err.splitlines()[-1]
    assert stop.value.code == 1 and 'No space left on device' in err and 'please make room' in err


@pytest.mark.parametrize('where', ['pretrain_observation', 'pretrain_dynamics', 'update'])
def test_numbers_that_go_wrong_stop_the_run(tmp_path, capsys, monkeypatch, where):
    from twm_nb.world_model import WorldModel
    original, calls = getattr(WorldModel, where), [0]
    def poisoned(model, *args, **kwargs):
        calls[0] += 1
        if calls[0] == 3:
            with torch.no_grad(): next(model.parameters()).fill_(torch.inf)
        return original(model, *args, **kwargs)
    monkeypatch.setattr(WorldModel, where, poisoned)
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', set=[*SET, 'save_seconds=0'])
    err = capsys.readouterr().err.splitlines()[-1]
    assert stop.value.code == 3 and ('is nan' in err or 'is inf' in err or 'finite' in err)
    assert 'last good checkpoint' in err and ', in ' in err
    loaded = Checkpoints(tmp_path / 'r/checkpoint').load_newest()
    assert all(w.isfinite().all() for w in loaded.weights.values())
    assert 'NaN' not in (tmp_path / 'r/metrics.jsonl').read_text()


def test_collapsed_codes_stop_the_run_unless_switched_off(tmp_path):
    # any entropy counts as collapsed: it takes ten lines
    sharp = dict(collapsed_entropy=1., total_samples=17_000, log_every=1, evaluation_episodes=1,
                 final_evaluation_episodes=1)
    trainer = Trainer(CATCH.replace(**sharp), tmp_path / 'a')
    with pytest.raises(NumbersError, match='latent states have collapsed'): trainer.fit()
    assert trainer.done['train'] == 9 and trainer.plan['train'].updates > 10      # the tenth was not finished
    for changes in (dict(collapsed_entropy=0.), dict(latent_entropy_coefficient=0.)):
        Trainer(CATCH.replace(**{**sharp, **changes}), tmp_path / str(changes)).fit()


# ---------- other environments ----------

class Colours(gym.Env):
    "A moving colour on 84×96 pixels; its noise comes from its own generator."
    observation_space, action_space = gym.spaces.Box(0, 255, (84, 96, 3), np.uint8), gym.spaces.Discrete(3, start=1)
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed); self.t, self.x = 0, int(self.np_random.integers(90)); return self.image(), {}
    def image(self):
        image = self.np_random.integers(60, size=(84, 96, 3), dtype=np.uint8)
        image[10 + self.t:20 + self.t, self.x:self.x + 6] = 255
        return image
    def step(self, action):
        assert action in (1, 2, 3)
        self.t, self.x = self.t + 1, min(max(self.x + 4 * (action - 2), 0), 89)
        return self.image(), np.float64(self.x > 45), np.bool_(self.t == 9), False, {}

class Restless(Colours):
    "Does something else each time."
    def image(self): return np.frombuffer(os.urandom(84 * 96 * 3), np.uint8).reshape(84, 96, 3).copy()

gym.register('Colours-v0', entry_point=Colours)
gym.register('Restless-v0', entry_point=Restless, max_episode_steps=7)


def test_an_environment_of_ones_own_goes_on(tmp_path):
    config = CATCH.replace(game='Colours-v0', frame_stack=2, save_seconds=1000)
    Trainer(config, tmp_path / 'alone').fit()
    for k in (44, 130, 15, 22): dies_at(config, tmp_path / 'run', k)
    Trainer(config, tmp_path / 'run').fit()
    assert_same_run(tmp_path / 'alone', tmp_path / 'run')


def test_one_that_does_not_repeat_itself_goes_on_with_a_new_episode(tmp_path, capsys):
    config = CATCH.replace(game='Restless-v0', frame_stack=2, save_seconds=1000)
    dies_at(config, tmp_path / 'run', 44)
    trainer = Trainer(config, tmp_path / 'run'); trainer.fit()
    assert 'does not repeat itself' in capsys.readouterr().err and trainer.dataset.d[43] and len(trainer.dataset) == 180


@pytest.mark.parametrize('step', [.5, 3., 40.])
def test_what_a_kill_can_cost(tmp_path, monkeypatch, step):
    """By a clock that advances `step` seconds at every safe place: never more than half a minute, or 1% of the budget,
    or the one step between two safe places."""
    from types import SimpleNamespace
    now, config, lost = [0.], CATCH.replace(save_seconds=25), []
    monkeypatch.setattr('twm_nb.trainer.time', SimpleNamespace(perf_counter=lambda: now[0], strftime=time.strftime))
    trainer = Trainer(config, tmp_path / 'r')
    safe_place = trainer.safe_place
    def place():
        now[0] += step
        # what dying right here would cost
        lost.append((now[0] - trainer.saved[0], max(a - b for a, b in zip(trainer.spent(), trainer.saved[1]))))
        safe_place()
    monkeypatch.setattr(trainer, 'safe_place', place)
    trainer.fit()
    one = max(b - a for a, b in zip([0, *[s for _, s in lost]], [s for _, s in lost]))
    assert all(seconds <= 25 + step or share <= .01 + max(one, 0) for seconds, share in lost)
    assert sum(seconds > 25 + step for seconds, _ in lost) < len(lost)


def test_a_trainer_leaves_a_foreign_folder_alone(tmp_path):
    (tmp_path / 'thesis.tex').write_text('mine')
    for overwrite in (False, True):
        with pytest.raises(ConfigError, match='thesis.tex'): Trainer(CATCH, tmp_path).fit(overwrite)
    assert [f.name for f in tmp_path.iterdir()] == ['thesis.tex']


def test_pretraining_is_saved_on_the_way(tmp_path, monkeypatch):
    """The prefill takes most of the interactions here; that must not keep pretraining from being saved, by a clock of a
    second per safe place."""
    from types import SimpleNamespace
    now, saves = [0.], []
    monkeypatch.setattr('twm_nb.trainer.time', SimpleNamespace(perf_counter=lambda: now[0], strftime=time.strftime))
    trainer = Trainer(CATCH.replace(save_seconds=3, pretraining_samples=6_000), tmp_path / 'r')
    safe_place, save, done = trainer.safe_place, trainer.save, trainer.done
    def place(): now[0] += 1; safe_place()
    def noted(): saves.append((trainer.system.next(done), sum(done[kind] for kind in PRETRAINING))); save()
    monkeypatch.setattr(trainer, 'safe_place', place); monkeypatch.setattr(trainer, 'save', noted)
    trainer.fit()
    total = sum(trainer.plan[kind].updates for kind in PRETRAINING)
    within = [made for what, made in saves if what in PRETRAINING]
    assert len(within) >= total // 4 and max(b - a for a, b in zip([0, *within], [*within, total])) <= 4


@pytest.mark.parametrize('changes', [dict(), dict(environment_steps=150)], ids=['interactions', 'updates only'])
def test_games_of_a_stopped_evaluation_count_for_no_other(tmp_path, changes):
    "The untrained policy's games must not become the final score, when there are no evaluations any more."
    config = CATCH.replace(evaluation_episodes=25, **changes)
    trainer = Trainer(config, tmp_path / 'r')
    safe_place = trainer.safe_place
    def place():
        if trainer.done.evaluated < 0 and len(trainer.playing) == 10:
            trainer.playing = [777.] * 10; trainer.signals.asked = 15
        safe_place()
    trainer.safe_place = place
    with pytest.raises(Stopped): trainer.fit()
    again = Trainer(config.replace(evaluation_episodes=0), tmp_path / 'r')
    again.fit()
    assert len(again.final) == 25 and max(again.final) <= 1


def test_a_damaged_log_does_not_keep_a_run_from_going_on(tmp_path, capsys, finished):
    finished(tmp_path / 'r')
    file = tmp_path / 'r/metrics.jsonl'
    lines = file.read_bytes().split(b'\n')
    # two lines and the end are bad
    file.write_bytes(b'\n'.join([*lines[:2], lines[2][:9] + b'\xff' + lines[2][9:], b'[3]', *lines[4:-2],
                                 lines[-2][:-5]]))
    capsys.readouterr()
    command(tmp_path / 'r', set=[*SET, 'total_samples=9500'])
    err, new = capsys.readouterr().err, read_metrics(tmp_path / 'r')
    assert 'lines 3, 4' in err and 'metrics.jsonl' in err and 'Traceback' not in err
    assert (tmp_path / 'r/scores.json').exists()
    assert new[:2] == [json.loads(l) for l in lines[:2]] and new[2] == json.loads(lines[4])
    kept = file.read_bytes().split(b'\n')
    assert len(kept) - 1 == len(new), 'the torn line is gone, and none was joined to it'


def test_what_cannot_be_read_leaves_a_finished_run_finished(tmp_path, monkeypatch, finished):
    finished(tmp_path / 'r')
    def broken(*args): raise RuntimeError('unreadable')
    before = [(tmp_path / 'r' / name).read_bytes() for name in ('scores.json', 'config.json')]
    for name, error in (('RunLog', RuntimeError), ('Trainer.restore', SystemExit)):
        with monkeypatch.context() as m:
            m.setattr(f'twm_nb.trainer.{name}', broken)
            with pytest.raises(error, match='unreadable|2'):
                command(tmp_path / 'r', set=[*SET, 'total_samples=9500'])
        assert before == [(tmp_path / 'r' / name).read_bytes() for name in ('scores.json', 'config.json')]


@pytest.mark.parametrize('how', ['stopped', 'killed'])
def test_a_run_that_has_lost_its_checkpoints_is_not_begun_anew(tmp_path, capsys, how, died):
    if how == 'killed': died(tmp_path / 'r')
    else:
        trainer = Trainer(CATCH, tmp_path / 'r')
        trainer.signals.asked = 15
        with pytest.raises(Stopped): trainer.fit()
    shutil.rmtree(tmp_path / 'r/checkpoint')
    before = contents(tmp_path / 'r')
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r')
    err = capsys.readouterr().err
    assert stop.value.code == 2 and '--overwrite' in err and 'checkpoint' in err and 'begins anew' not in err
    assert before == contents(tmp_path / 'r')
    command(tmp_path / 'r', overwrite=True)
    assert (tmp_path / 'r/scores.json').exists()


def test_the_advice_about_another_dtype_works(tmp_path, capsys, monkeypatch):
    """A run of dtype auto, taken up where auto means something else: what the sentence advises is accepted, and nothing
    else."""
    sizes = [*SET, 'save_seconds=1000']
    def auto_means(dtype):
        for module in ('system', 'world_model', 'agent'):
            monkeypatch.setattr(f'twm_nb.{module}.resolve_dtype', lambda config, device:
                                dtype if config.dtype == 'auto' else getattr(torch, config.dtype))
    auto_means(torch.float32)
    dies_at(CATCH.replace(dtype='auto', save_seconds=1000), tmp_path / 'r', 170)
    auto_means(torch.bfloat16)
    for dtype in ('auto', 'bfloat16'):
        with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', set=sizes, dtype=dtype)
        assert stop.value.code == 2 and '--dtype float32' in capsys.readouterr().err
    command(tmp_path / 'r', set=sizes, dtype='float32')
    assert 'goes on from checkpoint' in capsys.readouterr().err
    assert load_config(tmp_path / 'r/config.json').dtype == 'float32'
    for dtype in ('auto', 'bfloat16'):
        with pytest.raises(SystemExit): command(tmp_path / 'r', set=[*sizes, 'total_samples=9500'], dtype=dtype)


def test_only_what_a_crash_left_is_removed(tmp_path, died):
    died(tmp_path / 'r')
    for name in ('models.new-123', 'models.new-backup'): (tmp_path / 'r' / name).mkdir()
    try: command(tmp_path / 'r')
    except SystemExit as e: assert e.code == 2
    assert sorted(f.name for f in (tmp_path / 'r').glob('*.new-*')
                  if f.name != 'models.new-123') == ['models.new-backup']


@pytest.mark.parametrize('k', [20, 160])
def test_stray_files_stay_and_do_not_keep_a_run_from_going_on(tmp_path, capsys, k):
    dies_at(CATCH, tmp_path / 'r', k, save=k > 100)              # without a checkpoint, and with one
    for name in ('.DS_Store', 'notes.txt'): (tmp_path / 'r' / name).write_text('mine')
    command(tmp_path / 'r')
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', overwrite=True)
    assert stop.value.code == 2 and '.DS_Store' in capsys.readouterr().err
    assert [(tmp_path / 'r' / name).read_text() for name in ('.DS_Store', 'notes.txt')] == ['mine'] * 2
    assert (tmp_path / 'r/scores.json').exists()


def test_a_signal_just_before_a_game_is_heard_at_once(tmp_path, monkeypatch):
    played, trainer = [], Trainer(CATCH, tmp_path / 'r')
    def play(*args): played.append(args); return [0.] * args[2]
    monkeypatch.setattr('twm_nb.trainer.play', play)
    trainer.signals.asked = signal.SIGTERM
    with pytest.raises(Stopped): trainer.play_some(None, [1, 2])
    assert not played and not trainer.signals.at_once


def test_a_signal_while_the_last_files_are_written(tmp_path, capsys, monkeypatch):
    from twm_nb import trainer
    write = trainer.write_json
    def interrupting(path, content):
        write(path, content)
        if path.name == 'scores.json': os.kill(os.getpid(), signal.SIGTERM)
    monkeypatch.setattr(trainer, 'write_json', interrupting)
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', seeds=2)
    err = capsys.readouterr().err
    assert stop.value.code == 143 and 'SIGTERM' in err and 'this run is finished' in err
    assert not (tmp_path / 'r/Catch-seed1').exists()


@pytest.mark.parametrize('seconds, says', [(1000, 'no checkpoint yet'), (0, 'goes on from the last checkpoint')])
def test_stopping_at_once_says_whether_there_is_a_checkpoint(tmp_path, capsys, monkeypatch, seconds, says):
    def interrupted(trainer, what):
        if what == ('pretrain_dynamics' if seconds == 0 else 'explore'): raise KeyboardInterrupt
        take_turn(trainer, what)
    take_turn = Trainer.take_turn
    monkeypatch.setattr(Trainer, 'take_turn', interrupted)
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', set=[*SET, f'save_seconds={seconds}'])
    assert stop.value.code == 130 and says in capsys.readouterr().err


# ---------- what must not be lost ----------

def test_a_folder_with_an_agent_alone_is_not_cleared(tmp_path, capsys, finished):
    "Weights that someone put there, without config.json, are no new run folder."
    finished(tmp_path / 'a')
    for name in ('agent', 'models', 'metrics.jsonl', 'scores.json'):
        folder = tmp_path / f'only {name}'
        folder.mkdir()
        (shutil.copytree if (tmp_path / 'a' / name).is_dir() else shutil.copy)(tmp_path / 'a' / name, folder / name)
        before = {f: f.is_file() and f.read_bytes() for f in folder.rglob('*')}
        with pytest.raises(SystemExit) as stop: command(folder)
        assert stop.value.code == 2 and f'holds {name}, but no config.json' in capsys.readouterr().err
        assert before == {f: f.is_file() and f.read_bytes() for f in folder.rglob('*')}


@pytest.mark.parametrize('k', range(1, 12))
def test_a_clearing_that_was_interrupted_can_be_repeated(tmp_path, capsys, monkeypatch, k, finished):
    """Killed at the k-th removal of --overwrite: what is left is not taken for a finished run, and the same command
    clears the rest and begins anew."""
    from twm_nb import run_folder
    finished(tmp_path / 'r')
    remove, calls = run_folder.remove, [0]
    def dying(path):
        calls[0] += 1
        if calls[0] == k: raise Died
        remove(path)
    with monkeypatch.context() as m:
        m.setattr(run_folder, 'remove', dying)
        try: command(tmp_path / 'r', overwrite=True)
        except Died: pass
    assert calls[0] == k and (tmp_path / 'r/scores.json').exists() == (k == 1)
    capsys.readouterr()
    if k != 6:                                      # one of them is trained to its end
        begun = {'config.json', 'history.jsonl', 'lock', 'metrics.jsonl', 'tensorboard'}
        def looked(trainer): assert {f.name for f in trainer.folder.iterdir()} == begun; raise Died
        monkeypatch.setattr(Trainer, 'run', looked)
        with pytest.raises(Died): command(tmp_path / 'r', overwrite=True)
    else:
        command(tmp_path / 'r', overwrite=True)
        assert (tmp_path / 'r/scores.json').exists()


def test_only_files_of_a_run_are_taken_for_leftovers(tmp_path, died):
    died(tmp_path / 'r')
    for name in ('notes.new-2', 'scores.json.new-2'): (tmp_path / 'r' / name).write_text('mine')
    (tmp_path / 'r/checkpoint/backup').mkdir()
    command(tmp_path / 'r')
    assert (tmp_path / 'r/notes.new-2').exists() and not (tmp_path / 'r/scores.json.new-2').exists()
    assert (tmp_path / 'r/checkpoint/backup').is_dir()


def on_disk(folder, monkeypatch):
    """Notes what fsync has seen; returns a function that says which files of `folder` a power cut could lose or empty,
    and whether it could lose names."""
    files, names, fsync = {}, {}, os.fsync
    def seen(f):
        info = os.fstat(f)
        if os.path.isdir(f'/proc/self/fd/{f}'): names[info.st_ino] = set(os.listdir(f'/proc/self/fd/{f}'))
        else: files[info.st_ino] = info.st_mtime_ns
        fsync(f)
    monkeypatch.setattr(os, 'fsync', seen)
    def lost(*roots):
        found = [f for r in roots for f in ((folder / r).rglob('*') if (folder / r).is_dir() else [folder / r])]
        return sorted(str(f.relative_to(folder)) for f in found if f.is_file()
                      and files.get(f.stat().st_ino) != f.stat().st_mtime_ns
                      or f.name not in names.get(f.parent.stat().st_ino, ()))
    return lost


def test_a_power_cut_does_not_empty_a_finished_run(tmp_path, monkeypatch):
    """When scores.json gets its name, all that a finished run consists of is on the disk, scores.json too; and so are
    the config and the log from the first checkpoint on."""
    from twm_nb import run_folder
    lost, replace, rename, remove, seen = on_disk(tmp_path / 'r',
                                                  monkeypatch), Path.replace, Path.rename, run_folder.remove, []
    def replacing(a, b):
        if b.name == 'scores.json':
            seen.append('scores')
            assert lost('agent', 'models', 'episodes.json', 'dream.png', 'curve.png', 'config.json', 'metrics.jsonl',
                        'checkpoint') == []
            assert lost(a.name) == [a.name], 'its own name comes after its contents'
            result = replace(a, b)
            return result
        return replace(a, b)
    def renaming(a, b):
        if b.parent.name == 'checkpoint':
            seen.append('checkpoint')
            assert lost('config.json', 'metrics.jsonl',
                        'checkpoint/frames.bin') == ['checkpoint/frames.bin'] * (len(seen) == 1)
        return rename(a, b)
    def removing(path):
        if path.name == 'checkpoint': seen.append('removed'); assert lost('scores.json', 'agent') == []
        return remove(path)
    monkeypatch.setattr(Path, 'replace', replacing); monkeypatch.setattr(Path, 'rename', renaming)
    monkeypatch.setattr(run_folder, 'remove', removing)
    Trainer(CATCH.replace(keep_checkpoint=False), tmp_path / 'r').fit()
    assert seen == ['checkpoint', 'checkpoint', 'scores', 'removed']


class Growing(Colours):
    "Someone edits it between two lives."
    n = 3
    def __init__(self): self.action_space = gym.spaces.Discrete(Growing.n, start=1)

gym.register('Growing-v0', entry_point=Growing, max_episode_steps=9)


def test_a_game_with_other_actions_than_before(tmp_path, capsys, monkeypatch):
    dies_at(CATCH.replace(game='Growing-v0'), tmp_path / 'r', 160)
    monkeypatch.setattr(Growing, 'n', 4)
    before = contents(tmp_path / 'r')
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop: command(tmp_path / 'r', game='Growing-v0')
    err = capsys.readouterr().err
    assert stop.value.code == 2 and 'had 3 actions, and now it has 4' in err and 'Traceback' not in err
    assert before == contents(tmp_path / 'r')


def test_frames_of_an_environment_that_does_not_repeat_itself_come_back(tmp_path):
    "A new episode takes the place of a frame that is in the file already; that too must be found again."
    config, before = CATCH.replace(game='Restless-v0', frame_stack=2, save_seconds=1000), []
    for k in (44, 20, 30):
        trainer = Trainer(config, tmp_path / 'r')
        safe_place, count = trainer.safe_place, [0]
        def place():
            if not count[0]:
                seen = trainer.dataset.stored - 1
                assert all(torch.equal(x, y) for x, y in zip(before, trainer.dataset.frames[:seen]))
            count[0] += 1
            if count[0] == k: trainer.save(); raise Died
            safe_place()
        trainer.safe_place = place
        with pytest.raises(Died): trainer.fit()
        # the last one gives way to a new episode
        before[:] = trainer.dataset.frames[:trainer.dataset.stored - 1].clone()
    assert len(before) == 44 + 20 + 30 and len(trainer.replaced) == 2


def test_metrics_that_wait_for_their_line_are_looked_at_before_a_save(tmp_path):
    "The weights may still be finite when a loss is not."
    trainer = Trainer(CATCH.replace(save_seconds=1000), tmp_path / 'r')
    update = trainer.update
    def poisoned(kind):
        if trainer.done['train'] == 1:
            trainer.log.add(kind, dict(loss=torch.tensor(torch.inf)))
            with pytest.raises(NumbersError, match='loss is inf'): trainer.save()
            assert not Checkpoints(tmp_path / 'r/checkpoint').numbers()
            raise Died
        update(kind)
    trainer.update = poisoned
    with pytest.raises(Died): trainer.fit()


def test_lines_written_after_the_checkpoint_are_written_again_once(tmp_path, undisturbed):
    dies_at(CATCH.replace(save_seconds=1000), tmp_path / 'r', 160)
    for k in (30, 25, 20): dies_at(CATCH.replace(save_seconds=1000), tmp_path / 'r', k, save=False)
    Trainer(CATCH, tmp_path / 'r').fit()
    assert_same_run(undisturbed(CATCH), tmp_path / 'r')


@pytest.mark.parametrize('changes', [dict(), dict(policy_input='zh', game='Restless-v0', frame_stack=2)],
                         ids=['z', 'zh'])
def test_a_trainer_that_was_restored_has_the_state_it_was_taken_of(tmp_path, changes):
    "Field by field, also those that most runs leave at their first values."
    config, states = CATCH.replace(save_seconds=1000, **changes), []
    trainer = Trainer(config, tmp_path / 'r')
    def run():
        while trainer.system.next(trainer.done) == 'explore':
            trainer.take_turn('explore'); trainer.done.count('explore')
        trainer.system.load_state(dict(order=dict(pretrain_dynamics=torch.tensor([4, 2])), collapsed=7))
        trainer.playing, trainer.evaluating, trainer.scores = [1., -1.], [1, 2, 3, 4], [(150, .5)]
        trainer.replaced, trainer.reward, trainer.first = {3: trainer.dataset.frames[3].clone()}, .25, True
        trainer.done = Done(150, Counter(pretrain_observation=3, pretrain_dynamics=2, train=1), 150)
        for k in range(3): trainer.agent.act(trainer.o, .5, k == 0, trainer.generator)
        torch.rand(3)                            # of torch's own generator, from which updates draw
        trainer.save(); states.append(trainer.state()); raise Died
    trainer.run = run
    with pytest.raises(Died): trainer.fit()
    if changes:
        # a new episode has begun
        states[0].pop('environment'), states[0].pop('dataset'), states[0].pop('o'), states[0].pop('replaced')
    again = Trainer(config, tmp_path / 'r')
    def look(): states.append(again.state()); raise Died
    again.run = look
    with pytest.raises(Died): again.fit()
    for state in states: state['log'].pop('seconds')
    same(states[0], {k: states[1][k] for k in states[0]})
