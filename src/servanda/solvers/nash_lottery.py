"""Nash's solution on lotteries: the largest product of expected gains.

Over lotteries p with expected gains ``g_i(p) >= 0`` for all, ``maximise Σ_i w_i·log g_i(p)`` (Nash
1950 assumes the set is convex: lotteries are what makes it so). The problem is concave. At a
lottery with prices ``λ_i = w_i / g_i`` a linear program finds the acceptable lottery that is worth
most; no lottery's criterion is above the present one by more than that worth less ``Σ_i w_i``. That
lottery joins those mixed so far, Newton steps find the best mixture of them, and so on until the
bound says that nothing is left to gain; the bound is part of the answer. A party that cannot gain
in any lottery is kept at its disagreement value and left out of the product.

References: Nash (1950), Econometrica 18(2); with weights, Kalai (1977), Nonsymmetric Nash
solutions, International Journal of Game Theory 6(3).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import LotterySettlement
from servanda.solvers.lottery import (
    Hull,
    acceptable,
    best_mixture,
    equal_shares,
    hull_of,
    ideal_gains,
    lottery_settled,
    no_lottery,
)
from servanda.solvers.nash import checked_weights

FloatArray = NDArray[np.float64]

ENOUGH = 1e-13
"""Bound on what is left to gain in the criterion, a unit of weight, at which the search ends."""

MOST_ROUNDS = 500


def nash_lottery(
    values: ArrayLike,
    disagreement: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    least: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
) -> LotterySettlement:
    """Lottery that maximises the (weighted) product of expected gains.

    Parameters
    ----------
        values: (N, A) points.
        disagreement: (A,) points; NaN for an actor that is not a party.
        weights: (A,) bargaining weights, not negative; None: all equal.
        least: (A,) points each must expect besides; NaN: no such demand. None: none for all.
        tolerance: points; a gain no larger is none.

    >>> nash_lottery([[1, 0], [0, 1]], [0.2, 0.1], [0.7, 0.3]).values.round(6).tolist()
    [0.69, 0.31]
    """
    name = "nash-lottery"
    everything = hull_of(values, disagreement, least, tolerance)
    hull = acceptable(everything, tolerance)
    if hull is None:
        return no_lottery(name, everything.disagreement)
    power = checked_weights(weights, hull.points.shape[1])[hull.parties]
    able = (ideal_gains(hull) * hull.scale > tolerance) & (power > 0)
    if not able.any():
        mixture, _ = equal_shares(hull, np.ones(len(power)))
        return lottery_settled(name, hull, mixture, np.zeros(1), 0.0)
    mixture, gap = _largest_product(hull, able, power[able])
    mixture = _fewest(hull, mixture)
    logs = np.log(mixture @ hull.gains[:, able] * hull.scale[able])
    return lottery_settled(name, hull, mixture, np.array([power[able] @ logs]), gap)


def _largest_product(
    hull: Hull, able: NDArray[np.bool_], power: FloatArray
) -> tuple[FloatArray, float]:
    """Lottery (M,) with the largest ``Σ power·log(gain)`` of the able, and the bound on the gap."""
    gains, total = hull.gains[:, able], float(power.sum())
    # the mean of each party's best gives every able party something, as the set is convex
    best = [best_mixture(hull, column) for column in gains.T]
    mixtures = np.mean(best, axis=0)[np.newaxis]
    chances = np.ones(1)
    least, gap, idle = chances @ mixtures, np.inf, 0
    for _ in range(MOST_ROUNDS):
        present = chances @ mixtures
        worth = gains @ (power / (present @ gains))
        candidate = best_mixture(hull, worth)
        bound = max(float(worth @ candidate) - total, 0.0)
        idle += 1
        if bound < gap:
            least, gap, idle = present, bound, 0
        if gap <= ENOUGH * total or (idle > 5 and gap < 1e-9 * total):  # only rounding is left
            break
        mixtures = np.concatenate([mixtures, candidate[np.newaxis]])
        chances = np.append(chances, 0.0)
        chances = _best_of(mixtures @ gains, power, chances)
        mixtures, chances = mixtures[chances > 0], chances[chances > 0]
    return least, gap


def _best_of(gains: FloatArray, power: FloatArray, chances: FloatArray) -> FloatArray:
    """Chances (m,) that maximise ``Σ power·log(chances @ gains)``, from a start where it is finite.

    Newton steps within the sum 1; a chance that a step would make negative is left at 0 for good.
    """
    chances = chances.copy()
    used = np.ones(len(chances), dtype=np.bool_)
    for _ in range(60):
        rows = gains[used]
        if len(rows) == 1:
            break
        reached = chances[used] @ rows
        # with R = (rows - row 0)·√power / reached the curvature is R·Rᵀ and the slope R·√power
        root = (rows[1:] - rows[0]) * (np.sqrt(power) / reached)
        away = np.linalg.lstsq(root.T, np.sqrt(power), rcond=None)[0]
        step = np.concatenate([[-away.sum()], away])
        rise = float(root @ np.sqrt(power) @ away)
        if rise <= 1e-30 * power.sum():
            break
        falling = step < 0
        room = float((chances[used][falling] / -step[falling]).min())
        length = min(1.0, room)
        before = power @ np.log(reached)
        while length > 1e-12 and rise > 1e-12 * power.sum():  # below, logarithms do not tell
            after = reached + length * (step @ rows)
            if (after > 0).all() and power @ np.log(after) >= before + 1e-4 * length * rise:
                break
            length /= 2
        moved = chances[used] + length * step
        if length == room:
            moved[falling & (chances[used] + room * step <= 1e-15)] = 0.0
        elif length <= 1e-12:
            break
        chances[used] = np.maximum(moved, 0.0)
        chances /= chances.sum()
        used = chances > 0
    return chances


def _fewest(hull: Hull, mixture: FloatArray) -> FloatArray:
    """The same expected gains from at most one package more than there are parties.

    Carathéodory: as long as more are drawn, some change of the chances leaves all gains alone;
    follow it until one of them is 0.
    """
    mixture = mixture.copy()
    while True:
        drawn = np.flatnonzero(mixture > 0)
        if len(drawn) <= hull.gains.shape[1] + 1:
            return mixture
        system = np.concatenate([hull.gains[drawn].T, np.ones((1, len(drawn)))])
        change = np.linalg.svd(system)[2][-1]
        change = change if (change < 0).any() else -change
        falling = change < 0
        room = mixture[drawn][falling] / -change[falling]
        mixture[drawn] = np.maximum(mixture[drawn] + room.min() * change, 0.0)
        mixture[drawn[falling][np.argmin(room)]] = 0.0
