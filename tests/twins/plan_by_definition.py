"""Orders of implementation from the definition: month by month, no closed form, no tables of ours.

`margins` walks through a plan month by month. `play` builds the explicit game tree of a plan: in
every month one actor after another keeps its word or takes any breach open to it, and the tree is
solved by backward induction. `all_orders` lists every sequence of stages.
"""

import numpy as np

from servanda.problems.implementation import ImplementationProblem
from servanda.problems.state_sets import mask_of, steps_of
from servanda.solvers.plan import Stage


def all_orders(problem, done=0, month=0):
    """Every plan that meets the deadlines, as lists of stages."""
    if done == problem.full:
        yield []
        return
    for mask, verified in problem.stages:
        ready = all(int(problem.requires[j]) & ~done == 0 for j in steps_of(mask))
        end = month + max(int(problem.months[j]) for j in steps_of(mask))
        late = any(0 <= problem.deadline[j] < end for j in steps_of(mask))
        if mask & done == 0 and ready and not late:
            for rest in all_orders(problem, done | mask, end):
                yield [Stage(tuple(steps_of(mask)), verified), *rest]


def flow(problem, state, i):
    fighting = problem.ceasefire.any() and not any(problem.ceasefire[j] for j in steps_of(state))
    row = problem.states.tolist().index(state)
    return problem.flows[row, i] - (problem.fighting_cost[i] if fighting else 0.0)


def collapse(problem, table, state, i, quiet):
    row = problem.states.tolist().index(state)
    return np.interp(quiet, problem.clocks, table[row, :, i])


def hidden_breach(problem, state, i, quiet, steps):
    """Value of a state that others do not know, until the first of steps comes to light."""
    months = min(int(problem.delay[j, i]) for j in steps)
    fighting = problem.ceasefire.any() and not any(problem.ceasefire[j] for j in steps_of(state))
    value = collapse(problem, problem.renege, state, i, quiet + (0 if fighting else months))
    delta = problem.discount[i]
    for _ in range(months):
        monthly = flow(problem, state, i) + sum(problem.gain[j, i] for j in steps)
        value = (1 - delta) * monthly + delta * value
    return value


def months_of(problem, plan):
    """One entry per decision month: (stage number, mask, verified, state, quiet, months left)."""
    state, quiet, listed = 0, 0, []
    for k, stage in enumerate(plan):
        mask = mask_of(stage.steps)
        d = max(int(problem.months[j]) for j in stage.steps)
        fighting = problem.ceasefire.any() and not any(
            problem.ceasefire[j] for j in steps_of(state)
        )
        for s in range(max(d, 1)):
            now = 0 if fighting else quiet + s
            listed.append((k, mask, stage.verified, state, now, d - s))
        quiet = 0 if fighting else quiet + d
        state |= mask
    return listed, quiet


def values(problem, plan):
    """Value of carrying on at each decision month, and on completion, per actor."""
    listed, _ = months_of(problem, plan)
    A = len(problem.actors)
    ends = [flow(problem, problem.full, i) for i in range(A)]
    found = [ends]
    for position in range(len(listed) - 1, -1, -1):
        k, mask, _, state, _, left = listed[position]
        starts = position == 0 or listed[position - 1][0] != k
        row = []
        for i in range(A):
            delta = problem.discount[i]
            value = found[0][i]
            if left > 0:
                value = (1 - delta) * flow(problem, state, i) + delta * value
            if starts:
                value -= (1 - delta) * sum(problem.costs[j, i] for j in steps_of(mask))
            row.append(value)
        found.insert(0, row)
    return found


def breaches(problem, month, i, quiet_after):
    """Values of every breach open to i in a decision month."""
    _, mask, verified, state, quiet, left = month
    own = [j for j in steps_of(mask) if problem.owners[j, i]]
    rest = [j for j in steps_of(problem.full & ~state) if problem.owners[j, i]]
    found = []
    if problem.belligerent[i]:
        found.append(collapse(problem, problem.attack, state, i, quiet))
    if problem.belligerent[i] or rest:
        found.append(collapse(problem, problem.renege, state, i, quiet))
    if not verified:
        found += [hidden_breach(problem, state, i, quiet, [j]) for j in own]
        if own and len(own) < len(steps_of(mask)):
            partial = state | (mask & ~mask_of(own))
            value = hidden_breach(problem, partial, i, quiet_after, own)
            delta = problem.discount[i]
            for _ in range(left):
                value = (1 - delta) * flow(problem, state, i) + delta * value
            found.append(value)
    for j in steps_of(state):
        if problem.reversible[j, i]:
            found.append(hidden_breach(problem, state & ~(1 << j), i, quiet, [j]))
    return found


def end_breaches(problem, i, quiet):
    """Values of every breach open to i after completion, month after month to the last knot."""
    found = []
    for month in range(quiet, max(quiet, int(problem.clocks[-1])) + 1):
        if problem.belligerent[i]:
            found.append(collapse(problem, problem.attack, problem.full, i, month))
        for j in range(len(problem.steps)):
            if problem.reversible[j, i]:
                found.append(hidden_breach(problem, problem.full & ~(1 << j), i, month, [j]))
    return found


def margins(problem, plan):
    """Every margin of a plan, in no particular order."""
    listed, quiet_end = months_of(problem, plan)
    kept = values(problem, plan)
    found = []
    for position, month in enumerate(listed):
        following = [other for other in listed if other[0] == month[0] + 1]
        quiet_after = following[0][4] if following else quiet_end
        for i in range(len(problem.actors)):
            for breach in breaches(problem, month, i, quiet_after):
                found.append(kept[position][i] - breach)
    for i in range(len(problem.actors)):
        found += [kept[-1][i] - breach for breach in end_breaches(problem, i, quiet_end)]
    return found


def play(problem, plan, tie):
    """Solve the tree of a plan by backward induction: (values to all at the root, kept).

    Where somebody breaches, the others receive their own collapse value of that month; it decides
    nothing, since a plan that is broken further on is not kept.
    """
    listed, quiet_end = months_of(problem, plan)
    A = len(problem.actors)

    def node(position, i):
        if position == len(listed):
            ends = [flow(problem, problem.full, a) for a in range(A)]
            holds = all(
                ends[a] - breach >= -tie
                for a in range(A)
                for breach in end_breaches(problem, a, quiet_end)
            )
            return ends, holds
        k, mask, _, state, _, left = listed[position]
        if i == A:
            after, holds = node(position + 1, 0)
            starts = position == 0 or listed[position - 1][0] != k
            here = []
            for a in range(A):
                delta = problem.discount[a]
                value = after[a]
                if left > 0:
                    value = (1 - delta) * flow(problem, state, a) + delta * value
                if starts:
                    value -= (1 - delta) * sum(problem.costs[j, a] for j in steps_of(mask))
                here.append(value)
            return here, holds
        keeping, holds = node(position, i + 1)
        following = [other for other in listed if other[0] == k + 1]
        quiet_after = following[0][4] if following else quiet_end
        options = breaches(problem, listed[position], i, quiet_after)
        if options and max(options) > keeping[i] + tie:
            broken = list(keeping)
            broken[i] = max(options)
            return broken, False
        return keeping, holds

    return node(0, 0)


def random_problem(rng, steps, actors, knots=1, **switch):
    """A small game with every feature switched on or off by chance, unless a switch says so."""
    n, A, S = steps, actors, 1 << steps

    def on(name, chance=0.5):
        return switch.get(name, bool(rng.random() < chance))

    requires = np.zeros(n, dtype=int)
    if on("requires"):
        order = rng.permutation(n)
        for a in range(n):
            for b in range(a):
                if rng.random() < 0.3:
                    requires[order[a]] |= 1 << int(order[b])
    stages = [(1 << j, False) for j in range(n)]
    if n > 1 and on("joint"):
        for _ in range(2):
            size = int(rng.integers(2, min(3, n) + 1))
            group = mask_of(int(j) for j in rng.choice(n, size, replace=False))
            stages.append((group, on("verified")))
    clocks = np.array([0, 3, 8, 20])[:knots]
    worth = rng.uniform(-5, 10, (n, A))
    flows = np.array([50 + sum((worth[j] for j in steps_of(s)), np.zeros(A)) for s in range(S)])
    flows += rng.uniform(-1, 1, flows.shape)
    if switch.get("terminal_only"):
        flows[:] = flows[-1]
    attack = flows[:, None, :] - rng.uniform(-1, 15, (S, len(clocks), A))
    renege = attack
    if on("frozen"):
        renege = flows[:, None, :] - rng.uniform(-1, 15, (S, len(clocks), A))
    months = rng.integers(0, 4, n) if on("months", 0.8) else np.zeros(n, dtype=int)
    deadline = np.full(n, -1)
    if switch.get("deadlines"):
        chosen = rng.random(n) < 0.6
        deadline[chosen] = rng.integers(months[chosen], months.sum() + 1)
    return ImplementationProblem(
        actors=tuple("abcdef"[:A]),
        steps=tuple(f"s{j}" for j in range(n)),
        discount=rng.uniform(0.8, 0.99, A),
        belligerent=rng.random(A) < switch.get("belligerent", 0.7),
        months=months,
        owners=rng.random((n, A)) < 0.5,
        requires=requires,
        costs=rng.uniform(0, 5, (n, A)) * on("costs"),
        delay=rng.integers(0, 5, (n, A)) * on("delay"),
        gain=rng.uniform(0, 4, (n, A)),
        reversible=(rng.random((n, A)) < 0.3) & on("undo"),
        ceasefire=(rng.random(n) < 0.4) & on("ceasefire"),
        fighting_cost=rng.uniform(0, 5, A),
        stages=tuple(dict.fromkeys(stages)),
        states=np.arange(S),
        flows=flows,
        clocks=clocks,
        attack=attack,
        renege=renege,
        deadline=deadline,
    )


def dividing_problem(rng, steps, actors):
    """Who benefits early? Every step moves flow from one actor to another; only signature tempts.

    All constraints meet at the start, so that values trade off and a bound that looks at each
    actor by itself is not tight.
    """
    n, A, S = steps, actors, 1 << steps
    worth = rng.uniform(0, 10, (n, A))
    worth -= worth.mean(axis=1, keepdims=True)
    worth -= worth.mean(axis=0)
    flows = np.array([50 + sum((worth[j] for j in steps_of(s)), np.zeros(A)) for s in range(S)])
    attack = np.zeros((S, 1, A))
    attack[0] = 50
    return ImplementationProblem(
        actors=tuple("abcdef"[:A]),
        steps=tuple(f"s{j}" for j in range(n)),
        discount=np.full(A, 0.95),
        belligerent=np.ones(A, dtype=bool),
        months=rng.integers(1, 6, n),
        owners=np.zeros((n, A), dtype=bool),
        requires=np.zeros(n, dtype=int),
        costs=np.zeros((n, A)),
        delay=np.zeros((n, A), dtype=int),
        gain=np.zeros((n, A)),
        reversible=np.zeros((n, A), dtype=bool),
        ceasefire=np.zeros(n, dtype=bool),
        fighting_cost=np.zeros(A),
        stages=tuple((1 << j, False) for j in range(n)),
        states=np.arange(S),
        flows=flows,
        clocks=np.zeros(1),
        attack=attack,
        renege=attack,
    )
