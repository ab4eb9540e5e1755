"""A scenario's plans over draws, as the actors and the analyst see them; and their repairs.

The thin layer between a scenario and the arrays-level solvers: it lays out the games they ask for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from servanda.problems.implementation import ImplementationProblem
from servanda.problems.parameters import Floats, belief
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_view, bind_war
from servanda.results.plan import PlanEvaluation, PlanMargins
from servanda.results.plan_comparison import PlanViews
from servanda.results.repairs import FirstBreach, Repair, RepairKind
from servanda.simulation.guarantee_views import brought_guarantees, with_credibility
from servanda.solvers.belief_comparison import compare_beliefs
from servanda.solvers.breach_aftermath import breach_aftermath
from servanda.solvers.collapse import credibilities
from servanda.solvers.first_breach import first_breach
from servanda.solvers.orders import OrderedDeal
from servanda.solvers.package_game import game_over_draws
from servanda.solvers.plan import Plan, as_plan, plan_margins, plan_states
from servanda.solvers.repairs import At, Split, smallest_repairs
from servanda.solvers.side_payment import Fund
from servanda.solvers.war_table import WarTable


def plan_views(
    translation: Translation,
    theta: Floats,
    ordered: OrderedDeal,
    plan: Plan,
    *,
    threads: int | None = None,
) -> PlanViews:
    """The margins of one plan in own beliefs, in the analyst's and as each actor sees everybody.

    Args:
        translation: the scenario in integers.
        theta: (D, P) draws, or the central values.
        ordered: the package with its game.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        threads: for the war tables.
    """
    assert ordered.problem is not None  # it has a plan
    states = plan_states(ordered.problem, plan)

    def margins(table: WarTable) -> PlanMargins:
        game, payoffs = game_over_draws(table, ordered.deal, states)
        return plan_margins(game, payoffs, plan)

    def seen(view: Floats) -> PlanMargins:
        return margins(WarTable(bind_view(translation, view), threads=threads))

    params = translation.parameters
    own = margins(WarTable(bind_war(translation, theta), threads=threads))
    analyst = seen(theta)
    believers = [
        (name, i)
        for i, name in enumerate(params.actors)
        if (params.believed[i] != np.arange(len(params.paths))).any()
    ]
    of = {name: seen(belief(params, theta, i)) for name, i in believers}
    return PlanViews(own, analyst, of, compare_beliefs(own, analyst))


def plan_repairs(
    table: WarTable,
    ordered: OrderedDeal,
    plan: PlanEvaluation,
    *,
    split: Split | None = None,
    divisible: Sequence[str] = (),
    funds: Sequence[Fund] = (),
    kinds: Sequence[RepairKind] = tuple(RepairKind),
) -> tuple[Repair, ...]:
    """The smallest repairs of one order of a package, its guarantees among them.

    Args:
        table: of the central values.
        ordered: the package with its game.
        plan: one of its orders.
        split, divisible, funds, kinds: as in `servanda.solvers.repairs.smallest_repairs`.
    """
    assert ordered.problem is not None  # it has a plan
    stages = as_plan(plan)
    states = plan_states(ordered.problem, stages)
    translation = table.bound.translation
    centre = translation.parameters.value[np.newaxis, np.newaxis]
    assessed = credibilities(translation, centre)[0, 0]

    def with_guarantee(number: int) -> At:
        def game_at(credibility: float) -> ImplementationProblem:
            chances = with_credibility(table, number, np.array([credibility]))
            return game_over_draws(table, ordered.deal, states, chances)[0]

        return game_at

    numbers = brought_guarantees(translation, ordered)
    names = translation.guarantees.names
    credibility: Mapping[str, At] = {names[g]: with_guarantee(g) for g in numbers}
    return smallest_repairs(
        ordered.problem,
        stages,
        credibility=credibility,
        assessed={names[g]: float(assessed[g]) for g in numbers},
        split=split,
        divisible=divisible,
        funds=funds,
        kinds=kinds,
    )


def plan_breach(table: WarTable, ordered: OrderedDeal, plan: PlanEvaluation) -> FirstBreach | None:
    """Where a scenario's plan first breaks and what everybody is left with; None if it is kept."""
    assert ordered.problem is not None  # it has a plan
    after = breach_aftermath(table, ordered.deal)
    return first_breach(ordered.problem, as_plan(plan), aftermath=after)
