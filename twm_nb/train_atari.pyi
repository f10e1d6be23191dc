# Made from train_atari.py by scripts/make_stubs.py.
"""From nothing to agents that are trained, evaluated and looked at: several runs side by side, what `twm_atari` does, what to look at when a run does not learn, and what is kept of it."""
from typing import Any
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from .config import Config
__all__ = ['stages', 'beside_the_paper', 'write_text', 'read_scores', 'keep', 'train_side_by_side']
CORES: Any

def describe_machine(device):
    """What a reader of results has to know about this machine; the memory in GiB, of GPUs only."""
    ...

class Job(NamedTuple):
    """A run to be made, in `folder`, by `command`; its output goes to `log`."""
    config: Config
    folder: Path
    command: list
    name: Any
    log: Any

def name_run(config):
    ...

def jobs_for(games, seeds, preset_name, folder, overrides=(), device='auto', dtype=None):
    """A `Job` for each of `games` and `seeds`, in folders of their own below `folder`; `overrides`
    are texts 'field=value'. Raises `ConfigError` for anything that twm_train would refuse."""
    ...

class Watch:
    """The lines of `metrics.jsonl` in the run folder `folder`, read as they come."""
    path: Any
    at: int
    lines: list

    def __init__(self, folder):
        ...

    def read(self):
        """All whole lines so far; none where there is no such file."""
        ...
PHASES: dict

def measure_run(lines, config, last=10):
    """Where a run is by its log: phase, share of the work done, interactions, updates per second
    over the `last` lines of the present kind, last score, and seconds left (None: not known)."""
    ...
HEADING: str

def can_draw(text='█·…'):
    """Has the encoding of stdout the characters of a bar?"""
    ...

def write_line(name, s):
    """A run's line of the table, for what `measure_run` says of it."""
    ...

class Board:
    """Shows a text that changes, and sentences besides, on `out` (stdout if None): a 'notebook', a
    'terminal', or a 'file', into which the text is written each so many seconds and at the end."""
    out: Any
    every: Any
    drawn: Any
    shown: list
    handle: Any
    where: Any

    def __init__(self, out=None, where=None, every=30.0):
        ...

    def write(self, text):
        ...

    def show(self, text, last=False):
        """Shows `text` in the place of the one before."""
        ...

    def tell(self, sentence):
        """Says something that stays."""
        ...

    def redraw(self, lines):
        """Draws over the lines before; those that do not fit the terminal could not be drawn over."""
        ...

    def replace(self, content):
        """Replaces the output of the cell."""
        ...

class SideBySide:
    """Runs `jobs`, at most `at_once` at a time, and stops all after `minutes` if given."""
    jobs: Any
    at_once: Any
    grace: Any
    minutes: Any
    board: Any
    states: dict
    watches: dict
    running: dict
    asked: Any
    interrupted: int
    began: Any

    def __init__(self, jobs, at_once=2, minutes=None, board=None, grace=120.0):
        ...

    def start(self, job):
        """Starts the process of a job."""
        ...

    def stop(self, reason):
        """Asks all that run to save and stop; the first time only."""
        ...

    def kill(self):
        """Ends all that still run."""
        ...

    def note_ended(self):
        """Looks which processes have ended, and how."""
        ...

    def table(self):
        """All runs as lines of 79 columns."""
        ...

    def interrupt(self, number, frame):
        """The first signal asks the runs to stop, the second kills them."""
        ...

    def look_after(self):
        """Notes what has ended, stops what has to, and starts what may start."""
        ...

    def run(self, every=1.0):
        """Runs all jobs, showing the table `every` so many seconds. Returns {name: 'finished',
    'stopped', 'failed' or 'waiting'}. Raises `Stopped` after SIGINT and the like."""
        ...

def read_last_words(log, begun=0):
    """The last line of a log from byte `begun` on that is no progress bar, shortened."""
    ...

@contextmanager
def told_to_stop(note):
    """Within, `note(signal number, frame)` is called on SIGINT, SIGTERM and SIGHUP, where they are
    not ignored (as by nohup), in the main thread; elsewhere nothing changes."""
    ...

def read_machines(folder):
    """The starts noted in `folder`; an empty list where there are none. Raises `ConfigError`."""
    ...

def side_by_side(jobs, folder, at_once=2, minutes=None, board=None):
    """Makes the runs `jobs` in `folder`, at most `at_once` at a time, for at most `minutes`, and
    returns their states as `SideBySide.run` does; unfinished ones go on, finished ones are left
    alone. Raises `ConfigError`, before anything is started, for what cannot be run."""
    ...

def name_preset(config):
    """'paper', or 'paper, horizon=10': the nearest preset, and what differs of method and task."""
    ...

def list_runs(folder):
    """The run folder `folder`, or all directly below it. Raises `ConfigError` if there are none."""
    ...

def stages(folder: str | Path) -> list:
    """A row for each evaluation of the run in `folder`, finished or not, or of all runs directly
    below it: its `score` with the 95% bootstrap interval over its `episodes`, after how many
    `interactions`, emulator `frames`, `updates` and `seconds` (of computing), and under which
    circumstances. Raises `ConfigError` if there is no run."""
    ...

def read_table_2():
    """Table 2 of the paper: `games` {game: {column: score}}, `twm_steps` {column: interactions}."""
    ...

def write_thousands(n, position=None):
    ...

def write_score(row):
    ...

def write_cell(rows, seeds):
    """Scores at a stage as 'mean [low, high]'; says so if not all of the `seeds` are there."""
    ...

def beside_the_paper(rows: list) -> list:
    """Table 2 for the games of the `rows` of `stages`: rows {game, scores of, 5K, …, 100K}, the
    paper's above ours. Games that it does not have get no row of the paper; where no stage is one
    of the paper's, ours are added."""
    ...

def training_lines(run):
    """The configuration of a run and the lines of its log that are of training."""
    ...

def average(lines):
    """Means of the numbers in `lines`."""
    ...

def write_text(path: Path, text: str) -> Path:
    """Writes a text whole or not at all, and makes its folder; line ends are the same everywhere."""
    ...
FIELDS: dict

def write_csv(path, rows):
    """Writes rows (dicts with the same keys) as CSV; floats so that they read back the same."""
    ...

def read_stages(path):
    """The rows of a file in `scores/`. Raises `ConfigError` if it is damaged."""
    ...

def read_scores(folder: str | Path) -> list:
    """The rows of all files that `keep` wrote to the folder `scores`. Raises `ConfigError`."""
    ...

def keep_stages(run, to):
    """Puts the `stages` of a run into its game's file in `to`/scores, in place of those of the same
    seed. Raises `ConfigError` for runs of different settings, which must not be taken for seeds of
    one another, and for a run that has not come to all stages that are kept of its seed: two runs
    must not be mixed, nor the longer one lost."""
    ...

def keep_curves(run, to, most=200):
    """Writes the losses of a run in training, `most` means over neighbouring lines, to `to`/curves."""
    ...

def keep(folder: str | Path, to: str | Path, weights: bool=False) -> list:
    """Keeps what is worth it of the run in `folder`, or of all runs directly below it:
    `to`/scores/GAME.csv and `to`/curves/GAME-seedN.csv; with `weights` also the weights of finished
    runs, in eight bits, in `to`/weights/GAME-seedN. Returns the paths. Raises `ConfigError`."""
    ...

def conclude(jobs, states):
    """Prints last scores and what is left. Returns 0, 3 if a run has failed, 4 if some are left."""
    ...

def train_side_by_side(games: str, preset_name: str, run: str | Path, seed: int, seeds: int, parallel: int, minutes: float | None, device: str, dtype: str | None, to: str | Path | None, overrides: list) -> None:
    """What `twm_atari` does; scores and curves are kept in the folder `to`. Raises `ConfigError`
    for bad input; runs that are left or have failed end the process with their exit code."""
    ...
