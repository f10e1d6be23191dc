"""Updates and actions on the device `meta`, whose tensors have shapes and no values: whatever reads a value there raises,
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
from twm_nb.actor_critic import ActorCritic
from twm_nb.agent import Agent
from twm_nb.balanced_sampler import Batch, ReplayDataset
from twm_nb.config import preset
from twm_nb.trainer import learn
from twm_nb.world_model import WorldModel

torch.set_num_threads(1)


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
    for owner in (WorldModel, ActorCritic): monkeypatch.setattr(owner, 'autocast', lambda self: contextlib.nullcontext())


def models(config):
    "Models on `meta`; their optimisers, which are PyTorch's, do not run there and are replaced by a simple one."
    world_model, learner = WorldModel(config, 3).to('meta'), ActorCritic(config, 3).to('meta')
    networks = dict(observation=world_model.observation_model, dynamics=world_model.dynamics, actor=learner.actor,
                    critic=learner.critic)
    for name, network in networks.items():
        owner = world_model if name in world_model.optimisers else learner
        owner.optimisers[name] = torch.optim.SGD(network.parameters(), lr=.1, foreach=True)
    return world_model, learner


def some_batch(config):
    N, T, S = config.batch_size, config.sequence_length + 1, config.frame_stack
    full = lambda *shape, dtype: torch.zeros(*shape, dtype=dtype, device='meta')
    return Batch(o=full(N, T + 1, S, 64, 64, dtype=torch.uint8), a=full(N, T, dtype=torch.long),
                 r=full(N, T, dtype=torch.float32), terminated=full(N, T, dtype=torch.bool),
                 d=full(N, T, dtype=torch.bool), o_fresh=full(50, S, 64, 64, dtype=torch.uint8))


@pytest.mark.parametrize('changes', [
    {}, dict(dropout=.1), dict(policy_input='zh'), dict(reward_tokens=False), dict(use_memory=False),
    dict(latent_classes=32, frame_stack=4), dict(latent_entropy_form='paper', consistency_form='paper')])
def test_an_update_of_everything(changes):
    config = preset('tiny', **changes)
    world_model, learner = models(config)
    with Watch() as watch: metrics = learn(world_model, learner, some_batch(config))
    assert watch.calls > 1000 and not watch.elsewhere, watch.elsewhere[:5]
    assert all(x.device.type == 'meta' for x in metrics.values())


def test_drawing_a_batch():
    dataset = ReplayDataset(100, 2)
    o = np.zeros((2, 64, 64), np.uint8)
    dataset.start(o)
    for i in range(60): dataset.append(0, 0., i % 9 == 8, False, o)
    for name, x in list(vars(dataset).items()):
        if isinstance(x, torch.Tensor): setattr(dataset, name, x.to('meta'))
    dataset.device = torch.device('meta')
    with Watch() as watch: batch = dataset.sample(4, 8, 20., fresh=10)
    assert not watch.elsewhere, watch.elsewhere
    assert batch.o.shape == (4, 10, 2, 64, 64) and batch.o.device.type == 'meta'


@pytest.mark.parametrize('policy_input', ['z', 'zh'])
def test_choosing_actions(monkeypatch, policy_input):
    "`sent` is the one way to a GPU that does not wait."
    config = preset('tiny', policy_input=policy_input)
    agent = Agent(config, 3).to('meta')
    agent.anchor = (next(agent.encoder.parameters()),)       # `to` makes new parameters on this device alone
    copies = []
    def sent(x, device):
        copies.append(x.dtype)
        with torch.utils._python_dispatch._disable_current_modes(): return torch.empty_like(x, device=device)
    monkeypatch.setattr(twm_nb.agent, 'sent', sent)
    o = np.zeros((5, 1, 64, 64), np.uint8)
    for _ in range(3):
        with Watch() as watch: a = agent.choose(o, np.zeros(5), np.zeros(5, bool))
        made = [f for f in watch.elsewhere if not any(n in f for n in ('lift', 'detach', 'as_strided', '_to_copy'))]
        assert not made, watch.elsewhere
    assert a.shape == (5,) and a.device.type == 'meta' and copies


def test_what_reads_a_value_or_takes_from_elsewhere_is_seen():
    x = torch.ones(3, device='meta')
    with Watch() as watch: x + x
    assert not watch.elsewhere
    with Watch() as watch: x.copy_(torch.ones(3))
    assert watch.elsewhere
    for read in (lambda: bool(x.sum() > 0), lambda: x.nonzero(), lambda: x[x > 0], lambda: x.sum().item()):
        with pytest.raises((RuntimeError, NotImplementedError)): read()
