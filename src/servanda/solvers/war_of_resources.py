"""A war of resources: who loses a battle loses a unit, and who has none has lost.

From i and j units left, with p(i, j) the chance that the first side wins the next battle, ::

    W(i, j) = p(i, j)·W(i, j-1) + (1 - p(i, j))·W(i-1, j),   W(i, 0) = 1,   W(0, j) = 0

With one p throughout this is the problem of points.

Source: Filson and Werner (2002), A bargaining model of war and peace, AJPS 46(4).
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.results.delay import ResourceWar

MOST_UNITS = 1_000


def war_of_resources(first: int, second: int, chance: ArrayLike) -> ResourceWar:
    """Chance of winning and battles to come, by what is left to each side.

    Args:
        first, second: units of each side.
        chance: that the first side wins a battle; one number, or (first+1, second+1) by units left.

    >>> round(war_of_resources(2, 2, 0.6).chance, 3)
    0.648
    """
    for name, units in (("first", first), ("second", second)):
        if not isinstance(units, (int, np.integer)) or not 1 <= units <= MOST_UNITS:
            raise ProblemError(f"{name}: {units}; a whole number from 1 to {MOST_UNITS} wanted")
    shape = (first + 1, second + 1)
    p = np.asarray(chance, float)
    if p.shape not in ((), shape) or not ((p >= 0) & (p <= 1)).all():
        raise ProblemError(f"chance: from 0 to 1 wanted, one number or shape {shape}")
    p = np.broadcast_to(p, shape)
    wins, battles = np.zeros(shape), np.zeros(shape)
    wins[1:, 0] = 1.0
    for i in range(1, first + 1):
        for j in range(1, second + 1):
            won, lost = p[i, j], 1.0 - p[i, j]
            wins[i, j] = won * wins[i, j - 1] + lost * wins[i - 1, j]
            battles[i, j] = 1.0 + won * battles[i, j - 1] + lost * battles[i - 1, j]
    return ResourceWar(wins, battles)
