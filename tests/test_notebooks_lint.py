"What every notebook has to keep to: directives, order of imports, length of cells, stored outputs, exercises, links."
import ast
import json
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / 'nbs').glob('*.ipynb'))
NUMBERED = [p for p in NOTEBOOKS if p.name[:2].isdigit()]    # a letter may follow: 12a comes between 12 and 13
ROOMS = [p for p in NUMBERED if int(p.name[:2]) < 20]    # the components: each builds a module and ends with exercises

settings = ConfigParser(interpolation=None)
settings.read(ROOT / 'settings.ini')
FLAGS = set(settings['DEFAULT']['tst_flags'].split())
DIRECTIVES = {'default_exp', 'export', 'exporti', 'hide', 'eval: false', 'echo: false'} | FLAGS

DIRECTIVE = re.compile(r'\s*#\s*\|\s*(.*)')
# rooms to look things up in, where cells may be longer; the map marks them too
REFERENCE = {'00', '01', '03a', '03b', '12a', '12b', '13a', '18', '19', '20', '21', '23', '24'}
OTHER_SYSTEM = re.compile(r"""\bif\s+(\w+\.)*system\s*==|\bsystem\s*==\s*['"]""")
UNFINISHED = re.compile(r'\b(TO' r'DO|FIX' r'ME|X' r'XX)\b')
MACHINE_PATH = re.compile(r'(?<![\w.~/:])/(?:work|__w|root|home|tmp|Users|mnt|opt|srv|var)/\w|\b[A-Z]:\\\\?\w')
LINK = re.compile(r'\]\(([^)\s]+)')

def name(path): return path.stem
def each(paths): return pytest.mark.parametrize('path', paths, ids=name)
def read(path): return json.loads(path.read_text(encoding='utf-8'))
def text(x): return ''.join(x) if isinstance(x, list) else x
def sources(path, kind): return [text(c['source']) for c in read(path)['cells'] if c['cell_type'] == kind]
def outputs(path): return [o for c in read(path)['cells'] for o in c.get('outputs', [])]

def directives(source):
    "The directives of a cell, and those that come too late to be seen."
    first, late, begun = [], [], False
    for line in source.splitlines():
        found = DIRECTIVE.match(line)
        if found: (late if begun else first).append(found[1].strip())
        elif line.strip(): begun = True
    return first, late

def number_of(path): return path.stem.partition('_')[0]
def module_of(path): return path.stem.partition('_')[2]

def imported(path):
    "Names of the modules of twm_nb that the cells of a notebook import."
    found = set()
    for source in sources(path, 'code'):
        for node in ast.walk(ast.parse(TransformerManager().transform_cell(source))):
            if isinstance(node, ast.ImportFrom):
                if node.level: found.add('a relative import')
                elif node.module == 'twm_nb': found |= {a.name for a in node.names if not a.name.startswith('_')}
                elif (node.module or '').startswith('twm_nb.'): found.add(node.module.split('.')[1])
            elif isinstance(node, ast.Import):
                found |= {a.name.split('.')[1] for a in node.names if a.name.startswith('twm_nb.')}
    return found

def exports(cell):
    return cell['cell_type'] == 'code' and bool({'export', 'exporti'} & set(directives(text(cell['source']))[0]))
def code_lines(cell): return [l for l in text(cell['source']).strip().splitlines() if not DIRECTIVE.match(l)]
def titled(cell): return f'{cell.get("id")}: {(code_lines(cell) or [""])[0][:60]}'
def teaches(cell):
    """Does a reader learn something from this cell that exports nothing: prose of more than a line, an output, an
    assertion?"""
    source = text(cell['source'])
    if cell['cell_type'] == 'markdown': return len(source.strip().splitlines()) > 1
    return bool(cell.get('outputs')) or re.search(r'\bassert', source) is not None

def crowded(cells, most=3):
    "Exporting cells that come after `most` others without a lesson between."
    found, run = [], 0
    for cell in cells:
        run = run + 1 if exports(cell) else 0 if teaches(cell) else run
        if exports(cell) and run > most: found.append(titled(cell))
    return found

def bulky(cells, most=25):
    "Exporting cells of more than `most` lines, directives not counted."
    return [f'{titled(c)}: {len(code_lines(c))} lines' for c in cells if exports(c) and len(code_lines(c)) > most]

def too_long(cells, most=100):
    "Lines of code of more than `most` characters."
    return [f'{c.get("id")}: {l}' for c in cells if c['cell_type'] == 'code'
            for l in text(c['source']).splitlines() if len(l) > most]

def exercises(path):
    "The numbered items below the heading `## Exercises`, which has to be the last."
    last = re.split(r'^## ', '\n\n'.join(sources(path, 'markdown')), flags=re.M)[-1]
    assert last.startswith('Exercises'), f'{path.name} does not end with a section Exercises'
    return re.findall(r'^(?:\d+\.|[-*]) ', last, flags=re.M)

def test_checks_notice_what_they_look_for():
    assert directives('#| export\n#|hide\nx = 1\n# | exprot\n') == (['export', 'hide'], ['exprot'])
    for s in ('/home/me/x', 'in "/root/a"', 'C:\\Users', '(/tmp/abc)', ' at /__w/a/b.cpp'):
        assert MACHINE_PATH.search(s), s
    for s in ('runs/demo', '../root/x', 'https://a.b/home/x', 'z/tmp/a', 'mean/var/x'):
        assert not MACHINE_PATH.search(s), s
    assert UNFINISHED.search('# TO' 'DO: x') and not UNFINISHED.search('MASTO' 'DON')

def test_lint_of_cells_notices_what_it_looks_for():
    def code(source, *outputs): return dict(cell_type='code', source=source, outputs=list(outputs))
    export, prose = code('#| export\nx = 1'), lambda s: dict(cell_type='markdown', source=s)
    assert (crowded([export] * 3) == [] and len(crowded([export] * 5)) == 2
            and len(crowded([export, code('#| exporti\ny = 2')] * 2)) == 1)
    for dull in (prose('One line.'), code('x = 2'), code('#| hide\nx = 2')):
        assert crowded([export] * 3 + [dull, export]) != []
    for lesson in (prose('Two\nlines.'), code('x', dict(data={})),
                   code('assert x == 1'), code('torch.testing.assert_close(x, x)')):
        assert crowded([export] * 3 + [lesson] + [export] * 3) == []
    rows = lambda n: '#| export\n' + '\n'.join(['x = 1'] * n)
    assert (bulky([code(rows(25))]) == [] and len(bulky([code(rows(26))])) == 1
            and bulky([code(rows(26).replace('export', 'hide'))]) == [])
    assert too_long([code('x' * 100), prose('y' * 101)]) == [] and len(too_long([code('x' * 101)])) == 1
    for s in ("if system == 'twm': pass", 'if config.system == "storm": x',
              "a if system == b else c", "names[system == 'swm']"):
        assert OTHER_SYSTEM.search(s), s
    for s in ("if systems == 'x': y", "system = 'twm'", 'if system is None: x', 'if platform.system() == x: y'):
        assert not OTHER_SYSTEM.search(s), s

def test_numbers_and_modules_are_unique():
    assert len({number_of(p) for p in NUMBERED}) == len({module_of(p) for p in NUMBERED}) == len(NUMBERED) > 0

@each(NOTEBOOKS)
def test_directives_come_first_and_are_known(path):
    for source in sources(path, 'code'):
        first, late = directives(source)
        assert not late, f'a directive after the first line of code does nothing: {late}'
        for d in first:
            known = d in DIRECTIVES or re.fullmatch(r'default_exp \w+', d)
            assert known, f'{d!r} is no directive; known are {sorted(DIRECTIVES)}'

@each(NOTEBOOKS)
def test_hidden_cells_are_hidden_in_jupyterlab(path):
    for cell in read(path)['cells']:
        if 'hide' not in directives(text(cell['source']))[0]: continue
        hidden = dict(jupyter=dict(source_hidden=True))
        assert cell['metadata'] == hidden, 'JupyterLab shows this cell: please run make notebooks'

@each(NOTEBOOKS)
def test_begins_with_title_and_quote(path):
    first = read(path)['cells'][0]
    begins = re.match(r'# \S[^\n]*\n\n> \S', text(first['source']))
    assert first['cell_type'] == 'markdown' and begins, 'the first cell is not "# Title", an empty line, "> quote"'

@each(NOTEBOOKS)
def test_no_empty_cell(path):
    assert [i for i, c in enumerate(read(path)['cells'], 1) if not text(c['source']).strip()] == []

@each(NUMBERED)
def test_module_is_named_like_its_notebook(path):
    names = [d.split()[1] for s in sources(path, 'code') for d in directives(s)[0] if d.startswith('default_exp ')]
    exports = any('export' in directives(s)[0] for s in sources(path, 'code'))
    assert names == ([module_of(path)] if exports or path in ROOMS else [])

@each(NUMBERED)
def test_imports_only_from_lower_numbers(path):
    lower = {module_of(p) for p in NUMBERED if number_of(p) < number_of(path)}
    assert imported(path) <= lower | {module_of(path)}      # a cell that stands alone imports what its room exports

@each(NOTEBOOKS)
def test_stored_outputs(path):
    cells = read(path)['cells']
    shown = [c for c in cells if c['cell_type'] == 'code' and not directives(text(c['source']))[0]]
    assert not shown or any(c['outputs'] for c in shown), 'no stored output: please run make notebooks'
    for output in outputs(path):
        assert output['output_type'] != 'error', output.get('evalue')
        assert output.get('name') != 'stderr', f"stderr in a stored output: {text(output['text'])[:200]!r}"
        assert not any('widget' in kind for kind in output.get('data', {})), 'a widget in a stored output'
    assert 'widgets' not in read(path)['metadata']
    assert path.stat().st_size < 700_000

@each(ROOMS)
def test_ends_with_two_or_three_exercises(path):
    assert len(exercises(path)) in (2, 3)

@each(NOTEBOOKS)
def test_nothing_unfinished_and_no_path_of_a_machine(path):
    shown = [text(o.get('text') or o.get('data', {}).get('text/plain', '')) for o in outputs(path)]
    for s in sources(path, 'code') + sources(path, 'markdown') + shown:
        for pattern in (UNFINISHED, MACHINE_PATH):
            found = pattern.search(s)
            assert not found, s[max(0, found.start() - 60):found.end() + 60]

@each(NOTEBOOKS)
def test_links_lead_somewhere(path):
    for target in LINK.findall('\n'.join(sources(path, 'markdown'))):
        if not re.match(r'[a-z]+:|#', target): assert (path.parent / target.partition('#')[0]).exists(), target

def test_readme_links_lead_somewhere():
    for target in LINK.findall((ROOT / 'README.md').read_text(encoding='utf-8')):
        if not re.match(r'[a-z]+:|#', target): assert (ROOT / target.partition('#')[0]).exists(), target

def test_the_map_names_every_notebook():
    index = '\n'.join(sources(ROOT / 'nbs/index.ipynb', 'markdown'))
    assert [p.name for p in NUMBERED if f']({p.name})' not in index] == []
    marked = re.findall(r'^\| \[(\w+?)_\w+\]\(.*?\) \*reference\* \|', index, flags=re.M)
    listed = REFERENCE & {number_of(p) for p in NUMBERED}
    assert set(marked) == listed, 'the map marks other rooms as reference than the list here'

@each(NOTEBOOKS)
def test_code_fits_the_page(path):
    "A page shows 100 characters of a line; what is longer can only be read by scrolling."
    assert too_long(read(path)['cells']) == []

@each(NOTEBOOKS)
def test_lessons_between_exports(path):
    "At most three exporting cells follow each other; then come an example, an assertion or some lines of prose."
    assert crowded(read(path)['cells']) == []

@each([p for p in NUMBERED if number_of(p) not in REFERENCE])
def test_exporting_cells_are_short(path):
    assert bulky(read(path)['cells']) == []

@each(NOTEBOOKS)
def test_no_system_is_asked_for_its_name(path):
    assert [s for s in sources(path, 'code') if OTHER_SYSTEM.search(s)] == [], 'what differs between systems belongs into the System itself'
