"Notebooks, package and README agree, byte for byte; and the check that says so notices when they do not."
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ('nbs', 'twm_nb', 'scripts', 'settings.ini', 'README.md')

def check(root):
    "Runs scripts/check_sync.py of `root`; returns its exit status and what it printed."
    done = subprocess.run([sys.executable, 'scripts/check_sync.py'], cwd=root, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr

def test_in_sync():
    assert check(ROOT) == (0, '')

def test_differences_are_found(tmp_path):
    for part in PARTS:
        source = ROOT / part
        if source.is_dir(): shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns('__pycache__'))
        else: shutil.copy(source, tmp_path)
    module, notebook, readme = tmp_path / 'twm_nb/show.py', tmp_path / 'nbs/01_show.ipynb', tmp_path / 'README.md'
    module.write_text(module.read_text() + '\n')
    notebook.write_text(notebook.read_text().replace('"execution_count": null', '"execution_count": 7', 1))
    readme.write_text(readme.read_text().replace('# twm_nb', '# twm', 1))
    (tmp_path / 'twm_nb/orphan.py').write_text('')
    with open(tmp_path / 'twm_nb/agent.pyi', 'a') as stub: stub.write('x: int')
    (tmp_path / 'twm_nb/vae.pyi').unlink()
    status, text = check(tmp_path)
    assert status == 1
    lines = [l.strip() for l in text.splitlines()][:-1]
    assert lines == ['README.md differs from its notebook', 'nbs/01_show.ipynb is not clean',
                     'twm_nb/agent.pyi differs from its notebook', 'twm_nb/orphan.py belongs to no notebook',
                     'twm_nb/show.py differs from its notebook', 'twm_nb/vae.pyi is missing']
