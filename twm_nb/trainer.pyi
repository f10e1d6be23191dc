# Made from trainer.py by scripts/make_stubs.py.
"""The loop that trains any system: act, update or evaluate, as the system says; then count, log and save."""
from typing import Any
from collections.abc import Callable
from pathlib import Path
from typing import Any
import numpy as np
import torch
from matplotlib.figure import Figure
from .config import RunConfig
from .balanced_sampler import ReplayDataset
from .system import BaseAgent, Done, System
from .checkpoint import Loaded, StopSignals
from .run_folder import Progress, RunLog
__all__ = ['Trainer', 'new_dataset', 'fields', 'Graphed', 'longest_stretch', 'motion', 'showcase', 'dream_strip', 'learning_curve', 'parameter_counts']

class Trainer:
    """One training run of `config` in the folder `run_dir`. `fit()` does it all; `show` draws a
    progress bar on stderr, `on_line` is called with each new line of `metrics.jsonl`, a dict.
    Raises `ConfigError` for a game or device that is not there, or frames that do not fit into
    memory."""
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
    agent: Any
    plan: Any
    learners: dict
    done: Done
    reward: float
    first: bool
    frames: int
    scores: list
    playing: list
    evaluating: Any
    final: Any
    checkpoints: Any
    signals: StopSignals
    replaced: dict
    o: Any
    saved: tuple
    log: RunLog
    progress: Progress

    def __init__(self, config: RunConfig, run_dir: str | Path, show: bool=False, on_line: Callable=lambda line: None):
        ...

    def run(self) -> dict:
        """The loop, from the present place on; saves when it is asked to stop."""
        ...

    def take_turn(self, what: str) -> None:
        """Does what the system has asked for."""
        ...

    def interact(self, choose: Callable) -> None:
        """Takes the action that `choose` gives, stores what comes of it, and resets the environment
    where an episode ended."""
        ...

    def end_exploring(self) -> None:
        """The log's line about the prefill."""
        ...

    def update(self, kind: str) -> None:
        """One update of a `kind`, and its record. Raises `NumbersError`."""
        ...

    def learner(self, kind: str) -> Callable:
        """A function of a batch that makes an update of a `kind`; on a GPU a CUDA graph."""
        ...

    def evaluate(self, episodes: int) -> list:
        """Plays `episodes` whole games with the present weights and notes the mean. Returns the raw
    scores, those that `twm_nb.evaluation.evaluate` gives."""
        ...

    def play_some(self, agent: BaseAgent, seeds: np.ndarray) -> None:
        """Plays a game for each of `seeds`, side by side. These games are what an interruption can cost
    an evaluation."""
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

    def begin_episode(self, reason: Exception) -> None:
        """Goes on with a new episode, where the one under way cannot be played again."""
        ...

    def restore_experience(self, s: dict, frames: np.ndarray) -> None:
        """The dataset, from the state `s` and the frames (n, 64, 64) uint8 of a checkpoint."""
        ...

    def restore_generators(self, g: dict) -> None:
        """All random generators. Last, since nothing that follows may draw from them."""
        ...

    def spent(self) -> tuple[float, float]:
        """The shares of the budgets that are spent: of the samples, and of the interactions."""
        ...

    def since_saved(self) -> tuple[float, float]:
        """Seconds since the last checkpoint, and the share of that budget of which more was spent since."""
        ...

    def safe_place(self) -> None:
        """Called where the run can be taken up again: saves if it is time, and stops if that was asked
    for."""
        ...

    def save(self) -> None:
        """Writes a checkpoint. Raises `NumbersError`, and writes nothing, if a number in it is NaN or
    infinite."""
        ...

    def facts(self) -> dict:
        """What a reader of a checkpoint wants to know, and what the machine it goes on on must share."""
        ...

    def where(self) -> str:
        """Where the run is, in words."""
        ...

    def note(self, event: str, **facts) -> None:
        """Adds a line to `history.jsonl`, the record of beginnings and ends."""
        ...

    def tell(self, sentence: str) -> None:
        """Says something on stderr."""
        ...

    def fit(self, overwrite: bool=False) -> dict:
        """Trains to the end and writes the run folder. Goes on from the last checkpoint if the
    folder holds an unfinished run of this configuration; `overwrite` starts it over. Returns {game:
    [mean score]}. Raises `ConfigError` if the folder holds anything else, `Stopped` on SIGINT or
    SIGTERM (all is saved then), `NumbersError`, `StorageError`, `GameError`."""
        ...

    def open_folder(self, overwrite: bool) -> None:
        """Begins, goes on or extends, as the folder says. Raises `ConfigError`, and changes nothing,
    where none is possible."""
        ...

    def check_machine(self, facts: dict) -> None:
        """Raises `ConfigError` if a run cannot go on here, and says where it will not be the same."""
        ...

    def begin(self, interrupted: bool) -> None:
        """Begins a run in its folder."""
        ...

    def go_on(self, loaded: Loaded) -> None:
        """Goes on from a checkpoint."""
        ...

    def open_log(self, state: dict | None) -> None:
        """Opens log and bar."""
        ...

def new_dataset(config: RunConfig, device: torch.device | str) -> ReplayDataset:
    """An empty dataset with room for all interactions. Raises `ConfigError` if there is no memory
    for it."""
    ...

def fields(batch: Any) -> dict:
    """The tensors of a batch, a dataclass or a dictionary, by name."""
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
        """Records an update without running it; the metrics become one tensor, so that they are copied
    in one go."""
        ...

def longest_stretch(d: torch.Tensor, limit: int) -> int:
    """The longest run of steps without an end before its last step, `limit` at most; `d` (T,) bool."""
    ...

def motion(dataset: ReplayDataset, first: int) -> torch.Tensor:
    """Mean absolute change of the frame at each step from entry `first` on, (T − first,) in [0, 1]."""
    ...

def showcase(dataset: ReplayDataset, length: int, count: int=2, recent: int=5000) -> torch.Tensor:
    """Starts of up to `count` stretches of `length` steps within one episode, apart, from the
    `recent` newest entries; those in which much moves and a reward comes are preferred."""
    ...

def dream_strip(system: System, dataset: ReplayDataset, limit: int=14) -> Figure:
    """A figure of true frames, with their reconstructions and open-loop dreams below them. The
    first frames of a dream are what the model was shown; at least ten are dreamed where the stretch
    has so many. Below each dream stand its rewards and discounts, beside them in brackets the true
    rewards, and where the episode ended."""
    ...

def learning_curve(folder: str | Path, headlines: dict) -> Figure:
    """A figure of a run: scores of its evaluations, and those metrics of `headlines` that are
    tagged as losses."""
    ...

def parameter_counts(config: RunConfig, num_actions: int) -> dict:
    """Numbers of trainable parameters of the system of `config`, by part (for TWM: Table 5)."""
    ...
