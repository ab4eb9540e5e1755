"""Steps that cannot be undone by those who did them, and steps that others undo after a breach.

**Locking** a step takes away an actor's power to undo it: the temptations to undo go, nothing else
changes, so the smallest set of powers to take away is that of the temptations which pay.

**Snap-back** lets a reverser undo a step once somebody else has broken the agreement (automatic,
or from escrow). What a breach by i in state C is worth then is what it is worth in the state
without the step: ``W_i(C) := W_i(C∖j)``, ``Z_i(C) := Z_i(C∖j)`` for every i but the reverser.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.results.plan import PlanEvaluation
from servanda.solvers.first_breach import UNDOINGS
from servanda.solvers.plan import Plan, evaluate_plan, step_index

Pair = tuple[int, int]
"""(step, actor)."""

MOST_PAIRS = 2
"""Most snap-backs tried together."""


@dataclass(frozen=True, eq=False)
class Reversal:
    """The smallest change of who can undo what, or the best tried.

    Attributes:
        plan: the plan under the change, evaluated; None where there was nothing to try.
        pairs: (step, actor) locked against, or given snap-back to.
        uncovered: steps that could not be looked at, for lack of tables of the states without.
    """

    plan: PlanEvaluation | None
    pairs: tuple[Pair, ...]
    uncovered: tuple[str, ...] = ()


def locks(problem: ImplementationProblem, plan: Plan) -> Reversal:
    """The fewest powers to undo a step that must go for nobody to gain by undoing."""
    pairs = {
        (step_index(problem, one.constraint.step), problem.actors.index(one.constraint.actor))
        for one in evaluate_plan(problem, plan).constraints
        if one.constraint.kind in UNDOINGS and one.margin < -TOLERANCE
    }
    if not pairs:
        return Reversal(None, ())
    listed = tuple(sorted(pairs))
    return Reversal(evaluate_plan(locked(problem, listed), plan), listed)


def locked(problem: ImplementationProblem, pairs: Sequence[Pair]) -> ImplementationProblem:
    """The game in which these actors can no longer undo these steps."""
    reversible = problem.reversible.copy()
    for step, actor in pairs:
        reversible[step, actor] = False
    return replace(problem, reversible=reversible)


def snap_backs(problem: ImplementationProblem, plan: Plan) -> Reversal:
    """The fewest snap-backs, of up to two, that make a plan self-enforcing.

    Among equally many the largest margin, then the first step and actor.
    """
    actors = range(len(problem.actors))
    known = [j for j in range(problem.n_steps) if _covered(problem, j)]
    pairs = [(j, i) for j in known for i in actors]
    before = evaluate_plan(problem, plan)
    best = Reversal(None, ())
    helpful: list[Pair] = []
    for count in range(1, MOST_PAIRS + 1):
        for chosen in combinations(pairs if count == 1 else helpful, count):
            here = evaluate_plan(with_snap_back(problem, chosen), plan)
            if count == 1 and _helps(before, here):
                helpful.extend(chosen)
            if best.plan is None or here.margin > best.plan.margin + TOLERANCE:
                best = Reversal(here, chosen)
        if best.plan is not None and best.plan.self_enforcing:
            break
    uncovered = tuple(problem.steps[j] for j in range(problem.n_steps) if j not in known)
    return Reversal(best.plan, best.pairs, uncovered)


def with_snap_back(problem: ImplementationProblem, pairs: Sequence[Pair]) -> ImplementationProblem:
    """The game in which these actors undo these steps after a breach by anybody else."""
    attack, renege = problem.attack, problem.renege
    for step, reverser in pairs:
        has = (problem.states >> step) & 1 == 1
        rows = np.searchsorted(problem.states, problem.states & ~np.int64(1 << step))
        others = np.arange(len(problem.actors)) != reverser
        change = has[:, np.newaxis, np.newaxis] & others
        attack = np.where(change, attack[rows], attack)
        renege = np.where(change, renege[rows], renege)
    return replace(problem, attack=attack, renege=renege)


def _helps(before: PlanEvaluation, after: PlanEvaluation) -> bool:
    """Whether any breach that paid pays less."""
    both = zip(before.constraints, after.constraints, strict=True)
    return any(one.margin < -TOLERANCE and other.margin > one.margin for one, other in both)


def _covered(problem: ImplementationProblem, step: int) -> bool:
    """Whether the tables hold every state also without the step."""
    return bool(np.isin(problem.states & ~np.int64(1 << step), problem.states).all())
