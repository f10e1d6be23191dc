"""Updates and actions on the device `meta`, whose tensors have shapes and no values: whatever reads a value there
raises,
as does a shape that depends on data; and an operator that takes or makes a tensor on the CPU is seen. On a GPU each of
these would be a wait for all that is queued, or would spoil a recorded graph."""
import contextlib
import sys

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

import twm_nb.agent
from conftest import collected
from twm_nb.actor_critic import ActorCritic
from twm_nb.agent import Agent
from twm_nb.config import preset
from twm_nb.system import Done
from twm_nb.trainer import fields
from twm_nb.twm import PRETRAINING, TWM
from twm_nb.world_model import WorldModel


class Watch(TorchDispatchMode):
    "Notes every operator that has to do with a tensor, other than a single number, on the CPU."
    def __init__(self):
        super().__init__()
        self.calls, self.elsewhere = 0, []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **kwargs or {})
        tensors = [x for x in tree_leaves((args, kwargs, result)) if isinstance(x, torch.Tensor)]
        self.calls += 1
        if any(x.device.type == 'cpu' and (x.ndim or x is result) for x in tensors): self.elsewhere.append(str(func))
        return result


@pytest.fixture(autouse=True)
def no_autocast(monkeypatch):
    "The device knows none."
    for module in list(sys.modules.values()):
        if getattr(module, '__name__', '').startswith('twm_nb') and hasattr(module, 'compute_dtype'):
            monkeypatch.setattr(module, 'compute_dtype', lambda tensor: tensor.dtype)
    for owner in (WorldModel, ActorCritic):
        monkeypatch.setattr(owner, 'autocast', lambda self: contextlib.nullcontext())


def meta_system(config):
    "TWM on `meta`; its optimisers, which are PyTorch's, do not run there and are replaced by a simple one."
    system = TWM(config, 3, 'meta')
    for owner in (system.world_model, system.actor_critic):
        for name, o in owner.optimisers.items():
            owner.optimisers[name] = torch.optim.SGD(o.param_groups[0]['params'], lr=.1, foreach=True)
    return system


def on_meta(batch):
    "The batch with its tensors on `meta`."
    if isinstance(batch, dict): return {k: x.to('meta') for k, x in batch.items()}
    return batch.to('meta')


@pytest.mark.parametrize('kind', [*PRETRAINING, 'train'])
@pytest.mark.parametrize('changes', [
    {}, dict(dropout=.1), dict(policy_input='zh'), dict(reward_tokens=False), dict(use_memory=False),
    dict(latent_classes=32, frame_stack=4), dict(latent_entropy_form='paper', consistency_form='paper')])
def test_an_update_of_each_kind(kind, changes):
    "On a batch as the system itself makes it."
    config = preset('tiny', batch_size=4, imagination_batch_size=16, **changes)
    batch = on_meta(TWM(config, 3).batch(kind, Done(), collected(config, 60)))
    system = meta_system(config)
    with Watch() as watch: metrics = system.update(kind, batch)
    assert watch.calls > 100 and not watch.elsewhere, watch.elsewhere[:5]
    assert metrics and all(x.device.type == 'meta' for x in metrics.values())


@pytest.fixture
def sent(monkeypatch):
    "Counts what goes by `to_device`, the one way to a GPU that does not wait."
    copies = []
    def sent(x, device):
        if device.type == 'cpu': return x
        copies.append(x.dtype)
        with torch.utils._python_dispatch._disable_current_modes(): return torch.empty_like(x, device=device)
    monkeypatch.setattr(twm_nb.agent, 'to_device', sent)
    return copies


def only_copies(watch):
    "What was done on the CPU, but for making a tensor of an array and looking at it another way."
    return [f for f in watch.elsewhere if not any(n in f for n in ('lift', 'detach', 'as_strided', '_to_copy'))]


@pytest.mark.parametrize('kind', [*PRETRAINING, 'train'])
def test_drawing_a_batch(kind):
    "Also the order of an epoch in pretraining."
    config = preset('tiny', batch_size=4, imagination_batch_size=16, frame_stack=2)
    dataset, system = collected(config, 60), meta_system(config)
    expected = TWM(config, 3).batch(kind, Done(), dataset)
    for name, x in list(vars(dataset).items()):
        if isinstance(x, torch.Tensor): setattr(dataset, name, x.to('meta'))
    dataset.device = torch.device('meta')
    with Watch() as watch: batch = system.batch(kind, Done(), dataset)
    assert not watch.elsewhere, watch.elsewhere
    batch, expected = fields(batch), fields(expected)
    assert batch.keys() == expected.keys()
    for name, x in batch.items(): assert x.shape == expected[name].shape and x.device.type == 'meta', name


@pytest.mark.parametrize('policy_input', ['z', 'zh'])
def test_choosing_actions(sent, policy_input):
    config = preset('tiny', policy_input=policy_input)
    agent = Agent(config, 3).to('meta')
    o = np.zeros((5, 1, 64, 64), np.uint8)
    for _ in range(3):
        with Watch() as watch: a = agent.choose(o, np.zeros(5), np.zeros(5, bool))
        assert not only_copies(watch), watch.elsewhere
    assert a.shape == (5,) and a.device.type == 'meta' and sent


def test_what_reads_a_value_or_takes_from_elsewhere_is_seen():
    x = torch.ones(3, device='meta')
    with Watch() as watch: x + x
    assert not watch.elsewhere
    with Watch() as watch: x.copy_(torch.ones(3))
    assert watch.elsewhere
    for read in (lambda: bool(x.sum() > 0), lambda: x.nonzero(), lambda: x[x > 0], lambda: x.sum().item()):
        with pytest.raises((RuntimeError, NotImplementedError)): read()
