"Figures, tables and numbers in files: the same bytes each time, with the right columns; the index; menus; a machine without data."
import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import twm_nb.statistics as statistics
from plain_cells import plain_cells
from twm_nb.config import ConfigError, preset, save_config
from twm_nb.envs import GAMES, HUMAN_SCORES, RANDOM_SCORES
from twm_nb.results import index_text, our_runs, table2_with, write_results
from twm_nb.statistics import METHODS, METRICS, Scores, ScoresError, load_scores, point_estimates, printed_scores

torch.set_num_threads(1)
page = plain_cells('21_results')              # what is shown and chosen from there, in cells of its own
ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / 'scripts/make_figures.py'
needs_data = pytest.mark.skipif(not os.environ.get('TWM_NB_SCORES'), reason='TWM_NB_SCORES names no folder of per-run scores')

@pytest.fixture(scope='module')
def made_up():
    "Six methods with five invented runs of each game, under the names of the paper's."
    random = np.random.default_rng(0)
    span = {g: HUMAN_SCORES[g] - RANDOM_SCORES[g] for g in GAMES}
    return {m: Scores(m, {g: RANDOM_SCORES[g] + random.gamma(1., size=5) * span[g] for g in GAMES}) for m in METHODS}

@pytest.fixture(scope='module')
def ours():
    return Scores('ours', {g: [RANDOM_SCORES[g], HUMAN_SCORES[g]] for g in ('Boxing', 'Pong')}, 'invented')

@pytest.fixture(scope='module')
def folders(made_up, ours, tmp_path_factory):
    "The same written twice, the second time without our runs; between the two somebody draws random numbers."
    found = []
    for runs in (ours, None):
        folder = tmp_path_factory.mktemp('figures')
        files = write_results(folder, made_up, runs, reps=20)
        assert sorted(files) == sorted(p for p in folder.rglob('*') if p.is_file())
        found.append(folder); np.random.rand(7)
    return found

def rows(folder, name): return list(csv.DictReader((folder / f'data/{name}.csv').open(encoding='utf-8')))
def names(folder): return {p.relative_to(folder).as_posix() for p in folder.rglob('*') if p.is_file()}

# --- files

def test_all_files_are_there(folders):
    names_of = [f'{n}{s}' for n in ('fig03_aggregates', 'fig04_profiles', 'fig04_profiles_non_linear', 'improvement', 'games') for s in ('', '_with_our_runs')]
    figures = [f'{n}.{f}' for n in ('fig02_balanced_sampling', *names_of) for f in ('png', 'svg', 'pdf')]
    tables = [f'table{n}.{f}' for n in ('1', '2', '4', '5', '1_with_neighbours', '1_with_our_runs', '2_with_our_runs') for f in ('md', 'csv')]
    data = ['data/aggregates.csv', 'data/profiles.csv', 'data/improvement.csv', 'data/differences.csv', 'data/games.csv', 'README.md']
    assert names(folders[0]) == {*figures, *tables, *data}

def test_same_input_same_bytes(folders):
    one, two = folders
    assert names(two) == {n for n in names(one) if '_with_our_runs' not in n}
    for n in names(two): assert (one / n).read_bytes() == (two / n).read_bytes(), n

def test_words_in_a_figure_are_text(folders):
    for folder in (folders[0], ROOT / 'figures'):
        for name, word in (('fig02_balanced_sampling', '(b) share of training time'), ('fig03_aggregates', 'human-normalised score'), ('games', 'Boxing')):
            assert f'>{word}</text>' in (folder / f'{name}.svg').read_text(encoding='utf-8'), (folder, name)
            assert b'/Type3' not in (folder / f'{name}.pdf').read_bytes()

def test_games_are_sorted_by_the_method_shown(folders, made_up):
    for folder in (folders[0], ROOT / 'figures'):
        found = rows(folder, 'games')
        assert list(found[0]) == ['game', 'method', 'point', 'low', 'high'] and len(found) == 26 * 6
        points = [float(r['point']) for r in found if r['method'] == 'TWM']
        assert points == sorted(points)

def test_aggregates_have_exactly_these_columns_methods_and_metrics(folders, made_up):
    for folder in (folders[0], ROOT / 'figures'):
        found = rows(folder, 'aggregates')
        assert list(found[0]) == ['method', 'metric', 'point', 'low', 'high']
        assert [(r['method'], r['metric']) for r in found] == [(m, k) for m in ('SimPLe', 'DER', 'CURL', 'DrQ(ε)', 'SPR', 'TWM')
                                                               for k in ('median', 'iqm', 'mean', 'optimality_gap')]
        for r in found: assert float(r['low']) < float(r['point']) < float(r['high'])
    for m, s in made_up.items():
        assert np.allclose([float(r['point']) for r in rows(folders[0], 'aggregates') if r['method'] == m], point_estimates(s.normalised()), atol=1e-6)

def test_profiles_and_improvement(folders):
    for folder in (folders[0], ROOT / 'figures'):
        lines, chances = rows(folder, 'profiles'), rows(folder, 'improvement')
        assert list(lines[0]) == ['method', 'tau', 'share', 'low', 'high'] and tuple(dict.fromkeys(r['method'] for r in lines)) == METHODS
        assert list(chances[0]) == ['method', 'other', 'point', 'low', 'high'] and [(r['method'], r['other']) for r in chances] == [('TWM', m) for m in METHODS[:-1]]

@needs_data
def test_stored_numbers_are_those_of_the_public_scores():
    scores, stored = load_scores(), {(r['method'], r['metric']): float(r['point']) for r in rows(ROOT / 'figures', 'aggregates')}
    for m, s in scores.items(): assert np.allclose([stored[m, k] for k in METRICS], point_estimates(s.normalised()), atol=1e-6)

def test_only_the_papers_methods_with_all_their_runs_are_written(made_up, tmp_path):
    with pytest.raises(ScoresError, match='SPR'): write_results(tmp_path, {m: s for m, s in made_up.items() if m != 'SPR'})
    with pytest.raises(ScoresError, match='load_scores'): write_results(tmp_path, printed_scores())
    assert names(tmp_path) == set()

def test_our_runs_stand_beside_table_2(ours):
    table = table2_with(ours)
    boxing, mean = (next(r for r in table.rows if r[0] == n) for n in ('Boxing', '2 games in common: normalised mean'))
    assert table.columns[-1] == 'ours' and all(len(r) == len(table.columns) for r in table.rows)
    assert boxing[-1] == f'{(RANDOM_SCORES["Boxing"] + HUMAN_SCORES["Boxing"]) / 2:.1f}' and mean[-1] == '0.500' and mean[1:3] == ['0.000', '1.000']

def test_kept_scores_of_our_runs_become_a_table_of_stages(made_up, tmp_path):
    from twm_nb.train_atari import write_csv
    row = dict(game='Pong', seed=0, interactions=5_000, frames=20_000, updates=0, score=-20.25, low=-21., high=-19.5, episodes=10, seconds=3.5, device='a device',
               dtype='bfloat16', preset='paper', protocol='whole games', at_once='2', finished=False)
    write_csv(tmp_path / 'data/scores/Pong.csv', [row, row | dict(interactions=10_000, score=-18.)])
    write_csv(tmp_path / 'data/scores/Catch.csv', [row | dict(game='Catch')])            # which the paper does not have
    write_results(tmp_path, made_up, reps=5)
    paper, ours = list(csv.DictReader((tmp_path / 'table2_at_stages.csv').open(encoding='utf-8')))
    assert paper['scores of'] == 'paper' and paper['10K'] == '-19.8' and ours['5K'] == '-20.2 [-21.0, -19.5]' and ours['10K'].startswith('-18.0') and ours['25K'] == ''
    text = (tmp_path / 'table2_at_stages.md').read_text(encoding='utf-8')
    for word in ('Pong', 'nothing about other seeds', 'whole games', 'a device', 'not finished yet: Pong seed 0'): assert word in text, word
    assert 'Catch' not in text
    (tmp_path / 'data/scores/Pong.csv').write_text('x')
    with pytest.raises(ConfigError, match='damaged'): write_results(tmp_path, made_up, reps=5)

# --- the index

def test_index_lists_all_figures_and_tables(folders):
    text = index_text()
    assert re.findall(r'^\| Figure (\d+) \|', text, re.M) == [str(n) for n in range(1, 20)]
    assert re.findall(r'^\| Table (\d+) \|', text, re.M) == [str(n) for n in range(1, 6)]
    for line in text.splitlines()[7:]: assert ('open: ' in line) != ('.ipynb' in line), line
    assert (ROOT / 'figures/README.md').read_text(encoding='utf-8') == text, 'please run make figures'
    for target in re.findall(r'\]\(([^)]+)\)', text): assert (ROOT / 'figures' / target).exists(), target

# --- menus

def picture_of(explorer): return bytes(explorer.image.value)

def test_menus_change_the_picture(made_up):
    explorer = page.Explorer(made_up, reps=5)
    first = picture_of(explorer)
    explorer.methods.value = ('SPR', 'TWM')
    second = picture_of(explorer)
    explorer.metric.value = 'profile'
    third = picture_of(explorer)
    explorer.games.value = ('Pong',)
    shown = picture_of(explorer)
    assert len({first, second, third, shown}) == 4 and all(x.startswith(b'\x89PNG') for x in (first, shown))
    explorer.update()
    assert picture_of(explorer) == shown
    explorer.methods.value = ()
    assert 'choose at least one' in explorer.message.value and picture_of(explorer) == shown
    explorer.methods.value = ('TWM',)
    assert explorer.message.value == ''

def test_one_click_selects_all_games_again(made_up):
    explorer = page.Explorer(made_up, reps=5)
    whole = picture_of(explorer)
    explorer.games.value = ('Pong', 'Boxing')
    assert picture_of(explorer) != whole
    explorer.all_games.click()
    assert explorer.games.value == GAMES and picture_of(explorer) == whole

def test_the_picture_has_two_dots_for_each_of_the_page(made_up):
    explorer = page.Explorer(made_up, reps=5)
    for metric in ('all four', 'iqm'):
        explorer.metric.value = metric
        width = int.from_bytes(picture_of(explorer)[16:20], 'big')                  # of the PNG file
        assert abs(width - 2 * int(explorer.image.layout.width.removesuffix('px'))) <= 2

def test_a_profile_on_either_axis(made_up):
    ends = [page.picture(made_up, metric=m, reps=5).axes[0].get_xlim()[1] for m in ('profile', 'profile, non-linear axis')]
    assert ends[0] == 8 and .9 < ends[1] <= 1

def test_menus_reach_what_is_drawn(made_up, monkeypatch):
    figure = page.picture(made_up, ('SPR', 'TWM'), 'iqm', ('Pong', 'Boxing'), reps=5)
    (ax,) = figure.axes
    assert ax.get_title() == 'IQM' and ax.get_xlabel() == 'human-normalised score' and [t.get_text() for t in ax.get_yticklabels()] == ['SPR', 'TWM']
    assert 'Boxing, Pong' in figure.get_supxlabel().replace('\n', ' ')
    want = [point_estimates(made_up[m].normalised(('Boxing', 'Pong')))[1] for m in ('SPR', 'TWM')]
    assert np.allclose([line.get_xdata()[0] for line in ax.lines], want)
    for bad in (dict(metric='modus'), dict(methods=['XYZ']), dict(games=['Catch']), dict(methods=[])):
        with pytest.raises(ScoresError): page.picture(made_up, reps=5, **bad)

def test_static_picture_without_a_kernel_and_widget_with_one(made_up, monkeypatch):
    assert hasattr(page.explore(made_up, reps=5), 'savefig')
    monkeypatch.setattr(page, 'get_ipython', lambda: type('Shell', (), {'kernel': object()})())
    assert type(page.explore(made_up, reps=5)).__name__ == 'VBox'

# --- without data, and our own runs

def script(*args, cache, **environment):
    base = {k: v for k, v in os.environ.items() if k != 'TWM_NB_SCORES'} | dict(XDG_CACHE_HOME=str(cache), HOME=str(cache), PYTHONPATH=str(ROOT))
    return subprocess.run([sys.executable, SCRIPT, *map(str, args)], env=base | environment, capture_output=True, text=True)

def test_make_figures_without_data_is_one_sentence(tmp_path):
    done = script('--out', tmp_path / 'out', cache=tmp_path)
    assert done.returncode == 1 and done.stdout == '' and not (tmp_path / 'out').exists()
    assert len(done.stderr.splitlines()) == 1 and 'TWM_NB_SCORES' in done.stderr and 'make figures DOWNLOAD=1' in done.stderr

def test_notebook_goes_on_without_data(monkeypatch, tmp_path):
    monkeypatch.delenv('TWM_NB_SCORES', raising=False)
    monkeypatch.setattr(statistics, 'cache_folder', lambda: tmp_path)
    scores, note = page.best_scores()
    assert tuple(scores) == METHODS and all(s.printed for s in scores.values()) and 'TWM_NB_SCORES' in note
    assert len(page.picture(scores).axes) == 4

def test_our_runs(tmp_path):
    found, why = our_runs(tmp_path)
    assert found is None and 'No Atari run' in why
    def run(name, text, seed=0):
        folder = tmp_path / name
        folder.mkdir(); (folder / 'scores.json').write_text(text); save_config(preset('paper', game='Pong', seed=seed), folder / 'config.json')
    run('catch', '{"Catch": [0.9]}')
    assert our_runs(tmp_path)[0] is None
    run('a', '{"Pong": [18.0]}', 0); run('b', '{"Pong": [20.0]}', 1)
    found, note = our_runs(tmp_path)
    assert found.raw['Pong'].tolist() == [18., 20.] and 'seeds: 0, 1' in note
    assert our_runs([tmp_path / 'b'])[0].raw['Pong'].tolist() == [20.]
    (tmp_path / 'a/scores.json').write_text('{"Pong": [')
    found, why = our_runs(tmp_path)
    assert found is None and 'cannot be read' in why


@needs_data
def test_stored_numbers_and_tables_are_those_of_the_data(tmp_path):
    "What the repository shows is what `make figures` writes; pictures are left out, since fonts may differ between machines."
    write_results(tmp_path, load_scores())
    for f in (f for f in tmp_path.rglob('*') if f.suffix in ('.csv', '.md')):
        assert f.read_text(encoding='utf-8') == (ROOT / 'figures' / f.relative_to(tmp_path)).read_text(encoding='utf-8'), f.name

@pytest.mark.parametrize('name', ['14_statistics', '21_results'])
def test_notebooks_run_without_scores_and_network(name, tmp_path):
    "No folder of scores, an empty cache, and nothing downloads unless asked: both notebooks run to their end."
    environment = {k: v for k, v in os.environ.items() if k != 'TWM_NB_SCORES'} | {'XDG_CACHE_HOME': str(tmp_path), 'HOME': str(tmp_path)}
    command = Path(sys.executable).parent / 'nbdev_test'
    done = subprocess.run([command, '--path', f'nbs/{name}.ipynb', '--n_workers', '0'], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not list(tmp_path.rglob('SPR*')), 'nothing was fetched'

def test_bad_requests_are_refused_before_anything_is_written(made_up, tmp_path):
    for changes in (dict(reps=0), dict(ours=Scores('SPR', {g: [1.] for g in GAMES}))):
        with pytest.raises(ScoresError, match='please'): write_results(tmp_path, made_up, **changes)
    assert not list(tmp_path.iterdir())
