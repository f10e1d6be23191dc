# Made from world_model.py by scripts/make_stubs.py.
"""One joint update of the observation model φ and the dynamics model ψ, and imagination: trajectories that the two dream up for the policy."""
from typing import Any
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
import torch
from torch import Tensor, nn
from .config import Config
from .balanced_sampler import Batch
from .vae import ObservationModel
from .dynamics import DynamicsModel
__all__ = ['Encoded', 'encode_batch', 'observation_loss', 'predict', 'trained_dynamics_loss', 'normalised_entropy', 'joint_loss', 'Starts', 'choose_starts', 'WorldModel', 'View', 'view', 'view_size', 'Dream', 'Trajectory', 'trajectory', 'unroll', 'fresh']

@dataclass
class Encoded:
    """What the encoder makes of a batch: `logits` (N, L, V, K) of the trained steps with gradient,
    `onehot` (N, L, V, K) their straight-through sample, `z` (N, L+1, V) the sampled indices of
    context and trained steps, `targets` (N, L, V, K) the detached logits of the observations that
    follow the trained steps."""
    logits: torch.Tensor
    onehot: torch.Tensor
    z: torch.Tensor
    targets: torch.Tensor

def encode_batch(model: ObservationModel, o: torch.Tensor) -> Encoded:
    """Encodes stacks `o` (N, L+2, S, 64, 64) uint8; no gradient flows into the first and the last."""
    ...

def observation_loss(model: ObservationModel, o: Tensor, logits: Tensor, onehot: Tensor, predicted: Tensor | None, config: Config) -> tuple[Tensor, dict]:
    """Eq. (3) for stacks `o` (…, S, 64, 64) with encoder `logits` and sample `onehot` (…, V, K).
    `predicted` (…, V, K) are ψ's detached logits for the same steps, or None (pretraining: no
    consistency). Returns the loss and its terms."""
    ...

def predict(dynamics: DynamicsModel, z: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Runs ψ over context and trained steps `z` (N, L+1, V). Returns the latent logits (N, L+1, V,
    K), whose entry t predicts the latent state after step t, and the reward means and discount
    logits (N, L) of the trained steps."""
    ...

def trained_dynamics_loss(predictions: tuple, targets: Tensor, batch: Batch, config: Config) -> tuple[Tensor, dict]:
    """Eq. (4) over the trained steps, from the output of `predict` and the encoder's logits
    `targets` (N, L, V, K) of the next steps."""
    ...

def normalised_entropy(logits: Tensor) -> Tensor:
    """Mean entropy of categorical variables with logits (…, V, K), as a share of its largest value
    V ln K."""
    ...

def joint_loss(observation_model: ObservationModel, dynamics: DynamicsModel, batch: Batch, config: Config) -> tuple[Tensor, dict, Tensor]:
    """L_obs + L_dyn of a batch (eqs. 3 and 4). Returns the loss, a dict of detached metrics, and
    the sampled codes z (N, L+1, V)."""
    ...

@dataclass
class Starts:
    """Where M imagined trajectories begin: codes `z` (M, C+1, V) of C context steps and of the
    first step of the dream; actions `a`, rewards `r` and ends `d` (M, C) of the context; and
    `z_fresh` (P, V), a pool of other latent states for trajectories that end early; without, they
    go on. In imagination C is 1."""
    z: torch.Tensor
    a: torch.Tensor
    r: torch.Tensor
    d: torch.Tensor
    z_fresh: torch.Tensor | None = None

def choose_starts(z: Tensor, batch: Batch, z_fresh: Tensor | None, m: int) -> Starts:
    """M of the N·L pairs of neighbouring steps in a batch with codes `z` (N, L+1, V), uniformly and
    without replacement."""
    ...

class WorldModel(nn.Module):
    """Observation model φ and dynamics model ψ with their optimisers: one `update` trains both,
    `imagine` dreams (Algorithm 1)."""
    config: Config
    dtype: Any
    observation_model: Any
    dynamics: Any
    optimisers: dict

    def __init__(self, config: Config, num_actions: int, device: torch.device | str='cpu'):
        ...

    @property
    def device(self) -> torch.device:
        ...

    def autocast(self) -> torch.autocast:
        """The arithmetic of the run: bfloat16 where chosen, with float32 weights and losses."""
        ...

    def step(self, loss: Tensor) -> dict:
        """Differentiates `loss` and moves the networks that it reached. Returns their gradient
        norms."""
        ...

    def codes(self, o: Tensor) -> Tensor:
        """Latent states z (…, V) sampled for stacks `o` (…, S, 64, 64) uint8, without gradient."""
        ...

    def update(self, batch: Batch) -> tuple[dict, Starts]:
        """One joint update of φ and ψ on `batch`. Returns metrics (tensors on the device; nothing waits
    for them) and the starts of M trajectories."""
        ...

    def imagine(self, actor: Callable, starts: Starts, horizon: int) -> Trajectory:
        """M imagined trajectories of `horizon` steps; see `unroll`. No dropout, no gradient."""
        ...

    def decoded(self, z: Tensor) -> Tensor:
        """The decoder's mean frames (…, S, 64, 64), clamped to [0, 1], for latent states `z` (…, V)."""
        ...

    def starts(self, batch: Batch) -> Starts:
        """Where dreams begin that have seen the steps of `batch` (N sequences; one observation more
    than actions): at its last observation."""
        ...

    def pretrain_observation(self, o: Tensor) -> dict:
        """One update of φ alone on stacks `o` (B, S, 64, 64) uint8: reconstruction and entropy, no
    consistency. Returns metrics."""
        ...

    def pretrain_dynamics(self, logits: Tensor, batch: Batch) -> dict:
        """One update of ψ alone on sequences with encoder `logits` (N, L+2, V, K); `batch.o` is not
    used. Returns metrics."""
        ...

class View(NamedTuple):
    """What the policy sees of a step, x in §2.2: `codes` (…, C) int64 and, where it sees more,
    `features` (…, F)."""
    codes: torch.Tensor
    features: torch.Tensor | None = None

    def steps(self, index: int | slice) -> 'View':
        """The part `index` of time, the second dimension."""
        ...

def view(config: Config, z: Tensor, before: tuple, first: Tensor) -> View:
    """x of the latent states z (…, V): z itself, or [z, h]. `before` are latent and hidden state
    (…, V), (…, D) of the step before, of which nothing is seen where an episode begins, `first` (…)
    bool."""
    ...

def view_size(config: Config) -> tuple[int, int]:
    """How many variables and how many features `view` shows."""
    ...

class Dream:
    """Dreams side by side, of which step `z` (M, V) is the present one. `step` takes actions; `x`
    is what the policy sees; `logits` (M, V, K) are those that z was drawn from, with `temperature`
    and `generator`."""
    model: WorldModel
    temperature: float
    generator: torch.Generator | None
    logits: Any
    seen: Any
    rollout: Any
    before: tuple
    z: Any
    r: Any
    first: Any

    def __init__(self, model: WorldModel, starts: Starts, horizon: int=15, temperature: float=1.0, generator: torch.Generator | None=None):
        ...

    @property
    def x(self) -> View:
        ...

    def step(self, a: Tensor) -> tuple[Tensor, Tensor]:
        """Actions (M,) → predicted rewards and discounts (M,); z is then a sample of the next
        latent state."""
        ...

    def restart(self, rows: Tensor, z: Tensor) -> None:
        """Episodes begin with the latent states `z` (M, V) in the `rows` (M,) bool."""
        ...

    def frames(self) -> Tensor:
        """What the dreams look like now: stacks (M, S, 64, 64) uint8."""
        ...

    def renew(self, a: Tensor, rows: Tensor, starts: Starts) -> tuple[Tensor, Tensor]:
        """As `step` for actions `a` (M,), but the dreams `rows` (M,) bool begin anew instead, each from
    its own of the `starts`; what is returned for them means nothing."""
        ...

    def latent(self) -> tuple[Tensor, Tensor]:
        """Probabilities (M, V, K) that the present code was drawn with, 0 where a dream begins, and the
    code (M, V)."""
        ...

    def force(self, variable: int, category: int) -> None:
        """Sets a variable of the present code to a category. The dream goes on from there."""
        ...

    def attention(self) -> tuple[Tensor, Tensor]:
        """The rollout (M, n) of the newest step's action token over the tokens of the last steps, 24 at
    most, and their types (n,). The context step that a dream begins with is left out."""
        ...

@dataclass
class Trajectory:
    """M imagined trajectories of H steps: latent states `z` (M, H+1, V), actions `a`, predicted
    rewards `r` and discounts `g` (M, H), `stop` (M, H) bool where a fresh start follows, `weight`
    (M, H) the product of the discounts before a step, and `x`, what the policy sees, (M, H+1, …);
    by default z."""
    z: torch.Tensor
    a: torch.Tensor
    r: torch.Tensor
    g: torch.Tensor
    stop: torch.Tensor
    weight: torch.Tensor
    x: View | None = None

    def __post_init__(self):
        ...

def trajectory(steps: list, dream: Dream) -> Trajectory:
    """Stacks the steps (z, x, a, r, g, stop, weight) of a rollout in time, and adds the state where
    the `dream` is now."""
    ...

def unroll(model: WorldModel, actor: Callable, starts: Starts, horizon: int) -> Trajectory:
    """M trajectories of `horizon` steps from `starts` under `actor`, a function of what a `View`
    holds to action logits. The model must be in evaluation mode."""
    ...

def fresh(pool: Tensor, m: int) -> Tensor:
    """M latent states drawn uniformly from `pool` (P, V)."""
    ...
