"""Laws of what answers teach."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.solvers.rejections import learn_from_answers

seeds = st.integers(0, 2**32)


def answered(seed, answers=3, draws=12):
    """Gains of which some draw refuses and signs as it is said."""
    rng = np.random.default_rng(seed)
    gain = rng.normal(0, 3, (answers, draws))
    return rng.dirichlet(np.ones(draws)), gain, gain[:, 0] >= 0, rng


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_where_nobody_misjudges_an_answer_rules_out_and_nothing_else(seed):
    prior, gain, said, _ = answered(seed)
    found = learn_from_answers(prior, gain, said)
    left = ((gain >= 0) == said[:, np.newaxis]).all(axis=0)
    assert found.weights[-1] == pytest.approx(np.where(left, prior, 0) / prior[left].sum())
    assert found.bits == pytest.approx(-np.log2(found.chance), abs=1e-9)
    assert found.total_bits == pytest.approx(found.bits.sum(), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(seeds, st.floats(0, 5))
def test_no_answer_teaches_less_than_nothing(seed, misjudged):
    prior, gain, said, _ = answered(seed)
    found = learn_from_answers(prior, gain, said, misjudged=misjudged)
    assert (found.bits >= 0).all()
    assert found.total_bits >= 0
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(len(said) + 1))
    assert ((found.effective >= 1 - 1e-9) & (found.effective <= len(prior) + 1e-9)).all()


@settings(max_examples=100, deadline=None)
@given(seeds, st.floats(0, 5))
def test_the_order_of_answers_does_not_matter(seed, misjudged):
    prior, gain, said, rng = answered(seed)
    turn = rng.permutation(len(said))
    once = learn_from_answers(prior, gain, said, misjudged=misjudged)
    other = learn_from_answers(prior, gain[turn], said[turn], misjudged=misjudged)
    assert other.weights[-1] == pytest.approx(once.weights[-1], abs=1e-9)
    assert other.total_bits == pytest.approx(once.total_bits, abs=1e-9)
    assert other.chance.prod() == pytest.approx(once.chance.prod())


@settings(max_examples=100, deadline=None)
@given(seeds, st.floats(0.1, 5))
def test_a_refusal_never_lowers_what_is_thought_to_be_accepted(seed, misjudged):
    """The same offer is worth as much in every draw; what waiting is worth differs."""
    rng = np.random.default_rng(seed)
    least, offer = rng.normal(0, 3, 12), rng.normal()
    prior = rng.dirichlet(np.ones(12))
    found = learn_from_answers(prior, [offer - least], [False], misjudged=misjudged)
    assert found.weights[1] @ least >= prior @ least - 1e-9


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_less_misjudgement_comes_to_certainty(seed):
    prior, gain, said, _ = answered(seed)
    sharp = learn_from_answers(prior, gain, said, misjudged=1e-6)
    certain = learn_from_answers(prior, gain, said)
    assert sharp.weights[-1] == pytest.approx(certain.weights[-1], abs=1e-6)


def test_an_answer_that_nobody_could_give_is_named():
    with pytest.raises(ProblemError, match="answer 2: no draw held possible would sign"):
        learn_from_answers([0.5, 0.5], [[-1, 1], [-np.inf, -np.inf]], [False, True], misjudged=1)


def test_every_fault_is_named():
    with pytest.raises(ProblemError, match=r"prior: .*; gain: shape .*; misjudged: -1"):
        learn_from_answers([0.5, 0.6], [[1.0]], [False], misjudged=-1)
    with pytest.raises(ProblemError, match="minus infinity across a red line"):
        learn_from_answers([1.0], [[np.nan]], [False])
