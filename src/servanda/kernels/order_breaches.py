"""What every breach is worth in a state of the order game, one actor at a time.

Serial, no fastmath: the same numbers on every machine. Bitmasks are int64.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


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


@njit(cache=True, nogil=True)
def row_of(masks: Integers, mask: int) -> int:
    """Row of a bitmask in an ascending list."""
    return int(np.searchsorted(masks, mask))


@njit(cache=True, nogil=True)
def flow_in(rules: Rules, row: int, state: int, i: int) -> float:
    """Points a month in a state, fighting paid for."""
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
def hidden_breach(
    rules: Rules, row: int, state: int, clock: int, i: int, months: int, gain: float
) -> float:
    """Value of a breach in ``state`` that comes to light after ``months``."""
    fighting = rules.ceasefire != 0 and state & rules.ceasefire == 0
    exposed = clock if fighting else clock + months
    value = _at_clock(rules, rules.renege, row, exposed, i)
    if months > 0:
        share = rules.power[i, months]
        value = (1.0 - share) * (flow_in(rules, row, state, i) + gain) + share * value
    return value


@njit(cache=True, nogil=True)
def state_breaches(
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
            reached_row = row_of(rules.states, reached)
            out[found] = hidden_breach(
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
    row = row_of(rules.states, full)
    at = 0
    for i in range(A):
        keep = flow_in(rules, row, full, i)
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
                    reached_row = row_of(rules.states, reached)
                    months = rules.delay[j, i]
                    begun = now
                    fighting = rules.ceasefire != 0 and reached & rules.ceasefire == 0
                    if t >= 0 and not fighting:
                        begun = max(clock, now - months)
                    margins[at + 1 + j] = keep - hidden_breach(
                        rules, reached_row, reached, begun, i, months, rules.gain[j, i]
                    )
            at += n + 1
    return margins
