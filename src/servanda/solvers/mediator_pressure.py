"""What a mediator's pressure opens, and what is left of it when it lapses.

A mediator who punishes refusal by m_i lowers what actor i gets without a deal to ``d_i - m_i``, and
packages that i would refuse become acceptable. Pressure does not last: once it is gone a deal
outside the unpressed range is one that somebody would rather not have (Beardsley 2008). Both ranges
are reported, and the difference.

Reference: Beardsley (2008), Agreement without peace? International mediation and time inconsistency
problems, American Journal of Political Science 52(4).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import PressureRange
from servanda.solvers.nash import checked_disagreement
from servanda.solvers.pareto import checked_values

FloatArray = NDArray[np.float64]


def mediator_pressure(
    values: ArrayLike,
    disagreement: ArrayLike,
    pressure: ArrayLike,
    *,
    tolerance: float = TOLERANCE,
) -> PressureRange:
    """Packages acceptable under pressure, and those among them that stay so without it.

    Parameters
    ----------
        values: (N, A) points.
        disagreement: (A,) points without pressure; NaN for an actor that is not a party.
        pressure: (A,) points a refusal costs each actor, not negative.
        tolerance: points; ties go to agreement.

    >>> found = mediator_pressure([[1, 9], [4, 6], [7, 3]], [3, 4], [0, 2])
    >>> found.pressed.tolist(), found.lapses.tolist()
    ([False, True, True], [False, False, True])
    """
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    pressed_by = np.array(pressure, dtype=np.float64)
    if pressed_by.shape != base.shape or not np.isfinite(pressed_by).all():
        raise ProblemError(f"pressure: must be {len(base)} finite numbers")
    if (pressed_by < 0).any():
        raise ProblemError("pressure: must not be negative")
    gains = points[:, parties] - base[parties]
    durable = np.asarray((gains >= -tolerance).all(axis=1))
    pressed = np.asarray((gains + pressed_by[parties] >= -tolerance).all(axis=1))
    low, high = _span(points[pressed])
    durable_low, durable_high = _span(points[durable])
    return PressureRange(
        pressed=pressed,
        durable=durable,
        lapses=pressed & ~durable,
        low=low,
        high=high,
        durable_low=durable_low,
        durable_high=durable_high,
    )


def _span(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    if not len(points):
        nothing: NDArray[np.float64] = np.full(points.shape[1], np.nan)
        return nothing, nothing.copy()
    return points.min(axis=0), points.max(axis=0)
