"Scores: whole games, raw rewards, each episode by its own seed, however many play side by side."
import json
import gymnasium as gym
import numpy as np
import pytest
import torch
from twm_nb.agent import Agent
from twm_nb.commands import twm_eval
from twm_nb.config import ConfigError, preset, save_config
from twm_nb.envs import make_env
from twm_nb.evaluation import (RandomAgent, check_request, evaluate, fill_up, find_runs, interval, play_round,
                               summaries, write_json)


class Scripted(RandomAgent):
    "Chooses by the picture alone, so that nothing depends on how many play side by side."
    def act(self, observation, reward=None, first=None, generator=None):
        return np.array([int(o.astype(np.int64).sum() // 255 + o[-1, ::7].sum()) % self.num_actions
                         for o in observation])


def one_by_one(agent, episodes, seed):
    scores = []
    for s in np.random.SeedSequence(seed).generate_state(episodes) % 2**31:
        env = make_env(agent.config.game, agent.config, training=False)
        o, _ = env.reset(seed=int(s)); total, over = 0., False
        while not over:
            o, _, terminated, truncated, info = env.step(agent.act(o[None])[0])
            total += info['raw_reward']; over = terminated or truncated
        scores.append(total)
    return scores


@pytest.mark.parametrize('game, changes',
                         [('Catch', {}), ('Boxing', dict(max_frames_per_episode=800)),
                          ('Breakout', dict(max_frames_per_episode=1600))])
def test_side_by_side_equals_one_by_one(game, changes):
    base = preset('tiny' if game == 'Catch' else 'paper', game=game, **changes)
    agent = Scripted(base, make_env(game, base).action_space.n)
    scores = evaluate(agent, episodes=5, seed=4, parallel=3)
    assert scores == one_by_one(agent, 5, seed=4)
    if game == 'Breakout': assert any(s > 0 for s in scores), 'raw rewards, and beyond the first lost life'


def test_seed_decides():
    agent = Agent(preset('tiny'), 3)
    assert evaluate(agent, 40, seed=1) == evaluate(agent, 40, seed=1) != evaluate(agent, 40, seed=2)


def decided(config, m):
    "An agent with an opinion: no two of its games are likely to agree by chance."
    torch.manual_seed(0)
    agent = Agent(config, m)
    with torch.no_grad(): agent.actor.net.rest[-1].weight.mul_(10)
    return agent


@pytest.mark.parametrize('dtype', ['float32', 'bfloat16'])
def test_scores_depend_neither_on_grouping_nor_on_threads(dtype):
    agent = decided(preset('tiny', dtype=dtype), 3)
    scores = evaluate(agent, 30, seed=2, parallel=30)
    assert len(set(scores)) > 1
    assert scores == evaluate(agent, 30, seed=2, parallel=1) == evaluate(agent, 30, seed=2, parallel=7)
    torch.set_num_threads(2)
    try: assert scores == evaluate(agent, 30, seed=2) and torch.get_num_threads() == 2
    finally: torch.set_num_threads(1)


def test_scores_depend_neither_on_grouping_nor_on_processes_in_atari():
    agent = decided(preset('small', game='Boxing', max_frames_per_episode=600), 18)
    heard = []
    scores = evaluate(agent, 5, seed=3, parallel=5)
    assert scores == evaluate(agent, 5, seed=3, parallel=2) == evaluate(agent, 5, seed=3, parallel=4, workers=2,
                                                                        on_end=lambda *game: heard.append(game))
    assert sorted(s for s, _ in heard) == sorted(scores) and len(set(scores)) > 1
    alone = []
    evaluate(agent, 5, seed=3, parallel=1, on_end=lambda *game: alone.append(game))
    assert sorted(heard) == sorted(alone), 'checksums of frames do not depend on who plays beside whom'


class OnGPU(Scripted):
    "Says that it is on a GPU, so that batches are filled up and two groups play by turns."
    def __init__(self, config, m): super().__init__(config, m); self.device, self.sizes = torch.device('cuda'), set()
    def act(self, observation, reward=None, first=None, generator=None):
        assert len(observation) == len(generator)
        self.sizes.add(len(observation))
        return super().act(observation)


def test_two_groups_play_the_same_games():
    c = preset('paper', game='Breakout', max_frames_per_episode=1200)
    agent = OnGPU(c, 4)
    assert evaluate(agent, 5, seed=4, parallel=5) == one_by_one(Scripted(c, 4), 5, seed=4) and agent.sizes == {64}


def test_batches_are_fill_up():
    "On a CPU to two; on a GPU to one size, which does not change as games end."
    cpu, gpu, rows = torch.device('cpu'), torch.device('cuda'), np.array([4, 7])
    assert fill_up(rows, cpu, 9).tolist() == [4, 7] and fill_up(rows[1:], cpu, 9).tolist() == [7, 7]
    assert fill_up(rows, gpu, 9).tolist() == [4, 7] + [4] * 62
    assert {len(fill_up(np.arange(n), gpu, 65)) for n in (1, 2, 64, 65)} == {128}
    assert len(fill_up(np.arange(64), gpu, 64)) == 64


class Queue:
    """A GPU that does nothing before it is waited for: `log` says in which order work is queued, copied, marked, waited
    for and played. Waiting for an event does all that was queued before it, and what was queued after must still
    wait."""
    def __init__(self): self.log, self.queued, self.done = [], 0, 0
    def add(self, what): self.log.append(what); self.queued += 1; return self.queued


class OnItsWay:
    "Actions of a fake GPU: the copy can be read only once an event behind it has been waited for."
    is_cuda, device = True, torch.device('cuda')
    def __init__(self, queue, name, n): self.queue, self.name, self.n, self.place = queue, name, n, None
    def to(self, device, non_blocking=False):
        assert device == 'cpu' and non_blocking
        self.place = self.queue.add(f'copy {self.name}')
        return self
    def cpu(self): raise AssertionError('waits for all that is queued')
    def __array__(self, *args, **kwargs):
        assert self.place <= self.queue.done, 'read before it was there'
        return np.zeros(self.n, np.int64)


def test_a_group_waits_for_its_own_actions_only(monkeypatch):
    queue = Queue()

    class Event:
        def record(self, stream): self.place, self.name = queue.add('mark'), queue.log[-2][-1]
        def synchronize(self): queue.log.append(f'wait {self.name}'); queue.done = max(queue.done, self.place)
        def query(self): return self.place <= queue.done

    class Told(gym.Env):
        def __init__(self, name): self.name = name
        def reset(self, *, seed=None, options=None):
            self.left = 3; return np.full((1, 64, 64), ord(self.name), np.uint8), {}
        def step(self, action):
            queue.log.append(f'step {self.name}'); self.left -= 1
            return np.full((1, 64, 64), ord(self.name), np.uint8), 0., self.left == 0, False, dict(raw_reward=1.)

    class OnFakeGPU(RandomAgent):
        def __init__(self): super().__init__(preset('tiny'), 3); self.device = torch.device('cuda')
        def choose(self, observation, reward, first, generator):
            name = chr(observation[0, 0, 0, 0]); queue.add(f'launch {name}')
            return OnItsWay(queue, name, len(observation))

    monkeypatch.setattr(torch.cuda, 'Event', Event)
    monkeypatch.setattr(torch.cuda, 'current_stream', lambda device: device)
    assert play_round(OnFakeGPU(), [Told('A'), Told('B')], [0, 0]) == [3., 3.]
    ask, play = (lambda x: [f'launch {x}', f'copy {x}', 'mark']), (lambda x: [f'wait {x}', f'step {x}'])
    both = play('A') + ask('A') + play('B') + ask('B')
    assert queue.log == ask('A') + ask('B') + both + both + play('A') + play('B')


class Steps(gym.Env):
    "A game of `seed % 3 + 1` steps with raw rewards of 2, given to the agent as tanh(2)."
    action_space = gym.spaces.Discrete(3)
    def reset(self, *, seed=None, options=None): self.left = seed % 3 + 1; return np.zeros((1, 64, 64), np.uint8), {}
    def step(self, action):
        self.left -= 1; return np.zeros((1, 64, 64), np.uint8), np.tanh(2.), self.left == 0, False, dict(raw_reward=2.)


class Recorder(RandomAgent):
    recurrent = True
    def __init__(self, config): super().__init__(config, 3); self.told = []
    def forget(self): self.told.append('forget')
    def act(self, observation, reward=None, first=None, generator=None):
        self.told.append((reward.copy(), first.copy())); return np.zeros(len(observation), np.int64)


def test_what_a_recurrent_agent_is_told(monkeypatch):
    """It forgets before each round, then hears transformed rewards, of all environments each time, and that its memory
    goes on."""
    monkeypatch.setattr('twm_nb.evaluation.make_env', lambda *a, **k: Steps())
    agent = Recorder(preset('tiny'))
    scores = evaluate(agent, episodes=5, seed=0, parallel=3)
    lengths = np.random.SeedSequence(0).generate_state(5) % 2**31 % 3 + 1
    assert scores == (2. * lengths).tolist()
    rounds = [i for i, t in enumerate(agent.told) if isinstance(t, str)]
    assert len(rounds) == 2 and len(agent.told) == 2 + lengths[:3].max() + lengths[3:].max()
    for start in rounds:
        (reward,
         first), *later = [t for t in agent.told[start + 1:(rounds + [len(agent.told)])[rounds.index(start) + 1]]]
        assert (reward == 0).all() and first.all()
        assert all((np.isin(r, (np.tanh(2.),))).all() and not f.any() for r, f in later)


class Lives(gym.Env):
    "Seven steps with rewards 1, 2, …; lives are lost in steps 2, 4 and 5, in an even game one step later."
    def reset(self, *, seed=None, options=None):
        self.t, self.lost = 0, np.array([2, 4, 5]) + (seed % 2 == 0); return np.zeros((1, 64, 64), np.uint8), {}
    def step(self, action):
        self.t += 1
        return np.zeros((1, 64, 64), np.uint8), float(self.t), self.t == 7, False, dict(raw_reward=0.,
                                                                                        life_lost=self.t in self.lost)


@pytest.mark.parametrize('ends', [True, False])
def test_a_recurrent_agent_is_told_of_lost_lives(ends):
    "At the step after, beside the reward of the step that lost it; unless lives do not end training episodes."
    agent = Recorder(preset('tiny', life_loss_ends_episode=ends))
    play_round(agent, [Lives(), Lives()], [1, 2])
    told = [[(t, r[i]) for t, (r, f) in enumerate(agent.told[1:]) if f[i]] for i in (0, 1)]
    assert told == ([[(0, 0), (2, 2), (4, 4), (5, 5)], [(0, 0), (3, 3), (5, 5), (6, 6)]] if ends else [[(0, 0)]] * 2)


@pytest.mark.parametrize('game, ends', [('Breakout', True), ('Breakout', False), ('BankHeist', True)])
def test_beginnings_in_evaluation_are_those_after_lost_lives(game, ends):
    "By the emulator's own count of lives, which in BankHeist is 0 while the last one is played."
    lives = [[], []] if game == 'Breakout' else [[]]

    class Watched(gym.Wrapper):
        def reset(self, **k):
            o, info = self.env.reset(**k); self.n = k['seed']; lives[self.n].append(self.unwrapped.ale.lives())
            return o, info
        def step(self, action):
            step = self.env.step(action); lives[self.n].append(self.unwrapped.ale.lives()); return step

    class Player(Recorder):
        def act(self, observation, reward=None, first=None, generator=None):
            super().act(observation, reward, first)
            return self.random.integers(4, size=len(observation))

    c = preset('paper', game=game, life_loss_ends_episode=ends, policy_input='zh')
    agent = Player(c)
    agent.random = np.random.default_rng(0)
    play_round(agent, [Watched(make_env(game, c, training=False)) for _ in lives], [0, 1][:len(lives)])
    for i, l in enumerate(lives):
        # not after the game's last step
        told = [t for t, (_, first) in enumerate(agent.told[1:][:len(l) - 1]) if first[i]]
        lost = [t for t in range(1, len(l) - 1) if 0 < l[t] < l[t - 1]] if ends else []
        assert told == [0] + lost and len(lost) >= 3 * ends and (game == 'Breakout' or l.count(0) > 20)


def test_a_real_recurrent_agent_plays_the_same_after_other_games():
    torch.manual_seed(0)
    agent = Agent(preset('tiny', policy_input='zh'), 3)
    scores = evaluate(agent, 6, seed=1, parallel=3)
    evaluate(agent, 5, seed=2, parallel=5)
    assert evaluate(agent, 6, seed=1, parallel=3) == scores


def test_interval_covers_as_often_as_it_says():
    "Over many samples of 60 scores, about 95% of the intervals hold the true mean."
    rng = np.random.default_rng(0)
    hits = [low <= .3 <= high for low,
            high in (interval(rng.random(60) < .3, resamples=400, seed=i) for i in range(500))]
    assert .91 < np.mean(hits) < .98
    scores = rng.normal(size=400)                # as wide as theory has it, on both sides of the mean
    ends = np.array(interval(scores)) - scores.mean()
    np.testing.assert_allclose(ends, np.array([-1.96, 1.96]) * scores.std() / 20, rtol=.08)


def test_find_runs(tmp_path):
    for name in ('x/Pong-seed1', 'x/Pong-seed0'): Agent(preset('tiny'), 3).save(tmp_path / name / 'agent')
    assert [r.name for r in find_runs(tmp_path / 'x')] == ['Pong-seed0', 'Pong-seed1']
    assert find_runs(tmp_path / 'x' / 'Pong-seed1') == [tmp_path / 'x' / 'Pong-seed1']
    with pytest.raises(ConfigError, match='holds no trained agent'): find_runs(tmp_path / 'y')


def test_command(tmp_path, capsys, monkeypatch):
    Agent(preset('tiny'), 3).save(tmp_path / 'run' / 'agent')
    twm_eval(str(tmp_path / 'run'), episodes=30, random=True, out=str(tmp_path / 'scores.json'))
    printed = capsys.readouterr().out
    assert 'raw rewards' in printed and 'random' in printed
    assert max(map(len, printed.replace(str(tmp_path), '').splitlines())) < 80
    scores = json.loads((tmp_path / 'scores.json').read_text())[str(tmp_path / 'run')]
    assert scores['trained'] == evaluate(Agent.load(tmp_path / 'run' / 'agent'), 30, seed=0)
    assert len(scores['random']) == 30
    with pytest.raises(SystemExit) as stop: twm_eval(str(tmp_path / 'nothing'))
    assert stop.value.code == 2 and 'please name' in capsys.readouterr().err
    monkeypatch.setattr('twm_nb.evaluation.evaluate', lambda *a, **k: pytest.fail('something was played'))
    for name, value in dict(episodes=0, workers=0, dtype='float16', seed=-1, out=str(tmp_path)).items():
        with pytest.raises(SystemExit) as stop: twm_eval(str(tmp_path / 'run'), **{name: value})
        printed = capsys.readouterr()
        assert stop.value.code == 2 and printed.err.count('\n') == 1 and (name in printed.err or value in printed.err)
    monkeypatch.undo()
    assert sorted(p.name for p in tmp_path.iterdir()) == ['run', 'scores.json']
    twm_eval(str(tmp_path / 'run'), episodes=2, dtype='bfloat16')
    assert 'on cpu, bfloat16' in capsys.readouterr().out


class Rooms(gym.Env):
    "One step; the first frame depends on the seed, the last on it and on the action, and the score is as it is told."
    action_space = gym.spaces.Discrete(3)
    def __init__(self, rooms, score): self.rooms, self.score = rooms, score
    def picture(self, n): return np.full((1, 64, 64), n, np.uint8)
    def reset(self, *, seed=None, options=None): self.room = seed % self.rooms; return self.picture(self.room), {}
    def step(self, action): return self.picture(9), 0., True, False, dict(raw_reward=self.score(self.room))


@pytest.mark.parametrize('rooms, score, different',
                         [(1, lambda room: 11., 1), (3, lambda room: 11., 3),
                          (1, lambda room, n=iter(range(99)): next(n) % 2, 2)])
def test_games_that_differ_are_counted(tmp_path, capsys, monkeypatch, rooms, score, different):
    "By their frames, from the first one on, or by their scores."
    monkeypatch.setattr('twm_nb.evaluation.make_env', lambda *a, **k: Rooms(rooms, score))
    Agent(preset('tiny'), 3).save(tmp_path / 'run' / 'agent')
    twm_eval(str(tmp_path / 'run'), episodes=30, out=str(tmp_path / 'scores.json'))
    printed = capsys.readouterr().out.replace(str(tmp_path), '')
    row, = [line for line in printed.splitlines() if line.startswith('  trained')]
    assert row.endswith(f'   {different} of 30') and max(map(len, printed.splitlines())) < 80
    assert ('all 30 games were identical' in printed) == (different == 1)
    (scores,) = json.loads((tmp_path / 'scores.json').read_text()).values()
    assert list(scores) == ['trained'] and len(scores['trained']) == 30
    assert all(type(s) is float for s in scores['trained'])
    twm_eval(str(tmp_path / 'run'), episodes=1)
    assert 'identical' not in capsys.readouterr().out, 'one game has none to be compared with'


def test_the_table_is_narrow_enough_for_the_longest_scores(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr('twm_nb.evaluation.evaluate',
                        lambda agent, n, seed, on_end, **k: [on_end(s, s) or float(s) for s in np.arange(n) + 123456])
    Agent(preset('tiny'), 3).save(tmp_path / 'run' / 'agent')
    twm_eval(str(tmp_path / 'run'), episodes=1500)
    lines = capsys.readouterr().out.replace(str(tmp_path), '').splitlines()
    assert lines[-1].endswith('   1500 of 1500') and max(map(len, lines)) < 80


def test_several_processes_are_announced_as_on_the_cpu(tmp_path, capsys, monkeypatch):
    "Device and dtype are resolved for the machine part that plays, also where there is a GPU."
    asked, dtypes = [], []
    monkeypatch.setattr('twm_nb.evaluation.resolve_device', lambda c: asked.append(c.device) or torch.device('cpu'))
    monkeypatch.setattr('twm_nb.evaluation.evaluate', lambda agent, n, seed, **k: [0.] * n)
    monkeypatch.setattr('twm_nb.evaluation.resolve_dtype',
                        lambda c, device: dtypes.append((c.device, device.type)) or torch.float32)
    Agent(preset('tiny'), 3).save(tmp_path / 'run' / 'agent')
    for workers, episodes in ((2, 2), (1, 2), (2, 1)):
        twm_eval(str(tmp_path / 'run'), episodes=episodes, workers=workers)
    assert asked == ['cpu', 'auto', 'auto'] and dtypes == [(d, 'cpu') for d in asked]
    assert 'on cpu, float32' in capsys.readouterr().out


@pytest.mark.parametrize('out', ['none/x.json', 'run/agent/config.json/x.json', 'x' * 300])
def test_unwritable_places_are_refused(tmp_path, out):
    Agent(preset('tiny'), 3).save(tmp_path / 'run' / 'agent')
    with pytest.raises(ConfigError, match='cannot be written .*; please name a file'): check_request(1, tmp_path / out)


def test_negative_seeds_get_a_sentence():
    with pytest.raises(ValueError, match='seed=-1 is not allowed'): evaluate(RandomAgent(preset('tiny'), 3), 1, seed=-1)


def test_json_is_whole_or_not_there(tmp_path):
    write_json(tmp_path / 'a.json', [1])
    with pytest.raises(TypeError): write_json(tmp_path / 'a.json', object())
    with pytest.MonkeyPatch.context() as m:
        def full(*args): raise OSError(28, 'No space left on device')
        m.setattr('os.fsync', full)
        with pytest.raises(OSError): write_json(tmp_path / 'a.json', [2])
    assert json.loads((tmp_path / 'a.json').read_text()) == [1] and [p.name for p in tmp_path.iterdir()] == ['a.json']


def test_summaries_keep_games_apart(tmp_path):
    for name, game in (('a', 'Catch'), ('b', 'Catch'), ('c', 'Pong')):
        Agent(preset('tiny', game=game), 3).save(tmp_path / name / 'agent')
    lines = summaries({str(tmp_path / n): {'trained': [s]} for n, s in (('a', 1.), ('b', 0.), ('c', -21.))})
    assert lines == ['Catch, 2 runs: mean of their means 0.500, lowest 0.000, highest 1.000']
    with pytest.raises(SystemExit) as stop:
        twm_eval(str(tmp_path / 'a'), episodes=2, out=str(tmp_path / 'none' / 'x.json'))
    assert stop.value.code == 2


def test_an_unfinished_run_is_called_so(tmp_path):
    save_config(preset('tiny'), tmp_path / 'config.json')
    with pytest.raises(ConfigError, match='not finished'): find_runs(tmp_path)
