"""Local search over orders: move, part or bundle steps, and accept some losses on the way.

Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) on sequences of stages, walked on the
graph of orders. The random numbers are the kernel's own: the same answer on every machine.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

MARGIN, PRODUCT, MONTHS = 0, 1, 2
"""What is sought: the largest smallest margin, the Nash product, the fewest months."""

LACKING = 1e6
"""Below minus this lie the scores of orders without the margin or the values asked for."""


@njit(cache=True, nogil=True)
def improve_order(
    graph: Graph,
    mask: Integers,
    alone: Integers,
    start: Integers,
    goal: int,
    floor: float,
    reservation: Floats,
    trials: int,
    heat: float,
    seed: int,
) -> tuple[Integers, float]:
    """Improve an order by random moves of one stage.

    Parameters
    ----------
    mask : (B,) steps of each stage in use.
    alone : (n,) stage of each step by itself, -1 where it has none.
    start : stages of an order that the graph allows.
    goal, floor, reservation : what is sought, as in `order_score`.
    trials : moves tried.
    heat : first temperature, in units of the score; it falls to a thousandth.
    seed : of the moves.

    Returns
    -------
    stages of the best order seen, its score.
    """
    n = len(alone)
    order = np.empty(n, dtype=np.int64)
    size = len(start)
    order[:size] = start
    edges = np.empty(n, dtype=np.int64)
    score = order_score(graph, order, size, goal, floor, reservation, edges)
    best = order[:size].copy()
    best_score = score
    trial = np.empty(n, dtype=np.int64)
    state = np.uint64(seed) * np.uint64(2654435761) + np.uint64(88172645463325252)
    cooling = 0.001 ** (1.0 / max(trials, 1))
    for _ in range(trials):
        heat *= cooling
        state = _next(state)
        b = int(state >> np.uint64(33)) % len(mask)
        state = _next(state)
        place = int(state >> np.uint64(33)) % (size + 1)
        trial_size = _moved(order, size, mask, alone, b, place, trial)
        if trial_size == 0:
            continue
        now = order_score(graph, trial, trial_size, goal, floor, reservation, edges)
        if now == -np.inf:
            continue
        if now < score:
            state = _next(state)
            chance = (float(state >> np.uint64(33)) + 0.5) / 2147483648.0
            if score - now > -heat * np.log(chance):
                continue
        order, trial = trial, order
        size = trial_size
        score = now
        if score > best_score:
            best_score = score
            best = order[:size].copy()
    return best, best_score


@njit(cache=True, nogil=True)
def order_score(
    graph: Graph,
    order: Integers,
    size: int,
    goal: int,
    floor: float,
    reservation: Floats,
    edges: Integers,
) -> float:
    """How good an order is; minus infinity where the graph does not allow it.

    The smallest margin for MARGIN. For PRODUCT the sum of the logarithms of value at signature
    less ``reservation`` over actors that have one (NaN for the others), for MONTHS less the
    months; both only where the margin reaches ``floor`` and no gain is negative; elsewhere
    less than -LACKING by what lacks. ``edges`` is scratch space.
    """
    A = graph.share.shape[1]
    p = 0
    for k in range(size):
        low = graph.first[p]
        high = graph.last[p]
        while low < high:
            middle = (low + high) // 2
            if graph.stage[middle] < order[k]:
                low = middle + 1
            else:
                high = middle
        if low == graph.last[p] or graph.stage[low] != order[k]:
            return -np.inf
        edges[k] = low
        p = graph.to[low]
    margin = graph.end_margin[p]
    if np.isnan(margin):
        return -np.inf
    score = 0.0
    lack = 0.0
    for i in range(A):
        value = graph.end_value[i]
        for k in range(size - 1, -1, -1):
            e = edges[k]
            for l in range(graph.line[e * A + i], graph.line[e * A + i + 1]):
                margin = min(margin, graph.slope[l] * value + graph.intercept[l])
            value = graph.offset[e, i] + graph.share[e, i] * value
        if goal == PRODUCT and not np.isnan(reservation[i]):
            lack = max(lack, reservation[i] - value)
            score += np.log(max(value - reservation[i], 1e-12))
    if goal == MARGIN:
        return margin
    lack = max(lack, floor - margin)
    if lack > 0.0:
        return -lack - LACKING
    if goal == MONTHS:
        for k in range(size):
            score -= graph.months[edges[k]]
    return score


@njit(cache=True, nogil=True)
def _moved(
    order: Integers, size: int, mask: Integers, alone: Integers, b: int, place: int, out: Integers
) -> int:
    """The order with stage b at ``place``, stages that share a step with it parted; 0 for none."""
    count = 0
    for k in range(size):
        if k == place:
            out[count] = b
            count += 1
        if mask[order[k]] & mask[b] == 0:
            out[count] = order[k]
            count += 1
            continue
        if order[k] == b and k == place:
            return 0
        left = mask[order[k]] & ~mask[b]
        for j in range(len(alone)):
            if (left >> j) & 1:
                if alone[j] < 0:
                    return 0
                out[count] = alone[j]
                count += 1
    if place == size:
        out[count] = b
        count += 1
    return count


@njit(cache=True, nogil=True)
def _next(state: np.uint64) -> np.uint64:
    """Marsaglia's xorshift (2003)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state
