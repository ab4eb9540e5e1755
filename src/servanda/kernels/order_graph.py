"""Sets of steps, the stages between them and every constraint, laid out for the search.

The search runs on pairs (C, t) of a set of completed steps and months of quiet, numbered so that
every stage leads to a higher number. On a stage from p to q actor i's value is affine in its value
at q, ``V_i(p) = a + share·V_i(q)``, and every constraint is a line in it, ``slope·V_i(q) + b ≥ 0``;
`order_graph` writes these down once, everything else reads them.

Serial, no fastmath: the same numbers on every machine. Bitmasks are int64.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.order_breaches import (
    Rules,
    end_margins,
    flow_in,
    hidden_breach,
    row_of,
    state_breaches,
)

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class Stages(NamedTuple):
    """Stages in use, in lexicographic order of their steps."""

    mask: Integers
    need: Integers  # what must be done before
    months: Integers
    verified: Booleans


class Graph(NamedTuple):
    """Pairs (C, t), the stages between them, and every constraint as a line; P pairs, E edges."""

    pair_set: Integers  # (P,) row in the list of closed sets
    pair_clock: Integers  # (P,)
    first: Integers  # (P,) first edge of a pair
    last: Integers  # (P,) one past its last edge
    to: Integers  # (E,) pair reached
    stage: Integers  # (E,)
    months: Integers  # (E,)
    offset: Floats  # (E, A) a
    share: Floats  # (E, A)
    line: Integers  # (E * A + 1,) first line of (edge, actor)
    slope: Floats  # lines
    intercept: Floats  # lines
    end_margin: Floats  # (P,) smallest margin after completion; NaN elsewhere
    end_value: Floats  # (A,) u(K)


@njit(cache=True, nogil=True)
def reachable_clocks(sets: Integers, stages: Stages, ceasefire: int, clock_last: int) -> Booleans:
    """Which clocks each closed set is reached with: (n_sets, clock_last + 1)."""
    reached = np.zeros((len(sets), clock_last + 1), dtype=np.bool_)
    reached[0, 0] = True
    for c in range(len(sets)):
        done = sets[c]
        fighting = ceasefire != 0 and done & ceasefire == 0
        for b in range(len(stages.mask)):
            if done & stages.mask[b] != 0 or done & stages.need[b] != stages.need[b]:
                continue
            after = row_of(sets, done | stages.mask[b])
            for t in range(clock_last + 1):
                if reached[c, t]:
                    later = 0 if fighting else min(t + stages.months[b], clock_last)
                    reached[after, later] = True
    return reached


@njit(cache=True, nogil=True)
def longer(array: NDArray[Any], size: int) -> NDArray[Any]:
    """The array with room for ``size`` entries, its contents kept."""
    if size <= array.shape[0]:
        return array
    longer = np.empty(max(size, 2 * array.shape[0]), dtype=array.dtype)
    longer[: array.shape[0]] = array
    return longer


@njit(cache=True, nogil=True)
def order_graph(
    rules: Rules, stages: Stages, sets: Integers, reached: Booleans, merge: bool
) -> tuple[Graph, Floats, Floats]:
    """Pairs, edges and lines, with each actor's largest and smallest value at every pair.

    Parameters
    ----------
    rules, stages : the problem.
    sets : (n_sets,) closed sets, ascending.
    reached : (n_sets, clock_last + 1) from `reachable_clocks`.
    merge : keep only the lines that can bind, whatever the kind of breach. False keeps every
        line, in an order that depends on the structure alone, so that two problems that differ
        in payoffs can be laid side by side.

    Returns
    -------
    graph, highest (P, A), lowest (P, A); highest is -inf where K is out of reach.
    """
    n, A = rules.owners.shape
    N, clocks = reached.shape
    pair_of = np.full((N, clocks), -1, dtype=np.int64)
    P = 0
    for c in range(N):
        for t in range(clocks):
            if reached[c, t]:
                pair_of[c, t] = P
                P += 1
    pair_set = np.empty(P, dtype=np.int64)
    pair_clock = np.empty(P, dtype=np.int64)
    for c in range(N):
        for t in range(clocks):
            if reached[c, t]:
                pair_set[pair_of[c, t]] = c
                pair_clock[pair_of[c, t]] = t

    first = np.zeros(P, dtype=np.int64)
    last = np.zeros(P, dtype=np.int64)
    highest = np.full((P, A), -np.inf)
    lowest = np.full((P, A), np.inf)
    margin_after = np.full(P, np.nan)
    room = max(64, 4 * P)
    to = np.empty(room, dtype=np.int64)
    stage = np.empty(room, dtype=np.int64)
    months = np.empty(room, dtype=np.int64)
    offset = np.empty(room * A)
    share = np.empty(room * A)
    line = np.empty(room * A + 1, dtype=np.int64)
    slope = np.empty(2 * room * A)
    intercept = np.empty(2 * room * A)
    E = 0
    n_lines = 0

    full = 0
    for j in range(n):
        full |= 1 << j
    end_value = np.empty(A)
    full_row = row_of(rules.states, full)
    for i in range(A):
        end_value[i] = flow_in(rules, full_row, full, i)
    longest = 0
    members = np.empty((len(stages.mask), n), dtype=np.int64)
    size = np.zeros(len(stages.mask), dtype=np.int64)
    for b in range(len(stages.mask)):
        longest = max(longest, stages.months[b])
        for j in range(n):
            if (stages.mask[b] >> j) & 1:
                members[b, size[b]] = j
                size[b] += 1
    kinds = n + 2
    breaches = np.empty((clocks, A, kinds))
    n_breaches = np.empty((clocks, A), dtype=np.int64)
    cheating = np.empty((clocks, A, n))
    ready = np.zeros(clocks, dtype=np.int64)
    own_kinds = kinds + n + 1
    month_slope = np.empty(max(longest, 1) * own_kinds)
    month_intercept = np.empty(max(longest, 1) * own_kinds)
    worth = np.empty(own_kinds)

    for p in range(P - 1, -1, -1):
        done = sets[pair_set[p]]
        t = pair_clock[p]
        first[p] = E
        last[p] = E
        if done == full:
            margin_after[p] = end_margins(rules, full, t).min()
            for i in range(A):
                highest[p, i] = end_value[i]
                lowest[p, i] = end_value[i]
            continue
        row = row_of(rules.states, done)
        fighting = rules.ceasefire != 0 and done & rules.ceasefire == 0
        for b in range(len(stages.mask)):
            B = stages.mask[b]
            if done & B != 0 or done & stages.need[b] != stages.need[b]:
                continue
            d = stages.months[b]
            end_clock = 0 if fighting else min(t + d, rules.clock_last)
            q = pair_of[row_of(sets, done | B), end_clock]
            if highest[q, 0] == -np.inf:
                continue
            to = longer(to, E + 1)
            stage = longer(stage, E + 1)
            months = longer(months, E + 1)
            offset = longer(offset, (E + 1) * A)
            share = longer(share, (E + 1) * A)
            line = longer(line, (E + 1) * A + 1)
            to[E] = q
            stage[E] = b
            months[E] = d
            for i in range(A):
                flow = flow_in(rules, row, done, i)
                cost = 0.0
                own = 0
                hidden = -1
                gains = 0.0
                for u in range(size[b]):
                    j = members[b, u]
                    cost += rules.costs[j, i]
                    if rules.owners[j, i]:
                        own |= 1 << j
                        gains += rules.gain[j, i]
                        if hidden < 0 or rules.delay[j, i] < hidden:
                            hidden = rules.delay[j, i]
                cost *= 1.0 - rules.discount[i]
                whole = rules.power[i, d]
                share[E * A + i] = whole
                offset[E * A + i] = (1.0 - whole) * flow - cost
                highest[p, i] = max(highest[p, i], offset[E * A + i] + whole * highest[q, i])
                lowest[p, i] = min(lowest[p, i], offset[E * A + i] + whole * lowest[q, i])

                withheld = 0.0
                shirks = not stages.verified[b] and own != 0 and own != B
                if shirks:
                    partial = done | (B & ~own)
                    partial_row = row_of(rules.states, partial)
                    withheld = hidden_breach(
                        rules, partial_row, partial, end_clock, i, hidden, gains
                    )
                found = 0
                for s in range(max(d, 1)):
                    now = 0 if fighting else min(t + s, rules.clock_last)
                    if ready[now] != done + 1:
                        ready[now] = done + 1
                        for k in range(A):
                            n_breaches[now, k] = state_breaches(
                                rules, row, done, full & ~done, now, k, breaches[now, k]
                            )
                            for j in range(n):
                                months_hidden = rules.delay[j, k]
                                if rules.owners[j, k] and months_hidden > 0:
                                    cheating[now, k, j] = hidden_breach(
                                        rules, row, done, now, k, months_hidden, rules.gain[j, k]
                                    )
                        if merge:
                            for k in range(A):
                                if n_breaches[now, k] > 0:
                                    top = breaches[now, k, : n_breaches[now, k]].max()
                                    breaches[now, k, 0] = top
                                    n_breaches[now, k] = 1
                    count = n_breaches[now, i]
                    worth[:count] = breaches[now, i, :count]
                    if own != 0 and not stages.verified[b]:
                        for u in range(size[b]):
                            j = members[b, u]
                            if rules.owners[j, i] and rules.delay[j, i] > 0:
                                worth[count] = cheating[now, i, j]
                                count += 1
                    left = rules.power[i, d - s]
                    if shirks:
                        worth[count] = (1.0 - left) * flow + left * withheld
                        count += 1
                    keep = (1.0 - left) * flow
                    if s == 0:
                        keep -= cost
                    if merge and count > 0:
                        worth[0] = worth[:count].max()
                        count = 1
                    for k in range(count):
                        month_slope[found] = left
                        month_intercept[found] = keep - worth[k]
                        found += 1
                if merge:
                    found = _lower_envelope(
                        month_slope, month_intercept, found, lowest[q, i], highest[q, i]
                    )
                line[E * A + i] = n_lines
                slope = longer(slope, n_lines + found)
                intercept = longer(intercept, n_lines + found)
                slope[n_lines : n_lines + found] = month_slope[:found]
                intercept[n_lines : n_lines + found] = month_intercept[:found]
                n_lines += found
            E += 1
            last[p] = E
    line[E * A] = n_lines
    graph = Graph(
        pair_set,
        pair_clock,
        first,
        last,
        to[:E].copy(),
        stage[:E].copy(),
        months[:E].copy(),
        offset[: E * A].copy().reshape(E, A),
        share[: E * A].copy().reshape(E, A),
        line[: E * A + 1].copy(),
        slope[:n_lines].copy(),
        intercept[:n_lines].copy(),
        margin_after,
        end_value,
    )
    return graph, highest, lowest


@njit(cache=True, nogil=True)
def _lower_envelope(slope: Floats, intercept: Floats, count: int, low: float, high: float) -> int:
    """Keep, in place, the lines that are smallest somewhere on [low, high]; returns how many."""
    if count <= 1:
        return count
    kept = 0
    x = low
    while True:
        best = kept
        for k in range(kept + 1, count):
            difference = (slope[k] * x + intercept[k]) - (slope[best] * x + intercept[best])
            if difference < 0.0 or (difference == 0.0 and slope[k] < slope[best]):
                best = k
        slope[kept], slope[best] = slope[best], slope[kept]
        intercept[kept], intercept[best] = intercept[best], intercept[kept]
        kept += 1
        # Beyond x only a flatter line can come below; the nearest crossing comes next.
        x = np.inf
        for k in range(kept, count):
            if slope[k] < slope[kept - 1]:
                crossing = (intercept[k] - intercept[kept - 1]) / (slope[kept - 1] - slope[k])
                x = min(x, crossing)
        if not x < high:
            return kept
