"""The level up to which a sum can raise those who have least.

Given a sum to share out so that the smallest is as large as possible, everybody below some level x
is raised to it: ``sum of max(0, x - left_i) = amount``. With the smallest first and S_j the sum of
the first j, ``x = min over j of (amount + S_j) / j``.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def water_level(left: ArrayLike, amount: float) -> Floats:
    """The level, (...).

    Args:
        left: (..., n) what each has; infinite for those who need nothing.
        amount: to share out, not negative.

    >>> float(water_level([1.0, 4.0, 9.0], 5.0))  # 1 and 4 are raised to 5
    5.0
    """
    least_first = np.sort(np.asarray(left, np.float64), axis=-1)
    shares = (amount + np.cumsum(least_first, axis=-1)) / np.arange(1, least_first.shape[-1] + 1)
    level: Floats = shares.min(axis=-1)
    return level
