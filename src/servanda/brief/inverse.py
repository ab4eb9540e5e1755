"""What would have to be true for a deal to be signed, ratified and kept."""

from __future__ import annotations

import altair as alt

from servanda.brief.document import Block, Bullets, Figure, Paragraph, Section
from servanda.brief.inverse_tables import (
    condition_sentence,
    condition_words,
    statement_words,
    tables_of_inverse,
)
from servanda.brief.words import in_series
from servanda.charts.conditions import conditions_chart
from servanda.charts.names import Names, in_words
from servanda.charts.needed_moves import needed_moves_chart
from servanda.results.inverse import Inverse
from servanda.scenario.model import Scenario

CAPTIONS = {
    "conditions": "By how much each condition holds or fails at the central values.",
    "needed-moves": "How far numbers have to move for every condition to hold.",
}


def inverse_section(found: Inverse, names: Names) -> Section:
    """Which deal, what fails, what would mend it, and the tables behind it."""
    finding, *further = inverse_sentences(found, names)
    deal = in_series([names.option(*one) for one in found.options.items()])
    blocks: list[Block] = [
        Paragraph(f"The deal ({found.reason}): {deal}."),
        Paragraph(finding, "finding"),
        *([Bullets(tuple(further))] if further else []),
    ]
    blocks += [
        Figure(chart, CAPTIONS[name])
        for name, chart in charts_of_inverse(found, names.scenario).items()
    ]
    blocks += tables_of_inverse(found, names)
    return Section("inverse", "What would have to be true", tuple(blocks))


def inverse_sentences(found: Inverse, names: Names) -> list[str]:
    """The finding, with names for what it speaks of."""
    joint = [one for one in (found.joint, found.within) if one is not None]
    moves = [move for several in (*found.alone, *joint) for move in several.moves]
    said = {
        **{one.path: names.path(one.path) for one in moves},
        **{one.id: condition_words(one, names) for one in found.conditions},
        **{one.id: statement_words(one, names) for one in found.statements},
    }
    failing = {one.sentence: condition_sentence(one, names) for one in found.failing}
    return [failing.get(one) or in_words(one, said) for one in found.sentences]


def charts_of_inverse(found: Inverse, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: the conditions, and the moves where some mend them."""
    charts = {"conditions": conditions_chart(found, scenario)}
    if found.alone or found.joint:
        charts["needed-moves"] = needed_moves_chart(found, scenario)
    return charts
