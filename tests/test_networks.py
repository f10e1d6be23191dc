"Samplers, layers that read codes, MLPs and the optimiser against slow, obvious versions."
import copy
import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from twm_nb import fast_layers, networks
from twm_nb.config import Config
from twm_nb.networks import (ExactLinear, LatentMLP, adam, clip_and_step, inverse_cdf, kaiming_silu_, mlp, one_hot, sample_categorical,
                             straight_through)
from twm_nb.vae import Decoder

torch.set_num_threads(1)

@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)

each = pytest.mark.parametrize('home', [networks, fast_layers], ids=['plain', 'quick'])    # the layers that 03a and 03b both have

def count(module): return sum(p.numel() for p in module.parameters())

def chi_square(p, draws):
    "Pearson's statistic of draws (n,) against probabilities p (K,), and its degrees of freedom."
    expected = p.double() * len(draws)
    seen = draws.bincount(minlength=len(p)).double()
    assert (seen[p == 0] == 0).all()
    used = p > 0
    return ((seen - expected)[used] ** 2 / expected[used]).sum().item(), int(used.sum()) - 1

@pytest.mark.parametrize('p', [(.2, 0., .5, .3), (0., 0., 1.), (.001, .999), (1 / 32,) * 32, (0., .25, 0., .75, 0.), tuple(k / 55 for k in range(1, 11))])
def test_draws_have_the_probabilities(p):
    p = torch.tensor(p)
    statistic, freedom = chi_square(p, sample_categorical(p.log().expand(40_000, len(p))))
    assert statistic <= freedom + 5 * math.sqrt(2 * freedom) + 1e-6      # five standard deviations

def test_variables_are_drawn_independently():
    z = sample_categorical(torch.zeros(40_000, 2, 3))
    pairs = 3 * z[:, 0] + z[:, 1]
    statistic, freedom = chi_square(torch.full((9,), 1 / 9), pairs)
    assert statistic < freedom + 5 * math.sqrt(2 * freedom)

@pytest.mark.parametrize('u', [0., .2, .5, .69999, .7, 1 - 2 ** -24])
def test_inverse_cdf_by_hand(monkeypatch, u):
    "The first class whose cumulative sum exceeds u, for every u that torch.rand can give, the largest included."
    p = torch.tensor([0., .25, 0., .25, .5, 0.])
    monkeypatch.setattr(torch, 'rand', lambda shape, **kwargs: torch.full(shape, u))
    slow = next(k for k in range(6) if p[:k + 1].sum() > u)
    assert inverse_cdf(p.expand(7, 6)).tolist() == [slow] * 7

@pytest.mark.parametrize('total', [1 - 1e-6, 1, 1 + 1e-6])
@pytest.mark.parametrize('u', [0., 1 - 2 ** -24])
def test_never_out_of_range_whatever_the_rounding(monkeypatch, total, u):
    p = torch.rand(20_000, 33).softmax(-1) * total
    monkeypatch.setattr(torch, 'rand', lambda shape, **kwargs: torch.full(shape, u))
    z = inverse_cdf(p)
    assert z.min() >= 0 and z.max() <= 32 and z.dtype == torch.int64

def test_no_zero_class_even_if_sums_are_not_monotone(monkeypatch):
    "A parallel scan may add in another order, so that the sum at a class of probability zero differs by a rounding."
    p, cumsum = torch.tensor([0., .5, 0., .5, 0.]), torch.Tensor.cumsum
    for noise in ([1e-7, 0, 1e-7, 0, 1e-7], [0, 0, -1e-7, -1e-7, 0]):
        monkeypatch.setattr(torch.Tensor, 'cumsum', lambda x, d, n=noise: cumsum(x, d) + torch.tensor(n))
        for u in (0., .5, .5 + 6e-8, 1 - 2 ** -24):
            monkeypatch.setattr(torch, 'rand', lambda shape, **kwargs: torch.full(shape, u))
            assert inverse_cdf(p.expand(1, 5)).item() in (1, 3)

@pytest.mark.parametrize('dtype', [torch.float32, torch.bfloat16, torch.float64])
def test_extreme_logits(dtype):
    z = sample_categorical(torch.tensor([[-1e4, 1e4, -1e4], [1e4, -1e4, -1e4]], dtype=dtype).expand(500, 2, 3))
    assert (z == torch.tensor([1, 0])).all()
    z = sample_categorical(torch.tensor([-math.inf, 0, -math.inf, 1, -math.inf], dtype=dtype).expand(2000, 5))
    assert set(z.tolist()) == {1, 3}
    assert (sample_categorical(torch.tensor([-math.inf, 7., -math.inf], dtype=dtype).expand(100, 3)) == 1).all()

def test_bfloat16_logits_are_sampled_in_float32():
    "Between ½ and 1, bfloat16 knows only 128 numbers: summed up in it, some of 300 equal probabilities would never be drawn."
    z = sample_categorical(torch.zeros(40_000, 300, dtype=torch.bfloat16))
    statistic, freedom = chi_square(torch.full((300,), 1 / 300), z)
    assert statistic < freedom + 5 * math.sqrt(2 * freedom)

def test_samples_follow_the_seed():
    logits = torch.randn(50, 32, 32)
    torch.manual_seed(3); a = sample_categorical(logits)
    torch.manual_seed(3); b = sample_categorical(logits)
    assert torch.equal(a, b) and not torch.equal(a, sample_categorical(logits))

@pytest.mark.parametrize('scale', [.1, 1, 30])
def test_straight_through_is_one_hot_with_the_gradient_of_softmax(scale):
    logits = (scale * torch.randn(64, 5, 32, 32)).requires_grad_()
    z, onehot = straight_through(logits)
    assert z.shape == (64, 5, 32) and not z.requires_grad
    assert torch.equal(onehot, F.one_hot(z, 32).float())                 # exactly
    g = torch.randn_like(onehot)
    got, = torch.autograd.grad(onehot, logits, g)
    p = logits.detach().softmax(-1)
    by_hand = p * (g - (p * g).sum(-1, keepdim=True))                    # the softmax Jacobian, written out
    assert torch.allclose(got, by_hand, atol=1e-6)

def test_straight_through_draws_from_the_logits():
    p = torch.tensor([.1, .2, .7])
    z, _ = straight_through(p.log().expand(40_000, 1, 3))
    statistic, freedom = chi_square(p, z.flatten())
    assert statistic < freedom + 5 * math.sqrt(2 * freedom)

@pytest.mark.parametrize('variables, classes', [(32, 32), (16, 8), (5, 20), (1, 2)])
@pytest.mark.parametrize('batch', [(), (1,), (8,), (3, 3), (70,), (2, 40)])
@pytest.mark.parametrize('bias', [True, False])
@each
def test_one_hot_linear_is_linear_on_one_hot(home, variables, classes, batch, bias):
    layer = home.OneHotLinear(variables, classes, 24, bias)
    plain = nn.Linear(variables * classes, 24, bias)
    plain.load_state_dict(layer.state_dict())                            # the same parameters by name and shape
    z = torch.randint(classes, (*batch, variables))
    y, expected = layer(z), plain(F.one_hot(z, classes).flatten(-2).float())
    assert y.shape == (*batch, 24) and torch.allclose(y, expected, atol=1e-5)
    g = torch.randn_like(y)
    y.backward(g); expected.backward(g)
    for a, b in zip(layer.parameters(), plain.parameters()): assert torch.allclose(a.grad, b.grad, atol=1e-4)

@pytest.mark.parametrize('n', [2, 100])
@each
def test_one_hot_linear_under_autocast(home, n):
    layer, z = home.OneHotLinear(32, 32, 24), torch.randint(32, (n, 32))
    with torch.autocast('cpu', torch.bfloat16): y = layer(z)
    assert y.dtype == torch.bfloat16 and torch.allclose(y.float(), layer(z), atol=.02, rtol=.02)

def test_one_hot():
    z = torch.randint(7, (3, 4))
    assert torch.equal(one_hot(z, 7), F.one_hot(z, 7).float()) and one_hot(z, 7, torch.bfloat16).dtype == torch.bfloat16

def test_exact_linear():
    "Without autocast it is `nn.Linear` to the last bit; under autocast a float32 product with what arrives, forward and backward."
    exact, plain = ExactLinear(64, 1), nn.Linear(64, 1)
    plain.load_state_dict(exact.state_dict())
    x = torch.randn(200, 64)
    nn.init.constant_(exact.bias, 60.); nn.init.constant_(plain.bias, 60.)
    assert torch.equal(exact(x), plain(x)) and torch.equal(exact.double()(x.double()), plain.double()(x.double()))
    exact.float(); plain.float()
    for dtype in (torch.bfloat16, torch.float16):
        inputs = [x.to(dtype).requires_grad_(), x.to(dtype).float().requires_grad_()]
        with torch.autocast('cpu', dtype): y, rounded = exact(inputs[0]), plain(inputs[0])
        assert y.dtype == torch.float32 and torch.equal(y, plain(inputs[1])) and rounded.dtype == dtype
        assert len(rounded.unique()) < 120 < 190 < len(y.unique())
        gradients = [torch.autograd.grad(out.square().sum(), (v, *layer.parameters())) for out, v, layer in ((y, inputs[0], exact), (plain(inputs[1]), inputs[1], plain))]
        assert gradients[0][0].dtype == dtype and torch.equal(gradients[0][0], gradients[1][0].to(dtype))
        for a, b in zip(gradients[0][1:], gradients[1][1:]): assert torch.equal(a, b)
        def under(x):
            with torch.autocast('cpu', dtype): return exact(x)
        assert torch.equal(torch.compile(under, fullgraph=True, backend='eager')(inputs[0]), y)

def test_initialisation():
    net = mlp(600, (300, 400), 50)
    for layer, gain in zip(net[::2], (math.sqrt(2), math.sqrt(2), 1)):
        bound = gain * math.sqrt(3 / layer.in_features)
        assert .99 * bound < layer.weight.abs().max() <= bound and (layer.bias == 0).all()
        assert layer.weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=.02)      # uniform
    assert [type(l) for l in net] == [nn.Linear, nn.SiLU, nn.Linear, nn.SiLU, nn.Linear]
    assert [type(l) for l in mlp(8, (4,), 1)] == [nn.Linear, nn.SiLU, ExactLinear]             # a number in itself
    conv = kaiming_silu_(nn.Conv2d(16, 32, 4))
    assert .99 < conv.weight.abs().max() / math.sqrt(6 / 256) <= 1 and (conv.bias == 0).all()
    assert kaiming_silu_(conv, last=True).weight.abs().max() <= math.sqrt(3 / 256)
    up = nn.ConvTranspose2d(16, 8, 5, 2)                                 # transposed convolutions are left alone
    before = copy.deepcopy(up.state_dict())
    assert all(torch.equal(before[k], v) for k, v in kaiming_silu_(nn.Sequential(up))[0].state_dict().items())
    default = nn.ConvTranspose2d(768, 192, 5, 2)
    assert Decoder(Config()).convolutions[0].weight.std().item() == pytest.approx(default.weight.std().item(), rel=.02)

@each
@pytest.mark.parametrize('extra', [0, 6])
def test_latent_mlp_is_an_mlp_on_the_concatenation(home, extra):
    net = home.LatentMLP(4, 20, (12, 10), 3, extra)
    plain = mlp(80 + extra, (12, 10), 3)
    parts = [net.first.weight] + ([net.extra.weight] if extra else [])
    with torch.no_grad():
        plain[0].weight.copy_(torch.cat(parts, 1)); plain[0].bias.copy_(net.first.bias.normal_())
        for a, b in zip((plain[2], plain[4]), (net.rest[1], net.rest[3])): a.load_state_dict(b.state_dict())
    assert count(net) == count(plain)
    z, x = torch.randint(20, (9, 4)), torch.randn(9, extra) if extra else None
    onehot = F.one_hot(z, 20).flatten(-2).float()
    assert torch.allclose(net(z, x), plain(onehot if x is None else torch.cat([onehot, x], -1)), atol=1e-5)
    with pytest.raises(ValueError): net(z, None if extra else torch.randn(9, 6))

def test_policy_sizes():
    assert count(LatentMLP(32, 32, (512,) * 4, 18)) == 1_322_002 and count(LatentMLP(32, 32, (512,) * 4, 1)) == 1_313_281

def test_adam_by_hand():
    "Three steps: clip, then L2 into the gradient, then the moments."
    torch.manual_seed(5)
    config = Config(weight_decay=.01, adam_epsilon=.01)
    a, b = nn.Parameter(torch.randn(3)), nn.Parameter(torch.randn(2, 2))
    w = torch.cat([a.detach().flatten(), b.detach().flatten()]).double()
    m, v = torch.zeros(7).double(), torch.zeros(7).double()
    optimiser = adam(iter([a, b]), 1e-2, config)
    for t in range(1, 4):
        g = torch.randn(7) * (10 if t == 2 else .1)                      # the second is clipped, the others are not
        a.grad, b.grad = g[:3].clone(), g[3:].view(2, 2).clone()
        norm = clip_and_step(optimiser, 1.)
        assert norm.item() == pytest.approx(g.norm().item(), rel=1e-5) and a.grad is None and b.grad is None
        g = g.double() * min(1., 1 / g.norm().item()) + .01 * w
        m, v = .9 * m + .1 * g, .999 * v + .001 * g * g
        w = w - 1e-2 * (m / (1 - .9 ** t)) / ((v / (1 - .999 ** t)).sqrt() + .01)
        assert torch.allclose(torch.cat([a.detach().flatten(), b.detach().flatten()]).double(), w, atol=1e-5)
    group = adam([a], 1e-4, Config()).param_groups[0]
    assert (group['lr'], group['betas'], group['eps'], group['weight_decay']) == (1e-4, (.9, .999), 1e-5, 1e-6)
    assert isinstance(optimiser, torch.optim.Adam) and group['fused'] and not group['capturable'] and not isinstance(optimiser, torch.optim.AdamW)
