"Pictures: no pixel of a frame is lost on the way into a file; files are the same each time, with text as text."
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from IPython.core.pylabtools import print_figure
from numpy.lib.stride_tricks import sliding_window_view

from twm_nb.balanced_sampler import Batch
from twm_nb.show import COLOURS, as_image, film_strip, save_figure
from twm_nb.trainer import dream_strip

ROOT = Path(__file__).resolve().parent.parent
TRUTH, DREAM = np.random.default_rng(0).integers(0, 256, (2, 12, 64, 64), dtype=np.uint8)

def places(file, frame, scale):
    "Where `frame`, each pixel a square of `scale` dots, is in a picture file: [(top, left)]."
    picture = (plt.imread(file)[..., :3] * 255).round().astype(np.uint8)
    big = frame.repeat(scale, 0).repeat(scale, 1)
    side = len(big)
    begins = (sliding_window_view(picture[..., 0], side, axis=1)[..., ::32] == big[0, ::32]).all(-1)
    return [(y, x) for y, x in np.argwhere(begins) if (picture[y:y + side, x:x + side] == big[..., None]).all()]

@pytest.mark.parametrize('kwargs, scale, per_line', [(dict(), 2, 6), (dict(shown=4), 2, 6), (dict(shown=4, columns=5, scale=3), 3, 4), (dict(columns=12), 2, 12),
                                                     (dict(every=5, below=[f't={t}\nb' for t in range(12)]), 2, 3)])
def test_each_pixel_of_a_frame_is_a_square_in_the_file(tmp_path, kwargs, scale, per_line):
    figure = film_strip({'truth': TRUTH, 'a long name\nof a dream': DREAM / 255}, above=list('abcdefghijkl'), **kwargs)
    file, = save_figure(figure, tmp_path / 'strip', ('png',), dpi=80)
    found = [[places(file, frame, scale) for frame in frames[::kwargs.get('every', 1)]] for frames in (TRUTH, DREAM)]
    assert all(len(p) == 1 for row in found for p in row)                            # each once, unchanged
    found = np.array(found)[:, :, 0].reshape(2, -1, per_line, 2)                     # (row, line, column, (top, left))
    assert (found[..., 0] == found[:, :, :1, 0]).all() and (np.diff(found[..., 1]) > 64 * scale).all()    # side by side, in the order of time
    assert (found[1, :, 0, 0] - found[0, :, 0, 0] >= 64 * scale).all() and (np.diff(found[0, :, 0, 0]) > 2 * 64 * scale).all()

def test_of_a_stack_the_newest_frame_is_shown():
    stack = np.arange(4, dtype=np.uint8).repeat(64 * 64).reshape(4, 64, 64)
    assert (as_image(stack) == 3).all() and (as_image(stack / 3) == 255).all() and (as_image(stack[1]) == 1).all()

def test_a_notebook_shows_the_pixels_too(tmp_path):
    (tmp_path / 'shown.png').write_bytes(print_figure(film_strip({'truth': TRUTH[:3]}, shown=1)))    # cut to what is drawn, as the inline backend does
    assert [len(places(tmp_path / 'shown.png', f, 2)) for f in TRUTH[:3]] == [1, 1, 1]

def test_shown_steps_are_set_apart(tmp_path):
    figure = film_strip({'a': TRUTH, 'b': DREAM}, above=[f't={t}' for t in range(12)], shown=4)
    file, = save_figure(figure, tmp_path / 'strip', ('png',))
    left = [places(file, f, 2)[0][1] for f in TRUTH[:6]]
    ax, = figure.axes
    assert np.diff(left).tolist() == [134, 134, 134, 154, 134]                        # a gap after the fourth
    line, = ax.lines
    assert left[3] + 128 < line.get_xdata()[0] < left[4] and line.get_color() == COLOURS[1]
    colour = {t.get_text(): t.get_color() for t in ax.texts}
    assert [t for t in range(12) if colour[f't={t}'] == COLOURS[1]] == list(range(4, 12))
    assert not film_strip({'a': TRUTH}, above=['x'] * 12).axes[0].lines

def test_texts_stand_at_their_frames(tmp_path):
    figure = film_strip({'a': TRUTH, 'b': DREAM}, above=[f'{t}' for t in range(12)], below={'a': [f'a{t}' for t in range(12)], 'b': [f'b{t}\nx' for t in range(9)]}, every=2)
    file, = save_figure(figure, tmp_path / 'strip', ('png',))
    at = {t.get_text(): t.get_position() for t in figure.axes[0].texts}
    assert set(at) == {*map(str, range(0, 12, 2)), *(f'a{t}' for t in range(0, 12, 2)), *(f'b{t}\nx' for t in range(0, 9, 2)), 'a', 'b'}
    for t in range(0, 8, 2):
        (top, left), = places(file, TRUTH[t], 2); (below, _), = places(file, DREAM[t], 2)
        assert {at[k][0] for k in (f'{t}', f'a{t}', f'b{t}\nx')} == {left + 64}
        assert at[f'{t}'][1] < top < top + 128 < at[f'a{t}'][1] < below < below + 128 < at[f'b{t}\nx'][1]

# --- a run's picture

class Episodes:
    "The part of a dataset that `dream_strip` reads: one stretch of `length` steps, which ends in a terminal state."
    device = 'cpu'
    def __init__(self, length):
        self.d, self.frames = torch.zeros(length, dtype=torch.bool), torch.zeros(length + 1, 64, 64)
        t = torch.arange(length + 1.)[None]
        self.batch = Batch(o=torch.zeros(1, length + 2, 1, 64, 64, dtype=torch.uint8), a=t.long(), r=t / 10, terminated=t == length, d=t == length)
    def __len__(self): return len(self.d)
    def transitions(self, starts, length): return self.batch
    def sequences(self, starts, length): return self.batch

@pytest.mark.parametrize('steps, length, context', [(40, 14, 4), (13, 13, 3), (11, 11, 1), (5, 5, 1)])
def test_a_run_shows_ten_dreamed_steps_and_the_truth_beside_them(steps, length, context, monkeypatch):
    "With a system that dreams what it was told: rewards from step `context` on, the last that it was shown."
    data, asked = Episodes(steps), []
    data.batch, heard = Episodes(length).batch, length + 1 - context
    def dream(system, windows, context):
        asked.append(context)
        return torch.zeros(1, heard + 1, 1, 64, 64), torch.arange(context - 1, length)[None] / 4 - .001, torch.full((1, heard), .5)
    monkeypatch.setattr('twm_nb.trainer.open_loop', dream)
    monkeypatch.setattr('twm_nb.trainer.reconstructions', lambda system, windows: torch.zeros(1, length + 1, 1, 64, 64))
    texts = [t.get_text() for t in dream_strip(None, data).axes[0].texts]
    assert asked == [context]
    assert [t for t in texts if 'shown' in t] == [f't={t}\nshown' for t in range(1, context + 1)]
    assert [t for t in texts if 'dreamed' in t] == [f't={t}\ndreamed' for t in range(context + 1, length + 1)]
    steps = range(context, length + 1)
    assert [t for t in texts if 'r=' in t] == [f'r={(t - 1) / 4 - .001:+z.2f} ({t / 10:+.2g})\nγ=0.50' + ' (end)' * (t == length) for t in steps]

# --- files

CODE = "from twm_nb.show import curves, save_figure; save_figure(curves({'σ of a': [1, 2], 'b': [2, 1]}, title='words, $h_t$', xlabel='steps'), '%s/figure')"

def test_files_are_the_same_in_another_process_with_text_as_text(tmp_path):
    exec(CODE % (tmp_path / 'one'))
    subprocess.run([sys.executable, '-c', CODE % (tmp_path / 'two')], check=True, env=os.environ | dict(PYTHONHASHSEED='7', PYTHONPATH=str(ROOT)))
    for f in ('figure.png', 'figure.svg', 'figure.pdf'): assert (tmp_path / 'one' / f).read_bytes() == (tmp_path / 'two' / f).read_bytes(), f
    assert '>steps</text>' in (tmp_path / 'one/figure.svg').read_text(encoding='utf-8')
    pdf = (tmp_path / 'one/figure.pdf').read_bytes()
    assert b'/FontFile2' in pdf and b'/Type3' not in pdf
