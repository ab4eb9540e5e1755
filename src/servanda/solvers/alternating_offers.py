"""Alternating offers: two sides take turns to offer a division, and waiting costs.

Side i discounts a round by d_i. After a rejection the responder may take an outside option w_i,
which ends the talks; else they break down with probability q, leaving b_i, or the other side makes
the next offer. In the stationary equilibrium each offer leaves the responder just what it would get
otherwise. With x the share of side 1 when it offers, and y when side 2 does, of a pie of 1, ::

    1 - x = max(w_2, q·b_2 + (1-q)·d_2·(1-y)),      y = max(w_1, q·b_1 + (1-q)·d_1·x)

Without risk and outside options this is Rubinstein's x = (1-d_2)/(1-d_1·d_2). An outside option
matters only when it is better than waiting (the outside option principle); as the risk falls to 0
with patient sides, the shares approach Nash's solution from (b_1, b_2).

Over a list of packages there need be no stationary equilibrium in pure offers; there a stated
number of rounds is solved backwards. Where the steps between packages are larger than what a round
of waiting costs, whoever makes the last offer can hold out, and the answer depends on who that is.

References: Rubinstein (1982), Econometrica 50(1); Shaked and Sutton (1984), Econometrica 52(6);
Binmore, Rubinstein and Wolinsky (1986), RAND Journal of Economics 17(2).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import AlternatingOffers, OfferRounds, OffersStatus
from servanda.solvers.nash import checked_disagreement
from servanda.solvers.pareto import checked_values, pareto_front

FloatArray = NDArray[np.float64]

ROUNDS = 200
"""Offers made over a list of packages before nobody offers any more."""

ROUNDING = 1e-12
"""Shares of the pie; an outside option and waiting that differ by less are as good."""


class _Talks(NamedTuple):
    """What a rejection leads to, each (2,) but the risk."""

    discounts: FloatArray
    outside: FloatArray
    risk: float
    breakdown: FloatArray


def alternating_offers(
    discounts: ArrayLike,
    *,
    outside: ArrayLike = (0.0, 0.0),
    risk: float = 0.0,
    breakdown: ArrayLike = (0.0, 0.0),
) -> AlternatingOffers:
    """Stationary equilibrium over a pie of 1.

    Parameters
    ----------
        discounts: (2,) factor of each side a round, in (0, 1].
        outside: (2,) shares of the pie a responder can have by leaving; minus infinity: none.
        risk: probability that a rejection ends the talks.
        breakdown: (2,) shares of the pie when they end so.

    >>> alternating_offers([0.9, 0.9]).shares.round(4).tolist()
    [0.5263, 0.4737]
    """
    talks = _checked(discounts, outside, risk, breakdown)
    stay = (1.0 - talks.risk) * talks.discounts
    lost = talks.risk * talks.breakdown
    if stay.prod() >= 1.0:
        raise ProblemError("discounts: one must be below 1, or the risk of breakdown above 0")

    # each responder is held by waiting or by its outside option: four linear systems, one is right
    x, y, binding = _held(talks, stay, lost)
    if x < y - TOLERANCE:  # together they get more elsewhere than the pie
        nothing = np.full(2, np.nan)
        return AlternatingOffers(OffersStatus.NO_OFFER, np.nan, np.nan, nothing, binding)
    return AlternatingOffers(OffersStatus.AGREED, x, y, np.array([x, 1.0 - x]), binding)


def offers_over_packages(
    values: ArrayLike,
    disagreement: ArrayLike,
    discounts: ArrayLike,
    *,
    rounds: int = ROUNDS,
    outside: ArrayLike = (-np.inf, -np.inf),
    risk: float = 0.0,
    breakdown: ArrayLike = (0.0, 0.0),
    tolerance: float = TOLERANCE,
) -> OfferRounds:
    """Backward induction over a list of packages; side 1 offers first, sides take turns.

    A round's delay discounts gains over the disagreement point, which is also what the end of the
    last round leaves. A side offers what is best for itself among what the other accepts (the
    better for the other on ties, then the first), if that beats being refused.

    Parameters
    ----------
        values: (N, 2) points.
        disagreement: (2,) points.
        discounts, risk: as in ``alternating_offers``.
        rounds: how many offers can be made, 1 or more.
        outside, breakdown: (2,) points above disagreement.
        tolerance: points; ties go to agreement.

    >>> offers_over_packages([[8, 2], [5, 5], [2, 8]], [0, 0], [0.6, 0.6]).index
    1
    """
    talks = _checked(discounts, outside, risk, breakdown)
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    if points.shape[1] != 2 or len(parties) != 2:
        raise ProblemError("values: alternating offers are for two sides, both with disagreement")
    if rounds < 1:
        raise ProblemError(f"rounds: {rounds} must be 1 or more")
    rows = pareto_front(points, tolerance).indices
    gains = points[rows] - base
    ahead = np.zeros(2)  # what the next round is worth to each
    offers = np.full(rounds, -1, dtype=np.int64)
    for turn in range(rounds - 1, -1, -1):
        offerer, responder = turn % 2, 1 - turn % 2
        waiting = np.zeros(2)
        if turn < rounds - 1:
            waiting = talks.risk * talks.breakdown + (1 - talks.risk) * talks.discounts * ahead
        leaves = talks.outside[responder] > waiting[responder] + tolerance
        refused = np.where(np.isfinite(talks.outside), talks.outside, 0.0) if leaves else waiting
        accepted = np.flatnonzero(gains[:, responder] >= refused[responder] - tolerance)
        ahead = refused
        if len(accepted):
            own = gains[accepted, offerer]
            best = accepted[own >= own.max() - tolerance]
            offer = int(best[np.argmax(gains[best, responder])])
            if gains[offer, offerer] >= refused[offerer] - tolerance:
                offers[turn], ahead = rows[offer], gains[offer]
    agreed = offers[0] >= 0
    return OfferRounds(
        status=OffersStatus.AGREED if agreed else OffersStatus.NO_OFFER,
        index=int(offers[0]) if agreed else None,
        gains=ahead.copy(),
        offers=offers,
        disagreement=base,
    )


def _held(
    talks: _Talks, stay: FloatArray, lost: FloatArray
) -> tuple[float, float, tuple[str, str]]:
    """Fixed point (x, y) of the two conditions, and what holds the responder to each offer.

    The map from x to y and back to x rises with a slope below 1, so the fixed point is unique.
    """
    first, second = talks.outside
    # minus infinity: there is no way to leave
    for second_leaves in (False, True)[: 1 + np.isfinite(second)]:
        for first_leaves in (False, True)[: 1 + np.isfinite(first)]:
            # 1 - x = second or lost_2 + stay_2·(1-y);  y = first or lost_1 + stay_1·x
            if second_leaves:
                x = 1.0 - second
                y = first if first_leaves else lost[0] + stay[0] * x
            elif first_leaves:
                y = first
                x = 1.0 - lost[1] - stay[1] * (1.0 - y)
            else:
                x = (1.0 - lost[1] - stay[1] * (1.0 - lost[0])) / (1.0 - stay[0] * stay[1])
                y = lost[0] + stay[0] * x
            waiting_second, waiting_first = lost[1] + stay[1] * (1.0 - y), lost[0] + stay[0] * x
            better = second - waiting_second, first - waiting_first
            if all(
                gain >= -ROUNDING if leaves else gain <= ROUNDING
                for gain, leaves in zip(better, (second_leaves, first_leaves), strict=True)
            ):
                names = ("waiting", "outside option")
                return float(x), float(y), (names[second_leaves], names[first_leaves])
    raise ProblemError("alternating offers: no equilibrium; the numbers are too large to compare")


def _checked(discounts: ArrayLike, outside: ArrayLike, risk: float, breakdown: ArrayLike) -> _Talks:
    given = [np.array(row, dtype=np.float64) for row in (discounts, outside, breakdown)]
    if any(row.shape != (2,) for row in given):
        raise ProblemError("discounts, outside and breakdown: two numbers each, one for a side")
    rate, away, broken = given
    if not ((rate > 0) & (rate <= 1)).all():
        raise ProblemError("discounts: must be in (0, 1]")
    if not 0.0 <= risk < 1.0:
        raise ProblemError(f"risk: {risk} must be at least 0 and below 1")
    if np.isnan(away).any() or (away == np.inf).any() or not np.isfinite(broken).all():
        raise ProblemError("outside, breakdown: must be finite (outside may be minus infinity)")
    return _Talks(rate, away, float(risk), broken)
