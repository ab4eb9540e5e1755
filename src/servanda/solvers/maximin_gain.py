"""Maximin gain: the smallest gain as large as possible, and nothing further.

For values u(K) and disagreement point d, ``maximise min_i (u_i(K) - d_i)`` over packages that leave
no party below d. Where several packages are as good, an undominated one is taken, then the first;
the egalitarian solution goes on to compare the next smallest gain, and so on. Points must mean the
same to all parties.

Reference: Rawls (1971), A Theory of Justice, Harvard University Press; what NegMAS (Mohammad et al.
2020) calls the Kalai point.
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.problems.packages import TOLERANCE
from servanda.results.packages import Settlement
from servanda.solvers.nash import checked_disagreement, no_gain, settled
from servanda.solvers.pareto import checked_values


def maximin_gain(
    values: ArrayLike, disagreement: ArrayLike, *, tolerance: float = TOLERANCE
) -> Settlement:
    """Package whose smallest gain over disagreement is largest.

    Parameters
    ----------
        values: (N, A) points, on a scale common to the parties.
        disagreement: (A,) points; NaN for an actor that is not a party.
        tolerance: points; gains closer than this are equal.

    >>> maximin_gain([[9, 1], [3, 2], [2, 5]], [0, 0]).ties
    2
    """
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    gains = points[:, parties] - base[parties]
    rational = np.flatnonzero((gains >= -tolerance).all(axis=1))
    if not rational.size:
        return no_gain("maximin-gain", base)
    smallest = gains[rational].min(axis=1)
    best = rational[smallest >= smallest.max() - tolerance]
    return settled("maximin-gain", points, base, best, np.array([smallest.max()]), tolerance)
