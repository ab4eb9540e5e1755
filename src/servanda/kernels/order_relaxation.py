"""Bounds on orders of steps, each actor looked at by itself."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class Relaxed(NamedTuple):
    """What a relaxation leaves at one level of margin."""

    possible: bool  # False is a proof, up to the slack
    most: Floats  # (P, A) largest value an actor can have
    need: Floats  # (P, A) smallest value it must have
    alive: Booleans  # (P,)
    usable: Booleans  # (E,)


@njit(cache=True, nogil=True)
def best_bound(graph: Graph, highest: Floats) -> Floats:
    """Upper bound on the smallest margin from each pair on: each actor given its best value."""
    P, A = highest.shape
    bound = np.full(P, -np.inf)
    for p in range(P - 1, -1, -1):
        if not np.isnan(graph.end_margin[p]):
            bound[p] = graph.end_margin[p]
        for e in range(graph.first[p], graph.last[p]):
            q = graph.to[e]
            smallest = bound[q]
            for i in range(A):
                for k in range(graph.line[e * A + i], graph.line[e * A + i + 1]):
                    smallest = min(smallest, graph.slope[k] * highest[q, i] + graph.intercept[k])
            bound[p] = max(bound[p], smallest)
    return bound


@njit(cache=True, nogil=True)
def relax(graph: Graph, level: float, sweeps: int, slack: float, root: Floats) -> Relaxed:
    """Could some plan have margins of at least ``level``, each actor looked at by itself?

    Backward the largest value an actor can have, forward the smallest it must have, at signature
    at least ``root`` (A,); a stage on which some actor cannot have what it must is struck out,
    and both are computed again.
    """
    P = len(graph.first)
    A = graph.share.shape[1]
    first, last, to = graph.first, graph.last, graph.to
    offset, share = graph.offset, graph.share
    most = np.empty((P, A))
    need = np.full((P, A), -np.inf)
    need[0] = root
    alive = np.ones(P, dtype=np.bool_)
    usable = np.ones(len(to), dtype=np.bool_)
    asked = _asked(graph, level)
    must = np.empty(A)
    for sweep in range(sweeps):
        changed = False
        for p in range(P - 1, -1, -1):
            for i in range(A):
                most[p, i] = -np.inf
            if not alive[p]:
                continue
            stands = False
            if not np.isnan(graph.end_margin[p]):
                stands = graph.end_margin[p] >= level - slack
                for i in range(A):
                    most[p, i] = graph.end_value[i]
            for e in range(first[p], last[p]):
                if not usable[e]:
                    continue
                q = to[e]
                fits = alive[q]
                for i in range(A):
                    if fits:
                        own = max((need[p, i] - offset[e, i]) / share[e, i], asked[e, i])
                        fits = own <= most[q, i] + slack
                if not fits:
                    usable[e] = False
                    changed = True
                    continue
                stands = True
                for i in range(A):
                    most[p, i] = max(most[p, i], offset[e, i] + share[e, i] * most[q, i])
            for i in range(A):
                if most[p, i] < need[p, i] - slack:
                    stands = False
            if not stands:
                alive[p] = False
                changed = True
        if not alive[0]:
            return Relaxed(False, most, need, alive, usable)
        if sweep > 0 and not changed:
            break
        need[:] = np.inf
        need[0] = root
        reached = np.zeros(P, dtype=np.bool_)
        reached[0] = True
        for p in range(P):
            if not alive[p]:
                continue
            if not reached[p]:
                alive[p] = False
                changed = True
                continue
            for e in range(first[p], last[p]):
                q = to[e]
                if not usable[e] or not alive[q]:
                    continue
                fits = True
                for i in range(A):
                    must[i] = max((need[p, i] - offset[e, i]) / share[e, i], asked[e, i])
                    if must[i] > most[q, i] + slack:
                        fits = False
                if not fits:
                    usable[e] = False
                    changed = True
                    continue
                reached[q] = True
                for i in range(A):
                    need[q, i] = min(need[q, i], must[i])
        if not changed:
            break
    return Relaxed(True, most, need, alive, usable)


@njit(cache=True, nogil=True)
def _asked(graph: Graph, level: float) -> Floats:
    """Smallest value after each edge with margins of ``level`` on it: (E, A)."""
    E = len(graph.to)
    A = graph.share.shape[1]
    asked = np.full((E, A), -np.inf)
    line, slope, intercept = graph.line, graph.slope, graph.intercept
    for e in range(E):
        for i in range(A):
            for k in range(line[e * A + i], line[e * A + i + 1]):
                asked[e, i] = max(asked[e, i], (level - intercept[k]) / slope[k])
    return asked


@njit(cache=True, nogil=True)
def prefix_needs(graph: Graph, level: float, largest: bool) -> Floats:
    """Value each actor must have at a pair for margins of ``level`` before it: (P, A).

    Over all ways to get there the smallest (what any plan needs) or the largest (what is enough
    for every plan).
    """
    P = len(graph.first)
    A = graph.share.shape[1]
    need = np.full((P, A), -np.inf if largest else np.inf)
    need[0] = -np.inf
    asked = _asked(graph, level)
    for p in range(P):
        for e in range(graph.first[p], graph.last[p]):
            q = graph.to[e]
            for i in range(A):
                must = max((need[p, i] - graph.offset[e, i]) / graph.share[e, i], asked[e, i])
                if largest:
                    need[q, i] = max(need[q, i], must)
                else:
                    need[q, i] = min(need[q, i], must)
    return need


@njit(cache=True, nogil=True)
def fewest_months(graph: Graph) -> tuple[Integers, Integers]:
    """Fewest months from signature to each pair, and from there to completion: (P,), (P,)."""
    P = len(graph.first)
    far = np.iinfo(np.int64).max // 4
    before = np.full(P, far)
    after = np.full(P, far)
    before[0] = 0
    for p in range(P):
        for e in range(graph.first[p], graph.last[p]):
            before[graph.to[e]] = min(before[graph.to[e]], before[p] + graph.months[e])
    for p in range(P - 1, -1, -1):
        if not np.isnan(graph.end_margin[p]):
            after[p] = 0
        for e in range(graph.first[p], graph.last[p]):
            after[p] = min(after[p], after[graph.to[e]] + graph.months[e])
    return before, after
