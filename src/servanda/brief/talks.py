"""Talks while fighting: when the sides would sign what, and why not now."""

from __future__ import annotations

from servanda.brief.document import Block, Figure, Paragraph, Section
from servanda.brief.talks_charts import charts_of_talks
from servanda.brief.talks_tables import tables_of_talks
from servanda.brief.talks_words import talks_sentences
from servanda.charts.names import Names
from servanda.results.talks_answer import TalksAnswer

CAPTIONS = {
    "talks-endings": "What becomes of the war, month by month, if the talks go on beside it.",
    "talks-region": "Where the line would stand, and when, for an agreement to be made.",
}


def talks_section(found: TalksAnswer, names: Names) -> Section:
    """The answer in sentences, what becomes of the war, and the tables behind it."""
    blocks: list[Block] = [Paragraph(one, "finding") for one in talks_sentences(found, names)]
    blocks.append(Paragraph("At the central values; nothing is drawn.", "note"))
    blocks += [
        Figure(chart, CAPTIONS[name])
        for name, chart in charts_of_talks(found, names.scenario).items()
    ]
    blocks += tables_of_talks(found, names)
    return Section("talks", "Talks while fighting", tuple(blocks))
