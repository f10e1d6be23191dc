"A run as a whole: its budget, its folder, its record, its repeatability, and the command that starts it."
import json
import os
import stat
import sys
from collections import Counter
import gymnasium as gym
import numpy as np
import pytest
import torch
from conftest import Nothing, SHORT, certain, collected, contents, fields, new_system, short
from safetensors.torch import load_file, save_file
from twm_nb.agent import Agent
from twm_nb.balanced_sampler import Batch
from twm_nb.checkpoint import Stopped
from twm_nb.commands import twm_train
from twm_nb.config import ConfigError, load_config, preset, save_config
from twm_nb.evaluation import evaluate
from twm_nb.run_folder import Progress, RunLog, read_metrics, status
from twm_nb.system import Done, load_system, save_system
from twm_nb.trainer import Graphed, Trainer, parameter_counts
from twm_nb.trainer import fields as tensors_of
from twm_nb.twm import PRETRAINING, TWM, plan, shuffled, updates_due
from twm_nb.world_model import Starts

SET = fields(**SHORT)
TINY = SET + ['environment_steps=152', 'total_samples=4500', 'evaluation_episodes=1', 'final_evaluation_episodes=1']
NOTHING = torch.empty(0, dtype=torch.long)


def weights(folder): return (folder / 'agent' / 'agent.safetensors').read_bytes()


def test_plan_of_the_paper():
    found = {kind: p.updates for kind, p in plan(preset('paper')).items()}
    assert found == dict(zip(PRETRAINING, (18_750, 9_375, 833))) | dict(train=125_000)


@pytest.mark.parametrize('interactions, updates', [(95_000, 125_000), (7, 3), (3, 7), (1, 5), (5, 0)])
def test_updates_are_spread_evenly(interactions, updates):
    due = [updates_due(i, interactions, updates) for i in range(interactions + 1)]
    assert due[0] == 0 and due[-1] == updates
    assert all(0 <= updates * i / interactions - d < 1 for i, d in enumerate(due)), 'never early'


def test_shuffled_windows_do_not_overlap_and_cover():
    torch.manual_seed(0)
    offsets = set()
    for _ in range(60):
        # 83 entries give 16 windows
        first, left = shuffled(NOTHING, n=83, size=16, every=5)
        first = first.sort().values
        assert (first.diff() == 5).all() and first.max() < 83 and len(left) == 0
        offsets.add(int(first[0]) % 5)
    assert offsets == set(range(5))
    everything, left = [], NOTHING
    for _ in range(4):
        some, left = shuffled(left, n=10, size=5)
        everything.append(some)
    everything = torch.cat(everything)
    assert sorted(everything[:10].tolist()) == sorted(everything[10:].tolist()) == list(range(10))
    assert shuffled(NOTHING, n=1, size=3, every=10**9)[0].tolist() == [0, 0, 0], 'no pass is empty'


@pytest.mark.parametrize('kind', [*PRETRAINING, 'train'])
def test_batches_are_drawn_by_the_generator_that_is_passed(kind):
    "By it alone: torch's own is neither asked nor moved."
    drawn = []
    for seed, own in ((1, 5), (2, 5), (2, 6)):
        system, data = new_system(short()), collected(short(), 150)
        torch.manual_seed(seed)
        before = torch.get_rng_state()
        batch = system.batch(kind, Done(), data, torch.Generator().manual_seed(own))
        assert torch.equal(torch.get_rng_state(), before)
        drawn.append(torch.cat([x.flatten().float() for x in tensors_of(batch).values()]))
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])


def test_the_actor_critic_sees_passes_over_windows_that_do_not_overlap(monkeypatch):
    "Also where each update begins with what a checkpoint has kept of a pass."
    system, data, done, seen, waiting = new_system(short()), collected(short(), 150), Done(), [], []
    monkeypatch.setattr(TWM, 'window', lambda self, dataset, starts, length: seen.extend(starts.tolist()))
    for _ in range(12):
        system.batch('pretrain_actor_critic', done, data)
        done.count('pretrain_actor_critic')
        waiting.append(len(system.state()['order']))
        kept, system = system.state(), new_system(short(), seed=len(seen))
        system.load_state(kept)
    assert len(seen) == 12 * 128 and max(waiting) > 0
    offsets = set()
    while len(seen) >= 17:                                           # 143 starts make 17 windows of 8
        whole = sorted(seen[:17])
        assert whole == list(range(whole[0], 143, 8))[:17] != seen[:17]
        offsets.add(whole[0]); seen = seen[17:]
    assert offsets <= set(range(15)) and min(offsets) == 0 and max(offsets) == 14
    system.order['pretrain_dynamics'] = torch.full((200,), 5)        # left over by another kind of update
    system.batch('pretrain_actor_critic', Done(updates=Counter(pretrain_dynamics=3)), data)
    assert not set(seen[-128:]) <= {5}


class Scripted(gym.Env):
    """Three-step episodes, ended by turns by termination and by truncation; rewards beyond ±1, given to the agent as
    tanh."""
    observation_space, action_space = gym.spaces.Box(0, 255, (1, 64, 64), np.uint8), gym.spaces.Discrete(3)

    def __init__(self): self.steps, self.resets = 0, 0

    def frame(self): return np.full((1, 64, 64), (7 * self.steps + 100 * self.resets) % 256, np.uint8)

    def reset(self, *, seed=None, options=None):
        self.resets += 1; return self.frame(), dict(raw_reward=0., frames=self.steps)

    def step(self, action):
        self.steps += 1
        over, raw = self.steps % 3 == 0, float(self.steps % 5)
        ends = over and self.steps % 2 == 0, over and self.steps % 2 == 1
        return self.frame(), np.tanh(raw), *ends, dict(raw_reward=raw, frames=self.steps)


def test_what_is_stored_and_what_the_agent_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr('twm_nb.trainer.make_env', lambda *a, **k: Scripted())
    trainer = Trainer(short(total_samples=1, pretraining_samples=0), tmp_path)
    trainer.log = trainer.progress = Nothing()
    told = []
    def act(o, reward, first, generator): told.append((o.copy(), reward, first)); return 1
    monkeypatch.setattr(trainer.agent, 'act', act)
    monkeypatch.setattr(trainer, 'evaluate', lambda episodes: [])
    monkeypatch.setattr(trainer, 'finish', lambda: {})
    trainer.run()
    ds, t = trainer.dataset, np.arange(1, 181)
    np.testing.assert_allclose(ds.r.numpy(), np.tanh(t % 5), rtol=1e-6)
    assert ds.terminated.tolist() == [(k % 3 == 0 and k % 2 == 0) for k in t]
    assert ds.d.tolist() == [k % 3 == 0 for k in t]
    assert (ds.a[150:] == 1).all() and len(told) == 30
    for i, (o, reward, first) in enumerate(told):
        before = 150 + i                                             # steps made when the agent was asked
        assert reward == np.tanh(before % 5) and first == (before % 3 == 0)
        assert (o == ds.observations([before])[0].numpy()).all()
    counts = np.bincount(ds.a[:150].numpy(), minlength=3)
    assert ((counts - 50)**2 / 50).sum() < 13.8                      # uniform prefill: chi-square, 2 degrees, p = 0.001


def test_codes_are_computed_after_phi_and_before_psi():
    "Once, with the weights that φ has by then; and no longer kept when φ moves again."
    config = short(pretraining_frames=32)
    system, data, done = new_system(config), collected(config, 150), Done()
    for kind in ('pretrain_observation', *PRETRAINING):
        before = system.logits
        system.update(kind, system.batch(kind, done, data))
        done.count(kind)
        if kind == 'pretrain_observation': assert system.logits is None
    with torch.no_grad(): now = system.world_model.observation_model.encoder(data.observations(torch.arange(151)))
    torch.testing.assert_close(system.logits, now)
    assert system.logits is before
    system.batch('train', done, data)
    assert system.logits is None


def test_metrics_do_not_leak_between_phases(tmp_path):
    Trainer(short(log_every=7), tmp_path / 'run').fit()
    keys = {phase: set().union(*(l for l in read_metrics(tmp_path / 'run') if l['phase'] == phase))
            for phase in ('pretrain_observation', 'pretrain_dynamics', 'pretrain_actor_critic', 'evaluation', 'train')}
    assert 'reconstruction' in keys['pretrain_observation'] and 'reconstruction' not in keys['pretrain_dynamics']
    assert 'latent_loss' not in keys['pretrain_actor_critic']
    assert 'advantage' not in keys['evaluation'] and {'reconstruction', 'latent_loss', 'advantage'} <= keys['train']


def test_run_folder(tmp_path):
    config = short()
    trainer = Trainer(config, tmp_path / 'run')
    result = trainer.fit()
    folder = tmp_path / 'run'
    assert sorted(f.name for f in folder.iterdir()) == ['agent', 'checkpoint', 'config.json', 'curve.png', 'dream.png',
                                                        'episodes.json', 'history.jsonl', 'lock', 'metrics.jsonl',
                                                        'models', 'scores.json', 'tensorboard']
    assert load_config(folder / 'config.json') == config
    scores, episodes = (json.loads((folder / f).read_text()) for f in ('scores.json', 'episodes.json'))
    assert scores == result and len(episodes['Catch']) == 5
    assert np.isclose(np.mean(episodes['Catch']), scores['Catch'][0])
    lines = read_metrics(folder)
    assert [l['step'] for l in lines if l['phase'] == 'evaluation'] == [150, 160, 170, 180]
    planned = plan(config)
    for phase in ('pretrain_observation', 'pretrain_dynamics', 'train'):
        count = planned[phase].updates
        assert [l['step'] for l in lines if l['phase'] == phase] == sorted({*range(2, count + 1, 2), count})
    total = planned['train'].updates
    assert trainer.done['train'] == total and len(trainer.dataset) == 180
    assert int(trainer.dataset.visits.sum()) == total * config.batch_size, 'pretraining does not count'
    assert evaluate(Agent.load(folder / 'agent'), 20, seed=3) == evaluate(trainer.agent, 20, seed=3)
    assert all(np.isfinite(v) for l in lines for v in l.values() if isinstance(v, float))


def test_same_seed_same_bytes_and_evaluation_changes_nothing(tmp_path):
    runs = {'a': {}, 'b': {}, 'often': dict(evaluation_every=5, evaluation_episodes=7), 'other': dict(seed=1)}
    for name, changes in runs.items(): Trainer(short(**changes), tmp_path / name).fit()
    a, b, often, other = (weights(tmp_path / n) for n in runs)
    assert a == b
    tensors = lambda n: Agent.load(tmp_path / n / 'agent').state_dict().values()
    assert all(torch.equal(x, y) for x, y in zip(tensors('a'), tensors('often')))
    assert not all(torch.equal(x, y) for x, y in zip(tensors('a'), tensors('other')))


@pytest.mark.parametrize('changes',
                         [dict(policy_input='zh'), dict(reward_tokens=False, use_memory=False),
                          dict(sampling_temperature=float('inf')),
                                     dict(latent_entropy_form='paper', consistency_form='paper'), dict(frame_stack=4),
                                     dict(game='Boxing', reward_transform='tanh', max_frames_per_episode=400,
                                          frame_stack=4, evaluation_episodes=1, final_evaluation_episodes=2)],
                         ids=lambda c: next(iter(c)))
def test_switches_run_end_to_end(tmp_path, changes):
    result = Trainer(short(**changes), tmp_path / 'run').fit()
    assert np.isfinite(next(iter(result.values()))[0])


@pytest.mark.parametrize('policy_input', ['z', 'zh'])
def test_real_windows_for_the_actor_critic(policy_input):
    """Against the stored lists, entry by entry: discount 0.99, or 0 at an end; the hidden state of the step before, or
    zeros after an end."""
    config = short(policy_input=policy_input)
    system, ds, H = new_system(config), collected(config, 150), config.horizon
    still = int((~ds.d[41:46]).nonzero()[0]) + 41
    ds.dones[still] = True                                           # a truncation, which Catch itself never has
    assert not ds.terminated[still] and len(system.encoded(ds)) == len(ds) + 1
    system.logits, codes = certain(system.logits)
    starts = torch.tensor([0, 1, 40, len(ds) - H])
    window = system.window(ds, starts, H)
    t = system.real_trajectory(window)
    for m, s in enumerate(starts.tolist()):
        for k in range(H + 1): assert torch.equal(t.z[m, k], codes[s + k])
        for k in range(H):
            assert t.a[m, k] == ds.a[s + k] and t.r[m, k] == ds.r[s + k]
            assert t.g[m, k] == (0. if ds.d[s + k] else torch.tensor(config.discount))
    assert (t.weight == 1).all() and not t.stop.any() and torch.equal(t.x.codes, t.z)
    if policy_input == 'z': assert t.x.features is None; return
    for m, s in enumerate(starts.tolist()):
        for k in range(H + 1):
            if s + k > 0 and ds.d[s + k - 1]: assert (t.x.features[m, k] == 0).all()
    with torch.no_grad():
        h = system.world_model.dynamics.hidden(codes[None, 39:48], *(x[None, 39:48] for x in (ds.a, ds.r, ds.d)))[0]
    torch.testing.assert_close(t.x.features[2], h.masked_fill(ds.d[39:48, None], 0.), rtol=0, atol=1e-5)


def test_parameter_counts_of_table_5():
    assert parameter_counts(preset('paper'), 18) == {'observation_model': 8_234_532, 'encoder': 3_126_992,
                                                     'dynamics_model': 10_782_466, 'actor': 1_322_002,
                                                     'critic': 1_313_281}


def test_mean_image_start(tmp_path):
    trainer = Trainer(short(decoder_from_mean_image=True), tmp_path / 'run')
    trainer.fit()
    decoder = trainer.system.world_model.observation_model.decoder
    torch.testing.assert_close(decoder.mean_image,
                               trainer.dataset.observations(torch.arange(151)).float().mean(0) / 255, rtol=0, atol=1e-6)


def run(folder, **kwargs): return twm_train(**{**dict(game='Catch', preset='tiny', run=str(folder), set=SET), **kwargs})


def test_command_runs_games_and_seeds_in_a_row(tmp_path, capsys):
    run(tmp_path / 'runs', game='Catch,Boxing', seeds=2, set=TINY + ['max_frames_per_episode=60'])
    assert sorted(f.name for f in (tmp_path / 'runs').iterdir()) == ['Boxing-seed0', 'Boxing-seed1', 'Catch-seed0',
                                                                     'Catch-seed1']
    assert all((f / 'scores.json').exists() for f in (tmp_path / 'runs').iterdir())
    assert max(len(l.replace(str(tmp_path), '')) for l in capsys.readouterr().out.splitlines()) < 80


def test_command_on_a_finished_run(tmp_path, capsys):
    run(tmp_path / 'r'); before = {f: f.stat().st_mtime_ns for f in (tmp_path / 'r').rglob('*')}
    capsys.readouterr(); run(tmp_path / 'r')
    assert 'finished' in capsys.readouterr().out
    assert before == {f: f.stat().st_mtime_ns for f in (tmp_path / 'r').rglob('*')}
    with pytest.raises(SystemExit) as stop: run(tmp_path / 'r', seed=5)
    assert stop.value.code == 2 and 'another configuration' in capsys.readouterr().err
    run(tmp_path / 'r', seed=5, overwrite=True)
    assert load_config(tmp_path / 'r' / 'config.json').seed == 5


@pytest.mark.parametrize('wrong, says',
                         [(dict(game='Brekout'), 'Breakout'), (dict(preset='papper'), 'paper'),
                          (dict(set=['horzon=3']), 'horizon'), (dict(set=['horizon=0']), 'from 1 to'),
                                         (dict(set=['horizon']), 'field=value'), (dict(seeds=0), 'at least 1'),
                                         (dict(dtype='float16'), 'bfloat16'), (dict(device='tpu'), 'cuda'),
                                         (dict(set=['imagination_batch_size=1000']), 'lower it'),
                                         (dict(seed=-1), 'seed'),
                                         (dict(set=['seed=3']), '--seed'), (dict(set=['game=Pong']), '--game'),
                                         (dict(set=['device=cpu']), '--device')], ids=str)
def test_bad_input_gets_one_sentence_and_leaves_nothing(tmp_path, capsys, wrong, says):
    with pytest.raises(SystemExit) as stop: run(tmp_path / 'r', **wrong)
    err = capsys.readouterr().err
    assert stop.value.code == 2 and says in err and 'Traceback' not in err and err.count('\n') == 1
    assert not (tmp_path / 'r').exists()


def test_foreign_folder_is_left_alone(tmp_path, capsys):
    (tmp_path / 'thesis.tex').write_text('mine')
    with pytest.raises(SystemExit) as stop: run(tmp_path, overwrite=True)
    assert stop.value.code == 2 and [f.name for f in tmp_path.iterdir()] == ['thesis.tex']


def test_what_a_crash_left_is_no_foreign_file(tmp_path):
    (tmp_path / 'r').mkdir(); (tmp_path / 'r' / 'scores.json.new-12').write_text('{')
    (tmp_path / 'r' / 'config.json').write_text('{}')
    run(tmp_path / 'r', overwrite=True)
    assert not (tmp_path / 'r' / 'scores.json.new-12').exists() and (tmp_path / 'r' / 'scores.json').exists()


def test_ctrl_c_is_one_line(tmp_path, capsys, monkeypatch):
    def interrupted(trainer, choose): raise KeyboardInterrupt
    monkeypatch.setattr(Trainer, 'interact', interrupted)
    with pytest.raises(SystemExit) as stop: run(tmp_path / 'r')
    assert stop.value.code == 130 and 'no checkpoint yet, so the same command begins anew' in capsys.readouterr().err


def test_a_run_is_never_trained_over(tmp_path):
    Trainer(short(), tmp_path / 'r').fit()
    before, again = contents(tmp_path / 'r'), Trainer(short(), tmp_path / 'r')
    with pytest.raises(ConfigError, match='already holds a run'): again.fit()
    assert before == contents(tmp_path / 'r')


def test_single_and_several_runs_do_not_mix(tmp_path, capsys):
    run(tmp_path / 'one', set=TINY)
    for where, changes in (('one', dict(seeds=2)), ('many', None)):
        if changes is None: run(tmp_path / 'many', seeds=2, set=TINY); changes = {}
        with pytest.raises(SystemExit) as stop: run(tmp_path / where, set=TINY, **changes)
        assert stop.value.code == 2 and 'please name another' in capsys.readouterr().err
    (tmp_path / 'file').write_text('mine')
    with pytest.raises(SystemExit) as stop: run(tmp_path / 'file')
    assert stop.value.code == 2 and 'is a file' in capsys.readouterr().err


class Recording:
    """Stands in for a CUDA graph on a machine without a GPU: the recorded update computes nothing, a replay runs it on
    its fixed places."""
    def __init__(self): self.replays = 0

    def replay(self):
        self.replays += 1
        new = self.update()
        for name, value in zip(self.graphed.names, self.graphed.values): value.copy_(new[name].reshape(()))


@pytest.fixture
def no_gpu_needed(monkeypatch):
    import contextlib
    monkeypatch.setattr(torch.cuda, 'Stream', Nothing)
    monkeypatch.setattr(torch.cuda, 'current_stream', Nothing)
    monkeypatch.setattr(torch.cuda, 'stream', lambda stream: contextlib.nullcontext())
    monkeypatch.setattr(torch.cuda, 'CUDAGraph', Recording)
    monkeypatch.setattr(torch.cuda, 'graph', lambda graph, stream=None: contextlib.nullcontext())


def test_a_graph_makes_every_update_exactly_once_and_on_its_batch(no_gpu_needed):
    seen, recording = [], [False]
    def update(batch):
        if not recording[0]: seen.append(batch.a.clone())
        return dict(first=batch.a.float().mean(), second=batch.r.sum().reshape(1))
    graphed = Graphed(update, warm_up=2)
    record = graphed.record
    def recorded(batch):
        recording[0] = True; record(batch); recording[0] = False
        graphed.graph.graphed, graphed.graph.update = graphed, lambda: update(graphed.batch)
    graphed.record = recorded
    batches = [Batch(o=torch.full((2, 3), i, dtype=torch.uint8), a=torch.full((2, 3), i),
                     r=torch.full((2, 3), float(i)), terminated=torch.zeros(2, 3, dtype=torch.bool),
                     d=torch.zeros(2, 3, dtype=torch.bool)) for i in range(5)]
    results = [graphed(b) for b in batches]
    assert [int(a[0, 0]) for a in seen] == [0, 1, 2, 3, 4] and graphed.graph.replays == 3
    assert [float(r['first']) for r in results] == [0, 1, 2, 3, 4]
    assert [float(r['second']) for r in results] == [0, 6, 12, 18, 24]
    assert graphed.batch.a is not batches[2].a and (batches[2].a == 2).all()       # the fixed places are its own


def test_each_evaluation_plays_games_of_its_own(tmp_path, monkeypatch):
    played = []
    def play(agent, seeds, parallel): played.append(seeds.tolist()); return [0.] * len(seeds)
    monkeypatch.setattr('twm_nb.trainer.play', play)
    Trainer(short(), tmp_path / 'run').fit()
    assert [len(x) for x in played] == [3, 3, 3, 5] and len(set(sum(played, []))) == 14


def test_on_a_cpu_there_is_no_graph(tmp_path):
    assert not isinstance(Trainer(preset('tiny'), tmp_path / 'run').learn['train'], Graphed)


@pytest.mark.parametrize('dtype', [torch.float32, torch.float16])
def test_models_come_back(tmp_path, dtype):
    "Written as they are; and rounded by someone, they are read all the same."
    system, file = new_system(preset('tiny'), seed=3), tmp_path / 'models/models.safetensors'
    save_system(system, tmp_path / 'models')
    save_file({k: v.to(dtype) for k, v in load_file(file).items()}, file, dict(num_actions='3'))
    again = load_system(tmp_path)
    assert not again.training and again.config == system.config.replace(device='cpu')
    assert system.state_dict().keys() == again.state_dict().keys()
    for a, b in zip(system.state_dict().values(), again.state_dict().values()):
        torch.testing.assert_close(a.to(dtype).float(), b, rtol=0, atol=0)


def test_models_that_are_missing_or_foreign_are_refused(tmp_path):
    with pytest.raises(ConfigError, match='holds no models'): load_system(tmp_path)
    save_system(new_system(preset('tiny')), tmp_path / 'models')
    file = tmp_path / 'models' / 'config.json'
    save_config(preset('tiny', transformer_layers=3), file)
    with pytest.raises(ConfigError, match='do not fit'): load_system(tmp_path)
    file.unlink()
    with pytest.raises(ConfigError, match='config.json'): load_system(tmp_path)


@pytest.mark.skipif(not torch.cuda.is_available(), reason='needs a GPU')
def test_on_a_gpu_a_graph_learns_as_single_operations_do(tmp_path):
    """Ten updates from the same start, without dropout and with the most likely codes and actions: the same weights;
    and draws differ between replays."""
    c = preset('tiny', device='cuda', dtype='float32', imagination_batch_size=16)
    def batch():
        whole, ends = lambda n, *shape: torch.randint(n, (16, *shape), device='cuda'), torch.rand(2, 16, 9,
                                                                                                  device='cuda') < .1
        return Batch(o=whole(256, 10, 1, 64, 64).byte(), a=whole(3, 9), r=torch.randn(16, 9, device='cuda'),
                     terminated=ends[0], d=ends[1], o_fresh=whole(256, 1, 64, 64).byte())
    def first(z, b, z_fresh, n): return Starts(z[:n, :2], b.a[:n, :1], b.r[:n, :1], b.d[:n, :1], z_fresh)
    batches, weights = [batch() for _ in range(10)], {}
    for graph in (False, True):
        torch.manual_seed(0)
        system = TWM(c, 3, 'cuda')
        update = lambda b: system.update('train', b)
        with pytest.MonkeyPatch.context() as m:
            m.setattr('twm_nb.networks.inverse_cdf', lambda p, generator=None: p.argmax(-1))
            m.setattr('twm_nb.world_model.choose_starts', first)
            m.setattr('twm_nb.world_model.fresh', lambda pool, n: pool[:n])
            call = Graphed(update) if graph else update
            for b in batches: metrics = call(b)
        weights[graph] = torch.cat([p.detach().flatten() for p in system.parameters()])
        assert all(v.isfinite().all() for v in metrics.values())
    torch.testing.assert_close(weights[True], weights[False], rtol=1e-3, atol=1e-5)
    dice = Graphed(lambda b: dict(x=torch.rand((), device='cuda') + 0 * b.r.sum()))
    assert len({float(dice(batches[0])['x']) for _ in range(8)}) == 8


def test_an_evaluation_in_processes_gives_the_same_scores(tmp_path):
    scores = {}
    for workers in (1, 2):
        trainer = Trainer(preset('tiny', evaluation_workers=workers), tmp_path / str(workers))
        trainer.log = trainer.progress = Nothing()
        assert trainer.workers() == workers
        scores[workers] = trainer.evaluate(65)
    assert scores[1] == scores[2] and len(scores[1]) == 65 and len(set(scores[1])) > 1
    trainer = Trainer(preset('tiny'), tmp_path / '3')
    assert trainer.workers() == 1, 'on a CPU, unless asked for'
    trainer.device = torch.device('cuda')
    assert trainer.workers() == torch.get_num_threads()


def progress_of_tiny(**kwargs): return Progress('Catch 0', plan(preset('tiny')), **kwargs)


def test_time_left_is_told_only_once_a_little_is_done():
    progress = progress_of_tiny()
    total = progress.bar.total
    progress.bar.n = int(.01 * total); progress.show()
    assert 'remaining' not in progress.bar.bar_format
    progress.bar.n = int(.03 * total); progress.show()
    assert '<{remaining}' in progress.bar.bar_format
    # work of an earlier process says nothing about rates
    again = progress_of_tiny(done=Done(updates=Counter(pretrain_observation=400)))
    again.show()
    assert again.bar.n == again.before > .02 * total and 'remaining' not in again.bar.bar_format


def test_a_run_of_another_preset_is_refused_in_a_readable_sentence(tmp_path):
    save_config(preset('tiny'), tmp_path / 'config.json')
    with pytest.raises(ConfigError, match='another preset') as e: status(tmp_path, preset('small', game='Catch'))
    assert len(str(e.value)) < 700


def drawn(folder):
    "What TensorBoard reads of a run: {tag: [(step, value, time)]} of its scalars, and all it has."
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    board = EventAccumulator(str(folder / 'tensorboard'), size_guidance=dict(scalars=0))
    board.Reload()
    return {tag: [(e.step, e.value, e.wall_time) for e in board.Scalars(tag)] for tag in board.Tags()['scalars']}, board


def test_tensorboard_has_the_score_first_few_tags_one_axis_fields_and_the_dream(tmp_path):
    config = short(sampling_temperature=float('inf'))
    Trainer(config, tmp_path / 'run').fit()
    lines, (scalars, board) = read_metrics(tmp_path / 'run'), drawn(tmp_path / 'run')
    assert sorted(scalars)[0] == '1_score/score' and 5 < len(scalars) <= 12
    assert [p[:2] for p in scalars['1_score/score']] == [(l['step'], pytest.approx(l['score'])) for l in lines
                                                         if l['phase'] == 'evaluation']
    kinds = [l['phase'] for l in lines if l['phase'] not in ('prefill', 'evaluation')]
    trained = [l for l in lines if l['phase'] in kinds]
    assert [p[:2] for p in scalars['4_progress/updates']] == [(l['interactions'], l['step']) for l in trained]
    assert len(scalars['4_progress/updates_per_second']) == len(kinds) - len(set(kinds))
    expected = [(l['interactions'], pytest.approx(l['reconstruction'], rel=1e-5))
                for l in lines if 'reconstruction' in l]
    assert [p[:2] for p in scalars['3_more/reconstruction']] == expected
    assert {p[0] for points in scalars.values()
            for p in points} <= set(range(150, 181)), 'nothing is drawn over updates'
    times = [p[2] for p in scalars['3_more/actor']]
    assert np.allclose(np.diff(times), np.diff([l['seconds'] for l in lines if 'loss_actor' in l]), atol=5e-3)
    from matplotlib.image import imread
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
    picture, shape = board.Images('5_dream/dream')[0], imread(tmp_path / 'run' / 'dream.png').shape
    assert (picture.step, picture.height, picture.width) == (180, *shape[:2])
    stored = {tag: HParamsPluginData.FromString(x) for tag, x in board.PluginTagToContent('hparams').items()}
    told = stored['_hparams_/session_start_info'].session_start_info.hparams
    assert told.keys() == vars(config).keys() and told['horizon'].number_value == 8
    assert told['sampling_temperature'].string_value == 'inf' and told['use_memory'].string_value == 'True'
    assert [m.name.tag for m in stored['_hparams_/experiment'].experiment.metric_infos] == ['1_score/score']


def test_a_run_that_goes_on_tells_and_draws_each_line_once(tmp_path):
    told, config = [], short()
    trainer = Trainer(config, tmp_path / 'run', on_line=told.append)
    safe_place = trainer.safe_place
    def stop_on_the_way():
        if trainer.done['train'] == 1: trainer.signals.asked = 15
        safe_place()
    trainer.safe_place = stop_on_the_way
    with pytest.raises(Stopped): trainer.fit()
    first = len(told)
    Trainer(config, tmp_path / 'run', on_line=told.append).fit()
    lines, (scalars, _) = read_metrics(tmp_path / 'run'), drawn(tmp_path / 'run')
    assert 0 < first < len(told) and told == lines
    for tag, key in (('1_score/score', 'score'), ('2_losses/reward', 'reward_loss'),
                     ('3_more/critic', 'loss_critic'), ('3_more/entropy of codes', 'encoder_entropy')):
        assert [p[:2] for p in scalars[tag]] == [(l['interactions'], pytest.approx(l[key], rel=1e-5)) for l in lines
                                                 if key in l], tag
    made = [l['step'] for l in lines if l['phase'] not in ('prefill', 'evaluation')]
    assert [p[1] for p in scalars['4_progress/updates']] == made


def test_rates_count_neither_evaluations_nor_what_came_before(tmp_path):
    log = RunLog(tmp_path, {})
    log.rates(dict(phase='train', step=10, interactions=1_000, seconds=10.))
    log.rates(dict(phase='evaluation', step=1_000, evaluation_seconds=50.))
    assert log.rates(dict(phase='train', step=30, interactions=1_015, seconds=65.)) == {
        '4_progress/updates': 30, '4_progress/updates_per_second': 4, '4_progress/steps_per_second': 3}
    last = log.rates(dict(phase='train', step=40, interactions=1_020, seconds=66.))
    assert last['4_progress/updates_per_second'] == 10
    log.close()


@pytest.mark.parametrize('terminal', [False, True])
def test_progress_in_a_file_is_a_line_a_minute(capsys, monkeypatch, terminal):
    clock = [1e6]
    monkeypatch.setattr('tqdm.std.time', lambda: clock[0])
    monkeypatch.setattr(sys.stderr, 'isatty', lambda: terminal)
    progress = progress_of_tiny()
    for i in range(1, 16):
        clock[0] += 20
        progress.show('pretraining'); progress.advance('pretrain_observation')
    progress.close()
    err = capsys.readouterr().err
    if terminal: assert err.count('\r') > 15; return
    lines = err.split('\n')
    assert '\r' not in err and len(lines) == 5 + 1 + 1, 'after 1 to 5 minutes, at the end, and nothing after the last'
    assert lines[0].startswith('Catch 0 ') and '01:00' in lines[0] and 'pretraining' in lines[0]
    assert '02:00' in lines[1] and all(len(l) < 80 for l in lines)


def test_a_short_run_leaves_no_line_of_progress(capsys):
    progress = progress_of_tiny()
    progress.show(); progress.advance('pretrain_observation'); progress.close()
    assert capsys.readouterr().err == ''


@pytest.mark.parametrize('umask', [0o022, 0o027])
def test_all_files_of_a_run_are_as_the_umask_says(tmp_path, umask):
    before = os.umask(umask)
    try: Trainer(short(evaluation_episodes=0, final_evaluation_episodes=1), tmp_path / 'run').fit()
    finally: os.umask(before)
    modes = {str(f.relative_to(tmp_path)): (stat.S_IMODE(f.stat().st_mode), (0o777 if f.is_dir() else 0o666) & ~umask)
             for f in (tmp_path / 'run').rglob('*')}
    assert {'run/agent/agent.safetensors', 'run/models/models.safetensors', 'run/checkpoint/frames.bin'} <= modes.keys()
    assert any(name.endswith('state.pt') for name in modes)
    assert {name: tuple(map(oct, m)) for name, m in modes.items() if m[0] != m[1]} == {}
