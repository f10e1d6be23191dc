"Drawing starts by eq. 6, the store of single frames, batches, and the facts of Figure 2."
import io
import itertools
import math

import numpy as np
import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from twm_nb.balanced_sampler import (Batch, ReplayDataset, draw_starts, figure_2, median_start, simulate_visits, training_share,
                                     visit_probabilities)
from twm_nb.config import preset
from twm_nb.envs import make_env

torch.set_num_threads(1)

# Critical values of chi-square at 1e-4, by degrees of freedom
CHI2 = {3: 21.1, 4: 23.5, 5: 25.7, 7: 29.9, 11: 37.4}

def chi_square(counts, p):
    counts, p = np.asarray(counts, float), np.asarray(p, float)
    return ((counts - counts.sum() * p) ** 2 / (counts.sum() * p)).sum()

def softmax(visits, tau):
    x = -np.asarray(visits, np.float64) / tau
    e = np.exp(x - x.max())
    return e / e.sum()

@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)

# ---------------------------------------------------------------------------------------------------------------- eq. 6

@pytest.mark.parametrize('tau', [1e-6, .5, 20., 1e6, math.inf])
@pytest.mark.parametrize('largest', [1, 300, 16_000_000])
@pytest.mark.parametrize('dtype', [torch.float32, torch.int64])
def test_probabilities_are_the_softmax(tau, largest, dtype):
    visits = torch.randint(0, largest + 1, (1000,)).to(dtype)
    p = visit_probabilities(visits, tau)
    assert p.shape == visits.shape and p.is_floating_point()
    np.testing.assert_allclose(p.numpy(), softmax(visits.numpy(), tau), rtol=1e-9, atol=1e-300)
    assert abs(p.sum().item() - 1) < 1e-9

def test_probabilities_by_hand():
    assert visit_probabilities(torch.zeros(4), 20.).tolist() == [.25] * 4
    p = visit_probabilities(torch.tensor([0., 20.]), 20.)
    assert p[0].item() == pytest.approx(math.e / (1 + math.e))    # fewer visits, more probable
    assert visit_probabilities(torch.tensor([3., 99.]), math.inf).tolist() == [.5, .5]

# --------------------------------------------------------------------------------------------------------------- drawing

@pytest.mark.parametrize('tau', [7., math.inf])
def test_single_draws_follow_the_softmax(tau):
    visits = torch.tensor([0., 3., 5., 10., 12., 20.])
    counts = np.bincount([draw_starts(visits, 1, tau).numpy()[0] for _ in range(20_000)], minlength=6)
    assert chi_square(counts, softmax(visits, tau)) < CHI2[5]
    if math.isfinite(tau): assert chi_square(counts, softmax(visits, 1.3 * tau)) > 4 * CHI2[5]    # the test can tell

def test_pairs_follow_the_softmax_without_replacement():
    visits = torch.tensor([0., 10., 20., 40.])
    p = softmax(visits, 20.)
    orders = list(itertools.permutations(range(4), 2))
    exact = [p[i] * p[j] / (1 - p[i]) for i, j in orders]
    drawn = [tuple(draw_starts(visits, 2, 20.).tolist()) for _ in range(20_000)]
    assert chi_square([drawn.count(o) for o in orders], exact) < CHI2[11]
    # the naive expectation, each of the two draws distributed as p, is far off
    counts = np.bincount(np.array(drawn).ravel(), minlength=4)
    included = [sum(e for e, o in zip(exact, orders) if i in o) / 2 for i in range(4)]
    assert chi_square(counts, included) < CHI2[3] and chi_square(counts, p) > 20 * CHI2[3]

def test_draws_are_different_entries():
    visits = torch.randint(0, 50, (300,)).float()
    for n in (1, 100, 299, 300):
        starts = draw_starts(visits, n, 20.)
        assert starts.shape == (n,) and starts.dtype == torch.int64 and len(starts.unique()) == n and 0 <= starts.min() <= starts.max() < 300

def test_a_tiny_temperature_takes_the_least_visited_first():
    visits = torch.tensor([5., 1., 4., 0., 1e6])
    assert draw_starts(visits, 5, 1e-6).tolist() == [3, 1, 2, 0, 4]

@pytest.mark.parametrize('visits', [0., 100., 100_000.])
def test_equal_counts_stay_equal_at_a_tiny_temperature(visits):
    "The noise must not drown beside a large v/τ."
    counts = np.bincount([draw_starts(torch.full((8,), visits), 1, 1e-6).numpy()[0] for _ in range(4000)], minlength=8)
    assert chi_square(counts, np.full(8, 1 / 8)) < CHI2[7]

def test_few_ties_among_many_keys():
    "The noise of 100,000 equal entries is fine enough: first and second half, odd and even entries are drawn alike."
    drawn = torch.cat([draw_starts(torch.zeros(100_000), 100, 20.) for _ in range(200)])
    for part in (drawn < 50_000, drawn % 2 == 0): assert abs(part.double().mean().item() - .5) < 4 * .5 / math.sqrt(20_000)

def test_noise_of_zero_is_harmless(monkeypatch):
    "rand may return 0, whose Gumbel noise would be −∞ and would hide the counts."
    monkeypatch.setattr(torch, 'rand', lambda *shape, generator=None, **kw: torch.zeros(*shape, **kw))
    assert draw_starts(torch.tensor([2000., 1000., 3000., 0.]), 4, 20.).tolist() == [3, 1, 0, 2]

def test_the_default_generator_decides():
    visits = torch.zeros(50)
    torch.manual_seed(7); first = draw_starts(visits, 10, 20.)
    torch.manual_seed(7); assert torch.equal(first, draw_starts(visits, 10, 20.))
    assert not torch.equal(first, draw_starts(visits, 10, 20.))

# --------------------------------------------------------------------------------------------------------------- oracle

class Transitions:
    "The obvious dataset: a list of transitions with whole stacks; sequences are read step by step."
    def __init__(self, o): self.o, self.steps = [o], []

    def append(self, a, r, terminated, truncated, o_next):
        self.steps.append((a, r, terminated, terminated or truncated)); self.o.append(o_next)

    def sequence(self, start, L):
        before = (0, 0., False, False) if start == 0 else self.steps[start - 1]
        columns = zip(*[before, *self.steps[start:start + L]])
        return [self.o[max(start - 1, 0)], *self.o[start:start + L + 1]], *map(list, columns)

def random_stream(T, S, lengths, seed=0, capacity=None):
    "The same random stream of T entries in a `ReplayDataset` and in `Transitions`; `lengths` are the possible episode lengths."
    rng = np.random.default_rng(seed)
    def frame(): return rng.integers(0, 256, (64, 64), dtype=np.uint8)
    o = np.stack([frame()] * S)
    ds, oracle = ReplayDataset(capacity or T, S), Transitions(o)
    ds.start(o)
    left = rng.choice(lengths)
    for _ in range(T):
        left -= 1
        ended, how = bool(left == 0), rng.random() < .5
        o = np.stack([frame()] * S) if ended else np.concatenate([o[1:], frame()[None]])
        if ended: left = rng.choice(lengths)
        step = int(rng.integers(18)), float(np.float32(rng.normal())), ended and how, ended and not how, o
        ds.append(*step); oracle.append(*step)
    return ds, oracle

def assert_sequence(batch, k, expected):
    o, a, r, terminated, d = expected
    np.testing.assert_array_equal(batch.o[k].numpy(), np.stack(o))
    assert batch.a[k].tolist() == a and batch.r[k].tolist() == r and batch.terminated[k].tolist() == terminated and batch.d[k].tolist() == d

# ---------------------------------------------------------------------------------------------------------------- store

@pytest.mark.parametrize('S', [1, 2, 3, 4, 5])
@pytest.mark.parametrize('lengths', [[1], [1, 2, 3, 9], [200]])
def test_stacks_are_rebuilt_exactly(S, lengths):
    ds, oracle = random_stream(60, S, lengths, seed=S)
    expected = np.stack(oracle.o)
    np.testing.assert_array_equal(ds.observations(range(61)).numpy(), expected)
    some = torch.tensor([[60, 0], [7, 30]])
    assert ds.observations(some).shape == (2, 2, S, 64, 64) and ds.observations(some).dtype == torch.uint8
    np.testing.assert_array_equal(ds.observations(some).numpy(), expected[some.numpy()])
    np.testing.assert_array_equal(ds.observations(3).numpy(), expected[3])

def test_entries_are_stored_exactly():
    ds, oracle = random_stream(50, 2, [1, 2, 5, 7])
    a, r, terminated, d = map(list, zip(*oracle.steps))
    assert len(ds) == 50 and ds.a.tolist() == a and ds.r.tolist() == r and ds.terminated.tolist() == terminated and ds.d.tolist() == d
    assert sum(terminated) not in (0, sum(d)) and ds.visits.tolist() == [0.] * 50
    assert ds.a.dtype == torch.int64 and ds.r.dtype == torch.float32 and ds.d.dtype == ds.terminated.dtype == torch.bool

def test_every_frame_is_stored_once():
    ds = ReplayDataset(100_000, 4, device='meta')    # a device without data
    stored = sum(x.nbytes for x in vars(ds).values() if torch.is_tensor(x))
    assert ds.frames.nbytes == 100_001 * 64 * 64 and stored < 415e6

def test_the_store_keeps_its_own_copy():
    ds, o = ReplayDataset(3, 2), np.zeros((2, 64, 64), np.uint8)
    ds.start(o)
    ds.append(0, 0., False, False, o)
    o += 9
    assert ds.observations([0, 1]).max() == 0

def test_any_array_will_do():
    "Views that are read-only or run backwards."
    o = np.arange(2 * 64 * 64, dtype=np.uint8).reshape(2, 64, 64)
    o.flags.writeable = False
    ds = ReplayDataset(3, 2)
    ds.start(np.broadcast_to(o[:1], (2, 64, 64)))
    ds.append(0, 0., False, False, o[:, ::-1])
    np.testing.assert_array_equal(ds.observations(1)[1].numpy(), o[1, ::-1])

def test_tensors_are_observations_too():
    ds = ReplayDataset(3, 2)
    ds.start(torch.full((2, 64, 64), 5, dtype=torch.uint8))
    ds.append(torch.tensor(1), torch.tensor(.5), torch.tensor(False), np.bool_(True), torch.full((2, 64, 64), 6, dtype=torch.uint8))
    assert ds.observations([0, 1])[:, :, 0, 0].tolist() == [[5, 5], [6, 6]] and ds.d.tolist() == [True] and ds.terminated.tolist() == [False]

def test_an_episode_begins_with_copies_of_one_frame():
    zeros = np.zeros((2, 64, 64), np.uint8)
    moving = zeros.copy(); moving[1] = 1
    ds = ReplayDataset(2, 2)
    ds.start(zeros)
    for ends in ((True, False), (False, True)):
        with pytest.raises(AssertionError, match='copies of one frame.*reset'): ds.append(0, 0., *ends, moving)
    with pytest.raises(AssertionError, match='copies of one frame'): ReplayDataset(2, 2).start(moving)
    assert len(ds) == 0 and ds.stored == 1    # a refused entry leaves nothing behind
    for _ in range(2): ds.append(0, 0., False, False, moving)
    assert len(ds) == 2

def test_a_reset_from_outside_ends_the_episode():
    def grey(*values): return np.stack([np.full((64, 64), x, np.uint8) for x in values])
    ds = ReplayDataset(5, 3)
    ds.start(grey(9, 9, 9))
    ds.start(grey(0, 0, 0))    # before any entry: replaces the first observation
    ds.append(1, 0., False, False, grey(0, 0, 1))
    ds.append(2, 0., False, False, grey(0, 1, 2))
    ds.start(grey(7, 7, 7))
    ds.append(3, 0., False, False, grey(7, 7, 8))
    assert len(ds) == 3 and ds.d.tolist() == [False, True, False] and ds.terminated.tolist() == [False] * 3
    assert ds.observations(range(4))[..., 0, 0].tolist() == [[0, 0, 0], [0, 0, 1], [7, 7, 7], [7, 7, 8]]

@pytest.mark.parametrize('chunk', [1, 7, 30, 1000])
def test_mean_image(chunk):
    ds, oracle = random_stream(40, 3, [1, 4, 6], capacity=99)
    mean = ds.mean_image(chunk)
    assert mean.shape == (3, 64, 64) and mean.dtype == torch.float32
    np.testing.assert_allclose(mean.numpy(), np.stack(oracle.o).astype(np.float64).mean(0) / 255, rtol=1e-6)

# -------------------------------------------------------------------------------------------------------------- batches

@pytest.mark.parametrize('S, L, lengths', [(1, 1, [1, 2]), (4, 16, [1, 5, 20]), (3, 5, [1]), (4, 7, [100])])
def test_sequences_are_those_of_the_list(S, L, lengths):
    "Context, steps and next observation; from the first start to the last valid one; across the ends of episodes."
    T = 50
    ds, oracle = random_stream(T, S, lengths, capacity=60)
    starts = torch.arange(T - L + 1).flip(0)
    batch = ds.sequences(starts, L)
    n = len(starts)
    assert batch.o.shape == (n, L + 2, S, 64, 64) and batch.o.dtype == torch.uint8 and batch.o_fresh is None
    assert batch.a.shape == batch.r.shape == batch.terminated.shape == batch.d.shape == (n, L + 1)
    assert (batch.a.dtype, batch.r.dtype, batch.terminated.dtype, batch.d.dtype) == (torch.int64, torch.float32, torch.bool, torch.bool)
    for k, start in enumerate(starts.tolist()): assert_sequence(batch, k, oracle.sequence(start, L))

def test_before_the_first_entry():
    ds, oracle = random_stream(6, 2, [1])    # every step ends an episode, so that a wrong context would show
    batch = ds.sequences([0], 3)
    assert batch.a[0, 0] == 0 and batch.r[0, 0] == 0 and not batch.d[0, 0] and not batch.terminated[0, 0] and batch.d[0, 1:].all()
    assert torch.equal(batch.o[0, 0], batch.o[0, 1]) and not torch.equal(batch.o[0, 1], batch.o[0, 2])

def test_a_batch_moves():
    ds, _ = random_stream(10, 1, [4])
    for fresh in (0, 2):
        batch = ds.sample(2, 3, 20., fresh=fresh).to('meta')
        assert isinstance(batch, Batch) and all(x.device.type == 'meta' for x in vars(batch).values() if x is not None)
        assert (batch.o_fresh is None) == (fresh == 0)

# ------------------------------------------------------------------------------------------------------------- sampling

def numbered(T, capacity=None):
    "A dataset of T entries in which reward and action are the number of the entry, and frame i has grey value i."
    ds = ReplayDataset(capacity or T, 1)
    ds.start(np.zeros((1, 64, 64), np.uint8))
    for t in range(T): ds.append(t, t, False, False, np.full((1, 64, 64), t + 1, np.uint8))
    return ds

def test_visits_are_counted_at_starts_only():
    ds, expected = numbered(30, capacity=40), np.zeros(30)
    for _ in range(50):
        batch = ds.sample(5, 8, 20., fresh=3)
        starts = batch.a[:, 1].numpy()
        assert (batch.a[:, 1:].numpy() == starts[:, None] + np.arange(8)).all() and len(set(starts)) == 5
        expected[starts] += 1
        np.testing.assert_array_equal(ds.visits.numpy(), expected)
    before = ds.counts.clone()
    ds.sequences(torch.arange(20), 8); ds.observations(range(30)); ds.mean_image()    # what pretraining reads
    assert torch.equal(ds.counts, before) and before[30:].sum() == 0 and before.sum() == 250

def test_every_valid_start_is_drawn_and_no_other():
    ds = numbered(20)
    for _ in range(100): ds.sample(3, 7, math.inf)
    assert (ds.visits[:14] > 0).all() and (ds.visits[14:] == 0).all()
    ds.sample(14, 7, 20.)    # all that there are

@pytest.mark.parametrize('tau', [20., math.inf])
def test_samples_follow_the_counts_at_their_temperature(tau):
    ds, counts = numbered(6, capacity=9), np.zeros(5)
    visits = torch.tensor([60., 40., 20., 0., 10., 0.])    # the last one is no valid start
    for _ in range(4000):
        ds.counts[:6] = visits
        ds.sample(1, 2, tau)
        counts += (ds.visits - visits)[:5].numpy()
    assert chi_square(counts, softmax(visits[:5], tau)) < CHI2[4]

def test_new_entries_catch_up():
    ds = numbered(40, capacity=80)
    for _ in range(100): ds.sample(10, 4, 5.)
    for t in range(40, 80): ds.append(t, t, False, False, np.zeros((1, 64, 64), np.uint8))
    old = ds.visits[:37].sum()
    for _ in range(50): ds.sample(10, 4, 5.)
    assert ds.visits[:37].sum() - old < .1 * 500    # 37 of 77 starts are old, and uniform draws would give them half

def test_fresh_observations_are_uniform():
    ds = numbered(4, capacity=9)
    fresh = ds.sample(1, 2, 20., fresh=5000).o_fresh
    assert fresh.shape == (5000, 1, 64, 64) and fresh.dtype == torch.uint8
    counts = np.bincount(fresh[:, 0, 5, 5].numpy(), minlength=5)
    assert len(counts) == 5 and chi_square(counts, np.full(5, .2)) < CHI2[4]    # observations 0 to T, the last one included

# ------------------------------------------------------------------------------------------------------ nothing waits

def test_sampling_reads_nothing_back():
    ds, _ = random_stream(60, 4, [5])
    ds.sample(8, 16, 20., fresh=4)
    with profile(activities=[ProfilerActivity.CPU]) as recorded: ds.sample(8, 16, 20., fresh=4)
    names = {e.key for e in recorded.key_averages()}
    assert 'aten::topk' in names and not names & {'aten::_local_scalar_dense', 'aten::item', 'aten::nonzero', 'aten::multinomial', 'aten::masked_select'}

def test_sampling_needs_no_values():
    "On the meta device there are no values: reading one, or a shape that depends on one, would raise."
    ds = ReplayDataset(1000, 4, device='meta')
    ds.stored = 601
    batch = ds.sample(100, 16, 20., fresh=400)
    assert batch.o.shape == (100, 18, 4, 64, 64) and batch.o_fresh.shape == (400, 4, 64, 64)
    assert all(x.device.type == 'meta' for x in vars(batch).values())

def test_drawing_can_be_traced():
    draw = torch.compile(lambda v: draw_starts(v, 10, 20.), fullgraph=True, backend='eager')
    assert len(draw(torch.zeros(50)).unique()) == 10

# ---------------------------------------------------------------------------------------------------------- checkpoints

@pytest.mark.parametrize('lengths', [[1, 4, 30], [8]], ids=['within an episode', 'right after a reset'])
def test_state_dict_round_trip(lengths):
    ds, oracle = random_stream(40, 3, lengths, capacity=55)
    assert ds.d[-1] == (lengths == [8])
    for _ in range(5): ds.sample(6, 4, 20.)
    file = io.BytesIO()
    torch.save(ds.state_dict(), file)
    assert file.tell() < 41 * 64 * 64 + 20_000    # only what is filled
    file.seek(0)
    again = ReplayDataset(70, 3)
    again.start(np.full((3, 64, 64), 200, np.uint8))
    for _ in range(60): again.append(9, 9., True, False, np.full((3, 64, 64), 200, np.uint8))
    again.sample(50, 4, 20.)    # all of it has to go
    again.load_state_dict(torch.load(file, weights_only=True))
    assert len(again) == 40 and torch.equal(again.visits, ds.visits) and again.counts[40:].sum() == again.frames[41:].sum() == 0
    np.testing.assert_array_equal(again.observations(range(41)).numpy(), np.stack(oracle.o))
    # both go on alike
    frame = np.random.default_rng(5).integers(0, 256, (64, 64), dtype=np.uint8)
    for x in (ds, again):
        x.append(1, 2., False, False, np.concatenate([oracle.o[-1][1:], frame[None]]))
        x.append(1, 2., False, True, np.stack([frame] * 3))
    torch.manual_seed(3); one = ds.sample(5, 4, 20., fresh=3)
    torch.manual_seed(3); two = again.sample(5, 4, 20., fresh=3)
    assert all(torch.equal(x, y) for x, y in zip(vars(one).values(), vars(two).values()))
    assert torch.equal(ds.observations(range(43)), again.observations(range(43))) and torch.equal(ds.d, again.d)

def test_a_state_is_a_copy():
    ds, _ = random_stream(10, 1, [4], capacity=12)
    state = ds.state_dict()
    frames, counts = state['frames'].clone(), state['counts'].clone()
    ds.sample(3, 2, 20.); ds.frames.zero_()
    assert torch.equal(state['frames'], frames) and torch.equal(state['counts'], counts)

def test_an_empty_dataset_has_a_state():
    ds = ReplayDataset(4, 2)
    ds.load_state_dict(ReplayDataset(9, 2).state_dict())
    assert len(ds) == 0 and ds.stored == 0

# ----------------------------------------------------------------------------------------------------------- real games

def play(env, steps, seed=0):
    "A random policy for `steps` steps in a `ReplayDataset` and in `Transitions`; also what kinds of ends there were."
    rng = np.random.default_rng(seed)
    o, _ = env.reset(seed=seed)
    ds, oracle, ends = ReplayDataset(steps, o.shape[0]), Transitions(o), set()
    ds.start(o)
    for _ in range(steps):
        a = int(rng.integers(env.action_space.n))
        o, r, terminated, truncated, info = env.step(a)
        if terminated or truncated:
            ends.add('time' if truncated else 'game' if info.get('game_over') else 'life')
            o, _ = env.reset()
        ds.append(a, r, terminated, truncated, o); oracle.append(a, float(np.float32(r)), terminated, terminated or truncated, o)
    return ds, oracle, ends

@pytest.mark.parametrize('game, changes, expected', [('Breakout', {}, {'life', 'game'}), ('Breakout', dict(max_frames_per_episode=240, frame_stack=3), {'life', 'time'}),
                                                     ('Catch', dict(frame_stack=4), {'game'})], ids=['Breakout', 'Breakout cut off', 'Catch'])
def test_real_games_are_rebuilt_as_they_were_shown(game, changes, expected):
    env = make_env(game, preset('paper', **changes), training=True)
    ds, oracle, ends = play(env, 700)
    assert ends >= expected, f'the run saw only {ends}'
    np.testing.assert_array_equal(ds.observations(range(701)).numpy(), np.stack(oracle.o))
    starts = [0, 1, 684, *np.flatnonzero(ds.d.numpy())[:20]]
    batch = ds.sequences(starts, 16)
    for k, start in enumerate(starts): assert_sequence(batch, k, oracle.sequence(start, 16))

# -------------------------------------------------------------------------------------------------------------- Figure 2

def run_sampler(entries, prefill, updates, n, tau, L=16, count_all_steps=False):
    "The starts of a run, by the sampler itself: the honest and slow way."
    visits, starts = torch.zeros(entries), torch.zeros(entries)
    for k in range(updates):
        T = prefill + (entries - prefill) * (k + 1) // updates
        i = draw_starts(visits[:T - L + 1], n, tau)
        starts[i] += 1
        for j in range(L if count_all_steps else 1): visits[i + j] += 1
    return starts.numpy()

def first_half(visits): return training_share(visits)[len(visits) // 2 - 1]

EMPTY, PREFILL = dict(prefill=0, updates=131_579), dict(prefill=5_000, updates=125_000)

@pytest.mark.parametrize('run, median', [(EMPTY, 18_700), (PREFILL, 20_200)], ids=['from empty', 'prefill'])
def test_figure_2_uniform(run, median):
    visits = simulate_visits(tau=math.inf, **run)
    assert visits.shape == (100_000,) and visits.sum() == pytest.approx(100 * run['updates'])
    assert abs(median_start(visits) - median) < 60
    # the integral over the size s of the dataset, of the chance min(1, x/s) to draw from its first part x
    s = np.linspace(max(run['prefill'], 1), 100_000, 400_001)
    for x in (5_000, 20_000, 50_000, 90_000): assert training_share(visits)[x - 1] == pytest.approx(np.minimum(1, x / s).mean(), abs=1e-3)

@pytest.mark.parametrize('run, median, half', [(EMPTY, 43_000, .573), (PREFILL, 43_800, .565)], ids=['from empty', 'prefill'])
def test_figure_2_balanced(run, median, half):
    visits = simulate_visits(**run)    # τ = 20
    assert visits.sum() == pytest.approx(100 * run['updates'])
    assert abs(median_start(visits) - median) < 150 and abs(first_half(visits) - half) < .003
    wrong = simulate_visits(tau=20 / 16, **run)    # counting all steps of a sequence: counts grow 16 times as fast
    assert abs(first_half(wrong) - .502) < .004 and median_start(wrong) > 49_000

def test_lower_temperatures_are_more_balanced():
    halves = [first_half(simulate_visits(tau=tau)) for tau in (5., 20., 100., math.inf)]
    assert halves == sorted(halves)

@pytest.mark.parametrize('run', [dict(entries=3_000, prefill=200, updates=10_000, n=8, tau=5.), dict(entries=3_000, prefill=200, updates=10_000, n=8, tau=math.inf),
                                 dict(entries=3_000, prefill=1_500, updates=5_000, n=10, tau=20.)], ids=['balanced', 'uniform', 'large prefill'])
def test_the_simulation_agrees_with_the_sampler(run):
    honest, quick = run_sampler(**run, L=1), simulate_visits(**run)    # L = 1: every entry is a valid start at once
    assert quick.sum() == pytest.approx(honest.sum())
    # the scatter of a binomial share of 50,000 starts or more is below .0022
    assert abs(training_share(honest) - training_share(quick)).max() < .006
    assert abs(first_half(honest) - first_half(quick)) < .005

def test_the_sampler_counts_only_starts():
    "The same run by the dataset itself, by an honest simulation, and by the wrong reading, which counts all steps of a sequence."
    run = dict(entries=1_500, prefill=200, updates=4_000, n=8, tau=5., L=16)
    ds = numbered(0, capacity=1_500)
    frame = np.zeros((1, 64, 64), np.uint8)
    for k in range(4_000):
        while len(ds) < 200 + 1_300 * (k + 1) // 4_000: ds.append(0, 0., False, False, frame)
        ds.sample(8, 16, 5.)
    mine, right, wrong = ds.visits.numpy(), run_sampler(**run), run_sampler(**run, count_all_steps=True)
    assert mine.sum() == right.sum() == wrong.sum() == 32_000
    assert abs(first_half(mine) - first_half(right)) < .01 and first_half(mine) - first_half(wrong) > .04

def test_blocks_do_not_matter():
    fine = first_half(simulate_visits(blocks=4000))
    assert abs(fine - first_half(simulate_visits(blocks=500))) < 1e-4
    assert len(simulate_visits(entries=1_003, prefill=10, updates=100, blocks=7)) == 1_003

def test_share_and_median_by_hand():
    assert training_share(np.array([1., 1., 2.])).tolist() == [.25, .5, 1.]
    assert median_start(np.array([1., 1., 2.])) == 2 and median_start(np.ones(100)) == 50 and median_start(np.array([3., 1.])) == 1

def test_the_figure_draws():
    figure = figure_2(taus=(20., math.inf), entries=1_000, prefill=100, updates=1_000, blocks=50)
    assert len(figure.axes) == 2
    assert [ax.get_title() for ax in figure.axes] == ['(a) times selected', '(b) share of training time']
    figure.savefig(io.BytesIO())

@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize('tau, count_all_steps', [(20., False), (math.inf, False), (20., True)], ids=['balanced', 'uniform', 'wrong reading'])
def test_figure_2_by_the_sampler_itself(tau, count_all_steps):
    "12.5 million draws without replacement from a dataset that grows from 5,000 to 100,000 entries."
    honest = run_sampler(100_000, 5_000, 125_000, 100, tau, count_all_steps=count_all_steps)
    if count_all_steps: assert abs(first_half(honest) - .511) < .003
    else:
        quick = simulate_visits(tau=tau)
        assert abs(training_share(honest) - training_share(quick)).max() < .001
        assert abs(median_start(honest) - median_start(quick)) < 150
