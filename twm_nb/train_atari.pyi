# Made from train_atari.py by scripts/make_stubs.py.
"""From nothing to agents that are trained, evaluated and looked at: several runs side by side, what `twm_atari` does, what to look at when a run does not learn, and what is kept of it."""
from typing import Any
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
import numpy as np
from torch.overrides import TorchFunctionMode
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import WorldModel
from .actor_critic import ActorCritic
__all__ = ['DRAWS', 'PHASE_NAMES', 'KINDS', 'HEADING', 'LOSSES', 'LINE', 'PAIRS', 'STAGE_FIELDS', 'cores', 'machine', 'markdown', 'Noise', 'few_steps', 'all_optimisers', 'start_again', 'first_moments', 'one_update', 'relative', 'compare_devices', 'Job', 'jobs_for', 'to_do', 'Watch', 'work_done', 'pace', 'standing', 'clock', 'table_line', 'surroundings', 'Board', 'SideBySide', 'last_words', 'told_to_stop', 'note_machine', 'read_machines', 'side_by_side', 'preset_name', 'sound_metrics', 'stages', 'all_stages', 'table_2', 'thousands', 'cell', 'beside_the_paper', 'draw_scores', 'score_figure', 'loss_figure', 'pixel_error', 'binary_entropy', 'newest_checkpoint', 'data_facts', 'averaged', 'readings', 'meanings', 'findings', 'model_findings', 'policy_findings', 'CheckUp', 'score_finding', 'check_up', 'real_returns', 'models_of', 'imagined_returns', 'returns_beside', 'correlation', 'returns_table', 'returns_figure', 'stretch', 'look', 'write_csv', 'read_stages', 'read_scores', 'keep_stages', 'thinned', 'keep_curves', 'keep', 'keep_pictures', 'announce', 'conclusion', 'state_code', 'train_side_by_side']

def cores() -> int:
    """The processor cores that this process may use."""
    ...

def machine(device='cpu') -> dict:
    """What a reader of results has to know about this machine: device, its memory (GiB, GPUs only), versions, cores."""
    ...

def markdown(rows: list) -> str:
    """Rows, dicts with the same keys, as a Markdown table; numbers with four digits, None as –."""
    ...
DRAWS: tuple

class Noise(TorchFunctionMode):
    """Within it, what `DRAWS` return is kept, in `drawn`. With `given`, these tensors are returned instead, in order;
    raises `ValueError` where one does not have the shape, type or device asked for, or there are no more."""
    drawn: list
    given: Any

    def __init__(self, given=None):
        ...

    def __torch_function__(self, func, types, args=(), kwargs=None):
        ...

def few_steps(config: Config, n: int) -> tuple[ReplayDataset, int]:
    """`n` steps of a uniformly random policy in the game of `config`, on the CPU; and how many actions the game has."""
    ...

def all_optimisers(models) -> dict:
    """The four optimisers of a world model and an actor-critic."""
    ...

def start_again(models, weights: dict) -> None:
    """Puts `weights` back and sets the state of Adam to zero, all in place, as a CUDA graph needs it."""
    ...

def first_moments(models) -> dict:
    """Adam's first moments of each network as one vector on the CPU."""
    ...

def one_update(config: Config, actions: int, device, batch: Batch, weights=None, noise=None, graphed=False):
    """One update of everything on `device`. Returns metrics, first moments, the weights it began with, and the noise it
    drew. `weights` and `noise` are those to use; with `graphed` the update is a CUDA graph."""
    ...

def relative(a: float, b: float) -> float:
    """|a − b| as a share of the greater of the two; 0 where both are 0."""
    ...

def compare_devices(config: Config, reference=('cpu', 'float32'), other=('cpu', 'bfloat16'), graphed: bool=False, steps: int=300) -> dict:
    """One update of everything in `config`, without dropout, on two pairs (device, dtype) from the same weights and
    batch (of `steps` random steps of the game) with the same noise; the second as a CUDA graph if `graphed`. Returns
    `metrics`, rows {metric, reference, other, difference (relative)}, `gradients`, the cosine of the gradients of each
    network, and `draws`, how many tensors of noise the two shared."""
    ...

@dataclass
class Job:
    """A run to be made, in `folder`, by `command`; its output goes to `log`."""
    config: Config
    folder: Path
    command: list
    name: Any
    log: Any

def jobs_for(games, seeds, preset_name: str, folder, overrides=(), device: str='auto', dtype: str=None) -> list:
    """A `Job` for each of `games` and `seeds`, in folders of their own below `folder`; `overrides` are texts
    'field=value'. Raises `ConfigError` for anything that twm_train would refuse."""
    ...

def to_do(jobs: list, folder, at_once: int, minutes) -> list:
    """The jobs that are not finished yet, after a look at everything that can be looked at before the first one begins.
    Raises `ConfigError`; changes nothing."""
    ...

class Watch:
    """The lines of `metrics.jsonl` in the run folder `folder`, read as they come."""
    path: Any
    at: int
    lines: list

    def __init__(self, folder):
        ...

    def read(self) -> list:
        """All whole lines so far."""
        ...
PHASE_NAMES: dict
KINDS: dict

def work_done(lines: list, config: Config) -> tuple[float, float]:
    """Work that the updates in `lines` have been, and that of the whole run, in the units of `twm_nb.trainer.work`."""
    ...

def pace(lines: list, config: Config, last: int=10) -> tuple:
    """Updates and work per second over the `last` lines of the present kind; None and None before there are two."""
    ...

def standing(lines: list, config: Config) -> dict:
    """Where a run is by its log: phase, share of the work done, interactions, updates per second, the last score, and
    seconds left (None: not known)."""
    ...

def clock(seconds) -> str:
    """Seconds as h:mm:ss."""
    ...
HEADING: str

def table_line(name: str, s: dict) -> str:
    """A run's line of the table, for what `standing` says of it."""
    ...

def surroundings(out) -> str:
    """'notebook', 'end' (a notebook that nobody watches), 'terminal' or 'file'."""
    ...

class Board:
    """Shows a text that changes, and sentences besides, on `out` (stdout if None)."""
    out: Any
    where: Any
    every: float
    shown: str
    handle: Any
    drawn: Any

    def __init__(self, out=None, where: str=None, every: float=30.0):
        ...

    def write(self, text: str) -> None:
        ...

    def show(self, text: str, last: bool=False) -> None:
        """Shows `text` in the place of the one before."""
        ...

    def tell(self, sentence: str) -> None:
        """Says something that stays."""
        ...

    def erase(self) -> None:
        """Takes the last table off the terminal."""
        ...

    def fitting(self, text: str) -> list:
        """The lines of `text` that fit the terminal, which cannot be drawn over otherwise."""
        ...

    def redraw(self, text: str) -> None:
        """Draws `text` over the one before."""
        ...

    def replace(self, text: str) -> None:
        """Replaces the output of the cell."""
        ...

class SideBySide:
    """Runs `jobs`, at most `at_once` at a time, and stops all after `minutes` if given. `run` returns {name: state}:
    'finished', 'stopped', 'failed' or 'waiting' (never begun)."""
    jobs: list
    at_once: int
    minutes: float
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

    def interrupt(self, number: int) -> None:
        """The first signal asks the runs to stop, the second kills them."""
        ...

    def run(self, every: float=1.0) -> dict:
        """Runs all jobs; looks after them four times a second, and shows the table `every` so many seconds. Raises
    `Stopped` on SIGINT and the like, once all have stopped."""
        ...

    def look_after(self) -> None:
        """Notes what has ended, starts what may start, and stops what has to."""
        ...

def last_words(log: Path, begun: int=0) -> str:
    """The last line of a log from byte `begun` on that is no progress bar, shortened."""
    ...

@contextmanager
def told_to_stop(note):
    """Within, `note(signal number)` is called on SIGINT, SIGTERM and SIGHUP, where they are not ignored (as by nohup),
    in the main thread; elsewhere nothing changes."""
    ...

def note_machine(folder: Path, device, at_once: int) -> None:
    """Adds this start to `machine.json` in `folder`."""
    ...

def read_machines(folder) -> list:
    """What `note_machine` wrote; an empty list where there is nothing. Raises `ConfigError`."""
    ...

def side_by_side(jobs: list, folder, at_once: int=2, minutes: float=None, board: Board=None) -> dict:
    """Makes the runs `jobs` in `folder`, at most `at_once` at a time, for at most `minutes`; unfinished ones go on, and
    finished ones are left alone. Returns {name: 'finished', 'stopped', 'failed' or 'waiting'}. Raises `ConfigError`,
    before anything is started, for what cannot be run."""
    ...

def preset_name(config: Config) -> str:
    """'paper', or 'paper, horizon=10': the preset nearest to `config`, and what differs (not game, seed, or machine)."""
    ...

def sound_metrics(run) -> list:
    """The lines of a run's `metrics.jsonl` that are whole; none if there is no such file."""
    ...

def stages(run) -> list:
    """A row for each evaluation of the run in the folder `run`, finished or not: its `score` with the 95% bootstrap
    interval over its `episodes`, after how many `interactions`, emulator `frames`, `updates` and `seconds` (of
    computing), and under which circumstances. Raises `ConfigError` if it is no run."""
    ...

def all_stages(folder) -> list:
    """`stages` of the run in `folder`, or of all runs in folders directly below it, by name."""
    ...

def table_2() -> dict:
    """Table 2 of the paper: `games` {game: {column: score}}, `twm_steps` {column: interactions}, `source`."""
    ...

def thousands(n: int) -> str:
    """5000 → '5K', 1750 → '1.75K'."""
    ...

def cell(rows: list, seeds: int) -> str:
    """Scores at one stage of one game as 'mean [low, high]'; says so if not all of the `seeds` are there."""
    ...

def beside_the_paper(rows: list) -> list:
    """Table 2 for the games of the `rows` of `stages`: rows {game, scores of, 5K, …, 100K}, the paper's above ours.
    Games that it does not have get no row of the paper; where no stage is one of the paper's, ours are added."""
    ...

def draw_scores(ax, game: str, rows: list) -> None:
    """Scores of the runs of one game with their intervals, and what the paper has of it."""
    ...

def score_figure(rows: list, columns: int=3):
    """Scores against interactions, one panel for each game in the `rows` of `stages`."""
    ...
LOSSES: dict

def loss_figure(run):
    """The course of the losses and entropies of a run in training; the reconstruction as error per pixel."""
    ...

def pixel_error(reconstruction: float, config: Config) -> float:
    """The root mean squared error of a pixel in [0, 1] that a reconstruction loss (eq. 3) means."""
    ...
LINE: Any

def binary_entropy(p: float) -> float:
    """Entropy of a coin in nats."""
    ...

def newest_checkpoint(run):
    """The newest whole checkpoint of a run as `Loaded`, or None."""
    ...

def data_facts(run, recent: int=5000, frames: int=500) -> dict:
    """Of the dataset of a run: mean reward of the newest steps (half of those since the prefill, at most `recent`),
    variance of all rewards, share of steps that end an episode, and the error per pixel of the mean frame. Empty
    without a checkpoint."""
    ...

def averaged(lines: list) -> dict:
    """Means of the numbers in `lines`."""
    ...

def readings(line: dict, config: Config, facts: dict) -> dict:
    """What a line of training (means of metrics) means, by the table above; NaN where `facts` of the data are missing."""
    ...

def meanings(config: Config, facts: dict) -> dict:
    """What each of the `readings` is, and what to compare it with."""
    ...

def findings(end: dict, facts: dict) -> list:
    """Sentences about what looks wrong in the `readings` of the end of training, each with what to look at next."""
    ...

def model_findings(end: dict, facts: dict) -> list:
    """Those about the world model."""
    ...

def policy_findings(end: dict, facts: dict) -> list:
    """Those about the policy and what it is trained on."""
    ...

@dataclass
class CheckUp:
    """`rows` {quantity, start, end, meaning} of a run in training, and `findings`, sentences about what looks wrong."""
    rows: list
    findings: list

    def __repr__(self):
        ...

def score_finding(rows: list, config: Config) -> list:
    """A sentence if, with half of the steps made, the last score of an Atari game does not stand out from chance."""
    ...

def check_up(run) -> CheckUp:
    """What the losses of a run say, at the start and at the end of training so far (each the mean over 5% of it).
    Raises `ConfigError` if it is no run, or training has not begun."""
    ...

def real_returns(r, terminated, d, horizon: int, discount: float) -> np.ndarray:
    """Discounted sums of rewards r (T,) from each step on, over `horizon` steps within its episode: (T,), NaN if
    unknown."""
    ...

def models_of(run, device='cpu') -> tuple[WorldModel, ActorCritic]:
    """World model and actor-critic of a run, in float32 and evaluation mode: those of its end, or, if it is not
    finished, of its newest checkpoint. Raises `ConfigError` if there is neither."""
    ...

def imagined_returns(models, data: ReplayDataset, entries, horizon: int, dreams: int=4) -> tuple:
    """Discounted imagined returns of `horizon` steps from `entries` (M,) of `data`, means over `dreams`, and values;
    (M,) each."""
    ...

def returns_beside(models, data: ReplayDataset, horizon: int=None, count: int=256, dreams: int=4) -> dict:
    """From up to `count` states of real `data` (of `play_real`, on the CPU): `real`, the discounted reward of the next
    `horizon` steps (the configuration's if None), `imagined`, the same in dreams, `to_the_end`, the real return to the
    end of the episode (or until its rest weighs less than 1%), and `value`, the critic's; (count,) each, NaN where
    unknown. Raises `ConfigError` if there are no such states."""
    ...
PAIRS: tuple

def correlation(x, y) -> float:
    """Pearson's correlation of the pairs of which both are known; NaN if one side does not vary."""
    ...

def returns_table(found: dict) -> list:
    """Means and correlations of what `returns_beside` found."""
    ...

def returns_figure(found: dict):
    """A point for each state: real returns across, imagined ones and values upwards."""
    ...

def stretch(data: ReplayDataset, length: int) -> tuple[int, int]:
    """First entry and number of steps, at most `length`, of a stretch within one episode: a long one with many rewards."""
    ...

def look(models, data: ReplayDataset, length: int=12) -> dict:
    """Figures of a trained run with real `data` of `play_real`: {'continuation', 'dream', 'attention'}."""
    ...
STAGE_FIELDS: dict

def write_csv(path: Path, rows: list) -> Path:
    """Writes rows (dicts with the same keys) as CSV, whole or not at all; floats so that they read back the same."""
    ...

def read_stages(path) -> list:
    """The rows of a file in `scores/`. Raises `ConfigError` if it is damaged."""
    ...

def read_scores(folder) -> list:
    """The rows of all files in the folder `scores` that `keep` writes to; none if there is no such folder. Raises
    `ConfigError`."""
    ...

def keep_stages(run, to) -> Path | None:
    """Puts the `stages` of a run into its game's file in `to`/scores, in place of those of the same seed. Raises
    `ConfigError` for runs of different settings, which must not be taken for seeds of one another, and for a run that
    has not come to all stages that are kept of its seed: two runs must not be mixed, nor the longer one lost."""
    ...

def thinned(lines: list, most: int=200) -> list:
    """Means over neighbouring `lines`, at most `most` of them."""
    ...

def keep_curves(run, to) -> Path | None:
    """Writes the losses of a run in training, `thinned`, to `to`/curves."""
    ...

def keep(folder, to, weights: bool=False, pictures=None) -> list:
    """Keeps what is worth it of the run in `folder`, or of all runs directly below it: `to`/scores/GAME.csv and
    `to`/curves/GAME-seedN.csv; with `weights` also the weights of finished runs, in eight bits, in
    `to`/weights/GAME-seedN; and figures of each game's first seed in the folder `pictures`. Returns the paths. Raises
    `ConfigError`."""
    ...

def keep_pictures(run, folder, steps: int=1000) -> list:
    """Writes the figures of `look` at a finished run into `folder`."""
    ...

def announce(jobs: list, at_once: int) -> None:
    """Says what is going to be run, and if that is unwise."""
    ...

def conclusion(jobs: list, states: dict) -> None:
    """The last score of each run, and what is left to do."""
    ...

def state_code(states: dict) -> int:
    """The exit code: 0 if all is finished, 3 if a run has failed, 4 if some are not finished."""
    ...

def train_side_by_side(games: str, preset_name: str, run, seed: int, seeds: int, parallel: int, minutes, device: str, dtype, to, overrides: list) -> None:
    """What `twm_atari` does; scores and curves are kept in the folder `to`. Raises `ConfigError` for bad
    input; runs that are left or have failed end the process with their exit code."""
    ...
