"""Draw the pictures of the library page: the order each agreement sets, step by step.

    python tools/make_library_pictures.py

writes docs/_static/library-NAME.svg. For the shipped scenarios without an agreed order it draws the
best order found for the deal in focus, at the central values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import altair as alt

from servanda import workbench
from servanda.brief.chart_files import chart_file
from servanda.charts.roadmap import roadmap_chart
from servanda.files.past_cases import PastCase, past_cases
from servanda.problems.agreement import agreement, chosen_options
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central
from servanda.problems.war_binding import bind_war
from servanda.results.plan import PlanEvaluation
from servanda.scenario.model import Scenario
from servanda.solvers.audiences import fit_audiences
from servanda.solvers.package_game import plan_game
from servanda.solvers.plan import Stage, evaluate_plan
from servanda.solvers.war_table import WarTable

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "_static"
SEARCHED = ("geneva-2026", "two-step-territory-and-guarantee")


def orders() -> Iterator[tuple[str, Scenario, PlanEvaluation]]:
    """Name, scenario and order of every picture."""
    for case in past_cases():
        yield case.name, case.scenario, agreed_order(case)
    for name in SEARCHED:
        scenario = workbench.read(name)
        analysis = workbench.analyse(scenario, draws=1)
        best = next(order.plan for order in analysis.orders if order.id == "best")
        if best is not None:
            yield name, scenario, best


def agreed_order(case: PastCase) -> PlanEvaluation:
    """The order that the agreement sets, at the central values."""
    _, blocks = fit_audiences(case.scenario)
    translation = translate(case.scenario, blocks)
    deal = agreement(translation, chosen_options(translation, case.agreed.options))
    plan = [Stage(one.steps, bool(one.verified)) for one in case.agreed.stages]
    table = WarTable(bind_war(translation, central(translation.parameters)))
    return evaluate_plan(plan_game(table, deal, [plan]), plan)


def light_svg(chart: alt.LayerChart, title: str) -> bytes:
    """A chart without the letters that a file of its own would carry; a page has its own."""
    return without_letters(chart_file(chart, title, "svg"))


def without_letters(svg: bytes) -> bytes:
    """An SVG file without its font; what is at hand is used instead."""
    text = re.sub(r"<style>.*?</style>", "", svg.decode("utf-8"), count=1, flags=re.DOTALL)
    return text.replace('"Inter"', '"Inter, sans-serif"').encode("utf-8")


def main() -> None:
    for name, scenario, plan in orders():
        picture = light_svg(roadmap_chart(plan, scenario), scenario.title)
        (PICTURES / f"library-{name}.svg").write_bytes(picture)
        print(f"{name}: {len(picture) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
