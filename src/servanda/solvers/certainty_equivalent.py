"""Which sure amount is worth as much to somebody as a risk?

Who minds risk takes less for sure than a gamble brings on average, who likes it wants more. War is
a gamble; its certainty equivalents are what `servanda.solvers.bargaining_range` needs of sides to
whom half of the stake is not worth half of all of it.

Sources: Pratt, J. (1964), Risk aversion in the small and in the large, Econometrica 32; for war
Fearon (1995), International Organization 49(3).
"""

from collections.abc import Callable

import numpy as np

from servanda.errors import ProblemError
from servanda.solvers.intervals import last_that_holds


def certainty_equivalent(
    utility: Callable[[float], float], value: float, low: float = 0.0, high: float = 1.0
) -> float:
    """The amount x with ``utility(x) = value``.

    Args:
        utility: of a sure amount, rising.
        value: of the risk, in utility.
        low, high: amounts looked at. What is worth less than ``low`` has no equivalent there and
            gives minus infinity, what is worth more than ``high`` infinity.

    >>> round(certainty_equivalent(lambda x: x**0.5, 0.4), 6)
    0.16
    """
    ends = (utility(low), utility(high))
    if not low < high or not np.isfinite([*ends, value]).all() or not ends[0] < ends[1]:
        raise ProblemError(f"utility: {ends[0]:g} to {ends[1]:g}; finite numbers that rise wanted")
    if value < ends[0]:
        return -np.inf
    if value >= ends[1]:
        return high if value == ends[1] else np.inf
    return last_that_holds(lambda x: value - utility(x), low, high)
