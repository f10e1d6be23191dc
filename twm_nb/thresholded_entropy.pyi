# Made from thresholded_entropy.py by scripts/make_stubs.py.
"""Equation 5: a policy pays for its certainty only when too little of its entropy is left."""
from typing import Any
from torch import Tensor
__all__ = ['policy_entropy', 'entropy_penalty']

def policy_entropy(logits: Tensor) -> Tensor:
    """H(π) = −Σ π ln π in nats: logits (…, m) → (…), between 0 and ln m."""
    ...

def entropy_penalty(logits: Tensor, threshold: float, weight: Tensor | None=None) -> Tensor:
    """Eq. 5, max(0, Γ − mean(weight · H) / ln m): logits (…, m), threshold Γ in [0, 1],
    weight (…) or None for 1 everywhere → scalar."""
    ...
