"""Who gains the advantage as a plan is carried out, and could ask for more?

Fixed terms hide that every step shifts power at the table. In each state C of a plan those who
could break off bargain over the steps that remain, with breaking off as the disagreement point:
``W_i(C; t)`` for belligerents, ``Z_i(C; t)`` for other owners of a remaining step. With s_i the
value V_i(C) less that, and points that can be handed over one for one,

- i **could ask** for ``Σ_(j≠i) s_j`` before another would rather break off (nothing where another
  already would),
- the **even split** gives i its disagreement value and ``Σ_j s_j / n``, Nash's solution where
  points can be handed over,
- its **advantage** is the even split less V_i: what bargaining again from here would bring it.
  Advantages sum to 0, so their change by a stage says whom the stage favours.

That demands would be made, or met, is not predicted.

Sources: Nash, J. (1950), The bargaining problem, Econometrica 18(2); Fearon, J. (1996), Bargaining
over objects that influence future bargaining power; Powell, R. (2006), War as a commitment problem.
"""

from servanda.problems.implementation import ImplementationProblem
from servanda.results.renegotiation import BargainingState, Renegotiation
from servanda.solvers.plan import Plan, PlanLayout, evaluate_plan, knot_of, plan_layout
from servanda.solvers.playable import named


def renegotiation(problem: ImplementationProblem, plan: Plan) -> Renegotiation:
    """The bargaining range over what remains, at each state of a plan.

    Args:
        problem: the game.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
    """
    layout = plan_layout(problem, plan)
    values = evaluate_plan(problem, plan).values
    states: list[BargainingState] = []
    done = 0
    for k in range(len(layout.stages) + 1):
        outside = _disagreement(problem, layout, k, done)
        at_table = {name: float(values[k, problem.actors.index(name)]) for name in outside}
        before = states[-1].advantage if states else {}
        last = named(problem, layout.stages[k - 1][0]) if k else ""
        states.append(_state(layout, k, last, at_table, outside, before))
        if k < len(layout.stages):
            done |= layout.stages[k][0]
    return Renegotiation(tuple(states))


def _state(
    layout: PlanLayout,
    k: int,
    after: str,
    values: dict[str, float],
    outside: dict[str, float],
    before: dict[str, float],
) -> BargainingState:
    surplus = {name: values[name] - outside[name] for name in values}
    total = sum(surplus.values())
    split = {name: outside[name] + total / len(values) for name in values}
    advantage = {name: split[name] - values[name] for name in values}
    return BargainingState(
        stage=k,
        after=after,
        month=int(layout.start_month[k]),
        clock=float(layout.clock[k]),
        values=values,
        disagreement=outside,
        surplus=surplus,
        could_ask={name: _most(surplus, name) for name in values},
        even_split=split,
        advantage=advantage,
        shift={name: advantage[name] - before[name] for name in advantage if name in before},
    )


def _most(surplus: dict[str, float], actor: str) -> float:
    others = [points for name, points in surplus.items() if name != actor]
    return sum(others) if min(others, default=0.0) >= 0.0 else 0.0


def _disagreement(
    problem: ImplementationProblem, layout: PlanLayout, k: int, done: int
) -> dict[str, float]:
    """What breaking off is worth to each who can, at the start of stage k or at the end."""
    knot, weight = knot_of(problem.clocks, float(layout.clock[k]))
    after = min(knot + 1, len(problem.clocks) - 1)
    row = problem.state_row(done)
    found = {}
    for i, name in enumerate(problem.actors):
        if problem.belligerent[i]:
            table = problem.attack[row, :, i]
        elif problem.owned(problem.full & ~done, i):
            table = problem.renege[row, :, i]
        else:
            continue
        found[name] = float(table[knot] + weight * (table[after] - table[knot]))
    return found
