"""The deal that somebody asks about, and the orders of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from servanda.errors import Complaint, NotFoundError, ProblemError, ScenarioError
from servanda.files.plans import PlanFile, read_plan
from servanda.files.runs import Run
from servanda.problems.agreement import agreement, chosen_options
from servanda.results.analysis import Origin
from servanda.results.plan import PlanEvaluation
from servanda.scenario.model import Scenario
from servanda.scenario.planned import PlannedOrder
from servanda.simulation.analysis import find_focus
from servanda.simulation.centre import Ground, look_at_centre, stand_at_centre
from servanda.simulation.deals import among_efficient
from servanda.simulation.named_deals import IN_FOCUS, package_named
from servanda.simulation.package_orders import searched_orders
from servanda.simulation.progress import Progress
from servanda.simulation.translated import translated
from servanda.solvers.orders import BEST, FREE, OrderedDeal, unordered_deal
from servanda.solvers.package_game import plan_game
from servanda.solvers.plan import Stage, evaluate_plan

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


@dataclass(frozen=True)
class DealAsked:
    """A deal with its orders.

    Attributes:
        ground: the central values.
        written: the plans given.
        options: issue to option.
        reason: why this deal.
        ordered: its orders, found and given.
    """

    ground: Ground
    written: tuple[PlannedOrder, ...]
    options: Mapping[str, str]
    reason: str
    ordered: OrderedDeal


def deal_asked(
    scenario: Scenario,
    origin: Origin,
    asked: Question,
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> DealAsked:
    """The deal of a checked scenario that is asked about; a run keeps its draws.

    Raises:
        ScenarioError: no such package, or a plan that does not hold together.
        NotFoundError: no such deal or file.
    """
    translation = translated(scenario, progress=progress)
    ground = stand_at_centre(scenario, translation, threads=threads, progress=progress)
    lookup = deal_lookup(scenario, origin, threads=threads, progress=progress, run=run)
    written, options, reason = _package(scenario, asked, lookup)
    return DealAsked(
        ground, tuple(written), options, reason, _orders(scenario, ground, options, written)
    )


def order_asked(ordered: OrderedDeal, asked: Question) -> tuple[str, PlanEvaluation | None]:
    """The order asked for, that of the plan, or the best; None in place of one there is not.

    Raises:
        NotFoundError: no such order.
    """
    known = [*ordered.searches, *ordered.given]
    for name in asked.compare:
        if name not in known:
            raise NotFoundError("order", name, known)
    plans = ordered.plans
    first = [*([f"{PLAN}1"] if asked.plans else []), BEST, FREE]
    name = next(iter(asked.compare), "") or next((one for one in first if one in plans), "")
    return name, plans.get(name)


def deal_lookup(
    scenario: Scenario,
    origin: Origin,
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
) -> Named:
    """Packages by name; what is costly is looked up once, and kept in a run."""

    @cache
    def lookup(name: str) -> Mapping[str, str]:
        translation = translated(scenario, progress=progress)
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

    return lambda text: package_named(text or IN_FOCUS, scenario, lookup)


def _package(
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


def _orders(
    scenario: Scenario, ground: Ground, options: Mapping[str, str], written: Sequence[PlannedOrder]
) -> OrderedDeal:
    """Orders found and given; only those given where there are too many to search."""
    chosen = chosen_options(ground.translation, options)
    number, deal = ground.problem.number(chosen), agreement(ground.translation, chosen)
    ordered = unordered_deal(number, deal)
    try:
        found = searched_orders(ground.table, ground.problem, number, ground.held, scenario.orders)
    except ProblemError as error:
        ordered.reasons.update({BEST: str(error), FREE: str(error)})
    else:
        ordered = ordered if found is None else _copy(found)
    for place, plan in enumerate(written):
        stages = [Stage(one.steps, bool(one.verified)) for one in plan.stages]
        game = plan_game(ground.table, deal, [stages])
        ordered.given[f"{PLAN}{place + 1}"] = evaluate_plan(game, stages)
    return ordered


def _copy(ordered: OrderedDeal) -> OrderedDeal:
    """The same, to which more can be added: what was searched may be shared."""
    return replace(
        ordered,
        searches=dict(ordered.searches),
        reasons=dict(ordered.reasons),
        given=dict(ordered.given),
    )
