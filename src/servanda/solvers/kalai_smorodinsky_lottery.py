"""Kalai–Smorodinsky solution on lotteries: equal shares of the ideal, exactly.

The ideal gain of a party is the most it can expect from a lottery that leaves nobody below
disagreement. On the convex set of expected values the point of equal shares exists; where it leaves
somebody room to gain at nobody's cost (three parties and more) the next smallest share is raised,
and so on (Imai 1983). A party that cannot gain at all does not count.

References: Kalai and Smorodinsky (1975), Econometrica 43(3); Imai (1983), Individual monotonicity
and lexicographic maxmin solution, Econometrica 51(2).
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import LotterySettlement
from servanda.solvers.lottery import (
    acceptable,
    equal_shares,
    hull_of,
    ideal_gains,
    lottery_settled,
    no_lottery,
)


def kalai_smorodinsky_lottery(
    values: ArrayLike,
    disagreement: ArrayLike,
    *,
    least: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
) -> LotterySettlement:
    """Lottery with the largest smallest share of the ideal.

    Parameters
    ----------
        values: (N, A) points.
        disagreement: (A,) points; NaN for an actor that is not a party.
        least: (A,) points each must expect besides; NaN: no such demand. None: none for all.
        tolerance: points; a gain of at least minus this is rational.

    >>> kalai_smorodinsky_lottery([[10, 0], [0, 4]], [0, 0]).values.round(6).tolist()
    [5.0, 2.0]
    """
    name = "kalai-smorodinsky-lottery"
    everything = hull_of(values, disagreement, least, tolerance)
    hull = acceptable(everything, tolerance)
    if hull is None:
        return no_lottery(name, everything.disagreement)
    ideal = ideal_gains(hull)
    ideal[ideal * hull.scale <= tolerance] = 0.0
    if not ideal.any():
        mixture, shares = equal_shares(hull, np.ones(len(ideal)))
        return lottery_settled(name, hull, mixture, np.zeros(0), np.nan)
    mixture, shares = equal_shares(hull, ideal)
    return lottery_settled(name, hull, mixture, shares, np.nan)
