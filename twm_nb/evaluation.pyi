# Made from evaluation.py by scripts/make_stubs.py.
"""Whole games, raw rewards, the stochastic policy: the scores that the field publishes, with their intervals, and what `twm_eval` does."""
from typing import Any
from collections.abc import Callable
from pathlib import Path
import numpy as np
import torch
from numpy.typing import ArrayLike
from .config import RunConfig
from .system import BaseAgent
__all__ = ['protocol', 'in_brackets', 'play', 'play_in_processes', 'evaluate', 'RandomAgent', 'interval', 'write_json', 'check_writable', 'evaluate_runs']

def protocol(config: RunConfig) -> str:
    """The evaluation protocol in words, for printing beside a score."""
    ...

def in_brackets(text: str) -> str:
    """`text` in brackets, indented and wrapped for a terminal 80 columns wide."""
    ...

def fill_up(rows, device, most):
    """Row numbers (n,), n ≤ `most`, with the first one repeated: on a CPU to at least 2; on a GPU
    to the next multiple of 64 from `most`, whatever n is."""
    ...

def fetch(actions):
    """`actions` on their way to the CPU, and the event at which they are there; None if they are
    there already, as without a GPU."""
    ...

def take_turns(agent, envs, seeds, scores, on_end):
    """Plays a game in each of `envs`, reset together, and adds its raw rewards to `scores` (n,).
    Stops after asking for actions. `on_end` hears a game's score and a checksum of its frames."""
    ...

def play_round(agent, envs, seeds, on_end=lambda score, game: None):
    """Raw scores of a whole game in each of `envs`, reset together with `seeds`; see `take_turns`."""
    ...

def play(agent: BaseAgent, seeds: ArrayLike, parallel: int, on_end: Callable=lambda score, game: None) -> list[float]:
    """Raw scores of one whole game for each of `seeds`, at most `parallel` side by side."""
    ...

def play_share(agent, seeds, parallel):
    """`play`, and what its `on_end` heard, for another process to hear."""
    ...

def play_in_processes(agent: BaseAgent, seeds: ArrayLike, parallel: int, on_end: Callable, workers: int) -> list[float]:
    """`play` with `workers` processes, each with its share of the `parallel` games at a time. What
    a killed one has not finished is played once more; then `ConfigError`."""
    ...

def evaluate(agent: BaseAgent, episodes: int=100, seed: int=0, parallel: int=50, on_end: Callable=lambda score, game: None, workers: int=1) -> list[float]:
    """The raw scores of `episodes` whole games of `agent.config.game`, at most `parallel` side by
    side, in `workers` processes. `on_end(score, game)` hears of each game that has ended; `game` is
    a checksum of its frames. Raises `ValueError` for numbers that are not allowed."""
    ...

class RandomAgent(BaseAgent):
    """Plays uniformly at random; takes the place of an `Agent` in `evaluate`."""
    device: Any

    def act(self, observation: ArrayLike, reward: ArrayLike | None=None, first: ArrayLike | None=None, generator: torch.Generator | list | None=None) -> np.ndarray:
        ...

def interval(scores: ArrayLike, resamples: int=2000, seed: int=0) -> tuple[float, float]:
    """95% percentile-bootstrap interval of the mean of `scores` (n,)."""
    ...

def write_json(path: str | Path, content: dict | list) -> None:
    """Writes JSON to `path`, whole or not at all."""
    ...

def check_writable(path: str | Path) -> None:
    """Raises `ConfigError` if `write_json` could not write to `path`; leaves nothing behind."""
    ...

def check_request(episodes, out, workers=1, seed=0):
    """Raises `ConfigError` before anything is played if the request cannot be met."""
    ...

def find_runs(folder):
    """The run folders at or below `folder` that hold a trained agent. Raises `ConfigError`."""
    ...

def with_progress(agent, episodes, seed, label, workers):
    """`evaluate` under a progress bar, and how many different games were played."""
    ...

def print_scores(played, episodes):
    """A table of what was `played`, {policy: (scores, number of different games)}."""
    ...

def evaluate_run(run, episodes, seed, against_random, device, dtype=None, workers=1):
    """Plays with the agent in `run` and prints a small table. Returns {policy: scores}."""
    ...

def summaries(results):
    """One line for each game that has several runs; `results` maps a run folder to its scores."""
    ...

def evaluate_runs(folder: str | Path, episodes: int, seed: int, against_random: bool, device: str, dtype: str | None, workers: int, out: str | Path | None, system: str | None=None, game: str | None=None) -> None:
    """What `twm_eval` does; code of one's own is run only if `system` or `game` names it. Raises
    `ConfigError` for bad input; a game that fails ends the process with exit code 3."""
    ...
