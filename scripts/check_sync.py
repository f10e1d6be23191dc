"Do notebooks, package and README agree? Works on a copy, and names every file that does not."
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from make_stubs import write_stubs
from readme_from_index import readme

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {'nbs': ('.ipynb',), 'twm_nb': ('.py', '.pyi')}

def nbdev(command: str, folder: Path) -> None:
    "Runs an nbdev command in `folder`. Raises `RuntimeError` with what it printed if it fails."
    environment = {k: v for k, v in os.environ.items() if k != 'IN_TEST'}    # nbdev exports nothing where this is set
    done = subprocess.run([Path(sys.executable).parent / command], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode: raise RuntimeError(f'{command} failed:\n{done.stdout}{done.stderr}')

def files(root: Path) -> dict:
    "Path below `root` → bytes, of all notebooks, modules and stubs."
    found = (p for folder, suffixes in FOLDERS.items() for s in suffixes for p in (root / folder).rglob(f'*{s}') if '.ipynb_checkpoints' not in p.parts)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}

def rebuilt(root: Path, copy: Path) -> dict:
    "What cleaning and exporting the notebooks of `root` gives, made in the empty folder `copy`; README.md included."
    shutil.copytree(root / 'nbs', copy / 'nbs', ignore=shutil.ignore_patterns('.ipynb_checkpoints'))
    shutil.copy(root / 'settings.ini', copy)
    (copy / 'twm_nb').mkdir()
    shutil.copy(root / 'twm_nb/__init__.py', copy / 'twm_nb')    # the one module without a notebook
    nbdev('nbdev_clean', copy)
    nbdev('nbdev_export', copy)
    write_stubs(copy / 'twm_nb')
    return files(copy) | {'README.md': readme(copy / 'nbs/index.ipynb').encode()}

def differences(root: Path = ROOT) -> list:
    "A sentence for each file of `root` that is not what its notebook says; empty if all agree."
    target = root / 'README.md'
    have = files(root) | ({'README.md': target.read_bytes()} if target.exists() else {})
    with tempfile.TemporaryDirectory() as folder: want = rebuilt(root, Path(folder))
    def sentence(name):
        if name not in want: return f'{name} belongs to no notebook'
        if name not in have: return f'{name} is missing'
        return f'{name} is not clean' if name.startswith('nbs/') else f'{name} differs from its notebook'
    return [sentence(n) for n in sorted(have.keys() | want.keys()) if have.get(n) != want.get(n)]

def main():
    found = differences()
    if found: sys.exit('\n'.join(f'  {f}' for f in found) + '\nTo mend this: make notebooks')

if __name__ == '__main__': main()
