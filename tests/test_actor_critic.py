"""Actor-critic: advantages, weights, losses and gradients against slow versions; parameter counts; tracing; learning on
a toy."""
import math
import pytest
import torch
from torch import nn
from twm_nb.actor_critic import (Actor, ActorCritic, Critic, continued, cumulative_weights, gae, orthogonal_,
                                 reinforce_loss, value_loss)
from twm_nb.config import preset
from twm_nb.fast_layers import LatentMLP, OneHotLinear
from twm_nb.world_model import Trajectory, View

M_ACTIONS = 3
LOG_2PI = math.log(2 * math.pi)


def gae_double_sum(r, g, v, stop, lam):
    "A_t = Σ_k Π_{i<k} (λ γ_i) δ_k, cut off behind a stop by leaving the loop, not by zeros."
    A = torch.zeros_like(r)
    for n in range(r.shape[0]):
        for t in range(r.shape[1]):
            factor = 1.
            for k in range(t, r.shape[1]):
                A[n, t] += factor * (r[n, k] - v[n, k])
                if stop[n, k]: break
                A[n, t] += factor * g[n, k] * v[n, k + 1]
                factor *= lam * g[n, k]
    return A


def weights_by_loop(g, stop):
    w = torch.ones_like(g)
    for n in range(g.shape[0]):
        for t in range(g.shape[1]):
            for i in range(t - 1, -1, -1):
                if stop[n, i]: break
                w[n, t] *= g[n, i]
    return w


def noise(M=16, H=15, seed=0):
    "Random rewards, discounts (a fifth of them 0), values and stops in float64."
    rng = torch.Generator().manual_seed(seed)
    r, v = torch.randn(M, H, generator=rng).double(), torch.randn(M, H + 1, generator=rng).double()
    g = torch.rand(M, H, generator=rng).double()
    g[torch.rand(M, H, generator=rng) < .2] = 0.
    return r, g, v, torch.rand(M, H, generator=rng) < .2


def trajectory(config, M=6, H=5, seed=0, stops=.3, **fields):
    rng = torch.Generator().manual_seed(seed)
    g, stop = torch.rand(M, H, generator=rng), torch.rand(M, H, generator=rng) < stops
    whole = dict(z=torch.randint(config.latent_classes, (M, H + 1, config.latent_variables), generator=rng),
                 a=torch.randint(M_ACTIONS, (M, H), generator=rng), r=torch.randn(M, H, generator=rng), g=g, stop=stop,
                 weight=weights_by_loop(g, stop)) | fields
    features = torch.randn(M, H + 1, config.transformer_size, generator=rng) if config.policy_input == 'zh' else None
    return Trajectory(**dict(x=View(whole['z'], features)) | whole)


def agent(seed=0, **overrides):
    torch.manual_seed(seed)
    config = preset('tiny', **overrides)
    return ActorCritic(config, M_ACTIONS), config


def gradients(loss, module):
    return torch.autograd.grad(loss, list(module.parameters()), retain_graph=True)


def close(a, b, **k):
    for x, y in zip(a, b, strict=True): torch.testing.assert_close(x, y, **k)


# --- advantages and weights

@pytest.mark.parametrize('lam', [0., .3, .95, 1.])
def test_gae_is_the_double_sum(lam):
    r, g, v, stop = noise()
    torch.testing.assert_close(gae(r, continued(g, stop), v, lam), gae_double_sum(r, g, v, stop, lam))


def test_gae_by_hand():
    r, g, v = torch.tensor([[1., 2.]]), torch.tensor([[.5, .25]]), torch.tensor([[10., 20., 40.]])
    # δ₂ = 2 + ¼·40 − 20 = −8;  δ₁ = 1 + ½·20 − 10 = 1;  A₁ = 1 + ½·½·(−8) = −1
    assert gae(r, g, v, .5).tolist() == [[-1., -8.]]


def test_gae_special_cases():
    r, g, v, stop = noise()
    g = continued(g, stop)
    torch.testing.assert_close(gae(r, g, v, 0.), r + g * v[:, 1:] - v[:, :-1])
    collected = [v[:, -1]]
    for t in reversed(range(15)): collected.append(r[:, t] + g[:, t] * collected[-1])
    torch.testing.assert_close(gae(r, g, v, 1.) + v[:, :-1], torch.stack(collected[:0:-1], 1))
    assert gae(r[:, :1], g[:, :1], v[:, :2], .95).shape == (16, 1)


def test_nothing_leaks_across_a_stop():
    r, g, v, _ = noise(M=4, H=8)
    g = g.clamp(min=.1)
    stop = torch.zeros(4, 8, dtype=torch.bool)
    stop[:, 3] = True
    before = gae(r, continued(g, stop), v, .95)
    r[:, 4:], v[:, 4:], g[:, 4:] = r[:, 4:] + 7, v[:, 4:] - 9, g[:, 4:] / 2
    after = gae(r, continued(g, stop), v, .95)
    assert torch.equal(before[:, :4], after[:, :4]) and not torch.isclose(before[:, 4:], after[:, 4:]).any()
    assert not torch.isclose(gae(r, g, v, .95)[:, :4], before[:, :4]).any()  # without the stop it would


def test_weights():
    _, g, _, stop = noise(M=64)
    torch.testing.assert_close(cumulative_weights(g, stop), weights_by_loop(g, stop))
    g = torch.tensor([[.9, .5, .1, .8, .7]])
    stop = torch.tensor([[False, True, False, False, True]])
    torch.testing.assert_close(cumulative_weights(g, stop), torch.tensor([[1., .9, 1., .1, .08]]))
    zero = torch.tensor([[.9, 0., .9, .9]])
    assert cumulative_weights(zero, torch.zeros(1, 4, dtype=torch.bool)).allclose(torch.tensor([[1., .9, 0., 0.]]))
    assert cumulative_weights(zero, stop[:, :4]).allclose(torch.tensor([[1., .9, 1., .9]]))


def test_trajectory_keeps_its_discounts():
    ac, config = agent()
    T = trajectory(config)
    g, w = T.g.clone(), T.weight.clone()
    ac.update(T)
    assert torch.equal(T.g, g) and torch.equal(T.weight, w)


# --- networks

def test_parameter_counts():
    count = lambda m: sum(p.numel() for p in m.parameters())
    paper, zh = preset('paper'), preset('paper', policy_input='zh')
    assert count(Actor(paper, 18)) == 1_322_002 and count(Critic(paper)) == 1_313_281
    assert count(Actor(zh, 18)) == 1_322_002 + 256 * 512 and count(Critic(zh)) == 1_313_281 + 256 * 512
    both = ActorCritic(paper, 18)
    assert count(both) == 1_322_002 + 1_313_281
    owned = {n: sum(p.numel() for g in o.param_groups for p in g['params']) for n, o in both.optimisers.items()}
    assert owned == dict(actor=1_322_002, critic=1_313_281)


def linears(network): return [m for m in network.modules() if isinstance(m, nn.Linear)]


@pytest.mark.parametrize('network', [lambda c: Actor(c, 5), Critic])
def test_orthogonal_start(network):
    net = network(preset('small'))
    layers = linears(net)
    for i, layer in enumerate(layers):
        W = layer.weight if layer.out_features <= layer.in_features else layer.weight.T
        gain = 1. if i == len(layers) - 1 else 2.
        torch.testing.assert_close(W @ W.T, gain * torch.eye(len(W)), atol=1e-4, rtol=0)
        assert (layer.bias == 0).all()


def test_orthogonal_start_of_z_and_h_together():
    config = preset('small', policy_input='zh')
    layers = linears(Actor(config, 5))
    z = next(l for l in layers if isinstance(l, OneHotLinear))
    h = next(l for l in layers if l.in_features == config.transformer_size and l.bias is None)
    W = torch.cat([z.weight, h.weight], 1)
    torch.testing.assert_close(W @ W.T, 2 * torch.eye(len(W)), atol=1e-4, rtol=0)
    assert not torch.allclose(z.weight @ z.weight.T, 2 * torch.eye(len(W)), atol=1e-2)
    rest = [l for l in layers if l is not z and l is not h]
    assert torch.allclose(rest[-1].weight @ rest[-1].weight.T, torch.eye(5), atol=1e-4)


def test_biases_start_at_zero():
    net = LatentMLP(4, 3, (8, 8), 2, extra=5)
    for p in net.parameters(): nn.init.ones_(p)
    assert all((l.bias == 0).all() for l in linears(orthogonal_(net)) if l.bias is not None)


def test_network_is_the_mlp_on_one_hots():
    config = preset('tiny', actor_units=(32, 16))
    actor, z = Actor(config, 4), torch.randint(config.latent_classes, (200, 3, config.latent_variables))
    x = nn.functional.one_hot(z, config.latent_classes).flatten(-2).float()
    first, second, last = linears(actor)
    y = nn.functional.silu(nn.functional.linear(x, first.weight, first.bias))
    y = last(nn.functional.silu(second(y)))
    torch.testing.assert_close(actor(z), y, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(actor(z[:2, 0]), y[:2, 0], atol=1e-5, rtol=1e-5)
    assert Critic(config)(z).shape == (200, 3)


def test_z_and_h():
    ac, config = agent(policy_input='zh')
    T = trajectory(config)
    z, h = T.x
    assert ac.actor(z, h).shape == (6, 6, M_ACTIONS) and ac.critic(z, h).shape == (6, 6)
    assert not torch.allclose(ac.actor(z, h), ac.actor(z, h + 1))
    with pytest.raises(ValueError, match='a code and features'): ac.actor(z)
    first = ac.loss(T)[0]
    h[:, -1] += 1                                                # the actor never sees the last state, the critic does
    logits, _, advantages, _ = ac.evaluate(T)
    assert torch.equal(logits, ac.actor(z[:, :-1], h[:, :-1])) and not torch.equal(ac.loss(T)[0], first)
    ac.update(T)
    plain, config = agent()
    with pytest.raises(ValueError, match='a code alone'): plain.actor(z, h)


def test_the_policy_sees_x_and_not_z():
    "Another x with the same z: what follows is that of x."
    ac, config = agent()
    T, other = trajectory(config), trajectory(config, seed=1)
    expected = ac.loss(trajectory(config, z=other.z))[0]
    assert torch.equal(ac.loss(trajectory(config, x=View(other.z)))[0], expected)
    assert not torch.equal(ac.loss(T)[0], expected)


# --- losses

def at(T, n, t): return [None if x is None else x[n, t] for x in T.x]


def losses_by_loop(ac, T, lam, eta, threshold):
    M, H = T.a.shape
    A = gae_double_sum(T.r.double(), T.g.double(),
                       torch.stack([ac.critic(*at(T, slice(None), t)) for t in range(H + 1)], 1).detach().double(),
                       T.stop, lam)
    actor = critic = entropy = 0.
    for n in range(M):
        for t in range(H):
            x = at(T, n, t)
            p, v, w = ac.actor(*x).softmax(-1), ac.critic(*x), T.weight[n, t].item()
            actor = actor - w * p[T.a[n, t]].log() * A[n, t].item()
            critic = critic - w * torch.distributions.Normal(v, 1.).log_prob(torch.tensor(A[n, t].item() + v.item()))
            entropy = entropy - w * (p * p.log()).sum()
    hinge = torch.relu(threshold - entropy / (M * H) / math.log(M_ACTIONS))
    return actor / (M * H) + eta * hinge, critic / (M * H)


@pytest.mark.parametrize('view', ['z', 'zh'])
@pytest.mark.parametrize('threshold', [.1, .95])
def test_losses_and_gradients_are_those_of_the_loops(view, threshold):
    ac, config = agent(actor_entropy_coefficient=2., actor_entropy_threshold=threshold, policy_input=view)
    T = trajectory(config)
    T.r[0, 0] = 5.
    loss_actor, loss_critic, metrics = ac.loss(T)
    slow_actor, slow_critic = losses_by_loop(ac, T, .95, 2., threshold)
    close((loss_actor, loss_critic), (slow_actor, slow_critic), rtol=1e-5, atol=1e-5)
    assert (metrics['entropy_penalty'] > 0) == (threshold > .5)
    close(gradients(loss_actor, ac.actor), gradients(slow_actor, ac.actor), rtol=1e-4, atol=1e-5)
    close(gradients(loss_critic, ac.critic), gradients(slow_critic, ac.critic), rtol=1e-4, atol=1e-5)
    for loss, other in ((loss_actor, ac.critic), (loss_critic, ac.actor)):
        found = torch.autograd.grad(loss, list(other.parameters()), allow_unused=True, retain_graph=True)
        assert all(x is None for x in found)


def test_gradients_in_closed_form():
    torch.manual_seed(0)
    M, H, m = 4, 3, 5
    logits, v = torch.randn(M, H, m, requires_grad=True), torch.randn(M, H, requires_grad=True)
    A, R, w, a = (torch.randn(M, H, requires_grad=True), torch.randn(M, H, requires_grad=True), torch.rand(M, H),
                  torch.randint(m, (M, H)))
    (reinforce_loss(logits, a, A, w) + value_loss(v, R, w)).backward()
    onehot = nn.functional.one_hot(a, m)
    torch.testing.assert_close(logits.grad,
                               (w * A / (M * H)).detach()[..., None] * (logits.softmax(-1) - onehot).detach())
    torch.testing.assert_close(v.grad, (w * (v - R) / (M * H)).detach())
    assert A.grad is None and R.grad is None
    torch.testing.assert_close(value_loss(R.detach(), R, w), w.mean() * .5 * LOG_2PI)


def test_bootstrap_gets_no_gradient():
    ac, config = agent()
    seen = []
    ac.critic.register_forward_hook(lambda module, inputs, out: (out.requires_grad and out.retain_grad(),
                                                                 seen.append(out)) and None)
    T = trajectory(config, stops=0.)
    ac.loss(T)[1].backward()
    v, last = seen
    # the state after the last step only lends its value
    assert v.shape == (6, 5) and last.shape == (6, 1) and not last.requires_grad
    _, _, _, returns = ac.evaluate(T)
    torch.testing.assert_close(v.grad, T.weight * (v - returns).detach() / T.a.numel())


def test_hinge_is_on_the_mean_of_weight_times_entropy():
    # all logits equal: each entropy is ln m, so mean(w·H)/ln m = mean(w)
    ac, config = agent(actor_entropy_coefficient=1.)
    for p in ac.actor.parameters(): nn.init.zeros_(p)
    T = trajectory(config, weight=torch.tensor([[1., .5, .25, .2, .05]]).expand(6, 5).clone())
    for threshold, want in ((.3, 0.), (.4, 0.), (.5, .1), (1., .6)):
        ac.config = config.replace(actor_entropy_threshold=threshold)
        assert ac.loss(T)[2]['entropy_penalty'].item() == pytest.approx(want, abs=1e-6)
        reinforce = -(T.weight * -math.log(3) * ac.evaluate(T)[2]).mean()
        assert ac.loss(T)[0].item() == pytest.approx(reinforce.item() + want, abs=1e-5)


def test_metrics_are_scalars_without_history():
    ac, config = agent()
    loss_actor, loss_critic, metrics = ac.loss(trajectory(config))
    assert all(x.ndim == 0 and not x.requires_grad for x in metrics.values())
    metrics = ac.update(trajectory(config))
    assert {'gradient_norm_actor', 'gradient_norm_critic', 'policy_entropy', 'value', 'loss_actor',
            'loss_critic'} <= metrics.keys()
    assert all(torch.is_tensor(x) and x.ndim == 0 and x.isfinite() for x in metrics.values())
    assert 0 < metrics['policy_entropy'] <= 1


# --- pretraining

@pytest.mark.parametrize('view', ['z', 'zh'])
def test_pretrain_loss(view):
    ac, config = agent(policy_input=view, actor_entropy_coefficient=.5, actor_entropy_threshold=.01)
    T = trajectory(config, stops=0.)                             # weights far from 1: they must not count
    loss_actor, loss_critic, _ = ac.pretrain_loss(T)
    entropy = torch.distributions.Categorical(logits=ac.actor(*T.x)).entropy()                # of the last state, too
    torch.testing.assert_close(loss_actor, -.5 * entropy.mean() / math.log(3))
    v = ac.critic(*T.x).detach()
    R = gae_double_sum(T.r, T.g, v, T.stop, .95) + v[:, :-1]
    torch.testing.assert_close(loss_critic, -torch.distributions.Normal(v[:, :-1], 1.).log_prob(R).mean(), rtol=1e-5,
                               atol=1e-5)
    other = trajectory(config, stops=0., a=(T.a + 1) % M_ACTIONS, weight=T.weight / 2)
    close(ac.pretrain_loss(other)[:2], (loss_actor, loss_critic))
    assert any(x.abs().sum() > 0 for x in gradients(loss_actor, ac.actor))


def test_pretraining_makes_the_actor_uniform_and_the_critic_right():
    # one state, reward 1 with discount ½ for ever: worth 2
    ac, config = agent(actor_lr=1e-2, critic_lr=1e-2)
    last = linears(ac.actor)[-1]
    with torch.no_grad(): last.bias.copy_(torch.tensor([2., 0., -1.]))
    T = trajectory(config, z=torch.zeros(6, 6, config.latent_variables, dtype=torch.long), r=torch.ones(6, 5),
                   g=torch.full((6, 5), .5), stops=0.)
    start = ac.pretrain_loss(T)[2]['policy_entropy']
    for _ in range(200): metrics = ac.pretrain_update(T)
    assert start < .8 and metrics['policy_entropy'] > .99 and abs(ac.critic(T.z[0, 0]).item() - 2) < .05


# --- the step

def test_signs():
    for r in (1., -1.):
        ac, config = agent(actor_entropy_coefficient=0.)
        one = torch.ones(6, 5)
        T = trajectory(config, z=torch.zeros(6, 6, config.latent_variables, dtype=torch.long), a=one.long(), r=r * one,
                       stop=one.bool(), weight=one)
        look = lambda: (ac.actor(T.z[0, 0]).softmax(-1)[1].item(), ac.critic(T.z[0, 0]).item())
        (p, v), _ = look(), ac.update(T)
        assert (look()[0] > p) == (r > 0) and (look()[1] > v) == (r > 0)


def test_update_is_clipping_per_network_and_adam():
    ac, config = agent(actor_critic_clip=.5)
    twin, _ = agent(actor_critic_clip=.5)
    T = trajectory(config)
    T.r *= 100                                                   # both gradients above the limit, of different size
    metrics = ac.update(T)
    loss_actor, loss_critic, _ = twin.loss(T)
    for name, module, loss, lr in (('actor', twin.actor, loss_actor, config.actor_lr),
                                   ('critic', twin.critic, loss_critic, config.critic_lr)):
        g = gradients(loss, module)
        norm = torch.cat([x.flatten() for x in g]).norm()
        torch.testing.assert_close(metrics[f'gradient_norm_{name}'], norm, rtol=1e-4, atol=1e-5)
        assert norm > .5
        for p, x in zip(module.parameters(), g, strict=True): p.grad = x * .5 / norm
        torch.optim.Adam(module.parameters(), lr, eps=config.adam_epsilon, weight_decay=config.weight_decay,
                         foreach=False).step()
    close(ac.parameters(), twin.parameters(), rtol=1e-4, atol=2e-5)
    assert abs(metrics['gradient_norm_actor'] - metrics['gradient_norm_critic']) > .1


def test_old_gradients_do_not_count():
    ac, config = agent()
    twin, _ = agent()
    T = trajectory(config)
    ac.loss(T)[0].backward()                                     # someone looked at a gradient and left it there
    ac.update(T); twin.update(T)
    close(ac.parameters(), twin.parameters(), rtol=0, atol=0)


def test_optimisers_have_the_rates_of_the_configuration():
    ac = ActorCritic(preset('tiny', actor_lr=3e-4, critic_lr=7e-5), 3)
    assert {n: o.param_groups[0]['lr'] for n, o in ac.optimisers.items()} == dict(actor=3e-4, critic=7e-5)


def test_bfloat16():
    ac, config = agent(dtype='bfloat16')
    T = trajectory(config, M=64)                                 # enough rows for the matrix product
    with ac.autocast():
        assert ac.actor(T.z).dtype == ac.critic(T.z).dtype == torch.float32
        loss_actor, loss_critic, _ = ac.loss(T)
    assert loss_actor.dtype == loss_critic.dtype == torch.float32
    close((loss_actor, loss_critic), ac.loss(T)[:2], rtol=.05, atol=.02)
    assert not torch.equal(loss_critic, ac.loss(T)[1])           # so autocast did something
    ac.update(T)
    assert all(p.dtype == torch.float32 for p in ac.parameters())
    full, _ = agent(dtype='float32')
    with full.autocast(): assert torch.equal(full.loss(T)[0], full.loss(T)[0]) and not torch.is_autocast_enabled('cpu')


@pytest.mark.parametrize('view', ['z', 'zh'])
def test_bfloat16_gradients_point_where_float32_ones_do(view):
    gradients = {}
    for dtype in ('float32', 'bfloat16'):
        torch.manual_seed(0)
        ac, config = agent(dtype=dtype, policy_input=view)
        T = trajectory(config, M=64)
        with ac.autocast(): loss_actor, loss_critic, _ = ac.loss(T)
        (loss_actor + loss_critic).backward()
        gradients[dtype] = {name: torch.cat([p.grad.flatten() for p in net.parameters()]).double() for name,
                            net in (('actor', ac.actor), ('critic', ac.critic))}
    for name, exact in gradients['float32'].items():
        cosine = torch.cosine_similarity(exact, gradients['bfloat16'][name], dim=0)
        assert cosine >= .99, (name, float(cosine))


@pytest.mark.parametrize('dtype', [torch.float32, torch.bfloat16])
def test_updates_run_in_the_arithmetic_of_the_configuration(dtype):
    "All but the critic's last layer, which is float32 in any case."
    ac, config = agent(dtype=str(dtype).removeprefix('torch.'))
    seen = []
    for network in (ac.actor, ac.critic):
        for layer in linears(network): layer.register_forward_hook(lambda module, inputs, out: seen.append(out.dtype))
    ac.update(trajectory(config))
    ac.pretrain_update(trajectory(config))
    actor, critic = [dtype] * len(linears(ac.actor)), [dtype] * (len(linears(ac.critic)) - 1) + [torch.float32]
    assert seen == (actor + critic * 2) * 2 + actor         # pretraining also looks at the policy of the last state


def finer_than_bfloat16(x):
    "The share of numbers that bfloat16 does not know."
    assert x.dtype == torch.float32
    return (x != x.bfloat16().float()).float().mean()


def valuable(V, M=64, H=15):
    """An agent in bfloat16 whose critic's values have mean V, and a trajectory whose rewards keep them up but for a
    little noise."""
    ac, config = agent(dtype='bfloat16', actor_entropy_coefficient=0.)
    nn.init.constant_(linears(ac.critic)[-1].bias, V)
    T = trajectory(config, M, H, stops=0.)
    T.r, T.g = .01 * V + .01 * torch.randn(M, H), torch.full((M, H), .99)
    T.weight = cumulative_weights(T.g, T.stop)
    return ac, T


@pytest.mark.parametrize('V', [10., 30., 60.])
def test_in_bfloat16_large_values_keep_their_small_part(V):
    ac, T = valuable(V)
    with torch.no_grad():
        exact = ac.evaluate(T)
        with ac.autocast(): rounded = ac.evaluate(T)
    assert all(finer_than_bfloat16(x) > .9 for x in rounded[1:])             # values, advantages, returns
    differences = [x[1][:, 1:] - x[1][:, :-1] for x in (exact, rounded)]
    assert differences[0].std() > .03
    close(*[[d] for d in differences], rtol=0, atol=.01)
    close(exact[2:], rounded[2:], rtol=0, atol=.02)


@pytest.mark.parametrize('V', [10., 30., 60.])
def test_in_bfloat16_large_values_do_not_turn_the_gradients(V):
    ac, T = valuable(V)
    found = []
    for dtype in ('float32', 'bfloat16'):
        ac.config = ac.config.replace(dtype=dtype)
        with ac.autocast(): losses = ac.loss(T)[:2]
        found.append([torch.cat([x.flatten() for x in gradients(loss, net)]).double() for loss,
                      net in zip(losses, (ac.actor, ac.critic))])
    for exact, rounded in zip(*found): assert torch.cosine_similarity(exact, rounded, dim=0) > .998


@pytest.mark.parametrize('view, dtype', [('z', 'float32'), ('zh', 'float32'), ('z', 'bfloat16')])
def test_losses_trace_as_one_graph(view, dtype):
    ac, config = agent(policy_input=view, dtype=dtype, actor_entropy_threshold=.95)
    T = trajectory(config)
    for f in (ac.loss, ac.pretrain_loss):
        torch.compiler.reset()
        compiled = torch.compile(f, fullgraph=True, backend='eager')
        for seed in (0, 1):                                      # other stops, same graph
            T = trajectory(config, seed=seed)
            with ac.autocast(): close(compiled(T)[:2], f(T)[:2])
    torch.compiler.reset()


def test_no_host_reads():
    ac, config = agent()
    T = trajectory(config)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as prof:
        loss_actor, loss_critic, _ = ac.loss(T)
        (loss_actor + loss_critic).backward()
        ac.pretrain_loss(T)
    assert not {'aten::_local_scalar_dense', 'aten::nonzero', 'aten::multinomial'} & {e.name for e in prof.events()}


def test_hinge_holds_a_bandit_at_its_threshold():
    ac, _ = agent(latent_variables=1, latent_classes=2, actor_units=(8,), critic_units=(8,), actor_lr=1e-2,
                  critic_lr=1e-2,
                  actor_entropy_coefficient=.05, actor_entropy_threshold=.3)
    z, one, entropies = torch.zeros(256, 2, 1, dtype=torch.long), torch.ones(256, 1), []
    for _ in range(200):
        a = torch.multinomial(ac.actor(z[:, 0]).softmax(-1).detach(), 1)
        entropies.append(ac.update(Trajectory(z=z, a=a, r=.05 * (a == 0), g=one, stop=one.bool(),
                                              weight=one))['policy_entropy'].item())
    assert entropies[0] > .8 and abs(sum(entropies[-50:]) / 50 - .3) < .04
    assert ac.actor(z[0, 0]).argmax() == 0
