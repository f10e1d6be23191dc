# Made from dynamics.py by scripts/make_stubs.py.
"""Latent states, actions and rewards as tokens; who sees whom; the predictors and their loss (eq. 4); and rollouts that remember."""
from typing import Any
from dataclasses import dataclass
import torch
from torch import Tensor, nn
from .config import Config
from .networks import mlp
from .transformer_xl import Cache, TransformerXL
__all__ = ['tokens_per_step', 'token_types', 'memory_tokens', 'token_reach', 'segments', 'attention_mask', 'Head', 'logit', 'DynamicsModel', 'attention_rollout', 'dynamics_loss', 'Rollout']

def tokens_per_step(config: Config) -> int:
    """Three: z, a, r; or two without reward tokens."""
    ...

def token_types(steps: int, reward_tokens: bool=True, device: torch.device | str | None=None) -> Tensor:
    """The types, 0 for z, 1 for a, 2 for r, of the tokens of `steps` steps: (n,) int64.
    The last reward is absent, so n = 3·steps − 1, or 2·steps without rewards."""
    ...

def memory_tokens(config: Config) -> int:
    """How many tokens imagination remembers: 3·memory_steps + 2 = 50, or 2·memory_steps + 2 = 34 without reward tokens."""
    ...

def token_reach(types: Tensor, memory: int, reward_tokens: bool=True) -> Tensor:
    """How many tokens back a token of each of `types` (n,) looks, (n,) int64: the first token that a step
    appends (r, or z without rewards) `memory`, the others one more."""
    ...

def segments(d: Tensor) -> Tensor:
    """The segment of each step, (B, T) int64, for `d` (B, T) bool: the number of ends before it.
    The step of an end still belongs to the segment that it ends."""
    ...

def attention_mask(d: Tensor, config: Config) -> Tensor:
    """Who may see whom among the tokens of T steps with ends `d` (B, T) bool: (B, n, n) bool, queries in
    rows. Not the future, within reach, in the same segment."""
    ...

class Head(nn.Module):
    """An MLP on SiLU(h): (…, D) → (…, out_features), float32, with dropout after each hidden SiLU."""
    mlp: Any
    p: float

    def __init__(self, in_features: int, units: tuple, out_features: int, p: float):
        ...

    def forward(self, h: Tensor, p: float | None=None) -> Tensor:
        """Dropout at rate `p`; by default the configured rate in training mode, else none."""
        ...

def logit(p: float, eps: float=1e-06) -> float:
    """ln(p / (1 − p)), finite for p = 0 and 1 too."""
    ...

class DynamicsModel(nn.Module):
    """ψ: embeddings of z, a and r, a Transformer-XL, and the predictors of the next latent state, the reward
    and the discount. Raises `ValueError` without actions."""
    config: Config
    z_embedding: Any
    a_embedding: Any
    r_embedding: Any
    transformer: TransformerXL
    latent_head: Head
    reward_head: Head
    discount_head: Head

    def __init__(self, config: Config, num_actions: int):
        ...

    def embed(self, z: Tensor, a: Tensor, r: Tensor | None=None) -> list:
        """Embeddings (…, D) of z (…, V), a (…) and, if given and used, r (…); in this order."""
        ...

    def sequence(self, z: Tensor, a: Tensor, r: Tensor, d: Tensor) -> tuple[Tensor, Tensor]:
        """The embedded tokens z₀ a₀ r₀ z₁ a₁ … (B, n, D) of T steps, without the last r, and their attention
    mask (B, n, n). Arguments as in `hidden`."""
        ...

    def hidden(self, z: Tensor, a: Tensor, r: Tensor, d: Tensor) -> Tensor:
        """Hidden states h (B, T, D), the outputs at the action tokens, for z (B, T, V) int64, a (B, T) int64,
    r (B, T) float and d (B, T) bool (did an episode end here?). r[:, -1] and d[:, -1] come after everything
    else and are not used. Raises `ValueError` if the shapes do not fit."""
        ...

    def attention(self, z: Tensor, a: Tensor, r: Tensor, d: Tensor) -> Tensor:
        """Attention weights (B, layers, heads, n, n) over the n tokens of T steps; arguments as in `hidden`.
    Rows are queries. Without dropout and gradient."""
        ...

    def latent(self, h: Tensor, p: float | None=None) -> Tensor:
        """Logits (…, V, K) of the next latent state for h (…, D).
    Dropout at rate `p`, by default as configured in training mode."""
        ...

    def reward(self, h: Tensor, p: float | None=None) -> Tensor:
        """Mean (…) of the reward for h (…, D); dropout as in `latent`."""
        ...

    def discount(self, h: Tensor, p: float | None=None) -> Tensor:
        """Logit (…) of the discount for h (…, D); dropout as in `latent`."""
        ...

    def predict(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What imagination reads off h (…, D), never with dropout or gradient: logits (…, V, K) of the next z,
    reward (…), discount (…) between 0 and 1."""
        ...

    def begin(self, z0: Tensor | None=None, a0: Tensor | None=None, horizon: int=15, batch: int | None=None) -> tuple[Rollout, Tensor | None]:
        """Begins a rollout with a context step z0 (B, V), a0 (B,). Returns the `Rollout` and h0 (B, D), the output
    at a0. Without context, `begin(batch=B)`, the rollout is empty and h0 is None. Room is made for `horizon` steps; more may follow. Raises `ValueError` if
    B is unknown."""
        ...

    def step(self, rollout: Rollout, r_prev: Tensor | None, z: Tensor, a: Tensor, first: Tensor | None) -> Tensor:
        """Appends r_prev (B,), the reward of the step before, and z (B, V), a (B,); returns h (B, D), the output
    at a. Where `first` (B,) bool is true an episode begins here: z and a open a new segment, r_prev belongs to
    the old one. At the very first step of a rollout without context, r_prev and first are not used."""
        ...

    def append_tokens(self, rollout: Rollout, tokens: list, segments: list) -> Tensor:
        """Output (B, D) at the last of the new embedded `tokens`, each (B, D), which belong to `segments`, each (B,)."""
        ...

def attention_rollout(maps: Tensor, residual: float=0.5) -> Tensor:
    """Attention weights (…, layers, heads, n, n), rows queries, zero where masked → shares (…, layers, n, n) of each
    input token (column) in each token (row) after each layer. Rows sum to one."""
    ...

def dynamics_loss(latent_logits: Tensor, reward_mean: Tensor, discount_logit: Tensor, target_latent_logits: Tensor, r: Tensor, terminated: Tensor, d: Tensor, config: Config) -> tuple[Tensor, dict]:
    """Eq. 4: the loss, a scalar, and its three terms before they are weighted, {'latent', 'reward',
    'discount'}, scalars in nats. Latent logits (B, T, V, K): predictions, and as targets at step t the
    encoder's for o_{t+1}; the rest (B, T), `terminated` and `d` bool."""
    ...

@dataclass
class Rollout:
    """What `DynamicsModel.step` continues, in place.
    With memory a cache of keys and values, without it a window of embedded tokens."""
    segment: Tensor
    steps: int = 0
    cache: Cache = None
    tokens: Tensor = None
    segments: Tensor = None
