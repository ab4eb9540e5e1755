"""Talks round by round, in a brief: who tables what, what answers teach, why each stays."""

from __future__ import annotations

from servanda.brief.document import Block, Figure, Paragraph, Section
from servanda.brief.rounds_charts import charts_of_rounds
from servanda.brief.rounds_tables import tables_of_rounds
from servanda.brief.rounds_words import rounds_sentences
from servanda.charts.names import Names
from servanda.results.talks_rounds import RoundsAnswer


def rounds_section(found: RoundsAnswer, names: Names) -> Section:
    """The course in sentences, what each answer teaches, why each stays, and the tables."""
    blocks: list[Block] = [Paragraph(one, "finding") for one in rounds_sentences(found, names)]
    note = f"At the central values; what the answers teach is drawn with seed {found.origin.seed}."
    blocks.append(Paragraph(note, "note"))
    captions = {
        f"rounds-stay-{one.actor}": f"What staying at the table is worth to "
        f"{names.actor(one.actor)} above walking out, in its parts."
        for one in found.stay
    } | {"rounds-least": "What is known of the least that each side accepts, answer by answer."}
    blocks += [
        Figure(chart, captions[name])
        for name, chart in charts_of_rounds(found, names.scenario).items()
    ]
    blocks += tables_of_rounds(found, names)
    return Section("rounds", "The talks round by round", tuple(blocks))
