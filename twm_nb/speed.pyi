# Made from speed.py by scripts/make_stubs.py.
"""What an update, a dream and a step cost, side by side with a plain reading of the paper; and what `twm_bench` does."""
from typing import Any
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
import torch
from .config import Config
from .system import Done
__all__ = ['measure_request']

@contextmanager
def set_precision(products='highest'):
    """Within, float32 products have this precision of PyTorch's, and convolutions are true float32."""
    ...

def synchronise(device):
    """Waits for the work that was given to `device`; on a CPU there is nothing to wait for."""
    ...

def time_calls(call, number, device):
    """Seconds per call, over `number` calls in a row; a `PlainCall` takes its time itself."""
    ...
SECOND_WAY: dict

def measure_products(dtype, device, sizes=None, repeats=5, precision='highest'):
    """Operations per second of a product of square matrices; the best run of all."""
    ...

def measure_error(precision, device):
    """The error of a product of float32 matrices at a `precision`, relative to that in float64."""
    ...

def name_of(dtype):
    ...

def measure_ceilings(device, sizes=None):
    """Operations/s of products {dtype: rate}, and by `SECOND_WAY` if its error is not larger."""
    ...

def count_work(call):
    """The operations of `call()`: products of matrices and convolutions, forward and backward."""
    ...

def begin_helper(keeps_memory):
    """What a helper process does first; it ends with its parent."""
    ...

class PlainProcess(ProcessPoolExecutor):
    """A process that meets memory as it would anywhere or `keeps_memory`; it begins when asked."""

    def __init__(self, keeps_memory=False):
        ...

    def ask(self, job, *arguments):
        """What `job` returns there. Raises `ConfigError` with what it says, or if it has ended."""
        ...

class PlainCall:
    """A plain job in a `PlainProcess`; the others are the arguments of `do_plain`."""
    process: Any
    material: Any

    def __init__(self, process, *material):
        ...

    def __call__(self):
        ...

    def time(self, number):
        ...

def get_bench(config, entries, threads):
    """The material of a helper process; that of the request before is let go."""
    ...

def do_plain(config, entries, threads, name, number):
    """Does a plain job `number` times. Returns seconds per job, and the last result if a number."""
    ...

def interleave(calls, device, repeats=3, at_least=0.2):
    """{name: seconds of each turn} of `calls`, after a call each that does not count. There are two
    turns more for calls below a second; those below `at_least` seconds are repeated."""
    ...

def draw_frame(step):
    """A frame (64, 64) uint8 of a made-up game: a gradient that moves."""
    ...

def fill_dataset(entries, c, actions, device, episode=500):
    """A full dataset of made-up frames, actions and rewards, with an end every `episode` steps."""
    ...

@dataclass(eq=False)
class Bench:
    """The material of all measurements; its `PIECES` are made when first needed. `process` and
    `keeping` are where the plain version runs on a CPU."""
    config: Config
    device: torch.device
    dtypes: list
    entries: int = None
    process: PlainProcess = None
    keeping: PlainProcess = None
    graphed: bool = True
    compiled: bool = False
    plain_calls: dict = field(default_factory=dict)

    def __post_init__(self):
        ...

    def __getattr__(self, name):
        ...

    def plain_call(self, name):
        """The plain job `name` in this process; made once."""
        ...

    def plain(self, name, keeping=False):
        """The plain job `name`: on a CPU in a process of its own, `keeping` freed memory or not."""
        ...

    def compare(self, plain, job, batch, samples, paper=None):
        """The `plain` job, if there is one, with kept memory too where the C library can keep it; and
    `job(system, batch(system))`, a dict of scalar tensors, for each dtype, also as a CUDA graph."""
        ...

    def record(self, job, batch):
        """{name: (dtype, call)} of `job` as CUDA graphs, recorded already; empty on a CPU."""
        ...

def fill(b, device, entries):
    ...

def fill_enough(b, device):
    """As many entries as are enough where sampling is not measured."""
    ...

def draw_batch(b, dataset):
    """A batch of a dataset, plain or not."""
    ...

def make_systems(b):
    ...
PIECES: dict

def random_starts(b):
    """Starts of M dreams, with random latent states and actions."""
    ...

def random_trajectory(b):
    """A trajectory (M, H) with random latent states, actions and rewards."""
    ...

@dataclass
class Variant:
    """One way to do a job: `call()` handles `samples` with `work` operations, if counted; `short`
    handles fewer samples."""
    call: callable
    samples: int
    work: int = None
    dtype: torch.dtype = torch.float32
    short: 'Variant' = None

@dataclass
class Component:
    """A job: `variants` by name, the first to compare with; `paper`'s samples/s; its `ceiling`."""
    unit: str
    variants: dict
    paper: float = None
    ceiling: str = None

    def time(self, device, repeats=3, at_least=0.2):
        """{name: seconds per call in each turn}; of a short variant as (name, 'short')."""
        ...
SIDE_BY_SIDE: int
EVALUATION: dict

def plain_dreams(b):
    ...

def plain_policy_update(b):
    ...

def make_stacks(count, c):
    """Observations (count, S, 64, 64) uint8 of the made-up game."""
    ...

def plain_acting(b, rows, one_by_one=False):
    ...

def plain_evaluation(b, length='frames'):
    """Plays the games of `evaluate` one after the other; returns the number of steps."""
    ...
PLAIN_JOBS: dict

def count_plain(config, name):
    """The operations of the plain job `name`, counted on shapes alone; of one action for 'acting'."""
    ...
KEPT: str

def world_model(b):
    """One joint update of φ and ψ."""
    ...

def imagination(b):
    """M dreams of H steps."""
    ...

def actor_critic(b):
    """One update of actor and critic."""
    ...
BEGUN: Done

def update(b):
    """Sampling a batch, and one update of everything."""
    ...

def sampling(b):
    """Drawing a batch from the full dataset."""
    ...

def act_in_all_ways(b, name, o, rows):
    """Acting on `rows` observations `o`: plain; ours as in training, frozen, compiled if asked for."""
    ...

def acting(b):
    """An action for one observation, which comes from the host."""
    ...

def acting_batch(b):
    """Actions for 50 observations together, and by the plain agent one by one as well."""
    ...

def bare_emulator(b, steps=500):
    """{'bare emulator': random steps without looking at the screen}; empty for a game without one."""
    ...

def environment(b, steps=500):
    """Random steps in a training environment, through ends and resets."""
    ...

def count_steps(play):
    """How many steps environments take while `play()` runs, in this process."""
    ...

def evaluation(b):
    """Games that are cut off early: the plain agent one after the other, ours side by side, frozen."""
    ...

def pretraining(kind):
    """The component of a `kind` of update that has no plain version."""
    ...
COMPONENTS: Any

def make_row(v, seconds, short):
    """The measurement of a variant from the `seconds` of each turn, less those of its `short` one."""
    ...

def measure(component, device, repeats=3, at_least=0.2):
    """A measured component as JSON has it: of each variant a row, and its ratio to the first."""
    ...

def share(result, name, ceiling):
    """The share that the variant `name` has of the `ceiling` {way: operations/s}; None if its work
    is not counted. Plain on a CPU is held against the default way, others against the fastest."""
    ...
HEAD: str

def write_lines(name, result, ceiling):
    """A measured component as lines of a table, 79 columns wide, with shares of the `ceiling`."""
    ...
KINDS: dict
NAMESPACE: Any

def kind_of(operation):
    """The kind, one of `KINDS`, of an operation by the profiler's name of it, as 'aten::addmm'."""
    ...

def profile_call(call, device, times=1):
    """What calls spend time on: `seconds` of one, `shares` by kind, and PyTorch's own `table`."""
    ...
PROFILED: dict
ARITHMETIC: tuple

def say_what_bounds(shares):
    """The largest of `shares` {kind: share} in words, and whether arithmetic takes most of the time."""
    ...
HARNESS: int

def load_results(path):
    """What `twm_bench --json` wrote, {'cpu' or 'cuda': part}. Raises `ConfigError` for another file."""
    ...

def describe_machine(machine):
    """On what was measured, in a line."""
    ...

def describe_ceiling(part):
    """The ceilings of a device, in words."""
    ...

@dataclass
class Axis:
    """What grows: `values` x, what `change` makes of each, and if plain with kept memory is timed."""
    values: tuple
    change: callable
    component: str = 'imagination'
    keeping: bool = False
BASE: dict
SIZES: tuple
AXES: dict

def move_along(axis, config, x):
    """`config` at `x` on an axis, its batch enough to start its dreams. Raises `ConfigError`."""
    ...

def fit_exponent(x, y):
    """k of y ∝ xᵏ, fitted to the logarithms."""
    ...

def fit_each(x, curves):
    ...

def measure_growth(axis, config, device, dtypes, repeats, process, keeping):
    """Median seconds and work of all variants of a component along `axis`, and fitted exponents."""
    ...

def find_disagreement(measured):
    """How far times at equal points of different axes lie from their median, at most, as a share."""
    ...

def probe_memory(config, threads, updates=3):
    """Fills a whole run's dataset, makes some updates. Returns bytes: this process's peak, others."""
    ...

def describe_memory(memory):
    """The measured memory, in words."""
    ...

def choose_components(names):
    """The names in a text with commas; all for 'all'. Raises `ConfigError` for an unknown or none."""
    ...

def check_request(threads, repeats, path):
    """Raises `ConfigError` before anything is measured if the request cannot be met."""
    ...

def find_machine(config, preset_name, device):
    """What a reader of the results has to know about the machine and the settings."""
    ...

def show_progress(name):
    """Says on a terminal what is being measured; the next line of the table takes its place."""
    ...

def run_components(bench, names, repeats, keep, like_paper=True):
    """Measures components, and the ceiling before and after; prints each and hands it to `keep`."""
    ...

def run_growth(config, device, dtype, repeats, keep):
    """Measures all axes; prints the exponents of each when it is done, and hands it to `keep`."""
    ...

def run_profile(bench, keep):
    """Profiles our versions in the last dtype, prints what bounds each, and hands it to `keep`."""
    ...

def measure_request(preset_name: str, components: str | None, options: dict, repeats: int, path: str | Path | None=None, memory: bool=False, curves: bool=False, compiled: bool=False, profile: bool=False) -> None:
    """What `twm_bench` does. Raises `ConfigError` before anything is measured."""
    ...
