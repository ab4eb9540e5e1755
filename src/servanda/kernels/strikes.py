"""The level at which a side strikes in a month of war."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TIE = 1e-12
"""Ties go to restraint."""


@njit(cache=True, nogil=True, inline="always")
def best_level(costs: Floats, wear: Floats, hope: float) -> int:
    """The level worth most to the side that strikes; the first of equals.

    Parameters
    ----------
    costs : (L,) what each level adds to its own month. wear : (L,) what it adds to the probability
        that the other side gives way, in its own beliefs.
    hope : what it would gain by that, discounted: what is imposed then, above what follows else.
    """
    best, most = 0, costs[0] + wear[0] * hope
    for level in range(1, len(costs)):
        worth = costs[level] + wear[level] * hope
        if worth > most + TIE:
            best, most = level, worth
    return best
