# Made from balanced_sampler.py by scripts/make_stubs.py.
"""The replay dataset D, each frame stored once, and the sampler that lets new experience catch up with old (eq. 6)."""
from typing import Any
from collections.abc import Sequence
import math
from dataclasses import dataclass
import numpy as np
import torch
from matplotlib.figure import Figure
__all__ = ['check_temperature', 'visit_probabilities', 'draw_starts', 'ReplayDataset', 'Batch', 'visits_at_age', 'advance', 'simulate_visits', 'training_share', 'median_start', 'figure_2']

def check_temperature(tau: float) -> None:
    """Raises `ValueError` unless `tau` is a positive number or infinity."""
    ...

def visit_probabilities(visits: torch.Tensor, tau: float) -> torch.Tensor:
    """Eq. 6: softmax(−v/τ) over the last dimension of the counts `visits`, as float64 of the same
    shape; `tau` may be inf. Raises `ValueError` if `tau` is not positive."""
    ...

def draw_starts(visits: torch.Tensor, n: int, tau: float, generator: torch.Generator | None=None) -> torch.Tensor:
    """`n` different entries (n,) int64, drawn by eq. 6 without replacement, in the order drawn, on
    the device of the counts `visits` (T,), by Gumbel top-k; the host never waits. Raises
    `ValueError` if there are fewer than `n` entries or `tau` is not positive."""
    ...

class ReplayDataset:
    """The dataset D: one stream of up to `capacity` entries, on `device`, with T = `len(dataset)`.
    Each frame is stored once (uint8, 64×64); observations, stacks of `frame_stack` frames, are
    rebuilt when read. T entries come with T+1 observations. `d` means terminated or truncated."""
    capacity: int
    frame_stack: int
    device: Any
    frames: Any
    episode_start: Any
    actions: Any
    terminals: Any
    dones: Any
    rewards: Any
    counts: Any
    stored: int
    newest_start: int

    def __init__(self, capacity: int, frame_stack: int, device: torch.device | str='cpu'):
        ...

    def __len__(self):
        ...

    def filled(self, x: torch.Tensor) -> torch.Tensor:
        """The first T entries of `x`, a view."""
        ...

    @property
    def a(self) -> torch.Tensor:
        """Actions (T,) int64, a view."""
        ...

    @property
    def r(self) -> torch.Tensor:
        """Rewards (T,) float32 as the agent sees them, a view."""
        ...

    @property
    def terminated(self) -> torch.Tensor:
        """Whether the step terminated its episode (T,) bool, a view."""
        ...

    @property
    def d(self) -> torch.Tensor:
        """Whether the step ended its episode, terminated or truncated (T,) bool, a view."""
        ...

    @property
    def visits(self) -> torch.Tensor:
        """v of eq. 6: how often each entry was drawn as a start (T,) float32, a view."""
        ...

    def store(self, o: torch.Tensor, index: int, opens_episode: bool) -> None:
        """Stores the newest frame of the stack `o` (S, 64, 64) as observation `index`.
    Raises `ValueError` if `o` is no such stack."""
        ...

    def start(self, o: np.ndarray | torch.Tensor) -> None:
        """Stores the first observation `o` (S, 64, 64) uint8 of a stream.
    If there are entries already, the environment was reset from outside (a resumed run): then the
    last step counts as truncated, and `o` takes the place of the observation after it."""
        ...

    def append(self, a: int, r: float, terminated: bool, truncated: bool, o_next: np.ndarray | torch.Tensor) -> None:
        """Stores an entry: action, reward, how the step ended, and the observation after it, `o_next`
    (S, 64, 64) uint8; when the episode ended, that is the first observation of the next one. Raises
    `ValueError` if the dataset is full or has no first observation."""
        ...

    def observations(self, indices: torch.Tensor | Sequence[int] | int) -> torch.Tensor:
        """The observations `indices` (…), each from 0 to T, as stacks (…, S, 64, 64) uint8.
    A tensor of indices is trusted, checking it would make the host wait."""
        ...

    def steps(self, starts: torch.Tensor | Sequence[int], L: int) -> torch.Tensor:
        """The indices (N, L+2) of context, `L` trained steps and next observation for sequences from
    the entries `starts` (N,), each from 0 to T−L; −1 before entry 0. Raises `ValueError` for a list
    with a start outside that range; a tensor is trusted, checking it would make the host wait."""
        ...

    def transitions(self, starts: torch.Tensor | Sequence[int], L: int) -> Batch:
        """As `sequences`, but without the images: `o` is None. For training on codes that were computed
    beforehand."""
        ...

    def sequences(self, starts: torch.Tensor | Sequence[int], L: int) -> Batch:
        """The sequences of `L` steps from the entries `starts` (N,), each from 0 to T−L; raises as
    `steps` does. Only reads: visits are not counted."""
        ...

    def sample(self, n: int, L: int, tau: float, fresh: int=0, generator: torch.Generator | None=None) -> Batch:
        """`n` sequences of `L` steps from different starts drawn by eq. 6, whose visits go up by one.
    `fresh` adds as many observations, uniformly drawn with replacement, as `o_fresh`. Raises
    `ValueError` if there are fewer than `n` starts with `L` steps left."""
        ...

    def mean_image(self, chunk: int=1000) -> torch.Tensor:
        """The mean (S, 64, 64) float32 in [0, 1] of all stored observations, read `chunk` at a time.
    Raises `ValueError` if there are none."""
        ...

    def state_dict(self, frames: bool=True) -> dict:
        """All that is stored: copies of the filled parts on the CPU, and whole numbers. With
    `frames`=False without the frames, which are nearly all of it; whoever loads that state puts the
    first `stored` of them in place."""
        ...

    def load_state_dict(self, state: dict) -> None:
        """Takes over what `state_dict` gave, in place of what is stored; the capacity may differ.
    Raises `ValueError` if it does not fit."""
        ...

@dataclass
class Batch:
    """N sequences of L trained steps (indices 1..L), with the context step (index 0) before
    and the next observation, o[:, L+1], after them.
    o (N, L+2, S, 64, 64) uint8 · a (N, L+1) int64 · r (N, L+1) float32 ·
    terminated (N, L+1) bool · d (N, L+1) bool: terminated or truncated ·
    o_fresh (P, S, 64, 64) uint8 or None: further observations, at which imagined trajectories
    may start afresh (notebook 09)."""
    o: torch.Tensor
    a: torch.Tensor
    r: torch.Tensor
    terminated: torch.Tensor
    d: torch.Tensor
    o_fresh: torch.Tensor | None = None

    def to(self, device: torch.device | str) -> 'Batch':
        """The same batch on another device."""
        ...

def visits_at_age(age: np.ndarray, tau: float) -> np.ndarray:
    """Expected visits of entries that took part in the race of eq. 6 for the time `age` on its
    clock."""
    ...

def advance(age: np.ndarray, weight: np.ndarray, pace: np.ndarray, tau: float, total: float) -> float:
    """The step x of the clock after which `total` = Σ weight · visits_at_age(age + pace · x), by
    Newton's method from below (the sum is concave in x)."""
    ...

def simulate_visits(entries: int=100000, prefill: int=5000, updates: int=125000, n: int=100, tau: float=20.0, blocks: int=1000) -> np.ndarray:
    """Expected number of times that each entry (entries,) is drawn as a start in a run (Fig. 2):
    the dataset grows from `prefill` to `entries` at a constant rate while `updates` updates draw
    `n` starts each at temperature `tau`. The defaults are a run of the paper's length. Entries
    share one count in each of `blocks` blocks. Raises `ValueError`."""
    ...

def training_share(visits: np.ndarray) -> np.ndarray:
    """The share of all starts up to and including each entry (T,): the right side of Fig. 2."""
    ...

def median_start(visits: np.ndarray) -> int:
    """The number of entries, counted from the oldest, that take half of all starts."""
    ...

def figure_2(taus: Sequence[float]=(5.0, 20.0, 100.0, math.inf), **run: int) -> Figure:
    """Fig. 2: times selected (left) and share of training time (right) over the entries, for the
    temperatures `taus`; `run` goes to `simulate_visits`."""
    ...
