"""A war of attrition: each side waits for the other to give in first.

Side i has W_i if the other gives in, L_i if it does itself, pays c_i per unit of time meanwhile and
discounts at the rate r_i. In the equilibrium in which both may give in at any time, each makes the
other indifferent, so side j gives in at the rate ::

    h_j = (r_i·L_i + c_i) / (W_i - L_i)

At most one of them may also give in at the very start with some probability; which, and how likely,
is not determined by the model, and nobody does unless it is said.

Sources: Maynard Smith (1974), Journal of Theoretical Biology 47(1); Hendricks, Weiss and Wilson
(1988), International Economic Review 29(4); Fearon (1998), Bargaining, enforcement, and
international cooperation, International Organization 52(2).
"""

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.results.delay import AttritionWar


def attrition(
    won: ArrayLike,
    lost: ArrayLike,
    cost: ArrayLike,
    rate: ArrayLike = 0.0,
    *,
    at_once: tuple[float, float] = (0.0, 0.0),
) -> AttritionWar:
    """Hazards, duration and values of a standoff.

    Args:
        won, lost: value to each side when the other, or itself, gives in; one number for both, or
            two.
        cost: per unit of time while it lasts.
        rate: at which each discounts.
        at_once: chance that each gives in at the very start; one of them is 0.

    >>> attrition(1.0, 0.0, 0.1).expected_duration
    5.0
    """
    W, L, c, r = (_two(one) for one in (won, lost, cost, rate))
    if not (W > L).all():
        raise ProblemError("won: must be above lost, or nobody has reason to wait")
    price = r * L + c
    if (c < 0).any() or (r < 0).any() or (price < 0).any():
        raise ProblemError("cost, rate: 0 or more wanted, and waiting must not pay by itself")
    if min(at_once) != 0.0 or not 0.0 <= max(at_once) < 1.0:
        raise ProblemError("at_once: 0 for one side and from 0 to below 1 for the other wanted")
    second, first = (price / (W - L)).tolist()
    total, start = first + second, 1.0 - sum(at_once)
    share = (first / total, second / total) if total else (0.0, 0.0)
    return AttritionWar(
        hazards=(first, second),
        at_once=at_once,
        expected_duration=start / total if total else float("inf"),
        first_to_give_in=(at_once[0] + start * share[0], at_once[1] + start * share[1]),
        values=(
            float(L[0] + at_once[1] * (W[0] - L[0])),
            float(L[1] + at_once[0] * (W[1] - L[1])),
        ),
    )


def attrition_over_flows(
    won: ArrayLike, lost: ArrayLike, cost: ArrayLike, rate: ArrayLike
) -> AttritionWar:
    """The same where a settlement brings a flow for ever: values are flows over the rate."""
    rates = _two(rate)
    if not (rates > 0).all():
        raise ProblemError("rate: above 0 wanted, or a flow for ever has no value")
    return attrition(_two(won) / rates, _two(lost) / rates, cost, rates)


def _two(given: ArrayLike) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    try:
        array = np.broadcast_to(np.asarray(given, float), (2,))
    except ValueError:
        raise ProblemError("won, lost, cost, rate: one number, or one for each side") from None
    if not np.isfinite(array).all():
        raise ProblemError("won, lost, cost, rate: finite numbers wanted")
    return array
