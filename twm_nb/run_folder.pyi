# Made from run_folder.py by scripts/make_stubs.py.
"""What a run leaves behind, and what may happen to it: the log, the progress bar, and the law of the folder."""
from typing import Any
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
import torch
from .config import RunConfig
from .system import Done
__all__ = ['SCORE', 'RUN_FILES', 'RunLog', 'is_sound', 'numbered', 'read_metrics', 'Lines', 'bar_options', 'Progress', 'left_over', 'check_contents', 'status', 'had_checkpoints', 'claim', 'prepare_folder', 'remove', 'clear', 'run_folders', 'file_name']

class RunLog:
    """Writes `metrics.jsonl` and TensorBoard files in `folder`; `add` collects tensors without
    fetching them, `write` fetches their means and calls `on_line` with the line. `tags` {metric:
    tag} go to TensorBoard. With the `state` of an earlier one it goes on from there; see below."""
    sums: dict
    counts: dict
    began: Any
    on_line: Callable
    tags: Any
    before: Any
    paused: float
    file: Any
    board: Any

    def __init__(self, folder: Path, tags: dict, state: dict | None=None, device: torch.device | str='cpu', on_line: Callable=lambda line: None):
        ...

    def add(self, phase: str, metrics: dict) -> None:
        """Adds the metrics of one update of a kind, the `phase`: tensors of one element."""
        ...

    def close(self) -> None:
        """Closes its files; what a full disk has no room for is lost."""
        ...

    def means(self, phase: str) -> dict:
        """The mean of each metric of a `phase` since its last line; one transfer from the device.
    Raises `NumbersError`."""
        ...

    def write(self, phase: str, step: int, **numbers) -> dict:
        """Writes one line: `numbers`, and the means of what was added for this `phase`. Returns it.
    Raises `NumbersError` if one of them is NaN or infinite, and writes nothing."""
        ...

    def seconds(self) -> float:
        """How long the run has computed, interruptions not counted."""
        ...

    def draw(self, line: dict) -> None:
        """Adds the numbers that `tags` names, and rates, to TensorBoard: over interactions, and at the
    run's own time."""
        ...

    def rates(self, line: dict) -> dict:
        """The updates made, and rates since the line of the same kind before; evaluations take no time
    here."""
        ...

    def draw_config(self, config: RunConfig) -> None:
        """Tells TensorBoard the fields of `config`, so that runs can be compared by them and by their
    scores."""
        ...

    def state(self) -> dict:
        """What an interrupted log goes on from. All lines are on the disk when this returns."""
        ...

    def go_on(self, path: Path, state: dict, device: torch.device | str) -> None:
        """Takes over a `state`, and cuts off what `path` holds beyond it."""
        ...
SCORE: str

def is_sound(line: bytes) -> bool:
    """Is it a line as `RunLog.write` writes them?"""
    ...

def numbered(what: str, numbers: list) -> str:
    """`'lines 3, 4'`; the first five, and how many more."""
    ...

def read_metrics(folder: str | Path) -> list[dict]:
    """The lines of a run's `metrics.jsonl`."""
    ...

class Lines:
    """A stderr for tqdm that makes a line of each drawing of a bar."""

    def write(self, text: str) -> None:
        ...

    def flush(self) -> None:
        ...

def bar_options() -> dict:
    """How tqdm draws: a bar where someone can watch it, else a line each minute, and none in the
    first one."""
    ...

class Progress:
    """One bar for a run: work done, rates, time left (once a little is done), last score. `plan` is
    the system's."""
    plan: dict
    form: Any
    bar: Any
    began: Any
    interactions: int
    updates: int
    score: Any
    kind: Any
    before: int

    def __init__(self, label: str, plan: dict, show: bool=True):
        ...

    def catch_up(self, done: Done) -> None:
        """Moves the bar to where a run goes on."""
        ...

    def advance(self, what: str) -> None:
        """Notes an interaction or an update. Rates are per second since the first update of that
        kind."""
        ...

    def show(self, phase: str='') -> None:
        """Refreshes the rates, and the last score."""
        ...

    def close(self) -> None:
        ...
RUN_FILES: tuple

def left_over(name: str) -> str:
    """`x` for `x.new-123`, what a crash leaves of writing x; other names as they are."""
    ...

def check_contents(folder: Path, overwrite: bool=False) -> None:
    """Raises `ConfigError` if `folder` is a file, or holds something that a run did not write.
    Beside a run to go on with that may lie; for a new one, and to `overwrite`, it may not."""
    ...

def status(folder: Path, config: RunConfig) -> str:
    """What `folder` is for a run of `config`: 'new', 'unfinished', 'finished', or 'finished, to be
    extended'. Raises `ConfigError` if it is for another one."""
    ...

def had_checkpoints(folder: Path) -> bool:
    """Does the history of the run in `folder` say that it has written a checkpoint? (Frames alone
    say nothing: they are there before the first checkpoint is whole.)"""
    ...

def claim(folder: Path, config: RunConfig, overwrite: bool) -> bool:
    """Is there something to do for a run of `config` in `folder`? False if that very run is already
    finished there. Raises `ConfigError` if the folder is for another one or in use. Changes
    nothing."""
    ...

def prepare_folder(folder: Path) -> None:
    """Makes the folder of a run. Raises `ConfigError` where that is impossible."""
    ...

def remove(path: Path) -> None:
    """Removes a file or a folder."""
    ...

def clear(folder: Path, but: Collection[str]=()) -> None:
    """Removes what a run has written in `folder`, except the names `but`. Interrupted, it leaves
    what looks neither finished nor like no run at all."""
    ...

def run_folders(folder: str | Path, games: Sequence[str], seeds: Sequence[int]) -> dict:
    """{(game, seed): folder}: `folder` itself for a single run, else one folder each within."""
    ...

def file_name(game: str) -> str:
    """The name of a game without the characters that a file name cannot have."""
    ...
