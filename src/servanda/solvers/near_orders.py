"""Orders near a given one, exactly; and from there on, for agreements with too many orders.

An agreement of sixty steps without prerequisites has more sets of completed steps than any table
holds. Of those orders in which no two steps k or more places apart change places there are few
sets, and the best of them is found exactly. It becomes the next order to look around, until
nothing better is near: a local optimum over a neighbourhood of exponentially many orders.

Source: Balas, E. and Simonetti, N. (2001), Linear time dynamic-programming algorithms for new
classes of restricted TSPs, INFORMS Journal on Computing 13(1).
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels.order_breaches import end_margins
from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.state_sets import closed_sets
from servanda.results.plan import OrderSearch, SearchStatus
from servanda.solvers.best_order import BUDGET, best_order
from servanda.solvers.order_game import rules_of

Integers = NDArray[np.int64]

SETS = 8_000
"""Most sets of completed steps in one neighbourhood."""

ROUNDS = 8
"""Most neighbourhoods searched."""

WIDEST = 14
"""Most places that a step moves in one round."""


def best_order_nearby(
    game_for: Callable[[Integers], ImplementationProblem],
    requires: Integers,
    *,
    budget: int = BUDGET,
) -> OrderSearch:
    """A good order where there are too many to search, with a certified bound.

    Args:
        game_for: the game whose prerequisites (n,), bitmasks, are those given, with tables for
            the states that these allow; it is asked once a round.
        requires: (n,) the true prerequisites.
        budget: labels remembered in a round.

    The bound is the smallest margin that any order leaves after completion: no more than what
    the agreement itself allows.
    """
    order = _by_prerequisites(requires)
    best: OrderSearch | None = None
    for _ in range(ROUNDS):
        game = game_for(_narrowed(requires, order))
        found = best_order(game, budget=budget)
        top = _completed(game)
        if found.plan is None and best is None:  # deadlines can rule out all that is near
            return replace(found, status=SearchStatus.UNDECIDED, bound=top)
        if found.plan is None or (best is not None and found.margin <= best.margin + TOLERANCE):
            break
        best = replace(found, status=SearchStatus.BOUNDED, bound=max(top, found.margin))
        index = {name: j for j, name in enumerate(game.steps)}
        order = [index[name] for stage in found.plan.order for name in stage]
    assert best is not None  # the first round has set it
    return replace(best, gap=0.0 if best.bound == best.margin else best.bound - best.margin)


def _by_prerequisites(requires: Integers) -> list[int]:
    """The first order of steps, by index, that the prerequisites allow."""
    order: list[int] = []
    done = 0
    while len(order) < len(requires):
        ready = [j for j in range(len(requires)) if not done >> j & 1 and not requires[j] & ~done]
        if not ready:
            raise ProblemError("requires: prerequisites run in a circle")
        order.append(ready[0])
        done |= 1 << ready[0]
    return order


def _narrowed(requires: Integers, order: list[int]) -> Integers:
    """Prerequisites that keep steps near their places, as far apart as SETS allows."""
    single = [1 << j for j in range(len(order))]
    for width in range(WIDEST, 1, -1):
        narrowed = requires.copy()
        for place, step in enumerate(order):
            for earlier in order[: max(place - width + 1, 0)]:
                narrowed[step] |= 1 << earlier
        try:
            closed_sets(narrowed, single, limit=SETS)
        except ProblemError:
            continue
        return narrowed
    return narrowed


def _completed(game: ImplementationProblem) -> float:
    """Smallest margin after completion at the last clock, which every order must withstand."""
    rules = rules_of(game)
    return float(end_margins(rules, game.full, rules.clock_last).min(initial=inf))
