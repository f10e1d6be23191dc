# Made from actor_critic.py by scripts/make_stubs.py.
"""The policy and its critic: advantages on predicted discounts, losses weighted by them, and the update that learns from imagined trajectories."""
from typing import Any
import math
import torch
from torch import Tensor, nn
from .config import Config
from .world_model import Trajectory
__all__ = ['gae', 'Actor', 'Critic', 'ActorCritic']

def continued(g, stop):
    """Discounts g (M, H) with 0 where a fresh start follows: what comes next is another trajectory."""
    ...

def cumulative_weights(g, stop):
    """Weight (M, H) of each step: the product of the discounts g (M, H) before it, 1 at a start and
    after a `stop` (M, H) bool."""
    ...

def gae(r: Tensor, g: Tensor, v: Tensor, lam: float) -> Tensor:
    """Advantages (M, H) of rewards r (M, H), discounts g (M, H; 0 where nothing of what follows may
    count) and values v (M, H+1), by GAE with parameter `lam`. Returns are A + v[:, :-1]."""
    ...

def orthogonal_(network, gain=math.sqrt(2)):
    """Orthogonal weights, of gain 1 in the last layer, and zero biases, for a `LatentMLP`.
    The parts of the first layer for z and h are drawn as one matrix. Returns the network."""
    ...

class PolicyNetwork(nn.Module):
    """An MLP on the policy's view x of the state, z or [z, h] as `config.policy_input` says."""
    net: Any

    def __init__(self, config, units, out):
        ...

    def forward(self, codes, features=None):
        """What a `View` holds: codes (…, V) and, if x has them, features (…, F) → (…, out) float32."""
        ...

class Actor(PolicyNetwork):
    """θ: z (…, V) → logits (…, m), float32, of the policy π(a|x) (§2.2, Table 4)."""

    def __init__(self, config: Config, num_actions: int):
        ...

class Critic(PolicyNetwork):
    """ξ: z (…, V) → values (…), float32, the expected return from the state (§2.2, Table 4)."""

    def __init__(self, config: Config):
        ...

    def forward(self, codes: Tensor, features: Tensor | None=None) -> Tensor:
        ...

def reinforce_loss(logits, a, A, weight):
    """Mean of −w·ln π(a)·A, a scalar: logits (M, H, m); a, A, weight (M, H). A gets no gradient."""
    ...

def value_loss(v, R, weight):
    """Mean of w·(−ln N(R | v, 1)), a scalar: v, R, weight (M, H). R gets no gradient."""
    ...

class ActorCritic(nn.Module):
    """Actor θ, critic ξ and an Adam for each. `loss` and `pretrain_loss` are pure functions of a
    `Trajectory`; `update` and `pretrain_update` take the step too, in the run's arithmetic."""
    config: Config
    num_actions: int
    actor: Any
    critic: Any
    optimisers: dict
    device: Any
    autocast: Any

    def __init__(self, config: Config, num_actions: int, device: torch.device | str='cpu'):
        ...

    def evaluate(self, trajectory: Trajectory) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Policy logits (M, H, m), values, advantages and returns (M, H) of a trajectory; only the
        first two carry gradients."""
        ...

    def loss(self, trajectory: Trajectory) -> tuple[Tensor, Tensor, dict]:
        """The losses of actor and critic (scalars), and metrics (dict of detached scalars), for
    imagined trajectories (§2.2, eq. 5)."""
        ...

    def step(self, loss_actor: Tensor, loss_critic: Tensor) -> dict:
        """One step of both optimisers. Returns the gradient norms before clipping."""
        ...

    def update(self, trajectory: Trajectory) -> dict:
        """One update on imagined trajectories. Returns metrics (dict of scalar tensors)."""
        ...

    def pretrain_loss(self, trajectory: Trajectory) -> tuple[Tensor, Tensor, dict]:
        """Losses and metrics as `loss` gives them, for real windows: g is the discount, 0 at any end;
    all weights are 1, whatever the trajectory's. The actor's loss is −η·H/ln m over all H+1 states,
    without hinge; its actions do not enter."""
        ...

    def pretrain_update(self, trajectory: Trajectory) -> dict:
        """One update on real windows (see `pretrain_loss`). Returns metrics."""
        ...

def summary(loss_actor, loss_critic, r, logits, v, A, R):
    """What both kinds of update log: losses and means, as detached scalars."""
    ...
