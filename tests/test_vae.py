"The observation model against slow, obvious versions: samplers, code-reading layers, networks, loss, optimiser."
import copy
import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from twm_nb import vae
from twm_nb.config import Config, preset
from twm_nb.vae import (Decoder, Encoder, ExactLinear, LastUp, ObservationModel, OneHotLinear, PatchDown, PixelUp, Up, adam, clip_and_step, inverse_cdf, kaiming_silu_,
                        keep_freed_memory, latent_mlp, mlp, one_hot, reconstruction_floor, reconstruction_loss, sample_categorical, straight_through)

torch.set_num_threads(1)

@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)

def count(module): return sum(p.numel() for p in module.parameters())
def frames(*shape): return torch.randint(256, shape, dtype=torch.uint8)

# sampling

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
    monkeypatch.setattr(torch, 'rand_like', lambda x: torch.full_like(x, u))
    slow = next(k for k in range(6) if p[:k + 1].sum() > u)
    assert inverse_cdf(p.expand(7, 6)).tolist() == [slow] * 7

@pytest.mark.parametrize('total', [1 - 1e-6, 1, 1 + 1e-6])
@pytest.mark.parametrize('u', [0., 1 - 2 ** -24])
def test_never_out_of_range_whatever_the_rounding(monkeypatch, total, u):
    monkeypatch.setattr(torch, 'rand_like', lambda x: torch.full_like(x, u))
    z = inverse_cdf(torch.rand(20_000, 33).softmax(-1) * total)
    assert z.min() >= 0 and z.max() <= 32 and z.dtype == torch.int64

def test_no_zero_class_even_if_sums_are_not_monotone(monkeypatch):
    "A parallel scan may add in another order, so that the sum at a class of probability zero differs by a rounding."
    p, cumsum = torch.tensor([0., .5, 0., .5, 0.]), torch.Tensor.cumsum
    for noise in ([1e-7, 0, 1e-7, 0, 1e-7], [0, 0, -1e-7, -1e-7, 0]):
        monkeypatch.setattr(torch.Tensor, 'cumsum', lambda x, d, n=noise: cumsum(x, d) + torch.tensor(n))
        for u in (0., .5, .5 + 6e-8, 1 - 2 ** -24):
            monkeypatch.setattr(torch, 'rand_like', lambda x: torch.full_like(x, u))
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

# straight-through

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
    z, _ = ObservationModel.straight_through(p.log().expand(40_000, 1, 3))
    statistic, freedom = chi_square(p, z.flatten())
    assert statistic < freedom + 5 * math.sqrt(2 * freedom)

# layers

@pytest.mark.parametrize('variables, classes', [(32, 32), (16, 8), (5, 20), (1, 2)])
@pytest.mark.parametrize('batch', [(), (1,), (8,), (3, 3), (70,), (2, 40)])
@pytest.mark.parametrize('bias', [True, False])
def test_one_hot_linear_is_linear_on_one_hot(variables, classes, batch, bias):
    layer = OneHotLinear(variables, classes, 24, bias)
    plain = nn.Linear(variables * classes, 24, bias)
    plain.load_state_dict(layer.state_dict())                            # the same parameters by name and shape
    z = torch.randint(classes, (*batch, variables))
    y, expected = layer(z), plain(F.one_hot(z, classes).flatten(-2).float())
    assert y.shape == (*batch, 24) and torch.allclose(y, expected, atol=1e-5)
    g = torch.randn_like(y)
    y.backward(g); expected.backward(g)
    for a, b in zip(layer.parameters(), plain.parameters()): assert torch.allclose(a.grad, b.grad, atol=1e-4)

@pytest.mark.parametrize('n', [2, 100])
def test_one_hot_linear_under_autocast(n):
    layer, z = OneHotLinear(32, 32, 24), torch.randint(32, (n, 32))
    with torch.autocast('cpu', torch.bfloat16): y = layer(z)
    assert y.dtype == torch.bfloat16 and torch.allclose(y.float(), layer(z), atol=.02, rtol=.02)

def test_one_hot_linear_refuses_another_number_of_variables():
    with pytest.raises(ValueError, match='31 variables'): OneHotLinear(32, 32, 4)(torch.zeros(2, 31, dtype=torch.long))

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

@pytest.mark.parametrize('extra', [0, 6])
def test_latent_mlp_is_an_mlp_on_the_concatenation(extra):
    net = latent_mlp(4, 20, (12, 10), 3, extra)
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
    assert count(latent_mlp(32, 32, (512,) * 4, 18)) == 1_322_002 and count(latent_mlp(32, 32, (512,) * 4, 1)) == 1_313_281

@pytest.mark.parametrize('kind, size, kernel', [(PixelUp, 1, 5), (Up, 5, 5), (Up, 13, 6)])
@pytest.mark.parametrize('autocast', [False, True])
def test_cheap_transposed_convolutions_equal_the_plain_ones(kind, size, kernel, autocast):
    layer = kind(40, 12, kernel, stride=2)
    nn.init.normal_(layer.bias)
    x = torch.randn(6, 40, size, size, requires_grad=True)
    with torch.autocast('cpu', torch.bfloat16, enabled=autocast):
        y, expected = layer(x), nn.ConvTranspose2d.forward(layer, x)
    assert y.shape == expected.shape == (6, 12, *[2 * (size - 1) + kernel] * 2) and y.dtype == expected.dtype
    tolerance = .05 if autocast else 1e-5
    assert torch.allclose(y, expected, atol=tolerance)
    g = torch.randn_like(y)
    for a, b in zip(*(torch.autograd.grad(t, [x, layer.weight, layer.bias], g) for t in (y, expected))):
        assert torch.allclose(a, b, rtol=.05 if autocast else 1e-4, atol=40 * tolerance if autocast else 1e-4)

# networks

def plain_encoder(encoder, o):
    "The encoder's formula with nothing clever in it."
    x = o.flatten(0, -4).float() / 255
    for layer in encoder.convolutions: x = F.silu(x) if isinstance(layer, nn.SiLU) else F.conv2d(x, layer.weight, layer.bias, stride=2)
    return encoder.mlp(x.contiguous().flatten(1)).view(*o.shape[:-3], *encoder.shape)

def plain_decoder(decoder, z):
    x = F.silu(decoder.linear(z.flatten(0, -2)))[:, :, None, None]
    for layer in decoder.convolutions: x = F.silu(x) if isinstance(layer, nn.SiLU) else F.conv_transpose2d(x, layer.weight, layer.bias, stride=2)
    return (x + decoder.mean_image).view(*z.shape[:-1], *x.shape[1:])

@pytest.mark.parametrize('name', ['tiny', 'small', 'paper'])
def test_networks_equal_their_formulas(name):
    config = preset(name)
    model = ObservationModel(config)
    model.decoder.set_mean_image(torch.rand(config.frame_stack, 64, 64))
    o = frames(3, 2, config.frame_stack, 64, 64)
    with torch.no_grad():
        logits, z, means = model(o)
        onehot = F.one_hot(z, config.latent_classes).flatten(-2).float()
        assert logits.shape == (3, 2, config.latent_variables, config.latent_classes) and means.shape == o.shape
        assert torch.allclose(logits, plain_encoder(model.encoder, o), atol=1e-5)
        assert torch.allclose(means, plain_decoder(model.decoder, onehot), atol=1e-5)
        assert torch.allclose(model.encoder(o[0, 0]), logits[0, 0], atol=1e-5)               # a single stack, no batch dimensions
        assert torch.allclose(model.decoder(onehot[0, 0]), means[0, 0], atol=1e-5)

def test_parameter_counts():
    model = ObservationModel(Config())
    assert count(model) == 8_234_532 and count(model.encoder) == 3_126_992 and count(model.decoder) == 5_107_540
    assert [l.out_channels for l in model.encoder.convolutions[::2]] == [48, 96, 192, 384]
    assert [(l.out_channels, l.kernel_size[0]) for l in model.decoder.convolutions[::2]] == [(192, 5), (96, 5), (48, 6), (4, 6)]

def test_the_encoder_never_sees_the_last_two_rows_and_columns():
    encoder, o = Encoder(preset('tiny')), frames(2, 1, 64, 64)
    edge = o.clone()
    edge[..., 62:, :] = 255 - edge[..., 62:, :]; edge[..., 62:] = 255 - edge[..., 62:]
    inside = o.clone(); inside[..., 61, 61] = 255 - inside[..., 61, 61]
    with torch.no_grad(): assert torch.equal(encoder(o), encoder(edge)) and not torch.equal(encoder(o), encoder(inside))

def test_encoder_refuses_what_it_cannot_read():
    encoder = Encoder(preset('tiny'))
    for wrong in (torch.rand(2, 1, 64, 64), frames(2, 4, 64, 64), frames(2, 1, 84, 84)):
        with pytest.raises(ValueError, match='uint8 stacks'): encoder(wrong)

def test_mean_image_is_added_and_saved():
    config = preset('tiny')
    decoder, image, z = Decoder(config), torch.rand(1, 64, 64), torch.zeros(2, 128)
    with torch.no_grad():
        before = decoder(z)
        decoder.set_mean_image(image)
        assert torch.allclose(decoder(z), before + image, atol=1e-6)
        fresh = Decoder(config); fresh.load_state_dict(decoder.state_dict())
        assert torch.equal(fresh(z), decoder(z))
    assert not any(p is decoder.mean_image for p in decoder.parameters())
    assert all(t.is_contiguous() for t in decoder.state_dict().values())                     # safetensors wants that

@pytest.mark.parametrize('name', ['tiny', 'small'])
def test_under_autocast(name):
    "bfloat16 inside, float32 outside; gradients point the same way."
    config = preset(name)
    model, o = ObservationModel(config), frames(16, config.frame_stack, 64, 64)
    onehot = F.one_hot(torch.randint(config.latent_classes, (16, config.latent_variables)), config.latent_classes).flatten(-2).float()
    def results(autocast):
        with torch.autocast('cpu', torch.bfloat16, enabled=autocast): logits, means = model.encoder(o), model.decoder(onehot)
        loss = reconstruction_loss(means, o) + logits.square().mean()
        return logits, means, torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(model.parameters()))])
    (l32, m32, g32), (l16, m16, g16) = results(False), results(True)
    assert l16.dtype == m16.dtype == torch.float32
    assert torch.allclose(l16, l32, atol=.1) and torch.allclose(m16, m32, atol=.05)
    assert F.cosine_similarity(g16, g32, dim=0) > .99

def test_the_loss_traces_as_one_graph():
    config = preset('tiny')
    model, o, net = ObservationModel(config), frames(4, 1, 64, 64), latent_mlp(32, 32, (16, 16), 3, 5)
    def loss(o):
        with torch.autocast('cpu', torch.bfloat16):
            logits, z, means = model(o)
            return reconstruction_loss(means, o)
    traced = torch.compile(loss, fullgraph=True, backend='eager')
    torch.manual_seed(0); a = loss(o)
    torch.manual_seed(0); b = traced(o)
    assert torch.equal(a, b)
    for n in (2, 100):
        z, x = torch.randint(32, (n, 32)), torch.randn(n, 5)
        assert torch.equal(torch.compile(net, fullgraph=True, backend='eager')(z, x), net(z, x))

def test_an_update_reads_no_value():
    "Nothing before the optimiser's step waits for a number (rule 3 of fast updates)."
    config = preset('small')
    model, net, o = ObservationModel(config), latent_mlp(32, 32, (16, 16), 3), frames(16, 4, 64, 64)
    with torch.profiler.profile() as profile:
        logits, z, means = model(o)
        (reconstruction_loss(means, o) + net(z).sum()).backward()
        sample_categorical(logits)
    names = {e.key for e in profile.key_averages()}
    assert 'aten::conv2d' in names and not names & {'aten::_local_scalar_dense', 'aten::item', 'aten::multinomial'}

# loss and optimiser

def test_reconstruction_loss_is_the_normal_log_likelihood():
    o = frames(3, 5, 2, 64, 64)
    means = torch.randn(o.shape, requires_grad=True)
    loss = reconstruction_loss(means, o)
    slow = -torch.distributions.Normal(means.double(), 1.).log_prob(o.double() / 255).sum((-3, -2, -1)).mean()
    assert loss.dtype == torch.float32 and loss.item() == pytest.approx(slow.item(), rel=1e-6)
    gradient, = torch.autograd.grad(loss, means)
    assert torch.allclose(gradient, (means.detach() - o / 255) / 15, atol=1e-6)
    assert reconstruction_loss(means.bfloat16(), o).dtype == torch.float32

def test_floor():
    o = frames(2, 4, 64, 64)
    assert reconstruction_floor(16_384) == pytest.approx(15_055.9, abs=.1)
    assert reconstruction_loss(o / 255, o).item() == pytest.approx(16_384 * .5 * math.log(2 * math.pi), rel=1e-6)
    assert reconstruction_loss(o / 255 + 1, o).item() == pytest.approx(15_055.9 + 8_192, abs=1)

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

def test_optimiser_state_survives_saving():
    config = preset('tiny')
    model, o = ObservationModel(config), frames(4, 1, 64, 64)
    optimiser = adam(model.parameters(), 1e-3, config)
    def update(model, optimiser):
        torch.manual_seed(1)
        reconstruction_loss(model(o)[2], o).backward()
        return clip_and_step(optimiser, 100.)
    update(model, optimiser)
    twin = copy.deepcopy(model)
    other = adam(twin.parameters(), 1e-3, config); other.load_state_dict(copy.deepcopy(optimiser.state_dict()))
    assert torch.equal(update(model, optimiser), update(twin, other))
    for a, b in zip(model.parameters(), twin.parameters()): assert torch.equal(a, b)

def test_it_learns_where_a_square_is():
    "A tiny model on frames with one white square in nine places: most of what the mean image misses is explained after some updates."
    config = preset('tiny')
    o = torch.zeros(9, 1, 64, 64, dtype=torch.uint8)
    for i in range(9): o[i, 0, 20 * (i // 3):20 * (i // 3) + 12, 20 * (i % 3):20 * (i % 3) + 12] = 255
    model = ObservationModel(config)
    model.decoder.set_mean_image(o.float().mean(0) / 255)
    start = reconstruction_loss(model.decoder.mean_image.expand(o.shape), o)
    optimiser = adam(model.parameters(), 2e-3, config)
    for _ in range(200):
        reconstruction_loss(model(o)[2], o).backward()
        clip_and_step(optimiser, 100.)
    with torch.no_grad(): end = reconstruction_loss(model(o)[2], o)
    floor = reconstruction_floor(4096)
    assert end - floor < .3 * (start - floor)

# the quick layers beside their plain twins

def twin_gradients(layer, forward, x, g):
    x = x.clone().requires_grad_()
    y = forward(layer, x)
    return y.detach(), *torch.autograd.grad(y, (x, layer.weight, layer.bias), g.to(y.dtype))

@pytest.mark.parametrize('channels, out, n, kernel', [(5, 3, 4, 6), (8, 1, 30, 6), (7, 4, 5, 4), (3, 2, 1, 2)])
def test_last_up_by_phases_is_the_transposed_convolution(channels, out, n, kernel):
    layer, plain = LastUp(channels, out, kernel, stride=2).double(), torch.nn.ConvTranspose2d.forward
    x = torch.randn(2, channels, n, n, dtype=torch.double)
    g = torch.randn(2, out, 2 * n + kernel - 2, 2 * n + kernel - 2, dtype=torch.double)
    for ours, theirs in zip(twin_gradients(layer, LastUp.forward, x, g), twin_gradients(layer, plain, x, g)):
        torch.testing.assert_close(ours, theirs)

def test_patch_down_is_a_convolution(monkeypatch):
    "In float32, where it is a matrix product too once it is told to be."
    layer, x, g = PatchDown(6, 5, 4, stride=2), torch.randn(3, 6, 7, 7), torch.randn(3, 5, 2, 2)
    theirs = twin_gradients(layer, torch.nn.Conv2d.forward, x, g)
    monkeypatch.setattr('twm_nb.vae.compute_dtype', lambda tensor: torch.bfloat16)
    monkeypatch.setattr(torch.nn.Conv2d, 'forward', None)                # the library must not be asked
    for ours, other in zip(twin_gradients(layer, PatchDown.forward, x, g), theirs): torch.testing.assert_close(ours, other)

def cosine(a, b): return (a.double().flatten() @ b.double().flatten() / (a.double().norm() * b.double().norm())).item()

@pytest.mark.parametrize('name', ['PatchDown', 'LastUp', 'PixelUp', 'Up'])
def test_quick_layers_in_bfloat16(name):
    layer, x = dict(PatchDown=(PatchDown(24, 32, 4, stride=2), torch.randn(64, 24, 6, 6)), LastUp=(LastUp(24, 4, 6, stride=2), torch.randn(8, 24, 30, 30)),
                    PixelUp=(PixelUp(40, 12, 5, stride=2), torch.randn(32, 40, 1, 1)), Up=(Up(40, 12, 6, stride=2), torch.randn(8, 40, 13, 13)))[name]
    g = torch.randn_like(layer(x))
    exact = twin_gradients(layer, type(layer).__mro__[1].forward, x, g)
    with torch.autocast('cpu', torch.bfloat16): rounded = twin_gradients(layer, type(layer).forward, x, g)
    assert rounded[0].dtype == torch.bfloat16 and min(cosine(a, b) for a, b in zip(rounded, exact)) > .999

@pytest.mark.parametrize('rows', [4, 300])
@pytest.mark.parametrize('classes', [8, 32])
def test_one_hot_linear_in_bfloat16(rows, classes):
    "All its ways (few rows, many rows, few classes) against the float32 product with one-hot vectors."
    layer, z = OneHotLinear(16, classes, 64), torch.randint(classes, (rows, 16))
    nn.init.normal_(layer.bias)
    g = torch.randn(rows, 64)
    wanted = (layer.weight, layer.bias)
    exact = F.linear(F.one_hot(z, classes).flatten(1).float(), *wanted)
    with torch.autocast('cpu', torch.bfloat16): rounded = layer(z)
    pairs = [(rounded, exact), *zip(torch.autograd.grad(rounded, wanted, g.to(rounded.dtype)), torch.autograd.grad(exact, wanted, g))]
    assert min(cosine(a.detach(), b.detach()) for a, b in pairs) > .999

def test_the_networks_use_them():
    model = ObservationModel(preset('tiny'))
    assert type(model.encoder.convolutions[-2]) is PatchDown and type(model.decoder.convolutions[-1]) is LastUp

def test_freed_memory_is_kept():
    "In a process of its own: a large block comes back at the same place, without the system filling it anew."
    import platform, subprocess, sys
    if platform.libc_ver()[0] != 'glibc': pytest.skip('only GNU libc can be told to keep memory')
    code = """if True:
        import resource, sys, torch
        from twm_nb.vae import keep_freed_memory
        if sys.argv[1] == 'keep': assert keep_freed_memory() is True
        faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        torch.zeros(2 ** 24)
        before = faults()
        for _ in range(5): torch.zeros(2 ** 24)
        print(faults() - before)"""
    faults = {mode: int(subprocess.run([sys.executable, '-c', code, mode], capture_output=True, text=True, check=True).stdout) for mode in ('keep', 'default')}
    assert faults['keep'] < faults['default'] / 3, faults

@pytest.mark.parametrize('largest, expected', [(2 ** 31 - 1, [(-3, 2 ** 31 - 1), (-1, -1)]), (2 ** 25, [(-3, 2 ** 31 - 1), (-3, 2 ** 25), (-1, -1)]), (0, [(-3, 2 ** 31 - 1), (-3, 2 ** 25)])])
def test_thresholds_are_set_only_if_large_blocks_can_be_kept(monkeypatch, largest, expected):
    "GNU libc refuses some sizes, depending on its version; then the other threshold must stay adaptive."
    calls = []
    def mallopt(number, value): calls.append((number, value)); return int(number != -3 or value <= largest)
    monkeypatch.setattr('ctypes.CDLL', lambda name: type('Library', (), dict(mallopt=staticmethod(mallopt))))
    assert keep_freed_memory() is bool(largest) and calls == expected


class Probe(torch.nn.Linear):
    def __init__(self, config):
        super().__init__(4, 4)
        self.config = config

    @vae.quick_products
    def precision(self, fail=False):
        if fail: raise ValueError('on purpose')
        return torch.get_float32_matmul_precision()


@pytest.mark.parametrize('name, exact, meanwhile', [
    ('small', True, 'medium'), ('paper', True, 'medium'), ('tiny', True, 'highest'), ('small', False, 'highest')])
def test_quick_products_only_while_a_wide_network_works_and_only_if_exact(monkeypatch, name, exact, meanwhile):
    monkeypatch.setattr(vae, 'quick_is_exact', lambda: exact)
    probe = Probe(preset(name))
    assert probe.precision() == meanwhile and torch.get_float32_matmul_precision() == 'highest'
    with pytest.raises(ValueError, match='on purpose'): probe.precision(fail=True)
    assert torch.get_float32_matmul_precision() == 'highest'


def test_quick_products_are_for_cpus(monkeypatch):
    monkeypatch.setattr(vae, 'quick_is_exact', lambda: True)
    assert Probe(preset('small')).to('meta').precision() == 'highest'


def test_a_rounded_product_is_seen(monkeypatch):
    "Where 'medium' does round the factors to bfloat16, the probe must say so."
    linear, asked = torch.nn.functional.linear, []
    def rounding(x, w):
        asked.append(torch.get_float32_matmul_precision())
        return linear(x.bfloat16().float(), w.bfloat16().float())
    monkeypatch.setattr(vae.F, 'linear', rounding)
    assert not vae.quick_is_exact.__wrapped__() and asked == ['medium']
    monkeypatch.undo()
    x = torch.randn(512, 512, generator=torch.Generator().manual_seed(0))
    state = torch.get_rng_state()
    vae.quick_is_exact.__wrapped__()
    assert torch.equal(state, torch.get_rng_state()), 'the run\'s own random numbers are not touched'
