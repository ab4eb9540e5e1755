"""Play with types from the definition: an explicit tree, month by month, every choice tried.

`solve` walks the tree of a plan month by month. In each month it lists every combination of what
all types of all actors could do, follows each to its end month by month, and keeps those in which
no type believed possible would rather do something else.
"""

from dataclasses import replace
from itertools import product

import numpy as np

from servanda.problems.sincerity import SincerityProblem
from servanda.problems.state_sets import mask_of, steps_of
from twins.plan_by_definition import flow, months_of, random_problem

TIE = 1e-9


def random_types(rng, typed, steps=2, actors=2, *, odd=False, **switch):
    """A small problem in which the first `typed` actors have two types each.

    Suffering another's breach is never better than one's own, unless odd.
    """
    knots = int(rng.integers(1, 4))
    base = random_problem(rng, steps, actors, knots, ceasefire=False, **switch)
    base = replace(
        base,
        clocks=np.arange(knots),
        months=rng.integers(0, 2, steps),
        delay=np.minimum(base.delay, 2),
    )
    types = [("mild", "stern") if i < typed else ("",) for i in range(actors)]
    games = []
    for profile in product(*types):
        attack, renege = base.attack.copy(), base.renege.copy()
        for i, label in enumerate(profile):
            if label == "stern":
                attack[..., i] += rng.uniform(-2, 12, attack.shape[:2])
                renege[..., i] += rng.uniform(-2, 8, renege.shape[:2])
        games.append(replace(base, attack=attack, renege=renege))
    shape = (len(games), *base.attack.shape[:2], actors, actors)
    own = [np.array([getattr(game, name) for game in games]) for name in ("attack", "renege")]
    lose = [rng.uniform(-1 if odd else 0, 8, shape) for _ in own]
    prior = [tuple(rng.dirichlet(np.ones(len(labels)))) for labels in types]
    return SincerityProblem(
        types=tuple(types),
        prior=tuple(prior),
        games=tuple(games),
        attacked=own[0][:, :, :, None, :] - lose[0],
        reneged=own[1][:, :, :, None, :] - lose[1],
    )


def choices(game, listed, quiet_end, k, i):
    """What actor i can do in a month of decision: None to keep, or (kind, step set)."""
    found = [None]
    if k >= len(listed):
        later = k - len(listed)
        if game.belligerent[i]:
            found.append(("attack", 0))
        for j in range(len(game.steps)):
            seen = quiet_end + later + game.delay[j, i]
            # Begun later it comes to light where tables no longer change: as good as now.
            if game.reversible[j, i] and (later == 0 or seen <= game.clocks[-1]):
                found.append(("undo", 1 << j))
        return found
    _, mask, verified, state, _, _ = listed[k]
    own = mask_of(j for j in steps_of(mask) if game.owners[j, i])
    rest = [j for j in steps_of(game.full & ~state) if game.owners[j, i]]
    if game.belligerent[i]:
        found.append(("attack", 0))
    if game.belligerent[i] or rest:
        found.append(("walk", 0))
    if not verified:
        found += [("cheat", 1 << j) for j in steps_of(own) if game.delay[j, i]]
        if own not in {0, mask}:
            found.append(("shirk", own))
    for j in steps_of(state):
        if game.reversible[j, i]:
            found.append(("undo", 1 << j))
    return found


class Tree:
    def __init__(self, problem, plan):
        self.problem, self.game = problem, problem.games[0]
        self.plan = plan
        self.listed, self.quiet_end = months_of(self.game, plan)
        self.count = len(problem.actors)
        self.profiles = list(product(*(range(len(labels)) for labels in problem.types)))
        self.known = {}

    @property
    def last(self):
        """The last month of decision: tables no longer change."""
        return len(self.listed) + max(int(self.game.clocks[-1]) - self.quiet_end, 0)

    def month(self, k):
        """(state, mask, months left of the stage, quiet months, whether a stage begins)."""
        if k >= len(self.listed):
            return self.game.full, 0, 0, self.quiet_end + k - len(self.listed), False
        stage, mask, _, state, quiet, left = self.listed[k]
        return state, mask, left, quiet, k == 0 or self.listed[k - 1][0] != stage

    def table(self, p, kind, state, quiet, breaker, i):
        game = self.problem.games[p]
        row = game.states.tolist().index(state)
        if breaker == i:
            values = (game.attack if kind == "attack" else game.renege)[row, :, i]
        else:
            found = self.problem.attacked if kind == "attack" else self.problem.reneged
            values = found[p, row, :, breaker, i]
        return np.interp(quiet, game.clocks, values)

    def rank(self, act):
        return {"attack": 0, "shirk": 2}.get(act[0], 1)

    def broken(self, p, k, i, acts):
        """What i gets in profile p when these acts, (actor, act), of one month count together."""
        game = self.problem.games[p]
        state, mask, left, quiet, begins = self.month(k)
        delta = game.discount[i]
        kind = acts[0][1][0]
        steps = mask_of(j for _, act in acts for j in steps_of(act[1]))
        breakers = [b for b, _ in acts]
        lead = left if kind == "shirk" else 0
        reached = {"undo": state & ~steps, "shirk": (state | mask) & ~steps}.get(kind, state)
        delays = [int(game.delay[j, b]) for b, act in acts for j in steps_of(act[1])]
        hidden = min(delays) if delays else 0
        known = quiet + lead + hidden
        if i in breakers:
            value = self.table(p, kind, reached, known, i, i)
        else:
            value = np.mean([self.table(p, kind, reached, known, b, i) for b in breakers])
        own = next((act for b, act in acts if b == i), None)
        for _ in range(hidden):
            monthly = flow(game, reached, i)
            if own is not None:
                monthly += sum(game.gain[j, i] for j in steps_of(own[1]))
            value = (1 - delta) * monthly + delta * value
        for _ in range(lead):
            value = (1 - delta) * flow(game, state, i) + delta * value
        if begins and i not in breakers and (kind == "shirk" or hidden):
            value -= (1 - delta) * sum(game.costs[j, i] for j in steps_of(mask))
        return value

    def result(self, p, k, i, acts, then):
        """What i gets when all actors act as said, in profile p."""
        made = [(b, act) for b, act in enumerate(acts) if act is not None]
        if not made:
            return self.kept(p, k, i, then)
        first = min(self.rank(act) for _, act in made)
        made = [(b, act) for b, act in made if self.rank(act) == first]
        if first == 2:
            return self.broken(p, k, i, made)
        own = [self.broken(p, k, i, [one]) for one in made if one[0] == i]
        others = [self.broken(p, k, i, [one]) for one in made if one[0] != i]
        if own and others:
            return min(own[0], np.mean(others))
        return np.mean(own or others)

    def kept(self, p, k, i, then):
        game = self.problem.games[p]
        state, mask, left, _, begins = self.month(k)
        if then is None:
            return flow(game, game.full, i)
        delta, value = game.discount[i], then["values"][p][i]
        if left or not mask:
            value = (1 - delta) * flow(game, state, i) + delta * value
        if begins:
            value -= (1 - delta) * sum(game.costs[j, i] for j in steps_of(mask))
        return value

    def chance(self, alive, p, i):
        """Probability of the other actors' types in a profile, as i sees it."""
        total = 1.0
        for a, t in enumerate(self.profiles[p]):
            if a == i:
                continue
            mass = sum(self.problem.prior[a][u] for u in alive[a])
            total *= self.problem.prior[a][t] / mass if t in alive[a] else 0.0
        return total

    def expects(self, k, alive, does, i, t, act, then):
        total = 0.0
        for p, profile in enumerate(self.profiles):
            weight = self.chance(alive, p, i) if profile[i] == t else 0.0
            if weight:
                acts = [act if a == i else does[a, u] for a, u in enumerate(profile)]
                total += weight * self.result(p, k, i, acts, then)
        return total

    def best(self, k, alive, does, i, t, then, breach):
        """Best act of a type, and its worth; among breaches only where asked."""
        acts = choices(self.game, self.listed, self.quiet_end, k, i)
        worth = [(self.expects(k, alive, does, i, t, a, then), a) for a in acts[breach:]]
        top = max((value for value, _ in worth), default=-np.inf)
        return top, next((a for value, a in worth if value > top - TIE), None)

    def node(self, k, alive):
        if (k, alive) not in self.known:
            self.known[k, alive] = self.solve(k, alive)
        return self.known[k, alive]

    def solve(self, k, alive):
        """Every equilibrium of a month with its set of breaching types; the first set is played."""
        slots = [(i, t) for i in range(self.count) for t in sorted(alive[i])]
        options = [choices(self.game, self.listed, self.quiet_end, k, i) for i, _ in slots]
        for slack in (TIE, -TIE):  # ties keep; where that leaves no equilibrium they may breach
            found = {}
            for acts in product(*options):
                does = dict(zip(slots, acts, strict=True))
                out = frozenset(slot for slot, act in does.items() if act is not None)
                after = tuple(
                    frozenset(t for t in types if (i, t) not in out) or types
                    for i, types in enumerate(alive)
                )
                then = self.node(k + 1, after) if k < self.last else None
                if then is None and k < self.last:
                    continue
                if self.stable(k, alive, does, then, slack):
                    found.setdefault(out, []).append((does, then, after))
            if found:
                break
        if not found:
            return None
        out = min(
            found, key=lambda one: (-round(self.keeps(alive, one), 12), len(one), sorted(one))
        )
        does, then, after = found[out][0]
        full = dict(does)
        for i, labels in enumerate(self.problem.types):
            for t in range(len(labels)):
                if (i, t) in full:
                    continue
                breach, act = self.best(k, alive, does, i, t, then, True)
                keep = self.expects(k, alive, does, i, t, None, then)
                full[i, t] = act if breach > keep + TIE else None
        values = [
            [
                self.result(p, k, i, [full[a, t] for a, t in enumerate(profile)], then)
                for i in range(self.count)
            ]
            for p, profile in enumerate(self.profiles)
        ]
        return {
            "values": values,
            "does": full,
            "out": out,
            "sets": len(found),
            "unique": all(len(ways) == 1 for ways in found.values()),
            "then": then,
            "after": after,
        }

    def stable(self, k, alive, does, then, slack):
        for (i, t), act in does.items():
            now = self.expects(k, alive, does, i, t, act, then)
            keep = self.expects(k, alive, does, i, t, None, then)
            if act is not None and now <= keep + slack:
                return False
            best, _ = self.best(k, alive, does, i, t, then, True)
            if best > now + TIE:
                return False
        return True

    def keeps(self, alive, out):
        chance = 1.0
        for i, types in enumerate(alive):
            mass = sum(self.problem.prior[i][t] for t in types)
            chance *= 1 - sum(self.problem.prior[i][t] for t in types if (i, t) in out) / mass
        return chance


def all_alive(problem):
    return tuple(frozenset(range(len(labels))) for labels in problem.types)
