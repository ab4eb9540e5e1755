"""Variants of a plan: which of them can be played at all, and how each is named."""

from collections.abc import Sequence

import numpy as np

from servanda.problems.implementation import ImplementationProblem, steps_of
from servanda.results.plan import PlanEvaluation
from servanda.solvers.plan import Stage, plan_states, read_plan

Masks = tuple[tuple[int, bool], ...]
"""A plan as (bitmask, verified) by stage."""


def as_stages(masks: Sequence[tuple[int, bool]]) -> tuple[Stage, ...]:
    """A plan that `evaluate_plan` reads."""
    return tuple(Stage(tuple(steps_of(mask)), verified) for mask, verified in masks)


def masks_of(problem: ImplementationProblem, evaluation: PlanEvaluation) -> Masks:
    """The stages of an evaluated plan as bitmasks."""
    return read_plan(problem, [Stage(one.steps, one.verified) for one in evaluation.stages])


def in_turn(problem: ImplementationProblem, masks: Sequence[tuple[int, bool]]) -> bool:
    """Whether every stage begins after the prerequisites of its steps."""
    done = 0
    for mask, _ in masks:
        if any(int(problem.requires[j]) & ~done for j in steps_of(mask)):
            return False
        done |= mask
    return True


def covered(problem: ImplementationProblem, masks: Sequence[tuple[int, bool]]) -> bool:
    """Whether the game's tables cover every state that a plan reads."""
    return bool(np.isin(plan_states(problem, as_stages(masks)), problem.states).all())


def playable(problem: ImplementationProblem, masks: Sequence[tuple[int, bool]]) -> bool:
    """Whether a plan respects the prerequisites and the tables cover it."""
    return in_turn(problem, masks) and covered(problem, masks)


def named(problem: ImplementationProblem, mask: int) -> str:
    """The steps of a stage, as in "land with guarantee"."""
    return " with ".join(problem.steps[j] for j in steps_of(mask))
