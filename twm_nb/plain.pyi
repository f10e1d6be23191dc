# Made from plain.py by scripts/make_stubs.py.
"""TWM as one would write it from the paper, in one sitting."""
from typing import Any
from collections.abc import Callable, Iterable
from dataclasses import dataclass
import gymnasium as gym
import numpy as np
import torch
import torch.distributions as D
from torch import nn
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Starts, Trajectory, WorldModel
from .actor_critic import ActorCritic
__all__ = ['code_width', 'one_hot_codes', 'draw', 'draw_with_gradient', 'plain_mlp', 'PlainEncoder', 'PlainDecoder', 'copy_weights', 'plain_sinusoid', 'shifted', 'PlainAttention', 'PlainLayer', 'PlainTransformer', 'PlainDynamics', 'PlainMemory', 'PlainWorldModel', 'plain_adam', 'plain_step', 'as_plain', 'plain_advantages', 'PlainActorCritic', 'PlainAgent', 'PlainDataset', 'PlainTWM']

def code_width(c: Config) -> int:
    """V·K, the width of a flattened one-hot code."""
    ...

def one_hot_codes(z: torch.Tensor, classes: int) -> torch.Tensor:
    """Indices (…, V) → one-hot codes (…, V·K) float32."""
    ...

def draw(distribution: D.Distribution) -> torch.Tensor:
    """A sample of `distribution`: the one place where latent states and actions are drawn."""
    ...

def draw_with_gradient(distribution: D.OneHotCategorical) -> torch.Tensor:
    """A straight-through sample (§2.1): what `draw` gives, with the gradient of the probabilities."""
    ...

def plain_mlp(in_features: int, units: tuple, out_features: int, dropout: float=0.0) -> nn.Sequential:
    """Linear layers with SiLU, and dropout if there is any, between them: (…, in) → (…, out)."""
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
    """Gives `plain` the weights of `fast`, whose parameters stand in the same order. Returns
    `plain`. Raises `ValueError` if their numbers or shapes differ."""
    ...

def plain_sinusoid(distances: torch.Tensor, size: int) -> torch.Tensor:
    """Sines and cosines (K, size) of `distances` (K,)."""
    ...

def shifted(x: torch.Tensor) -> torch.Tensor:
    """From a column per distance (K−1 … 0) to one per key, (B, heads, n, K): pad, and cut anew."""
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

    def forward(self, context: torch.Tensor, n: int, S: torch.Tensor, u: torch.Tensor, v: torch.Tensor, unseen: torch.Tensor) -> torch.Tensor:
        """Outputs (B, n, D) for the last `n` tokens of `context` (B, K, D), with position encodings
        `S` (K, D), biases `u`, `v` (heads, dh), `unseen` (B, 1, n, K) bool: where not to look."""
        ...

class PlainLayer(nn.Module):
    """Attention and feed-forward, each added to its input and then normalised."""
    attention: PlainAttention
    feed_forward: Any
    norm1: Any
    norm2: Any

    def __init__(self, c: Config):
        ...

    def forward(self, x: torch.Tensor, context: torch.Tensor, *attention: torch.Tensor) -> torch.Tensor:
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

    def forward(self, x: torch.Tensor, memory: list | None, unseen: torch.Tensor) -> tuple:
        """Outputs (B, n, D) for new tokens `x`, and the new memory. `memory` is None or a list of
        (B, m, D), one per layer; `unseen` (B, 1, n, m + n)."""
        ...

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

    def unseen(self, queries: torch.Tensor, keys: torch.Tensor, is_reward: torch.Tensor) -> torch.Tensor:
        """(B, 1, n, K) bool for segments of `keys` (B, K) and of `queries` (B, n), the last n of
        them; `is_reward` (n,) says which queries are r tokens."""
        ...

    def sequence(self, z: torch.Tensor, a: torch.Tensor, r: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
        """Hidden states (B, T, D) at the action tokens of T real steps z (B, T, V·K), a, r, d (B, T)."""
        ...

    def extend(self, memory: PlainMemory | None, r: torch.Tensor | None, z: torch.Tensor, a: torch.Tensor, stop: torch.Tensor | None) -> tuple:
        """Appends r (B,) of the step before, z (B, V·K) and a (B,); z and a open a new segment where
    `stop` (B,) bool. Returns h (B, D) at a, and the new memory. Memory is None at first."""
        ...

@dataclass
class PlainMemory:
    """What a plain dream remembers: per layer hidden states (B, m, D), and their segments (B, m)."""
    hidden: list
    segments: torch.Tensor

class PlainWorldModel(nn.Module):
    """φ and ψ with two losses and two optimisers. Knows the main setting of the paper; raises
    `ConfigError` for a model without rewards, without memory, or with a policy that sees h."""
    config: Config
    observation_model: Any
    dynamics: Any
    optimisers: dict

    def __init__(self, c: Config, actions: int, device: torch.device | str='cpu'):
        ...

    @classmethod
    def from_fast(cls, fast: WorldModel) -> 'PlainWorldModel':
        """A plain model with the weights of `fast`."""
        ...

    def posterior(self, o: torch.Tensor) -> D.OneHotCategorical:
        """φ's distribution (…, V, K) of the codes of stacks `o` (…, S, 64, 64) in [0, 1]."""
        ...

    def prior(self, h: torch.Tensor) -> D.OneHotCategorical:
        """ψ's distribution (…, V, K) of the next code for hidden states h (…, D)."""
        ...

    def observation_terms(self, o: torch.Tensor, posterior: D.OneHotCategorical, z: torch.Tensor, predicted: torch.Tensor) -> dict:
        """The terms of eq. 3 for stacks o (N, L, S, 64, 64) in [0, 1], the distributions `posterior`
    (N, L, V, K) of their codes, samples z (N, L, V·K), and ψ's log-probabilities `predicted`
    (N, L, V, K), without gradient."""
        ...

    def dynamics_terms(self, target: torch.Tensor, predicted: torch.Tensor, h: torch.Tensor, batch: Batch) -> dict:
        """The terms of eq. 4 for the encoder's probabilities `target` (N, L, V, K) of the next codes,
    ψ's log-probabilities `predicted` (N, L, V, K) of them, and hidden states h (N, L, D)."""
        ...

    def losses(self, batch: Batch) -> tuple:
        """L_obs, L_dyn (eqs. 3, 4), their six terms, and the codes (N, L+1, V·K), context included."""
        ...

    def update(self, batch: Batch) -> tuple:
        """One update of φ, one of ψ. Returns the six terms, and `Starts` with one-hot codes (…, V·K)."""
        ...

    def imagine(self, actor: Callable, starts: Starts, horizon: int) -> Trajectory:
        """M dreams of `horizon` steps. Codes in `starts` and in the `Trajectory` are one-hot, (…, V·K)."""
        ...

def plain_adam(module: nn.Module, lr: float, c: Config) -> torch.optim.Adam:
    """Adam with the ε and the L2 penalty of the configuration."""
    ...

def plain_step(loss: torch.Tensor, optimiser: torch.optim.Optimizer, parameters: Iterable, max_norm: float) -> None:
    """Backward, clip, step."""
    ...

def as_plain(x: Starts | Trajectory, classes: int) -> Starts | Trajectory:
    """`Starts` or a `Trajectory` as the plain version has them: one-hot codes in place of indices."""
    ...

def plain_advantages(r: torch.Tensor, g: torch.Tensor, value: torch.Tensor, gae_lambda: float) -> torch.Tensor:
    """A (M, H) for rewards and discounts (M, H) and values (M, H+1), from the last step on."""
    ...

class PlainActorCritic(nn.Module):
    """Policy and value as MLPs on one-hot codes, each with its own loss and optimiser."""
    config: Config
    actor: Any
    critic: Any
    optimisers: dict

    def __init__(self, c: Config, actions: int, device: torch.device | str='cpu'):
        ...

    @classmethod
    def from_fast(cls, fast: ActorCritic) -> 'PlainActorCritic':
        """Plain networks with the weights of `fast`."""
        ...

    def update(self, t: Trajectory) -> None:
        """One update of actor and critic on a trajectory of one-hot codes."""
        ...

    def losses(self, t: Trajectory) -> tuple:
        """The losses of actor and critic (§2.2, eq. 5) for a trajectory of one-hot codes."""
        ...

class PlainAgent:
    """Acts on observations: encode, likeliest code as one-hot vector, actor, sample."""
    encoder: nn.Module
    actor: nn.Module
    config: Config
    device: torch.device | str

    def __init__(self, encoder: nn.Module, actor: nn.Module, c: Config, device: torch.device | str):
        ...

    def policy(self, observations: np.ndarray) -> D.Categorical:
        """π(a|z), a distribution over m actions for each of the observations (B, S, 64, 64) uint8."""
        ...

    def act(self, observation: np.ndarray) -> int:
        """An action for one observation (S, 64, 64) uint8."""
        ...

    def act_all(self, observations: np.ndarray) -> list:
        """An action for each of the observations (B, S, 64, 64) uint8."""
        ...

    def play(self, env: gym.Env, seed: int) -> int:
        """Plays one whole game; returns the number of its steps."""
        ...

class PlainDataset:
    """The entries of `dataset` with their observations as whole stacks, (T+1, S, 64, 64) uint8."""
    o: Any

    def __init__(self, dataset: ReplayDataset):
        ...

    def sample(self, n: int, L: int, tau: float, fresh: int) -> Batch:
        """A `Batch` like that of `ReplayDataset.sample`; none starts at entry 0: it has no context."""
        ...

class PlainTWM:
    """World model, actor and critic, and what acts."""
    config: Config
    device: torch.device | str
    world_model: PlainWorldModel
    actor_critic: PlainActorCritic

    def __init__(self, c: Config, actions: int, device: torch.device | str='cpu'):
        ...

    def update(self, batch: Batch) -> dict:
        """One update of everything. Returns the terms of eqs. 3 and 4."""
        ...

    def agent(self) -> PlainAgent:
        """What acts; the weights are shared."""
        ...
