"""An answer about the order of steps as tables and lines, one function for each section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servanda.brief.words import breach_phrase, breach_sentence, stage_name, when
from servanda.charts.guarantee_window import interval_words
from servanda.charts.names import Names, clean
from servanda.charts.numbers import exact_percent, percent, points, signed, span
from servanda.cli.screen import Table

if TYPE_CHECKING:
    from servanda.results.analysis import OrderView
    from servanda.results.order_answer import OrderAnswer
    from servanda.results.plan import ConstraintMargin, PlanEvaluation

MARK = "◀ weakest link"

MOST_TEMPTATIONS = 8
"""Temptations listed, the closest first."""


def tables_of_orders(found: OrderAnswer, names: Names) -> list[Table]:
    """Every order side by side, and where each would give way first."""
    tables = (_orders(found), _weakest(found, names), _red_lines(found, names), _none(found))
    return [table for table in tables if table.rows]


def tables_of_plan(found: OrderAnswer, names: Names) -> list[Table]:
    """The order shown in full: its stages, what tempts whom, what breaks it over the draws."""
    order = found.order
    if order is None or order.plan is None:
        return []
    plan = order.plan
    return [
        table
        for table in (
            _stages(order, plan, names),
            _temptations(plan, names),
            _broken(order, plan, names),
        )
        if table.rows
    ]


def tables_of_guarantees(found: OrderAnswer, names: Names) -> list[Table]:
    """How credible each guarantee is thought to be, and has to be."""
    return [table for table in (_credibility(found, names), _windows(found, names)) if table.rows]


def search_lines(found: OrderAnswer) -> Iterator[str]:
    """How sure it is that no order does better."""
    search = found.search
    if search is None:
        return
    yield search.status.sentence
    if search.gap > 0:
        yield (
            f"Certified bound {signed(search.bound)} points; the gap to the order found is "
            f"{points(search.gap)}."
        )


def _orders(found: OrderAnswer) -> Table:
    rows = tuple(
        (
            order.id,
            clean(order.name),
            signed(order.plan.margin),
            span(order.margin.low, order.margin.high, signed) if order.margin else "",
            percent(order.self_enforcing),
            f"{order.plan.months}",
            f"{len(order.breaks_red_lines)}",
        )
        for order in found.orders
        if order.plan is not None
    )
    heads = ("order", "", "margin", "5 % to 95 %", "kept in", "months", "red lines broken")
    return Table("Orders of these steps, margins in points", heads, rows, (2, 3, 4, 5, 6))


def _weakest(found: OrderAnswer, names: Names) -> Table:
    rows, seen = [], dict[object, str]()
    for order in found.orders:
        if order.plan is None:
            continue
        first = seen.setdefault(order.plan.order, order.id)
        link = order.plan.weakest_link
        if first != order.id:
            said = f"The same order as {first}."
        else:
            said = breach_sentence(link, order.plan, names) if link else "Nobody could breach."
        rows.append((order.id, said))
    return Table("Weakest links", ("order", "where it would give way first"), tuple(rows))


def _red_lines(found: OrderAnswer, names: Names) -> Table:
    """Red lines on order that some order does not honour."""
    broken: dict[str, list[str]] = {}
    for order in found.orders:
        for line in order.breaks_red_lines:
            broken.setdefault(line, []).append(order.id)
    known = names.scenario.red_lines
    rows = tuple(
        (line, clean(known[line].says), ", ".join(orders))
        for line, orders in broken.items()
        if line in known
    )
    return Table("Red lines on order that are broken", ("red line", "", "by"), rows)


def _none(found: OrderAnswer) -> Table:
    rows = tuple(
        (order.id, clean(order.name), clean(order.reason))
        for order in found.orders
        if order.plan is None
    )
    return Table("Orders that do not exist here", ("order", "", "why"), rows)


def _stages(order: OrderView, plan: PlanEvaluation, names: Names) -> Table:
    weakest = plan.weakest_link
    rows = []
    for number, stage in enumerate(plan.stages):
        least = _smallest(stage.smallest_margins)
        rows.append(
            (
                f"{number + 1}",
                stage_name(plan, number, names) + (" (verified)" if stage.verified else ""),
                names.actors(stage.owners),
                f"{stage.start_month}",
                f"{stage.months}",
                signed(least[1]) if least else "",
                names.actor(least[0]) if least else "nobody",
                MARK if weakest and weakest.constraint.stage == number else "",
            )
        )
    end = _smallest(plan.end_margins)
    here = weakest is not None and weakest.constraint.stage >= len(plan.stages)
    rows.append(
        (
            "",
            "after completion, for good",
            "",
            f"{plan.months}",
            "",
            signed(end[1]) if end else "",
            names.actor(end[0]) if end else "nobody",
            MARK if here else "",
        )
    )
    heads = ("no.", "stage", "by", "starts", "months", "margin", "tempted most", "")
    return Table(f"{clean(order.name)}, stage by stage", heads, tuple(rows), (3, 4, 5))


def _smallest(margins: dict[str, float | None]) -> tuple[str, float] | None:
    held = {actor: margin for actor, margin in margins.items() if margin is not None}
    if not held:
        return None
    actor = min(held, key=lambda one: held[one])
    return actor, held[actor]


def _temptations(plan: PlanEvaluation, names: Names) -> Table:
    """The closest temptations: of each actor, stage and kind only the closest month."""
    listed: dict[tuple[str, int, str, str], ConstraintMargin] = {}
    for one in sorted(plan.constraints, key=lambda one: one.margin):
        at = one.constraint
        listed.setdefault((at.actor, at.stage, at.kind.value, at.step), one)
    rows = tuple(
        (
            names.actor(one.constraint.actor),
            when(one, plan, names),
            breach_phrase(one, names),
            f"{one.keep:.1f}",
            f"{one.breach:.1f}",
            signed(one.margin),
        )
        for one in list(listed.values())[:MOST_TEMPTATIONS]
    )
    heads = ("actor", "when", "could", "keeping", "breach", "margin")
    more = f", {MOST_TEMPTATIONS} of {len(listed)}" if len(listed) > MOST_TEMPTATIONS else ""
    return Table(f"The closest temptations{more}", heads, rows, (3, 4, 5))


def _broken(order: OrderView, plan: PlanEvaluation, names: Names) -> Table:
    rows = tuple(
        (
            names.actor(one.at_centre.constraint.actor),
            when(one.at_centre, plan, names),
            breach_phrase(one.at_centre, names),
            percent(one.share),
        )
        for one in order.broken
    )
    heads = ("actor", "when", "would gain if it were to", "in")
    return Table("What breaks it over the draws, most often first", heads, rows, (3,))


def _credibility(found: OrderAnswer, names: Names) -> Table:
    brought = {window.guarantee for order in found.orders for window in order.windows}
    rows = tuple(
        (
            one.guarantee,
            exact_percent(one.assessed.central),
            span(one.assessed.low, one.assessed.high, percent),
            ", ".join(
                f"{names.actor(actor)} {exact_percent(share)}"
                for actor, share in one.believed.items()
            ),
            "none suffices" if one.needed is None else exact_percent(one.needed),
        )
        for one in found.credibilities
        if one.guarantee in brought
    )
    heads = ("guarantee", "assessed", "over the draws", "believed otherwise by", "least needed")
    return Table("How credible each guarantee is, and has to be", heads, rows, (1, 2, 4))


def _windows(found: OrderAnswer, names: Names) -> Table:
    """Windows of every order that is not the same as one before it."""
    orders: dict[object, OrderView] = {}
    for order in found.orders:
        if order.plan is not None:
            orders.setdefault(order.plan.order, order)
    rows = tuple(
        (
            order.id,
            window.guarantee,
            interval_words(window.intervals),
            names.actor(window.binding_low) if window.binding_low else "",
            names.actor(window.binding_high) if window.binding_high else "",
        )
        for order in orders.values()
        for window in order.windows
    )
    heads = ("order", "guarantee", "kept", "below it breaks", "above it breaks")
    return Table("At which credibility each order is kept, the others as they are", heads, rows)
