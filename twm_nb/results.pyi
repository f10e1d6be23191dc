# Made from results.py by scripts/make_stubs.py.
"""Tables 1 and 2 and Figures 3 and 4 with our own runs beside the published ones; every figure and table of the paper that can be made, written to files, and an index of all."""
from typing import Any
from collections.abc import Iterable
from pathlib import Path
from matplotlib.figure import Figure
from .statistics import Scores, Table
__all__ = ['CHOICES', 'TITLES', 'IN_NOTEBOOK', 'MODELS', 'PER_RUN', 'FIGURES', 'TABLES', 'best_scores', 'is_foreign', 'our_runs', 'table2_with', 'stage_table', 'kept_stages', 'picture', 'Explorer', 'png', 'explore', 'write_text', 'write_table', 'write_comparison', 'write_results', 'open_runs', 'pictures', 'links', 'index_text']

def best_scores(folder: str | Path | None=None) -> tuple:
    """({method: `Scores`}, note): the published runs if they are on this machine, else the printed means of Table
    1, and a note that says so and what to do."""
    ...

def is_foreign(path: Path) -> bool:
    """Do the scores in the file at `path` belong to no game of Atari 100k? A file that cannot be read is not
    foreign: `load_runs` says what is wrong with it."""
    ...

def our_runs(folders: str | Path | Iterable, name: str='ours') -> tuple:
    """(`Scores`, their note): our runs of Atari 100k games at or below one folder or several; or (None, a sentence
    that says why there are none). Raises `ConfigError` for a broken config.json."""
    ...

def table2_with(ours: Scores) -> Table:
    """Table 2 with the final scores of `ours` as a last column; the marks stay those of the paper's columns. Its
    aggregates are of the games that it has, and the paper's columns on the same games are added."""
    ...

def stage_table(rows: list) -> Table:
    """Table 2 with our stages below the paper's rows, for the `rows` of `read_scores` (games of Atari 100k)."""
    ...

def kept_stages(folder: str | Path) -> tuple:
    """(rows, ''): the kept scores of our Atari runs in `folder`; or (None, a sentence that says that there are none)."""
    ...
CHOICES: tuple

def picture(scores: dict, methods: list | tuple | None=None, metric: str='all four', games: list | tuple | None=None, reps: int=300) -> Figure:
    """The figure of some `methods` (default: all of `scores`), one of `CHOICES`, and some `games` (default: those
    in common). Raises `ScoresError` for a choice that leaves nothing to compare."""
    ...

class Explorer:
    """Menus for methods, metric and games over a picture; `box` is the widget to show. `update()` draws what the
    menus say; a choice that leaves nothing to compare is answered in words. A button selects all games again."""
    scores: dict
    reps: int
    methods: Any
    metric: Any
    games: Any
    all_games: Any
    image: Any
    message: Any
    box: Any

    def __init__(self, scores: dict, reps: int=300):
        ...

    def update(self, change: dict | None=None) -> None:
        """Draws the picture that the menus ask for."""
        ...

def png(figure: Figure) -> bytes:
    """A figure as the bytes of a PNG file, with twice the dots of its place on the page: sharp on a fine screen too."""
    ...

def explore(scores: dict, reps: int=300) -> object:
    """Menus and picture (the widget of an `Explorer`) where a kernel runs; elsewhere the picture of all of `scores`."""
    ...
TITLES: dict

def write_text(path: Path, text: str) -> Path:
    """Writes a text, with line ends that are the same everywhere."""
    ...

def write_table(folder: Path, name: str, table: Table) -> list:
    """A table as Markdown and as CSV."""
    ...

def write_comparison(folder: Path, scores: dict, of: str, suffix: str, reps: int, seed: int) -> tuple:
    """Figures 3 and 4 of `scores`, and those of method `of` beside the others; returns {name: the rows behind a figure}
    and the files."""
    ...

def write_results(folder: str | Path, scores: dict, ours: Scores | None=None, reps: int=2000, seed: int=0) -> list:
    """Writes into `folder` Figures 2, 3 and 4, the probabilities of improvement and the scores of each game (PNG, SVG,
    PDF), Tables 1, 2, 4 and 5 (Markdown and CSV), the numbers behind them (data/), and README.md; Table 1 also with
    columns of neighbouring papers; with `ours` also Tables 1 and 2 and the figures of scores with our runs; and if
    `folder`/data/scores holds kept scores, Table 2 with them.
    `scores` are those of `load_scores`. The same input gives the same bytes. Returns the paths. Raises `ScoresError`
    if a method of the paper is missing or has only printed means."""
    ...

def open_runs(change: str) -> str:
    ...

def pictures(name: str) -> list:
    ...
IN_NOTEBOOK: dict
MODELS: str
PER_RUN: str
FIGURES: dict
TABLES: dict

def links(files: Iterable) -> str:
    ...

def index_text() -> str:
    """The index of the paper's figures and tables as Markdown, with links relative to the folder figures/."""
    ...
