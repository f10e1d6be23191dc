"Bad input gets one clear sentence and exit code 2, and leaves nothing behind; every other configuration trains."
import dataclasses
import math
import shutil
import sys

import gymnasium as gym
import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from conftest import Nothing, contents, fields
from twm_nb.commands import twm_eval, twm_train
from twm_nb.config import Config, ConfigError, parse_overrides, preset
from twm_nb.envs import Images, channels, make_env
from twm_nb.evaluation import RandomAgent, evaluate
from twm_nb.trainer import Trainer
from twm_nb.twm import PRETRAINING

FIELDS = {f.name: f for f in dataclasses.fields(Config)}
BASE = dict(game='Catch', device='cpu', dtype='float32', threads=1, environment_steps=50, prefill_steps=40,
            batch_size=4, sequence_length=4, imagination_batch_size=8, horizon=4, encoder_channels=2,
            encoder_units=(8,), latent_variables=4, latent_classes=4, transformer_size=16, transformer_layers=1,
            transformer_heads=2, transformer_head_size=4, transformer_feedforward=16,
            memory_steps=4, latent_units=(8,), reward_units=(8,), discount_units=(8,), actor_units=(8,),
            critic_units=(8,), total_samples=3_000, pretraining_samples=500, pretraining_frames=4,
            evaluation_every=100, evaluation_episodes=0, final_evaluation_episodes=1, log_every=1)
WRONG = st.sampled_from([None, 'x', '', -1, 0, 1.5, math.nan, math.inf, -math.inf, 10**30, -10**30, True, [], (), (0,),
                         (None,), 'nan', b'x', {}, 2**31, '3'])
LARGE = dict(environment_steps=120, prefill_steps=120, total_samples=20_000, pretraining_samples=3_000, frame_stack=8,
             max_noops=30, latent_classes=9, batch_size=20, imagination_batch_size=60,
             seed=2**31 - 1, max_frames_per_episode=10**9, evaluation_every=10**8, final_evaluation_episodes=10**5,
             log_every=10**6, save_seconds=10**6, frame_skip=16, threads=1)


class Photo(gym.Env):
    "Images of any shape; two actions."
    def __init__(self, shape=(50, 70, 3), dtype=np.uint8, actions=gym.spaces.Discrete(2)):
        self.observation_space, self.action_space = gym.spaces.Box(0, 255 if dtype == np.uint8 else 1, shape,
                                                                   dtype), actions
    def reset(self, *, seed=None, options=None): super().reset(seed=seed); self.t = 0; return self.image(), {}
    def image(self):
        return self.np_random.integers(256, size=self.observation_space.shape).astype(self.observation_space.dtype)
    def step(self, action): self.t += 1; return self.image(), 1., self.t == 6, False, {}

gym.register('Photo-v0', entry_point=Photo)
SHAPES = {'grey': (40, 90), 'grey1': (64, 64, 1), 'first1': (1, 33, 200), 'rgb': (96, 96, 3), 'first3': (3, 50, 70),
          'small': (9, 7, 3)}
for name, shape in SHAPES.items(): gym.register(f'Photo_{name}-v0', entry_point=lambda shape=shape: Photo(shape))
gym.register('Floats-v0', entry_point=lambda: Photo(dtype=np.float32))
gym.register('Vector-v0', entry_point=lambda: Photo(shape=(8,)))
gym.register('Layers-v0', entry_point=lambda: Photo(shape=(20, 20, 5)))
gym.register('Wheel-v0', entry_point=lambda: Photo(actions=gym.spaces.Box(-1, 1, (2,))))
gym.register('Pair-v0', entry_point=lambda: Photo(actions=gym.spaces.MultiDiscrete([2, 2])))
gym.register('Single-v0', entry_point=lambda: Photo(actions=gym.spaces.Discrete(1)))
gym.register('Broken-v0', entry_point=lambda: 1 / 0)


def one_sentence(text):
    assert '\n' not in text and text.endswith(('.', '?', ')')), text
    assert 'please' in text or 'must' in text or 'Did you mean' in text, text


def good(name):
    "A strategy for allowed values of a field, small enough to train with at once."
    f = FIELDS[name]
    m = f.metadata
    if name == 'game': return st.sampled_from(['Catch', 'Catch', 'Photo-v0', 'twm_nb/Catch-v0'])
    if name == 'device': return st.sampled_from(['auto', 'cpu'])
    if m['choices']: return st.sampled_from(m['choices'])
    if f.type is bool: return st.booleans()
    if f.type is int: return st.integers(m['low'], min(m['high'], LARGE.get(name, 12)))
    if f.type is float:
        return st.one_of(st.just(m['low']), st.just(m['high'] if m['high'] is not None else math.inf),
                         st.floats(m['low'], min(m['high'] or 50., 50.)))
    if name == 'pretraining_shares':
        return st.sampled_from([(1., 0., 0.), (0., 1., 0.), (0., 0., 1.), (.2, .3, .5), (.5, .5, .5), (.5, .5)])
    return st.lists(st.integers(1, 12), min_size=1, max_size=3)


@st.composite
def configurations(draw):
    "Some fields changed, and now and then one of them to nonsense."
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=12, unique=True))
    changes = {name: draw(good(name)) for name in names}
    if draw(st.integers(0, 3)) == 0: changes[draw(st.sampled_from(sorted(FIELDS)))] = draw(WRONG)
    return changes


def train_a_little(config, folder):
    "Prefill, an update of each kind of pretraining, and two of training."
    trainer = Trainer(config, folder)
    trainer.log = trainer.progress = Nothing()
    trainer.system.watch = lambda line: None
    trainer.evaluate = trainer.finish = lambda *args: {}
    most = dict.fromkeys(PRETRAINING, 1) | dict(train=2)
    plan = {kind: p._replace(updates=min(p.updates, most[kind])) for kind, p in trainer.plan.items()}
    trainer.plan = trainer.system.planned = plan
    trainer.run()
    assert len(trainer.dataset) == config.environment_steps
    assert {kind: trainer.done[kind] for kind in plan} == {kind: p.updates for kind, p in plan.items()}


def trains_or_is_refused(changes, folder):
    try: train_a_little(Config(**{**BASE, **changes}), folder)
    except ConfigError as e: one_sentence(str(e)); assert not folder.exists(); return False
    return True


def both_kinds(folder, examples):
    "Tries so many configurations. Returns how many trained, and how many were refused."
    counts = {True: 0, False: 0}
    @settings(max_examples=examples)
    @given(changes=configurations())
    def check(changes): counts[trains_or_is_refused(changes, folder)] += 1
    check()
    return counts


def test_a_configuration_trains_or_is_refused(tmp_path):
    counts = both_kinds(tmp_path / 'r', 250)
    assert min(counts.values()) > 30, counts


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_hundreds_of_configurations_train_or_are_refused(tmp_path):
    counts = both_kinds(tmp_path / 'r', 800)
    assert min(counts.values()) > 100, counts


# the ends that do not go with the rest of BASE, such as fewer starts than dreams
NO_FIT = dict(batch_size=[1], environment_steps=[1], imagination_batch_size=[60], prefill_steps=[1, 120],
              sequence_length=[1], total_samples=[1])


@pytest.mark.parametrize('name', sorted(FIELDS))
def test_each_field_at_the_ends_of_its_range(tmp_path, name):
    "The lowest and the highest small value of each field, alone: trains, but for those of NO_FIT."
    f, m = FIELDS[name], FIELDS[name].metadata
    if m['choices']: values = m['choices']
    elif f.type is bool: values = (True, False)
    elif f.type is float: values = (m['low'], m['high'] if m['high'] is not None else math.inf)
    elif f.type is int: values = (m['low'], min(m['high'], LARGE.get(name, 12)))
    else: values = ()
    refused = [v for v in values if not trains_or_is_refused({name: v}, tmp_path / 'r')]
    assert refused == NO_FIT.get(name, [])


def test_a_memory_longer_than_a_sequence_trains(tmp_path):
    "Positions are computed for any distance: there is no table to run out of."
    for changes in (dict(memory_steps=30), dict(memory_steps=30, horizon=9, policy_input='zh'),
                    dict(memory_steps=30, use_memory=False)):
        assert trains_or_is_refused(changes, tmp_path / 'r')


def test_more_frames_than_memory_is_one_sentence(tmp_path, monkeypatch):
    def none(*args, **kwargs):
        raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: "
                           "you tried to allocate 409600004096 bytes")
    monkeypatch.setattr('twm_nb.trainer.ReplayDataset', none)
    with pytest.raises(ConfigError, match='environment_steps=100000000 needs 410 GB'):
        Trainer(Config(**{**BASE, 'environment_steps': 100_000_000}), tmp_path)


# ---------- the commands ----------

def refused(capsys, folder, command=twm_train, **kwargs):
    with pytest.raises(SystemExit) as stop:
        command(**{**(dict(game='Catch', preset='tiny', run=str(folder), device='cpu') if command is twm_train
                      else dict(run=str(folder))), **kwargs})
    err = capsys.readouterr().err
    assert stop.value.code == 2 and err.startswith('error: ') and err.count('\n') == 1 and 'Traceback' not in err, err
    one_sentence(err[len('error: '):-1])
    return err


@pytest.mark.parametrize('kwargs, says', [
    (dict(game='pong'), 'Did you mean Pong?'), (dict(game='Brekout'), 'Did you mean Breakout?'),
    (dict(game='Xyzzy'), 'Catch'), (dict(game='Floats-v0'), 'uint8'), (dict(game='Vector-v0'), 'only images'),
    (dict(game='Layers-v0'), '(H, W, 1 or 3)'), (dict(game='Wheel-v0'), 'Discrete'), (dict(game='Pair-v0'), 'Discrete'),
    (dict(game='Single-v0'), 'at least 2'), (dict(game='Broken-v0'), 'ZeroDivisionError'),
    (dict(game='CartPole-v1'), 'only images'), (dict(game='Photo-v7'), 'Photo'),
    (dict(game='nowhere:Game-v0'), 'nowhere'), (dict(game='a/b'), 'no environment'), (dict(preset='tyni'), 'tiny'),
    (dict(set=['imagination_batch_size=129']), '128'), (dict(set=['horizon=0']), 'from 1'),
    (dict(set=['prefill_steps=20']), 'too few'), (dict(set=['sequence_length=2000']), 'from 1 to 1000'),
    (dict(set=['memory_steps=2000']), 'from 1 to 1000'), (dict(set=['use_memory=2']), 'True or False'),
    (dict(set=['actor_units=0']), 'tuple'), (dict(set=['horizn=3']), 'horizon'), (dict(set=['horizon']), 'field=value'),
    (dict(device='cuda:7'), 'GPU'), (dict(seeds=-1), 'at least 1'), (dict(seed=2**31), 'seed')],
    ids=lambda x: '-'.join(map(str, x.values())) if isinstance(x, dict) else '')
def test_bad_input_to_twm_train(tmp_path, capsys, kwargs, says):
    assert says in refused(capsys, tmp_path / 'a/b', **kwargs)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_trained_unless_a_game_or_a_preset_is_named(tmp_path, capsys, monkeypatch):
    begun = []
    monkeypatch.setattr('twm_nb.train.train_all', lambda configs, *args: begun.extend(configs.values()))
    for kwargs in (dict(), dict(device='cpu', set=['horizon=10'])):
        with pytest.raises(SystemExit) as stop: twm_train(run=str(tmp_path / 'r'), **kwargs)
        printed = capsys.readouterr()
        assert stop.value.code == 2 and printed.out == '' and max(map(len, printed.err.splitlines())) <= 80
        assert all(f'--preset {name}' in printed.err for name in ('tiny', 'small', 'paper')) and begun == []
        assert list(tmp_path.iterdir()) == []
    for kwargs in (dict(preset='paper'), dict(game='Pong')):
        twm_train(run=str(tmp_path / 'r'), device='cpu', **kwargs)
        assert begun.pop() == Config(device='cpu',
                                     **dict(dict(game=Config().game),
                                            **{k: v for k, v in kwargs.items() if k == 'game'}))
        assert begun == []


def test_unknown_games_get_a_short_sentence(capsys, tmp_path):
    assert len(refused(capsys, tmp_path, game='Brekout')) < 260


@pytest.mark.parametrize('make',
                         [lambda p: p.write_text('mine'), lambda p: (p.mkdir(), (p / 'thesis.tex').write_text('mine')),
                          lambda p: (p.mkdir(), (p / 'config.json').write_text('{')),
                                  lambda p: (p.mkdir(), (p / 'config.json').write_text('[]')),
                                  lambda p: (p / 'checkpoint/000001').mkdir(parents=True)],
                                  ids=['file', 'foreign', 'cut', 'list', 'lost'])
def test_bad_run_folders(tmp_path, capsys, make):
    make(tmp_path / 'r')
    before = contents(tmp_path)
    refused(capsys, tmp_path / 'r')
    assert before == contents(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / 'file').write_text('mine')
    for where in (tmp_path / 'file/r', '/proc/nowhere/r', tmp_path / ('x' * 300)): refused(capsys, where)


def test_bad_input_to_twm_eval(tmp_path, capsys):
    refused(capsys, tmp_path / 'missing', twm_eval)
    refused(capsys, tmp_path, twm_eval, episodes=0)
    (tmp_path / 'agent').mkdir()
    refused(capsys, tmp_path, twm_eval)
    (tmp_path / 'agent/config.json').write_text('{}')
    refused(capsys, tmp_path, twm_eval)


def test_memory_that_runs_out_is_one_sentence(tmp_path, capsys, monkeypatch):
    def full(trainer, what): raise torch.OutOfMemoryError('CUDA out of memory. Tried to allocate 2 GiB.\nmore')
    monkeypatch.setattr(Trainer, 'take_turn', full)
    with pytest.raises(SystemExit) as stop:
        twm_train(game='Catch', preset='tiny', run=str(tmp_path / 'r'), device='cpu')
    err = capsys.readouterr().err
    assert stop.value.code == 1 and 'please lower batch_size' in err and 'Traceback' not in err


def test_truth_values_in_any_case():
    assert parse_overrides(['use_memory=false', 'reward_tokens=TRUE',
                            'life_loss_ends_episode=False']) == dict(use_memory=False, reward_tokens=True,
                                                                     life_loss_ends_episode=False)


# ---------- environments of one's own ----------

@pytest.mark.parametrize('name', SHAPES)
@pytest.mark.parametrize('stack', [1, 3, 8])
def test_images_of_all_shapes(name, stack):
    env = make_env(f'Photo_{name}-v0', preset('tiny', frame_stack=stack))
    o, info = env.reset(seed=1)
    assert o.shape == (stack, 64, 64) and o.dtype == np.uint8 and (o == o[-1]).all() and info['frames'] == 0
    o2, r, terminated, truncated, info = env.step(1)
    assert (o2[:-1] == o[1:]).all() and info['raw_reward'] == 1. and info['frames'] == 1 and not terminated
    for _ in range(5): *_, terminated, truncated, info = env.step(0)
    assert terminated and info['game_over']
    other = make_env(f'Photo_{name}-v0', preset('tiny', frame_stack=stack))
    assert (other.reset(seed=1)[0] == o).all() and (other.reset()[0] != o).any(), 'each episode has a seed of its own'


def test_grey_is_the_luminance_and_resizing_the_mean():
    env = Images('Photo_rgb-v0')
    env.reset(seed=0)
    image = np.zeros((128, 192, 3), np.uint8); image[:64] = (255, 0, 0); image[64:] = (0, 255, 0)
    image[:, 96:] = (0, 0, 255)
    env.image = image
    grey = env.grey()[0]
    for part, weight in ((grey[:31, :31], .299), (grey[33:, :31], .587), (grey[:, 33:], .114)):
        assert abs(part.astype(float) - 255 * weight).max() <= 1
    env.image = np.kron(np.arange(64 * 64, dtype=np.uint8).reshape(64, 64), np.ones((3, 2), np.uint8))
    env.where = 'none'
    assert (env.grey()[0] == np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)).all()


def test_where_the_channels_are():
    box = lambda *shape: gym.spaces.Box(0, 255, shape, np.uint8)
    assert [channels(box(*s)) for s in ((5, 6), (5, 6, 1), (5, 6, 3), (1, 5, 6), (3, 5, 6), (3, 5, 3))] == ['none',
                                                                                                            'last',
                                                                                                            'last',
                                                                                                            'first',
                                                                                                            'first',
                                                                                                            'last']
    assert [channels(box(*s)) for s in ((5,), (5, 6, 4), (2, 5, 6), (1, 2, 3, 4))] == [None] * 4
    assert channels(gym.spaces.Discrete(3)) is None


def test_evaluation_of_ones_own_environment():
    c = preset('tiny', game='Photo-v0')
    assert evaluate(RandomAgent(c, 2), 4, seed=0) == [6.] * 4


def test_a_module_in_the_working_folder_is_found(tmp_path, monkeypatch):
    (tmp_path / 'my_game_of_colours.py').write_text(
        'import gymnasium as gym\nfrom twm_nb.envs import Catch\ngym.register("Mine-v0", entry_point=Catch)\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, 'path', list(sys.path))
    env = make_env('my_game_of_colours:Mine-v0', preset('tiny'))
    assert env.reset(seed=0)[0].shape == (1, 64, 64)


def test_a_bad_second_game_is_refused_before_the_first_run(tmp_path, capsys):
    for game in ('Catch,CartPole-v1', 'Catch,Broken-v0'): refused(capsys, tmp_path / 'r', game=game)
    assert list(tmp_path.iterdir()) == []


# ---------- environments that fail on the way ----------

class Failing(Photo):
    "Fails in its own way in the fourth step."
    how = ''
    def step(self, action):
        o, r, *rest = super().step(action)
        if self.t == 4 and self.how == 'raise': raise OSError(5, 'the camera is gone')
        return (o, float(self.how) if self.t == 4 and self.how != 'raise' else r, *rest)

gym.register('Failing-v0', entry_point=Failing)


def failing(folder, capsys, monkeypatch, how, transform='tanh'):
    monkeypatch.setattr(Failing, 'how', how)
    sizes = fields(**{k: v for k, v in BASE.items() if k not in ('game', 'device', 'dtype')})
    with pytest.raises(SystemExit) as stop:
        twm_train(game='Failing-v0', preset='tiny', run=str(folder), device='cpu',
                  set=[*sizes, f'reward_transform={transform}', 'save_seconds=0'])
    err = capsys.readouterr().err
    last = err.splitlines()[-1]
    assert stop.value.code == 3 and 'Traceback' not in err, err
    assert all(word in last for word in ('Failing-v0', 'step 4', 'please')) and 'learning rates' not in last, err
    history = (folder / 'history.jsonl').read_text().splitlines()
    assert 'stopped' in history[-1] and 'Failing-v0' in history[-1]
    return last


@pytest.mark.parametrize('reward', ['nan', 'inf', '-inf'])
@pytest.mark.parametrize('transform', ['tanh', 'none'])
def test_rewards_that_are_no_numbers_are_not_stored(tmp_path, capsys, monkeypatch, reward, transform):
    assert f'reward {reward}' in failing(tmp_path / 'r', capsys, monkeypatch, reward, transform)
    for state in (tmp_path / 'r').rglob('0*/state.pt'):
        assert all(x.isfinite().all() for x in torch.load(state, weights_only=True)['dataset'].values()
                   if torch.is_tensor(x) and x.is_floating_point() and len(x))


@pytest.mark.parametrize('text', ['1' * 401, '-' + '1' * 401, '0x' + 'f' * 5000, '1' * 5000])
@pytest.mark.parametrize('field',
                         ['horizon', 'actor_lr', 'total_samples', 'actor_units', 'pretraining_shares', 'dtype',
                          'use_memory', 'seed'])
def test_huge_whole_numbers(tmp_path, capsys, field, text):
    value = f'({text},)' if field in ('actor_units', 'pretraining_shares') else text
    assert len(refused(capsys, tmp_path / 'r', set=[f'{field}={value}'])) < 500
    if 'x' not in text:
        (tmp_path / 'r').mkdir()
        (tmp_path / 'r/config.json').write_text(f'{{"{field}": {value.replace("(", "[").replace(",)", "]")}}}')
        refused(capsys, tmp_path / 'r')


@pytest.mark.parametrize('game',
                         [':Foo-v0', '.foo:X-v0', '..:X-v0', ':', 'bad_syntax:X-v0', 'bad_import:X-v0', 'bad_exit:X-v0',
                          'bad_import:', 'os:X-v0', 'os:'])
def test_modules_that_cannot_be_imported(tmp_path, capsys, monkeypatch, game):
    (tmp_path / 'bad_syntax.py').write_text('def f(:\n')
    (tmp_path / 'bad_import.py').write_text('raise KeyError("two\\nlines")')
    (tmp_path / 'bad_exit.py').write_text('import sys; sys.exit("gone")')
    monkeypatch.syspath_prepend(tmp_path)
    refused(capsys, tmp_path / 'r', game=game)
    assert not (tmp_path / 'r').exists()


@pytest.mark.parametrize('device', ['cuda:²', 'cuda:٣', 'cuda:', 'cuda:-1', 'cuda:1', 'cuda:99', 'cuda:' + '9' * 30])
def test_gpus_that_are_not_there(tmp_path, capsys, monkeypatch, device):
    monkeypatch.setattr('torch.cuda.is_available', lambda: True)
    monkeypatch.setattr('torch.cuda.device_count', lambda: 1)
    refused(capsys, tmp_path / 'r', device=device)


def test_a_game_that_fails_on_the_way(tmp_path, capsys, monkeypatch):
    says = failing(tmp_path / 'r', capsys, monkeypatch, 'raise')
    assert 'the camera is gone' in says and 'could not be written' not in says
    shutil.rmtree(tmp_path / 'r')
    monkeypatch.setattr(Photo, 'reset', lambda *args, **kwargs: 1 / 0)
    with pytest.raises(SystemExit) as stop:
        twm_train(game='Photo-v0', preset='tiny', run=str(tmp_path / 'r'), device='cpu')
    err = capsys.readouterr().err
    assert stop.value.code == 3 and 'ZeroDivisionError' in err and 'Traceback' not in err
    assert 'in a reset' in err.splitlines()[-1]


class Deceiving(Photo):
    "Its images are not what its space says."
    how = None
    def image(self):
        i = super().image()
        return {'float32': i.astype(np.float32), 'int64': i.astype(int), 'flat': i.ravel(), 'list': i.tolist(),
                'none': None, 'four': np.zeros((50, 70, 4), np.uint8), 'two': i[:, :, 0], 'empty': i[:0],
                'dict': {}}[self.how]

gym.register('Deceiving-v0', entry_point=Deceiving)


@pytest.mark.parametrize('how', ['float32', 'int64', 'flat', 'list', 'none', 'four', 'two', 'empty', 'dict'])
def test_images_that_are_not_what_the_space_says(tmp_path, capsys, monkeypatch, how):
    monkeypatch.setattr(Deceiving, 'how', how)
    with pytest.raises(SystemExit) as stop:
        twm_train(game='Deceiving-v0', preset='tiny', run=str(tmp_path / 'r'), device='cpu')
    last = capsys.readouterr().err.splitlines()[-1]
    assert stop.value.code == 3 and 'Deceiving-v0' in last and 'in a reset' in last and 'please mend the game' in last
    assert how == 'empty' or 'Box(0, 255, (50, 70, 3), uint8)' in last


class Endless(Photo):
    def step(self, action): o, r, _, *rest = super().step(action); return (o, r, False, *rest)

gym.register('Endless-v0', entry_point=Endless)


def test_an_environment_without_an_end_is_cut_off():
    c = preset('tiny', game='Endless-v0', max_frames_per_episode=11)
    assert evaluate(RandomAgent(c, 2), 3, seed=0) == [11.] * 3
    env = make_env('Endless-v0', c)
    for _ in range(2):
        env.reset()
        assert [env.step(0)[2:4] for _ in range(11)] == [(False, False)] * 10 + [(False, True)]


@pytest.mark.parametrize('kwargs, says',
                         [(dict(seeds=10**8), 'at most 1000'), (dict(game=','), 'names no game'),
                          (dict(game=''), 'names no game'), (dict(set=['=3']), "'=3'"),
                          (dict(set=['horizon=10is']), "'10is'")], ids=str)
def test_more_bad_input_to_twm_train(tmp_path, capsys, recwarn, kwargs, says):
    assert says in refused(capsys, tmp_path / 'r', **kwargs) and not [w for w in recwarn if w.category is SyntaxWarning]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_leaves_no_parents(tmp_path, capsys):
    (tmp_path / 'there').mkdir()
    refused(capsys, tmp_path / 'there/p/q' / ('x' * 300))
    assert list((tmp_path / 'there').iterdir()) == []


@pytest.mark.parametrize('text', ['[' * 100_000, '{"a":' * 100_000])
def test_a_config_of_endless_depth(tmp_path, capsys, text):
    (tmp_path / 'config.json').write_text(text)
    refused(capsys, tmp_path)


def test_more_bad_input_to_twm_eval(tmp_path, capsys, monkeypatch):
    refused(capsys, 'x' * 300, twm_eval)
    for kwargs in (dict(episodes=10**13), dict(workers=10**6), dict(workers=0)):
        assert 'at most' in refused(capsys, tmp_path, twm_eval, **kwargs)
    def interrupted(*args): raise KeyboardInterrupt
    monkeypatch.setattr('twm_nb.evaluation.find_runs', interrupted)
    with pytest.raises(SystemExit) as stop: twm_eval(run=str(tmp_path))
    assert stop.value.code == 130 and capsys.readouterr().err == '\nstopped; nothing was written\n'
