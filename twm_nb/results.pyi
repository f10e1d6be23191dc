# Made from results.py by scripts/make_stubs.py.
"""Tables 1 and 2 and Figures 3 and 4 with our own runs beside the published ones; every figure and table of the paper that can be made, written to files, and an index of all."""
from typing import Any
from collections.abc import Iterable
from pathlib import Path
from .statistics import Scores
__all__ = ['our_runs', 'write_results']

def is_foreign(path):
    """Has the file no score of Atari 100k? One that cannot be read is left to `load_runs`."""
    ...

def our_runs(folders: str | Path | Iterable, name: str='ours') -> tuple:
    """(`Scores`, their note): our runs of Atari 100k games at or below one folder or several; or
    (None, why there are none). Raises `ConfigError` for a broken config.json."""
    ...

def table2_with(ours):
    """Table 2 with the final scores of `ours` as a last column; the marks stay those of the paper's
    columns. Aggregates of the games that `ours` has stand below, of all columns."""
    ...

def stage_table(rows):
    """Table 2 with our stages, the `rows` of `read_scores`, below the paper's rows."""
    ...

def kept_stages(folder):
    """The rows of our Atari runs that are kept in `folder`; an empty list if there are none."""
    ...
TITLES: dict

def write_table(folder, name, table):
    """A table as Markdown and as CSV."""
    ...

def write_comparison(folder, scores, of, suffix, reps, seed):
    """Figures 3 and 4 of `scores`, and those of method `of` beside the others; returns {name: the
    rows behind a figure} and the files."""
    ...

def write_results(folder: str | Path, scores: dict, ours: Scores | None=None, reps: int=2000, seed: int=0) -> list:
    """Writes into `folder` Figures 2, 3 and 4, the probabilities of improvement and the scores of
    each game (PNG, SVG, PDF), Tables 1, 2, 4 and 5 (Markdown and CSV), the numbers behind them
    (data/), and README.md; with `ours` also Tables 1 and 2 and the figures with our runs; and Table
    2 with what `folder`/data/scores holds. `scores` are those of `load_scores`. The same input
    gives the same bytes. Returns the paths. Raises `ScoresError` if per-run scores are missing."""
    ...
MODELS: str
PER_RUN: str

def needs_runs(change):
    ...

def pictures(*names):
    ...
FIGURES: dict
TABLES: dict

def links(files, folder='', kind=''):
    ...

def index_text():
    """The paper's figures and tables as Markdown, with links relative to the folder figures/."""
    ...
