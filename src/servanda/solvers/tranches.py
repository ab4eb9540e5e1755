"""Would smaller steps be kept? The fewest tranches with which a plan reaches a margin.

A step taken at once can shift more than the other side's promise is worth; the same step in parts,
exchanged against parts of another, shifts less at a time. In handovers that shift the value of war
back and forth, with all else paid at the end, ``ceil(shift / slack)`` tranches are enough.

Looked at: each divisible step by itself in 2, 3, ... parts, all of them in 2, 3, ... parts at once,
and from the fewest parts that reach the target down, one part of one step at a time. Months are
whole, so many parts can take longer than the step, and more parts are not always better.

Schelling, T. (1960), The Strategy of Conflict.
"""

from collections.abc import Callable, Mapping
from math import inf

from servanda.errors import ProblemError
from servanda.problems.implementation import TOLERANCE, ImplementationProblem
from servanda.problems.state_sets import mask_of, steps_of
from servanda.problems.tranches import Parts, parts_of
from servanda.results.plan import OrderSearch, PlanEvaluation, SearchStatus
from servanda.results.tranches import TrancheSearch
from servanda.solvers.best_order import best_order
from servanda.solvers.plan import Plan, Stage, evaluate_plan, read_plan

ProblemAt = Callable[[Mapping[str, int]], ImplementationProblem]


def smallest_tranches(
    problem_at: ProblemAt,
    most: Mapping[str, int],
    *,
    target: float = 0.0,
    plan: Plan | None = None,
    search: Callable[[ImplementationProblem], OrderSearch] = best_order,
) -> TrancheSearch:
    """The fewest parts of divisible steps with which the margin reaches a target.

    Args:
        problem_at: the game with these steps in so many parts; ``problem_at({})`` has none.
        most: into how many parts each divisible step may be cut.
        target: margin wanted, value points.
        plan: of whole steps, gone through in rounds (`in_rounds`); the best order when left out.
        search: what finds the best order of a game, as with a budget or with pairs required.
    """
    for name, count in most.items():
        if count < 1:
            raise ProblemError(f"most: '{name}' in {count} parts; at least 1 wanted")
    look = _Looks(problem_at, plan, search)
    alone = {
        name: [look.at({name: count}) for count in range(1, limit + 1)]
        for name, limit in most.items()
    }
    together = [
        look.at({name: min(count, limit) for name, limit in most.items()})
        for count in range(1, max(most.values(), default=1) + 1)
    ]
    found = look.fewest(target)
    if found is not None:
        found = _lowered(look, found, target)
    chosen = look.best() if found is None else found
    evaluation = look.plans[chosen]
    margin = -inf if evaluation is None else evaluation.margin
    return TrancheSearch(
        target=target,
        alone={name: tuple(margins) for name, margins in alone.items()},
        together=tuple(together),
        smallest=None if found is None else {name: dict(found).get(name, 1) for name in most},
        plan=evaluation,
        margin=margin,
        exact=look.exact,
        reason=_reason(found, chosen, target, margin),
    )


def in_rounds(
    whole: ImplementationProblem, plan: Plan, tranches: Mapping[str, int]
) -> tuple[Stage, ...]:
    """A plan of whole steps as one of parts: its stages in turn, each time the next part of each.

    A stage waits for its turn until what it needs is done. Of an exchange the like parts go
    together, after parts that have no like.

    Args:
        whole: the game without tranches.
        plan: a plan of it.
        tranches: parts of each divided step.
    """
    parts = parts_of(whole.steps, tranches)
    needed = [mask_of(one) for one in parts.needed([steps_of(int(m)) for m in whole.requires])]
    waiting = [_turns(parts, steps_of(mask), verified) for mask, verified in read_plan(whole, plan)]
    stages: list[Stage] = []
    done = 0
    while any(waiting):
        for turns in waiting:
            if turns and all(needed[part] & ~done == 0 for part in turns[0][0]):
                part, verified = turns.pop(0)
                done |= mask_of(part)
                stages.append(Stage(part, verified))
    return tuple(stages)


def _turns(parts: Parts, steps: list[int], verified: bool) -> list[tuple[tuple[int, ...], bool]]:
    """Stages of one stage's parts, in their order."""
    turns: list[tuple[tuple[int, ...], bool]] = []
    after = {step: int(parts.last[step] - parts.count[parts.last[step]] + 1) for step in steps}
    for together in parts.together(steps):
        for step, part in zip(steps, together, strict=True):
            turns += [((single,), False) for single in range(after[step], part)]
            after[step] = part + 1
        turns.append((together, verified))
    return turns


Counts = tuple[tuple[str, int], ...]


class _Looks:
    """Plans looked at, by the parts of the steps that are divided."""

    def __init__(
        self,
        problem_at: ProblemAt,
        plan: Plan | None,
        search: Callable[[ImplementationProblem], OrderSearch],
    ) -> None:
        self.problem_at, self.plan, self.search = problem_at, plan, search
        self.whole = problem_at({})
        self.exact = True
        self.plans: dict[Counts, PlanEvaluation | None] = {}
        self.plans[()] = self._evaluate(self.whole, {})

    def at(self, counts: Mapping[str, int]) -> float | None:
        """Margin with so many parts; None where there are too many orders to search."""
        divided = {name: count for name, count in counts.items() if count > 1}
        key = tuple(sorted(divided.items()))
        if key not in self.plans:
            try:
                problem = self.problem_at(divided)
            except ProblemError:  # the whole game could be built, so it is its size
                self.plans[key] = None
                self.exact = False
            else:
                self.plans[key] = self._evaluate(problem, divided)
        found = self.plans[key]
        return None if found is None else found.margin

    def reaches(self, key: Counts, target: float) -> bool:
        """Whether a plan looked at reaches the target."""
        margin = self.at(dict(key))
        return margin is not None and margin >= target - TOLERANCE

    def fewest(self, target: float) -> Counts | None:
        """Of those looked at that reach the target, the one with fewest parts."""
        reached = [key for key in self.plans if self.reaches(key, target)]
        return min(reached, key=lambda key: (_extra(key), key), default=None)

    def best(self) -> Counts:
        """Of those looked at, the one with the largest margin, and the fewest parts."""
        found = {key: plan.margin for key, plan in self.plans.items() if plan is not None}
        return min(found, key=lambda key: (-found[key], _extra(key), key), default=())

    def _evaluate(
        self, problem: ImplementationProblem, counts: Mapping[str, int]
    ) -> PlanEvaluation | None:
        if self.plan is not None:
            return evaluate_plan(problem, in_rounds(self.whole, self.plan, counts))
        found = self.search(problem)
        self.exact &= found.status != SearchStatus.BOUNDED
        return found.plan


def _extra(key: Counts) -> int:
    return sum(count - 1 for _, count in key)


def _lowered(look: _Looks, key: Counts, target: float) -> Counts:
    """One part fewer of one step at a time, as long as the target is still reached."""
    for name, count in key:
        fewer = tuple((n, c - (n == name)) for n, c in key if c - (n == name) > 1)
        if count > 1 and look.reaches(fewer, target):
            return _lowered(look, fewer, target)
    return key


def _reason(found: Counts | None, chosen: Counts, target: float, margin: float) -> str:
    if margin == -inf:
        return "Prerequisites leave no order of these steps."
    parts = ", ".join(f"{name} in {count}" for name, count in chosen)
    if found == ():
        return f"Whole steps reach {target:g} points: {margin:.2f}."
    if found is not None:
        return f"With {parts} parts the margin is {margin:.2f} points."
    best = f"none beats whole steps: {margin:.2f} points."
    if parts:
        best = f"the best is {margin:.2f} points, with {parts} parts."
    return f"No division reaches {target:g} points; {best}"
