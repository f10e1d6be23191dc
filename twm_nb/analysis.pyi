# Made from analysis.py by scripts/make_stubs.py.
"""Looking inside a trained world model: what it imagines, what it attends to, and how far its dreams can be trusted, in pictures and in numbers."""
from typing import Any
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
import numpy as np
import torch
from matplotlib.figure import Figure
from .config import RunConfig
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Starts, Trajectory
from .system import System
from .twm import TWM
__all__ = ['TOKEN_COLOURS', 'save_small', 'play_real', 'windows_at', 'rows_of', 'starts_at', 'beginnings', 'dream', 'action_names', 'dream_figure', 'read_discount', 'continuation_figure', 'catch_cells', 'catch_state', 'dream_attention', 'attention_figure']

def eight_bits(w):
    """Weights (out, …) as whole numbers q, int8, and scales (out, 1, …), float32, one for each row:
    w ≈ q·scale, wrong by half a scale at most."""
    ...

def packed(weights):
    """Matrices as `eight_bits`, under their names and under name + '.scale'; all else in float16."""
    ...

def small_files(small, most):
    """{file name: weights}: one file, or one for each network if they have over `most` bytes."""
    ...

def save_small(run: str | Path, folder: str | Path, most: int=12000000) -> None:
    """Writes the models of the run folder `run` to `folder` in about a quarter of their size, in
    one file for each network if they have over `most` bytes. Raises `ConfigError`."""
    ...

def play_real(system: System, steps: int, seed: int=1000000, explore: float=0.0, on_step: Callable=lambda: None) -> ReplayDataset:
    """`steps` steps of the real game, played anew by the agent of `system` under the training
    protocol, each action with probability `explore` a uniformly random one instead. The same seed
    gives the same episodes."""
    ...

def windows_at(data: ReplayDataset, entries: Iterable[int] | torch.Tensor) -> Batch:
    """What a dream that begins at one of the `entries` (M,) of real `data` has seen: the step
    before as context, and the observation. Entry 0 has no step before and begins an episode."""
    ...

def rows_of(windows: Batch, rows: torch.Tensor | list) -> Batch:
    """The sequences `rows` (M,) of `windows`, one as often as it is named."""
    ...

def starts_at(system: System, data: ReplayDataset, entries: Iterable[int] | torch.Tensor) -> Any:
    """Starts of dreams of `system` at `entries` (M,) of real `data`, seen from the step before."""
    ...

def beginnings(data: ReplayDataset) -> torch.Tensor:
    """The entries of real `data` at which episodes begin, but for the first and the last."""
    ...

def dream(system: TWM, starts: Starts, horizon: int, fresh: torch.Tensor | None=None) -> Trajectory:
    """Trajectories of `horizon` steps that TWM imagines from `starts` by itself. Fresh starts come
    from the stacks `fresh` (P, S, 64, 64) uint8; without them no discount ends a dream."""
    ...

def action_names(game: str) -> list[str]:
    """The actions of a game: NOOP, UPRIGHTFIRE …, as the emulator has it, or ACTION 0, ACTION 1 …"""
    ...
ARROWS: dict

def action_symbols(game):
    ...

def captions(trajectory, i, symbols, every=1):
    """Texts for trajectory `i`: actions, and predicted rewards with discounts, a ┃ where a fresh
    start follows. With `every` > 1 rewards are sums over that many steps, at the first of them."""
    ...

def dream_figure(system: TWM, trajectory: Trajectory, every: int=1) -> Figure:
    """The first trajectory as a strip of decoded frames; actions above and predictions below."""
    ...

def read_discount(config: RunConfig) -> float:
    """γ, the discount of a step that ends nothing; 1 for a system without."""
    ...

def continuation_figure(system: System, windows: Batch, context: int, every: int=1) -> Figure:
    """The first sequence of `windows` as it was, and as `system` continues it from `context` real
    steps on under the same actions. Real rewards and discounts stand in brackets."""
    ...

def catch_cells(frames: torch.Tensor) -> torch.Tensor:
    """Mean brightness (…, 6, 6) of the cells of Catch, for frames (…, 64, 64) in [0, 1]."""
    ...

def catch_state(cells: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Of cells (…, 6, 6): are they a legal picture (…), bool; and, where they are, row and column
    of the ball and column of the paddle, (…) each."""
    ...

def catch_rules(system, trajectory):
    """How well a dream of Catch keeps the rules: shares of legal frames, of right successors (of
    legal frames within a game), of right rewards (within ½) and of right ends, over all steps."""
    ...

def dream_attention(system: TWM, trajectory: Trajectory) -> torch.Tensor:
    """Rollout (M, layers, n, n) over all n = 3H − 1 tokens (2H without rewards) of a dream of H
    steps; the last row belongs to the last action, whose output is h. The context step, which the
    dream saw too, is left out."""
    ...
TOKEN_COLOURS: dict

def attention_figure(shares: torch.Tensor | np.ndarray, reward_tokens: bool=True, steps: int=17, title: str='') -> Figure:
    """Shares (layers, n) of the input tokens in one token after each layer, for the last `steps`
    steps. Above it, the last layer's as bars."""
    ...

def tinted(shares, types):
    """Shares (layers, n), as parts of the largest, in the colours of their tokens' `types` (n,):
    (layers, n, 3) in [0, 1]."""
    ...

def same_episode(d, context):
    """Which of the steps context+1 … L of sequences with ends `d` (N, L+1) belong to the episode of
    step `context`: (N, L − context)."""
    ...

def mean_at(errors, alive):
    """Means over the sequences (N, T) → (T,) where `alive`; NaN where none is."""
    ...

def open_loop_errors(system, batch, context, dreams=4):
    """Squared errors at horizons 1 … L − context, {name: (L − context,)}, of `dreams` continuations
    of each sequence of `batch`, of L steps after the first, and of what they are compared with."""
    ...
