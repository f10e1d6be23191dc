"Frame stacks of arbitrary streams, and attention masks of arbitrary ends, against lists and loops."
import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from twm_nb.balanced_sampler import ReplayDataset
from twm_nb.config import preset
from twm_nb.dynamics import attention_mask, segments

GOES_ON, TERMINATED, TRUNCATED, RESET, SAVED = 'goes on', 'terminated', 'truncated', 'reset', 'saved'
EVENTS = st.sampled_from([GOES_ON] * 3 + [TERMINATED, TRUNCATED, RESET, SAVED])


def picture(n): return np.full((64, 64), n % 256, np.uint8)


class Stream:
    "The obvious dataset: whole stacks, lists of numbers in the place of frames, and steps."
    def __init__(self, S): self.S, self.o, self.steps, self.shown = S, [], [], 0

    def frame(self): self.shown += 1; return self.shown

    def opening(self): return [self.frame()] * self.S

    def append(self, a, r, terminated, truncated):
        over = terminated or truncated
        self.steps.append((a, r, terminated, over))
        self.o.append(self.opening() if over else [*self.o[-1][1:], self.frame()])

    def reset(self):
        "From outside: the last observation gives way, and the last step was cut off."
        self.o[-1:] = [self.opening()]
        if self.steps: self.steps[-1] = (*self.steps[-1][:3], True)

    def newest(self): return np.stack([picture(n) for n in self.o[-1]])


def built(S, events, room):
    "The same stream in a `ReplayDataset`, saved and loaded on the way, and in lists."
    stream, data = Stream(S), ReplayDataset(len(events) + room, S)
    stream.o.append(stream.opening())
    data.start(stream.newest())
    for t, event in enumerate(events):
        if event == RESET: stream.reset(); data.start(stream.newest())
        elif event == SAVED:
            again = ReplayDataset(data.capacity + t % 2, S)
            again.load_state_dict(data.state_dict())
            data = again
        else:
            step = t % 5, float(t), event == TERMINATED, event == TRUNCATED
            stream.append(*step); data.append(*step, stream.newest())
    return stream, data


def numbers(stacks): return stacks[..., 0, 0].tolist()


def shown(stacks): return [[n % 256 for n in o] for o in stacks]


@settings(max_examples=150)
@given(S=st.integers(1, 5), events=st.lists(EVENTS, max_size=40), room=st.integers(1, 3))
def test_stacks_of_any_stream(S, events, room):
    stream, data = built(S, events, room)
    assert len(data) == len(stream.steps) and numbers(data.observations(range(len(data) + 1))) == shown(stream.o)
    a, r, terminated, d = map(list, zip(*stream.steps)) if stream.steps else ([], [], [], [])
    assert (data.a.tolist(), data.r.tolist(), data.terminated.tolist(), data.d.tolist()) == (a, r, terminated, d)
    if stream.steps:
        np.testing.assert_allclose(data.mean_image()[:, 0, 0], np.mean(shown(stream.o), 0) / 255, rtol=1e-6)


@settings(max_examples=100)
@given(S=st.integers(1, 4), events=st.lists(EVENTS, min_size=1, max_size=30), draw=st.data())
def test_sequences_of_any_stream(S, events, draw):
    "Context, steps and next observation of every start that has the steps left; of the first the context is made up."
    stream, data = built(S, events, 1)
    L = draw.draw(st.integers(0, len(data)), 'L')
    starts = draw.draw(st.lists(st.integers(0, len(data) - L), min_size=1, max_size=4), 'starts')
    batch = data.sequences(starts, L)
    for k, s in enumerate(starts):
        steps = [stream.steps[i] if i >= 0 else (0, 0., False, False) for i in range(s - 1, s + L)]
        found = zip(batch.a[k].tolist(), batch.r[k].tolist(), batch.terminated[k].tolist(), batch.d[k].tolist())
        assert list(found) == steps
        assert numbers(batch.o[k]) == shown([stream.o[max(s - 1, 0)], *stream.o[s:s + L + 1]])


@settings(max_examples=60)
@given(events=st.lists(EVENTS, min_size=3, max_size=30), draw=st.data())
def test_samples_of_any_stream(events, draw):
    "Different starts, each with its steps left, each counted once."
    _, data = built(2, events + [GOES_ON] * 2, 1)
    L = draw.draw(st.integers(1, len(data)), 'L')
    n = draw.draw(st.integers(1, len(data) - L + 1), 'n')
    before = data.visits.clone()
    batch = data.sample(n, L, draw.draw(st.sampled_from([1e-6, 20., float('inf')]), 'τ'), fresh=3)
    starts = (data.visits - before).nonzero()[:, 0]
    assert len(starts) == n and (data.visits - before).max() == 1 and starts.max() <= len(data) - L
    order = batch.r[:, 1].argsort()                             # rewards grow along the stream
    for name, x in vars(data.sequences(starts, L)).items():
        if x is not None: assert torch.equal(getattr(batch, name)[order], x), name
    assert batch.o_fresh.shape == (3, 2, 64, 64)


ENDS = st.integers(1, 3).flatmap(lambda B: st.integers(1, 9).flatmap(
    lambda T: st.lists(st.lists(st.booleans(), min_size=T, max_size=T), min_size=B, max_size=B)))


@settings(max_examples=100)
@given(d=ENDS, memory=st.integers(1, 6), rewards=st.booleans())
def test_masks_of_any_ends(d, memory, rewards):
    "Token by token: z, a and r of a step; z and a may look back a token farther than the step's first token."
    config, T = preset('tiny', memory_steps=memory, reward_tokens=rewards), len(d[0])
    kinds = 'zar' if rewards else 'za'
    tokens = [(t, kind) for t in range(T) for kind in kinds]
    if rewards: tokens.pop()                                    # the last reward is absent
    mask, most = attention_mask(torch.tensor(d), config), len(kinds) * memory + 2
    first = 'r' if rewards else 'z'                             # of what a step of a rollout appends
    for b, ends in enumerate(d):
        wanted = [[j <= i and i - j <= most + (kind != first) and not any(ends[s:t]) for j, (s, _) in enumerate(tokens)]
                  for i, (t, kind) in enumerate(tokens)]
        assert mask[b].tolist() == wanted
        assert segments(torch.tensor(d))[b].tolist() == [sum(ends[:t]) for t in range(T)]
