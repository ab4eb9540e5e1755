"""An answer as it shows itself in a notebook: its sections as HTML, charts as pictures inside.

Nothing is asked of the network, no script runs, and what a notebook stores can be sent on.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import altair as alt
from markupsafe import Markup

from servanda.brief.answer import answer_section
from servanda.brief.answer_map import map_section
from servanda.brief.chart_files import chart_file
from servanda.brief.comparison import comparison_section
from servanda.brief.deals import funnel_section, gains_section
from servanda.brief.deals_answer import deals_section
from servanda.brief.document import Section
from servanda.brief.histories import histories_section
from servanda.brief.html import page_environment
from servanda.brief.inverse import inverse_section
from servanda.brief.levers import levers_section
from servanda.brief.order import orders_section, roadmap_section
from servanda.brief.order_answer import order_section
from servanda.brief.pressure import pressure_section
from servanda.brief.rounds import rounds_section
from servanda.brief.scenario import scenario_section
from servanda.brief.sensitivity import sensitivity_section
from servanda.brief.talks import talks_section
from servanda.brief.why import why_section
from servanda.brief.words import CONDITIONAL
from servanda.charts.names import Names
from servanda.scenario.model import Scenario

SECTIONS: dict[str, tuple[Callable[[Any, Names], Section], ...]] = {
    "Analysis": (
        answer_section,
        funnel_section,
        gains_section,
        roadmap_section,
        orders_section,
    ),
    "AnswerMap": (map_section,),
    "Comparison": (comparison_section,),
    "Deals": (deals_section,),
    "Diagnosis": (why_section,),
    "HistoriesAnswer": (histories_section,),
    "Inverse": (inverse_section,),
    "Levers": (levers_section,),
    "OrderAnswer": (order_section, orders_section),
    "PressureDesign": (pressure_section,),
    "RoundsAnswer": (rounds_section,),
    "Scenario": (scenario_section,),
    "Sensitivity": (sensitivity_section,),
    "TalksAnswer": (talks_section,),
}
"""What an answer shows of itself, by its class."""


def render_answer(answer: Any, scenario: Scenario) -> str:
    """A fragment of HTML with the sections of an answer; it brings its own style."""
    names = Names(scenario)
    made = [make(answer, names) for make in SECTIONS[type(answer).__name__]]
    return (
        page_environment()
        .get_template("answer.html")
        .render(
            sections=[section for section in made if section.blocks],
            conditional=CONDITIONAL,
            charts=_Pictures(),
        )
    )


class _Pictures:
    """Charts drawn where they stand, each a picture that holds its letters."""

    def place(self, chart: alt.LayerChart) -> Markup:
        data = b64encode(chart_file(chart, "", "svg")).decode("ascii")
        return Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(
            Markup(data), str(chart.description)
        )
