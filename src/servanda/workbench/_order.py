"""The order of steps, as an answer, charts and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.errors import Complaint, ProblemError, ScenarioError
from servanda.version import VERSION
from servanda.workbench._common import (
    DRAWS,
    SEED,
    Progress,
    chart_files,
    must_be_kept,
    origin_of,
    quiet,
    read,
)

if TYPE_CHECKING:
    from servanda.results.order_answer import OrderAnswer
    from servanda.scenario.model import Scenario
    from servanda.scenario.planned import PlannedOrder


def order(
    scenario: Scenario,
    *,
    name: str = "",
    package: str = "",
    plans: Sequence[Path] = (),
    compare: Sequence[str] = (),
    also: Sequence[str] = (),
    objectives: Sequence[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> OrderAnswer:
    """Orders of the steps of one package: the best, those people speak of, plans given.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        name: what the scenario is called; a plan that says it is for another is refused.
        package: a deal's number, ``focus``, ``status-quo`` or the name of a bargaining solution,
            and options that differ (``7,land=line-as-it-is``); or every option. Left out: the
            package of the plans, or the deal in focus.
        plans: plan files; the first is shown in full.
        compare: identifiers of the orders to look at, the first shown in full; all when left out.
        also: questions about the order shown in full that take longer: ``beliefs`` (as each actor
            sees it), ``sincerity`` (types, and steps that test them), ``tranches``.
        objectives: by which others than the smallest margin the best order is looked for:
            ``nash-product``, ``fewest-months`` (of those kept), ``completion``.
        draws: how many draws of the uncertain quantities.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: there is no war or no step, a plan or a package does not hold together.
        NotFoundError: no such deal, order or file.
    """
    from servanda.simulation.deal_asked import Question
    from servanda.simulation.order import order_of_scenario

    must_be_kept(scenario)
    origin = origin_of(scenario, draws, seed, variant, changes)
    asked = Question(name, package, tuple(plans), tuple(compare), tuple(also), tuple(objectives))
    return order_of_scenario(scenario, origin, asked, threads=threads, progress=progress or quiet)


def order_charts(found: OrderAnswer, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about orders as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.order_charts import charts_of_order

    return chart_files(charts_of_order(found, scenario), scenario.title, ending)


def check_plan(path: Path, *, progress: Progress | None = None) -> tuple[Scenario, PlannedOrder]:
    """Read a plan file and hold it to the scenario it names.

    Args:
        path: the file; a scenario of one's own stands beside it, or is named by its path.
        progress: called where the plan's package has to be computed first.

    Raises:
        ScenarioError: the plan names no scenario, or does not hold together.
        NotFoundError: there is no such scenario or file.
    """
    from servanda.files.plans import scenario_named_in
    from servanda.files.read import shipped, short_name
    from servanda.simulation.order import check_plan as check

    named = scenario_named_in(path)
    if not named:
        rule = "a plan that is checked alone says which scenario it is for"
        raise ScenarioError([Complaint("scenario", rule, path.name, 1, 1)])
    place = named
    if named not in shipped():
        beside = [path.parent / named, path.parent / f"{named}.yaml"]
        place = str(next((one for one in beside if one.exists()), named))
    scenario = read(place)
    origin = origin_of(scenario, DRAWS, SEED, "", ())
    name = named if named in shipped() or Path(named).suffix else short_name(place)
    plan = check(scenario, origin, path, name, progress=progress or quiet)
    return scenario, plan


def export_order(
    found: OrderAnswer, scenario: Scenario, ending: str, *, name: str, signed: date | None = None
) -> bytes:
    """The order shown in full as a file for another program.

    Args:
        found: the answer.
        scenario: the one it is about.
        ending: .csv or .ics (a roadmap), .efg (a game).
        name: what the plan is for; the events of a calendar are told apart by it.
        signed: day of signature; a calendar counts from the scenario's day when left out.

    Raises:
        ProblemError: there is no order to export, or its game is too large.
    """
    from servanda.files.efg import efg_text
    from servanda.files.icalendar import roadmap_ics
    from servanda.files.roadmap_csv import roadmap_csv
    from servanda.results.roadmap import roadmap
    from servanda.scenario.printed_names import printed_names
    from servanda.simulation.order_game import game_of_plan
    from servanda.solvers.breach_game import NOTE

    order = found.order
    if order is None or order.plan is None:
        raise ProblemError("nothing to export: this deal has no order of steps")
    title = f"{scenario.title}: {order.name}"
    if ending == ".efg":
        game = game_of_plan(scenario, found.deal.deal.options, order.plan, title)
        comment = f"Servanda {VERSION}, scenario {found.origin.digest}. {NOTE}"
        return efg_text(game, comment).encode()
    rows = roadmap(
        order.plan,
        {name: step.months for name, step in scenario.steps.items()},
        {name: step.by for name, step in scenario.steps.items()},
        signed or scenario.as_of,
    )
    names = printed_names(scenario)
    if ending == ".csv":
        return roadmap_csv(rows, names, dated=signed is not None).encode()
    key = f"{name}\n{found.deal.deal.index}\n{order.id}"
    return roadmap_ics(rows, names, title=title, key=key, stamp=scenario.as_of)


def save_plan(found: OrderAnswer, scenario: Scenario, *, name: str) -> bytes:
    """The order shown in full as a plan file.

    Args:
        found: the answer.
        scenario: the one it is about.
        name: what the scenario is called.

    Raises:
        ProblemError: there is no order to write.
    """
    from servanda.files.plans import plan_text
    from servanda.scenario.planned import PlannedOrder, PlannedStage

    order = found.order
    if order is None or order.plan is None:
        raise ProblemError("nothing to write: this deal has no order of steps")
    stages = tuple(PlannedStage(one.steps, one.verified) for one in order.plan.stages)
    plan = PlannedOrder(order.name, dict(found.deal.deal.options), stages, name)
    return plan_text(plan).encode()
