"""Plans with chance from the definition: an explicit tree, month by month, condition by condition.

`Tree` plays a plan by plain recursion: actors keep or breach, the month passes, the condition
changes, a step may fail. After completion it goes on for `years` of months and is then taken to be
kept; `simulate` plays it with dice.
"""

from dataclasses import replace
from functools import cache
from math import exp

import numpy as np

from servanda.problems.chance import ChanceProblem
from servanda.problems.state_sets import mask_of, steps_of
from twins.plan_by_definition import months_of, random_problem

TIE = 1e-9


class Tree:
    """A plan under chance.

    ``play`` is 'comply', 'exact' or 'noisy'; ``ends`` months after completion are played.
    """

    def __init__(self, game, plan, play, noise=None, ends=45):
        self.game, self.plan, self.play, self.noise = game, plan, play, noise
        self.problem = game.problem
        self.listed, self.quiet_end = months_of(game.problem, plan)
        self.calendar = []
        month = 0
        for _, _, _, _, _, left in self.listed:
            self.calendar.append(month)
            month += 1 if left > 0 else 0
        self.completed = month
        self.ends = ends
        self.actors = range(len(game.problem.actors))
        self.regimes = range(len(game.regimes))
        for name in ("node", "turn", "options", "held"):
            setattr(self, name, cache(getattr(self, name)))
        for position in range(len(self.listed) + ends, -1, -50):  # recursion has a limit
            for regime in self.regimes:
                self.node(position, regime)

    # --- numbers -----------------------------------------------------------------------------

    def row(self, state):
        return self.problem.states.tolist().index(state)

    def fighting(self, state):
        stops = [j for j in range(self.problem.n_steps) if self.problem.ceasefire[j]]
        return bool(stops) and not any(state >> j & 1 for j in stops)

    def flow(self, state, regime, i):
        cost = self.problem.fighting_cost[i] if self.fighting(state) else 0.0
        return self.game.flows[regime, self.row(state), i] - cost

    def table(self, array, state, regime, quiet, *rest):
        values = array[(regime, self.row(state), slice(None), *rest)]
        return np.interp(quiet, self.problem.clocks, values)

    def move(self, view, month, regime):
        """Chances of each condition in the month after ``month``."""
        dates = self.game.dates.tolist()
        if month + 1 in dates:
            return self.game.dated[view, dates.index(month + 1), regime]
        return self.game.monthly[view, regime]

    def passing(self, view, steps):
        return np.prod([self.game.passes[view, j] for j in steps])

    # --- breaches ----------------------------------------------------------------------------

    def exposed(self, state, regime, month, quiet, b, j, steps, hidden, attack=False):
        """Value to j of b's breach that stays hidden for so many months, in ``state``."""
        if hidden == 0:
            table = self.game.attack if attack else self.game.renege
            return self.table(table, state, regime, quiet, b, j)
        delta = self.problem.discount[j]
        gain = sum(self.problem.gain[k, b] for k in steps) if j == b else 0.0
        later = 0 if self.fighting(state) and steps else 1
        after = sum(
            chance * self.exposed(state, q, month + 1, quiet + later, b, j, steps, hidden - 1)
            for q, chance in enumerate(self.move(j, month, regime))
        )
        return (1 - delta) * (self.flow(state, regime, j) + gain) + delta * after

    def withheld(self, state, stage, own, regime, month, left, quiet_after, b, j):
        """Value to j when b goes on until the exchange and then holds back its part."""
        if left > 0:
            delta = self.problem.discount[j]
            after = sum(
                chance * self.withheld(state, stage, own, q, month + 1, left - 1, quiet_after, b, j)
                for q, chance in enumerate(self.move(j, month, regime))
            )
            return (1 - delta) * self.flow(state, regime, j) + delta * after
        others = steps_of(stage & ~mask_of(own))
        hidden = min(int(self.problem.delay[k, b]) for k in own)
        reached = state | mask_of(others)
        works = self.passing(j, others)
        done = self.exposed(reached, regime, month, quiet_after, b, j, own, hidden)
        fails = self.table(self.game.failed, state, regime, quiet_after, j)
        return works * done + (1 - works) * fails

    def options(self, position, regime, b):
        """Every breach open to b: vectors of what it leaves each actor with."""
        problem, found = self.problem, []

        def add(value, others=()):
            found.append(
                tuple(value(j) - (self.share(others, j) if j != b else 0.0) for j in self.actors)
            )

        if position >= len(self.listed):
            n = position - len(self.listed)
            state, quiet, month = problem.full, self.quiet_end + n, self.completed + n
            mask, left, verified, rest = 0, 0, True, []
        else:
            k, mask, verified, state, quiet, left = self.listed[position]
            month = self.calendar[position]
            rest = [j for j in steps_of(problem.full & ~state) if problem.owners[j, b]]
        first = position < len(self.listed) and (
            position == 0 or self.listed[position - 1][0] != self.listed[position][0]
        )

        def exposed(where, steps, hidden, attack=False):
            return lambda j: self.exposed(where, regime, month, quiet, b, j, steps, hidden, attack)

        if problem.belligerent[b]:
            add(exposed(state, (), 0, True))
        if position < len(self.listed) and (problem.belligerent[b] or rest):
            add(exposed(state, (), 0))
        own = tuple(j for j in steps_of(mask) if problem.owners[j, b])
        if not verified:
            for j in own:
                if problem.delay[j, b]:
                    others = steps_of(mask & ~(1 << j)) if first else ()
                    add(exposed(state, (j,), int(problem.delay[j, b])), others)
            if own and len(own) < len(steps_of(mask)):
                following = [one for one in self.listed if one[0] == k + 1]
                quiet_after = following[0][4] if following else self.quiet_end
                others = steps_of(mask & ~mask_of(own)) if first else ()
                add(
                    lambda j: self.withheld(
                        state, mask, own, regime, month, left, quiet_after, b, j
                    ),
                    others,
                )
        for j in steps_of(state):
            if problem.reversible[j, b]:
                add(exposed(state & ~(1 << j), (j,), int(problem.delay[j, b])))
        return found

    def share(self, steps, j):
        return (1 - self.problem.discount[j]) * sum(self.problem.costs[k, j] for k in steps)

    # --- the tree ----------------------------------------------------------------------------

    def after(self, position, regime, i):
        """Value to i of the month when nobody breaches in it."""
        problem, delta = self.problem, self.problem.discount[i]
        if position >= len(self.listed):
            month = self.completed + position - len(self.listed)
            later = sum(
                chance * self.node(position + 1, q)[i]
                for q, chance in enumerate(self.move(i, month, regime))
                if chance
            )
            return (1 - delta) * self.flow(problem.full, regime, i) + delta * later
        k, mask, _, state, _, left = self.listed[position]
        month = self.calendar[position]

        def outcome(q):
            value = self.node(position + 1, q)[i]
            if left <= 1:
                following = [one for one in self.listed if one[0] == k + 1]
                quiet_after = following[0][4] if following else self.quiet_end
                works = self.passing(i, steps_of(mask))
                fails = self.table(self.game.failed, state, q, quiet_after, i)
                return works * value + (1 - works) * fails
            return value

        if left > 0:
            value = delta * sum(
                chance * outcome(q) for q, chance in enumerate(self.move(i, month, regime))
            )
            value += (1 - delta) * self.flow(state, regime, i)
        else:
            value = outcome(regime)
        if position == 0 or self.listed[position - 1][0] != k:
            value -= self.share(steps_of(mask), i)
        return value

    def lonely(self, position, regime):
        """Worth to each actor of a month in which nobody breaches."""
        return tuple(self.after(position, regime, i) for i in self.actors)

    def held(self, regime, i):
        """Worth to i of a completed plan kept for good, the condition changing as it does."""
        R = len(self.regimes)
        move = self.game.monthly[i]
        flows = [self.flow(self.problem.full, r, i) for r in self.regimes]
        delta = self.problem.discount[i]
        return np.linalg.solve(np.eye(R) - delta * move, (1 - delta) * np.array(flows))[regime]

    def node(self, position, regime):
        """Worth to each actor, and in `breaks` what happens there."""
        if position >= len(self.listed) + self.ends:
            return tuple(self.held(regime, i) for i in self.actors)
        value, _ = self.turn(position, regime)
        return value

    def turn(self, position, regime):
        """(values, probability that each actor breaches) in one month."""
        keep = self.lonely(position, regime)
        best = []
        for b in self.actors:
            options = self.options(position, regime, b)
            best.append(max(options, key=lambda option, b=b: option[b]) if options else None)
        none = (0.0,) * len(keep)
        if self.play == "comply":
            return keep, none
        if self.play == "exact":
            value, breaks = keep, none
            for b in reversed(self.actors):
                if best[b] is not None and best[b][b] > value[b] + TIE:
                    value = best[b]
                    breaks = tuple(float(i == b) for i in self.actors)
            return value, breaks
        rates = [
            0.0
            if best[b] is None
            else self.noise.hazard / (1 + exp(self.noise.precision * (keep[b] - best[b][b])))
            for b in self.actors
        ]
        total = sum(rates)
        stay = exp(-total)
        breaks = tuple((1 - stay) * rate / total if total else 0.0 for rate in rates)
        value = tuple(
            stay * keep[j] + sum(breaks[b] * best[b][j] for b in self.actors if best[b])
            for j in self.actors
        )
        return value, breaks

    def margins(self):
        """Every margin of exact play in the conditions that may come about."""
        found = []
        reached = {(0, 0)}
        for position in range(len(self.listed) + self.ends):
            for regime in self.regimes:
                if (position, regime) not in reached:
                    continue
                keep = self.lonely(position, regime)
                for b in self.actors:
                    found += [keep[b] - o[b] for o in self.options(position, regime, b)]
                passes = True
                left, month = 1, self.completed + position - len(self.listed)
                if position < len(self.listed):
                    _, mask, _, _, _, left = self.listed[position]
                    month = self.calendar[position]
                    passes = left > 1 or self.passing(-1, steps_of(mask)) > 0
                chances = self.move(-1, month, regime) if left > 0 else np.eye(9)[regime]
                for q in self.regimes:
                    if passes and chances[q] > 0:
                        reached.add((position + 1, q))
        return found

    def fate(self, horizon):
        """(carried through, held from signature, held after completion, failed, broken)."""
        A, m = len(self.actors), len(self.plan)
        failed, broken = np.zeros(m), np.zeros((m + 1, A))
        held = np.zeros(2)
        carried = 0.0
        open_branches = {(0, 0): 1.0}
        late = self.completed + horizon + len(self.listed)
        for position in range(late):
            for regime in self.regimes:
                mass = open_branches.pop((position, regime), 0.0)
                if not mass:
                    continue
                inside = position < len(self.listed)
                n = position - len(self.listed)
                month = self.calendar[position] if inside else self.completed + n
                left = self.listed[position][5] if inside else 1
                k = self.listed[position][0] if inside else m
                if n == 0:
                    carried += mass
                _, breaks = self.turn(position, regime)
                if inside or n < horizon:
                    broken[k] += mass * np.array(breaks)
                if month < horizon:
                    held[0] -= mass * sum(breaks)
                if not inside and n < horizon:
                    held[1] -= mass * sum(breaks)
                mass *= 1 - sum(breaks)
                works = 1.0
                if inside and left <= 1:
                    works = self.passing(-1, steps_of(self.listed[position][1]))
                    failed[k] += mass * (1 - works)
                    if month + (left > 0) <= horizon:
                        held[0] -= mass * (1 - works)
                chances = self.move(-1, month, regime) if left > 0 else np.eye(9)[regime]
                for q in self.regimes:
                    key = (position + 1, q)
                    open_branches[key] = open_branches.get(key, 0.0) + mass * works * chances[q]
        return carried, 1 + held[0], carried + held[1], failed, broken

    def simulate(self, rng, horizon):
        """One history: (stage of the end or None, payoff in the common view)."""
        position, regime, month, weight = 0, 0, 0, np.ones(len(self.actors))
        payoff = np.zeros(len(self.actors))
        delta = self.problem.discount
        while position < len(self.listed) + horizon:
            inside = position < len(self.listed)
            k, mask, _, state, _, left = (
                self.listed[position] if inside else (len(self.plan), 0, 0, self.problem.full, 0, 2)
            )
            _, breaks = self.turn(position, regime)
            draw = rng.random()
            for b in self.actors:
                if draw < breaks[b]:
                    options = self.options(position, regime, b)
                    best = max(options, key=lambda option, b=b: option[b])
                    return k, payoff + weight * np.array(best)
                draw -= breaks[b]
            if inside and (position == 0 or self.listed[position - 1][0] != k):
                payoff -= weight * [self.share(steps_of(mask), j) for j in self.actors]
            if left > 0:
                flow = np.array([self.flow(state, regime, j) for j in self.actors])
                payoff += weight * (1 - delta) * flow
                weight *= delta
                regime = rng.choice(len(self.regimes), p=self.move(-1, month, regime))
                month += 1
            if inside and left <= 1 and rng.random() >= self.passing(-1, steps_of(mask)):
                following = [one for one in self.listed if one[0] == k + 1]
                quiet = following[0][4] if following else self.quiet_end
                worth = [self.table(self.game.failed, state, regime, quiet, j) for j in self.actors]
                return k, payoff + weight * np.array(worth)
            position += 1
        return None, payoff + weight * np.array(self.node(position, regime))


def random_chance(rng, steps, actors, knots=1, regimes=1, views=True, **switch):
    """A small game with chance on its path."""
    problem = random_problem(rng, steps, actors, knots, **switch)
    problem = replace(problem, discount=rng.uniform(0.3, 0.55, actors))  # the end is soon forgotten
    S, T, A, n = len(problem.states), len(problem.clocks), actors, steps
    R, V = regimes, actors + 1
    shape = (R, S, T, A, A)
    flows = problem.flows + rng.uniform(-1, 1, (R, S, A)) * (R > 1)
    attack = flows[:, :, None, None, :] - rng.uniform(-1, 15, shape)
    renege = flows[:, :, None, None, :] - rng.uniform(-1, 15, shape)

    def chances(*lead):
        some = rng.dirichlet(np.ones(R) * 0.5, (*lead, R)) * 0.1 + 0.9 * np.eye(R)
        return some if views else np.broadcast_to(some[:1], some.shape)

    passes = np.where(rng.random((V, n)) < 0.5, rng.uniform(0.3, 1, (V, n)), 1.0)
    dates = np.sort(rng.choice(np.arange(1, 9), int(rng.integers(0, 3)), replace=False))
    return ChanceProblem(
        problem=problem,
        regimes=tuple(f"r{r}" for r in range(R)),
        flows=flows,
        attack=attack,
        renege=renege,
        failed=flows[:, :, None, :] - rng.uniform(0, 10, (R, S, T, A)),
        passes=passes if views else np.broadcast_to(passes[:1], passes.shape),
        monthly=chances(V),
        dates=dates,
        dated=chances(V, len(dates)),
    )
