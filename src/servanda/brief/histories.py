"""Histories: what becomes of the war and of what is signed, in a brief."""

from __future__ import annotations

from datetime import date

from servanda.brief.document import Block, Figure, Folded, Paragraph, Section
from servanda.brief.history_charts import charts_of_histories
from servanda.brief.history_tables import COLUMNS, tables_of_histories
from servanda.brief.history_words import history_sentences, story_sentences
from servanda.charts.names import Names
from servanda.results.histories_answer import HistoriesAnswer

CAPTIONS = {
    "war-survival": "How long the war lasts.",
    "history-states": "How histories stand, month by month.",
    "kept-peace": "In which share of the histories a signed peace stands.",
    "deal-frequency": "What is signed, and how often.",
    "front-fan": "Where the line stands while the war goes on.",
}


def histories_section(found: HistoriesAnswer, names: Names) -> Section:
    """The answer in sentences, its charts and tables, and typical histories."""
    blocks: list[Block] = [Paragraph(one, "finding") for one in history_sentences(found, names)]
    seeds = f"Seed of the policies {found.origin.seed}, of chance in the histories {found.seed}."
    blocks.append(Paragraph(seeds, "note"))
    blocks += [
        Figure(chart, CAPTIONS[name])
        for name, chart in charts_of_histories(found, names.scenario).items()
    ]
    blocks += tables_of_histories(found, names)
    blocks.append(Paragraph(COLUMNS, "note"))
    as_of = date.fromisoformat(found.origin.as_of)
    told = [
        Paragraph(" ".join(story_sentences(story, found, names, as_of))) for story in found.stories
    ]
    blocks.append(Folded("Typical histories", tuple(told)))
    return Section("histories", "What may become of it", tuple(blocks))
