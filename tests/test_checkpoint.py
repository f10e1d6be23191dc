"Checkpoints as files: all or nothing, checked, appended, locked; and nothing in them is ever executed."
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import contents
from hypothesis import given, settings, strategies as st
from twm_nb.agent import Agent
from twm_nb.checkpoint import (CheckpointError, Checkpoints, Damaged, FORMAT, FrameFile, StopSignals,
                               StorageError, check_lock, decode, encode, lock_run, manifest, own_checksum, read_manifest, sha256)
from twm_nb.config import ConfigError, preset


def save(checkpoints, step, frames=2):
    checkpoints.save(dict(w=torch.full((50,), float(step))),
                     dict(step=step, moments=torch.arange(40) * step, text='x' * 50),
                     np.full((frames, 64, 64), step, np.uint8), dict(step=step))


@pytest.fixture
def run(tmp_path):
    checkpoints = Checkpoints(tmp_path / 'checkpoint')
    for step in (1, 2, 3): save(checkpoints, step)
    return tmp_path / 'checkpoint'


def test_the_last_two_stay_and_come_back(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    assert checkpoints.load_newest() is None
    for step in range(1, 6):
        save(checkpoints, step, frames=step)
        loaded = Checkpoints(tmp_path).load_newest()
        assert loaded.number == step and loaded.state['step'] == step and loaded.weights['w'].tolist() == [step] * 50
        assert loaded.facts == dict(step=step)
        assert loaded.frames[:, 5, 7].tolist() == [s for s in range(1, step + 1) for _ in range(s)]
        assert checkpoints.numbers() == list(range(step, max(0, step - 2), -1))
        assert {f.name for f in tmp_path.iterdir() if f.is_dir()} == {f'{n:06}' for n in checkpoints.numbers()}


def test_frames_are_appended_and_never_written_twice(tmp_path, monkeypatch):
    frames, written = np.random.default_rng(0).integers(256, size=(30, 64, 64), dtype=np.uint8), []
    import builtins
    original = builtins.open
    class Counting:
        def __init__(self, f): self.f = f
        def __enter__(self): return self
        def __exit__(self, *e): self.f.close()
        def __getattr__(self, name): return getattr(self.f, name)
        def write(self, content):
            written.append((self.f.tell(), len(memoryview(content).cast('B')))); return self.f.write(content)
    monkeypatch.setattr('builtins.open',
                        lambda path, *a, **k: Counting(original(path, *a, **k)) if str(path).endswith('frames.bin')
                        else original(path, *a, **k))
    file = FrameFile(tmp_path / 'frames.bin')
    for i, j in ((0, 10), (10, 11), (11, 30)): file.append(frames[i:j])
    assert written == [(0, 40960), (40960, 4096), (45056, 19 * 4096)]
    assert (tmp_path / 'frames.bin').read_bytes() == frames.tobytes()
    assert file.hash.hexdigest() == sha256(frames.tobytes())


def test_all_is_on_the_disk_before_it_is_there(run, monkeypatch):
    "Before the rename, every file and the folder itself went through fsync; after it, the folder above."
    events, fsync, rename = [], os.fsync, Path.rename
    monkeypatch.setattr(os, 'fsync', lambda f: events.append(('fsync', os.readlink(f'/proc/self/fd/{f}'))) or fsync(f))
    monkeypatch.setattr(Path, 'rename', lambda a, b: events.append(('rename', str(b))) or rename(a, b))
    checkpoints = Checkpoints(run); checkpoints.load_newest()
    save(checkpoints, 4)
    at = events.index(('rename', str(run / '000004')))
    new = run / '000004.new'
    synced = [re.sub(r'\.new-\d+$', '', e[1]) for e in events[:at]]
    files = ('weights.safetensors', 'state.pt', 'manifest.json')
    assert synced == [str(run / 'frames.bin'), *(str(new / f) for f in files), str(new)]
    assert events[at + 1:] == [('fsync', str(run))]


@settings(max_examples=150)
@given(data=st.data())
def test_no_damage_goes_unnoticed(run, data):
    "A flipped bit or a cut, anywhere: what is loaded is exactly step 3 or exactly step 2, or nothing."
    copy = run.parent / 'copy'
    shutil.rmtree(copy, ignore_errors=True); shutil.copytree(run, copy)
    for _ in range(data.draw(st.integers(1, 2))):
        file = data.draw(st.sampled_from(sorted(f for f in copy.rglob('*') if f.is_file())))
        content = bytearray(file.read_bytes())
        at = data.draw(st.integers(0, len(content) - 1)) if content else 0
        if data.draw(st.booleans()) and content: content[at] ^= 1 << data.draw(st.integers(0, 7))
        else: content = content[:at]
        file.write_bytes(content)
    before = contents(copy)
    told = []
    try: loaded = Checkpoints(copy, tell=told.append).load_newest()
    except CheckpointError as e: assert 'nothing was changed' in str(e) and '\n' not in str(e)
    else:
        step = loaded.state['step']
        assert step in (2, 3) and loaded.weights['w'].tolist() == [step] * 50
        assert loaded.state['moments'].tolist() == (torch.arange(40) * step).tolist()
        assert (loaded.frames == np.array([1, 1, 2, 2, 3, 3])[:2 * step, None, None]).all()
        assert bool(told) == (step == 2)
    assert before == contents(copy)


@pytest.mark.parametrize('name', ['weights.safetensors', 'state.pt', 'manifest.json'])
def test_a_flipped_bit_in_any_part_of_a_file(run, name):
    file, told = run / '000003' / name, []
    content = file.read_bytes()
    for at in range(0, len(content), max(1, len(content) // 25)):
        file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
        assert Checkpoints(run, tell=told.append).load_newest().number == 2, at
    assert len(told) >= 25


def test_going_on_from_the_older_one(run):
    os.truncate(run / '000003/state.pt', 9)
    checkpoints = Checkpoints(run, tell=lambda s: None)
    assert checkpoints.load_newest().number == 2
    save(checkpoints, 7, frames=1)
    assert checkpoints.numbers() == [4, 2]
    loaded = Checkpoints(run).load_newest()
    assert loaded.number == 4 and loaded.frames[:, 0, 0].tolist() == [1, 1, 2, 2, 7]


@pytest.mark.parametrize('found', [1, 99])
def test_another_format_is_not_read(run, found):
    "Neither an older one behind it: whoever wrote these can go on with both."
    content = read_manifest(run / '000003') | dict(format=found)
    (run / '000003/manifest.json').write_text(json.dumps(content | dict(sha256=own_checksum(content))))
    before = contents(run)
    for read in (lambda: Checkpoints(run).read(3), Checkpoints(run).load_newest):
        with pytest.raises(CheckpointError,
                           match=f'of format {found}, .* reads format {FORMAT}; nothing was changed; please'):
            read()
    assert before == contents(run)


class Malicious:
    def __init__(self, path): self.path = path
    def __reduce__(self): return os.mkdir, (self.path,)


def test_a_malicious_pickle_is_not_executed(run, tmp_path):
    buffer = io.BytesIO(); torch.save(dict(step=Malicious(str(tmp_path / 'owned'))), buffer)
    for number in (2, 3):
        folder = run / f'{number:06}'
        files = {'weights.safetensors': (folder / 'weights.safetensors').read_bytes(), 'state.pt': buffer.getvalue()}
        (folder / 'state.pt').write_bytes(files['state.pt'])
        (folder / 'manifest.json').write_bytes(manifest(int(folder.name), files, read_manifest(folder)['frames'], {}))
    with pytest.raises(CheckpointError, match='other things than numbers'): Checkpoints(run).load_newest()
    assert not (tmp_path / 'owned').exists()


@pytest.mark.parametrize('kind', ['pickle', 'torch'])
def test_weights_that_are_a_pickle_are_not_executed(tmp_path, kind):
    "The weights of an agent are safetensors; a pickle under their name is refused."
    import pickle
    Agent(preset('tiny'), 3).save(tmp_path / 'agent')
    bad = Malicious(str(tmp_path / 'owned'))
    with open(tmp_path / 'agent/agent.safetensors', 'wb') as f:
        pickle.dump(bad, f) if kind == 'pickle' else torch.save(bad, f)
    with pytest.raises(ConfigError): Agent.load(tmp_path / 'agent')
    assert not (tmp_path / 'owned').exists()


def test_no_module_loads_pickles():
    "Whoever reads files with torch.load says weights_only=True; pickle and numpy's pickles are not read at all."
    import twm_nb
    for module in Path(twm_nb.__file__).parent.glob('*.py'):
        text = module.read_text()
        assert text.count('torch.load(') == text.count('weights_only=True'), module.name
        assert 'pickle.load' not in text and 'allow_pickle=True' not in text, module.name


@pytest.mark.parametrize('wrong', [np.float64(1), np.zeros(3), {1, 2}, b'', object(), lambda: 0],
                         ids=lambda x: type(x).__name__)
def test_a_state_that_could_not_be_read_is_not_written(wrong):
    with pytest.raises(TypeError, match=r"\['a'\]\[1\]"): encode(dict(a=[1, wrong]))


def test_plain_states_come_back():
    rng = np.random.default_rng(3)
    state = dict(rng=rng.bit_generator.state, big=-2**200, t=(1, 'ü', None), f=[float('inf'), True], b=b'\0', e={},
                 x=torch.tensor([1., float('nan')]))
    back = decode(encode(state))
    assert torch.equal(back.pop('x').nan_to_num(7.), state.pop('x').nan_to_num(7.)) and back == state


@pytest.mark.parametrize('call', ['builtins.open', 'os.fsync', 'pathlib.Path.rename', 'pathlib.Path.mkdir'])
def test_errors_while_writing_leave_the_others(run, monkeypatch, call):
    checkpoints = Checkpoints(run); checkpoints.load_newest()
    original = open
    def fails(*args, **kwargs):
        if call == 'builtins.open' and 'w' not in str(args[1:]): return original(*args, **kwargs)
        raise OSError(28, 'No space left on device')
    with monkeypatch.context() as m:
        m.setattr(call, fails)
        with pytest.raises(StorageError, match='No space left on device'): save(checkpoints, 4)
    assert checkpoints.numbers() == [3, 2] and not list(run.glob('*.new'))
    assert Checkpoints(run).load_newest().number == 3
    checkpoints.save(dict(w=torch.zeros(50)), dict(step=4),
                     np.full((8 - checkpoints.frames.count, 64, 64), 4, np.uint8), {})
    assert Checkpoints(run).load_newest().frames[:, 0, 0].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.skipif(sys.platform == 'win32', reason='no locks there')
def test_the_lock_of_another_process(tmp_path):
    code = f"from twm_nb.checkpoint import lock_run; lock = lock_run({str(tmp_path)!r})"
    code += "; print('locked', flush=True); input()"
    other = subprocess.Popen([sys.executable, '-c', code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             env=os.environ | {'PYTHONPATH': os.pathsep.join(sys.path)})
    assert other.stdout.readline() == 'locked\n'
    for f in (lock_run, check_lock):
        with pytest.raises(ConfigError, match=rf'in use by another process \(process {other.pid}\)'): f(tmp_path)
    other.kill(); other.wait(); other.stdin.close(); other.stdout.close()
    check_lock(tmp_path); lock_run(tmp_path).close()


def test_signals_in_another_thread_are_left_alone():
    import signal, threading
    before, seen = signal.getsignal(signal.SIGTERM), []
    def work():
        with StopSignals() as s: seen.append((signal.getsignal(signal.SIGTERM), s.check()))
    t = threading.Thread(target=work); t.start(); t.join()
    assert seen == [(before, None)]
    with StopSignals(): assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_someone_elses_folder_stays(run):
    (run / 'backup').mkdir(); (run / '000009.new').mkdir(); (run / '3 copy').mkdir()
    checkpoints = Checkpoints(run); checkpoints.load_newest()
    save(checkpoints, 4)
    assert sorted(f.name for f in run.iterdir()) == ['000003', '000004', '3 copy', 'backup', 'frames.bin']


@pytest.mark.parametrize('left', [0, 5 * 4096 - 1, None])
def test_frames_are_not_appended_to_a_file_that_was_cut(run, left):
    "Behind a hole nothing could ever be read again; better to say so while the run still knows."
    checkpoints = Checkpoints(run); checkpoints.load_newest()
    (run / 'frames.bin').unlink() if left is None else os.truncate(run / 'frames.bin', left)
    with pytest.raises(StorageError, match='frames.bin|No such file'): save(checkpoints, 4)
    assert checkpoints.numbers() == [3, 2]


@pytest.mark.parametrize('content', [
    dict(), dict(format=FORMAT), dict(format=FORMAT, files={}, frames=[0, '']),
    dict(format=FORMAT, files=3, frames=3, facts=3),
    dict(format=FORMAT, files={'state.pt': 3}, frames=[1], facts={})])
def test_a_manifest_with_right_checksum_and_wrong_contents(run, content):
    (run / '000003/manifest.json').write_text(json.dumps(content | dict(sha256=own_checksum(content))))
    with pytest.raises(Damaged): Checkpoints(run).read(3)


@pytest.mark.parametrize('content', ['[' * 100_000, '{"a":' * 100_000, 'null', '[]', '\0'])
def test_a_manifest_that_is_none(run, content):
    (run / '000003/manifest.json').write_text(content)
    with pytest.raises(Damaged): Checkpoints(run).read(3)


def test_no_memory_is_not_damage(monkeypatch):
    def none(*args, **kwargs): raise MemoryError
    monkeypatch.setattr(torch, 'load', none)
    with pytest.raises(MemoryError): decode(b'')
