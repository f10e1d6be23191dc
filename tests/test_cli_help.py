"The commands: their help fits a terminal of 80 columns, a wrong option gets one sentence, and neither waits for torch."
import inspect
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from twm_nb.commands import COMMANDS, twm_train
from twm_nb.config import ConfigError

OPTIONS = {'twm_train': ('--game', '--preset', '--run', '--seeds', '--seed', '--set', '--device', '--dtype',
                         '--overwrite', '--system'),
           'twm_eval': ('run', '--episodes', '--seed', '--random', '--device', '--dtype', '--workers', '--out',
                        '--system'),
           'twm_bench': ('--preset', '--components', '--threads', '--device', '--dtype', '--repeats', '--json',
                         '--memory', '--compiled', '--growth', '--profile'),
           'twm_play': ('run', '--what', '--out', '--steps', '--seed', '--fps', '--scale', '--temperature',
                        '--threads'),
           'twm_atari': ('--games', '--preset', '--run', '--seed', '--seeds', '--parallel', '--minutes', '--device',
                         '--dtype', '--keep', '--set')}
settings = ConfigParser(interpolation=None)
settings.read(Path(__file__).resolve().parent.parent / 'settings.ini')
ENTRIES = dict(entry.split('=') for entry in settings['DEFAULT']['console_scripts'].split())
# gymnasium and numpy come with the package: it registers its games
HEAVY = ('torch', 'ale_py', 'cv2', 'matplotlib')


def shell(name, *words, before='', **kwargs):
    "What the shell's file of a command does, in a process in which `before` has been run."
    module, _, function = ENTRIES[name].partition(':')
    code = f'import sys\n{before}\nfrom {module} import {function}\nsys.exit({function}())'
    return subprocess.run([sys.executable, '-c', code, *words], capture_output=True, text=True, **kwargs)

def light(name, *words, cwd):
    "The same where nothing that takes long can be imported."
    return shell(name, *words, cwd=cwd,
                 before=f'sys.modules.update(dict.fromkeys({HEAVY}))\nimport os; os.environ["COLUMNS"] = "80"')


def test_every_command_has_an_entry(): assert set(ENTRIES) == set(OPTIONS) == set(COMMANDS)


@pytest.mark.parametrize('name', OPTIONS)
def test_help(name, tmp_path):
    done = light(name, '--help', cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, '') and done.stdout.startswith(f'usage: {name} [-h]')
    assert [l for l in done.stdout.splitlines() if len(l) > 80] == []
    for option in OPTIONS[name]: assert re.search(rf'^  {option}\b', done.stdout, re.M), option


@pytest.mark.parametrize('name', OPTIONS)
def test_a_wrong_option_waits_for_nothing(name, tmp_path):
    done = light(name, '--oops', cwd=tmp_path)
    says = f'error: {name} has no option --oops; please see {name} --help.\n'
    assert (done.returncode, done.stdout, done.stderr) == (2, '', says)


@pytest.mark.parametrize('name, words, says', [
    ('twm_train', '--over', 'twm_train has no option --over; please see twm_train --help. Did you mean --overwrite?'),
    ('twm_train', '--sed=3',
     'twm_train has no option --sed; please see twm_train --help. Did you mean --seed or --seeds?'),
    ('twm_train', '--seeds two', "argument --seeds: invalid int value: 'two'; please see twm_train --help."),
    ('twm_eval', '--episods 3',
     'twm_eval has no option --episods; please see twm_eval --help. Did you mean --episodes?'),
    ('twm_eval', '', 'the following arguments are required: run; please see twm_eval --help.'),
    ('twm_eval', 'a b', 'unrecognized arguments: b; please see twm_eval --help.'),
    ('twm_play', 'Catch -out a.gif', 'twm_play has no option -out; please see twm_play --help. Did you mean --out?'),
    ('twm_atari', '--qqq', 'twm_atari has no option --qqq; please see twm_atari --help.'),
    ('twm_bench', '--pdb', 'twm_bench has no option --pdb; please see twm_bench --help.')])
def test_a_wrong_option_is_one_sentence(name, words, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, 'argv', ['x', *words.split()])
    with pytest.raises(SystemExit) as stop: COMMANDS[name]()
    assert stop.value.code == 2 and capsys.readouterr() == ('', f'error: {says}\n') and list(tmp_path.iterdir()) == []


def test_no_abbreviation_is_an_option(monkeypatch):
    "Not even where it is unique, or comes with a value."
    from twm_nb.commands import read_options
    for name, options in OPTIONS.items():
        names = {o for o in options if o.startswith('--')} | {'--help'}
        for option in names:
            for short in {option[:n] for n in range(3, len(option))} - names:
                with pytest.raises(ConfigError, match=f'{name} has no option {short};'):
                    read_options(COMMANDS[name].__wrapped__, ['x', f'{short}=1'])


def test_words_are_read_as_before():
    from twm_nb.commands import read_options
    read = lambda name, *words: read_options(COMMANDS[name].__wrapped__, list(words))
    defaults = {k: p.default for k, p in inspect.signature(twm_train).parameters.items()}
    found = read('twm_train', '--seed', '-1', '--set', 'horizon=10', 'actor_lr=-1', '--overwrite', '--set', 'x=3',
                 '--game=Pong')
    assert found == defaults | dict(game='Pong', seed=-1, set=['horizon=10', 'actor_lr=-1', 'x=3'], overwrite=True)
    assert read('twm_eval', '--episodes', '3', '--', '-odd')['run'] == '-odd'
    assert read('twm_play', 'Catch', '--fps', '2')['fps'] == 2.


@pytest.mark.parametrize('name, words',
                         [('twm_train', '--preset tiny'), ('twm_eval', 'x'), ('twm_play', 'x'), ('twm_atari', ''),
                          ('twm_bench', '')])
def test_ctrl_c_while_torch_is_imported_is_one_sentence(name, words, tmp_path):
    (tmp_path / 'torch.py').write_text('import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)')
    done = shell(name, *words.split(), cwd=tmp_path)
    assert done.returncode == 130 and done.stdout == '' and re.fullmatch(r'\nstopped[^\n]+\n', done.stderr), done.stderr
    assert {p.name for p in tmp_path.iterdir()} <= {'torch.py', '__pycache__'}


@pytest.mark.skipif(sys.platform != 'linux', reason='other OpenMP libraries do not say what they were told')
def test_threads_that_wait_do_not_spin(tmp_path, monkeypatch):
    monkeypatch.setenv('OMP_DISPLAY_ENV', 'true')
    monkeypatch.delenv('OMP_WAIT_POLICY', raising=False)
    assert "OMP_WAIT_POLICY = 'PASSIVE'" in shell('twm_eval', 'nowhere', cwd=tmp_path).stderr
    monkeypatch.setenv('OMP_WAIT_POLICY', 'ACTIVE')
    assert "OMP_WAIT_POLICY = 'ACTIVE'" in shell('twm_eval', 'nowhere', cwd=tmp_path).stderr


@pytest.mark.parametrize('words, says',
                         [('twm_train --run r --game Brekout', 'Breakout'), ('twm_eval r --episodes 0', 'episodes=0'),
                          ('--help', 'please give one of twm_train, twm_eval'), ('', 'please give one of')])
def test_the_module_starts_the_commands(words, says, tmp_path):
    done = subprocess.run([sys.executable, '-m', 'twm_nb.commands', *words.split()], capture_output=True, text=True,
                          cwd=tmp_path)
    assert done.returncode == 2 and says in done.stderr and done.stderr.startswith('error: ')
    assert done.stderr.count('\n') == 1
    assert list(tmp_path.iterdir()) == []


def test_called_from_python_with_arguments_it_reads_no_command_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, 'argv', ['x', '--oops'])
    with pytest.raises(SystemExit): twm_train(preset='tiny', seeds=0)
    assert 'seeds=0' in capsys.readouterr().err
    with pytest.raises(SystemExit): COMMANDS['twm_train']()
    assert '--oops' in capsys.readouterr().err


def test_no_test_calls_a_command_without_its_options():
    "Such a call would read the options of pytest."
    wrong = re.compile(r'(twm_train|twm_eval|twm_bench|twm_play|twm_atari)' + r'\(\)')
    assert [f.name for f in Path(__file__).parent.glob('*.py') if f != Path(__file__)
            and wrong.search(f.read_text())] == []
