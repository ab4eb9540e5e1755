"""The order of steps that is carried through most likely.

With chance on the path a rest of a plan that dominates another in values and margin need not be
more likely to be reached, so labels cannot be dropped (`servanda.solvers.best_order` does, for
exact play). Where all orders fit the budget they are all evaluated. Otherwise the search climbs
from given plans over their neighbours, the best plan first, until some rounds have brought nothing
better or the budget is spent:

* a stage moves to another place,
* two stages change places,
* two stages that follow each other become one declared exchange,
* an exchange is parted into its steps.

Larger probability of being carried through comes first, then of holding after completion, then
fewer months, then the first in lexicographic order; so the answer is the same on every run.

Source for the climb: Lin, S. (1965), Computer solutions of the traveling salesman problem, Bell
System Technical Journal 44 (exchange neighbourhoods); the neighbours are ours.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from math import inf

from servanda.errors import ProblemError
from servanda.problems.chance import ChanceProblem, Integers, LogitNoise
from servanda.problems.implementation import ImplementationProblem
from servanda.problems.state_sets import steps_of
from servanda.results.chance import ChanceEvaluation, LikeliestOrder
from servanda.solvers.best_order import best_order
from servanda.solvers.chance_plan import HORIZON, evaluate_with_chance
from servanda.solvers.plan import Plan, Stage, StageLike, as_plan, read_plan, read_stage, step_index

BUDGET = 1_000
"""Most plans evaluated."""

NARROW = 20_000
"""Labels of the search for exact play that gives the first plan."""

MOST_STATES = 50_000
"""Sets of steps beyond which orders are not counted."""

Order = tuple[tuple[int, bool], ...]
Rank = tuple[float, float, int, tuple[tuple[int, ...], ...]]
Stages = Sequence[tuple[int, bool]]

LAST: Rank = (inf, inf, 0, ())
"""Worse than any plan."""

PATIENCE = 5
"""Plans in a row whose neighbours are looked at without any of the plans being the best so far."""


def likeliest_order(
    game: ChanceProblem,
    *,
    noise: LogitNoise | None = None,
    starts: Sequence[Plan] = (),
    required_before: Iterable[tuple[int | str, int | str]] = (),
    together: Iterable[StageLike] = (),
    horizon: int = HORIZON,
    budget: int = BUDGET,
) -> LikeliestOrder:
    """Find the order with the largest probability of being carried through.

    Args:
        game: the problem with chance; its declared stages are those the search may use.
        noise: how parties err; left out, they play exactly.
        starts: plans to begin from, beside the best order of exact play without chance; those
            that miss a deadline or break ``required_before`` are left out.
        required_before: pairs (first, then) added to the prerequisites.
        together: groups of steps that must form one stage.
        horizon: months it should hold.
        budget: most plans evaluated.

    Raises:
        ProblemError: a budget below one plan.
    """
    if budget < 1:
        raise ProblemError(f"budget: {budget} plans; at least 1")
    problem, pairs, groups = game.problem, list(required_before), list(together)
    requires = problem.requires.copy()
    for first, then in pairs:
        requires[step_index(problem, then)] |= 1 << step_index(problem, first)
    stages = _stages(problem, groups)
    ways = _ways(problem, requires, stages)
    orders = ways.get(0, 0) if ways is not None else None
    exact = orders is not None and orders <= budget
    seen: dict[Order, tuple[Rank, ChanceEvaluation]] = {}

    def rank(order: Order) -> Rank | None:
        if order not in seen:
            if len(seen) >= budget:
                return None
            plan = [Stage(tuple(steps_of(mask)), verified) for mask, verified in order]
            found = evaluate_with_chance(game, plan, noise=noise, horizon=horizon)
            seen[order] = _rank(found, order), found
        return seen[order][0]

    if ways is not None and exact:
        for order in _all_orders(problem, requires, stages, ways):
            if _in_time(problem, order):
                rank(order)
        orders = len(seen)
    else:
        searched = best_order(problem, required_before=pairs, together=groups, budget=NARROW)
        plans = [read_plan(problem, plan) for plan in starts]
        if searched.plan is not None:
            plans.insert(0, read_plan(problem, as_plan(searched.plan)))

        def neighbours(order: Order) -> Iterator[Order]:
            for other in _neighbours(order, stages):
                if _allowed(problem, other, requires, stages):
                    yield other

        _climb([one for one in plans if _allowed(problem, one, requires, stages)], rank, neighbours)
    if not seen:
        return LikeliestOrder(None, 0.0, exact, orders, 0, budget)
    _, plan = min(seen.values(), key=lambda one: one[0])
    return LikeliestOrder(
        plan=plan,
        probability=plan.carried_through,
        exact=exact,
        orders=orders,
        evaluated=len(seen),
        budget=budget,
    )


def _rank(found: ChanceEvaluation, order: Order) -> Rank:
    """Smaller is better; probabilities that differ by rounding alone are equal."""
    return (
        -round(found.carried_through, 12),
        -round(found.held_after_completion, 12),
        found.months,
        tuple(tuple(steps_of(mask)) for mask, _ in order),
    )


def _climb(
    starts: Sequence[Order],
    rank: Callable[[Order], Rank | None],
    neighbours: Callable[[Order], Iterator[Order]],
) -> None:
    """Look at the neighbours of the best plan not looked at yet, until PATIENCE of them in a row
    were no better than the best before them, or nothing may be evaluated any more.
    """
    heap: list[tuple[Rank, Order]] = []
    listed: set[Order] = set()

    def add(orders: Iterable[Order]) -> bool:
        for order in orders:
            if order not in listed:
                here = rank(order)
                if here is None:
                    return False
                listed.add(order)
                heappush(heap, (here, order))
        return True

    best, stale = LAST, 0
    within = add(starts)
    while within and heap and stale < PATIENCE:
        here, order = heappop(heap)
        stale = 0 if here < best else stale + 1
        best = min(best, here)
        within = add(neighbours(order))


def _neighbours(order: Order, stages: Stages) -> Iterator[Order]:
    m = len(order)
    for a in range(m):
        rest = order[:a] + order[a + 1 :]
        for b in range(m):
            if a != b:
                yield (*rest[:b], order[a], *rest[b:])
    for a in range(m):
        for b in range(a + 2, m):
            swapped = list(order)
            swapped[a], swapped[b] = order[b], order[a]
            yield tuple(swapped)
    declared = dict(reversed(stages))
    for a in range(m - 1):
        both = order[a][0] | order[a + 1][0]
        if both in declared:
            yield (*order[:a], (both, declared[both]), *order[a + 2 :])
    for a in range(m):
        mask, _ = order[a]
        members = steps_of(mask)
        if len(members) > 1 and all((1 << j) in declared for j in members):
            alone = [(1 << j, declared[1 << j]) for j in members]
            yield (*order[:a], *alone, *order[a + 1 :])
            yield (*order[:a], *reversed(alone), *order[a + 1 :])


def _allowed(
    problem: ImplementationProblem, order: Order, requires: Integers, stages: Stages
) -> bool:
    done = 0
    for mask, verified in order:
        if (mask, verified) not in stages:
            return False
        if any(int(requires[j]) & ~done for j in steps_of(mask)):
            return False
        done |= mask
    return _in_time(problem, order)


def _in_time(problem: ImplementationProblem, order: Order) -> bool:
    """Whether every step is complete by its deadline."""
    month = 0
    for mask, _ in order:
        month += problem.stage_months(mask)
        if any(0 <= problem.deadline[j] < month for j in steps_of(mask)):
            return False
    return True


def _stages(problem: ImplementationProblem, together: Sequence[StageLike]) -> Stages:
    """Stages in use: the groups, and the declared stages that share no step with one."""
    groups = [read_stage(problem, group) for group in together]
    taken = 0
    for mask, _ in groups:
        taken |= mask
    return tuple(dict.fromkeys([*groups, *(one for one in problem.stages if not one[0] & taken)]))


def _ways(
    problem: ImplementationProblem, requires: Integers, stages: Stages
) -> dict[int, int] | None:
    """State to how many ways lead from it to completion; None beyond MOST_STATES states."""
    frontier, found = [0], {0}
    while frontier:
        following = {
            state | mask for state in frontier for mask in _ready(requires, stages, state)
        } - found
        found |= following
        frontier = list(following)
        if len(found) > MOST_STATES:
            return None
    ways = {problem.full: 1}
    for state in sorted(found - {problem.full}, key=int.bit_count, reverse=True):
        ways[state] = sum(ways[state | mask] for mask in _ready(requires, stages, state))
    return ways


def _ready(requires: Integers, stages: Stages, done: int) -> list[int]:
    return [
        mask
        for mask, _ in stages
        if not mask & done and all(int(requires[j]) & ~done == 0 for j in steps_of(mask))
    ]


def _all_orders(
    problem: ImplementationProblem,
    requires: Integers,
    stages: Stages,
    ways: dict[int, int],
    done: int = 0,
) -> Iterator[Order]:
    if done == problem.full:
        yield ()
        return
    ready = set(_ready(requires, stages, done))
    for mask, verified in stages:
        if mask in ready and ways[done | mask]:
            for rest in _all_orders(problem, requires, stages, ways, done | mask):
                yield ((mask, verified), *rest)
