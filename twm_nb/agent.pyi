# Made from agent.py by scripts/make_stubs.py.
"""What acts: the encoder and the actor, 4.4M parameters of the 21.6M that were trained; frozen and packed for speed, saved and loaded without executing anything."""
from typing import Any
import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Generator, Tensor, nn
from .config import Config
from .dynamics import DynamicsModel
from .world_model import View
from .system import BaseAgent
__all__ = ['Agent', 'clocks', 'race']

class Agent(BaseAgent):
    """Encoder and actor; with `policy_input='zh'` the dynamics model as well (§2.2). Untrained
    unless modules are given. It acts in the float32 of its weights; see `frozen`."""
    encoder: Any
    actor: Any
    dynamics: Any
    rollout: Any
    before: Any
    compiled: Any
    is_frozen: bool
    dtype: Any

    def __init__(self, config: Config, num_actions: int, encoder: nn.Module | None=None, actor: nn.Module | None=None, dynamics: DynamicsModel | None=None):
        ...

    @property
    def recurrent(self) -> bool:
        ...

    def forget(self) -> None:
        ...

    def remember(self, rows: int, first: Tensor | None) -> Tensor | None:
        """Makes the memory of a recurrent agent before its first step. Returns `first` (B,) bool as
    `view` and the dynamics model are to be told."""
        ...

    def probabilities(self, o: Tensor, first: Tensor | None=None) -> tuple[Tensor, Tensor]:
        """π(a|x) (B, m) for stacks `o` (B, S, 64, 64) uint8, and the codes z (B, V). A recurrent agent
    also needs `first` (B,) bool where an episode has just begun."""
        ...

    def as_rows(self, x: ArrayLike | None, dtype: torch.dtype) -> Tensor | None:
        """Rewards or flags, one for each row, as a tensor (B,) in `dtype`. Only before its first step
    may an agent go without: raises `ValueError`."""
        ...

    def choose(self, observation: ArrayLike, reward: ArrayLike | None=None, first: ArrayLike | None=None, generator: Generator | list | None=None) -> Tensor:
        """`act` for a batch without waiting: actions (B,), int64, on the agent's device."""
        ...

    def act(self, observation: ArrayLike, reward: ArrayLike | None=None, first: ArrayLike | None=None, generator: Generator | list | None=None) -> int | np.ndarray:
        """An action for one observation (S, 64, 64) uint8 as an `int`, or for a batch (B, S, 64, 64) as
    an array (B,) of int64. A recurrent agent needs the transformed `reward` of the step before and
    whether an episode begins (`first`), except at its first step. Raises `ValueError`."""
        ...

    def state(self) -> dict:
        """The memory of a recurrent agent, as numbers and tensors for a checkpoint."""
        ...

    def load_state(self, state: dict) -> None:
        """Takes over what `state` gave."""
        ...

    def frozen(self, dtype: torch.dtype | None=None, compiled: int=0) -> Agent:
        """A copy that only acts, with the weights of now: constant, packed, and in `dtype` (that of
    `config.dtype` for this device if None). With `compiled`=B, batches of B are compiled at once,
    in some ten seconds. A recurrent agent's dynamics model is shared, and nothing is compiled."""
        ...

    def compile_for(self, rows: int) -> None:
        """Compiles acting of a frozen agent for batches of `rows`, or says why that failed."""
        ...

def to_device(x: Tensor, device: torch.device) -> Tensor:
    """Tensor `x` on `device`. From a CPU to a GPU it goes by way of pinned memory: a copy from any
    other memory may wait for all that is queued on the GPU."""
    ...

def clocks(rows: int, m: int, device: torch.device, generator: Generator | list | None=None) -> Tensor:
    """Exponential numbers (rows, m) on `device`. Of a list of CPU generators each draws its own row."""
    ...

def race(p: Tensor, generator: Generator | list | None=None) -> Tensor:
    """One draw from each of the distributions `p` (B, m), as indices (B,)."""
    ...

def logits_of_few(encoder, o):
    """What `Encoder` computes, quicker for few stacks o (N, S, 64, 64) uint8 on a CPU."""
    ...

def policy(encode, actor, o, see=View):
    """Codes z (B, V) of stacks o (B, S, 64, 64) uint8, and π(a|x) (B, m); `see` makes x of z."""
    ...

class FrozenEncoder(nn.Module):
    """`Encoder` with constant weights: stacks (N, S, 64, 64) uint8 → logits (N, V, K) in `dtype`."""
    shape: Any
    dtype: Any
    convolutions: Any
    mlp: Any

    def __init__(self, encoder, dtype):
        ...

    def forward(self, o):
        ...

class FrozenActor(nn.Module):
    """`Actor` with constant weights: codes (N, V) and perhaps h (N, D) → logits (N, m), float32."""
    table: Any
    bias: Any
    extra: Any
    rest: Any

    def __init__(self, actor, dtype):
        ...

    def forward(self, z, h=None):
        ...

def say_once(sentence):
    """Prints `sentence` to stderr, the first time only."""
    ...

def program_of(agent):
    """What a frozen agent does with stacks o (B, S, 64, 64) and noise (B, m), as one function.
    Programs are kept by code object, so each agent gets one of its own. And as a frozen agent does
    not change, nothing of it needs to be looked at before a call."""
    ...
