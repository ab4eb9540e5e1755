"""One guarantee in one plan of a scenario: what it must be, may be, is, and what it would take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.parameters import Floats
from servanda.problems.translation import Translation
from servanda.results.guarantees import GuaranteeReport, OrderScan, StakeNeeded
from servanda.results.plan import Constraint, GuaranteeInterval, PlanEvaluation, PlanMargins
from servanda.simulation.guarantee_views import (
    GRID,
    brought_guarantees,
    margins_by_credibility,
    with_credibility,
)
from servanda.solvers.collapse import credibilities
from servanda.solvers.credibility import stake_needed
from servanda.solvers.credibility_scan import scan_best_order
from servanda.solvers.orders import OrderedDeal, pairs_of
from servanda.solvers.package_game import game_over_draws, package_game
from servanda.solvers.plan import as_plan, evaluate_plan, plan_states
from servanda.solvers.war_table import WarTable

PRECISION = 0.01
"""Width to which the smallest credibility over all orders is closed in on."""


def guarantee_reports(
    table: WarTable,
    ordered: OrderedDeal,
    plan: PlanEvaluation,
    *,
    all_plans: bool = False,
    held: Sequence[int] = (),
) -> tuple[GuaranteeReport, ...]:
    """One report for every guarantee that the package brings into force.

    Args:
        table: of the central values.
        ordered: the package with its game.
        plan: one of its orders.
        all_plans: whether to search the smallest credibility over all orders too; this takes
            some searches for each guarantee.
        held: red lines on order that an order must honour (indices of all red lines).
    """
    translation = table.bound.translation
    return tuple(
        _report(table, ordered, plan, number, all_plans, held)
        for number in brought_guarantees(translation, ordered)
    )


def _report(
    table: WarTable,
    ordered: OrderedDeal,
    plan: PlanEvaluation,
    number: int,
    all_plans: bool,
    held: Sequence[int],
) -> GuaranteeReport:
    translation = table.bound.translation
    guarantees, actors = translation.guarantees, translation.actors
    own = credibilities(translation, table.bound.own)[0, :, number]
    centre = translation.parameters.value[np.newaxis, np.newaxis]
    assessed = float(credibilities(translation, centre)[0, 0, number])
    margins = margins_by_credibility(table, ordered, plan, number)
    intervals = kept_intervals(margins)
    as_assessed = with_credibility(table, number, np.array([assessed]))
    by = int(guarantees.by[number])
    return GuaranteeReport(
        guarantee=guarantees.names[number],
        by=actors.names[by] if by >= 0 else "",
        protects=tuple(
            name
            for name, side in zip(actors.names, actors.side.tolist(), strict=True)
            if side >= 0 and side == guarantees.protects[number]
        ),
        conditional=bool(guarantees.conditional[number]),
        assessed=assessed,
        believed={
            name: float(own[i])
            for i, name in enumerate(actors.names)
            if abs(own[i] - assessed) > 1e-12
        },
        intervals=intervals,
        by_actor={name: kept_intervals(margins, name) for name in actors.names},
        kept_as_assessed=_kept(table, ordered, plan, as_assessed),
        kept_as_believed=plan.self_enforcing,
        stake=_stake(translation, number, intervals),
        over_all_plans=_over_all_plans(table, ordered, number, held) if all_plans else None,
    )


def kept_intervals(found: PlanMargins, actor: str | None = None) -> tuple[GuaranteeInterval, ...]:
    """Credibilities at which a plan is kept, or one actor's part of it, from margins on the grid.

    Ends are interpolated between grid points, where a margin is linear unless a breach turns from
    frozen to war; each end names the smallest margin at the grid point outside.
    """
    columns = [c for c, one in enumerate(found.constraints) if actor is None or one.actor == actor]
    grid = np.linspace(0.0, 1.0, GRID)
    if not columns:
        return (GuaranteeInterval(0.0, 1.0, None, None),)
    margins = found.constraint_margins[:, columns]
    smallest = margins.min(axis=1)
    weakest = [found.constraints[columns[c]] for c in margins.argmin(axis=1).tolist()]
    kept = smallest >= -TOLERANCE
    intervals: list[GuaranteeInterval] = []
    start: tuple[float, Constraint | None] | None = None
    for n in range(GRID):
        if kept[n] and start is None:
            start = (0.0, None)
            if n:
                start = _crossing(grid, smallest, n - 1), weakest[n - 1]
        if not kept[n] and start is not None:
            end = _crossing(grid, smallest, n - 1)
            intervals.append(GuaranteeInterval(start[0], end, start[1], weakest[n]))
            start = None
    if start is not None:
        intervals.append(GuaranteeInterval(start[0], 1.0, start[1], None))
    return tuple(intervals)


def _crossing(grid: Floats, margins: Floats, n: int) -> float:
    """Where the smallest margin passes 0 between two grid points."""
    left, right = float(margins[n]), float(margins[n + 1])
    share = min(max(-left / (right - left), 0.0), 1.0)
    return float(grid[n] + (grid[n + 1] - grid[n]) * share)


def _kept(table: WarTable, ordered: OrderedDeal, plan: PlanEvaluation, chances: Floats) -> bool:
    assert ordered.problem is not None  # it has a plan
    stages = as_plan(plan)
    states = plan_states(ordered.problem, stages)
    game, _ = game_over_draws(table, ordered.deal, states, chances)
    return evaluate_plan(game, stages).self_enforcing


def _stake(
    translation: Translation, number: int, intervals: Sequence[GuaranteeInterval]
) -> StakeNeeded | None:
    """The stake that reaches the smallest credibility needed, at the analyst's numbers."""
    guarantees = translation.guarantees
    if int(guarantees.credibility_at[number]) >= 0 or not intervals:
        return None
    interest, stake, ceiling = translation.parameters.value[guarantees.derived_at[number]].tolist()
    return StakeNeeded(
        interest=interest,
        stake=stake,
        ceiling=ceiling,
        needed=float(stake_needed(intervals[0].low, interest, ceiling)),
    )


def _over_all_plans(
    table: WarTable, ordered: OrderedDeal, number: int, held: Sequence[int]
) -> OrderScan:
    def game_at(credibility: float) -> ImplementationProblem:
        chances = with_credibility(table, number, np.array([credibility]))
        return package_game(table, ordered.deal, chances)

    pairs = pairs_of(table.bound.translation, ordered.deal, held) or ()
    return scan_best_order(game_at, required_before=pairs, precision=PRECISION)
