"Relative attention, layers and the cache of `twm_nb.transformer_xl`, against slow versions written from the formulas."
import math
import pytest
import torch
import torch.nn.functional as F
from twm_nb import transformer_xl
from twm_nb.config import preset
from twm_nb.transformer_xl import (RelativeLayer, TransformerXL, as_bias, attention_maps, attention_scores, attention_weights,
                                   may_see, relative_shift, round_up, sinusoid)

torch.set_num_threads(1)
SMALL = dict(transformer_size=16, transformer_layers=3, transformer_heads=2, transformer_head_size=6, transformer_feedforward=20)


@pytest.fixture(autouse=True)
def seed(): torch.manual_seed(0)


def small(**changes): return preset('tiny', **{**SMALL, **changes})


def causal_mask(B, n, K, reach=10 ** 6): return may_see(torch.zeros(B, n), torch.zeros(B, K), torch.full((n,), reach), K - n)


def random_inputs(n, K, B=2, heads=2, dh=5, dtype=torch.float64):
    shapes = ((B, heads, n, dh), (B, heads, K, dh), (B, heads, K, dh), (heads, K, dh), (heads, dh), (heads, dh))
    return [torch.randn(*s, dtype=dtype) for s in shapes]  # q, k, values, R, u, v


def four_loops(q, k, R, u, v):
    "(q+u)·k_j + (q+v)·R(i−j) for one batch entry, number by number; NaN for the future."
    heads, n, dh = q.shape
    K = k.shape[1]
    by_distance = {K - 1 - c: c for c in range(K)}
    scores = torch.full((heads, n, K), math.nan, dtype=q.dtype)
    for head in range(heads):
        for i in range(n):
            for j in range(K):
                distance = (K - n + i) - j
                if distance < 0: continue
                row = R[head, by_distance[distance]]
                scores[head, i, j] = sum((q[head, i, c] + u[head, c]) * k[head, j, c] + (q[head, i, c] + v[head, c]) * row[c] for c in range(dh))
    return scores


def plain_layer(layer, x, u, v, mask, scale):
    "A post-norm layer with relative attention for tokens x (B, n, D), position keys gathered one by one."
    B, n, D = x.shape
    heads, dh = u.shape
    q, k, values = (F.linear(x, w).view(B, n, heads, dh).transpose(1, 2) for w in layer.qkv.weight.chunk(3))
    distance = (torch.arange(n)[:, None] - torch.arange(n)).clamp(min=0)
    R = F.linear(sinusoid(torch.arange(n), D).to(x.dtype), layer.position.weight).view(n, heads, dh)[distance]  # (n, n, heads, dh)
    scores = torch.einsum('bhid,bhjd->bhij', q + u[:, None], k) + torch.einsum('bhid,ijhd->bhij', q + v[:, None], R)
    weights = (scores * scale).masked_fill(~mask[:, None], -torch.inf).softmax(-1)
    y = (weights @ values).transpose(1, 2).reshape(B, n, heads * dh)
    x = F.layer_norm(x + F.linear(y, layer.out.weight), (D,), layer.norm1.weight, layer.norm1.bias)
    y = F.linear(F.silu(F.linear(x, layer.feed1.weight, layer.feed1.bias)), layer.feed2.weight, layer.feed2.bias)
    return F.layer_norm(x + y, (D,), layer.norm2.weight, layer.norm2.bias)


def test_sinusoid_by_formula():
    S = sinusoid(torch.arange(-3, 60), 10)
    for row, delta in ((0, -3), (3, 0), (44, 41)):
        for i in range(5):
            angle = delta * 10_000 ** (-2 * i / 10)
            assert math.isclose(S[row, i], math.sin(angle), abs_tol=1e-5) and math.isclose(S[row, 5 + i], math.cos(angle), abs_tol=1e-5)


@pytest.mark.parametrize('n,K', [(1, 1), (1, 6), (2, 2), (3, 7), (5, 5), (4, 50)])
def test_relative_shift_by_index_formula(n, K):
    x = torch.randn(2, 3, n, K)
    y = relative_shift(x)
    assert y.shape == x.shape
    for i in range(n):
        for j in range(K - n + i + 1):
            distance = (K - n + i) - j
            assert torch.equal(y[:, :, i, j], x[:, :, i, K - 1 - distance])


@pytest.mark.parametrize('n,K', [(6, 6), (3, 8), (1, 5), (2, 2)])
@pytest.mark.parametrize('dtype,atol', [(torch.float64, 1e-10), (torch.float32, 1e-5)])
def test_scores_against_four_loops(n, K, dtype, atol):
    q, k, _, R, u, v = random_inputs(n, K, dtype=dtype)
    oracle = torch.stack([four_loops(a, b, R, u, v) for a, b in zip(q, k)])
    past = ~oracle.isnan()
    assert past.sum() == 2 * 2 * sum(K - n + i + 1 for i in range(n))
    torch.testing.assert_close(attention_scores(q, k, R, u, v)[past], oracle[past], rtol=0, atol=atol)


def test_attention_against_loops():
    n, K, scale = 3, 7, .3
    q, k, values, R, u, v = random_inputs(n, K)
    mask = causal_mask(2, n, K, reach=4)
    mask[1, :, 2] = False
    weights = attention_weights(q, k, R, u, v, as_bias(mask), scale)
    out = weights @ values
    for b in range(2):
        scores = four_loops(q[b], k[b], R, u, v)
        for head in range(2):
            for i in range(n):
                seen = [j for j in range(K) if mask[b, i, j]]
                e = [math.exp(scale * scores[head, i, j]) for j in seen]
                expected = sum(w / sum(e) * values[b, head, j] for w, j in zip(e, seen))
                torch.testing.assert_close(out[b, head, i], expected, rtol=0, atol=1e-6)
    assert (weights.masked_select(~mask[:, None]) == 0).all() and torch.allclose(weights.sum(-1), torch.ones((), dtype=weights.dtype))


def test_softmax_is_float32_under_autocast():
    q, k, _, R, u, v = random_inputs(4, 4, dtype=torch.float32)
    with torch.autocast('cpu', torch.bfloat16):
        assert attention_weights(q.bfloat16(), k.bfloat16(), R.bfloat16(), u, v, as_bias(causal_mask(2, 4, 4)), 1.).dtype == torch.float32


def test_may_see_by_its_rules():
    B, n, K, first = 3, 4, 9, 3
    keys, reach = torch.randint(3, (B, K)), torch.tensor([2, 5, 0, 4])
    queries = keys[:, first:first + n].clone()
    mask = may_see(queries, keys, reach, first)
    for b in range(B):
        for i in range(n):
            for j in range(K):
                distance = first + i - j
                assert mask[b, i, j] == (0 <= distance <= reach[i] and queries[b, i] == keys[b, j])
    assert mask.any(-1).all()


@pytest.mark.parametrize('form,divisor', [('model', 16 ** .5), ('head', 6 ** .5)])
def test_layer_and_stack_against_plain_version(form, divisor):
    model = TransformerXL(small(attention_scale=form)).double().eval()
    x, mask = torch.randn(2, 9, 16, dtype=torch.float64), causal_mask(2, 9, 9, reach=5)
    y = x
    for layer in model.layers: y = plain_layer(layer, y, model.u, model.v, mask, 1 / divisor)
    torch.testing.assert_close(model(x, mask), y, rtol=0, atol=1e-6)


def test_paper_scale_is_one_sixteenth():
    assert RelativeLayer(preset('paper')).scale == 1 / 16 and RelativeLayer(preset('paper', attention_scale='head')).scale == 1 / 8


def test_parameters():
    model = TransformerXL(preset('paper'))
    assert sum(p.numel() for p in model.parameters()) == 8_543_232
    assert sum(p.numel() for p in model.layers[3].parameters()) == 854_272
    layer = model.layers[0]
    assert all(m.bias is None for m in (layer.qkv, layer.position, layer.out)) and all(m.bias is not None for m in (layer.feed1, layer.feed2))


def test_u_and_v_are_shared_and_layers_start_different():
    model = TransformerXL(preset('paper', transformer_layers=3))
    names = [n for n, _ in model.named_parameters()]
    assert names.count('u') == names.count('v') == 1 and not any(n.endswith(('.u', '.v')) for n in names)
    assert not torch.equal(model.u, model.v)
    bound = math.sqrt(6 / (4 + 64))  # Xavier-uniform for 4 × 64
    for bias in (model.u, model.v): assert .9 * bound < bias.abs().max() <= bound
    for name in ('qkv', 'position', 'out', 'feed1', 'feed2'):
        a, b, c = (getattr(layer, name).weight for layer in model.layers)
        assert not torch.equal(a, b) and not torch.equal(b, c) and not torch.equal(a, c)
        default = 1 / math.sqrt(a.shape[1])  # torch's own bound for a linear layer
        assert .99 * default < a.abs().max() <= default


def test_where_dropout_acts(monkeypatch):
    "Position encodings once, then per layer: attention weights, attention output, after SiLU, after the second linear; and nowhere in evaluation and in a rollout."
    calls = []
    monkeypatch.setattr(transformer_xl, 'dropout', lambda x, p: calls.append((tuple(x.shape), p)) or x)
    model, x = TransformerXL(small(dropout=.2, transformer_layers=2)), torch.randn(3, 5, 16)
    model(x, causal_mask(3, 5, 5))
    assert calls == [((5, 16), .2)] + 2 * [((3, 2, 5, 5), .2), ((3, 5, 16), .2), ((3, 5, 20), .2), ((3, 5, 16), .2)]
    calls.clear()
    cache = model.new_cache(3, 8, keep=5)
    model.extend(x, cache, torch.zeros(3, 5), torch.full((5,), 5))
    model.eval()(x, causal_mask(3, 5, 5))
    assert calls and all(p == 0 for _, p in calls)


def test_dropout_only_while_training():
    model, x, mask = TransformerXL(small(dropout=.3)), torch.randn(2, 6, 16), causal_mask(2, 6, 6)
    assert not torch.equal(model(x, mask), model(x, mask))
    assert torch.equal(model(x, mask, p=0.), model.eval()(x, mask)) and torch.equal(model(x, mask), model(x, mask))


def test_one_mask_of_position_dropout_for_all_layers():
    model = TransformerXL(small())
    for layer in model.layers: layer.position.load_state_dict(model.layers[0].position.state_dict())
    a, b, c = model.positions(10, p=.5)
    assert torch.equal(a, b) and torch.equal(b, c) and not torch.equal(a, model.positions(10, p=.5)[0])


def test_rows_are_a_slice_of_all():
    model, x, mask = TransformerXL(small()).eval(), torch.randn(2, 8, 16), causal_mask(2, 8, 8)
    for rows in (slice(1, None, 3), slice(-1, None)): torch.testing.assert_close(model(x, mask, rows=rows), model(x, mask)[:, rows], rtol=0, atol=1e-6)


def test_only_distance_counts():
    model, x = TransformerXL(small()).eval(), torch.randn(1, 9, 16)
    segments = (torch.arange(9) >= 4).long()[None]
    alone = model(x[:, 4:], causal_mask(1, 5, 5))
    torch.testing.assert_close(model(x, may_see(segments, segments, torch.full((9,), 9)))[:, 4:], alone, rtol=0, atol=1e-6)


@pytest.mark.parametrize('capacity,n', [(90, 3), (16, 3), (24, 2), (16, 1), (8, 5)])
def test_cache_equals_recomputation(capacity, n):
    "Also when it is full and moves, and when it was made too small."
    model, keep, T = TransformerXL(small(dropout=.3)), 10, 90 // n * n
    x, stops = torch.randn(3, T, 16), torch.rand(3, T) < .08
    segments = stops.long().cumsum(1)
    reach = torch.tensor([keep] + [keep + 1] * (n - 1))
    with torch.no_grad(): everything = model(x, may_see(segments, segments, reach.repeat(T // n)), p=0.)[:, n - 1::n]
    cache = model.new_cache(3, capacity, keep)
    for t in range(0, T, n):
        y = model.extend(x[:, t:t + n], cache, segments[:, t:t + n], reach)
        torch.testing.assert_close(y, everything[:, t // n], rtol=0, atol=1e-5)
    assert not y.requires_grad and (capacity >= T) == (cache.length == T)
    assert cache.capacity % 8 == 0 and all(k.shape[2] == cache.capacity for k in cache.keys)


def test_cache_equals_memory_of_hidden_states():
    "The paper's Transformer-XL memory keeps the layers' inputs; for fixed weights that is the same as keeping keys and values."
    model, n, keep, T = TransformerXL(small()).eval(), 3, 10, 30
    x, reach = torch.randn(2, T, 16), torch.full((3,), 10)
    cache, memory = model.new_cache(2, 16, keep), [torch.zeros(2, 0, 16)] * 3
    for t in range(0, T, n):
        cached, h = model.extend(x[:, t:t + n], cache, torch.zeros(2, n), reach), x[:, t:t + n]
        for i, layer in enumerate(model.layers):
            both = torch.cat((memory[i], h), 1)
            mask = may_see(torch.zeros(2, both.shape[1]), torch.zeros(2, both.shape[1]), torch.full((both.shape[1],), 10))
            memory[i] = both[:, -keep:].detach()
            q, k, values = layer.project(both)
            R = model.positions(both.shape[1])[i]
            h = layer(both, q, k, values, R, model.u, model.v, as_bias(mask))[:, -n:]
        torch.testing.assert_close(cached, h[:, -1], rtol=0, atol=1e-5)


def test_moves_are_rare():
    model, moves = TransformerXL(small()), 0
    cache = model.new_cache(1, 8, keep=50)
    for t in range(100):
        before = cache.length
        model.extend(torch.randn(1, 3, 16), cache, torch.zeros(1, 3), torch.full((3,), 51))
        moves += cache.length != before + 3
    assert cache.capacity == 88 and moves <= 300 / 32 + 8


def test_attention_maps_are_those_of_forward():
    model, x, mask = TransformerXL(small(dropout=.4)), torch.randn(2, 7, 16), causal_mask(2, 7, 7, reach=3)
    maps = attention_maps(model, x, mask)
    assert maps.shape == (2, 3, 2, 7, 7)
    torch.testing.assert_close(maps.sum(-1), torch.ones(2, 3, 2, 7))
    assert (maps.masked_select(~mask[:, None, None]) == 0).all()
    layer, u, v = model.layers[0], model.u, model.v
    q, k, values = layer.project(x)
    y = layer.norm1(x + layer.out((maps[:, 0] @ values).transpose(1, 2).flatten(2)))
    y = layer.norm2(y + layer.feed2(F.silu(layer.feed1(y))))
    torch.testing.assert_close(layer(x, q, k, values, model.positions(7)[0], u, v, as_bias(mask)), y)


def test_no_information_from_the_future_or_beyond_the_layers_reach():
    model, x = TransformerXL(small(transformer_layers=2)).eval(), torch.randn(1, 12, 16, requires_grad=True)
    gradient, = torch.autograd.grad(model(x, causal_mask(1, 12, 12, reach=2))[:, 8].square().sum(), x)
    seen = gradient[0].abs().amax(-1) > 0
    assert seen.tolist() == [False] * 4 + [True] * 5 + [False] * 3  # two layers of reach two: four back


def test_bfloat16_is_close():
    model, x, mask = TransformerXL(preset('paper', transformer_layers=4)).eval(), torch.randn(4, 20, 256), causal_mask(4, 20, 20)
    with torch.no_grad():
        exact = model(x, mask)
        with torch.autocast('cpu', torch.bfloat16):
            coarse, cache = model(x, mask), model.new_cache(4, 20, keep=20)
            last = model.extend(x, cache, torch.zeros(4, 20), torch.full((20,), 20))
    assert cache.keys[0].dtype == torch.bfloat16
    for a, b in ((coarse, exact), (last, exact[:, -1])): assert F.cosine_similarity(a.float().flatten(), b.flatten(), 0) > .999


def test_round_up():
    assert [round_up(n) for n in (1, 8, 9, 47, 82)] == [8, 8, 16, 48, 88]


def test_traces_without_graph_breaks():
    model, x = TransformerXL(small(dropout=.1, transformer_layers=1)), torch.randn(2, 6, 16)

    def both(x):
        cache = model.new_cache(2, 8, keep=6)
        return model(x, causal_mask(2, 6, 6)), [model.extend(x, cache, torch.zeros(2, 6), torch.full((6,), 6)) for _ in range(3)]
    torch.manual_seed(3); expected = both(x)
    torch.manual_seed(3); torch.testing.assert_close(torch.compile(both, fullgraph=True, backend='eager')(x), expected)


def test_position_keys_are_renewed_when_the_memory_moves():
    "An agent's memory outlives updates of the weights: at each move the position keys are those of the present weights."
    torch.manual_seed(0)
    config = preset('tiny')
    model, D = TransformerXL(config).eval(), config.transformer_size
    cache = model.new_cache(1, 12, 8)
    x, s, reach = torch.randn(1, 3, D), torch.zeros(1, 3, dtype=torch.long), torch.full((3,), 8)
    for _ in range(40): model.extend(x, cache, s, reach)                       # the capacity no longer grows
    capacity = cache.capacity
    with torch.no_grad(): model.layers[0].position.weight.mul_(2)
    for _ in range(capacity // 3 + 1): model.extend(x, cache, s, reach)        # at least one move
    assert cache.capacity == capacity
    torch.testing.assert_close(cache.positions[0], model.positions(capacity)[0])
