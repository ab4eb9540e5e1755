"""The best offer against a ratifier whose demand is not known.

One side chooses what to put to the other's ratifier, who may refuse: asking more gives more if it
passes and makes it less likely to pass. The best offer maximises
``P(K)·u(K) + (1-P(K))·(disagreement - failure cost)``; with some chance it fails, which nobody
wanted: involuntary defection (Iida 1993).

For a pie of 1 and a ratifier who accepts when it is left at least r, r uniform on [low, high], the
proposer's share is ``(1 - low + disagreement)/2``, kept within [1-high, 1-low]: what is sure to
pass and what is sure to fail.

Reference: Iida (1993), When and how do domestic constraints matter? Two-level games with
uncertainty, Journal of Conflict Resolution 37(3).
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import RatificationOffer


def ratification_offer(
    values: ArrayLike,
    probability: ArrayLike,
    disagreement: float,
    *,
    failure_cost: float = 0.0,
    tolerance: float = TOLERANCE,
) -> RatificationOffer:
    """Best of a list of packages to put to a ratifier.

    Parameters
    ----------
        values: (N,) points to the proposer, ratified.
        probability: (N,) chance that each is ratified.
        disagreement: points without an offer, and when it fails.
        failure_cost: points lost besides when it fails.
        tolerance: points; ties go to the likelier, then to the first.

    >>> ratification_offer([3, 6, 9], [1.0, 0.8, 0.2], 0).index
    1
    """
    worth, chance = np.array(values, dtype=np.float64), np.array(probability, dtype=np.float64)
    if worth.ndim != 1 or worth.shape != chance.shape or not len(worth):
        raise ProblemError("values, probability: one of each for every package")
    if not np.isfinite(worth).all() or not np.isfinite([disagreement, failure_cost]).all():
        raise ProblemError("values, disagreement, failure_cost: must be finite")
    if not ((chance >= 0) & (chance <= 1)).all():
        raise ProblemError("probability: must be 0 to 1")
    if failure_cost < 0:
        raise ProblemError(f"failure_cost: {failure_cost} must not be negative")
    expected = chance * worth + (1 - chance) * (disagreement - failure_cost)
    best = np.flatnonzero(expected >= expected.max() - tolerance)
    index = int(best[np.argmax(chance[best])])
    if expected[index] < disagreement - tolerance:
        return RatificationOffer(None, np.nan, 0.0, float(disagreement), float(disagreement))
    return RatificationOffer(
        index=index,
        offer=float(worth[index]),
        probability=float(chance[index]),
        expected=float(expected[index]),
        disagreement=float(disagreement),
    )


def ratification_share(disagreement: float, low: float, high: float) -> RatificationOffer:
    """Best share of a pie of 1 to ask for, when the ratifier's demand is uniform on [low, high].

    >>> found = ratification_share(0.1, 0.2, 0.6)
    >>> round(found.offer, 3), round(found.probability, 3)
    (0.45, 0.875)
    """
    if not np.isfinite([disagreement, low, high]).all() or not 0 <= low <= high <= 1:
        raise ProblemError("low, high: must be 0 <= low <= high <= 1, and disagreement finite")
    share = float(np.clip((1.0 - low + disagreement) / 2.0, 1.0 - high, 1.0 - low))
    if share < disagreement - TOLERANCE:
        return RatificationOffer(None, np.nan, 0.0, float(disagreement), float(disagreement))
    passes = (1.0 - share - low) / (high - low) if high > low else 1.0
    expected = passes * share + (1.0 - passes) * disagreement
    return RatificationOffer(None, share, passes, expected, float(disagreement))
