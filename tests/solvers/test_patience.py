"""The patience that cooperation needs."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.solvers.patience import patience_needed
from servanda.solvers.relational_contract import profiles_kept


@given(st.integers(0, 2**32 - 1), st.sampled_from([(2, 2), (3, 2), (2, 2, 2)]))
def test_just_that_patience_keeps_it_up_and_less_does_not(seed, sizes):
    payoffs = np.random.default_rng(seed).integers(-5, 6, (len(sizes), *sizes)).astype(float)
    profile = np.unravel_index(seed % np.prod(sizes), sizes)
    found = patience_needed(payoffs, profile)
    assert found == patience_needed(payoffs, profile)
    for discount in np.linspace(0, 0.999, 37):
        kept = profiles_kept(payoffs, discount)[profile]
        if found is None or discount < found - 1e-6:
            assert not kept
        elif discount > found + 1e-6:
            assert kept


@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_a_symmetric_dilemma_is_kept_up_as_by_grim_triggers(numbers):
    S, P, R, T = sorted(numbers)
    assume(P - S > 0.1 and R - P > 0.1 and T - R > 0.1 and T + S < 2 * R)
    row = np.array([[R, S], [T, P]])
    assert patience_needed([row, row.T], (0, 0)) == pytest.approx((T - R) / (T - P), abs=1e-7)


def test_an_equilibrium_of_one_period_needs_none_and_what_harms_all_never_holds():
    row = np.array([[3.0, 0.0], [4.0, 1.0]])
    assert patience_needed([row, row.T], (1, 1)) == 0.0
    waste = np.array([[1.0, 1.0], [0.0, 0.0]])
    assert patience_needed([waste, waste.T], (1, 1)) is None
    with pytest.raises(ProblemError, match="actions"):
        patience_needed([row, row.T], (0, 2))
