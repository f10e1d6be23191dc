# Made from fast_layers.py by scripts/make_stubs.py.
"""Appendix: layers and products that are quick on a CPU, each shown equal to the plain one."""
from typing import Any
from collections.abc import Callable
from contextlib import contextmanager
import torch
import torch.nn as nn
from torch import Tensor
from . import networks
__all__ = ['OneHotLinear', 'LatentMLP', 'PatchDown', 'PixelUp', 'Up', 'LastUp', 'dropout', 'quick_products', 'keep_freed_memory', 'constant', 'FrozenLinear', 'FrozenConv', 'patches', 'FrozenPatchConv', 'channels_last', 'microseconds']

def sum_of_columns(weight: Tensor, columns: Tensor) -> Tensor:
    """weight (out, in), column numbers (N, V) → (N, out)."""
    ...

class OneHotLinear(networks.OneHotLinear):
    """The layer of that name in 03a, by summing columns where that is quicker."""

    def __init__(self, variables: int, classes: int, out_features: int, bias: bool=True):
        ...

    def forward(self, z: Tensor) -> Tensor:
        ...

class LatentMLP(networks.LatentMLP):
    """The MLP of that name in 03a, with the quick first layer."""
    Codes: type

class PatchDown(nn.Conv2d):
    """A convolution as a product of gathered patches and filters: (N, in, n, n) → (N, out, n', n')."""

    def forward(self, x: Tensor) -> Tensor:
        ...

    def product(self, x: Tensor) -> Tensor:
        """What `forward` gives, by the product in any case."""
        ...

class PixelUp(nn.ConvTranspose2d):
    """A transposed convolution of single pixels as a product: (N, in, 1, 1) → (N, out, k, k)."""

    def forward(self, x: Tensor) -> Tensor:
        ...

class Up(nn.ConvTranspose2d):
    """A transposed convolution whose bias is added afterwards: (N, in, n, n) → (N, out, n', n')."""

    def forward(self, x: Tensor) -> Tensor:
        ...

def phases(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The transposed convolution of x (N, in, n, n) with stride 2, weight (in, out, k, k), k even,
    bias (out,) → (N, out, 2n+k−2, 2n+k−2), by an ordinary one with 4·out output channels."""
    ...

class ByPhases(torch.autograd.Function):
    """`phases`, with the backward pass of the transposed convolution that it equals."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ...

    @staticmethod
    def backward(ctx, g):
        ...

class LastUp(nn.ConvTranspose2d):
    """A transposed convolution of stride 2 with few outputs: (N, in, n, n) → (N, out, n', n')."""

    def forward(self, x: Tensor) -> Tensor:
        ...

def dropout(x: Tensor, p: float) -> Tensor:
    """Zeroes entries of `x` with probability `p` (on a CPU rounded to a multiple of 2⁻¹⁶) and
    scales the others so that the mean stays, as exactly as the type of `x` can tell."""
    ...

@contextmanager
def medium_precision():
    ...

def quick_is_exact() -> bool:
    """Do float32 products on this CPU stay exact to 2e-6 under 'medium'? Judged by one product."""
    ...

def quick_products(method: Callable) -> Callable:
    """Decorates a method of a module with a `config`: while it runs on a CPU, float32 products may
    go to oneDNN, if they gain by it and stay exact."""
    ...

def keep_freed_memory() -> bool:
    """Makes this process keep freed memory for its next use (GNU libc), and says whether it does."""
    ...

def packable(weight):
    """Can oneDNN pack this weight here: on a CPU, in float32 or a bfloat16 that the CPU knows?"""
    ...

def constant(tensor: Tensor, dtype: torch.dtype) -> nn.Parameter:
    """A copy of `tensor` in `dtype` that will never want a gradient, as a parameter."""
    ...

class FrozenLinear(nn.Module):
    """A linear layer, followed by SiLU if `silu`, with constant weights in `dtype`: (N, in) →
    (N, out). On a CPU they are packed for oneDNN; `plain` is what it computes."""
    weight: Any
    bias: Any
    silu: bool
    packed: Any

    def __init__(self, weight: Tensor, bias: Tensor, dtype: torch.dtype, silu: bool):
        ...

    def plain(self, x: Tensor) -> Tensor:
        ...

    def forward(self, x: Tensor) -> Tensor:
        ...

class FrozenConv(nn.Module):
    """A convolution of stride 2 followed by SiLU, with constant weights: (N, in, n, n) → (N, out,
    n', n'), channels last. `size` is the side n that the packing is best for."""
    weight: Any
    bias: Any
    packed: Any

    def __init__(self, weight: Tensor, bias: Tensor, dtype: torch.dtype, size: int):
        ...

    def plain(self, x: Tensor) -> Tensor:
        ...

    def forward(self, x: Tensor) -> Tensor:
        ...

def patches(x: Tensor) -> Tensor:
    """(N, C, n, n), channels last → (N, n', n', 16·C): what a kernel of 4 with stride 2 sees at
    each of its places, row by row, channels innermost."""
    ...

class FrozenPatchConv(FrozenLinear):
    """A convolution of kernel 4, stride 2 and SiLU as a product: (N, in, n, n) → (N, n', n', out)."""

    def __init__(self, weight: Tensor, bias: Tensor, dtype: torch.dtype):
        ...

    def forward(self, x: Tensor) -> Tensor:
        ...

def channels_last(o: Tensor, dtype: torch.dtype) -> Tensor:
    """Stacks (N, S, 64, 64) uint8 → the same in `dtype`, channels last."""
    ...

def microseconds(*functions: Callable, blocks: int=4, calls: int=20) -> list:
    """Median time of a call of each function; they take turns in blocks."""
    ...
