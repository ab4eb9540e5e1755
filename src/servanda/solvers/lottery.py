"""Lotteries over packages: the convex hull of what a list of packages gives.

A lottery draws package K with chance p_K; its value is ``Σ_K p_K·u(K)``. On the convex set of these
values the solutions of the literature are the ones of its theorems, where a list of packages need
not have an equal or a proportional point. A lottery is accepted before the draw when its expected
value is at least the disagreement value; what is drawn may still be refused, which every answer
says (Fearon 1995: an indivisible stake can be drawn lots for, if only the lot were kept).

Here is what the solutions on lotteries share: the programs over p, solved by HiGHS, and the answer.
A ``least`` value narrows the set further, as a ratifier's demand does (Putnam 1988).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import LotteryRange, LotterySettlement
from servanda.results.packages import SettlementStatus
from servanda.solvers.nash import checked_disagreement
from servanda.solvers.pareto import checked_values, pareto_front

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHANCE = 1e-10
"""A smaller chance is none; it is taken out and the rest made to add up to 1."""


COLUMNS = 1_000
"""Packages a linear program starts with, about, and is given more of at a time."""


class Hull(NamedTuple):
    """Packages that lotteries draw from, parties only.

    Attributes
    ----------
        points: (N, A) points of every package.
        disagreement: (A,) points, NaN for an actor that is not a party.
        parties: (n,) int.
        columns: (M,) int, rows of ``points`` undominated for the parties; no other is needed.
        gains: (M, n) points above disagreement, divided by ``scale``.
        scale: (n,) points, the largest absolute gain of each party.
        floor: (n,) what each must expect at least, on the same scale; 0 or more.
    """

    points: FloatArray
    disagreement: FloatArray
    parties: IntArray
    columns: IntArray
    gains: FloatArray
    scale: FloatArray
    floor: FloatArray


def lottery_range(
    values: ArrayLike,
    disagreement: ArrayLike,
    *,
    least: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
) -> LotteryRange:
    """Least and most each actor expects over the lotteries no party refuses beforehand.

    Parameters
    ----------
        values: (N, A) points.
        disagreement: (A,) points; NaN for an actor that is not a party.
        least: (A,) points each must expect besides; NaN: no such demand. None: none for all.
        tolerance: points.

    >>> chances = lottery_range([[0, 1], [1, 0]], [0.4, 0.4])
    >>> chances.low.round(9).tolist(), chances.high.round(9).tolist()
    ([0.4, 0.4], [0.6, 0.6])
    """
    everything = hull_of(values, disagreement, least, tolerance, undominated=False)
    n_actors = everything.points.shape[1]
    low, high = np.full(n_actors, np.nan), np.full(n_actors, np.nan)
    hull = acceptable(everything, tolerance)
    if hull is None:
        return LotteryRange(low, high, exists=False)
    for actor in range(n_actors):
        column = hull.points[hull.columns, actor]
        low[actor] = column @ best_mixture(hull, -column)
        high[actor] = column @ best_mixture(hull, column)
    return LotteryRange(low, high, exists=True)


def hull_of(
    values: ArrayLike,
    disagreement: ArrayLike,
    least: ArrayLike | None,
    tolerance: float,
    *,
    undominated: bool = True,
) -> Hull:
    """Check the arguments and keep the packages lotteries can need."""
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    floor = np.full(points.shape[1], np.nan)
    if least is not None:
        floor = np.array(least, dtype=np.float64)
        if floor.shape != base.shape or np.isinf(floor).any():
            raise ProblemError(f"least: must be {points.shape[1]} finite numbers, or NaN for none")
        if (~np.isnan(floor) & np.isnan(base)).any():
            raise ProblemError("least: only a party can demand one")
    gains = points[:, parties] - base[parties]
    columns = np.arange(len(points))
    if undominated:
        columns = pareto_front(gains, tolerance).indices
    scale = np.abs(gains).max(axis=0, initial=0.0)
    scale[scale <= tolerance] = 1.0
    demanded = np.fmax(floor[parties] - base[parties], 0.0) / scale
    return Hull(points, base, parties, columns, gains[columns] / scale, scale, demanded)


def acceptable(hull: Hull, tolerance: float) -> Hull | None:
    """The hull if some lottery gives every party its floor, up to the tolerance; else None.

    What the tolerance forgives is taken off the floors, so that the programs have a solution.
    """
    if (hull.gains >= hull.floor).all(axis=1).any():  # a package is a lottery too
        return hull
    missing = min(_most_equal(hull), 0.0)
    if missing * hull.scale.max() < -tolerance:
        return None
    return hull._replace(floor=hull.floor + missing)


def ideal_gains(hull: Hull) -> FloatArray:
    """(n,) the most each party can expect while no other is below its floor, scaled."""
    return np.array([g @ best_mixture(hull, g) for g in hull.gains.T])


def equal_shares(hull: Hull, unit: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lottery (M,) whose shares (n,), scaled gains over ``unit``, are lexicographically largest.

    The smallest share is made as large as possible; the parties that hold it back (the constraints
    with a price in the linear program) are fixed there, and the others go on (Imai 1983). A party
    whose unit is 0 does not count and is only kept at its floor; its share is NaN.
    """
    n_columns, n_parties = hull.gains.shape
    fixed = hull.floor.copy()
    free = unit > 0
    share = np.full(n_parties, np.nan)
    mixture = np.zeros(n_columns)
    while free.any():
        objective = np.concatenate([np.zeros(n_columns), [-1.0]])
        above = np.concatenate([-hull.gains.T, np.where(free, unit, 0.0)[:, np.newaxis]], axis=1)
        # a free party keeps its floor too: its own row, as equal shares may lie below it
        floors = np.concatenate([-hull.gains.T, np.zeros((n_parties, 1))], axis=1)
        limits = np.concatenate([np.where(free, 0.0, -fixed), -hull.floor])
        found, prices = _solve(objective, np.concatenate([above, floors]), limits, n_columns)
        mixture, level = found[:-1], found[-1]
        priced = free & ((prices[:n_parties] * unit) > 1e-9)
        if not priced.any():  # only floors hold it back; the tightest party goes first
            slack = np.where(free, hull.gains.T @ mixture - level * unit, np.inf)
            priced = slack <= slack.min() + 1e-9
        share[priced] = level
        fixed[priced] = level * unit[priced]
        free = free & ~priced
    return mixture, share


def best_mixture(hull: Hull, worth: FloatArray) -> FloatArray:
    """Lottery (M,) that maximises ``worth @ p`` with every party at its floor or above."""
    single = int(np.argmax(worth))
    if (hull.gains[single] >= hull.floor).all():  # the best package is a lottery too
        sure = np.zeros(len(worth))
        sure[single] = 1.0
        return sure
    size = np.abs(worth).max()  # the solver's tolerance is absolute
    found, _ = _solve(-worth * (1e3 / size), -hull.gains.T, -hull.floor, len(worth))
    chances = np.maximum(found, 0.0)
    mixture: FloatArray = chances / chances.sum()
    return mixture


def lottery_settled(
    solution: str, hull: Hull, mixture: FloatArray, criterion: FloatArray, gap: float
) -> LotterySettlement:
    """Answer on a lottery (M,) over the columns of the hull."""
    drawn = np.flatnonzero(mixture > CHANCE)
    probabilities = mixture[drawn] / mixture[drawn].sum()
    indices = hull.columns[drawn]
    values = probabilities @ hull.points[indices]
    below = hull.points[indices] < hull.disagreement - TOLERANCE  # NaN compares as false
    return LotterySettlement(
        solution=solution,
        status=SettlementStatus.SETTLED,
        indices=indices,
        probabilities=probabilities,
        values=values,
        gains=values - hull.disagreement,
        criterion=criterion,
        gap=gap,
        refused=below,
        disagreement=hull.disagreement,
    )


def no_lottery(solution: str, disagreement: FloatArray) -> LotterySettlement:
    """No lottery leaves every party at least as well off: that is the answer."""
    empty = np.empty(0)
    return LotterySettlement(
        solution=solution,
        status=SettlementStatus.NO_GAIN,
        indices=np.empty(0, dtype=np.int64),
        probabilities=empty,
        values=empty,
        gains=empty,
        criterion=empty,
        gap=np.nan,
        refused=np.empty((0, len(disagreement)), dtype=np.bool_),
        disagreement=disagreement,
    )


def _most_equal(hull: Hull) -> float:
    """Largest t for which some lottery gives every party its floor plus t, in scaled gains."""
    n_columns, n_parties = hull.gains.shape
    if not n_columns:
        return -np.inf
    objective = np.concatenate([np.zeros(n_columns), [-1.0]])
    above = np.concatenate([-hull.gains.T, np.ones((n_parties, 1))], axis=1)
    found, _ = _solve(objective, above, -hull.floor, n_columns)
    return float(found[-1])


def _solve(
    objective: FloatArray, above: FloatArray, limits: FloatArray, n_chances: int
) -> tuple[FloatArray, FloatArray]:
    """Minimise over ``n_chances`` chances that add up to 1, and other variables that are free.

    Returns the solution and the price of each row of ``above @ x <= limits``, not negative. Limits
    are eased by 1e-12, so that what is exactly attainable is not lost to rounding. Few chances of
    many are more than 0: some columns are asked first, then those that the prices say are missing
    (column generation, Dantzig and Wolfe 1960), until none is.
    """
    free = np.arange(n_chances, len(objective))
    asked = np.arange(0, n_chances, max(1, n_chances // COLUMNS))
    if len(asked) < n_chances:
        extreme = [above[:, :n_chances].argmin(axis=1), [objective[:n_chances].argmin()]]
        asked = np.unique(np.concatenate([asked, *extreme]))
    while True:
        columns = np.concatenate([asked, free])
        answer = _linear_program(objective[columns], above[:, columns], limits, len(asked))
        if answer.x is None and len(asked) < n_chances:  # no solution yet: ask them all
            asked = np.arange(n_chances)
            continue
        if answer.x is None:
            raise ProblemError(f"lottery: the linear program was not solved ({answer.message})")
        prices = -np.asarray(answer.ineqlin.marginals)
        saved = objective + prices @ above - np.asarray(answer.eqlin.marginals)[0]
        saved[asked] = 0.0
        missing = np.flatnonzero(saved[:n_chances] < -1e-10)
        if not len(missing):
            found = np.zeros(len(objective))
            found[columns] = answer.x
            return found, prices
        spread = missing[:: max(1, len(missing) // COLUMNS)]
        asked = np.union1d(asked, np.append(spread, missing[saved[missing].argmin()]))


def _linear_program(
    objective: FloatArray, above: FloatArray, limits: FloatArray, n_chances: int
) -> Any:
    from scipy.optimize import linprog

    n_free = len(objective) - n_chances
    return linprog(
        objective,
        A_ub=above,
        b_ub=limits + 1e-12,
        A_eq=np.concatenate([np.ones(n_chances), np.zeros(n_free)])[np.newaxis],
        b_eq=np.ones(1),
        bounds=[(0.0, None)] * n_chances + [(None, None)] * n_free,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
