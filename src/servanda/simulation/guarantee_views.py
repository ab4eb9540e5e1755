"""For which credibility of a guarantee a plan is kept, beside what it is thought to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from servanda.problems.parameters import Floats
from servanda.problems.translation import Translation
from servanda.results.analysis import Band, Credibility, Window
from servanda.results.plan import PlanEvaluation, PlanMargins
from servanda.simulation.ensemble import Draws
from servanda.solvers.best_order import best_order
from servanda.solvers.collapse import credibilities
from servanda.solvers.orders import LABELS, OrderedDeal, pairs_of
from servanda.solvers.package_game import bare_game, game_over_draws, package_game
from servanda.solvers.plan import as_plan, plan_margins, plan_states
from servanda.solvers.war_table import WarTable

GRID = 51
"""Credibilities at which a plan is evaluated; crossings are interpolated between them, where the
margin is linear unless a breach turns from frozen to war."""

COARSE, BISECTIONS = 11, 3
"""Credibilities at which the best order is searched from below, and steps by which the smallest
one that suffices is then closed in on."""


def windows(table: WarTable, ordered: OrderedDeal, plan: PlanEvaluation) -> tuple[Window, ...]:
    """The credibilities at which a plan is kept, one guarantee at a time, the others held."""
    translation = table.bound.translation
    found = []
    for guarantee in brought_guarantees(translation, ordered):
        margins = margins_by_credibility(table, ordered, plan, guarantee)
        found.append(_window(translation, guarantee, margins))
    return tuple(found)


def credibility_views(
    translation: Translation,
    table: WarTable,
    drawn: Draws,
    ordered: OrderedDeal,
    held: Sequence[int],
) -> tuple[Credibility, ...]:
    """Assessed and believed credibility of every guarantee, and the least that any order needs."""
    own = table.bound.own
    believed = credibilities(translation, own)[0]
    central_value = translation.parameters.value[np.newaxis, np.newaxis]
    analyst = credibilities(translation, central_value)[0, 0]
    over_draws = credibilities(translation, drawn.theta[:, np.newaxis])[:, 0]
    brought = brought_guarantees(translation, ordered)
    views = []
    for number, name in enumerate(translation.guarantees.names):
        low, median, high = np.percentile(over_draws[:, number], [5.0, 50.0, 95.0])
        views.append(
            Credibility(
                guarantee=name,
                assessed=Band(float(analyst[number]), float(low), float(median), float(high)),
                believed={
                    actor: float(believed[place, number])
                    for place, actor in enumerate(translation.actors.names)
                    if abs(believed[place, number] - analyst[number]) > 1e-12
                },
                needed=_needed(table, ordered, number, held) if number in brought else None,
            )
        )
    return tuple(views)


def brought_guarantees(translation: Translation, ordered: OrderedDeal) -> list[int]:
    """Guarantees that some step of the package brings into force."""
    brings = translation.steps.brings
    return sorted({g for step in ordered.deal.steps.tolist() for g in brings[step]})


def with_credibility(table: WarTable, guarantee: int, values: Floats) -> Floats:
    """Credibilities (N, A, G) in which everybody gives one guarantee the same credibility."""
    base = credibilities(table.bound.translation, table.bound.own)
    changed = np.repeat(base, len(values), axis=0)
    changed[:, :, guarantee] = values[:, np.newaxis]
    return changed


def margins_by_credibility(
    table: WarTable, ordered: OrderedDeal, plan: PlanEvaluation, guarantee: int
) -> PlanMargins:
    """One plan with one guarantee at every credibility of the grid, the others held."""
    stages = as_plan(plan)
    states = plan_states(bare_game(table, ordered.deal), stages)
    chances = with_credibility(table, guarantee, np.linspace(0.0, 1.0, GRID))
    problem, payoffs = game_over_draws(table, ordered.deal, states, chances)
    return plan_margins(problem, payoffs, stages)


def _window(translation: Translation, guarantee: int, found: PlanMargins) -> Window:
    grid = np.linspace(0.0, 1.0, GRID)
    margins = found.margins
    kept = margins >= -1e-9
    intervals: list[tuple[float, float]] = []
    start = None
    for n in range(GRID):
        if kept[n] and start is None:
            start = 0.0 if n == 0 else _crossing(grid, margins, n - 1)
        if start is not None and not kept[n]:
            intervals.append((start, _crossing(grid, margins, n - 1)))
            start = None
    if start is not None:
        intervals.append((start, 1.0))
    below = np.flatnonzero(~kept & (grid < (intervals[0][0] if intervals else 2.0)))
    above = np.flatnonzero(~kept & (grid > intervals[-1][1])) if intervals else np.zeros(0, int)
    return Window(
        guarantee=translation.guarantees.names[guarantee],
        intervals=tuple(intervals),
        binding_low=_who(found, int(below[-1])) if below.size else "",
        binding_high=_who(found, int(above[0])) if above.size else "",
    )


def _crossing(grid: Floats, margins: Floats, n: int) -> float:
    """Where the margin passes 0 between two grid points."""
    left, right = margins[n], margins[n + 1]
    if left == right:
        return float(grid[n])
    return float(grid[n] + (grid[n + 1] - grid[n]) * np.clip(-left / (right - left), 0.0, 1.0))


def _who(found: PlanMargins, row: int) -> str:
    column = int(found.weakest[row])
    return found.constraints[column].actor if column >= 0 else ""


def _needed(
    table: WarTable, ordered: OrderedDeal, guarantee: int, held: Sequence[int]
) -> float | None:
    """Least credibility at which some order is kept, the others held; None when none suffices."""
    pairs = pairs_of(table.bound.translation, ordered.deal, held)
    if pairs is None:
        pairs = ()

    def keeps(credibility: float) -> bool:
        chances = with_credibility(table, guarantee, np.array([credibility]))
        game = package_game(table, ordered.deal, chances)
        return best_order(game, required_before=pairs, budget=LABELS).self_enforcing

    # too much credibility can tempt those it protects, so the search goes up from 0
    grid = np.linspace(0.0, 1.0, COARSE)
    first = next((n for n, credibility in enumerate(grid.tolist()) if keeps(credibility)), None)
    if first is None:
        return None
    low, high = float(grid[max(first - 1, 0)]), float(grid[first])
    for _ in range(BISECTIONS if first else 0):
        middle = (low + high) / 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high
