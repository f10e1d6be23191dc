# Made from twm.py by scripts/make_stubs.py.
"""The whole system on one page: what comes next, what an update is, and where its dreams begin."""
from typing import Any
import torch
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Dream, Starts, Trajectory, View
from .system import Done, System
from .agent import Agent
__all__ = ['PRETRAINING', 'HEADLINES', 'plan', 'updates_due', 'TWM', 'shuffled', 'real']
PRETRAINING: tuple

def plan(config: Config) -> dict:
    """Kind of update → `Planned`: what the budgets of `config` allow (§A.3; shares from the
    release)."""
    ...

def updates_due(interactions: int, total_interactions: int, total_updates: int) -> int:
    """How many of `total_updates` should have been made after `interactions` of
    `total_interactions`; all if there is nothing to collect."""
    ...
HEADLINES: dict

class TWM(System):
    """Transformer-based world model (Robine et al., 2023): observation model φ, dynamics model ψ,
    actor θ, critic ξ."""
    world_model: Any
    actor_critic: Any
    optimisers: Any
    planned: Any
    order: dict
    logits: Any
    collapsed: int
    Config: type
    Agent: type
    headlines: Any

    def __init__(self, config: Config, num_actions: int, device: torch.device | str='cpu'):
        ...

    def plan(self) -> dict:
        ...

    def next(self, done: Done) -> str:
        ...

    def encoded(self, dataset: ReplayDataset, chunk: int=512) -> torch.Tensor:
        """The encoder's logits (T+1, V, K) for all stored observations; computed once for all of
    pretraining."""
        ...

    def draw(self, kind: str, n: int, size: int, offsets: int=1) -> torch.Tensor:
        """The next `size` indices for updates of a `kind`; see `shuffled`."""
        ...

    def window(self, dataset: ReplayDataset, starts: torch.Tensor, length: int) -> dict:
        """The transitions of `length` steps from `starts`, with context, and the logits (N, length+2,
    V, K) of their observations."""
        ...

    def batch(self, kind: str, done: Done, dataset: ReplayDataset, generator: torch.Generator | None=None) -> Batch | dict:
        """See `System.batch`. Before the first update of all, a decoder that wants it is given the mean
    image."""
        ...

    def update(self, kind: str, batch: Batch | dict) -> dict:
        """See `System.update`."""
        ...

    def real_trajectory(self, logits: torch.Tensor, batch: Batch) -> Trajectory:
        """Windows of H stored steps as a `Trajectory`, with codes sampled from `logits` (M, H+2, V, K)."""
        ...

    def agent(self, collecting: bool=False) -> Agent:
        """Encoder and actor, and where the policy sees h the dynamics model; weights shared."""
        ...

    def starts(self, windows: Batch) -> Starts:
        ...

    def dream(self, starts: Starts, temperature: float=1.0, generator: torch.Generator | None=None) -> Dream:
        """See `System.dream`; without dropout."""
        ...

    def policy(self, x: View) -> torch.Tensor:
        ...

    def state(self) -> dict:
        ...

    def load_state(self, state: dict) -> None:
        """Takes over what `state` gave."""
        ...

    def counts(self) -> dict:
        """Numbers of trainable parameters (Table 5)."""
        ...

    def watch(self, line: dict, patience: int=10) -> None:
        """Raises `NumbersError` if the normalised entropy of the encoder has collapsed, `patience`
    lines in a row."""
        ...

def shuffled(left: torch.Tensor, n: int, size: int, offsets: int=1) -> tuple[torch.Tensor, torch.Tensor]:
    """`size` indices (size,) from endless passes over 0…n−1, each pass in a new order, and what is
    left of the present pass; `left` is what the call before left over. With `offsets`=ℓ the passes
    go over non-overlapping windows: every ℓ-th index from a random offset below ℓ."""
    ...

def real(batch: dict) -> Batch:
    """The transitions of a window as a `Batch` without images."""
    ...
