"The help of all commands fits a terminal of 80 columns and says how to use them."
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {'twm_train': ('--game', '--preset', '--run', '--seeds', '--seed', '--set', '--device', '--dtype', '--overwrite'),
            'twm_eval': ('run', '--episodes', '--random'),
            'twm_bench': ('--preset', '--components', '--threads', '--device', '--dtype', '--repeats', '--json', '--memory', '--compiled', '--growth'),
            'twm_play': ('run', '--what', '--out', '--steps', '--seed', '--fps', '--scale', '--temperature')}

@pytest.mark.parametrize('command', COMMANDS)
def test_help(command):
    environment = os.environ | {'COLUMNS': '80'}
    done = subprocess.run([Path(sys.executable).parent / command, '--help'], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ''
    lines = done.stdout.splitlines()
    assert [l for l in lines if len(l) > 80] == []
    for option in COMMANDS[command]: assert option in done.stdout, option
