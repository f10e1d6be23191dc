# Made from statistics.py by scripts/make_stubs.py.
"""Per-run scores in, rliable out: aggregates with their intervals, performance profiles, probabilities of improvement, and Tables 1, 2, 4 and 5 of the paper."""
from typing import Any
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
import numpy as np
from matplotlib.figure import Figure
from .config import Config
from .envs import GAMES
__all__ = ['METHODS', 'METRICS', 'LABELS', 'NEIGHBOURS', 'ScoresError', 'paper_table', 'Scores', 'load_scores', 'printed_scores', 'point_estimates', 'bootstrap', 'common_games', 'comparison_note', 'aggregates', 'rows_csv', 'figure3', 'profiles', 'profile_rows', 'figure4', 'improvement', 'improvement_figure', 'by_game', 'games_figure', 'load_runs', 'Table', 'neighbours', 'table1', 'differences', 'table2', 'table4', 'table5']
METHODS: tuple

class ScoresError(ValueError):
    """Scores that cannot be used; the message says what is wrong with which, and what to do."""

def paper_table(name: str) -> dict:
    """A printed table: table1, table2, table4, table5 (TWM), storm_table2 or swm_table4. `source`
    says where it is from."""
    ...

@dataclass
class Scores:
    """The raw scores of a method's runs, {game: (runs,) array}; `note` says how they came about,
    `printed` that they are means of a printed table. Raises `ScoresError`."""
    method: str
    raw: dict
    note: str = ''
    printed: bool = False
    games: Any
    runs: Any

    def __post_init__(self):
        ...

    def normalised(self, games: Sequence[str] | None=None) -> np.ndarray:
        """Human-normalised scores, (runs, games)."""
        ...

    def mean(self, game: str) -> float:
        """Mean raw score of a game over the runs."""
        ...

def refuse(wrong, message):
    """Raises `ScoresError` with `message` if something is `wrong`."""
    ...

def check_scores(method, raw):
    """Raises `ScoresError` if `raw`, {game: (runs,) array}, cannot be the scores of a `method`."""
    ...
SOURCES: Any

def parse_scores(text):
    """{game: [raw score per run]} from the text of a public file, in either format."""
    ...

def read_published(method, path):
    """The text of a score file, if it is the published one. Raises `ScoresError`."""
    ...

def cache_folder():
    ...

def fetch(method):
    """Downloads the file of a method into the cache, with a progress bar, and checks it; a file
    that is there is kept. Raises `ScoresError`."""
    ...

def score_folder(folder, methods):
    """The folder to read scores from: the one that is named, else the cache if it has all files."""
    ...

def load_scores(folder: str | Path | None=None, download: bool=False, methods: Sequence[str]=METHODS) -> dict:
    """{method: `Scores`} of the published runs, checked byte by byte, from `folder`, or the folder
    that TWM_NB_SCORES names, or the cache; with `download`, and if no folder is named, they are
    fetched into the cache first. `methods` may name DIAMOND too. Raises `ScoresError`."""
    ...

def columns_of(table):
    """{column: {game: printed score}} of a `paper_table`."""
    ...

def printed_scores(methods: Sequence[str]=METHODS) -> dict:
    """{method: `Scores`} with the game means of Table 1 in the place of runs: good for point
    estimates of mean and median, too little for an interval."""
    ...
METRICS: dict
LABELS: dict

def point_estimates(x: np.ndarray) -> np.ndarray:
    """The four aggregates of `METRICS`, in its order, of normalised scores (runs, games)."""
    ...

@contextmanager
def numpy_seed(seed):
    """Seeds numpy's global generator inside the `with` block, and restores its state after it."""
    ...

def bootstrap(data: np.ndarray | list, func: Callable, reps: int=2000, seed: int=0) -> tuple:
    """Point estimate (k,) and 95% stratified bootstrap interval, low (k,) and high (k,), of `func`
    on `data`: a matrix (runs, games), or a list of matrices that are resampled independently. The
    ends of an interval are NaN where there is a single run."""
    ...

def common_games(scores: dict) -> tuple:
    """The games that all of `scores` ({method: `Scores`}) have, in the order of Table 1. Raises
    `ScoresError` if there is none."""
    ...

def comparison_note(scores: dict, games: Sequence[str] | None=None, reps: int=2000) -> str:
    """What to know beside a comparison of `scores`: games, runs, intervals, the methods' notes."""
    ...

def estimates(scores, func, games, reps, seed):
    """{method: (point, low, high)} of `func` on `games` (None: those in common), (k,) each."""
    ...

def in_rows(point, low, high):
    """Estimates (k,) as k rows {point, low, high}."""
    ...

def aggregates(scores: dict, games: Sequence[str] | None=None, reps: int=2000, seed: int=0) -> list:
    """Rows {method, metric, point, low, high} for each method of `scores` and each metric of
    `METRICS`, on `games` (default: those in common)."""
    ...

def rows_csv(rows: list) -> str:
    """Rows (dicts with the same keys) as CSV text; numbers with six decimals, NaN as an empty field."""
    ...
METHOD_COLOURS: dict
METHOD_LINES: dict

def colour_of(method):
    """The colour of a method, the same in every figure; of our own runs: black."""
    ...

def write_note(figure, note):
    """Writes `note` under a figure, wrapped to its width."""
    ...

def interval_row(ax, y, row, colour, height=0.6):
    """A bar from low to high with a line at the point; only a dot where there is no interval."""
    ...

def figure3(rows: list, note: str='') -> Figure:
    """Figure 3: a panel for each metric, a bar for each method, from the rows of `aggregates`; the
    first method at the bottom, as in the paper."""
    ...
TAUS: Any

def share_above(x, taus=TAUS):
    """The share of the scores in `x` that are greater than each of `taus`."""
    ...

def profiles(scores: dict, games: Sequence[str] | None=None, taus: np.ndarray=TAUS, reps: int=2000, seed: int=0) -> dict:
    """{method: (share, low, high)}, arrays (len(taus),): performance profiles and their 95% bands."""
    ...

def profile_rows(found: dict) -> list:
    """Rows {method, tau, share, low, high} of what `profiles` returns."""
    ...

def figure4(found: dict, note: str='', use_non_linear_scale: bool=False) -> Figure:
    """Figure 4: performance profiles with their bands, from what `profiles` returns. On the
    non-linear axis, rliable's, the room of a range of τ is the share of all runs that lie in it."""
    ...

def chance_to_win(x, y):
    """P(a run of `x` beats a run of `y`) averaged over games, ties counting half, for x (runs,
    games) and y (other runs, games). An array of one number."""
    ...

def improvement(scores: dict, of: str='TWM', games: Sequence[str] | None=None, reps: int=2000, seed: int=0) -> list:
    """Rows {method, other, point, low, high}: the probability that method `of` improves on each
    other of `scores`, with its 95% interval."""
    ...

def improvement_figure(rows: list, note: str='') -> Figure:
    """A bar for each row of `improvement`; a half means that neither method is better."""
    ...

def by_game(scores: dict, of: str='TWM', games: Sequence[str] | None=None, reps: int=2000, seed: int=0) -> list:
    """Rows {game, method, point, low, high}: the mean human-normalised score of each game for each
    of `scores`, in the order of the means of method `of`, the lowest first; 95% intervals."""
    ...

def games_figure(rows: list, of: str='TWM', note: str='') -> Figure:
    """Bars of method `of` from the rows of `by_game`, the highest on top; dots for the others."""
    ...

def normalised_means(means, games=GAMES):
    """{column: normalised scores} of those `means`, {column: {game: score}}, that have all `games`."""
    ...

@dataclass
class Run:
    """A finished run: its folder, scores {game: raw score}, and config, episodes, device if known."""
    folder: Path
    scores: dict
    config: Config = None
    episodes: int | str = 'unknown'
    device: str = 'unknown'
    seed: Any

def by_seed(run):
    ...

def one_score_per_game(folder):
    """{game: raw score} of a run folder's `scores.json`. Raises `ScoresError` if it cannot be used."""
    ...

def read_run(folder):
    """Reads a run folder. Raises `ScoresError` if its files cannot be used."""
    ...

def read_runs(folders):
    """The runs at or below one folder or several: every folder that holds `scores.json`."""
    ...
MAY_DIFFER: tuple

def check_runs(runs):
    """Raises `ScoresError` if `runs` are not runs of one method: configurations that differ in more
    than game and seed, or a seed that comes twice for a game."""
    ...

def listed(values):
    ...

def runs_note(kept, fewest):
    """Protocol, episodes, seeds, device of the first `fewest` runs of each game of `kept`, in words."""
    ...

def load_runs(folders: str | Path | Iterable[str | Path], name: str='ours') -> Scores:
    """Our own runs, at or below one folder or several, as one method called `name`. Raises
    `ScoresError`, or `ConfigError` for a broken config.json."""
    ...

@dataclass
class Table:
    """Rows of texts under `columns`; `best` holds for each row the columns that are marked."""
    columns: list
    rows: list = field(default_factory=list)
    best: list = field(default_factory=list)
    note: str = ''

    def add(self, label: str, values: dict, digits: int=1, among: Iterable[str]=(), least: bool=False) -> None:
        """Adds a row of numbers {column: number or None}; the greatest (or `least`) of the columns
        `among` are marked."""
        ...

    def __repr__(self):
        ...

    def markdown(self) -> str:
        ...

    def csv(self) -> str:
        ...
NEIGHBOURS: tuple

def neighbours(columns: Sequence[str]=NEIGHBOURS) -> dict:
    """{column: {game: printed mean score}} from STORM's Table 2 (IRIS, DreamerV3, STORM) and
    Smaller World Models' Table 4 (the two SWM columns)."""
    ...

def printed_aggregates(extra=()):
    """{'mean': {column: printed}, 'median': …}: the aggregates as they are printed in Table 1 and,
    in percent there, in STORM's table."""
    ...

def aggregate_rows(table, label, means, runs, games, among, printed=None):
    """Adds the aggregate rows to a table: mean and median as `printed` ({'mean': {…}}), from
    `means` ({column: {game: score}}), and from `runs` ({column: `Scores`}); IQM and optimality gap
    from runs alone. Columns that lack one of `games` stay empty."""
    ...

def table1(scores: dict=None, ours: Scores=None, extra: Sequence[str]=()) -> Table:
    """Table 1: printed scores, the best of each row marked; `ours` and the columns `extra` (of
    `NEIGHBOURS`) are set beside them, with the aggregates of the runs in `scores` (of
    `load_scores`). Where `ours` lacks games, aggregates over the games in common are added."""
    ...

def differences(scores: dict=None, extra: Sequence[str]=()) -> list:
    """Rows {table, column, what, printed, recomputed} where recomputation rounds to another number."""
    ...

def table2() -> Table:
    """Table 2, with the best of each row marked, the mean recomputed and the median added."""
    ...

def short(value):
    """A value of the configuration as the paper writes it: Yes, 100K, 4 × 512, 0.0001."""
    ...

def table4(config: Config=None) -> Table:
    """Table 4 from `config` (default: the paper's preset), with the printed value beside each."""
    ...

def table5(config: Config=None, num_actions: int=18) -> Table:
    """Table 5: numbers of parameters of the models of `config` (default: the paper's preset)."""
    ...
