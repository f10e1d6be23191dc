"Looking inside: the stored models, rollouts of attention, the rules of Catch, and errors of dreams, each against a slow version."
import itertools
import os
import shutil
import stat
from dataclasses import replace
from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
import torch

from twm_nb.analysis import (TOKEN_COLOURS, action_names, action_symbols, attention_figure, attention_rollout, beginnings, captions, catch_cells,
                             catch_rules, catch_state, continuation_figure, dream, dream_attention, dream_figure, eight_bits,
                             open_loop_errors, packed, play_real, rows_of, same_episode, save_small, starts_at, tinted, windows_at)
from twm_nb.balanced_sampler import Batch
from twm_nb.config import ConfigError, preset, save_config
from twm_nb.envs import Catch
from twm_nb.show import COLOURS
from twm_nb.system import System, load_system, save_system, stored_models, unpacked
from twm_nb.twm import TWM
from twm_nb.world_model import Trajectory

torch.set_num_threads(1)

@pytest.fixture(scope='module')
def system(): return load_system('Catch')

@pytest.fixture(scope='module')
def data(system): return play_real(system, 300)

# Small weights

def test_eight_bits_err_by_half_a_scale():
    torch.manual_seed(0)
    for shape in ((5, 7), (3, 4, 2, 2)):
        w = torch.randn(shape) * torch.logspace(-3, 3, shape[0]).view(-1, *[1] * (len(shape) - 1))
        q, scale = eight_bits(w)
        assert q.dtype == torch.int8 and q.shape == w.shape and scale.numel() == shape[0]
        assert ((q * scale - w).abs() <= scale / 2 * 1.001).all() and (q.flatten(1).abs().amax(1) == 127).all()
    assert eight_bits(torch.zeros(2, 3))[0].abs().max() == 0

def test_pack_and_unpack():
    weights = {'a.weight': torch.randn(4, 3), 'a.bias': torch.randn(4), 'u': torch.randn(2, 2)}
    again = unpacked(packed(weights))
    assert again.keys() == weights.keys() and again['a.weight'].dtype == torch.float32
    for k, w in weights.items(): assert torch.allclose(again[k].float(), w, atol=float(w.abs().max()) / 127), k

def test_small_models_of_a_run(tmp_path):
    config = preset('tiny', device='cpu')
    torch.manual_seed(0)
    save_system(TWM(config, 3), tmp_path / 'run/models')
    save_small(tmp_path / 'run', tmp_path / 'small')
    full, small = load_system(tmp_path / 'run'), load_system(tmp_path / 'small')
    for (name, x), y in zip(full.state_dict().items(), small.state_dict().values()):
        assert torch.allclose(x, y, atol=float(x.abs().max()) / 120 + 1e-6), name
    size = lambda f: f.stat().st_size
    assert size(tmp_path / 'small/small.safetensors') < .3 * size(tmp_path / 'run/models/models.safetensors')
    assert not small.training
    save_small(tmp_path / 'run', tmp_path / 'parts', most=400_000)         # one file for each network: none becomes too large
    assert sorted(f.name for f in (tmp_path / 'parts').iterdir()) == ['config.json', *(f'small-{p}.safetensors' for p in ('actor_critic', 'dynamics', 'observation_model'))]
    for (name, x), y in zip(small.state_dict().items(), load_system(tmp_path / 'parts').state_dict().values()): assert torch.equal(x, y), name
    save_small(tmp_path / 'run', tmp_path / 'parts')
    assert sorted(f.name for f in (tmp_path / 'parts').iterdir()) == ['config.json', 'small.safetensors']
    save_config(preset('tiny', latent_classes=9), tmp_path / 'small/config.json')
    with pytest.raises(ConfigError, match='do not fit'): load_system(tmp_path / 'small')

@pytest.mark.parametrize('umask, mode', [(0o022, 0o644), (0o027, 0o640)])
def test_small_files_respect_the_umask(tmp_path, umask, mode):
    config = preset('tiny', device='cpu')
    save_system(TWM(config, 3), tmp_path / 'run/models')
    old = os.umask(umask)
    try: save_small(tmp_path / 'run', tmp_path / 'small')
    finally: os.umask(old)
    assert {stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / 'small').iterdir()} == {mode}

def test_each_real_step_is_told(system):
    told = []
    play_real(system, 7, on_step=lambda: told.append(1))
    assert len(told) == 7

def test_models_that_are_not_there(tmp_path):
    for where in (tmp_path, 'Pacman'):
        with pytest.raises(ConfigError, match='holds no models.*Catch'): load_system(where)
    (tmp_path / 'models').mkdir()
    with pytest.raises(ConfigError): load_system(tmp_path)
    with pytest.raises(ConfigError): save_small(tmp_path, tmp_path / 'small')
    folder = tmp_path / 'damaged'
    shutil.copytree(stored_models()['Catch'], folder)
    (folder / 'small.safetensors').write_bytes(b'not weights')
    with pytest.raises(ConfigError): load_system(folder)

def test_stored_models():
    assert set(stored_models()) == {'Catch', 'Boxing'}
    for name, folder in stored_models().items():
        assert (folder / 'small.safetensors').stat().st_size < 4e6
        assert load_system(name).config.game == name

def test_the_stored_actor_plays_catch(data):
    scores = data.r[data.d]
    assert len(scores) == 60 and scores.mean() > .8
    assert torch.equal(beginnings(data), torch.arange(5, 300, 5))

def test_real_episodes_can_be_played_again(system, data):
    again = play_real(system, 300)
    assert torch.equal(again.a, data.a) and torch.equal(again.frames[:300], data.frames[:300])
    assert not torch.equal(play_real(system, 300, seed=5).a, data.a)

def test_chance_may_take_part(system):
    little, half, chance = (play_real(system, 600, explore=x) for x in (.1, .5, 1.))
    scores = [x.r[x.d].mean() for x in (little, half, chance)]
    assert scores[0] > .5 and -.4 < scores[1] < .6 and scores[2] < -.4
    assert (torch.bincount(chance.a, minlength=3) / 600 - 1 / 3).abs().max() < .07
    assert torch.equal(chance.a, play_real(system, 600, explore=1.).a)

# Dreams

def test_starts(system, data):
    starts = starts_at(system, data, [0, 5, 7])
    assert starts.d.tolist() == [[True], [True], [False]] and starts.z.shape == (3, 2, 16)
    assert starts.a.tolist() == [[0], [data.a[4]], [data.a[6]]] and starts.r[1] == data.r[4]
    windows = windows_at(data, range(1, 300))
    for name in ('a', 'r', 'd'): assert torch.equal(getattr(windows, name)[:, 0], getattr(data, name)[:299]), name
    for i in (0, 1): assert torch.equal(windows.o[:, i], data.observations(torch.arange(i, 299 + i)))

def test_fresh_starts_are_those_that_were_given(system, data):
    torch.manual_seed(0)
    starts = starts_at(system, data, range(1, 41))
    long = dream(system, starts, 300, data.observations(torch.arange(301)))
    assert long.r.shape == (40, 300) and long.r.isfinite().all() and long.r.abs().max() < 3 and long.stop.any()
    assert not dream(system, starts, 10).stop.any()            # without them no dream begins afresh
    single = dream(system, starts, 10, data.observations(torch.tensor([5])))
    begun = catch_cells(system.world_model.decoded(single.z[:, 1:][single.stop])[:, -1])
    assert len(begun) > 10 and (begun - catch_cells(data.frames[5] / 255)).abs().mean() < .02

def test_rows_may_be_named_more_than_once(data):
    windows = data.sequences([3, 9], 2)
    rows = rows_of(windows, [1, 0, 1])
    assert torch.equal(rows.o, windows.o[[1, 0, 1]]) and torch.equal(rows.a, windows.a[[1, 0, 1]]) and rows.o_fresh is None

def test_actions():
    assert action_names('Catch') == ['NOOP', 'LEFT', 'RIGHT']
    symbols = action_symbols('Boxing')
    assert len(set(symbols)) == 18 and symbols[0] == '·' and symbols[6] == '↗' and symbols[14] == '↗*'

class Nameless(gym.Env):
    "An environment of someone else, whose actions have no names."
    observation_space, action_space = gym.spaces.Box(0, 255, (64, 64, 3), np.uint8), gym.spaces.Discrete(4)
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed); self.t = 0
        return np.zeros((64, 64, 3), np.uint8), {}
    def step(self, action):
        self.t += 1
        return np.full((64, 64, 3), self.t, np.uint8), 0., self.t == 6, False, {}

def test_actions_without_names():
    if 'twm_nb_test/Nameless-v0' not in gym.registry: gym.register('twm_nb_test/Nameless-v0', entry_point=Nameless)
    assert action_names('twm_nb_test/Nameless-v0') == ['ACTION 0', 'ACTION 1', 'ACTION 2', 'ACTION 3']
    assert action_symbols('twm_nb_test/Nameless-v0') == ['0', '1', '2', '3']

class Numbered:
    "A system whose frames are as bright as the first variable of the latent state says."
    config = preset('tiny')
    @property
    def world_model(self): return self
    def decoded(self, z): return (z[..., :1, None, None] / 255).expand(*z.shape[:-1], 1, 64, 64)

def drawn(figure, rows):
    "Brightness of the frames of a strip that fits a line, (rows, columns), and the texts above and below."
    ax, = figure.axes
    texts = sorted(((*t.get_position(), t.get_text()) for t in ax.texts if t.get_ha() == 'center'), key=lambda t: (t[1], t[0]))
    columns = len({x for x, _, _ in texts})
    picture = ax.images[0].get_array()[..., 0]
    numbers = [[int(picture[int(texts[0][1]) + 64 + 134 * i, int(x)]) for x, _, _ in texts[:columns]] for i in range(rows)]
    return numbers, [t for _, _, t in texts[:columns]], [t for _, _, t in texts[columns:]]

@pytest.fixture
def counting():
    "A trajectory in which everything says at which step it is."
    t = torch.arange(4.)[None]
    return Trajectory(z=torch.arange(10, 15)[None, :, None].expand(1, 5, 16), a=torch.tensor([[0, 1, 2, 0]]), r=t, g=t / 10, stop=t == 1, weight=t)

def test_a_strip_of_a_dream(counting):
    frames, above, below = drawn(dream_figure(Numbered(), counting), 1)
    assert frames == [[10, 11, 12, 13]] and above == ['t=0\n·', 't=1\n←', 't=2\n→', 't=3\n·']
    assert below == ['r=+0.00\nγ=0.00', 'r=+1.00\nγ=0.10┃', 'r=+2.00\nγ=0.20', 'r=+3.00\nγ=0.30']

def test_a_strip_of_truth_and_dream():
    "Step t shows observation t, action t, and what follows it; index 0 is the context."
    L, o = 4, torch.arange(6, dtype=torch.uint8)[None, :, None, None, None].expand(1, 6, 1, 64, 64)
    t = torch.arange(L + 1.)[None]
    batch = Batch(o=o, a=torch.tensor([[0, 1, 2, 1, 0]]), r=t, terminated=t == 4, d=t == 4)
    model = Fake(10 + torch.arange(6)[None, :, None, None, None].expand(1, 6, 1, 64, 64), 10 + t, t / 10, brighter=10)
    frames, above, below = drawn(continuation_figure(model, batch, context=2), 2)
    assert frames == [[1, 2, 3, 4], [11, 12, 13, 14]]
    assert above == ['t=1\n←\nshown', 't=2\n→\nshown', 't=3\n←\ndreamed', 't=4\n·\ndreamed']
    assert below[0] == 'r=(+1)\nγ=(0.99)'                      # before the last step that is shown nothing is predicted
    assert below[1:] == [f'r=+{10 + i}.00 (+{i})\nγ=0.{i}0 ({0 if i == 4 else model.config.discount:.2f})' for i in range(2, 5)]
    figure = continuation_figure(model, batch, context=2)
    colours = [t.get_color() for t in figure.axes[0].texts if t.get_text().startswith('t=')]
    assert colours == ['black', 'black', COLOURS[1], COLOURS[1]] and len(figure.axes[0].lines) == 1    # what was shown is set apart
    assert drawn(continuation_figure(model, batch, context=2, every=3), 2)[2][0] == 'r=(+6)\nγ=(0.99)'
    assert drawn(continuation_figure(model, batch, context=1, every=3), 2)[2][0] == 'r=+36.00 (+6)\nγ=0.10 (0.99)'

def test_captions_sum_rewards():
    t = SimpleNamespace(a=torch.tensor([[0, 1, 2, 0]]), r=torch.tensor([[1., 2, 3, 4]]), g=torch.full((1, 4), .5), stop=torch.tensor([[0, 1, 0, 0]]).bool())
    above, below = captions(t, 0, '·←→', every=2)
    assert above[::2] == ['t=0\n·', 't=2\n→'] and below[::2] == ['r=+3.00\nγ=0.50┃', 'r=+7.00\nγ=0.50']

# The rules of Catch

class Drawn:
    "A system whose latent states are (row, ball, paddle), decoded without fault."
    @property
    def world_model(self): return self
    def decoded(self, z):
        env, frames = Catch(), []
        for env.row, env.ball, env.paddle in z.flatten(0, -2).tolist(): frames.append(env.observation())
        return torch.tensor(np.stack(frames)).view(*z.shape[:-1], 1, 64, 64) / 255

def real_games(games=30):
    "Whole games of the real Catch under random actions, as a trajectory of `Drawn`."
    env, random, steps = Catch(), np.random.default_rng(0), []
    for seed in range(games):
        env.reset(seed=seed)
        over = False
        while not over:
            z, a = (env.row, env.ball, env.paddle), int(random.integers(3))
            _, r, over, _, _ = env.step(a)
            steps.append((z, a, r, over))
    z, a, r, stop = (torch.tensor(x) for x in zip(*steps))
    return Trajectory(z=torch.cat([z, z[:1]])[None], a=a[None], r=r[None], g=.99 * (~stop[None]).float(), stop=stop[None], weight=torch.ones(1, len(a)))

def test_catch_is_read_off_its_pictures():
    for row, ball, paddle in itertools.product(range(5), range(6), range(6)):
        frame = Drawn().decoded(torch.tensor([[row, ball, paddle]]))[0, 0]
        assert [int(x) for x in catch_state(catch_cells(frame))] == [1, row, ball, paddle]
        assert not catch_state(catch_cells(frame * .5))[0] and not catch_state(catch_cells(1 - frame))[0]

def test_real_catch_keeps_the_rules_and_breaches_are_seen():
    games = real_games()
    assert set(catch_rules(Drawn(), games).values()) == {1.}
    for name, breach in (('right rewards', dict(r=-games.r)), ('right ends', dict(stop=~games.stop)), ('right successors', dict(a=2 - games.a)),
                         ('right rewards', dict(r=games.r.roll(1, 1)))):
        assert catch_rules(Drawn(), Trajectory(**{**vars(games), **breach}))[name] < .9, name

# Attention

def slow_rollout(maps):
    "Sums over all paths through the layers, for one (layers, heads, n, n)."
    layers, n = len(maps), maps.shape[-1]
    A = .5 * maps.mean(1) + .5 * torch.eye(n)
    R = torch.zeros(n, n)
    for path in itertools.product(range(n), repeat=layers + 1):    # from the input token path[0] up to path[-1]
        share = 1.
        for l in range(layers): share = share * A[l, path[l + 1], path[l]]
        R[path[-1], path[0]] += share
    return R

def test_rollout_by_hand():
    A = torch.tensor([[1., 0, 0], [1, 0, 0], [0, 1, 0]])
    B = torch.tensor([[1., 0, 0], [0, 1, 0], [.5, .5, 0]])
    R = attention_rollout(torch.stack([A, B])[:, None])
    # layer 1: token 2 is half itself, half token 1; layer 2: half of that, a quarter of tokens 0 and 1 of layer 1 each
    assert torch.equal(R[1, 2], torch.tensor([.25 + .125, .25 + .125, .25]))
    assert torch.equal(R[1, 1], torch.tensor([.5, .5, 0]))

def test_rollout_sums_over_paths():
    torch.manual_seed(0)
    maps = torch.rand(2, 3, 2, 4, 4).tril()
    maps = maps / maps.sum(-1, keepdim=True)
    R = attention_rollout(maps)
    assert R.shape == (2, 3, 4, 4) and torch.allclose(R.sum(-1), torch.ones(2, 3, 4)) and R.triu(1).abs().max() == 0
    for b in range(2): assert torch.allclose(R[b, -1], slow_rollout(maps[b]), atol=1e-6)

def test_no_share_means_no_influence(system, data):
    "h changes with a token if and only if the rollout gives it a share: ends of episodes and the reach of memory included."
    torch.manual_seed(0)
    starts = starts_at(system, data, range(1, 25))
    t = dream(system, starts, 25, data.observations(torch.arange(301)))
    R = dream_attention(system, t)
    assert torch.allclose(R.sum(-1), torch.ones(R.shape[:-1]), atol=1e-5) and R.triu(1).abs().max() == 0
    dynamics, z = system.world_model.dynamics, t.z[:, :-1]
    x, mask = dynamics.sequence(z, t.a, t.r, t.stop)
    for i in (0, 7):
        e = x[i:i + 1].detach().clone().requires_grad_()
        dynamics.transformer(e, mask[i:i + 1], p=0.)[0, -1].square().sum().backward()
        assert torch.equal(e.grad[0].abs().sum(-1) > 0, R[i, -1, -1] > 0)
    without_ends = dynamics.attention(z, t.a, t.r, torch.zeros_like(t.stop))
    assert (attention_rollout(without_ends)[:, -1, -1] > 0).sum() > (R[:, -1, -1] > 0).sum()

@pytest.mark.parametrize('rewards, n, steps, ticks', [(True, 8, 17, [6, 3, 0]), (True, 8, 2, [3, 0]), (False, 6, 17, [4, 2, 0]), (False, 6, 2, [2, 0])])
def test_columns_of_the_attention_figure(rewards, n, steps, ticks):
    "The ticks are at the states, the present one second from the right, and each bar has the colour of its token."
    shares = np.arange(1, 2 * n + 1).reshape(2, n) / 100
    bars, picture = attention_figure(shares, rewards, steps).axes
    assert picture.get_xticks().tolist() == ticks and [t.get_text() for t in picture.get_xticklabels()] == [str(i) for i in range(len(ticks))]
    found = {round(p.get_x() + p.get_width() / 2): (p.get_height(), p.get_facecolor()) for p in bars.patches}
    kept, per = shares[-1, -(max(ticks) + 2):], 2 + rewards
    assert [found[i][0] for i in range(len(kept))] == pytest.approx(kept.tolist())
    import matplotlib.colors as colours
    assert all(colours.to_hex(found[i][1]).upper() == TOKEN_COLOURS['zar'[i % per]] for i in range(len(kept)))

def test_tints():
    image = tinted(np.array([[0., 1., .25]]), [0, 1, 2])
    assert image.shape == (1, 3, 3) and image[0, 0].tolist() == [1, 1, 1] and np.allclose(image[0, 1], np.array([0xD5, 0x5E, 0]) / 255)

# Errors

class Fake(System):
    "A system that dreams what it is told, from the step on at which it begins: frames (N, T + 1, …), rewards and discounts (N, T)."
    def __init__(self, frames, rewards, discounts, brighter=0):
        super().__init__(preset('tiny'), 3)
        self.brighter, self.told = brighter, (frames.to(torch.uint8), rewards, discounts)
    def starts(self, windows):
        if len(windows.o) != len(self.told[0]): return windows.o[:, -1]        # steps one by one: a reconstruction
        return windows.a.shape[1]
    def dream(self, starts, temperature=1., generator=None):
        if torch.is_tensor(starts): return SimpleNamespace(frames=lambda: starts + self.brighter)
        frames, r, g = (iter(x[:, starts:].unbind(1)) for x in self.told)
        return SimpleNamespace(frames=lambda: next(frames), step=lambda a: (next(r), next(g)))

def test_errors_against_loops():
    torch.manual_seed(0)
    N, L, C = 6, 7, 2
    d = torch.rand(N, L + 1) < .15
    o = torch.randint(256, (N, L + 2, 1, 64, 64), dtype=torch.uint8)
    r = torch.randn(N, L + 1)
    batch = Batch(o=o, a=torch.zeros(N, L + 1, dtype=torch.long), r=r, terminated=d, d=d)
    frames, rewards, discounts = torch.randint(256, (N, L + 2, 1, 64, 64), dtype=torch.uint8), torch.randn(N, L + 1), torch.rand(N, L + 1)
    errors = open_loop_errors(Fake(frames, rewards, discounts), batch, C, dreams=2)
    alive, truth = same_episode(d, C), o[:, :, -1] / 255
    for h in range(1, L - C + 1):
        t, found = C + h, {k: [] for k in ('dream', 'last frame', 'reward', 'discount')}
        for n in range(N):
            ended = any(bool(d[n, s]) for s in range(C, t))
            assert bool(alive[n, h - 1]) != ended
            if ended: continue
            g = 0. if d[n, t] else .99
            found['dream'].append(((frames[n, t, -1] / 255 - truth[n, t]) ** 2).mean())
            found['last frame'].append(((truth[n, C] - truth[n, t]) ** 2).mean())
            found['reward'].append((rewards[n, t] - r[n, t]) ** 2)
            found['discount'].append((discounts[n, t] - g) ** 2)
        for k, v in found.items(): assert float(errors[k][h - 1]) == pytest.approx(float(torch.stack(v).mean()), rel=1e-4), (k, h)
        real = torch.tensor([[float(r[n, t]), 0. if d[n, t] else .99] for n in range(N) if alive[n, h - 1]])
        for k, v in zip(('mean reward', 'mean discount'), real.var(0, unbiased=False)): assert float(errors[k][h - 1]) == pytest.approx(float(v), abs=1e-5), (k, h)
    assert errors['reconstruction'].abs().max() == 0
    mean = truth[:, C + 1:-1][alive].mean(0)
    assert float(errors['mean frame'][0]) == pytest.approx(float((mean - truth[:, C + 1][alive[:, 0]]).square().mean()), rel=1e-4)

def test_dreams_of_catch_beat_copying(system):
    torch.manual_seed(0)
    data = play_real(system, 300, explore=.5)
    errors = open_loop_errors(system, data.sequences(torch.arange(1, 290), 5), context=1)
    assert (errors['dream'] < .1 * errors['last frame']).all() and errors['mean of dreams'].sum() < errors['dream'].sum()
    assert (errors['reward'] < .4 * errors['mean reward']).all() and (errors['discount'][:3] < .1 * errors['mean discount'][:3]).all()

def test_the_step_before_matters_in_the_middle_of_a_game(system, data):
    torch.manual_seed(0)
    starts = starts_at(system, data, range(6, 295, 5))
    cut = replace(starts, d=torch.ones_like(starts.d))
    right, wrong = (catch_rules(system, dream(system, x, 1))['right successors'] for x in (starts, cut))
    assert right > .9 and wrong < .6
