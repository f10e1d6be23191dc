# Made from agent.py by scripts/make_stubs.py.
"""What acts: the encoder and the actor, 4.4M parameters of the 21.6M that were trained; frozen and packed for speed, saved and loaded without executing anything."""
from typing import Any
from collections.abc import Callable
import numpy as np
import torch
from torch import nn
from .config import Config
from .vae import Encoder
from .dynamics import DynamicsModel
from .world_model import View
from .actor_critic import Actor
from .system import BaseAgent
__all__ = ['Agent', 'sent', 'clocks', 'race', 'logits_of_few', 'decide', 'FrozenEncoder', 'FrozenActor', 'say_once', 'compiler_options']

class Agent(BaseAgent):
    """Encoder and actor; with `policy_input='zh'` the dynamics model as well (§2.2). Untrained unless modules
    are given or `Agent.load` is used. It acts on the device that its weights are on, in their float32;
    `frozen()` makes a faster copy in the run's arithmetic."""
    encoder: Any
    actor: Any
    anchor: tuple
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
        """Does the agent remember earlier steps? Only with `policy_input='zh'`."""
        ...

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        ...

    def forget(self) -> None:
        """Drops the memory of a recurrent agent; the next `act` begins anew."""
        ...

    def encode(self, o: torch.Tensor) -> torch.Tensor:
        """Logits of the codes of stacks o (B, S, 64, 64) uint8, by the quickest of the ways there are."""
        ...

    def remember(self, rows: int, first: torch.Tensor | None) -> torch.Tensor | None:
        """`first` (B,) bool as it is to be told to `view` and the dynamics model; makes the memory of a recurrent agent
    before its first step."""
        ...

    def probabilities(self, observation: torch.Tensor, reward: torch.Tensor | np.ndarray | float | None=None, first: torch.Tensor | None=None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
        """π(a|x) (B, m) for stacks `observation` (B, S, 64, 64) uint8, and the codes z (B, V). A recurrent agent
    also needs `first` (B,) bool where an episode has just begun, and gives it back as its memory is to be told."""
        ...

    def choose(self, observation: torch.Tensor | np.ndarray, reward: torch.Tensor | np.ndarray | float | None=None, first: torch.Tensor | np.ndarray | bool | None=None, generator: torch.Generator | list | tuple | None=None) -> torch.Tensor:
        """`act` for a batch without waiting: actions (B,), int64, on the agent's device."""
        ...

    def act(self, observation: torch.Tensor | np.ndarray, reward: torch.Tensor | np.ndarray | float | None=None, first: torch.Tensor | np.ndarray | bool | None=None, generator: torch.Generator | list | tuple | None=None) -> int | np.ndarray:
        """An action for one observation (S, 64, 64) uint8 as an `int`, or for a batch (B, S, 64, 64) as an array
    (B,) of int64. `reward` and `first` matter only to a recurrent agent: the transformed reward of the step
    before and whether an episode begins, per environment; from its second step on it raises `ValueError`
    without them.
    `generator` (on the agent's device, or a list of CPU generators, one per row) makes the draw repeatable."""
        ...

    def rewards(self, reward: torch.Tensor | np.ndarray | float | None) -> torch.Tensor | None:
        """Rewards as a float32 tensor (B,), or None."""
        ...

    def beginnings(self, first: torch.Tensor | np.ndarray | bool | None) -> torch.Tensor | None:
        """Flags as a bool tensor (B,), or None."""
        ...

    def state(self) -> dict:
        """The memory of a recurrent agent, as numbers and tensors for a checkpoint."""
        ...

    def load_state(self, state: dict) -> None:
        """Takes over what `state` gave."""
        ...

    def frozen(self, dtype: torch.dtype | None=None, compiled: int=0) -> Agent:
        """A copy that only acts, with the weights of now: constant, packed, and in `dtype` (the choice of
    `config.dtype` for this device if None). With `compiled`=B batches of B are compiled by `torch.compile`,
    at once, in some ten seconds; without a C++ compiler it says so and does without. A recurrent agent's
    dynamics model is shared, in float32, and nothing is compiled."""
        ...

    def compile_for(self, rows: int) -> None:
        """Compiles `choose` of a frozen agent for batches of `rows`. Falls back to uncompiled acting where that fails."""
        ...

def sent(x: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Tensor `x` on `device`. From a CPU to a GPU it goes by way of pinned memory: a copy from any other memory may
    wait for all that is queued on the GPU."""
    ...

def clocks(rows: int, m: int, device: torch.device, generator: torch.Generator | list | tuple | None=None) -> torch.Tensor:
    """Exponential numbers (rows, m), float32, on `device`: from one generator of that device, or from a list
    of CPU generators, one for each row. Raises `ValueError` where a list has another length."""
    ...

def race(probabilities: torch.Tensor, generator: torch.Generator | list | tuple | None=None) -> torch.Tensor:
    """One draw from each categorical distribution (B, m), as indices (B,); a race of exponential clocks.
    `generator` as in `clocks`."""
    ...

def logits_of_few(encoder: Encoder, o: torch.Tensor) -> torch.Tensor:
    """What `Encoder` computes, quicker for one or a few observations on a CPU: stacks (N, S, 64, 64) uint8 →
    logits (N, V, K) float32. Raises `ValueError` for other frames."""
    ...

def decide(encoder: Callable, actor: Callable, o: torch.Tensor, noise: torch.Tensor | float, see: Callable=View) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What there is to acting: stacks o (B, S, 64, 64) uint8, `noise` (B, m) of `clocks`, `see` makes x of z →
    actions (B,), codes z (B, V) and π(a|x) (B, m)."""
    ...

class FrozenEncoder(nn.Module):
    """`Encoder` with constant weights in `dtype`: stacks (N, S, 64, 64) uint8 → logits (N, V, K) in `dtype`.
    Raises `ValueError` for other frames."""
    shape: Any
    dtype: torch.dtype
    stack: Any
    convolutions: Any
    mlp: Any

    def __init__(self, encoder: Encoder, dtype: torch.dtype):
        ...

    def forward(self, o: torch.Tensor) -> torch.Tensor:
        ...

class FrozenActor(nn.Module):
    """`Actor` with constant weights in `dtype`: codes (N, V) and, if it needs them, h (N, D) → logits (N, m),
    float32. Its first layer is a table with a row for each class of each variable; a code is a sum of V rows."""
    table: Any
    bias: Any
    extra: Any
    rest: Any

    def __init__(self, actor: Actor, dtype: torch.dtype):
        ...

    def forward(self, z: torch.Tensor, h: torch.Tensor | None=None) -> torch.Tensor:
        ...

def say_once(sentence: str) -> None:
    """Prints `sentence` to stderr, the first time only."""
    ...

def compiler_options(device: torch.device) -> dict:
    """What `torch.compile` is asked for: constants in the program; on a CPU also the fastest of its matrix products,
    found by trying, and a main function in C++."""
    ...
