"What several test files share."
import signal
from pathlib import Path

import torch
from hypothesis import HealthCheck, settings

torch.set_num_threads(1)
settings.register_profile('tests', derandomize=True, deadline=None, database=None,
                          suppress_health_check=list(HealthCheck))
settings.load_profile('tests')      # the same examples in every run
# where tests run in the background of a shell Ctrl-C is ignored, and would be by the commands that they start
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN: signal.signal(signal.SIGINT, signal.default_int_handler)
from twm_nb.balanced_sampler import ReplayDataset
from twm_nb.config import preset
from twm_nb.envs import make_env
from twm_nb.system import Done
from twm_nb.twm import TWM

# a run of seconds
SHORT = dict(environment_steps=180, prefill_steps=150, pretraining_samples=3_000, total_samples=7_000,
             evaluation_every=10, evaluation_episodes=3, final_evaluation_episodes=5, log_every=2)


def short(**changes): return preset('tiny', **SHORT | changes)


def fields(**values):
    "What stands behind --set."
    return [f'{k}={v}' for k, v in values.items()]


class Nothing:
    "Takes the place of a log or a bar."
    def __getattr__(self, name): return lambda *args, **kwargs: None


def collected(config, steps, room=None):
    "A dataset of real steps of `config.game` under actions in turn; with `room` for more."
    env, data = make_env(config.game, config), ReplayDataset(room or steps, config.frame_stack)
    data.start(env.reset(seed=0)[0])
    for t in range(steps):
        o, r, terminated, truncated, _ = env.step(t % 3)
        data.append(t % 3, r, terminated, truncated, env.reset()[0] if terminated or truncated else o)
    return data


def new_system(config, num_actions=3, seed=0):
    "TWM with weights that depend on `seed` alone."
    torch.manual_seed(seed)
    return TWM(config, num_actions)


def walk(system, done=None):
    "What `system.next` says from `done` on, as if each were done: the trainer's loop without the work."
    done = done or Done()
    while (what := system.next(done)) != 'end':
        yield what
        done.count(what)


def contents(folder):
    "{path: bytes} of all files of a folder but the lock, and of its folders {path: None}."
    return {f: f.read_bytes() if f.is_file() else None for f in sorted(Path(folder).rglob('*')) if f.name != 'lock'}


def certain(logits):
    "Logits (…, V, K) of codes that are drawn at random here and certain from now on; and those codes (…, V)."
    z = torch.randint(logits.shape[-1], logits.shape[:-1])
    return torch.full_like(logits, -1e4).scatter_(-1, z[..., None], 1e4), z
