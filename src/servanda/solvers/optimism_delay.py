"""Delay from optimism: both sides expect to be the one who makes the offers.

A pie of 1, dates 0..T-1, discount d. At each date one side is recognised to make an offer. Sides
agree to disagree about who will be: their chances add up to 1 + y_t, y_t being the optimism at t.
Making the offer at t is worth the rent ``R_t = max(0, 1 - d·S_{t+1})``, S the sum of what the two
expect once it is known who was recognised at t; where even that sum exceeds the pie they wait. If
beliefs do not move, ::

    S_t = (1 + y_t)·R_t + d·S_{t+1}

If they are learned from who has been recognised, a side's chance of any later date is its chance
now, so each expects p_t·Λ_t with ``Λ_t = R_t + d·Λ_{t+1}`` and S_t = (1 + y_t)·Λ_t: optimism that
will fade is worth waiting for, to persuade the other.

Sources: Yildiz (2003), Bargaining without a common prior, Econometrica 71(3); Yildiz (2004),
Waiting to persuade, Quarterly Journal of Economics 119(1).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.results.delay import OptimismDelay

MOST_DATES = 5_000_000


def optimism_delay(
    first: ArrayLike, second: ArrayLike, discount: float, *, learning: bool = False
) -> OptimismDelay:
    """When two hopeful sides agree.

    Args:
        first, second: (T,) chance that each side gives itself of making the offer at each date;
            with learning, the mean chance as both know it will be, so only their sum counts
            after date 0 (see `learned_hopes`).
        discount: per date, in (0, 1].
        learning: whether beliefs are learned from who was recognised.
    """
    p, q = np.asarray(first, float), np.asarray(second, float)
    if p.ndim != 1 or p.shape != q.shape or not 1 <= len(p) <= MOST_DATES:
        raise ProblemError(f"first, second: one chance for each of 1 to {MOST_DATES} dates wanted")
    if not (((p >= 0) & (p <= 1)).all() and ((q >= 0) & (q <= 1)).all()):
        raise ProblemError("first, second: chances from 0 to 1 wanted")
    if not 0.0 < discount <= 1.0:
        raise ProblemError(f"discount: {discount}; above 0 and at most 1 wanted")
    sums = (p + q).tolist()
    dates = len(sums)
    rest, worth = [0.0] * dates, [0.0] * dates
    ahead = total = 0.0  # worth of always offering, and what the two expect, from the next date on
    for t in range(dates - 1, -1, -1):
        rest[t] = 1.0 - discount * total
        rent = max(rest[t], 0.0)
        ahead = worth[t] = rent + discount * ahead
        total = sums[t] * ahead if learning else sums[t] * rent + discount * total
    waits = np.array(rest) < 0.0
    rents = np.maximum(rest, 0.0)
    agreed = np.flatnonzero(~waits)
    return OptimismDelay(
        first_date=int(agreed[0]) if len(agreed) else None,
        waits=waits,
        rents=rents,
        worth=np.array(worth),
        total=total,
        values=_expected(p, q, rents, ahead, discount, learning),
    )


def learned_hopes(
    first: float, second: float, weight: float, dates: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Chances of two Beta beliefs about recognition, (T,) each, as if recognised by turns.

    Whoever is recognised, the two add up to the same: what matters is how fast optimism fades.

    Args:
        first, second: (m_1, m_2) times each side has, in its own mind, been recognised before.
        weight: n, dates these beliefs weigh as much as; m_1 + m_2 - n is what they disagree by.
        dates: T.
    """
    if not 0 <= first <= weight or not 0 <= second <= weight or weight <= 0:
        raise ProblemError("first, second: from 0 to the weight wanted, which is above 0")
    if not 1 <= dates <= MOST_DATES:
        raise ProblemError(f"dates: {dates}; from 1 to {MOST_DATES} wanted")
    seen = np.arange(dates, dtype=float)
    return (first + np.ceil(seen / 2)) / (weight + seen), (second + seen // 2) / (weight + seen)


def _expected(
    p: NDArray[np.float64],
    q: NDArray[np.float64],
    rents: NDArray[np.float64],
    worth: float,
    discount: float,
    learning: bool,
) -> tuple[float, float]:
    if learning:
        return float(p[0]) * worth, float(q[0]) * worth
    present = rents * discount ** np.arange(len(rents))
    return float(p @ present), float(q @ present)
