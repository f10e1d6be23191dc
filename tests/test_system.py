"""The contract: what comes next, against plain loops; and a system that is no part of the package, under the same
commands."""
import inspect
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from conftest import SHORT, collected, new_system, walk
from twm_nb.config import ConfigError, preset
from twm_nb.system import Done, open_loop, reconstructions
from twm_nb.twm import PRETRAINING, TWM, plan

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ENV = os.environ | dict(PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get('PYTHONPATH', '')]))


def words(config, done=None):
    "What comes next, asked of `TWM.next` without weights."
    asked = SimpleNamespace(config=config, planned=plan(config))
    return list(walk(SimpleNamespace(next=lambda done: TWM.next(asked, done)), done))


def by_loops(c):
    """The same order as nested loops would give it: prefill, pretraining, evaluation, and interactions and updates by
    turns."""
    real, imagined = c.batch_size * c.sequence_length, c.imagination_batch_size * c.horizon
    order = ['explore'] * c.prefill_steps
    for kind, share, cost in zip(PRETRAINING, c.pretraining_shares, (c.pretraining_frames, real, imagined)):
        order += [kind] * int(round(c.pretraining_samples * share) // cost)
    order.append('evaluate')
    total, made = (c.total_samples - c.pretraining_samples) // (real + imagined), 0
    interactions = c.environment_steps - c.prefill_steps
    for i in range(interactions + 1):
        due = total * i // interactions if interactions else total
        order += ['train'] * (due - made)
        made = due
        if 0 < i < interactions and (c.prefill_steps + i) % c.evaluation_every == 0: order.append('evaluate')
        if i < interactions: order.append('interact')
    return order


ORDER = dict(environment_steps=340, prefill_steps=300, pretraining_samples=6_000, total_samples=60_000,
             evaluation_every=20)


@pytest.mark.parametrize('changes', [
    {}, dict(environment_steps=300), dict(evaluation_every=7), dict(pretraining_samples=0), dict(total_samples=6_000),
    dict(evaluation_every=100), dict(prefill_steps=280, total_samples=1_000_000)])
def test_what_comes_next_is_what_nested_loops_do(changes):
    c = preset('tiny', **ORDER | changes)
    assert words(c) == by_loops(c)


@pytest.mark.parametrize('name', ['tiny', 'small'])
def test_presets_follow_the_algorithm(name):
    assert words(preset(name)) == by_loops(preset(name))


def test_goes_on_from_any_counters():
    c = preset('tiny', **ORDER)
    order, done = words(c), Done()
    for n, what in enumerate(order):
        if n % 7 == 0:
            copy = Done(done.interactions, done.updates.copy(), done.evaluated)
            assert words(c, copy) == order[n:]
        done.count(what)


def test_next_fits_on_a_page():
    assert len([l for l in inspect.getsource(TWM.next).splitlines() if l.strip()]) <= 25


def real_windows(config, n=6, length=7): return collected(config, 60).sequences(torch.arange(n), length)


def test_an_open_loop_sees_its_context_and_nothing_else():
    """Other observations after the context leave the dream alone, others within change it; and the actions are the real
    ones."""
    config = preset('tiny')
    system, windows = new_system(config), real_windows(config)

    def dream(change=None, actions=None):
        torch.manual_seed(1)
        w = type(windows)(**vars(windows))
        if change is not None: w.o = w.o.clone(); w.o[:, change] = 255 - w.o[:, change]
        if actions is not None: w.a = actions
        return open_loop(system, w, context=3)
    frames, r, g = dream()
    assert frames.shape == (6, 6, 1, 64, 64) and r.shape == g.shape == (6, 5)
    for later in range(4, 9): assert all(torch.equal(x, y) for x, y in zip(dream(later), (frames, r, g)))
    for seen in (0, 1, 2, 3): assert not torch.equal(dream(seen)[1], r), seen
    other = windows.a.clone(); other[:, 4] = (other[:, 4] + 1) % 3
    changed = dream(actions=other)[1]
    assert torch.equal(changed[:, 0], r[:, 0]) and not torch.equal(changed[:, 1], r[:, 1])


def test_a_longer_context_is_one_pass_over_it():
    "The hidden state from which an open loop goes on is that of a single pass over context and present step."
    config = preset('tiny')
    system, windows = new_system(config), real_windows(config)
    first = type(windows)(o=windows.o[:, :5], a=windows.a[:, :4], r=windows.r[:, :4], terminated=None,
                          d=windows.d[:, :4])
    starts = system.starts(first)
    dream = system.dream(starts)
    dream.step(windows.a[:, 4])
    with torch.no_grad():
        r, d = windows.r[:, :5], windows.d[:, :5]
        h = system.world_model.dynamics.eval().hidden(starts.z, windows.a[:, :5], r, d)
    torch.testing.assert_close(dream.before[1], h[:, -1], rtol=0, atol=1e-5)


def test_reconstructions_are_those_of_the_decoder(monkeypatch):
    monkeypatch.setattr('twm_nb.world_model.sample_categorical', lambda logits: logits.argmax(-1))
    config = preset('tiny')
    system, windows = new_system(config), real_windows(config)
    with torch.no_grad():
        for p in system.world_model.observation_model.decoder.parameters(): p.mul_(3)
        system.world_model.observation_model.encoder.mlp[-1].weight.mul_(1e3)
        expected = (system.world_model.decoded(system.world_model.codes(windows.o[:, 1:])) * 255).round()
    again = reconstructions(system, windows)
    assert (again - expected).abs().max() <= 1 and (again[:, 1:] - expected[:, :-1]).abs().max() > 20


# ----------------------------------------------------------------- a system of someone else's

@pytest.fixture(scope='module')
def elsewhere(tmp_path_factory):
    "A folder with the `my_system.py` that notebook 13a writes."
    folder = tmp_path_factory.mktemp('elsewhere')
    cells = json.loads((ROOT / 'nbs/13a_train.ipynb').read_text())['cells']
    cell = next(c for c in cells if c['cell_type'] == 'code' and ''.join(c['source']).startswith("source = '''"))
    found = re.match(r"source = '''\\\n(.*)'''\n", ''.join(cell['source']), re.S)
    (folder / 'my_system.py').write_text(found[1])
    assert len(found[1].splitlines()) <= 80
    return folder


def run(folder, line):
    return subprocess.run([BIN / line.split()[0], *line.split()[1:]], cwd=folder, text=True, capture_output=True,
                          env=ENV)


TRAIN = ('twm_train --system my_system:Table --game Catch --preset tiny '
         '--set final_evaluation_episodes=20 save_seconds=0 --run ')


def test_a_system_of_ones_own(elsewhere):
    "Trained, evaluated and filmed by the ordinary commands; killed and taken up again, it ends with the same bytes."
    done = run(elsewhere, TRAIN + 'whole')
    assert done.returncode == 0, done.stderr
    assert json.loads((elsewhere / 'whole/scores.json').read_text())['Catch'][0] > .8
    assert json.loads((elsewhere / 'whole/config.json').read_text())['system'] == 'my_system:Table'
    process = subprocess.Popen([BIN / 'twm_train', *(TRAIN + 'killed').split()[1:]], cwd=elsewhere, env=ENV,
                               stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    saved = elsewhere / 'killed/checkpoint'                # each checkpoint is soon replaced by a later one
    while process.poll() is None and not any(f.name.isdigit() and int(f.name) >= 3 for f in saved.glob('*')):
        time.sleep(.01)
    process.send_signal(signal.SIGKILL); process.wait()
    assert not (elsewhere / 'killed/scores.json').exists(), 'the run was over before it could be killed'
    done = run(elsewhere, TRAIN + 'killed')
    assert done.returncode == 0 and 'goes on from checkpoint' in done.stderr
    for name in ('agent/agent.safetensors', 'models/models.safetensors', 'scores.json', 'episodes.json'):
        assert (elsewhere / 'whole' / name).read_bytes() == (elsewhere / 'killed' / name).read_bytes(), name
    done = run(elsewhere, 'twm_eval whole --system my_system:Table --episodes 5')
    assert done.returncode == 0 and 'trained' in done.stdout, done.stderr
    done = run(elsewhere, 'twm_play whole --system my_system:Table --out film.gif --steps 8')
    assert done.returncode == 0 and (elsewhere / 'film.gif').stat().st_size > 1000, done.stderr


@pytest.mark.parametrize('line',
                         ['twm_eval x', 'twm_play x --out y.gif', 'twm_train --game Catch --preset tiny --run x'])
def test_code_that_a_folder_names_is_not_run_unasked(line, elsewhere, tmp_path):
    "A run folder whose configuration names a module of someone's, which would leave a trace if it were imported."
    (tmp_path / 'their.py').write_text("open('trace', 'w').close()\n")
    for name in ('x', 'x/agent', 'x/models'):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'config.json').write_text(json.dumps(dict(system='their:System', game='Catch')))
        for part in ('agent', 'models'): (tmp_path / name / f'{part}.safetensors').touch()
    done = run(tmp_path, line)
    assert done.returncode == 2 and not (tmp_path / 'trace').exists(), done.stderr
    assert 'their:System' in done.stderr and done.stderr.count('\n') == 1


# ----------------------------------------------------------------- an idea of someone's about what the policy sees

EDITS = [('config.py', "choices=('z', 'zh'))", "choices=('z', 'zh', 'zz'))"),
         ('world_model.py', "    if config.policy_input == 'z': return View(z)\n",
          """    if config.policy_input == 'z': return View(z)
    if config.policy_input == 'zz': return View(torch.cat([z, torch.where(first[..., None], z, before[0])], -1))
"""),
         ('world_model.py', "    return config.latent_variables, config", """\
    return config.latent_variables * (1 + (config.policy_input == 'zz')), config""")]
USE = """
import torch
from twm_nb.checkpoint import Stopped
from twm_nb.config import preset
from twm_nb.evaluation import evaluate
from twm_nb.system import load_agent, open_loop
from twm_nb.trainer import Trainer
torch.set_num_threads(1)
config = preset('tiny', policy_input='zz', **SHORT)
Trainer(config, 'whole').fit()
for kind, n in (('pretrain_actor_critic', 1), ('train', 2), (None, None)):
    trainer = Trainer(config, 'stopped')
    place = trainer.safe_place
    def stopping():
        if kind and trainer.done[kind] == n: trainer.signals.asked = 15
        place()
    trainer.safe_place = stopping
    try: trainer.fit(); assert kind is None
    except Stopped: assert kind
system, o = trainer.system, trainer.dataset.observations([20, 21, 22])
assert system.actor_critic.actor.net.first.in_features == 2 * 16 * 8
agent = load_agent('stopped')
z = [agent.encoder(o).argmax(-1), agent.encoder(o.flip(0)).argmax(-1)]
def same(p, codes): torch.testing.assert_close(p, agent.actor(torch.cat(codes, -1)).softmax(-1))
same(agent.probabilities(o)[0], [z[0], z[0]])              # at the start of an episode there is no state before
agent.forget()
agent.act(o)
first = torch.tensor([False, True, False])
same(agent.probabilities(o.flip(0), first=first)[0], [z[1], torch.where(first[:, None], z[1], z[0])])
assert evaluate(agent, 6, seed=1) == evaluate(system.agent(), 6, seed=1)
frames, *_ = open_loop(system, trainer.dataset.sequences(torch.arange(4), 6), 2)
assert frames.shape == (4, 6, 1, 64, 64)
dream = system.dream(system.starts(trainer.dataset.sequences(torch.arange(4), 1)))
before = dream.z
dream.step(torch.zeros(4, dtype=torch.long))
assert torch.equal(dream.x.codes, torch.cat([dream.z, before], -1)) and system.policy(dream.x).shape == (4, 3)
print('done')
"""


def test_what_the_policy_sees_is_made_in_one_place(tmp_path):
    """The last two latent states in place of one, by three edits of one line each in two modules: it trains, goes on,
    acts and dreams."""
    shutil.copytree(ROOT / 'twm_nb', tmp_path / 'twm_nb', ignore=shutil.ignore_patterns('__pycache__', 'data', '*.pyi'))
    for file, old, new in EDITS:
        text = (tmp_path / 'twm_nb' / file).read_text()
        assert text.count(old) == 1
        (tmp_path / 'twm_nb' / file).write_text(text.replace(old, new))
    done = subprocess.run([sys.executable, '-c', USE.replace('SHORT', repr(SHORT))], cwd=tmp_path, text=True,
                          capture_output=True, env=ENV | dict(PYTHONPATH=str(tmp_path)))
    assert done.stdout == 'done\n' and done.stderr.count('goes on from checkpoint') == 2, done.stderr
    for name in ('agent/agent.safetensors', 'models/models.safetensors', 'episodes.json'):
        assert (tmp_path / 'whole' / name).read_bytes() == (tmp_path / 'stopped' / name).read_bytes(), name


def test_a_system_that_is_not_there():
    for name in ('tmw', 'no_module:System', 'json:NoClass'):
        with pytest.raises(ConfigError, match=f"system='{name}' is not known"): preset('tiny', name)
