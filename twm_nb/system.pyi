# Made from system.py by scripts/make_stubs.py.
"""What trainer, evaluation, checkpoints, analysis and player know of a system that learns in its own dreams: a handful of methods, and the loop that runs them."""
from typing import Any
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
import torch
from torch import nn
from .config import RunConfig
from .balanced_sampler import Batch, ReplayDataset
__all__ = ['Done', 'Planned', 'System', 'walk', 'open_loop', 'reconstructions', 'NumbersError', 'BaseAgent', 'save_module', 'save_system', 'stored_models', 'find_weights', 'unpacked', 'read_num_actions', 'load_module', 'load_system', 'load_agent']

@dataclass
class Done:
    """What a run has done: `interactions` with the game, `updates` of each kind, and the number of
    interactions at its last evaluation (`evaluated`; −1 before the first). `done[kind]` are the
    updates of a kind."""
    interactions: int = 0
    updates: Counter = field(default_factory=Counter)
    evaluated: int = -1

    def __getitem__(self, kind: str) -> int:
        ...

    def count(self, what: str) -> None:
        """Notes that `what`, a word of `System.next`, has been done."""
        ...

class Planned(NamedTuple):
    """Of one kind of update: how many `updates` in all, and how many `samples` and how much `work`
    (any unit) each."""
    updates: int
    samples: int
    work: int = 1

class System(nn.Module):
    """A system that learns in its own dreams. `optimisers` are named; `headlines` {metric: tag} go
    to TensorBoard, those tagged 2_losses/… to the learning curve as well. The class names its
    `Config` and its `Agent`."""
    config: RunConfig
    num_actions: int
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
        """What comes next: 'explore' (a uniform action), 'interact', 'evaluate', a kind of update,
        or 'end'. A pure function of the counters and the configuration."""
        ...

    def batch(self, kind: str, done: Done, dataset: ReplayDataset, generator: torch.Generator | None=None) -> Any:
        """What an update of a `kind` reads: a dataclass or a dictionary of tensors, whose shapes never
    change."""
        ...

    def update(self, kind: str, batch: Any) -> dict:
        """Makes one update. Returns metrics, scalar tensors on the device; waits for nothing."""
        ...

    def state(self) -> dict:
        """What decides how a run goes on and is neither weight nor optimiser: numbers, texts and
    tensors."""
        ...

    def load_state(self, state: dict) -> None:
        """Takes over what `state` gave."""
        ...

    def agent(self, collecting: bool=False) -> 'BaseAgent':
        """What acts: an `Agent` that shares the weights."""
        ...

    def starts(self, windows: Batch) -> Any:
        """Where dreams begin that have seen the real steps of `windows`, a `Batch` with one observation
    more than actions: at the last observation. Of a private type."""
        ...

    def dream(self, starts: Any, temperature: float=1.0, generator: torch.Generator | None=None) -> Any:
        """Dreams side by side from `starts`: `step(a)` → rewards, discounts (M,); `frames()`, stacks
    (M, S, 64, 64) uint8 of the present step; `x`, what the policy sees of it."""
        ...

    def policy(self, x: Any) -> torch.Tensor:
        """Logits (M, m) of the policy for the `x` of a dream."""
        ...

    def counts(self) -> dict:
        """Numbers of trainable parameters by part."""
        ...

    def watch(self, line: dict) -> None:
        """Raises `NumbersError` if a `line` of the log says that learning has failed."""
        ...

def walk(system: System, done: Done | None=None) -> Iterator[str]:
    """The words of `system.next` from `done` on, as if each were done: the trainer's loop without
    the work."""
    ...

def open_loop(system: System, windows: Batch, context: int, temperature: float=1.0, generator: torch.Generator | None=None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Dreams that see the first `context` steps of `windows` (N sequences of L steps; o (N, L+1,
    …)) and go on under the real actions: frames (N, L−context+1, S, 64, 64) uint8 from the last
    observation that was seen on, rewards and discounts (N, L−context)."""
    ...

def reconstructions(system: System, windows: Batch) -> torch.Tensor:
    """What the system makes of each observation of `windows` but the first: (N, L, S, 64, 64) uint8."""
    ...

class NumbersError(RuntimeError):
    """The numbers of a run went wrong. The message says which ones, and where."""

class BaseAgent(nn.Module):
    """What acts. A class of its own defines `act(observation, reward, first, generator)`; one that
    is `recurrent` remembers, and defines `forget`, `state` and `load_state` as well."""
    config: RunConfig
    num_actions: int
    recurrent: bool

    def __init__(self, config: RunConfig, num_actions: int):
        ...

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        ...

    def act(self, observation, reward=None, first=None, generator=None):
        """An action for one observation (S, 64, 64) uint8 as an `int`, or for a batch (B, S, 64,
        64) as an array (B,). `reward` and `first` (B,) are of the step before and of this one;
        `generator` makes the draw repeatable."""
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

    def save(self, folder: str | Path) -> None:
        """Writes `agent.safetensors` and `config.json` to `folder`, in place of an agent that is
        there."""
        ...

    @staticmethod
    def load(where: str | Path, device: torch.device | str='cpu') -> 'BaseAgent':
        ...

def save_module(module: nn.Module, folder: str | Path, file: str) -> None:
    """Writes the weights of a system or an agent to `file` in `folder`, with its `config.json`, in
    place of what is there."""
    ...

def save_system(system: System, folder: str | Path) -> None:
    """Writes all weights of `system` to `models.safetensors` in `folder`, with its configuration."""
    ...

def stored_models() -> dict:
    """The models that come with the package: {name: folder}."""
    ...

def find_weights(where: str | Path, part: str='models') -> Path:
    """The folder with the weights of `part`, 'agent' or 'models', that `where` names: a run folder,
    its agent/ or models/ folder, a folder of small models, or a name of `stored_models`. Raises
    `ConfigError` if there are none."""
    ...

def unpacked(small: dict) -> dict:
    """Weights; matrices in eight bits are multiplied by the scales that lie under their name +
    '.scale'."""
    ...

def read_num_actions(file: str | Path) -> int:
    """The number of actions noted in a file of weights. Raises `ConfigError` if it is missing or
    foreign."""
    ...

def load_module(make: Callable, folder: Path) -> nn.Module:
    """What `make`, a function of configuration and number of actions, makes, with the weights in
    `folder`. Raises `ConfigError` where they do not fit."""
    ...

def load_system(where: str | Path, device: torch.device | str='cpu', dtype: str='float32') -> System:
    """The system that `where` names, as for `find_weights`, in evaluation mode on `device`. Raises
    `ConfigError`."""
    ...

def load_agent(where: str | Path, device: torch.device | str='cpu') -> BaseAgent:
    """The agent that `where` names, of whichever system, on `device`. Raises `ConfigError`."""
    ...
