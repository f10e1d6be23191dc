"The scripts that run notebooks and write the README."
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

def cell(source, outputs=(), kind='code'):
    more = dict(outputs=list(outputs), execution_count=None) if kind == 'code' else {}
    return dict(cell_type=kind, metadata={}, source=source) | more

def stream(text): return dict(output_type='stream', name='stdout', text=[text])

@pytest.fixture
def project(tmp_path):
    "A function that writes a notebook of given cells into a small project and returns its path."
    shutil.copytree(ROOT / 'scripts', tmp_path / 'scripts', ignore=shutil.ignore_patterns('__pycache__'))
    shutil.copy(ROOT / 'settings.ini', tmp_path)
    (tmp_path / 'nbs').mkdir()
    def write(name, cells):
        path = tmp_path / 'nbs' / name
        path.write_text(json.dumps(dict(cells=cells, metadata={}, nbformat=4, nbformat_minor=4)))
        return path
    write.root = tmp_path
    return write

def script(project, name, *args):
    return subprocess.run([sys.executable, f'scripts/{name}.py', *map(str, args)],
                          cwd=project.root, capture_output=True, text=True)

def outputs(path):
    return [[''.join(o.get('text') or o['data']['text/plain']) for o in c['outputs']]
            for c in json.loads(path.read_text())['cells']]

def test_outputs_are_stored_and_flagged_cells_keep_theirs(project):
    path = project('a.ipynb',
                   [cell('x = 1', [stream('stale')]), cell('x + 1'), cell('#| slow\nx = 9', [stream('kept')]),
                               cell('#| eval: false\nx = 9', [stream('kept too')]), cell('print(x)')])
    done = script(project, 'run_notebook')
    assert done.returncode == 0, done.stderr
    assert outputs(path) == [[], ['2'], ['kept'], ['kept too'], ['1\n']]
    assert script(project, 'run_notebook', path, '--force', 'slow').returncode == 0
    assert outputs(path) == [[], ['2'], [], ['kept too'], ['9\n']]

def test_hidden_cells_are_hidden_in_jupyterlab_and_stay_so(project):
    path = project('a.ipynb', [cell('#| hide\nx = 1'), cell('x')])
    assert script(project, 'run_notebook').returncode == 0
    subprocess.run([Path(sys.executable).parent / 'nbdev_clean'], cwd=project.root, check=True)
    metadata = [c['metadata'] for c in json.loads(path.read_text())['cells']]
    assert metadata == [dict(jupyter=dict(source_hidden=True)), {}]

def test_an_exception_stops_a_notebook_and_leaves_its_file(project):
    good = project('a.ipynb', [cell('2')])
    bad = project('b.ipynb', [cell('1'), cell('\n# divide\n1 / 0'), cell('open("ran", "w")')])
    before = bad.read_bytes()
    done = script(project, 'run_notebook', '--jobs', 2)
    assert done.returncode == 1
    for words in ('b.ipynb', 'cell 2, which begins with: # divide',
                  'ZeroDivisionError', '1 of 2 notebooks failed: b.ipynb'):
        assert words in done.stderr
    assert 'a.ipynb: done' in done.stdout and 'b.ipynb: FAILED' in done.stdout
    assert bad.read_bytes() == before and outputs(good) == [['2']] and not (bad.parent / 'ran').exists()

def test_wrong_arguments(project):
    project('a.ipynb', [cell('1')])
    assert 'there is no notebook nbs/x.ipynb' in script(project, 'run_notebook', 'nbs/x.ipynb').stderr
    assert 'slwo is no flag' in script(project, 'run_notebook', 'nbs/a.ipynb', '--force', 'slwo').stderr

def test_readme(project):
    links = '[a](00_a.ipynb#b) [c](../LICENSE) [d](https://x.y/z) [e](#e) ![f](../figures/f.png)\n\n```\n[g](../g)\n```'
    project('index.ipynb', [cell(links, kind='markdown'), cell('#| hide\n1', [stream('hidden')]),
                            cell('#| eval: false\nprint(2)', [stream('2\n')]),
                            cell('#| echo: false\nprint(3)', [stream('3\n')])])
    assert 'please run make notebooks' in script(project, 'readme_from_index', '--check').stderr
    assert script(project, 'readme_from_index').returncode == 0
    assert script(project, 'readme_from_index', '--check').returncode == 0
    text = (project.root / 'README.md').read_text().partition('\n\n')[2]
    assert text == ('[a](nbs/00_a.ipynb#b) [c](LICENSE) [d](https://x.y/z) [e](#e) '
                    '![f](figures/f.png)\n\n```\n[g](../g)\n```\n\n'
                    '```python\nprint(2)\n```\n\n```text\n2\n```\n\n```text\n3\n```\n')

def test_readme_takes_pictures_from_files_only(project):
    project('index.ipynb', [cell('figure', [dict(output_type='display_data', metadata={}, data={'image/png': 'x'})])])
    assert 'index.ipynb, cell 1 shows a picture' in script(project, 'readme_from_index').stderr
