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
    """One chart a guarantee, and the same in words."""
    title = "How credible the guarantees would have to be"
    if not analysis.credibilities:
        return Section("guarantees", title, ())
    blocks: list[Block] = []
    for one in analysis.credibilities:
        blocks.append(Paragraph(_sentence(one, names)))
        blocks.append(
            Figure(
                guarantee_window_chart(one, analysis.orders, names.scenario),
                f"{names.guarantee(one.guarantee)}: above, how likely it is thought to be "
                "honoured; below, at which credibility each order would be kept, the other "
                "guarantees held. Dashed: the least over all orders of the deal in focus.",
            )
        )
    blocks.append(_table(analysis, names))
    return Section("guarantees", title, tuple(blocks))


def _sentence(one: Credibility, names: Names) -> str:
    known = names.scenario.guarantees.get(one.guarantee)
    name = names.guarantee(one.guarantee)
    lead = f"“{name}”"
    if known:
        lead += (
            f" ({FORMS[known.form]} by {names.actor(known.by)}, protecting "
            f"{names.actor(known.protects)})"
        )
    assessed = (
        f"{exact_percent(one.assessed.central)} "
        f"({span(one.assessed.low, one.assessed.high, percent)})"
    )
    said = f"{lead} is assessed to be honoured with a probability of {assessed}"
    believed = [f"{names.actor(a)} believes {exact_percent(g)}" for a, g in one.believed.items()]
    if believed:
        said += f"; {listed(believed)}"
    if one.needed is None:
        return f"{said}. No credibility would by itself make an order of the deal in focus hold."
    return f"{said}. The least that some order of the deal in focus needs is " + (
        f"{exact_percent(one.needed)}."
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
