"""How fast may power shift before somebody would rather fight now?

Two sides divide a flow of 1 a period; values are normalised, ``(1-δ)·Σ δ^t u_t``. Today's division
cannot bind tomorrow's, so the side whose power falls can at most be given everything today::

    it bears a shift from s to s'  iff  1 - δ·w_riser(s') ≥ w_faller(s)

where w is what war is worth to a side at that point; a riser that makes every offer will have
more, all but the other's w, which may be given in its place. With war for a share p of what it
leaves over, (1-D), this is Powell's ``δ p' - p ≤ D/(1-D)``. A shift that fails it means war
whatever is offered.

One that passes may still fail together with the next: what counts is the whole path
(`division_path`), since the riser will ask for its later power before it has it. The value of
going on to side a must lie in ``[w_a(t), 1 - w_b(t)]`` in every period, and be a division of this
period's flow plus δ times that of the next; backward, that is an interval for each period.

Powell, R. (2004), The inefficient use of power, American Political Science Review 98(2); Powell, R.
(2006), War as a commitment problem, International Organization 60(1).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.results.commitment import DivisionPath, ShiftPath
from servanda.solvers.intervals import TOLERANCE, last_that_holds

MOST_STEPS = 10_000
"""Steps after which an end is taken to be out of reach."""


def fewest_shifts(
    war: Callable[[float], Sequence[float]], start: float, end: float, discount: float
) -> ShiftPath:
    """The fewest steps from start to end, each of which both sides bear.

    Args:
        war: the value of war to sides a and b where power stands, normalised, in units of the flow;
            a's must not fall and b's not rise, or the other way round, from start to end.
        start, end: where power stands, in any unit.
        discount: per step, strictly between 0 and 1.

    Every step goes as far as it can, which no other path can beat.
    """
    _check_discount(discount)
    positions = [float(start)]
    while positions[-1] != end:
        here = positions[-1]

        def margin(there: float, here: float = here) -> float:
            (a, b), (later_a, later_b) = war(here), war(there)
            return min(1.0 - discount * later_a - b, 1.0 - discount * later_b - a)

        if margin(end) >= -TOLERANCE:
            positions.append(float(end))
            break
        if margin(here) < -TOLERANCE:
            break
        there = last_that_holds(margin, here, float(end))
        if abs(there - here) <= TOLERANCE * abs(end - start) or len(positions) > MOST_STEPS:
            break
        positions.append(there)
    return ShiftPath(tuple(positions), reached=positions[-1] == end)


def division_path(war: ArrayLike, discount: float) -> DivisionPath:
    """Whether the flow can be divided, period by period, so that neither side ever fights.

    Args:
        war: (T, 2) value of war to sides a and b in each period, normalised, in units of the flow;
            after the last period nothing changes any more.
        discount: per period, strictly between 0 and 1.
    """
    _check_discount(discount)
    values = np.asarray(war, float)
    if values.ndim != 2 or values.shape[1] != 2 or not len(values):
        raise ProblemError(f"war: shape {values.shape}, wanted (periods, 2)")
    if not np.isfinite(values).all():
        raise ProblemError("war: finite numbers wanted")
    low, high = values[:, 0].copy(), 1.0 - values[:, 1]
    low[-1], high[-1] = max(low[-1], 0.0), min(high[-1], 1.0)
    for t in range(len(values) - 2, -1, -1):
        low[t] = max(low[t], discount * low[t + 1])
        high[t] = min(high[t], 1.0 - discount + discount * high[t + 1])
    empty = np.flatnonzero(low > high + TOLERANCE)
    return DivisionPath(
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        exists=not len(empty),
        breaks_at=int(empty[-1]) if len(empty) else None,
    )


def _check_discount(discount: float) -> None:
    if not 0.0 < discount < 1.0:
        raise ProblemError(f"discount: {discount}; strictly between 0 and 1 wanted")
