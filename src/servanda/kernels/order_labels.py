"""Undominated ways to finish from every pair of the graph of orders."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph, longer

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


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
    alive: Booleans,
    need: Floats,
    enough: Floats,
    need_low: Floats,
    need_high: Floats,
    low: float,
    high: float,
    floor: float,
    width: int,
    budget: int,
    slack: float,
) -> tuple[Labels, bool, bool]:
    """Undominated (values, margin, months) at every pair, backward from completion.

    Parameters
    ----------
    alive : (P,) pairs worth visiting.
    need : (P, A) a label with less for some actor is dropped; with ``floor`` for margins this
        leaves every plan whose margin is at least ``floor``.
    enough : (P, A) a value above counts as this one: no constraint before could tell; ``high``
        likewise for margins.
    need_low, need_high : (P, A) smallest value needed for margins of ``low`` and of ``high``;
        their interpolation ranks labels where only ``width`` are kept.
    floor : margins below are dropped.
    width : most labels kept at a pair.
    budget : most labels in all.
    slack : float noise, in points.

    Returns
    -------
    labels, whole (nothing undominated was dropped), within (the budget sufficed).
    """
    P = len(graph.first)
    A = graph.share.shape[1]
    start = np.zeros(P, dtype=np.int64)
    count = np.zeros(P, dtype=np.int64)
    room = max(1024, P)
    value = np.empty((room, A))
    margin = np.empty(room)
    months = np.empty(room, dtype=np.int64)
    total = 0
    whole = True
    hold = 256
    new_value = np.empty((hold, A))
    new_margin = np.empty(hold)
    new_months = np.empty(hold, dtype=np.int64)
    key = np.empty((hold, A + 1))
    weight = np.empty(hold)
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
            for k in range(start[q], start[q] + count[q]):
                if found == hold:
                    hold *= 2
                    grown = np.empty((hold, A))
                    grown[:found] = new_value
                    new_value = grown
                    new_margin = longer(new_margin, hold)
                    new_months = longer(new_months, hold)
                    key = np.empty((hold, A + 1))
                    weight = np.empty(hold)
                smallest = margin[k]
                fits = True
                for i in range(A):
                    own = graph.offset[e, i] + graph.share[e, i] * value[k, i]
                    if own < need[p, i] - slack:
                        fits = False
                        break
                    new_value[found, i] = own
                    for l in range(graph.line[e * A + i], graph.line[e * A + i + 1]):
                        smallest = min(smallest, graph.slope[l] * value[k, i] + graph.intercept[l])
                    if smallest < floor:
                        fits = False
                        break
                if fits:
                    new_margin[found] = smallest
                    new_months[found] = months[k] + graph.months[e]
                    found += 1
        if found == 0:
            continue
        # What a label can still come to, for the beam; then a sum that every dominator exceeds.
        for k in range(found):
            key[k, A] = min(new_margin[k], high)
            for i in range(A):
                key[k, i] = min(new_value[k, i], enough[p, i])
        chosen = np.arange(found)
        if found > width:
            for k in range(found):
                hope = key[k, A]
                for i in range(A):
                    gap = need_high[p, i] - need_low[p, i]
                    if gap > 0.0:
                        hope = min(
                            hope,
                            low + (high - low) * (new_value[k, i] - need_low[p, i]) / gap,
                        )
                weight[k] = -hope
            chosen = np.argsort(weight[:found], kind="mergesort")
            if found > 4 * width:
                whole = False
                chosen = chosen[: 4 * width]
        kept = 0
        ranked = np.empty(len(chosen))
        for r in range(len(chosen)):
            ranked[r] = -key[chosen[r]].sum()
        by_sum = chosen[np.argsort(ranked, kind="mergesort")]
        stay = np.empty(len(by_sum), dtype=np.int64)
        for r in range(len(by_sum)):
            k = by_sum[r]
            dominated = False
            for s in range(kept):
                o = stay[s]
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
            comparisons += kept
            if not dominated:
                stay[kept] = k
                kept += 1
        if kept > width:
            whole = False
            hopes = np.empty(kept)
            for r in range(kept):
                hopes[r] = weight[stay[r]]
            order = np.argsort(hopes, kind="mergesort")[:width]
            stay = stay[order]
            kept = width
        if total + kept > budget or comparisons > 400 * budget:
            return Labels(start, count, value, margin, months), False, False
        if total + kept > room:
            room = max(2 * room, total + kept)
            grown = np.empty((room, A))
            grown[:total] = value[:total]
            value = grown
            margin = longer(margin, room)
            months = longer(months, room)
        for r in range(kept):
            value[total] = new_value[stay[r]]
            margin[total] = new_margin[stay[r]]
            months[total] = new_months[stay[r]]
            total += 1
        count[p] = kept
    return (
        Labels(start, count, value[:total], margin[:total], months[:total]),
        whole,
        True,
    )
