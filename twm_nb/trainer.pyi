# Made from trainer.py by scripts/make_stubs.py.
"""The loop that trains any system: act, update or evaluate, as the system says; then count, log and save."""
from typing import Any
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any
import numpy as np
import torch
from .config import RunConfig
from .balanced_sampler import ReplayDataset
from .system import BaseAgent, Done
from .checkpoint import Loaded
from .checkpoint import StopSignals
__all__ = ['RESTORE', 'Trainer', 'Graphed', 'longest_stretch', 'showcase', 'parameter_counts']

class Trainer:
    """One run of `config` in the folder `run_dir`; `fit` does it all. `show` draws a bar, `on_line`
    is called with each new line of `metrics.jsonl`, a dict. Raises `ConfigError`."""
    config: RunConfig
    folder: Path
    show: bool
    on_line: Callable
    device: Any
    random: Any
    generator: Any
    env: Any
    dataset: Any
    system: Any
    plan: Any
    agent: Any
    learn: dict
    done: Done
    reward: float
    first: bool
    frames: int
    scores: list
    playing: list
    evaluating: Any
    final: Any
    log: Any
    progress: Any
    checkpoints: Any
    signals: StopSignals
    tell: Any
    replaced: dict
    identity: Any
    o: Any
    saved: tuple

    def __init__(self, config: RunConfig, run_dir: str | Path, show: bool=False, on_line: Callable=lambda line: None):
        ...

    def run(self) -> dict:
        """The loop, from the present place on. Returns {game: [mean score]}."""
        ...

    def take_turn(self, what: str) -> None:
        """Does what the system has asked for."""
        ...

    def interact(self, choose: Callable) -> None:
        """Takes the action that `choose` gives, and stores what comes of it."""
        ...

    def end_exploring(self) -> None:
        """Writes the log's line about the prefill."""
        ...

    def update(self, kind: str) -> None:
        """One update of a `kind`, and its record. Raises `NumbersError`."""
        ...

    def evaluate(self, episodes: int) -> list:
        """Plays `episodes` whole games with the present weights and notes the mean. Returns the raw
    scores, those that `twm_nb.evaluation.evaluate` gives."""
        ...

    def play_some(self, agent: BaseAgent, seeds: np.ndarray) -> None:
        """Plays a game for each of `seeds`, side by side: what an interruption can cost an evaluation."""
        ...

    def workers(self) -> int:
        """How many processes play the games of an evaluation."""
        ...

    def finish(self) -> dict:
        """The final evaluation, the agent, the scores and the pictures. Returns {game: [mean score]}."""
        ...

    def state(self) -> dict:
        """All that decides how the run goes on, except weights and frames; tensors on the CPU, numbers,
    texts and bytes."""
        ...

    def restore(self, loaded: Loaded) -> None:
        """Becomes the trainer that a checkpoint was taken of."""
        ...

    def restore_dataset(self, s: dict, frames: np.ndarray) -> None:
        """The dataset, from the state `s` and the frames (n, 64, 64) uint8 of a checkpoint."""
        ...

    def begin_episode(self, reason: Exception) -> None:
        """Goes on with a new episode, where the one under way cannot be played again."""
        ...

    def spent(self) -> tuple[float, float]:
        """The shares of the budgets that are spent: of the samples, and of the interactions."""
        ...

    def safe_place(self) -> None:
        """Where the run can be taken up again: saves if it is time, and stops if that was asked for."""
        ...

    def save(self) -> None:
        """Writes a checkpoint; only `NumbersError` and nothing else if a number is NaN or infinite."""
        ...

    def note(self, event: str, **facts) -> None:
        """Adds a line to `history.jsonl`, the record of beginnings and ends."""
        ...

    def facts(self) -> dict:
        """Whose checkpoint it is, and what the machine it goes on on must share."""
        ...

    def where(self) -> str:
        """Where the run is, in words."""
        ...

    def fit(self, overwrite: bool=False) -> dict:
        """Trains to the end, and writes the run folder; goes on with an unfinished run of this
    configuration unless `overwrite`. Returns {game: [mean score]}. Raises `ConfigError` if the
    folder holds anything else, `Stopped` on SIGINT or SIGTERM (all is saved then), `NumbersError`,
    `StorageError`, `GameError`."""
        ...

    def open_folder(self, overwrite: bool) -> None:
        """Begins, goes on or extends. Raises `ConfigError`, and changes nothing, where none is possible."""
        ...

    def begun(self) -> str | None:
        """The name of the run that was begun in this folder, if its history tells."""
        ...

    def check_owner(self, loaded: Loaded) -> None:
        """Raises `CheckpointError` unless a checkpoint is this run's."""
        ...

    def check_machine(self, facts: dict) -> None:
        """Raises `ConfigError` if a run cannot go on here, and says where it will not be the same."""
        ...

    def take_up(self, loaded: Loaded) -> None:
        """`restore`. Raises `CheckpointError` if the checkpoint does not hold what it should."""
        ...

    def begin(self, loaded: Loaded | None) -> None:
        """Begins the record of a run, or goes on from a checkpoint."""
        ...

def new_dataset(config, device):
    """An empty dataset for all interactions. Raises `ConfigError` if there is no memory for it."""
    ...

class Graphed:
    """`update`, a function of a batch to a dict of scalar tensors, as one CUDA graph, after
    `warm_up` calls that run it as it is. All batches must have the shapes of the first."""
    update: Callable
    warm_up: int
    calls: int
    graph: Any
    stream: Any
    batch: Any
    names: list
    values: Any

    def __init__(self, update: Callable, warm_up: int=3):
        ...

    def __call__(self, batch: Any) -> dict:
        ...

    def aside(self, batch: Any) -> dict:
        """An ordinary update, on a stream of its own as CUDA asks of what precedes a recording."""
        ...

    def record(self, batch: Any) -> None:
        """Records an update without running it. Its metrics become one tensor, which is copied at once."""
        ...

def fields(batch):
    """The tensors of a batch, a dataclass or a dictionary, by name."""
    ...

@contextmanager
def ends_noted(trainer):
    """Notes in the history what ends a run early, and saves where it was asked to stop."""
    ...
RESTORE: str

def longest_stretch(d: torch.Tensor, limit: int) -> int:
    """The longest run of steps without an end before its last step, `limit` at most; `d` (T,) bool."""
    ...

def showcase(dataset: ReplayDataset, length: int, count: int=2, recent: int=5000) -> torch.Tensor:
    """Starts of up to `count` stretches of `length` steps within one episode, apart, from the
    `recent` newest entries; those in which much moves and a reward comes are preferred."""
    ...

def dream_strip(system, dataset, limit=14):
    """A figure of true frames, their reconstructions and open-loop dreams, of which the first
    frames were shown to the model; at least ten are dreamed where the stretch has so many."""
    ...

def learning_curve(folder, headlines):
    """A figure: the scores of a run's evaluations, and those of its `headlines` tagged as losses."""
    ...

def parameter_counts(config: RunConfig, num_actions: int) -> dict:
    """Numbers of trainable parameters of the system of `config`, by part (for TWM: Table 5)."""
    ...
