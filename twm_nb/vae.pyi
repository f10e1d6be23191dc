# Made from vae.py by scripts/make_stubs.py.
"""A discrete autoencoder: a stack of frames in, 32 categorical variables as its code, the stack of frames out."""
from typing import Any
import torch
import torch.nn as nn
from .config import Config
from .networks import mlp, straight_through
__all__ = ['check_frames', 'Encoder', 'Decoder', 'ObservationModel', 'reconstruction_floor', 'reconstruction_loss']

def check_frames(o: torch.Tensor, stack: int) -> None:
    """Raises `ValueError` unless `o` is uint8 and ends in (stack, 64, 64)."""
    ...

class Encoder(nn.Module):
    """p(z|o): stacks of frames (…, S, 64, 64) uint8 → logits (…, V, K) float32. Raises `ValueError`
    for other frames."""
    shape: tuple
    convolutions: Any
    mlp: Any

    def __init__(self, config: Config):
        ...

    def forward(self, o: torch.Tensor) -> torch.Tensor:
        ...

class Decoder(nn.Module):
    """p(ô|z): flattened one-hot codes (…, V·K), float → means (…, S, 64, 64) of unit normals,
    float32, in units of pixel / 255."""
    linear: Any
    convolutions: Any

    def __init__(self, config: Config):
        ...

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        ...

    def set_mean_image(self, image: torch.Tensor) -> None:
        """Adds `image` (S, 64, 64), floats in [0, 1], to every output from now on."""
        ...

class ObservationModel(nn.Module):
    """φ: `encoder`, `decoder`, and the straight-through code between them."""
    encoder: Encoder
    decoder: Decoder
    straight_through: Any

    def __init__(self, config: Config):
        ...

    def forward(self, o: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Stacks o (…, S, 64, 64) uint8 → logits (…, V, K), a sampled code z (…, V),
        means of the reconstruction (…, S, 64, 64)."""
        ...

def reconstruction_floor(pixels: int) -> float:
    """The `reconstruction_loss` of `pixels` pixels that are reproduced exactly: ½ ln 2π each."""
    ...

def reconstruction_loss(means: torch.Tensor, o: torch.Tensor) -> torch.Tensor:
    """−ln p(o|z), decoder term of eq. 3: means (…, S, 64, 64) and frames o, uint8, of the same
    shape → scalar; summed over a stack's pixels, averaged over stacks."""
    ...
