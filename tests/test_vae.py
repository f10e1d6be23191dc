"The observation model against slow, obvious versions: networks and loss."
import copy
import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from twm_nb.config import Config, preset
from twm_nb.fast_layers import LastUp, LatentMLP, PatchDown
from twm_nb.networks import adam, clip_and_step, sample_categorical
from twm_nb.vae import Decoder, Encoder, ObservationModel, reconstruction_floor, reconstruction_loss

torch.set_num_threads(1)

@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)

def count(module): return sum(p.numel() for p in module.parameters())
def frames(*shape): return torch.randint(256, shape, dtype=torch.uint8)

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
    model, o, net = ObservationModel(config), frames(4, 1, 64, 64), LatentMLP(32, 32, (16, 16), 3, 5)
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
    model, net, o = ObservationModel(config), LatentMLP(32, 32, (16, 16), 3), frames(16, 4, 64, 64)
    with torch.profiler.profile() as profile:
        logits, z, means = model(o)
        (reconstruction_loss(means, o) + net(z).sum()).backward()
        sample_categorical(logits)
    names = {e.key for e in profile.key_averages()}
    assert 'aten::conv2d' in names and not names & {'aten::_local_scalar_dense', 'aten::item', 'aten::multinomial'}

# loss and learning

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

def test_the_networks_use_them():
    model = ObservationModel(preset('tiny'))
    assert type(model.encoder.convolutions[-2]) is PatchDown and type(model.decoder.convolutions[-1]) is LastUp
