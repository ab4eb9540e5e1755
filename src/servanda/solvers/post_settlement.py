"""Post-settlement improvement: from a deal in hand to one that nobody likes less.

Raiffa (1982): once the parties have a tentative deal, a mediator who knows their values may propose
another that leaves nobody worse off; each may veto it, and then the tentative deal stands. Among
such packages the one with the largest smallest gain over the tentative deal is chosen, then the
next smallest gain, and so on. All actors count, also those without a veto on a deal as such: an
improvement is one for everybody. If nothing is better the tentative deal is the answer.

Reference: Raiffa (1982), The Art and Science of Negotiation, chapter 15.
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE
from servanda.results.packages import Settlement
from servanda.solvers.egalitarian import lexicographic_maximin
from servanda.solvers.nash import settled
from servanda.solvers.pareto import checked_values


def post_settlement(
    values: ArrayLike, tentative: int, *, tolerance: float = TOLERANCE
) -> Settlement:
    """Package at least as good for all as ``tentative`` (a row), with the largest smallest gain.

    Gains are over the tentative deal, which stands as the disagreement point of the answer.

    >>> better = post_settlement([[2, 2], [5, 3], [4, 4], [1, 9]], 0)
    >>> better.index, better.gains.tolist()
    (2, [2.0, 2.0])
    """
    points = checked_values(values)
    if not 0 <= tentative < len(points):
        raise ProblemError(f"tentative: row {tentative}; must be 0 to {len(points) - 1}")
    base = points[tentative].copy()
    gains = points - base
    no_worse = np.flatnonzero((gains >= -tolerance).all(axis=1))
    best, criterion = lexicographic_maximin(gains[no_worse], tolerance)
    chosen = no_worse[best]
    if tentative in chosen:  # nothing is better: it stands
        chosen = np.array([tentative])
    return settled("post-settlement", points, base, chosen, criterion, tolerance)
