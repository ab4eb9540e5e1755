"""What an order of steps shows of who is sincere, and which small step tests that best."""

from __future__ import annotations

from collections.abc import Sequence

from servanda.problems.hidden_types import hidden_types
from servanda.problems.parameters import Floats, central
from servanda.problems.sincerity import SincerityProblem
from servanda.problems.translation import Translation
from servanda.results.plan import PlanEvaluation
from servanda.results.sincerity import SincerityView
from servanda.scenario.model import Scenario
from servanda.solvers.orders import OrderedDeal
from servanda.solvers.package_sincerity import package_sincerity
from servanda.solvers.plan import StageLike, as_plan
from servanda.solvers.sincerity import play_with_types
from servanda.solvers.tests_of_sincerity import candidates, rank_tests


def sincerity_view(
    scenario: Scenario,
    translation: Translation,
    ordered: OrderedDeal,
    plan: PlanEvaluation,
    *,
    steps: Sequence[StageLike] | None = None,
    theta: Floats | None = None,
    threads: int | None = None,
) -> SincerityView | None:
    """How a plan is played when types are hidden, and the steps ranked as tests of each actor.

    Args:
        scenario: with types; without any there is no answer (None).
        translation: the scenario in integers.
        ordered: the package with its game at the central values; None without steps.
        plan: one of its plans, evaluated.
        steps: those to try as tests, alone or exchanged at once; every declared stage by default.
        theta: one row of θ (P,); the central values by default.
    """
    types = hidden_types(scenario, translation.parameters)
    if not types.any or ordered.problem is None:
        return None
    row = central(translation.parameters)[0] if theta is None else theta
    stages = as_plan(plan)
    tried = candidates(ordered.problem, stages, steps)
    problem = package_sincerity(
        translation,
        types,
        row,
        ordered.deal,
        ordered.problem,
        [stages, *(one for candidate in tried for one in candidate.plans)],
        threads=threads,
    )
    return SincerityView(
        play=play_with_types(problem, stages),
        tests=tuple(
            rank_tests(problem, stages, actor, steps=steps) for actor in typed_actors(problem)
        ),
    )


def small_steps(translation: Translation, ordered: OrderedDeal) -> list[str]:
    """Steps of a deal that could be asked for at once: a month at most, no land, no guarantee."""
    steps, used = translation.steps, ordered.deal.steps
    votes = set(translation.audiences.step.tolist())
    return [
        steps.names[step]
        for step, needs in zip(used.tolist(), ordered.deal.requires.tolist(), strict=True)
        if not needs
        and steps.months[step] <= 1
        and not steps.moves[step]
        and not steps.brings[step]
        and step not in votes
    ]


def typed_actors(problem: SincerityProblem) -> tuple[str, ...]:
    """Actors of more than one type."""
    return tuple(problem.actors[i] for i in problem.typed)
