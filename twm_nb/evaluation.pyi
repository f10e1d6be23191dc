# Made from evaluation.py by scripts/make_stubs.py.
"""Whole games, raw rewards, the stochastic policy: the scores that the field publishes, with their intervals, and what `twm_eval` does."""
from typing import Any
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
import numpy as np
import torch
from numpy.typing import ArrayLike
from .config import RunConfig
__all__ = ['protocol', 'in_brackets', 'filled_up', 'fetched', 'Games', 'play_round', 'one_thread', 'play', 'play_share', 'play_in_processes', 'evaluate', 'RandomAgent', 'interval', 'find_runs', 'describe', 'with_progress', 'evaluate_run', 'summaries', 'write_json', 'check_writable', 'check_request', 'evaluate_runs']

def protocol(config: RunConfig) -> str:
    """The evaluation protocol in words, for printing beside a score."""
    ...

def in_brackets(text: str) -> str:
    """`text` in brackets, indented and wrapped for a terminal 80 columns wide."""
    ...

def filled_up(rows: np.ndarray, device: torch.device, most: int) -> np.ndarray:
    """Row numbers (n,), n ≤ `most`, with the first one repeated: on a CPU to at least 2, where a row's result was
    seen not to depend on n; on a GPU to the next multiple of 64 from `most`, whatever n is."""
    ...

def fetched(actions: torch.Tensor | np.ndarray) -> tuple[torch.Tensor, torch.cuda.Event | None]:
    """`actions` on their way to the CPU, and the event at which they are there; None if they are there already, as
    without a GPU."""
    ...

class Games:
    """Whole games side by side, one in each of `envs`, reset together with `seeds`. Call `ask` and `step` by turns
    while any is `playing`; `scores` (n,) are sums of raw rewards, `prints` are checksums of all frames so far, and
    `on_end` hears both of each game as it ends."""
    agent: 'BaseAgent | RandomAgent'
    envs: list
    on_end: Callable
    observations: Any
    generators: list
    scores: Any
    rewards: Any
    first: Any
    prints: list
    playing: Any
    spare: Any
    actions: Any
    event: Any

    def __init__(self, agent: 'BaseAgent | RandomAgent', envs: list, seeds: Sequence[int] | np.ndarray, on_end: Callable):
        ...

    def ask(self) -> None:
        """Has the agent choose for all that are playing; on a GPU this returns before it has."""
        ...

    def step(self) -> None:
        """Plays the actions that `ask` asked for; on a GPU it waits for these, not for what was asked after them."""
        ...

def play_round(agent: 'BaseAgent | RandomAgent', envs: list, seeds: Sequence[int] | np.ndarray, on_end: Callable=lambda score, game: None) -> list[float]:
    """One whole game in each of `envs`, reset together with `seeds`. Returns the sums of raw rewards in the
    order of `envs`; `on_end` hears of each game as it ends, see `evaluate`."""
    ...

@contextmanager
def one_thread() -> Iterator[None]:
    """Lets torch compute on one thread within."""
    ...

def play(agent: 'BaseAgent | RandomAgent', seeds: Sequence[int] | np.ndarray, parallel: int, on_end: Callable=lambda score, game: None) -> list[float]:
    """Raw scores of one whole game for each of `seeds`, at most `parallel` side by side."""
    ...

def play_share(agent: 'BaseAgent | RandomAgent', seeds: Sequence[int] | np.ndarray, parallel: int) -> tuple[list[float], list]:
    """`play`, and what its `on_end` heard, for another process to hear."""
    ...

def play_in_processes(agent: 'BaseAgent | RandomAgent', seeds: np.ndarray, parallel: int, on_end: Callable, workers: int) -> list[float]:
    """`play` with `workers` processes, each with its share of the `parallel` games at a time."""
    ...

def evaluate(agent: 'BaseAgent | RandomAgent', episodes: int=100, seed: int=0, parallel: int=50, on_end: Callable=lambda score, game: None, workers: int=1) -> list[float]:
    """The raw scores of `episodes` whole games of `agent.config.game`, at most `parallel` side by side; on
    several processor cores with `workers` > 1 (a script then needs the usual `if __name__ == '__main__':`).
    On one machine's CPU the same seed and agent give the same scores, whatever `parallel` and `workers` are; with
    memory (`policy_input='zh'`) up to rounding. So does an agent on a GPU: another `parallel` can round differently
    there, and with `workers` > 1 the games are played on the CPU. `on_end(score, game)` is called for each game
    that has ended; `game` is a checksum of its frames. Raises `ValueError` if one of the numbers is not positive, or
    `seed` is negative."""
    ...

class RandomAgent:
    """Plays uniformly at random; takes the place of an `Agent` in `evaluate`."""
    config: RunConfig
    num_actions: int
    device: Any
    recurrent: bool

    def __init__(self, config: RunConfig, num_actions: int):
        ...

    def forget(self) -> None:
        """Nothing to forget."""
        ...

    def act(self, observation: np.ndarray, reward: np.ndarray | None=None, first: np.ndarray | None=None, generator: torch.Generator | list | None=None) -> np.ndarray:
        """Uniform actions (B,) for observations (B, S, 64, 64); `generator` as in `Agent.act`."""
        ...

def interval(scores: ArrayLike, level: float=0.95, resamples: int=2000, seed: int=0) -> tuple[float, float]:
    """Percentile-bootstrap interval of the mean of `scores` (n,)."""
    ...

def find_runs(folder: str | Path) -> list[Path]:
    """The run folders at or below `folder`: those that hold a trained agent. Raises `ConfigError` if there is none."""
    ...

def describe(scores: ArrayLike) -> str:
    """Mean and interval of episode scores as text."""
    ...

def with_progress(agent: 'BaseAgent | RandomAgent', episodes: int, seed: int, label: str, workers: int) -> tuple[list[float], int]:
    """`evaluate` under a progress bar, and how many different games were played."""
    ...

def evaluate_run(run: Path, episodes: int, seed: int, against_random: bool, device: str, dtype: str | None=None, workers: int=1) -> dict:
    """Scores of the agent in `run`, printed as a small table; `dtype` None keeps that of the run, and with
    `workers` > 1 all is played on the CPU. Returns {'trained': [...], 'random': [...]}."""
    ...

def summaries(results: dict) -> list[str]:
    """One line for each game that has several runs; `results` maps a run folder to its scores."""
    ...

def write_json(path: str | Path, content: dict | list) -> None:
    """Writes JSON to `path`, whole or not at all."""
    ...

def check_writable(path: str | Path) -> None:
    """Raises `ConfigError` if `write_json` could not write to `path`; leaves nothing behind."""
    ...

def check_request(episodes: int, out: str | Path | None, workers: int=1, seed: int=0) -> None:
    """Raises `ConfigError` before anything is played if the request cannot be met."""
    ...

def evaluate_runs(folder: str | Path, episodes: int, seed: int, against_random: bool, device: str, dtype: str | None, workers: int, out: str | Path | None, system: str | None=None) -> None:
    """What `twm_eval` does; code of a system of one's own is run only if `system` names it. Raises
    `ConfigError` for bad input; a game that fails ends the process with exit code 3."""
    ...
