"""The best order of steps: hardest to break, fairest by Nash's product, or quickest.

Dynamic programming backward from completion over pairs (C, t), C a set of completed steps closed
under prerequisites, t the months of quiet (reachable pairs only; where steps have deadlines, the
month since signature as well). A pair remembers *labels* (V_1..V_A, margin, months): what the
rest of the plan is worth to each actor, its smallest margin, its length. Every constraint is a
lower bound on V, V increases in what follows, and so does every objective, so a label that
another one dominates can be dropped without loss.

Devices that keep labels few, none of which loses a plan that could win:

* a local search finds a plan; what falls below it is dropped;
* a relaxation looks at each actor by itself: backward the largest value an actor can have, forward
  the smallest it must have; stages on which these contradict each other are struck out, and a
  level of margin at which nothing is left is a proof that no order reaches it;
* weighted sums of all actors' values do the same for what they can have together;
* a value beyond what any earlier constraint could ask for counts as enough.

Exact while the labels fit the budget. Beyond it the answer is the local search's plan with the
certified bound. Deciding whether any self-enforcing order exists is strongly NP-complete, so some
budget must exist. Among orders within TOLERANCE of the best: fewest months, then the first in
lexicographic order of step indices; of two orders with the same Nash product and months, either.

Sources: Held, M. and Karp, R. (1962), A dynamic programming approach to sequencing problems,
SIAM Journal 10(1); Hansen, P. (1980), Bicriterion path problems (labels); Nash, J. (1950), The
bargaining problem, Econometrica 18(2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from servanda.errors import NotFoundError, ProblemError
from servanda.kernels.order_graph import Graph, thinned
from servanda.kernels.order_labels import Labels, order_labels
from servanda.kernels.order_neighbours import LACKING, MARGIN, MONTHS, PRODUCT, improve_order
from servanda.kernels.order_relaxation import best_bound, fewest_months, prefix_needs, relax
from servanda.kernels.order_sums import needed_sums, sums_on
from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.state_sets import steps_of
from servanda.results.plan import Objective, OrderSearch, SearchStatus
from servanda.solvers.order_bound import nash_bound, signature_bound
from servanda.solvers.order_game import OrderGame, lay_out
from servanda.solvers.plan import Stage, StageLike, evaluate_plan

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

BUDGET = 400_000
"""Most labels remembered before the search turns from exact to bounded."""

TRIALS, MOST_TRIALS = 150, 60_000
"""Moves of the local search from each start: for every pair of steps, and at most."""

STARTS = 4
"""Orders that the local search starts from."""

NOISE = TOLERANCE * 1e-3
"""Differences in points that rounding alone can make."""

HEAT = {MARGIN: 3.0, PRODUCT: 0.3, MONTHS: 3.0}
"""First temperature of the local search: points, logarithms, months."""


def best_order(
    problem: ImplementationProblem,
    *,
    objective: Objective = Objective.MARGIN,
    floor: float | None = None,
    reservation: Mapping[str, float] | None = None,
    required_before: Iterable[tuple[int | str, int | str]] = (),
    together: Iterable[StageLike] = (),
    budget: int = BUDGET,
) -> OrderSearch:
    """Find the order that is best by an objective.

    Args:
        problem: the game; its ``stages`` are those the search may use.
        objective: the largest smallest margin; the largest product of the signatories' gains at
            signature; or the fewest months.
        floor: the smallest margin that the last two ask for; 0, a self-enforcing order, if left
            out. Minus infinity asks for none.
        reservation: the signatories and the value of each without the agreement, for the product.
        required_before: pairs (first, then) added to the prerequisites, so that "territory
            first" is the best order under the pairs of each territory step and all others.
        together: groups of steps that must form one stage; a declared stage keeps its
            verification, another is given as a `Stage`.
        budget: most labels remembered.

    By margin, a plan that nobody would keep is still an answer: the least bad, with its negative
    margin. By the other objectives it is none, unless the floor says so.

    Raises:
        ProblemError: a floor for the margin objective, or a product without reservation values.
    """
    goal = _goal(problem, Objective(objective), floor, reservation)
    game = lay_out(problem, required_before=required_before, together=together)
    if game is None or game.highest[0, 0] == -inf:
        return _answer(goal, budget, _Found(SearchStatus.NO_ORDER), None)
    return _answer(goal, budget, _search(game, goal, budget), game)


@dataclass(frozen=True, eq=False)
class _Goal:
    objective: Objective
    code: int
    asked: float | None  # the smallest margin asked for
    reservation: Floats  # (A,), NaN for those who do not sign

    @property
    def floor(self) -> float:
        """Margins below are too small; ties count as reaching it."""
        return -inf if self.asked is None else self.asked - TOLERANCE

    @property
    def root(self) -> Floats:
        """The least value at signature that an order must give each actor."""
        return np.where(np.isnan(self.reservation), -inf, self.reservation)


@dataclass(frozen=True, eq=False)
class _Found:
    status: SearchStatus
    order: tuple[Stage, ...] | None = None
    bound: float = nan
    labels: int = 0


def _goal(
    problem: ImplementationProblem,
    objective: Objective,
    floor: float | None,
    reservation: Mapping[str, float] | None,
) -> _Goal:
    if objective == Objective.MARGIN and floor is not None:
        raise ProblemError("floor: the smallest margin is itself the objective; leave it out")
    if (objective == Objective.NASH) != bool(reservation):
        raise ProblemError(
            "reservation: the Nash product wants the signatories' values without the agreement, "
            "and no other objective takes any"
        )
    values = np.full(len(problem.actors), nan)
    for name, value in (reservation or {}).items():
        if name not in problem.actors:
            raise NotFoundError("actor", name, problem.actors)
        values[problem.actors.index(name)] = value
    code = {Objective.MARGIN: MARGIN, Objective.NASH: PRODUCT, Objective.MONTHS: MONTHS}[objective]
    asked = None if objective == Objective.MARGIN else float(floor or 0.0)
    return _Goal(objective, code, asked, values)


def _search(game: OrderGame, goal: _Goal, budget: int) -> _Found:
    """Local search, then labels; where these exceed the budget, the bound."""
    sums = sums_on(game.graph, game.problem.discount, game.highest)
    signature = signature_bound(game.graph, sums)
    stages, score = _improved(game, goal, signature.orders)
    if goal.code == MARGIN:
        floor = score - TOLERANCE
        top = min(float(best_bound(game.graph, game.highest)[0]), signature.bound, 1e12)
    else:
        floor = top = goal.floor
    relaxed = relax(game.graph, floor, 3, NOISE, goal.root)
    if not relaxed.possible:
        return _Found(SearchStatus.NONE_MEETS)
    graph = thinned(game.graph, relaxed.usable)
    if goal.code == MARGIN:
        top = max(min(top, _tightened(graph, score, top)), score)

    found = goal.code == MARGIN or score > -LACKING
    before, after = fewest_months(graph)
    left = np.full(len(before), np.iinfo(np.int64).max)
    if goal.code == MONTHS and found:
        left = int(-score) - before
    weights, roots = signature.weights, np.full(len(signature.weights), -inf)
    if goal.code == PRODUCT:
        weights, roots = _product_weights(game, goal, stages) if found else (weights[:0], roots[:0])
    sums = sums_on(graph, game.problem.discount, game.highest)
    needed = np.empty((len(weights), len(before)))
    for k, (one, root) in enumerate(zip(weights, roots, strict=True)):
        needed[k] = needed_sums(graph, sums, one, root, relaxed.need)
    labels, whole = order_labels(
        graph,
        relaxed,
        weights,
        sums.tilt,
        needed,
        left,
        np.full_like(relaxed.need, inf) if goal.code == PRODUCT else prefix_needs(graph, top, True),
        top,
        floor,
        budget,
        NOISE,
    )
    n_labels = len(labels.margin)
    if whole and labels.number[0]:
        order, value = _first_in_order(game, goal, graph, labels)
        return _Found(SearchStatus.EXACT, order, value, n_labels)
    if whole and not found:
        return _Found(SearchStatus.NONE_MEETS, labels=n_labels)
    if goal.code == MARGIN:
        bound = top
    elif goal.code == MONTHS:
        bound = float(after[0])
    else:
        bound = nash_bound(graph, sums, goal.reservation)
    if not found:
        return _Found(SearchStatus.UNDECIDED, None, bound, n_labels)
    exact = goal.code == MARGIN and bound <= score + TOLERANCE
    status = SearchStatus.EXACT if whole or exact else SearchStatus.BOUNDED
    return _Found(status, _as_stages(game, stages), bound, n_labels)


def _improved(game: OrderGame, goal: _Goal, starts: Sequence[Integers]) -> tuple[Integers, float]:
    """The best order of a local search from each start, as stages, with its score."""
    n = game.problem.n_steps
    mask = np.array([one for one, _ in game.stages])
    alone = np.full(n, -1)
    for b, (one, _) in enumerate(game.stages):
        if one & (one - 1) == 0:
            alone[steps_of(one)[0]] = b
    tried = [
        improve_order(
            game.graph,
            mask,
            alone,
            game.graph.stage[edges],
            goal.code,
            goal.floor,
            goal.reservation,
            min(TRIALS * n * n, MOST_TRIALS),
            HEAT[goal.code],
            seed,
        )
        for seed, edges in enumerate(starts[-STARTS:], start=1)
    ]
    stages, score = max(tried, key=lambda one: one[1])
    return stages, float(score)


def _tightened(graph: Graph, low: float, high: float) -> float:
    """A smaller bound, by bisection on the level that the relaxation still allows."""
    free = np.full(graph.share.shape[1], -inf)
    if not relax(graph, low + TOLERANCE, 4, NOISE, free).possible:
        return low + TOLERANCE
    for _ in range(24 if len(graph.to) < 50_000 else 6):
        middle = 0.5 * (low + high)
        if relax(graph, middle, 4, NOISE, free).possible:
            low = middle
        else:
            high = middle
    return high


def _product_weights(game: OrderGame, goal: _Goal, stages: Integers) -> tuple[Floats, Floats]:
    """One weighted sum that every order with a larger product exceeds, and the sum.

    With gains x̂ of the order found, ``Σ x_i/x̂_i ≥ A·(Π x_i/Π x̂_i)^(1/A)`` (arithmetic and
    geometric mean), so an order with a product at least as large has a sum of at least A.
    """
    signs = ~np.isnan(goal.reservation)
    values = evaluate_plan(game.problem, _as_stages(game, stages)).values[0]
    gains = np.where(signs, values - goal.reservation, 1.0)
    if not (gains > TOLERANCE).all():
        return np.zeros((0, len(gains))), np.zeros(0)
    raw = np.where(signs, 1.0 / gains, 0.0)
    at_reservation = float((raw * np.where(signs, goal.reservation, 0.0)).sum())
    least = (signs.sum() + at_reservation) / raw.sum() - TOLERANCE
    return (raw / raw.sum())[np.newaxis], np.array([least])


def _first_in_order(
    game: OrderGame, goal: _Goal, graph: Graph, labels: Labels
) -> tuple[tuple[Stage, ...], float]:
    """The winner among remembered plans and the value of the objective.

    Ties: fewest months, then lexicographic. Forward from ∅ a prefix asks each actor's value to be
    at least ``need``; the first stage whose labels hold a suffix that meets it is taken.
    """
    start = _at(labels, 0)
    months, margins = labels.months[start], labels.margin[start]
    floor, need = goal.floor, goal.root
    if goal.code == MARGIN:
        value = float(margins.max())
        floor = value - TOLERANCE if value < inf else value
        left = int(months[margins >= floor].min())
    elif goal.code == MONTHS:
        left = int(months.min())
        value = float(left)
    else:
        signs = ~np.isnan(goal.reservation)
        products = np.maximum(labels.value[start] - goal.reservation, 0.0)[:, signs].prod(axis=1)
        value = float(products.max())
        tied = products >= value - TOLERANCE * max(1.0, value)
        left = int(months[tied].min())
        at = int(np.flatnonzero(tied & (months == left))[0])
        need = np.where(signs, labels.value[start][at], -inf)
    order: list[Stage] = []
    p = 0
    while graph.first[p] < graph.last[p]:
        for slack in (NOISE, TOLERANCE, 1e3 * TOLERANCE):
            step = _next_edge(graph, labels, p, floor, need, left, slack)
            if step is not None:
                break
        if step is None:
            raise AssertionError("labels hold no plan from here; this is a fault in the search")
        e, need = step
        mask, verified = game.stages[int(graph.stage[e])]
        order.append(Stage(tuple(steps_of(mask)), verified))
        left -= int(graph.months[e])
        p = int(graph.to[e])
    return tuple(order), value


def _next_edge(
    graph: Graph,
    labels: Labels,
    p: int,
    floor: float,
    need: Floats,
    left: int,
    slack: float,
) -> tuple[int, Floats] | None:
    A = graph.share.shape[1]
    for e in range(int(graph.first[p]), int(graph.last[p])):
        must = (need - graph.offset[e]) / graph.share[e]
        for i in range(A):
            lines = slice(int(graph.line[e * A + i]), int(graph.line[e * A + i + 1]))
            asked = (floor - graph.intercept[lines]) / graph.slope[lines]
            must[i] = max(must[i], asked.max(initial=-inf))
        at = _at(labels, int(graph.to[e]))
        fits = (labels.value[at] >= must - slack).all(axis=1)
        fits &= labels.margin[at] >= floor - slack
        fits &= labels.months[at] <= left - int(graph.months[e])
        if fits.any():
            return e, must
    return None


def _at(labels: Labels, p: int) -> slice:
    return slice(int(labels.start[p]), int(labels.start[p] + labels.number[p]))


def _as_stages(game: OrderGame, stages: Integers) -> tuple[Stage, ...]:
    listed = (game.stages[b] for b in stages)
    return tuple(Stage(tuple(steps_of(mask)), verified) for mask, verified in listed)


def _answer(goal: _Goal, budget: int, found: _Found, game: OrderGame | None) -> OrderSearch:
    plan, margin, value, bound = None, -inf, nan, found.bound
    if game is not None and found.order is not None:
        plan = evaluate_plan(game.problem, found.order)
        margin = plan.margin
        value = {
            MARGIN: margin,
            MONTHS: float(plan.months),
            PRODUCT: _product(plan.values[0], goal.reservation),
        }[goal.code]
        if found.status == SearchStatus.EXACT:
            bound = value
        else:
            bound = min(bound, value) if goal.code == MONTHS else max(bound, value)
    elif goal.code == MARGIN:
        bound = -inf
    return OrderSearch(
        status=found.status,
        plan=plan,
        margin=margin,
        bound=bound,
        gap=0.0 if plan is None or bound == value else abs(bound - value),
        self_enforcing=plan is not None and plan.self_enforcing,
        closed_sets=len(game.sets) if game else 0,
        pairs=len(game.graph.first) if game else 0,
        labels=found.labels,
        budget=budget,
        objective=goal.objective,
        floor=goal.asked,
        value=value,
    )


def _product(values: Floats, reservation: Floats) -> float:
    signs = ~np.isnan(reservation)
    return float(np.maximum(values - reservation, 0.0)[signs].prod())


def before_pairs(
    first: Sequence[int | str], then: Sequence[int | str]
) -> tuple[tuple[int | str, int | str], ...]:
    """Every pair (a, b), a of first and b of then: what `required_before` takes."""
    return tuple((a, b) for a in first for b in then if a != b)
