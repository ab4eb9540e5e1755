"""Where a margin is not negative: evenly spaced first looks, each change refined by bisection."""

from collections.abc import Callable

import numpy as np

from servanda.errors import ProblemError

TOLERANCE = 1e-9
"""A margin below zero by no more than this counts as a tie; ties hold."""

Interval = tuple[float, float]


def where_it_holds(
    margin: Callable[[float], float], low: float, high: float, points: int
) -> tuple[Interval, ...]:
    """Intervals of [low, high] on which a margin is at least 0, in rising order.

    Args:
        margin: at a place.
        low, high: ends looked at.
        points: first looks; an interval narrower than their distance may be missed.
    """
    if points < 2:
        raise ProblemError(f"points: {points}; at least 2 wanted")
    if not low < high:
        raise ProblemError(f"from {low:g} to {high:g}: the first must be below the second")
    places = np.linspace(low, high, points).tolist()
    holds = [margin(place) >= -TOLERANCE for place in places]
    found: list[Interval] = []
    begun: float | None = None
    for k, place in enumerate(places):
        if holds[k] and begun is None:
            begun = place if k == 0 else last_that_holds(margin, place, places[k - 1])
        if begun is not None and not holds[k]:
            found.append((begun, last_that_holds(margin, places[k - 1], place)))
            begun = None
    if begun is not None:
        found.append((begun, places[-1]))
    return tuple(found)


def last_that_holds(margin: Callable[[float], float], holds: float, fails: float) -> float:
    """Bisect between a place where a margin holds and one where it fails, as fine as floats are."""
    while True:
        middle = 0.5 * (holds + fails)
        if middle in {holds, fails}:
            return holds
        if margin(middle) >= -TOLERANCE:
            holds = middle
        else:
            fails = middle
