"""Small faults, one at a time in a copy of the package, and the tests that must notice them.

    python tests/slips.py                list them
    python tests/slips.py --only 12      make the 12th, and show what its tests say
    python tests/slips.py --all          make all of them, two at a time
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Slip(NamedTuple):
    "In `module` the text `old` becomes `new`; the tests `k` (as for pytest's -k) of the files `tests` must fail."
    what: str
    module: str
    old: str
    new: str
    tests: str
    k: str = ''
    equivalent: str = ''        # why nothing can notice it: then the tests must pass


SLIPS = [
    # the dataset and its sampler
    Slip('often visited entries are drawn more often', 'balanced_sampler', 'softmax(-visits.double()',
         'softmax(visits.double()', 'balanced_sampler', 'probabilities'),
    Slip('the race favours what was visited', 'balanced_sampler', 'topk(-visits.double() / tau',
         'topk(visits.double() / tau',
         'balanced_sampler', 'least_visited_first'),
    Slip('a window may start too far', 'balanced_sampler', 'counts[:len(self) - L + 1]', 'counts[:len(self) - L + 2]',
         'balanced_sampler', 'every_valid_start'),
    Slip('the last window is never drawn', 'balanced_sampler', 'counts[:len(self) - L + 1]', 'counts[:len(self) - L]',
         'balanced_sampler', 'every_valid_start'),
    Slip('all steps of a sequence are counted', 'balanced_sampler', 'self.counts[starts] += 1',
         'self.counts[starts] += L', 'balanced_sampler', 'visits_are_counted'),
    Slip('the newest observation is no fresh start', 'balanced_sampler', 'torch.randint(self.stored, (fresh,)',
         'torch.randint(len(self), (fresh,)', 'balanced_sampler', 'fresh_observations'),
    Slip('a sequence has no context', 'balanced_sampler', 'torch.arange(-1, L + 1', 'torch.arange(0, L + 2',
         'balanced_sampler', 'sequences'),
    Slip('stacks reach into the episode before', 'balanced_sampler',
         'torch.maximum(i[..., None] - back, self.episode_start[i][..., None])', '(i[..., None] - back).clamp(min=0)',
         'balanced_sampler frames_and_masks', 'stacks'),
    Slip('an end is only a termination', 'balanced_sampler', 'self.terminals, self.dones))',
         'self.terminals, self.terminals))',
         'balanced_sampler', 'sequences'),
    Slip('a reset from outside ends nothing', 'balanced_sampler', 'self.dones[len(self) - 1] = True',
         'self.dones[len(self) - 1] |= False', 'balanced_sampler', 'reset_from_outside'),
    Slip('before the first entry stands the first', 'balanced_sampler', '.masked_fill(i < 0, 0)', '',
         'balanced_sampler', 'before_the_first'),
    # eqs. 3 to 10
    Slip('consistency moves the predictor', 'balanced_cross_entropy', 'target = predictor_logits.detach()',
         'target = predictor_logits', 'balanced_cross_entropy', 'consistency'),
    Slip('consistency the other way round', 'balanced_cross_entropy', "if form == 'release' else",
         "if form != 'release' else", 'balanced_cross_entropy', 'consistency'),
    Slip('the latent term moves the encoder', 'balanced_cross_entropy',
         'cross_entropy(encoder_logits.detach(), predictor_logits)', 'cross_entropy(encoder_logits, predictor_logits)',
         'balanced_cross_entropy', 'latent_loss'),
    Slip('the mean is over masked steps too', 'balanced_cross_entropy', '/ mask.sum().clamp(min=1)', '/ mask.numel()',
         'balanced_cross_entropy', 'latent_loss'),
    Slip('the hinge is on the wrong side', 'balanced_cross_entropy', 'F.relu(threshold - normalised_entropy)',
         'F.relu(normalised_entropy - threshold)', 'balanced_cross_entropy thresholded_entropy', 'hinge or threshold'),
    Slip('the sign of the entropy of codes', 'balanced_cross_entropy', "== 'paper': return -h", "== 'paper': return h",
         'balanced_cross_entropy', 'regulariser'),
    Slip('the entropy of a policy is not normalised', 'thresholded_entropy', '.mean() / math.log(m)', '.mean()',
         'thresholded_entropy'),
    Slip('the weights do not enter eq. 5', 'thresholded_entropy', 'h if weight is None else weight * h', 'h',
         'thresholded_entropy', 'mean or weights or equation'),
    # the policy
    Slip('γ forgotten in the trace', 'actor_critic', 'lam * g', 'lam + 0 * g', 'actor_critic', 'gae'),
    Slip('λ and γ exchanged', 'actor_critic', 'r + g * v[:, 1:]', 'r + lam * v[:, 1:]', 'actor_critic', 'gae'),
    Slip('the value of the same step', 'actor_critic', 'r + g * v[:, 1:]', 'r + g * v[:, :-1]', 'actor_critic', 'gae'),
    Slip('a weight has the discount of its own step', 'actor_critic', 'g[:, t] * weights[t]',
         'g[:, t + 1] * weights[t]', 'actor_critic', 'weights'),
    Slip('returns leak across a fresh start', 'actor_critic', 'g.masked_fill(stop, 0.)', 'g', 'actor_critic', 'leaks'),
    Slip('the policy is pushed away from its advantages', 'actor_critic',
         '-(weight * log_p * A.detach()).mean()',
         '(weight * log_p * A.detach()).mean()',
         'actor_critic', 'losses_and_gradients or signs'),
    Slip('the sign of the entropy of the policy', 'actor_critic', 'c.actor_entropy_coefficient * penalty',
         '-c.actor_entropy_coefficient * penalty', 'actor_critic', 'losses_and_gradients or signs'),
    Slip('pretraining makes the policy certain', 'actor_critic', '-self.config.actor_entropy_coefficient * entropy',
         'self.config.actor_entropy_coefficient * entropy', 'actor_critic', 'pretrain'),
    Slip('the critic learns without weights', 'actor_critic', 'value_loss(v, R, w)',
         'value_loss(v, R, torch.ones_like(w))', 'actor_critic', 'losses_and_gradients'),
    Slip('returns carry a gradient', 'actor_critic', 'R.detach() - v', 'R - v', 'actor_critic',
         'closed_form'),
    # the world model
    Slip('consistency is off by a step', 'world_model', 'predicted[:, :-1].detach()',
         'predicted[:, 1:].detach()', 'world_model', 'joint_loss_against'),
    Slip('the detach of predictions gone', 'world_model', 'predicted[:, :-1].detach()', 'predicted[:, :-1]',
         'world_model', 'reach_only or joint_loss_against',
         equivalent='`consistency_loss` detaches them as well'),
    Slip('targets are off by a step', 'world_model', 'logits[:, 1:].detach(), edges[:, 1:]',
         'logits[:, :-1].detach(), edges[:, :1]', 'world_model', 'joint_loss_against'),
    Slip('a start is followed by the step before', 'world_model', 'z.roll(-1, 1)', 'z.roll(1, 1)', 'world_model',
         'starts_are_pairs'),
    Slip('the last pairs are no starts', 'world_model', 'torch.rand(n * (length - 1)', 'torch.rand(n * (length - 2)',
         'world_model', 'starts_are_pairs'),
    Slip('restarts by a single discount', 'world_model', 'stop = product < threshold', 'stop = g < threshold',
         'rollouts'),
    Slip('weights go on after a restart', 'world_model', 'product = torch.where(stop, 1., product)',
         'product = product * 1.', 'rollouts'),
    Slip('first-flag not set at a restart', 'world_model', 'self.first | rows', 'self.first', 'rollouts'),
    Slip('the first-flag stays', 'world_model', 'torch.zeros_like(self.first)', 'self.first', 'rollouts'),
    Slip('the reward of the step before is lost', 'world_model', 'psi.step(self.rollout, self.r,',
         'psi.step(self.rollout, 0 * self.r,', 'rollouts'),
    Slip('a fresh state keeps the old one', 'world_model', 'torch.where(rows[:, None], z, self.z)', 'self.z + 0 * z',
         'rollouts'),
    Slip('fresh starts are encoded with the old weights', 'world_model', 'metrics |= self.step(loss)',
         'z_fresh = self.codes(batch.o_fresh); metrics |= self.step(loss); self.codes = lambda o: z_fresh',
         'world_model', 'encoded_with_the_new'),
    Slip('ψ learns the present state in pretraining', 'world_model', 'logits[:, 2:], batch', 'logits[:, 1:-1], batch',
         'world_model', 'pretraining_of_psi'),
    Slip('h of the episode before is seen', 'world_model', 'before[1].float().masked_fill(first[..., None], 0.)',
         'before[1].float()', 'trainer agent', 'real_windows or hidden_state'),
    # the dynamics model
    Slip('memory is a token too short', 'dynamics', 'config.memory_steps + 2', 'config.memory_steps + 1', 'dynamics',
         'reach'),
    Slip('reach of the wrong token', 'dynamics', 'types != first', 'types == first', 'dynamics', 'reach'),
    Slip('an end belongs to the next segment', 'dynamics', 'd.long().cumsum(1) - d.long()', 'd.long().cumsum(1)',
         'dynamics frames_and_masks', 'segments or mask'),
    Slip('a time-out has the discount 0', 'dynamics', '(~terminated).float()', '(~d).float()', 'dynamics', 'discount'),
    Slip('the discount of an end is not 0', 'dynamics', 'config.discount * (~terminated).float()',
         'config.discount * torch.ones_like(r)', 'dynamics', 'discount'),
    Slip('the next episode is to be foreseen', 'dynamics', 'latent, ~d)', 'latent, ~terminated)',
         'dynamics', 'latent_term'),
    Slip('no new segment where an episode begins', 'dynamics', 'new = old + first', 'new = old', 'dynamics',
         'crosses or oracle'),
    Slip('the reward at an end opens the next segment', 'dynamics', '[old, new, new]', '[new, new, new]', 'dynamics',
         'crosses or oracle'),
    Slip('the discount begins as a logit', 'dynamics', 'logit(config.discount)', 'config.discount', 'dynamics',
         'initial'),
    Slip('dropout in dreams', 'dynamics', 'self.latent(h, 0.)', 'self.latent(h)', 'dynamics', 'dropout'),
    Slip('a window without memory is a step short', 'dynamics', 'c.memory_steps + 1)',
         'c.memory_steps)', 'dynamics', 'memory_off'),
    # the transformer
    Slip('off by one in the mask', 'transformer_xl', 'distance <= reach[:, None]', 'distance < reach[:, None]',
         'transformer_xl frames_and_masks', 'may_see or mask'),
    Slip('the future is seen', 'transformer_xl', '(distance >= 0)', '(distance >= -1)',
         'transformer_xl frames_and_masks', 'may_see or mask'),
    Slip('the relative shift is off by one', 'transformer_xl', '[..., n:].unflatten', '[..., n - 1:-1].unflatten',
         'transformer_xl', 'shift'),
    Slip('the two scales exchanged', 'transformer_xl', "config.attention_scale == 'model'",
         "config.attention_scale != 'model'", 'transformer_xl', 'scale'),
    Slip('u in the place of v', 'transformer_xl', "'bhnd,hkd->bhnk', qv, R", "'bhnd,hkd->bhnk', qu, R",
         'transformer_xl', 'scores'),
    Slip('the oldest tokens are kept', 'transformer_xl', 'max(self.length - self.keep, 0)', '0', 'transformer_xl',
         'cache'),
    Slip('position keys of old weights', 'transformer_xl', 'cache.positions = self.positions(capacity)',
         'cache.positions = cache.positions', 'transformer_xl', 'renewed'),
    # networks
    Slip('the likelihood per pixel', 'vae', '(.5 * pixels / o.numel())', '(.5 / o.numel())', 'vae', 'reconstruction'),
    Slip('grey values over 256', 'vae', 'o.float().div_(255)', 'o.float().div_(256)', 'vae', 'reconstruction'),
    Slip('no L2', 'networks', 'weight_decay=config.weight_decay', 'weight_decay=0.', 'networks', 'adam'),
    Slip('a class without probability is drawn', 'networks', '.masked_fill(p <= 0, -1.)', '', 'networks', 'zero_class'),
    Slip('codes have no gradient', 'networks', '(p - p.detach())', '0 * p', 'networks', 'straight_through'),
    Slip('the last layer begins as the others', 'networks', "'linear' if last else 'relu'", "'relu'", 'networks',
         'initialisation'),
    Slip('what dropout leaves is not scaled', 'fast_layers', '2 ** 16 / (2 ** 16 - threshold)', '1.', 'fast_layers',
         'dropout'),
    # what acts, and its scores
    Slip('acting on the least probable code', 'agent', 'encode(o).argmax(-1)', 'encode(o).argmin(-1)', 'agent',
         'most_probable'),
    Slip('an agent that begins sees an episode before', 'agent', 'torch.ones(rows, dtype', 'torch.zeros(rows, dtype',
         'agent', 'memory_of_a_recurrent or hidden_state',
         equivalent='memory begins with zeros, and the first step of a rollout does not ask where episodes begin'),
    Slip('the slowest clock wins', 'agent', '(self.probabilities(o)[0] / noise)',
         '(self.probabilities(o)[0] * noise)', 'agent',
         'drawn_with_their'),
    Slip('frozen weights for frames from 0 to 1', 'agent', 'convs[0].weight / 255', 'convs[0].weight', 'agent',
         'frozen_float32'),
    Slip("an interval's quantiles are one-sided", 'evaluation', '[.025, .975]', '[.05, .95]', 'evaluation', 'interval'),
    Slip('scores are sums of what the agent sees', 'evaluation', "+= info['raw_reward']", '+= self.rewards[i]',
         'evaluation', 'side_by_side or one_by_one'),
    Slip('a lost life is no beginning', 'evaluation', "info.get('life_lost', False)", 'False', 'evaluation', 'lives'),
    # environments
    Slip('the references of human-normalised scores swapped', 'envs', '(score - random)', '(score - human)', 'envs',
         'human'),
    Slip('FIRE omitted at a reset', 'envs', '[1, 2] * self.fire', '[2] * self.fire', 'envs', 'buttons'),
    Slip('the life at which a game is over counts as lost', 'envs', 'life_lost=0 < self.lives < before',
         'life_lost=self.lives < before', 'envs', 'whole'),
    Slip('a lost life resets the emulator', 'envs', 'if resume and seed is None', 'if False', 'envs',
         'lost_life'),
    Slip('no maximum over two screens', 'envs', 'i >= frames - 2', 'i >= frames - 1', 'envs', 'driven_by_hand'),
    Slip('rewards are signs', 'envs', "'tanh': np.tanh", "'tanh': np.sign", 'envs', 'through_make_env'),
    Slip('a game may begin without a no-op', 'envs', 'integers(1, self.max_noops + 1)', 'integers(0, self.max_noops)',
         'envs', 'noops'),
    Slip('the time limit comes a step late', 'envs', 'len(self.actions) >= self.limit',
         'len(self.actions) > self.limit', 'bad_input', 'without_an_end'),
    # Algorithm 1
    Slip('pretraining is not part of the budget', 'twm', '(c.total_samples - c.pretraining_samples)',
         'c.total_samples', 'trainer', 'plan_of'),
    Slip('updates come early', 'twm', 'updates * i // interactions', '-(-updates * i // interactions)',
         'trainer', 'spread_evenly'),
    Slip('one random step too many', 'twm', "if i < 0: return 'explore'", "if i <= 0: return 'explore'", 'system',
         'comes_next'),
    Slip('evaluations only where updates are due', 'twm', 'done.evaluated < done.interactions', 'False', 'system',
         'comes_next'),
    Slip('a cut-off window goes on', 'twm', 'c.discount * (~d).float()',
         'c.discount * (~batch.terminated[:, 1:]).float()', 'trainer', 'real_windows'),
    Slip('windows always begin at the first entry', 'twm', 'torch.randint(n - (windows - 1) * every, (), **drawn)',
         '0', 'trainer', 'shuffled'),
    Slip('collapse is told a line late', 'twm', 'self.collapsed >= patience', 'self.collapsed > patience', 'resume',
         'collapsed'),
    Slip('an evaluation is not noted', 'system', 'self.evaluated = self.interactions', 'self.evaluated += 1', 'system',
         'comes_next or goes_on'),
    Slip('a dream repeats the last real action', 'system', 'windows.a[:, context:].unbind(1)',
         'windows.a[:, context - 1:-1].unbind(1)', 'system', 'open_loop'),
    # the trainer and what survives
    Slip('a time-out is no beginning', 'trainer', 'bool(terminated or truncated)', 'bool(terminated)', 'trainer',
         'what_is_stored'),
    Slip('every evaluation plays the same games', 'trainer', '1_000_003 * (1 + len(self.scores))', '1_000_003',
         'trainer', 'games_of_its_own'),
    Slip('games of a stopped evaluation count', 'trainer', 'if self.evaluating != this', 'if False', 'resume',
         'stopped_evaluation'),
    Slip('the generator of actions is not restored', 'trainer', "self.generator.set_state(g['policy'])",
         "g['policy']", 'resume', 'has_the_state_it_was'),
    Slip("torch's generator is not restored", 'trainer', "torch.set_rng_state(g['cpu'])", "g['cpu']", 'resume',
         'has_the_state_it_was'),
    Slip('resumed at update 0', 'trainer', "Counter(s['updates'])", 'Counter()', 'resume', 'has_the_state_it_was'),
    Slip('resumed without the last reward', 'trainer', "'reward', 'first', 'frames')", "'first', 'frames')", 'resume',
         'has_the_state_it_was'),
    Slip('only one checkpoint stays', 'checkpoint', '[*self.good, number][-self.keep:]', '[number]', 'checkpoint',
         'last_two'),
    Slip('frames are written over the first ones', 'checkpoint', 'f.seek(self.count * self.BYTES)', 'f.seek(0)',
         'checkpoint', 'appended or last_two'),
    Slip('damage is not looked for', 'checkpoint', 'if sha256(found[name]) != digest', 'if False', 'checkpoint',
         'flipped'),
    Slip('rates count evaluations', 'run_folder', "self.paused += line.get('evaluation_seconds', 0.)",
         'self.paused = 0.', 'trainer', 'rates'),
    # statistics and pictures
    Slip('a score equal to τ is above it', 'statistics', "side='right'", "side='left'", 'statistics', 'greater'),
    Slip('ties count for nothing', 'statistics', '.5 * np.mean(a == b)', '0 * np.mean(a == b)', 'statistics',
         'mann_whitney'),
    Slip('seed not restored', 'statistics', 'finally: np.random.set_state(state)', 'finally: pass', 'statistics',
         'global_generator'),
    Slip('the mean is the IQM', 'statistics', "'mean': metrics.aggregate_mean", "'mean': metrics.aggregate_iqm",
         'statistics', 'by_hand'),
    Slip('eight bits overflow', 'analysis', '/ 127)', '/ 128)', 'analysis', 'eight_bits'),
    Slip('caught is missed', 'analysis', 'column[:, :-1] == moved, 1., -1.)', 'column[:, :-1] != moved, 1., -1.)',
         'analysis', 'catch_keeps'),
    Slip('an end hides its own step', 'analysis', 'd[:, context:-1].long().cumsum(1) == 0',
         'd[:, context + 1:].long().cumsum(1) == 0', 'analysis', 'loops'),
    Slip('dreams end where they should go on', 'dream', 'torch.rand(g.shape, generator=self.generator) > left',
         'torch.rand(g.shape, generator=self.generator) < left', 'dream', 'ends_are_drawn'),
    Slip('a dream that is cut off is a step too long', 'dream', 'self.steps >= self.horizon',
         'self.steps > self.horizon', 'dream', 'truncation'),
    Slip('of a stack the oldest frame is shown', 'show', 'frame = frame[-1]', 'frame = frame[0]', 'show',
         'newest'),
    # the others
    Slip("the paper's λ", 'config', "hp(.95, 'GAE parameter'", "hp(.9, 'GAE parameter'", 'config', 'paper'),
    Slip('a bound belongs to its range', 'config', 'self.prefill_steps <= self.environment_steps',
         'self.prefill_steps < self.environment_steps', 'config', 'bounds'),
    Slip('plain: reach off by one', 'plain', 'distance > reach[:, None]', 'distance >= reach[:, None]', 'plain',
         'losses_and_gradients or dreams'),
    Slip('a run is finished whatever its exit code', 'train_atari', 'finished = code == 0 and', 'finished =',
         'train_atari', 'failing'),
    Slip('seeds are counted from the second', 'train', 'range(seed, seed + seeds)', 'range(seed + 1, seed + 1 + seeds)',
         'trainer', 'games_and_seeds'),
    Slip('the operations of a product are halved', 'speed', '2 * n ** 3 /', 'n ** 3 /', 'speed', 'product_is_counted'),
    Slip('a published method may be overwritten', 'results', 'ours.method in METHODS', 'ours.method in ()', 'results',
         'refused'),
    Slip('what follows -- is taken for options', 'commands', "takewhile('--'.__ne__, words)", 'words', 'cli_help',
         'words_are_read'),
]


def controls():
    "For each choice of files a slip that changes nothing, and with it all tests that are named: they must pass."
    for tests in dict.fromkeys(s.tests for s in SLIPS):
        those = [s for s in SLIPS if s.tests == tests]
        k = '' if any(not s.k for s in those) else ' or '.join(dict.fromkeys(f'({s.k})' for s in those))
        yield Slip(f'nothing for {tests}', those[0].module, those[0].old, those[0].old, tests, k, 'nothing is changed')


def pattern(text):
    "A regular expression for `text` with any white space, or none, between its words and signs."
    return r'\s*'.join(map(re.escape, re.findall(r'\w+|[^\w\s]', text)))


def patched(slip):
    "The module's source with the slip. Raises `LookupError` where its text is not there exactly once."
    path = ROOT / 'twm_nb' / f'{slip.module}.py'
    source, word = path.read_text(encoding='utf-8'), re.compile(pattern(slip.old))
    if (n := len(word.findall(source))) != 1:
        raise LookupError(f'"{slip.what}": {slip.old!r} is {n} times in {path.name}; the code has moved on, so please '
                          'mend the slip in tests/slips.py')
    return word.sub(lambda _: slip.new, source)


def copy_package(folder, slip):
    "The package with the slip in `folder`; data are linked to."
    package = Path(folder, 'twm_nb')
    package.mkdir()
    for f in (ROOT / 'twm_nb').glob('*.py'): shutil.copy(f, package)
    os.symlink(ROOT / 'twm_nb' / 'data', package / 'data')
    (package / f'{slip.module}.py').write_text(patched(slip), encoding='utf-8')


def run(slip, timeout=300):
    "Runs the slip's tests on the copy. Returns pytest's exit code (1: noticed) and what it said."
    with tempfile.TemporaryDirectory() as folder:
        copy_package(folder, slip)
        files = [str(ROOT / 'tests' / f'test_{name}.py') for name in slip.tests.split()]
        words = ['-x', '-q', '-p', 'no:cacheprovider', '-m', 'not long', *(['-k', slip.k] if slip.k else [])]
        # from its own folder: the first place where Python looks for a package
        done = subprocess.run([sys.executable, '-m', 'pytest', '-c', str(ROOT / 'pytest.ini'), '--rootdir', str(ROOT),
                               *words, '--basetemp', f'{folder}/tmp', *files], cwd=folder, capture_output=True,
                              text=True, timeout=timeout,
                              env=os.environ | dict(PYTHONPATH=folder, OMP_NUM_THREADS='1',
                                                    PYTHONDONTWRITEBYTECODE='1'))
    return done.returncode, done.stdout + done.stderr


def verdict(slip):
    "A sentence if something is not as the table says, else ''."
    try: code, said = run(slip)
    except LookupError as e: return str(e)
    wanted = 0 if slip.equivalent else 1
    if code == wanted: return ''
    how = {0: 'is not noticed', 1: 'is noticed, and said to be equivalent'}.get(code, f'ends with exit code {code}')
    more = '' if code < 2 else f':\n{said[-800:]}'
    return f'"{slip.what}" in {slip.module} {how} by {slip.tests} -k "{slip.k}"{more}'


def main():
    parser = argparse.ArgumentParser(description='Small faults and the tests that must notice them.')
    parser.add_argument('--only', type=int, help='the number of one slip')
    parser.add_argument('--all', action='store_true')
    options = parser.parse_args()
    if options.only is not None:
        code, said = run(SLIPS[options.only])
        print(said, SLIPS[options.only], f'exit code {code}', sep='\n')
    elif options.all:
        with ThreadPoolExecutor(2) as pool: found = [v for v in pool.map(verdict, [*SLIPS, *controls()]) if v]
        print(*found, f'{len(SLIPS)} slips, {len(found)} not as they should be', sep='\n')
        sys.exit(bool(found))
    else:
        for i, s in enumerate(SLIPS): print(f'{i:3} {s.module:22} {s.what}')


if __name__ == '__main__': main()
