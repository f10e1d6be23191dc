# Made from speed.py by scripts/make_stubs.py.
"""What an update, a dream and a step cost, side by side with a plain reading of the paper; and what `twm_bench` does."""
from typing import Any
from dataclasses import dataclass
import numpy as np
import torch
import torch.distributions as D
from torch import nn
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Starts, Trajectory, WorldModel
from .actor_critic import ActorCritic
from .agent import Agent
__all__ = ['SECOND_WAY', 'KEPT', 'SIDE_BY_SIDE', 'EVALUATION', 'PLAIN_JOBS', 'COMPONENTS', 'HEAD', 'KINDS', 'NAMESPACE', 'PROFILED', 'ARITHMETIC', 'HARNESS', 'SECTIONS', 'RELEASED', 'GOALS', 'BASE', 'AXES', 'LINES', 'HighestPrecision', 'synchronise', 'matmul_rate', 'product_error', 'ceilings', 'name_of', 'linear_work', 'code_width', 'code_work', 'encoder_work', 'decoder_work', 'layer_work', 'layers_work', 'position_work', 'head_work', 'embedding_work', 'observation_work', 'dynamics_work', 'world_model_work', 'actor_work', 'imagination_work', 'actor_critic_work', 'acting_work', 'plain_mlp', 'PlainEncoder', 'PlainDecoder', 'copy_weights', 'draw', 'draw_with_gradient', 'plain_sinusoid', 'shifted', 'PlainAttention', 'PlainLayer', 'PlainTransformer', 'PlainMemory', 'PlainDynamics', 'PlainWorldModel', 'plain_step', 'one_hot_codes', 'as_plain', 'PlainActorCritic', 'PlainAgent', 'PlainDataset', 'memory_can_be_kept', 'PlainProcess', 'PlainCall', 'answer', 'serve', 'timed', 'interleaved', 'moving_blocks', 'filled_dataset', 'Bench', 'Variant', 'Component', 'plain_learn', 'plain_dreams', 'plain_actor_critic_update', 'plain_agent', 'plain_acting', 'shortened', 'plain_evaluation', 'has_graphs', 'world_model', 'imagination', 'actor_critic', 'update', 'sampling', 'fast_agent', 'stacks', 'acting_variants', 'acting', 'acting_batch', 'random_play', 'bare_play', 'bare_variant', 'environment', 'counted_steps', 'evaluation', 'pretrain_phi', 'pretrain_psi', 'pretrain_policy', 'row_of', 'measured', 'ratio', 'share', 'text_lines', 'kind_of', 'profiled', 'variant_to_profile', 'what_bounds', 'profile_table', 'profile_figure', 'stamp', 'stamped', 'is_part', 'load_results', 'outdated', 'highest', 'save_results', 'machine_text', 'results_table', 'ceiling_text', 'device_title', 'at_share_of_release', 'in_words', 'release_table', 'bar_figure', 'against', 'goals_table', 'Axis', 'growth_config', 'exponent', 'point', 'growth', 'disagreement', 'growth_figure', 'growth_table', 'parts_of_a_run', 'seconds_of', 'projection', 'projection_table', 'peak_memory', 'memory_probe', 'measured_memory', 'memory_text', 'chosen_components', 'check_request', 'describe_machine', 'progress', 'paper_figure', 'run_components', 'run_growth', 'run_profile', 'check_growth', 'check_file', 'bench_all', 'measure_request']

class HighestPrecision:
    """A context in which float32 matrix products and convolutions are true float32, whatever the process has chosen."""
    before: tuple

    def __enter__(self):
        ...

    def __exit__(self, *error):
        ...

def synchronise(device) -> None:
    """Waits for the work that was given to `device`; on a CPU there is nothing to wait for."""
    ...

def matmul_rate(dtype, device, sizes=None, repeats: int=5, precision: str='highest') -> float:
    """The operations per second (a multiply-add counts as two) of a product of two square matrices on `device` in
    `dtype`: the best of `repeats` runs at the best of `sizes`. `precision` is that of
    `torch.set_float32_matmul_precision`, and is set within only."""
    ...
SECOND_WAY: dict

def product_error(precision: str, device, n: int=512) -> float:
    """The error of a product of float32 matrices at a `precision` of PyTorch, relative to the product in float64."""
    ...

def ceilings(device, sizes=None, repeats: int=5) -> dict:
    """{'float32', 'bfloat16': operations per second of products on `device`}, and a second way for float32, if its
    error is not above that of `SECOND_WAY`."""
    ...

def name_of(dtype) -> str:
    """torch.float32 → 'float32'."""
    ...

def linear_work(*widths) -> int:
    """Operations of linear layers of these `widths` on one row; a multiply-add counts as two, a bias as nothing."""
    ...

def code_width(c: Config) -> int:
    """V·K, the width of a flattened one-hot code."""
    ...

def code_work(c: Config, width: int, lean='', training: bool=True) -> int:
    """Operations of a layer that reads a code, forward. On a CPU (`lean` is 'cpu') our version sums rows of the weight
    in place of a product with a one-hot vector, unless the layer is small and trained (notebook 04): 0."""
    ...

def encoder_work(c: Config) -> tuple:
    """Operations of the encoder on one stack of frames, and those of its first convolution."""
    ...

def decoder_work(c: Config) -> int:
    """Operations of the decoder on one code."""
    ...

def layer_work(c: Config, new: int, keys: int, projected: int, rows: int) -> int:
    """Operations of a transformer layer on one sequence: `new` queries for `keys` keys, when `projected` tokens go
    through the joint projection and `rows` tokens through what follows attention."""
    ...

def layers_work(c: Config, new: int, keys: int, projected: int, last: int) -> int:
    """Operations of all layers, of which the last puts out `last` tokens only."""
    ...

def position_work(c: Config, distances: int) -> int:
    """Operations that project the encodings of `distances` distances in all layers, once for a whole batch."""
    ...

def head_work(c: Config) -> tuple:
    """Operations on one hidden state: of the latent predictor, and of those of reward and discount together."""
    ...

def embedding_work(c: Config, lean='', training: bool=True) -> int:
    """Operations that embed one latent state and one reward."""
    ...

def observation_work(c: Config, frames: int) -> int:
    """Operations of an update of φ on `frames` stacks."""
    ...

def dynamics_work(c: Config, lean='') -> int:
    """Operations of an update of ψ on N sequences. `lean` ('cpu', 'cuda') is our version on such a device: the last
    layer puts out the action tokens only, and see `code_work`."""
    ...

def world_model_work(c: Config, lean='') -> int:
    """Operations of a joint update: φ, ψ, and encodings without gradient of the context, the next and the fresh
    observations."""
    ...

def actor_work(c: Config, actions: int, lean='') -> int:
    """Operations of the actor on one latent state, without training."""
    ...

def imagination_work(c: Config, actions: int, lean='') -> int:
    """Operations of M dreams of H steps. Plain: all tokens in memory and all position encodings are projected again at
    each step. `lean` ('cpu', 'cuda'): new tokens only, encodings once, the last layer puts out the action token alone,
    and see `code_work`."""
    ...

def actor_critic_work(c: Config, actions: int, lean='') -> int:
    """Operations of an update of actor and critic; the critic also values the state after the last step, of which our
    version (`lean`) needs no gradient."""
    ...

def acting_work(c: Config, actions: int, lean='') -> int:
    """Operations of encoder and actor for one observation."""
    ...

def plain_mlp(in_features: int, units, out_features: int, dropout: float=0.0) -> nn.Sequential:
    """Linear layers with SiLU, and dropout if there is any, between them: (…, in_features) → (…, out_features)."""
    ...

class PlainEncoder(nn.Sequential):
    """Stacks of frames (B, S, 64, 64), float in [0, 1] → logits (B, V·K)."""

    def __init__(self, c: Config):
        ...

class PlainDecoder(nn.Sequential):
    """One-hot codes (B, V·K) → means (B, S, 64, 64)."""

    def __init__(self, c: Config):
        ...

def copy_weights(plain: nn.Module, fast: nn.Module) -> nn.Module:
    """Gives `plain` the weights of `fast`, whose parameters stand in the same order. Returns `plain`. Raises
    `ValueError` if their numbers or shapes differ."""
    ...

def draw(distribution):
    """A sample of `distribution`: the one place where the plain version draws latent states and actions."""
    ...

def draw_with_gradient(distribution):
    """A straight-through sample (§2.1): what `draw` gives, with the gradient of the probabilities."""
    ...

def plain_sinusoid(distances, size: int):
    """Sines and cosines (K, size) of `distances` (K,)."""
    ...

def shifted(x):
    """From a column per distance (K−1 … 0) to a column per key, (B, heads, n, K), by padding and cutting anew."""
    ...

class PlainAttention(nn.Module):
    """Relative attention of new tokens to memory and themselves; memory is projected again."""
    split: tuple
    scale: Any
    qkv: Any
    position: Any
    out: Any
    dropout: Any

    def __init__(self, c: Config):
        ...

    def forward(self, context, n: int, S, u, v, unseen):
        """Outputs (B, n, D) for the last `n` tokens of `context` (B, K, D), with position encodings `S` (K, D), biases
        `u` and `v` (heads, dh), and `unseen` (B, 1, n, K) bool: where a query may not look."""
        ...

class PlainLayer(nn.Module):
    """Attention and feed-forward, each added to its input and then normalised."""
    attention: PlainAttention
    feed_forward: Any
    norm1: Any
    norm2: Any

    def __init__(self, c: Config):
        ...

    def forward(self, x, context, *attention):
        """(B, n, D) for new tokens `x`, the last of `context` (B, K, D)."""
        ...

class PlainTransformer(nn.Module):
    """Transformer-XL whose memory is hidden states: each layer's inputs of the last tokens."""
    size: Any
    memory_tokens: Any
    u: Any
    v: Any
    layers: Any
    dropout: Any

    def __init__(self, c: Config):
        ...

    def forward(self, x, memory, unseen):
        """Outputs (B, n, D) for new tokens `x`, and the new memory. `memory` is a list of (B, m, D), one per layer, or
        None; `unseen` (B, 1, n, m + n)."""
        ...

@dataclass
class PlainMemory:
    """What a plain dream remembers: per layer hidden states (B, m, D), and the segments (B, m) of these tokens."""
    hidden: list
    segments: torch.Tensor

class PlainDynamics(nn.Module):
    """ψ in the most obvious form; latent states are one-hot codes (…, V·K)."""
    z_embedding: Any
    a_embedding: Any
    r_embedding: Any
    transformer: PlainTransformer
    latent_head: Any
    reward_head: Any
    discount_head: Any

    def __init__(self, c: Config, actions: int):
        ...

    def unseen(self, queries, keys, is_reward):
        """(B, 1, n, K) bool for the segments of `keys` (B, K) and of `queries` (B, n), which are the last n of the
        keys; `is_reward` (n,) says which queries are r tokens."""
        ...

    def sequence(self, z, a, r, d):
        """Hidden states (B, T, D) at the action tokens of T real steps z (B, T, V·K), a, r, d (B, T)."""
        ...

    def extend(self, memory: PlainMemory, r, z, a, stop):
        """Appends r (B,) of the step before, z (B, V·K) and a (B,); where `stop` (B,) bool, z and a open a new segment.
    Returns h (B, D) at a, and the new memory. Without memory (None), r and stop are not used."""
        ...

class PlainWorldModel(nn.Module):
    """φ and ψ with two losses and two optimisers. Knows the main setting of the paper; raises `ConfigError` for a
    model without rewards, without memory, or with a policy that sees h."""
    config: Config
    observation_model: Any
    dynamics: Any
    optimisers: dict

    def __init__(self, c: Config, actions: int, device='cpu'):
        ...

    @classmethod
    def from_fast(cls, fast: WorldModel) -> 'PlainWorldModel':
        """A plain model with the weights of `fast`."""
        ...

    def codes(self, o, kind=D.OneHotCategorical):
        """The distribution (…, V, K) of the codes of stacks `o` (…, S, 64, 64) in [0, 1]."""
        ...

    def prior(self, h):
        """The predicted distribution (…, V, K) of the next code for hidden states h (…, D)."""
        ...

    def observation_terms(self, o, posterior, z, predicted) -> dict:
        """The terms of eq. 3 for stacks o (N, L, S, 64, 64) in [0, 1], the distributions `posterior` (N, L, V, K) of their
    codes, samples z (N, L, V·K) of them, and ψ's log-probabilities `predicted` (N, L, V, K), without gradient."""
        ...

    def dynamics_terms(self, target, predicted, h, batch: Batch) -> dict:
        """The terms of eq. 4 for the encoder's probabilities `target` (N, L, V, K) of the next codes, ψ's
    log-probabilities `predicted` (N, L, V, K) of them, and hidden states h (N, L, D)."""
        ...

    def losses(self, batch: Batch):
        """L_obs and L_dyn (eqs. 3 and 4), their six terms, and the codes (N, L+1, V·K) of context and trained steps."""
        ...

    def update(self, batch: Batch):
        """One update of φ, one of ψ. Returns the six terms, and `Starts` whose latent states are one-hot codes (…, V·K)."""
        ...

    def imagine(self, actor, starts: Starts, horizon: int) -> Trajectory:
        """M dreams of `horizon` steps (§2.2). The codes in `starts` and in the `Trajectory` are one-hot, (…, V·K)."""
        ...

def plain_step(loss, optimiser, parameters, max_norm: float) -> None:
    """Backward, clip, step."""
    ...

def one_hot_codes(z, classes: int):
    """Indices (…, V) → one-hot codes (…, V·K) float32."""
    ...

def as_plain(x, classes: int):
    """`Starts` or a `Trajectory` as the plain version has them, with one-hot codes in place of indices."""
    ...

class PlainActorCritic(nn.Module):
    """Policy and value as MLPs on one-hot codes, each with its own loss, backward pass and optimiser."""
    config: Config
    actor: Any
    critic: Any
    optimisers: dict

    def __init__(self, c: Config, actions: int, device='cpu'):
        ...

    @classmethod
    def from_fast(cls, fast: ActorCritic) -> 'PlainActorCritic':
        """Plain networks with the weights of `fast`."""
        ...

    def losses(self, t: Trajectory):
        """The losses of actor and critic (§2.2, eq. 5) for a trajectory of one-hot codes."""
        ...

    def update(self, t: Trajectory) -> None:
        """One update of actor and critic on a trajectory of one-hot codes."""
        ...

class PlainAgent:
    """Acts on observations: encode, likeliest code as one-hot vector, actor, sample."""
    encoder: Any
    actor: Any
    config: Config
    device: Any

    def __init__(self, encoder, actor, c: Config, device):
        ...

    def policy(self, observations):
        """π(a|z), a distribution over m actions for each of the observations (B, S, 64, 64) uint8."""
        ...

    def act(self, observation) -> int:
        """An action for one observation (S, 64, 64) uint8."""
        ...

    def act_all(self, observations) -> list:
        """An action for each of the observations (B, S, 64, 64) uint8."""
        ...

    def play(self, env, seed: int) -> int:
        """Plays one whole game; returns the number of its steps."""
        ...

class PlainDataset:
    """The entries of `dataset` with their observations as whole stacks, (T+1, S, 64, 64) uint8."""
    o: Any
    a: Any
    r: Any
    terminated: Any
    d: Any
    visits: Any

    def __init__(self, dataset: ReplayDataset):
        ...

    def sample(self, n: int, L: int, tau: float, fresh: int) -> Batch:
        """A `Batch` as `ReplayDataset.sample` gives it, but no sequence starts at entry 0, which has no context."""
        ...
KEPT: str

def memory_can_be_kept(device) -> bool:
    """Is `device` a CPU of a system whose C library can be told to keep freed memory?"""
    ...

class PlainProcess:
    """A process with plain versions only, which meet memory as they would anywhere; with `keeps_memory` the C library
    of the process keeps freed memory. It starts with the first request and ends with this object."""
    process: Any
    keeps_memory: bool

    def __init__(self, keeps_memory: bool=False):
        ...

    def start(self) -> None:
        """Starts the process."""
        ...

    def ask(self, material: tuple, name: str, number: int) -> tuple:
        """Does the plain job `name` `number` times with the `material` (config, entries, threads). Returns seconds per
        job, and what the last one returned, if that is a number. Raises `ConfigError` with what the job says, or if
        there is no answer."""
        ...

    def close(self) -> None:
        """Ends the process; a later request starts another."""
        ...

@dataclass
class PlainCall:
    """The plain job `name` in a `PlainProcess`, with its `material`."""
    process: PlainProcess
    material: tuple
    name: str

    def __call__(self):
        ...

    def timed(self, number: int) -> float:
        """Seconds per job, by the clock of the process that does it."""
        ...

def answer(bench, name: str, number: int) -> tuple:
    """What `PlainProcess.ask` gets: the error or None, seconds per job, the number that the last one returned."""
    ...

def serve(keeps_memory: bool=False) -> None:
    """The loop of a `PlainProcess`: a line of JSON from stdin for each request, one to stdout for each answer. With
    `keeps_memory` the process is told to keep freed memory."""
    ...

def timed(call, number: int, device) -> float:
    """Seconds per call, over `number` calls in a row on `device`; a `PlainCall` takes its time itself."""
    ...

def interleaved(calls: dict, device, repeats: int=3, at_least: float=0.2) -> dict:
    """{name: seconds of each turn} of `calls` {name: callable}, measured in turn after a call each that does not count.
    There are `repeats` turns; calls shorter than a second get two more. A call shorter than `at_least` seconds is
    repeated within a turn. Each turn begins with another of the calls."""
    ...

def moving_blocks(step: int) -> np.ndarray:
    """A frame (64, 64) uint8 of a made-up game: three bright blocks that move over a gradient."""
    ...

def filled_dataset(entries: int, c: Config, actions: int, device, episode: int=500) -> ReplayDataset:
    """A full dataset of `entries` made-up entries: `moving_blocks`, random actions and rewards, an end every `episode`
    steps."""
    ...

class Bench:
    """The material of all measurements, each piece made when it is first needed: a full dataset, and models in plain
    form and, for each of `dtypes`, in fast form, of the sizes of `config`, on `device`. The dataset gets `entries`
    entries (default: a whole run's), but only where sampling is measured; elsewhere a batch comes from a short one.
    `compiled` asks for compiled variants where there are any, `graphed` for CUDA graphs. `process` is where the plain
    version runs on a CPU, `keeping` where it runs with kept memory."""
    config: Config
    device: Any
    dtypes: tuple
    compiled: bool
    process: Any
    keeping: Any
    plain_calls: dict
    graphed: bool
    entries: Any
    env: Any
    actions: Any
    dataset: Any
    plain_dataset: Any
    batch: Any
    world_models: Any
    actor_critics: Any
    graph_models: Any
    plain_world_model: Any
    plain_actor_critic: Any

    def __init__(self, config: Config, device, dtypes, entries: int=None, compiled: bool=False, process: PlainProcess=None, keeping: PlainProcess=None):
        ...

    def fast(self, kind) -> dict:
        """{dtype: a `WorldModel` or an `ActorCritic`}."""
        ...

    def sample(self, dataset) -> Batch:
        """A batch of a dataset, plain or not."""
        ...

    def filled(self, entries: int) -> ReplayDataset:
        """A full dataset of `entries` entries."""
        ...

    def random_starts(self) -> Starts:
        """Starts of M dreams, with random latent states and actions."""
        ...

    def random_trajectory(self) -> Trajectory:
        """A trajectory (M, H) with random latent states, actions and rewards."""
        ...

    def plain_call(self, name: str):
        """The plain job `name` in this process; made once."""
        ...

    def plain(self, name: str, keeping: bool=False):
        """The plain job `name`: on a CPU in a process of its own, `keeping` freed memory or not."""
        ...

    def close(self) -> None:
        """Ends both processes of the plain version."""
        ...

    def variants(self, plain: str, fast, samples: int, work: int, lean: int=None, job=None, batch=None) -> dict:
        """{'plain': …} if there is a plain job, named `plain`, also with kept memory where that can be had; and a variant
    `fast(dtype)` for each dtype, whose work is `lean` if that is given. If `job` is given, what `graphs` makes of it
    as well."""
        ...

    def graphs(self, job, batch) -> dict:
        """{dtype: callable} for `job(world_model, actor_critic, batch())`, a dict of scalar tensors, as a CUDA graph that
    is recorded already; empty where there are no graphs. The models are others than those of the eager versions."""
        ...

@dataclass
class Variant:
    """One way to do a job: `call()` handles `samples` samples with `work` operations in `dtype`; `work` is None where
    it is not counted. `short` is the same with fewer samples: what both cost alike is then told from the cost of a
    sample."""
    call: callable
    samples: int
    work: int = None
    dtype: torch.dtype = torch.float32
    short: 'Variant' = None

@dataclass
class Component:
    """A job: `variants` {name: `Variant`}, of which the first is what the others are compared with; the `unit` of its
    samples; the `paper`'s figure in samples/s. Where work is not counted, the variant called `ceiling` is the
    ceiling."""
    unit: str
    variants: dict
    paper: float = None
    ceiling: str = None

    def seconds(self, device, repeats: int=3, at_least: float=0.2) -> dict:
        """Seconds per call of each variant, a list with one for each turn; of a short one as (name, 'short')."""
        ...

def plain_learn(model: PlainWorldModel, learner: PlainActorCritic, batch: Batch) -> None:
    """One plain update of everything: world model, dream, actor and critic."""
    ...

def plain_dreams(b: Bench):
    """M plain dreams of H steps."""
    ...

def plain_actor_critic_update(b: Bench):
    """One plain update of actor and critic."""
    ...

def plain_agent(b: Bench) -> PlainAgent:
    """A plain agent."""
    ...

def plain_acting(b: Bench, rows: int, one_by_one: bool=False):
    """Plain actions for `rows` observations, together or one after the other."""
    ...
SIDE_BY_SIDE: int
EVALUATION: dict

def shortened(c: Config, length: str='frames') -> Config:
    """`c` with games that are cut off early, for the component `evaluation`; `length` is 'frames' or 'short'."""
    ...

def plain_evaluation(b: Bench, length: str='frames'):
    """Plays the games of `evaluate`, one after the other, and returns the number of steps; making the game included."""
    ...
PLAIN_JOBS: dict

def has_graphs(device) -> bool:
    """Can an update on `device` be captured as a CUDA graph?"""
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

def update(b: Bench) -> Component:
    """Sampling a batch, and one update of everything."""
    ...

def sampling(b: Bench) -> Component:
    """Drawing a batch from the full dataset."""
    ...

def fast_agent(b: Bench) -> Agent:
    """Our agent."""
    ...

def stacks(count: int, c: Config) -> np.ndarray:
    """Observations (count, S, 64, 64) uint8 of the made-up game."""
    ...

def acting_variants(b: Bench, name: str, o, rows: int) -> dict:
    """Acting on `rows` observations `o`: the plain agent; ours 'live', as it is in training, with
    weights that change; and frozen for evaluation, for each dtype. With `b.compiled` also compiled, an option of
    `Agent.frozen` that no run uses by itself."""
    ...

def acting(b: Bench) -> Component:
    """An action for one observation, which comes from the host."""
    ...

def acting_batch(b: Bench) -> Component:
    """Actions for 50 observations together, and by the plain agent one by one as well."""
    ...

def random_play(env, steps: int, random):
    """Plays `steps` random steps in `env`, through ends and resets."""
    ...

def bare_play(ale, steps: int, skip: int, random):
    """Plays `steps` random steps of `skip` emulator frames each, without looking at the screen."""
    ...

def bare_variant(b: Bench, steps: int) -> dict:
    """{'bare emulator': …}; empty for a game without one."""
    ...

def environment(b: Bench, steps: int=500) -> Component:
    """Random steps in a training environment."""
    ...

def counted_steps(play) -> int:
    """How many steps environments take while `play()` runs, in this process."""
    ...

def evaluation(b: Bench) -> Component:
    """Whole games of the evaluation protocol, cut off early: the plain agent one after the other, ours side by side,
    frozen, in each dtype. Both sides play the games of the same seeds, make them within the time, and play shorter ones
    too, to tell the cost of a step from that of making and resetting games."""
    ...

def pretrain_phi(b: Bench) -> Component:
    """One pretraining update of φ."""
    ...

def pretrain_psi(b: Bench) -> Component:
    """One pretraining update of ψ."""
    ...

def pretrain_policy(b: Bench) -> Component:
    """One pretraining update of actor and critic."""
    ...
COMPONENTS: dict

def row_of(v: Variant, seconds: list, short: list) -> dict:
    """The measurement of a variant as JSON would have it, from its `seconds` of each turn and those of its `short`
    variant, if it has one. Then seconds and samples are what a call has more than a short one, and `fixed` are the
    seconds that both have in common."""
    ...

def measured(component: Component, device, repeats: int=3, at_least: float=0.2) -> dict:
    """The measurements of `component` as JSON would have them. For each variant: the median, fastest and slowest
    seconds per call, samples per call and per second, work, and the ratio to the first variant."""
    ...

def ratio(result: dict, name: str, to: str=None) -> float:
    """How many times as fast the variant `name` is as the variant `to` (default: the first); None if not measured."""
    ...

def share(result: dict, name: str, ceiling: dict) -> float:
    """The share that the variant `name` has of the `ceiling` {name: operations/s}; None if its work is not counted.
    The plain version on a CPU is held against the default way to a product, which it takes; the others against the
    fastest one for their dtype."""
    ...
HEAD: str

def text_lines(name: str, result: dict, ceiling: dict) -> list:
    """A measured component as lines of a table, 79 columns wide, with shares of the `ceiling`."""
    ...
KINDS: dict
NAMESPACE: Any

def kind_of(operation: str) -> str:
    """The kind, one of `KINDS`, of an operation by the name that the profiler gives it, such as 'aten::addmm'."""
    ...

def profiled(call, device, times: int=1) -> dict:
    """What `times` calls spend their time on, after one that is not counted: `seconds` per call, `shares` {kind: share
    of the time}, and `longest`, the ten longest operations {name: share}. On a GPU the time is the GPU's."""
    ...
PROFILED: dict

def variant_to_profile(component: Component, dtype) -> str:
    """The name of our version for `dtype`: that with frozen weights, if there is one."""
    ...
ARITHMETIC: tuple

def what_bounds(shares: dict) -> str:
    """A sentence on `shares` {kind: share}: the largest kinds, and whether arithmetic takes most of the time."""
    ...

def profile_table(part: dict) -> str:
    """The stored profiles of a device as a Markdown table, with a sentence for each."""
    ...

def profile_figure(part: dict):
    """The stored profiles of a device as stacked bars."""
    ...
HARNESS: int
SECTIONS: tuple

def stamp(machine: dict) -> dict:
    """Where, how and when something was measured on `machine`, for the results."""
    ...

def stamped(part: dict) -> dict:
    """{(section, name): result} of everything in the `part` of a device that has a stamp."""
    ...

def is_part(part) -> bool:
    """Does `part` look like what `twm_bench` writes for a device?"""
    ...

def load_results(path) -> dict:
    """What `twm_bench --json` wrote: {'cpu' or 'cuda': measurements}; empty if there is no such file. Raises
    `ConfigError` if it is another file, or a folder."""
    ...

def outdated(part: dict, machine: dict) -> list:
    """The keys of `stamped(part)` that cannot stand beside a measurement of now on `machine`: of another harness or
    preset. Raises `ConfigError` if the others are of another machine."""
    ...

def highest(*ceilings) -> dict:
    """The higher one of each entry of some ceilings {name: operations/s}."""
    ...

def save_results(path, kind: str, part: dict) -> None:
    """Writes the measurements `part` of a device of `kind` to `path`. What the file already holds of other devices,
    and of other components that are not `outdated`, stays. Raises `ConfigError` as `outdated` does."""
    ...

def machine_text(machine: dict) -> str:
    """On what was measured, in a line."""
    ...

def results_table(part: dict) -> str:
    """All measured components of a device as a Markdown table."""
    ...

def ceiling_text(part: dict) -> str:
    """The ceilings of a device, in words."""
    ...

def device_title(kind: str) -> str:
    """A heading for the results of a kind of device."""
    ...
RELEASED: dict

def at_share_of_release(part: dict, name: str) -> float:
    """Seconds of the plain job `name` at the release's share of the ceiling; None where something is not measured."""
    ...

def in_words(speed: float) -> str:
    """1.1 → '10% faster'."""
    ...

def release_table(part: dict) -> str:
    """The plain version held against the release as a Markdown table, and what that means for our ratios."""
    ...

def bar_figure(part: dict, names=('world_model', 'imagination', 'actor_critic', 'update', 'acting')):
    """Bars for the components `names`: share of the ceiling, and ratio to the plain version."""
    ...
GOALS: dict

def against(found: float, goal: float) -> str:
    """A ratio `found` held against its `goal`, in words."""
    ...

def goals_table(part: dict, kind: str) -> str:
    """The goals for a `kind` of device and what its `part` of the results says of them, as a Markdown table."""
    ...

@dataclass
class Axis:
    """What grows: `values` x, the change of the config for each, the component that is timed, and whether the plain
    version with kept memory is timed too."""
    values: tuple
    change: callable
    component: str = 'imagination'
    keeping: bool = False
BASE: dict
AXES: dict

def growth_config(axis: Axis, config: Config, x) -> Config:
    """`config` at `x` on an axis, with a batch large enough for the starts of its dreams. Raises `ConfigError`."""
    ...

def exponent(x, y) -> float:
    """k of y ∝ xᵏ, fitted to the logarithms."""
    ...

def point(c: Config) -> list:
    """The sizes that the axes change, to know equal points of different axes."""
    ...

def growth(axis: Axis, config: Config, device, dtypes, repeats: int=3, process: PlainProcess=None, keeping: PlainProcess=None) -> dict:
    """Median seconds of `repeats` turns and counted work of a component along `axis`, in plain form (with kept memory
    too, if the axis asks for it) and for each of `dtypes`, also as CUDA graph; the fitted exponents.
    The sizes are those of `config` where the axis does not change them."""
    ...

def disagreement(measured: dict) -> float:
    """By how much the times of equal points of different axes differ: the largest distance from the median of such a
    point, as a share of it; 0 where no point is shared."""
    ...
LINES: dict

def growth_figure(measured: dict):
    """Seconds along each axis, in double logarithmic scale, with the exponents."""
    ...

def growth_table(measured: dict) -> str:
    """The exponents of time, in all and between neighbours, and of counted work as a Markdown table."""
    ...

def parts_of_a_run(c: Config, steps_per_game: int=2000) -> dict:
    """What a run of `c` consists of: {part: (how often, [(component, True if its samples count, else its calls)])}."""
    ...

def seconds_of(result: dict, version: str, per_sample: bool) -> float:
    """Seconds per call or per sample, in the dtype of `version`; where there are no versions by dtype (the agent
    acts live in float32; sampling, the environment) ours; None if it was not measured."""
    ...

def projection(part: dict, version: str, steps_per_game: int=2000) -> dict:
    """Projected seconds of each part of a whole run in a `version` ('plain', 'float32', 'graph bfloat16', …), from the
    measurements of a device; None where something was not measured."""
    ...

def projection_table(part: dict) -> str:
    """The projection of a whole run as a Markdown table, in hours."""
    ...

def peak_memory() -> int:
    """The most bytes of main memory that this process has held; None where the system does not say."""
    ...

def memory_probe(config: Config, updates: int=3) -> dict:
    """Fills a dataset of a whole run and makes some updates of everything. Returns bytes: the peak of this process,
    and what the dataset takes."""
    ...

def measured_memory(preset_name: str, options: dict) -> dict:
    """`memory_probe` in a process of its own, so that nothing else counts."""
    ...

def memory_text(memory: dict) -> str:
    """The measured memory, in words."""
    ...

def chosen_components(names: str) -> list:
    """The component names in a text with commas; all for 'all'. Raises `ConfigError` for an unknown one, or for none."""
    ...

def check_request(threads: int, repeats: int, path) -> None:
    """Raises `ConfigError` before anything is measured if the request cannot be met."""
    ...

def describe_machine(config: Config, preset_name: str, device) -> dict:
    """What a reader of the results has to know about the machine and the settings."""
    ...

def progress(name: str) -> None:
    """Says on a terminal what is being measured; the next line of the table takes its place."""
    ...

def paper_figure(bench: Bench) -> dict:
    """What takes the paper's figure out of a result, unless the sizes are the paper's."""
    ...

def run_components(bench: Bench, names, repeats: int, keep) -> None:
    """Measures the ceiling and the components `names`, prints each when it is done, and hands it to `keep(part)`. The
    ceiling is measured again at the end; the best counts, and shares are computed when a file is read."""
    ...

def run_growth(config: Config, device, dtypes, repeats: int, keep) -> None:
    """Measures all axes, prints the exponents of each when it is done, and hands it to `keep(part)`."""
    ...

def run_profile(bench: Bench, keep) -> None:
    """Profiles our versions in the last of the bench's dtypes, prints what bounds each, hands each to `keep(part)`."""
    ...

def check_growth(config: Config) -> None:
    """Raises `ConfigError` if there is a point on an axis that `config` cannot be changed to."""
    ...

def check_file(path, kind: str, machine: dict) -> None:
    """Raises `ConfigError` if measurements on `machine` cannot go to the file; says what they will drop from it."""
    ...

def bench_all(preset_name: str, names, options: dict, repeats: int, path, memory: bool=False, curves: bool=False, compiled: bool=False, profile: bool=False) -> None:
    """What `twm_bench` does, once its arguments are checked."""
    ...

def measure_request(preset_name: str, components, options: dict, repeats: int, path=None, memory: bool=False, curves: bool=False, compiled: bool=False, profile: bool=False) -> None:
    """What `twm_bench` does. Raises `ConfigError` before anything is measured."""
    ...
