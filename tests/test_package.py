"""The package as programs and editors see it: its front door, its environments, its stubs, and the lines of Python in
the README."""
import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import jedi
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from nbdev.showdoc import show_doc

import twm_nb

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(p.stem for p in (ROOT / 'twm_nb').glob('[a-z]*.py'))
sys.path.append(str(ROOT / 'scripts'))
from make_stubs import module_stub, stubs    # noqa: E402

def fresh(code):
    "What a new interpreter prints."
    return subprocess.run([sys.executable, '-c', code], cwd=ROOT, capture_output=True, text=True, check=True).stdout

def members(kind):
    "(module, name, object) for each public class or function (`kind` is a function of inspect) of every module."
    for m in MODULES:
        module = importlib.import_module(f'twm_nb.{m}')
        yield from ((m, n, x) for n in module.__all__ if kind(x := getattr(module, n))
                    and (x.__module__, x.__name__) == (module.__name__, n))

# The front door

def test_import_loads_nothing_heavy():
    loaded = fresh('import sys, twm_nb; print(*sys.modules)').split()
    assert [m for m in loaded if m.startswith('twm_nb.')
            or m in ('torch', 'matplotlib', 'pandas', 'cv2', 'ale_py', 'IPython')] == []

def test_ten_names():
    assert len(twm_nb.__all__) == 10 and set(twm_nb.__all__) <= set(dir(twm_nb))
    for name in twm_nb.__all__: assert getattr(twm_nb, name).__name__ == name
    from twm_nb.trainer import Trainer
    assert twm_nb.Trainer is Trainer
    with pytest.raises(AttributeError, match="module 'twm_nb' has no attribute 'Trianer'"): twm_nb.Trianer

def test_the_lines_in_the_readme(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    code, printed = re.search(r'^## In Python$.*?^```python\n(.*?)^```\n\n```text\n(.*?)^```', readme,
                              re.M | re.S).groups()
    assert len([l for l in code.splitlines() if l]) <= 11
    exec(code, {})
    score = r'mean score of 100 games: (\S+)'
    assert float(re.search(score, capsys.readouterr().out)[1]) == float(re.search(score, printed)[1]) > .9

# Environments

def test_environments_need_no_other_import():
    names = fresh('import twm_nb, gymnasium; print(*(gymnasium.spec(f"twm_nb/{n}-v0").id for n in ("Catch", "Dream")))')
    assert names.split() == ['twm_nb/Catch-v0', 'twm_nb/Dream-v0']

def test_environments_are_made_by_their_address_and_registered_once():
    code = ('import gymnasium as gym\n'
            'for n in ("Catch", "Dream"): print(gym.make(f"twm_nb:twm_nb/{n}-v0").reset(seed=0)[0].shape)\n'
            'import importlib, twm_nb; importlib.reload(twm_nb)')
    done = subprocess.run([sys.executable, '-c', code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == '(1, 64, 64)\n' * 2 and 'Overriding' not in done.stderr, done.stderr

@pytest.mark.parametrize('name', ['Catch', 'Dream'])
def test_environments_can_be_filmed(name):
    env = gym.make(f'twm_nb/{name}-v0', render_mode='rgb_array')
    check_env(env.unwrapped)
    observation, _ = env.reset(seed=0)
    for action in (1, 2, 0):
        frame = env.render()
        assert frame.shape == (64, 64, 3) and frame.dtype == np.uint8 and (frame == observation[-1][..., None]).all()
        observation = env.step(action)[0]
    assert env.metadata['render_fps'] > 0
    assert gym.make('twm_nb/Catch-v0').unwrapped.render() is None

# What editors see

def test_stubs_of_a_small_module():
    text = module_stub('''"A module."
import os
import torch
from fastcore.basics import patch
from .other import Helper
__all__ = ['A', 'f']
N, TABLE = 3, dict(a=1)
class A:
    "A class."
    field: int = 2
    shared = ''
    def __init__(self, x: int, y=None): self.x, self.y, self._z, self.h = x, y, 1, Helper()
    def _hidden(self): pass
class B: pass
@patch
@torch.no_grad()
def go(self: A | B, n: int = 1, *more, to: str = 'b', **rest) -> torch.Tensor:
    "Goes."
    self.gone = True
    return n
@patch(as_prop=True)
def size(self: A) -> int: return 1
@patch(cls_method=True)
def load(cls: A, where) -> A: return cls(1)
@patch(nm='other')
def another(self: B): pass
@patch
async def wait(self: B): pass
def f(x, k=4): return os.name
same = f
def _g(): pass
''')
    assert text == '''"""A module."""
from typing import Any
import torch
from .other import Helper
__all__ = ['A', 'f']
N: int
TABLE: dict

class A:
    """A class."""
    field: int = 2
    x: int
    y: Any
    h: Helper
    gone: bool
    shared: str

    def __init__(self, x: int, y=None):
        ...

    def go(self, n: int=1, *more, to: str='b', **rest) -> torch.Tensor:
        """Goes."""
        ...

    @property
    def size(self) -> int:
        ...

    @classmethod
    def load(cls, where) -> A:
        ...

class B:
    gone: bool

    def go(self, n: int=1, *more, to: str='b', **rest) -> torch.Tensor:
        """Goes."""
        ...

    def other(self):
        ...

    async def wait(self):
        ...

def f(x, k=4):
    ...
same = f
'''
    with pytest.raises(ValueError, match='adds to Helper, a class of another module'):
        module_stub('@patch\ndef f(self: Helper): pass')

@pytest.fixture(scope='module')
def stub_trees(): return {n.removesuffix('.pyi'): ast.parse(t) for n, t in stubs(ROOT / 'twm_nb').items()}

def parameters(node): return [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]

def signature(function):
    kinds = inspect.Parameter
    return [p.name for p in inspect.signature(function).parameters.values()
            if p.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD)]

def test_stubs_have_every_function_and_method(stub_trees):
    for module, name, function in members(inspect.isfunction):
        node = next(n for n in stub_trees[module].body if getattr(n, 'name', '') == name)
        assert parameters(node) == signature(function), (module, name)
    for module, name, cls in members(inspect.isclass):
        methods = {n.name: n for s in stub_trees[module].body if getattr(s, 'name', '') == name for n in s.body
                   if hasattr(n, 'args')}
        for key, value in vars(cls).items():
            if key.startswith('_') or not inspect.isfunction(value) or value.__module__ != cls.__module__: continue
            assert parameters(methods[key]) == signature(value), (module, name, key)

def completions(code):
    return {c.name for c in jedi.Script(code, path=ROOT / 'example.py', project=jedi.Project(ROOT)).complete()}

def test_editors_complete_patched_methods():
    assert {'fit', 'run', 'config', 'system',
            'done'} <= completions('from twm_nb.trainer import Trainer\nTrainer(1, 2).')
    assert {'fit', 'interact'} <= completions('from twm_nb import Trainer\nTrainer.')
    assert {'update', 'world_model', 'dream', 'plan'} <= completions('from twm_nb.twm import TWM\nTWM(1, 2).')
    assert {'act', 'frozen', 'config', 'forget'} <= completions("from twm_nb import Agent\nAgent.load('x').")
    assert set(twm_nb.__all__) <= completions('import twm_nb\ntwm_nb.')

def test_editors_show_signatures():
    code = "from twm_nb import Agent\nAgent.load('x').act("
    (found,) = jedi.Script(code, path=ROOT / 'example.py', project=jedi.Project(ROOT)).get_signatures()
    assert [p.name for p in found.params] == ['observation', 'reward', 'first', 'generator']
    assert 'An action for one observation' in found.docstring()

def test_every_name_has_its_page():
    "What nbdev shows of a function, a class or a method, under the name that its source gives it."
    for module, name, thing in members(lambda x: inspect.isclass(x) or inspect.isfunction(x)):
        assert show_doc(thing).nm == name, (module, name)
    from twm_nb._modidx import d
    for module, names in d['syms'].items():
        for name in names:
            thing = importlib.import_module(module)
            for part in name.removeprefix(f'{module}.').split('.'): thing = getattr(thing, part)
