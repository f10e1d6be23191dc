# Made from balanced_cross_entropy.py by scripts/make_stubs.py.
"""How encoder and predictor move towards each other: one KL divergence, taken apart into three terms with a weight each."""
from typing import Any
from .config import Config
__all__ = ['log_probabilities', 'cross_entropy', 'entropy', 'kl', 'balanced_kl', 'balanced_cross_entropy', 'consistency_loss', 'latent_loss', 'entropy_hinge', 'latent_entropy_loss']

def log_probabilities(logits):
    """ln p of logits (…, K), in float32 or, if they are float64, in float64."""
    ...

def cross_entropy(p_logits, q_logits):
    """H(p, q) = −Σ p ln q in nats, summed over the variables: logits (…, V, K) twice → (…).
    Gradients flow into both."""
    ...

def entropy(logits):
    """H(p) = −Σ p ln p in nats, summed over the variables: logits (…, V, K) → (…), at most V ln K."""
    ...

def kl(q_logits, p_logits):
    """D(q‖p) = Σ q (ln q − ln p) in nats, summed over the variables: logits (…, V, K) twice → (…).
    Gradients flow into both."""
    ...

def balanced_kl(q_logits, p_logits, lam: float):
    """Eq. 7: λ D(sg q‖p) + (1 − λ) D(q‖sg p); logits of encoder q and predictor p (…, V, K) → (…)."""
    ...

def balanced_cross_entropy(q_logits, p_logits, l1: float, l2: float, l3: float):
    """Eq. 10: λ₁ H(sg q, p) + λ₂ H(q, sg p) − λ₃ H(q); logits of encoder q and predictor p (…, V,
    K) → (…)."""
    ...

def consistency_loss(encoder_logits, predictor_logits, form: str):
    """Consistency term of eq. 3: logits (…, V, K) twice → scalar, mean over all steps. The gradient
    goes to the encoder's logits only. `form`: 'paper' for H(encoder, predictor), 'release' for
    H(predictor, encoder). Raises `ValueError` for another one."""
    ...

def latent_loss(encoder_logits, predictor_logits, mask):
    """Latent term of eq. 4, H(sg encoder, predictor): logits (…, V, K) twice and mask (…) bool →
    scalar, the mean over the steps where `mask` is True (the episode goes on), 0 if there is none.
    The gradient goes to the predictor's logits only."""
    ...

def entropy_hinge(normalised_entropy, threshold: float):
    """max(0, threshold − entropy), for a scalar tensor that holds an entropy between 0 and 1,
    its share of the greatest possible one."""
    ...

def latent_entropy_loss(logits, config: Config):
    """Entropy term of eq. 3 without its α₁: encoder's logits (…, V, K) → scalar;
    the hinge, or −H, as `config.latent_entropy_form` says."""
    ...
