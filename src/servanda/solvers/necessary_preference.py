"""What follows from rankings: which package an actor prefers in every reading, what it accepts.

For additive values only known by order, x is **necessarily** at least as good as y when it is in
every reading.  With bounds on each issue that do not depend on the others, and weights whose set is
spanned by its corners w^k, that is ::

    min_k Σ_j w^k_j · low_j(x_j, y_j)  >=  what the numbers say for y over x

where low_j is 1 for the best option of a ranking over the worst, -1 for an option over one ranked
higher, and 0 otherwise.  With a full ranking of issues this is: on the first k issues together, for
every k, x wins best against worst at least as often as it loses a place.  It is preferred strictly
when it is so and some reading says more.

References: Brams, Edelman and Fishburn (2003), Theory and Decision 55(2), and Aziz, Biro, Lang,
Lesca and Monnot (2019), Theoretical Computer Science 790, for the dominance of responsive
preferences; Greco and others (2008), EJOR 191(2), for the word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.kernels import ordinal as kernels
from servanda.problems.packages import TOLERANCE
from servanda.problems.ranked_packages import POINTS, RankedProblem, match
from servanda.solvers.package_values import values_of
from servanda.solvers.threads import in_threads, n_workers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MOST_PAIRS = 1 << 25
"""Pairs of packages whose comparisons are held at once, for each actor."""

CHUNK = 64
"""Packages a thread compares with all others at a time; the answer does not depend on it."""


class Compared(NamedTuple):
    """Packages as the kernels compare them: (N, J), (N, A), (A, J, O, O), (A, K, J), (A,)."""

    chosen: IntArray
    fixed: FloatArray
    low: FloatArray
    corners: FloatArray
    n_corners: IntArray


def necessary_preference(
    problem: RankedProblem,
    packages: ArrayLike,
    *,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> BoolArray:
    """Whether actor i finds x at least as good as y in every reading, at [i, x, y].

    Args:
        problem: packages and rankings.
        packages: (N,) numbers of the packages to compare.
        tolerance: points.
        threads: how many; None: as many as there are cores. The answer does not depend on it.

    Returns:
        (A, N, N).
    """
    numbers = np.array(packages, dtype=np.int64)
    if len(numbers) ** 2 > MOST_PAIRS:
        raise ProblemError(f"packages: {len(numbers):,} are too many to compare pair by pair")
    compared = compared_packages(problem, numbers)
    least = np.empty((compared.fixed.shape[1], len(numbers), len(numbers)))

    def part(start: int) -> None:
        kernels.compare_packages(start, min(start + CHUNK, len(numbers)), *compared, least)

    for _ in in_threads(part, range(0, len(numbers), CHUNK), n_workers(threads)):
        pass
    return np.asarray(least >= -tolerance)


def necessary_acceptance(
    problem: RankedProblem, packages: ArrayLike, *, tolerance: float = TOLERANCE
) -> tuple[BoolArray, BoolArray]:
    """Whether each actor prefers each package to no deal in every reading, and in none, (N, A).

    An actor without a veto accepts everything.
    """
    numbers = np.array(packages, dtype=np.int64)
    compared = compared_packages(problem, numbers)
    base = problem.numbers.reservation
    accepts = np.ones(compared.fixed.shape, dtype=np.bool_)
    refuses = np.zeros_like(accepts)
    for i in np.flatnonzero(~np.isnan(base)).tolist():
        low, high = _bounds(problem, compared, i)
        accepts[:, i] = low >= -tolerance
        refuses[:, i] = (high <= tolerance) & (low < -tolerance)
    return accepts, refuses


def compared_packages(problem: RankedProblem, packages: IntArray) -> Compared:
    """What the kernels need to compare these packages."""
    numbers = problem.numbers
    most = max(len(rows) for rows in problem.corners)
    corners = np.zeros((len(problem.corners), most, len(numbers.issues)))
    for i, rows in enumerate(problem.corners):
        corners[i, : len(rows)] = rows
    counts = tuple(numbers.n_options.tolist())
    chosen = np.stack(np.unravel_index(packages, counts), axis=1)
    return Compared(
        chosen=np.ascontiguousarray(chosen, dtype=np.int64),
        fixed=values_of(numbers, packages),
        low=_least_of_options(problem),
        corners=corners,
        n_corners=np.array([len(rows) for rows in problem.corners], dtype=np.int64),
    )


def _least_of_options(problem: RankedProblem) -> FloatArray:
    """Least points of option x over option y in any reading, before the weight, (A, J, O, O)."""
    one, other = problem.rank[..., :, np.newaxis], problem.rank[..., np.newaxis, :]
    last = problem.places[..., np.newaxis, np.newaxis] - 1
    by_order = np.where(one > other, -1.0, np.where((one == 0) & (other == last), 1.0, 0.0))
    by_order = np.where(one == other, 0.0, by_order)
    by_number = problem.value[..., :, np.newaxis] - problem.value[..., np.newaxis, :]
    ranked = problem.places[..., np.newaxis, np.newaxis] > 0
    return np.ascontiguousarray(POINTS * np.where(ranked, by_order, by_number))


def _bounds(
    problem: RankedProblem, compared: Compared, actor: int
) -> tuple[FloatArray, FloatArray]:
    """Least and most points of every package over no deal in any reading, (N,) each."""
    corners, fixed = problem.corners[actor], compared.fixed[:, actor]
    issues = np.arange(compared.chosen.shape[1])
    floor = problem.floor[actor]
    if (floor >= 0).any():
        numbers = problem.numbers
        linked = match(numbers.links, floor[np.newaxis])[0] @ numbers.link_values[:, actor]
        own = numbers.contribution[issues, floor, actor].sum()
        base = float(numbers.constant[actor] + own + linked)
        low = compared.low[actor][issues, compared.chosen, floor]
        high = -compared.low[actor][issues, floor, compared.chosen]
    else:
        base = float(problem.numbers.reservation[actor])
        rank, last = problem.rank[actor], problem.places[actor][:, np.newaxis] - 1
        ranked, value = problem.places[actor][:, np.newaxis] > 0, problem.value[actor]
        low_of = POINTS * np.where(ranked, (rank == 0) & (last > 0), value)
        high_of = POINTS * np.where(ranked, rank < last, value)
        low, high = low_of[issues, compared.chosen], high_of[issues, compared.chosen]
    return (low @ corners.T).min(axis=1) + fixed - base, (high @ corners.T).max(
        axis=1
    ) + fixed - base
