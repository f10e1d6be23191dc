# Made from balanced_cross_entropy.py by scripts/make_stubs.py.
"""How encoder and predictor move towards each other: one KL divergence, taken apart into three terms with a weight each."""
from typing import Any
import torch
from .config import Config
__all__ = ['log_probabilities', 'entropy', 'consistency_loss', 'latent_loss', 'entropy_hinge', 'latent_entropy_loss']

def log_probabilities(logits: torch.Tensor) -> torch.Tensor:
    """ln p of logits (…, K), in float32 or, if they are float64, in float64."""
    ...

def entropy(logits: torch.Tensor) -> torch.Tensor:
    """H(p) = −Σ p ln p in nats, summed over the variables: logits (…, V, K) → (…), at most V ln K."""
    ...

def cross_entropy(p_logits: torch.Tensor, q_logits: torch.Tensor) -> torch.Tensor:
    """H(p, q) = −Σ p ln q in nats, summed over the variables: logits (…, V, K) twice → (…)."""
    ...

def consistency_loss(encoder_logits: torch.Tensor, predictor_logits: torch.Tensor, form: str) -> torch.Tensor:
    """Consistency term of eq. 3: logits (…, V, K) twice → scalar, mean over all steps. The gradient
    goes to the encoder's logits only. `form`: 'paper' for H(encoder, predictor), 'release' for
    H(predictor, encoder)."""
    ...

def latent_loss(encoder_logits: torch.Tensor, predictor_logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Latent term of eq. 4, H(sg encoder, predictor): logits (…, V, K) twice → scalar, the mean
    over the steps where `mask` (…) says that the episode goes on, 0 if there is none."""
    ...

def entropy_hinge(normalised_entropy: torch.Tensor, threshold: float) -> torch.Tensor:
    """max(0, threshold − entropy) of a scalar tensor, an entropy as a share of the greatest one."""
    ...

def latent_entropy_loss(logits: torch.Tensor, config: Config) -> torch.Tensor:
    """Entropy term of eq. 3 without its α₁: encoder's logits (…, V, K) → scalar, the hinge or −H."""
    ...
