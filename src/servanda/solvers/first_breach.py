"""Where a plan first breaks: who, when, how, for what gain, and what follows.

The constraints of a plan are looked at in the order of its path; the first moment at which one is
violated is where the plan breaks. Of several temptations at that moment the largest is named. The
breacher's own value is in the game's tables; what the others get is not, and is asked of
``aftermath`` where somebody knows (`servanda.solvers.breach_aftermath` for a scenario).
"""

from collections.abc import Callable

from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.state_sets import steps_of
from servanda.results.plan import BreachKind, Constraint, PlanEvaluation
from servanda.results.repairs import Aftermath, FirstBreach
from servanda.solvers.plan import Plan, evaluate_plan, read_plan, step_index

After = Callable[[int, int, float, bool], Aftermath]
"""(actor, state once the breach shows, months of quiet then, whether it is an attack)."""

ATTACKS = (BreachKind.ATTACK, BreachKind.END_ATTACK)
UNDOINGS = (BreachKind.UNDO, BreachKind.END_UNDO)


def first_breach(
    problem: ImplementationProblem, plan: Plan, *, aftermath: After | None = None
) -> FirstBreach | None:
    """The first breach on a plan's path; None where everybody keeps the plan.

    Args:
        problem: the game.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        aftermath: what follows a breach, where known.
    """
    evaluation = evaluate_plan(problem, plan)
    broken = [one for one in evaluation.constraints if one.margin < -TOLERANCE]
    if not broken:
        return None
    moment = min((one.constraint.stage, one.constraint.month) for one in broken)
    here = [one for one in broken if (one.constraint.stage, one.constraint.month) == moment]
    here.sort(key=lambda one: one.margin)  # stable: ties in the order of constraints
    first = here[0]
    done = state_at(problem, plan, moment[0])
    state, clock = state_reached(problem, plan, evaluation, first.constraint)
    after = None
    if aftermath is not None:
        actor = problem.actors.index(first.constraint.actor)
        after = aftermath(actor, state, clock, first.constraint.kind in ATTACKS)
    return FirstBreach(
        breach=first,
        gain=-first.margin,
        done=labels(problem, done),
        left=labels(problem, problem.full & ~state),
        others=tuple(here[1:]),
        aftermath=after,
    )


def state_at(problem: ImplementationProblem, plan: Plan, stage: int) -> int:
    """Bitmask of the steps done when a stage begins; the number of stages stands for the end."""
    return sum(mask for mask, _ in read_plan(problem, plan)[:stage])


def state_reached(
    problem: ImplementationProblem, plan: Plan, evaluation: PlanEvaluation, constraint: Constraint
) -> tuple[int, float]:
    """State and months of quiet once a breach has come to light."""
    stages = read_plan(problem, plan)
    actor = problem.actors.index(constraint.actor)
    state, clock = state_at(problem, plan, constraint.stage), constraint.clock
    if constraint.kind in UNDOINGS:
        step = step_index(problem, constraint.step)
        state &= ~(1 << step)
        hidden = int(problem.delay[step, actor])
    elif constraint.kind == BreachKind.SHIRK:
        stage, _ = stages[constraint.stage]
        own = problem.owned(stage, actor)
        state |= stage & ~own
        hidden = min(int(problem.delay[j, actor]) for j in steps_of(own))
        following = evaluation.stages[constraint.stage + 1 : constraint.stage + 2]
        begun = evaluation.stages[constraint.stage]
        moving = not problem.fighting(state_at(problem, plan, constraint.stage))
        clock = following[0].clock if following else begun.clock + begun.months * moving
    elif constraint.kind == BreachKind.CHEAT:
        hidden = int(problem.delay[step_index(problem, constraint.step), actor])
    else:
        hidden = 0
    return state, clock + (0 if problem.fighting(state) else hidden)


def labels(problem: ImplementationProblem, state: int) -> tuple[str, ...]:
    """Labels of the steps of a state."""
    return tuple(problem.steps[j] for j in steps_of(state))
