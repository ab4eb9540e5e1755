"""The orders of one package: found, named, given; one in full; all over the draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import Complaint, NotFoundError, ProblemError, ScenarioError
from servanda.files.plans import PlanFile, read_plan
from servanda.files.runs import Run
from servanda.problems.agreement import agreement, chosen_options
from servanda.problems.from_scenario import translate
from servanda.problems.translation import Translation
from servanda.results.analysis import OrderView, Origin
from servanda.results.order_answer import OrderAnswer
from servanda.results.plan_comparison import PlanComparison
from servanda.results.state_lattice import StateLattice
from servanda.scenario.model import Scenario
from servanda.scenario.planned import PlannedOrder
from servanda.simulation.analysis import find_focus
from servanda.simulation.answers import OrderName, deal_view, order_views
from servanda.simulation.centre import Ground, look_at_centre, stand_at_centre
from servanda.simulation.deals import among_efficient
from servanda.simulation.ensemble import CandidateDraws, candidates_over_draws, take_draws
from servanda.simulation.guarantee_views import credibility_views
from servanda.simulation.named_deals import IN_FOCUS, package_named
from servanda.simulation.order_objectives import OBJECTIVES, add_objective
from servanda.simulation.plan_in_depth import QUESTIONS, plan_in_depth
from servanda.simulation.progress import Progress
from servanda.solvers.audiences import fit_audiences
from servanda.solvers.orders import (
    BEST,
    FREE,
    OrderedDeal,
    order_deal,
    unordered_deal,
)
from servanda.solvers.package_game import plan_game
from servanda.solvers.plan import Stage, evaluate_plan
from servanda.solvers.plan_comparison import compare_margins
from servanda.solvers.state_lattice import state_lattice

FOCUS = "the deal that passes every gate in the largest share of draws"
PLAN = "plan-"
"""What identifiers of plans given begin with; their number follows."""

Named = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class Question:
    """What is asked about the order of steps.

    Attributes:
        name: what the scenario is called, for plans that say what they are for.
        package: see `servanda.simulation.named_deals`; "" for that of the plans, or the deal in
            focus.
        plans: files of plans, or what was read from them; the first is shown in full.
        compare: identifiers of the orders to look at, the first shown in full; none for all.
        also: which of `servanda.simulation.plan_in_depth.QUESTIONS` to answer, beside the rest.
        objectives: by which others than the margin to look for the best order
            (`servanda.simulation.order_objectives.OBJECTIVES`).
    """

    name: str = ""
    package: str = ""
    plans: tuple[Path | PlanFile, ...] = ()
    compare: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()


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
    progress("reading the polls", 0.0)
    _, blocks = fit_audiences(scenario)
    translation = translate(scenario, blocks)
    ground = stand_at_centre(scenario, translation, threads=threads, progress=progress)
    named = deal_lookup(scenario, translation, origin, threads, progress)
    written, options, reason = package_asked(scenario, asked, named)
    ordered = orders_asked(scenario, ground, options, written)
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
        reason=reason,
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
    _, blocks = fit_audiences(scenario)
    translation = translate(scenario, blocks)
    return read_plan(
        path, scenario, name, deal_lookup(scenario, translation, origin, None, progress)
    )


def check_question(asked: Question) -> None:
    """Complain about questions and objectives that nobody knows."""
    for question in asked.also:
        if question not in QUESTIONS:
            raise NotFoundError("question", question, QUESTIONS)
    for objective in asked.objectives:
        if objective not in OBJECTIVES:
            raise NotFoundError("objective", objective, OBJECTIVES)


# ---------------------------------------------------------------- which package


def deal_lookup(
    scenario: Scenario,
    translation: Translation,
    origin: Origin,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Named:
    """Packages by name; what is costly is looked up once, and kept in a run."""
    known: dict[str, Mapping[str, str]] = {}

    def compute(name: str) -> Mapping[str, str]:
        if name == IN_FOCUS:
            found = find_focus(
                scenario, translation, origin, threads=threads, progress=progress, run=run
            )
            return found.centre.problem.named(found.focus.ordered.package)
        centre = look_at_centre(scenario, translation, threads=threads, progress=progress)
        for one in among_efficient(centre.problem, centre.funnel):
            if one.name == name and one.deal is not None:
                return one.deal.options
        raise NotFoundError("deal", name, ["no package passes every gate at the central values"])

    def lookup(name: str) -> Mapping[str, str]:
        if name not in known:
            known[name] = compute(name)
        return known[name]

    return lambda text: package_named(text or IN_FOCUS, scenario, lookup)


def package_asked(
    scenario: Scenario, asked: Question, named: Named
) -> tuple[list[PlannedOrder], Mapping[str, str], str]:
    """The plans given, the package, and why this one."""
    options = named(asked.package) if asked.package else None

    def of_plan(text: str) -> Mapping[str, str]:
        return options if options is not None and not text else named(text)

    plans = [read_plan(path, scenario, asked.name, of_plan) for path in asked.plans]
    for path, plan in zip(asked.plans, plans, strict=True):
        wanted = options if options is not None else plans[0].options
        other = [issue for issue, option in plan.options.items() if option != wanted[issue]]
        if other:
            rule = f"this plan is for another package: it differs in {', '.join(other)}"
            raise ScenarioError([Complaint("package", rule, path.name, 1, 1)])
    if options is not None:
        return plans, options, f"asked for as {asked.package}"
    if plans:
        return plans, plans[0].options, "the package of the plan"
    return plans, named(""), FOCUS


# ---------------------------------------------------------------- which orders


def orders_asked(
    scenario: Scenario, ground: Ground, options: Mapping[str, str], written: Sequence[PlannedOrder]
) -> OrderedDeal:
    """Orders found and given; only those given where there are too many to search."""
    chosen = chosen_options(ground.translation, options)
    number, deal = ground.problem.number(chosen), agreement(ground.translation, chosen)
    ordered = unordered_deal(number, deal)
    if len(deal.steps):
        try:
            ordered = order_deal(ground.table, number, deal, ground.held, dict(scenario.orders))
        except ProblemError as error:
            ordered.reasons.update({BEST: str(error), FREE: str(error)})
    for place, plan in enumerate(written):
        stages = [Stage(one.steps, bool(one.verified)) for one in plan.stages]
        game = plan_game(ground.table, deal, [stages])
        ordered.given[f"{PLAN}{place + 1}"] = evaluate_plan(game, stages)
    return ordered


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
