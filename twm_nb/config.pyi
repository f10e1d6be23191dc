# Made from config.py by scripts/make_stubs.py.
"""One frozen dataclass with a field per hyperparameter: symbol, allowed values and source beside every number."""
from typing import Any
import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
__all__ = ['TINY', 'SMALL', 'CONFIGS', 'ConfigError', 'report', 'hp', 'EnvironmentConfig', 'RunConfig', 'DatasetConfig', 'ObservationConfig', 'TransformerConfig', 'DynamicsConfig', 'ActorCriticConfig', 'OptimiserConfig', 'TrainingConfig', 'Config', 'allowed', 'converted', 'in_range', 'shown', 'checked', 'nearest', 'check_names', 'find_system', 'config_class', 'preset', 'parse_value', 'parse_overrides', 'write_whole', 'write_folder', 'config_bytes', 'save_config', 'load_config', 'changes', 'forbidden_changes', 'resolve_device', 'resolve_dtype', 'config_table']

class ConfigError(ValueError):
    """A configuration that cannot be run; the message names the value, what is allowed, and what to
    do."""

def report(error: Exception | str) -> int:
    """Prints one sentence to stderr; returns the exit code of bad input."""
    ...

def hp(default: Any, doc: str, symbol: str='', source: str='', low: float | None=None, high: float | None=None, choices: tuple | None=None, change: str='') -> Any:
    """A dataclass field that knows its paper `symbol`, `source` and allowed values (`low`..`high`,
    or `choices`). A tuple takes elements of the kind of its default's. `change` says what may
    happen to it when an interrupted run goes on: nothing (''), anything ('any'), that it grows
    ('grow'), or that it is no longer 'auto' ('from auto')."""
    ...

@dataclass(frozen=True)
class EnvironmentConfig:
    """Which game is played, and by which protocol (Table 4; notebook 02)."""
    game: str = hp('Pong', 'Atari 100k game, Catch, or the id of a Gymnasium environment', source='the 26 games of Table 1')
    frame_skip: int = hp(4, 'emulator frames per interaction', source='Table 4', low=1, high=16)
    frame_size: int = hp(64, 'height and width of a frame in pixels', source='Table 4', choices=(64,))
    grayscale: bool = hp(True, 'grey frames', source='Table 4', choices=(True,))
    frame_stack: int = hp(4, 'frames in one observation', source='Table 4', low=1, high=8)
    max_noops: int = hp(30, 'most no-ops at the start of a game in training', source='Table 4', low=0, high=1000)
    life_loss_ends_episode: bool = hp(True, 'a lost life ends a training episode', source='Table 4')
    max_frames_per_episode: int = hp(108000, 'emulator frames after which a game is cut off', source='Table 4', low=1, high=1000000000)
    sticky_action_probability: float = hp(0.0, 'chance that the emulator repeats the previous action', source='release', low=0.0, high=1.0)
    reward_transform: str = hp('tanh', 'what is done to a reward before the agent sees it', source='release', choices=('tanh', 'none'))

@dataclass(frozen=True)
class RunConfig(EnvironmentConfig):
    """What every run has, whichever system it trains. A system derives its own class from it, with
    a name (`system`), `presets` and, in `check`, what is impossible together. Raises `ConfigError`
    on a value outside its range."""
    system: ClassVar[str] = ''
    presets: ClassVar[dict] = {}
    environment_steps: int = hp(100000, 'interactions in all, the prefill included', source='Table 4', low=1, high=100000000, change='grow')
    evaluation_every: int = hp(5000, 'interactions between evaluations', source='release', low=1, high=100000000, change='any')
    evaluation_episodes: int = hp(10, 'episodes of an evaluation while training', source='release', low=0, high=100000, change='any')
    final_evaluation_episodes: int = hp(100, 'episodes of the final evaluation', source='§3.1', low=1, high=100000, change='any')
    evaluation_workers: int = hp(0, 'CPU processes that play evaluation games; 0: beside a GPU one per CPU thread of torch, else this one alone', low=0, high=1000, change='any')
    seed: int = hp(0, 'seed of all random numbers of the run', low=0, high=2 ** 31 - 1)
    device: str = hp('auto', 'auto, cpu, cuda or cuda:N; auto takes a GPU where there is one', change='any')
    dtype: str = hp('auto', 'arithmetic of the networks; auto: bfloat16 where the hardware has it', choices=('auto', 'float32', 'bfloat16'), change='from auto')
    threads: int = hp(0, "CPU threads of torch; 0 leaves torch's own choice", low=0, high=1024, change='any')
    cuda_graph: bool = hp(True, 'on a GPU, start each update as one CUDA graph', change='any')
    save_seconds: int = hp(25, 'least seconds between two checkpoints; within a phase they are also at least 0.9% of a budget apart', low=0, high=1000000, change='any')
    keep_checkpoint: bool = hp(True, 'keep the checkpoints of a finished run, with which it can be extended', change='any')
    log_every: int = hp(100, 'updates between two lines of metrics.jsonl', low=1, high=1000000, change='any')

    def __post_init__(self):
        ...

    def check(self) -> None:
        """Raises `ConfigError` for values that are fine alone but impossible together."""
        ...

    def replace(self, **changes) -> 'RunConfig':
        """A copy with some fields changed; an unknown name raises `ConfigError`."""
        ...

@dataclass(frozen=True)
class DatasetConfig:
    """How sequences are drawn from the growing dataset (eq. 6; notebook 03)."""
    sampling_temperature: float = hp(20.0, 'temperature of the balanced sampler; inf samples uniformly', 'τ', 'Table 4', low=1e-06)
    batch_size: int = hp(100, 'sequences per world-model update', 'N', 'Table 4', low=1, high=10000)
    sequence_length: int = hp(16, 'history length: steps per training sequence', 'ℓ', 'Table 4', low=1, high=1000)

@dataclass(frozen=True)
class ObservationConfig:
    """The discrete autoencoder and its losses (eq. 3; notebooks 04 and 05)."""
    encoder_channels: int = hp(48, 'channels of the first convolution; doubled by each of the next three', source='release', low=1, high=1024)
    encoder_units: tuple = hp((512, 512), 'hidden units of the MLP between convolutions and logits', source='release', low=1, high=65536)
    latent_variables: int = hp(32, 'categorical variables in z', source='§2.1', low=1, high=1024)
    latent_classes: int = hp(32, 'classes of each categorical variable', source='§2.1', low=2, high=1024)
    latent_entropy_coefficient: float = hp(5.0, 'encoder entropy coefficient', 'α₁', 'Table 4', low=0.0, high=1000000.0)
    latent_entropy_form: str = hp('hinge', 'hinge on the normalised entropy, or the plain −α₁H of eq. 3', source='release', choices=('hinge', 'paper'))
    latent_entropy_threshold: float = hp(0.1, 'normalised entropy below which the hinge pushes', source='release', low=0.0, high=1.0)
    consistency_coefficient: float = hp(0.01, 'consistency loss coefficient', 'α₂', 'Table 4', low=0.0, high=1000000.0)
    consistency_form: str = hp('release', 'release: H(predictor, encoder); paper: H(encoder, predictor) as eq. 3 prints it', source='release', choices=('release', 'paper'))
    decoder_from_mean_image: bool = hp(False, 'the decoder starts at the mean image of the prefill (small models need it)', source='ours')

@dataclass(frozen=True)
class TransformerConfig:
    """The Transformer-XL (notebook 07) and which tokens and memory it sees (notebook 08)."""
    transformer_size: int = hp(256, 'width of the token embeddings', source='Table 4', low=2, high=16384)
    transformer_layers: int = hp(10, 'layers', source='Table 4', low=1, high=100)
    transformer_heads: int = hp(4, 'attention heads', source='Table 4', low=1, high=256)
    transformer_head_size: int = hp(64, 'width of a head', source='Table 4', low=1, high=4096)
    transformer_feedforward: int = hp(1024, 'hidden units of the feed-forward layers', source='Table 4', low=1, high=65536)
    dropout: float = hp(0.1, 'dropout in the dynamics model while it trains', source='release', low=0.0, high=0.95)
    attention_scale: str = hp('model', 'divide scores by the root of the model width (release) or of the head size (standard)', source='release', choices=('model', 'head'))
    memory_steps: int = hp(16, 'steps whose keys and values imagination keeps; set it together with ℓ (Figure 16: both 4)', source='release', low=1, high=1000)
    use_memory: bool = hp(True, 'Transformer-XL memory; off: a fresh window of memory_steps + 1 steps at each imagined step', source='§A.1')
    reward_tokens: bool = hp(True, 'feed rewards back into the transformer', source='§3.3')

@dataclass(frozen=True)
class DynamicsConfig(TransformerConfig):
    """Prediction heads and loss of the dynamics model (eq. 4; notebook 08)."""
    latent_units: tuple = hp((512,) * 4, 'hidden units of the latent state predictor', source='Table 4', low=1, high=65536)
    reward_units: tuple = hp((256,) * 4, 'hidden units of the reward predictor', source='Table 4', low=1, high=65536)
    discount_units: tuple = hp((256,) * 4, 'hidden units of the discount predictor', source='Table 4', low=1, high=65536)
    latent_coefficient: float = hp(1.0, 'weight of the latent cross-entropy in eq. 4', source='eq. 4', low=0.0, high=1000000.0)
    reward_coefficient: float = hp(10.0, 'reward coefficient', 'β₁', 'Table 4', low=0.0, high=1000000.0)
    discount_coefficient: float = hp(50.0, 'discount coefficient', 'β₂', 'Table 4', low=0.0, high=1000000.0)
    discount: float = hp(0.99, 'discount factor, the target while an episode goes on', 'γ', 'Table 4', low=0.0, high=1.0)

@dataclass(frozen=True)
class ActorCriticConfig:
    """Imagined trajectories and the policy that learns from them (eq. 5; notebooks 09 and 10)."""
    imagination_batch_size: int = hp(400, 'imagined trajectories per update', 'M', 'Table 4', low=1, high=1000000)
    horizon: int = hp(15, 'imagination horizon', 'H', 'Table 4', low=1, high=1000)
    restart_threshold: float = hp(0.1, 'cumulative discount below which an imagined trajectory starts afresh', source='release', low=0.0, high=1.0)
    gae_lambda: float = hp(0.95, 'GAE parameter', 'λ', 'Table 4', low=0.0, high=1.0)
    actor_entropy_coefficient: float = hp(0.01, 'actor entropy coefficient', 'η', 'Table 4', low=0.0, high=1000000.0)
    actor_entropy_threshold: float = hp(0.1, 'actor entropy threshold', 'Γ', 'Table 4', low=0.0, high=1.0)
    policy_input: str = hp('z', 'what actor and critic see: the latent state, or latent and hidden state', 'x', '§2.2', choices=('z', 'zh'))
    actor_units: tuple = hp((512,) * 4, 'hidden units of the actor', source='Table 4', low=1, high=65536)
    critic_units: tuple = hp((512,) * 4, 'hidden units of the critic', source='Table 4', low=1, high=65536)

@dataclass(frozen=True)
class OptimiserConfig:
    """Adam, with L2 added to the gradient after clipping."""
    observation_lr: float = hp(0.0001, 'observation learning rate', source='Table 4', low=0.0, high=1.0)
    dynamics_lr: float = hp(0.0001, 'dynamics learning rate', source='Table 4', low=0.0, high=1.0)
    actor_lr: float = hp(0.0001, 'actor learning rate', source='Table 4', low=0.0, high=1.0)
    critic_lr: float = hp(1e-05, 'critic learning rate', source='Table 4', low=0.0, high=1.0)
    adam_epsilon: float = hp(1e-05, 'ε of Adam', source='release', low=0.0, high=1.0)
    weight_decay: float = hp(1e-06, 'L2 added to the gradient after clipping (not AdamW)', source='release', low=0.0, high=1.0)
    world_model_clip: float = hp(100.0, 'largest gradient norm of φ and of ψ', source='release', low=1e-09, high=1000000000.0)
    actor_critic_clip: float = hp(1.0, 'largest gradient norm of θ and of ξ', source='release', low=1e-09, high=1000000000.0)

@dataclass(frozen=True)
class TrainingConfig:
    """How much is trained, and when (Algorithm 1; notebook 11a)."""
    prefill_steps: int = hp(5000, 'interactions of a random policy before training', source='release', low=1, high=100000000)
    total_samples: int = hp(1000000000, 'budget of a run in samples, pretraining included', source='release', low=1, high=10 ** 15, change='grow')
    pretraining_samples: int = hp(50000000, 'the part of the budget spent on the prefill', source='release', low=0, high=10 ** 15)
    pretraining_shares: tuple = hp((0.6, 0.3, 0.1), 'shares of φ, ψ and actor-critic in pretraining', source='release, repaired', low=0.0, high=1.0)
    pretraining_frames: int = hp(1600, 'observations per pretraining update of φ', source='release: N·ℓ', low=1, high=1000000)
    collapsed_entropy: float = hp(0.001, 'a run stops when the normalised entropy of the latent states stays below; 0: never', low=0.0, high=1.0, change='any')

@dataclass(frozen=True)
class Config(TrainingConfig, OptimiserConfig, ActorCriticConfig, DynamicsConfig, ObservationConfig, DatasetConfig, RunConfig):
    """Every hyperparameter of TWM; the defaults are the paper's. Raises `ConfigError` on a value
    outside its range."""
    system: ClassVar[str] = 'twm'

    def check(self) -> None:
        """Raises `ConfigError` for values that are fine alone but impossible together."""
        ...

def allowed(f: dataclasses.Field) -> str:
    """The allowed values of field `f`, in words."""
    ...

def converted(kind: type, value: Any, element: type | None=None) -> Any:
    """`value` as `kind` if nothing is lost, else `None`; the elements of a tuple as `element`."""
    ...

def in_range(m: Mapping, value: Any) -> bool:
    """Is a number within `low` and `high` of the metadata `m`? NaN never is; infinity only for τ,
    where it means uniform sampling."""
    ...

def shown(value: object, most: int=80) -> str:
    """`repr(value)`, shortened to some `most` characters."""
    ...

def checked(f: dataclasses.Field, value: Any) -> Any:
    """The value of field `f`, converted; raises `ConfigError` if it is not allowed."""
    ...

def nearest(name: str, names: Iterable[str]) -> str:
    """A hint with the names closest to `name`, two at most and in any case of letters, or an empty
    text."""
    ...

def check_names(names: Iterable[str], kind: type) -> None:
    """Raises `ConfigError` for a name that is no field of `kind`, a class of configurations."""
    ...
TINY: dict
SMALL: dict
CONFIGS: dict

def find_system(name: str) -> type:
    """The class of the system called `name`: that of an installed package (entry points
    `twm_nb.systems`), or `module:Class`, whose module may lie in the working folder. Raises
    `ConfigError`."""
    ...

def config_class(system: str='twm') -> type:
    """The class of configurations of a `system`. Raises `ConfigError`."""
    ...

def preset(name: str, system: str='twm', **overrides) -> RunConfig:
    """The configuration called `name` ('tiny', 'small', 'paper') of a `system`, with some fields
    overridden. Raises `ConfigError`."""
    ...

def parse_value(text: str) -> Any:
    """A Python literal, `inf`, true or false in any case, or the text itself."""
    ...

def parse_overrides(texts: Iterable[str]) -> dict:
    """`['horizon=10', 'dtype=float32']` → `{'horizon': 10, 'dtype': 'float32'}`. Raises
    `ConfigError`."""
    ...

def write_whole(path: str | Path, content: bytes) -> None:
    """Writes `content` to the file `path`, whole or not at all."""
    ...

def write_folder(folder: str | Path, files: dict) -> None:
    """Writes `files` {name: bytes} as the `folder`, in place of one that is there, whole or not at
    all."""
    ...

def config_bytes(config: RunConfig) -> bytes:
    """`config` as JSON, the name of its system first."""
    ...

def save_config(config: RunConfig, path: str | Path) -> None:
    """Writes `config` as JSON to the file `path`."""
    ...

def load_config(path: str | Path) -> RunConfig:
    """Reads a configuration written by `save_config`. Raises `ConfigError` if the file is missing
    or is none, or is that of a `module:Class` which the user has not named."""
    ...

def changes(old: RunConfig, new: RunConfig) -> dict:
    """{field: (value in `old`, value in `new`)} of all fields that differ; of two systems only
    their names."""
    ...

def forbidden_changes(old: RunConfig, new: RunConfig) -> dict:
    """Those `changes` that a run begun with `old` cannot make."""
    ...

def resolve_device(config: Config) -> Any:
    """The `torch.device` of a run. Raises `ConfigError` if a GPU is asked for and there is none."""
    ...

def resolve_dtype(config: Config, device: Any) -> Any:
    """The `torch.dtype` in which the networks compute; `auto` asks the hardware."""
    ...

def config_table(**configs) -> str:
    """A Markdown table of all fields, one column for each named config."""
    ...
