# Made from twm.py by scripts/make_stubs.py.
"""The whole system on one page: what comes next, what an update is, and where its dreams begin."""
from typing import Any
import torch
from torch import Generator, Tensor
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Dream, Starts, Trajectory, View, WorldModel
from .actor_critic import ActorCritic
from .system import Done, System
from .agent import Agent
__all__ = ['plan', 'updates_due', 'TWM', 'shuffled']
PRETRAINING: tuple

def plan(config: Config) -> dict:
    """Kind of update → `Planned`: what the budgets allow (§A.3; shares from the release)."""
    ...

def updates_due(i: int, interactions: int, updates: int) -> int:
    """How many of all `updates` are due after `i` of all `interactions`; all if there are none."""
    ...

class TWM(System):
    """Transformer-based world model (Robine et al., 2023): observation model φ, dynamics model ψ,
    actor θ, critic ξ."""
    world_model: WorldModel
    actor_critic: ActorCritic
    optimisers: Any
    planned: Any
    order: dict
    logits: Any
    collapsed: int
    Config: type
    Agent: type
    headlines: dict

    def __init__(self, config: Config, num_actions: int, device: torch.device | str='cpu'):
        ...

    def plan(self) -> dict:
        ...

    def next(self, done: Done) -> str:
        """What comes next by Algorithm 1; see `System.next`."""
        ...

    def draw(self, kind: str, n: int, size: int, every: int, generator: Generator | None) -> Tensor:
        """The next `size` indices for updates of a `kind`; see `shuffled`."""
        ...

    def encoded(self, dataset: ReplayDataset, chunk: int=512) -> Tensor:
        """The encoder's logits (T+1, V, K) for all stored observations, once for all of pretraining."""
        ...

    def window(self, dataset: ReplayDataset, starts: Tensor, length: int) -> Batch:
        """The transitions of `length` steps from `starts`, with context; `o` are the logits (N,
    length+2, V, K) of the observations."""
        ...

    def batch(self, kind: str, done: Done, dataset: ReplayDataset, generator: Generator | None=None) -> Batch | dict:
        """See `System.batch`. Before the first update of all, a decoder that wants it is given the mean
    image."""
        ...

    def update(self, kind: str, batch: Batch | dict) -> dict:
        """See `System.update`."""
        ...

    def real_trajectory(self, batch: Batch) -> Trajectory:
        """Windows of H stored steps as a `Trajectory`; codes are sampled from logits `o` (M, H+2, V, K)."""
        ...

    def agent(self, collecting: bool=False) -> Agent:
        """Encoder and actor, and where the policy sees h the dynamics model; weights shared."""
        ...

    def starts(self, windows: Batch) -> Starts:
        ...

    def dream(self, starts: Starts, temperature: float=1.0, generator: Generator | None=None) -> Dream:
        """See `System.dream`; without dropout."""
        ...

    def policy(self, x: View) -> Tensor:
        ...

    def state(self) -> dict:
        ...

    def load_state(self, state: dict) -> None:
        ...

    def counts(self) -> dict:
        """Numbers of trainable parameters (Table 5)."""
        ...

    def watch(self, line: dict, patience: int=10) -> None:
        """Raises `NumbersError` if the encoder's entropy has collapsed, `patience` lines in a row."""
        ...

def shuffled(left: Tensor, n: int, size: int, every: int=1, generator: Generator | None=None) -> tuple[Tensor, Tensor]:
    """`size` indices (size,) from endless passes over 0…n−1, each in a new order, and what is left
    of the present pass; `left` is what the call before left over. With `every`=ℓ a pass goes over
    ⌊n/ℓ⌋ windows that do not overlap: each ℓ-th index from a random offset on."""
    ...
