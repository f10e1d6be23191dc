"What acts: against the networks called by hand, with memory and without, and from a folder."
import numpy as np
import pytest
import torch
torch.set_num_threads(1)
from twm_nb.agent import Agent
from twm_nb.config import ConfigError, preset


def observations(n, stack=1, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, stack, 64, 64), dtype=np.uint8)


def test_acts_on_the_most_probable_code():
    torch.manual_seed(0)
    agent, o = Agent(preset('tiny'), 3), observations(400)
    p, z, _ = agent.probabilities(torch.as_tensor(o))
    assert torch.equal(z, agent.encoder(torch.as_tensor(o)).argmax(-1))
    torch.testing.assert_close(p, agent.actor(z).softmax(-1))
    with torch.no_grad(): agent.actor.net.rest[-1].weight.mul_(30)          # decided, so that frequencies say something
    one = np.repeat(o[:1], 20_000, 0)
    share = np.bincount(agent.act(one, generator=torch.Generator().manual_seed(0)), minlength=3) / len(one)
    assert np.abs(share - agent.probabilities(torch.as_tensor(one[:1]))[0][0].detach().numpy()).max() < .015


def test_default_generator_is_untouched_with_an_own_one():
    agent, o = Agent(preset('tiny'), 3), observations(5)
    torch.manual_seed(3); before = torch.get_rng_state()
    agent.act(o, generator=torch.Generator().manual_seed(1))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize('reward_tokens', [True, False])
def test_memory_of_a_recurrent_agent_is_that_of_one_long_pass(reward_tokens):
    "What the agent on [z, h] carries from step to step equals the hidden states of a single pass over the whole past, across an episode's end."
    torch.manual_seed(0)
    c = preset('tiny', policy_input='zh', reward_tokens=reward_tokens, memory_steps=4)
    agent, B, T = Agent(c, 3), 2, 14
    rewards, first = torch.randn(T, B), torch.rand(T, B) < .25
    first[0] = False
    z, a, h = [], [], []
    for t in range(T):
        o = observations(B, seed=t)
        action = agent.act(o, reward=rewards[t - 1] if t else None, first=first[t] if t else None, generator=torch.Generator().manual_seed(t))
        z.append(agent.encoder(torch.as_tensor(o)).argmax(-1)); a.append(torch.as_tensor(action)); h.append(agent.h)
    with torch.no_grad():
        d = torch.cat([first[1:], torch.zeros(1, B, dtype=torch.bool)])
        oracle = agent.dynamics.hidden(torch.stack(z, 1), torch.stack(a, 1), rewards.T, d.T)
    torch.testing.assert_close(torch.stack(h, 1), oracle, rtol=0, atol=1e-5)


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
    with pytest.raises(ConfigError, match='please name a folder'): Agent.load(tmp_path / 'nothing')
    Agent(preset('tiny'), 3).save(tmp_path / 'a')
    weights = tmp_path / 'a' / 'agent.safetensors'
    whole = weights.read_bytes()
    weights.write_bytes(whole[:100])
    with pytest.raises(ConfigError, match='not an agent'): Agent.load(tmp_path / 'a')
    weights.write_bytes(b'not weights at all, but some text')
    with pytest.raises(ConfigError, match='not an agent'): Agent.load(tmp_path / 'a')
    Agent(preset('tiny', actor_units=(32,)), 3).save(tmp_path / 'b')
    (tmp_path / 'b' / 'config.json').write_bytes((tmp_path / 'a' / 'config.json').read_bytes())
    with pytest.raises(ConfigError, match='do not fit'): Agent.load(tmp_path / 'b')
