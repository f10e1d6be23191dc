# Made from networks.py by scripts/make_stubs.py.
"""What the networks of all systems are made of: categoricals with a straight-through gradient, layers that read codes, MLPs, and the optimiser."""
from typing import Any
from collections.abc import Iterable
import torch
import torch.nn as nn
from .config import Config
__all__ = ['inverse_cdf', 'sample_categorical', 'one_hot', 'straight_through', 'compute_dtype', 'OneHotLinear', 'kaiming_silu_', 'mlp', 'LatentMLP', 'adam', 'clip_and_step']

def inverse_cdf(p: torch.Tensor, generator: torch.Generator | None=None) -> torch.Tensor:
    """One draw from each distribution: float32 probabilities `p` (…, K) → class indices (…), int64.
    Never a class with p = 0."""
    ...

def sample_categorical(logits: torch.Tensor, temperature: float=1.0, generator: torch.Generator | None=None) -> torch.Tensor:
    """One draw from each categorical: logits (…, K) of any float type, −inf allowed → class indices
    (…), int64. A `temperature` of 0 takes the likeliest class."""
    ...

def one_hot(indices: torch.Tensor, classes: int, dtype=torch.float32) -> torch.Tensor:
    """Indices (…) → (…, classes), zeros and a one. Unlike `F.one_hot` it never looks at the values."""
    ...

def straight_through(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Samples a code: logits (…, V, K) → indices z (…, V) int64, and their one-hot vectors
    (…, V, K) float32, which have the gradient of the probabilities."""
    ...

def compute_dtype(tensor: torch.Tensor) -> torch.dtype:
    """The type in which products with `tensor` are computed: autocast's where it is on, or its own."""
    ...

class OneHotLinear(nn.Linear):
    """`nn.Linear(variables * classes, out_features)` on flattened one-hot codes that are given as
    indices: (…, variables) int64 → (…, out_features)."""
    variables: int
    classes: int

    def __init__(self, variables: int, classes: int, out_features: int, bias: bool=True):
        ...

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        ...

def kaiming_silu_(module: nn.Module, last: bool=False) -> nn.Module:
    """Initialises the linear layers and convolutions in `module`, in place, and returns it:
    Kaiming-uniform weights with the gain of ReLU, or 1 if `last`; zero biases."""
    ...

class ExactLinear(nn.Linear):
    """`nn.Linear` in the type of its weight, under autocast too: (…, in) → (…, out)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ...

def mlp(in_features: int, units: tuple, out_features: int) -> nn.Sequential:
    """Linear layers with SiLU between them, (…, in_features) → (…, out_features); `units` are the
    widths of the hidden layers. A single output comes from an `ExactLinear`."""
    ...

class LatentMLP(nn.Module):
    """An MLP whose first layer reads the indices of a code and, if `extra` > 0, that many features
    besides; the parameters are those of an MLP on [one-hot z, x]."""
    first: Any
    extra: Any
    rest: Any
    Codes: type

    def __init__(self, variables: int, classes: int, units: tuple, out_features: int, extra: int=0):
        ...

    def forward(self, z: torch.Tensor, x: torch.Tensor | None=None) -> torch.Tensor:
        """z (…, V) int64, x (…, extra) or None → (…, out_features). Raises `ValueError` if x is
        missing or superfluous."""
        ...

def adam(parameters: Iterable[torch.Tensor], lr: float, config: Config) -> torch.optim.Adam:
    """Adam with ε and L2 of `config`, for `parameters` that already are on their device."""
    ...

def clip_and_step(optimizer: torch.optim.Optimizer, max_norm: float) -> torch.Tensor:
    """Scales the gradients of all parameters together to a norm of at most `max_norm`, makes a
    step, and clears them. Returns the norm before clipping, a scalar tensor."""
    ...
