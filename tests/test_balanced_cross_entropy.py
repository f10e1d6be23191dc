"The latent losses against sums written out, and which gradient reaches whom."
import math

import pytest
import torch

from twm_nb.balanced_cross_entropy import consistency_loss, cross_entropy, entropy, entropy_hinge, latent_entropy_loss, latent_loss
from twm_nb.config import preset

torch.set_num_threads(1)
CONFIG = preset('paper')
PAPER = CONFIG.replace(latent_entropy_form='paper')

@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)

def pair(*shape, dtype=torch.float64):
    "Two logits tensors that want a gradient."
    return [(2 * torch.randn(shape, dtype=dtype)).requires_grad_() for _ in range(2)]

def gradients(loss, *tensors): return torch.autograd.grad(loss, tensors, allow_unused=True)

def slow(p, q, term):
    "Σ over variables and classes of term(p_k, q_k), in plain Python; logits (B, V, K) → list of B."
    p, q = p.detach().softmax(-1).tolist(), q.detach().softmax(-1).tolist()
    return [sum(term(a, b) for pv, qv in zip(pb, qb) for a, b in zip(pv, qv)) for pb, qb in zip(p, q)]

def test_values_are_the_sums_of_their_definitions():
    p, q = pair(5, 4, 3)
    assert cross_entropy(p, q).tolist() == pytest.approx(slow(p, q, lambda a, b: -a * math.log(b)))
    assert entropy(p).tolist() == pytest.approx(slow(p, p, lambda a, b: -a * math.log(a)))

def test_they_agree_with_torch_distributions():
    from torch.distributions import Categorical, kl_divergence
    p, q = pair(7, 2, 6, 9)
    assert torch.allclose(cross_entropy(q, p) - entropy(q), kl_divergence(Categorical(logits=q), Categorical(logits=p)).sum(-1))
    assert torch.allclose(entropy(p), Categorical(logits=p).entropy().sum(-1))

def test_variables_are_summed_and_shapes_kept():
    p, q = pair(2, 3, 1, 8)
    assert cross_entropy(p, q).shape == (2, 3)
    assert torch.allclose(cross_entropy(p.expand(2, 3, 5, 8), q.expand(2, 3, 5, 8)), 5 * cross_entropy(p, q))
    assert entropy(torch.zeros(32, 32)).item() == pytest.approx(32 * math.log(32))

def test_narrow_types_are_widened_and_extremes_stay_finite():
    for dtype, wide in ((torch.bfloat16, torch.float32), (torch.float32, torch.float32), (torch.float64, torch.float64)):
        p, q = torch.tensor([[1e4, -1e4, 0]], dtype=dtype).requires_grad_(), torch.tensor([[0, 1e2, -1e2]], dtype=dtype).requires_grad_()
        for value in (cross_entropy(p, q), entropy(p)):
            assert value.dtype == wide and value.isfinite()
            assert all(g is None or g.isfinite().all() for g in gradients(value, p, q))
    a, b = pair(20, 32, 32, dtype=torch.float32)
    with torch.autocast('cpu', torch.bfloat16):
        assert torch.equal(cross_entropy(a, b), cross_entropy(a.detach(), b.detach())) and cross_entropy(a, b).dtype == torch.float32

# losses

def test_consistency_loss_reaches_only_the_encoder():
    for form in ('release', 'paper'):
        enc, pred = pair(3, 6, 4, 5)
        g_enc, g_pred = gradients(consistency_loss(enc, pred, form), enc, pred)
        assert g_pred is None and g_enc.abs().min() > 0

def test_consistency_loss_directions():
    enc, pred = pair(3, 6, 4, 5)
    release, paper = consistency_loss(enc, pred, 'release'), consistency_loss(enc, pred, 'paper')
    a, b = enc.detach().flatten(0, 1), pred.detach().flatten(0, 1)
    assert release.item() == pytest.approx(sum(slow(b, a, lambda x, y: -x * math.log(y))) / 18)
    assert paper.item() == pytest.approx(sum(slow(a, b, lambda x, y: -x * math.log(y))) / 18)
    p_enc, p_pred = enc.detach().softmax(-1), pred.detach().softmax(-1)
    cost = -p_pred.log()
    assert torch.allclose(gradients(release, enc)[0], (p_enc - p_pred) / 18)
    assert torch.allclose(gradients(paper, enc)[0], p_enc * (cost - (p_enc * cost).sum(-1, keepdim=True)) / 18)

def test_latent_loss_is_the_mean_over_the_steps_that_count():
    enc, pred = pair(4, 5, 3, 6)
    mask = torch.rand(4, 5) < .6
    loss = latent_loss(enc, pred, mask)
    values = [v for v, m in zip(slow(enc.flatten(0, 1), pred.flatten(0, 1), lambda x, y: -x * math.log(y)), mask.flatten()) if m]
    assert 0 < len(values) < 20 and loss.item() == pytest.approx(sum(values) / len(values))
    g_enc, g_pred = gradients(loss, enc, pred)
    assert g_enc is None and (g_pred[~mask] == 0).all()
    assert torch.allclose(g_pred[mask], (pred.softmax(-1) - enc.softmax(-1))[mask].detach() / len(values))

def test_latent_loss_ignores_whatever_is_masked():
    enc, pred = pair(8, 3, 6, dtype=torch.float32)
    mask = torch.arange(8) % 3 > 0
    other = torch.where(mask[:, None, None], pred.detach(), 1e4 * torch.randn(8, 3, 6))
    assert latent_loss(enc, pred, mask).item() == latent_loss(enc, other, mask).item()

@pytest.mark.parametrize('scale', [1, 1e4])
def test_latent_loss_of_nothing_is_zero(scale):
    enc, pred = pair(4, 3, 6, dtype=torch.float32)
    loss = latent_loss(scale * enc, scale * pred, torch.zeros(4, dtype=torch.bool))
    assert loss.item() == 0 and (gradients(loss, pred)[0] == 0).all()

def test_entropy_regulariser_forms():
    logits = .5 * torch.randn(40, 32, 32, dtype=torch.float64)
    for scale, pays in ((1, False), (100, True)):
        l = (scale * logits).requires_grad_()
        h = sum(slow(l, l, lambda a, b: -a * math.log(a) if a > 0 else 0)) / 40
        hinge, plain = latent_entropy_loss(l, CONFIG), latent_entropy_loss(l, PAPER)
        assert plain.item() == pytest.approx(-h, rel=1e-9)
        assert hinge.item() == pytest.approx(max(0, .1 - h / (32 * math.log(32))), rel=1e-9) and (hinge > 0) == pays
        g_hinge, g_plain = gradients(hinge, l)[0], gradients(plain, l)[0]
        assert torch.allclose(g_hinge, g_plain / (32 * math.log(32)) if pays else torch.zeros_like(l), atol=1e-15) and g_plain.abs().max() > 0

def test_the_hinge_acts_on_the_mean_of_the_batch():
    mixed = torch.cat([torch.zeros(5, 16, 8), 1e3 * torch.randn(5, 16, 8)])
    assert latent_entropy_loss(mixed, CONFIG) == 0 < latent_entropy_loss(mixed[5:], CONFIG)
    c = CONFIG.replace(latent_entropy_threshold=.75)
    assert latent_entropy_loss(mixed, c).item() == pytest.approx(.25, abs=5e-3)              # half of the entropy is there

def test_entropy_hinge():
    x = torch.tensor([0., .25, .5, .75], requires_grad=True)
    y = entropy_hinge(x, .5)
    assert y.tolist() == [.5, .25, 0, 0] and gradients(y.sum(), x)[0].tolist() == [-1, -1, 0, 0]

def test_the_losses_trace_as_one_graph():
    def total(enc, pred, mask): return latent_loss(enc, pred, mask) + consistency_loss(enc, pred, 'release') + latent_entropy_loss(enc, CONFIG)
    enc, pred = pair(3, 4, 5, dtype=torch.float32)
    mask = torch.tensor([True, False, True])
    assert torch.equal(torch.compile(total, fullgraph=True, backend='eager')(enc, pred, mask), total(enc, pred, mask))
    with torch.profiler.profile() as profile: total(enc, pred, mask).backward()
    assert not {e.key for e in profile.key_averages()} & {'aten::_local_scalar_dense', 'aten::nonzero'}
