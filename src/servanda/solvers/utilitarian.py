"""Utilitarian solution: the largest sum of gains.

For values u(K) and disagreement point d, ``maximise Σ_i w_i·(u_i(K) - d_i)`` over packages that
leave no party below d. Points must mean the same to all parties: doubling one party's scale doubles
its say. Ties go to an undominated package, then to the first.

Reference: Harsanyi (1955), Cardinal welfare, individualistic ethics, and interpersonal comparisons
of utility, Journal of Political Economy 63(4).
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.problems.packages import TOLERANCE
from servanda.results.packages import Settlement
from servanda.solvers.nash import checked_disagreement, checked_weights, no_gain, settled
from servanda.solvers.pareto import checked_values

TIE = 1e-12
"""Relative to the sum; packages closer than this are as good."""


def utilitarian(
    values: ArrayLike,
    disagreement: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    tolerance: float = TOLERANCE,
) -> Settlement:
    """Package that maximises the (weighted) sum of gains over disagreement.

    Parameters
    ----------
        values: (N, A) points, on a scale common to the parties.
        disagreement: (A,) points; NaN for an actor that is not a party.
        weights: (A,) not negative; None: all equal.
        tolerance: points; a gain of at least minus this is rational.

    >>> utilitarian([[9, 1], [3, 2], [2, 5]], [0, 0]).index
    0
    """
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    power = checked_weights(weights, points.shape[1])[parties]
    gains = points[:, parties] - base[parties]
    rational = np.flatnonzero((gains >= -tolerance).all(axis=1))
    if not rational.size:
        return no_gain("utilitarian", base)
    total = gains[rational] @ power
    best = rational[total >= total.max() - TIE * max(1.0, abs(total.max()))]
    return settled("utilitarian", points, base, best, np.array([total.max()]), tolerance)
