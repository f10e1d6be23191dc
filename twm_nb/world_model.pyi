# Made from world_model.py by scripts/make_stubs.py.
"""One joint update of the observation model φ and the dynamics model ψ, and imagination: trajectories that the two dream up for the policy."""
from typing import Any
from dataclasses import dataclass
import torch
from torch import nn
from .config import Config
from .balanced_sampler import Batch
from .vae import ObservationModel
from .dynamics import DynamicsModel
__all__ = ['Encoded', 'encode_batch', 'observation_loss', 'predict', 'trained_dynamics_loss', 'normalised_entropy', 'joint_loss', 'Starts', 'choose_starts', 'WorldModel', 'Trajectory', 'imagine', 'fresh', 'trajectory']

@dataclass
class Encoded:
    """What the encoder makes of a batch: `logits` (N, L, V, K) of the trained steps with gradient, `onehot`
    (N, L, V, K) their straight-through sample, `z` (N, L+1, V) the sampled indices of context and trained
    steps, `targets` (N, L, V, K) the detached logits of the observations that follow the trained steps."""
    logits: torch.Tensor
    onehot: torch.Tensor
    z: torch.Tensor
    targets: torch.Tensor

def encode_batch(model: ObservationModel, o: torch.Tensor) -> Encoded:
    """Encodes stacks `o` (N, L+2, S, 64, 64) uint8; no gradient flows into the first and the last."""
    ...

def observation_loss(model: ObservationModel, o, logits, onehot, predicted, config: Config):
    """Eq. (3) for stacks `o` (…, S, 64, 64) with encoder `logits` and sample `onehot` (…, V, K). `predicted`
    (…, V, K) are ψ's detached logits for the same steps, or None (pretraining: no consistency). Returns the
    loss and its terms."""
    ...

def predict(dynamics: DynamicsModel, z, batch: Batch):
    """Runs ψ over context and trained steps `z` (N, L+1, V). Returns the latent logits (N, L+1, V, K), whose
    entry t predicts the latent state after step t, and the reward means and discount logits (N, L) of the
    trained steps."""
    ...

def trained_dynamics_loss(predictions, targets, batch: Batch, config: Config):
    """Eq. (4) over the trained steps, from the output of `predict` and the encoder's logits `targets`
    (N, L, V, K) of the next steps."""
    ...

def normalised_entropy(logits):
    """Mean entropy of categorical variables with logits (…, V, K), as a share of its largest value V ln K."""
    ...

def joint_loss(observation_model, dynamics, batch: Batch, config: Config):
    """L_obs + L_dyn of a batch (eqs. 3 and 4). Returns the loss, a dict of detached metrics, and the sampled
    codes z (N, L+1, V)."""
    ...

@dataclass
class Starts:
    """Where M imagined trajectories begin: the step before, `z_previous` (M, V), `a_previous`, `r_previous`,
    `d_previous` (M,), the first latent state `z` (M, V), and `z_fresh` (P, V), a pool of other latent states
    for trajectories that end early."""
    z_previous: torch.Tensor
    a_previous: torch.Tensor
    r_previous: torch.Tensor
    d_previous: torch.Tensor
    z: torch.Tensor
    z_fresh: torch.Tensor

def choose_starts(z, batch: Batch, z_fresh, m: int) -> Starts:
    """M of the N·L pairs of neighbouring steps in a batch with codes `z` (N, L+1, V), uniformly and without replacement."""
    ...

class WorldModel(nn.Module):
    """Observation model φ and dynamics model ψ with their optimisers: one `update` trains both, `imagine`
    dreams (Algorithm 1)."""
    config: Config
    dtype: Any
    observation_model: Any
    dynamics: Any
    optimisers: dict

    def __init__(self, config: Config, num_actions: int, device='cpu'):
        ...

    @property
    def device(self):
        ...

    def autocast(self):
        """The arithmetic of the run: bfloat16 where chosen, with float32 weights and losses."""
        ...

    def step(self, loss) -> dict:
        """Differentiates `loss` and moves the networks that it reached. Returns their gradient norms."""
        ...

    def codes(self, o):
        """Latent states z (…, V) sampled for stacks `o` (…, S, 64, 64) uint8, without gradient."""
        ...

    def update(self, batch: Batch) -> tuple[dict, Starts]:
        """One joint update of φ and ψ on `batch`. Returns metrics (tensors on the device; nothing waits for them)
    and the starts of M trajectories."""
        ...

    def imagine(self, actor, starts: Starts, horizon: int) -> Trajectory:
        """M imagined trajectories of `horizon` steps; see `imagine`. No dropout, no gradient."""
        ...

    def open_loop(self, batch: Batch, context: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Replays the actions of `batch` (N sequences of L steps) from `context` real steps on, the rest dreamed.
    Returns decoded means (N, L, S, 64, 64) in [0, 1], and the predicted rewards and discounts (N, L). Steps
    1..context show reconstructions of what was real; where episodes end is taken from the batch."""
        ...

    def decoded(self, z):
        """The decoder's mean frames (…, S, 64, 64), clamped to [0, 1], for latent states `z` (…, V)."""
        ...

    def pretrain_observation(self, o) -> dict:
        """One update of φ alone on stacks `o` (B, S, 64, 64) uint8: reconstruction and entropy, no consistency.
    Returns metrics."""
        ...

    def pretrain_dynamics(self, logits, batch: Batch) -> dict:
        """One update of ψ alone on sequences with encoder `logits` (N, L+2, V, K); `batch.o` is not used. Returns metrics."""
        ...

@dataclass
class Trajectory:
    """M imagined trajectories of H steps: latent states `z` (M, H+1, V), actions `a`, predicted rewards `r`
    and discounts `g` (M, H), `stop` (M, H) bool where a fresh start follows, `weight` (M, H) the product of
    the discounts before a step, and `h` (M, H+1, D), what a policy that also sees hidden states is given with
    z (else None)."""
    z: torch.Tensor
    a: torch.Tensor
    r: torch.Tensor
    g: torch.Tensor
    stop: torch.Tensor
    weight: torch.Tensor
    h: torch.Tensor | None = None

def imagine(dynamics: DynamicsModel, actor, starts: Starts, horizon: int, config: Config) -> Trajectory:
    """M trajectories of `horizon` steps from `starts` under `actor`, a function of (z, h) to action logits.
    The model must be in evaluation mode.
    With `policy_input='zh'` the actor sees the hidden state of the step before, or zeros where a new episode
    begins."""
    ...

def fresh(pool, m: int):
    """M latent states drawn uniformly from `pool` (P, V)."""
    ...

def trajectory(steps, z_last, h_last) -> Trajectory:
    """Stacks the steps (z, a, r, g, stop, weight, seen) of a rollout in time, and adds the state after the last."""
    ...
