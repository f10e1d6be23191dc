"""sha256 of the weights of short runs. Before and after a change that should change nothing, on one machine:

    python tests/exact_runs.py > before.txt
    python tests/exact_runs.py | diff before.txt -
"""
import hashlib
import tempfile
from pathlib import Path

import torch

torch.set_num_threads(1)
from twm_nb.checkpoint import Stopped
from twm_nb.config import preset
from twm_nb.trainer import Trainer

SHORT = dict(environment_steps=440, prefill_steps=400, pretraining_samples=16_000,
             total_samples=50_000, evaluation_every=20, evaluation_episodes=5,
             final_evaluation_episodes=10, log_every=4, device='cpu', threads=1)
RUNS = {f'Catch {dtype} seed {seed}': ('tiny', dict(dtype=dtype, seed=seed))
        for dtype in ('float32', 'bfloat16') for seed in (0, 1)}
RUNS |= {'Catch zh': ('tiny', dict(policy_input='zh')), 'Catch without memory': ('tiny', dict(use_memory=False)),
         'Catch uniform': ('tiny', dict(sampling_temperature=float('inf'))),
         'Catch zh, resumed': ('tiny', dict(policy_input='zh')),
         'Boxing': ('small', dict(game='Boxing', dtype='float32',
                                  environment_steps=460, pretraining_samples=14_000, total_samples=100_000,
                                  max_frames_per_episode=400, evaluation_every=1000, final_evaluation_episodes=1))}


def resumed(config, folder):
    "Stopped and taken up again at a third and at two thirds of the way."
    for turns in (150, 300):
        trainer, count = Trainer(config, folder), iter(range(10**9))
        safe_place = trainer.safe_place
        def place():
            if next(count) == turns: trainer.signals.asked = 15
            safe_place()
        trainer.safe_place = place
        try: trainer.fit()
        except Stopped: pass
    Trainer(config, folder).fit()


for name, (size, changes) in RUNS.items():
    with tempfile.TemporaryDirectory() as folder:
        config = preset(size, **SHORT | changes)
        if name.endswith('resumed'): resumed(config, Path(folder, 'run'))
        else: Trainer(config, Path(folder, 'run')).fit()
        files = (Path(folder, 'run', part, f'{part}.safetensors').read_bytes() for part in ('agent', 'models'))
        print(name, *(hashlib.sha256(f).hexdigest()[:16] for f in files), flush=True)
