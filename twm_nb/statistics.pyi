# Made from statistics.py by scripts/make_stubs.py.
"""Per-run scores in, rliable out: aggregates with their intervals, performance profiles, probabilities of improvement, and Tables 1, 2, 4 and 5 of the paper."""
from typing import Any
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
import matplotlib.pyplot
import numpy as np
from .config import Config
__all__ = ['METHODS', 'RLLTE', 'SOURCES', 'METRICS', 'LABELS', 'METHOD_COLOURS', 'METHOD_LINES', 'TAUS', 'TICKS', 'MAY_DIFFER', 'SWM_COLUMNS', 'NEIGHBOURS', 'FIELDS', 'ScoresError', 'paper_table', 'Scores', 'check_scores', 'Source', 'parse_scores', 'checked_bytes', 'fetch', 'cache_folder', 'score_folder', 'load_scores', 'printed_scores', 'point_estimates', 'numpy_seed', 'bootstrap', 'common_games', 'comparison_note', 'aggregates', 'rows_csv', 'colour_of', 'write_note', 'interval_row', 'figure3', 'share_above', 'profiles', 'profile_rows', 'crowding', 'figure4', 'chance_to_win', 'improvement', 'improvement_figure', 'by_game', 'games_figure', 'sample_efficiency', 'efficiency_figure', 'Run', 'one_score_per_game', 'read_run', 'read_runs', 'check_runs', 'listed', 'runs_note', 'load_runs', 'Table', 'neighbours', 'printed_aggregates', 'aggregate_rows', 'table1', 'differences', 'table2', 'times', 'short', 'table4', 'table5']
METHODS: tuple

class ScoresError(ValueError):
    """Scores that cannot be used; the message says what is wrong with which, and what to do."""

def paper_table(name: str) -> dict:
    """A printed table: table1, table2, table4, table5 (TWM), storm_table2 or swm_table4. `source`
    says where it is from. Raises `ScoresError`."""
    ...

@dataclass(frozen=True)
class Scores:
    """The raw scores of a method's runs, {game: (runs,) array}, as many for each game. `note` says
    how they came about; `printed` that they are means from a printed table, one per game. Raises
    `ScoresError`."""
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

def check_scores(method: str, raw: dict, games: Iterable[str]=()) -> None:
    """Raises `ScoresError` if one of `games` is missing, a game is unknown, the numbers of runs
    differ, or a score is not finite."""
    ...

class Source(NamedTuple):
    """A public file of scores: its name, its address, and the sha256 of its bytes."""
    file: str
    repository: str
    path: str
    sha256: str

    @property
    def address(self) -> str:
        ...
RLLTE: tuple
SOURCES: dict

def parse_scores(method: str, text: str) -> dict:
    """{game: [raw score per run]} from the text of a public file, in either format. Raises
    `ScoresError`."""
    ...

def checked_bytes(method: str, path: Path) -> bytes:
    """The bytes of a score file, if they are the published ones. Raises `ScoresError`."""
    ...

def fetch(method: str) -> Path:
    """Downloads the file of a method into the cache of the operating system, with a progress bar,
    and checks it; a file that is there is kept. Raises `ScoresError`."""
    ...

def cache_folder() -> Path:
    """Where downloaded scores are kept."""
    ...

def score_folder(folder: str | Path | None=None, methods: Sequence[str]=METHODS) -> Path:
    """The folder to read scores from: `folder`, or what TWM_NB_SCORES names, or the cache if it has
    all files. Raises `ScoresError`."""
    ...

def load_scores(folder: str | Path | None=None, download: bool=False, methods: Sequence[str]=METHODS) -> dict:
    """{method: `Scores`} of the published runs, checked byte by byte. They come from `folder`, or
    the folder that TWM_NB_SCORES names, or the cache; with `download`, and if no folder is named,
    they are fetched into the cache first. `methods` may name DIAMOND too. Raises `ScoresError`."""
    ...

def printed_scores(methods: Sequence[str]=METHODS) -> dict:
    """{method: `Scores`} with the game means of Table 1 in the place of runs: good for point
    estimates of mean and median, too little for an interval."""
    ...
METRICS: dict

def point_estimates(x: np.ndarray) -> np.ndarray:
    """The four aggregates of `METRICS`, in its order, of normalised scores (runs, games)."""
    ...

@contextmanager
def numpy_seed(seed: int) -> Iterator[None]:
    """Seeds numpy's global generator inside the `with` block, and restores its state after it."""
    ...

def bootstrap(data: np.ndarray | list, func: Callable, reps: int=2000, seed: int=0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Point estimate (k,) and 95% stratified bootstrap interval, low (k,) and high (k,), of `func`
    on `data`: a matrix (runs, games), or a list of matrices that are resampled independently. Where
    there is a single run no interval exists: its ends are NaN."""
    ...

def common_games(scores: dict) -> tuple:
    """The games that all of `scores` ({method: `Scores`}) have, in the order of Table 1. Raises
    `ScoresError` if there is none."""
    ...

def comparison_note(scores: dict, games: Sequence[str] | None=None, reps: int=2000) -> str:
    """What a reader has to know beside a comparison of `scores`: games, runs, intervals, and the
    note of each method."""
    ...

def aggregates(scores: dict, games: Sequence[str] | None=None, reps: int=2000, seed: int=0) -> list:
    """Rows {method, metric, point, low, high} for each method of `scores` and each metric of
    `METRICS`, on `games` (default: those in common)."""
    ...

def rows_csv(rows: list) -> str:
    """Rows (dicts with the same keys) as CSV text; numbers with six decimals, NaN as an empty field."""
    ...
LABELS: dict
METHOD_COLOURS: dict
METHOD_LINES: dict

def colour_of(method: str) -> str:
    """The colour of a method, the same in every figure; of our own runs: black."""
    ...

def write_note(figure: matplotlib.pyplot.Figure, note: str) -> None:
    """Writes `note` under a figure, wrapped to its width."""
    ...

def interval_row(ax: matplotlib.pyplot.Axes, y: float, row: dict, colour: str, height: float=0.6) -> None:
    """A bar from low to high with a line at the point estimate; only a dot where there is no
    interval."""
    ...

def figure3(rows: list, note: str='') -> matplotlib.pyplot.Figure:
    """Figure 3: a panel for each metric, a bar for each method, from the rows of `aggregates`; the
    first method at the bottom, as in the paper."""
    ...
TAUS: Any

def share_above(x: np.ndarray, taus: np.ndarray=TAUS) -> np.ndarray:
    """The share of the scores in `x` that are greater than each of `taus`."""
    ...

def profiles(scores: dict, games: Sequence[str] | None=None, taus: np.ndarray=TAUS, reps: int=2000, seed: int=0) -> dict:
    """{method: (share, low, high)}, arrays (len(taus),): performance profiles and their 95% bands
    on `games` (default: those in common)."""
    ...

def profile_rows(found: dict, taus: np.ndarray=TAUS) -> list:
    """Rows {method, tau, share, low, high} of what `profiles` returns."""
    ...
TICKS: tuple

def crowding(found: dict) -> np.ndarray:
    """The share of runs, averaged over methods, with a score of at most each τ: where τ stands on
    the non-linear axis."""
    ...

def figure4(found: dict, note: str='', taus: np.ndarray=TAUS, use_non_linear_scale: bool=False) -> matplotlib.pyplot.Figure:
    """Figure 4: performance profiles with their bands, from what `profiles` returns. On the
    non-linear axis, rliable's, the room of a range of τ is the share of all runs that lie in it."""
    ...

def chance_to_win(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """P(a run of `x` beats a run of `y`) averaged over games, ties counting half, for x (runs,
    games) and y (other runs, games). An array of one number."""
    ...

def improvement(scores: dict, of: str='TWM', games: Sequence[str] | None=None, reps: int=2000, seed: int=0) -> list:
    """Rows {method, other, point, low, high}: the probability that method `of` improves on each
    other of `scores`, with its 95% interval."""
    ...

def improvement_figure(rows: list, note: str='') -> matplotlib.pyplot.Figure:
    """A bar for each row of `improvement`; a half means that neither method is better."""
    ...

def by_game(scores: dict, of: str='TWM', games: Sequence[str] | None=None, reps: int=2000, seed: int=0) -> list:
    """Rows {game, method, point, low, high}: the mean human-normalised score of each game for each
    of `scores`, in the order of the means of method `of`, the lowest first; 95% bootstrap
    intervals."""
    ...

def games_figure(rows: list, of: str='TWM', note: str='') -> matplotlib.pyplot.Figure:
    """Bars of method `of` from the rows of `by_game`, the highest on top, with dots for the other
    methods."""
    ...

def sample_efficiency() -> dict:
    """{interactions: {mean, median, printed_mean}} of TWM, human-normalised, from the game means of
    Table 2."""
    ...

def efficiency_figure(found: dict) -> matplotlib.pyplot.Figure:
    """Mean and median over games against interactions, with the final means of Table 1's other
    methods as lines."""
    ...
MAY_DIFFER: tuple

@dataclass
class Run:
    """A finished run: its folder, its scores {game: raw score}, its config (None if it has none),
    episodes per score and device, as far as known."""
    folder: Path
    scores: dict
    config: Config = None
    episodes: int = None
    device: str = 'unknown'

    @property
    def seed(self) -> int | None:
        ...

def one_score_per_game(folder: Path) -> dict:
    """{game: raw score} of a run folder's `scores.json`. Raises `ScoresError` if it cannot be used."""
    ...

def read_run(folder: str | Path) -> Run:
    """Reads a run folder. Raises `ScoresError` if its files cannot be used."""
    ...

def read_runs(folders: str | Path | Iterable[str | Path]) -> list:
    """The runs at or below one folder or several: every folder that holds `scores.json`. Raises
    `ScoresError`."""
    ...

def check_runs(runs: list) -> None:
    """Raises `ScoresError` if `runs` are not runs of one method: configurations that differ in more
    than game and seed, or a seed that comes twice for a game."""
    ...

def listed(values: Iterable) -> str:
    """Different `values` in words, each once."""
    ...

def runs_note(runs: list, kept: dict, fewest: int) -> str:
    """Protocol, episodes, seeds and device of `runs`, and what was left out. `kept` is {game: its
    runs}."""
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
SWM_COLUMNS: dict
NEIGHBOURS: tuple

def neighbours(columns: Sequence[str]=NEIGHBOURS) -> dict:
    """{column: {game: printed mean score}} from STORM's Table 2 (IRIS, DreamerV3, STORM) and
    Smaller World Models' Table 4 (the two SWM columns)."""
    ...

def printed_aggregates(extra: Sequence[str]=()) -> dict:
    """{'mean': {column: printed}, 'median': …}: the aggregates as they are printed in Table 1 and,
    in percent there, in STORM's table."""
    ...

def aggregate_rows(table: Table, label: str, means: dict, runs: dict, games: Sequence[str], among: Sequence[str], printed: dict | None=None) -> None:
    """Adds the aggregate rows to a table: mean and median as `printed` ({'mean': {…}}), from
    `means` ({column: {game: score}}), and from `runs` ({column: `Scores`}); IQM and optimality gap
    from runs alone. Columns that lack one of `games` stay empty."""
    ...

def table1(scores: dict=None, ours: Scores=None, extra: Sequence[str]=()) -> Table:
    """Table 1: printed scores, the best of each row marked; `ours` and the columns `extra` (of
    `NEIGHBOURS`) are set beside them. With `scores` (of `load_scores`) aggregates of the runs come
    in. Where `ours` lacks games, aggregates over the games in common are added for all."""
    ...

def differences(scores: dict=None, extra: Sequence[str]=()) -> list:
    """Rows {table, column, what, printed, recomputed} where a printed aggregate (or, given
    `scores`, a game mean) is not what recomputation rounds to."""
    ...

def table2() -> Table:
    """Table 2: scores of TWM at six stages of training beside the final ones of SimPLe and SPR, the
    best marked, the mean recomputed and the median added."""
    ...

def times(units: tuple) -> str:
    """Widths of layers as the paper writes them: 4 × 512."""
    ...

def short(value: bool | int | float | tuple) -> str:
    """A value of the configuration as the paper writes it."""
    ...
FIELDS: tuple

def table4(config: Config=None) -> Table:
    """Table 4 from `config` (default: the paper's preset), with the printed value beside each; the
    activation function is read off a network."""
    ...

def table5(config: Config=None, num_actions: int=18) -> Table:
    """Table 5 from the models of `config` (default: the paper's preset): exact numbers of
    parameters, the same in millions, and as printed."""
    ...
