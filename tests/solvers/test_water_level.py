"""The level to which a sum raises those who have least."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.solvers.water_level import water_level

numbers = st.floats(-50, 50)


@given(st.lists(numbers, min_size=1, max_size=6), st.floats(0, 100))
def test_what_it_takes_to_raise_all_below_it_is_the_sum(left: list[float], amount: float) -> None:
    level = float(water_level(left, amount))
    assert np.maximum(0.0, level - np.array(left)).sum() == pytest.approx(amount, abs=1e-9)


@given(st.lists(numbers, min_size=2, max_size=6), st.floats(0, 100))
def test_of_many_rows_each_has_its_own(left: list[float], amount: float) -> None:
    rows = np.array([left, left[::-1]])
    assert water_level(rows, amount) == pytest.approx([float(water_level(left, amount))] * 2)


def test_those_who_need_nothing_are_left_out() -> None:
    assert float(water_level([1.0, np.inf], 3.0)) == 4.0
