"""Credibility of guarantees, and which of several are honoured."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.solvers.credibility import credibility, honoured_distribution, stake_needed

SHARES = st.floats(0, 1)


def test_credibility_stays_a_probability():
    assert credibility([0, 0.5, 3], [-1, 0.25, 0], 1.0) == pytest.approx([0, 0.75, 1])


def test_no_stake_is_needed_where_interest_is_enough():
    assert stake_needed(0.5, interest=0.8, ceiling=1.0) == 0


@given(st.lists(SHARES, min_size=1, max_size=4), st.data())
def test_distribution_equals_honouring_one_by_one(g, data):
    follows = [data.draw(st.integers(-1, j - 1)) for j in range(len(g))]
    found = honoured_distribution(g, follows)
    for honoured in itertools.product((0, 1), repeat=len(g)):
        p = 1.0
        for j, yes in enumerate(honoured):
            chance = g[j] if follows[j] < 0 or honoured[follows[j]] else 0.0
            p *= chance if yes else 1 - chance
        assert found[sum(yes << j for j, yes in enumerate(honoured))] == pytest.approx(p)
    assert found.sum() == pytest.approx(1)


def test_leaders_may_stand_after_their_followers_and_draws_in_rows():
    g = np.array([[0.5, 0.8], [0.1, 1.0]])
    found = honoured_distribution(g, [1, -1])
    assert found == pytest.approx(np.array([[0.2, 0, 0.4, 0.4], [0, 0, 0.9, 0.1]]))


def test_no_guarantees_are_honoured_for_sure():
    assert honoured_distribution([], np.array([], int)) == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("g", "follows", "words"),
    [
        ([0.5, 1.5], [-1, -1], r"credibility must be in \[0, 1\]"),
        ([0.5, 0.5], [1, 0], "follows itself"),
        ([0.5], [1], "must name a guarantee"),
        ([0.5, 0.5], [-1], "expected"),
    ],
)
def test_guarantees_that_make_no_sense_are_refused(g, follows, words):
    with pytest.raises(ProblemError, match=words):
        honoured_distribution(g, follows)


def test_a_ceiling_must_be_positive():
    with pytest.raises(ProblemError, match="ceiling must be > 0"):
        credibility(0.1, 0.1, 0.0)
