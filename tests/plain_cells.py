"Names that a notebook defines in cells which export nothing, for tests."
import ast
import json
from importlib import import_module
from pathlib import Path
from types import ModuleType

from IPython.core.inputtransformer2 import TransformerManager

NBS = Path(__file__).resolve().parent.parent / 'nbs'

def defined(source):
    "The imports, functions, classes and constants in capitals of a cell that defines a function or class; else its imports alone."
    tree = ast.parse(TransformerManager().transform_cell(source))
    kinds = ast.Import | ast.ImportFrom
    if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body): kinds |= ast.FunctionDef | ast.ClassDef | ast.Assign
    def wanted(node): return isinstance(node, kinds) and all(getattr(t, 'id', '').isupper() for t in getattr(node, 'targets', ()))
    tree.body = [node for node in tree.body if wanted(node)]
    return tree


def plain_cells(name):
    "A module of what the notebook `name` has: the names of its module, and what its plain cells define (nothing else in them is run)."
    page = ModuleType(name)
    page.__dict__.update(vars(import_module(f'twm_nb.{name.partition("_")[2]}')))
    for cell in json.loads((NBS / f'{name}.ipynb').read_text(encoding='utf-8'))['cells']:
        source = ''.join(cell['source'])
        if cell['cell_type'] == 'code' and not source.startswith('#|'): exec(compile(defined(source), name, 'exec'), page.__dict__)
    return page
