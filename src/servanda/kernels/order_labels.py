"""Undominated ways to finish from every pair of the graph of orders."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph, longer
from servanda.kernels.order_relaxation import Relaxed

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


COMPARISONS = 200
"""Most comparisons of labels for each label of the budget."""


class Labels(NamedTuple):
    """What is worth remembering at each pair: labels start[p] .. start[p] + number[p]."""

    start: Integers  # (P,)
    number: Integers  # (P,)
    value: Floats  # (L, A)
    margin: Floats  # (L,) smallest margin from here on
    months: Integers  # (L,) to completion


@njit(cache=True, nogil=True)
def order_labels(
    graph: Graph,
    kept: Relaxed,
    of: Floats,
    tilt: Floats,
    sum_needed: Floats,
    months_left: Integers,
    enough: Floats,
    high: float,
    floor: float,
    budget: int,
    slack: float,
) -> tuple[Labels, bool]:
    """Undominated (values, margin, months) at every pair, backward from completion.

    Parameters
    ----------
    kept : what a relaxation at ``floor`` left; a label with less for some actor is dropped.
    of, tilt, sum_needed : (W, A), (P, A), (W, P) weighted sums of values at ``floor``; a label
        with less is dropped. No plan that reaches ``floor`` is lost.
    months_left : (P,) a label that takes longer is dropped.
    enough : (P, A) a value above counts as this one: no constraint before could tell; ``high``
        likewise for margins.
    floor : margins below are dropped.
    budget : most labels in all; a search takes at most COMPARISONS for each.
    slack : float noise, in points.

    Returns
    -------
    labels, whole (the budget sufficed; otherwise pairs next to signature have none).
    """
    P = len(graph.first)
    A = graph.share.shape[1]
    W = len(of)
    alive, need = kept.alive, kept.need
    line, slope, intercept = graph.line, graph.slope, graph.intercept
    offset, share = graph.offset, graph.share
    start = np.zeros(P, dtype=np.int64)
    number = np.zeros(P, dtype=np.int64)
    room = max(1024, P)
    value = np.empty((room, A))
    margin = np.empty(room)
    months = np.empty(room, dtype=np.int64)
    total = 0
    hold = 256
    new_value = np.empty((hold, A))
    new_margin = np.empty(hold)
    new_months = np.empty(hold, dtype=np.int64)
    comparisons = 0
    for p in range(P - 1, -1, -1):
        start[p] = total
        if not alive[p]:
            continue
        found = 0
        if not np.isnan(graph.end_margin[p]) and graph.end_margin[p] >= floor:
            new_value[0] = graph.end_value
            new_margin[0] = graph.end_margin[p]
            new_months[0] = 0
            found = 1
        for e in range(graph.first[p], graph.last[p]):
            q = graph.to[e]
            for k in range(start[q], start[q] + number[q]):
                if found == hold:
                    hold *= 2
                    grown = np.empty((hold, A))
                    grown[:found] = new_value
                    new_value = grown
                    new_margin = longer(new_margin, hold)
                    new_months = longer(new_months, hold)
                smallest = margin[k]
                fits = months[k] + graph.months[e] <= months_left[p]
                for i in range(A):
                    own = offset[e, i] + share[e, i] * value[k, i]
                    if own < need[p, i] - slack:
                        fits = False
                        break
                    new_value[found, i] = own
                    for l in range(line[e * A + i], line[e * A + i + 1]):
                        smallest = min(smallest, slope[l] * value[k, i] + intercept[l])
                    if smallest < floor:
                        fits = False
                        break
                for w in range(W):
                    if not fits:
                        break
                    weighted = 0.0
                    for i in range(A):
                        weighted += of[w, i] * tilt[p, i] * new_value[found, i]
                    fits = weighted >= sum_needed[w, p] - slack
                if fits:
                    new_margin[found] = smallest
                    new_months[found] = months[k] + graph.months[e]
                    found += 1
        if found == 0:
            continue
        # In this order no label comes before one that dominates it; what no constraint asks for
        # counts for nothing.
        key = np.empty((found, A + 1))
        ranked = np.empty(found)
        for k in range(found):
            key[k, A] = min(new_margin[k], high) if high > -np.inf else 0.0
            ranked[k] = -key[k, A]
            for i in range(A):
                key[k, i] = min(new_value[k, i], enough[p, i]) if enough[p, i] > -np.inf else 0.0
                ranked[k] -= key[k, i]
        quickest = np.argsort(new_months[:found], kind="mergesort")
        stay = np.empty(found, dtype=np.int64)
        stays = 0
        for k in quickest[np.argsort(ranked[quickest], kind="mergesort")]:
            dominated = False
            for s in range(stays):
                o = stay[s]
                comparisons += 1
                if new_months[o] > new_months[k]:
                    continue
                better = True
                for i in range(A + 1):
                    if key[o, i] < key[k, i] - slack:
                        better = False
                        break
                if better:
                    dominated = True
                    break
            if not dominated:
                stay[stays] = k
                stays += 1
        if total + stays > budget or comparisons > COMPARISONS * budget:
            return Labels(start, number, value[:total], margin[:total], months[:total]), False
        if total + stays > room:
            room = max(2 * room, total + stays)
            grown = np.empty((room, A))
            grown[:total] = value[:total]
            value = grown
            margin = longer(margin, room)
            months = longer(months, room)
        for r in range(stays):
            value[total] = new_value[stay[r]]
            margin[total] = new_margin[stay[r]]
            months[total] = new_months[stay[r]]
            total += 1
        number[p] = stays
    return Labels(start, number, value[:total], margin[:total], months[:total]), True
