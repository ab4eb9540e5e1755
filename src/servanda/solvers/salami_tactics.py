"""How far can one side push for land that makes it stronger, before somebody fights?

Side a asks, side b takes it or fights. What a holds, x, is both its flow and its power. From x, b
accepts x' while living with it for a period, and then being where it would as soon fight, is no
worse than to fight now; a asks for the most that b accepts::

    (1-δ)·u_b(x') + δ·w_b(x') ≥ w_b(x)

Where power grows smoothly the path goes on, piece by piece, to the point at which b would as soon
fight as keep what it has. Where one piece makes a much stronger, such as a fortress, the path may
stop short: a cannot promise not to use it. Then a fights if war is worth more to it than to wait.

Fearon, J. (1996), Bargaining over objects that influence future bargaining power.
"""

from collections.abc import Callable, Sequence

from servanda.errors import ProblemError
from servanda.results.commitment import ConcessionPath
from servanda.solvers.intervals import TOLERANCE, last_that_holds

Values = Callable[[float], Sequence[float]]

MOST_OFFERS = 100_000
"""Offers after which a path is taken to have reached its limit."""

STILL = 1e-13
"""Pieces smaller than this, in units of what is divided, move nothing."""


def concession_path(
    keep: Values, war: Values, start: float, discount: float, *, end: float = 1.0
) -> ConcessionPath:
    """Offers that are accepted from a start, where they end, and whether war follows.

    Args:
        keep: flow to sides a and b where a holds x, a period; b's must not rise with x.
        war: value of war to sides a and b where a holds x, normalised; b's must not rise with x.
        start, end: what a holds at first, and the most it could hold.
        discount: per period, strictly between 0 and 1.
    """
    if not 0.0 < discount < 1.0:
        raise ProblemError(f"discount: {discount}; strictly between 0 and 1 wanted")
    if not start <= end:
        raise ProblemError(f"start: {start:g} is above the end, {end:g}")

    positions = [float(start)]
    refused = keep(start)[1] < war(start)[1] - TOLERANCE
    while not refused and positions[-1] < end and len(positions) < MOST_OFFERS:
        here = positions[-1]

        def margin(there: float, here: float = here) -> float:
            value = (1.0 - discount) * keep(there)[1] + discount * war(there)[1]
            # Exact here: a tolerance would let pieces through for ever.
            return value - war(here)[1] - TOLERANCE

        there = end if margin(end) >= -TOLERANCE else last_that_holds(margin, here, end)
        if there - here <= STILL * max(1.0, abs(end)):
            break
        positions.append(float(there))
    limit = positions[-1]
    return ConcessionPath(
        positions=tuple(positions[1:]),
        limit=limit,
        blocked=not refused and limit < end and keep(limit)[1] > war(limit)[1] + 1e3 * TOLERANCE,
        war_at=(fights := _fights_at(keep, war, positions, discount, refused=refused)),
        war=fights is not None,
        refused=refused,
    )


def _fights_at(
    keep: Values, war: Values, positions: Sequence[float], discount: float, *, refused: bool
) -> float | None:
    """The first position at which a would rather fight than go on; the start where b fights."""
    if refused:
        return positions[0]
    first = None
    going_on = keep(positions[-1])[0]
    for place, here in reversed(list(enumerate(positions))):
        if place < len(positions) - 1:
            going_on = (1.0 - discount) * keep(positions[place + 1])[0] + discount * going_on
        fight = war(here)[0]
        if fight > going_on + TOLERANCE:
            going_on, first = fight, here
    return first
