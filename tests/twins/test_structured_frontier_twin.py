"""Frontiers built from parts against enumeration, and the certificate against every package."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.problems.packages import PackageProblem, pattern
from servanda.solvers import part_sums
from servanda.solvers import structured_frontier as solver
from twins.packages_by_definition import evaluate, frontier, matches, on_the_table, random_problem

SEEDS = st.integers(0, 2**32 - 1)


def packages_left(problem):
    """Values of every package on the table that breaks no red line, by definition."""
    return [
        evaluate(problem, index, chosen).values
        for index, chosen in on_the_table(problem)
        if not any(matches(row, chosen) for row in problem.red_lines)
    ]


@given(SEEDS, st.booleans())
@settings(max_examples=120)
def test_small_spaces_are_exact(seed, grid):
    problem = random_problem(np.random.default_rng(seed), gates=0, grid=grid)
    found = solver.structured_frontier(problem)
    values = packages_left(problem)
    assert found.exact
    expected = sorted(values[n] for n in frontier(values))
    assert sorted(found.values.tolist()) == [pytest.approx(row) for row in expected]
    for point, chosen, rational in zip(found.values, found.chosen, found.rational, strict=True):
        number = problem.number(chosen.tolist())
        assert evaluate(problem, number, tuple(chosen.tolist())).values == pytest.approx(
            point.tolist()
        )
        parties = problem.parties
        assert rational == (point[parties] >= problem.reservation[parties] - 1e-9).all()
    if values:
        assert found.span == pytest.approx(np.ptp(np.array(values), axis=0), abs=1e-9)


def linked_problem(rng, n_issues=5, n_options=4, n_actors=None):
    actors = n_actors or int(rng.integers(1, 5))

    def patterns(count):
        rows = []
        for _ in range(count):
            looked = rng.choice(n_issues, size=int(rng.integers(1, 4)), replace=False)
            rows.append(
                pattern(n_issues, {int(j): rng.choice(n_options, 2, replace=False) for j in looked})
            )
        return np.array(rows, dtype=np.uint64).reshape(count, n_issues)

    return PackageProblem(
        actors=tuple(f"actor-{i}" for i in range(actors)),
        issues=tuple(f"issue-{j}" for j in range(n_issues)),
        options=(tuple(map(str, range(n_options))),) * n_issues,
        n_options=np.full(n_issues, n_options),
        contribution=rng.normal(size=(n_issues, n_options, actors)),
        constant=rng.normal(size=actors),
        reservation=np.zeros(actors),
        links=patterns(4),
        link_values=rng.normal(size=(4, actors)),
        red_lines=patterns(2),
        red_line_owner=np.zeros(2, dtype=int),
        red_line_labels=("one", "two"),
    )


@given(SEEDS, st.sampled_from([1, 3, 10]), st.sampled_from([1, 50, 10**6]))
@settings(max_examples=40)
def test_every_package_is_within_epsilon_of_a_point_listed(seed, most_points, most_sums):
    """Also when nearly everything is thinned, and when sums go straight into coarse cells."""
    problem = linked_problem(np.random.default_rng(seed))
    before = part_sums.MOST_SUMS, part_sums.MOST_CELLS, part_sums.ROUNDS, solver.BLOCK
    try:
        part_sums.MOST_SUMS, part_sums.MOST_CELLS = most_sums, 64
        part_sums.ROUNDS, solver.BLOCK = (2, 1), 20
        found = solver.structured_frontier(problem, epsilon=0.05, most_points=most_points)
    finally:
        part_sums.MOST_SUMS, part_sums.MOST_CELLS, part_sums.ROUNDS, solver.BLOCK = before
    values = np.array(packages_left(problem))
    assert (found.epsilon >= 0).all()
    for point in values:
        above = point - found.values <= found.epsilon + 1e-9
        assert above.all(axis=1).any()
    for point in found.values:  # what is listed is there to be had
        assert np.abs(values - point).max(axis=1).min() < 1e-9
    shares = found.epsilon[found.span > 0] / found.span[found.span > 0]
    assert found.share == pytest.approx(shares.max(initial=0.0))


@given(SEEDS)
@settings(max_examples=10)
def test_threads_do_not_change_the_points(seed):
    problem = linked_problem(np.random.default_rng(seed), n_actors=3)
    before = part_sums.MOST_SUMS, part_sums.SUBTREES
    try:
        part_sums.MOST_SUMS, part_sums.SUBTREES = 10, 4
        one = solver.structured_frontier(problem, most_points=20, threads=1).to_dict()
        assert solver.structured_frontier(problem, most_points=20, threads=3).to_dict() == one
    finally:
        part_sums.MOST_SUMS, part_sums.SUBTREES = before


def test_forty_issues_of_five_options():
    """More packages than can be seen; the largest of any weighted sum is that of each issue."""
    rng = np.random.default_rng(8)
    worth = rng.normal(size=(40, 5, 2))
    problem = PackageProblem(
        actors=("a", "b"),
        issues=tuple(f"issue-{j}" for j in range(40)),
        options=(tuple("vwxyz"),) * 40,
        n_options=np.full(40, 5),
        contribution=worth,
        constant=np.zeros(2),
        reservation=np.array([0.0, np.nan]),
    )
    found = solver.structured_frontier(problem)
    assert found.space == 5**40
    assert found.exact
    assert "undominated points" in found.message
    for weight in np.linspace(0.01, 0.99, 25):
        both = np.array([weight, 1 - weight])
        assert (found.values @ both).max() == pytest.approx((worth @ both).max(axis=1).sum())
    assert found.span == pytest.approx(np.ptp(worth, axis=1).sum(axis=0))


@given(SEEDS)
@settings(max_examples=40)
def test_no_sum_is_further_above_than_what_is_missing(seed):
    """Parts of hundreds of points, so that boxes are passed over; every sum is looked at."""
    rng = np.random.default_rng(seed)
    n_actors = int(rng.integers(2, 5))
    left, right = (rng.normal(size=(int(rng.integers(20, 150)), n_actors)) for _ in range(2))
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    middle = len(left) // 2
    places = [
        part_sums.Place(slice(0, middle), slice(0, len(right)), rng.normal(0, 0.1, n_actors)),
        part_sums.Place(slice(middle, len(left)), slice(0, len(right) // 2), np.zeros(n_actors)),
    ]
    allowed = rng.choice([0.0, 0.02, 0.2], size=n_actors)
    before = part_sums.MOST_SUMS
    try:
        part_sums.MOST_SUMS = 10
        points, origin, missing = part_sums.undominated_sums(left, right, places, allowed, 1e-9)
    finally:
        part_sums.MOST_SUMS = before
    sums = np.concatenate(
        [(left[a][:, None] + right[b] + w).reshape(-1, n_actors) for a, b, w in places]
    )
    for one in sums:
        assert (one - points <= missing + 1e-9).all(axis=1).any()
    worth = [w for row in origin for a, b, w in places if a.start <= row[0] < a.stop]
    assert points == pytest.approx(left[origin[:, 0]] + right[origin[:, 1]] + np.array(worth))


def test_nobody_finds_a_package_beyond_the_certificate():
    """40 issues, three actors: best packages of many weights, and neighbours of points listed."""
    rng = np.random.default_rng(3)
    worth = rng.normal(size=(40, 5, 3))
    worth -= 0.5 * worth.mean(axis=2, keepdims=True)
    problem = PackageProblem(
        actors=("a", "b", "c"),
        issues=tuple(f"issue-{j}" for j in range(40)),
        options=(tuple("vwxyz"),) * 40,
        n_options=np.full(40, 5),
        contribution=worth,
        constant=np.zeros(3),
        reservation=np.zeros(3),
    )
    found = solver.structured_frontier(problem)
    assert 0.0 < found.share <= 0.01
    issues = np.arange(40)
    weights = rng.dirichlet(np.full(3, 0.7), size=500)
    supported = np.argmax(worth @ weights.T, axis=1).T
    neighbours = found.chosen[rng.integers(0, len(found.chosen), size=500)]
    neighbours[np.arange(500), rng.integers(0, 40, size=500)] = rng.integers(0, 5, size=500)
    for chosen in (*supported, *neighbours):
        value = worth[issues, chosen].sum(axis=0)
        assert (value - found.values <= found.epsilon + 1e-9).all(axis=1).any()


def test_what_cannot_be_asked_is_said():
    problem = linked_problem(np.random.default_rng(1))
    for wrong in ({"epsilon": 1.0}, {"epsilon": -0.1}, {"most_points": 0}):
        with pytest.raises(ProblemError, match="epsilon"):
            solver.structured_frontier(problem, **wrong)
    before = solver.MOST_STATES
    try:
        solver.MOST_STATES = 1
        with pytest.raises(ProblemError, match="combinations cross"):
            solver.structured_frontier(problem)
    finally:
        solver.MOST_STATES = before
    nothing = replace(
        problem, exclusions=np.array([pattern(5, {0: [0, 1]}), pattern(5, {0: [2, 3]})])
    )
    assert len(solver.structured_frontier(nothing).values) == 0
