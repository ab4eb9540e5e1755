"""The numbers the answer rests on, most influential first, and where they come from."""

from servanda.brief.deals import source_links
from servanda.brief.document import (
    Block,
    Code,
    Figure,
    Folded,
    Line,
    Link,
    Paragraph,
    Section,
    Table,
    TableRow,
    columns,
)
from servanda.charts.influence import influence_chart
from servanda.charts.names import Names, clean, listed
from servanda.charts.numbers import NO_BREAK, count, exact_percent
from servanda.results.analysis import Analysis, Assumption

OPEN = 20
"""Assumptions shown before the rest is folded."""
TO_DO = "no source: to do"


def assumptions_section(analysis: Analysis, names: Names) -> Section:
    """The ledger of assumptions."""
    title = "Assumptions, most influential first"
    if not analysis.assumptions:
        return Section("assumptions", title, ())
    blocks: list[Block] = [Paragraph(_counts(analysis.assumptions))]
    if any(one.influence > 0 for one in analysis.assumptions):
        blocks.append(
            Figure(
                influence_chart(analysis.assumptions, analysis.origin.draws, names.scenario),
                "Influence: squared rank correlation of the number, over the draws, with the room "
                "the deal in focus has. Left of the dashed line chance alone could do as much.",
            )
        )
    rows = tuple(_row(one, names) for one in analysis.assumptions)
    heads = columns(
        "Number",
        "Value#",
        "5–95 % range#",
        "Believed otherwise",
        "Influence#",
        "Evidence",
        "Source",
    )
    caption = "Where a number stands in the scenario is its path, as used by --set."
    blocks.append(Table(caption, heads, rows[:OPEN]))
    if rows[OPEN:]:
        title_more = f"The other {count(len(rows) - OPEN)} assumptions"
        blocks.append(Folded(title_more, (Table(caption, heads, rows[OPEN:]),)))
    return Section("assumptions", title, tuple(blocks))


def _counts(assumptions: tuple[Assumption, ...]) -> str:
    unsourced = [one for one in assumptions if not one.sources and not one.default]
    judged = [one for one in unsourced if one.low is not None and "judgement" in one.note.lower()]
    defaults = sum(1 for one in assumptions if one.default)
    said = f"{count(len(unsourced))} of {count(len(assumptions))} assumptions have no source"
    if unsourced:
        said += f" and are to-do items; {count(len(judged))} of them judgement with a range"
    said += "."
    if defaults:
        said += f" Defaults of the scenario language: {count(defaults)} more."
    return said


def _row(one: Assumption, names: Names) -> TableRow:
    ranged = one.low is not None and one.high is not None
    note = clean(one.note)
    if one.sources:
        source: Line = (*source_links(one.sources), f" {note}" if note else "")
    elif one.default:
        source = "default of the language"
    else:
        source = f"{TO_DO}{f' ({note})' if note else ''}"
    return TableRow(
        (
            (f"{names.path(one.path)} ", Code(one.path)),
            number(one.value, one.unit),
            f"{number(one.low or 0, one.unit)} to {number(one.high or 0, one.unit)}"
            if ranged
            else "certain",
            listed(f"{names.actor(a)} {number(v, one.unit)}" for a, v in one.believed.items())
            or "–",
            exact_percent(one.influence) if one.influence >= 0.005 else "–",
            grade(one.sources, names) or "–",
            source,
        ),
        anchor=f"number-{one.path}",
        marked=not one.sources and not one.default,
    )


def grade(sources: tuple[str, ...], names: Names) -> str:
    """How sure it is that the best of its sources says so; "" without any."""
    known = names.scenario.sources
    given = {known[one].certainty for one in sources if one in known}
    return next((one for one in ("high", "medium", "low") if one in given), "")


def number(value: float, unit: str) -> str:
    """A number of the scenario, with no more decimals than a judgement has."""
    per = {"a probability a month": "/month", "a rate a year": "/year"}.get(unit, "")
    if (per or "share" in unit or "probab" in unit or "relative" in unit) and abs(value) <= 10:
        text = f"{100 * value:.1f}".removesuffix(".0") + f"{NO_BREAK}%{per}"
    elif abs(value) >= 10:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def sources_section(analysis: Analysis, names: Names) -> Section:
    """Every source, with who published it, when, and how sure it is."""
    rows = tuple(
        TableRow(
            (
                identifier,
                (
                    Link(clean(source.title), source.url).safe
                    and (Link(clean(source.title), source.url),)
                )
                or clean(source.title),
                clean(source.publisher),
                clean(source.date),
                "statement of a party" if source.kind == "party" else source.kind,
                source.certainty,
            ),
            anchor=f"source-{identifier}",
        )
        for identifier, source in names.scenario.sources.items()
    )
    if not rows:
        return Section("sources", "Sources", ())
    caption = (
        "Certainty: how sure it is that the source says this, not that a party's statement is true."
    )
    heads = columns("Key", "What it says or is", "Publisher", "Date", "Kind", "Certainty")
    return Section("sources", "Sources", (Table(caption, heads, rows),))
