"""Repairs of a plan by trying everything, month by month values and no tables of ours.

Built on `plan_by_definition`: a plan is kept when none of its margins is negative.
"""

from itertools import combinations, permutations

import numpy as np

from servanda.problems.implementation import TOLERANCE
from servanda.problems.state_sets import mask_of, steps_of
from servanda.solvers.plan import Stage
from twins.plan_by_definition import breaches, end_breaches, margins, months_of, values


def margin(problem, plan):
    return min(margins(problem, plan), default=np.inf)


def kept(problem, plan):
    return margin(problem, plan) >= -TOLERANCE


def first_broken_moment(problem, plan):
    """(stage, month into it, gain by actor) of the first moment at which a breach pays."""
    listed, quiet_end = months_of(problem, plan)
    worth = values(problem, plan)
    month = 0
    for position, here in enumerate(listed):
        month = month + 1 if position and listed[position - 1][0] == here[0] else 0
        following = [other for other in listed if other[0] == here[0] + 1]
        quiet_after = following[0][4] if following else quiet_end
        gains = {
            i: max(breaches(problem, here, i, quiet_after), default=-np.inf) - worth[position][i]
            for i in range(len(problem.actors))
        }
        if max(gains.values()) > TOLERANCE:
            return here[0], month, gains
    gains = {
        i: max(end_breaches(problem, i, quiet_end), default=-np.inf) - worth[-1][i]
        for i in range(len(problem.actors))
    }
    return (len(plan), 0, gains) if max(gains.values()) > TOLERANCE else None


def in_turn(problem, plan):
    done = 0
    for stage in plan:
        if any(int(problem.requires[j]) & ~done for j in stage.steps):
            return False
        done |= mask_of(stage.steps)
    return True


def longest_common(one, other):
    """Length of the longest common subsequence, by the textbook table."""
    table = np.zeros((len(one) + 1, len(other) + 1), dtype=int)
    for a, x in enumerate(one):
        for b, y in enumerate(other):
            table[a + 1, b + 1] = (
                table[a, b] + 1 if x == y else max(table[a, b + 1], table[a + 1, b])
            )
    return int(table[-1, -1])


def nearest_orders(problem, plan):
    """Every order of the stages that is kept, as (stages moved, neighbours swapped, margin)."""
    found = []
    for order in permutations(range(len(plan))):
        moved = [plan[k] for k in order]
        if in_turn(problem, moved) and kept(problem, moved):
            swaps = sum(a > b for a, b in combinations(order, 2))
            moves = len(plan) - longest_common(tuple(range(len(plan))), order)
            found.append((moves, swaps, margin(problem, moved)))
    return found


def exchanges(problem, plan):
    """Every verified exchange of up to three stages, as (number of steps, margin, bitmask)."""
    found = []
    for count in (1, 2, 3):
        for chosen in combinations(range(len(plan)), count):
            if count == 1 and plan[chosen[0]].verified:
                continue
            steps = tuple(j for k in chosen for j in plan[k].steps)
            rest = [k for k in range(len(plan)) if k not in chosen]
            for at in range(len(rest) + 1):
                # not earlier than the first of them, not later than the last
                if sum(k < chosen[0] for k in rest) <= at <= sum(k < chosen[-1] for k in rest):
                    merged = [plan[k] for k in rest]
                    merged.insert(at, Stage(steps, verified=True))
                    if in_turn(problem, merged):
                        found.append((len(steps), margin(problem, merged), mask_of(steps)))
    return found


def snapped_back(problem, pairs):
    """Attack and renege tables with snap-backs, state by state."""
    attack, renege = problem.attack.copy(), problem.renege.copy()
    states = problem.states.tolist()
    for step, reverser in pairs:
        before = attack.copy(), renege.copy()
        for row, state in enumerate(states):
            if state >> step & 1:
                without = states.index(state & ~(1 << step))
                for i in range(len(problem.actors)):
                    if i != reverser:
                        attack[row, :, i] = before[0][without, :, i]
                        renege[row, :, i] = before[1][without, :, i]
    return attack, renege


def paid_flows(problem, plan, payer, receiver, stage, amount):
    """Flows with one stream, paid where all steps of the first stages are done."""
    flows = problem.flows.copy()
    due = [j for one in plan[:stage] for j in one.steps]
    for row, state in enumerate(problem.states.tolist()):
        if all(j in steps_of(state) for j in due):
            flows[row, receiver] += amount
            if payer is not None:
                flows[row, payer] -= amount
    return flows
