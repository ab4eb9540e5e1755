"""Why no deal is kept yet: causes switched off alone and in pairs, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.brief.document import Block, Code, Figure, Paragraph, Section, Table, tabled
from servanda.charts.cause_pairs import cause_pairs_chart
from servanda.charts.causes import causes_chart
from servanda.charts.names import Names
from servanda.charts.numbers import counted, percent
from servanda.results.diagnosis import PERCENT, Diagnosis

MOST_PAIRS = 12
"""Pairs listed; the answer itself has them all."""
Z90 = 1.645
"""Standard errors to either side of a 90 % interval."""


def why_section(found: Diagnosis, names: Names) -> Section:
    """The finding, what switching off means, alone and in pairs."""
    causes, meanings, *pairs = tables_of_why(found)
    blocks: list[Block] = [
        Paragraph(found.message, "finding"),
        Paragraph(looked_at(found), "note"),
        Figure(
            causes_chart(found),
            "Share of the draws in which a deal is kept when one cause is switched off.",
        ),
        causes,
        meanings,
    ]
    if pairs:
        caption = "The same when two causes are switched off together."
        blocks += [Figure(cause_pairs_chart(found), caption), *pairs]
    return Section("why", "Why no deal is kept yet", tuple(blocks))


def cause_sentences(found: Diagnosis) -> list[str]:
    """Which cause, switched off alone, opens deals in most draws."""
    first = next(iter(found.causes), None)
    if first is None or first.gain <= PERCENT:
        return []
    return [
        f"Of the causes that can be switched off, {first.cause.name} alone opens most: without it "
        f"a deal is kept in {percent(first.share)} of the draws."
    ]


def looked_at(found: Diagnosis) -> str:
    """How far the answer goes."""
    return (
        f"Looked at: {counted(found.packages, 'package')}, "
        f"{counted(found.orders, 'order of steps', 'orders of steps')}, the same whatever is "
        "switched off; other deals may do better, so every share is a lower bound."
    )


def tables_of_why(found: Diagnosis) -> list[Table]:
    """Each cause, what switching it off means, and pairs where there are any."""
    return [_causes(found), _meanings(found), *_pairs(found)]


def _causes(found: Diagnosis) -> Table:
    def rows() -> Iterator[tuple[str | tuple[str | Code, ...], ...]]:
        yield "none", f"{100 * found.as_it_is:.0f} %", "", ""
        for one in found.causes:
            yield (
                (f"{one.cause.name} ", Code(one.cause.id)),
                f"{100 * one.share:.0f} %",
                f"{_more(one.gain)} ± {100 * Z90 * one.error:.0f}",
                _more(one.shapley),
            )
        yield "all of them", f"{100 * found.all_off:.0f} %", "", ""

    return tabled(
        "A deal is kept in this share of the draws when a cause is switched off",
        ("off", "kept#", "gain (90 %)#", "its part of all#"),
        rows(),
    )


def _meanings(found: Diagnosis) -> Table:
    rows = ((Code(one.cause.id), one.cause.off, one.cause.source) for one in found.causes)
    return tabled(
        "What switching off means",
        ("off", "then", "source"),
        (((code,), off, source) for code, off, source in rows),
    )


def _pairs(found: Diagnosis) -> list[Table]:
    rows = [
        (
            f"{one.first} + {one.second}",
            f"{100 * one.share:.0f} %",
            _more(one.gain),
            _more(one.together),
        )
        for one in found.pairs[:MOST_PAIRS]
    ]
    heads = ("off", "kept#", "gain#", "beyond the two alone#")
    return [tabled("Two at a time, the most telling first", heads, rows)] if rows else []


def _more(share: float) -> str:
    """Percentage points more or less; nothing has no sign of its own."""
    return f"{round(100 * share) + 0:+d}"
