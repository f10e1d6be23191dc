"Scores in, statistics out: against the printed tables, an independent bootstrap in numpy, and bad input of every kind."
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import warnings
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import torch

import twm_nb.statistics as statistics
from twm_nb.config import preset, save_config
from twm_nb.envs import GAMES, HUMAN_SCORES, RANDOM_SCORES
from twm_nb.show import save_figure
from twm_nb.statistics import *
from twm_nb.statistics import SOURCES, TAUS, chance_to_win, numpy_seed, parse_scores

torch.set_num_threads(1)
FOLDER = os.environ.get('TWM_NB_SCORES')
needs_data = pytest.mark.skipif(not FOLDER, reason='TWM_NB_SCORES names no folder of per-run scores')

@pytest.fixture(scope='module')
def scores(): return load_scores()

@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    "A machine without the data: no folder is named, and the cache is empty."
    monkeypatch.delenv('TWM_NB_SCORES', raising=False)
    monkeypatch.setattr(statistics, 'cache_folder', lambda: tmp_path / 'cache')
    return tmp_path

def some(runs=5, games=('Pong', 'Boxing', 'Krull'), seed=0, method='some'):
    random = np.random.default_rng(seed)
    return Scores(method, {g: RANDOM_SCORES[g] + random.gamma(1., size=runs) * (HUMAN_SCORES[g] - RANDOM_SCORES[g]) for g in games})

def resampled(x, func, reps, seed):
    "Stratified bootstrap, the slow and obvious way: for each game as many of its runs as there are; the 95% interval of `func`."
    random, values = np.random.default_rng(seed), []
    for _ in range(reps): values.append(func(np.stack([random.choice(x[:, j], size=len(x)) for j in range(x.shape[1])], axis=1)))
    return np.percentile(values, [2.5, 97.5], axis=0)

# --- the paper's numbers

@needs_data
def test_means_and_medians_are_those_of_table_1(scores):
    printed = paper_table('table1')['aggregates']
    assert tuple(scores) == METHODS
    for m, s in scores.items():
        median, iqm, mean, gap = point_estimates(s.normalised())
        assert abs(mean - printed['normalized_mean'][m]) < .0006 and abs(median - printed['normalized_median'][m]) < .0006, m

@needs_data
def test_game_means_are_those_of_table_1(scores):
    for m, s in scores.items():
        assert s.games == GAMES and s.runs == (5 if m in ('SimPLe', 'TWM') else 100)
        for g, row in paper_table('table1')['games'].items(): assert abs(s.mean(g) - row[m]) <= .0501, (m, g)

@needs_data
def test_diamond_is_an_extra():
    diamond = load_scores(methods=('DIAMOND',))['DIAMOND']
    assert diamond.runs == 5 and 1.4 < point_estimates(diamond.normalised())[2] < 1.52      # a mean of 1.46 is published

def test_tables_need_no_data(nowhere):
    table = table1()
    assert [r[0] for r in table.rows[:26]] == list(GAMES) and table.columns[1:] == paper_table('table1')['columns']
    assert {r[0]: b for r, b in zip(table.rows[:26], table.best)} == {g: paper_table('table1')['bold'][g] for g in GAMES}
    assert '| **15981.7** |' in table.markdown() and 'UpNDown,533.4,11693.2,3075.0,2646.4,4324.5,10859.2,3350.3,15981.7,TWM\n' in table.csv()
    assert [r[-1] for r in table2().rows if r[0].startswith('normalised mean')] == ['0.956', '0.956']
    assert {(d['column'], d['what']) for d in differences()} == {('DrQ(ε)', 'median, from game means')}
    figure3(aggregates(printed_scores()), comparison_note(printed_scores()))

def test_neighbours_are_columns():
    table = table1(extra=NEIGHBOURS)
    pong = dict(zip(table.columns, next(r for r in table.rows if r[0] == 'Pong')))
    assert (pong['STORM'], pong['IRIS'], pong['SWM (4 frames)']) == ('11.0', '15.0', '11.8')
    with pytest.raises(ScoresError, match='DreamerV9'): neighbours(('DreamerV9',))

def test_table_4_follows_the_config():
    for what, symbol, value, printed in table4().rows: assert value == printed or float(value) == float(printed), what
    changed = {r[0]: r[2] for r in table4(preset('paper', horizon=7, actor_units=(64, 32), critic_lr=3e-6)).rows}
    assert (changed['Imagination horizon'], changed['Actor units'], changed['Critic learning rate']) == ('7', '64, 32', '0.000003')

def test_table_5_counts_the_models():
    rows = {r[0]: r[2] for r in table5().rows}
    assert rows == {'Observation model': '8,234,532', 'Dynamics model': '10,782,466', 'Actor': '1,322,002', 'Critic': '1,313,281', 'World model': '19,016,998',
                    'Actor-critic': '2,635,283', 'Total': '21,652,281', 'Encoder + actor (at inference time)': '4,448,994'}

# --- the bootstrap

def test_aggregates_by_hand():
    x = np.array([[0., 2., 4.], [1., 3., .5], [2., 1., 0.], [.2, .4, 6.]])
    flat = np.sort(x.ravel())
    assert np.allclose(point_estimates(x), [np.median(x.mean(0)), flat[3:9].mean(), x.mean(), 1 - np.minimum(x, 1).mean()])

@needs_data
def test_interval_against_an_independent_bootstrap(scores):
    x = scores['TWM'].normalised()
    def func(x): return np.array([np.median(x.mean(0)), np.sort(x.ravel())[32:98].mean(), x.mean(), 1 - np.minimum(x, 1).mean()])
    low, high = resampled(x, func, 6000, seed=1)
    rows = {r['metric']: r for r in aggregates({'TWM': scores['TWM']})}
    for k, l, h in zip(METRICS, low, high):
        width = h - l       # an end of 2,000 resamples has a standard error of about 3% of the width
        assert abs(rows[k]['low'] - l) < .1 * width and abs(rows[k]['high'] - h) < .1 * width, k

def test_profile_against_an_independent_bootstrap():
    s, taus = some(runs=100), np.array([0., .3, 1., 2.])
    share, low, high = profiles({'some': s}, taus=taus)['some']
    x = s.normalised()
    func = lambda x: np.array([(x > t).mean() for t in taus])
    assert np.allclose(share, func(x)) and np.abs(np.array([low, high]) - resampled(x, func, 4000, seed=2)).max() <= .1 * (high - low).max() + 1 / x.size

def test_strata_are_games():
    x = np.array([[0., 10.], [0., 20.], [0., 30.]])    # resampling over games as well would mix 0 into the second column
    point, low, high = bootstrap(x, lambda x: x.max(0))
    assert (low[0], high[0]) == (0, 0) and low[1] >= 10 and high[1] == 30

def test_chance_to_win_is_mann_whitney():
    from rliable.metrics import probability_of_improvement
    x, y = some(5).normalised().round(1), some(7, seed=1).normalised().round(1)    # rounded, so that there are ties
    assert np.isclose(chance_to_win(x, y)[0], probability_of_improvement(x, y))
    assert np.isclose(chance_to_win(x, y)[0] + chance_to_win(y, x)[0], 1)

def test_improvement_resamples_both_sides():
    a, b = some(4, method='a'), some(9, seed=1, method='b')
    row, = improvement({'a': a, 'b': b}, of='a')
    x, y, random = a.normalised(b.games), b.normalised(), np.random.default_rng(0)
    draw = lambda x: x[random.integers(len(x), size=x.shape), np.arange(x.shape[1])]
    low, high = np.quantile([np.mean([(draw(x)[:, None] > draw(y)[None]).mean()]) for _ in range(4000)], [.025, .975])
    assert abs(row['low'] - low) < .03 and abs(row['high'] - high) < .03 and row['low'] < row['point'] < row['high']

def test_repeatable_by_seed_and_independent_of_other_methods():
    a, b = some(method='a'), some(8, seed=3, method='b')
    rows = aggregates({'a': a, 'b': b}, reps=100)
    np.random.random(17)
    assert aggregates({'b': b, 'a': a}, reps=100)[:4] == rows[4:]
    assert aggregates({'a': a}, reps=100, seed=1) != rows[:4]

def test_global_generator_is_seeded_inside_and_restored():
    np.random.seed(5); np.random.standard_normal()      # leaves half a pair of normals behind, which has to come back too
    before = np.random.get_state()
    with numpy_seed(3): inside = np.random.random(2)
    assert inside.tolist() == np.random.RandomState(3).random_sample(2).tolist()
    aggregates({'some': some()}, reps=10); profiles({'some': some()}, reps=10)
    with pytest.raises(ZeroDivisionError):
        with numpy_seed(3): np.random.random(); 1 / 0
    for x, y in zip(before, np.random.get_state()): assert np.array_equal(x, y)

def test_one_run_has_no_interval():
    rows = aggregates({'one': some(1)}, reps=10)
    assert all(np.isnan(r['low']) and np.isnan(r['high']) and np.isfinite(r['point']) for r in rows)
    assert rows_csv(rows).splitlines()[1].endswith(',,')
    assert 'No interval for one' in comparison_note({'one': some(1), 'some': some()})

def test_same_input_same_bytes(tmp_path):
    s = {'SPR': some(), 'TWM': some(seed=1)}
    for i in '12':
        save_figure(figure3(aggregates(s, reps=20), comparison_note(s)), tmp_path / i / 'fig03')
        save_figure(figure4(profiles(s, reps=20), comparison_note(s)), tmp_path / i / 'fig04')
        save_figure(improvement_figure(improvement(s, reps=20)), tmp_path / i / 'improvement')
        save_figure(games_figure(by_game(s, reps=20)), tmp_path / i / 'games')
        (tmp_path / i / 'a.csv').write_text(rows_csv(aggregates(s, reps=20)))
        (tmp_path / i / 'p.csv').write_text(rows_csv(profile_rows(profiles(s, reps=20))))
    files = sorted(p.name for p in (tmp_path / '1').iterdir())
    assert len(files) == 4 * 3 + 2
    for f in files: assert (tmp_path / '1' / f).read_bytes() == (tmp_path / '2' / f).read_bytes(), f

# --- the figures

def test_axes_of_figure_3_are_named():
    figure = figure3(aggregates({'SPR': some(), 'TWM': some(seed=1)}, reps=10))
    assert [ax.get_xlabel() for ax in figure.axes] == ['human-normalised score'] * 4

def test_profiles_are_steps_on_either_axis():
    from rliable.plot_utils import _non_linear_scaling
    found = profiles({'SPR': some(7), 'TWM': some(9, seed=1)}, reps=10)
    stretched, where, ticks = _non_linear_scaling({m: lines[0] for m, lines in found.items()}, TAUS, xticklabels=[TAUS[4], TAUS[20], TAUS[40]])
    for non_linear, x in ((False, TAUS), (True, stretched)):
        ax, = figure4(found, use_non_linear_scale=non_linear).axes
        for line, (share, _, _) in zip(ax.lines, found.values()):
            assert line.get_drawstyle() == 'steps-post' and np.allclose(line.get_xdata(), x) and np.array_equal(line.get_ydata(), share)
        assert np.allclose(ax.get_xlim(), (x[0], x[-1]))
    shown = {t.get_text(): at for t, at in zip(ax.get_xticklabels(), ax.get_xticks())}
    assert np.allclose([shown['0.1'], shown['0.5'], shown['1']], where) and ticks == [.1, .5, 1]

def test_a_step_is_where_the_score_is():
    "A score of 0.5 counts below τ = 0.5, and no more from there on."
    x = Scores('SPR', {'Pong': [RANDOM_SCORES['Pong'] + .5 * (HUMAN_SCORES['Pong'] - RANDOM_SCORES['Pong'])] * 2})
    ax, = figure4(profiles({'SPR': x}, reps=5)).axes
    y = ax.lines[0].get_ydata()
    assert ax.lines[0].get_drawstyle() == 'steps-post' and y[list(TAUS).index(.5) - 1] == 1 and y[list(TAUS).index(.5)] == 0

def test_game_by_game():
    a, b = some(4, method='a'), some(6, seed=1, method='b')
    rows = by_game({'a': a, 'b': b}, of='b', reps=50)
    means = {(m, g): x.mean() for m, s in (('a', a), ('b', b)) for g, x in zip(s.games, s.normalised().T)}
    assert {(r['method'], r['game']): r['point'] for r in rows} == pytest.approx(means)
    order = [r['game'] for r in rows if r['method'] == 'b']
    assert order == sorted(b.games, key=lambda g: means['b', g]) and all(r['low'] <= r['point'] <= r['high'] for r in rows)
    ax, = games_figure(rows, of='b').axes
    assert [t.get_text() for t in ax.get_yticklabels()] == order and ax.get_xlabel() == 'human-normalised score'
    assert [p.get_width() for p in ax.patches] == pytest.approx([means['b', g] for g in order])
    dots, = (l for l in ax.lines if l.get_label() == 'a')
    assert list(dots.get_xdata()) == pytest.approx([means['a', g] for g in order])
    with warnings.catch_warnings(action='error'): games_figure(rows, of='b', note='word ' * 80).savefig(io.BytesIO())      # there is room, for few games too
    assert not games_figure(by_game({'a': some(1), 'b': some(1, seed=1)}, of='b'), of='b').axes[0].collections      # one run: no interval

# --- where scores come from, and what is refused

def says(*words):
    "Expects a `ScoresError` of one sentence with all of `words`."
    return pytest.raises(ScoresError, match='^' + ''.join(f'(?=.*{w})' for w in words) + r'[^\n]*\.$')

def test_no_data_anywhere(nowhere):
    with says('TWM_NB_SCORES', 'download=True'): load_scores()

def test_folder_that_is_not_there(monkeypatch, tmp_path):
    with says('no folder'): load_scores(tmp_path / 'x')
    monkeypatch.setenv('TWM_NB_SCORES', str(tmp_path / 'y'))
    with says('no folder', 'y is'): load_scores()

@needs_data
def test_missing_file_and_wrong_checksum(tmp_path):
    shutil.copytree(FOLDER, tmp_path / 'copy')
    spr = tmp_path / 'copy' / 'SPR.json'
    spr.write_bytes(spr.read_bytes().replace(b'714.3', b'714.4', 1))
    with says('SPR.json', 'sha256', '055133e22ddb'): load_scores(tmp_path / 'copy')
    spr.unlink()
    with says('does not hold SPR.json'): load_scores(tmp_path / 'copy')

@pytest.mark.parametrize('change, words', [
    (lambda d: d['Pong'].pop(), ('different numbers', '1 of Pong', '2 of Alien')),
    (lambda d: d['Pong'].__setitem__(1, float('nan')), ('Pong', 'not a finite number', 'run 1')), (lambda d: d.update(Tetris=[1, 2]), ('Tetris', '26 games')),
    (lambda d: d.update(Pong=[]), ('no list of scores for Pong',)), (lambda d: d.clear(), ('no scores at all',))])
def test_damaged_scores(change, words):
    content = {g: [1., 2.] for g in GAMES}
    change(content)
    with says('SPR', *words): Scores('SPR', content)

def test_curl_takes_the_final_evaluation():
    text = json.dumps([{'game': 'Pong', 'seed': 10., 'HNS': 1., 'Max HNS': 9.}, {'game': 'Pong', 'seed': 9., 'HNS': 0., 'Max HNS': 9.}])
    assert np.allclose(parse_scores(text)['Pong'], [RANDOM_SCORES['Pong'], HUMAN_SCORES['Pong']])    # in the order of seeds

def test_unknown_method():
    with says('Rainbow', 'SPR'): load_scores(methods=('Rainbow',))

@pytest.fixture
def server(nowhere, monkeypatch):
    "A web server for the folder `web`, in the place of the public addresses."
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args): asked.append(self.path)
    asked, web = [], nowhere / 'web'
    web.mkdir()
    httpd = ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=web))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    monkeypatch.setenv('NO_PROXY', '127.0.0.1')
    here = {m: s | dict(address=f'http://127.0.0.1:{httpd.server_port}/{quote(s["file"])}') for m, s in SOURCES.items()}
    monkeypatch.setattr(statistics, 'SOURCES', here)
    yield web, asked
    httpd.shutdown(); httpd.server_close()

@needs_data
def test_download_is_checked_and_cached(server, nowhere):
    web, asked = server
    shutil.copytree(FOLDER, web, dirs_exist_ok=True)
    with says('download=True'): load_scores()
    assert not asked                                      # nothing goes to the network unasked
    assert tuple(load_scores(download=True)) == METHODS and len(asked) == 6
    load_scores(); load_scores(download=True)
    assert len(asked) == 6                                # all from the cache
    (nowhere / 'cache/SPR.json').write_text('{}')
    with says('SPR.json', 'sha256'): load_scores()
    load_scores(download=True)
    assert len(asked) == 7                                # only the damaged file comes anew

def test_download_of_something_else(server, nowhere):
    (server[0] / 'SPR.json').write_text('{"Pong": [1]}')
    with says('SPR', 'sha256'): load_scores(download=True, methods=('SPR',))
    assert not (nowhere / 'cache/SPR.json').exists()

def test_download_without_network(server):
    with says('cannot be fetched', 'network', 'TWM_NB_SCORES'): load_scores(download=True, methods=('SPR',))    # the server has no such file

def test_package_data_are_found_by_importlib(tmp_path):
    code = 'from twm_nb.statistics import paper_table as t; print(len(t("table1")["games"]), len(t("swm_table4")["games"]), len(t("table4")["rows"]))'
    done = subprocess.run([sys.executable, '-c', code], cwd=tmp_path, capture_output=True, text=True, env=os.environ | {'PYTHONPATH': str(Path(statistics.__file__).parent.parent)})
    assert done.stdout.split() == ['26', '36', '35'], done.stderr

# --- our own runs

def run(folder, game, seed, score, config=True, episodes=100, **fields):
    folder = Path(folder) / f'{game}-seed{seed}'
    folder.mkdir(parents=True)
    (folder / 'scores.json').write_text(json.dumps({game: [score]}))
    (folder / 'episodes.json').write_text(json.dumps({game: [score] * episodes}))
    if config: save_config(preset('paper', game=game, seed=seed, **fields), folder / 'config.json')
    return folder

def test_runs_join(tmp_path):
    for seed in (10, 9): run(tmp_path, 'Pong', seed, 10. + seed, device='cuda'); run(tmp_path, 'Alien', seed, 500. + seed, device='cuda')
    ours = load_runs(tmp_path)
    assert ours.games == ('Alien', 'Pong') and ours.raw['Pong'].tolist() == [19., 20.] and ours.raw['Alien'].tolist() == [509., 510.]
    for words in ('no sticky actions', 'episodes per score: 100', 'seeds: 9, 10', 'device: cuda'): assert words in ours.note
    note = comparison_note({'SPR': some(), 'ours': ours})
    assert note.startswith('Restricted to 1 of 26 games: Pong.') and ours.note in note
    table = table1(ours=ours)
    last = {r[0]: r[-1] for r in table.rows}
    with says('TWM', 'another column'): table1(ours=load_runs(tmp_path, 'TWM'))
    assert last['Pong'] == '19.5' and last['Boxing'] == '' and last['normalised mean, printed'] == '' and last['2 games in common: mean, from runs'] != ''

def test_runs_by_folders_and_without_config(tmp_path):
    folders = [run(tmp_path, 'Pong', seed, float(seed), config=False) for seed in range(3)]
    ours = load_runs(folders, 'mine')
    assert ours.method == 'mine' and ours.runs == 3 and 'protocol unknown' in ours.note and 'seeds: unknown' in ours.note
    assert load_runs([folders[0], tmp_path]).runs == 3        # a folder named twice counts once
    assert load_runs(folders[1]).raw['Pong'].tolist() == [1.]

def test_more_runs_of_one_game(tmp_path):
    for seed in range(3): run(tmp_path, 'Pong', seed, float(seed))
    run(tmp_path, 'Krull', 7, 2000.)
    ours = load_runs(tmp_path)
    assert ours.runs == 1 and ours.raw['Pong'].tolist() == [0.] and 'only 1 of the runs of Pong (3) used' in ours.note and 'seeds: 0, 7' in ours.note

def test_runs_that_are_refused(tmp_path):
    with says('no finished run'): load_runs(tmp_path)
    with says('No run folder'): load_runs([])
    run(tmp_path / 'a', 'Pong', 0, 1.); run(tmp_path / 'b', 'Pong', 0, 2.)
    with says('both runs of Pong with seed 0'): load_runs(tmp_path)
    run(tmp_path / 'c', 'Pong', 1, 2., horizon=5)
    with says('not of one method', 'horizon', '15', '5'): load_runs([tmp_path / 'a', tmp_path / 'c'])
    run(tmp_path / 'd', 'Catch', 0, 1.)
    with says('Catch', '26 games'): load_runs(tmp_path / 'd')
    run(tmp_path / 'e', 'Pong', 0, float('nan'))
    with says('not a finite number'): load_runs(tmp_path / 'e')
    for text, words in (('{"Pong": [1, 2]}', 'one number per game'), ('{', 'cannot be read'), ('[1]', 'cannot be read')):
        (tmp_path / 'e/Pong-seed0/scores.json').write_text(text)
        with says(words): load_runs(tmp_path / 'e')

def test_no_common_game():
    with says('a, b', 'no game in common'): common_games({'a': some(games=('Pong',)), 'b': some(games=('Krull',))})


@pytest.mark.parametrize('name, content', [('episodes.json', '{'), ('episodes.json', '{}'), ('episodes.json', '[1]'), ('episodes.json', '[' * 10**5)])
def test_damaged_side_files_get_a_sentence(tmp_path, name, content):
    from twm_nb.statistics import read_run
    (tmp_path / 'scores.json').write_text('{"Pong": [1.0]}')
    (tmp_path / name).write_text(content)
    with says("damaged"): read_run(tmp_path)


def test_profile_counts_only_scores_that_are_greater():
    s = some(games=('Pong',), runs=3)
    tau = float(np.sort(s.normalised().ravel())[1])
    share, _, _ = profiles({'some': s}, taus=np.array([tau]))['some']
    assert np.allclose(share, 1 / 3)
