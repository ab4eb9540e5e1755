"""For which credibilities of a guarantee some order of the steps is kept, whatever the payoffs.

Where payoffs are linear in the credibility, `servanda.solvers.guarantee_window` finds the smallest
one exactly. Where they are not (a breach may be pocketed at one credibility and answered with war
at another) the best order is searched on a grid, and every change is closed in on by bisection. An
order found at one credibility is tried at the next before a search is begun, so that most looks
cost one evaluation.
"""

from collections.abc import Callable, Iterable

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.results.guarantees import CredibilityLook, OrderScan
from servanda.results.plan import SearchStatus
from servanda.solvers.best_order import best_order
from servanda.solvers.plan import Stage, StageLike, evaluate_plan

LABELS = 60_000
"""Labels each search may remember."""


def scan_best_order(
    problem_at: Callable[[float], ImplementationProblem],
    *,
    required_before: Iterable[tuple[int | str, int | str]] = (),
    together: Iterable[StageLike] = (),
    points: int = 11,
    precision: float = 1e-3,
    budget: int = LABELS,
) -> OrderScan:
    """The union of intervals of g in which some order is kept.

    Args:
        problem_at: the game at a credibility in [0, 1].
        required_before, together: as in `servanda.solvers.best_order.best_order`.
        points: evenly spaced first looks.
        precision: width to which the ends of an interval are closed in on.
        budget: labels each search may remember.
    """
    if points < 2 or not precision > 0:
        raise ProblemError(f"points: {points}, precision: {precision}; 2 or more and > 0 wanted")
    scan = _Scan(problem_at, tuple(required_before), tuple(together), budget)
    grid = np.linspace(0.0, 1.0, points).tolist()
    kept = [scan.kept(g) for g in grid]
    intervals: list[tuple[float, float]] = []
    low: float | None = None
    for k, here in enumerate(kept):
        if here and low is None:
            low = grid[0] if k == 0 else scan.change(grid[k - 1], grid[k], precision)
        if not here and low is not None:
            intervals.append((low, scan.change(grid[k], grid[k - 1], precision)))
            low = None
    if low is not None:
        intervals.append((low, 1.0))
    looks = tuple(scan.looks[g] for g in sorted(scan.looks))
    return OrderScan(
        intervals=tuple(intervals),
        looks=looks,
        resolution=1.0 / (points - 1),
        precision=precision,
        certain=all(look.kept is not None for look in looks),
        searches=scan.searches,
    )


class _Scan:
    """Looks taken so far, and the orders found by them."""

    def __init__(
        self,
        problem_at: Callable[[float], ImplementationProblem],
        required_before: tuple[tuple[int | str, int | str], ...],
        together: tuple[StageLike, ...],
        budget: int,
    ) -> None:
        self.problem_at = problem_at
        self.required_before, self.together = required_before, together
        self.budget = budget
        self.looks: dict[float, CredibilityLook] = {}
        self.known: list[tuple[Stage, ...]] = []
        self.searches = 0

    def kept(self, g: float) -> bool:
        """Whether some order is known to be kept at a credibility."""
        if g not in self.looks:
            self.looks[g] = self._look(g)
        return self.looks[g].kept is True

    def change(self, fails: float, holds: float, precision: float) -> float:
        """Bisect between a credibility that fails and one that holds; the last that holds."""
        while abs(holds - fails) > precision:
            middle = 0.5 * (fails + holds)
            if self.kept(middle):
                holds = middle
            else:
                fails = middle
        return holds

    def _look(self, g: float) -> CredibilityLook:
        problem = self.problem_at(g)
        for plan in reversed(self.known):
            here = evaluate_plan(problem, plan)
            if here.self_enforcing:
                return CredibilityLook(g, here.margin, True, here.order)
        self.searches += 1
        found = best_order(
            problem,
            required_before=self.required_before,
            together=self.together,
            budget=self.budget,
        )
        if found.plan is None:
            return CredibilityLook(g, found.margin, False, ())
        plan = tuple(Stage(stage.steps, stage.verified) for stage in found.plan.stages)
        if plan not in self.known:
            self.known.append(plan)
        unsure = found.status == SearchStatus.BOUNDED and found.bound >= -TOLERANCE
        kept = True if found.self_enforcing else None if unsure else False
        return CredibilityLook(g, found.margin, kept, found.plan.order)
