"""Talks round by round as tables."""

from __future__ import annotations

import numpy as np

from servanda.brief.document import Table, tabled
from servanda.brief.words import day, package_line
from servanda.charts.names import Names, brief
from servanda.charts.numbers import exact_percent, percent, points, signed, span
from servanda.results.rounds import TabledOffer
from servanda.results.talks_rounds import RoundsAnswer

MONTHS = (0, 1, 3, 6, 12, 24, 36, 60, 120)
"""Months shown, as far as the talks are likely to get."""

REACHED = 0.01
"""Chance of the talks getting as far as a month below which it is not shown."""

MOST_ROUNDS = 18
"""Rounds shown at most, the first ones and the last."""

TEACHES = 0.01
"""Bits below which an answer is not shown, unless it is the last."""


def tables_of_rounds(found: RoundsAnswer, names: Names) -> list[Table]:
    """Deadlines, rounds, deals tabled, expectations, tracks, answers, red lines, staying."""
    tables = [
        _deadlines(found, names),
        _rounds(found, names),
        _deals(found, names),
        _by_month(found, names),
        _tracks(found),
        _answers(found, names),
        _lines(found, names),
        _stay(found, names),
    ]
    return [table for table in tables if table.rows]


def _deadlines(found: RoundsAnswer, names: Names) -> Table:
    rows = []
    for one in found.deadlines:
        ends = [f"deals {', '.join(str(index) for index in one.gone)}"] if one.gone else []
        ends += [f"pressure '{name}'" for name in one.lapses]
        ends += [f"offers by {names.actor(name)}" for name in one.silences]
        rows.append(
            (one.name, day(one.day.isoformat()), str(one.month), "; ".join(ends) or "nothing")
        )
    heads = ("deadline", "last day", "from month#", "gone from then on")
    return tabled("Deadlines", heads, rows)


def _rounds(found: RoundsAnswer, names: Names) -> Table:
    issues = sum(one.issues for one in found.ground)
    offers = _without_repeats(found.offers)
    if len(offers) > MOST_ROUNDS:
        offers = [*offers[: MOST_ROUNDS - 1], offers[-1]]
    rows = [
        (
            str(one.round.month),
            day(one.day.isoformat()),
            str(one.round.position),
            _reached(one.round.reached),
            names.actor(one.actor) if one.actor else "nobody",
            _tabled(one, names),
            _answer(one, names),
            " / ".join(f"{met.issues} of {issues}" for met in one.met),
            " / ".join(exact_percent(met.share) for met in one.met),
        )
        for one in offers
    ]
    heads = (
        "month",
        "day",
        "line#",
        "reached#",
        "offer by",
        "deal",
        "answer",
        "issues met#",
        "value met#",
    )
    caption = "Round by round, as war alone would most likely go; repeats are left out"
    return tabled(caption, heads, rows)


def _without_repeats(offers: tuple[TabledOffer, ...]) -> list[TabledOffer]:
    """Rounds that are not as the last one in which the same actor made the offer."""
    last: dict[str, tuple[object, ...]] = {}
    found = []
    for one in offers:
        content = (one.round.position, one.package, one.round.signed)
        if last.get(one.actor) != content:
            found.append(one)
        last[one.actor] = content
    return found


def _tabled(one: TabledOffer, names: Names) -> str:
    if one.package is None:
        return "none" if one.actor else ""
    if not one.changes:
        return str(one.package)
    changed = ", ".join(dict.fromkeys(names.issue(change.issue) for change in one.changes))
    return f"{one.package} (changed: {changed})"


def _answer(one: TabledOffer, names: Names) -> str:
    if one.package is None:
        return ""
    if one.round.signed:
        return "signed"
    refused = (
        f"{names.actor(met.actor)} refuses (−{points(met.short)})"
        for met in one.met
        if met.short > 0.0
    )
    return ", ".join(refused)


def _deals(found: RoundsAnswer, names: Names) -> Table:
    offered = dict.fromkeys(one.package for one in found.offers if one.package is not None)
    known = {deal.index: deal for deal in found.deals}
    rows = tuple((str(index), package_line(known[index], names)) for index in offered)
    return tabled("Deals tabled", ("deal", "package"), rows)


def _by_month(found: RoundsAnswer, names: Names) -> Table:
    a, b = (brief(names.scenario.actors[one].short or names.actor(one), 12) for one in found.sides)
    by_month = found.by_month
    rows = [
        (
            str(m),
            _reached(float(by_month.going_on[m])),
            _reached(float(by_month.offered[m].sum())),
            _reached(float(by_month.signed[m].sum())),
            *(_points(float(value)) for value in by_month.least[m]),
            *(_points(float(value)) for value in by_month.short[m]),
        )
        for m in _months(found)
    ]
    heads = (
        "after months",
        "reached#",
        "offer#",
        "signed#",
        f"least {a}#",
        f"least {b}#",
        f"{a} short#",
        f"{b} short#",
    )
    caption = "Over all courses: chances, least accepted, and how short refused offers are (points)"
    return tabled(caption, heads, rows)


def _tracks(found: RoundsAnswer) -> Table:
    rows = [
        (
            one.track,
            str(one.issues),
            _share(one.stake),
            f"{one.overlap} ({_share(one.overlap_stake)})",
            f"{one.alone} ({_share(one.alone_stake)})",
        )
        for one in found.ground
    ]
    total = [
        sum(getattr(one, name) for one in found.ground)
        for name in ("issues", "stake", "overlap", "overlap_stake", "alone", "alone_stake")
    ]
    rows.append(
        (
            "all",
            str(total[0]),
            _share(total[1]),
            f"{total[2]} ({_share(total[3])})",
            f"{total[4]} ({_share(total[5])})",
        )
    )
    heads = ("track", "issues#", "of what is at stake#", "both would gain#", "settled alone#")
    return tabled("Issues open to agreement, and what hangs on them", heads, rows)


def _answers(found: RoundsAnswer, names: Names) -> Table:
    answers = found.teaches.answers
    shown = [one for one in answers if one.bits >= TEACHES or one is answers[-1]]
    rows = [
        (
            str(one.month),
            names.actor(one.actor),
            f"{'signs' if one.signed else 'refuses'} {one.package}",
            percent(one.chance),
            f"{one.bits:.2f}",
            f"{points(one.before[1])} ({span(one.before[0], one.before[2])})",
            f"{points(one.after[1])} ({span(one.after[0], one.after[2])})",
        )
        for one in shown
    ]
    heads = (
        "month",
        "who answers",
        "answer",
        "expected#",
        "bits#",
        "least before#",
        "least after#",
    )
    caption = "What each answer teaches: the least accepted, median and nine draws of ten (points)"
    return tabled(caption, heads, rows)


def _lines(found: RoundsAnswer, names: Names) -> Table:
    rows = []
    for one in found.teaches.lines:
        entry = names.scenario.red_lines.get(one.red_line)
        rows.append(
            (
                one.red_line,
                names.actor(one.actor),
                percent(one.prior),
                percent(one.posterior),
                entry.says if entry else "",
            )
        )
    heads = ("red line", "whose", "before#", "after#", "says")
    return tabled("Red lines put to the test: how likely to be real", heads, rows)


def _stay(found: RoundsAnswer, names: Names) -> Table:
    seen = any(np.nan_to_num(one.values.parts["seen"]).any() for one in found.stay)
    rows = []
    for one in found.stay:
        shown = _months(found)
        for m in shown if "pressure" in one.values.parts else sorted({shown[0], shown[-1]}):
            parts = {name: _signed(float(values[m])) for name, values in one.values.parts.items()}
            row = (
                names.actor(one.actor) if m == 0 else "",
                str(m),
                _signed(float(one.values.gain[m])),
                parts["deal"],
                parts.get("pressure", ""),
                parts.get("cover", ""),
                *((parts["seen"],) if seen else ()),
                _reached(float(one.values.chance[m])),
            )
            rows.append(row)
    heads = (
        "actor",
        "after months#",
        "in all#",
        "deal#",
        "threats#",
        "line#",
        *(("seen#",) if seen else ()),
        "deal comes#",
    )
    return tabled(
        "Why each stays: points above walking out, in its own beliefs (deal to come, threats "
        "averted, line under cover)",
        heads,
        rows,
    )


def _months(found: RoundsAnswer) -> list[int]:
    likely = found.by_month.going_on
    return [m for m in MONTHS if m < len(likely) and likely[m] >= REACHED]


def _reached(chance: float) -> str:
    return exact_percent(round(chance, 9)) if np.isfinite(chance) else ""


def _share(value: float) -> str:
    return exact_percent(round(value, 9))


def _points(value: float) -> str:
    return points(value) if np.isfinite(value) else ""


def _signed(value: float) -> str:
    return signed(value) if np.isfinite(value) else ""
