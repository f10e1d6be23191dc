"The package as others get it: sdist and wheel are built, installed into a folder, and used away from the repository."
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ('setup.py', 'settings.ini', 'MANIFEST.in', 'README.md', 'LICENSE', 'CITATION.cff', 'constraints.txt', 'twm_nb')
# a training run of seconds
SHORT = ['--game', 'Catch', '--preset', 'tiny', '--set', 'environment_steps=60', 'prefill_steps=50',
         'total_samples=20000', 'pretraining_samples=10000', 'evaluation_episodes=2', 'final_evaluation_episodes=3']

def run(*command, cwd, path=None):
    "Runs a command away from the repository, with `path` as the only PYTHONPATH; returns what it printed."
    environment = {k: v for k, v in os.environ.items() if k not in ('PYTHONPATH', 'IN_TEST')}
    if path: environment['PYTHONPATH'] = str(path)
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f'{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}'
    return done.stdout

@pytest.fixture(scope='module')
def wheel(tmp_path_factory):
    """The wheel, built from the sdist of a copy, so that nothing is taken from the repository unseen; no network is
    needed."""
    source, built = tmp_path_factory.mktemp('source'), tmp_path_factory.mktemp('built')
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns('__pycache__'))
        else: shutil.copy(ROOT / part, source)
    run(sys.executable, '-m', 'build', '--no-isolation', '--outdir', built, cwd=source)
    return next(built.glob('*.whl'))

@pytest.fixture(scope='module')
def installed(wheel, tmp_path_factory):
    "A folder with the installed wheel and nothing else."
    folder = tmp_path_factory.mktemp('installed')
    run(sys.executable, '-m', 'pip', 'install', '--quiet', '--no-deps',
        '--no-index', '--target', folder, wheel, cwd=folder)
    return folder

def test_wheel_holds_the_package_and_its_data(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {p.relative_to(ROOT).as_posix() for p in (ROOT / 'twm_nb').rglob('*')
               if p.is_file() and '__pycache__' not in p.parts}
    assert {n for n in names if '.dist-info/' not in n} == package
    assert {'twm_nb/py.typed', 'twm_nb/agent.pyi', 'twm_nb/__init__.pyi'} <= names    # for editors
    assert any(n.endswith('/licenses/LICENSE') for n in names)

def test_metadata(wheel):
    archive = zipfile.ZipFile(wheel)
    metadata = archive.read(next(n for n in archive.namelist() if n.endswith('/METADATA'))).decode()
    for line in ('Name: twm_nb', 'License: Apache-2.0', 'Requires-Python: >=3.11', 'Author: The twm_nb authors',
                 'Requires-Dist: fastcore<2', 'Description-Content-Type: text/markdown'):
        assert f'\n{line}\n' in metadata, line
    assert 'https://' not in metadata.partition('\n\n')[0]    # no address is claimed for this project

def test_every_module_is_imported_from_the_wheel(installed, tmp_path):
    modules = sorted(p.stem for p in (ROOT / 'twm_nb').glob('*.py') if not p.stem.startswith('_'))
    code = (f'import importlib, twm_nb; print(twm_nb.__file__)\n'
            f'for m in {modules!r}: print(importlib.import_module("twm_nb." + m).__file__)')
    files = run(sys.executable, '-c', code, cwd=tmp_path, path=installed).split()
    assert len(files) == len(modules) + 1
    for f in files: assert Path(f).is_relative_to(installed), f'{f} is not from the wheel'

@pytest.mark.parametrize('command', ['twm_train', 'twm_eval', 'twm_play', 'twm_atari', 'twm_bench'])
def test_commands_are_installed(installed, tmp_path, command):
    assert 'usage: ' in run(sys.executable, installed / 'bin' / command, '--help', cwd=tmp_path, path=installed)

def test_trains_and_evaluates_away_from_the_repository(installed, tmp_path):
    run(sys.executable, installed / 'bin/twm_train', *SHORT, '--run', 'short', cwd=tmp_path, path=installed)
    for name in ('config.json', 'metrics.jsonl', 'episodes.json', 'scores.json', 'agent'):
        assert (tmp_path / 'short' / name).exists(), name
    run(sys.executable, installed / 'bin/twm_eval', 'short', '--episodes', '3', cwd=tmp_path, path=installed)
