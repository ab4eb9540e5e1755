"""Which division of a stake do both sides prefer to war?

Fearon (1995): a divisible stake, two sides who may go to war over it, each in its own beliefs.
Costs of war open a range of divisions both prefer to it; optimism closes it. The side that makes a
take-it-or-leave-it offer obtains the end of the range that is best for it.
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.results.war import BargainingRange

TOLERANCE = 1e-9
"""A range missing by no more than this is a single point."""


def bargaining_range(war_a: ArrayLike, war_b: ArrayLike, stake: ArrayLike = 1.0) -> BargainingRange:
    """Range [max(0, W_a), min(stake, stake - W_b)] of shares for a, elementwise.

    ``war_a`` and ``war_b`` are what each side itself expects of war, in units of the stake.
    """
    W_a, W_b, total = np.broadcast_arrays(*(np.asarray(x, float) for x in (war_a, war_b, stake)))
    if not (np.isfinite(W_a) & np.isfinite(W_b) & (total > 0)).all():
        raise ProblemError("war values must be finite and the stake positive")
    low = np.maximum(0.0, W_a)
    high = np.minimum(total, total - W_b)
    width = high - low
    return BargainingRange(low, high, width, width >= -TOLERANCE)
