"""Months of a plan as games between types: what keeping and each breach bring everybody.

Everything is valued from the month's start. A breach that stays undetected for v months lets
everybody live in the state it reached meanwhile, and only the one who breaches knows and enjoys its
gains. From the month in which a breach is begun nobody else moves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np

from servanda.kernels.type_arrays import ATTACK, OPEN, WITHHELD
from servanda.problems.implementation import Floats, ImplementationProblem, Integers
from servanda.problems.sincerity import SincerityProblem
from servanda.problems.state_sets import mask_of, steps_of
from servanda.results.plan import BreachKind, Constraint
from servanda.solvers.plan import (
    Plan,
    PlanLayout,
    Temptation,
    knot_of,
    plan_layout,
    plan_states,
    read_plan,
)


@dataclass(frozen=True)
class Decision:
    """A month in which everybody keeps or breaches.

    Attributes:
        point: index of the stage; the number of stages stands for the end.
        starts: whether it is the first of its stage, in which the stage's costs are paid.
        length: months until the next; infinite for the last.
        breaches: indices of the temptations of the layout that are open in it.
    """

    point: int
    starts: bool
    length: float
    breaches: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Breach:
    """One way out of a stage.

    Attributes:
        actor: index.
        constraint: how, as the plan names it.
        rank: ATTACK, OPEN or WITHHELD.
        values: (P, A) what everybody gets when this breach is the one that counts.
        temptation: what it is in the game.
    """

    actor: int
    constraint: Constraint
    rank: int
    values: Floats
    temptation: Temptation


@dataclass(frozen=True, eq=False)
class MonthGame:
    """One month of decision: keeping is worth ``offset + share * (value of what follows)``.

    Attributes:
        point: index of the stage; the number of stages stands for the end.
        offset, share: (P, A) of keeping; at the very end share is 0.
        breaches: per actor its ways out, those that are never better than another left out.
    """

    point: int
    offset: Floats
    share: Floats
    breaches: tuple[tuple[Breach, ...], ...]

    def worst(self, actor: int, rank: int) -> Floats | None:
        """(P, A) the least that a breach of an actor, of this rank or later, can leave."""
        values = [one.values for one in self.breaches[actor] if one.rank >= rank]
        return np.min(values, axis=0) if values else None


@dataclass(frozen=True, eq=False)
class TypedPlan:
    """A plan's months of decision as games between types, those after completion included."""

    problem: SincerityProblem
    layout: PlanLayout

    @cached_property
    def months(self) -> tuple[MonthGame, ...]:
        """The months of decision in order; after completion, those at which tables change."""
        return tuple(_month(self, found) for found in decisions(self.layout))

    @cached_property
    def _together(self) -> dict[frozenset[int], Floats]:
        return {}

    def withheld_together(self, breaches: Sequence[Breach]) -> Floats:
        """(P, A) what follows when several withhold their parts of one exchange."""
        key = frozenset(map(id, breaches))
        if key not in self._together:
            self._together[key] = _withheld_together(self, breaches)
        return self._together[key]


def typed_plan(problem: SincerityProblem, plan: Plan) -> TypedPlan:
    """Lay a plan out as games between types."""
    return TypedPlan(problem, plan_layout(problem.games[0], plan))


def decisions(layout: PlanLayout) -> Iterator[Decision]:
    """The months of decision in order; after completion, those at which tables change."""
    at: dict[tuple[int, float], list[int]] = {}
    last = len(layout.stages)
    for number, found in enumerate(layout.temptations):
        when = found.clock if found.point == last else float(found.month)
        at.setdefault((found.point, when), []).append(number)
    for k, months in enumerate(layout.months.tolist()):
        for s in range(max(months, 1)):
            here = tuple(at.get((k, float(s)), ()))
            yield Decision(k, s == 0, 1.0 if months else 0.0, here)
    clocks = sorted({float(layout.clock[-1])} | {when for point, when in at if point == last})
    for clock, later in pairwise([*clocks, np.inf]):
        yield Decision(last, False, later - clock, tuple(at.get((last, clock), ())))


def _month(typed: TypedPlan, found: Decision) -> MonthGame:
    problem, layout = typed.problem, typed.layout
    flow = _flow(problem.games, state_at(layout, found.point))
    share = _discount(problem) ** found.length
    offset = (1 - share) * flow
    if found.starts:
        offset -= _stage_cost(typed, found.point)
    breaches: list[list[Breach]] = [[] for _ in problem.actors]
    for number in found.breaches:
        constraint, one = layout.constraints[number], layout.temptations[number]
        values = _values(typed, found.point, one, (one.actor,))
        breaches[one.actor].append(Breach(one.actor, constraint, rank_of(one.kind), values, one))
    return MonthGame(found.point, offset, share, tuple(_undominated(found) for found in breaches))


def rank_of(kind: BreachKind) -> int:
    """Whether a breach is an attack, open otherwise, or a part withheld."""
    if kind in {BreachKind.ATTACK, BreachKind.END_ATTACK}:
        return ATTACK
    return WITHHELD if kind == BreachKind.SHIRK else OPEN


def _values(typed: TypedPlan, k: int, found: Temptation, breakers: Sequence[int]) -> Floats:
    """(P, A) from the month's start; several breakers only where they withhold together."""
    problem, games = typed.problem, typed.problem.games
    discount, here = _discount(problem), _flow(games, state_at(typed.layout, k))
    after = np.mean([_after(problem, found, b) for b in breakers], axis=0)
    for b in breakers:
        after[:, b] = _after(problem, found, b)[:, b]
    if found.hidden:
        hidden = _flow(games, found.reached)
        for b in breakers:
            own = [j for j in steps_of(found.steps) if _concerns(games[0], found, j, b, breakers)]
            hidden[:, b] += np.sum([[game.gain[j, b] for game in games] for j in own], axis=0)
        weight = discount**found.hidden
        after = (1 - weight) * hidden + weight * after
    weight = discount**found.lead
    value: Floats = (1 - weight) * here + weight * after
    if k < len(typed.layout.stages) and found.month == 0:
        value -= _paid(problem, found, breakers) * _stage_cost(typed, k)
    return value


def _concerns(
    game: ImplementationProblem, found: Temptation, step: int, who: int, breakers: Sequence[int]
) -> bool:
    """Whether a step withheld by several is this one's own."""
    return len(breakers) == 1 or bool(game.owners[step, who])


def _paid(problem: SincerityProblem, found: Temptation, breakers: Sequence[int]) -> Floats:
    """(A,) whether each pays the costs of the stage when a breach is begun in its first month.

    Who breaches saves them, and so do the others where that is seen at once.
    """
    unseen = found.kind == BreachKind.SHIRK or found.hidden > 0
    paid = np.full(len(problem.actors), float(unseen))
    paid[list(breakers)] = 0.0
    return paid


def _after(problem: SincerityProblem, found: Temptation, breaker: int) -> Floats:
    """(P, A) once the breach has come to light."""
    attack = found.kind in {BreachKind.ATTACK, BreachKind.END_ATTACK}
    first = problem.games[0]
    row = first.state_row(found.reached)
    knot, weight = knot_of(first.clocks, found.exposed_clock)
    table = (problem.attacked if attack else problem.reneged)[:, row, :, breaker].copy()
    own = [(game.attack if attack else game.renege)[row, :, breaker] for game in problem.games]
    table[:, :, breaker] = own
    later = table[:, min(knot + 1, table.shape[1] - 1)]
    value: Floats = table[:, knot] + weight * (later - table[:, knot])
    return value


def _withheld_together(typed: TypedPlan, breaches: Sequence[Breach]) -> Floats:
    """All withheld parts are missing; the first to be detected brings all to light."""
    parts = [one.temptation for one in breaches]
    together = withheld_by_several(typed.problem.games[0], typed.layout, parts)
    return _values(typed, together.point, together, [one.actor for one in breaches])


def withheld_by_several(
    game: ImplementationProblem, layout: PlanLayout, parts: Sequence[Temptation]
) -> Temptation:
    """Parts of one exchange that several withhold, as one temptation."""
    first = parts[0]
    withheld = mask_of(j for one in parts for j in steps_of(one.steps))
    state, (stage, _) = state_at(layout, first.point), layout.stages[first.point]
    reached = state | (stage & ~withheld)
    hidden = min(one.hidden for one in parts)
    shown = int(layout.clock[first.point + 1]) + (0 if game.fighting(reached) else hidden)
    return replace(first, reached=reached, exposed_clock=shown, steps=withheld, hidden=hidden)


def _undominated(breaches: Sequence[Breach]) -> tuple[Breach, ...]:
    """Of two breaches of one rank, the one whose own value is never larger is left out."""
    kept: list[Breach] = []
    for one in breaches:
        same = [other for other in kept if other.rank == one.rank]
        own = one.values[:, one.actor]
        if any((other.values[:, one.actor] >= own).all() for other in same):
            continue
        worse = [other for other in same if (own >= other.values[:, one.actor]).all()]
        kept = [other for other in kept if other not in worse] + [one]
    return tuple(kept)


def state_at(layout: PlanLayout, k: int) -> int:
    """The state in which a stage begins; at the end, all steps."""
    return mask_of(j for mask, _ in layout.stages[:k] for j in steps_of(mask))


def _flow(games: Sequence[ImplementationProblem], state: int) -> Floats:
    """(P, A) points a month in a state, less the cost of fighting where it goes on."""
    row, fighting = games[0].state_row(state), games[0].fighting(state)
    return np.array([game.flows[row] - fighting * game.fighting_cost for game in games])


def _stage_cost(typed: TypedPlan, k: int) -> Floats:
    """(P, A) what carrying out a stage costs, in value points."""
    steps = steps_of(typed.layout.stages[k][0])
    total = np.array([game.costs[steps].sum(axis=0) for game in typed.problem.games])
    value: Floats = (1 - _discount(typed.problem)) * total
    return value


def _discount(problem: SincerityProblem) -> Floats:
    return np.array([game.discount for game in problem.games])


def typed_states(game: ImplementationProblem, plan: Plan) -> Integers:
    """States whose tables a plan with types reads; of an exchange several may withhold parts."""
    found = set(plan_states(game, plan).tolist())
    state = 0
    for stage, verified in read_plan(game, plan):
        parts = {game.owned(stage, i) for i in range(len(game.actors))} - {0, stage}
        for size in range(2, len(parts) + 1 if not verified else 0):
            for some in combinations(sorted(parts), size):
                found.add(state | (stage & ~int(np.bitwise_or.reduce(some))))
        state |= stage
    return np.array(sorted(found), np.int64)
