"""The orders of one package: found, named, given; one in full; all over the draws."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from servanda.errors import NotFoundError, ProblemError
from servanda.files.plans import read_plan
from servanda.results.analysis import OrderView, Origin
from servanda.results.order_answer import OrderAnswer
from servanda.results.plan_comparison import PlanComparison
from servanda.results.state_lattice import StateLattice
from servanda.scenario.model import Scenario
from servanda.scenario.planned import PlannedOrder
from servanda.simulation.answers import OrderName, deal_view, order_views
from servanda.simulation.deal_asked import PLAN, Question, deal_asked, deal_lookup
from servanda.simulation.ensemble import CandidateDraws, candidates_over_draws, take_draws
from servanda.simulation.guarantee_views import credibility_views
from servanda.simulation.order_objectives import OBJECTIVES, add_objective
from servanda.simulation.plan_in_depth import QUESTIONS, plan_in_depth
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared_work
from servanda.solvers.orders import (
    BEST,
    FREE,
    OrderedDeal,
)
from servanda.solvers.plan_comparison import compare_margins
from servanda.solvers.state_lattice import state_lattice


@shared_work()
def order_of_scenario(
    scenario: Scenario,
    origin: Origin,
    asked: Question,
    *,
    threads: int | None,
    progress: Progress,
) -> OrderAnswer:
    """Orders of one package of a checked scenario."""
    check_question(asked)
    deal = deal_asked(scenario, origin, asked, threads=threads, progress=progress)
    ground, ordered, written = deal.ground, deal.ordered, deal.written
    translation = ground.translation
    for objective in asked.objectives:
        progress(f"orders by {objective}", 0.0)
        add_objective(ground, ordered, objective)
    ordered = _compared(ordered, asked.compare)
    drawn = take_draws(
        translation, seed=origin.seed, count=origin.draws, threads=threads, progress=progress
    )
    (found,) = candidates_over_draws(
        ground.every_line, translation, drawn, [ordered], threads=threads, progress=progress
    )
    progress("putting it together", 0.0)
    listed = order_views(scenario, ground, found, _more_names(scenario, ordered, written))
    views = _only(listed, asked.compare)
    lattice, why_not = _lattice(ordered)
    chosen = _chosen(views, asked, written)
    return OrderAnswer(
        origin=origin,
        deal=deal_view(ground, found),
        reason=deal.reason,
        orders=views,
        chosen=chosen,
        search=ordered.searches.get(BEST) or ordered.searches.get(FREE),
        draws={one.id: one.margins.margins for one in found.orders},
        credibilities=credibility_views(translation, ground.table, drawn, ordered, ground.held),
        lattice=lattice,
        lattice_reason=why_not,
        comparison=_comparison(found),
        depth=plan_in_depth(
            scenario,
            ground,
            drawn.theta,
            ordered,
            ordered.plans[chosen],
            asked.also,
            threads=threads,
            progress=progress,
        )
        if chosen
        else None,
    )


def check_plan(
    scenario: Scenario, origin: Origin, path: Path, name: str, *, progress: Progress
) -> PlannedOrder:
    """Read a plan and hold it to a scenario; a package that has no name of its own is computed."""
    lookup = deal_lookup(scenario, origin, threads=None, progress=progress)
    return read_plan(path, scenario, name, lookup)


def check_question(asked: Question) -> None:
    """Complain about questions and objectives that nobody knows."""
    for question in asked.also:
        if question not in QUESTIONS:
            raise NotFoundError("question", question, QUESTIONS)
    for objective in asked.objectives:
        if objective not in OBJECTIVES:
            raise NotFoundError("objective", objective, OBJECTIVES)


# ---------------------------------------------------------------- which orders


def _compared(ordered: OrderedDeal, only: Sequence[str]) -> OrderedDeal:
    """The same with the orders asked for; none asked for: all."""
    known = [*ordered.searches, *ordered.given]
    for name in only:
        if name not in known:
            raise NotFoundError("order", name, known)
    if not only:
        return ordered
    return OrderedDeal(
        ordered.package,
        ordered.deal,
        ordered.problem,
        {name: one for name, one in ordered.searches.items() if name in only},
        ordered.reasons,
        {name: one for name, one in ordered.given.items() if name in only},
    )


def _more_names(
    scenario: Scenario, ordered: OrderedDeal, written: Sequence[PlannedOrder]
) -> list[OrderName]:
    """Names of each side's own orders and of the plans given."""
    names = [
        OrderName(key, f"Within {actor.name}’s lines", (identifier,))
        for identifier, actor in scenario.actors.items()
        for key in [f"of-{identifier}"]
        if key in ordered.searches
    ]
    names += [
        OrderName(key, name)
        for key, name in OBJECTIVES.items()
        if key in ordered.searches or key in ordered.given
    ]
    return names + [
        OrderName(f"{PLAN}{place + 1}", plan.title) for place, plan in enumerate(written)
    ]


def _only(views: tuple[OrderView, ...], wanted: Sequence[str]) -> tuple[OrderView, ...]:
    """The orders asked for, in the order asked for; all where none is."""
    if not wanted:
        return views
    by_id = {one.id: one for one in views}
    return tuple(by_id[name] for name in dict.fromkeys(wanted) if name in by_id)


def _chosen(views: Sequence[OrderView], asked: Question, written: Sequence[PlannedOrder]) -> str:
    """The order shown in full: the first asked for, given or best by an objective; or the best."""
    first = [*asked.compare[:1], *([f"{PLAN}1"] if written else []), *asked.objectives]
    exist = [one.id for one in views if one.plan is not None]
    return next((name for name in [*first, BEST, FREE, *exist] if name in exist), "")


# ---------------------------------------------------------------- all of them together


def _comparison(found: CandidateDraws) -> PlanComparison | None:
    if not found.orders:
        return None
    plans = found.ordered.plans
    margins = {one.id: one.margins for one in found.orders}
    return compare_margins(margins, {name: plans[name].margin for name in margins})


def _lattice(ordered: OrderedDeal) -> tuple[StateLattice | None, str]:
    if ordered.problem is None:
        return None, "there are no orders to search"
    try:
        return state_lattice(ordered.problem), ""
    except ProblemError as error:
        return None, str(error)
