"""A comparison as tables."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.charts.deal_fates import shared_answers
from servanda.charts.numbers import count, percent, points, signed
from servanda.cli.screen import Table
from servanda.results.analysis import Band
from servanda.results.comparison import (
    CHANCE,
    KEPT,
    MARGIN,
    WAR,
    Comparison,
    Effects,
    OrderSummary,
    Remedy,
    TalksSummary,
)

MOST_ROWS = 20
"""Differences in wording, deals and remedies listed; --json has them all."""

GATES = {
    "missing": "not on the table",
    "red-lines": "red lines",
    "individual-rationality": "worth less than fighting on",
    "ratification": "not ratified",
    "red-lines-on-order": "red lines on order",
    "implementable": "no order kept",
    "": "",
}
ANSWERS = {KEPT: "kept", MARGIN: "margin"}


def notes_of_comparison(found: Comparison) -> list[str]:
    """What must be known to read the tables."""
    deals = len(found.deals)
    notes = [
        f"Looked at in every draw: {deals} deals in {found.orders_looked_at} orders of steps, "
        "found in A and in B; the same whatever is taken over, so every share is a lower bound. "
        f"{count(found.sets)} sets of changes were computed."
    ]
    if found.grouped:
        notes.append(
            f"There are many differences; they are taken together by {found.grouped} of the file."
        )
    wording = [one.path for one in found.differences if one.kind == "wording"]
    if wording:
        more = f" and {len(wording) - MOST_ROWS} more" if len(wording) > MOST_ROWS else ""
        notes.append(
            f"Worded otherwise, which moves no number: {', '.join(wording[:MOST_ROWS])}{more}."
        )
    centre = found.at_centre
    if centre is not None:
        notes.append(
            "Of all packages, at the central values, those past red lines, rationality and "
            f"ratification are {count(centre.before)} in A and {count(centre.after)} in B: "
            f"{count(centre.died)} died, {count(centre.born)} were born."
        )
    if not found.exact:
        notes.append("Parts by Shapley are sampled over orders, with their standard errors.")
    return notes


def tables_of_comparison(found: Comparison) -> list[Table]:
    """Inputs, answers, changes, deals, what brings one back."""
    return [
        *_inputs(found),
        _answers(found),
        *_changes(found),
        *_deals(found),
        *_back(found),
    ]


def _inputs(found: Comparison) -> Iterator[Table]:
    moving = [one for one in found.differences if one.kind != "wording"]
    if moving:
        rows = tuple(
            (
                one.path,
                one.kind,
                one.before,
                one.after,
                one.unit,
                ", ".join(dict.fromkeys([*one.sources_before, *one.sources_after])),
            )
            for one in sorted(moving, key=lambda one: one.path.split(".")[0])
        )
        columns = ("path", "kind", "A", "B", "unit", "sources")
        yield Table("What differs", columns, rows)


def _answers(found: Comparison) -> Table:
    rows = [_effect_row("a deal is kept in", found.kept)]
    rows += [
        _effect_row("best margin, mean", effects)
        for effects in found.effects
        if effects.answer == MARGIN
    ]
    rows += [
        _effect_row(f"fighting on: {effects.answer.removeprefix(WAR)}", effects)
        for effects in found.effects
        if effects.answer.startswith(WAR)
    ]
    before, after = found.before, found.after
    for gate in before.passed:
        one, other = before.passed[gate], after.passed.get(gate, 0)
        rows.append((f"packages past {gate}", count(one), count(other), f"{other - one:+,d}", ""))
    for gate_before, gate_after in zip(before.gates[:3], after.gates[:3], strict=True):
        rows.append(
            (
                f"draws with none past {gate_before.gate}",
                percent(gate_before.empty),
                percent(gate_after.empty),
                _share(gate_after.empty - gate_before.empty),
                "",
            )
        )
    orders = {order.id: order for order in after.orders}
    for order in before.orders:
        if order.id in orders:
            rows += _order_rows(order, orders[order.id])
    if before.talks and after.talks:
        rows += _talks_rows(before.talks, after.talks)
    return Table(
        "What that does to each answer",
        ("answer", "A", "B", "B − A", "90 %"),
        tuple(rows),
        (1, 2, 3, 4),
    )


def _effect_row(name: str, one: Effects) -> tuple[str, ...]:
    if one.unit == "share":
        error = f"± {100 * CHANCE * one.error:.1f}"
        return name, percent(one.before), percent(one.after), _share(one.total), error
    error = f"± {CHANCE * one.error:.1f}"
    return name, points(one.before), points(one.after), signed(one.total), error


def _order_rows(one: OrderSummary, other: OrderSummary) -> Iterator[tuple[str, ...]]:
    yield (
        f"margin of {one.id}",
        _band(one.margin),
        _band(other.margin),
        signed(other.margin.central - one.margin.central),
        "",
    )
    yield (
        f"{one.id} is kept in",
        percent(one.kept),
        percent(other.kept),
        _share(other.kept - one.kept),
        "",
    )
    yield f"{one.id} is broken most by", _broken(one), _broken(other), "", ""
    after = {window.guarantee: window for window in other.windows}
    for window in one.windows if one.id == "best" else ():
        if window.guarantee in after:
            yield (
                f"{one.id}, credibility of {window.guarantee}",
                _window(window.intervals),
                _window(after[window.guarantee].intervals),
                "",
                "",
            )


def _broken(order: OrderSummary) -> str:
    if not order.broken_by:
        return "nobody"
    return f"{order.broken_by}, {order.broken_how} ({percent(order.broken)})"


def _talks_rows(one: TalksSummary, other: TalksSummary) -> Iterator[tuple[str, ...]]:
    yield "talks: first month", _month(one.first_month), _month(other.first_month), "", ""
    yield "talks: median month", _month(one.median_month), _month(other.median_month), "", ""
    yield (
        "talks: agreed in the end",
        percent(one.agreed),
        percent(other.agreed),
        _share(other.agreed - one.agreed),
        "",
    )


def _changes(found: Comparison) -> Iterator[Table]:
    if not found.changes:
        return
    kept = found.kept
    sampled = any(kept.share_errors)
    rows: list[tuple[str, ...]] = [("none: A", percent(kept.before), "", "", "")]
    for number, change in enumerate(found.changes):
        error = f" ± {100 * kept.share_errors[number]:.1f}" if sampled else ""
        rows.append(
            (
                change.label,
                percent(kept.reached[number]),
                _share(kept.steps[number]),
                f"± {100 * CHANCE * kept.step_errors[number]:.1f}",
                f"{_share(kept.shares[number])}{error}",
            )
        )
    rows.append(("all: B", percent(kept.after), _share(kept.total), "", _share(kept.total)))
    columns = ("change", "kept then", "adds", "90 %", "its part in any order")
    title = "Change by change: share of the draws in which a deal is kept"
    yield Table(title, columns, tuple(rows), (1, 2, 3, 4))
    others = [one for one in found.effects if one.answer != KEPT and any(map(_seen, one.shares))]
    if len(found.changes) > 1 and others:
        rows = [
            (change.label, *(signed(one.shares[number]) for one in others))
            for number, change in enumerate(found.changes)
        ]
        rows.append(("all: B", *(signed(one.total) for one in others)))
        heads = tuple(ANSWERS.get(one.answer, one.answer.removeprefix(WAR)) for one in others)
        yield Table(
            "The part of each in any order: best margin, and the value of fighting on (points)",
            ("change", *heads),
            tuple(rows),
            tuple(range(1, len(heads) + 1)),
        )


def _deals(found: Comparison) -> Iterator[Table]:
    common = shared_answers(found.deals)
    rows = []
    for number, deal in enumerate(found.deals[:MOST_ROWS], start=1):
        own = [f"{k}={v}" for k, v in deal.options.items() if (k, v) not in common]
        gate = f"{GATES[deal.gate]} {percent(deal.gate_share)}" if deal.gate else ""
        rows.append(
            (
                f"{number}",
                percent(deal.before),
                percent(deal.after),
                f"± {100 * CHANCE * deal.error:.1f}",
                deal.fate,
                gate,
                ", ".join(own) or "nothing beside",
            )
        )
    shared = ", ".join(f"{issue}={option}" for issue, option in sorted(common))
    title = "Deals: share of the draws in which each is kept, and what stops it where it is not"
    if shared:
        title += f"; all with {shared}"
    columns = ("deal", "A", "B", "90 %", "fate", "stopped by", "answers, the rest as it is")
    if rows:
        yield Table(title, columns, tuple(rows), (0, 1, 2, 3))


def _back(found: Comparison) -> Iterator[Table]:
    back = found.bring_back
    if back is None or not back.tried:
        return
    number = next(n for n, one in enumerate(found.deals, 1) if one.options == back.options)
    rows = tuple(_remedy(one) for one in back.tried[:MOST_ROWS])
    title = (
        f"What brings deal {number} back: one change in B, the cheapest that restores "
        f"{percent(back.before)} first"
    )
    yield Table(title, ("path", "change", "spreads", "kept then"), rows, (2, 3))


def _remedy(one: Remedy) -> tuple[str, str, str, str]:
    change = "as in A" if one.undone else f"{one.change:+.2g}"
    if not one.undone and one.spreads is None:
        change = "not held"
    return one.path, change, "" if one.spreads is None else f"{one.spreads:.1f}", percent(one.share)


def _seen(points: float) -> bool:
    return abs(points) >= 0.05


def _share(change: float) -> str:
    return f"{100 * change + 0.0:+.1f}"


def _band(value: Band) -> str:
    return f"{points(value.central)} ({points(value.low)} to {points(value.high)})"


def _window(intervals: tuple[tuple[float, float], ...]) -> str:
    return ", ".join(f"{low:.2f} to {high:.2f}" for low, high in intervals) or "none"


def _month(month: int | None) -> str:
    return "none" if month is None else f"{month}"
