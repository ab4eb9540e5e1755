"""What answers teach against its definition."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.twins.rejections_by_definition import learn, signs

from servanda.solvers.rejections import learn_from_answers, weighted_quantiles


def random_answers(seed):
    rng = np.random.default_rng(seed)
    draws, answers = int(rng.integers(1, 9)), int(rng.integers(0, 5))
    gain = rng.normal(0, 4, (answers, draws))
    gain[rng.random(gain.shape) < 0.1] = -np.inf
    return rng.dirichlet(np.ones(draws)), gain, rng.random(answers) < 0.3


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.5, 3.0]))
def test_beliefs_are_those_of_the_rule_of_bayes(seed, misjudged):
    prior, gain, answers = random_answers(seed)
    consistent = np.ones(len(prior))
    for one, said in zip(gain, answers, strict=True):
        each = np.array([signs(g, misjudged) for g in one])
        consistent *= each if said else 1 - each
    assume((prior * consistent).sum() > 1e-12)
    found = learn_from_answers(prior, gain, answers, misjudged=misjudged)
    beliefs, bits = learn(prior, gain, answers, misjudged)
    assert found.weights == pytest.approx(np.array(beliefs), abs=1e-9)
    assert found.bits == pytest.approx(np.array(bits), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.floats(0, 1))
def test_a_quantile_is_where_so_much_of_the_weight_lies(seed, level):
    rng = np.random.default_rng(seed)
    values, weights = rng.integers(0, 6, 9).astype(float), rng.dirichlet(np.ones(9))
    (found,) = weighted_quantiles(values, weights, [level])
    assert weights[values <= found].sum() >= level - 1e-9
    assert weights[values < found].sum() <= level + 1e-9
