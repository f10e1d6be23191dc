# Made from config.py by scripts/make_stubs.py.
"""One frozen dataclass with a field per hyperparameter: symbol, allowed values and source beside every number."""
from typing import Any
import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar
__all__ = ['ConfigError', 'Lossy', 'report', 'hp', 'RunConfig', 'Config', 'shown', 'nearest', 'find_system', 'preset', 'parse_overrides', 'write_whole', 'write_folder', 'read_file', 'config_bytes', 'save_config', 'load_config', 'changes', 'forbidden_changes', 'resolve_device', 'resolve_dtype']

class ConfigError(ValueError):
    """A configuration that cannot be run. The message says what is allowed and what to do."""

class Lossy:
    """The text `stream`, but what it cannot write because of one of `errors` is dropped."""
    stream: Any
    errors: tuple

    def __init__(self, stream: Any, errors: tuple=(OSError, ValueError)):
        ...

    def write(self, text: str) -> int:
        ...

    def flush(self) -> None:
        ...

    def __getattr__(self, name: str) -> Any:
        ...

def report(error: Exception | str) -> int:
    """Prints one sentence to stderr; returns the exit code of bad input."""
    ...

def hp(default: Any, doc: str, source: str='', low: float | None=None, high: float | None=None, symbol: str='', choices: tuple | None=None, change: str='') -> Any:
    """A dataclass field that knows its `source`, the allowed values (`low` to `high`, or `choices`;
    of a tuple, those of each element) and the paper's `symbol`. `change` says what may happen to it
    when an interrupted run goes on: nothing (''), 'any', 'grow', or 'from auto' to a value."""
    ...

@dataclasses.dataclass(frozen=True)
class RunConfig:
    """What every run has. A system derives a class from it, with a name (`system`), `presets` and,
    in `check`, what is impossible together. Raises `ConfigError` on a value outside its range."""
    system: ClassVar[str] = ''
    presets: ClassVar[dict] = {}
    game: str = hp('Pong', 'Atari 100k game, Catch, or the id of a Gymnasium environment', 'the 26 games of Table 1')
    frame_skip: int = hp(4, 'emulator frames per interaction', 'Table 4', 1, 16)
    frame_size: int = hp(64, 'height and width of a frame in pixels', 'Table 4', choices=(64,))
    grayscale: bool = hp(True, 'grey frames', 'Table 4', choices=(True,))
    frame_stack: int = hp(4, 'frames in one observation', 'Table 4', 1, 8)
    max_noops: int = hp(30, 'most no-ops at the start of a game in training', 'Table 4', 0, 1000)
    life_loss_ends_episode: bool = hp(True, 'a lost life ends a training episode', 'Table 4')
    max_frames_per_episode: int = hp(108000, 'emulator frames after which a game is cut off', 'Table 4', 1, 10 ** 9)
    sticky_action_probability: float = hp(0.0, 'chance that the emulator repeats the previous action', 'release', 0.0, 1.0)
    reward_transform: str = hp('tanh', 'what is done to a reward before the agent sees it', 'release', choices=('tanh', 'none'))
    environment_steps: int = hp(100000, 'interactions in all, the prefill included', 'Table 4', 1, 10 ** 8, change='grow')
    evaluation_every: int = hp(5000, 'interactions between evaluations', 'release', 1, 10 ** 8, change='any')
    evaluation_episodes: int = hp(10, 'episodes of an evaluation while training', 'release', 0, 10 ** 5, change='any')
    final_evaluation_episodes: int = hp(100, 'episodes of the final evaluation', '§3.1', 1, 10 ** 5, change='any')
    evaluation_workers: int = hp(0, 'processes that play evaluation games; 0: beside a GPU one per CPU thread, else this', 'ours', 0, 1000, change='any')
    seed: int = hp(0, 'seed of all random numbers of the run', 'ours', 0, 2 ** 31 - 1)
    device: str = hp('auto', 'auto, cpu, cuda or cuda:N; auto takes a GPU where there is one', 'ours', change='any')
    dtype: str = hp('auto', 'arithmetic of the networks; auto: bfloat16 where the hardware has it', 'ours', choices=('auto', 'float32', 'bfloat16'), change='from auto')
    threads: int = hp(0, "CPU threads; 0: torch's own choice; small layers run best on one", 'ours', 0, 1024, change='any')
    cuda_graph: bool = hp(True, 'on a GPU, each update is one CUDA graph', 'ours', change='any')
    save_seconds: int = hp(25, 'least seconds between checkpoints; within a phase at least 0.9% of a budget, too', 'ours', 0, 10 ** 6, change='any')
    keep_checkpoint: bool = hp(True, 'keep the checkpoints of a finished run, by which it can be extended', 'ours', change='any')
    log_every: int = hp(100, 'updates per line of metrics.jsonl', 'ours', 1, 10 ** 6, change='any')

    def __post_init__(self):
        ...

    def check(self) -> None:
        """Raises `ConfigError` for values that are fine alone but impossible together."""
        ...

    def replace(self, **changes) -> 'RunConfig':
        """A copy with some fields changed; an unknown name raises `ConfigError`."""
        ...

@dataclasses.dataclass(frozen=True)
class WorldModelConfig(RunConfig):
    """What φ and ψ are, and what they learn from."""
    sampling_temperature: float = hp(20.0, 'temperature of the balanced sampler; inf: uniform', 'Table 4', 1e-06, symbol='τ')
    batch_size: int = hp(100, 'sequences per world-model update', 'Table 4', 1, 10000, symbol='N')
    sequence_length: int = hp(16, 'steps of a training sequence', 'Table 4', 1, 1000, symbol='ℓ')
    encoder_channels: int = hp(48, 'channels of the first convolution; doubled by each of the next three', 'release', 1, 1024)
    encoder_units: tuple = hp((512, 512), 'hidden units of the MLP between convolutions and logits', 'release', 1, 2 ** 16)
    latent_variables: int = hp(32, 'categorical variables in z', '§2.1', 1, 1024)
    latent_classes: int = hp(32, 'classes of each categorical variable', '§2.1', 2, 1024)
    latent_entropy_coefficient: float = hp(5.0, 'encoder entropy coefficient', 'Table 4', 0.0, 1000000.0, symbol='α₁')
    latent_entropy_form: str = hp('hinge', 'hinge: on normalised entropy; paper: −α₁H of eq. 3', 'release', choices=('hinge', 'paper'))
    latent_entropy_threshold: float = hp(0.1, 'normalised entropy below which the hinge pushes', 'release', 0.0, 1.0)
    consistency_coefficient: float = hp(0.01, 'consistency loss coefficient', 'Table 4', 0.0, 1000000.0, symbol='α₂')
    consistency_form: str = hp('release', 'release: H(predictor, encoder); paper: H(encoder, predictor), as eq. 3 has it', 'release', choices=('release', 'paper'))
    decoder_from_mean_image: bool = hp(False, 'start the decoder at the mean image of the prefill (small models need it)', 'ours')
    transformer_size: int = hp(256, 'width of the token embeddings', 'Table 4', 2, 16384)
    transformer_layers: int = hp(10, 'layers', 'Table 4', 1, 100)
    transformer_heads: int = hp(4, 'attention heads', 'Table 4', 1, 256)
    transformer_head_size: int = hp(64, 'width of a head', 'Table 4', 1, 4096)
    transformer_feedforward: int = hp(1024, 'units of the feed-forward layers', 'Table 4', 1, 2 ** 16)
    dropout: float = hp(0.1, 'dropout in the dynamics model while it trains', 'release', 0.0, 0.95)
    attention_scale: str = hp('model', 'scores are divided by the root of the model width, or of the head size', 'release', choices=('model', 'head'))
    memory_steps: int = hp(16, 'steps that imagination remembers; best set with ℓ (Fig. 16)', 'release', 1, 1000)
    use_memory: bool = hp(True, 'Transformer-XL memory; off: a fresh window of memory_steps + 1 steps each time', '§A.1')
    reward_tokens: bool = hp(True, 'feed rewards back into the transformer', '§3.3')
    latent_units: tuple = hp((512,) * 4, 'hidden units: latent predictor', 'Table 4', 1, 2 ** 16)
    reward_units: tuple = hp((256,) * 4, 'hidden units: reward predictor', 'Table 4', 1, 2 ** 16)
    discount_units: tuple = hp((256,) * 4, 'hidden units: discount predictor', 'Table 4', 1, 2 ** 16)
    latent_coefficient: float = hp(1.0, 'weight of the latent cross-entropy', 'eq. 4', 0.0, 1000000.0)
    reward_coefficient: float = hp(10.0, 'reward coefficient', 'Table 4', 0.0, 1000000.0, symbol='β₁')
    discount_coefficient: float = hp(50.0, 'discount coefficient', 'Table 4', 0.0, 1000000.0, symbol='β₂')
    discount: float = hp(0.99, 'discount factor, the target while an episode goes on', 'Table 4', 0.0, 1.0, symbol='γ')

@dataclasses.dataclass(frozen=True)
class Config(WorldModelConfig):
    """Every hyperparameter of TWM; the defaults are the paper's. Raises `ConfigError` on a value
    outside its range."""
    system: ClassVar[str] = 'twm'
    imagination_batch_size: int = hp(400, 'imagined trajectories per update', 'Table 4', 1, 10 ** 6, symbol='M')
    horizon: int = hp(15, 'imagination horizon', 'Table 4', 1, 1000, symbol='H')
    restart_threshold: float = hp(0.1, 'cumulative discount below which a trajectory starts afresh', 'release', 0.0, 1.0)
    gae_lambda: float = hp(0.95, 'GAE parameter', 'Table 4', 0.0, 1.0, symbol='λ')
    actor_entropy_coefficient: float = hp(0.01, 'entropy coefficient', 'Table 4', 0.0, 1000000.0, symbol='η')
    actor_entropy_threshold: float = hp(0.1, 'entropy threshold', 'Table 4', 0.0, 1.0, symbol='Γ')
    policy_input: str = hp('z', 'what actor and critic see: z, or z and the hidden state h', '§2.2', symbol='x', choices=('z', 'zh'))
    actor_units: tuple = hp((512,) * 4, 'hidden units: actor', 'Table 4', 1, 2 ** 16)
    critic_units: tuple = hp((512,) * 4, 'hidden units: critic', 'Table 4', 1, 2 ** 16)
    observation_lr: float = hp(0.0001, 'observation learning rate', 'Table 4', 0.0, 1.0)
    dynamics_lr: float = hp(0.0001, 'dynamics learning rate', 'Table 4', 0.0, 1.0)
    actor_lr: float = hp(0.0001, 'actor learning rate', 'Table 4', 0.0, 1.0)
    critic_lr: float = hp(1e-05, 'critic learning rate', 'Table 4', 0.0, 1.0)
    adam_epsilon: float = hp(1e-05, 'ε of Adam', 'release', 0.0, 1.0)
    weight_decay: float = hp(1e-06, 'L2 on the clipped gradient (not AdamW)', 'release', 0.0, 1.0)
    world_model_clip: float = hp(100.0, 'largest gradient norm of φ and of ψ', 'release', 1e-09, 1000000000.0)
    actor_critic_clip: float = hp(1.0, 'largest gradient norm of θ and of ξ', 'release', 1e-09, 1000000000.0)
    prefill_steps: int = hp(5000, 'random interactions before training', 'release', 1, 10 ** 8)
    total_samples: int = hp(1000000000, 'budget of a run in samples, pretraining included', 'release', 1, 10 ** 15, change='grow')
    pretraining_samples: int = hp(50000000, 'the part of the budget spent on the prefill', 'release', 0, 10 ** 15)
    pretraining_shares: tuple = hp((0.6, 0.3, 0.1), 'shares of φ, ψ and actor-critic in pretraining', 'release, repaired', 0.0, 1.0)
    pretraining_frames: int = hp(1600, 'observations per pretraining update of φ', 'release: N·ℓ', 1, 10 ** 6)
    collapsed_entropy: float = hp(0.001, 'latent entropy below which a run stops; 0: never', 'ours', 0.0, 1.0, change='any')

    def check(self) -> None:
        ...
KINDS: dict

def allowed(f):
    """The allowed values of field `f`, in words."""
    ...

def converted(kind, value):
    """`value` as `kind` if nothing is lost, else None."""
    ...

def checked(f, value):
    """The value of field `f`, converted; raises `ConfigError` if it is not allowed."""
    ...

def shown(value: object) -> str:
    """`repr(value)`, shortened to some 80 characters."""
    ...

def nearest(name: str, names: Iterable[str]) -> str:
    """A hint with the one or two of `names` closest to `name` in any case of letters, or ''."""
    ...
TINY: dict
SMALL: dict
CONFIGS: dict

def config_class(system):
    ...

def find_system(name: str) -> type:
    """The class of a system: of an installed package (entry points `twm_nb.systems`), or
    `module:Class`, where the module may lie in the working folder. Raises `ConfigError`."""
    ...

def preset(name: str, system: str='twm', **overrides) -> RunConfig:
    """The configuration called `name` ('tiny', 'small', 'paper') of a `system`, with some fields
    overridden. Raises `ConfigError`."""
    ...

def parse_value(text):
    """A Python literal, `inf`, true or false in any case, or the text itself."""
    ...

def parse_overrides(texts: Iterable[str]) -> dict:
    """`['horizon=10', 'game=Pong']` → `{'horizon': 10, 'game': 'Pong'}`. Raises `ConfigError`."""
    ...

def write_whole(path: str | Path, content: bytes) -> None:
    """Writes `content` to the file `path`, or to the one that a link leads to, whole or not at all;
    into a pipe or a device as it is."""
    ...

def write_folder(folder: str | Path, files: dict) -> None:
    """Writes `files` {name: bytes} as the `folder`, whole or not at all, in place of those that are
    there; other files stay."""
    ...

def read_file(path: str | Path, most: int=10 ** 6) -> bytes:
    """What the file `path` holds. Raises `OSError` if it is no ordinary file or over `most` bytes."""
    ...

def config_bytes(config: RunConfig) -> bytes:
    """`config` as JSON, the name of its system first."""
    ...

def save_config(config: RunConfig, path: str | Path) -> None:
    """Writes `config` as JSON to the file `path`."""
    ...

def load_config(path: str | Path) -> RunConfig:
    """Reads a configuration written by `save_config`. Raises `ConfigError` if the file is missing
    or is none, or if its system or game is code (`module:name`) that the user has not named."""
    ...

def changes(old: RunConfig, new: RunConfig) -> dict:
    """{field: (old value, new value)} of all fields that differ; of two systems only their names."""
    ...

def forbidden_changes(old: RunConfig, new: RunConfig) -> dict:
    """Those `changes` that a run begun with `old` cannot make."""
    ...

def resolve_device(config: RunConfig) -> Any:
    """The `torch.device` of a run. Raises `ConfigError` if a GPU is asked for and there is none."""
    ...

def resolve_dtype(config: RunConfig, device: Any) -> Any:
    """The `torch.dtype` in which the networks compute; `auto` asks the hardware."""
    ...
