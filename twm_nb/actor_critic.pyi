# Made from actor_critic.py by scripts/make_stubs.py.
"""The policy and its critic: advantages on predicted discounts, losses weighted by them, and the update that learns from imagined trajectories."""
from typing import Any
import math
import torch
from torch import Tensor, nn
from .config import Config
from .world_model import Trajectory
__all__ = ['continued', 'cumulative_weights', 'gae', 'orthogonal_', 'PolicyNetwork', 'Actor', 'Critic', 'reinforce_loss', 'value_loss', 'check_trajectory', 'ActorCritic', 'summary']

def continued(g: Tensor, stop: Tensor) -> Tensor:
    """The discounts g (M, H) with 0 where a fresh start follows: what comes after it belongs to
    another trajectory."""
    ...

def cumulative_weights(g: Tensor, stop: Tensor) -> Tensor:
    """Weight (M, H) of each step: the product of the discounts g (M, H) before it, 1 at a start and
    after a `stop` (M, H) bool."""
    ...

def gae(r: Tensor, g: Tensor, v: Tensor, lam: float) -> Tensor:
    """Advantages (M, H) of rewards r (M, H), discounts g (M, H; 0 where nothing of what follows may
    count) and values v (M, H+1), by GAE with parameter `lam`. The returns are `gae(r, g, v, lam) +
    v[:, :-1]`."""
    ...

def orthogonal_(network: nn.Module, gain: float=math.sqrt(2)) -> nn.Module:
    """Orthogonal weights, of gain 1 in the last layer, and zero biases, for a `LatentMLP`.
    The parts of the first layer for z and h are drawn as one matrix. Returns the network."""
    ...

class PolicyNetwork(nn.Module):
    """An MLP on the policy's view x of the state, z or [z, h] as `config.policy_input` says."""
    net: Any

    def __init__(self, config: Config, units: tuple, out: int):
        ...

    def forward(self, codes: Tensor, features: Tensor | None=None) -> Tensor:
        """What a `View` holds: codes (…, C) indices and, if x has them, features (…, F) → (…, out)
        float32."""
        ...

class Actor(PolicyNetwork):
    """θ: z (…, V) → logits (…, m), float32, of the policy π(a|x) (§2.2, Table 4). Raises
    `ValueError` below two actions."""

    def __init__(self, config: Config, num_actions: int):
        ...

class Critic(PolicyNetwork):
    """ξ: z (…, V) → values (…), float32, the expected return from the state (§2.2, Table 4)."""

    def __init__(self, config: Config):
        ...

    def forward(self, codes: Tensor, features: Tensor | None=None) -> Tensor:
        """codes (…, C) indices and, if x has them, features (…, F) → values (…) float32."""
        ...

def reinforce_loss(logits: Tensor, a: Tensor, advantages: Tensor, weight: Tensor) -> Tensor:
    """Mean of −w·ln π(a)·A: logits (M, H, m); a, advantages, weight (M, H); no gradient enters the
    advantages. Scalar, float32."""
    ...

def value_loss(v: Tensor, returns: Tensor, weight: Tensor) -> Tensor:
    """Mean of w·(−ln N(R | v, 1)): v, returns, weight (M, H); no gradient enters the returns.
    Scalar."""
    ...

def check_trajectory(trajectory: Trajectory, config: Config) -> None:
    """Raises `ValueError` where the shapes of a trajectory do not fit together; looks at shapes
    only, never at values."""
    ...

class ActorCritic(nn.Module):
    """Actor θ, critic ξ and their optimisers (`.optimisers['actor']`, `.optimisers['critic']`:
    Adam, L2 added after clipping).

    `loss` and `pretrain_loss` are pure functions of a `Trajectory`; `update` and `pretrain_update`
    take the step too, in the run's arithmetic."""
    config: Config
    num_actions: int
    actor: Any
    critic: Any
    optimisers: dict

    def __init__(self, config: Config, num_actions: int, device: torch.device | str='cpu'):
        ...

    def autocast(self) -> torch.autocast:
        """The arithmetic of the run: bfloat16 where `config.dtype` chooses it, with float32 weights
        and losses."""
        ...

    def evaluate(self, trajectory: Trajectory) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Policy logits (M, H, m), values (M, H), advantages (M, H) and returns (M, H) of a
        trajectory; only the first two carry gradients."""
        ...

    def loss(self, trajectory: Trajectory) -> tuple[Tensor, Tensor, dict]:
        """The losses of actor and critic (scalars), and metrics (dict of detached scalars),
    for imagined trajectories (§2.2, eq. 5)."""
        ...

    def step(self, loss_actor: Tensor, loss_critic: Tensor) -> dict:
        """One step of both optimisers, each network's gradient clipped by itself.
    Returns the gradient norms before clipping."""
        ...

    def update(self, trajectory: Trajectory) -> dict:
        """One update of actor and critic on imagined trajectories. Returns metrics (dict of scalar
    tensors). Raises `ValueError` on shapes that do not fit."""
        ...

    def pretrain_loss(self, trajectory: Trajectory) -> tuple[Tensor, Tensor, dict]:
        """Losses and metrics as `loss` gives them, for real windows: g is the discount, 0 at any end;
    `trajectory.weight` is not used (all weights are 1). The actor's loss is −η·H/ln m over all H+1
    states, without hinge; its actions do not enter."""
        ...

    def pretrain_update(self, trajectory: Trajectory) -> dict:
        """One update on real windows (see `pretrain_loss`). Returns metrics. Raises `ValueError` on
    shapes that do not fit."""
        ...

def summary(logits: Tensor, v: Tensor, advantages: Tensor, returns: Tensor) -> dict:
    """Means for the log, as detached scalars: normalised entropy in [0, 1], value, return,
    advantage and its absolute size."""
    ...
