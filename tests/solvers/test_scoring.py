"""Proper scores, and forecasters who learn from the other cases only."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.solvers.scoring import base_rate, brier, like_cases, log_score

SHARES = st.floats(0.01, 0.99)


@given(SHARES, SHARES)
def test_saying_what_one_believes_is_best(belief, said):
    for score in (brier, log_score):
        outcomes = [True, False]
        honest = score(np.array([belief, belief]), outcomes) @ [belief, 1 - belief]
        other = score(np.array([said, said]), outcomes) @ [belief, 1 - belief]
        assert honest <= other + 1e-12


def test_one_half_scores_a_quarter_and_ln_2():
    half = np.full(4, 0.5)
    happened = [True, False, False, True]
    assert brier(half, happened).tolist() == [0.25] * 4
    assert log_score(half, happened) == pytest.approx([np.log(2)] * 4)


def test_certainty_that_was_wrong_is_costly_but_finite():
    assert log_score(np.array([0.0]), [True])[0] == pytest.approx(-np.log(1e-3))


def test_a_case_is_never_among_those_it_is_forecast_from():
    happened = [True, True, True, False]
    # the other three: two of three happened, and three of three for the one that did not
    assert base_rate(happened) == pytest.approx([3 / 5, 3 / 5, 3 / 5, 4 / 5])


def test_like_cases_look_at_the_same_feature_only():
    found = like_cases([True, True, False, False], [True, True, False, True])
    assert found == pytest.approx([2 / 4, 2 / 4, 1 / 2, 3 / 4])


@pytest.mark.parametrize("wrong", [np.array([0.5]), np.array([0.5, 1.2]), np.array([np.nan, 0.2])])
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(ProblemError, match="probability"):
        brier(wrong, [True, False])
