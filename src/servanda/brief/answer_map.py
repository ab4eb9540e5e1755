"""Where a deal is kept as two numbers vary."""

from __future__ import annotations

import altair as alt

from servanda.brief.document import Block, Figure, Paragraph, Section
from servanda.brief.map_tables import tables_of_map
from servanda.brief.words import in_series
from servanda.charts.margin_map import margin_map_chart
from servanda.charts.names import Names, in_words
from servanda.charts.share_map import share_map_chart
from servanda.results.answer_map import AnswerMap
from servanda.scenario.model import Scenario

CAPTIONS = {
    "margin-map": "The smallest margin, all other numbers at their central values.",
    "share-map": "The share of the draws of all other numbers in which the deal is kept.",
}


def map_section(found: AnswerMap, names: Names) -> Section:
    """Which deal and numbers, the finding, the maps and a part of them as tables."""
    deal = in_series([names.option(*one) for one in found.options.items()])
    said = {one.path: names.path(one.path) for one in (found.first, found.second)}
    blocks: list[Block] = [
        Paragraph(f"The deal ({found.reason}): {deal}."),
        Paragraph(in_words(found.message, said), "finding"),
    ]
    blocks += [
        Figure(chart, CAPTIONS[name])
        for name, chart in charts_of_map(found, names.scenario).items()
    ]
    down, across = names.path(found.first.path), names.path(found.second.path)
    blocks.append(Paragraph(f"Down: {down}. Across: {across}.", "note"))
    blocks += tables_of_map(found)
    return Section("map", "Where two numbers decide", tuple(blocks))


def charts_of_map(found: AnswerMap, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: the margin, with the line where it is 0, and the share of draws."""
    return {
        "margin-map": margin_map_chart(found, scenario),
        "share-map": share_map_chart(found, scenario),
    }
