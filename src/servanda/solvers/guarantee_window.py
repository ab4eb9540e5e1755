"""How credible must a guarantee be for a plan to be kept, and how credible may it be?

With one guarantee of credibility g, the probability that it is honoured, every payoff of a breach
is the expectation over honoured or not, so every margin of a plan is linear in g::

    margin(g) = (1-g)·margin(0) + g·margin(1)

A margin that rises with g (the guarantee deters) bounds g from below, one that falls (an
unconditional guarantee emboldens its protected side: moral hazard) from above. Two evaluations
give the whole window, per plan and per actor: since each bound is to be compared with the g that
the actor it binds believes in, a plan can hold where no common g exists.

Where payoffs are not linear in g (another breach may be pocketed or answered with war, depending
on g) `scan_guarantee` evaluates on a grid and refines each change by bisection.

The smallest credibility over all plans is a bottleneck path: labels (V_1..V_A, low, high) as in
`servanda.solvers.best_order`.

Sources: Schelling, T. (1966), Arms and Influence; Fearon, J. (1995), Rationalist explanations for
war, International Organization 49(3); Crawford, T. (2003), Pivotal Deterrence (moral hazard);
Pollack, M. (1960), The maximum capacity through a network, Operations Research 8(5) (bottleneck).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels.order_graph import Graph
from servanda.kernels.order_relaxation import prefix_needs, relax
from servanda.kernels.order_windows import order_windows
from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.results.plan import (
    Constraint,
    CredibilitySearch,
    GuaranteeInterval,
    GuaranteeScan,
    GuaranteeWindow,
    PlanEvaluation,
    SearchStatus,
)
from servanda.solvers.best_order import BUDGET, NOISE, best_order
from servanda.solvers.order_game import OrderGame, lay_out
from servanda.solvers.plan import Plan, evaluate_plan

Floats = NDArray[np.float64]

SCAN_PRECISION = 1e-6
"""Width to which the ends of an interval are refined."""

UNLIMITED = 1 << 40
"""A budget that no search reaches."""

BEAM = 64
"""Most labels kept per pair where the search for the smallest credibility exceeds its budget."""


def guarantee_window(
    problem_at_0: ImplementationProblem, problem_at_1: ImplementationProblem, plan: Plan
) -> GuaranteeWindow:
    """The credibilities at which a plan is kept, from its margins at 0 and at 1.

    Args:
        problem_at_0: the game with the guarantee never honoured.
        problem_at_1: the same game with the guarantee surely honoured; every payoff in between
            is taken to be linear.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
    """
    _check_same_game(problem_at_0, problem_at_1)
    at_0, at_1 = evaluate_plan(problem_at_0, plan), evaluate_plan(problem_at_1, plan)
    by_actor = {actor: _narrowed(at_0, at_1, actor)[:2] for actor in problem_at_0.actors}
    low, high, low_link, high_link = _narrowed(at_0, at_1, None)
    return GuaranteeWindow(
        low=low,
        high=high,
        empty=low > high + TOLERANCE,
        low_binding=low_link,
        high_binding=high_link,
        by_actor=by_actor,
        order=at_0.order,
    )


def scan_guarantee(
    problem_at: Callable[[float], ImplementationProblem], plan: Plan, *, points: int = 41
) -> GuaranteeScan:
    """The union of intervals of g in which a plan is kept, whatever the shape of its margins.

    Args:
        problem_at: the game at a credibility in [0, 1].
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        points: evenly spaced first looks; an interval narrower than their distance may be missed.
    """
    if points < 2:
        raise ProblemError(f"points: {points}; at least 2 wanted")
    grid = np.linspace(0.0, 1.0, points)
    holds = [evaluate_plan(problem_at(float(g)), plan) for g in grid]
    intervals: list[GuaranteeInterval] = []
    begun: tuple[float, Constraint | None] | None = None
    for k, here in enumerate(holds):
        if here.self_enforcing and begun is None:
            begun = (0.0, None) if k == 0 else _change(problem_at, plan, grid[k - 1], grid[k])
        if not here.self_enforcing and begun is not None:
            end = _change(problem_at, plan, grid[k], grid[k - 1])
            intervals.append(GuaranteeInterval(begun[0], end[0], begun[1], end[1]))
            begun = None
    if begun is not None:
        intervals.append(GuaranteeInterval(begun[0], 1.0, begun[1], None))
    return GuaranteeScan(tuple(intervals), resolution=1.0 / (points - 1))


def smallest_credibility(
    problem_at_0: ImplementationProblem,
    problem_at_1: ImplementationProblem,
    *,
    budget: int = BUDGET,
) -> CredibilitySearch:
    """The smallest credibility at which some plan is kept, and that plan.

    Args:
        problem_at_0: the game with the guarantee never honoured.
        problem_at_1: the same game with the guarantee surely honoured. What keeping the plan is
            worth must be the same in both; only payoffs of breaches may differ.
        budget: most labels remembered; beyond it the answer is an upper bound, with a certified
            lower bound beside it.
    """
    _check_same_game(problem_at_0, problem_at_1)
    for name in ("discount", "flows", "costs", "gain", "fighting_cost"):
        if not np.array_equal(getattr(problem_at_0, name), getattr(problem_at_1, name)):
            raise ProblemError(
                f"{name}: differs between credibility 0 and 1, so the value of keeping a plan "
                "depends on it; scan best_order over credibilities instead"
            )
    lines_0 = lay_out(problem_at_0, merge=False)
    lines_1 = lay_out(problem_at_1, merge=False)
    if lines_0 is None or lines_1 is None:
        return CredibilitySearch(SearchStatus.NO_ORDER, None, None, None, 0)
    if not _possible(_most_hopeful(lines_0, lines_1, 1.0)):
        return CredibilitySearch(SearchStatus.EXACT, None, None, None, 0)
    smallest, labels, whole, within = _bottleneck(lines_0, lines_1, UNLIMITED, budget)
    if not within:
        width = max(1, min(BEAM, budget // len(lines_0.graph.first)))
        smallest, labels, whole, _ = _bottleneck(lines_0, lines_1, width, UNLIMITED)
    if smallest == inf:
        status = SearchStatus.EXACT if whole else SearchStatus.BOUNDED
        at_least = None if whole else _lower_bound(lines_0, lines_1, 1.0)
        return CredibilitySearch(status, None, at_least, None, labels)
    found = best_order(mix(problem_at_0, problem_at_1, smallest), budget=budget)
    bound = smallest if whole else _lower_bound(lines_0, lines_1, smallest)
    status = SearchStatus.EXACT if whole else SearchStatus.BOUNDED
    return CredibilitySearch(status, smallest, bound, found.plan, labels)


def mix(
    problem_at_0: ImplementationProblem, problem_at_1: ImplementationProblem, credibility: float
) -> ImplementationProblem:
    """The game at a credibility in between: flows and tables interpolated."""
    blend = {
        name: (1.0 - credibility) * getattr(problem_at_0, name)
        + credibility * getattr(problem_at_1, name)
        for name in ("flows", "attack", "renege", "costs", "gain", "fighting_cost")
    }
    return replace(problem_at_0, **blend)


def _narrowed(
    at_0: PlanEvaluation, at_1: PlanEvaluation, actor: str | None
) -> tuple[float, float, Constraint | None, Constraint | None]:
    """Bounds on g with what binds them; low is infinite where no g will do."""
    low, high = 0.0, 1.0
    low_link: Constraint | None = None
    high_link: Constraint | None = None
    for one, other in zip(at_0.constraints, at_1.constraints, strict=True):
        if actor is not None and one.constraint.actor != actor:
            continue
        start, end = one.margin, other.margin
        if start >= -TOLERANCE and end >= -TOLERANCE:
            continue
        if start < -TOLERANCE and end < -TOLERANCE:
            if low < inf:
                low, low_link = inf, one.constraint
            continue
        root = min(max(start / (start - end), 0.0), 1.0)
        if start < -TOLERANCE and root > low:
            low, low_link = root, one.constraint
        if end < -TOLERANCE and root < high:
            high, high_link = root, one.constraint
    return low, high, low_link, high_link


def _change(
    problem_at: Callable[[float], ImplementationProblem], plan: Plan, fails: float, holds: float
) -> tuple[float, Constraint | None]:
    """Bisect between a credibility that fails and one that holds; the last that holds."""
    link: Constraint | None = None
    while abs(holds - fails) > SCAN_PRECISION:
        middle = 0.5 * (fails + holds)
        here = evaluate_plan(problem_at(float(middle)), plan)
        if here.self_enforcing:
            holds = middle
        else:
            fails = middle
    weakest = evaluate_plan(problem_at(float(fails)), plan).weakest_link
    if weakest is not None:
        link = weakest.constraint
    return float(holds), link


def _bottleneck(
    lines_0: OrderGame, lines_1: OrderGame, width: int, budget: int
) -> tuple[float, int, bool, bool]:
    graph = lines_0.graph
    hopeful = _most_hopeful(lines_0, lines_1, 1.0)
    kept = relax(hopeful, -TOLERANCE, 3, NOISE, _free(hopeful))
    harsh = graph._replace(intercept=np.minimum(graph.intercept, lines_1.graph.intercept))
    found = order_windows(
        graph,
        lines_1.graph.intercept,
        lines_0.end_margins,
        lines_1.end_margins,
        kept.alive,
        kept.need,
        prefix_needs(harsh, 0.0, True),
        TOLERANCE,
        NOISE,
        width,
        budget,
    )
    return float(found[0]), int(found[1]), bool(found[2]), bool(found[3])


def _most_hopeful(lines_0: OrderGame, lines_1: OrderGame, up_to: float) -> Graph:
    """Every constraint at its most lenient over credibilities from 0 to ``up_to``."""
    at_0, at_1 = lines_0.graph.intercept, lines_1.graph.intercept
    ends_0, ends_1 = lines_0.end_margins, lines_1.end_margins
    ends = np.maximum(ends_0, _blend(ends_0, ends_1, up_to)).min(axis=1)
    end_margin = lines_0.graph.end_margin.copy()
    end_margin[~np.isnan(end_margin)] = ends
    return lines_0.graph._replace(
        intercept=np.maximum(at_0, _blend(at_0, at_1, up_to)), end_margin=end_margin
    )


def _blend(at_0: Floats, at_1: Floats, credibility: float) -> Floats:
    with np.errstate(invalid="ignore"):  # infinite where there is no constraint, in both
        blend = at_0 + credibility * (at_1 - at_0)
    return np.where(np.isinf(at_0), at_0, blend)


def _possible(graph: Graph) -> bool:
    """Whether the relaxation leaves an order that is kept."""
    return bool(relax(graph, -TOLERANCE, 4, NOISE, _free(graph)).possible)


def _free(graph: Graph) -> Floats:
    """No value at signature asked for."""
    return np.full(graph.share.shape[1], -inf)


def _lower_bound(lines_0: OrderGame, lines_1: OrderGame, high: float) -> float:
    """A credibility below which the relaxation proves that no plan is kept."""
    low = 0.0
    if _possible(_most_hopeful(lines_0, lines_1, 0.0)):
        return low
    for _ in range(20):
        middle = 0.5 * (low + high)
        if _possible(_most_hopeful(lines_0, lines_1, middle)):
            high = middle
        else:
            low = middle
    return low


def _check_same_game(one: ImplementationProblem, other: ImplementationProblem) -> None:
    plain: Sequence[str] = ("actors", "steps", "stages")
    arrays: Sequence[str] = (
        "belligerent",
        "months",
        "owners",
        "requires",
        "delay",
        "reversible",
        "ceasefire",
        "states",
        "clocks",
        "deadline",
    )
    for name in (*plain, *arrays):
        if not np.array_equal(getattr(one, name), getattr(other, name)):
            raise ProblemError(f"{name}: differs between credibility 0 and 1; one game wanted")
