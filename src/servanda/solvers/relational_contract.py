"""What can a repeated exchange with voluntary payments keep up, by the value of going on alone?

Players act, then pay each other as agreed, for ever. Whoever departs, in act or payment, is led
to its worst continuation v_i. With payments only totals matter: a profile can be kept up iff

    (1-δ)·Σ_i c_i(a) + δ·Σ_i v_i  ≤  (1-δ)·G(a) + δ·U

G the joint flow, c_i the best that i could take instead, U the best joint flow that can be kept up
and v_i the smallest c_i among profiles that can. Strike out what fails, until nothing does.

Being able to hurt somebody, at no cost to oneself, lowers v_i and so makes more cooperation
possible: who is vulnerable has more to lose.

Levin, J. (2003), Relational incentive contracts, American Economic Review 93(3); Goldlücke, S.
and Kranz, S. (2012), Infinitely repeated games with public monitoring and monetary transfers,
Journal of Economic Theory 147(3).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.results.commitment import EffortRange, RelationalContract
from servanda.solvers.intervals import TOLERANCE, where_it_holds


def relational_contract(payoffs: ArrayLike, discount: float) -> RelationalContract:
    """The profile worth most to all together that can be kept up, on a grid of actions.

    Args:
        payoffs: (n, m_1, ..., m_n) flow to each of n players for each of their actions.
        discount: per period, at least 0 and below 1.

    Among profiles that tie: the first in order of actions.

    Raises:
        ProblemError: wrong shapes, or no profile can be kept up (there is no equilibrium in pure
            actions, even of one period).
    """
    kept = profiles_kept(payoffs, discount)
    if not kept.any():
        raise ProblemError("payoffs: no profile of actions can be kept up")
    table = np.asarray(payoffs, float)
    joint = table.sum(axis=0)
    best = joint[kept].max()
    actions = np.argwhere(kept & (joint >= best - TOLERANCE))[0]
    return RelationalContract(
        actions=tuple(int(action) for action in actions),
        joint=float(joint[tuple(actions)]),
        punishments=tuple(_best_replies(table)[:, kept].min(axis=1).tolist()),
        enforceable=int(kept.sum()),
    )


def profiles_kept(payoffs: ArrayLike, discount: float) -> NDArray[np.bool_]:
    """Which profiles of actions can be kept up, (m_1, ..., m_n); arguments as above."""
    table = np.asarray(payoffs, float)
    players = len(table) if table.ndim else 0
    if players < 1 or table.ndim != players + 1 or 0 in table.shape:
        raise ProblemError(f"payoffs: shape {table.shape}, wanted one axis of actions a player")
    if not np.isfinite(table).all():
        raise ProblemError("payoffs: finite numbers wanted")
    if not 0.0 <= discount < 1.0:
        raise ProblemError(f"discount: {discount}; from 0 to below 1 wanted")
    joint, best_reply = table.sum(axis=0), _best_replies(table)
    kept = np.ones(joint.shape, np.bool_)
    while kept.any():
        punishments = best_reply[:, kept].min(axis=1)
        spare = discount * (joint[kept].max() - punishments.sum())
        holds = kept & ((1.0 - discount) * (best_reply.sum(axis=0) - joint) <= spare + TOLERANCE)
        if np.array_equal(holds, kept):
            break
        kept = holds
    return kept


def _best_replies(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each could take instead, others keeping to the profile, (n, m_1, ..., m_n)."""
    return np.stack(
        [np.broadcast_to(one.max(axis=i, keepdims=True), one.shape) for i, one in enumerate(table)]
    )


def sustainable_effort(
    joint: Callable[[float], float],
    tempted: Callable[[float], float],
    punished: float,
    discount: float,
    *,
    most: float = 1.0,
    points: int = 401,
) -> EffortRange:
    """Efforts of a continuous exchange that can be kept up, each the same every period.

    Args:
        joint: flow to all together at an effort.
        tempted: what all together would get if each took its best alternative to its own part.
        punished: sum of everybody's worst continuation.
        discount: per period, at least 0 and below 1.
        most: efforts from 0 to this are looked at.
        points: evenly spaced first looks.
    """
    from scipy.optimize import minimize_scalar

    if not 0.0 <= discount < 1.0:
        raise ProblemError(f"discount: {discount}; from 0 to below 1 wanted")

    def margin(effort: float) -> float:
        temptation = tempted(effort) - joint(effort)
        return discount * (joint(effort) - punished) - (1.0 - discount) * temptation

    intervals = where_it_holds(margin, 0.0, most, points)
    candidates = [effort for interval in intervals for effort in interval]
    for low, high in intervals:
        if low < high:
            inside = minimize_scalar(
                lambda effort: -joint(effort), bounds=(low, high), method="bounded"
            )
            candidates.append(float(inside.x))
    return EffortRange(
        intervals=intervals,
        largest=intervals[-1][1] if intervals else None,
        best=max(candidates, key=joint, default=None),
    )
