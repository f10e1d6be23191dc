# Made from balanced_sampler.py by scripts/make_stubs.py.
"""The replay dataset D, each frame stored once, and the sampler that lets new experience catch up with old (eq. 6)."""
from typing import Any
from collections.abc import Sequence
import math
from dataclasses import dataclass
import numpy as np
import torch
from matplotlib.figure import Figure
__all__ = ['visit_probabilities', 'ReplayDataset', 'Batch', 'figure_2']

def visit_probabilities(visits: torch.Tensor, tau: float) -> torch.Tensor:
    """Eq. 6: softmax(−v/τ) of the counts `visits` (…, T) as float64 (…, T); `tau` may be inf."""
    ...

def draw_starts(visits: torch.Tensor, n: int, tau: float, generator: torch.Generator | None=None) -> torch.Tensor:
    """`n` different entries (n,) int64 in the order drawn, by eq. 6 without replacement, from the
    counts `visits` (T,), on their device; the host never waits."""
    ...

class ReplayDataset:
    """The dataset D: one stream of up to `capacity` entries, on `device`, with T = `len(dataset)`.
    Each frame is stored once (uint8, 64×64); observations, stacks of `frame_stack` frames, are
    rebuilt when read. T entries come with T+1 observations."""
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

    @property
    def a(self) -> torch.Tensor:
        """Actions (T,) int64."""
        ...

    @property
    def r(self) -> torch.Tensor:
        """Rewards (T,) float32 as the agent sees them."""
        ...

    @property
    def terminated(self) -> torch.Tensor:
        ...

    @property
    def d(self) -> torch.Tensor:
        """Whether a step ended its episode, terminated or truncated: (T,) bool."""
        ...

    @property
    def visits(self) -> torch.Tensor:
        """v of eq. 6: how often each entry was drawn as a start, (T,) float32."""
        ...

    def store(self, o: np.ndarray | torch.Tensor, index: int, opens: bool) -> None:
        """Stores the newest frame of the stack `o` (S, 64, 64) uint8, which may open an episode."""
        ...

    def start(self, o: np.ndarray | torch.Tensor) -> None:
        """Stores the first observation `o` (S, 64, 64) uint8 of a stream. If there are entries already,
    the environment was reset from outside (a resumed run): then the last step counts as truncated,
    and `o` takes the place of the observation after it."""
        ...

    def append(self, a: int, r: float, terminated: bool, truncated: bool, o_next: np.ndarray | torch.Tensor) -> None:
        """Stores an entry: action, reward, how the step ended, and the observation after it, `o_next`
    (S, 64, 64) uint8; when the episode ended, that is the first observation of the next one."""
        ...

    def observations(self, indices: torch.Tensor | Sequence[int]) -> torch.Tensor:
        """The observations `indices` (…), each from 0 to T, as stacks (…, S, 64, 64) uint8."""
        ...

    def steps(self, starts: torch.Tensor | Sequence[int], L: int) -> torch.Tensor:
        """The indices (N, L+2) of context, `L` trained steps and next observation for sequences from
    the entries `starts` (N,), each from 0 to T−L; −1 before entry 0."""
        ...

    def transitions(self, starts: torch.Tensor | Sequence[int], L: int) -> Batch:
        """As `sequences`, but `o` is None: for training on codes that were computed beforehand."""
        ...

    def sequences(self, starts: torch.Tensor | Sequence[int], L: int) -> Batch:
        """The sequences of `L` steps from the entries `starts` (N,); visits are not counted."""
        ...

    def sample(self, n: int, L: int, tau: float, fresh: int=0, generator: torch.Generator | None=None) -> Batch:
        """`n` sequences of `L` steps from different starts drawn by eq. 6, whose visits go up by one.
    `fresh` adds as many observations, uniformly drawn with replacement, as `o_fresh`."""
        ...

    def mean_image(self, chunk: int=1000) -> torch.Tensor:
        """The mean (S, 64, 64) float32 in [0, 1] of all observations, read `chunk` at a time."""
        ...

    def state_dict(self, frames: bool=True) -> dict:
        """Copies on the CPU of all that is stored. With `frames`=False without the frames, which are
    nearly all of it; whoever loads that state puts the first `stored` of them in place."""
        ...

    def load_state_dict(self, state: dict) -> None:
        """Takes over what `state_dict` gave, in place of what is stored; the capacity may differ."""
        ...

@dataclass
class Batch:
    """N sequences: context (step 0), L trained steps, next observation. `o` is (N, L+2, S, 64, 64)
    uint8; `a` int64, `r` float32, `terminated` and `d` (terminated or truncated) bool are (N, L+1);
    `o_fresh` (P, S, 64, 64) uint8 are observations where dreams may start afresh (notebook 09)."""
    o: torch.Tensor
    a: torch.Tensor
    r: torch.Tensor
    terminated: torch.Tensor
    d: torch.Tensor
    o_fresh: torch.Tensor | None = None

    def to(self, device: torch.device | str) -> 'Batch':
        """The same batch on another device."""
        ...

def visits_at_age(age, tau):
    """Expected visits of entries that were in the race of eq. 6 for the time `age` on its clock."""
    ...

def advance(age, weight, pace, tau, total):
    """The step x of the clock after which `total` = Σ weight · visits_at_age(age + pace · x), by
    Newton's method from below (the sum is concave in x)."""
    ...

def simulate_visits(entries: int=100000, prefill: int=5000, updates: int=125000, n: int=100, tau: float=20.0, blocks: int=1000) -> np.ndarray:
    """Expected starts at each entry (entries,) of a run (Fig. 2): the dataset grows steadily from
    `prefill` to `entries` while `updates` updates draw `n` starts each at temperature `tau`.
    The entries share one count in each of `blocks` blocks."""
    ...

def training_share(visits):
    """The share of all starts up to and including each entry (T,): the right side of Fig. 2."""
    ...

def median_start(visits):
    """The number of entries, counted from the oldest, that take half of all starts."""
    ...

def figure_2(taus: Sequence[float]=(5.0, 20.0, 100.0, math.inf), **run: int) -> Figure:
    """Fig. 2: times selected (left) and share of training time (right) over the entries, for the
    temperatures `taus`; `run` goes to `simulate_visits`."""
    ...
