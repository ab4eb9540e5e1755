"""A comparison as tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from servanda.brief.document import Code, Line, Table, tabled
from servanda.brief.words import in_series, path_cell
from servanda.charts.deal_fates import shared_answers
from servanda.charts.names import Names
from servanda.charts.numbers import count, counted, percent, points, signed
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
from servanda.results.significant import significant

MOST_ROWS = 20
"""Differences in wording, deals and remedies listed; the answer itself has them all."""

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

Row = tuple[Line, ...]


def notes_of_comparison(found: Comparison) -> list[str]:
    """What must be known to read the tables."""
    orders = counted(found.orders_looked_at, "order of steps", "orders of steps")
    notes = [
        f"Looked at in every draw: {counted(len(found.deals), 'deal')} in {orders}, "
        "found in A and in B; the same whatever is taken over, so every share is a lower bound. "
        f"Computed: {counted(found.sets, 'set')} of changes."
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
            f"ratification number {count(centre.before)} in A and {count(centre.after)} in B: "
            f"{count(centre.died)} died, {count(centre.born)} were born."
        )
    if not found.exact:
        notes.append("Parts by Shapley are sampled over orders, with their standard errors.")
    return notes


def tables_of_comparison(found: Comparison, names: Names) -> list[Table]:
    """Inputs, answers, changes, deals, what brings one back."""
    tables = [
        _inputs(found, names),
        _answers(found, names),
        *_changes(found, names),
        _deals(found, names),
        *_back(found, names),
    ]
    return [table for table in tables if table.rows]


def _inputs(found: Comparison, names: Names) -> Table:
    moving = [one for one in found.differences if one.kind != "wording"]
    rows = (
        (
            path_cell(one.path, names),
            one.kind,
            one.before,
            one.after,
            one.unit,
            ", ".join(dict.fromkeys([*one.sources_before, *one.sources_after])),
        )
        for one in sorted(moving, key=lambda one: one.path.split(".")[0])
    )
    return tabled("What differs", ("path", "kind", "A", "B", "unit", "sources"), rows)


def _answers(found: Comparison, names: Names) -> Table:
    rows: list[Row] = [_effect_row("a deal is kept in", found.kept)]
    rows += [
        _effect_row("best margin, mean", effects)
        for effects in found.effects
        if effects.answer == MARGIN
    ]
    rows += [
        _effect_row(f"fighting on: {names.actor(effects.answer.removeprefix(WAR))}", effects)
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
            rows += _order_rows(order, orders[order.id], names)
    if before.talks and after.talks:
        rows += _talks_rows(before.talks, after.talks)
    heads = ("answer", "A#", "B#", "B − A#", "(90 %)#")
    return tabled("What that does to each answer", heads, rows)


def _effect_row(name: str, one: Effects) -> Row:
    if one.unit == "share":
        error = f"± {100 * CHANCE * one.error:.1f}"
        return name, percent(one.before), percent(one.after), _share(one.total), error
    error = f"± {CHANCE * one.error:.1f}"
    return name, points(one.before), points(one.after), signed(one.total), error


def _order_rows(one: OrderSummary, other: OrderSummary, names: Names) -> Iterator[Row]:
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
    yield f"{one.id} is broken most by", _broken(one, names), _broken(other, names), "", ""
    after = {window.guarantee: window for window in other.windows}
    for window in one.windows if one.id == "best" else ():
        if window.guarantee in after:
            yield (
                f"{one.id}, credibility of {names.guarantee(window.guarantee)}",
                _window(window.intervals),
                _window(after[window.guarantee].intervals),
                "",
                "",
            )


def _broken(order: OrderSummary, names: Names) -> str:
    if not order.broken_by:
        return "nobody"
    return f"{names.actor(order.broken_by)}, {order.broken_how} ({percent(order.broken)})"


def _talks_rows(one: TalksSummary, other: TalksSummary) -> Iterator[Row]:
    yield "talks: first month", _month(one.first_month), _month(other.first_month), "", ""
    yield "talks: median month", _month(one.median_month), _month(other.median_month), "", ""
    yield (
        "talks: agreed in the end",
        percent(one.agreed),
        percent(other.agreed),
        _share(other.agreed - one.agreed),
        "",
    )


def _changes(found: Comparison, names: Names) -> Iterator[Table]:
    if not found.changes:
        return
    kept = found.kept
    sampled = any(kept.share_errors)
    rows: list[Row] = [("none: A", percent(kept.before), "", "", "")]
    for number, change in enumerate(found.changes):
        error = f" ± {100 * kept.share_errors[number]:.1f}" if sampled else ""
        rows.append(
            (
                path_cell(change.label, names),
                percent(kept.reached[number]),
                _share(kept.steps[number]),
                f"± {100 * CHANCE * kept.step_errors[number]:.1f}",
                f"{_share(kept.shares[number])}{error}",
            )
        )
    rows.append(("all: B", percent(kept.after), _share(kept.total), "", _share(kept.total)))
    heads = ("change", "kept then#", "adds#", "(90 %)#", "its part in any order#")
    yield tabled("Change by change: share of the draws in which a deal is kept", heads, rows)
    others = [one for one in found.effects if one.answer != KEPT and any(map(_seen, one.shares))]
    if len(found.changes) > 1 and others:
        rows = [
            (path_cell(change.label, names), *(signed(one.shares[number]) for one in others))
            for number, change in enumerate(found.changes)
        ]
        rows.append(("all: B", *(signed(one.total) for one in others)))
        answers = (f"{_answer(one.answer, names)}#" for one in others)
        yield tabled(
            "The part of each in any order: best margin, and the value of fighting on (points)",
            ("change", *answers),
            rows,
        )


def _answer(answer: str, names: Names) -> str:
    return ANSWERS.get(answer) or names.actor(answer.removeprefix(WAR))


def _deals(found: Comparison, names: Names) -> Table:
    common = shared_answers(found.deals)
    rows = (
        (
            f"{number}",
            percent(deal.before),
            percent(deal.after),
            f"± {100 * CHANCE * deal.error:.1f}",
            deal.fate,
            f"{GATES[deal.gate]} {percent(deal.gate_share)}" if deal.gate else "",
            _own(deal.options, common, names),
        )
        for number, deal in enumerate(found.deals[:MOST_ROWS], start=1)
    )
    title = (
        "Deals: share of the draws in which each is kept, and what stops it where only one keeps it"
    )
    if common:
        title += f"; all with {in_series([names.option(*one) for one in sorted(common)])}"
    heads = ("No.#", "A#", "B#", "(90 %)#", "fate", "stopped by", "answers, the rest as it is")
    return tabled(title, heads, rows)


def _own(options: dict[str, str], common: Collection[tuple[str, str]], names: Names) -> Line:
    """The answers of a deal that not all share."""
    own = [one for one in options.items() if one not in common]
    if not own:
        return "nothing beside"
    said = in_series([names.option(*one) for one in own])
    return (f"{said} ", Code(", ".join(f"{issue}={option}" for issue, option in own)))


def _back(found: Comparison, names: Names) -> Iterator[Table]:
    back = found.bring_back
    if back is None:
        return
    common = shared_answers(found.deals)
    own = [names.option(*one) for one in back.options.items() if one not in common]
    title = (
        f"What brings back the deal that lost most{f' ({in_series(own)})' if own else ''}: one "
        f"change in B, the cheapest that restores {percent(back.before)} first"
    )
    rows = (_remedy(one, names) for one in back.tried[:MOST_ROWS])
    yield tabled(title, ("path", "change", "spreads#", "kept then#"), rows)


def _remedy(one: Remedy, names: Names) -> Row:
    change = "not held" if one.change is None else significant(one.change, 2, sign=True)
    if one.undone:
        change = "as in A"
    spreads = "" if one.spreads is None else f"{one.spreads:.1f}"
    return path_cell(one.path, names), change, spreads, percent(one.share)


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
