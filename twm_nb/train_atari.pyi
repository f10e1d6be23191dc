# Made from train_atari.py by scripts/make_stubs.py.
"""From nothing to agents that are trained, evaluated and looked at: several runs side by side, what `twm_atari` does, what to look at when a run does not learn, and what is kept of it."""
from typing import Any
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple, TextIO
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch.overrides import TorchFunctionMode
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .system import System
__all__ = ['LOSSES', 'PAIRS', 'FIELDS', 'compare_devices', 'Job', 'name_run', 'jobs_for', 'Board', 'read_machines', 'side_by_side', 'stages', 'beside_the_paper', 'draw_scores', 'score_figure', 'measure_pixels', 'training_lines', 'loss_figure', 'CheckUp', 'write_score', 'judge_score', 'check_up', 'open_run', 'returns_beside', 'returns_table', 'returns_figure', 'look', 'write_csv', 'read_stages', 'read_scores', 'keep', 'train_side_by_side']
CORES: Any

def describe_machine(device: torch.device) -> dict:
    """What a reader of results has to know about this machine; the memory in GiB, of GPUs only."""
    ...

def to_markdown(rows: list) -> str:
    """Rows, dicts with the same keys, as a Markdown table; numbers with four digits, None as –."""
    ...
DRAWS: tuple

class Noise(TorchFunctionMode):
    """Within it, what `DRAWS` return is kept, in `drawn`. With `given`, these tensors are returned instead, in order;
    raises `ValueError` where one is missing or unlike what is asked for."""
    drawn: list
    given: list | None

    def __init__(self, given: list | None=None):
        ...

    def __torch_function__(self, func, types, args=(), kwargs=None):
        ...

def start_again(system: System, weights: dict) -> None:
    """Puts `weights` and an Adam at zero in place, without moving a tensor, as a CUDA graph needs it."""
    ...

def update_once(system: System, batch: Batch, weights: dict, noise: list | None=None, graphed: bool=False) -> tuple:
    """One update of everything from `weights`, with this `noise` if given, as a CUDA graph if `graphed`. Returns
    metrics, Adam's first moments of each network (n,), and the noise it drew."""
    ...

def compare_devices(config: Config, reference: tuple=('cpu', 'float32'), other: tuple=('cpu', 'bfloat16'), graphed: bool=False, steps: int=300) -> dict:
    """One update of everything, without dropout, on two pairs (device, dtype) from the same weights, batch (of `steps`
    random steps) and noise; the second as a CUDA graph if `graphed`. Returns `metrics`, rows {metric, reference, other,
    difference (relative)}, `gradients`, a cosine for each network, and `draws`, how many draws there were."""
    ...

class Job(NamedTuple):
    """A run to be made, in `folder`, by `command`; its output goes to `log`."""
    config: Config
    folder: Path
    command: list
    name: Any
    log: Any

def name_run(config: Config) -> str:
    ...

def jobs_for(games: Iterable, seeds: Iterable, preset_name: str, folder: str | Path, overrides: list | tuple=(), device: str='auto', dtype: str | None=None) -> list:
    """A `Job` for each of `games` and `seeds`, in folders of their own below `folder`; `overrides` are texts
    'field=value'. Raises `ConfigError` for anything that twm_train would refuse."""
    ...

class Watch:
    """The lines of `metrics.jsonl` in the run folder `folder`, read as they come."""
    path: Any
    at: int
    lines: list

    def __init__(self, folder: str | Path):
        ...

    def read(self) -> list:
        """All whole lines so far; none where there is no such file."""
        ...
PHASES: dict

def measure_run(lines: list, config: Config, last: int=10) -> dict:
    """Where a run is by its log: phase, share of the work done, interactions, updates per second over the `last` lines
    of the present kind, the last score, and seconds left (None: not known)."""
    ...
HEADING: str

def write_line(name: str, s: dict) -> str:
    """A run's line of the table, for what `measure_run` says of it."""
    ...

class Board:
    """Shows a text that changes, and sentences besides, on `out` (stdout if None): a 'notebook', a 'terminal', or a
    'file', into which the text is written each so many seconds and at the end."""
    out: Any
    every: float
    drawn: Any
    shown: list
    handle: Any
    where: Any

    def __init__(self, out: TextIO | None=None, where: str | None=None, every: float=30.0):
        ...

    def write(self, text: str) -> None:
        ...

    def show(self, text: str, last: bool=False) -> None:
        """Shows `text` in the place of the one before."""
        ...

    def tell(self, sentence: str) -> None:
        """Says something that stays."""
        ...

    def redraw(self, lines: list) -> None:
        """Draws over the lines before, with as many `lines` as fit the terminal: it could not be drawn over otherwise."""
        ...

    def replace(self, content: dict) -> None:
        """Replaces the output of the cell."""
        ...

class SideBySide:
    """Runs `jobs`, at most `at_once` at a time, and stops all after `minutes` if given. `run` returns {name: state}:
    'finished', 'stopped', 'failed' or 'waiting' (never begun)."""
    jobs: list
    at_once: int
    minutes: Any
    grace: float
    board: Any
    states: dict
    watches: dict
    running: dict
    asked: Any
    interrupted: int
    began: Any

    def __init__(self, jobs: list, at_once: int=2, minutes: float=None, board: Board=None, grace: float=120.0):
        ...

    def start(self, job: Job) -> None:
        """Starts the process of a job."""
        ...

    def stop(self, reason: str) -> None:
        """Asks all that run to save and stop; the first time only."""
        ...

    def kill(self) -> None:
        """Ends all that still run."""
        ...

    def note_ended(self) -> None:
        """Looks which processes have ended, and how."""
        ...

    def table(self) -> str:
        """All runs as lines of 79 columns."""
        ...

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """The first signal asks the runs to stop, the second kills them."""
        ...

    def look_after(self) -> None:
        """Notes what has ended, stops what has to, and starts what may start."""
        ...

    def run(self, every: float=1.0) -> dict:
        """Runs all jobs; looks after them four times a second, and shows the table `every` so many seconds. Raises
    `Stopped` on SIGINT and the like, once all have stopped."""
        ...

def read_last_words(log: Path, begun: int=0) -> str:
    """The last line of a log from byte `begun` on that is no progress bar, shortened."""
    ...

@contextmanager
def told_to_stop(note: Callable) -> Iterator[None]:
    """Within, `note(signal number, frame)` is called on SIGINT, SIGTERM and SIGHUP, where they are not ignored (as by
    nohup), in the main thread; elsewhere nothing changes."""
    ...

def read_machines(folder: str | Path) -> list:
    """The starts noted in `folder`; an empty list where there are none. Raises `ConfigError`."""
    ...

def side_by_side(jobs: list, folder: str | Path, at_once: int=2, minutes: float | None=None, board: Board | None=None) -> dict:
    """Makes the runs `jobs` in `folder`, at most `at_once` at a time, for at most `minutes`; unfinished ones go on, and
    finished ones are left alone. Returns {name: 'finished', 'stopped', 'failed' or 'waiting'}. Raises `ConfigError`,
    before anything is started, for what cannot be run."""
    ...

def name_preset(config: Config) -> str:
    """'paper', or 'paper, horizon=10': the preset nearest to `config`, and what differs (not game, seed, or machine)."""
    ...

def list_runs(folder: str | Path) -> list:
    """The run folder `folder`, or all that are directly below it, by name. Raises `ConfigError` if there are none."""
    ...

def stages(folder: str | Path) -> list:
    """A row for each evaluation of the run in `folder`, finished or not, or of all runs directly below it: its `score`
    with the 95% bootstrap interval over its `episodes`, after how many `interactions`, emulator `frames`, `updates` and
    `seconds` (of computing), and under which circumstances. Raises `ConfigError` if there is no run."""
    ...

def read_table_2() -> dict:
    """Table 2 of the paper: `games` {game: {column: score}}, `twm_steps` {column: interactions}."""
    ...

def write_thousands(n: float, position: int | None=None) -> str:
    ...

def write_cell(rows: list, seeds: int) -> str:
    """Scores at a stage of a game as 'mean [low, high]'; says so if not all of the `seeds` are there."""
    ...

def beside_the_paper(rows: list) -> list:
    """Table 2 for the games of the `rows` of `stages`: rows {game, scores of, 5K, …, 100K}, the
    paper's above ours. Games that it does not have get no row of the paper; where no stage is one
    of the paper's, ours are added."""
    ...

def draw_scores(ax: Axes, game: str, rows: list) -> None:
    """Scores of the runs of one game with their intervals, and what the paper has of it."""
    ...

def score_figure(rows: list, columns: int=3) -> Figure:
    """Scores against interactions, one panel for each game in the `rows` of `stages`."""
    ...
LOSSES: dict

def measure_pixels(reconstruction: float, config: Config) -> float:
    """The root mean squared error of a pixel in [0, 1] that a reconstruction loss (eq. 3) means."""
    ...

def training_lines(run: str | Path) -> tuple:
    """The configuration of a run and the lines of its log that are of training."""
    ...

def loss_figure(run: str | Path) -> Figure:
    """The course of the losses and entropies of a run in training; the reconstruction as error per pixel."""
    ...

def learn_facts(run: str | Path, recent: int=5000, frames: int=500) -> dict:
    """Of a run's data: mean reward of the newest steps (half of those since the prefill, at most `recent`), variance of
    all rewards, share of ends, and error per pixel of the mean frame. Empty without a checkpoint."""
    ...

def average(lines: list) -> dict:
    """Means of the numbers in `lines`."""
    ...

def measure_entropy(p: float) -> float:
    ...

def read_line(line: dict, config: Config, facts: dict) -> dict:
    """{quantity: (value, what it is and what to compare it with)} by the table above, of a line of
    training (means of metrics); NaN where `facts` of the data are missing."""
    ...

def find_faults(e: dict, facts: dict) -> list:
    """Sentences about what looks wrong in the values `e` {quantity: value} of the end of training: what to look at next."""
    ...

class CheckUp(NamedTuple):
    """`rows` {quantity, start, end, meaning} of a run in training, and `findings`, sentences about what looks wrong."""
    rows: list
    findings: list

    def __repr__(self):
        ...

def write_score(row: dict) -> str:
    ...

def judge_score(rows: list, config: Config) -> list:
    """A sentence if, with half of the steps made, the last score of an Atari game does not stand out from chance."""
    ...

def check_up(run: str | Path) -> CheckUp:
    """What the losses of a run say, at the start and at the end of training so far (each the mean over 5% of it).
    Raises `ConfigError` if it is no run, or training has not begun."""
    ...

def sum_rewards(r: np.ndarray | torch.Tensor, terminated: np.ndarray | torch.Tensor, d: np.ndarray | torch.Tensor, horizon: int, discount: float) -> np.ndarray:
    """Discounted sums of rewards r (T,) from each step on, over `horizon` steps within its episode:
    (T,), NaN if unknown."""
    ...

def open_run(run: str | Path, device: torch.device | str='cpu') -> System:
    """The system of a run, in float32 and evaluation mode: that of its end, or, if it is not finished, of its newest
    checkpoint. Raises `ConfigError` if there is neither."""
    ...

def returns_beside(system: System, data: ReplayDataset, horizon: int=None, count: int=256, dreams: int=4) -> dict:
    """From up to `count` states of real `data` (of `play_real`, on the CPU): `real`, the discounted reward of the next
    `horizon` steps (the configuration's if None), `imagined`, the same in dreams, `to_the_end`, the real return to the
    end of the episode (or until its rest weighs less than 1%), and `value`, the critic's; (count,) each, NaN where
    unknown. Raises `ConfigError` if there are no such states."""
    ...
PAIRS: tuple

def returns_table(found: dict) -> list:
    """Means and correlations (NaN if one side does not vary) of what `returns_beside` found."""
    ...

def returns_figure(found: dict) -> Figure:
    """A point for each state: real returns across, imagined ones and values upwards."""
    ...

def look(system: System, data: ReplayDataset, length: int=12) -> dict:
    """Figures of a trained run with real `data` of `play_real`: {'continuation', 'dream', 'attention'}."""
    ...
FIELDS: dict

def write_csv(path: Path, rows: list) -> Path:
    """Writes rows (dicts with the same keys) as CSV, whole or not at all; floats so that they read back the same."""
    ...

def read_stages(path: str | Path) -> list:
    """The rows of a file in `scores/`. Raises `ConfigError` if it is damaged."""
    ...

def read_scores(folder: str | Path) -> list:
    """The rows of all files in the folder `scores` that `keep` writes to, if it is there. Raises `ConfigError`."""
    ...

def keep_stages(run: str | Path, to: str | Path) -> list:
    """Puts the `stages` of a run into its game's file in `to`/scores, in place of those of the same seed. Raises
    `ConfigError` for runs of different settings, which must not be taken for seeds of one another, and for a run that
    has not come to all stages that are kept of its seed: two runs must not be mixed, nor the longer one lost."""
    ...

def keep_curves(run: str | Path, to: str | Path, most: int=200) -> list:
    """Writes the losses of a run in training, means over neighbouring lines, `most` of them, to `to`/curves."""
    ...

def keep(folder: str | Path, to: str | Path, weights: bool=False, pictures: str | Path | None=None) -> list:
    """Keeps what is worth it of the run in `folder`, or of all runs directly below it: `to`/scores/GAME.csv and
    `to`/curves/GAME-seedN.csv; with `weights` also the weights of finished runs, in eight bits, in
    `to`/weights/GAME-seedN; and figures of each game's first seed in the folder `pictures`. Returns the paths. Raises
    `ConfigError`."""
    ...

def conclude(jobs: list, states: dict) -> int:
    """Prints the last score of each run, and what is left to do. Returns the exit code: 0 if all is
    finished, 3 if a run has failed, 4 if some are not finished."""
    ...

def train_side_by_side(games: str, preset_name: str, run: str | Path, seed: int, seeds: int, parallel: int, minutes: float | None, device: str, dtype: str | None, to: str | Path | None, overrides: list) -> None:
    """What `twm_atari` does; scores and curves are kept in the folder `to`. Raises `ConfigError` for bad
    input; runs that are left or have failed end the process with their exit code."""
    ...
