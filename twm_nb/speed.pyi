# Made from speed.py by scripts/make_stubs.py.
"""What an update, a dream and a step cost, side by side with a plain reading of the paper; and what `twm_bench` does."""
from typing import Any
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
import numpy as np
import torch
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from matplotlib.figure import Figure
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Starts, Trajectory
from .system import Done
from .plain import PlainDataset
__all__ = ['measure_request']

@contextmanager
def set_precision(products: str='highest') -> Iterator[None]:
    """A context in which float32 products have this precision of PyTorch's, and convolutions are true float32."""
    ...

def synchronise(device: torch.device) -> None:
    """Waits for the work that was given to `device`; on a CPU there is nothing to wait for."""
    ...

def time_calls(call: Callable, number: int, device: torch.device) -> float:
    """Seconds per call, over `number` calls in a row on `device`; a `PlainCall` takes its time itself."""
    ...
SECOND_WAY: dict

def measure_products(dtype: torch.dtype, device: torch.device, sizes: tuple | None=None, repeats: int=5, precision: str='highest') -> float:
    """Operations per second (a multiply-add is two) of a product of square matrices; the best run of all."""
    ...

def measure_error(precision: str, device: torch.device, n: int=512) -> float:
    """The error of a product of float32 matrices at a `precision` of PyTorch's, relative to the product in float64."""
    ...

def name_of(dtype: torch.dtype) -> str:
    """torch.float32 → 'float32'."""
    ...

def measure_ceilings(device: torch.device, sizes: tuple | None=None, repeats: int=5) -> dict:
    """{'float32', 'bfloat16', and `SECOND_WAY` if its error is not larger: operations per second of products}."""
    ...

def count_work(call: Callable) -> int:
    """The operations of `call()`, by PyTorch's counter: products of matrices and convolutions, forward and backward."""
    ...
KEPT: str

def can_keep_memory(device: torch.device) -> bool:
    """Is `device` a CPU of a system whose C library can be told to keep freed memory?"""
    ...

def begin_helper(keeps_memory: bool) -> None:
    """What a helper process does first, perhaps telling the C library to keep freed memory. It ends with its parent."""
    ...

class PlainProcess:
    """A process that meets memory as it would anywhere or `keeps_memory`; from the first request to the end of a `with`."""
    keeps_memory: bool
    pool: Any

    def __init__(self, keeps_memory: bool=False):
        ...

    def __enter__(self):
        ...

    def __exit__(self, *error):
        ...

    def ask(self, job: Callable, *arguments: object) -> Any:
        """What `job` returns in the process. Raises `ConfigError` with what it says, or if the process has ended."""
        ...

class PlainCall:
    """A plain job in a `PlainProcess`; the others are the arguments of `do_plain`."""
    process: PlainProcess
    material: Any

    def __init__(self, process: PlainProcess, *material: object):
        ...

    def __call__(self) -> int | None:
        ...

    def time(self, number: int) -> float:
        """Seconds per job, by the clock of the process that does it."""
        ...

def get_bench(config: Config, entries: int, threads: int) -> 'Bench':
    """The material of a helper process; that of the request before is let go."""
    ...

def do_plain(config: Config, entries: int, threads: int, name: str, number: int) -> tuple:
    """Does the plain job `name` `number` times. Returns seconds per job, and what the last one returned, if a number."""
    ...

def interleave(calls: dict, device: torch.device, repeats: int=3, at_least: float=0.2) -> dict:
    """{name: seconds of each turn} of `calls`, after a call each that does not count. There are `repeats` turns and two
    more for calls below a second; each begins with another call, and repeats those shorter than `at_least` seconds."""
    ...

def draw_frame(step: int) -> np.ndarray:
    """A frame (64, 64) uint8 of a made-up game: a gradient that moves."""
    ...

def fill_dataset(entries: int, c: Config, actions: int, device: torch.device | str, episode: int=500) -> ReplayDataset:
    """A full dataset of made-up entries: `draw_frame`, random actions and rewards, an end every `episode` steps."""
    ...

class Bench:
    """The material of all measurements, its `PIECES` made when first needed: of the sizes of `config`, on `device`, for
    each of `dtypes`, with a dataset of `entries`. `process`, `keeping`: where the plain version runs on a CPU."""
    config: Config
    device: torch.device
    dtypes: list
    process: PlainProcess | None
    keeping: PlainProcess | None
    graphed: bool
    compiled: bool
    plain_calls: dict
    entries: Any

    def __init__(self, config: Config, device: torch.device, dtypes: list, entries: int | None=None, process: PlainProcess | None=None, keeping: PlainProcess | None=None):
        ...

    def __getattr__(self, name: str):
        ...

    def sample(self, dataset: ReplayDataset | PlainDataset) -> Batch:
        """A batch of a dataset, plain or not."""
        ...

    def make_systems(self) -> dict:
        """{dtype: `TWM`}."""
        ...

    def random_starts(self) -> Starts:
        """Starts of M dreams, with random latent states and actions."""
        ...

    def random_trajectory(self) -> Trajectory:
        """A trajectory (M, H) with random latent states, actions and rewards."""
        ...

    def plain_call(self, name: str) -> Callable:
        """The plain job `name` in this process; made once."""
        ...

    def plain(self, name: str, keeping: bool=False) -> Callable:
        """The plain job `name`: on a CPU in a process of its own, `keeping` freed memory or not."""
        ...

    def compare(self, plain: str | None, job: Callable, batch: Callable, samples: int, paper: float | None=None) -> Component:
        """The `plain` job if there is one, also with kept memory where that can be had; and `job(system, batch(system))`, a
    dict of scalar tensors, for each dtype, also as a CUDA graph where there are such."""
        ...

    def record(self, job: Callable, batch: Callable) -> dict:
        """{name: (dtype, call)} of `job` as CUDA graphs that are recorded already; empty where there are no graphs."""
        ...

def make_short_dataset(b: Bench, device: torch.device | str) -> ReplayDataset:
    """As many entries as are enough where sampling is not measured."""
    ...
PIECES: dict

@dataclass
class Variant:
    """One way to do a job: `call()` handles `samples` with `work` operations, if counted; `short` handles fewer samples."""
    call: callable
    samples: int
    work: int = None
    dtype: torch.dtype = torch.float32
    short: 'Variant' = None

@dataclass
class Component:
    """A job: `variants` by name, the first to compare with; `unit` of samples; `paper`'s samples/s; name of a `ceiling`."""
    unit: str
    variants: dict
    paper: float = None
    ceiling: str = None

    def time(self, device: torch.device, repeats: int=3, at_least: float=0.2) -> dict:
        """Seconds per call of each variant, a list with one for each turn; of a short one as (name, 'short')."""
        ...
SIDE_BY_SIDE: int
EVALUATION: dict

def plain_dreams(b: Bench) -> Callable:
    """M plain dreams of H steps."""
    ...

def plain_policy_update(b: Bench) -> Callable:
    """One plain update of actor and critic."""
    ...

def make_stacks(count: int, c: Config) -> np.ndarray:
    """Observations (count, S, 64, 64) uint8 of the made-up game."""
    ...

def plain_acting(b: Bench, rows: int, one_by_one: bool=False) -> Callable:
    """Plain actions for `rows` observations, together or one after the other."""
    ...

def plain_evaluation(b: Bench, length: str='frames') -> Callable:
    """Plays the games of `evaluate`, one after the other, and returns the number of steps; making the game included."""
    ...
PLAIN_JOBS: dict

def count_plain(config: Config, name: str) -> int:
    """The operations of the plain job `name`, counted on shapes alone; of 'acting' for one observation."""
    ...

def world_model(b: Bench) -> Component:
    """One joint update of φ and ψ."""
    ...

def imagination(b: Bench) -> Component:
    """M dreams of H steps."""
    ...

def actor_critic(b: Bench) -> Component:
    """One update of actor and critic."""
    ...
BEGUN: Done

def update(b: Bench) -> Component:
    """Sampling a batch, and one update of everything."""
    ...

def sampling(b: Bench) -> Component:
    """Drawing a batch from the full dataset."""
    ...

def act_in_all_ways(b: Bench, name: str, o: np.ndarray, rows: int) -> dict:
    """Acting on `rows` observations `o`: the plain agent; ours as in training, frozen, and compiled if asked for."""
    ...

def acting(b: Bench) -> Component:
    """An action for one observation, which comes from the host."""
    ...

def acting_batch(b: Bench) -> Component:
    """Actions for 50 observations together, and by the plain agent one by one as well."""
    ...

def bare_emulator(b: Bench, steps: int) -> dict:
    """{'bare emulator': random steps without looking at the screen}; empty for a game without one."""
    ...

def environment(b: Bench, steps: int=500) -> Component:
    """Random steps in a training environment, through ends and resets."""
    ...

def count_steps(play: Callable) -> int:
    """How many steps environments take while `play()` runs, in this process."""
    ...

def evaluation(b: Bench) -> Component:
    """Games that are cut off early, of the same seeds: the plain agent one after the other, ours side by side, frozen."""
    ...

def pretraining(kind: str) -> Callable:
    """The component of a `kind` of update that has no plain version."""
    ...
COMPONENTS: dict

def make_row(v: Variant, seconds: list, short: list) -> dict:
    """The measurement of a variant, from the `seconds` of each turn; those of a `short` variant are taken off."""
    ...

def measure(component: Component, device: torch.device, repeats: int=3, at_least: float=0.2) -> dict:
    """The measurements of `component` as JSON would have them: of each variant a row and the ratio to the first one."""
    ...

def ratio(result: dict, name: str, to: str=None) -> float:
    """How many times as fast the variant `name` is as the variant `to` (default: the first); None if not measured."""
    ...

def share(result: dict, name: str, ceiling: dict) -> float:
    """The share that the variant `name` has of the `ceiling` {name: operations/s}; None if its work is not counted. The
    plain version on a CPU is held against the default way to a product, others against the fastest of their dtype."""
    ...
HEAD: str

def write_lines(name: str, result: dict, ceiling: dict) -> list:
    """A measured component as lines of a table, 79 columns wide, with shares of the `ceiling`."""
    ...
KINDS: dict
NAMESPACE: Any

def kind_of(operation: str) -> str:
    """The kind, one of `KINDS`, of an operation by the name that the profiler gives it, such as 'aten::addmm'."""
    ...

def profile_call(call: Callable, device: torch.device, times: int=1) -> dict:
    """What calls spend their time on (on a GPU the GPU's): `seconds` of one, `shares` by kind, and PyTorch's `table`."""
    ...
PROFILED: dict
ARITHMETIC: tuple

def say_what_bounds(shares: dict) -> str:
    """A sentence on `shares` {kind: share}: the largest kinds, and whether arithmetic takes most of the time."""
    ...

def make_table(columns: str, rows: Iterable) -> str:
    """A Markdown table of `rows` of texts under `columns`, divided by bars; those whose name ends with # hold numbers."""
    ...

def tabulate_profile(part: dict) -> str:
    """The stored profiles of a device as a Markdown table, with a sentence for each."""
    ...

def draw_profile(part: dict) -> Figure:
    """The stored profiles of a device as stacked bars."""
    ...
HARNESS: int

def load_results(path: str | Path) -> dict:
    """What `twm_bench --json` wrote: {'cpu' or 'cuda': measurements}. Raises `ConfigError` for another file."""
    ...

def describe_machine(machine: dict) -> str:
    """On what was measured, in a line."""
    ...

def tabulate_results(part: dict) -> str:
    """All measured components of a device as a Markdown table."""
    ...

def describe_ceiling(part: dict) -> str:
    """The ceilings of a device, in words."""
    ...

def show_each(results: dict, tabulate: Callable) -> str:
    """What `tabulate(kind, part)` says of each kind of device, below a heading."""
    ...
RELEASED: dict

def tabulate_release(part: dict) -> str:
    """The plain version held against the release as a Markdown table, and what that means for our ratios."""
    ...

def draw_bars(part: dict, names: Iterable=('world_model', 'imagination', 'actor_critic', 'update', 'acting')) -> Figure:
    """Bars for the components `names`: share of the ceiling, and ratio to the plain version."""
    ...
GOALS: dict

def judge(found: float, goal: float) -> str:
    """A ratio `found` held against its `goal`, in words."""
    ...

def tabulate_goals(kind: str, part: dict) -> str:
    """The goals for a `kind` of device and what its `part` of the results says of them, as a Markdown table."""
    ...

@dataclass
class Axis:
    """What grows: `values` x, what `change` makes of each, the `component`, and is plain with kept memory timed, too?"""
    values: tuple
    change: callable
    component: str = 'imagination'
    keeping: bool = False
BASE: dict
SIZES: tuple
AXES: dict

def move_along(axis: Axis, config: Config, x: int) -> Config:
    """`config` at `x` on an axis, with a batch large enough for the starts of its dreams. Raises `ConfigError`."""
    ...

def fit_exponent(x: Sequence, y: Sequence) -> float:
    """k of y ∝ xᵏ, fitted to the logarithms."""
    ...

def measure_growth(axis: Axis, config: Config, device: torch.device, dtypes: list, repeats: int, process: PlainProcess | None, keeping: PlainProcess | None) -> dict:
    """Median seconds and counted work of a component in all its variants along `axis`, and the fitted exponents."""
    ...

def find_disagreement(measured: dict) -> float:
    """The largest distance of a time from the median of those at equal points of different axes, as a share of it."""
    ...
LINES: dict

def draw_growth(measured: dict) -> Figure:
    """Seconds along each axis, in double logarithmic scale, with the exponents."""
    ...

def tabulate_growth(measured: dict) -> str:
    """The exponents of time, in all and between neighbours, and of counted work as a Markdown table."""
    ...

def list_parts(c: Config, steps_per_game: int=2000) -> dict:
    """What a run of `c` consists of: {part: (how often, [(component, True if its samples count, else its calls)])}."""
    ...

def find_seconds(result: dict, version: str, per_sample: bool) -> float:
    """Seconds per call or sample of a `version`; where there are none by dtype, live or ours; None if not measured."""
    ...

def project(part: dict, version: str, steps_per_game: int=2000) -> dict:
    """Projected seconds of each part of a whole run in a `version`, such as 'plain'; None where not measured."""
    ...

def tabulate_projection(part: dict) -> str:
    """The projection of a whole run as a Markdown table, in hours."""
    ...

def probe_memory(config: Config, threads: int, updates: int=3) -> dict:
    """Fills a dataset of a whole run, makes some updates. Returns bytes: the peak of this process, if known, and others."""
    ...

def describe_memory(memory: dict) -> str:
    """The measured memory, in words."""
    ...

def choose_components(names: str) -> list:
    """The component names in a text with commas; all for 'all'. Raises `ConfigError` for an unknown one, or for none."""
    ...

def check_request(threads: int, repeats: int, path: str | Path | None) -> None:
    """Raises `ConfigError` before anything is measured if the request cannot be met."""
    ...

def find_machine(config: Config, preset_name: str, device: torch.device) -> dict:
    """What a reader of the results has to know about the machine and the settings."""
    ...

def show_progress(name: str) -> None:
    """Says on a terminal what is being measured; the next line of the table takes its place."""
    ...

def run_components(bench: Bench, names: Iterable, repeats: int, keep: Callable, like_paper: bool=True) -> None:
    """Measures components, prints each when done, and hands it to `keep`. The best ceiling, before and after, counts."""
    ...

def run_growth(config: Config, device: torch.device, dtype: torch.dtype, repeats: int, keep: Callable) -> None:
    """Measures all axes, prints the exponents of each when it is done, and hands it to `keep`."""
    ...

def run_profile(bench: Bench, keep: Callable) -> None:
    """Profiles our versions in the last of the bench's dtypes, prints what bounds each, hands each to `keep`."""
    ...

def measure_request(preset_name: str, components: str | None, options: dict, repeats: int, path: str | Path | None=None, memory: bool=False, curves: bool=False, compiled: bool=False, profile: bool=False) -> None:
    """What `twm_bench` does. Raises `ConfigError` before anything is measured."""
    ...
