# Made from run_folder.py by scripts/make_stubs.py.
"""What a run leaves behind, and what may happen to it: the log, the progress bar, and the law of the folder."""
from typing import Any
from collections.abc import Callable, Collection
from collections import Counter
from pathlib import Path
import torch
from .config import RunConfig
from .system import Done
__all__ = ['RUN_FILES', 'RunLog', 'read_metrics', 'is_sound', 'Progress', 'status', 'claim', 'prepare_folder', 'clear', 'remove', 'file_name', 'run_folders']

class RunLog:
    """Writes `metrics.jsonl` and TensorBoard files in `folder`: `add` collects tensors without
    fetching them, `write` fetches their means and calls `on_line` with the line. `tags` {metric:
    tag} go to TensorBoard. With the `state` of an earlier one it goes on from there."""
    sums: dict
    counts: Counter
    began: Any
    tags: Any
    on_line: Callable
    before: tuple
    paused: float
    file: Any
    board: Any

    def __init__(self, folder: Path, tags: dict, state: dict | None=None, device: torch.device | str='cpu', on_line: Callable=lambda line: None):
        ...

    def close(self) -> None:
        """Closes its files; what a full disk has no room for is lost."""
        ...

    def add(self, phase: str, metrics: dict) -> None:
        """Adds the metrics of one update of a kind, the `phase`: tensors of one element."""
        ...

    def means(self, phase: str) -> dict:
        """Means since the last line of a `phase`, in one transfer. Raises `NumbersError`."""
        ...

    def write(self, phase: str, step: int, **numbers) -> dict:
        """Writes and returns a line: `numbers`, and the means of what was added for this `phase`.
    Raises `NumbersError` if one of these is NaN or infinite, and writes nothing."""
        ...

    def draw(self, line: dict) -> None:
        """Adds the numbers that `tags` names, and rates, to TensorBoard, at the run's own time."""
        ...

    def rates(self, line: dict) -> dict:
        """Updates, and rates since the line of the same kind before; evaluations take no time here."""
        ...

    def draw_config(self, config: RunConfig) -> None:
        """Tells TensorBoard the fields of `config`, by which runs can be compared, and their scores."""
        ...

    def state(self) -> dict:
        """What an interrupted log goes on from. All lines are on the disk when this returns."""
        ...

    def go_on(self, path: Path, state: dict, device: torch.device | str) -> None:
        """Takes over a `state`, and cuts off what `path` holds beyond it."""
        ...

def read_metrics(folder: str | Path) -> list[dict]:
    """The lines of a run's `metrics.jsonl`, but those that cannot be read."""
    ...

def is_sound(line: bytes) -> bool:
    """Is it a line as `RunLog.write` writes them: a phase, words about a machine, and numbers?"""
    ...
FORM: str

def bar_options():
    """How tqdm draws: a bar where someone can watch it, else a line at the end of each minute."""
    ...

class Progress:
    """One bar for a run: work, rates, time left, last score. `done` is what earlier processes did."""
    plan: dict
    kind: Any
    score: Any
    form: Any
    before: Any
    bar: Any
    began: Any
    counts: Counter

    def __init__(self, label: str, plan: dict, show: bool=True, done: Done | None=None):
        ...

    def advance(self, what: str) -> None:
        """Notes an interaction or an update. Rates are per second since the first of that kind."""
        ...

    def show(self, phase: str='') -> None:
        """Refreshes the rates, and the last score."""
        ...

    def close(self) -> None:
        ...
RUN_FILES: tuple
WITHIN: dict
OWN: Any

def is_own(name):
    """Does a run write `name` in its folder? Also where a crash has left it as `x.new-123`."""
    ...

def check_output(path):
    """Raises `ConfigError` if the file `path` belongs to a run, whose place no result may take."""
    ...

def inside(folder):
    """{name: path} of all in `folder` and in those folders that a run writes; follows no link."""
    ...

def unfit(folder, error):
    ...

def check_contents(folder, overwrite):
    """Raises `ConfigError` if `folder` is a file, or holds something that a run did not write.
    Beside a run to go on with that may lie; for a new one, and to `overwrite`, it may not."""
    ...

def status(folder: Path, config: RunConfig, overwrite: bool=False) -> str:
    """What `folder` is for a run of `config`: 'new' (also to `overwrite`), 'unfinished',
    'finished', or 'finished, to be extended'. Raises `ConfigError` if it is for another one."""
    ...

def had_checkpoints(folder):
    """Does the history of the run in `folder` say that it has written a checkpoint? (Frames alone
    say nothing: they are there before the first checkpoint is whole.)"""
    ...

def claim(folder: Path, config: RunConfig, overwrite: bool) -> bool:
    """Is there something to do for a run of `config` in `folder`, or is that very run finished?
    Raises `ConfigError` if the folder is for another one or in use. Changes nothing."""
    ...

def prepare_folder(folder: Path) -> None:
    """Makes the folder of a run. Raises `ConfigError` where that is impossible."""
    ...

def clear(folder: Path, but: Collection[str]=()) -> None:
    """Removes what a run has written in `folder`, except the names `but`; other files stay."""
    ...

def remove(path: Path) -> None:
    """Removes a file, or a folder if nothing is left in it."""
    ...

def file_name(game: str) -> str:
    """The name of a game without the characters that a file name cannot have."""
    ...

def run_folders(folder: str | Path, runs: Collection) -> dict:
    """{(game, seed): folder} of `runs`: `folder` itself for a single one, else one each within."""
    ...
