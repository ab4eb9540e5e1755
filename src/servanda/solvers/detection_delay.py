"""How much sooner must a breach be detected for a plan to be kept?

First every delay is shortened by the same number of months, one month more at a time, until the
plan holds. Then each step is given back as many of these months as it can, in the order of steps:
what is left is minimal in that no step can do with a month less. Sooner is not always better (a
breach may be worth less while hidden than once known), which is why the months are tried one by
one.
"""

from dataclasses import dataclass, replace

import numpy as np

from servanda.problems.implementation import ImplementationProblem, Integers
from servanda.results.plan import PlanEvaluation
from servanda.solvers.plan import Plan, evaluate_plan
from servanda.solvers.playable import narrowed


@dataclass(frozen=True, eq=False)
class SoonerDetection:
    """Months by which each step's breaches must be detected sooner.

    Attributes:
        plan: the plan under the shorter delays, evaluated; where no shortening suffices, under
            the one with the largest margin; None where there is no delay.
        sooner: (n,) months taken off the delays of each step, for every actor.
    """

    plan: PlanEvaluation | None
    sooner: Integers


def sooner_detection(problem: ImplementationProblem, plan: Plan) -> SoonerDetection:
    """The least shortening of detection delays that makes a plan self-enforcing.

    Args:
        problem: the game.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
    """
    problem = narrowed(problem, plan)
    longest = problem.delay.max(axis=1)
    best: SoonerDetection | None = None
    for months in range(1, int(longest.max(initial=0)) + 1):
        sooner = np.minimum(longest, months)
        here = evaluate_plan(detected_sooner(problem, sooner), plan)
        if best is None or best.plan is None or here.margin > best.plan.margin:
            best = SoonerDetection(here, sooner)
        if here.self_enforcing:
            return _least(problem, plan, sooner)
    return best or SoonerDetection(None, np.zeros(problem.n_steps, np.int64))


def detected_sooner(problem: ImplementationProblem, sooner: Integers) -> ImplementationProblem:
    """The game with each step's delays shorter by some months (n,), not below 0."""
    return replace(problem, delay=np.maximum(problem.delay - sooner[:, np.newaxis], 0))


def _least(problem: ImplementationProblem, plan: Plan, sooner: Integers) -> SoonerDetection:
    sooner, total = sooner.copy(), -1
    while total != int(sooner.sum()):  # giving one step its months back may free another's
        total = int(sooner.sum())
        for step in np.flatnonzero(sooner).tolist():
            needed = int(sooner[step])
            for months in range(needed + 1):
                sooner[step] = months
                if evaluate_plan(detected_sooner(problem, sooner), plan).self_enforcing:
                    break
    return SoonerDetection(evaluate_plan(detected_sooner(problem, sooner), plan), sooner)
