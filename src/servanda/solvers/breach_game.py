"""A plan as a game in extensive form: who could depart from it, when, how, and what then comes.

The plan is fixed. In every month of every stage the actors who could breach move one after
another, in the order of the actors: to keep, or one of the breaches open to them, which ends the
game. After completion they move once more at the clock reached and at every later knot. Payoffs
are discounted to signature::

    U_i(all keep) = V_i(∅)        U_i(i breaches) = V_i(∅) - δ_i^M · margin

with M the months since signature, so a subgame-perfect player keeps exactly where the margin is
not negative, and the plan is self-enforcing iff keeping everywhere is subgame perfect. Since a
breach ends the game, the order of the actors within a month changes nothing.

What a breach by one actor leaves to *another* is no part of the order game and decides no margin.
It is filled in so that the tree is complete: the other receives what its own breach of the same
kind would be worth to it once all is known (its own war after an attack, if it is a belligerent),
and the flow of the state reached until then.

The search over orders is not exported: who chooses the order is nobody in the model.

Sources: Selten, R. (1975), Reexamination of the perfectness concept, International Journal of
Game Theory 4; Abreu (1988) for single deviations.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.implementation import Floats, ImplementationProblem
from servanda.problems.state_sets import steps_of
from servanda.results.extensive import Chance, Decision, ExtensiveGame, Outcome
from servanda.results.plan import BreachKind, Constraint, ConstraintMargin, PlanEvaluation
from servanda.solvers.plan import Plan, PlanLayout, evaluate_plan, knot_of, plan_layout

KEEP = "keep"

NOTE = (
    "The breach game of one plan, payoffs discounted to signature; a breach ends it. What a breach "
    "leaves to others is filled in and decides nothing."
)
"""What a reader of the file must know."""

MOST_NODES = 20_000
"""Nodes beyond which no program opens the tree comfortably."""


def breach_game(problem: ImplementationProblem, plan: Plan, title: str = "") -> ExtensiveGame:
    """The tree of one plan.

    Args:
        problem: the game.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        title: of the game; the order of the steps when left out.

    Raises:
        ProblemError: the tree would have more than MOST_NODES nodes.
    """
    layout = plan_layout(problem, plan)
    found = evaluate_plan(problem, plan)
    size = 1 + 2 * len(found.constraints)
    if size > MOST_NODES:
        raise ProblemError(
            f"game tree: up to {size:,} nodes, at most {MOST_NODES:,} are written; a plan with "
            "fewer months has fewer"
        )
    # Keeping is the first move of every node, so the rest of the plan is written before the
    # breaches of that node: all nodes in order, then their breaches from the last node back.
    along: list[Decision] = []
    leaves: list[list[Outcome]] = []
    moments = sorted(range(len(found.constraints)), key=lambda c: _moment(found, c))
    for key, group in groupby(moments, key=lambda c: _moment(found, c)):
        columns = list(group)
        name = _name(found, found.constraints[columns[0]].constraint)
        labels = [_label(found.constraints[c].constraint) for c in columns]
        along.append(Decision(name, key[3], (KEEP, *labels)))
        leaves.append(
            [
                Outcome(f"{name}: {label}", _payoffs(problem, layout, found, c))
                for c, label in zip(columns, labels, strict=True)
            ]
        )
    kept = Outcome("carried out and kept", tuple(found.values[0].tolist()))
    nodes: list[Decision | Chance | Outcome] = [*along, kept]
    for ended in reversed(leaves):
        nodes += ended
    return ExtensiveGame(title or _order_in_words(found), problem.actors, tuple(nodes))


def _moment(found: PlanEvaluation, column: int) -> tuple[int, int, float, int]:
    one = found.constraints[column].constraint
    at_end = one.stage == len(found.stages)
    return one.stage, one.month, one.clock if at_end else 0.0, found.actors.index(one.actor)


def _months_since_signature(found: PlanEvaluation, one: Constraint) -> float:
    """Months from signature to the breach; after completion the clock has run on."""
    if one.stage < len(found.stages):
        return one.plan_month
    reached = min(c.constraint.clock for c in found.constraints if c.constraint.stage == one.stage)
    return found.months + one.clock - reached


def _payoffs(
    problem: ImplementationProblem, layout: PlanLayout, found: PlanEvaluation, column: int
) -> tuple[float, ...]:
    """What everybody has, counted from signature, when this breach happens."""
    breach = found.constraints[column]
    months = _months_since_signature(found, breach.constraint)
    at_breach = [
        breach.breach if name == breach.constraint.actor else _to_other(problem, layout, column, i)
        for i, name in enumerate(problem.actors)
    ]
    start, now = found.values[0], _value_of_keeping(problem, layout, found, breach)
    payoffs = start + problem.discount**months * (np.array(at_breach) - now)
    return tuple(payoffs.tolist())


def _value_of_keeping(
    problem: ImplementationProblem, layout: PlanLayout, found: PlanEvaluation, at: ConstraintMargin
) -> Floats:
    """(A,) value to each actor of carrying on, at the moment of a constraint."""
    one = at.constraint
    if one.month == 0:
        return np.asarray(found.values[one.stage])
    left = problem.discount ** (found.stages[one.stage].months - one.month)
    value: Floats = (1 - left) * _flow(problem, layout, one.stage)
    value += left * found.values[one.stage + 1]
    return value


def _flow(problem: ImplementationProblem, layout: PlanLayout, point: int) -> Floats:
    flow: Floats = problem.flows[layout.rows[point]].copy()
    if layout.fighting[point]:
        flow -= problem.fighting_cost
    return flow


def _to_other(problem: ImplementationProblem, layout: PlanLayout, column: int, actor: int) -> float:
    """Value, at the moment of a breach, to an actor that did not commit it."""
    one = layout.temptations[column]
    delta, row = float(problem.discount[actor]), problem.state_row(one.reached)
    flow = float(problem.flows[row, actor])
    if problem.fighting(one.reached):
        flow -= float(problem.fighting_cost[actor])
    attack = one.kind in {BreachKind.ATTACK, BreachKind.END_ATTACK}
    table = problem.attack if attack and problem.belligerent[actor] else problem.renege
    knot, weight = knot_of(problem.clocks, one.exposed_clock)
    known = float(table[row, knot, actor])
    if weight:
        known += weight * (float(table[row, knot + 1, actor]) - known)
    if not np.isfinite(known):  # an actor that could never breach has no such value
        known = flow
    hidden, lead = delta**one.hidden, delta**one.lead
    value = (1 - hidden) * flow + hidden * known
    if one.point == len(layout.stages):
        return value
    value = (1 - lead) * float(_flow(problem, layout, one.point)[actor]) + lead * value
    under_way = one.kind in {BreachKind.CHEAT, BreachKind.SHIRK}
    if one.month == 0 and under_way:  # the others have begun their part of the stage
        begun = steps_of(int(layout.masks[one.point]))
        value -= (1 - delta) * float(problem.costs[begun, actor].sum())
    return value


def _name(found: PlanEvaluation, one: Constraint) -> str:
    if one.stage == len(found.stages):
        return f"after completion, month {_months_since_signature(found, one):g}, {one.actor}"
    return f"stage {one.stage + 1}, month {one.plan_month}, {one.actor}"


def _label(one: Constraint) -> str:
    return f"{one.kind.value}: {one.step}" if one.step else one.kind.value


def _order_in_words(found: PlanEvaluation) -> str:
    return ", ".join(" + ".join(steps) for steps in found.order)
