"""Write a stub (.pyi) beside every module of twm_nb, in which editors see what `@patch` adds to a class.

Nothing is imported: a stub is made from the syntax of its module alone.
"""
import ast
from copy import deepcopy
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = '# Made from {} by scripts/make_stubs.py.\n'
KEPT = ('dataclass', 'contextmanager', 'property', 'staticmethod', 'classmethod')    # decorators that a caller sees
MADE_BY = dict(dict='dict', tuple='tuple', list='list', set='set', Path='Path')
LITERALS = {ast.Dict: 'dict', ast.DictComp: 'dict', ast.Tuple: 'tuple', ast.List: 'list', ast.ListComp: 'list', ast.Set: 'set',
            ast.JoinedStr: 'str', ast.Compare: 'bool'}

def public(name: str) -> bool: return not name.startswith('_') or name.startswith('__') and name.endswith('__')

def name_of(decorator) -> str:
    "The last part of a decorator's name, without its arguments."
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return target.attr if isinstance(target, ast.Attribute) else target.id

def type_of(value, known: dict) -> str:
    "The type of the expression `value`, as far as its syntax tells; `known` are types of names."
    if isinstance(value, ast.Constant) and value.value is not None: return type(value.value).__name__
    if isinstance(value, ast.Name): return known.get(value.id, 'Any')
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        made = value.func.id
        return MADE_BY.get(made) or (made if known.get(made) == 'type' else 'Any')
    return LITERALS.get(type(value), 'Any')

def targets(statement):
    "Pairs (target, value) that an assignment sets; values are None where a tuple is taken apart."
    for target in statement.targets:
        if not isinstance(target, ast.Tuple): yield target, statement.value
        elif isinstance(statement.value, ast.Tuple): yield from zip(target.elts, statement.value.elts)
        else: yield from ((t, None) for t in target.elts)

def declared(name: str, kind: str): return ast.parse(f'{name}: {kind}').body[0]

def body(node) -> list:
    "What stands in for the body of a function or class: its docstring, and three dots."
    text = ast.get_docstring(node, clean=False)
    return ([ast.Expr(ast.Constant(text))] if text else []) + [ast.Expr(ast.Constant(...))]

def patch_of(node):
    "The decorator `@patch` of a function, or None."
    return next((d for d in getattr(node, 'decorator_list', ()) if name_of(d) == 'patch'), None)

def hoisted(node) -> tuple:
    "A function with `@patch` as (classes, method)."
    options = {k.arg: k.value.value for k in getattr(patch_of(node), 'keywords', ())}
    first = (node.args.posonlyargs + node.args.args)[0]
    owners, first.annotation = ast.unparse(first.annotation).split(' | '), None
    node.name = options.get('nm', node.name)
    kinds = dict(as_prop='property', cls_method='classmethod', static_method='staticmethod')
    node.decorator_list = [ast.Name(kinds[k]) for k in options if k in kinds]
    return owners, node

def function(node):
    "The stub of a function or method."
    node.decorator_list = [d for d in node.decorator_list if name_of(d) in KEPT]
    node.body = body(node)
    return node

def attributes(methods, known: dict) -> dict:
    "name → type of what the methods of a class set on `self`; what __init__ says goes first."
    found = {}
    for method in sorted(methods, key=lambda m: m.name != '__init__'):
        if not method.args.args: continue
        me, every = method.args.args[0].arg, method.args.args + method.args.kwonlyargs
        types = known | {a.arg: ast.unparse(a.annotation) if a.annotation else 'Any' for a in every}
        for statement in ast.walk(method):
            if not isinstance(statement, ast.Assign): continue
            for target, value in targets(statement):
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == me:
                    found.setdefault(target.attr, type_of(value, types))
    return {name: kind for name, kind in found.items() if public(name)}

def class_stub(node, patched, known: dict):
    "The stub of a class with the methods `patched`."
    node.decorator_list = [d for d in node.decorator_list if name_of(d) in KEPT]
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    methods = {m.name: m for m in [*(n for n in node.body if isinstance(n, functions)), *patched]}
    fields = [n for n in node.body if isinstance(n, ast.AnnAssign) and public(n.target.id)]
    values = {t.id: type_of(v, known) for n in node.body if isinstance(n, ast.Assign) for t, v in targets(n) if public(t.id)}
    taken = methods.keys() | {f.target.id for f in fields}
    values = {n: k for n, k in (attributes(methods.values(), known) | values).items() if n not in taken}
    inner = [class_stub(n, [], known) for n in node.body if isinstance(n, ast.ClassDef)]
    within = [*fields, *(declared(n, k) for n, k in values.items()), *inner,
              *(function(m) for n, m in methods.items() if public(n))]
    node.body = body(node)[:-1] + within or body(node)
    return node

def imports(tree, used: set) -> list:
    "The imports of a module, of the names `used` only."
    kept = []
    for node in tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)): continue
        node.names = [a for a in node.names if (a.asname or a.name.partition('.')[0]) in used]
        if node.names: kept.append(node)
    return kept

def module_stub(source: str) -> str:
    "The stub of a module. Raises `ValueError` where it patches a class of another module."
    tree = ast.parse(source)
    classes = {n.name for n in tree.body if isinstance(n, ast.ClassDef)}
    functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not patch_of(n)}
    brought = {a.asname or a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names}
    known = {name: 'type' for name in classes | {b for b in brought if b[0].isupper() and not b.isupper()}}
    patched = [hoisted(n) for n in tree.body if patch_of(n)]
    foreign = {o for owners, _ in patched for o in owners} - classes
    if foreign: raise ValueError(f'@patch adds to {min(foreign)}, a class of another module; please make it a function.')
    found = []
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found += [node if t.id == '__all__' or getattr(v, 'id', '') in functions else declared(t.id, type_of(v, known)) for t, v in targets(node)
                      if isinstance(t, ast.Name) and public(t.id)]
        elif isinstance(node, ast.ClassDef) and public(node.name):
            found.append(class_stub(node, [deepcopy(m) for owners, m in patched if node.name in owners], known))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node not in [m for _, m in patched] and public(node.name):
            found.append(function(node))
    return joined(tree, found)

def joined(tree, found) -> str:
    "The text of a stub: docstring, imports, and the statements `found`."
    used = {n.id for f in found for n in ast.walk(f) if isinstance(n, ast.Name)} | {'Any'}
    start = [ast.Expr(ast.Constant(ast.get_docstring(tree)))] if ast.get_docstring(tree) else []
    typing = [ast.parse('from typing import Any').body[0]]
    whole = ast.Module(start + typing + imports(tree, used) + found, [])
    return ast.unparse(ast.fix_missing_locations(whole)) + '\n'

def package_stub(source: str) -> str:
    "The stub of `__init__.py`, whose dict HOMES says which name is imported from where when it is asked for."
    tree = ast.parse(source)
    homes = next(n.value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == 'HOMES')
    lines = [f'from .{k.value.value} import {k.arg} as {k.arg}' for k in homes.keywords]
    names = ', '.join(repr(k.arg) for k in homes.keywords)
    return f'{ast.get_docstring(tree)!r}\n' + '\n'.join(lines) + f'\n__version__: str\n__all__ = [{names}]\n'

def stubs(package: Path) -> dict:
    "File name → text, of the stubs of the modules in `package`."
    modules = [p for p in sorted(package.glob('*.py')) if p.stem != '_modidx']
    made = {p: (package_stub if p.stem == '__init__' else module_stub)(p.read_text(encoding='utf-8')) for p in modules}
    return {f'{p.stem}.pyi': HEADER.format(p.name) + text for p, text in made.items()}

def write_stubs(package: Path) -> None:
    "Writes the stubs of `package`, and removes those whose module is gone."
    made = stubs(package)
    for old in package.glob('*.pyi'):
        if old.name not in made: old.unlink()
    for name, text in made.items(): (package / name).write_text(text, encoding='utf-8')

if __name__ == '__main__': write_stubs(ROOT / 'twm_nb')
