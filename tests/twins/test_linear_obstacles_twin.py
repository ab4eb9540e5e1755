"""Obstacles by integer programming against obstacles by enumeration, on small random problems."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.problems.packages import PackageProblem, pattern
from servanda.results.obstacles import ObstacleStatus
from servanda.solvers.linear_obstacles import linear_obstacles
from servanda.solvers.obstacles import obstacles
from servanda.solvers.package_search import only
from servanda.solvers.package_values import deal_of
from servanda.solvers.side_payment import Fund
from twins.packages_by_definition import random_problem

SEEDS = st.integers(0, 2**32 - 1)


def as_sets(rows):
    return {frozenset((row.gate, row.label, row.actor) for row in one) for one in rows}


@given(SEEDS)
@settings(max_examples=80, deadline=None)
def test_both_ways_say_the_same(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, gates=0)
    labels = tuple(f"line {n}" for n in range(len(problem.red_lines)))  # told apart by name
    problem = replace(problem, red_line_labels=labels)
    limits = rng.integers(0, 9, size=len(problem.actors)).astype(float).tolist()
    funds = [Fund("frozen assets", float(rng.integers(0, 6)), (0,)), Fund("aid", 1.0)]
    counted = obstacles(problem, limits=limits, funds=funds, most=10_000)
    found = linear_obstacles(problem, limits=limits, funds=funds, most=10_000)

    assert found.status is counted.status
    assert found.n_corrections == counted.n_corrections
    assert as_sets(one.rows for one in found.corrections) == as_sets(
        one.rows for one in counted.corrections
    )
    sizes = [len(one.rows) for one in found.corrections]
    assert sizes == sorted(sizes)
    assert as_sets(found.conflicts) == as_sets(counted.conflicts)
    lacks = {frozenset(one.rows): lack_of(problem, one.deal) for one in counted.corrections}
    for one in found.corrections:
        assert one.opens is None
        assert lack_of(problem, one.deal) == pytest.approx(lacks[frozenset(one.rows)], abs=1e-6)
        assert one.deal.to_dict() == deal_of(problem, one.deal.index).to_dict()
    for near, other in zip(found.nearest, counted.nearest, strict=True):
        assert near.actor == other.actor
        assert len(near.others) == len(other.others)
        assert len(near.own_lines) == len(other.own_lines)
        assert near.lacks == pytest.approx(other.lacks, abs=1e-6)
    assert (found.payment is None) == (counted.payment is None)
    if found.payment:
        assert found.payment.total == pytest.approx(counted.payment.total, abs=1e-6)
        assert found.payment.deal.to_dict() == deal_of(problem, found.payment.deal.index).to_dict()


def lack_of(problem, deal):
    """Points that all actors with a veto lack together, at rationality and at signature."""
    return sum(
        max(0.0, -deal.gains[name], -deal.signing_slack[name] if not problem.audiences else 0.0)
        for name in deal.gains
    )


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_with_domestic_gates_only_the_gates_before_them_are_asked(seed):
    problem = random_problem(np.random.default_rng(seed), gates=2)
    found = linear_obstacles(problem)
    if not problem.audiences or not problem.gates_before.any():
        assert found.status in {
            ObstacleStatus.NONE,
            ObstacleStatus.BLOCKED,
            ObstacleStatus.NOTHING_ON_THE_TABLE,
        }
        return
    assert found.status not in {ObstacleStatus.NONE, ObstacleStatus.BLOCKED}
    without = replace(
        problem,
        gates_before=np.zeros(len(problem.audiences), dtype=bool),
        audience_cost=np.zeros_like(problem.audience_cost),
    )
    counted = obstacles(without)
    assert (found.status is ObstacleStatus.BLOCKED_BEFORE_RATIFICATION) == (
        counted.status is ObstacleStatus.BLOCKED
    )
    assert found.n_corrections == counted.n_corrections


def large(reservation, n_issues=40, lines=()):
    """Two actors who share 40 issues of five options: what one gains on each the other loses."""
    worth = np.zeros((n_issues, 5, 2))
    worth[:, :, 0] = np.arange(5)
    worth[:, :, 1] = 4 - np.arange(5)
    return PackageProblem(
        actors=("a", "b"),
        issues=tuple(f"issue-{j}" for j in range(n_issues)),
        options=(tuple("vwxyz"),) * n_issues,
        n_options=np.full(n_issues, 5),
        contribution=worth,
        constant=np.zeros(2),
        reservation=np.array(reservation, dtype=float),
        red_lines=np.array(lines, dtype=np.uint64).reshape(len(lines), n_issues),
        red_line_owner=np.zeros(len(lines), dtype=int),
        red_line_labels=tuple(f"line {n}" for n in range(len(lines))),
    )


@pytest.mark.parametrize("n_issues", [40, 86])  # 10^27 and 10^60 packages
def test_a_space_that_nobody_can_enumerate(n_issues):
    """160 points to share on 40 issues: 100 and 70 are ten too many."""
    total = 4 * n_issues
    start = time.perf_counter()
    found = obstacles(large([total - 60, 70], n_issues), funds=[Fund("aid", 30.0)])
    assert time.perf_counter() - start < 60
    assert found.status is ObstacleStatus.BLOCKED
    assert as_sets(one.rows for one in found.corrections) == {
        frozenset({("individual-rationality", "a", "a")}),
        frozenset({("individual-rationality", "b", "b")}),
    }
    assert found.n_corrections == 2
    assert [len(one) for one in found.conflicts] == [2]
    assert [near.lacks for near in found.nearest] == pytest.approx([10.0, 10.0])
    assert found.payment.total == pytest.approx(10.0)
    assert found.payment.from_funds == pytest.approx({"aid": 10.0})
    assert found.to_dict()["corrections"][0]["deal"]["index"] < 5**n_issues


def test_a_red_line_that_takes_the_deal_away():
    """Nobody may give on more than one of two issues, and both would have to."""
    lines = [pattern(40, {0: [0, 1, 2]}), pattern(40, {1: [0, 1, 2]}), pattern(40, {2: [4]})]
    found = obstacles(large([80, 80], lines=lines))
    assert found.status is ObstacleStatus.NONE
    found = obstacles(large([0, 160], lines=lines))
    assert as_sets(one.rows for one in found.corrections) == {
        frozenset({("red-lines", "line 0", "a"), ("red-lines", "line 1", "a")}),
        frozenset({("individual-rationality", "b", "b")}),
    }
    assert len(found.conflicts) == found.n_conflicts == 2


def test_more_gates_than_a_word_has_bits():
    lines = [pattern(4, {n % 4: [n % 5]}) for n in range(70)]
    found = obstacles(large([0, 0], n_issues=4, lines=lines))
    assert found.status is ObstacleStatus.BLOCKED
    assert found.corrections[0].rows


def test_what_takes_too_long_is_left_open():
    found = linear_obstacles(large([100, 70]), seconds=0.0)
    assert found.status is ObstacleStatus.OUT_OF_TIME
    assert found.n_corrections is None


def test_one_package_alone_is_worth_the_same():
    rng = np.random.default_rng(4)
    for _ in range(20):
        problem = random_problem(rng)
        number = int(rng.integers(problem.n_packages))
        alone = deal_of(only(problem, np.array(problem.chosen(number))), 0)
        assert replace(alone, index=number).to_dict() == deal_of(problem, number).to_dict()
