"Write README.md from nbs/index.ipynb; with --check only say whether the two agree."
import argparse
import os
import re
import sys
from pathlib import Path

from nbdev.process import NBProcessor

ROOT = Path(__file__).resolve().parent.parent
NOTE = '<!-- Made from nbs/index.ipynb by scripts/readme_from_index.py; please edit it there. -->'
LINK = re.compile(r'(\]\(|\b(?:src|href)=")([^)\s"]+)')

def from_root(target: str, folder: str = 'nbs') -> str:
    "The link `target`, written relative to `folder`, as seen from the folder above."
    if re.match(r'[a-z][a-z0-9+.-]*:|[#/]', target, re.I): return target
    path, mark, anchor = target.partition('#')
    return os.path.normpath(f'{folder}/{path}') + mark + anchor

def relinked(markdown: str) -> str:
    "`markdown` with its relative links seen from the root; code between fences stays as it is."
    parts = re.split(r'(^```.*?^```\s*$)', markdown, flags=re.M | re.S)
    return ''.join(p if i % 2 else LINK.sub(lambda m: m[1] + from_root(m[2]), p) for i, p in enumerate(parts))

def output_text(cell, where: str) -> str:
    "The text that the outputs of `cell` show. A picture raises `ValueError`: in a README it has to be a file."
    texts = []
    for output in cell.get('outputs', []):
        data = output.get('data', {})
        if any(kind.startswith('image/') for kind in data):
            raise ValueError(f'{where} shows a picture; please save it into figures/ and show that file in a markdown cell.')
        texts.append(''.join(output.get('text') or data.get('text/plain', '')))
    return ''.join(texts).rstrip()

def cell_text(cell, where: str) -> str:
    "What the README shows of `cell`."
    directives = cell.directives_
    if 'hide' in directives: return ''
    if cell.cell_type == 'markdown': return relinked(cell.source).strip()
    if cell.cell_type != 'code': return ''
    code = '\n'.join(l for l in cell.source.splitlines() if not re.match(r'\s*#\s*\|', l)).strip()
    shown = f'```python\n{code}\n```' if code and directives.get('echo:', [''])[0] != 'false' else ''
    output = output_text(cell, where)
    return '\n\n'.join(t for t in (shown, f'```text\n{output}\n```' if output else '') if t)

def readme(notebook: Path) -> str:
    "The README made from `notebook`."
    cells = NBProcessor(notebook, rm_directives=False).nb.cells
    texts = [cell_text(c, f'{Path(notebook).name}, cell {i}') for i, c in enumerate(cells, 1)]
    return '\n\n'.join([NOTE] + [t for t in texts if t]) + '\n'

def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--check', action='store_true', help='write nothing; fail if README.md is not up to date')
    check, target = parser.parse_args().check, ROOT / 'README.md'
    try: text = readme(ROOT / 'nbs/index.ipynb')
    except ValueError as error: sys.exit(f'README.md cannot be made: {error}')
    if not check: target.write_text(text, encoding='utf-8')
    elif not target.exists() or target.read_text(encoding='utf-8') != text:
        sys.exit('README.md is not what nbs/index.ipynb says; please run make notebooks.')

if __name__ == '__main__': main()
