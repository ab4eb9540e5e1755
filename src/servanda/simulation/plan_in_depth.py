"""Further questions about one order of a scenario, each answered where it can be."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from servanda.errors import ProblemError
from servanda.problems.chance import LogitNoise
from servanda.problems.parameters import Floats, central
from servanda.results.chance import ChanceEvaluation
from servanda.results.plan import PlanEvaluation
from servanda.results.plan_comparison import PlanViews
from servanda.results.plan_in_depth import PlanInDepth
from servanda.scenario.model import Scenario
from servanda.simulation.centre import Ground
from servanda.simulation.guarantee_reports import guarantee_reports
from servanda.simulation.plan_views import plan_breach, plan_repairs, plan_views
from servanda.simulation.progress import Progress
from servanda.simulation.sincerity_views import sincerity_view
from servanda.solvers.chance_plan import evaluate_with_chance
from servanda.solvers.orders import OrderedDeal, deal_in_tranches
from servanda.solvers.package_chance import NOISE, has_chance, package_chance
from servanda.solvers.plan import as_plan, plan_states
from servanda.solvers.renegotiation import renegotiation

Answer = TypeVar("Answer")

BELIEFS, SINCERITY, TRANCHES = "beliefs", "sincerity", "tranches"
QUESTIONS = (BELIEFS, SINCERITY, TRANCHES)
"""Questions that take longer than the rest of the answer, and are answered only when asked."""


def plan_in_depth(
    scenario: Scenario,
    ground: Ground,
    theta: Floats,
    ordered: OrderedDeal,
    plan: PlanEvaluation,
    also: Collection[str],
    *,
    threads: int | None,
    progress: Progress,
) -> PlanInDepth | None:
    """Everything about one order; None where its package has no game that could be searched.

    Args:
        scenario: a checked scenario.
        ground: its central values.
        theta: (D, P) the draws.
        ordered: the package with its game.
        plan: one of its orders.
        also: which of QUESTIONS to answer.
        threads: at most this many.
        progress: called with what is being done.
    """
    if ordered.problem is None:
        return None
    game, table, translation = ordered.problem, ground.table, ground.translation
    left_out: dict[str, str] = {}

    def asked(question: str, answer: Callable[[], Answer], wanted: bool = True) -> Answer | None:
        """The answer, or None and why not: a plan may use stages for which there is no table."""
        if not wanted:
            return None
        progress(question, 0.0)
        try:
            return answer()
        except ProblemError as error:
            left_out[question] = str(error)
            return None

    stages = as_plan(plan)
    broken = not plan.self_enforcing
    views: PlanViews | None = asked(
        BELIEFS,
        lambda: plan_views(translation, theta, ordered, stages, threads=threads),
        BELIEFS in also,
    )
    return PlanInDepth(
        breach=asked("first breach", lambda: plan_breach(table, ordered, plan), broken),
        repairs=asked("repairs", lambda: plan_repairs(table, ordered, plan), broken) or (),
        renegotiation=asked("bargaining again", lambda: renegotiation(game, stages)),
        guarantees=asked("guarantees", lambda: guarantee_reports(table, ordered, plan)) or (),
        chance=asked("chance", lambda: _chance(ground, ordered, plan)),
        noisy=asked("errors", lambda: _chance(ground, ordered, plan, NOISE)),
        beliefs=views.beliefs if views else None,
        seen_by={} if views is None else {who: m.probability for who, m in views.of.items()},
        sincerity=asked(
            SINCERITY,
            lambda: sincerity_view(scenario, translation, ordered, plan, threads=threads),
            SINCERITY in also,
        ),
        tranches=asked(
            TRANCHES,
            lambda: deal_in_tranches(table, ordered.deal, ground.held),
            TRANCHES in also,
        ),
        left_out=left_out,
    )


def _chance(
    ground: Ground, ordered: OrderedDeal, plan: PlanEvaluation, noise: LogitNoise | None = None
) -> ChanceEvaluation | None:
    """The plan with the chance the scenario speaks of; None where there is none to speak of."""
    assert ordered.problem is not None  # it has a plan
    if noise is None and not has_chance(ground.translation, ordered.deal):
        return None
    stages = as_plan(plan)
    states = plan_states(ordered.problem, stages)
    theta = central(ground.translation.parameters)
    game = package_chance(ground.table, theta, ordered.deal, states)
    return evaluate_with_chance(game, stages, noise=noise)
