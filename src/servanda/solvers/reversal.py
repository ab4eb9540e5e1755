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
from math import inf

import numpy as np

from servanda.problems.implementation import (
    TOLERANCE,
    Floats,
    ImplementationProblem,
    Integers,
    PayoffDraws,
    single_draw,
)
from servanda.problems.state_sets import mask_of
from servanda.results.plan import PlanEvaluation
from servanda.solvers.first_breach import UNDOINGS
from servanda.solvers.plan import Plan, evaluate_plan, plan_margins, plan_states, step_index
from servanda.solvers.playable import has_states, narrowed

Pair = tuple[int, int]
"""(step, actor)."""

Pairs = tuple[Pair, ...]

CHUNK = 256
"""Sets of snap-backs whose tables are held at once."""

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
    problem = narrowed(problem, plan)
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
    states = plan_states(problem, plan)
    known = [j for j in range(problem.n_steps) if has_states(problem, states & ~np.int64(1 << j))]
    helpful = [(j, i) for j in known for i in range(len(problem.actors))]
    uncovered = tuple(problem.steps[j] for j in range(problem.n_steps) if j not in known)
    best: tuple[float, tuple[Pair, ...]] = (-inf, ())
    for count in range(1, MOST_PAIRS + 1):
        listed = [
            chosen
            for chosen in combinations(helpful, count)
            if has_states(problem, states & ~np.int64(mask_of(step for step, _ in chosen)))
        ]
        found = _together(problem, plan, states, listed)
        for chosen, (margin, _) in zip(listed, found, strict=True):
            if margin > best[0] + TOLERANCE:
                best = margin, chosen
        if best[0] >= -TOLERANCE:
            break
        both = zip(listed, found, strict=True)
        helpful = [chosen[0] for chosen, (_, helps) in both if helps]
    if not best[1]:
        return Reversal(None, (), uncovered)
    mended = evaluate_plan(with_snap_back(problem, best[1], states), plan)
    return Reversal(mended, best[1], uncovered)


def with_snap_back(
    problem: ImplementationProblem, pairs: Sequence[Pair], states: Integers | None = None
) -> ImplementationProblem:
    """The game in which these actors undo these steps after a breach by anybody else.

    Args:
        problem: the game; its tables must cover the states without the steps.
        pairs: (step, reverser).
        states: (S,) the states for which tables are wanted; all of the game's when left out.
    """
    wanted = problem.states if states is None else states
    attack, renege = _tables(problem, pairs, wanted)
    flows = problem.flows[np.searchsorted(problem.states, wanted)]
    return replace(problem, states=wanted, flows=flows, attack=attack, renege=renege)


def _tables(
    problem: ImplementationProblem, pairs: Sequence[Pair], states: Integers
) -> tuple[Floats, Floats]:
    """Attack and renege (S, T, A): each actor's breach is met by the reversals of all others."""
    rows = np.searchsorted(problem.states, states)
    attack, renege = problem.attack[rows], problem.renege[rows]
    for i in range(len(problem.actors)):
        undone = mask_of(step for step, reverser in pairs if reverser != i)
        left = np.searchsorted(problem.states, states & ~np.int64(undone))
        attack[..., i], renege[..., i] = problem.attack[left, :, i], problem.renege[left, :, i]
    return attack, renege


def _together(
    problem: ImplementationProblem, plan: Plan, states: Integers, listed: Sequence[Pairs]
) -> list[tuple[float, bool]]:
    """Smallest margin under each set of snap-backs, and whether any breach that paid pays less."""
    small = narrowed(problem, plan)
    own = single_draw(small)
    before = plan_margins(small, own, plan).constraint_margins
    found: list[tuple[float, bool]] = []
    for first in range(0, len(listed), CHUNK):
        tables = [_tables(problem, chosen, states) for chosen in listed[first : first + CHUNK]]
        draws = PayoffDraws(
            attack=np.stack([attack for attack, _ in tables]),
            renege=np.stack([renege for _, renege in tables]),
            **{
                name: np.repeat(getattr(own, name), len(tables), axis=0)
                for name in ("discount", "costs", "gain", "fighting_cost", "flows")
            },
        )
        here = plan_margins(small, draws, plan)
        helps = np.any((before < -TOLERANCE) & (here.constraint_margins > before), axis=1)
        found += list(zip(here.margins.tolist(), helps.tolist(), strict=True))
    return found
