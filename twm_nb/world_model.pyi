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
__all__ = ['joint_loss', 'Starts', 'choose_starts', 'WorldModel', 'View', 'view', 'view_size', 'Dream', 'Trajectory']

def encode_batch(model, o):
    """Stacks `o` (N, L+2, S, 64, 64) uint8 → logits and straight-through sample of the trained
    steps, codes of context and trained steps, detached logits of what follows trained steps."""
    ...

def observation_loss(model, o, logits, onehot, predicted, config):
    """Eq. (3) and its terms, for stacks `o` (…, S, 64, 64), their `logits` and sample `onehot` (…,
    V, K), and ψ's detached logits `predicted` (…, V, K), or None: then without consistency."""
    ...

def sequence_loss(dynamics, z, targets, batch, config):
    """Eq. (4) over the trained steps, its terms, and the predicted logits (N, L+1, V, K), for codes
    `z` (N, L+1, V) and the encoder's logits `targets` (N, L, V, K) of the next steps."""
    ...

def joint_loss(phi: ObservationModel, psi: DynamicsModel, batch: Batch, config: Config) -> tuple[Tensor, dict, Tensor]:
    """L_obs + L_dyn (eqs. 3 and 4), a dict of detached metrics, and the sampled codes z (N, L+1, V)."""
    ...

@dataclass
class Starts:
    """Where M trajectories begin, after C context steps (1 in imagination). Those that end early go
    on from one of the latent states `z_fresh`; without any, none ends early."""
    z: Tensor
    a: Tensor
    r: Tensor
    d: Tensor
    z_fresh: Tensor | None = None

def choose_starts(z: Tensor, batch: Batch, z_fresh: Tensor | None, m: int) -> Starts:
    """M of the N·L pairs of neighbouring steps with codes `z` (N, L+1, V), without replacement."""
    ...

class WorldModel(nn.Module):
    """Observation model φ, dynamics model ψ, an Adam for each; `update` trains, `imagine` dreams."""
    config: Config
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
        """Differentiates `loss` and moves the networks that it reached. Returns their gradient norms."""
        ...

    def codes(self, o: Tensor) -> Tensor:
        """Latent states z (…, V) sampled for stacks `o` (…, S, 64, 64) uint8, without gradient."""
        ...

    def update(self, batch: Batch) -> tuple[dict, Starts]:
        """One joint update of φ and ψ. Returns metrics, on the device, and starts of M trajectories."""
        ...

    def imagine(self, actor: Callable, starts: Starts, horizon: int) -> Trajectory:
        """M trajectories of `horizon` steps from `starts` under `actor`, a function of what a `View`
    holds to action logits. No dropout, no gradient."""
        ...

    def decoded(self, z: Tensor) -> Tensor:
        """The decoder's mean frames (…, S, 64, 64), clamped to [0, 1], for latent states `z` (…, V)."""
        ...

    def starts(self, batch: Batch) -> Starts:
        """Dreams begin at the last observation of `batch`, which has one more of them than actions."""
        ...

    def pretrain_observation(self, o: Tensor) -> dict:
        """An update of φ alone on stacks `o` (B, S, 64, 64) uint8, no consistency. Returns metrics."""
        ...

    def pretrain_dynamics(self, logits: Tensor, batch: Batch) -> dict:
        """An update of ψ alone on encoder `logits` (N, L+2, V, K); `batch.o` unused. Returns metrics."""
        ...

class View(NamedTuple):
    """What the policy sees of a step, x in §2.2."""
    codes: Tensor
    features: Tensor | None = None

    def steps(self, index: int | slice) -> 'View':
        """The part `index` of time, the second dimension."""
        ...

def view(config: Config, z: Tensor, before: tuple, first: Tensor) -> View:
    """x of the latent states z (…, V): z itself, or [z, h]. `before` are z (…, V) and h (…, D) of
    the step before, of which nothing is seen where an episode begins, `first` (…) bool."""
    ...

def view_size(config: Config) -> tuple[int, int]:
    """How many variables and how many features `view` shows."""
    ...

class Dream:
    """Dreams side by side: `z` (M, V) is the present step, drawn from `logits` (M, V, K) with
    `temperature` and `generator`, and `x` what the policy sees of it. `step` takes actions."""
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

    def restart(self, rows: Tensor, z: Tensor) -> None:
        """Episodes begin with the latent states `z` (M, V) in the `rows` (M,) bool."""
        ...

    def step(self, a: Tensor) -> tuple[Tensor, Tensor]:
        """Actions (M,) → predicted rewards and discounts (M,). Then z is a sample of the next step."""
        ...

    def frames(self) -> Tensor:
        """What the dreams look like now: stacks (M, S, 64, 64) uint8."""
        ...

    def renew(self, a: Tensor, rows: Tensor, starts: Starts) -> tuple[Tensor, Tensor]:
        """As `step` for actions `a` (M,), but dreams `rows` (M,) bool begin anew, each from its own of
    the `starts`; what is returned for them means nothing."""
        ...

    def force(self, variable: int, category: int) -> None:
        """Sets a variable of the present code to a category. The dream goes on from there."""
        ...

    def latent(self) -> tuple[Tensor, Tensor]:
        """What the present code was drawn from (M, V, K), 0 where a dream begins, and the code (M, V)."""
        ...

    def attention(self) -> tuple[Tensor, Tensor]:
        """The rollout (M, n) of the newest step's action token over the tokens of the last steps, 24 at
    most, and their types (n,). The context step that a dream begins with is left out."""
        ...

@dataclass
class Trajectory:
    """M imagined trajectories of H steps. What the policy sees, `x`, is z by default."""
    z: Tensor
    a: Tensor
    r: Tensor
    g: Tensor
    stop: Tensor
    weight: Tensor
    x: View | None = None

    def __post_init__(self):
        ...

def trajectory(steps, dream):
    """Stacks the steps (z, x, a, r, g, stop, weight) of a `dream` and the state where it is now."""
    ...

def fresh(pool, m):
    ...

def unroll(model, actor, starts, horizon):
    """See `imagine`; the model must be in evaluation mode."""
    ...
