"""Deals under pressure: the solver against its definition, and laws."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from servanda.solvers.lasting_deals import Left, lasting_deals
from twins.lasting_by_definition import lasting_by_definition

whole = st.integers(-6, 6).map(float)
ACTORS = 3
points = st.lists(whole, min_size=ACTORS, max_size=ACTORS)
flags = st.lists(st.booleans(), min_size=ACTORS, max_size=ACTORS)
relief = st.lists(st.integers(0, 5).map(float), min_size=ACTORS, max_size=ACTORS)


def solved(signing, early, late, pressed, signs, fund) -> tuple[bool, bool, bool]:
    left = Left(*(np.array([[part]]) for part in (signing, early, late)))
    found = lasting_deals(
        left,
        np.array([pressed]),
        np.array(signs),
        np.ones((1, 1), bool),
        [(fund[0], np.array(fund[1]))],
    )
    return bool(found.inside[0, 0]), bool(found.outlasting[0, 0]), bool(found.lapsing[0, 0])


@given(points, points, points, relief, flags, st.tuples(st.integers(0, 9).map(float), flags))
def test_as_defined(signing, early, late, pressed, signs, fund) -> None:
    asked = (signing, early, late, pressed, signs, fund)
    assert solved(*asked) == lasting_by_definition(*asked)


@given(points, points, points, relief, flags, st.tuples(st.integers(0, 9).map(float), flags))
def test_what_needs_no_pressure_stays_kept_under_it(
    signing, early, late, pressed, signs, fund
) -> None:
    inside, outlasting, lapsing = solved(signing, early, late, pressed, signs, fund)
    assert not inside or outlasting
    assert not (outlasting and lapsing)


@given(points, points, points, flags, st.tuples(st.integers(0, 9).map(float), flags))
def test_without_pressure_nothing_lapses(signing, early, late, signs, fund) -> None:
    inside, outlasting, lapsing = solved(signing, early, late, [0.0] * ACTORS, signs, fund)
    assert inside == outlasting
    assert not lapsing


@given(points, points, points, relief, flags, st.integers(0, 9), flags)
def test_more_money_never_loses_a_deal(
    signing, early, late, pressed, signs, amount, reaches
) -> None:
    less, more = (
        solved(signing, early, late, pressed, signs, (float(points), reaches))
        for points in (amount, amount + 2)
    )
    assert less[0] <= more[0]
    assert less[1] <= more[1]
