"""The nearest order of a plan's stages that would be kept.

Two orders of the same stages are as far apart as the number of stages that must be taken out and
put elsewhere to turn one into the other: their number less the longest common subsequence (Ulam's
distance). Among equally near orders: fewest swaps of neighbours (Kendall's distance), then the
largest margin, then the first in lexicographic order. All orders at distance 1, then at 2 and so
on are tried up to a stated number; `best_order` first says whether any order would do at all.

Sources: Diaconis, P. (1988), Group Representations in Probability and Statistics, chapter 6 (both
distances between orders).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.state_sets import needed_states
from servanda.results.plan import OrderSearch, PlanEvaluation
from servanda.solvers.best_order import best_order
from servanda.solvers.plan import Plan, evaluate_plan, read_plan
from servanda.solvers.playable import Masks, as_stages, covered, in_turn, masks_of

TRIES = 600
"""Most orders evaluated."""

Order = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class NearestOrder:
    """The nearest order that is kept, or the best that was seen.

    Attributes:
        plan: the order, evaluated; None where no other order could be tried.
        moves: stages moved; None where no order that is kept was found.
        at_least: no order that moves fewer stages than this is kept.
        tried: orders evaluated.
        impossible: proven that no order of these stages is kept.
    """

    plan: PlanEvaluation | None
    moves: int | None
    at_least: int
    tried: int
    impossible: bool


def nearest_order(
    problem: ImplementationProblem, plan: Plan, *, tries: int = TRIES
) -> NearestOrder:
    """The order of the plan's own stages that is kept and moves the fewest of them.

    Args:
        problem: the game.
        plan: stages as in `servanda.solvers.plan.evaluate_plan`; they stay as they are.
        tries: most orders evaluated; beyond it the best order of these stages is the answer, with
            what is certified in ``at_least``.
    """
    stages = read_plan(problem, plan)
    best = _best_of(problem, stages)
    if best is not None and best.bound < -TOLERANCE:
        return NearestOrder(best.plan, None, len(stages), 0, True)
    start: Order = tuple(range(len(stages)))
    seen, level = {start}, [start]
    tried, seen_best = 0, best.plan if best is not None else None
    unseen = len(stages)  # distance of the nearest order that the tables do not cover
    for distance in range(1, len(stages)):
        if len(level) * len(stages) ** 2 > 100 * tries:  # too many to write down
            at_least = min(distance, unseen)
            return _cut_short(problem, stages, best, seen_best, at_least, tried)
        level = sorted(set(_moved(level)) - seen, key=lambda order: (_swaps(order), order))
        seen.update(level)
        found: tuple[int, PlanEvaluation] | None = None
        for order in level:
            if found is not None and _swaps(order) > found[0]:
                break
            masks = tuple(stages[k] for k in order)
            if not in_turn(problem, masks):
                continue
            if not covered(problem, masks):
                unseen = min(unseen, distance)
                continue
            if tried == tries:
                if found is not None:
                    break
                at_least = min(distance, unseen)
                return _cut_short(problem, stages, best, seen_best, at_least, tried)
            tried += 1
            here = evaluate_plan(problem, as_stages(masks))
            if seen_best is None or here.margin > seen_best.margin:
                seen_best = here
            if here.self_enforcing and (found is None or here.margin > found[1].margin):
                found = (_swaps(order), here)
        if found is not None:
            return NearestOrder(found[1], distance, min(distance, unseen), tried, False)
    return NearestOrder(seen_best, None, unseen, tried, unseen == len(stages))


def moves_between(stages: Masks, other: Masks) -> int:
    """Stages to be moved to turn one order of the same stages into another."""
    place = {mask: k for k, (mask, _) in enumerate(stages)}
    tails: list[int] = []  # longest increasing subsequence, by patience
    for mask, _ in other:
        k = place[mask]
        at = next((n for n, tail in enumerate(tails) if tail > k), len(tails))
        tails[at : at + 1] = [k]
    return len(stages) - len(tails)


def _best_of(problem: ImplementationProblem, stages: Masks) -> OrderSearch | None:
    """The best order of these stages; None where the tables do not cover every order."""
    try:
        needed = needed_states(
            problem.requires,
            stages,
            problem.owners,
            problem.reversible,
            limit=len(problem.states),
        )
    except ProblemError:  # more states than the tables hold
        return None
    if not np.isin(needed, problem.states).all():
        return None
    return best_order(replace(problem, stages=stages))


def _cut_short(
    problem: ImplementationProblem,
    stages: Masks,
    best: OrderSearch | None,
    seen_best: PlanEvaluation | None,
    at_least: int,
    tried: int,
) -> NearestOrder:
    """Out of tries: the best order of these stages, where it is kept, though it may not be near."""
    if best is None or best.plan is None or not best.plan.self_enforcing:
        return NearestOrder(seen_best, None, at_least, tried, False)
    moves = moves_between(stages, masks_of(problem, best.plan))
    return NearestOrder(best.plan, moves, at_least, tried, False)


def _moved(level: Iterable[Order]) -> Iterator[Order]:
    """Every order in which one stage more is taken out and put elsewhere."""
    for order in level:
        for k, stage in enumerate(order):
            rest = order[:k] + order[k + 1 :]
            for at in range(len(order)):
                yield (*rest[:at], stage, *rest[at:])


def _swaps(order: Order) -> int:
    return sum(order[b] < order[a] for b in range(len(order)) for a in range(b))
