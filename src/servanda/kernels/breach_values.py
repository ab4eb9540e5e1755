"""What each breach of a plan brings to everybody, in every profile of types of one draw.

Serial, no fastmath: the same numbers on every machine.
"""

from typing import Any

from numba import njit

from servanda.kernels.type_arrays import Floats, Months, Payoffs, Types, Ways


@njit(cache=True, nogil=True)
def breach_values(
    draw: int,
    months: Months,
    ways: Ways,
    payoffs: Payoffs,
    types: Types,
    power: Floats,
    values: Floats,
) -> None:
    """Fill the values of every way to breach, counted from the start of its month.

    Parameters
    ----------
    draw : int
    months, ways, payoffs, types : see `servanda.kernels.type_arrays`.
    power : (P, A, L) float, powers of the draw's discount factors.
    values : (W, P, A) float, filled.
    """
    W, P, A = values.shape
    for w in range(W):
        month = ways.month[w]
        several = ways.breakers[w] & (ways.breakers[w] - 1) != 0
        for p in range(P):
            r = draw * P + p
            for i in range(A):
                value = _come_to_light(w, r, i, ways, payoffs)
                if ways.hidden[w] > 0:
                    flow = flow_in(r, i, ways.row[w], ways.fighting[w], payoffs)
                    if ways.breakers[w] >> i & 1:
                        own = ways.steps[w] & types.owned[i] if several else ways.steps[w]
                        flow += _sum(payoffs.gain, r, i, own)
                    share = power[p, i, ways.hidden[w]]
                    value = (1.0 - share) * flow + share * value
                if ways.lead[w] > 0:
                    here = flow_in(r, i, months.row[month], months.fighting[month], payoffs)
                    share = power[p, i, ways.lead[w]]
                    value = (1.0 - share) * here + share * value
                if ways.paid[w] != 0 and not ways.breakers[w] >> i & 1:
                    value -= (1.0 - power[p, i, 1]) * _sum(payoffs.costs, r, i, ways.paid[w])
                values[w, p, i] = value


@njit(cache=True, nogil=True)
def fill_powers(draw: int, payoffs: Payoffs, power: Floats) -> None:
    """Fill (P, A, L) the powers of the discount factors of one draw."""
    P, A, L = power.shape
    for p in range(P):
        for i in range(A):
            power[p, i, 0] = 1.0
            for n in range(1, L):
                power[p, i, n] = power[p, i, n - 1] * payoffs.discount[draw * P + p, i]


@njit(cache=True, nogil=True)
def keep_values(
    draw: int,
    month: int,
    months: Months,
    payoffs: Payoffs,
    power: Floats,
    later: Floats,
    keep: Floats,
) -> None:
    """Fill (P, A) what a month kept by all brings, given what follows, (P, A)."""
    P, A = keep.shape
    length = months.length[month]
    for p in range(P):
        r = draw * P + p
        for i in range(A):
            share = power[p, i, length] if length >= 0 else 0.0
            flow = flow_in(r, i, months.row[month], months.fighting[month], payoffs)
            value = (1.0 - share) * flow
            if months.starts[month] != 0:
                value -= (1.0 - power[p, i, 1]) * _sum(payoffs.costs, r, i, months.starts[month])
            if share > 0.0:
                value += share * later[p, i]
            keep[p, i] = value


@njit(cache=True, nogil=True, inline="always")
def flow_in(r: int, i: int, row: int, fighting: bool, payoffs: Payoffs) -> float:
    """Points a month in a state, less the cost of fighting where it goes on."""
    flow: float = payoffs.flows[r, row, i]
    if fighting:
        flow -= payoffs.fighting_cost[r, i]
    return flow


@njit(cache=True, nogil=True, inline="always")
def _come_to_light(w: int, r: int, i: int, ways: Ways, payoffs: Payoffs) -> float:
    """Value once a breach has come to light; the average where several breached."""
    row, knot, weight = ways.row[w], ways.knot[w], ways.weight[w]
    total, count = 0.0, 0
    if ways.breakers[w] >> i & 1:
        own = payoffs.attack if ways.attack[w] else payoffs.renege
        total, count = own[r, row, knot, i], 1
        if weight > 0.0:
            total += weight * (own[r, row, knot + 1, i] - total)
    else:
        others = payoffs.attacked if ways.attack[w] else payoffs.reneged
        for b in range(others.shape[3]):
            if ways.breakers[w] >> b & 1:
                value = others[r, row, knot, b, i]
                if weight > 0.0:
                    value += weight * (others[r, row, knot + 1, b, i] - value)
                total += value
                count += 1
    return total / count


@njit(cache=True, nogil=True, inline="always")
def _sum(array: Any, r: int, i: int, steps: int) -> float:
    total = 0.0
    for j in range(array.shape[1]):
        if steps >> j & 1:
            total += array[r, j, i]
    return total
