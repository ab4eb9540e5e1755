"""Frontiers against exact rational arithmetic and against every pair of points."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.problems.packages import PackageProblem, pattern
from servanda.solvers import package_frontier as whole
from servanda.solvers import pareto
from servanda.solvers.funnel import funnel
from servanda.solvers.package_values import values_of
from servanda.solvers.pareto import pareto_front
from twins.packages_by_definition import random_problem

SEEDS = st.integers(0, 2**32 - 1)


def exact_frontier(points):
    """First row of every undominated point and how many rows share it; no tolerance at all."""
    kept = {}
    for n, x in enumerate(points):
        if any(
            all(b >= a for b, a in zip(y, x, strict=True)) and tuple(y) != tuple(x) for y in points
        ):
            continue
        kept.setdefault(tuple(x), [n, 0])[1] += 1
    return sorted(map(tuple, kept.values()))


def every_pair(values, tolerance=1e-9):
    """The same on floats, by whole-array comparison of every pair."""
    covers = (values[None] >= values[:, None] - tolerance).all(axis=2)
    above = (values[None] > values[:, None] + tolerance).any(axis=2)
    return np.flatnonzero(~(covers & above).any(axis=1))


def rational_problem(rng):
    """Contributions in thirds, sevenths and tenths, whose sums floats do not hold exactly."""
    n_actors, counts = int(rng.integers(2, 5)), rng.integers(2, 5, size=int(rng.integers(2, 5)))
    shape = (len(counts), int(counts.max()), n_actors)
    tops, bottoms = rng.integers(-9, 10, size=shape), rng.choice([3, 7, 10], size=shape)
    exact = [
        [
            [Fraction(int(t), int(b)) for t, b in zip(*row, strict=True)]
            for row in zip(top, bottom, strict=True)
        ]
        for top, bottom in zip(tops, bottoms, strict=True)
    ]
    problem = PackageProblem(
        actors=tuple(f"actor-{i}" for i in range(n_actors)),
        issues=tuple(f"issue-{j}" for j in range(len(counts))),
        options=tuple(tuple(map(str, range(n))) for n in counts),
        n_options=counts,
        contribution=tops / bottoms,
        constant=np.zeros(n_actors),
        reservation=np.full(n_actors, np.nan),
    )
    points = [
        tuple(
            sum((exact[j][o][i] for j, o in enumerate(chosen)), Fraction(0))
            for i in range(n_actors)
        )
        for chosen in itertools.product(*(range(int(n)) for n in counts))
    ]
    return problem, points


@given(SEEDS)
@settings(max_examples=60)
def test_the_frontier_is_the_one_of_exact_rationals(seed):
    """Ties of floating point neither lose nor add points: sums in other orders are one point."""
    problem, points = rational_problem(np.random.default_rng(seed))
    found = pareto_front(values_of(problem, np.arange(problem.n_packages)))
    listed = list(zip(found.indices.tolist(), found.shared.tolist(), strict=True))
    assert listed == exact_frontier(points)
    alike = whole.package_frontier(problem)
    assert list(zip(alike.indices.tolist(), alike.shared.tolist(), strict=True)) == listed


@given(SEEDS, st.integers(1, 5), st.sampled_from([(2, 5), (4, 40), (512, 16_384)]))
@settings(max_examples=40)
def test_samples_chunks_and_threads_do_not_change_the_frontier(seed, n_actors, samples):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(int(rng.integers(1, 400)), n_actors))
    if rng.random() < 0.5:
        values = np.round(values * 2) / 2
    before = pareto.SAMPLES, pareto.CHUNK
    try:
        pareto.SAMPLES, pareto.CHUNK = samples, 7
        rows = pareto.undominated(values, 1e-9, 2)
        front = pareto_front(values, threads=2)
    finally:
        pareto.SAMPLES, pareto.CHUNK = before
    np.testing.assert_array_equal(rows, every_pair(values))
    whole_front = pareto_front(values, threads=1)
    np.testing.assert_array_equal(front.indices, whole_front.indices)
    np.testing.assert_array_equal(front.shared, whole_front.shared)
    assert front.shared.sum() == len(rows)


@pytest.mark.parametrize("n_actors", [2, 3, 4, 5])
def test_a_frontier_of_some_size_against_every_pair(n_actors):
    rng = np.random.default_rng(n_actors)
    values = rng.normal(size=(3000, n_actors))
    values -= 0.9 * values.mean(axis=1, keepdims=True)  # what one gains another loses
    np.testing.assert_array_equal(pareto_front(values).indices, every_pair(values))


def test_one_point_many_times_over_is_one_point():
    values = np.tile([[1.0, 2.0, 3.0]], (50_000, 1))
    values[7] = [1.0, 2.0, 2.0]
    front = pareto_front(values)
    assert (front.indices.tolist(), front.shared.tolist()) == ([0], [49_999])
    assert len(pareto_front(np.empty((0, 3))).indices) == 0


@given(SEEDS, st.booleans())
@settings(max_examples=40)
def test_the_frontier_of_a_whole_space_chunk_by_chunk(seed, acceptable):
    problem = random_problem(np.random.default_rng(seed))
    before = whole.CHUNK
    try:
        whole.CHUNK = 5
        found = whole.package_frontier(problem, acceptable=acceptable, threads=2)
    finally:
        whole.CHUNK = before
    if acceptable:
        numbers = funnel(problem).survivors
    else:
        everything = np.arange(problem.n_packages)
        off = [
            any(
                all(int(m) >> o & 1 for m, o in zip(row, problem.chosen(n), strict=True))
                for row in problem.exclusions
            )
            for n in everything.tolist()
        ]
        numbers = everything[~np.array(off, dtype=bool)]
    front = pareto_front(values_of(problem, numbers))
    assert found.indices.tolist() == numbers[front.indices].tolist()
    assert found.shared.tolist() == front.shared.tolist()


def test_a_space_too_large_to_enumerate_is_said():
    problem = PackageProblem(
        actors=("a",),
        issues=tuple(f"i{j}" for j in range(30)),
        options=(("x", "y"),) * 30,
        n_options=np.full(30, 2),
        contribution=np.zeros((30, 2, 1)),
        constant=np.zeros(1),
        reservation=np.zeros(1),
        exclusions=np.array([pattern(30, {0: [1]})]),
    )
    with pytest.raises(ProblemError, match="too many to enumerate"):
        whole.package_frontier(problem)
