"Every field refuses what it cannot use, in one sentence; the paper preset is Table 4."
import dataclasses
import math
import pytest
from twm_nb.config import Config, ConfigError, load_config, parse_overrides, preset, save_config

FIELDS = dataclasses.fields(Config)
TABLE_4 = dict(
    sampling_temperature=20, discount=.99, gae_lambda=.95, batch_size=100, sequence_length=16,
    imagination_batch_size=400, horizon=15,
    latent_entropy_coefficient=5., consistency_coefficient=.01, reward_coefficient=10., discount_coefficient=50.,
    actor_entropy_coefficient=.01,
    actor_entropy_threshold=.1, environment_steps=100_000, frame_skip=4, frame_size=64, grayscale=True, frame_stack=4,
    life_loss_ends_episode=True,
    max_frames_per_episode=108_000, max_noops=30, observation_lr=1e-4, dynamics_lr=1e-4, actor_lr=1e-4, critic_lr=1e-5,
    transformer_size=256,
    transformer_layers=10, transformer_heads=4, transformer_head_size=64, transformer_feedforward=1024,
    latent_units=(512,) * 4, reward_units=(256,) * 4,
    discount_units=(256,) * 4, actor_units=(512,) * 4, critic_units=(512,) * 4)
RELEASE = dict(
    prefill_steps=5_000, total_samples=1_000_000_000, pretraining_samples=50_000_000, pretraining_shares=(.6, .3, .1),
    dropout=.1, memory_steps=16, attention_scale='model',
    restart_threshold=.1, adam_epsilon=1e-5, weight_decay=1e-6, world_model_clip=100., actor_critic_clip=1.,
    reward_transform='tanh', sticky_action_probability=0.,
    latent_entropy_form='hinge', latent_entropy_threshold=.1, consistency_form='release', evaluation_every=5_000,
    evaluation_episodes=10, final_evaluation_episodes=100,
    latent_variables=32, latent_classes=32, encoder_channels=48, encoder_units=(512, 512), policy_input='z',
    use_memory=True, reward_tokens=True)


def refused(**changes):
    with pytest.raises(ConfigError) as e: Config(**changes)
    text = str(e.value)
    assert '\n' not in text and next(iter(changes)) in text and ('please' in text or 'must' in text)
    return text


def test_paper_preset_is_table_4_and_the_release():
    c = dataclasses.asdict(preset('paper'))
    assert {k: c[k] for k in TABLE_4} == TABLE_4 and {k: c[k] for k in RELEASE} == RELEASE


@pytest.mark.parametrize('field', FIELDS, ids=lambda f: f.name)
def test_every_field_refuses_other_types(field):
    for wrong in (None, {}, object(), [None], ('a',), b'x'): refused(**{field.name: wrong})
    if field.type is not bool: refused(**{field.name: True})
    if field.type in (int, float): refused(**{field.name: 'ten'}); refused(**{field.name: math.nan})
    if field.type is int: refused(**{field.name: 1.5}); refused(**{field.name: math.inf})
    if field.type is str and field.metadata['choices']: refused(**{field.name: 'nonsense'})
    if field.type is tuple:
        refused(**{field.name: ()}); refused(**{field.name: (math.nan,)}); refused(**{field.name: (math.inf,)})
        refused(**{field.name: 5})


@pytest.mark.parametrize('field', [f for f in FIELDS if f.type in (int, float, tuple)], ids=lambda f: f.name)
def test_every_number_has_a_range(field):
    m, wrap = field.metadata, (lambda x: (x,)) if field.type is tuple else (lambda x: x)
    if m['choices'] is None:
        assert m['low'] is not None
        refused(**{field.name: wrap(m['low'] - 1)})
        if m['high'] is not None: refused(**{field.name: wrap(m['high'] + 1)})
        if field.type is float and m['symbol'] != 'τ': refused(**{field.name: math.inf})


def test_units_are_whole_numbers(): refused(actor_units=(1.5, 64))


def test_values_are_converted_where_nothing_is_lost():
    c = Config(sampling_temperature=5, batch_size=64., actor_units=[32, 32.])
    assert (c.sampling_temperature, c.batch_size, c.actor_units) == (5., 64, (32, 32))
    assert isinstance(c.sampling_temperature, float) and isinstance(c.batch_size, int)
    assert isinstance(c.actor_units[1], int)
    assert Config(sampling_temperature=math.inf).sampling_temperature == math.inf


@pytest.mark.parametrize('changes, says', [
    (dict(imagination_batch_size=1601), '1600'), (dict(transformer_size=255), 'even'),
    (dict(prefill_steps=200_000), 'environment_steps'), (dict(prefill_steps=114), '115'),
    (dict(prefill_steps=31, batch_size=2, imagination_batch_size=32), '32'),
    (dict(pretraining_samples=2_000_000_000), 'total_samples'), (dict(pretraining_shares=(.5, .5)), 'three numbers'),
    (dict(pretraining_shares=(.5, .5, .5)), 'sum to 1'), (dict(device='tpu'), 'cuda')], ids=str)
def test_impossible_combinations(changes, says): assert says in refused(**changes)


def test_exactly_at_the_bounds_is_fine():
    assert Config(imagination_batch_size=1600, prefill_steps=115)
    assert Config(environment_steps=5_000, prefill_steps=5_000)
    assert Config(total_samples=50_000_000, pretraining_samples=50_000_000)


def test_names_get_a_hint():
    for text, hint in (('horzon', 'horizon'), ('actor_unit', 'actor_units')):
        with pytest.raises(ConfigError, match=hint): preset('paper', **{text: 3})
    with pytest.raises(ConfigError, match='tiny, small, paper'): preset('large')
    with pytest.raises(ConfigError, match='horizon'): Config().replace(horzon=3)


def test_overrides_from_text():
    assert parse_overrides(['horizon=3', 'actor_units=(64, 32)', 'game=Pong', 'sampling_temperature=inf',
                            'reward_tokens=False']) == dict(
        horizon=3, actor_units=(64, 32), game='Pong', sampling_temperature=math.inf, reward_tokens=False)
    for wrong in ('horizon', 'horizon=', '=1'):
        with pytest.raises(ConfigError): parse_overrides([wrong])
    with pytest.raises(ConfigError, match='horizn is not a field .* Did you mean horizon'):
        preset('tiny', **parse_overrides(['horizn=1']))
    assert parse_overrides(['game={[]:1}'])['game'] == '{[]:1}'


def test_files(tmp_path):
    c = preset('small', sampling_temperature=math.inf, game='Boxing', seed=7)
    save_config(c, tmp_path / 'c.json')
    assert load_config(tmp_path / 'c.json') == c
    for content in ('', '[]', '{"horizon": 0}', '{"horzon": 3}', '{"horizon":'):
        (tmp_path / 'bad.json').write_text(content)
        with pytest.raises(ConfigError): load_config(tmp_path / 'bad.json')
    with pytest.raises(ConfigError, match='please name'): load_config(tmp_path / 'none.json')
