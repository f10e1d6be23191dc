# Made from trainer.py by scripts/make_stubs.py.
"""Algorithm 1: collect, train the world model, dream, train the policy; with pretraining, a budget in samples, runs that go on after an interruption, and what `twm_train` does."""
from typing import Any
from dataclasses import dataclass
from pathlib import Path
import torch
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Trajectory, WorldModel
from .actor_critic import ActorCritic
from .agent import Agent
from .checkpoint import Loaded, StopSignals
__all__ = ['TAGS', 'PHASES', 'NOTHING', 'RUN_FILES', 'Schedule', 'samples_per_update', 'schedule', 'updates_due', 'NumbersError', 'RunLog', 'is_sound', 'numbered', 'read_metrics', 'work', 'Lines', 'bar_options', 'Progress', 'Trainer', 'new_dataset', 'shuffled', 'learn', 'Graphed', 'replace_config', 'all_weights', 'load_weights', 'save_models', 'load_models', 'moved', 'left_over', 'check_contents', 'status', 'had_checkpoints', 'claim', 'prepare_folder', 'remove', 'clear', 'longest_stretch', 'motion', 'showcase', 'dream_strip', 'learning_curve', 'parameter_counts', 'run_folders', 'file_name', 'train_run', 'what_next', 'explained', 'train_all', 'check_environments', 'own_fields', 'configurations', 'exit_code', 'train_games']

@dataclass(frozen=True)
class Schedule:
    """How many updates of each kind a run makes: `observation`, `dynamics` and `actor_critic` in pretraining,
    then `updates` of all three."""
    observation: int
    dynamics: int
    actor_critic: int
    updates: int

def samples_per_update(config: Config) -> int:
    """N·ℓ real and M·H imagined samples."""
    ...

def schedule(config: Config) -> Schedule:
    """The numbers of updates that the budgets of `config` allow (§A.3; shares from the release)."""
    ...

def updates_due(interactions: int, total_interactions: int, total_updates: int) -> int:
    """How many of `total_updates` should have been made after `interactions` of `total_interactions`; all if
    there is nothing to collect."""
    ...

class NumbersError(RuntimeError):
    """The numbers of a run went wrong. The message says which ones, and where."""

class RunLog:
    """Writes `metrics.jsonl` and TensorBoard files in `folder`; `add` collects tensors without fetching them,
    `write` fetches their means and calls `on_line` with the line. With the `state` of an earlier one it goes on from
    there; see below."""
    sums: dict
    counts: dict
    began: Any
    on_line: Any
    before: Any
    paused: float
    file: Any
    board: Any

    def __init__(self, folder: Path, state: dict | None=None, device='cpu', on_line=lambda line: None):
        ...

    def add(self, metrics: dict) -> None:
        """Adds one update's metrics, tensors of one element."""
        ...

    def means(self) -> dict:
        """The mean of each metric since the last `write`; one transfer from the device. Raises `NumbersError`."""
        ...

    def close(self) -> None:
        """Closes its files; what a full disk has no room for is lost."""
        ...

    def write(self, phase: str, step: int, **numbers) -> dict:
        """Writes one line: `numbers`, and (but for an evaluation, which comes between updates) the means of
    what was added. Returns it. Raises `NumbersError` if one of them is NaN or infinite, and writes nothing."""
        ...

    def seconds(self) -> float:
        """How long the run has computed, interruptions not counted."""
        ...

    def draw(self, line: dict) -> None:
        """Adds the numbers that `TAGS` names, and rates, to TensorBoard, at the run's own time."""
        ...

    def rates(self, line: dict) -> dict:
        """The updates made, and rates since the line of training before; evaluations take no time here."""
        ...

    def draw_config(self, config: Config) -> None:
        """Tells TensorBoard the fields of `config`, so that runs can be compared by them and by their scores."""
        ...

    def state(self) -> dict:
        """What an interrupted log goes on from. All lines are on the disk when this returns."""
        ...

    def go_on(self, path: Path, state: dict, device) -> None:
        """Takes over a `state`, and cuts off what `path` holds beyond it."""
        ...
TAGS: dict

def is_sound(line: bytes) -> bool:
    """Is it a line as `RunLog.write` writes them?"""
    ...

def numbered(what: str, numbers: list) -> str:
    """`'lines 3, 4'`; the first five, and how many more."""
    ...

def read_metrics(folder) -> list[dict]:
    """The lines of a run's `metrics.jsonl`."""
    ...

def work(config: Config) -> dict:
    """Rough work of one update of each kind in `Schedule`, in training passes of φ over one observation."""
    ...

class Lines:
    """A stderr for tqdm that makes a line of each drawing of a bar."""

    def write(self, text: str) -> None:
        ...

    def flush(self) -> None:
        ...

def bar_options() -> dict:
    """How tqdm draws: a bar where someone can watch it, else a line each minute, and none in the first one."""
    ...

class Progress:
    """One bar for a run: work done, rates, time left (once a little is done), last score."""
    work: Any
    form: Any
    bar: Any
    began: Any
    interactions: int
    updates: int
    score: Any
    before: int

    def __init__(self, config: Config, show: bool=True):
        ...

    def catch_up(self, made: dict) -> None:
        """Moves the bar to where a run goes on: `made` says how many updates of each kind of `Schedule` there were."""
        ...

    def advance(self, kind: str=None, interactions: int=0) -> None:
        """Notes one update of a `kind` of `Schedule`, or interactions."""
        ...

    def show(self, phase: str='') -> None:
        """Refreshes the rates (per second since the phase began), and the last score."""
        ...

    def phase(self) -> None:
        """A new phase: the rates start anew."""
        ...

    def close(self) -> None:
        ...

class Trainer:
    """One training run of `config` in the folder `run_dir`. `fit()` does it all; `show` draws a progress bar on stderr,
    `on_line` is called with each new line of `metrics.jsonl`, a dict. Raises `ConfigError` for a game or device that is
    not there, or frames that do not fit into memory."""
    config: Config
    folder: Path
    show: bool
    on_line: Any
    device: Any
    schedule: Any
    random: Any
    env: Any
    dataset: Any
    world_model: WorldModel
    actor_critic: ActorCritic
    agent: Agent
    generator: Any
    learn: Any
    reward: float
    first: bool
    frames: int
    updates: int
    scores: list
    phase: Any
    made: dict
    left: Any
    playing: list
    evaluating: Any
    final: Any
    collapsed: int
    checkpoints: Any
    signals: StopSignals
    replaced: dict
    o: Any
    saved: tuple
    log: RunLog
    progress: Progress

    def __init__(self, config: Config, run_dir, show: bool=False, on_line=lambda line: None):
        ...

    def fit(self, overwrite: bool=False) -> dict:
        """Prefill, pretraining, training, final evaluation; writes the run folder. Goes on from the last checkpoint if the
    folder holds an unfinished run of this configuration; `overwrite` starts it over. Returns {game: [mean score]}.
    Raises `ConfigError` if the folder holds anything else, `Stopped` on SIGINT or SIGTERM (all is saved then),
    `NumbersError`, `StorageError`, `GameError`."""
        ...

    def run(self) -> dict:
        """The phases from the present one on; saves when it is asked to stop."""
        ...

    def begin_phase(self, phase: str) -> None:
        """Between two phases: saves if the last checkpoint is old enough (`finish` saves by itself)."""
        ...

    def interact(self, action: int) -> None:
        """Takes `action`, stores what comes of it, and resets the environment where an episode ended."""
        ...

    def prefill(self) -> None:
        """The first interactions are those of a uniformly random policy."""
        ...

    def pretrain(self) -> None:
        """Pretraining on the prefill: φ, then ψ on φ's codes, then actor and critic (§A.3; shares and the order
    of the data from the release, but for the ends of its passes)."""
        ...

    def pretraining_update(self, kind: str, metrics: dict) -> None:
        """Notes one update of pretraining, of a `kind` of `Schedule`."""
        ...

    def pretrain_observation(self) -> None:
        """φ on shuffled single observations."""
        ...

    def encode_dataset(self, chunk: int=512) -> torch.Tensor:
        """The encoder's logits (T+1, V, K) for all stored observations."""
        ...

    def window(self, starts, length: int):
        """Transitions of sequences of `length` steps from `starts`, with context and without images, and the
    indices (N, length+2) of their observations."""
        ...

    def pretrain_dynamics(self, logits) -> None:
        """ψ on non-overlapping windows of ℓ steps."""
        ...

    def real_trajectory(self, logits, starts) -> Trajectory:
        """Windows of H stored steps from `starts` (M,) as a `Trajectory`, with codes sampled from `logits`."""
        ...

    def pretrain_actor_critic(self, logits) -> None:
        """Actor and critic on non-overlapping windows of H steps."""
        ...

    def learner(self):
        """A function of a batch that makes one update of everything; on a GPU a CUDA graph."""
        ...

    def update(self) -> dict:
        """Draws a batch and learns from it. Returns metrics, tensors on the device."""
        ...

    def train(self) -> None:
        """Interacts and updates by turns until both budgets are spent; evaluates every `evaluation_every` interactions."""
        ...

    def training_update(self) -> None:
        """One update and its record."""
        ...

    def watch_entropy(self, entropy: float, patience: int=10) -> None:
        """Raises `NumbersError` if the normalised entropy of the encoder has collapsed, `patience` lines in a row."""
        ...

    def evaluate(self, episodes: int) -> list:
        """Plays `episodes` whole games with the present weights and notes the mean. Returns the raw scores, those that
    `twm_nb.evaluation.evaluate` gives."""
        ...

    def play_some(self, agent, seeds) -> None:
        """Plays a game for each of `seeds`, side by side. These games are what an interruption can cost an evaluation."""
        ...

    def workers(self) -> int:
        """How many processes play the games of an evaluation."""
        ...

    def first_evaluation(self) -> None:
        """The evaluation between pretraining and training."""
        ...

    def finish(self) -> dict:
        """The final evaluation, the agent, the scores and the pictures. Returns {game: [mean score]}."""
        ...

    def state(self) -> dict:
        """All that decides how the run goes on, except weights and frames; tensors on the CPU, numbers, texts and bytes."""
        ...

    def optimisers(self) -> dict:
        """The four optimisers by name."""
        ...

    def restore(self, loaded: Loaded) -> None:
        """Becomes the trainer that a checkpoint was taken of."""
        ...

    def restore_experience(self, s: dict, frames) -> None:
        """The dataset, from the state `s` and the frames (n, 64, 64) uint8 of a checkpoint."""
        ...

    def restore_generators(self, g: dict) -> None:
        """All random generators. Last, since nothing that follows may draw from them."""
        ...

    def spent(self) -> tuple[float, float]:
        """The shares of the budgets that are spent: of the samples, and of the interactions."""
        ...

    def since_saved(self) -> tuple[float, float]:
        """Seconds since the last checkpoint, and the share of that budget of which more was spent since."""
        ...

    def safe_place(self) -> None:
        """Called where the run can be taken up again: saves if it is time, and stops if that was asked for."""
        ...

    def save(self) -> None:
        """Writes a checkpoint. Raises `NumbersError`, and writes nothing, if a number in it is NaN or infinite."""
        ...

    def facts(self) -> dict:
        """What a reader of a checkpoint wants to know, and what the machine it goes on on must share."""
        ...

    def where(self) -> str:
        """Where the run is, in words."""
        ...

    def note(self, event: str, **facts) -> None:
        """Adds a line to `history.jsonl`, the record of beginnings and ends."""
        ...

    def tell(self, sentence: str) -> None:
        """Says something on stderr."""
        ...

    def open_folder(self, overwrite: bool) -> None:
        """Begins, goes on or extends, as the folder says. Raises `ConfigError`, and changes nothing, where none is possible."""
        ...

    def check_machine(self, facts: dict) -> None:
        """Raises `ConfigError` if a run cannot go on here, and says where it will not be the same."""
        ...

    def begin(self, interrupted: bool) -> None:
        """Begins a run in its folder."""
        ...

    def go_on(self, loaded: Loaded) -> None:
        """Goes on from a checkpoint."""
        ...
PHASES: tuple
NOTHING: Any

def new_dataset(config: Config, device) -> ReplayDataset:
    """An empty dataset with room for all interactions. Raises `ConfigError` if there is no memory for it."""
    ...

def shuffled(left, n: int, size: int, offsets: int=1):
    """`size` indices (size,) from endless passes over 0…n−1, each pass in a new order, and what is left of the
    present pass; `left` is what the call before left over. With `offsets`=ℓ the passes go over non-overlapping
    windows: every ℓ-th index from a random offset below ℓ."""
    ...

def learn(world_model: WorldModel, actor_critic: ActorCritic, batch: Batch) -> dict:
    """One update of everything: world model, dream, critic and actor. Returns metrics, tensors on the device."""
    ...

class Graphed:
    """`update`, a function of a `Batch` to a dict of scalar tensors, as one CUDA graph, after `warm_up` calls
    that run it as it is. All batches must have the shapes of the first."""
    update: Any
    warm_up: int
    calls: int
    graph: Any
    stream: Any
    batch: Batch
    names: list
    values: Any

    def __init__(self, update, warm_up: int=3):
        ...

    def __call__(self, batch: Batch) -> dict:
        ...

    def aside(self, batch: Batch) -> dict:
        """An ordinary update, on a stream of its own as CUDA asks of what precedes a recording."""
        ...

    def record(self, batch: Batch) -> None:
        """Records an update without running it; the metrics become one tensor, so that they are copied in one go."""
        ...

def replace_config(config: Config, path: Path) -> None:
    """As `save_config`, whole or not at all."""
    ...

def all_weights(world_model: WorldModel, actor_critic: ActorCritic, dtype=torch.float32) -> dict:
    """All weights by name, on the CPU and as `dtype`."""
    ...

def load_weights(world_model: WorldModel, actor_critic: ActorCritic, weights: dict) -> None:
    """Puts what `all_weights` gave into models. Raises `RuntimeError` where it does not fit."""
    ...

def save_models(world_model: WorldModel, actor_critic: ActorCritic, folder, dtype=torch.float32) -> None:
    """Writes all weights, as `dtype`, to `models.safetensors` and their configuration to `config.json` in `folder`."""
    ...

def load_models(folder, device='cpu') -> tuple[WorldModel, ActorCritic]:
    """The models that `save_models` wrote to `folder`, in float32 and evaluation mode on `device`. Raises
    `ConfigError` if they are missing or do not fit their configuration."""
    ...

def moved(values: dict, device) -> dict:
    """`values` with its tensors, and those in its lists, on `device`."""
    ...
RUN_FILES: tuple

def left_over(name: str) -> str:
    """`x` for `x.new-123`, what a crash leaves of writing x; other names as they are."""
    ...

def check_contents(folder: Path, overwrite: bool=False) -> None:
    """Raises `ConfigError` if `folder` is a file, or holds something that a run did not write. Beside a run to go on
    with that may lie; for a new one, and to `overwrite`, it may not."""
    ...

def status(folder: Path, config: Config) -> str:
    """What `folder` is for a run of `config`: 'new', 'unfinished', 'finished', or 'finished, to be extended'. Raises
    `ConfigError` if it is for another one."""
    ...

def had_checkpoints(folder: Path) -> bool:
    """Does the history of the run in `folder` say that it has written a checkpoint? (Frames alone say nothing: they are
    there before the first checkpoint is whole.)"""
    ...

def claim(folder: Path, config: Config, overwrite: bool) -> bool:
    """Is there something to do for a run of `config` in `folder`? False if that very run is already finished there.
    Raises `ConfigError` if the folder is for another one or in use. Changes nothing."""
    ...

def prepare_folder(folder: Path) -> None:
    """Makes the folder of a run. Raises `ConfigError` where that is impossible."""
    ...

def remove(path: Path) -> None:
    """Removes a file or a folder."""
    ...

def clear(folder: Path, but=()) -> None:
    """Removes what a run has written in `folder`, except the names `but`. Interrupted, it leaves what looks neither
    finished nor like no run at all."""
    ...

def longest_stretch(d, limit: int) -> int:
    """The longest run of steps without an end before its last step, `limit` at most; `d` (T,) bool."""
    ...

def motion(dataset: ReplayDataset, first: int) -> torch.Tensor:
    """Mean absolute change of the frame at each step from entry `first` on, (T − first,) in [0, 1]."""
    ...

def showcase(dataset: ReplayDataset, length: int, count: int=2, recent: int=5000) -> torch.Tensor:
    """Starts of up to `count` stretches of `length` steps within one episode, apart, from the `recent` newest
    entries; those in which much moves and a reward comes are preferred."""
    ...

def dream_strip(world_model: WorldModel, dataset: ReplayDataset, limit: int=14):
    """A figure of true frames, with their reconstructions and open-loop dreams below them. The first frames of a dream
    are what the model was shown; at least ten are dreamed where the stretch has so many. Below each dream stand its
    rewards and discounts, the true ones in brackets."""
    ...

def learning_curve(folder):
    """A figure of a run: scores of its evaluations, and losses of the world model during training."""
    ...

def parameter_counts(config: Config, num_actions: int) -> dict:
    """Numbers of trainable parameters of the models of `config` (Table 5)."""
    ...

def run_folders(folder, games, seeds) -> dict:
    """{(game, seed): folder}: `folder` itself for a single run, else one folder each within."""
    ...

def file_name(game: str) -> str:
    """The name of a game without the characters that a file name cannot have."""
    ...

def train_run(config: Config, folder: Path, overwrite: bool) -> None:
    """One run, announced and reported on stdout."""
    ...

def what_next(folder: Path) -> str:
    """What the same command does with a run that was stopped at once."""
    ...

def explained(error: Exception, trainer: Trainer) -> str:
    """A sentence about an error in the middle of a run: what, where, what is left, and what to do."""
    ...

def train_all(configs: dict, folder, overwrite: bool) -> int:
    """The runs {(game, seed): Config} one after the other; those that are finished are left alone, unfinished ones go
    on. All folders are looked at before the first run begins. A run whose numbers go wrong, or
    whose game fails, does not stop the others.
    Returns the exit code."""
    ...

def check_environments(configs) -> None:
    """Makes and closes each environment of Gymnasium that `configs` name. Raises `ConfigError` for one that is unfit."""
    ...

def own_fields(overrides: dict) -> dict:
    """`overrides`, if none of them has an option of its own. Raises `ConfigError` else, so that nothing is
    dropped silently."""
    ...

def configurations(preset_name: str, games: list, seeds: list, overrides: dict) -> dict:
    """{(game, seed): Config} for the command line's values. Raises `ConfigError` before anything is started."""
    ...

def exit_code(error: Exception) -> int:
    """Prints one sentence about a machine without room and returns the exit code 1. Raises any other error."""
    ...

def train_games(game, preset_name: str, run, seed: int, seeds: int, device: str, dtype, overrides: list, overwrite: bool) -> None:
    """What `twm_train` does. Raises `ConfigError` for bad input, `KeyboardInterrupt` where a run is stopped
    at once; what else ends the runs early ends the process, with an exit code of the table below."""
    ...
