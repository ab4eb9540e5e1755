"""What outsiders can do for a deal: what each instrument adds, what lapses, who bears it."""

from __future__ import annotations

import altair as alt

from servanda.brief.document import Block, Figure, Paragraph, Section
from servanda.brief.pressure_tables import looked_at, tables_of_pressure
from servanda.charts.burdens import burdens_chart
from servanda.charts.names import Names, in_words
from servanda.charts.pressure_frontier import pressure_frontier_chart, tool_words
from servanda.results.pressure_design import PressureDesign
from servanda.scenario.model import Scenario

CAPTIONS = {
    "frontier": "The share of the draws with a kept deal that the best mix for an effort brings.",
    "burdens": "Who bears all of each instrument, and what.",
}


def pressure_section(found: PressureDesign, names: Names) -> Section:
    """The finding, the frontier of effort, who bears what, and the tables behind it."""
    said = {one.id: tool_words(one.id, names) for one in found.instruments}
    blocks: list[Block] = [
        Paragraph(in_words(found.message, said), "finding"),
        Paragraph(looked_at(found), "note"),
    ]
    blocks += [
        Figure(chart, CAPTIONS[name])
        for name, chart in charts_of_pressure(found, names.scenario).items()
    ]
    blocks += tables_of_pressure(found, names)
    return Section("pressure", "What outsiders can do", tuple(blocks))


def charts_of_pressure(found: PressureDesign, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: the frontier and the burdens, where there are instruments."""
    if not found.instruments:
        return {}
    return {
        "frontier": pressure_frontier_chart(found, scenario),
        "burdens": burdens_chart(found, scenario),
    }
