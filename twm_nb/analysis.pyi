# Made from analysis.py by scripts/make_stubs.py.
"""Looking inside a trained world model: what it imagines, what it attends to, and how far its dreams can be trusted, in pictures and in numbers."""
from typing import Any
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
import numpy as np
import torch
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from .config import RunConfig
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Starts, Trajectory
from .system import System
from .twm import TWM
__all__ = ['ARROWS', 'STACK_COLOURS', 'TOKEN_COLOURS', 'FRAME_ERRORS', 'NUMBER_ERRORS', 'eight_bits', 'packed', 'small_files', 'save_small', 'play_real', 'windows_at', 'rows_of', 'starts_at', 'beginnings', 'dream', 'action_names', 'action_symbols', 'captions', 'dream_figure', 'read_discount', 'continuation_figure', 'spread', 'contact_sheet', 'long_figure', 'catch_cells', 'catch_state', 'catch_rules', 'in_colours', 'dream_attention', 'tinted', 'attention_figure', 'attention_by_type', 'same_episode', 'mean_at', 'open_loop_errors', 'error_figure']

def eight_bits(w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights (out, …) as whole numbers q, int8, and scales (out, 1, …), float32, one for each row:
    w ≈ q·scale, wrong by half a scale at most."""
    ...

def packed(weights: dict) -> dict:
    """Matrices as `eight_bits`, under their names and under name + '.scale'; all else in float16."""
    ...

def small_files(small: dict, most: int) -> dict:
    """{file name: weights}: all `small` weights in one file, or in one for each network if they
    have over `most` bytes."""
    ...

def save_small(run: str | Path, folder: str | Path, most: int=12000000) -> None:
    """Writes the models of the run folder `run` to `folder` in about a quarter of their size, in
    one file for each network if they have over `most` bytes. Raises `ConfigError`."""
    ...

def play_real(system: System, steps: int, seed: int=1000000, explore: float=0.0, on_step: Callable=lambda: None) -> ReplayDataset:
    """`steps` steps of the real game, played anew by the agent of `system` (stochastic, as always)
    under the training protocol; with probability `explore` an action is a uniformly random one
    instead. The same seed gives the same episodes. `on_step` is called after each step."""
    ...

def windows_at(data: ReplayDataset, entries: Iterable[int] | torch.Tensor) -> Batch:
    """What a dream that begins at one of the `entries` (M,) of real `data` has seen: the step
    before as context, and the observation. Entry 0 has no step before and begins an episode."""
    ...

def rows_of(windows: Batch, rows: torch.Tensor | list) -> Batch:
    """The sequences `rows` (M,) of `windows`, one as often as it is named."""
    ...

def starts_at(system: System, data: ReplayDataset, entries: Iterable[int] | torch.Tensor) -> Any:
    """Starts of dreams of `system` at `entries` (M,) of real `data`, each with the step before as
    context."""
    ...

def beginnings(data: ReplayDataset) -> torch.Tensor:
    """The entries of real `data` at which episodes begin, but for the first and the last."""
    ...

def dream(system: TWM, starts: Starts, horizon: int, fresh: torch.Tensor | None=None) -> Trajectory:
    """Trajectories of `horizon` steps that TWM imagines from `starts` by itself. Fresh starts come
    from the stacks `fresh` (P, S, 64, 64) uint8; without them dreams go on whatever discount is
    predicted."""
    ...
ARROWS: dict

def action_names(game: str) -> list[str]:
    """The actions of a game as the emulator calls them: NOOP, UPRIGHTFIRE and so on. Environments
    without names get ACTION 0, ACTION 1 …"""
    ...

def action_symbols(game: str) -> list[str]:
    """The same as arrows, with * for FIRE and · for no action, short enough for captions."""
    ...

def captions(trajectory: Trajectory, i: int, symbols: list[str], every: int=1) -> tuple[list, list]:
    """Texts for trajectory `i`: actions, and predicted rewards with discounts, a ┃ where a fresh
    start follows. With `every` > 1 rewards are sums over that many steps, at the first of them."""
    ...

def dream_figure(system: TWM, trajectory: Trajectory, rows: Sequence[int]=(0,), every: int=1) -> Figure:
    """Trajectories `rows` as strips of decoded frames; actions above and predictions below are
    those of the last."""
    ...

def read_discount(config: RunConfig) -> float:
    """γ, the discount of a step that ends nothing; 1 for a system without."""
    ...

def continuation_figure(system: System, windows: Batch, context: int, every: int=1) -> Figure:
    """The first sequence of `windows` as it was and as `system` continues it from `context` real
    steps on under the same actions. True rewards and discounts stand in brackets; with `every` > 1
    rewards are sums."""
    ...

def spread(frames: torch.Tensor) -> torch.Tensor:
    """How far several dreams (N, T, S, 64, 64) uint8 have come apart: the standard deviation over
    N, of frames in [0, 1], averaged over pixels, (T,)."""
    ...

def contact_sheet(frames: Iterable, above: Sequence[str] | None=None, below: Sequence[str] | None=None, columns: int=8) -> Figure:
    """Frames (T, 64, 64), or in colour (T, 64, 64, 3), in rows of `columns`, with a text above and
    below each."""
    ...

def long_figure(system: TWM, trajectory: Trajectory, every: int, columns: int=8, i: int=0) -> Figure:
    """Every n-th frame of trajectory `i`, with the sum of rewards up to the next below it."""
    ...

def catch_cells(frames: torch.Tensor) -> torch.Tensor:
    """Mean brightness (…, 6, 6) of the cells of Catch, for frames (…, 64, 64) in [0, 1]."""
    ...

def catch_state(cells: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Of cells (…, 6, 6): are they a legal picture (…), bool; and, where they are, row and column
    of the ball and column of the paddle, (…) each."""
    ...

def catch_rules(system: TWM, trajectory: Trajectory) -> dict:
    """How well a dream of Catch keeps the rules: shares of legal frames, of right successors (of
    legal frames within a game), of right rewards (within ½) and of right ends, over all steps of
    all trajectories."""
    ...
STACK_COLOURS: Any

def in_colours(stack: ArrayLike) -> np.ndarray:
    """A stack (4, 64, 64), uint8 or in [0, 1], as one (64, 64, 3) uint8 picture: the mean of its
    frames, each in its colour."""
    ...

def dream_attention(system: TWM, trajectory: Trajectory) -> torch.Tensor:
    """Rollout (M, layers, n, n) over all n = 3H − 1 tokens (2H without rewards) of a dream of H
    steps; the last row belongs to the last action, whose output is h. The context step, which the
    dream saw too, is left out."""
    ...
TOKEN_COLOURS: dict

def tinted(shares: ArrayLike, types: ArrayLike) -> np.ndarray:
    """Shares (layers, n), as parts of the largest, in the colours of their tokens' `types` (n,):
    (layers, n, 3) in [0, 1]."""
    ...

def attention_figure(shares: torch.Tensor | np.ndarray, reward_tokens: bool=True, steps: int=17, title: str='') -> Figure:
    """Shares (layers, n) of the input tokens in one token after each layer, for the last `steps`
    steps. Above it, the last layer's as bars."""
    ...

def attention_by_type(rollout: torch.Tensor, reward_tokens: bool=True) -> dict:
    """Of a rollout (M, layers, n, n), the shares of states, actions and rewards in the last token
    after the last layer, by steps back: {'z': (H,), 'a': (H,), 'r': (H,)} with the present first,
    averaged over M. They sum to one."""
    ...

def same_episode(d: torch.Tensor, context: int) -> torch.Tensor:
    """Which of the steps context+1 … L of sequences with ends `d` (N, L+1) belong to the episode of
    step `context`: (N, L − context)."""
    ...

def mean_at(errors: torch.Tensor, alive: torch.Tensor) -> torch.Tensor:
    """Means over the sequences (N, T) → (T,) where `alive`; NaN where none is."""
    ...

def open_loop_errors(system: System, batch: Batch, context: int, dreams: int=4) -> dict:
    """Squared errors at horizons 1 … L − context, {name: (L − context,)}, of `dreams` continuations
    of each sequence of `batch`, of L steps after the first, and of what they are compared with."""
    ...
FRAME_ERRORS: tuple
NUMBER_ERRORS: tuple

def error_figure(errors: dict, title: str='') -> Figure:
    """The errors of `open_loop_errors` against the horizon: frames, reward, discount."""
    ...
