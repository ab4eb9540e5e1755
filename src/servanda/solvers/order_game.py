"""An implementation problem laid out for search: pairs, the stages between them, constraints."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels.order_breaches import Rules, end_margins
from servanda.kernels.order_graph import Graph, Pairs, Stages, order_graph
from servanda.problems.implementation import ImplementationProblem
from servanda.problems.state_sets import (
    among,
    closed_sets,
    distinct,
    mask_of,
    needed_states,
    steps_of,
)
from servanda.solvers.plan import StageLike, read_stage, step_index

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

PAIR_LIMIT = 5_000_000
"""Most pairs of a closed set and its months laid out."""

NEVER = 1 << 40
"""A month that no plan reaches."""


@dataclass(frozen=True, eq=False)
class OrderGame:
    """A problem laid out for search.

    Attributes:
        problem: what was laid out.
        stages: (bitmask, verified) in lexicographic order of their steps.
        sets: (n_sets,) closed sets of completed steps, ascending.
        graph: pairs, edges and lines.
        highest, lowest: (P, A) value to each actor from each pair on, over all orders.
        end_margins: (n_end_pairs, k) margins after completion, infinite where there is none.
    """

    problem: ImplementationProblem
    stages: tuple[tuple[int, bool], ...]
    sets: Integers
    graph: Graph
    highest: Floats
    lowest: Floats
    end_margins: Floats


def lay_out(
    problem: ImplementationProblem,
    *,
    required_before: Iterable[tuple[int | str, int | str]] = (),
    together: Iterable[StageLike] = (),
    merge: bool = True,
) -> OrderGame | None:
    """Pairs, stages between them and constraints; None where K cannot be reached."""
    requires = problem.requires.copy()
    for first, then in required_before:
        requires[step_index(problem, then)] |= 1 << step_index(problem, first)
    stages = _usable_stages(problem, together)
    sets = closed_sets(requires, [mask for mask, _ in stages])
    if int(sets[-1]) != problem.full:
        return None
    needed = needed_states(requires, stages, problem.owners, problem.reversible)
    missing = needed[~among(needed, problem.states)]
    if len(missing):
        problem.state_row(int(missing[0]))
    rules = rules_of(problem)
    listed = Stages(
        mask=np.array([mask for mask, _ in stages], dtype=np.int64),
        need=np.array(
            [int(np.bitwise_or.reduce(requires[steps_of(mask)])) for mask, _ in stages],
            dtype=np.int64,
        ),
        months=np.array([problem.stage_months(mask) for mask, _ in stages], dtype=np.int64),
        verified=np.array([verified for _, verified in stages], dtype=np.bool_),
        by=np.array([_earliest(problem.deadline[steps_of(mask)]) for mask, _ in stages]),
        dated=mask_of(np.flatnonzero(problem.deadline >= 0).tolist()),
    )
    pairs = _reachable(sets, listed, rules.ceasefire, rules.clock_last)
    if problem.full != sets[pairs.of[-1]]:
        return None
    graph, highest, lowest = order_graph(rules, listed, sets, pairs, merge)
    ends = [int(t) for t in graph.pair_clock[~np.isnan(graph.end_margin)]]
    after = np.array([end_margins(rules, problem.full, t) for t in ends])
    return OrderGame(problem, stages, sets, graph, highest, lowest, after)


def _reachable(sets: Integers, stages: Stages, ceasefire: int, clock_last: int) -> Pairs:
    """Every pair some order reaches within the deadlines, level by level of stages used."""
    clocks = clock_last + 1
    month_last = int(stages.by[stages.by < NEVER].max(initial=0))
    months = month_last + 1
    frontier = np.zeros(1, dtype=np.int64)
    seen = frontier
    while len(frontier):
        row, month, clock = _unpack(frontier, months, clocks)
        done = sets[row]
        quiet = (ceasefire == 0) | (done & ceasefire != 0)
        reached = []
        for mask, need, duration, by in zip(
            stages.mask, stages.need, stages.months, stages.by, strict=True
        ):
            use = (done & mask == 0) & (done & need == need) & (month + duration <= by)
            after = done[use] | mask
            ends = np.where(stages.dated & ~after != 0, month[use] + duration, 0)
            clock_then = np.where(quiet[use], np.minimum(clock[use] + duration, clock_last), 0)
            code = (np.searchsorted(sets, after) * months + ends) * clocks + clock_then
            reached.append(code[ends <= month_last])
        frontier = distinct(np.concatenate(reached))
        frontier = frontier[~among(frontier, seen)]
        seen = distinct(np.concatenate([seen, frontier]))
        if len(seen) > PAIR_LIMIT:
            raise ProblemError(
                f"clocks: more than {PAIR_LIMIT} combinations of steps done and months passed are "
                "possible; end the knots earlier, drop deadlines or add prerequisites"
            )
    row, month, clock = _unpack(seen, months, clocks)
    return Pairs(seen, row, clock, month, month_last)


def _unpack(code: Integers, months: int, clocks: int) -> tuple[Integers, Integers, Integers]:
    """Row of the set, month and clock of each code."""
    return code // clocks // months, code // clocks % months, code % clocks


def _earliest(deadlines: Integers) -> int:
    given = deadlines[deadlines >= 0]
    return int(given.min()) if len(given) else NEVER


def _usable_stages(
    problem: ImplementationProblem, together: Iterable[StageLike]
) -> tuple[tuple[int, bool], ...]:
    forced = [read_stage(problem, group) for group in together]
    taken = 0
    for mask, _ in forced:
        if mask & taken:
            raise ProblemError(f"together: {problem.name_state(mask & taken)} stands in two groups")
        taken |= mask
    free = [stage for stage in problem.stages if not stage[0] & taken]
    return tuple(sorted(dict.fromkeys([*forced, *free]), key=lambda one: (steps_of(one[0]), one)))


def rules_of(problem: ImplementationProblem) -> Rules:
    """The problem for the compiler, with powers of the discount and the clock month by month."""
    clock_last = int(problem.clocks[-1])
    months = np.arange(clock_last + 1)
    knot = np.searchsorted(problem.clocks, months, side="right").astype(np.int64) - 1
    after = np.minimum(knot + 1, len(problem.clocks) - 1)
    width = np.where(after > knot, problem.clocks[after] - problem.clocks[knot], 1.0)
    longest = max(int(problem.delay.max()), int(problem.months.max()))
    factors = np.repeat(problem.discount[:, None], longest + 1, axis=1)
    factors[:, 0] = 1.0
    return Rules(
        discount=problem.discount,
        power=np.cumprod(factors, axis=1, dtype=np.float64),
        belligerent=problem.belligerent,
        owners=problem.owners,
        delay=problem.delay,
        gain=problem.gain,
        reversible=problem.reversible,
        costs=problem.costs,
        fighting_cost=problem.fighting_cost,
        ceasefire=problem.ceasefire_mask,
        states=problem.states,
        flows=problem.flows,
        attack=problem.attack,
        renege=problem.renege,
        clock_last=clock_last,
        knot=knot,
        weight=(months - problem.clocks[knot]) / width,
    )
