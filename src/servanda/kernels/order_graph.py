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
    by: Integers  # month since signature by which the stage must end
    dated: int  # bitmask of the steps with a deadline


class Pairs(NamedTuple):
    """Pairs (C, t) that can be reached; where steps have deadlines, with the month as well."""

    code: Integers  # (P,) ascending: (row of C · months + month) · clocks + clock
    of: Integers  # (P,) row in the list of closed sets
    clock: Integers  # (P,)
    month: Integers  # (P,) since signature; 0 once no deadline lies ahead
    month_last: int


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
def longer(array: NDArray[Any], size: int) -> NDArray[Any]:
    """The array with room for ``size`` entries, its contents kept."""
    if size <= array.shape[0]:
        return array
    longer = np.empty(max(size, 2 * array.shape[0]), dtype=array.dtype)
    longer[: array.shape[0]] = array
    return longer


@njit(cache=True, nogil=True)
def order_graph(
    rules: Rules, stages: Stages, sets: Integers, pairs: Pairs, merge: bool
) -> tuple[Graph, Floats, Floats]:
    """Edges and lines, with each actor's largest and smallest value at every pair.

    Parameters
    ----------
    rules, stages : the problem.
    sets : (n_sets,) closed sets, ascending.
    pairs : reachable ones, in the order of their codes.
    merge : keep only the lines that can bind, whatever the kind of breach. False keeps every
        line, in an order that depends on the structure alone, so that two problems that differ
        in payoffs can be laid side by side.

    Returns
    -------
    graph, highest (P, A), lowest (P, A); highest is -inf where K is out of reach.
    """
    n, A = rules.owners.shape
    P = len(pairs.code)
    clocks = rules.clock_last + 1
    full = (1 << n) - 1
    first = np.zeros(P, dtype=np.int64)
    last = np.zeros(P, dtype=np.int64)
    highest = np.full((P, A), -np.inf)
    lowest = np.full((P, A), np.inf)
    margin_after = np.full(P, np.nan)
    room = 0
    for p in range(P):
        done = sets[pairs.of[p]]
        for b in range(len(stages.mask)):
            if done & stages.mask[b] == 0 and done & stages.need[b] == stages.need[b]:
                room += 1
    to = np.empty(room, dtype=np.int64)
    stage = np.empty(room, dtype=np.int64)
    months = np.empty(room, dtype=np.int64)
    offset = np.empty((room, A))
    share = np.empty((room, A))
    line = np.empty(room * A + 1, dtype=np.int64)
    slope = np.empty(2 * room * A + 64)
    intercept = np.empty(2 * room * A + 64)
    E = 0
    n_lines = 0

    end_value = np.empty(A)
    full_row = row_of(rules.states, full)
    for i in range(A):
        end_value[i] = flow_in(rules, full_row, full, i)
    n_stages = len(stages.mask)
    longest = 0
    members = np.empty((n_stages, n), dtype=np.int64)
    size = np.zeros(n_stages, dtype=np.int64)
    cost = np.zeros((n_stages, A))
    own = np.zeros((n_stages, A), dtype=np.int64)
    gains = np.zeros((n_stages, A))
    hidden = np.full((n_stages, A), -1, dtype=np.int64)
    for b in range(n_stages):
        longest = max(longest, stages.months[b])
        for j in range(n):
            if not (stages.mask[b] >> j) & 1:
                continue
            members[b, size[b]] = j
            size[b] += 1
            for i in range(A):
                cost[b, i] += (1.0 - rules.discount[i]) * rules.costs[j, i]
                if rules.owners[j, i]:
                    own[b, i] |= 1 << j
                    gains[b, i] += rules.gain[j, i]
                    if hidden[b, i] < 0 or rules.delay[j, i] < hidden[b, i]:
                        hidden[b, i] = rules.delay[j, i]
    delayed = rules.owners & (rules.delay > 0)
    power = rules.power
    flow = np.empty(A)
    breaches = np.empty((clocks, A, n + 2))
    n_breaches = np.empty((clocks, A), dtype=np.int64)
    cheating = np.empty((clocks, A, n))
    ready = np.zeros(clocks, dtype=np.int64)
    month_slope = np.empty(max(longest, 1) * (2 * n + 3))
    month_intercept = np.empty(max(longest, 1) * (2 * n + 3))

    for p in range(P - 1, -1, -1):
        done = sets[pairs.of[p]]
        t = pairs.clock[p]
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
        for i in range(A):
            flow[i] = flow_in(rules, row, done, i)
        for b in range(n_stages):
            B = stages.mask[b]
            if done & B != 0 or done & stages.need[b] != stages.need[b]:
                continue
            d = stages.months[b]
            month = pairs.month[p] + d
            if month > stages.by[b]:
                continue
            if stages.dated & ~(done | B) == 0:
                month = 0
            elif month > pairs.month_last:
                continue
            end_clock = 0 if fighting else min(t + d, rules.clock_last)
            after = row_of(sets, done | B)
            q = row_of(pairs.code, (after * (pairs.month_last + 1) + month) * clocks + end_clock)
            if highest[q, 0] == -np.inf:
                continue
            to[E] = q
            stage[E] = b
            months[E] = d
            for i in range(A):
                whole = power[i, d]
                share[E, i] = whole
                offset[E, i] = (1.0 - whole) * flow[i] - cost[b, i]
                highest[p, i] = max(highest[p, i], offset[E, i] + whole * highest[q, i])
                lowest[p, i] = min(lowest[p, i], offset[E, i] + whole * lowest[q, i])

                cheats = own[b, i] != 0 and not stages.verified[b]
                shirks = cheats and own[b, i] != B
                withheld = 0.0
                if shirks:
                    partial = done | (B & ~own[b, i])
                    partial_row = row_of(rules.states, partial)
                    withheld = hidden_breach(
                        rules, partial_row, partial, end_clock, i, hidden[b, i], gains[b, i]
                    )
                found = 0
                for s in range(max(d, 1)):
                    now = 0 if fighting else min(t + s, rules.clock_last)
                    if ready[now] != done + 1:
                        ready[now] = done + 1
                        _breaches_now(rules, row, done, now, merge, breaches, n_breaches, cheating)
                    left = power[i, d - s]
                    keep = (1.0 - left) * flow[i]
                    if s == 0:
                        keep -= cost[b, i]
                    begun = found
                    for k in range(n_breaches[now, i]):
                        month_intercept[found] = keep - breaches[now, i, k]
                        found += 1
                    if cheats:
                        for u in range(size[b]):
                            j = members[b, u]
                            if delayed[j, i]:
                                month_intercept[found] = keep - cheating[now, i, j]
                                found += 1
                    if shirks:
                        worth = (1.0 - left) * flow[i] + left * withheld
                        month_intercept[found] = keep - worth
                        found += 1
                    if merge and found > begun:
                        for k in range(begun + 1, found):
                            if month_intercept[k] < month_intercept[begun]:
                                month_intercept[begun] = month_intercept[k]
                        found = begun + 1
                    for k in range(begun, found):
                        month_slope[k] = left
                if merge:
                    found = _lower_envelope(
                        month_slope, month_intercept, found, lowest[q, i], highest[q, i]
                    )
                line[E * A + i] = n_lines
                if n_lines + found > len(slope):
                    slope = longer(slope, n_lines + found)
                    intercept = longer(intercept, n_lines + found)
                for k in range(found):
                    slope[n_lines] = month_slope[k]
                    intercept[n_lines] = month_intercept[k]
                    n_lines += 1
            E += 1
            last[p] = E
    line[E * A] = n_lines
    graph = Graph(
        pairs.of,
        pairs.clock,
        first,
        last,
        to[:E].copy(),
        stage[:E].copy(),
        months[:E].copy(),
        offset[:E].copy(),
        share[:E].copy(),
        line[: E * A + 1].copy(),
        slope[:n_lines].copy(),
        intercept[:n_lines].copy(),
        margin_after,
        end_value,
    )
    return graph, highest, lowest


@njit(cache=True, nogil=True)
def _breaches_now(
    rules: Rules,
    row: int,
    done: int,
    now: int,
    merge: bool,
    breaches: Floats,
    n_breaches: Integers,
    cheating: Floats,
) -> None:
    """Fill in what each actor's breaches are worth in a state after ``now`` months of quiet."""
    n, A = rules.owners.shape
    rest = ((1 << n) - 1) & ~done
    for k in range(A):
        count = state_breaches(rules, row, done, rest, now, k, breaches[now, k])
        if merge and count > 0:
            breaches[now, k, 0] = breaches[now, k, :count].max()
            count = 1
        n_breaches[now, k] = count
        for j in range(n):
            hidden = rules.delay[j, k]
            if (rest >> j) & 1 and rules.owners[j, k] and hidden > 0:
                cheating[now, k, j] = hidden_breach(
                    rules, row, done, now, k, hidden, rules.gain[j, k]
                )


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


@njit(cache=True, nogil=True)
def thinned(graph: Graph, usable: Booleans) -> Graph:
    """The graph with only its usable edges; pairs keep their numbers."""
    E = len(graph.to)
    A = graph.share.shape[1]
    kept = np.flatnonzero(usable)
    first = np.zeros(len(graph.first), dtype=np.int64)
    last = np.zeros(len(graph.first), dtype=np.int64)
    rank = np.zeros(E + 1, dtype=np.int64)
    for e in range(E):
        rank[e + 1] = rank[e] + usable[e]
    for p in range(len(first)):
        first[p] = rank[graph.first[p]]
        last[p] = rank[graph.last[p]]
    line = np.zeros(len(kept) * A + 1, dtype=np.int64)
    n_lines = 0
    for k in range(len(kept)):
        n_lines += graph.line[(kept[k] + 1) * A] - graph.line[kept[k] * A]
    slope = np.empty(n_lines)
    intercept = np.empty(n_lines)
    n_lines = 0
    for k in range(len(kept)):
        for i in range(A):
            line[k * A + i] = n_lines
            for l in range(graph.line[kept[k] * A + i], graph.line[kept[k] * A + i + 1]):
                slope[n_lines] = graph.slope[l]
                intercept[n_lines] = graph.intercept[l]
                n_lines += 1
    line[len(kept) * A] = n_lines
    return Graph(
        graph.pair_set,
        graph.pair_clock,
        first,
        last,
        graph.to[kept],
        graph.stage[kept],
        graph.months[kept],
        graph.offset[kept],
        graph.share[kept],
        line,
        slope,
        intercept,
        graph.end_margin,
        graph.end_value,
    )
