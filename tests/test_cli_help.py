"The help of all commands fits a terminal of 80 columns and says how to use them."
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {'twm_train': ('--game', '--preset', '--run', '--seeds', '--seed', '--set', '--device', '--dtype', '--overwrite'),
            'twm_eval': ('run', '--episodes', '--random'),
            'twm_bench': ('--preset', '--components', '--threads', '--device', '--dtype', '--repeats', '--json', '--memory', '--compiled', '--growth'),
            'twm_play': ('run', '--what', '--out', '--steps', '--seed', '--fps', '--scale', '--temperature', '--threads')}

@pytest.mark.parametrize('command', COMMANDS)
def test_help(command):
    environment = os.environ | {'COLUMNS': '80'}
    done = subprocess.run([Path(sys.executable).parent / command, '--help'], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ''
    lines = done.stdout.splitlines()
    assert [l for l in lines if len(l) > 80] == []
    for option in COMMANDS[command]: assert option in done.stdout, option


@pytest.mark.parametrize('module', ['trainer', 'evaluation'])
def test_a_module_takes_the_options_of_its_command(module, tmp_path):
    run = dict(trainer=['--run', 'r', '--game', 'Brekout'], evaluation=['r', '--episodes', '0'])[module]
    done = subprocess.run([sys.executable, '-m', f'twm_nb.{module}', *run], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2 and ('Breakout' if module == 'trainer' else 'episodes=0') in done.stderr and 'Warning' not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_test_calls_a_command_without_its_options():
    "`python -c '...; twm_train()' ARGS` would train with the defaults: call_parse looks at ARGS only as a script or a command."
    wrong = re.compile(r'(twm_train|twm_eval|twm_bench|twm_play|twm_atari)' + r'\(\)')
    assert [f.name for f in Path(__file__).parent.glob('*.py') if f != Path(__file__) and wrong.search(f.read_text())] == []
