"What lies in a run folder and is not the run's: never overwritten, removed, followed or believed."
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest
import torch
from conftest import SHORT, contents, fields, short
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from twm_nb.checkpoint import Checkpoints, CheckpointError, Stopped
from twm_nb.commands import twm_bench, twm_eval, twm_play, twm_train
from twm_nb.config import ConfigError, find_system, preset
from twm_nb.evaluation import RandomAgent, evaluate
from twm_nb.run_folder import clear, read_metrics
from twm_nb.system import load_agent, load_system
from twm_nb.trainer import Trainer, learning_curve

posix = pytest.mark.skipif(os.name != 'posix', reason='links and FIFOs as on Unix')


@pytest.fixture(scope='session')
def runs(tmp_path_factory):
    "A folder with a run that was stopped half way, `unfinished`, and one that came to its end, `finished`."
    folder = tmp_path_factory.mktemp('runs')
    trainer, places = Trainer(short(save_seconds=0), folder / 'finished'), iter(range(10**6))
    safe_place = trainer.safe_place
    def stop():
        if next(places) == 165: raise Stopped(2)
        safe_place()
    trainer.safe_place = stop
    with pytest.raises(Stopped): trainer.fit()
    shutil.copytree(folder / 'finished', folder / 'unfinished')
    Trainer(short(save_seconds=0), folder / 'finished').fit()
    return folder


@pytest.fixture
def finished(runs, tmp_path): return shutil.copytree(runs / 'finished', tmp_path / 'finished')

@pytest.fixture
def unfinished(runs, tmp_path): return shutil.copytree(runs / 'unfinished', tmp_path / 'unfinished')


def refused(capsys, command, *args, code=2, **options):
    "The sentence with which a `command` ends."
    with pytest.raises(SystemExit) as e: command(*args, **options)
    err = capsys.readouterr().err.strip().splitlines()[-1]
    assert e.value.code == code and err.startswith('error: '), err
    return err

def go_on(folder, **options):
    "What `twm_train` does with the folder of a short run."
    twm_train(**dict(preset='tiny', run=str(folder), set=fields(**SHORT | dict(save_seconds=0))) | options)


# what is written where the user says

@pytest.mark.parametrize('name', ['scores.json', 'config.json', 'metrics.jsonl', 'agent/config.json', 'checkpoint/frames.bin', 'lock'])
def test_scores_are_not_written_into_a_run(finished, capsys, name):
    before = contents(finished)
    assert 'belongs to the run' in refused(capsys, twm_eval, str(finished), episodes=1, out=str(finished / name))
    assert contents(finished) == before

def test_measurements_are_not_written_into_a_run(finished, capsys):
    assert 'belongs to the run' in refused(capsys, twm_bench, json=str(finished / 'episodes.json'))

@posix
def test_scores_go_through_links_and_pipes(finished, tmp_path):
    target, link, pipe, read = tmp_path / 'target.json', tmp_path / 'link.json', tmp_path / 'pipe', []
    target.write_text('old'); link.symlink_to(target); os.mkfifo(pipe)
    twm_eval(str(finished), episodes=1, out=str(link))
    assert link.is_symlink() and json.loads(target.read_text()).keys() == {str(finished)}
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    twm_eval(str(finished), episodes=1, out=str(pipe))
    reader.join(20)
    assert stat.S_ISFIFO(pipe.stat().st_mode) and json.loads(read[0]) == json.loads(target.read_text())
    twm_eval(str(finished), episodes=1, out=os.devnull)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


# what lies in the folder already

FOREIGN = ('models/my.txt', 'checkpoint/notes.txt', 'checkpoint/000001/mine', 'tensorboard/my.csv', 'agent/sub/x', 'tensorboard/events')

@pytest.mark.parametrize('name', FOREIGN)
def test_overwrite_removes_nothing_foreign(unfinished, capsys, name):
    (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
    (unfinished / name).write_text('mine')
    before = contents(unfinished)
    assert f'holds {name!r:.9}' in refused(capsys, go_on, unfinished, overwrite=True)
    assert contents(unfinished) == before

def test_overwrite_removes_nothing_where_no_run_was(tmp_path, capsys):
    (tmp_path / 'models').mkdir(); (tmp_path / 'models/my.txt').write_text('mine')
    refused(capsys, go_on, tmp_path, overwrite=True)
    assert (tmp_path / 'models/my.txt').read_text() == 'mine'

def test_clear_removes_all_that_a_run_wrote(finished):
    clear(finished)
    assert list(finished.iterdir()) == []

def test_going_on_leaves_foreign_files_alone(unfinished):
    mine = [unfinished / name for name in ('tensorboard/my.csv', 'checkpoint/notes.txt', 'models/my.txt', 'mine', 'models_backup/config.json')]
    for f in mine: f.parent.mkdir(exist_ok=True); f.write_text('mine')
    go_on(unfinished)
    assert (unfinished / 'scores.json').exists() and all(f.read_text() == 'mine' for f in mine)

@pytest.mark.parametrize('name', ['20251121', '²', '٣', '000080x', '-1', '0000081'])
def test_a_copy_of_a_checkpoint_is_not_one(unfinished, name):
    there = Checkpoints(unfinished / 'checkpoint')
    newest = there.numbers()[0]
    copy = shutil.copytree(there.path(newest), unfinished / 'checkpoint' / name)
    before = contents(copy)
    assert there.load_newest().number == newest
    there.save({}, {}, there.load_newest().frames[:0], {})
    assert there.numbers()[0] == newest + 1 and contents(copy) == before

@posix
@pytest.mark.parametrize('name', ['lock', 'metrics.jsonl', 'history.jsonl', 'config.json', 'checkpoint/frames.bin', 'checkpoint', 'tensorboard'])
def test_links_in_a_run_folder_are_not_followed(unfinished, tmp_path, capsys, name):
    away = tmp_path / 'precious'
    (unfinished / name).rename(away)
    (unfinished / name).symlink_to(away)
    before = contents(away) if away.is_dir() else away.read_bytes()
    assert 'link' in refused(capsys, go_on, unfinished)
    refused(capsys, go_on, unfinished, overwrite=True)
    assert before == (contents(away) if away.is_dir() else away.read_bytes())

@posix
@pytest.mark.parametrize('name', ['lock', 'metrics.jsonl', 'config.json', 'checkpoint/frames.bin', 'history.jsonl'])
def test_a_pipe_in_place_of_a_file_is_refused(unfinished, capsys, name):
    (unfinished / name).unlink()
    os.mkfifo(unfinished / name)
    refused(capsys, go_on, unfinished)

@posix
@pytest.mark.parametrize('name', ['agent/config.json', 'agent/agent.safetensors'])
def test_a_pipe_in_place_of_an_agent_is_refused(finished, capsys, name):
    (finished / name).unlink()
    os.mkfifo(finished / name)
    refused(capsys, twm_eval, str(finished), episodes=1)


# what claims to be something else

def edited(path, **values):
    "Writes other values into a JSON file."
    path.write_text(json.dumps(json.loads(path.read_text()) | values))

@pytest.mark.parametrize('change', [dict(seed=1), dict(game='Boxing'), dict(discount=.9)])
def test_a_checkpoint_of_another_run_is_refused(unfinished, capsys, change):
    edited(unfinished / 'config.json', **change)
    before = contents(unfinished)
    with pytest.raises(CheckpointError, match=next(iter(change))):
        Trainer(short(save_seconds=0, **change), unfinished).fit()
    assert contents(unfinished).keys() == before.keys()

@pytest.mark.parametrize('change', [dict(batch_size=7), dict(imagination_batch_size=3), dict(latent_variables=5), dict(frame_stack=2),
                                    dict(environment_steps=100, prefill_steps=20), dict(policy_input='zh')])
def test_options_that_match_an_edited_config_are_no_traceback(unfinished, change):
    edited(unfinished / 'config.json', **change)
    with pytest.raises(ConfigError): Trainer(short(save_seconds=0, **change), unfinished).fit()

def change_weights(folder, file, change):
    path = folder / file
    with safe_open(path, 'pt') as f: metadata = f.metadata()
    weights = load_file(path)
    name = next(k for k in sorted(weights) if weights[k].is_floating_point() and weights[k].numel() > 3)
    change(weights, name)
    save_file(weights, path, metadata)

def flip(path, at=-5):
    content = bytearray(path.read_bytes())
    content[at] ^= 64
    path.write_bytes(content)

WEIGHTS = [('agent', 'agent/agent.safetensors', load_agent), ('models', 'models/models.safetensors', load_system)]

@pytest.mark.parametrize('part, file, load', WEIGHTS)
@pytest.mark.parametrize('change', [
    lambda w, k: w[k].view(-1)[:1].fill_(float('nan')), lambda w, k: w[k].view(-1)[:1].fill_(float('inf')),
    lambda w, k: w.update({k: w[k].to(torch.int32)}), lambda w, k: w.update({k: w[k].to(torch.complex64)})], ids=['nan', 'inf', 'int', 'complex'])
def test_weights_that_are_no_numbers_are_refused(finished, part, file, load, change):
    change_weights(finished, file, change)
    with pytest.raises(ConfigError, match='please'): load(finished / part)

@pytest.mark.parametrize('part, file, load', WEIGHTS)
def test_a_flipped_bit_in_the_weights_is_seen(finished, capsys, part, file, load):
    flip(finished / file)
    with pytest.raises(ConfigError, match='changed'): load(finished / part)
    if part == 'agent': assert 'changed' in refused(capsys, twm_eval, str(finished), episodes=1)

def test_an_agent_plays_only_its_own_game(finished, capsys):
    for game in ('Pong', 'CartPole-v1'):
        for f in ('config.json', 'agent/config.json', 'models/config.json'): edited(finished / f, game=game)
        refused(capsys, twm_eval, str(finished), episodes=1)

def test_code_of_a_game_is_run_only_if_the_user_names_it(finished, unfinished, tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / 'their_game.py').write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    for run in (finished, unfinished):
        for f in run.rglob('config.json'): edited(f, game='their_game:Env-v0')
    for command in (lambda: twm_eval(str(finished), episodes=1), lambda: twm_eval(str(finished / 'agent'), episodes=1),
                    lambda: twm_play(str(finished), steps=2, out=str(tmp_path / 'a.gif'))):
        assert 'their_game:Env-v0' in refused(capsys, command)
    assert not (tmp_path / 'ran').exists()
    refused(capsys, go_on, unfinished, game='their_game:Env-v0')
    assert (tmp_path / 'ran').exists()


# logs

def test_a_log_with_a_damaged_line_does_not_stop_a_run(unfinished, capsys):
    lines = (unfinished / 'metrics.jsonl').read_bytes().split(b'\n')
    lines[1] = lines[1].replace(b'"observation_loss', b'"obsermation_loss').replace(b'"interactions"', b'"interactionr"')
    lines[2] = json.dumps(json.loads(lines[2]) | dict(note='a\u0085b'), ensure_ascii=False).encode()
    lines[3] = b'"seconds"'
    (unfinished / 'metrics.jsonl').write_bytes(b'\n'.join(lines))
    go_on(unfinished)
    assert (unfinished / 'scores.json').exists() and len(read_metrics(unfinished)) >= len(lines) - 2

@pytest.mark.parametrize('line', [b'{"phase": "evaluation", "step": 170, "seconds": 1}', b'{"phase": 3}', b'[]', b'\xff', b'{"phase": "train", "step": "x", "seconds": null, "interactions": []}'])
def test_readers_of_logs_pass_over_what_they_cannot_read(finished, line):
    with open(finished / 'metrics.jsonl', 'ab') as f: f.write(line + b'\n')
    before = len(read_metrics(finished))
    learning_curve(finished, find_system('twm').headlines)
    assert before > 3


# names

def test_the_agent_of_a_run_can_be_named(finished, capsys):
    twm_eval(str(finished / 'agent'), episodes=1)
    assert 'trained' in capsys.readouterr().out

def test_a_name_too_long_is_called_that(tmp_path, capsys):
    assert 'name too long' in refused(capsys, go_on, tmp_path / ('x' * 300), game='Catch').lower()
    assert 'name too long' in refused(capsys, twm_eval, str(tmp_path / ('x' * 300))).lower()


# what is killed

class Deadly(RandomAgent):
    "Kills the process that it plays in, the first `times` times."
    def act(self, *args):
        marks = [self.folder / str(i) for i in range(self.times)]
        for mark in marks:
            if not mark.exists(): mark.touch(); os.kill(os.getpid(), signal.SIGKILL)
        return super().act(*args)

def deadly(folder, times):
    agent = Deadly(preset('tiny'), 3)
    agent.folder, agent.times = folder, times
    return agent

@posix
def test_games_of_a_killed_process_are_played_once_more(tmp_path):
    assert evaluate(deadly(tmp_path, 1), 6, seed=3, parallel=2, workers=2) == evaluate(RandomAgent(preset('tiny'), 3), 6, seed=3)
    assert len(list(tmp_path.iterdir())) == 1

@posix
def test_processes_that_are_always_killed_are_one_sentence(tmp_path):
    with pytest.raises(ConfigError, match='killed twice.*please'): evaluate(deadly(tmp_path, 4), 6, parallel=2, workers=2)

@posix
def test_a_run_ends_with_the_process_that_started_it(tmp_path):
    code = ("import os, subprocess, sys; child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], "
            "env=os.environ | dict(TWM_NB_PARENT=str(os.getpid()))); os._exit(0)")
    child = ("import os, time; from twm_nb.checkpoint import StopSignals, Stopped; signals = StopSignals()\n"
             "while os.getppid() == signals.parent: time.sleep(.05)\n"
             f"try: signals.check()\nexcept Stopped as e: open({str(tmp_path / 'said')!r}, 'w').write(str(e))")
    subprocess.run([sys.executable, '-c', code, child], check=True, timeout=60)
    for _ in range(400):
        if (tmp_path / 'said').exists() and (tmp_path / 'said').read_text(): break
        time.sleep(.1)
    assert (tmp_path / 'said').read_text() == 'SIGTERM'


# streams

@posix
@pytest.mark.parametrize('streams', ['2>/dev/full', '2>&1 | head -1', '>&- 2>&-'])
def test_a_run_comes_to_its_end_whoever_reads(unfinished, streams):
    words = f'{sys.executable} -m twm_nb.commands twm_train --game Catch --preset tiny --run {unfinished} --set '
    words += ' '.join(fields(**SHORT | dict(save_seconds=0)))
    done = subprocess.run(['bash', '-o', 'pipefail', '-c', f'{words} {streams}'], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and (unfinished / 'scores.json').exists(), done.stderr
    assert 'Traceback' not in done.stderr and 'goes on from the last' not in done.stderr and 'ignored' not in done.stderr

@posix
def test_paths_and_terminals_of_other_encodings(finished, tmp_path):
    folder = os.fsencode(tmp_path) + b'/\xff\xfe'
    shutil.copytree(finished, os.fsdecode(folder))
    done = subprocess.run([os.fsencode(sys.executable), b'-m', b'twm_nb.commands', b'twm_eval', folder, b'--episodes', b'2'],
                          capture_output=True, timeout=60, env=os.environ | dict(PYTHONIOENCODING='latin-1'))
    assert done.returncode == 0 and b'trained' in done.stdout, done.stderr
