"The environments, against an emulator that is driven by hand."
import re

import ale_py
import gymnasium as gym
import numpy as np
import pytest
import torch
from ale_py import roms
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.utils.env_checker import check_env

from twm_nb.config import Config, ConfigError, preset
from twm_nb.envs import GAMES, HUMAN_SCORES, RANDOM_SCORES, Catch, Emulator, LifeEpisodes, Opening, StackFrames, human_normalised, make_env

torch.set_num_threads(1)
ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
NOT_FIRE = {'Asterix', 'CrazyClimber', 'Freeway', 'KungFuMaster', 'MsPacman'}


# ---------- the emulator, driven by hand ----------

def area_weights(old, new):
    "(new, old): the share of each old pixel in each new one; new pixel i covers [i, i + 1)·old/new."
    w = np.zeros((new, old))
    for i in range(new):
        for j in range(old):
            w[i, j] = max(0., min((i + 1) * old / new, j + 1) - max(i * old / new, j))
    return w * new / old


ROWS, COLUMNS = area_weights(210, 64), area_weights(160, 64)


def small(screen):
    return ROWS @ screen.astype(float) @ COLUMNS.T


class Hand:
    "An emulator without any of the code under test. `frames` counts each call of act that a running game answers."

    def __init__(self, game, seed, limit=108_000):
        numpy_seed, emulator_seed = np.random.SeedSequence(seed).generate_state(2)
        self.rng, _ = seeding.np_random(int(numpy_seed))
        self.ale = ale_py.ALEInterface()
        self.ale.setFloat('repeat_action_probability', 0.)
        self.ale.setInt('random_seed', np.int32(emulator_seed))
        self.ale.loadROM(roms.get_rom_path(re.sub(r'(?<!^)(?=[A-Z])', '_', game).lower()))
        self.actions, self.limit, self.frames, self.fire = self.ale.getMinimalActionSet(), limit, 0, game not in NOT_FIRE
        self.start()

    def start(self):
        self.ale.reset_game()
        self.game_frames, self.screens = 0, [self.ale.getScreenGrayscale()]

    def over(self): return self.ale.game_over() or self.game_frames == self.limit

    def hold(self, action, frames=4):
        reward, self.screens = 0, []
        for i in range(frames):
            if self.over(): break
            reward += self.ale.act(self.actions[action])
            self.frames, self.game_frames = self.frames + 1, self.game_frames + 1
            self.screens.append(self.ale.getScreenGrayscale() if i >= frames - 2 or self.over() else None)
        return reward

    def frame(self):
        seen = [s for s in self.screens[-2:] if s is not None]
        return small(np.max(seen, axis=0))


class Protocol(Hand):
    "The whole protocol, written down once more, flat. The last step's results are attributes."

    def __init__(self, game, seed, training, limit=108_000):
        super().__init__(game, seed, limit)
        self.training, self.lost_a_life = training, False

    def act(self, action, frames=4):
        "An action, and the FIRE after a lost life; returns the reward."
        lives = self.ale.lives()
        reward = self.hold(action, frames)
        if self.ale.lives() < lives and self.fire and not self.over(): reward += self.hold(1)
        self.lost = 0 < self.ale.lives() < lives
        return reward

    def reset(self):
        again = self.lost_a_life
        self.lost_a_life = False
        if again:
            self.act(0)
            if not self.over(): return self.frame()
        if self.frames: self.start()
        noops = int(self.rng.integers(1, 31)) if self.training else 0
        for action in ([1, 2] if self.fire else []) + [0] * noops:
            self.act(action, 4 if self.fire else 1)
            if self.over(): self.start()
        return self.frame()

    def step(self, action):
        reward = self.act(action)
        truncated, game_over = self.game_frames == self.limit, self.ale.game_over(with_truncation=False)
        self.lost_a_life = self.training and self.lost and not (truncated or game_over)
        return self.frame(), reward, game_over or (self.training and self.lost), truncated


def near(observed, expected):
    "The rounding of the resize is the library's: half a grey level, and a hair for its single-precision weights."
    return np.abs(observed.astype(float) - expected).max() <= .51


def compare(game, training, steps, seed=3, limit=108_000, policy=None):
    "Plays `steps` steps side by side; returns how many episodes, lost lives and whole games were seen."
    env, hand = make_env(game, Config(max_frames_per_episode=limit), training), Protocol(game, seed, training, limit)
    rng, seen = np.random.default_rng(seed), dict(ends=0, lost=0, games=0, timeouts=0, zero=0, score=0.)
    o, info = env.reset(seed=seed)
    expected = hand.reset()
    assert len(hand.actions) == env.action_space.n and info['raw_reward'] == 0
    for t in range(steps):
        assert near(o[-1], expected) and info['frames'] == hand.frames and info['lives'] == hand.ale.lives(), (game, t)
        action = int(rng.integers(env.action_space.n)) if policy is None else policy(t)
        previous = o
        o, r, terminated, truncated, info = env.step(action)
        expected, reward, hand_terminated, hand_truncated = hand.step(action)
        assert o.shape == (4, 64, 64) and o.dtype == np.uint8 and (o[:-1] == previous[1:]).all()
        assert (info['raw_reward'], terminated, truncated) == (reward, hand_terminated, hand_truncated), (game, t)
        assert r == pytest.approx(np.tanh(reward)) and isinstance(r, float) and isinstance(info['raw_reward'], float)
        assert info['game_over'] == hand.ale.game_over(with_truncation=False) and info['life_lost'] == hand.lost
        assert info['frames'] == hand.frames == env.unwrapped.ale.getFrameNumber() and near(o[-1], expected)
        seen['ends'] += terminated or truncated
        seen['timeouts'] += truncated
        seen['games'] += info['game_over']
        seen['lost'] += hand.lost
        seen['zero'] += hand.ale.lives() == 0 and not hand.over()
        seen['score'] += reward
        if terminated or truncated:
            o, info = env.reset()
            expected = hand.reset()
            assert (o == o[-1]).all() and info['raw_reward'] == 0
    assert (env.unwrapped.ale.getRAM() == hand.ale.getRAM()).all()
    return seen


# ---------- Atari ----------

@pytest.mark.parametrize('training', [True, False])
@pytest.mark.parametrize('game', GAMES)
def test_every_game_equals_the_emulator_driven_by_hand(game, training):
    seen = compare(game, training, 200)
    if game in ('Breakout', 'Qbert', 'Seaquest', 'RoadRunner'): assert seen['lost'] >= 1
    if training: assert seen['ends'] == seen['lost'] + seen['games']
    else: assert seen['ends'] == seen['games']


@pytest.mark.parametrize('training', [True, False])
@pytest.mark.parametrize('game', ['Breakout', 'Asterix'])
def test_whole_games(game, training):
    seen = compare(game, training, 700)
    assert seen['games'] >= 2 and seen['score'] > 0
    assert seen['ends'] == seen['games'] + (seen['lost'] if training else 0)


def test_a_game_that_shows_no_lives_before_it_is_over():
    "Known of Qbert; BankHeist does it in this emulator. The episode goes on until the game is over."
    seen = compare('BankHeist', True, 900, seed=0)
    assert seen['zero'] >= 20 and seen['games'] >= 1 and seen['ends'] == seen['lost'] + seen['games']


def test_fire_is_pressed_when_the_last_life_is_played_at_zero():
    "A game of BankHeist by hand: FIRE after the steps in which these lives were lost, and nowhere else."
    env, hand = make_env('BankHeist', training=False), Hand('BankHeist', 5)
    o, info = env.reset(seed=5)
    for action in (1, 2): hand.hold(action)
    rng, drops = np.random.default_rng(5), {56: 3, 145: 2, 208: 1, 326: 0}
    for t in range(1, 401):
        action = int(rng.integers(18))
        if t == 326: state = env.get_state()
        o, _, terminated, truncated, info = env.step(action)
        reward = hand.hold(action)
        if t in drops:
            assert hand.ale.lives() == drops[t] and not hand.over()
            reward += hand.hold(1)
        assert info['life_lost'] == (t in drops and drops[t] > 0) and info['lives'] == hand.ale.lives()
        assert (env.unwrapped.ale.getRAM() == hand.ale.getRAM()).all(), t
        assert (env.unwrapped.ale.getScreenRGB() == hand.ale.getScreenRGB()).all() and near(o[-1], hand.frame())
        assert (info['raw_reward'], info['frames'], terminated) == (reward, hand.frames, hand.ale.game_over()), t
        if t == 326: after = o
    assert terminated and not truncated
    env.set_state(state)  # before the step that leaves no life: the buttons are pressed again
    actions = np.random.default_rng(5).integers(18, size=400)
    assert (env.step(int(actions[325]))[0] == after).all()
    for action in actions[326:]: o, *_ = env.step(int(action))
    assert (env.unwrapped.ale.getRAM() == hand.ale.getRAM()).all() and near(o[-1], hand.frame())


def test_a_lost_life_ends_the_episode_and_leaves_the_emulator_alone():
    env = make_env('MsPacman')
    env.reset(seed=0)
    ale = env.unwrapped.ale
    for t in range(1000):
        lives = ale.lives()
        _, _, terminated, truncated, info = env.step(t // 7 % 9)
        if terminated: break
    assert terminated and not truncated and not info['game_over'] and info['life_lost'] and ale.lives() == lives - 1 == info['lives']
    twin = ale_py.ALEInterface()
    twin.setFloat('repeat_action_probability', 0.)
    twin.loadROM(roms.get_rom_path('ms_pacman'))
    twin.restoreState(ale.cloneState(include_rng=True))
    before = ale.getEpisodeFrameNumber()
    o, info = env.reset()
    assert ale.getEpisodeFrameNumber() == before + 4 and ale.lives() == lives - 1
    for i in range(4): twin.act(ale_py.Action.NOOP)
    assert (twin.getRAM() == ale.getRAM()).all() and (o == o[0]).all()
    env.reset()  # a second reset finds no lost life any more and starts a new game
    assert 1 <= ale.getEpisodeFrameNumber() <= 30 and ale.lives() == 3


def lose_a_life(env):
    env.reset(seed=0)
    terminated = False
    while not terminated: *_, terminated, _, info = env.step(0)
    assert info['life_lost']
    return env.unwrapped.ale


def test_a_reset_with_a_seed_is_a_real_one():
    env = make_env('Breakout')
    ale = lose_a_life(env)
    env.reset(seed=4)
    ram, frames = ale.getRAM(), ale.getFrameNumber()
    assert ale.getEpisodeFrameNumber() == frames <= 128 and ale.lives() >= 4
    fresh = make_env('Breakout')
    _, info = fresh.reset(seed=4)
    assert (fresh.unwrapped.ale.getRAM() == ram).all() and info['frames'] == frames


def test_lives_can_be_left_out_of_episodes():
    env = make_env('Breakout', Config(life_loss_ends_episode=False))
    env.reset(seed=0)
    terminated, lost = False, 0
    while not terminated:
        *_, terminated, _, info = env.step(0)
        lost += info['life_lost']
    assert info['game_over'] and lost >= 3


@pytest.mark.parametrize('game, frames', [('Breakout', 8), ('Seaquest', 8), ('MsPacman', 0)])
def test_buttons_at_a_game_start_in_evaluation(game, frames):
    env, hand = make_env(game, training=False), Hand(game, 0)
    o, info = env.reset(seed=0)
    for action in [hand.actions[1]] * 4 + [hand.actions[2]] * 4 if frames else []: hand.ale.act(action)
    assert info['frames'] == frames and (env.unwrapped.ale.getRAM() == hand.ale.getRAM()).all()
    assert (o == o[0]).all()


@pytest.mark.parametrize('game, single, most, n', [('MsPacman', True, 30, 450), ('Alien', False, 6, 120), ('Alien', False, 30, 15)])
def test_noops_are_uniform(game, single, most, n):
    env = make_env(game, Config(max_noops=most))
    env.reset(seed=0)
    ale, counts = env.unwrapped.ale, np.zeros(most + 1, int)
    for _ in range(n):
        env.reset()
        frames = ale.getEpisodeFrameNumber()
        assert single or (frames - 8) % 4 == 0
        counts[frames if single else (frames - 8) // 4] += 1
    assert counts[0] == 0 and (n < 3 * most or (counts[1:] > 0).all())
    chi_squared = ((counts[1:] - n / most) ** 2 / (n / most)).sum()
    assert chi_squared < most - 1 + 5 * (2 * most - 2) ** .5
    assert len({make_env(game, Config(max_noops=0)).reset(seed=s)[1]['frames'] for s in range(3)}) == 1


@pytest.mark.parametrize('limit', [400, 402])
@pytest.mark.parametrize('training', [True, False])
def test_the_time_limit_counts_the_whole_game(training, limit):
    seen = compare('Breakout', training, 300, limit=limit, policy=lambda t: 0)
    assert seen['timeouts'] >= 2 and seen['games'] == 0
    assert seen['lost'] >= 2 * seen['timeouts'] > 0


def test_after_a_time_out_the_game_starts_anew():
    env = make_env('Breakout', Config(max_frames_per_episode=402))
    env.reset(seed=0)
    ale, truncated = env.unwrapped.ale, False
    while not truncated:
        before = ale.getEpisodeFrameNumber()
        _, _, terminated, truncated, info = env.step(0)
        if terminated and not truncated: env.reset()
    assert ale.getEpisodeFrameNumber() == 402 == info['frames'] and before in (396, 400) and ale.lives() < 5
    env.reset()
    assert ale.lives() >= 4 and 12 <= ale.getEpisodeFrameNumber() <= 132


def test_the_limit_may_fall_into_the_opening():
    env = make_env('Breakout', Config(max_frames_per_episode=10))
    for _ in range(3):
        env.reset()
        for _ in range(3):
            *_, truncated, info = env.step(0)
            if truncated: break
        assert truncated


def test_the_reward_transform():
    seen = {}
    for transform in ('tanh', 'none'):
        env = make_env('Assault', Config(reward_transform=transform), training=False)
        env.reset(seed=0)
        rng = np.random.default_rng(0)
        steps = [env.step(int(rng.integers(7))) for _ in range(150)]
        seen[transform] = np.array([(s[1], s[4]['raw_reward']) for s in steps])
    assert (seen['none'][:, 0] == seen['none'][:, 1]).all() and (seen['none'] == 21).any()
    assert np.allclose(seen['tanh'][:, 0], np.tanh(seen['none'][:, 0])) and (seen['tanh'][:, 1] == seen['none'][:, 1]).all()


def story(env, actions):
    told = []
    for a in actions:
        o, r, terminated, truncated, info = env.step(int(a))
        told.append((o.tobytes(), r, terminated, truncated, sorted(info.items())))
        if terminated or truncated: told.append(env.reset()[0].tobytes())
    return told


@pytest.mark.parametrize('game', ['Breakout', 'Catch'])
def test_the_seed_decides(game):
    actions = np.random.default_rng(0).integers(3, size=150)
    told = []
    for seed in (1, 1, 2):
        env = make_env(game)
        first, _ = env.reset(seed=seed)
        told.append([first.tobytes(), *story(env, actions)])
    assert told[0] == told[1] != told[2]
    env.reset(seed=1)
    assert story(env, actions) == told[0][1:], 'a seeded reset starts everything anew, the count of frames too'


def test_sticky_actions_are_off_unless_asked_for():
    actions = np.random.default_rng(0).integers(6, size=60)
    told = {}
    for p in (0., .5):
        for seed in (1, 2):
            env = make_env('Pong', Config(sticky_action_probability=p), training=False)
            env.reset(seed=seed)
            told[p, seed] = story(env, actions)
    assert told[0., 1] == told[0., 2] and told[.5, 1] != told[.5, 2]


def test_a_state_goes_on_where_it_was_taken(tmp_path):
    rng = np.random.default_rng(1)
    for game, steps in (('Breakout', 400), ('Alien', 60), ('Catch', 100)):
        env, other = make_env(game), make_env(game)
        env.reset(seed=5)
        story(env, rng.integers(3, size=37))
        torch.save(env.get_state(), tmp_path / 'state.pt')
        actions = rng.integers(3, size=steps)
        expected = story(env, actions)
        other.set_state(torch.load(tmp_path / 'state.pt', weights_only=True))
        assert story(other, actions) == expected
        assert game == 'Alien' or sum(isinstance(s, bytes) for s in expected) >= 5
    env, other = (make_env('Pong', Config(sticky_action_probability=.5)) for _ in range(2))  # the emulator's random numbers too
    env.reset(seed=0)
    other.set_state(env.get_state())
    assert story(env, actions := rng.integers(6, size=60)) == story(other, actions)


@pytest.mark.parametrize('p', [.5, .9])
def test_a_state_holds_the_button_that_sticks(p):
    "Taken in the middle of play, where a button other than none is down: the next frames depend on it."
    rng, env = np.random.default_rng(2), make_env('Pong', Config(sticky_action_probability=p))
    env.reset(seed=0)
    for _ in range(20):
        story(env, rng.integers(6, size=5))
        other = make_env('Pong', Config(sticky_action_probability=p))
        other.set_state(env.get_state())
        assert story(env, actions := rng.integers(6, size=8)) == story(other, actions)


def test_how_often_a_button_sticks():
    "By the actions that reach the emulator: at each frame the one before, with the chance given; none at a game's start."
    class Emulated:
        def __init__(self, ale): self.ale, self.seen = ale, []
        def __getattr__(self, name): return getattr(self.ale, name)
        def act(self, action): self.seen.append(action); return self.ale.act(action)
    for p, low, high in ((0., 0., 0.), (.25, .22, .28), (1., 1., 1.)):
        env = Emulator('Pong', Config(sticky_action_probability=p))
        env.ale = Emulated(env.ale)
        env.reset(seed=3)
        asked, rng = [], np.random.default_rng(0)
        for _ in range(500):
            asked += [a := int(rng.integers(6))] * 4
            env.step(a)
            if not env.running: env.reset()
        seen = [env.actions.index(a) for a in env.ale.seen]
        free = [(now == ask, now == before) for ask, before, now in zip(asked, [0, *seen], seen) if ask != before]
        assert all(a or b for a, b in free) and low <= np.mean([b for _, b in free]) <= high, p


def test_a_state_holds_the_lives_and_whether_one_was_lost():
    env, other, terminated = make_env('Breakout'), make_env('Breakout'), False
    env.reset(seed=1)
    while not terminated:
        state = env.get_state()
        *_, terminated, _, info = env.step(0)
    other.set_state(state)  # before the step that loses the life
    assert other.step(0)[2] and info['life_lost']
    other = make_env('Breakout')  # between the lost life and the reset
    other.set_state(env.get_state())
    assert (other.reset()[0] == env.reset()[0]).all() and other.unwrapped.ale.lives() == 4
    assert other.unwrapped.ale.getFrameNumber() == env.unwrapped.ale.getFrameNumber()


def test_observations_are_not_reused():
    env = make_env('Pong')
    o, _ = env.reset(seed=0)
    kept = o.copy()
    for _ in range(5): later = env.step(2)[0]
    assert (o == kept).all()
    later[:] = 7
    assert (env.step(0)[0] != 7).any(axis=(1, 2)).all()


# ---------- single layers on a game that is made up ----------

class Script(gym.Env):
    "A made-up game: `lives` gives the lives after each step, the game ends after the last; the reward of step t (1, 2, …) is 10^-t."
    observation_space = gym.spaces.Box(0, 255, (1, 64, 64), np.uint8)
    action_space = gym.spaces.Discrete(3)

    def __init__(self, lives, meanings=('NOOP', 'FIRE', 'UP')):
        self.script, self.meanings, self.resets, self.pressed = lives, list(meanings), 0, []

    def get_action_meanings(self): return self.meanings

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.resets, self.t, self.lives = self.resets + 1, 0, 3
        return np.zeros((1, 64, 64), np.uint8), dict(life_lost=False)

    def step(self, action):
        self.pressed.append(action)
        before, self.lives, self.t = self.lives, self.script[self.t], self.t + 1
        info = dict(life_lost=0 < self.lives < before, game_over=self.t == len(self.script), lives=self.lives)
        return np.full((1, 64, 64), self.t, np.uint8), 10. ** -self.t, info['game_over'], False, info

    def play(self, action, frames): return self.step(action)


def test_the_reward_of_fire_counts_and_that_of_the_noop_does_not():
    game = Script([3, 3, 3, 2, 2, 2, 2, 2])
    env = LifeEpisodes(Opening(game, 0))
    env.reset(seed=0)
    assert game.pressed == [1, 2]
    assert env.step(2)[1:3] == (1e-3, False)
    _, reward, terminated, _, info = env.step(2)  # loses a life; FIRE is pressed within
    assert reward == 1e-4 + 1e-5 and terminated and info['life_lost'] and game.pressed == [1, 2, 2, 2, 1]
    o, info = env.reset()
    assert game.pressed[5:] == [0] and game.resets == 1 and o.max() == 6
    assert env.step(2)[1:3] == (1e-7, False)


def test_a_life_lost_among_the_noops():
    game = Script([3, 3, 2, 2, 2, 2])
    _, info = Opening(game, 1).reset(seed=0)
    assert game.pressed == [1, 2, 0, 1] and info['lives'] == 2 and info['life_lost'] is False


def test_evaluation_presses_fire_and_plays_on():
    game = Script([3, 3, 2, 2, 1, 1, 1])
    env = StackFrames(Opening(game, 0), 4)
    env.reset(seed=0)
    results = [env.step(2) for _ in range(3)]
    assert game.pressed == [1, 2, 2, 1, 2, 1, 2] and [r[2] for r in results] == [False, False, True]
    assert [r[1] for r in results] == [1e-3 + 1e-4, 1e-5 + 1e-6, 1e-7]
    assert results[-1][0][:, 0, 0].tolist() == [2, 4, 6, 7] and game.resets == 1


def test_fire_at_zero_lives_does_not_end_the_episode():
    "Neither where the agent's step leaves 0 nor where FIRE itself does."
    for lives in ([3, 3, 0, 0, 0], [3, 3, 1, 0, 0]):
        game = Script(lives)
        env = LifeEpisodes(Opening(game, 0))
        env.reset(seed=0)
        _, reward, terminated, _, info = env.step(2)
        assert game.pressed == [1, 2, 2, 1] and reward == 1e-3 + 1e-4 and not terminated and not info['life_lost']
        assert env.step(2)[2] and game.pressed == [1, 2, 2, 1, 2] and game.resets == 1


def test_no_fire_when_action_1_is_another():
    game = Script([3, 2, 2, 2], meanings=('NOOP', 'UP', 'FIRE'))
    env = LifeEpisodes(Opening(game, 0))
    env.reset(seed=0)
    env.step(2), env.step(2)
    assert game.pressed == [2, 2]


def test_qbert_as_it_was_known():
    env = LifeEpisodes(Opening(Script([3, 2, 1, 0, 0, 0], meanings=('NOOP', 'UP', 'FIRE')), 0))
    env.reset(seed=0)
    ends = []
    for _ in range(5):
        ends.append(env.step(2)[2])
        if ends[-1]: env.reset()
    assert ends == [False, True, False, False, True]  # lives 3; 2, and 1 after the no-op; 0; 0; 0 and the game is over


def test_a_game_that_ends_in_the_noop_after_a_lost_life_is_reset():
    game = Script([3, 2, 2], meanings=('NOOP', 'UP', 'FIRE'))
    env = LifeEpisodes(Opening(game, 0))
    env.reset(seed=0)
    env.step(2)
    assert env.step(2)[2]
    env.reset()
    assert game.resets == 2 and game.t == 0


def test_a_game_that_ends_in_the_fire_after_a_lost_life():
    game = Script([3, 3, 2, 2])
    env = LifeEpisodes(Opening(game, 0))
    env.reset(seed=0)
    _, reward, terminated, _, info = env.step(2)
    assert terminated and info['game_over'] and reward == 1e-3 + 1e-4
    env.reset()
    assert game.resets == 2 and game.pressed[-2:] == [1, 2]


# ---------- Catch ----------

def expected_screen(row, ball, paddle):
    screen = np.zeros((64, 64), np.uint8)
    for y in range(64):
        for x in range(64):
            cell = ((y - 2) // 10, (x - 2) // 10)
            if 2 <= y < 62 and 2 <= x < 62 and cell in ((row, ball), (5, paddle)): screen[y, x] = 255
    return screen


def test_the_picture_of_catch():
    env = Catch()
    rng = np.random.default_rng(0)
    o, _ = env.reset(seed=0)
    for episode in range(6):
        ball, paddle = env.ball, env.paddle
        assert (o[0] == expected_screen(0, ball, paddle)).all()
        for t in range(1, 6):
            action = int(rng.integers(3))
            paddle = min(5, max(0, paddle + [0, -1, 1][action]))
            o, r, terminated, truncated, info = env.step(action)
            assert (o[0] == expected_screen(t, ball, paddle)).all() and not truncated
            assert terminated == info['game_over'] == (t == 5) and r == (0 if t < 5 else 1 if ball == paddle else -1)
        assert info['frames'] == 5 * (episode + 1)
        o, _ = env.reset()


def episode_scores(env, policy, n):
    out = []
    for _ in range(n):
        env.reset()
        total, over, steps = 0., False, 0
        while not over:
            _, r, over, _, info = env.step(policy(env))
            total, steps = total + info.get('raw_reward', r), steps + 1
        assert steps == 5
        out.append(total)
    return np.array(out)


def test_random_play_of_catch():
    "One catch in six: −2/3, which is the −0.675 ± 0.020 measured elsewhere."
    env, rng = make_env('Catch', preset('tiny')), np.random.default_rng(0)
    env.reset(seed=0)
    scores = episode_scores(env, lambda _: int(rng.integers(3)), 3000)
    assert set(scores) == {-1., 1.} and abs(scores.mean() + 2 / 3) < 4 * scores.std() / len(scores) ** .5
    assert abs(scores.mean() + .675) < 4 * (.02 ** 2 + scores.var() / len(scores)) ** .5


def test_perfect_play_of_catch():
    env = Catch()
    env.reset(seed=0)
    scores = episode_scores(env, lambda e: 0 if e.ball == e.paddle else 1 if e.ball < e.paddle else 2, 300)
    assert (scores == 1).all()


def test_catch_starts_in_every_pair_of_columns():
    env = Catch()
    env.reset(seed=0)
    starts = set()
    for _ in range(600):
        env.reset()
        starts.add((env.ball, env.paddle))
    assert len(starts) == 36


def test_catch_through_make_env():
    env = make_env('Catch', preset('tiny', frame_stack=3, reward_transform='tanh'))
    o, info = env.reset(seed=0)
    assert o.shape == (3, 64, 64) and env.observation_space.shape == (3, 64, 64) and env.action_space.n == 3 and info['raw_reward'] == 0
    for _ in range(5): o, r, terminated, _, info = env.step(0)
    assert terminated and abs(info['raw_reward']) == 1 and r == pytest.approx(np.tanh(info['raw_reward'])) and info['frames'] == 5


# ---------- the edges ----------

@pytest.mark.filterwarnings('ignore')
def test_gymnasium_accepts_them():
    check_env(Catch())
    check_env(make_env('Catch', preset('tiny')))
    check_env(make_env('Breakout'))
    check_env(make_env('Freeway', training=False))
    check_env(gym.make('twm_nb/Catch-v0').unwrapped)
    check_env(gym.make('twm_nb/Atari-v0', game='Pong', config=Config(frame_stack=2)))


def test_registered_environments():
    env = gym.make('twm_nb/Atari-v0', game='Boxing', training=False)
    assert env.observation_space.shape == (4, 64, 64) and env.reset(seed=0)[1]['frames'] == 8
    assert gym.spec('twm_nb/Atari-v0').kwargs == {} and env.spec.kwargs['game'] == 'Boxing'
    assert make_env('Boxing').spec.kwargs['training'] is True
    assert gym.make('twm_nb/Catch-v0').reset(seed=0)[0].shape == (1, 64, 64)


def test_one_clear_sentence():
    with pytest.raises(ConfigError, match='Brekout.*Did you mean Breakout'): make_env('Brekout')
    with pytest.raises(ConfigError, match='Tetris'): make_env('Tetris')
    with pytest.raises(ConfigError, match='Did you mean'): human_normalised('breakout', 1.)
    for env in (make_env('Pong'), make_env('Catch')):
        with pytest.raises(ResetNeeded, match='reset'): env.step(0)
        env.reset()
        for wrong in (-1, env.action_space.n):
            with pytest.raises(ValueError, match='please choose'): env.step(wrong)


def test_human_normalised_scores():
    "The scale of Table 1: each game's random score is 0, its human score 1; a few entries by hand."
    assert len(GAMES) == len(set(GAMES)) == 26 and set(HUMAN_SCORES) == set(RANDOM_SCORES) == set(GAMES)
    for g in GAMES: assert human_normalised(g, RANDOM_SCORES[g]) == 0 and human_normalised(g, HUMAN_SCORES[g]) == 1
    assert np.allclose(human_normalised('Pong', np.array([-20.7, 14.6, 18.8])), [0, 1, 39.5 / 35.3])
    assert (RANDOM_SCORES['CrazyClimber'], HUMAN_SCORES['CrazyClimber'], HUMAN_SCORES['PrivateEye']) == (10780.5, 35829.4, 69571.3)
