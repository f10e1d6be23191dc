# Made from transformer_xl.py by scripts/make_stubs.py.
"""Attention by distance instead of position, and a memory: the network inside the dynamics model, with one attention function for training and imagination."""
from typing import Any
from dataclasses import dataclass, field
from torch import Tensor, nn
from .config import Config
from .fast_layers import dropout
__all__ = ['relative_shift', 'may_see', 'TransformerXL', 'attention_maps', 'Cache']

def sinusoid(distances, size):
    """Encodings (K, size) of `distances` (K,), float32: size/2 sines, then size/2 cosines."""
    ...

def relative_shift(x: Tensor) -> Tensor:
    """From a column per distance to a column per key, (…, n, K) with K ≥ n: column c of `x` belongs
    to distance K−1−c, column j in row i of the result to distance (K−n+i)−j. Where that is negative
    the entry means nothing, and a causal mask hides it."""
    ...

def attention_scores(q, k, R, u, v):
    """Unscaled scores (B, heads, n, K) of queries `q` (B, heads, n, dh) for keys `k` (B, heads, K,
    dh), K ≥ n. `R` (heads, K, dh) are the position keys of K falling distances, down to that of the
    last query to the last key; `u`, `v` (heads, dh) the biases of content and position."""
    ...

def may_see(queries: Tensor, keys: Tensor, reach: Tensor, first: int=0) -> Tensor:
    """May query i, at place `first` + i, see the key at place j? (B, n, K) bool, for the segment
    numbers `queries` (B, n) and `keys` (B, K), and the distances `reach` (n,) that queries look."""
    ...

def as_bias(mask):
    """What is added to scores: 0 where `mask` (B, n, K) is true, else −∞; (B, 1, n, K) float32."""
    ...

def attention_weights(q, k, R, u, v, bias, scale):
    """softmax(bias + scale·scores), (B, heads, n, K) float32; the rest as in `attention_scores`."""
    ...

class RelativeLayer(nn.Module):
    """Relative attention and a SiLU feed-forward, each added to its input and then normalised."""
    split: tuple
    scale: Any
    qkv: Any
    position: Any
    out: Any
    feed1: Any
    feed2: Any
    norm1: Any
    norm2: Any

    def __init__(self, config):
        ...

    def project(self, x):
        """Queries, keys and values, each (B, heads, n, dh), of tokens `x` (B, n, D)."""
        ...

    def forward(self, x, q, k, values, R, u, v, bias, p=0.0, rows=slice(None)):
        """Outputs (B, n, D) for tokens `x` (B, n, D), of which only `rows`; dropout at rate `p`."""
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

    def positions(self, K: int, p: float=0.0) -> list:
        """Position keys R (heads, K, dh) of the distances K−1 … 0 per layer, with dropout for all."""
        ...

    def forward(self, x: Tensor, mask: Tensor, rows: slice=slice(None), p: float | None=None) -> Tensor:
        """Outputs (B, n, D) for tokens `x` (B, n, D), of which only `rows`; `mask` (B, n, n) bool says
    which query (row) may see which key. Dropout at rate `p`, by default that of the mode."""
        ...

    def new_cache(self, batch: int, capacity: int, keep: int) -> Cache:
        """An empty `Cache` for `capacity` tokens, of which the newest `keep` survive when it is full."""
        ...

    def make_room(self, cache: Cache, n: int) -> None:
        """Moves `cache` into fresh buffers if it has no room for `n` more tokens."""
        ...

    def extend(self, x: Tensor, cache: Cache, segments: Tensor, reach: Tensor) -> Tensor:
        """Output (B, D) at the last of the new tokens `x` (B, n, D), which belong to `segments` (B, n)
    and look back `reach` (n,) tokens, at most `cache.keep` + n − 1. Only they are projected,
    and the cache grows by them. Without dropout and gradient, in training mode too."""
        ...

def attention_maps(model: TransformerXL, x: Tensor, mask: Tensor) -> Tensor:
    """The attention weights of every layer and head of `model`, (B, layers, heads, n, n) float32,
    for tokens `x` (B, n, D) under `mask` (B, n, n). Without dropout."""
    ...

@dataclass
class Cache:
    """What `TransformerXL.extend` remembers: of `capacity` slots the first `length` are filled.
    Keys and values are of the weights when they were written, positions when room was made."""
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
        """Puts new keys and values (B, heads, n, dh) of a layer into the next free slots; returns all
    that are filled, (B, heads, length + n, dh) twice."""
        ...

    def newest(self, x: Tensor, capacity: int, dim: int) -> Tensor:
        """The newest `keep` tokens of `x`, moved to the front of `capacity` slots along `dim`."""
        ...

def round_up(n):
    """The smallest multiple of eight that is at least `n`."""
    ...
