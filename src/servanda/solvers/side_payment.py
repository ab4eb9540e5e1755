"""Side payments: which packages can be made acceptable by paying those who lose.

Payments are in value points, one point paid being one received: a common measure such as money must
exist, and that is an assumption. Party i pays at most its gain over disagreement, and at most
``limits[i]``; each fund (frozen assets, aid) holds an amount and may pay those it ``reaches``. What
a package needs is the sum of what its losers lack. By the supply-demand theorem (Gale 1957) it can
be met exactly when every group of losers lacks no more than the funds that reach it and the parties
that gain can pay together.

Fearon (1995) asks why stakes that cannot be divided are not paid for; here is how much it would
take.

References: Fearon (1995), International Organization 49(3), p. 389; Gale (1957), A theorem on flows
in networks, Pacific Journal of Mathematics 7(2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE
from servanda.results.bargaining import SidePayments
from servanda.solvers.nash import checked_disagreement
from servanda.solvers.pareto import checked_values

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Fund:
    """Money from outside the package.

    Attributes
    ----------
        name: as printed.
        amount: points it holds.
        reaches: indices of the actors it may be paid to; None: any.
    """

    name: str
    amount: float
    reaches: tuple[int, ...] | None = None


def side_payments(
    values: ArrayLike,
    disagreement: ArrayLike,
    *,
    limits: ArrayLike | None = None,
    funds: Sequence[Fund] = (),
    tolerance: float = TOLERANCE,
) -> SidePayments:
    """Packages that some payments make acceptable to every party, and the cheapest of them.

    Parameters
    ----------
        values: (N, A) points before payments.
        disagreement: (A,) points; NaN for an actor that is not a party, who neither pays nor gets.
        limits: (A,) points each party can pay at most; None: no limit but its gain.
        funds: money from outside; those named first are drawn on first, the parties last.
        tolerance: points; a lack no larger is none.

    >>> found = side_payments([[5, -2], [0, 0.5]], [0, 0], limits=[10, 10])
    >>> found.needed.tolist(), found.low.tolist(), found.high.tolist()
    ([2.0, 0.0], [2.0, -0.5], [5.0, 0.0])
    """
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    most = _checked_limits(limits, points.shape[1])[parties]
    amounts, reach = _checked_funds(funds, points.shape[1])
    reach = reach[:, parties]
    gains = points[:, parties] - base[parties]
    lack = np.where(gains < -tolerance, -gains, 0.0)
    spare = np.minimum(np.maximum(gains, 0.0), most)

    feasible = np.ones(len(points), dtype=np.bool_)
    for group in range(1, 1 << len(parties)):
        members = np.array([group >> i & 1 for i in range(len(parties))], dtype=np.bool_)
        supply = amounts[reach[:, members].any(axis=1)].sum() + spare.sum(axis=1)
        feasible &= lack[:, members].sum(axis=1) <= supply + tolerance
    needed = np.where(feasible, lack.sum(axis=1), np.inf)
    low, high = _two_party_range(gains, most, tolerance) if not funds else (np.empty(0),) * 2
    if not feasible.any():
        empty = np.empty(0)
        return SidePayments(feasible, needed, None, empty, np.zeros(len(funds)), low, high)
    least = np.flatnonzero(needed <= needed.min() + tolerance)
    cheapest = int(least[np.argmax(gains[least].sum(axis=1))])
    received, drawn = _payments(lack[cheapest], spare[cheapest], amounts, reach)
    payment = np.zeros(points.shape[1])
    payment[parties] = received
    return SidePayments(feasible, needed, cheapest, payment, drawn, low, high)


def _payments(
    lack: FloatArray, spare: FloatArray, amounts: FloatArray, reach: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """What each party receives (n,), negative: pays, and what each fund pays (F,).

    A transport problem: funds in the order named, then the parties, by rising cost.
    """
    from scipy.optimize import linprog

    n_parties, n_funds = len(lack), len(amounts)
    supply = np.concatenate([amounts, spare])
    allowed = np.concatenate([reach, np.ones((n_parties, n_parties), dtype=np.bool_)])
    cost = 1.0 + np.concatenate([np.arange(n_funds), np.full(n_parties, n_funds)])
    payers, receivers = np.nonzero(allowed & (lack > 0) & (supply > 0)[:, np.newaxis])
    if not len(payers):
        return np.zeros(n_parties), np.zeros(n_funds)
    by_payer = (payers == np.arange(len(supply))[:, np.newaxis]).astype(np.float64)
    to_receiver = (receivers == np.arange(n_parties)[:, np.newaxis]).astype(np.float64)
    answer = linprog(
        cost[payers],
        A_ub=np.concatenate([by_payer, -to_receiver]),
        b_ub=np.concatenate([supply, -lack + TOLERANCE]),
        method="highs-ds",
    )
    if answer.x is None:
        raise ProblemError(f"side payments: the linear program was not solved ({answer.message})")
    paid, got = by_payer @ answer.x, to_receiver @ answer.x
    return got - paid[n_funds:], paid[:n_funds]


def _two_party_range(
    gains: FloatArray, most: FloatArray, tolerance: float
) -> tuple[FloatArray, FloatArray]:
    """Least and most the first pays to the second, (N,) each; empty unless there are two."""
    if gains.shape[1] != 2:
        return np.empty(0), np.empty(0)
    low = np.maximum(-gains[:, 1], -most[1])
    high = np.minimum(gains[:, 0], most[0])
    open_ = low <= high + tolerance
    return np.where(open_, low, np.nan), np.where(open_, np.maximum(low, high), np.nan)


def _checked_limits(limits: ArrayLike | None, n_actors: int) -> FloatArray:
    most = np.full(n_actors, np.inf) if limits is None else np.array(limits, dtype=np.float64)
    if most.shape != (n_actors,) or np.isnan(most).any() or (most < 0).any():
        raise ProblemError(f"limits: {n_actors} numbers that are not negative")
    return most


def _checked_funds(funds: Sequence[Fund], n_actors: int) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Amounts (F,) and whom each fund reaches (F, A)."""
    reach = np.ones((len(funds), n_actors), dtype=np.bool_)
    for row, fund in enumerate(funds):
        if not np.isfinite(fund.amount) or fund.amount < 0:
            raise ProblemError(f"fund '{fund.name}': {fund.amount} must be finite, not negative")
        if fund.reaches is not None:
            if any(not 0 <= actor < n_actors for actor in fund.reaches):
                raise ProblemError(f"fund '{fund.name}': reaches must be 0 to {n_actors - 1}")
            reach[row] = False
            reach[row, list(fund.reaches)] = True
    return np.array([fund.amount for fund in funds], dtype=np.float64), reach
