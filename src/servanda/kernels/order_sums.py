"""Weighted sums of the actors' values over orders: one number at a pair, so a plain program.

The sum at pair p is ``Σ_i w_i·tilt[p, i]·V_i(p)``. With the tilt each actor is discounted from
signature, so that one actor's months weigh against another's as they do there.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Sums(NamedTuple):
    """How sums are carried over an edge: at most ``Σ w_i·fixed[e, i] + rate[e]·(sum at its end)``.

    Where ways of different length lead to a pair and discounts differ, the weights at its end are
    not exactly those carried over: the rate is then the smallest ratio of the actors, and the rest
    is counted at the most each can have.
    """

    tilt: Floats  # (P, A)
    fixed: Floats  # (E, A)
    rate: Floats  # (E,)


@njit(cache=True, nogil=True)
def sums_on(graph: Graph, discount: Floats, most: Floats) -> Sums:
    """Lay out weighted sums; ``most`` (P, A) is the largest value each actor can have."""
    P = len(graph.first)
    E = len(graph.to)
    A = graph.share.shape[1]
    elapsed = np.full(P, np.iinfo(np.int64).max)
    elapsed[0] = 0
    patient = discount.max()
    tilt = np.ones((P, A))
    for p in range(P):
        if elapsed[p] == np.iinfo(np.int64).max:
            continue
        for i in range(A):
            tilt[p, i] = max((discount[i] / patient) ** elapsed[p], 1e-250)
        for e in range(graph.first[p], graph.last[p]):
            q = graph.to[e]
            elapsed[q] = min(elapsed[q], elapsed[p] + graph.months[e])
    fixed = np.empty((E, A))
    rate = np.full(E, np.inf)
    for p in range(P):
        for e in range(graph.first[p], graph.last[p]):
            q = graph.to[e]
            for i in range(A):
                rate[e] = min(rate[e], tilt[p, i] * graph.share[e, i] / tilt[q, i])
            for i in range(A):
                fixed[e, i] = tilt[p, i] * graph.offset[e, i]
                more = tilt[p, i] * graph.share[e, i] - rate[e] * tilt[q, i]
                if more > 1e-13 * tilt[q, i]:
                    fixed[e, i] += more * most[q, i]
    return Sums(tilt, fixed, rate)


@njit(cache=True, nogil=True)
def largest_sums(graph: Graph, sums: Sums, of: Floats) -> tuple[Floats, Integers]:
    """Largest sum from each pair on for weights ``of`` (A,): (P,); edges of the order behind it.

    Where sums are not carried over exactly this is an upper bound.
    """
    P = len(graph.first)
    A = len(of)
    first, last, to = graph.first, graph.last, graph.to
    tilt, fixed, rate = sums.tilt, sums.fixed, sums.rate
    largest = np.full(P, -np.inf)
    pick = np.full(P, -1, dtype=np.int64)
    for p in range(P - 1, -1, -1):
        if not np.isnan(graph.end_margin[p]):
            largest[p] = 0.0
            for i in range(A):
                largest[p] += of[i] * tilt[p, i] * graph.end_value[i]
        for e in range(first[p], last[p]):
            value = rate[e] * largest[to[e]]
            for i in range(A):
                value += of[i] * fixed[e, i]
            if value > largest[p]:
                largest[p] = value
                pick[p] = e
    edges = np.empty(P, dtype=np.int64)
    count = 0
    p = 0
    while pick[p] >= 0:
        edges[count] = pick[p]
        count += 1
        p = to[pick[p]]
    return largest, edges[:count].copy()


@njit(cache=True, nogil=True)
def needed_sums(graph: Graph, sums: Sums, of: Floats, root: float, need: Floats) -> Floats:
    """Smallest sum at each pair for a sum of ``root`` at signature, over all ways there: (P,).

    ``need`` (P, A) is the value each actor needs there by itself.
    """
    P = len(graph.first)
    A = len(of)
    first, last, to = graph.first, graph.last, graph.to
    tilt, fixed, rate = sums.tilt, sums.fixed, sums.rate
    needed = np.full(P, np.inf)
    needed[0] = root
    for p in range(P):
        own = 0.0
        for i in range(A):
            if of[i] > 0.0:
                own += of[i] * tilt[p, i] * need[p, i]
        needed[p] = max(needed[p], own)
        for e in range(first[p], last[p]):
            value = needed[p]
            for i in range(A):
                value -= of[i] * fixed[e, i]
            needed[to[e]] = min(needed[to[e]], value / rate[e])
    return needed


@njit(cache=True, nogil=True)
def level_at_signature(graph: Graph, sums: Sums, of: Floats, largest: Floats) -> float:
    """A bound on the margins of the first stage.

    At signature the temptations of all actors meet: with margins of m each needs a value, and m
    is bounded by where the weighted sum of the needs exceeds the largest there is.
    """
    bound = -np.inf
    for e in range(graph.first[0], graph.last[0]):
        q = graph.to[e]
        if largest[q] > -np.inf:
            bound = max(bound, _level_at(graph, e, of, sums.tilt[q], largest[q]))
    return bound


@njit(cache=True, nogil=True)
def _level_at(graph: Graph, e: int, of: Floats, tilt: Floats, there: float) -> float:
    """Largest level of margin on an edge for which a weighted sum of ``there`` is enough.

    The needed sum is convex and increasing in the level: Newton's steps from above stay above.
    """
    A = graph.share.shape[1]
    level = 1e12
    for _ in range(60):
        needed = 0.0
        steep = 0.0
        for i in range(A):
            if of[i] <= 0.0:
                continue
            most = -np.inf
            rise = 0.0
            for k in range(graph.line[e * A + i], graph.line[e * A + i + 1]):
                value = (level - graph.intercept[k]) / graph.slope[k]
                if value > most:
                    most = value
                    rise = 1.0 / graph.slope[k]
            needed += of[i] * tilt[i] * most
            steep += of[i] * tilt[i] * rise
        if not needed > there or steep <= 0.0:
            break
        step = (needed - there) / steep
        level -= step
        if step < 1e-12:
            break
    return level
