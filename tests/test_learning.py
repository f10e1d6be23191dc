"The whole algorithm is seen to learn: Catch from nothing, and not without the latent term of eq. 4."
import numpy as np
import pytest
from twm_nb.config import preset
from twm_nb.trainer import Trainer


def score(folder, **changes):
    return Trainer(preset('tiny', evaluation_episodes=0, **changes), folder).fit()['Catch'][0]


def test_catch_is_learned(tmp_path):
    "A random policy scores −0.67; a perfect one 1."
    assert score(tmp_path / 'run') > .8


@pytest.mark.long           # a missing term of eq. 4 is noticed at once in test_world_model
@pytest.mark.timeout(1800)
def test_catch_is_not_learned_without_the_latent_term(tmp_path):
    "The heart of eq. 4: without it the model cannot foresee the next state."
    assert score(tmp_path / 'run', latent_coefficient=0.) < .3


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize('dtype', ['float32', 'bfloat16'])
def test_catch_five_seeds(tmp_path, dtype):
    "In bfloat16 as well as in float32."
    scores = [score(tmp_path / f'{s}', seed=s, dtype=dtype) for s in range(5)]
    assert np.mean(scores) >= .9 and min(scores) >= .8, scores
