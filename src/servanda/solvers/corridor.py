"""How much of one step is safe while how much of another is done?

A divisible handover shifts power; a divisible guarantee makes up for it. At a given deployment only
part of the land can be handed over without anybody being tempted, and the parts that can are the
corridor in which the two have to move together.

Schelling, T. (1960), The Strategy of Conflict; Powell, R. (2006), War as a commitment problem.
"""

from collections.abc import Callable, Sequence
from functools import partial

from servanda.errors import ProblemError
from servanda.problems.implementation import ImplementationProblem
from servanda.results.commitment import Corridor
from servanda.solvers.best_order import best_order
from servanda.solvers.intervals import where_it_holds
from servanda.solvers.plan import Plan, evaluate_plan


def corridor(
    problem_at: Callable[[float, float], ImplementationProblem],
    given: Sequence[float],
    *,
    plan: Plan | None = None,
    points: int = 41,
) -> Corridor:
    """Shares of one step at which the game is kept, for each given share of another.

    Args:
        problem_at: the game at a share of the step asked about and a share of the other, both 0
            to 1.
        given: shares of the other step.
        plan: as in `servanda.solvers.plan.evaluate_plan`; the best order when left out.
        points: evenly spaced first looks; an interval narrower than their distance may be missed.
    """
    if any(not 0.0 <= share <= 1.0 for share in given):
        raise ProblemError(f"given: {list(given)}; shares from 0 to 1 wanted")

    def margin(other: float, share: float) -> float:
        problem = problem_at(share, other)
        found = best_order(problem) if plan is None else evaluate_plan(problem, plan)
        return found.margin

    safe = tuple(where_it_holds(partial(margin, other), 0.0, 1.0, points) for other in given)
    return Corridor(tuple(given), safe, resolution=1.0 / (points - 1))
