"Equation 5 against the formula written out, on both sides of its threshold."
import math

import pytest
import torch

from twm_nb.thresholded_entropy import entropy_penalty, policy_entropy

torch.set_num_threads(1)

@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)

def slow_entropy(logits):
    "−Σ π ln π of a list of logits, in plain Python."
    e = [math.exp(l - max(logits)) for l in logits]
    return -sum(x / sum(e) * math.log(x / sum(e)) for x in e if x > 0)

def slow_penalty(logits, threshold, weights):
    "Eq. 5 of logits (n, m) and weights (n,), lists."
    mean = sum(w * slow_entropy(l) for w, l in zip(weights, logits)) / len(logits)
    return max(0., threshold - mean / math.log(len(logits[0])))

@pytest.mark.parametrize('m', [2, 3, 18])
def test_policy_entropy(m):
    logits = 3 * torch.randn(4, 5, m, dtype=torch.float64)
    h = policy_entropy(logits)
    assert h.shape == (4, 5) and h.flatten().tolist() == pytest.approx([slow_entropy(l) for l in logits.flatten(0, 1).tolist()])
    assert policy_entropy(torch.zeros(m)).item() == pytest.approx(math.log(m))

@pytest.mark.parametrize('m', [2, 3, 18])
@pytest.mark.parametrize('scale', [.1, 3., 30.])
@pytest.mark.parametrize('threshold', [0., .1, .5, 1.])
@pytest.mark.parametrize('weighted', [False, True])
def test_penalty_is_equation_5(m, scale, threshold, weighted):
    logits = scale * torch.randn(3, 7, m, dtype=torch.float64)
    weight = torch.rand(3, 7, dtype=torch.float64) if weighted else None
    weights = weight.flatten().tolist() if weighted else [1.] * 21
    expected = slow_penalty(logits.flatten(0, 1).tolist(), threshold, weights)
    penalty = entropy_penalty(logits, threshold, weight)
    assert penalty.shape == () and penalty.item() == pytest.approx(expected, abs=1e-12)

@pytest.mark.parametrize('m', [3, 18])
@pytest.mark.parametrize('below', [False, True])
def test_gradient_on_both_sides_of_the_threshold(m, below):
    logits = ((12. if below else .3) * torch.randn(4, m, dtype=torch.float64)).requires_grad_()
    weight = torch.tensor([1., .5, .25, 0.], dtype=torch.float64)
    h = torch.tensor([slow_entropy(l) for l in logits.tolist()], dtype=torch.float64)
    threshold = (weight * h).mean().item() / math.log(m) + (.05 if below else -.05)
    gradient, = torch.autograd.grad(entropy_penalty(logits, threshold, weight), logits)
    pi = logits.detach().softmax(-1)
    by_hand = weight[:, None] * pi * (pi.log() + h[:, None]) / (4 * math.log(m)) if below else torch.zeros(4, m, dtype=torch.float64)
    assert torch.allclose(gradient, by_hand, atol=1e-12) and (gradient.abs().max() > 0) == below
    assert torch.autograd.gradcheck(lambda l: entropy_penalty(l, threshold, weight), logits)

def test_a_step_downhill_raises_the_entropy():
    logits = torch.tensor([[4., 0., 0., 1.]], requires_grad=True)
    gradient, = torch.autograd.grad(entropy_penalty(logits, .9), logits)
    assert policy_entropy(logits - gradient).item() > policy_entropy(logits).item()

def test_the_hinge_acts_on_the_mean():
    half = torch.stack([torch.zeros(6), torch.tensor([1e3, 0, 0, 0, 0, 0])])
    assert entropy_penalty(half, .45) == 0 and entropy_penalty(half, .6).item() == pytest.approx(.1, rel=1e-5)
    assert entropy_penalty(half, .6, torch.tensor([0., 1.])).item() == pytest.approx(.6)
    assert entropy_penalty(half, .6, torch.tensor([2., 0.])).item() == 0             # weights do not have to be below 1
    assert entropy_penalty(half, .6, torch.tensor([.5, .5])).item() == pytest.approx(.35, rel=1e-5)

def test_threshold_of_one_is_the_usual_bonus():
    logits = (5 * torch.randn(30, 9, dtype=torch.float64)).requires_grad_()
    a, b = (torch.autograd.grad(f, logits)[0] for f in (entropy_penalty(logits, 1.), 1 - policy_entropy(logits).mean() / math.log(9)))
    assert torch.allclose(a, b, atol=1e-15) and a.abs().max() > 0

def test_no_gradient_into_the_weights_is_needed():
    weight = torch.rand(5)
    penalty = entropy_penalty(torch.randn(5, 3, requires_grad=True), 1., weight)
    assert penalty.requires_grad and not weight.requires_grad

def test_narrow_types_and_extremes():
    for dtype in (torch.bfloat16, torch.float32):
        logits = torch.tensor([[1e4, -1e4, 0.], [0., 0., 0.]], dtype=dtype).requires_grad_()
        penalty = entropy_penalty(logits, 1.)
        assert penalty.dtype == torch.float32 and penalty.item() == pytest.approx(.5)
        assert torch.autograd.grad(penalty, logits)[0].isfinite().all()

def test_it_traces_as_one_graph():
    logits, weight = torch.randn(5, 3), torch.rand(5)
    assert torch.equal(torch.compile(entropy_penalty, fullgraph=True, backend='eager')(logits, .9, weight), entropy_penalty(logits, .9, weight))
