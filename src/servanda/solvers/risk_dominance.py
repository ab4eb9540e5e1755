"""Would two parties who fear each other still exchange? Risk dominance in a joint stage.

In an unverified joint stage of two owners both keeping is an equilibrium when neither gains by
shirking; both holding back is one as well. Which of the two is less risky (Harsanyi and Selten)::

    keep both    V_i   the value of the plan at the stage's start
    shirk alone  X_i   i withholds its part, the other does not
    suffer       S_i   i does its part, the other withholds
    neither      W_i   nobody moves, and the parties look at what is left

    keeping risk-dominates iff (V_1 - X_1)(V_2 - X_2) > (W_1 - S_1)(W_2 - S_2)

S_i is what the state reached is worth to i once it has come to light: the table entry Z_i of that
state, after the other's months undetected. W_i is Z_i(C) at the clock of the stage's end.

Source: Harsanyi, J. and Selten, R. (1988), A General Theory of Equilibrium Selection in Games,
section 5.4.
"""

from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.state_sets import steps_of
from servanda.results.plan import BreachKind, StageDominance
from servanda.solvers.plan import Plan, PlanLayout, evaluate_plan, knot_of, plan_layout


def risk_dominance(problem: ImplementationProblem, plan: Plan) -> tuple[StageDominance, ...]:
    """One entry for every unverified joint stage of the plan that has exactly two owners."""
    layout = plan_layout(problem, plan)
    evaluation = evaluate_plan(problem, plan)
    found = []
    state = 0
    for k, (stage, verified) in enumerate(layout.stages):
        parts = {i: problem.owned(stage, i) for i in range(len(problem.actors))}
        owners = [i for i, own in parts.items() if own]
        if not verified and len(owners) == 2 and all(parts[i] != stage for i in owners):
            a, b = owners
            # The breach value of a shirk at the stage's start, as the plan's constraint has it.
            shirk = {
                one.constraint.actor: one.breach
                for one in evaluation.constraints
                if one.constraint.stage == k
                and one.constraint.month == 0
                and one.constraint.kind == BreachKind.SHIRK
            }
            names = (problem.actors[a], problem.actors[b])
            V = (float(evaluation.values[k, a]), float(evaluation.values[k, b]))
            X = (shirk[names[0]], shirk[names[1]])
            S = (
                _suffered(problem, layout, k, state, a, b),
                _suffered(problem, layout, k, state, b, a),
            )
            W = (
                _nobody_moves(problem, layout, k, state, a),
                _nobody_moves(problem, layout, k, state, b),
            )
            found.append(
                StageDominance(
                    stage=k,
                    steps=tuple(problem.steps[j] for j in steps_of(stage)),
                    owners=names,
                    keep=V,
                    shirk=X,
                    suffer=S,
                    neither=W,
                    keeping_is_equilibrium=min(V[0] - X[0], V[1] - X[1]) >= -TOLERANCE,
                    nobody_moving_is_equilibrium=min(W[0] - S[0], W[1] - S[1]) >= -TOLERANCE,
                    # Harsanyi and Selten (1988): the product of the losses from departing.
                    keeping_risk_dominates=_product(V, X) > _product(W, S) + TOLERANCE,
                )
            )
        state |= stage
    return tuple(found)


def _product(kept: tuple[float, float], departed: tuple[float, float]) -> float:
    """Product of the losses; 0 where departing from it pays, so that it is no equilibrium."""
    return max(kept[0] - departed[0], 0.0) * max(kept[1] - departed[1], 0.0)


def _suffered(
    problem: ImplementationProblem, layout: PlanLayout, k: int, state: int, i: int, other: int
) -> float:
    """Value to i of doing its part while the other withholds its own."""
    stage, _ = layout.stages[k]
    withheld = problem.owned(stage, other)
    reached = state | (stage & ~withheld)
    hidden = min(int(problem.delay[j, other]) for j in steps_of(withheld))
    exposed = int(layout.clock[k + 1]) + (0 if problem.fighting(reached) else hidden)
    delta = float(problem.discount[i])
    share = delta**hidden
    flow = _flow(problem, reached, i)
    after = (1.0 - share) * flow + share * _collapse(problem, reached, exposed, i)
    cost = (1.0 - delta) * float(sum(problem.costs[j, i] for j in steps_of(stage)))
    return _after_months(problem, state, int(layout.months[k]), i, after) - cost


def _nobody_moves(
    problem: ImplementationProblem, layout: PlanLayout, k: int, state: int, i: int
) -> float:
    """Value to i when neither does its part and both find out at the stage's end."""
    collapse = _collapse(problem, state, int(layout.clock[k + 1]), i)
    return _after_months(problem, state, int(layout.months[k]), i, collapse)


def _after_months(
    problem: ImplementationProblem, state: int, months: int, i: int, after: float
) -> float:
    share = float(problem.discount[i]) ** months
    return (1.0 - share) * _flow(problem, state, i) + share * after


def _flow(problem: ImplementationProblem, state: int, i: int) -> float:
    flow = float(problem.flows[problem.state_row(state), i])
    return flow - float(problem.fighting_cost[i]) if problem.fighting(state) else flow


def _collapse(problem: ImplementationProblem, state: int, clock: int, i: int) -> float:
    knot, weight = knot_of(problem.clocks, clock)
    values = problem.renege[problem.state_row(state), :, i]
    return float(values[knot] + weight * (values[min(knot + 1, len(values) - 1)] - values[knot]))
