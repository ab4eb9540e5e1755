"""Kalai–Smorodinsky solution: all get the same share of the most each could hope for.

The ideal gain of a party is its largest gain over the packages that leave nobody below disagreement
(the individually rational region). Gains divided by it are shares in [0, 1]. Where packages are a
list, equal shares may not exist; the answer is the package whose smallest share is largest, ties
broken by the next smallest share and so on, then by being undominated, then by coming first. On a
convex set this is the point where the line from disagreement to the ideal leaves the set.

A party whose ideal gain is none cannot gain at all and does not count.

The all-outcomes variant takes the ideal over every package, also those somebody would refuse; other
software (NegMAS) uses it, so it is here under its own name.

Reference: Kalai and Smorodinsky (1975), Other solutions to Nash's bargaining problem,
Econometrica 43(3).
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.problems.packages import TOLERANCE
from servanda.results.packages import Settlement
from servanda.solvers.egalitarian import lexicographic_maximin
from servanda.solvers.nash import checked_disagreement, no_gain, settled
from servanda.solvers.pareto import checked_values

SHARE_TOLERANCE = 1e-12
"""Shares of the ideal gain; closer than this they are equal."""


def kalai_smorodinsky(
    values: ArrayLike, disagreement: ArrayLike, *, tolerance: float = TOLERANCE
) -> Settlement:
    """Package with the largest smallest share of the ideal over the rational region.

    Parameters
    ----------
        values: (N, A) points.
        disagreement: (A,) points; NaN for an actor that is not a party.
        tolerance: points; a gain of at least minus this is rational.

    >>> kalai_smorodinsky([[10, 0], [6, 3], [0, 4]], [0, 0]).index
    1
    """
    return _largest_smallest_share("kalai-smorodinsky", values, disagreement, False, tolerance)


def kalai_smorodinsky_all_outcomes(
    values: ArrayLike, disagreement: ArrayLike, *, tolerance: float = TOLERANCE
) -> Settlement:
    """Package with the largest smallest share of the ideal over all packages; else the same."""
    return _largest_smallest_share(
        "kalai-smorodinsky-all-outcomes", values, disagreement, True, tolerance
    )


def _largest_smallest_share(
    solution: str, values: ArrayLike, disagreement: ArrayLike, all_outcomes: bool, tolerance: float
) -> Settlement:
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    gains = points[:, parties] - base[parties]
    rational = np.flatnonzero((gains >= -tolerance).all(axis=1))
    if not rational.size:
        return no_gain(solution, base)
    ideal = (gains if all_outcomes else gains[rational]).max(axis=0)
    able = ideal > tolerance
    if not able.any():
        return settled(solution, points, base, rational, np.zeros(0), tolerance)
    shares = gains[rational][:, able] / ideal[able]
    best, criterion = lexicographic_maximin(shares, SHARE_TOLERANCE)
    return settled(solution, points, base, rational[best], criterion, tolerance)
