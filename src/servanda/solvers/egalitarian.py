"""Egalitarian solution: the smallest gain as large as possible, then the next smallest, and so on.

For values u(K) and disagreement point d, gains in points are sorted in rising order and compared
lexicographically over packages that leave no party below d. On a convex set that can be scaled
down freely this is Kalai's proportional solution with equal shares; on a list of packages equal
gains may not exist, and the lexicographic form keeps the answer efficient. Points must mean the
same to all parties: the answer changes with one party's scale.

References: Kalai (1977), Proportional solutions to bargaining situations, Econometrica 45(7); Chun
and Peters (1988), The lexicographic egalitarian solution, Cahiers du CERO 30.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.problems.packages import TOLERANCE
from servanda.results.packages import Settlement
from servanda.solvers.nash import checked_disagreement, no_gain, settled
from servanda.solvers.pareto import checked_values

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def egalitarian(
    values: ArrayLike, disagreement: ArrayLike, *, tolerance: float = TOLERANCE
) -> Settlement:
    """Package whose gains, in rising order, are lexicographically largest.

    Parameters
    ----------
        values: (N, A) points, on a scale common to the parties.
        disagreement: (A,) points; NaN for an actor that is not a party.
        tolerance: points; gains closer than this are equal.

    >>> egalitarian([[9, 1], [3, 2], [2, 5]], [0, 0]).index
    2
    """
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    gains = points[:, parties] - base[parties]
    rational = np.flatnonzero((gains >= -tolerance).all(axis=1))
    if not rational.size:
        return no_gain("egalitarian", base)
    best, criterion = lexicographic_maximin(gains[rational], tolerance)
    return settled("egalitarian", points, base, rational[best], criterion, tolerance)


def lexicographic_maximin(gains: FloatArray, tolerance: float) -> tuple[IntArray, FloatArray]:
    """Rows of ``gains`` (N, n) that are best in rising order, and that order (n,) of the first."""
    rising = np.sort(gains, axis=1)
    best = np.arange(len(rising))
    for place in range(rising.shape[1]):
        column = rising[best, place]
        best = best[column >= column.max() - tolerance]
    return best, rising[best[0]]
