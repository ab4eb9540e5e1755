"""Inverse analysis of a deal: what would have to be true for it to be signed, ratified and kept.

Numbers move one by one or together while all others stand at their central values; what was found
is then moved in the draws too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from servanda.files.runs import Run
from servanda.problems.least_change import LeastChangeProblem
from servanda.problems.parameters import Floats, Integers, Parameters
from servanda.results.analysis import Origin
from servanda.results.inverse import (
    POINTS,
    SUPPORT,
    Condition,
    Inverse,
    Move,
    Moves,
    Short,
    Statement,
)
from servanda.results.least_change import Change, LeastChange
from servanda.results.plan import PlanEvaluation
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Ground
from servanda.simulation.deal_asked import Question, deal_asked, order_asked
from servanda.simulation.deal_conditions import (
    DealConditions,
    Part,
    all_hold,
    condition_margins,
    deal_conditions,
)
from servanda.simulation.ensemble import (
    TOLERANCE,
    take_draws,
)
from servanda.simulation.movable import movable
from servanda.simulation.progress import Progress
from servanda.simulation.reversals import reversals
from servanda.simulation.shared import shared_work
from servanda.simulation.who_moves import who_moves
from servanda.solvers.least_change import least_change
from servanda.solvers.orders import BEST, OrderedDeal, lines_broken
from servanda.solvers.package_values import matching
from servanda.solvers.plan import as_plan
from servanda.solvers.single_change import Around, look_around, single_changes

ALONE, SHARES, EACH = 12, 3, 4
"""Numbers tried alone, how many of them are moved in the draws, numbers tried for a condition."""


@shared_work()
def inverse_of_scenario(
    scenario: Scenario,
    origin: Origin,
    asked: Question,
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Inverse:
    """What would have to be true for a deal of a checked scenario.

    Args:
        scenario: with a war and steps.
        origin: how many draws, from which seed.
        asked: the deal (``package``), and a plan or the identifier of an order (``compare``).
        threads, progress: as everywhere.
        run: where chunks of draws, and of numbers moved, are kept.

    Raises:
        ScenarioError: no such package, a plan that does not hold together.
        NotFoundError: no such deal or order.
    """
    deal = deal_asked(scenario, origin, asked, threads=threads, progress=progress, run=run)
    ground, ordered, translation = deal.ground, deal.ordered, deal.ground.translation
    params = translation.parameters
    name, plan = order_asked(ordered, asked)
    broken = () if plan is None else lines_broken(translation, ordered.deal, plan)
    stages = () if plan is None else as_plan(plan)
    conditions = deal_conditions(
        ground.every_line, ground.table, ordered.package, ordered.deal, stages, broken, threads, run
    )
    statements = _statements(scenario, ground, ordered, conditions, plan, name)
    progress("what each number does", 0.0)
    question = _Question(scenario, params, conditions, movable(params, conditions))
    around = look_around(question.problem)
    groups = _groups(conditions)
    at_centre = _conditions(conditions, groups, around.base, plan)
    failing = [one for one in at_centre if not one.holds]
    progress("one number at a time", 0.0)
    each = single_changes(
        question.problem, [groups[one.id] for one in failing], around=around, most=EACH
    )
    everything = np.arange(len(conditions.columns))
    (alone,) = single_changes(question.problem, [everything], around=around, most=ALONE)
    progress("several together", 0.0)
    joint = least_change(question.problem, around=around, alone=alone)
    within = _within(question, around, joint)
    drawn = take_draws(
        translation, seed=origin.seed, count=origin.draws, threads=threads, progress=progress
    )
    count = _Counter(question, drawn.theta, statements, progress)
    return Inverse(
        origin=origin,
        package=ordered.package,
        options=dict(deal.options),
        reason=deal.reason,
        order=name,
        steps=() if plan is None else plan.order,
        conditions=at_centre,
        statements=statements,
        alone=tuple(
            question.moves(one, count.after(one) if n < SHARES else None)
            for n, one in enumerate(alone)
        ),
        each={
            condition.id: tuple(question.moves(one, None).moves[0] for one in found)
            for condition, found in zip(failing, each, strict=True)
        },
        joint=_together(question, joint, count),
        within=_together(question, within, count),
        short=_short(joint, groups),
        within_short=_short(within, groups),
        share=count.now(),
        share_without=count.after(None),
    )


def _statements(
    scenario: Scenario,
    ground: Ground,
    ordered: OrderedDeal,
    conditions: DealConditions,
    plan: PlanEvaluation | None,
    name: str,
) -> tuple[Statement, ...]:
    """What the deal or the order runs against that is no margin."""
    translation = ground.translation
    found = []
    for line in conditions.lines:
        key = translation.red_lines.names[line]
        entry = scenario.red_lines[key]
        chance = float(translation.parameters.value[translation.red_lines.holds_at[line]])
        found.append(Statement("red-line", key, entry.by, entry.says, chance, chance >= 0.5))
    chosen = np.array(ordered.deal.chosen)
    off_table = matching(ground.every_line.exclusions, chosen).tolist()
    for key, hit in zip(scenario.exclusions, off_table, strict=True):
        if hit:
            note = scenario.exclusions[key].note or "these answers exclude one another"
            found.append(Statement("exclusion", key, "", note, None, True))
    if plan is not None:
        found += [
            Statement("deadline", one.step, "", one.sentence, None, True) for one in plan.missed
        ]
    elif len(ordered.deal.steps):
        why = ordered.reasons.get(name or BEST, "") or "There is no such order."
        found.append(Statement("order", name or BEST, "", why, None, True))
    return tuple(found)


# ---------------------------------------------------------------- conditions


def _groups(conditions: DealConditions) -> dict[str, Integers]:
    """Identifier of every condition to its columns."""
    kinds = {Part.SUPPORT: "ratified", Part.KEEPING: "kept"}
    found: dict[str, list[int]] = {}
    for place, column in enumerate(conditions.columns):
        found.setdefault(f"{kinds.get(column.part, 'signs')}:{column.who}", []).append(place)
    return {key: np.array(places) for key, places in found.items()}


def _conditions(
    conditions: DealConditions,
    groups: dict[str, Integers],
    margins: Floats,
    plan: PlanEvaluation | None,
) -> tuple[Condition, ...]:
    """Every condition at the central values."""
    links = {} if plan is None else {one.constraint: one for one in plan.constraints}
    found = []
    for key, places in groups.items():
        kind, _, who = key.partition(":")
        worst = int(places[np.argmin(margins[places])])
        column = conditions.columns[worst]
        parts = {str(conditions.columns[n].part): float(margins[n]) for n in places.tolist()}
        found.append(
            Condition(
                kind=kind,
                who=who,
                margin=float(margins[worst]),
                unit=SUPPORT if kind == "ratified" else POINTS,
                parts=parts if kind == "signs" else {},
                link=None if column.constraint is None else links.get(column.constraint),
            )
        )
    return tuple(found)


# ---------------------------------------------------------------- what may move


@dataclass(frozen=True)
class _Question:
    """The deal, and the numbers that may move."""

    scenario: Scenario
    params: Parameters
    conditions: DealConditions
    problem: LeastChangeProblem

    def inside(self) -> LeastChangeProblem:
        """The same with every number inside its range; what has none stays."""
        params, problem = self.params, self.problem
        low = np.where(np.isfinite(params.low), params.low, problem.start)
        high = np.where(np.isfinite(params.high), params.high, problem.start)
        return replace(
            problem,
            lower=np.minimum(np.maximum(problem.lower, low), problem.start),
            upper=np.maximum(np.minimum(problem.upper, high), problem.start),
        )

    def moves(self, change: Change, share: float | None) -> Moves:
        """A change in the scenario's words."""
        return Moves(
            tuple(
                self._move(entry, float(to), float(by))
                for entry, to, by in zip(change.moved, change.to, change.by, strict=True)
            ),
            change.effort,
            share,
        )

    def _move(self, entry: int, to: float, by: float) -> Move:
        params = self.params
        ranged = bool(np.isfinite(params.low[entry]))
        spread = float(self.problem.spread[entry])
        to = 0.0 if abs(to) < 1e-9 * spread else to
        return Move(
            path=params.paths[entry],
            unit=params.unit[entry],
            who=who_moves(self.scenario, params.paths[entry]),
            start=float(self.problem.start[entry]),
            to=to,
            spread=spread,
            spreads=by,
            low=float(params.low[entry]) if ranged else None,
            high=float(params.high[entry]) if ranged else None,
            reverses=reversals(self.scenario, params.paths[entry], to),
        )


def _within(question: _Question, around: Around, joint: LeastChange) -> LeastChange:
    """The same with every number inside its range; what was found there already stands."""
    problem, found = question.inside(), joint.change
    if found is not None and all(
        problem.lower[entry] <= to <= problem.upper[entry]
        for entry, to in zip(found.moved, found.to.tolist(), strict=True)
    ):
        return joint
    start = problem.start
    room = np.stack([problem.upper - start, start - problem.lower]) / problem.spread
    return least_change(problem, around=replace(around, room=room))


def _together(question: _Question, found: LeastChange, count: _Counter) -> Moves | None:
    if found.change is None or not found.change.moved:
        return None
    return question.moves(found.change, count.after(found.change))


def _short(found: LeastChange, groups: dict[str, Integers]) -> tuple[Short, ...]:
    """Conditions still short, each by its worst margin."""
    lacking = dict(zip(found.short, found.lacking.tolist(), strict=True))
    rows = [
        Short(key, max(lacking[n] for n in places.tolist() if n in lacking))
        for key, places in groups.items()
        if set(places.tolist()) & set(lacking)
    ]
    return tuple(sorted(rows, key=lambda one: -one.lacking))


# ---------------------------------------------------------------- over the draws


class _Counter:
    """The share of the draws in which every condition holds after a change; each counted once."""

    def __init__(
        self,
        question: _Question,
        theta: Floats,
        statements: Sequence[Statement],
        progress: Progress,
    ) -> None:
        self.question, self.progress = question, progress
        self.theta = theta
        params = question.params
        self.gone = [
            params.index(f"red-lines.{one.id}.holds")
            for one in statements
            if one.kind == "red-line" and one.stands
        ]
        self.impossible = any(one.kind != "red-line" for one in statements)
        self.known: dict[tuple[tuple[int, float], ...], Floats] = {}

    def now(self) -> float:
        """As things stand; what is off the table or has no such order is never kept."""
        if self.impossible:
            return 0.0
        return float(all_hold(self.question.conditions, self._margins(()), self.theta).mean())

    def after(self, change: Change | None) -> float:
        """After a change, and without the statements that stand."""
        moved: tuple[tuple[int, float], ...] = ()
        if change is not None:
            moved = tuple(zip(change.moved, change.by.tolist(), strict=True))
        theta = self.theta.copy()
        theta[:, self.gone] = 0.0
        return float(all_hold(self.question.conditions, self._margins(moved), theta).mean())

    def _margins(self, moved: tuple[tuple[int, float], ...]) -> Floats:
        if moved not in self.known:
            self.progress("the same over the draws", min(len(self.known) / (SHARES + 3), 1.0))
            theta, params = self.theta.copy(), self.question.params
            for entry, by in moved:
                theta[:, entry] += by * self.question.problem.spread[entry]
            theta = np.clip(theta, params.lower, params.upper)
            conditions = self.question.conditions
            self.known[moved] = condition_margins(conditions, theta, tolerance=TOLERANCE)
        return self.known[moved]
