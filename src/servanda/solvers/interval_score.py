"""Score of a central band: how wide it is, and how far what happened lies outside.

A band that should hold a share c of what happens, with α = 1 - c, scores
``(high - low) + 2/α (low - y)⁺ + 2/α (y - high)⁺``. Smaller is better, in the unit of y, and a
forecaster does best by giving the quantiles that it believes.

Source: Gneiting, T. and Raftery, A. (2007), Strictly proper scoring rules, JASA 102(477), eq. 43.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]


def interval_score(low: ArrayLike, high: ArrayLike, seen: ArrayLike, share: float) -> Floats:
    """The score of each band.

    Args:
        low, high: ends of the bands.
        seen: what happened.
        share: of what happens that the band should hold, in (0, 1).
    """
    bottom, top, y = np.broadcast_arrays(*(np.asarray(x, float) for x in (low, high, seen)))
    if not 0.0 < share < 1.0:
        raise ProblemError(f"share: {share}, wanted between 0 and 1")
    if not (bottom <= top).all():
        raise ProblemError("low, high: a band begins below its end")
    outside = np.maximum(bottom - y, 0.0) + np.maximum(y - top, 0.0)
    return np.asarray(top - bottom + 2.0 / (1.0 - share) * outside)
