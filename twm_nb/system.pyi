# Made from system.py by scripts/make_stubs.py.
"""What trainer, evaluation, checkpoints, analysis and player know of a system that learns in its own dreams: a handful of methods, and the loop that runs them."""
from typing import Any
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Generator, Tensor, nn
from .config import RunConfig
from .balanced_sampler import Batch, ReplayDataset
__all__ = ['Done', 'check_num_actions', 'Planned', 'System', 'open_loop', 'reconstructions', 'NumbersError', 'BaseAgent', 'checksum', 'save_system', 'stored_models', 'read_weights', 'load_system', 'load_agent']

@dataclass
class Done:
    """What a run has done: interactions with the game, updates of each kind (`done[kind]`), and
    how many interactions there were at the last evaluation (−1 before the first)."""
    interactions: int = 0
    updates: Counter = field(default_factory=Counter)
    evaluated: int = -1

    def __getitem__(self, kind: str) -> int:
        ...

    def count(self, what: str) -> None:
        """Notes that `what`, a word of `System.next`, has been done."""
        ...

def check_num_actions(n: int) -> int:
    """`n`. Raises `ConfigError` unless it is a number of actions that a game can have."""
    ...

class Planned(NamedTuple):
    """Of a kind of update: how many in all; how many samples and how much work (any unit) each."""
    updates: int
    samples: int
    work: int = 1

class System(nn.Module):
    """A system that learns in its own dreams. The class names its `Config` and its `Agent`;
    `headlines` {metric: tag} go to TensorBoard, those tagged 2_losses/… to the curve as well."""
    config: RunConfig
    num_actions: Any
    optimisers: dict
    device: Any
    dtype: Any
    Config: type
    Agent: Any
    headlines: dict

    def __init__(self, config: RunConfig, num_actions: int, device: torch.device | str='cpu'):
        ...

    def plan(self) -> dict:
        """Kind of update → `Planned`."""
        ...

    def next(self, done: Done) -> str:
        """What comes next: 'explore', 'interact', 'evaluate', a kind of update, or 'end'."""
        ...

    def batch(self, kind: str, done: Done, dataset: ReplayDataset, generator: Generator | None=None) -> Any:
        """What an update of a `kind` reads, drawn by `generator` on the system's device: a dataclass or
    a dict of tensors of unchanging shapes."""
        ...

    def update(self, kind: str, batch: Any) -> dict:
        """Makes one update. Returns metrics, scalar tensors on the device; waits for nothing."""
        ...

    def state(self) -> dict:
        """What decides how a run goes on and is neither weight nor optimiser: numbers, texts, tensors."""
        ...

    def load_state(self, state: dict) -> None:
        """Takes over what `state` gave."""
        ...

    def agent(self, collecting: bool=False) -> 'BaseAgent':
        """What acts: an `Agent` that shares the weights."""
        ...

    def starts(self, windows: Batch) -> Any:
        """Where dreams begin that have seen the steps of `windows`, which hold one observation more
    than actions: at the last observation. Of a private type."""
        ...

    def dream(self, starts: Any, temperature: float=1.0, generator: Generator | None=None) -> Any:
        """Dreams side by side from `starts`: `step(a)` → rewards, discounts (M,); `frames()`, stacks
    (M, S, 64, 64) uint8 of the present step; `x`, what the policy sees of it."""
        ...

    def policy(self, x: Any) -> Tensor:
        """Logits (M, m) of the policy for the `x` of a dream."""
        ...

    def counts(self) -> dict:
        """Numbers of trainable parameters by part."""
        ...

    def watch(self, line: dict) -> None:
        """Raises `NumbersError` if a `line` of the log says that learning has failed."""
        ...

def open_loop(system: System, windows: Batch, context: int, temperature: float=1.0, generator: Generator | None=None) -> tuple[Tensor, Tensor, Tensor]:
    """Dreams that see the first `context` steps of `windows` (N sequences of L steps, L+1
    observations) and go on under the real actions: frames (N, L−context+1, S, 64, 64) uint8 from
    the last observation that was seen on, rewards and discounts (N, L−context)."""
    ...

def reconstructions(system: System, windows: Batch) -> Tensor:
    """What the system makes of each observation of `windows` but the first: (N, L, S, 64, 64) uint8."""
    ...

class NumbersError(RuntimeError):
    """The numbers of a run went wrong. The message says which ones, and where."""

class BaseAgent(nn.Module):
    """What acts. A subclass defines `act`; if it is `recurrent`, memory and its `state` as well."""
    config: RunConfig
    num_actions: Any
    recurrent: bool

    def __init__(self, config: RunConfig, num_actions: int):
        ...

    @property
    def device(self) -> torch.device:
        ...

    def act(self, observation: ArrayLike, reward: ArrayLike | None=None, first: ArrayLike | None=None, generator: Generator | list | None=None) -> int | np.ndarray:
        """An action for one observation (S, 64, 64) uint8, or an array (B,) for (B, S, 64, 64).
        `reward` and `first` are of the step before and of this one; `generator` makes the draw
        repeatable: for a batch a list, one for each row."""
        ...

    def forget(self) -> None:
        """Drops the memory; the next `act` begins anew."""
        ...

    def state(self) -> dict:
        ...

    def load_state(self, state: dict) -> None:
        """Takes over what `state` gave."""
        ...

    def frozen(self) -> 'BaseAgent':
        """A copy that only acts, perhaps faster, with the weights of now."""
        ...

    @staticmethod
    def load(where: str | Path, device: torch.device | str='cpu') -> 'BaseAgent':
        ...

    def save(self, folder: str | Path) -> None:
        """Writes `agent.safetensors` and `config.json` as `folder`, in place of one that is there."""
        ...

def checksum(weights):
    """SHA-256 of named tensors."""
    ...

def save_system(system: System | BaseAgent, folder: str | Path, file: str='models.safetensors') -> None:
    """Writes the weights of a system, or an agent's, to `file` in `folder`, with its `config.json`,
    in place of a folder that is there."""
    ...

def stored_models() -> dict:
    """The models that come with the package: {name: folder}."""
    ...

def find_weights(where: str | Path, part: str='models') -> Path:
    """The folder with the weights of `part`, 'agent' or 'models', that `where` names: a run folder,
    a folder of weights, or a name of `stored_models`. Raises `ConfigError` if there are none."""
    ...

def unpacked(small: dict) -> dict:
    """The weights of a file, in which a matrix in eight bits has its scales beside it."""
    ...

def read_weights(file: str | Path) -> tuple[dict, dict]:
    """The tensors of a file of weights, and what is noted with them: `num_actions`, and perhaps
    `game`. Raises `ConfigError` if the file has changed since it was saved, or is none."""
    ...

def load_module(make, folder):
    """What `make(config, num_actions)` gives, with the weights in `folder`."""
    ...

def load_system(where: str | Path, device: torch.device | str='cpu', dtype: str='float32') -> System:
    """The system that `where` names (a run folder, its models/, or a name of `stored_models`), in
    evaluation mode. Raises `ConfigError`."""
    ...

def load_agent(where: str | Path, device: torch.device | str='cpu') -> BaseAgent:
    """The agent that `where` names, of whichever system, on `device`. Raises `ConfigError`."""
    ...
