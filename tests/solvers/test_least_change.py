"""Least changes against closed forms: linear margins, quadratic ones, and none at all."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from servanda.errors import ProblemError
from servanda.problems.least_change import LeastChangeProblem
from servanda.results.least_change import ChangeStatus
from servanda.solvers.least_change import least_change
from servanda.solvers.single_change import TIE, single_changes

BOUND = 4.0


def linear(matrix, base, spread=None, bound=BOUND) -> LeastChangeProblem:
    """m(θ) = base + matrix (θ - 1), every number within `bound` spreads of 1."""
    matrix, base = np.asarray(matrix, float), np.asarray(base, float)
    spread = np.ones(matrix.shape[1]) if spread is None else np.asarray(spread, float)
    start = np.ones(matrix.shape[1])
    return LeastChangeProblem(
        margins=lambda rows: base + (rows - start) @ matrix.T,
        start=start,
        spread=spread,
        lower=start - bound * spread,
        upper=start + bound * spread,
    )


def by_enumeration(matrix, base, spread) -> tuple[int, float]:
    """Fewest numbers and least effort, by a linear program for every set of numbers."""
    matrix = np.asarray(matrix, float) * spread
    for count in range(matrix.shape[1] + 1):
        efforts = []
        for chosen in combinations(range(matrix.shape[1]), count):
            part = matrix[:, list(chosen)]
            found = optimize.linprog(
                np.ones(2 * count) if count else [0.0],
                A_ub=np.hstack([-part, part]) if count else np.zeros((len(base), 1)),
                b_ub=base,
                bounds=(0.0, BOUND),
            )
            if found.status == 0:
                efforts.append(found.fun)
        if efforts:
            return count, min(efforts)
    return -1, np.inf


@settings(max_examples=40)
@given(st.integers(0, 400))
def test_linear_margins_equal_the_linear_program_of_every_set(seed: int) -> None:
    chance = np.random.default_rng(seed)
    numbers, conditions = chance.integers(2, 6), chance.integers(1, 5)
    matrix = chance.normal(size=(conditions, numbers)).round(2)
    base = chance.normal(-1.5, 1.5, size=conditions).round(2)
    spread = chance.uniform(0.2, 3.0, size=numbers).round(2)
    found = least_change(linear(matrix, base, spread))
    count, effort = by_enumeration(matrix, base, spread)
    if count < 0:
        assert found.status is ChangeStatus.NONE_FOUND
        assert found.short
        assert (found.lacking > 0).all()
        return
    assert found.change is not None
    assert len(found.change.moved) == count
    assert found.change.effort == pytest.approx(effort, abs=2e-3)
    assert (found.change.margins >= -TIE).all()


def test_two_numbers_share_the_work_by_their_spreads() -> None:
    """x + y >= 3 from (1, 1) with both below 1.8: one alone falls short; the wider moves most."""
    problem = LeastChangeProblem(
        margins=lambda rows: rows.sum(axis=1, keepdims=True) - 3.0,
        start=np.ones(2),
        spread=np.array([0.1, 0.4]),
        lower=np.zeros(2),
        upper=np.full(2, 1.8),
    )
    found = least_change(problem)
    assert found.change is not None
    assert found.change.moved == (0, 1)
    assert found.change.to == pytest.approx([1.2, 1.8], abs=1e-6)
    assert found.change.by == pytest.approx([2.0, 2.0], abs=1e-5)
    assert found.change.effort == pytest.approx(4.0, abs=1e-5)


def test_a_circle_is_left_where_its_tangent_is_steepest() -> None:
    """x² + y² >= 8 and y >= x from (1, 1), x and y at most 2: only (2, 2) will do."""
    problem = LeastChangeProblem(
        margins=lambda rows: np.stack(
            [(rows**2).sum(axis=1) - 8.0, rows[:, 1] - rows[:, 0]], axis=1
        ),
        start=np.ones(2),
        spread=np.ones(2),
        lower=np.zeros(2),
        upper=np.full(2, 2.0 + 1e-6),
    )
    found = least_change(problem)
    assert found.change is not None
    assert found.change.to == pytest.approx([2.0, 2.0], abs=1e-5)


def test_a_product_is_reached_at_the_point_of_tangency() -> None:
    """x y >= 4 from (1, 1), y at most 3.5 and x + y free: least |dx| + |dy| is at x = y = 2."""
    problem = LeastChangeProblem(
        margins=lambda rows: np.prod(rows, axis=1, keepdims=True) - 4.0,
        start=np.ones(2),
        spread=np.ones(2),
        lower=np.zeros(2),
        upper=np.full(2, 3.5),
    )
    found = least_change(problem)
    assert found.change is not None
    assert found.change.effort == pytest.approx(2.0, abs=1e-4)
    assert np.prod(found.change.to) == pytest.approx(4.0, abs=1e-5)


def test_one_number_with_a_window_stops_at_its_near_edge() -> None:
    """1 - (x - 3)² >= 0 holds between 2 and 4; the other number does nothing."""
    problem = LeastChangeProblem(
        margins=lambda rows: 1.0 - (rows[:, :1] - 3.0) ** 2,
        start=np.array([0.5, 0.0]),
        spread=np.ones(2),
        lower=np.array([0.0, -5.0]),
        upper=np.array([5.0, 5.0]),
    )
    ((first, *others),) = single_changes(problem, [np.array([0])])
    assert first.moved == (0,)
    assert first.to == pytest.approx([2.0], abs=1e-4)
    assert not others


def test_each_question_has_its_own_numbers_the_nearest_first() -> None:
    """Two conditions: the first number mends one, the second both, the third the other."""
    problem = linear([[1.0, 0.5, 0.0], [0.0, 1.0, 2.0]], [-1.0, -1.0])
    both, first, second = single_changes(problem, [np.array([0, 1]), np.array([0]), np.array([1])])
    assert [change.moved for change in both] == [(1,)]
    assert [change.moved for change in first] == [(0,), (1,)]
    assert [change.moved for change in second] == [(2,), (1,)]
    efforts = [change.effort for change in (*both, *first, *second)]
    assert efforts == pytest.approx([2.0, 1.0, 2.0, 0.5, 1.0], abs=1e-4)


def test_the_same_problem_has_the_same_answer_and_arrays_stay() -> None:
    problem = linear([[1.0, -0.5, 0.2], [0.3, 1.0, 0.1]], [-2.0, -1.0])
    before = [array.copy() for array in (problem.start, problem.lower, problem.upper)]
    one, two = least_change(problem), least_change(problem)
    assert one.change is not None
    assert two.change is not None
    assert one.change.moved == two.change.moved
    assert one.change.to.tolist() == two.change.to.tolist()
    after = (problem.start, problem.lower, problem.upper)
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


def test_where_all_holds_nothing_moves() -> None:
    found = least_change(linear([[1.0]], [0.0]))
    assert found.status is ChangeStatus.NONE_NEEDED
    assert found.change is not None
    assert found.change.moved == ()


def test_conditions_that_contradict_one_another_are_named() -> None:
    """x >= 1 and x <= -1, and a third that holds: half of each is lacking at best."""
    found = least_change(linear([[1.0], [-1.0], [0.0]], [-1.0, -1.0, 5.0]))
    assert (found.status, found.change) == (ChangeStatus.NONE_FOUND, None)
    assert set(found.short) <= {0, 1}
    assert found.lacking.sum() == pytest.approx(2.0, abs=1e-6)


def test_what_no_number_moves_is_short_by_all_it_lacks() -> None:
    found = least_change(linear([[1.0, 2.0], [0.0, 0.0]], [-1.0, -3.0]))
    assert found.short == (1,)
    assert found.lacking.tolist() == [3.0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spread": np.array([0.0])}, "spread"),
        ({"spread": np.array([1.0, 1.0])}, "one length"),
        ({"upper": np.array([0.5])}, "start"),
        ({"lower": np.array([-np.inf])}, "lower"),
    ],
)
def test_arrays_that_are_no_problem(change, said) -> None:
    given_ = {
        "start": np.array([1.0]),
        "spread": np.array([1.0]),
        "lower": np.array([0.0]),
        "upper": np.array([2.0]),
    } | change
    with pytest.raises(ProblemError, match=said):
        LeastChangeProblem(margins=lambda rows: rows, **given_)
