# Made from transformer_xl.py by scripts/make_stubs.py.
"""Attention by distance instead of position, and a memory: the network inside the dynamics model, with one attention function for training and imagination."""
from typing import Any
from dataclasses import dataclass, field
from torch import Tensor, nn
from .config import Config
from .fast_layers import dropout
__all__ = ['sinusoid', 'relative_shift', 'attention_scores', 'may_see', 'as_bias', 'attention_weights', 'attend', 'RelativeLayer', 'TransformerXL', 'attention_maps', 'Cache', 'round_up']

def sinusoid(distances: Tensor, size: int) -> Tensor:
    """Encodings (K, size) of `distances` (K,), float32: size/2 sines, then size/2 cosines, with
    wavelengths from 2π to almost 2π·10⁴."""
    ...

def relative_shift(x: Tensor) -> Tensor:
    """From one column per distance to one column per key.
    In `x` (…, n, K), K ≥ n, column c belongs to distance K−1−c; in the result (…, n, K) row i,
    column j belongs to distance (K−n+i)−j. Entries of negative distance are meaningless; a causal
    mask hides them."""
    ...

def attention_scores(q: Tensor, k: Tensor, R: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """Unscaled scores (B, heads, n, K) of n queries `q` (B, heads, n, dh) for K ≥ n keys
    `k` (B, heads, K, dh). `R` (heads, K, dh) are the position keys of K consecutive distances,
    falling, whose last is that of the last query to the last key (0 if that is its own). `u` and
    `v` (heads, dh) are the biases of content and position."""
    ...

def may_see(queries: Tensor, keys: Tensor, reach: Tensor, first: int=0) -> Tensor:
    """(B, n, K) bool: may query i, which stands at place `first` + i, see the key at place j?
    `queries` (B, n) and `keys` (B, K) hold segment numbers; `reach` (n,) says how many tokens back
    a query may look."""
    ...

def as_bias(mask: Tensor) -> Tensor:
    """What is added to the scores: 0 where `mask` (B, n, K) is true, −∞ elsewhere; float32 (B, 1,
    n, K). Every row must allow a key."""
    ...

def attention_weights(q: Tensor, k: Tensor, R: Tensor, u: Tensor, v: Tensor, bias: Tensor, scale: float) -> Tensor:
    """Attention weights (B, heads, n, K), float32: the softmax of bias + scale·scores.
    Shapes as in `attention_scores` and `as_bias`."""
    ...

def attend(q: Tensor, k: Tensor, values: Tensor, R: Tensor, u: Tensor, v: Tensor, bias: Tensor, scale: float, p: float=0.0) -> Tensor:
    """Weighted sums (B, heads, n, dh) of `values` (B, heads, K, dh), with dropout of the weights at
    rate `p`."""
    ...

class RelativeLayer(nn.Module):
    """One post-norm layer: relative attention and a SiLU feed-forward, each added to its input and
    normalised. Attention's projections have no bias."""
    heads: Any
    head_size: Any
    scale: Any
    qkv: Any
    position: Any
    out: Any
    feed1: Any
    feed2: Any
    norm1: Any
    norm2: Any

    def __init__(self, config: Config):
        ...

    def project(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, each (B, heads, n, dh), of tokens `x` (B, n, D)."""
        ...

    def position_keys(self, S: Tensor) -> Tensor:
        """This layer's R (heads, K, dh) from sinusoids `S` (K, D)."""
        ...

    def forward(self, x: Tensor, q: Tensor, k: Tensor, values: Tensor, R: Tensor, u: Tensor, v: Tensor, bias: Tensor, p: float=0.0, rows: slice=slice(None)) -> Tensor:
        """Outputs (B, n, D) for tokens `x` (B, n, D) whose queries attend to K keys and values; of
    the n tokens only `rows`. Dropout at rate `p`."""
        ...

class TransformerXL(nn.Module):
    """The layers, and the biases u and v that all of them share."""
    size: Any
    dropout: Any
    u: Any
    v: Any
    layers: Any

    def __init__(self, config: Config):
        ...

    def positions(self, longest: int, shortest: int=0, p: float=0.0) -> list:
        """Position keys of the distances `longest` … `shortest`, (heads, longest − shortest + 1,
        dh), one tensor per layer. Dropout at rate `p`, the same for all layers."""
        ...

    def wanted(self, rows: slice) -> list:
        """Which tokens each layer must put out: all, but the last layer only `rows`."""
        ...

    def forward(self, x: Tensor, mask: Tensor, rows: slice=slice(None), p: float | None=None) -> Tensor:
        """Outputs (B, n, D) for tokens `x` (B, n, D), where `mask` (B, n, n) bool says which query
    (row) may see which key; of the n tokens only `rows`. Dropout at rate `p`; by default the
    configured rate in training mode, else none."""
        ...

    def new_cache(self, batch: int, capacity: int, keep: int) -> Cache:
        """An empty `Cache` with room for `capacity` tokens, of which the newest `keep` survive when it
    is full."""
        ...

    def make_room(self, cache: Cache, n: int) -> None:
        """Sees to it that `cache` has room for `n` more tokens.
    The new buffers hold what is kept and at least 32 tokens more, so that moves are rare."""
        ...

    def extend(self, x: Tensor, cache: Cache, segments: Tensor, reach: Tensor) -> Tensor:
        """Output (B, D) at the last of the new tokens `x` (B, n, D), which belong to `segments` (B, n)
    and look back `reach` (n,) tokens, at most `cache.keep` + n − 1. Only the new tokens are
    projected, and the cache grows by them. Without dropout and gradient, in training mode too."""
        ...

def attention_maps(model: TransformerXL, x: Tensor, mask: Tensor) -> Tensor:
    """The attention weights of every layer and head of `model`, (B, layers, heads, n, n) float32,
    for tokens `x` (B, n, D) under `mask` (B, n, n). Without dropout."""
    ...

@dataclass
class Cache:
    """What `TransformerXL.extend` remembers. Of `capacity` slots the first `length` are filled.
    Only Python numbers decide, never the contents of a tensor. Keys and values are those of the
    weights at the time they were written, position keys those of the weights when room was last
    made."""
    keep: int
    segments: Tensor
    positions: list
    length: int = 0
    keys: list = field(default_factory=list)
    values: list = field(default_factory=list)

    @property
    def capacity(self) -> int:
        ...

    def write(self, layer: int, k: Tensor, values: Tensor) -> list:
        """Puts new keys and values (B, heads, n, dh) of a layer into the next free slots; returns
    all that are filled, (B, heads, length + n, dh) twice."""
        ...

    def newest(self, tensor: Tensor, capacity: int, dim: int) -> Tensor:
        """A copy of `tensor` with `capacity` slots along `dim`, in which the newest `keep` tokens
    have moved to the front."""
        ...

def round_up(n: int, multiple: int=8) -> int:
    """The smallest multiple of `multiple` that is at least `n`."""
    ...
