"""The order of steps that is hardest to break: largest smallest margin over all orders.

Dynamic programming backward from completion over pairs (C, t), C a set of completed steps closed
under prerequisites, t the months of quiet (reachable pairs only). A pair remembers *labels*
(V_1..V_A, margin, months): what the rest of the plan is worth to each actor, its smallest margin,
its length. Every constraint is a lower bound on V and V increases in what follows, so a label that
another one dominates can be dropped without loss.

Three devices keep labels few, none of which loses a plan that could win:

* a first narrow pass finds a plan, its margin a floor below which nothing is kept;
* an upper bound looks at each actor by itself: at a given level of margin, backward the largest
  value an actor can have, forward the smallest it must have; stages on which these contradict
  each other are struck out, and the level at which nothing is left is a certified bound;
* a value beyond what any earlier constraint could ask for at that bound counts as enough.

Exact while the labels fit the budget. Beyond it the best labels by an interpolated estimate are
kept and the answer carries the bound and the gap. Deciding whether any self-enforcing order exists
is strongly NP-complete, so some budget must exist. Among orders within TOLERANCE of the best
margin: fewest months, then the first in lexicographic order of step indices.

Sources: Held, M. and Karp, R. (1962), A dynamic programming approach to sequencing problems,
SIAM Journal 10(1); Hansen, P. (1980), Bicriterion path problems (labels); the relaxation is ours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels.order_breaches import Rules, end_margins
from servanda.kernels.order_graph import Graph, Stages, order_graph, reachable_clocks
from servanda.kernels.order_labels import Labels, order_labels
from servanda.kernels.order_relaxation import best_bound, prefix_needs, relax
from servanda.problems.implementation import (
    TOLERANCE,
    ImplementationProblem,
    closed_sets,
    needed_states,
    steps_of,
)
from servanda.results.plan import OrderSearch, SearchStatus
from servanda.solvers.plan import Stage, StageLike, evaluate_plan, read_stage, step_index

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

BUDGET = 400_000
"""Most labels remembered before the search turns from exact to bounded."""

NARROW, WIDE = 4, 48
"""Labels kept per pair by the first pass and, where the budget is exceeded, at most by the last."""

UNLIMITED = 1 << 40
"""A budget that no search reaches."""

NOISE = TOLERANCE * 1e-3
"""Differences in points that rounding alone can make."""

CLOCK_LIMIT = 30_000_000
"""Most (closed set, month of quiet) combinations laid out."""


def best_order(
    problem: ImplementationProblem,
    *,
    required_before: Iterable[tuple[int | str, int | str]] = (),
    together: Iterable[StageLike] = (),
    budget: int = BUDGET,
) -> OrderSearch:
    """Find the order whose smallest margin is largest.

    Args:
        problem: the game; its ``stages`` are those the search may use.
        required_before: pairs (first, then) added to the prerequisites, so that "territory
            first" is the best order under the pairs of each territory step and all others.
        together: groups of steps that must form one stage; a declared stage keeps its
            verification, another is given as a `Stage`.
        budget: most labels remembered.

    A plan that nobody would keep is still an answer: the least bad, with its negative margin.
    """
    game = lay_out(problem, required_before=required_before, together=together)
    if game is None:
        return _no_order(budget)
    search = _Search(game, budget)
    order = search.run()
    if order is None:
        return _no_order(budget)
    evaluation = evaluate_plan(problem, order)
    exact = search.exact
    bound = evaluation.margin if exact else max(search.bound, evaluation.margin)
    return OrderSearch(
        status=SearchStatus.EXACT if exact else SearchStatus.BOUNDED,
        plan=evaluation,
        margin=evaluation.margin,
        bound=bound,
        gap=0.0 if exact else bound - evaluation.margin,
        self_enforcing=evaluation.self_enforcing,
        closed_sets=len(game.sets),
        pairs=len(game.graph.first),
        labels=search.n_labels,
        budget=budget,
    )


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
    missing = np.setdiff1d(needed, problem.states)
    if len(missing):
        problem.state_row(int(missing[0]))
    rules = _rules(problem)
    listed = Stages(
        mask=np.array([mask for mask, _ in stages], dtype=np.int64),
        need=np.array(
            [int(np.bitwise_or.reduce(requires[steps_of(mask)])) for mask, _ in stages],
            dtype=np.int64,
        ),
        months=np.array([problem.stage_months(mask) for mask, _ in stages], dtype=np.int64),
        verified=np.array([verified for _, verified in stages], dtype=np.bool_),
    )
    if len(sets) * (rules.clock_last + 1) > CLOCK_LIMIT:
        raise ProblemError(
            f"clocks: {len(sets)} sets of steps times {rules.clock_last + 1} months of quiet are "
            f"more than {CLOCK_LIMIT}; end the knots earlier or add prerequisites"
        )
    reached = reachable_clocks(sets, listed, rules.ceasefire, rules.clock_last)
    graph, highest, lowest = order_graph(rules, listed, sets, reached, merge)
    ends = [int(t) for t in graph.pair_clock[~np.isnan(graph.end_margin)]]
    after = np.array([end_margins(rules, problem.full, t) for t in ends])
    return OrderGame(problem, stages, sets, graph, highest, lowest, after)


class _Search:
    """One search: bounds, passes and the counts that the answer reports."""

    def __init__(self, game: OrderGame, budget: int) -> None:
        self.game = game
        self.graph = game.graph
        self.budget = budget
        self.floor = -inf
        self.bound = min(float(best_bound(self.graph, game.highest)[0]), 1e12)
        self.exact = False
        self.n_labels = 0
        self.order: list[Stage] | None = None

    def run(self) -> list[Stage] | None:
        """The stages of the best order found; None where there is none."""
        if self.bound == -inf:
            return None
        spread = float(self.game.highest.max() - self.game.lowest[self.game.lowest < inf].min())
        self._pass(self.bound - 0.2 * max(spread, 1e-6), NARROW, UNLIMITED)
        self._tighten()
        # The plan found is among those the exact pass keeps, so its answer is never worse.
        if not self._pass(self.floor, self.budget, self.budget):
            width = max(NARROW, min(WIDE, self.budget // len(self.graph.first)))
            self._pass(self.floor, width, UNLIMITED)
            self._tighten()
            self.exact = self.bound <= self.floor + TOLERANCE
        return self.order

    def _pass(self, low: float, width: int, budget: int) -> bool:
        """Build labels; take over the order they give; whether they were all that matter.

        Args:
            low: level of margin from which the beam's estimate is interpolated.
            width: most labels kept at a pair.
            budget: most labels in all; beyond it nothing is taken over.
        """
        graph, first_pass = self.graph, self.order is None
        floor = -inf if first_pass else self.floor - TOLERANCE
        if first_pass:
            P, A = self.game.highest.shape
            need = np.full((P, A), -inf)
            alive = self.game.highest[:, 0] > -inf
        else:
            _, _, need, alive = relax(graph, floor, 3, NOISE)
        high = max(self.bound, low + TOLERANCE)
        enough = prefix_needs(graph, high, True)
        labels, whole, within = order_labels(
            graph,
            alive,
            need,
            enough,
            prefix_needs(graph, low, False),
            prefix_needs(graph, high, False),
            low,
            high,
            floor,
            width,
            budget,
            NOISE,
        )
        # A beam can drop every label that reaches the floor.
        if not within or not labels.number[0]:
            return False
        self.n_labels = len(labels.margin)
        best = float(labels.margin[_at(labels, 0)].max())
        if best > self.floor or self.order is None or (whole and best >= self.floor - TOLERANCE):
            self.floor = best
            self.order = _first_in_order(self.game, labels, best)
        if whole:
            self.exact, self.bound = True, best
        return whole

    def _tighten(self) -> None:
        """Lower the bound by bisection on the level that the relaxation still allows."""
        if self.exact:
            return
        graph = self.graph
        if not relax(graph, self.floor + TOLERANCE, 4, NOISE)[0]:
            self.bound = self.floor + TOLERANCE
            return
        low, high = self.floor, self.bound
        rounds = 24 if len(graph.to) < 50_000 else 10
        for _ in range(rounds):
            middle = 0.5 * (low + high)
            if relax(graph, middle, 4, NOISE)[0]:
                low = middle
            else:
                high = middle
        self.bound = high


def _first_in_order(game: OrderGame, labels: Labels, best: float) -> list[Stage]:
    """Among remembered plans that tie with the best: fewest months, then lexicographic.

    Forward from ∅ a prefix asks each actor's value to be at least ``need``; the first stage whose
    labels still hold a suffix that meets it is taken.
    """
    graph = game.graph
    floor = best - TOLERANCE if best < inf else best
    start = _at(labels, 0)
    left = int(labels.months[start][labels.margin[start] >= floor].min())
    need = np.full(graph.share.shape[1], -inf)
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
    return order


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


def _rules(problem: ImplementationProblem) -> Rules:
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


def _no_order(budget: int) -> OrderSearch:
    return OrderSearch(
        status=SearchStatus.NO_ORDER,
        plan=None,
        margin=-inf,
        bound=-inf,
        gap=0.0,
        self_enforcing=False,
        closed_sets=0,
        pairs=0,
        labels=0,
        budget=budget,
    )


def before_pairs(
    first: Sequence[int | str], then: Sequence[int | str]
) -> tuple[tuple[int | str, int | str], ...]:
    """Every pair (a, b), a of first and b of then: what `required_before` takes."""
    return tuple((a, b) for a in first for b in then if a != b)
