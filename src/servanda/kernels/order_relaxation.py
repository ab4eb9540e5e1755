"""Bounds on orders of steps, each actor looked at by itself."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def required(graph: Graph, e: int, i: int, level: float, needed: float) -> float:
    """Smallest value of i after edge e for margins of ``level`` and ``needed`` before."""
    A = graph.share.shape[1]
    value = (needed - graph.offset[e, i]) / graph.share[e, i]
    for k in range(graph.line[e * A + i], graph.line[e * A + i + 1]):
        value = max(value, (level - graph.intercept[k]) / graph.slope[k])
    return value


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
def relax(
    graph: Graph, level: float, sweeps: int, slack: float
) -> tuple[bool, Floats, Floats, Booleans]:
    """Could some plan have margins of at least ``level``, each actor looked at by itself?

    Backward the largest value an actor can have, forward the smallest it must have; a stage on
    which some actor cannot have what it must is struck out, and both are computed again.

    Returns
    -------
    possible (False is a proof, up to ``slack``), most (P, A), need (P, A), alive (P,).
    """
    P = len(graph.first)
    A = graph.share.shape[1]
    most = np.empty((P, A))
    need = np.full((P, A), -np.inf)
    alive = np.ones(P, dtype=np.bool_)
    usable = np.ones(len(graph.to), dtype=np.bool_)
    must = np.empty(A)
    for sweep in range(sweeps):
        changed = False
        for p in range(P - 1, -1, -1):
            most[p] = -np.inf
            if not alive[p]:
                continue
            stands = False
            if not np.isnan(graph.end_margin[p]):
                stands = graph.end_margin[p] >= level - slack
                most[p] = graph.end_value
            for e in range(graph.first[p], graph.last[p]):
                if not usable[e]:
                    continue
                q = graph.to[e]
                fits = alive[q]
                for i in range(A):
                    if fits:
                        fits = required(graph, e, i, level, need[p, i]) <= most[q, i] + slack
                if not fits:
                    usable[e] = False
                    changed = True
                    continue
                stands = True
                for i in range(A):
                    value = graph.offset[e, i] + graph.share[e, i] * most[q, i]
                    most[p, i] = max(most[p, i], value)
            for i in range(A):
                if most[p, i] < need[p, i] - slack:
                    stands = False
            if not stands:
                alive[p] = False
                changed = True
        if not alive[0]:
            return False, most, need, alive
        if sweep > 0 and not changed:
            break
        need[:] = np.inf
        need[0] = -np.inf
        for p in range(P):
            if not alive[p]:
                continue
            if need[p, 0] == np.inf:
                alive[p] = False
                changed = True
                continue
            for e in range(graph.first[p], graph.last[p]):
                q = graph.to[e]
                if not usable[e] or not alive[q]:
                    continue
                fits = True
                for i in range(A):
                    must[i] = required(graph, e, i, level, need[p, i])
                    if must[i] > most[q, i] + slack:
                        fits = False
                if not fits:
                    usable[e] = False
                    changed = True
                    continue
                for i in range(A):
                    need[q, i] = min(need[q, i], must[i])
        if not changed:
            break
    return True, most, need, alive


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
    for p in range(P):
        for e in range(graph.first[p], graph.last[p]):
            q = graph.to[e]
            for i in range(A):
                must = required(graph, e, i, level, need[p, i])
                if largest:
                    need[q, i] = max(need[q, i], must)
                else:
                    need[q, i] = min(need[q, i], must)
    return need
