"""Which steps, exchanged together under verification, would mend a plan?

Verified, or held in escrow until all have been handed in, an exchange leaves nothing to withhold
or to cheat on; one can still walk away or attack. Steps of one stage, of two or of three stages of
the plan are put into one verified exchange, at any place between the first and the last of them,
the others keeping their order.

The search is plain enumeration, smallest exchanges first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from servanda.problems.implementation import ImplementationProblem
from servanda.results.plan import PlanEvaluation
from servanda.solvers.plan import Plan, evaluate_plan, read_plan
from servanda.solvers.playable import Masks, as_stages, covered, in_turn

TRIES = 600
"""Most plans evaluated."""

MOST_STAGES = 3
"""Most stages put into one exchange."""


@dataclass(frozen=True, eq=False)
class VerifiedExchange:
    """The smallest verified exchange that mends a plan, or the best tried.

    Attributes:
        plan: the plan with the exchange, evaluated; None where none could be tried.
        exchanged: bitmask of the steps exchanged; 0 where none could be tried.
        tried: plans evaluated.
        complete: whether every exchange of up to `MOST_STAGES` stages was tried, or all smaller
            than the one found; orders that break prerequisites do not count.
    """

    plan: PlanEvaluation | None
    exchanged: int
    tried: int
    complete: bool


def verified_exchange(
    problem: ImplementationProblem, plan: Plan, *, tries: int = TRIES
) -> VerifiedExchange:
    """The verified exchange of fewest steps that makes a plan self-enforcing.

    Among exchanges of equally many steps the one with the largest margin, then the first.

    Args:
        problem: the game; its declared stages need not contain the exchange.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
        tries: most plans evaluated.
    """
    stages = read_plan(problem, plan)
    listed = sorted(_exchanges(stages), key=lambda one: one[0].bit_count())  # stable
    best: tuple[PlanEvaluation, int] | None = None
    size, tried, complete = 0, 0, True
    for exchanged, masks in listed:
        if best is not None and best[0].self_enforcing and exchanged.bit_count() > size:
            break
        if not in_turn(problem, masks):
            continue
        if not covered(problem, masks):
            complete = False
            continue
        if tried == tries:
            return VerifiedExchange(best and best[0], best[1] if best else 0, tried, False)
        tried += 1
        here = evaluate_plan(problem, as_stages(masks))
        if best is None or here.margin > best[0].margin:
            best, size = (here, exchanged), exchanged.bit_count()
    return VerifiedExchange(best and best[0], best[1] if best else 0, tried, complete)


def _exchanges(stages: Masks) -> Iterator[tuple[int, Masks]]:
    """Every exchange of up to three stages, with the plan in which it takes place."""
    for count in range(1, min(MOST_STAGES, len(stages)) + 1):
        for chosen in combinations(range(len(stages)), count):
            if count == 1 and stages[chosen[0]][1]:
                continue  # verified already
            mask = sum(stages[k][0] for k in chosen)
            rest = [stages[k] for k in range(len(stages)) if k not in chosen]
            first, last = chosen[0], chosen[-1] - (count - 1)
            for at in range(first, last + 1):
                yield mask, (*rest[:at], (mask, True), *rest[at:])
