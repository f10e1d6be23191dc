"Each layer that is quick on a CPU beside its plain twin."
import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from twm_nb import fast_layers
from twm_nb.config import preset
from twm_nb.fast_layers import (FrozenConv, FrozenLinear, FrozenPatchConv, LastUp, OneHotLinear, PatchDown, PixelUp, Up, channels_last, dropout,
                                keep_freed_memory, patches)

torch.set_num_threads(1)

@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)

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
    monkeypatch.setattr('twm_nb.fast_layers.compute_dtype', lambda tensor: torch.bfloat16)
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

def test_freed_memory_is_kept():
    "In a process of its own: a large block comes back at the same place, without the system filling it anew."
    import platform, subprocess, sys
    if platform.libc_ver()[0] != 'glibc': pytest.skip('only GNU libc can be told to keep memory')
    code = """if True:
        import resource, sys, torch
        from twm_nb.fast_layers import keep_freed_memory
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

    @fast_layers.quick_products
    def precision(self, fail=False):
        if fail: raise ValueError('on purpose')
        return torch.get_float32_matmul_precision()

@pytest.mark.parametrize('name, exact, meanwhile', [
    ('small', True, 'medium'), ('paper', True, 'medium'), ('tiny', True, 'highest'), ('small', False, 'highest')])
def test_quick_products_only_while_a_wide_network_works_and_only_if_exact(monkeypatch, name, exact, meanwhile):
    monkeypatch.setattr(fast_layers, 'quick_is_exact', lambda: exact)
    probe = Probe(preset(name))
    assert probe.precision() == meanwhile and torch.get_float32_matmul_precision() == 'highest'
    with pytest.raises(ValueError, match='on purpose'): probe.precision(fail=True)
    assert torch.get_float32_matmul_precision() == 'highest'

def test_quick_products_are_for_cpus(monkeypatch):
    monkeypatch.setattr(fast_layers, 'quick_is_exact', lambda: True)
    assert Probe(preset('small')).to('meta').precision() == 'highest'

def test_a_rounded_product_is_seen(monkeypatch):
    "Where 'medium' does round the factors to bfloat16, the probe must say so."
    linear, asked = torch.nn.functional.linear, []
    def rounding(x, w):
        asked.append(torch.get_float32_matmul_precision())
        return linear(x.bfloat16().float(), w.bfloat16().float())
    monkeypatch.setattr(fast_layers.F, 'linear', rounding)
    assert not fast_layers.quick_is_exact.__wrapped__() and asked == ['medium']
    monkeypatch.undo()
    state = torch.get_rng_state()
    fast_layers.quick_is_exact.__wrapped__()
    assert torch.equal(state, torch.get_rng_state()), 'the run\'s own random numbers are not touched'

# dropout

@pytest.mark.parametrize('dtype', [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize('p', [.1, .5])
def test_dropout_in_every_type(p, dtype):
    "The factor is 1/(1 − p), rounded to the type; its gradient is the same mask."
    x = torch.full((501, 403), 2., dtype=dtype, requires_grad=True)
    y = dropout(x, p)
    assert y.dtype == dtype and abs((y != 0).float().mean() - (1 - p)) < .004
    factor = torch.tensor(1 / (1 - p)).to(dtype)
    torch.testing.assert_close(y[y != 0].unique(), 2 * factor[None], rtol=2e-4 if dtype != torch.bfloat16 else 0, atol=0)
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach() / 2)

@pytest.mark.parametrize('p', [.1, .5])
def test_dropout(p):
    x = torch.full((501, 403), 2., requires_grad=True)
    y = dropout(x, p)
    kept = y != 0
    assert abs(kept.float().mean() - (1 - p)) < .004 and abs(y.mean() - 2) < .02
    assert abs(kept.float().mean(0) - (1 - p)).max() < .15 and abs(kept.float().mean(1) - (1 - p)).max() < .15
    flat = kept.flatten().float() - (1 - p)
    for lag in (1, 2, 4, 403): assert abs((flat[lag:] * flat[:-lag]).mean()) < .003  # entries are independent
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach() / 2)
    torch.testing.assert_close(y[kept], torch.full_like(y[kept], 2 / (1 - p)), rtol=1e-4, atol=0)
    torch.manual_seed(5); first = dropout(x, p)
    torch.manual_seed(5); assert torch.equal(first, dropout(x, p)) and not torch.equal(first, dropout(x, p))

def test_dropout_at_zero_leaves_everything():
    x = torch.randn(7)
    assert torch.equal(dropout(x, 0.), x)

# frozen layers

def test_patches_are_what_unfold_gives():
    x = torch.randn(3, 5, 6, 6).contiguous(memory_format=torch.channels_last)
    expected = F.unfold(x, 4, stride=2).view(3, 5, 4, 4, 2, 2).permute(0, 4, 5, 2, 3, 1).flatten(3)
    assert torch.equal(patches(x), expected)

@pytest.mark.parametrize('kind', ['linear', 'conv', 'patches'])
def test_frozen_layers_in_float32_are_the_plain_ones(kind):
    weight, bias = torch.randn(48, 16, 4, 4), torch.randn(48)
    x = torch.randn(3, 16, 6, 6).contiguous(memory_format=torch.channels_last)
    expected = F.silu(F.conv2d(x, weight, bias, 2))
    with torch.no_grad():
        if kind == 'linear': y, expected = FrozenLinear(weight.flatten(1), bias, torch.float32, silu=False)(x[..., :4, :4].flatten(1)), F.conv2d(x, weight, bias, 2)[..., 0, 0]
        elif kind == 'conv': y = FrozenConv(weight, bias, torch.float32, size=14)(x)                 # packed for another size
        else: y = FrozenPatchConv(weight, bias, torch.float32)(x).permute(0, 3, 1, 2)
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-4)

def test_channels_last_keeps_every_byte():
    o = torch.randint(256, (2, 4, 64, 64), dtype=torch.uint8)
    x = channels_last(o, torch.bfloat16)
    assert torch.equal(x, o.bfloat16()) and x.is_contiguous(memory_format=torch.channels_last)
