# Made from plain.py by scripts/make_stubs.py.
"""TWM as one would write it from the paper, in one sitting."""
from typing import Any
import torch
from torch import nn
from .config import Config
from .balanced_sampler import Batch, ReplayDataset
from .world_model import Starts, Trajectory
__all__ = ['as_plain', 'PlainDataset', 'PlainTWM']

def code_width(c):
    ...

def one_hot_codes(z, classes):
    """Indices (…, V) → one-hot codes (…, V·K) float32."""
    ...

def draw(distribution):
    """A sample of `distribution`: the one place where latent states and actions are drawn."""
    ...

def draw_with_gradient(distribution):
    """A straight-through sample (§2.1): what `draw` gives, with the gradient of the probabilities."""
    ...

def plain_mlp(width, units, out, dropout=0.0):
    """Linear layers with SiLU, and dropout if there is any, between them: (…, width) → (…, out)."""
    ...

def plain_encoder(c):
    """Stacks of frames (B, S, 64, 64), float in [0, 1] → logits (B, V·K)."""
    ...

def plain_decoder(c):
    """One-hot codes (B, V·K) → means (B, S, 64, 64)."""
    ...

def copy_weights(plain, fast):
    """Gives `plain` the weights of `fast`, which stand in the same order. Returns `plain`."""
    ...

def plain_sinusoid(distances, size):
    """Sines and cosines (K, size) of `distances` (K,)."""
    ...

def shifted(x):
    """From a column per distance (K−1 … 0) to one per key, (B, heads, n, K): pad, and cut anew."""
    ...

class PlainLayer(nn.Module):
    """Relative attention and feed-forward, each added to its input and then normalised."""
    split: tuple
    scale: Any
    qkv: Any
    position: Any
    out: Any
    dropout: Any
    feed_forward: Any
    norm1: Any
    norm2: Any

    def __init__(self, c):
        ...

    def forward(self, context, n, S, u, v, unseen):
        """Outputs (B, n, D) for the last `n` tokens of `context` (B, K, D), with position encodings `S`
    (K, D), biases `u`, `v` (heads, dh), `unseen` (B, 1, n, K) bool: where not to look."""
        ...

class PlainTransformer(nn.Module):
    """Transformer-XL whose memory is hidden states: each layer's inputs of the last tokens."""
    size: Any
    memory_tokens: Any
    u: Any
    v: Any
    layers: Any
    dropout: Any

    def __init__(self, c):
        ...

    def forward(self, x, memory, unseen):
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

    def __init__(self, c, actions):
        ...

    def unseen(self, queries, keys, is_reward):
        """(B, 1, n, K) bool for segments of `keys` (B, K) and of `queries` (B, n), the last n of
        them; `is_reward` (n,) says which queries are r tokens."""
        ...

    def sequence(self, z, a, r, d):
        """Hidden states (B, T, D) at the action tokens of T real steps z (B, T, V·K), a, r, d (B, T)."""
        ...

    def extend(self, memory, r, z, a, stop):
        """Appends r (B,) of the step before, z (B, V·K) and a (B,); z and a open a segment where `stop`
    (B,) bool. Returns h (B, D) at a, and the new memory: hidden states (B, m, D) of each layer, and
    their segments (B, m). Memory is None at first."""
        ...

def plain_adam(module, lr, c):
    ...

def plain_step(loss, optimiser, max_norm):
    ...

class PlainWorldModel(nn.Module):
    """φ and ψ with two losses and two optimisers. Knows the main setting of the paper."""
    config: Any
    observation_model: Any
    dynamics: Any
    optimisers: tuple

    def __init__(self, c, actions, device='cpu'):
        ...

    def posterior(self, o):
        """φ's distribution (…, V, K) of the codes of stacks `o` (…, S, 64, 64) in [0, 1]."""
        ...

    def prior(self, h):
        """ψ's distribution (…, V, K) of the next code for hidden states h (…, D)."""
        ...

    def observation_terms(self, o, posterior, z, predicted):
        """The terms of eq. 3 for stacks o (N, L, S, 64, 64) in [0, 1], the distributions `posterior`
    (N, L, V, K) of their codes, samples z (N, L, V·K), and ψ's log-probabilities `predicted`
    (N, L, V, K), without gradient."""
        ...

    def dynamics_terms(self, target, predicted, h, batch):
        """The terms of eq. 4 for the encoder's probabilities `target` (N, L, V, K) of the next codes,
    ψ's log-probabilities `predicted` (N, L, V, K) of them, and hidden states h (N, L, D)."""
        ...

    def losses(self, batch):
        """L_obs, L_dyn (eqs. 3, 4), their six terms, and the codes (N, L+1, V·K), context included."""
        ...

    def update(self, batch):
        """One update of φ, one of ψ. Returns the six terms, and `Starts` with one-hot codes (…, V·K)."""
        ...

    def imagine(self, actor, starts, horizon):
        """M dreams of `horizon` steps. Codes in `starts` and in the `Trajectory` are one-hot, (…, V·K)."""
        ...

def latent_states(logits, c):
    """The distribution (…, V, K) of one-hot vectors with `logits` (…, V·K)."""
    ...

def unit_normal(mean):
    ...

def as_plain(x: Starts | Trajectory, classes: int) -> Starts | Trajectory:
    """`Starts` or a `Trajectory` as the plain version has them: one-hot codes in place of indices."""
    ...

def plain_advantages(r, g, value, gae_lambda):
    """A (M, H) for rewards and discounts (M, H) and values (M, H+1), from the last step on."""
    ...

class PlainActorCritic(nn.Module):
    """Policy and value as MLPs on one-hot codes, each with its own loss and optimiser."""
    config: Any
    actor: Any
    critic: Any
    optimisers: tuple

    def __init__(self, c, actions, device='cpu'):
        ...

    def update(self, t):
        """One update of actor and critic on a `Trajectory` of one-hot codes."""
        ...

    def losses(self, t):
        """The losses of actor and critic (§2.2, eq. 5) for a trajectory of one-hot codes."""
        ...

class PlainAgent:
    """Acts on observations: encode, likeliest code as one-hot vector, actor, sample."""
    encoder: Any
    actor: Any
    config: Any
    device: Any

    def __init__(self, encoder, actor, c, device):
        ...

    def policy(self, observations):
        """π(a|z), a distribution over m actions for each of the observations (B, S, 64, 64) uint8."""
        ...

    def act_all(self, observations):
        """An action for each of the observations (B, S, 64, 64) uint8."""
        ...

    def act(self, observation):
        ...

    def play(self, env, seed):
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
