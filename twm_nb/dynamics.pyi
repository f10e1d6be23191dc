# Made from dynamics.py by scripts/make_stubs.py.
"""Latent states, actions and rewards as tokens; who sees whom; the predictors and their loss (eq. 4); and rollouts that remember."""
from typing import Any
from dataclasses import dataclass
import torch
from torch import Tensor, nn
from .config import Config
from .networks import mlp
from .transformer_xl import Cache, TransformerXL
__all__ = ['token_types', 'segments', 'DynamicsModel', 'attention_rollout', 'dynamics_loss', 'Rollout']

def token_types(steps: int, reward_tokens: bool=True, device: torch.device | None=None) -> Tensor:
    """The types (n,) of tokens, 0 for z, 1 for a, 2 for r; n = 3·steps − 1, or 2·steps without r."""
    ...

def tokens_per_step(config):
    ...

def memory_tokens(config):
    """How many tokens imagination remembers: 3·memory_steps + 2, or 2·memory_steps + 2 without r."""
    ...

def token_reach(types, config):
    """How many tokens back a token of each of `types` (n,) looks, (n,) int64: the first token that
    a step appends (r, or z without rewards) as many as the memory holds, the others one more."""
    ...

def segments(d: Tensor) -> Tensor:
    """The segment of each step, (B, T) int64, for `d` (B, T) bool: the number of ends before it."""
    ...

def attention_mask(d, config):
    """Who may see whom among the tokens of T steps with ends `d` (B, T) bool: (B, n, n) bool,
    queries in rows. Not the future, within reach, in the same segment."""
    ...

class Head(nn.Module):
    """An MLP on SiLU(h): (…, D) → (…, out_features), float32, with dropout after each hidden SiLU."""
    mlp: Any
    p: Any

    def __init__(self, in_features, units, out_features, p):
        ...

    def forward(self, h, p=None):
        """Dropout at rate `p`; by default the configured rate in training mode, else none."""
        ...

def logit(p):
    """ln(p / (1 − p)), finite for p = 0 and 1 too."""
    ...

class DynamicsModel(nn.Module):
    """ψ: embeddings of z, a, r, a Transformer-XL, predictors of the next z, reward and discount."""
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
        """Embeddings (…, D) of z (…, V), a (…) and, where it is given and used, r (…); in this order."""
        ...

    def sequence(self, z: Tensor, a: Tensor, r: Tensor, d: Tensor) -> tuple:
        """The embedded tokens z₀ a₀ r₀ z₁ a₁ … (B, n, D) of T steps, without the last r, and their
    attention mask (B, n, n). Arguments as in `hidden`."""
        ...

    def hidden(self, z: Tensor, a: Tensor, r: Tensor, d: Tensor) -> Tensor:
        """Hidden states h (B, T, D), the outputs at the action tokens, for z (B, T, V) and a (B, T)
    int64, r (B, T) float and d (B, T) bool (did an episode end here?). r[:, -1] and d[:, -1] come
    after everything else and are not used."""
        ...

    def attention(self, z: Tensor, a: Tensor, r: Tensor, d: Tensor) -> Tensor:
        """Attention weights (B, layers, heads, n, n) over the n tokens of T steps, rows queries;
    arguments as in `hidden`. Without dropout and gradient."""
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
        """What imagination reads off h (…, D), never with dropout or gradient: logits (…, V, K) of the
    next z, reward (…), discount (…) between 0 and 1."""
        ...

    def begin(self, z0: Tensor | None=None, a0: Tensor | None=None, horizon: int=15, batch: int | None=None) -> tuple[Rollout, Tensor | None]:
        """Begins a rollout with a context step z0 (B, V), a0 (B,). Returns the `Rollout` and h0 (B, D),
    the output at a0. Without context, `begin(batch=B)`, the rollout is empty and h0 is None. Room
    is made for `horizon` steps; more may follow."""
        ...

    def step(self, rollout: Rollout, r_prev: Tensor | None, z: Tensor, a: Tensor, first: Tensor | None) -> Tensor:
        """Appends r_prev (B,), the reward of the step before, z (B, V) and a (B,); returns h (B, D) at
    a. Where `first` (B,) bool an episode begins. The first step of all needs neither it nor r."""
        ...

    def append_tokens(self, rollout: Rollout, tokens: list, segments: list) -> Tensor:
        """Output (B, D) at the last of embedded `tokens`, each (B, D), of `segments`, each (B,)."""
        ...

def attention_rollout(maps: Tensor, residual: float=0.5) -> Tensor:
    """Attention weights (…, layers, heads, n, n), rows queries, zero where masked → (…, layers, n,
    n): the share of each input token (column) in each token (row) after each layer."""
    ...

def dynamics_loss(latent: Tensor, reward: Tensor, discount: Tensor, target: Tensor, r: Tensor, terminated: Tensor, d: Tensor, config: Config) -> tuple[Tensor, dict]:
    """Eq. 4: the loss, a scalar, and its three terms before they are weighted, {'latent', 'reward',
    'discount'}, scalars in nats. Logits (B, T, V, K): `latent` as predicted and `target`, at step t
    the encoder's for o_{t+1}; the rest (B, T): mean `reward`, logit `discount`; two flags, bool."""
    ...

@dataclass
class Rollout:
    """What `DynamicsModel.step` continues, in place: a cache or, without memory, a window of tokens."""
    segment: Tensor
    steps: int = 0
    cache: Cache = None
    tokens: Tensor = None
    segments: Tensor = None
