"""The margins of one plan over many draws.

Serial, no fastmath: the same numbers on every machine. Bitmasks are int64; draws lead every array.
"""

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
