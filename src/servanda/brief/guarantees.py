"""Guarantees: how likely they are thought to be honoured, and how likely they would have to be."""

from servanda.brief.document import (
    Block,
    Figure,
    Line,
    Paragraph,
    Section,
    Table,
    TableRow,
    columns,
)
from servanda.charts.guarantee_window import guarantee_window_chart, interval_words
from servanda.charts.names import Names, clean, listed
from servanda.charts.numbers import exact_percent, percent, span
from servanda.results.analysis import Analysis, Credibility

FORMS = {
    "assurance": "political assurance",
    "executive": "executive commitment",
    "treaty": "ratified treaty",
    "troops": "treaty with stationed troops",
}


def guarantees_section(analysis: Analysis, names: Names) -> Section:
    """One chart for each guarantee of the deal in focus, then the others in a table."""
    title = "How credible the guarantees would have to be"
    if not analysis.credibilities:
        return Section("guarantees", title, ())
    inside = [one for one in analysis.credibilities if in_deal(one.guarantee, analysis)]
    outside = [one for one in analysis.credibilities if one not in inside]
    blocks: list[Block] = []
    if not inside:
        blocks.append(Paragraph("The deal in focus holds no guarantee."))
    for one in inside:
        blocks.append(Paragraph(_sentence(one, names)))
        blocks.append(
            Figure(
                guarantee_window_chart(one, analysis.orders, names.scenario),
                f"{names.guarantee(one.guarantee)}: above, how likely it is thought to be "
                "honoured; below, at which credibility each order would be kept, the other "
                "guarantees held. Dashed: the least over all orders of the deal in focus.",
            )
        )
    if any(order.windows for order in analysis.orders):
        blocks.append(_table(analysis, names))
    if outside:
        blocks.append(_outside(outside, names))
    return Section("guarantees", title, tuple(blocks))


def in_deal(guarantee: str, analysis: Analysis) -> bool:
    """Whether the deal in focus brings a guarantee into force."""
    return any(window.guarantee == guarantee for o in analysis.orders for window in o.windows)


def _sentence(one: Credibility, names: Names) -> str:
    known = names.scenario.guarantees.get(one.guarantee)
    lead = f"“{names.guarantee(one.guarantee)}”"
    if known:
        lead += (
            f" ({FORMS[known.form]} by {names.actor(known.by)}, protecting "
            f"{names.actor(known.protects)})"
        )
    said = f"{lead} is assessed to be honoured with a probability of {_assessed(one)}"
    believed = [f"{names.actor(a)} believes {exact_percent(g)}" for a, g in one.believed.items()]
    if believed:
        said += f"; {listed(believed)}"
    return f"{said}. {need_sentence(one)}"


def need_sentence(one: Credibility) -> str:
    """The least credibility with which some order of the deal in focus is kept."""
    if one.needed is None:
        return "No credibility would by itself make an order of the deal in focus hold."
    if one.needed <= 0.0:
        return "Some order of the deal in focus is kept whatever its credibility."
    return f"The least that some order of the deal in focus needs is {exact_percent(one.needed)}."


def _assessed(one: Credibility) -> str:
    ranged = span(one.assessed.low, one.assessed.high, percent)
    return f"{exact_percent(one.assessed.central)} ({ranged})"


def _outside(guarantees: list[Credibility], names: Names) -> Table:
    rows = [
        TableRow(
            (
                names.guarantee(one.guarantee),
                _assessed(one),
                listed(f"{names.actor(a)} {exact_percent(g)}" for a, g in one.believed.items())
                or "–",
            )
        )
        for one in guarantees
    ]
    return Table(
        "Guarantees that are not part of the deal in focus: probability that they are honoured.",
        columns("Guarantee", "Assessed", "Believed otherwise"),
        tuple(rows),
    )


def _table(analysis: Analysis, names: Names) -> Table:
    rows = []
    for one in analysis.credibilities:
        for order in analysis.orders:
            for window in order.windows:
                if window.guarantee != one.guarantee or order.plan is None:
                    continue
                cells: tuple[Line, ...] = (
                    names.guarantee(one.guarantee),
                    clean(order.name),
                    interval_words(window.intervals),
                    names.actor(window.binding_low) if window.binding_low else "–",
                    names.actor(window.binding_high) if window.binding_high else "–",
                )
                rows.append(TableRow(cells))
    return Table(
        "For which credibility each order is kept, and whose temptation sets the bounds.",
        columns("Guarantee", "Order", "Kept", "Lower bound set by", "Upper bound set by"),
        tuple(rows),
    )
