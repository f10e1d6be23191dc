# Made from vae.py by scripts/make_stubs.py.
"""A discrete autoencoder: a stack of frames in, 32 categorical variables as its code, the stack of frames out."""
from typing import Any
import torch
import torch.nn as nn
from .config import Config
__all__ = ['inverse_cdf', 'sample_categorical', 'one_hot', 'straight_through', 'compute_dtype', 'sum_of_columns', 'OneHotLinear', 'kaiming_silu_', 'ExactLinear', 'mlp', 'LatentMLP', 'latent_mlp', 'PatchDown', 'check_frames', 'Encoder', 'PixelUp', 'Up', 'phases', 'ByPhases', 'LastUp', 'Decoder', 'ObservationModel', 'reconstruction_floor', 'reconstruction_loss', 'adam', 'clip_and_step', 'keep_freed_memory', 'quick_is_exact', 'gains', 'quick_products']

def inverse_cdf(p):
    """One draw from each distribution: float32 probabilities `p` (…, K) → class indices (…), int64.
    Never a class with p = 0."""
    ...

def sample_categorical(logits):
    """One draw from each categorical: logits (…, K) of any float type, −inf allowed → class indices (…), int64."""
    ...

def one_hot(indices, classes: int, dtype=torch.float32):
    """Indices (…) → (…, classes), zeros and a one. Unlike `F.one_hot` it never looks at the values."""
    ...

def straight_through(logits):
    """Samples a code: logits (…, V, K) → indices z (…, V) int64, and their one-hot vectors (…, V, K) float32,
    which are exact but have the gradient of the probabilities."""
    ...

def compute_dtype(tensor):
    """The type in which a matrix product with `tensor` is computed here: that of autocast where it is on, else its own."""
    ...

def sum_of_columns(weight, columns):
    """weight (out, in), column numbers (N, V) → (N, out)."""
    ...

class OneHotLinear(nn.Linear):
    """`nn.Linear` on flattened one-hot codes that are given as indices: (…, variables) int64 → (…, out_features).
    Its weight is that of `nn.Linear(variables * classes, out_features)`.
    Raises `ValueError` for another number of variables."""
    variables: int
    classes: int

    def __init__(self, variables: int, classes: int, out_features: int, bias: bool=True):
        ...

    def forward(self, z):
        ...

def kaiming_silu_(module, last: bool=False):
    """Initialises all linear layers and convolutions in `module`, in place, and returns it: Kaiming-uniform
    weights with the gain of ReLU, or a gain of 1 if it is the `last` layer of an MLP; zero biases."""
    ...

class ExactLinear(nn.Linear):
    """`nn.Linear` in the type of its weight, under autocast too: (…, in_features) → (…, out_features)."""

    def forward(self, x):
        ...

def mlp(in_features: int, units, out_features: int) -> nn.Sequential:
    """Linear layers with SiLU between them, (…, in_features) → (…, out_features); `units` are the widths of
    the hidden layers. A single output is a number that may be large: its layer is an `ExactLinear`."""
    ...

class LatentMLP(nn.Module):
    """An MLP whose first layer reads the indices of a code and, if `extra` > 0, that many features besides.
    `latent_mlp` makes one."""
    first: Any
    extra: Any
    rest: Any

    def __init__(self, variables: int, classes: int, units, out_features: int, extra: int=0):
        ...

    def forward(self, z, x=None):
        """z (…, V) int64, x (…, extra) or None → (…, out_features). Raises `ValueError` if x is missing or superfluous."""
        ...

def latent_mlp(variables: int, classes: int, units, out_features: int, extra: int=0) -> LatentMLP:
    """An MLP on codes (…, variables) and `extra` features; the parameters are those of an MLP on [one-hot z, x]."""
    ...

class PatchDown(nn.Conv2d):
    """A convolution with few output pixels, as a product of gathered patches and filters:
    (N, in, n, n) → (N, out, n', n')."""

    def forward(self, x):
        ...

    def product(self, x):
        """What `forward` gives, by the product in any case."""
        ...

def check_frames(o, stack: int) -> None:
    """Raises `ValueError` unless `o` is uint8 and ends in (stack, 64, 64)."""
    ...

class Encoder(nn.Module):
    """p(z|o): stacks of frames (…, S, 64, 64) uint8 → logits (…, V, K) float32. Raises `ValueError` for other frames."""
    shape: tuple
    convolutions: Any
    mlp: Any

    def __init__(self, config: Config):
        ...

    def forward(self, o):
        ...

class PixelUp(nn.ConvTranspose2d):
    """A transposed convolution of single pixels, as a matrix product: (N, in, 1, 1) → (N, out, k, k)."""

    def forward(self, x):
        ...

class Up(nn.ConvTranspose2d):
    """A transposed convolution whose bias is added outside of the library's call: (N, in, n, n) → (N, out, n', n')."""

    def forward(self, x):
        ...

def phases(x, weight, bias):
    """The transposed convolution of x (N, in, n, n) with stride 2, weight (in, out, k, k), k even, bias (out,)
    → (N, out, 2n+k−2, 2n+k−2), as an ordinary one whose output channels are the four positions of a pixel."""
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
    """A transposed convolution of stride 2 with few output channels: (N, in, n, n) → (N, out, n', n')."""

    def forward(self, x):
        ...

class Decoder(nn.Module):
    """p(ô|z): flattened one-hot codes (…, V·K), float → means (…, S, 64, 64) of unit normals, float32,
    in units of pixel / 255."""
    linear: Any
    convolutions: Any

    def __init__(self, config: Config):
        ...

    def forward(self, z):
        ...

    def set_mean_image(self, image) -> None:
        """Adds `image` (S, 64, 64), floats in [0, 1], to every output from now on. It is saved with the weights."""
        ...

class ObservationModel(nn.Module):
    """φ: `encoder`, `decoder`, and the straight-through code between them."""
    encoder: Encoder
    decoder: Decoder
    straight_through: Any

    def __init__(self, config: Config):
        ...

    def forward(self, o):
        """Stacks o (…, S, 64, 64) uint8 → logits (…, V, K), a sampled code z (…, V),
        means of the reconstruction (…, S, 64, 64)."""
        ...

def reconstruction_floor(pixels: int) -> float:
    """What `reconstruction_loss` costs for a perfect reconstruction of `pixels` pixels: ½ ln 2π each."""
    ...

def reconstruction_loss(means, o):
    """−ln p(o|z), decoder term of eq. 3: means (…, S, 64, 64) and frames o, uint8, of the same shape → scalar;
    summed over a stack's pixels, averaged over stacks."""
    ...

def adam(parameters, lr: float, config: Config) -> torch.optim.Adam:
    """Adam with β = (0.9, 0.999), ε and L2 of `config`, for `parameters` that already are on their device."""
    ...

def clip_and_step(optimizer, max_norm: float):
    """Scales the gradients of all parameters of `optimizer` together to a norm of at most `max_norm`,
    makes a step, and clears them. Returns the norm before clipping, a scalar tensor."""
    ...

def keep_freed_memory() -> bool:
    """Makes this process keep freed memory for its next use (GNU libc). Returns whether that was possible."""
    ...

def quick_is_exact() -> bool:
    """Do float32 products on this CPU keep their precision under 'medium'? Judged by one product, whose relative
    error must be below 2e-6."""
    ...

def gains(module) -> bool:
    """Do the products of a `module` with a `config` gain by oneDNN? Narrow ones lose more to its calls than they gain."""
    ...

def quick_products(method):
    """Decorates a method of a module with a `config`: while it runs on a CPU, float32 products may go to oneDNN, if
    they gain by it and stay exact. The process's own setting comes back afterwards."""
    ...
