"""Loops over orders of implementation: one plan over many draws; the search over sets of steps.

The search runs on pairs (C, t) of a set of completed steps and months of quiet, numbered so that
every stage leads to a higher number. On a stage from p to q actor i's value is affine in its value
at q, ``V_i(p) = a + share·V_i(q)``, and every constraint is a line in it, ``slope·V_i(q) + b ≥ 0``;
`order_graph` writes these down once, everything else reads them.

Serial, no fastmath: the same numbers on every machine. Bitmasks are int64; draws lead every array.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Columns of the integer table that describes the constraints of a plan.
POINT, REMAINING, ACTOR, LEAD, REACHED, REACHED_FIGHTING = 0, 1, 2, 3, 4, 5
HIDDEN, STEPS, IS_ATTACK, KNOT = 6, 7, 8, 9
N_COLUMNS = 10


@njit(cache=True, nogil=True)
def plan_margins_kernel(
    stage_row: Integers,
    stage_fighting: Booleans,
    stage_months: Integers,
    stage_mask: Integers,
    table: Integers,
    knot_weight: Floats,
    longest: int,
    discount: Floats,
    costs: Floats,
    gain: Floats,
    fighting_cost: Floats,
    flows: Floats,
    attack: Floats,
    renege: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Margins of every constraint of one plan, for every draw.

    Parameters
    ----------
    stage_row : (m + 1,) int, row in the tables of the state at the start of each stage, and of K.
    stage_fighting : (m + 1,) bool, whether fighting goes on there.
    stage_months : (m,) int.
    stage_mask : (m,) int, steps of each stage.
    table : (n_constraints, N_COLUMNS) int. POINT stage index (m for the end); REMAINING months to
        the end of the stage, or -1 where keeping is worth the value at the stage's start; ACTOR;
        LEAD months in the stage's state before the breach takes effect; REACHED row of the state
        after the breach; REACHED_FIGHTING whether fighting goes on there; HIDDEN months
        undetected; STEPS bitmask whose gains are enjoyed meanwhile; IS_ATTACK 1 to read attack, 0
        to read renege; KNOT lower clock knot.
    knot_weight : (n_constraints,) float, weight of the next knot.
    longest : int, largest exponent of a discount factor.
    discount, fighting_cost : (D, A) float.
    costs, gain : (D, n, A) float.
    flows : (D, S, A) float.
    attack, renege : (D, S, T, A) float.

    Returns
    -------
    values (D, m + 1, A), keep (D, n_constraints), breach (D, n_constraints).
    """
    D, A = discount.shape
    n = costs.shape[1]
    m = stage_months.shape[0]
    n_constraints = table.shape[0]
    values = np.empty((D, m + 1, A))
    keep = np.empty((D, n_constraints))
    breach = np.empty((D, n_constraints))
    power = np.empty((A, longest + 1))
    for draw in range(D):
        for i in range(A):
            power[i, 0] = 1.0
            for s in range(1, longest + 1):
                power[i, s] = power[i, s - 1] * discount[draw, i]
            value = flows[draw, stage_row[m], i]
            if stage_fighting[m]:
                value -= fighting_cost[draw, i]
            values[draw, m, i] = value
            for k in range(m - 1, -1, -1):
                flow = flows[draw, stage_row[k], i]
                if stage_fighting[k]:
                    flow -= fighting_cost[draw, i]
                cost = 0.0
                for j in range(n):
                    if (stage_mask[k] >> j) & 1:
                        cost += costs[draw, j, i]
                share = power[i, stage_months[k]]
                value = (1.0 - share) * flow - (1.0 - discount[draw, i]) * cost + share * value
                values[draw, k, i] = value
        for c in range(n_constraints):
            k = table[c, POINT]
            i = table[c, ACTOR]
            flow = flows[draw, stage_row[k], i]
            if stage_fighting[k]:
                flow -= fighting_cost[draw, i]
            if table[c, REMAINING] < 0:
                keep[draw, c] = values[draw, k, i]
            else:
                share = power[i, table[c, REMAINING]]
                keep[draw, c] = (1.0 - share) * flow + share * values[draw, k + 1, i]
            reached = table[c, REACHED]
            knot = table[c, KNOT]
            weight = knot_weight[c]
            if table[c, IS_ATTACK] == 1:
                collapse = attack[draw, reached, knot, i]
                if weight > 0.0:
                    collapse += weight * (attack[draw, reached, knot + 1, i] - collapse)
            else:
                collapse = renege[draw, reached, knot, i]
                if weight > 0.0:
                    collapse += weight * (renege[draw, reached, knot + 1, i] - collapse)
            if table[c, HIDDEN] > 0:
                hidden_flow = flows[draw, reached, i]
                if table[c, REACHED_FIGHTING] == 1:
                    hidden_flow -= fighting_cost[draw, i]
                for j in range(n):
                    if (table[c, STEPS] >> j) & 1:
                        hidden_flow += gain[draw, j, i]
                share = power[i, table[c, HIDDEN]]
                collapse = (1.0 - share) * hidden_flow + share * collapse
            if table[c, LEAD] > 0:
                share = power[i, table[c, LEAD]]
                collapse = (1.0 - share) * flow + share * collapse
            breach[draw, c] = collapse
    return values, keep, breach


class Rules(NamedTuple):
    """An implementation problem for the compiler; names and shapes as in the problem."""

    discount: Floats
    power: Floats  # (A, longest + 1) powers of the discount factor
    belligerent: Booleans
    owners: Booleans
    delay: Integers
    gain: Floats
    reversible: Booleans
    costs: Floats
    fighting_cost: Floats
    ceasefire: int
    states: Integers
    flows: Floats
    attack: Floats
    renege: Floats
    clock_last: int  # clocks beyond are the same as this one
    knot: Integers  # (clock_last + 1,) lower knot of each whole month of quiet
    weight: Floats  # (clock_last + 1,) weight of the next knot


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
            after = _row(sets, done | stages.mask[b])
            for t in range(clock_last + 1):
                if reached[c, t]:
                    later = 0 if fighting else min(t + stages.months[b], clock_last)
                    reached[after, later] = True
    return reached


@njit(cache=True, nogil=True)
def _row(masks: Integers, mask: int) -> int:
    """Row of a bitmask in an ascending list."""
    return int(np.searchsorted(masks, mask))


@njit(cache=True, nogil=True)
def _flow(rules: Rules, row: int, state: int, i: int) -> float:
    flow = rules.flows[row, i]
    if rules.ceasefire != 0 and state & rules.ceasefire == 0:
        flow -= rules.fighting_cost[i]
    return flow


@njit(cache=True, nogil=True)
def _at_clock(rules: Rules, table: Floats, row: int, clock: int, i: int) -> float:
    clock = min(clock, rules.clock_last)
    knot = rules.knot[clock]
    value = table[row, knot, i]
    if rules.weight[clock] > 0.0:
        value += rules.weight[clock] * (table[row, knot + 1, i] - value)
    return value


@njit(cache=True, nogil=True)
def _hidden(
    rules: Rules, row: int, state: int, clock: int, i: int, months: int, gain: float
) -> float:
    """Value of a breach in ``state`` that comes to light after ``months``."""
    fighting = rules.ceasefire != 0 and state & rules.ceasefire == 0
    exposed = clock if fighting else clock + months
    value = _at_clock(rules, rules.renege, row, exposed, i)
    if months > 0:
        share = rules.power[i, months]
        value = (1.0 - share) * (_flow(rules, row, state, i) + gain) + share * value
    return value


@njit(cache=True, nogil=True)
def _state_breaches(
    rules: Rules, row: int, state: int, rest: int, clock: int, i: int, out: Floats
) -> int:
    """Breaches open to i whatever the stage, written to ``out``; returns how many."""
    found = 0
    if rules.belligerent[i]:
        out[found] = _at_clock(rules, rules.attack, row, clock, i)
        found += 1
    owner = False
    for j in range(rules.owners.shape[0]):
        if (rest >> j) & 1 and rules.owners[j, i]:
            owner = True
    if rules.belligerent[i] or owner:
        out[found] = _at_clock(rules, rules.renege, row, clock, i)
        found += 1
    for j in range(rules.owners.shape[0]):
        if (state >> j) & 1 and rules.reversible[j, i]:
            reached = state & ~(1 << j)
            reached_row = _row(rules.states, reached)
            out[found] = _hidden(
                rules, reached_row, reached, clock, i, rules.delay[j, i], rules.gain[j, i]
            )
            found += 1
    return found


@njit(cache=True, nogil=True)
def end_margins(rules: Rules, full: int, clock: int) -> Floats:
    """Margins after completion at ``clock`` months of quiet, infinite where there is none.

    The same number of them whatever the clock: (A * knots * (n + 1),), knots counted from 0 to
    the last and the clock itself.
    """
    n, A = rules.owners.shape
    n_knots = 1
    for t in range(rules.clock_last + 1):
        if rules.weight[t] == 0.0:
            n_knots += 1
    margins = np.full(A * n_knots * (n + 1), np.inf)
    row = _row(rules.states, full)
    at = 0
    for i in range(A):
        keep = _flow(rules, row, full, i)
        for t in range(-1, rules.clock_last + 1):
            if t >= 0 and rules.weight[t] > 0.0:
                continue  # linear between knots: the ends are enough
            if t < 0 or t > clock:
                now = clock if t < 0 else t
                if rules.belligerent[i]:
                    margins[at] = keep - _at_clock(rules, rules.attack, row, now, i)
                for j in range(n):
                    if not ((full >> j) & 1 and rules.reversible[j, i]):
                        continue
                    reached = full & ~(1 << j)
                    reached_row = _row(rules.states, reached)
                    months = rules.delay[j, i]
                    begun = now
                    fighting = rules.ceasefire != 0 and reached & rules.ceasefire == 0
                    if t >= 0 and not fighting:
                        begun = max(clock, now - months)
                    margins[at + 1 + j] = keep - _hidden(
                        rules, reached_row, reached, begun, i, months, rules.gain[j, i]
                    )
            at += n + 1
    return margins


@njit(cache=True, nogil=True)
def _longer(array: NDArray[Any], size: int) -> NDArray[Any]:
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
    full_row = _row(rules.states, full)
    for i in range(A):
        end_value[i] = _flow(rules, full_row, full, i)
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
        row = _row(rules.states, done)
        fighting = rules.ceasefire != 0 and done & rules.ceasefire == 0
        for b in range(len(stages.mask)):
            B = stages.mask[b]
            if done & B != 0 or done & stages.need[b] != stages.need[b]:
                continue
            d = stages.months[b]
            end_clock = 0 if fighting else min(t + d, rules.clock_last)
            q = pair_of[_row(sets, done | B), end_clock]
            if highest[q, 0] == -np.inf:
                continue
            to = _longer(to, E + 1)
            stage = _longer(stage, E + 1)
            months = _longer(months, E + 1)
            offset = _longer(offset, (E + 1) * A)
            share = _longer(share, (E + 1) * A)
            line = _longer(line, (E + 1) * A + 1)
            to[E] = q
            stage[E] = b
            months[E] = d
            for i in range(A):
                flow = _flow(rules, row, done, i)
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
                    partial_row = _row(rules.states, partial)
                    withheld = _hidden(rules, partial_row, partial, end_clock, i, hidden, gains)
                found = 0
                for s in range(max(d, 1)):
                    now = 0 if fighting else min(t + s, rules.clock_last)
                    if ready[now] != done + 1:
                        ready[now] = done + 1
                        for k in range(A):
                            n_breaches[now, k] = _state_breaches(
                                rules, row, done, full & ~done, now, k, breaches[now, k]
                            )
                            for j in range(n):
                                months_hidden = rules.delay[j, k]
                                if rules.owners[j, k] and months_hidden > 0:
                                    cheating[now, k, j] = _hidden(
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
                slope = _longer(slope, n_lines + found)
                intercept = _longer(intercept, n_lines + found)
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


@njit(cache=True, nogil=True)
def _required(graph: Graph, e: int, i: int, level: float, needed: float) -> float:
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
                        fits = _required(graph, e, i, level, need[p, i]) <= most[q, i] + slack
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
                    must[i] = _required(graph, e, i, level, need[p, i])
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
                must = _required(graph, e, i, level, need[p, i])
                if largest:
                    need[q, i] = max(need[q, i], must)
                else:
                    need[q, i] = min(need[q, i], must)
    return need


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
                    new_margin = _longer(new_margin, hold)
                    new_months = _longer(new_months, hold)
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
            margin = _longer(margin, room)
            months = _longer(months, room)
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
                    new_low = _longer(new_low, hold)
                    new_high = _longer(new_high, hold)
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
            low = _longer(low, room)
            high = _longer(high, room)
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
