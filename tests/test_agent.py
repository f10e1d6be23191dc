"What acts: against the networks called by hand, with memory and without, and from a folder."
import json
import os
import shutil
import stat

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from conftest import new_system
from safetensors import safe_open
from twm_nb.agent import Agent, clocks, say_once, to_device
from twm_nb.config import ConfigError, preset
from twm_nb.evaluation import evaluate
from twm_nb.system import find_weights, load_agent, load_system, save_system, stored_models


def observations(n, stack=1, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, stack, 64, 64), dtype=np.uint8)


def test_acts_on_the_most_probable_code():
    torch.manual_seed(0)
    agent, o = Agent(preset('tiny'), 3), observations(400)
    p, z = agent.probabilities(torch.as_tensor(o))
    assert torch.equal(z, agent.encoder(torch.as_tensor(o)).argmax(-1))
    torch.testing.assert_close(p, agent.actor(z).softmax(-1))
    with torch.no_grad(): agent.actor.net.rest[-1].weight.mul_(30)          # decided, so that frequencies say something
    one = np.repeat(o[:1], 20_000, 0)
    share = np.bincount(agent.act(one, generator=torch.Generator().manual_seed(0)), minlength=3) / len(one)
    assert np.abs(share - agent.probabilities(torch.as_tensor(one[:1]))[0][0].detach().numpy()).max() < .015


def test_actions_are_drawn_with_their_probabilities():
    "Eight of them, some ten times as probable as others: chi-square, 7 degrees, p = 1e-4."
    torch.manual_seed(0)
    agent, one = Agent(preset('tiny'), 8), observations(1).repeat(20_000, 0)
    with torch.no_grad(): agent.actor.net.rest[-1].bias.copy_(torch.arange(8) / 3)
    p = agent.probabilities(torch.as_tensor(one[:1]))[0][0].detach().numpy()
    counts = np.bincount(agent.act(one, generator=torch.Generator().manual_seed(0)), minlength=8)
    assert ((counts - 20_000 * p)**2 / (20_000 * p)).sum() < 29.9


def test_default_generator_is_untouched_with_an_own_one():
    agent, o = Agent(preset('tiny'), 3), observations(5)
    torch.manual_seed(3); before = torch.get_rng_state()
    agent.act(o, generator=torch.Generator().manual_seed(1))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize('reward_tokens', [True, False])
def test_memory_of_a_recurrent_agent_is_that_of_one_long_pass(reward_tokens):
    """What the agent on [z, h] carries from step to step equals the hidden states of a single pass over the whole past,
    across an episode's end."""
    torch.manual_seed(0)
    c = preset('tiny', policy_input='zh', reward_tokens=reward_tokens, memory_steps=4)
    agent, B, T = Agent(c, 3), 2, 14
    rewards, first = torch.randn(T, B), torch.rand(T, B) < .25
    first[0] = False
    z, a, h = [], [], []
    for t in range(T):
        o = observations(B, seed=t)
        action = agent.act(o, reward=rewards[t - 1] if t else None, first=first[t] if t else None,
                           generator=torch.Generator().manual_seed(t))
        z.append(agent.encoder(torch.as_tensor(o)).argmax(-1)); a.append(torch.as_tensor(action))
        h.append(agent.before[1])
    with torch.no_grad():
        d = torch.cat([first[1:], torch.zeros(1, B, dtype=torch.bool)])
        oracle = agent.dynamics.hidden(torch.stack(z, 1), torch.stack(a, 1), rewards.T, d.T)
    torch.testing.assert_close(torch.stack(h, 1), oracle, rtol=0, atol=1e-5)


def test_a_recurrent_agent_sees_the_hidden_state_of_the_step_before():
    "By hand: π of [z, h], with zeros for h at the first step and where an episode begins."
    torch.manual_seed(0)
    agent, B = Agent(preset('tiny', policy_input='zh'), 3), 3
    h = torch.zeros(B, 64)
    for t in range(4):
        o, first = observations(B, seed=t), np.arange(B) == t - 1
        p = agent.probabilities(torch.as_tensor(o), first=torch.as_tensor(first))[0]
        z = agent.encoder(torch.as_tensor(o)).argmax(-1)
        seen = h.masked_fill(torch.as_tensor(first)[:, None] & (t > 0), 0.)
        torch.testing.assert_close(p, agent.actor(z, seen).softmax(-1))
        agent.act(o, reward=np.ones(B), first=first)
        h = agent.before[1]
        assert torch.equal(agent.before[0], z)


def test_recurrent_agent_must_be_told():
    agent, o = Agent(preset('tiny', policy_input='zh'), 3), observations(2)
    agent.act(o)
    for missing in (dict(), dict(first=[False, False]), dict(reward=[0., 0.])):
        with pytest.raises(ValueError, match='reward= and first='): agent.act(o, **missing)


@pytest.mark.parametrize('changes', [dict(), dict(policy_input='zh')])
def test_save_and_load(tmp_path, changes):
    agent = Agent(preset('tiny', **changes), 5)
    agent.save(tmp_path / 'a'); agent.save(tmp_path / 'a')
    loaded = Agent.load(tmp_path / 'a')
    assert loaded.num_actions == 5 and loaded.config == agent.config
    assert all(torch.equal(x, y) for x, y in zip(agent.state_dict().values(), loaded.state_dict().values()))
    assert [f.name for f in tmp_path.iterdir()] == ['a']


def test_bad_folders_get_a_sentence(tmp_path):
    with pytest.raises(ConfigError, match='holds no agent; please name the folder .* or one of Boxing, Catch'):
        Agent.load(tmp_path / 'nothing')
    Agent(preset('tiny'), 3).save(tmp_path / 'a')
    weights = tmp_path / 'a' / 'agent.safetensors'
    whole = weights.read_bytes()
    for content in (whole[:100], b'not weights at all, but some text'):
        weights.write_bytes(content)
        with pytest.raises(ConfigError, match='holds no weights saved .* please name the agent/ or models/ folder'):
            Agent.load(tmp_path / 'a')
    Agent(preset('tiny', actor_units=(32,)), 3).save(tmp_path / 'b')
    (tmp_path / 'b' / 'config.json').write_bytes((tmp_path / 'a' / 'config.json').read_bytes())
    with pytest.raises(ConfigError, match='do not fit'): Agent.load(tmp_path / 'b')


@pytest.mark.parametrize('umask, mode', [(0o022, 0o644), (0o027, 0o640)])
def test_files_respect_the_umask(tmp_path, umask, mode):
    old = os.umask(umask)
    try: Agent(preset('tiny'), 3).save(tmp_path / 'a')
    finally: os.umask(old)
    assert {f.name: stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / 'a').iterdir()} == {'agent.safetensors': mode,
                                                                                            'config.json': mode}


def run_of(tmp_path, **changes):
    "A run folder with an agent and the models that it belongs to; returns the agent."
    system = new_system(preset('tiny', **changes), 5)
    system.agent().save(tmp_path / 'run/agent')
    save_system(system, tmp_path / 'run/models')
    return system.agent()


@pytest.mark.parametrize('changes', [dict(), dict(policy_input='zh')])
def test_an_agent_is_found_by_run_agent_and_models(tmp_path, changes):
    agent = run_of(tmp_path, **changes)
    run = tmp_path / 'run'
    for where in (run, str(run), run / 'agent', run / 'models'):
        loaded = Agent.load(where)
        assert loaded.num_actions == 5 and loaded.state_dict().keys() == agent.state_dict().keys()
        assert all(torch.equal(x, y) for x, y in zip(agent.state_dict().values(), loaded.state_dict().values()))
    assert find_weights(run, 'agent') == find_weights(run / 'agent', 'agent') == run / 'agent'
    assert find_weights(run / 'agent') == find_weights(run / 'models') == find_weights(run) == run / 'models'
    shutil.rmtree(run / 'agent')
    # the models hold it too
    assert torch.equal(Agent.load(run).actor.net.first.weight, agent.actor.net.first.weight)
    shutil.rmtree(run / 'models')
    with pytest.raises(ConfigError, match='holds no agent'): Agent.load(run)


def test_an_agent_alone_is_no_models(tmp_path):
    Agent(preset('tiny'), 3).save(tmp_path / 'agent')
    assert Agent.load(tmp_path).num_actions == 3
    for where in (tmp_path, tmp_path / 'agent'):
        with pytest.raises(ConfigError, match='holds no models'): find_weights(where)


def test_agents_that_come_along():
    "Written before systems shared a trainer: their configuration names none."
    assert set(stored_models()) == {'Boxing', 'Catch'}
    for name, actions in (('Catch', 3), ('Boxing', 18)):
        assert 'system' not in (stored_models()[name] / 'config.json').read_text()
        assert load_agent(name).num_actions == load_system(name).num_actions == actions
    assert np.mean(evaluate(Agent.load('Catch'), 30, seed=0)) > .8
    for where in ('catch', 'Pong', 'x' * 300):
        with pytest.raises(ConfigError, match='holds no agent; please name'): Agent.load(where)


@pytest.mark.parametrize('changes', [dict(), dict(policy_input='zh')])
def test_folders_from_before_systems_shared_a_trainer(tmp_path, changes):
    "Their config.json named no system; weights had the names that they still have."
    agent, before = run_of(tmp_path, **changes), tmp_path / 'run'
    for part in ('agent', 'models'):
        file = before / part / 'config.json'
        file.write_text(file.read_text().replace('"system": "twm",', ''))
        assert 'system' not in json.loads(file.read_text())
    for where in (before / 'agent', before / 'models'):
        again = load_agent(where).state_dict()
        assert all(torch.equal(x, again[name]) for name, x in agent.state_dict().items())
    with safe_open(before / 'models/models.safetensors', 'pt') as f:
        names = {n.split('.')[0] + '.' + n.split('.')[1] for n in f.keys()}
    assert names == {'world_model.observation_model', 'world_model.dynamics', 'actor_critic.actor',
                     'actor_critic.critic'}


def test_a_folder_goes_before_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Agent(preset('tiny'), 7).save('Catch')
    assert Agent.load('Catch').num_actions == 7


# frozen agents

def decided(config, m, seed=0):
    "An agent whose codes and policy are decided, as after training."
    torch.manual_seed(seed)
    agent = Agent(config, m)
    with torch.no_grad():
        for p in agent.parameters(): p.add_(.02 * torch.randn_like(p))      # biases too
        agent.encoder.mlp[-1].weight.mul_(4); agent.actor.net.rest[-1].weight.mul_(20)
    return agent


def plain_policy(agent, o, h=None):
    "The obvious version: convolutions channels first, one-hot vectors, dense linear layers."
    with torch.no_grad():
        x = torch.as_tensor(o).float() / 255
        for layer in agent.encoder.convolutions:
            x = F.conv2d(x, layer.weight, layer.bias, 2) if isinstance(layer, torch.nn.Conv2d) else F.silu(x)
        z = agent.encoder.mlp(x.flatten(1)).view(-1, *agent.encoder.shape).argmax(-1)
        first = agent.actor.net.first
        y = F.linear(F.one_hot(z, agent.encoder.shape[1]).float().flatten(1), first.weight, first.bias)
        if h is not None: y = y + F.linear(h, agent.actor.net.extra.weight)
        return agent.actor.net.rest(y).softmax(-1), z


@pytest.mark.parametrize('name, stack', [('small', 4), ('tiny', 1)])
def test_frozen_float32_agrees_with_the_plain_version(name, stack):
    agent = decided(preset(name, frame_stack=stack), 5)
    frozen = agent.frozen(torch.float32)
    for n in (1, 2, 3, 26):
        o = observations(n, stack, seed=n)
        p, z = plain_policy(agent, o)
        q, codes = frozen.probabilities(torch.as_tensor(o))
        assert torch.equal(codes, z) and q.dtype == torch.float32
        torch.testing.assert_close(q, p, rtol=0, atol=1e-5)


def test_frozen_bfloat16_agrees_in_distribution():
    agent = decided(preset('small'), 18)
    # some dark, some bright
    o = observations(200, 4) // np.arange(1, 9, dtype=np.uint8)[:, None, None, None].repeat(25, 0)
    p, _ = plain_policy(agent, o)
    q = agent.frozen(torch.bfloat16).probabilities(torch.as_tensor(o))[0]
    assert p.amax(-1).mean() > .2, 'decided'
    assert (.5 * (p - q).abs().sum(-1)).mean() < .06 and torch.allclose(q.sum(-1), torch.ones(200))


def test_frozen_with_memory_agrees_with_the_live_agent():
    torch.manual_seed(0)
    live = Agent(preset('tiny', policy_input='zh'), 3)
    frozen, twin = live.frozen(torch.float32), Agent(live.config, 3, live.encoder, live.actor, live.dynamics)
    for t in range(12):
        o, told = observations(4, seed=t), dict(reward=np.full(4, .1 * t), first=np.arange(4) == t) if t else {}
        a, b = (agent.act(o, **told, generator=torch.Generator().manual_seed(t)) for agent in (twin, frozen))
        assert (a == b).all()
        torch.testing.assert_close(frozen.before[1], twin.before[1], rtol=0, atol=1e-5)


def test_frozen_keeps_the_weights_of_its_time():
    agent, o = decided(preset('tiny'), 3), torch.as_tensor(observations(6))
    frozen = agent.frozen(torch.float32)
    before = frozen.probabilities(o)[0]
    with torch.no_grad():
        for p in agent.parameters(): p.mul_(-2)
    assert torch.equal(frozen.probabilities(o)[0], before)
    assert not torch.allclose(agent.frozen(torch.float32).probabilities(o)[0], before)
    assert frozen.frozen() is frozen and not any(p.requires_grad for p in frozen.parameters())


def test_dtype_follows_the_config():
    agent = Agent(preset('tiny', dtype='bfloat16'), 3)
    assert agent.frozen().dtype == torch.bfloat16 and agent.frozen(torch.float32).dtype == torch.float32
    assert Agent(preset('tiny', dtype='float32'), 3).frozen().encoder.mlp[0].weight.dtype == torch.float32


def test_own_generators_make_rows_independent():
    agent, o = decided(preset('tiny'), 3).frozen(), observations(9)
    own = lambda rows: [torch.Generator().manual_seed(int(i)) for i in rows]
    together = agent.act(o, generator=own(range(9)))
    assert all(agent.act(o[[i, j]], generator=own((i, j))).tolist() == together[[i, j]].tolist() for i,
               j in ((0, 8), (3, 1), (5, 5)))


def test_what_goes_to_a_gpu_goes_by_pinned_memory(monkeypatch):
    "Otherwise the copy may wait for all that is queued there. Told by the calls, as no GPU is needed here."
    calls = []
    monkeypatch.setattr(torch.Tensor, 'pin_memory', lambda x: calls.append('pin') or x)
    monkeypatch.setattr(torch.Tensor, 'to',
                        lambda x, device, non_blocking=False: calls.append((str(device), non_blocking)) or x)
    noise = clocks(2, 3, torch.device('cuda'), [torch.Generator().manual_seed(i) for i in (0, 1)])
    assert calls == ['pin', ('cuda', True)]
    assert torch.equal(noise[1], torch.empty(3).exponential_(generator=torch.Generator().manual_seed(1)))
    to_device(noise, torch.device('cpu'))
    assert calls[2:] == [('cpu', True)]


def test_compiled_agrees_with_uncompiled(capfd):
    agent, o = decided(preset('tiny'), 3), observations(40)
    compiled, frozen = agent.frozen(torch.float32, compiled=1), agent.frozen(torch.float32)
    if compiled.compiled is None:
        assert 'acts uncompiled' in capfd.readouterr().err; pytest.skip('no C++ compiler here')
    own = lambda i: torch.Generator().manual_seed(i)
    for i, x in enumerate(o): assert compiled.act(x, generator=own(i)) == frozen.act(x, generator=own(i))
    assert compiled.act(o, generator=own(0)).shape == (40,), 'other sizes are not compiled, but work'


def test_without_a_compiler_it_acts_all_the_same_and_says_so_once(capfd, monkeypatch):
    import torch._inductor.config as inductor
    monkeypatch.setenv('CXX', '/no/such/compiler')
    say_once.cache_clear()
    torch._dynamo.reset()
    with inductor.patch({'cpp.cxx': ('/no/such/compiler',), 'force_disable_caches': True}):
        for _ in range(2): agent = decided(preset('tiny', encoder_channels=4), 3).frozen(torch.float32, compiled=1)
    assert agent.compiled is None and isinstance(agent.act(observations(1)[0]), int)
    assert capfd.readouterr().err.count('acts uncompiled') == 1


@pytest.mark.parametrize('n', [1, 7, 8, 30])
def test_live_agent_agrees_with_the_plain_version(n):
    agent, o = decided(preset('small'), 6), observations(n, 4)
    p, z = plain_policy(agent, o)
    q, codes = agent.probabilities(torch.as_tensor(o))
    assert torch.equal(codes, z)
    torch.testing.assert_close(q, p, rtol=0, atol=1e-5)


def test_compiled_agents_do_not_share_a_program():
    o, agents = observations(30), [decided(preset('tiny'), 3, seed) for seed in (0, 1)]
    for agent in agents:
        frozen, compiled = agent.frozen(torch.float32), agent.frozen(torch.float32, compiled=1)
        if compiled.compiled is None: pytest.skip('no C++ compiler here')
        draws = [[f.act(x, generator=torch.Generator().manual_seed(5)) for x in o] for f in (frozen, compiled)]
        assert draws[0] == draws[1]


@pytest.mark.parametrize('policy_input, copies', [('z', 2), ('zh', 4)])
def test_all_that_an_action_sends_to_a_gpu_goes_by_pinned_memory(monkeypatch, policy_input, copies):
    "`choose` must not wait: observation and noise (with memory: flags and rewards too) by `to_device`, and nothing else."
    import twm_nb.agent as module
    agent = Agent(preset('tiny', policy_input=policy_input), 3)
    o = np.zeros((2, 1, 64, 64), np.uint8)
    generators = [torch.Generator().manual_seed(i) for i in range(2)]
    agent.choose(o, np.zeros(2), np.zeros(2, bool), generators)
    seen, as_tensor = [], torch.as_tensor
    def no_device(x, **kw):
        assert 'device' not in kw, 'a copy that waits'
        return as_tensor(x, **kw)
    monkeypatch.setattr(module, 'to_device', lambda x, device: seen.append(x.dtype) or x)
    monkeypatch.setattr(torch, 'as_tensor', no_device)
    agent.choose(o, np.zeros(2), np.zeros(2, bool), generators)
    assert len(seen) == copies, seen
