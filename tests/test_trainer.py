"A run as a whole: its budget, its folder, its record, its repeatability, and the command that starts it."
import json
import os
import stat
import sys
import gymnasium as gym
import numpy as np
import pytest
import torch
torch.set_num_threads(1)
from twm_nb.agent import Agent
from twm_nb.balanced_sampler import Batch
from twm_nb.checkpoint import Stopped
from twm_nb.commands import twm_train
from twm_nb.config import ConfigError, load_config, preset
from twm_nb.evaluation import evaluate
from twm_nb.actor_critic import ActorCritic
from twm_nb.world_model import WorldModel
from twm_nb.trainer import Graphed, NOTHING, Progress, RunLog, Schedule, Trainer, load_models, save_models, parameter_counts, read_metrics, schedule, shuffled, updates_due

SHORT = dict(environment_steps=180, prefill_steps=150, pretraining_samples=3_000, total_samples=7_000, evaluation_every=10,
             evaluation_episodes=3, final_evaluation_episodes=5, log_every=2)
SET = [f'{k}={v}' for k, v in SHORT.items()]


def weights(folder): return (folder / 'agent' / 'agent.safetensors').read_bytes()


def test_schedule_of_the_paper():
    assert schedule(preset('paper')) == Schedule(18_750, 9_375, 833, 125_000)


@pytest.mark.parametrize('interactions, updates', [(95_000, 125_000), (7, 3), (3, 7), (1, 5), (5, 0)])
def test_updates_are_spread_evenly(interactions, updates):
    due = [updates_due(i, interactions, updates) for i in range(interactions + 1)]
    assert due[0] == 0 and due[-1] == updates
    assert all(abs(d - updates * i / interactions) < 1 for i, d in enumerate(due))


def test_shuffled_windows_do_not_overlap_and_cover():
    torch.manual_seed(0)
    offsets = set()
    for _ in range(60):
        first = shuffled(NOTHING, n=83, size=16, offsets=5)[0].sort().values                 # 83 entries give 16 or 17 windows
        assert ((first.diff() % 5) == 0).all() and first.diff().min() >= 5 and first.max() < 83
        offsets.add(int(first[0]) % 5)
    assert offsets == set(range(5))
    everything, left = [], NOTHING
    for _ in range(4):
        some, left = shuffled(left, n=10, size=5)
        everything.append(some)
    everything = torch.cat(everything)
    assert sorted(everything[:10].tolist()) == sorted(everything[10:].tolist()) == list(range(10))
    assert shuffled(NOTHING, n=1, size=3, offsets=10**9)[0].tolist() == [0, 0, 0], 'no pass is empty'


def test_the_actor_critic_sees_passes_over_windows_that_do_not_overlap(tmp_path, monkeypatch):
    trainer, seen, waiting = Trainer(preset('tiny', **SHORT), tmp_path), [], []
    trainer.log = trainer.progress = nothing()
    trainer.prefill()
    trainer.schedule = Schedule(0, 0, 12, 0)
    monkeypatch.setattr(trainer, 'real_trajectory', lambda logits, starts: seen.extend(starts.tolist()))
    monkeypatch.setattr(trainer.actor_critic, 'pretrain_update', lambda trajectory: waiting.append(trainer.state()['left']) or {})
    trainer.pretrain_actor_critic(None)
    assert len(seen) == 12 * 128 and max(seen) == 150 - 8 and len(trainer.left) == 0 and max(map(len, waiting)) > 0
    offsets = set()
    while len(seen) >= 18:                                                                   # 143 starts make 17 or 18 windows of 8
        whole = list(range(seen[0] % 8, 143, 8))
        assert sorted(seen[:len(whole)]) == whole
        assert seen[:len(whole)] != whole
        offsets.add(seen[0] % 8); seen = seen[len(whole):]
    assert offsets == set(range(8))


class Scripted(gym.Env):
    "Three-step episodes, ended by turns by termination and by truncation; rewards beyond ±1, given to the agent as tanh."
    observation_space, action_space = gym.spaces.Box(0, 255, (1, 64, 64), np.uint8), gym.spaces.Discrete(3)

    def __init__(self): self.steps, self.resets = 0, 0

    def frame(self): return np.full((1, 64, 64), (7 * self.steps + 100 * self.resets) % 256, np.uint8)

    def reset(self, *, seed=None, options=None): self.resets += 1; return self.frame(), dict(raw_reward=0., frames=self.steps)

    def step(self, action):
        self.steps += 1
        over, raw = self.steps % 3 == 0, float(self.steps % 5)
        return self.frame(), np.tanh(raw), over and self.steps % 2 == 0, over and self.steps % 2 == 1, dict(raw_reward=raw, frames=self.steps)


def nothing(): return type('Nothing', (), {'__getattr__': lambda s, n: lambda *a, **k: None})()


def test_what_is_stored_and_what_the_agent_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr('twm_nb.trainer.make_env', lambda *a, **k: Scripted())
    trainer = Trainer(preset('tiny', **{**SHORT, 'total_samples': 3_000, 'pretraining_samples': 3_000}), tmp_path)
    trainer.log = trainer.progress = nothing()
    trainer.prefill()
    told = []
    monkeypatch.setattr(trainer.agent, 'act', lambda o, reward, first, generator: told.append((o.copy(), reward, first)) or 1)
    trainer.evaluate = lambda episodes: []
    trainer.train()
    ds, t = trainer.dataset, np.arange(1, 181)
    np.testing.assert_allclose(ds.r.numpy(), np.tanh(t % 5), rtol=1e-6)
    assert ds.terminated.tolist() == [(k % 3 == 0 and k % 2 == 0) for k in t] and ds.d.tolist() == [k % 3 == 0 for k in t]
    assert (ds.a[150:] == 1).all()
    for i, (o, reward, first) in enumerate(told):
        before = 150 + i                                                                     # steps made when the agent was asked
        assert reward == np.tanh(before % 5) and first == (before % 3 == 0)
        assert (o == ds.observations([before])[0].numpy()).all()
    counts = np.bincount(ds.a[:150].numpy(), minlength=3)
    assert ((counts - 50)**2 / 50).sum() < 13.8                                              # uniform prefill: chi-square, 2 degrees, p = 0.001


def test_codes_are_computed_after_phi_and_before_psi(tmp_path, monkeypatch):
    trainer, order = Trainer(preset('tiny', **SHORT), tmp_path), []
    for name in ('pretrain_observation', 'encode_dataset', 'pretrain_dynamics', 'pretrain_actor_critic'):
        monkeypatch.setattr(trainer, name, lambda *a, name=name: order.append((name, a)) or name)
    trainer.progress = nothing()
    trainer.pretrain()
    assert order == [('pretrain_observation', ()), ('encode_dataset', ()), ('pretrain_dynamics', ('encode_dataset',)), ('pretrain_actor_critic', ('encode_dataset',))]


def test_metrics_do_not_leak_between_phases(tmp_path):
    Trainer(preset('tiny', **{**SHORT, 'log_every': 7}), tmp_path / 'run').fit()
    keys = {phase: set().union(*(l for l in read_metrics(tmp_path / 'run') if l['phase'] == phase)) for phase in ('pretrain_observation', 'pretrain_dynamics', 'pretrain_actor_critic', 'evaluation', 'train')}
    assert 'reconstruction' in keys['pretrain_observation'] and 'reconstruction' not in keys['pretrain_dynamics'] and 'latent_loss' not in keys['pretrain_actor_critic']
    assert 'advantage' not in keys['evaluation'] and {'reconstruction', 'latent_loss', 'advantage'} <= keys['train']


def test_run_folder(tmp_path):
    config = preset('tiny', **SHORT)
    trainer = Trainer(config, tmp_path / 'run')
    result = trainer.fit()
    folder = tmp_path / 'run'
    assert sorted(f.name for f in folder.iterdir()) == ['agent', 'checkpoint', 'config.json', 'curve.png', 'dream.png', 'episodes.json', 'history.jsonl', 'lock', 'metrics.jsonl', 'models', 'scores.json', 'tensorboard']
    assert load_config(folder / 'config.json') == config
    scores, episodes = (json.loads((folder / f).read_text()) for f in ('scores.json', 'episodes.json'))
    assert scores == result and len(episodes['Catch']) == 5 and np.isclose(np.mean(episodes['Catch']), scores['Catch'][0])
    lines = read_metrics(folder)
    assert [l['step'] for l in lines if l['phase'] == 'evaluation'] == [150, 160, 170, 180]
    s = schedule(config)
    for phase, count in (('pretrain_observation', s.observation), ('pretrain_dynamics', s.dynamics), ('train', s.updates)):
        assert [l['step'] for l in lines if l['phase'] == phase] == sorted({*range(2, count + 1, 2), count})
    assert trainer.updates == s.updates and len(trainer.dataset) == 180
    assert int(trainer.dataset.visits.sum()) == s.updates * config.batch_size, 'pretraining does not count'
    assert evaluate(Agent.load(folder / 'agent'), 20, seed=3) == evaluate(trainer.agent, 20, seed=3)
    assert all(np.isfinite(v) for l in lines for v in l.values() if isinstance(v, float))


def test_same_seed_same_bytes_and_evaluation_changes_nothing(tmp_path):
    runs = {'a': {}, 'b': {}, 'often': dict(evaluation_every=5, evaluation_episodes=7), 'other': dict(seed=1)}
    for name, changes in runs.items(): Trainer(preset('tiny', **{**SHORT, **changes}), tmp_path / name).fit()
    a, b, often, other = (weights(tmp_path / n) for n in runs)
    assert a == b
    tensors = lambda n: Agent.load(tmp_path / n / 'agent').state_dict().values()
    assert all(torch.equal(x, y) for x, y in zip(tensors('a'), tensors('often')))
    assert not all(torch.equal(x, y) for x, y in zip(tensors('a'), tensors('other')))


@pytest.mark.parametrize('changes', [dict(policy_input='zh'), dict(reward_tokens=False, use_memory=False), dict(sampling_temperature=float('inf')),
                                     dict(latent_entropy_form='paper', consistency_form='paper'), dict(frame_stack=4), dict(game='Boxing', reward_transform='tanh', max_frames_per_episode=400, frame_stack=4)],
                         ids=lambda c: next(iter(c)))
def test_switches_run_end_to_end(tmp_path, changes):
    result = Trainer(preset('tiny', **{**SHORT, **changes}), tmp_path / 'run').fit()
    assert np.isfinite(next(iter(result.values()))[0])


@pytest.mark.parametrize('policy_input', ['z', 'zh'])
def test_real_windows_for_the_actor_critic(tmp_path, policy_input):
    "Against the stored lists, entry by entry: discount 0.99, or 0 at an end; the hidden state of the step before, or zeros after an end."
    trainer = Trainer(preset('tiny', policy_input=policy_input, **SHORT), tmp_path)
    trainer.log = trainer.progress = nothing()
    trainer.prefill()
    ds, H = trainer.dataset, trainer.config.horizon
    still = int((~ds.d[41:46]).nonzero()[0]) + 41
    ds.dones[still] = True                                                                   # a truncation, which Catch itself never has
    assert not ds.terminated[still]
    logits = trainer.encode_dataset()
    assert logits.shape[0] == len(ds) + 1
    sharp = torch.zeros_like(logits).scatter_(-1, torch.randint(8, (*logits.shape[:2], 1)), 1e4)      # codes without chance
    codes, starts = sharp.argmax(-1), torch.tensor([0, 1, 40, len(ds) - H])
    t = trainer.real_trajectory(sharp, starts)
    for m, s in enumerate(starts.tolist()):
        for k in range(H + 1): assert torch.equal(t.z[m, k], codes[s + k])
        for k in range(H):
            assert t.a[m, k] == ds.a[s + k] and t.r[m, k] == ds.r[s + k]
            assert t.g[m, k] == (0. if ds.d[s + k] else torch.tensor(trainer.config.discount))
    assert (t.weight == 1).all() and not t.stop.any()
    if policy_input == 'zh':
        for m, s in enumerate(starts.tolist()):
            for k in range(H + 1):
                if s + k > 0 and ds.d[s + k - 1]: assert (t.h[m, k] == 0).all()
        with torch.no_grad():
            h = trainer.world_model.dynamics.hidden(codes[None, 39:48], ds.a[None, 39:48], ds.r[None, 39:48], ds.d[None, 39:48])[0]
        ends = ds.d[39:48]
        torch.testing.assert_close(t.h[2], h.masked_fill(ends[:, None], 0.), rtol=0, atol=1e-5)


def test_parameter_counts_of_table_5():
    assert parameter_counts(preset('paper'), 18) == {'observation_model': 8_234_532, 'encoder': 3_126_992, 'dynamics_model': 10_782_466, 'actor': 1_322_002, 'critic': 1_313_281}


def test_mean_image_start(tmp_path):
    trainer = Trainer(preset('tiny', decoder_from_mean_image=True, **SHORT), tmp_path / 'run')
    trainer.fit()
    decoder = trainer.world_model.observation_model.decoder
    torch.testing.assert_close(decoder.mean_image, trainer.dataset.observations(torch.arange(151)).float().mean(0) / 255, rtol=0, atol=1e-6)


def run(folder, **kwargs): return twm_train(**{**dict(game='Catch', preset='tiny', run=str(folder), set=SET), **kwargs})


def test_command_runs_games_and_seeds_in_a_row(tmp_path, capsys):
    run(tmp_path / 'runs', game='Catch,Boxing', seeds=2, set=SET + ['max_frames_per_episode=200'])
    assert sorted(f.name for f in (tmp_path / 'runs').iterdir()) == ['Boxing-seed0', 'Boxing-seed1', 'Catch-seed0', 'Catch-seed1']
    assert all((f / 'scores.json').exists() for f in (tmp_path / 'runs').iterdir())
    assert max(len(l.replace(str(tmp_path), '')) for l in capsys.readouterr().out.splitlines()) < 80


def test_command_on_a_finished_run(tmp_path, capsys):
    run(tmp_path / 'r'); before = {f: f.stat().st_mtime_ns for f in (tmp_path / 'r').rglob('*')}
    capsys.readouterr(); run(tmp_path / 'r')
    assert 'finished' in capsys.readouterr().out and before == {f: f.stat().st_mtime_ns for f in (tmp_path / 'r').rglob('*')}
    with pytest.raises(SystemExit) as stop: run(tmp_path / 'r', seed=5)
    assert stop.value.code == 2 and 'another configuration' in capsys.readouterr().err
    run(tmp_path / 'r', seed=5, overwrite=True)
    assert load_config(tmp_path / 'r' / 'config.json').seed == 5


@pytest.mark.parametrize('wrong, says', [(dict(game='Brekout'), 'Breakout'), (dict(preset='papper'), 'paper'), (dict(set=['horzon=3']), 'horizon'), (dict(set=['horizon=0']), 'from 1 to'),
                                         (dict(set=['horizon']), 'field=value'), (dict(seeds=0), 'at least 1'), (dict(dtype='float16'), 'bfloat16'), (dict(device='tpu'), 'cuda'),
                                         (dict(set=['imagination_batch_size=1000']), 'lower it'), (dict(seed=-1), 'seed'),
                                         (dict(set=['seed=3']), '--seed'), (dict(set=['game=Pong']), '--game'), (dict(set=['device=cpu']), '--device')], ids=str)
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
    (tmp_path / 'r').mkdir(); (tmp_path / 'r' / 'scores.json.new-12').write_text('{'); (tmp_path / 'r' / 'config.json').write_text('{}')
    run(tmp_path / 'r', overwrite=True)
    assert not (tmp_path / 'r' / 'scores.json.new-12').exists() and (tmp_path / 'r' / 'scores.json').exists()


def test_ctrl_c_is_one_line(tmp_path, capsys, monkeypatch):
    def interrupted(trainer): raise KeyboardInterrupt
    monkeypatch.setattr(Trainer, 'prefill', interrupted)
    with pytest.raises(SystemExit) as stop: run(tmp_path / 'r')
    assert stop.value.code == 130 and 'no checkpoint yet, so the same command begins anew' in capsys.readouterr().err


def test_a_run_is_never_trained_over(tmp_path):
    Trainer(preset('tiny', **SHORT), tmp_path / 'r').fit()
    before = {f: f.read_bytes() for f in (tmp_path / 'r').rglob('*') if f.is_file()}
    for again in (Trainer(preset('tiny', **SHORT), tmp_path / 'r'), ):
        with pytest.raises(ConfigError, match='already holds a run'): again.fit()
    assert before == {f: f.read_bytes() for f in (tmp_path / 'r').rglob('*') if f.is_file()}


def test_single_and_several_runs_do_not_mix(tmp_path, capsys):
    run(tmp_path / 'one')
    for where, changes in (('one', dict(seeds=2)), ('many', None)):
        if changes is None: run(tmp_path / 'many', seeds=2); changes = {}
        with pytest.raises(SystemExit) as stop: run(tmp_path / where, **changes)
        assert stop.value.code == 2 and 'please name another' in capsys.readouterr().err
    (tmp_path / 'file').write_text('mine')
    with pytest.raises(SystemExit) as stop: run(tmp_path / 'file')
    assert stop.value.code == 2 and 'is a file' in capsys.readouterr().err


class Recording:
    "Stands in for a CUDA graph on a machine without a GPU: the recorded update computes nothing, a replay runs it on its fixed places."
    def __init__(self): self.replays = 0

    def replay(self):
        self.replays += 1
        new = self.update()
        for name, value in zip(self.graphed.names, self.graphed.values): value.copy_(new[name].reshape(()))


@pytest.fixture
def no_gpu_needed(monkeypatch):
    import contextlib
    monkeypatch.setattr(torch.cuda, 'Stream', lambda: nothing())
    monkeypatch.setattr(torch.cuda, 'current_stream', lambda: nothing())
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
    batches = [Batch(o=torch.full((2, 3), i, dtype=torch.uint8), a=torch.full((2, 3), i), r=torch.full((2, 3), float(i)), terminated=torch.zeros(2, 3, dtype=torch.bool),
                     d=torch.zeros(2, 3, dtype=torch.bool)) for i in range(5)]
    results = [graphed(b) for b in batches]
    assert [int(a[0, 0]) for a in seen] == [0, 1, 2, 3, 4] and graphed.graph.replays == 3
    assert [float(r['first']) for r in results] == [0, 1, 2, 3, 4] and [float(r['second']) for r in results] == [0, 6, 12, 18, 24]
    assert graphed.batch.a is not batches[2].a and (batches[2].a == 2).all()       # the fixed places are its own


def test_on_a_cpu_there_is_no_graph(tmp_path):
    assert not isinstance(Trainer(preset('tiny'), tmp_path / 'run').learn, Graphed)


@pytest.mark.parametrize('dtype', [torch.float32, torch.float16])
def test_models_come_back(tmp_path, dtype):
    c = preset('tiny')
    world_model, actor_critic = WorldModel(c, 3), ActorCritic(c, 3)
    save_models(world_model, actor_critic, tmp_path / 'models', dtype)
    again = load_models(tmp_path / 'models')
    for old, new in zip((world_model, actor_critic), again):
        assert not new.training and old.state_dict().keys() == new.state_dict().keys()
        for a, b in zip(old.state_dict().values(), new.state_dict().values()): torch.testing.assert_close(a.to(dtype).float(), b, rtol=0, atol=0)
    assert (tmp_path / 'models' / 'models.safetensors').stat().st_size < 1.02 * dtype.itemsize * sum(v.numel() for m in again for v in m.state_dict().values()) + 20_000


def test_models_that_are_missing_or_foreign_are_refused(tmp_path):
    with pytest.raises(ConfigError, match='config.json'): load_models(tmp_path)
    c = preset('tiny')
    save_models(WorldModel(c, 3), ActorCritic(c, 3), tmp_path / 'models')
    file = tmp_path / 'models' / 'config.json'
    file.write_text(file.read_text().replace('"horizon": 8', '"transformer_layers": 3, "horizon": 8').replace('"transformer_layers": 2,', ''))
    with pytest.raises(ConfigError, match='do not fit'): load_models(tmp_path / 'models')


@pytest.mark.skipif(not torch.cuda.is_available(), reason='needs a GPU')
def test_on_a_gpu_a_graph_learns_as_single_operations_do(tmp_path):
    "Ten updates from the same start, without dropout and with the most likely codes and actions: the same weights; and draws differ between replays."
    from twm_nb.trainer import learn
    c = preset('tiny', device='cuda', dtype='float32', imagination_batch_size=16)
    batch = lambda: Batch(o=torch.randint(256, (16, 10, 1, 64, 64), dtype=torch.uint8, device='cuda'), a=torch.randint(3, (16, 9), device='cuda'), r=torch.randn(16, 9, device='cuda'),
                          terminated=torch.rand(16, 9, device='cuda') < .1, d=torch.rand(16, 9, device='cuda') < .1, o_fresh=torch.randint(256, (16, 1, 64, 64), dtype=torch.uint8, device='cuda'))
    batches, weights = [batch() for _ in range(10)], {}
    for graph in (False, True):
        torch.manual_seed(0)
        models = WorldModel(c, 3, 'cuda'), ActorCritic(c, 3, 'cuda')
        update = lambda b: learn(*models, b)
        with pytest.MonkeyPatch.context() as m:
            m.setattr('twm_nb.networks.inverse_cdf', lambda p: p.argmax(-1))
            m.setattr('twm_nb.world_model.choose_starts', lambda z, b, fresh, n: type('S', (), dict(z_previous=z[:n, 0], a_previous=b.a[:n, 0], r_previous=b.r[:n, 0], d_previous=b.d[:n, 0], z=z[:n, 1], z_fresh=fresh)))
            m.setattr('twm_nb.world_model.fresh', lambda pool, n: pool[:n])
            call = Graphed(update) if graph else update
            for b in batches: metrics = call(b)
        weights[graph] = torch.cat([p.detach().flatten() for model in models for p in model.parameters()])
        assert all(v.isfinite().all() for v in metrics.values())
    torch.testing.assert_close(weights[True], weights[False], rtol=1e-3, atol=1e-5)
    dice = Graphed(lambda b: dict(x=torch.rand((), device='cuda') + 0 * b.r.sum()))
    assert len({float(dice(batches[0])['x']) for _ in range(8)}) == 8


def test_an_evaluation_in_processes_gives_the_same_scores(tmp_path):
    scores = {}
    for workers in (1, 2):
        trainer = Trainer(preset('tiny', evaluation_workers=workers), tmp_path / str(workers))
        trainer.log, trainer.progress = RunLog(tmp_path), Progress(trainer.config, show=False)
        assert trainer.workers() == workers
        scores[workers] = trainer.evaluate(65)
    assert scores[1] == scores[2] and len(scores[1]) == 65 and len(set(scores[1])) > 1
    trainer = Trainer(preset('tiny'), tmp_path / '3')
    assert trainer.workers() == 1, 'on a CPU, unless asked for'
    trainer.device = torch.device('cuda')
    assert trainer.workers() == torch.get_num_threads()


def test_time_left_is_told_only_once_a_little_is_done():
    progress = Progress(preset('tiny'), show=True)
    total = progress.bar.total
    progress.bar.n = int(.01 * total); progress.show()
    assert 'remaining' not in progress.bar.bar_format
    progress.bar.n = int(.03 * total); progress.show()
    assert '<{remaining}' in progress.bar.bar_format
    again = Progress(preset('tiny'), show=True)
    again.catch_up(dict(observation=400))                         # work of an earlier process says nothing about rates
    again.show()
    assert again.bar.n == again.before > .02 * total and 'remaining' not in again.bar.bar_format


def test_a_run_of_another_preset_is_refused_in_a_readable_sentence(tmp_path):
    from twm_nb.config import save_config
    from twm_nb.trainer import status
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
    config = preset('tiny', **SHORT, sampling_temperature=float('inf'))
    Trainer(config, tmp_path / 'run').fit()
    lines, (scalars, board) = read_metrics(tmp_path / 'run'), drawn(tmp_path / 'run')
    assert sorted(scalars)[0] == '1_score/score' and 5 < len(scalars) <= 12
    assert [p[:2] for p in scalars['1_score/score']] == [(l['step'], pytest.approx(l['score'])) for l in lines if l['phase'] == 'evaluation']
    trained = [l for l in lines if l['phase'] == 'train']
    assert [p[:2] for p in scalars['4_progress/updates']] == [(l['interactions'], l['step']) for l in trained]
    assert len(scalars['4_progress/updates_per_second']) == len(trained) - 1
    assert [p[:2] for p in scalars['2_losses/reconstruction']] == [(l.get('interactions'), pytest.approx(l['reconstruction'], rel=1e-5)) for l in lines if 'reconstruction' in l]
    assert {p[0] for points in scalars.values() for p in points} <= set(range(150, 181)), 'nothing is drawn over updates'
    times = [p[2] for p in scalars['2_losses/actor']]
    assert np.allclose(np.diff(times), np.diff([l['seconds'] for l in lines if 'loss_actor' in l]), atol=5e-3)
    from matplotlib.image import imread
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
    picture, shape = board.Images('5_dream/dream')[0], imread(tmp_path / 'run' / 'dream.png').shape
    assert (picture.step, picture.height, picture.width) == (180, *shape[:2])
    told = HParamsPluginData.FromString(board.PluginTagToContent('hparams')['_hparams_/session_start_info']).session_start_info.hparams
    assert told.keys() == vars(config).keys() and told['horizon'].number_value == 8 and told['sampling_temperature'].string_value == 'inf' and told['use_memory'].string_value == 'True'
    metrics = HParamsPluginData.FromString(board.PluginTagToContent('hparams')['_hparams_/experiment']).experiment.metric_infos
    assert [m.name.tag for m in metrics] == ['1_score/score']


def test_a_run_that_goes_on_tells_and_draws_each_line_once(tmp_path):
    told, config = [], preset('tiny', **SHORT)
    trainer = Trainer(config, tmp_path / 'run', on_line=told.append)
    safe_place = trainer.safe_place
    def stop_on_the_way():
        if trainer.updates == 1: trainer.signals.asked = 15
        safe_place()
    trainer.safe_place = stop_on_the_way
    with pytest.raises(Stopped): trainer.fit()
    first = len(told)
    Trainer(config, tmp_path / 'run', on_line=told.append).fit()
    lines, (scalars, _) = read_metrics(tmp_path / 'run'), drawn(tmp_path / 'run')
    assert 0 < first < len(told) and told == lines
    for tag, key in (('1_score/score', 'score'), ('2_losses/critic', 'loss_critic'), ('3_entropies/codes', 'encoder_entropy')):
        assert [p[:2] for p in scalars[tag]] == [(l['interactions'], pytest.approx(l[key], rel=1e-5)) for l in lines if key in l], tag
    assert [p[1] for p in scalars['4_progress/updates']] == [l['step'] for l in lines if l['phase'] == 'train']


def test_rates_count_neither_evaluations_nor_what_came_before(tmp_path):
    log = RunLog(tmp_path)
    log.rates(dict(phase='train', step=10, interactions=1_000, seconds=10.))
    log.rates(dict(phase='evaluation', step=1_000, evaluation_seconds=50.))
    assert log.rates(dict(phase='train', step=30, interactions=1_015, seconds=65.)) == {'4_progress/updates': 30, '4_progress/updates_per_second': 4, '4_progress/steps_per_second': 3}
    assert log.rates(dict(phase='train', step=40, interactions=1_020, seconds=66.))['4_progress/updates_per_second'] == 10
    log.close()


@pytest.mark.parametrize('terminal', [False, True])
def test_progress_in_a_file_is_a_line_a_minute(capsys, monkeypatch, terminal):
    clock = [1e6]
    monkeypatch.setattr('tqdm.std.time', lambda: clock[0])
    monkeypatch.setattr(sys.stderr, 'isatty', lambda: terminal)
    progress = Progress(preset('tiny'))
    for i in range(1, 16):
        clock[0] += 20
        progress.show('pretraining'); progress.advance('observation')
    progress.close()
    err = capsys.readouterr().err
    if terminal: assert err.count('\r') > 15; return
    lines = err.split('\n')
    assert '\r' not in err and len(lines) == 5 + 1 + 1, 'after 1 to 5 minutes, at the end, and nothing after the last'
    assert lines[0].startswith('Catch 0 ') and '01:00' in lines[0] and 'pretraining' in lines[0] and '02:00' in lines[1] and all(len(l) < 80 for l in lines)


def test_a_short_run_leaves_no_line_of_progress(capsys):
    progress = Progress(preset('tiny'))
    progress.show(); progress.advance('observation'); progress.close()
    assert capsys.readouterr().err == ''


@pytest.mark.parametrize('umask', [0o022, 0o027])
def test_all_files_of_a_run_are_as_the_umask_says(tmp_path, umask):
    before = os.umask(umask)
    try: Trainer(preset('tiny', **{**SHORT, 'evaluation_episodes': 0, 'final_evaluation_episodes': 1}), tmp_path / 'run').fit()
    finally: os.umask(before)
    modes = {str(f.relative_to(tmp_path)): (stat.S_IMODE(f.stat().st_mode), (0o777 if f.is_dir() else 0o666) & ~umask) for f in (tmp_path / 'run').rglob('*')}
    assert {'run/agent/agent.safetensors', 'run/models/models.safetensors', 'run/checkpoint/frames.bin'} <= modes.keys() and any(name.endswith('state.pt') for name in modes)
    assert {name: tuple(map(oct, m)) for name, m in modes.items() if m[0] != m[1]} == {}
