"""The smallest credibility of a guarantee over all orders: a bottleneck path on the graph."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_graph import Graph, longer

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def order_windows(
    graph: Graph,
    intercept_at_1: Floats,
    end_at_0: Floats,
    end_at_1: Floats,
    alive: Booleans,
    need: Floats,
    enough: Floats,
    tie: float,
    slack: float,
    width: int,
    budget: int,
) -> tuple[float, int, bool, bool]:
    """Smallest credibility g in [0, 1] at which some plan is kept; values do not depend on g.

    Labels (V_1..V_A, low, high): what the rest of a plan is worth and the window of g in which
    its constraints hold, backward from completion.

    Parameters
    ----------
    graph : laid out without merging, at g = 0.
    intercept_at_1 : lines at g = 1; in between they are interpolated.
    end_at_0, end_at_1 : (n_end_pairs, k) margins after completion at each g, infinite for none.
    alive, need, enough : as in `order_labels`.
    tie : a margin above ``-tie`` holds.
    slack : float noise.
    width, budget : most labels at a pair, and in all.

    Returns
    -------
    smallest (infinite where no plan is kept at any g), labels, whole, within.
    """
    P = len(graph.first)
    A = graph.share.shape[1]
    start = np.zeros(P, dtype=np.int64)
    number = np.zeros(P, dtype=np.int64)
    room = max(1024, P)
    value = np.empty((room, A))
    low = np.empty(room)
    high = np.empty(room)
    total = 0
    whole = True
    hold = 256
    new_value = np.empty((hold, A))
    new_low = np.empty(hold)
    new_high = np.empty(hold)
    comparisons = 0
    n_ends = 0
    for p in range(P):
        if not np.isnan(graph.end_margin[p]):
            n_ends += 1
    at_end = n_ends
    for p in range(P - 1, -1, -1):
        start[p] = total
        found = 0
        if not np.isnan(graph.end_margin[p]):
            at_end -= 1
            window_low = 0.0
            window_high = 1.0
            for k in range(end_at_0.shape[1]):
                window_low, window_high = _narrow(
                    window_low, window_high, end_at_0[at_end, k], end_at_1[at_end, k], tie
                )
            if window_low <= window_high:
                new_value[0] = graph.end_value
                new_low[0] = window_low
                new_high[0] = window_high
                found = 1
        if not alive[p]:
            continue
        for e in range(graph.first[p], graph.last[p]):
            q = graph.to[e]
            for k in range(start[q], start[q] + number[q]):
                if found == hold:
                    hold *= 2
                    grown = np.empty((hold, A))
                    grown[:found] = new_value
                    new_value = grown
                    new_low = longer(new_low, hold)
                    new_high = longer(new_high, hold)
                window_low = low[k]
                window_high = high[k]
                fits = True
                for i in range(A):
                    own = graph.offset[e, i] + graph.share[e, i] * value[k, i]
                    new_value[found, i] = own
                    fits = fits and own >= need[p, i] - slack
                    for l in range(graph.line[e * A + i], graph.line[e * A + i + 1]):
                        keep = graph.slope[l] * value[k, i]
                        window_low, window_high = _narrow(
                            window_low,
                            window_high,
                            keep + graph.intercept[l],
                            keep + intercept_at_1[l],
                            tie,
                        )
                    if window_low > window_high:
                        fits = False
                    if not fits:
                        break
                if fits:
                    new_low[found] = window_low
                    new_high[found] = window_high
                    found += 1
        by_low = np.argsort(new_low[:found], kind="mergesort")
        stay = np.empty(found, dtype=np.int64)
        kept = 0
        for r in range(found):
            k = by_low[r]
            dominated = False
            for s in range(kept):
                o = stay[s]
                better = new_high[o] >= new_high[k] - slack
                for i in range(A):
                    if not better:
                        break
                    better = (
                        min(new_value[o, i], enough[p, i])
                        >= min(new_value[k, i], enough[p, i]) - slack
                    )
                if better:
                    dominated = True
                    break
            comparisons += kept
            if dominated:
                continue
            if kept == width:
                whole = False
                break
            stay[kept] = k
            kept += 1
        if total + kept > budget or comparisons > 400 * budget:
            return np.inf, total, False, False
        if total + kept > room:
            room = max(2 * room, total + kept)
            grown = np.empty((room, A))
            grown[:total] = value[:total]
            value = grown
            low = longer(low, room)
            high = longer(high, room)
        for r in range(kept):
            value[total] = new_value[stay[r]]
            low[total] = new_low[stay[r]]
            high[total] = new_high[stay[r]]
            total += 1
        number[p] = kept
    smallest = np.inf
    for k in range(start[0], start[0] + number[0]):
        smallest = min(smallest, low[k])
    return smallest, total, whole, True


@njit(cache=True, nogil=True)
def _narrow(
    low: float, high: float, margin_at_0: float, margin_at_1: float, tie: float
) -> tuple[float, float]:
    """The part of the window [low, high] of g in which a margin linear in g holds."""
    if margin_at_0 >= -tie and margin_at_1 >= -tie:
        return low, high
    if margin_at_0 < -tie and margin_at_1 < -tie:
        return np.inf, high
    root = min(max(margin_at_0 / (margin_at_0 - margin_at_1), 0.0), 1.0)
    if margin_at_0 < -tie:
        return max(low, root), high
    return low, min(high, root)
