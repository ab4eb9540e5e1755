"""Variants of a plan: which of them can be played at all, and how each is named."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from servanda.problems.implementation import ImplementationProblem, Integers
from servanda.problems.state_sets import steps_of
from servanda.results.plan import PlanEvaluation
from servanda.solvers.plan import Plan, Stage, as_plan, plan_states, read_plan

Masks = tuple[tuple[int, bool], ...]
"""A plan as (bitmask, verified) by stage."""


def as_stages(masks: Sequence[tuple[int, bool]]) -> tuple[Stage, ...]:
    """A plan that `evaluate_plan` reads."""
    return tuple(Stage(tuple(steps_of(mask)), verified) for mask, verified in masks)


def masks_of(problem: ImplementationProblem, evaluation: PlanEvaluation) -> Masks:
    """The stages of an evaluated plan as bitmasks."""
    return read_plan(problem, as_plan(evaluation))


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
    return has_states(problem, plan_states(problem, as_stages(masks)))


def has_states(problem: ImplementationProblem, states: Integers) -> bool:
    """Whether the game's tables cover all of these states."""
    rows = np.minimum(np.searchsorted(problem.states, states), len(problem.states) - 1)
    return bool((problem.states[rows] == states).all())


def narrowed(problem: ImplementationProblem, plan: Plan) -> ImplementationProblem:
    """The same game with tables of one plan's states alone, which is quick to change."""
    states = plan_states(problem, plan)
    rows = [problem.state_row(state) for state in states.tolist()]
    return replace(
        problem,
        states=states,
        flows=problem.flows[rows],
        attack=problem.attack[rows],
        renege=problem.renege[rows],
    )


def named(problem: ImplementationProblem, mask: int) -> str:
    """The steps of a stage, as in "land with guarantee"."""
    return " with ".join(problem.steps[j] for j in steps_of(mask))
