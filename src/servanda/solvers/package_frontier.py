"""The Pareto frontier of a whole package space, a chunk at a time.

Memory grows with the frontier and one chunk, not with the space: a chunk is first put to the
frontier found so far, then to itself, and what is left of both is the new frontier.
"""

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.packages import ParetoFront
from servanda.solvers.funnel import ENUMERATION_LIMIT
from servanda.solvers.pareto import merged_front, weighted_front
from servanda.solvers.row_tally import failing_rows
from servanda.solvers.threads import in_threads, n_workers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHUNK = 1 << 17
"""Packages a thread takes at a time; the points found do not depend on it."""


def package_frontier(
    problem: PackageProblem,
    *,
    acceptable: bool = True,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> ParetoFront:
    """Undominated packages; ``indices`` are their numbers, ``shared`` packages at the same point.

    Parameters
    ----------
        problem: packages, values, gates.
        acceptable: only among packages that pass red lines, rationality and ratification; False:
            among all on the table.
        tolerance: points; values that differ by no more for any actor are one point.
        threads: how many; None: as many as there are cores. The answer does not depend on it.
    """
    if problem.n_packages > ENUMERATION_LIMIT:
        raise ProblemError(
            f"packages: {problem.n_packages} are too many to enumerate ({ENUMERATION_LIMIT})"
        )

    def part(start: int) -> tuple[IntArray, FloatArray, IntArray]:
        found, packages, failed, values, _ = failing_rows(problem, start, tolerance, CHUNK)
        looked = np.flatnonzero(failed[:found] == 0) if acceptable else np.arange(found)
        points = values[looked]
        front = weighted_front(points, np.ones(len(points), dtype=np.int64), tolerance, 1)
        return packages[looked[front.indices]], points[front.indices], front.shared

    numbers = np.empty(0, dtype=np.int64)
    points = np.empty((0, len(problem.actors)))
    shared = np.empty(0, dtype=np.int64)
    starts = range(0, problem.n_packages, CHUNK)
    for more, values, weights in in_threads(part, starts, n_workers(threads)):
        kept, shared = merged_front(points, shared, values, weights, tolerance, threads)
        numbers = np.concatenate([numbers, more])[kept]
        points = np.concatenate([points, values])[kept]
    return ParetoFront(indices=numbers, shared=shared, tolerance=tolerance)
