"""All orders at once, for few steps: which stages lead from which sets of completed steps.

What a stage is worth depends on what follows and on the months of quiet before it, so an edge has
no margin of its own. Here every order is evaluated, and an edge carries what the best order through
it has: its smallest margin, and its smallest margin in that stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.implementation import ImplementationProblem
from servanda.problems.state_sets import closed_sets, steps_of
from servanda.results.plan import PlanEvaluation
from servanda.results.state_lattice import LatticeEdge, StateLattice
from servanda.solvers.plan import Stage, evaluate_plan

MOST_STATES = 64
"""States beyond which a drawing of the lattice cannot be read."""

MOST_ORDERS = 400
"""Orders evaluated."""

Edge = tuple[int, int, bool]
"""State, stage, whether it is verified."""


def state_lattice(problem: ImplementationProblem) -> StateLattice:
    """Every state, every stage, and the best order through each.

    Args:
        problem: the game.

    Raises:
        ProblemError: more than MOST_STATES states or MOST_ORDERS orders.
    """
    masks = [mask for mask, _ in problem.stages]
    states = closed_sets(problem.requires, masks, limit=1 << 16)
    if len(states) > MOST_STATES:
        raise ProblemError(
            f"{len(states):,} sets of completed steps are possible; at most {MOST_STATES} are drawn"
        )
    orders = _count(problem, states.tolist())
    if orders > MOST_ORDERS:
        raise ProblemError(f"{orders:,} orders are possible; at most {MOST_ORDERS} are compared")
    best: dict[Edge, tuple[float, float]] = {}
    for order in _orders(problem, 0):
        plan = evaluate_plan(
            problem, [Stage(tuple(steps_of(mask)), verified) for _, mask, verified in order]
        )
        for number, edge in enumerate(order):
            found = plan.margin, _of_stage(plan, number)
            best[edge] = max(best.get(edge, (-inf, -inf)), found)
    by_size = sorted(states.tolist(), key=lambda state: (state.bit_count(), state))
    return StateLattice(
        steps=problem.steps,
        states=tuple(_labels(problem, state) for state in by_size),
        edges=tuple(
            LatticeEdge(
                before=_labels(problem, state),
                steps=tuple(problem.steps[j] for j in steps_of(mask)),
                verified=verified,
                order_margin=best[state, mask, verified][0],
                stage_margin=_finite(best[state, mask, verified][1]),
            )
            for state, mask, verified in sorted(
                best, key=lambda edge: (edge[0].bit_count(), *edge[:2])
            )
        ),
        orders=orders,
    )


def _open_stages(problem: ImplementationProblem, state: int) -> Iterator[tuple[int, bool]]:
    for mask, verified in problem.stages:
        needs = int(np.bitwise_or.reduce(problem.requires[steps_of(mask)]))
        if not mask & state and needs & ~state == 0:
            yield mask, verified


def _count(problem: ImplementationProblem, states: list[int]) -> int:
    """How many orders there are: paths from nothing done to everything done."""
    paths = dict.fromkeys(states, 0)
    paths[problem.full] = 1
    for state in sorted(states, key=int.bit_count, reverse=True):
        if state != problem.full:
            paths[state] = sum(paths[state | mask] for mask, _ in _open_stages(problem, state))
    return paths[0]


def _orders(problem: ImplementationProblem, state: int) -> Iterator[tuple[Edge, ...]]:
    if state == problem.full:
        yield ()
        return
    for mask, verified in _open_stages(problem, state):
        for rest in _orders(problem, state | mask):
            yield ((state, mask, verified), *rest)


def _of_stage(plan: PlanEvaluation, number: int) -> float:
    held = [m for m in plan.stages[number].smallest_margins.values() if m is not None]
    return min(held, default=inf)


def _labels(problem: ImplementationProblem, state: int) -> frozenset[str]:
    return frozenset(problem.steps[j] for j in steps_of(state))


def _finite(value: float) -> float | None:
    return value if abs(value) < inf else None
