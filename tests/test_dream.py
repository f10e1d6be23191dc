"Dreams as environments, as a game, and on film."
import ast
import asyncio
import copy
import json
import os
import fcntl
import itertools
import pty
import struct
import termios
import re
import subprocess
import sys
from pathlib import Path

import cv2
import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium.utils.env_checker import check_env
from PIL import Image

from twm_nb.analysis import TOKEN_COLOURS, attention_rollout, catch_cells, catch_state, play_real, starts_at
from twm_nb.commands import twm_play
from twm_nb.config import ConfigError, find_system, preset
from twm_nb.dream import (DreamEnv, DreamGame, DreamVectorEnv, Joystick, Player, View, captioned, dreamed, explain_keys, film, labelled, name_action, png, rgb,
                          shadowed, start_pool, write_film)
from twm_nb.system import Done, load_system, save_system
from twm_nb.twm import TWM
from twm_nb.world_model import Starts

torch.set_num_threads(1)

@pytest.fixture(scope='module')
def system(): return load_system('Catch')

@pytest.fixture(scope='module')
def data(system): return play_real(system, 100)

@pytest.fixture(scope='module')
def untrained():
    "A system of an odd shape: four frames, 5 variables of 7 categories, no reward tokens, and a policy that sees h."
    torch.manual_seed(0)
    config = preset('tiny', frame_stack=4, latent_variables=5, latent_classes=7, policy_input='zh', reward_tokens=False, device='cpu')
    return TWM(config, 3).eval()

# Dreams

@pytest.mark.parametrize('which', ['system', 'untrained'])
def test_a_dream_is_what_the_whole_sequence_gives(which, request, data):
    "Rewards and discounts against the dynamics model run over all steps at once, through ends and new beginnings."
    system = request.getfixturevalue(which)
    data = data if which == 'system' else play_real(system, 100)
    torch.manual_seed(0)
    pool = starts_at(system, data, range(1, 100))
    begin = lambda rows: Starts(*(x[rows] for x in (pool.z, pool.a, pool.r, pool.d)))
    d = system.dream(begin([3, 9]), generator=torch.Generator().manual_seed(0))
    z, a, r, end = [pool.z[[3, 9], 0]], [pool.a[[3, 9], 0]], [pool.r[[3, 9], 0]], [pool.d[[3, 9], 0]]
    predicted = []
    for t in range(7):
        now, action = d.z, torch.randint(3, (2,))
        if t in (3, 5):
            again, starts = torch.tensor([False, True]), begin([4 + t])
            end[-1] = end[-1] | again                          # the step before was the last of its episode
            out = d.renew(action, again, starts)
            now, action = now.clone(), action.clone()
            now[1], action[1] = starts.z[0, 0], starts.a[0, 0]
        else: out = d.step(action)
        z.append(now); a.append(action); predicted.append(torch.stack(out, -1))
        r.append(d.r.clone()); end.append(d.first.clone())
    z, a, r, end = (torch.stack(x, 1) for x in (z, a, r, end))
    _, want_r, want_g = system.world_model.dynamics.predict(system.world_model.dynamics.hidden(z, a, r, end)[:, 1:])
    predicted = torch.stack(predicted, 1)
    predicted[1, [3, 5], 0] = want_r[1, [3, 5]]                # what is said of a context step means nothing: the real reward stands in its place
    assert torch.allclose(predicted, torch.stack([want_r, want_g], -1), atol=1e-5)

def test_who_begins_again_dreams_as_if_just_begun(system, data):
    torch.manual_seed(0)
    later = starts_at(system, data, [55])
    both, alone = system.dream(starts_at(system, data, [12, 32]), temperature=0), system.dream(later, temperature=0)
    for _ in range(3): both.step(torch.tensor([1, 2]))
    both.renew(torch.tensor([1, 0]), torch.tensor([False, True]), later)
    assert torch.equal(both.z[1], alone.z[0]) and both.first[1] == alone.first[0] and both.r[1] == alone.r[0]
    assert torch.equal(both.before[0][1], alone.before[0][0]) and torch.allclose(both.before[1][1], alone.before[1][0], atol=1e-5)
    for _ in range(3):
        r, g = both.step(torch.tensor([0, 1])); r1, g1 = alone.step(torch.tensor([1]))
        assert r[1] == pytest.approx(float(r1[0]), abs=1e-4) and g[1] == pytest.approx(float(g1[0]), abs=1e-4)
        assert torch.equal(both.z[1], alone.z[0])

def test_attention_of_a_dream(system, data):
    "The last 24 steps, of which those before a new beginning have no share; against the dynamics model over these steps."
    torch.manual_seed(0)
    dream, steps = system.dream(starts_at(system, data, [12, 33])), []
    for t in range(30):
        z, a = dream.z, torch.randint(3, (2,))
        if t == 20: dream.restart(torch.tensor([False, True]), dream.z)
        r, _ = dream.step(a)
        steps.append((z, a, r, torch.tensor([False, t == 19])))
    shares, types = dream.attention()
    assert shares.shape == (2, 71) and types.tolist() == ([0, 1, 2] * 24)[:71] and torch.allclose(shares.sum(-1), torch.ones(2), atol=1e-4)
    assert (shares[1, :3 * 14] < 1e-7).all() and shares[0, :3 * 14].max() > 1e-4 and shares[1, 3 * 14] > 1e-4
    z, a, r, d = (torch.stack(x, 1) for x in zip(*steps[-24:]))
    assert torch.equal(shares, attention_rollout(system.world_model.dynamics.attention(z, a, r, d))[:, -1, -1])

# Environments

def test_checked_by_gymnasium(system):
    check_env(gym.make('twm_nb/Dream-v0', models='Catch', render_mode='rgb_array').unwrapped)

def test_checked_by_gymnasium_untrained(untrained):
    check_env(DreamEnv(untrained, pool=20, render_mode='rgb_array'), skip_render_check=True)

def play_out(env, seed, steps=40):
    o, _ = env.reset(seed=seed)
    seen = [o]
    for t in range(steps):
        o, r, terminated, truncated, info = env.step(t % 3)
        seen += [o, r, info['discount']]
        if terminated or truncated: seen.append(env.reset()[0])
    return seen

def test_a_seed_decides_everything(system):
    same = lambda x, y: all(np.array_equal(a, b) for a, b in zip(x, y))
    one, two = DreamEnv(system, pool=50), DreamEnv(system, pool=50)
    torch.manual_seed(1)
    a = play_out(one, 7)
    torch.manual_seed(2)                                       # torch's own generator has no part in it
    assert same(a, play_out(two, 7)) and same(a, play_out(one, 7)) and not same(a, play_out(one, 8))

def test_ends_are_drawn_from_the_discount(system):
    for ending, want in (('draw', (0., .5, 1.)), ('half', (0., 0., 1.))):
        game = DreamGame(system, pool=20, ending=ending)
        game.generator.manual_seed(0)
        for share, expected in zip((1.01, .5001, 1e-9), want):
            assert game.ends(torch.full((4000,), .99 * share)).float().mean() == pytest.approx(expected, abs=.03)

def test_episodes_of_dreamed_catch(system):
    env = DreamEnv(system, pool=200, ending='half')
    lengths, returns = [], []
    for seed in range(40):
        env.reset(seed=seed)
        for n in range(1, 50):
            _, r, terminated, truncated, _ = env.step(0)
            if terminated or truncated: break
        lengths.append(n); returns.append(r)
    assert np.mean(np.array(lengths) <= 5) > .9 and np.mean(np.abs(returns)) > .6

def test_truncation_and_misuse(system):
    env = DreamEnv(system, pool=20, horizon=2, ending='half', render_mode='rgb_array')
    with pytest.raises(gym.error.ResetNeeded): env.render()
    with pytest.raises(gym.error.ResetNeeded): env.step(0)
    for seed in range(30):
        env.reset(seed=seed)
        _, _, terminated, _, _ = env.step(0)
        if not terminated: break
    _, _, terminated, truncated, _ = env.step(0)
    assert terminated or truncated
    with pytest.raises(gym.error.ResetNeeded): env.step(0)
    env.reset()
    assert np.array_equal(env.render()[..., 1], env.game.observation[0, -1])
    for action in (3, -1, .5):
        with pytest.raises(ValueError, match='actions 0 to 2'): env.step(action)
    for bad in (dict(ending='never'), dict(horizon=0), dict(temperature=-1.), dict(pool=1), dict(models='Pacman'), dict(pool=np.zeros((0, 1, 64, 64), np.uint8)),
                dict(pool=play_real(system, 1))):
        with pytest.raises(ConfigError): DreamEnv(**{'models': system, **bad})

def test_pools(system, data):
    stacks = data.observations(torch.arange(0, 100, 5))
    assert len(start_pool(system, data).a) == 99 and start_pool(system, stacks).d.all() and torch.equal(start_pool(system, stacks).o[:, 1], stacks)
    assert torch.equal(start_pool(system, 30).o, start_pool(system, 30).o)
    env = DreamEnv(system, pool=stacks.numpy())
    first = env.reset(seed=0)[0]
    assert min(np.abs(first.astype(int) - s.astype(int)).mean() for s in stacks.numpy()) < 5

def test_sampled_rewards_have_unit_variance(system):
    envs = DreamVectorEnv(400, system, pool=50, sample_rewards=True)
    envs.reset(seed=0)
    r = envs.step(np.zeros(400, int))[1]
    assert .8 < r.std() < 1.6

def test_many_in_one_batch(system):
    envs = gym.make_vec('twm_nb/Dream-v0', num_envs=6, vectorization_mode='vector_entry_point', models='Catch', pool=50, horizon=4)
    o, _ = envs.reset(seed=3)
    assert o.shape == (6, 1, 64, 64) and o in envs.observation_space
    ended, age, ends = np.zeros(6, bool), np.zeros(6, int), 0
    for _ in range(30):
        o, r, terminated, truncated, info = envs.step(envs.action_space.sample())
        assert o in envs.observation_space and info['discount'].shape == (6,)
        assert (r[ended] == 0).all() and not (terminated | truncated)[ended].any()     # the call that begins anew
        age = np.where(ended, 0, age + 1)
        assert (age <= 4).all() and (truncated == ((age == 4) & ~terminated)).all()
        ended = terminated | truncated
        ends += ended.sum()
    assert ends > 20
    envs.close()

def test_seeds_of_many(system):
    def first(seed=None, again=False):
        envs = DreamVectorEnv(8, system, pool=50)
        o, info = envs.reset(seed=seed)
        assert info['discount'].tolist() == [pytest.approx(.99)] * 8 and info['_discount'].all()
        return envs.reset()[0] if again else o
    assert np.array_equal(first(3), first(3)) and not np.array_equal(first(3), first(4))
    assert not np.array_equal(first(), first())                # without a seed each is another
    assert np.array_equal(first(3, True), first(3, True)) and not np.array_equal(first(3), first(3, True))

def test_what_many_look_like(system):
    envs = gym.make_vec('twm_nb/Dream-v0', num_envs=3, vectorization_mode='vector_entry_point', models=system, pool=20, render_mode='rgb_array')
    with pytest.raises(gym.error.ResetNeeded): envs.unwrapped.render()
    envs.reset(seed=0)
    o = envs.step(np.zeros(3, int))[0]
    shown = envs.render()
    assert isinstance(shown, tuple) and all(np.array_equal(f[..., c], x[-1]) for f, x in zip(shown, o) for c in range(3))
    assert DreamVectorEnv(2, system, pool=20).reset() and DreamVectorEnv(2, system, pool=20).render_mode is None
    envs.close()

def test_the_newest_frame_is_shown(untrained):
    envs = DreamVectorEnv(2, untrained, pool=20, render_mode='rgb_array')
    o, _ = envs.reset(seed=0)
    assert not np.array_equal(o[0, 0], o[0, -1]) and np.array_equal(envs.render()[0][..., 0], o[0, -1])

def test_misuse_of_many(system):
    envs = DreamVectorEnv(3, system, pool=20)
    with pytest.raises(gym.error.ResetNeeded): envs.step(np.zeros(3, int))
    with pytest.raises(gym.error.Error): envs.reset(seed=-1)
    envs.reset(seed=0)
    for actions in ([0, 0], [0, 0, 3], [0, 0, .5], 0, [[0, 0, 0]]):
        with pytest.raises(ValueError, match='actions 0 to 2.*each of 3 dreams'): envs.step(actions)
    envs.step([0, 1, 2]); envs.step(np.array([2, 1, 0], np.int32))

def test_statistics_of_gymnasium(system):
    envs = gym.wrappers.vector.RecordEpisodeStatistics(DreamVectorEnv(4, system, pool=50, horizon=3))
    envs.reset(seed=0)
    lengths = []
    for _ in range(20):
        info = envs.step(envs.action_space.sample())[-1]
        if 'episode' in info: lengths += info['episode']['l'][info['_episode']].tolist()
    assert len(lengths) > 10 and set(lengths) <= {1, 2, 3}

def test_the_call_that_begins_anew_does_not_end(system):
    "Even where the model would end an episode in each step."
    envs = DreamVectorEnv(2, system, pool=20)
    envs.game.ends = lambda g: torch.ones(len(g), dtype=torch.bool)
    envs.reset(seed=0)
    for t in range(6):
        _, r, terminated, truncated, _ = envs.step(np.zeros(2, int))
        assert terminated.all() == (t % 2 == 0) and not truncated.any() and (r == 0).all() == (t % 2 == 1)

def test_one_of_many_is_the_one_alone(system, data):
    "At temperature 0, from the only start, the same actions give the same observations and rewards."
    options = dict(pool=data.observations(torch.tensor([5])), temperature=0, ending='half')
    certain = copy.deepcopy(system)                            # of its codes, so that every beginning is the same
    for p in certain.world_model.observation_model.encoder.mlp[-1].parameters(): p.data.mul_(1e4)
    envs, env = DreamVectorEnv(3, certain, **options), DreamEnv(certain, **options)
    many, _ = envs.reset(seed=1)
    one, _ = env.reset(seed=2)
    for t in range(20):                                        # through several ends
        assert np.abs(many[1].astype(int) - one.astype(int)).max() <= 1
        over = env.game.over.any()
        if over: one, _ = env.reset()
        else: one, r, *ended, _ = env.step((t * t) % 3)
        many, rs, *ends, _ = envs.step(np.array([0, (t * t) % 3, 2]))
        if not over: assert rs[1] == pytest.approx(r, abs=1e-4) and [x[1] for x in ends] == ended

def test_stable_baselines_accepts_it(system):
    checker = pytest.importorskip('stable_baselines3.common.env_checker')
    checker.check_env(DreamEnv(system, pool=20), warn=False)

# The player

def test_player_takes_turns_between_policy_and_human(system):
    p = Player(system, pool=100, seed=1)
    p.step()
    assert not p.human and p.count == 1
    assert p.press('ArrowRight') and p.human and p.count == 2 and p.moments[-1]['a'] == 2
    p.release()
    p.step()
    assert p.moments[-1]['a'] == 0                             # a key counts once
    p.running = True
    assert p.press('ArrowLeft') and p.count == 3 and p.action == 1      # taken by the next step
    assert not p.press('ArrowUp') and not p.press('x') and not p.press(' ') and not p.press()
    p.step()
    assert p.moments[-1]['a'] == 1
    assert [p.choose(), p.choose()] == [1, 1]                  # it is held
    p.release()
    assert p.choose() == 0
    p.press('ArrowRight'); p.release()                         # pressed and let go between two steps
    assert [p.choose(), p.choose()] == [2, 0]

def test_keys_held_together():
    up, down, left, right = 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'
    names = {(up,): 'UP', (right, up): 'UPRIGHT', (down, left): 'DOWNLEFT', (up, down): 'NOOP', (left, right, up): 'UP', (' ',): 'FIRE',
             (' ', down): 'DOWNFIRE', (up, ' ', left): 'UPLEFTFIRE', (): 'NOOP', ('0',): 'NOOP'}
    assert {keys: name_action(keys) for keys in names} == names

def test_keys_that_a_game_does_not_have(system):
    "All together if the game has that, else the newest; keys that mean nothing alone are as if not there."
    p = Player(system, pool=30)
    p.names = ['NOOP', 'FIRE', 'RIGHT', 'LEFT', 'RIGHTFIRE']
    meant = lambda *keys: None if p.meant(keys) is None else p.names[p.meant(keys)]
    assert meant(' ', 'ArrowRight') == 'RIGHTFIRE' and meant('ArrowLeft', ' ') == 'FIRE' and meant(' ', 'ArrowLeft') == 'LEFT'
    assert meant('ArrowUp', 'ArrowLeft') == meant('ArrowLeft', 'ArrowUp') == 'LEFT' and meant('ArrowLeft', 'ArrowRight') == 'NOOP'
    assert meant('ArrowUp') is meant('x') is meant() is None and meant('0') == 'NOOP'

def test_the_tally_of_episodes(system):
    p = Player(system, pool=100, seed=2)
    assert p.tally() == 'no episode has ended yet'
    while len(p.returns) < 3: p.step()
    assert p.over and p.returns[-1] == p.total and sum(m['last'] for m in p.moments) == 3
    p.step(); p.step(); p.restart()                            # an episode that did not end does not count
    assert len(p.returns) == 3
    p.returns = [1., -.5, .1]
    assert p.tally() == '3 episodes, 2 with a return above 0; mean return +0.20'
    p.returns = [-1.]
    assert p.tally() == '1 episode, 0 with a return above 0; mean return -1.00'

def test_a_key_at_the_end_is_not_kept_for_the_next_game(system):
    p = Player(system, pool=100, seed=0)
    while not p.over: p.step()
    assert p.press('ArrowLeft') and p.count == 0 and p.action is None
    p.release()
    p.step()
    assert p.moments[-1]['a'] == 0

def test_player_ends_and_begins_anew(system):
    p = Player(system, pool=100, seed=2)
    for _ in range(30):
        if p.over:
            assert p.moments[-1]['last'] and (p.frame_image() <= 127).all()
            p.step()
            assert p.count == 0 and p.total == 0 and not p.over
        p.step()
    assert sum(m['last'] for m in p.moments) >= 4 and p.total == pytest.approx(sum(m['r'] for m in p.moments[-p.count:]))
    while p.over or p.count < 2: p.step()
    p.restart()                                                # in the middle of a game: nothing of it is seen any more
    assert p.moments[-1]['last'] and p.count == 0
    p.step()
    assert len(p.dream.attention()[1]) == 2

class Nameless(gym.Env):
    "An environment of someone else, whose actions have no names; it breaks when told to."
    observation_space, action_space, broken = gym.spaces.Box(0, 255, (64, 64, 3), np.uint8), gym.spaces.Discrete(4), False
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed); self.t = 0
        return np.zeros((64, 64, 3), np.uint8), {}
    def step(self, action):
        if self.broken: raise RuntimeError('out of coins')
        self.t += 1
        return np.full((64, 64, 3), 40 * self.t, np.uint8), 0., self.t == 6, False, {}

def test_games_of_other_people(tmp_path, capsys, monkeypatch):
    "Their actions have numbers only; and where they fail, one sentence says so."
    import twm_nb.dream as module
    if 'twm_nb_test/Foreign-v0' not in gym.registry: gym.register('twm_nb_test/Foreign-v0', entry_point=Nameless)
    config = preset('tiny', game='twm_nb_test/Foreign-v0', device='cpu')
    system = TWM(config, 4).eval()
    p = Player(system, pool=60, seed=0)
    assert not p.press(' ') and not p.press('0') and [b.description for b in View(p).stick.buttons.values()] == [f'action {i}' for i in range(4)]
    assert 'no keys' in explain_keys(p.names)
    p.act(3); p.human = True; p.step() if not p.over else None
    assert p.moments[0]['a'] == 3 and all(m['a'] == 0 for m in p.moments[1:])
    monkeypatch.setattr(module, 'load_system', lambda _: system)
    twm_play('x', steps=8, scale=1, out=str(tmp_path / 'a.gif'))
    monkeypatch.setattr(Nameless, 'broken', True)
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped: twm_play('x', steps=8, out=str(tmp_path / 'a.gif'))
    error = capsys.readouterr().err
    assert stopped.value.code == 3 and error.count('\n') == 1 and 'out of coins' in error

def test_forcing_a_category(system):
    p = Player(system, pool=100, seed=0)
    p.step()
    before, z = p.dream.frames(), p.dream.z.clone()
    changed = []
    for v in range(16):
        p.dream.z = z.clone()
        p.force(v, (int(z[0, v]) + 3) % 8)
        assert (p.dream.z != z).sum() == 1
        changed.append(not np.array_equal(p.dream.frames(), before))
    assert any(changed) and p.forced == set(range(16))
    p.step()
    assert p.forced == set() or p.over

def test_attention_stays_in_the_episode(system):
    p = Player(system, pool=100, seed=3)
    assert (p.attention_image() == 255).all()
    while len(p.moments) < 40 or not p.count: p.step()
    shares, types = p.dream.attention()
    assert shares.shape[1] == len(types) == 3 * p.count - 1 and shares.sum() == pytest.approx(1, abs=1e-4)

@pytest.mark.parametrize('which', ['system', 'untrained'])
def test_pictures_of_any_code(which, request):
    p = Player(request.getfixturevalue(which), pool=30, seed=0)
    for _ in range(3):
        for name in ('frame', 'trace', 'attention', 'latent'):
            image = getattr(p, f'{name}_image')()
            assert image.ndim == 3 and image.shape[2] == 3 and image.dtype == np.uint8
            assert np.array_equal(cv2.imdecode(np.frombuffer(png(image), np.uint8), 1)[..., ::-1], image)
        p.step()
    V, K = p.dream.z.shape[1], p.system.config.latent_classes
    cell = 384 // V
    assert p.latent_image().shape[:2] == (V * cell, K * cell)

def test_the_trace(system):
    "The discount is high where it is 1, the reward above or below the middle by its sign, the newest step on the right; rewards set their scale."
    p = Player(system, pool=30, seed=0)
    p.moments = [dict(r=1., g=0.)] * 40 + [dict(r=-1., g=1.)] * 20
    image = p.trace_image(384, 136, 96)                        # three pixels a step, from 44 to 352; the scales from 10 to 110
    def rows(colour, columns): return np.nonzero(np.abs(image[:, columns].astype(int) - rgb(colour)).sum(-1) < 150)[0]    # lines are smoothed
    early, late = slice(175, 285), slice(300, 345)
    for colour, at in (('#0072B2', (early, 9, 11)), ('#0072B2', (late, 109, 111)), ('#D55E00', (early, 109, 111)), ('#D55E00', (late, 9, 11))):
        found = rows(colour, at[0])
        assert len(found) and at[1] <= np.median(found) <= at[2], (colour, np.median(found))
    assert (image[:112, 45:150] >= 215).all() and len(rows('#0072B2', slice(0, 40))) and len(rows('#D55E00', slice(358, 384)))
    p.moments[0] = dict(r=4., g=0.)                                     # now 1 is a quarter of the way up from the middle
    small = Player.trace_image(p)
    image[:] = small
    assert 46 <= np.median(rows('#0072B2', slice(200, 280))) <= 50

def test_bars_of_attention(system):
    p = Player(system, pool=30, seed=0)
    p.count, p.dream.attention = 1, lambda: (torch.tensor([[.01, .3, 1.]]), torch.tensor([2, 0, 1]))
    image = p.attention_image(width=720, height=50)             # 72 tokens, 10 pixels each; the newest on the right
    tall = lambda left, kind: (image[:, left + 3] == rgb(TOKEN_COLOURS[kind])).all(-1).sum()
    assert tall(710, 'a') >= 48 and 24 <= tall(700, 'z') <= 30 and 3 <= tall(690, 'r') <= 8 and (image[:, :690] == 255).all()

def test_where_the_latent_state_is_drawn(system):
    p = Player(system, pool=30, seed=0)
    p.step(); p.force(11, 2)
    image, c = p.latent_image(), 384 // 16
    for v, k in enumerate(p.dream.z[0].tolist()):
        assert image[v * c + c // 2, k * c + c // 2].tolist() == (list(rgb('#E69F00')) if v == 11 else [255] * 3)
    view = View(p)
    view.clicked({'x': 5.5 / 8, 'y': 3.5 / 16})
    assert p.dream.z[0, 3] == 5 and p.forced == {3, 11}
    with pytest.raises(ConfigError, match='fps=0'): View(p, fps=0)

def test_widgets_without_a_browser(system):
    view = View(Player(system, pool=100, seed=1), fps=200)
    old = view.pictures['frame'].png
    view.next.click()
    assert view.player.count == 1 and view.pictures['frame'].png != old and view.status.value.startswith('step 1')
    view.stick.buttons['LEFT'].click()
    assert view.who.value == 'human' and 'last action left' in view.status.value
    view.who.value = 'policy'
    assert not view.player.human
    view.warmth.value = 0.
    assert view.player.dream.temperature == 0
    view.player.restart()
    assert view.player.dream.temperature == 0                  # for the dreams to come as well
    view.clicked({'x': .99, 'y': 0.})
    assert view.player.dream.z[0, 0] == 7 and view.player.forced == {0}
    view.clicked({'keys': ['ArrowLeft']})                      # no click: nothing happens
    view.pressed({'keys': ['ArrowLeft'], 'pressed': True, 'repeat': False})
    assert view.player.held == 1 and view.player.moments[-1]['a'] == 1
    steps = len(view.player.moments)
    view.player.running = True
    view.pressed({'keys': ['ArrowRight'], 'pressed': True, 'repeat': True})      # it is held anyway
    assert view.player.held == 1 and view.player.action is None
    view.player.running = False
    view.pressed({'keys': []}); view.pressed({'x': .5, 'y': .5})
    assert view.player.held == 0 and len(view.player.moments) == steps
    view.again.click()
    assert view.player.count == 0

def test_the_joystick():
    atari = ['NOOP', 'FIRE', 'UP', 'RIGHT', 'LEFT', 'DOWN', 'UPRIGHT', 'UPLEFT', 'DOWNRIGHT', 'DOWNLEFT', 'UPFIRE', 'RIGHTFIRE', 'LEFTFIRE', 'DOWNFIRE',
             'UPRIGHTFIRE', 'UPLEFTFIRE', 'DOWNRIGHTFIRE', 'DOWNLEFTFIRE']
    done = []
    stick = Joystick(atari, done.append)
    cross, fire = stick.box.children
    assert [b.description for b in cross.children] == list('↖↑↗←•→↙↓↘') and fire is stick.fire
    for on in (False, True):
        fire.value = on
        for b in cross.children: b.click()
    assert sorted(done) == sorted(atari) and all(b == a + 'FIRE' for a, b in zip(done[:9], done[9:]) if a != 'NOOP')
    def shape(names):
        "What is seen: the cross, a dot for what is hidden, and the buttons beside it."
        boxes = Joystick(names, print).box.children
        return (''.join(b.description if b.layout.visibility != 'hidden' else '.' for b in getattr(boxes[0], 'children', ())),
                [b.description for b in boxes if not hasattr(b, 'children')])
    assert shape(['NOOP', 'LEFT', 'RIGHT']) == ('←•→', []) and shape(['NOOP', 'UP', 'DOWN']) == ('.↑..•..↓.', [])
    assert shape(['NOOP', 'FIRE', 'RIGHT', 'LEFT', 'RIGHTFIRE', 'LEFTFIRE']) == ('←•→', ['fire']) and shape(['NOOP', 'JUMP']) == ('.•.', ['jump'])
    assert shape(['ACTION 0', 'ACTION 1']) == ('', ['action 0', 'action 1'])

def test_keys_are_explained():
    assert explain_keys(['NOOP', 'LEFT', 'RIGHT']) == 'Keys: click into the frame, then <b>← →</b> move, <b>0</b> does nothing.'
    assert '<b>space</b> fires' in explain_keys(['NOOP', 'FIRE']) and 'diagonally' not in explain_keys(['NOOP', 'UP'])
    assert 'diagonally' in explain_keys(['UP', 'UPRIGHT'])

def test_running_and_pausing(system):
    async def session():
        view = View(Player(system, pool=100, seed=1), fps=200)
        view.run.click()
        assert view.run.description == 'pause'
        while len(view.player.moments) < 4: await asyncio.sleep(.01)           # a player that stands still ends by the test's time limit
        steps = len(view.player.moments)
        view.run.click()
        await view.task
        assert view.run.description == 'run'
        await asyncio.sleep(.1)
        assert len(view.player.moments) <= steps + 1
        for _ in range(3): view.run.click()                    # on, off, on: one task, not two
        await asyncio.sleep(.05)
        view.run.click()
        await view.task
    asyncio.run(session())

# Films

def test_films(system, tmp_path):
    for what, width in (('agent', 132), ('dream', 132), ('both', 264)):
        images = film(system, what, 12, seed=0, scale=2)
        assert len(images) == 12 and images[0].shape[1] == width
        assert np.array_equal(np.stack(images), np.stack(film(system, what, 12, seed=0, scale=2)))
    write_film(images, tmp_path / 'a.gif', 10)
    write_film(images, tmp_path / 'a.mp4', 10)
    file = (tmp_path / 'a.mp4').read_bytes()
    assert b'avc1' in file and 0 < file.find(b'moov') < file.find(b'mdat')      # H.264, and a player can begin before it has the whole
    with Image.open(tmp_path / 'a.gif') as gif: assert gif.n_frames > 5 and gif.info['duration'] >= 100
    video = cv2.VideoCapture(str(tmp_path / 'a.mp4'))
    assert video.get(cv2.CAP_PROP_FRAME_COUNT) == 12 and video.read()[1].shape[1] == 264

def test_the_sums_in_a_film():
    "Each image is labelled with the rewards before it."
    frame = np.zeros((64, 64), np.uint8)
    images = captioned('x', [(frame, 1.), (frame, -1.04), (frame, 5.)], 2)
    for image, text in zip(images, ('x +0.0', 'x +1.0', 'x +0.0')): assert np.array_equal(image, labelled(frame, text, 2))

def test_a_film_of_a_dream_shows_what_games_show(system):
    "Nothing from after an end: each frame is one of a game, and the rewards are those of the player."
    frames, rewards = zip(*itertools.islice(dreamed(system, 0, 1.), 100))
    assert catch_state(catch_cells(torch.tensor(np.stack(frames)) / 255))[0].float().mean() > .9
    p, n = Player(system, seed=0), 0
    while n < 100:
        if p.over: p.step()
        assert np.array_equal(p.dream.frames()[0, -1], frames[n])
        p.step()
        assert p.moments[-1]['r'] == rewards[n]
        n += 1

def test_a_shadow_gets_the_agent_s_actions(system):
    "At temperature 0 the paddle goes where the real one goes, step by step, in random games too."
    torch.manual_seed(0)
    data = play_real(system, 100, explore=1.)
    frames, rewards = zip(*shadowed(system, data, 0, 0.))
    real = catch_state(catch_cells(data.frames[:100] / 255))
    legal, _, _, paddle = catch_state(catch_cells(torch.tensor(np.stack(frames)) / 255))
    assert legal.float().mean() > .85 and (paddle == real[3])[legal].float().mean() > .95
    assert np.corrcoef(rewards, data.r)[0, 1] > .8

def test_colours_and_speed_of_films(tmp_path):
    images = [np.full((64, 64, 3), (200, 100 + i, 20), np.uint8) for i in range(0, 60, 6)]
    write_film(images, tmp_path / 'a.GIF', 25); write_film(images, tmp_path / 'a.mp4', 25)
    with Image.open(tmp_path / 'a.GIF') as gif:
        assert gif.info['duration'] == 40 and gif.n_frames == 10 and np.abs(np.array(gif.convert('RGB'))[9, 9] - [200, 100, 20]).max() < 8
    video = cv2.VideoCapture(str(tmp_path / 'a.mp4'))
    assert video.get(cv2.CAP_PROP_FPS) == 25 and np.abs(video.read()[1][9, 9, ::-1].astype(int) - [200, 100, 20]).max() < 12

def test_a_shadow_stays_with_the_real_game(system):
    "Side by side, the frames agree nearly always: the dream of Catch is good, and begins with each episode."
    images = np.stack(film(system, 'both', 60, seed=0, scale=1)).astype(int)
    left, right = images[:, 8:72, 2:66, 0], images[:, 8:72, 70:134, 0]
    assert np.mean(np.abs(left - right).mean((1, 2)) < 8) > .8

def test_command(tmp_path):
    def run(*arguments): return subprocess.run([sys.executable, '-m', 'twm_nb.commands', 'twm_play', *arguments], cwd=tmp_path, capture_output=True, text=True)
    done = run('Catch', '--what', 'dream', '--steps', '8', '--out', 'dream.gif', '--scale', '2')
    assert done.returncode == 0 and done.stderr == '' and done.stdout == 'dream.gif: dream, 8 steps\n'
    assert (tmp_path / 'dream.gif').stat().st_size > 500

@pytest.mark.parametrize('arguments', [('Pacman',), ('Catch', '--what', 'all'), ('Catch', '--out', 'a.avi'), ('Catch', '--out', 'no/a.gif'),
                                       ('Catch', '--steps', '1'), ('Catch', '--fps', '0'), ('Catch', '--scale', '0'), ('Catch', '--out', 'folder.gif'),
                                       ('Catch', '--seed', '-1'), ('Catch', '--fps', '51'), ('Catch', '--fps', 'nan'), ('Catch', '--temperature', 'nan'),
                                       ('Catch', '--temperature', '-1'), ('Catch', '--threads', '0')])
def test_bad_requests(arguments, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'folder.gif').mkdir()
    names = {'--what': str, '--out': str, '--steps': int, '--fps': float, '--scale': int, '--seed': int, '--temperature': float, '--threads': int}
    options = {k[2:]: names[k](v) for k, v in zip(arguments[1::2], arguments[2::2])}
    with pytest.raises(SystemExit) as stopped: twm_play(arguments[0], **options)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith('error: ') and error.count('\n') == 1 and [p.name for p in tmp_path.iterdir()] == ['folder.gif']

def test_a_place_that_cannot_be_written(system, tmp_path, capsys, monkeypatch):
    def full(*_, **__): raise OSError(28, 'No space left on device')
    monkeypatch.setattr(Image.Image, 'save', full)
    with pytest.raises(SystemExit) as stopped: twm_play('Catch', steps=2, out=str(tmp_path / 'a.gif'))
    error = capsys.readouterr().err
    assert stopped.value.code == 2 and error.count('\n') == 1 and 'No space left' in error
    with pytest.raises(ConfigError, match='cannot be written .No such file'): write_film([np.zeros((8, 8, 3), np.uint8)] * 2, tmp_path / 'no/a.mp4', 10)


@pytest.mark.parametrize('wrong', [dict(fps=float('nan')), dict(fps=float('inf')), dict(temperature=float('nan')), dict(temperature=float('inf')), dict(scale=100_000), dict(seed=-1), dict(seed=10**23),
                                   dict(steps=10**12), dict(out='d.gif'), dict(out='x' * 300 + '.gif'), dict(run='x' * 300)], ids=str)
def test_films_that_cannot_be_are_refused(tmp_path, capsys, monkeypatch, wrong):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'd.gif').mkdir()
    with pytest.raises(SystemExit) as stop: twm_play(**{**dict(run='Catch', steps=3), **wrong})
    err = capsys.readouterr().err
    assert stop.value.code == 2 and err.count('\n') == 1 and 'please' in err and [f.name for f in tmp_path.iterdir()] == ['d.gif']


@pytest.mark.parametrize('kind', ['gif', 'mp4'])
def test_a_film_is_there_whole_or_not_at_all(tmp_path, monkeypatch, kind):
    import twm_nb.dream as module
    file, images = tmp_path / f'a.{kind}', [np.zeros((8, 8, 3), np.uint8)] * 2
    file.write_bytes(b'an older film')
    def half(images, file, fps):
        file.write_bytes(b'half')
        raise OSError(28, 'No space left on device')
    monkeypatch.setattr(module, f'write_{kind}', half)
    with pytest.raises(ConfigError, match='No space left'): module.write_film(images, file, 10)
    assert [f.name for f in tmp_path.iterdir()] == [file.name] and file.read_bytes() == b'an older film'


def test_a_film_that_finds_no_room_leaves_nothing(tmp_path):
    "A real shortage: files may not be longer than 2 KiB."
    code = ("import resource, numpy as np; from pathlib import Path; from twm_nb.dream import write_film, ConfigError\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))\n"
            "images = list(np.random.default_rng(0).integers(0, 256, (20, 64, 64, 3), dtype=np.uint8))\n"
            "for name in ('a.mp4', 'a.gif'):\n"
            "    try: write_film(images, Path(name), 10)\n"
            "    except ConfigError as e: print(e)")
    done = subprocess.run([sys.executable, '-c', code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.count('cannot be written (File too large); please name another.') == 2, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []

def test_odd_sizes_and_slow_films(tmp_path):
    write_film([np.full((65, 67, 3), 90, np.uint8)] * 3, tmp_path / 'a.mp4', .5)
    video = cv2.VideoCapture(str(tmp_path / 'a.mp4'))
    assert (video.get(cv2.CAP_PROP_FPS), video.get(cv2.CAP_PROP_FRAME_COUNT)) == (.5, 3) and video.read()[1].shape == (64, 66, 3)

def test_each_step_of_a_film_is_told(system):
    for what, n in (('agent', 6), ('dream', 6), ('both', 12)):
        told = []
        film(system, what, 6, on_step=lambda: told.append(what))
        assert len(told) == n

def test_a_film_is_made_on_one_thread(tmp_path, monkeypatch):
    import twm_nb.dream as module
    seen = []
    monkeypatch.setattr(module, 'film', lambda *_, **__: seen.append(torch.get_num_threads()) or [np.zeros((8, 8, 3), np.uint8)] * 2)
    try:
        for options in ({}, dict(threads=2)): torch.set_num_threads(3); twm_play('Catch', steps=2, out=str(tmp_path / 'a.gif'), **options)
    finally: torch.set_num_threads(1)
    assert seen == [1, 2]

def test_progress_in_a_terminal_only(tmp_path):
    "A bar with rate and time left where stderr is a terminal; not a byte of it elsewhere."
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))      # without a size tqdm finds no room
    command = [Path(sys.executable).parent / 'twm_play', 'Catch', '--steps', '60', '--scale', '1', '--out', 'a.gif']
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {'TERM': 'xterm'}) as process:
        os.close(theirs)
        seen = b''
        while True:
            try: piece = os.read(ours, 4096)
            except OSError: break                              # the other side is closed
            if not piece: break
            seen += piece
        assert process.stdout.read() == b'a.gif: both, 60 steps\n'
    os.close(ours)
    lines = re.split('[\r\n]', seen.decode())
    assert any('both' in line and '/120' in line and 'step/s' in line for line in lines) and max(map(len, lines)) <= 79, seen
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr == '' and '\r' not in done.stdout

def test_the_cell_of_the_player_stands_alone():
    "Notebook 16's last cells: the one that shows the player imports what it uses."
    cells = json.loads((Path(__file__).parent.parent / 'nbs/16_dream.ipynb').read_text())['cells']
    source = next(s for s in (''.join(c['source']) for c in cells) if "play('Catch')" in s and s.startswith('#| eval: false'))
    done = subprocess.run([sys.executable, '-c', source.replace("play('Catch')", "print(type(play('Catch')).__name__)")], capture_output=True, text=True)
    assert done.stdout == 'Box\n', done.stderr

# Systems of other people

@pytest.fixture(scope='module')
def table(tmp_path_factory):
    "The system of notebook 13a, which knows no more than it must, with a table filled from random games."
    folder, cells = tmp_path_factory.mktemp('elsewhere'), json.loads((Path(__file__).parent.parent / 'nbs/13a_train.ipynb').read_text())['cells']
    cell = next(s for s in (''.join(c['source']) for c in cells) if s.startswith("source = '''"))
    (folder / 'my_system.py').write_text(ast.parse(cell).body[0].value.value)
    sys.path.insert(0, str(folder))
    try:
        system = find_system('my_system:Table')(preset('tiny', 'my_system:Table'), 3)
        system.folder = folder
        data = play_real(system, 3_000, explore=1.)
        torch.manual_seed(0)
        for kind in ('model', 'policy'):
            for _ in range(300): system.update(kind, system.batch(kind, Done(), data))
        yield system
    finally: sys.path.remove(str(folder))

def test_a_dream_that_only_steps_is_played(table):
    "A system whose dreams have no codes, no attention and no temperature: the panes that need them are not there."
    view = View(Player(table, pool=100, seed=0))
    assert list(view.pictures) == ['frame', 'trace']
    old = view.pictures['frame'].png
    view.next.click(); view.stick.buttons['LEFT'].click()
    assert view.pictures['frame'].png != old and view.player.moments[-1]['a'] == 1
    view.warmth.value = 0.
    view.who.value = 'policy'
    for _ in range(40): view.next.click()
    assert view.player.returns and set(np.round(view.player.returns)) <= {-1., 1.}

def test_a_dream_that_only_steps_is_an_environment(table):
    "Rows begin anew one by one, as many dreams as rows; and the episodes are those of Catch."
    check_env(DreamEnv(table, pool=50, render_mode='rgb_array'), skip_render_check=True)
    envs = DreamVectorEnv(3, table, pool=play_real(table, 50).observations(torch.arange(0, 50, 5)), ending='half')    # beginnings of games
    o, _ = envs.reset(seed=0)
    age, lengths, ended = np.zeros(3, int), [], np.zeros(3, bool)
    for t in range(60):
        o, r, terminated, truncated, _ = envs.step(np.array([0, 1, 2]))
        assert o.shape == (3, 1, 64, 64) and (r[ended] == 0).all() and not (terminated | truncated)[ended].any()
        row = catch_state(catch_cells(torch.tensor(o[:, -1]) / 255))[1]
        assert (row[torch.tensor(ended)] == 0).all()           # a beginning of a game
        age = np.where(ended, 0, age + 1)
        ended = terminated | truncated
        lengths += age[ended].tolist()
    assert len(lengths) >= 24 and np.mean(np.array(lengths) == 5) > .9        # a table has gaps where play never went

def test_a_run_of_ones_own_system_is_filmed(table, tmp_path, capsys):
    save_system(table, tmp_path / 'run/models')
    for what in ('agent', 'dream', 'both'):
        assert len(film(table, what, 8, scale=1)) == 8
    command = [Path(sys.executable).parent / 'twm_play', tmp_path / 'run', '--steps', '8', '--scale', '1', '--out', tmp_path / 'a.gif']
    done = subprocess.run([*command, '--system', 'my_system:Table'], cwd=table.folder, capture_output=True, text=True)
    assert done.returncode == 0 and (tmp_path / 'a.gif').stat().st_size > 500, done.stderr
    done = subprocess.run(command, cwd=table.folder, capture_output=True, text=True)
    assert done.returncode == 2 and 'please add --system' in done.stderr and done.stderr.count('\n') == 1
