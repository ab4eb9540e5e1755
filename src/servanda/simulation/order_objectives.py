"""The order that is best by another objective than its smallest margin."""

from __future__ import annotations

from servanda.errors import ProblemError
from servanda.problems.parameters import central
from servanda.results.plan import Objective
from servanda.simulation.centre import Ground
from servanda.solvers.best_order import best_order
from servanda.solvers.likeliest_order import likeliest_order
from servanda.solvers.orders import BEST, LABELS, OrderedDeal, pairs_of
from servanda.solvers.package_chance import NOISE, package_chance
from servanda.solvers.plan import Stage, as_plan, evaluate_plan

COMPLETION = "completion"
"""The largest probability of being carried through, votes and governments and errors included."""

OBJECTIVES = {
    Objective.NASH.value: "Fairest to those who sign",
    Objective.MONTHS.value: "Quickest that is kept",
    COMPLETION: "Likeliest to be carried through",
}
"""Objectives that may be asked for beside the margin, and what their orders are called."""

PLANS = 200
"""Plans evaluated in search of the likeliest."""


def add_objective(ground: Ground, ordered: OrderedDeal, objective: str) -> None:
    """Look for the order that is best by an objective among those that honour the red lines held.

    It is entered among the orders of the deal under the objective's name, or why there is none.
    """
    translation = ground.translation
    ordered.searches[objective] = None
    pairs = pairs_of(translation, ordered.deal, ground.held)
    if ordered.problem is None or pairs is None:
        ordered.reasons[objective] = ordered.reasons.get(BEST, "")
        return
    try:
        if objective == COMPLETION:
            _likeliest(ground, ordered, pairs)
            return
        signs = translation.actors.signs
        found = best_order(
            ordered.problem,
            objective=Objective(objective),
            reservation={
                name: float(value)
                for name, value, one in zip(
                    translation.actors.names, ground.reservation, signs, strict=True
                )
                if one
            }
            if objective == Objective.NASH
            else None,
            required_before=pairs,
            budget=LABELS,
        )
    except ProblemError as error:
        ordered.reasons[objective] = str(error)
        return
    if found.plan is None:
        ordered.reasons[objective] = found.status.sentence
    else:
        ordered.searches[objective] = found


def _likeliest(ground: Ground, ordered: OrderedDeal, pairs: tuple[tuple[int, int], ...]) -> None:
    problem, deal, table = ordered.problem, ordered.deal, ground.table
    assert problem is not None  # looked at before
    theta = central(ground.translation.parameters)
    game = package_chance(table, theta, deal, problem.states)
    starts = [as_plan(plan) for plan in ordered.plans.values()]
    found = likeliest_order(game, noise=NOISE, starts=starts, required_before=pairs, budget=PLANS)
    if found.plan is None:
        ordered.reasons[COMPLETION] = found.sentence
        return
    del ordered.searches[COMPLETION]
    declared = dict(problem.stages)
    plan = [_stage(problem.steps, declared, names) for names in found.plan.order]
    ordered.given[COMPLETION] = evaluate_plan(problem, plan)


def _stage(steps: tuple[str, ...], declared: dict[int, bool], names: tuple[str, ...]) -> Stage:
    mask = sum(1 << steps.index(name) for name in names)
    return Stage(names, declared.get(mask, False))
