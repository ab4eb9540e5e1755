"""What one can do with Servanda, a few lines each.  Start reading here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.errors import Complaint, ExchangeError, NotFoundError, ProblemError, ScenarioError
from servanda.version import VERSION

if TYPE_CHECKING:
    from altair import LayerChart

    from servanda.files.genius import Scaling
    from servanda.results.analysis import Analysis, Origin
    from servanda.results.backtest import Backtest
    from servanda.results.deals import Deals
    from servanda.results.diagnosis import Diagnosis
    from servanda.results.levers import Levers
    from servanda.results.order_answer import OrderAnswer
    from servanda.results.sensitivity import Sensitivity
    from servanda.results.talks_answer import TalksAnswer
    from servanda.scenario.model import Scenario
    from servanda.scenario.planned import PlannedOrder

Progress = Callable[[str, float], None]

DRAWS, SEED = 500, 1
"""How many draws, from which seed, unless said otherwise."""

BACKTEST_DRAWS = 200
"""Draws of the coded ranges of each case of the past, unless said otherwise."""

FEWEST_FOR_SHARES = 40
"""Draws below which shares of variance say nothing."""


def read(name_or_file: str, *, variant: str = "", changes: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario that ships, or stands in a file."""
    from servanda.files.read import read_scenario

    return read_scenario(name_or_file, variant=variant, changes=changes)


def analyse(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Analysis:
    """Value of fighting on, packages through their gates, orders of steps, over many draws.

    Args:
        scenario: a checked scenario, variant and changes already applied.
        draws: how many draws of the uncertain quantities.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: the scenario has no war to weigh a deal against.
    """
    if scenario.war is None:
        rule = (
            "is missing. An analysis weighs a deal against fighting on, and asks who would keep it."
        )
        raise ScenarioError([Complaint("war", rule)])
    from servanda.simulation.analysis import analyse_scenario

    origin = _origin(scenario, draws, seed, variant, changes)
    return analyse_scenario(
        scenario, origin, threads=threads, progress=progress or (lambda *_: None)
    )


def deals(
    scenario: Scenario,
    *,
    funds: Mapping[str, tuple[float, tuple[str, ...]]] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Deals:
    """Packages at the central values: gates, frontier, solutions, overlap, obstacles.

    Args:
        scenario: a checked scenario, variant and changes already applied.
        funds: name to the points it holds and the actors it may be paid to (none named: any).
        draws, seed: how many readings of rankings, from which seed; where there are rankings.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.
    """
    from servanda.simulation.deals import deals_of_scenario

    drawn = (draws, seed) if scenario.rankings else (0, 0)
    origin = _origin(scenario, *drawn, variant, changes)
    return deals_of_scenario(
        scenario, origin, funds or {}, threads=threads, progress=progress or (lambda *_: None)
    )


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
    from servanda.simulation.order import Question, order_of_scenario

    origin = _origin(scenario, draws, seed, variant, changes)
    asked = Question(name, package, tuple(plans), tuple(compare), tuple(also), tuple(objectives))
    return order_of_scenario(
        scenario, origin, asked, threads=threads, progress=progress or (lambda *_: None)
    )


def talks(
    scenario: Scenario,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> TalksAnswer:
    """Talks while fighting, at the central values: when the sides would sign what, why not now.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: the scenario has no war beside which talks could go on.
    """
    if scenario.war is None:
        rule = "is missing. Talks while fighting need one; servanda deals does without."
        raise ScenarioError([Complaint("war", rule)])
    from servanda.simulation.talks import talks_of_scenario

    origin = _origin(scenario, 0, 0, variant, changes)
    return talks_of_scenario(
        scenario, origin, threads=threads, progress=progress or (lambda *_: None)
    )


def talks_charts(found: TalksAnswer, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about talks as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.talks_charts import charts_of_talks

    return _chart_files(charts_of_talks(found, scenario), scenario.title, ending)


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
    origin = _origin(scenario, DRAWS, SEED, "", ())
    name = named if named in shipped() or Path(named).suffix else short_name(place)
    plan = check(scenario, origin, path, name, progress=progress or (lambda *_: None))
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


def order_charts(found: OrderAnswer, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about orders as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.order_charts import charts_of_order

    return _chart_files(charts_of_order(found, scenario), scenario.title, ending)


def deal_charts(found: Deals, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of an answer about deals as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.brief.deal_charts import charts_of_deals

    return _chart_files(charts_of_deals(found, scenario), scenario.title, ending)


def backtest(
    folder: Path | None = None,
    *,
    draws: int = BACKTEST_DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Forecast agreements of the past from what was known on the day, and score the forecasts.

    Args:
        folder: one case, or a folder of cases; those that ship when left out.
        draws: how many draws of the coded ranges.
        seed: of the draws.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.

    Raises:
        ScenarioError: a case does not hold together; carries the complaints about all.
        NotFoundError: no such folder, or no case in it.
    """
    from servanda.files.past_cases import past_cases
    from servanda.files.read import coding_rules
    from servanda.simulation.backtest import backtest_cases, noise_of

    return backtest_cases(
        past_cases(folder),
        noise_of(coding_rules()),
        draws=draws,
        seed=seed,
        threads=threads,
        progress=progress or (lambda *_: None),
    )


def backtest_charts(found: Backtest, ending: str) -> dict[str, bytes]:
    """Charts of a back-test as files: name to content.

    Args:
        found: the back-test.
        ending: html, svg or png.
    """
    from servanda.charts.calibration import calibration_chart
    from servanda.charts.forecasts import forecasts_chart

    charts = {"forecasts": forecasts_chart(found), "calibration": calibration_chart(found)}
    return _chart_files(charts, "Forecasts of past agreements", ending)


def why(
    scenario: Scenario,
    *,
    causes: Sequence[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Diagnosis:
    """What stands between the parties and a kept deal: causes switched off alone and in pairs.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        causes: identifiers of those to switch off (``beliefs``, ``commitment``, ``stakes``,
            ``pressure``, ``gate:AUDIENCE``, ``red-lines:ACTOR``); all the scenario states when
            left out.
        draws: how many draws of the uncertain quantities.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: there is no war, or no step.
        NotFoundError: no such cause in this scenario.
    """
    from servanda.simulation.diagnosis import diagnosis_of_scenario

    _must_be_kept(scenario)
    origin = _origin(scenario, draws, seed, variant, changes)
    return diagnosis_of_scenario(
        scenario, origin, causes, threads=threads, progress=progress or (lambda *_: None)
    )


def diagnosis_charts(found: Diagnosis, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of a diagnosis as files: name to content.

    Args:
        found: the answer.
        scenario: whose title is printed.
        ending: html, svg or png.
    """
    from servanda.charts.cause_pairs import cause_pairs_chart
    from servanda.charts.causes import causes_chart

    charts = {"causes": causes_chart(found)}
    if found.pairs:
        charts["cause-pairs"] = cause_pairs_chart(found)
    return _chart_files(charts, scenario.title, ending)


def levers(
    scenario: Scenario,
    *,
    target: float = 0.5,
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Levers:
    """Which uncertain quantities, moved how far and by whom, make a kept deal likelier.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        target: probability of a kept deal to be reached, between 0 and 1.
        draws: how many draws of the uncertain quantities; at least two.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: there is no war, or no step.
        ProblemError: the target is no probability, or there are fewer than two draws.
    """
    from servanda.simulation.levers import levers_of_scenario

    _must_be_kept(scenario)
    if not 0.0 < target < 1.0:
        raise ProblemError(f"target: {target} is not between 0 and 1")
    if draws < 2:
        raise ProblemError("draws: effects take at least two")
    origin = _origin(scenario, draws, seed, variant, changes)
    return levers_of_scenario(
        scenario, origin, target, threads=threads, progress=progress or (lambda *_: None)
    )


def lever_charts(found: Levers, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of levers as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.charts.effort import effort_chart
    from servanda.charts.levers import levers_chart

    charts = {"levers": levers_chart(found, scenario)} if found.levers else {}
    if found.frontier:
        charts["effort"] = effort_chart(found, scenario)
    return _chart_files(charts, scenario.title, ending)


def sensitivity(
    scenario: Scenario,
    *,
    order: str = "",
    draws: int = DRAWS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
    variant: str = "",
    changes: Sequence[str] = (),
) -> Sensitivity:
    """Which uncertain numbers the variance of the answer comes from.

    Args:
        scenario: a checked scenario, variant and changes already applied, with a war and steps.
        order: identifier of an order of the package in focus, whose margin is asked about; the
            best when left out.
        draws: how many draws of the uncertain quantities; at least 40.
        seed: of the draws; the same seed gives the same answer, whatever the threads.
        threads: at most this many; as many as there are processors when left out.
        progress: called with what is being done and how much of it, 0 to 1.
        variant, changes: what was applied, to be remembered in the answer.

    Raises:
        ScenarioError: there is no war, or no step.
        NotFoundError: no such order of the package in focus.
        ProblemError: too few draws.
    """
    from servanda.simulation.sensitivity import sensitivity_of_scenario

    _must_be_kept(scenario)
    if draws < FEWEST_FOR_SHARES:
        raise ProblemError(f"draws: shares of variance take at least {FEWEST_FOR_SHARES}")
    origin = _origin(scenario, draws, seed, variant, changes)
    return sensitivity_of_scenario(
        scenario, origin, order, threads=threads, progress=progress or (lambda *_: None)
    )


def sensitivity_charts(found: Sensitivity, scenario: Scenario, ending: str) -> dict[str, bytes]:
    """Charts of shares of variance as files: name to content.

    Args:
        found: the answer.
        scenario: whose names are printed.
        ending: html, svg or png.
    """
    from servanda.charts.sensitivity import sensitivity_chart

    if not found.designed:
        return {}
    charts = {"sensitivity": sensitivity_chart(found, scenario)}
    return _chart_files(charts, scenario.title, ending)


def _must_be_kept(scenario: Scenario) -> None:
    """Complain where nobody could be asked whether a deal would be kept."""
    complaints = []
    if scenario.war is None:
        rule = "is missing. Whether a deal is kept is weighed against fighting on."
        complaints.append(Complaint("war", rule))
    if not scenario.steps:
        complaints.append(Complaint("steps", "is missing. There is nothing that could be kept."))
    if complaints:
        raise ScenarioError(complaints)


def brief(analysis: Analysis, scenario: Scenario) -> str:
    """A self-contained HTML page that says what an analysis found."""
    from servanda.brief import render_html

    return render_html(analysis, scenario)


@dataclass(frozen=True)
class Imported:
    """A scenario made from other programs' files.

    Attributes:
        scenario: it passes the check.
        raw: the same as a file says it.
        format: what the files were.
        notes: what was decided on the way, each a sentence.
    """

    scenario: Scenario
    raw: dict[str, Any]
    format: str
    notes: tuple[str, ...]


def import_files(
    files: Sequence[Path], *, as_of: date, scaling: Scaling = "genius", title: str = ""
) -> Imported:
    """Make a scenario from GENIUS, GeniusWeb, CSV or Parquet files, or from a folder of them.

    Args:
        files: a domain and its profiles, or one table of packages.
        as_of: the day of the scenario.
        scaling: how GENIUS evaluations are read.
        title: of the scenario; the name of the domain when left out.

    Raises:
        ExchangeError: the files cannot be used; carries all complaints.
    """
    from servanda.files.exchange import gather
    from servanda.files.genius import read_genius
    from servanda.files.geniusweb import read_geniusweb
    from servanda.scenario.build import build_scenario
    from servanda.scenario.from_preferences import raw_scenario

    kind, paths = gather(files)
    if kind.name == "genius":
        preferences = read_genius(paths, scaling=scaling)
    elif kind.name == "geniusweb":
        preferences = read_geniusweb(paths)
    else:
        from servanda.files.tables import read_csv, read_parquet
        from servanda.problems.preferences import preferences_of_table

        read_table = read_csv if kind.name == "csv" else read_parquet
        preferences = preferences_of_table(read_table(paths[0]), name=paths[0].stem)
    raw = raw_scenario(preferences, title=title or preferences.name, as_of=as_of)
    scenario, complaints = build_scenario(raw)
    if scenario is None or complaints:
        raise ExchangeError(complaints)
    return Imported(scenario, raw, kind.title, preferences.notes)


@dataclass(frozen=True)
class Exported:
    """Files for other programs.

    Attributes:
        files: name to content.
        lost: what the scenario says and the files do not, each a sentence.
        rescaled: actors whose values had to be put on another scale, each a sentence.
    """

    files: dict[str, bytes]
    lost: tuple[str, ...]
    rescaled: tuple[str, ...]


def export_files(scenario: Scenario, *, to: str, name: str) -> Exported:
    """The package side of a scenario as files of another program.

    Args:
        scenario: a checked scenario, variant and changes already applied.
        to: genius, geniusweb, csv or parquet.
        name: of the domain; a table is called after it.

    Raises:
        NotFoundError: no such format.
        ProblemError: more packages than a table holds.
    """
    from servanda.files.exchange import FORMATS
    from servanda.files.genius import genius_files
    from servanda.files.geniusweb import geniusweb_files
    from servanda.files.tables import csv_text, parquet_bytes
    from servanda.problems.from_scenario import translate
    from servanda.problems.package_binding import package_problem
    from servanda.problems.parameters import central
    from servanda.problems.preferences import package_table, preferences_of
    from servanda.problems.ranked_binding import ranked_packages
    from servanda.problems.ranked_packages import central_reading
    from servanda.scenario.from_preferences import labels
    from servanda.scenario.losses import losses
    from servanda.solvers.reservation import without_a_deal

    if to not in FORMATS:
        raise NotFoundError("format", to, FORMATS)
    kind, names = FORMATS[to], labels(scenario)
    translation = translate(scenario)
    theta = central(translation.parameters)
    reservation = without_a_deal(translation, theta, threads=None)[0]
    problem = package_problem(translation, theta, reservation, [], [])
    if scenario.rankings:
        problem = central_reading(ranked_packages(scenario, translation, theta, problem))
    rescaled: tuple[str, ...] = ()
    if kind.whole:
        table = package_table(problem, names)
        content = csv_text(table).encode() if to == "csv" else parquet_bytes(table)
        files = {f"{name}{kind.ending}": content}
    else:
        preferences, changed = preferences_of(translation, theta, problem, names, name=name)
        write = genius_files if to == "genius" else geniusweb_files
        files = {file: text.encode() for file, text in write(preferences).items()}
        rescaled = tuple(one.sentence for one in changed)
    lost = losses(scenario, whole=kind.whole, bid=to == "geniusweb")
    return Exported(files, lost, rescaled)


def _chart_files(charts: Mapping[str, LayerChart], title: str, ending: str) -> dict[str, bytes]:
    from servanda.brief.chart_files import chart_file

    return {f"{name}.{ending}": chart_file(chart, title, ending) for name, chart in charts.items()}


def _origin(
    scenario: Scenario, draws: int, seed: int, variant: str, changes: Sequence[str]
) -> Origin:
    from servanda.results.analysis import Origin

    return Origin(
        title=scenario.title,
        as_of=scenario.as_of.isoformat(),
        digest=digest(scenario),
        version=VERSION,
        seed=seed,
        draws=draws,
        variant=variant,
        changes=tuple(changes),
    )


def digest(scenario: Scenario) -> str:
    """Twelve characters that change whenever anything that the scenario says does.

    What stands at its default is left out, so a language that grows leaves the digest as it is.
    """
    text = scenario.model_dump_json(by_alias=True, exclude_defaults=True)
    return blake2b(text.encode(), digest_size=6).hexdigest()
