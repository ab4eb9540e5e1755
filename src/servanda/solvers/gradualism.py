"""The most that two sides build up step by step, where no step can be taken back.

Each period both may add to what they have contributed, c, which stays for good. Who adds nothing
saves its own addition and keeps the other's, and nobody adds anything any more. The largest path
c_1 ≤ c_2 ≤ ... that nobody leaves makes every period's temptation exactly as large as what is still
to come::

    u(c_{t-1}, c_t) = (1-δ)·Σ_{s≥t} δ^{s-t} u(c_s, c_s)

u(own, other) being the flow. So each contribution follows from the two before, and the first is the
largest from which the path never has to exceed what can be contributed at all. With linear payoffs
b·other - a·own the additions fall by the factor a/(δb), and nothing is built where that is not
below 1.

Lockwood, B. and Thomas, J. (2002), Gradualism and irreversibility, Rev. of Economic Studies 69(2).
"""

from collections.abc import Callable

from servanda.errors import ProblemError
from servanda.results.commitment import GradualPath
from servanda.solvers.intervals import last_that_holds

MOST_PERIODS = 2_000
"""Periods after which a path is taken to have settled, as where additions fall ever more slowly."""

STILL = 1e-14
"""Additions smaller than this share of the most end a path."""

NOTHING = 1e-12
"""A first contribution below this share of the most is none."""


def largest_gradual_path(
    payoff: Callable[[float, float], float],
    discount: float,
    *,
    most: float = 1.0,
    periods: int = 24,
) -> GradualPath:
    """The largest path of contributions, alike on both sides, that neither leaves.

    Args:
        payoff: flow to a side that has contributed ``own`` when the other has ``other``; falling
            in own, rising in other.
        discount: per period, strictly between 0 and 1.
        most: the most a side can contribute, or the level beyond which nobody wants more.
        periods: how many contributions are returned.
    """
    if not 0.0 < discount < 1.0:
        raise ProblemError(f"discount: {discount}; strictly between 0 and 1 wanted")
    if not most > 0.0 or periods < 1:
        raise ProblemError(f"most: {most:g}, periods: {periods}; both above 0 wanted")
    if payoff(0.0, most) < payoff(0.0, 0.0) or payoff(most, 0.0) > payoff(0.0, 0.0):
        raise ProblemError(
            "payoff: must rise with the other's contribution and fall with one's own"
        )

    def fits(first: float) -> float:
        return 0.0 if _follow(payoff, discount, most, first) is not None else -1.0

    first = most if fits(most) == 0.0 else last_that_holds(fits, 0.0, most)
    path = _follow(payoff, discount, most, first) if first > NOTHING * most else [0.0]
    assert path is not None  # it fits
    limit = path[-1]
    shown = [*path, *[limit] * periods][:periods]
    return GradualPath(tuple(shown), limit)


def _follow(
    payoff: Callable[[float, float], float], discount: float, most: float, first: float
) -> list[float] | None:
    """The path that a first contribution leads to; None where it would have to exceed the most."""
    path = [0.0, first]
    while path[-1] - path[-2] > STILL * most and len(path) <= MOST_PERIODS:
        before, here = path[-2:]
        asked = payoff(before, here) - (1.0 - discount) * payoff(here, here)

        def short(other: float, here: float = here, asked: float = asked) -> float:
            return asked - discount * payoff(here, other)

        if short(here) <= 0.0:
            break
        if short(most) > 0.0:
            return None
        path.append(_root(short, here, most))
    return path[1:]


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function reaches 0, from above."""
    from scipy.optimize import brentq

    if falling(high) == 0.0:
        return high
    found: float = brentq(falling, low, high, xtol=1e-16, rtol=8.9e-16)
    return found
