"""The best demand of a side that does not know how much the other minds war.

A stake of 1; side 1 would win a war with probability p and pay c_1, the other pays c_k if it is of
type k. Type k accepts a demand of at most p + c_k. Demanding more gets more from those who accept
and war with those who do not: the trade-off between risk and return. The best demand is what some
type would just accept.

Sources: Fearon (1995), International Organization 49(3); Powell (1999), In the Shadow of Power.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.results.delay import ScreeningOffer

TIE = 1e-12
"""Demands worth the same: the one that risks less war is made."""


def screening_offer(win: float, cost: float, costs: ArrayLike, belief: ArrayLike) -> ScreeningOffer:
    """The demand that is worth most.

    Args:
        win, cost: the demanding side's chance of winning a war, and what war costs it.
        costs: (K,) what war costs each type of the other side.
        belief: (K,) probability of each type.
    """
    each, held = checked_types(win, costs, belief)
    demands = np.clip(win + each, 0.0, 1.0)
    values = np.array([_value(win, cost, demands, held, one) for one in demands])
    best = min(np.flatnonzero(values >= values.max() - TIE).tolist(), key=lambda k: demands[k])
    return ScreeningOffer(
        demand=float(demands[best]),
        war=refused(demands, held, float(demands[best])),
        value=float(values[best]),
        by_type=tuple(zip(demands.tolist(), values.tolist(), strict=True)),
    )


def screening_threshold(win: float, cost: float, tough: float, weak: float) -> float | None:
    """Belief in the weaker of two types above which it pays to risk war; None where it never does.

    Args:
        win, cost: as in `screening_offer`.
        tough, weak: what war costs the two types, the tough one less.
    """
    if not tough < weak:
        raise ProblemError(f"tough: {tough} must be below weak, {weak}")

    def more(belief: float) -> float:
        (_, safe), (_, risky) = screening_offer(
            win, cost, [tough, weak], [1.0 - belief, belief]
        ).by_type
        return risky - safe

    none, all_ = more(0.0), more(1.0)  # it is linear between
    return None if all_ <= 0.0 else max(0.0, -none / (all_ - none))


def checked_types(
    win: float, costs: ArrayLike, belief: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Costs and probabilities of types as arrays, or a complaint."""
    each, held = np.asarray(costs, float), np.asarray(belief, float)
    if each.ndim != 1 or each.shape != held.shape or not len(each):
        raise ProblemError("costs, belief: one of each for every type")
    if not 0.0 <= win <= 1.0 or not np.isfinite(each).all():
        raise ProblemError(f"win: {win}, from 0 to 1 wanted; costs: finite numbers")
    if not (held >= 0).all() or abs(held.sum() - 1.0) > 1e-9:
        raise ProblemError("belief: probabilities that sum to 1 wanted")
    return each, held


def refused(demands: NDArray[np.float64], held: NDArray[np.float64], demand: float) -> float:
    """Chance that a demand is refused."""
    return float(held[demands < demand - TIE].sum())


def _value(
    win: float, cost: float, demands: NDArray[np.float64], held: NDArray[np.float64], demand: float
) -> float:
    war = refused(demands, held, demand)
    return (1.0 - war) * demand + war * (win - cost)
