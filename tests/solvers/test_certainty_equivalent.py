"""Sure amounts worth as much as a risk."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.solvers.certainty_equivalent import certainty_equivalent


@given(st.floats(0.2, 5), st.floats(0, 1))
def test_it_is_worth_what_the_risk_is(bend, amount):
    def utility(x):
        return x**bend

    found = certainty_equivalent(utility, utility(amount))
    assert utility(found) == pytest.approx(utility(amount), abs=1e-8)


@given(st.floats(0.1, 0.9), st.floats(0.05, 0.95))
def test_who_minds_risk_takes_less_than_its_average(bend, chance):
    assert certainty_equivalent(lambda x: x**bend, chance) <= chance
    assert certainty_equivalent(lambda x: x ** (1 / bend), chance) >= chance - 1e-8


def test_beyond_the_amounts_there_is_none():
    assert certainty_equivalent(math.sqrt, -0.1) == -np.inf
    assert certainty_equivalent(math.sqrt, 1.1) == np.inf
    assert certainty_equivalent(math.sqrt, 1.0) == 1.0
    with pytest.raises(ProblemError, match="rise"):
        certainty_equivalent(lambda x: -x, 0.5)
