"""Stages of a plan as games between types: what keeping and each breach bring everybody.

Everything is valued from the stage's start. A type that breaches in month s of a stage in state C
has lived through s months of it; a breach that stays undetected for v months lets everybody live
in the state it reached meanwhile, and only the one who breaches knows and enjoys its gains.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from servanda.problems.implementation import (
    Floats,
    ImplementationProblem,
    mask_of,
    steps_of,
)
from servanda.problems.sincerity import SincerityProblem
from servanda.results.plan import BreachKind, Constraint
from servanda.solvers.plan import Plan, PlanLayout, Temptation, knot_of, plan_layout

ATTACK, OPEN, WITHHELD = 0, 1, 2
"""Which breach comes first at one moment."""

PREFERENCE = (OPEN, ATTACK, WITHHELD)
"""Of breaches in one month that are worth the same, a type takes the last of these."""


@dataclass(frozen=True, eq=False)
class Breach:
    """One way out of a stage.

    Attributes:
        actor: index.
        constraint: how, as the plan names it.
        moment: (months into the stage when it takes effect, ATTACK, OPEN or WITHHELD).
        values: (P, A) what everybody gets when this breach is the one that counts.
        temptation: what it is in the game.
    """

    actor: int
    constraint: Constraint
    moment: tuple[int, int]
    values: Floats
    temptation: Temptation


@dataclass(frozen=True, eq=False)
class StageGame:
    """One stage: keeping is worth ``offset + share * (value of what follows)``, both (P, A).

    Attributes:
        offset, share: of keeping; at the end share is 0.
        breaches: per actor its ways out, those that are never better than another left out.
        point: index of the stage.
        months: its duration.
    """

    offset: Floats
    share: Floats
    breaches: tuple[tuple[Breach, ...], ...]
    point: int
    months: int

    def worst_from(self, actor: int, moment: tuple[int, int]) -> Floats | None:
        """(P, A) the least that a breach of an actor from a moment on can leave everybody."""
        moments, least = self._worst[actor]
        place = bisect_left(moments, moment)
        return least[place] if place < len(moments) else None

    @cached_property
    def _worst(self) -> list[tuple[list[tuple[int, int]], Floats]]:
        found = []
        for breaches in self.breaches:
            later = sorted(breaches, key=lambda one: one.moment)
            values = np.array([one.values for one in later]).reshape(-1, *self.offset.shape)
            least = np.minimum.accumulate(values[::-1], axis=0)[::-1]
            found.append(([one.moment for one in later], least))
        return found


@dataclass(frozen=True, eq=False)
class TypedPlan:
    """A plan's stages as games between types, the end being the last of them."""

    problem: SincerityProblem
    layout: PlanLayout

    @cached_property
    def stages(self) -> tuple[StageGame, ...]:
        """The stages in order, and the end."""
        return tuple(_stage(self, k) for k in range(len(self.layout.stages) + 1))

    @cached_property
    def _together(self) -> dict[tuple[int, frozenset[int]], Floats]:
        return {}

    def withheld_together(self, point: int, breaches: Sequence[Breach]) -> Floats:
        """(P, A) what follows when several withhold their parts of one exchange."""
        key = (point, frozenset(one.actor for one in breaches))
        if key not in self._together:
            self._together[key] = _withheld_together(self, point, breaches)
        return self._together[key]


def typed_plan(problem: SincerityProblem, plan: Plan) -> TypedPlan:
    """Lay a plan out as games between types."""
    return TypedPlan(problem, plan_layout(problem.games[0], plan))


def _stage(typed: TypedPlan, k: int) -> StageGame:
    problem, layout = typed.problem, typed.layout
    flow, discount = _flow(problem.games, _state(layout, k)), _discount(problem)
    if k == len(layout.stages):
        offset, share, months = flow, np.zeros_like(flow), 0
    else:
        months = int(layout.months[k])
        share = discount**months
        offset = (1 - share) * flow - _stage_cost(typed, k)
    breaches: list[list[Breach]] = [[] for _ in problem.actors]
    for constraint, temptation in zip(layout.constraints, layout.temptations, strict=True):
        if temptation.point == k:
            breaches[temptation.actor].append(_breach(typed, k, constraint, temptation))
    best = tuple(_undominated(found) for found in breaches)
    return StageGame(offset, share, best, k, months)


def _breach(typed: TypedPlan, k: int, constraint: Constraint, found: Temptation) -> Breach:
    end = k == len(typed.layout.stages)
    month = int(found.clock - typed.layout.clock[k]) if end else found.month
    if found.kind in {BreachKind.ATTACK, BreachKind.END_ATTACK}:
        rank = ATTACK
    else:
        rank = WITHHELD if found.kind == BreachKind.SHIRK else OPEN
    values = _values(typed, k, replace(found, month=month), (found.actor,))
    return Breach(found.actor, constraint, (month + found.lead, rank), values, found)


def _values(typed: TypedPlan, k: int, found: Temptation, breakers: Sequence[int]) -> Floats:
    """(P, A) from the stage's start; several breakers only where they withhold together."""
    problem, games = typed.problem, typed.problem.games
    discount, here = _discount(problem), _flow(games, _state(typed.layout, k))
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
    weight = discount ** (found.month + found.lead)
    value: Floats = (1 - weight) * here + weight * after
    if k < len(typed.layout.stages):
        value -= _paid(problem, found, breakers) * _stage_cost(typed, k)
    return value


def _concerns(
    game: ImplementationProblem, found: Temptation, step: int, who: int, breakers: Sequence[int]
) -> bool:
    """Whether a step withheld by several is this one's own."""
    return len(breakers) == 1 or bool(game.owners[step, who])


def _paid(problem: SincerityProblem, found: Temptation, breakers: Sequence[int]) -> Floats:
    """(A,) whether each has paid the costs of the stage when a breach takes effect.

    Who breaches at the stage's start saves them, and so do the others where that is seen at once.
    """
    paid = np.ones(len(problem.actors))
    if found.month == 0:
        paid[list(breakers)] = 0.0
        if found.kind != BreachKind.SHIRK and not found.hidden:
            paid[:] = 0.0
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


def _withheld_together(typed: TypedPlan, k: int, breaches: Sequence[Breach]) -> Floats:
    """All withheld parts are missing; the first to be detected brings all to light."""
    game, layout = typed.problem.games[0], typed.layout
    first = breaches[0].temptation
    withheld = mask_of(j for one in breaches for j in steps_of(one.temptation.steps))
    state, (stage, _) = _state(layout, k), layout.stages[k]
    reached = state | (stage & ~withheld)
    hidden = min(one.temptation.hidden for one in breaches)
    together = Temptation(
        point=k,
        month=0,
        clock=first.clock,
        actor=first.actor,
        kind=BreachKind.SHIRK,
        reached=reached,
        exposed_clock=int(layout.clock[k + 1]) + (0 if game.fighting(reached) else hidden),
        steps=withheld,
        hidden=hidden,
        lead=int(layout.months[k]),
    )
    return _values(typed, k, together, [one.actor for one in breaches])


def _undominated(breaches: Sequence[Breach]) -> tuple[Breach, ...]:
    """Of two breaches at one moment, the one whose own value is never larger is left out.

    In the order in which a type prefers them when they are worth the same to it: the latest last.
    """
    kept: list[Breach] = []
    for one in breaches:
        same = [other for other in kept if other.moment == one.moment]
        own = one.values[:, one.actor]
        if any((other.values[:, one.actor] >= own).all() for other in same):
            continue
        worse = [other for other in same if (own >= other.values[:, one.actor]).all()]
        kept = [other for other in kept if other not in worse] + [one]
    return tuple(sorted(kept, key=lambda one: (one.moment[0], PREFERENCE.index(one.moment[1]))))


def _state(layout: PlanLayout, k: int) -> int:
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
