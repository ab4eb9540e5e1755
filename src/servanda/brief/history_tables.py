"""Histories as tables: peace by year, how long it is kept, how histories stand, deals, breaches."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from servanda.brief.document import Table, TableRow, columns
from servanda.brief.history_words import answers, break_phrase
from servanda.brief.words import capital
from servanda.charts.names import Names
from servanda.charts.numbers import percent, span
from servanda.results.histories import Outcome
from servanda.results.histories_answer import HistoriesAnswer
from servanda.results.history_summary import Shares
from servanda.results.likelihood import likelihood_word

MOST_DEALS, MOST_BREAKS = 8, 10
"""Rows shown, the most frequent first; --json has them all."""

COLUMNS = (
    "95 % interval: of the share, other draws of the policies included. Policies: between which "
    "shares nine of ten policies lie. Due to them: part of what is open about a peace that would "
    "be settled by knowing which policy holds; the rest is chance."
)
"""What the heads of columns mean."""

LEAST_SHOWN = 0.0005
"""Share of the histories below which a row is not shown."""


def tables_of_histories(found: HistoriesAnswer, names: Names) -> list[Table]:
    """Peace by year; how long it is kept; how histories stand; deals; breaches."""
    tables = [
        _by_year(found),
        _kept(found),
        _outcomes(found, names),
        _deals(found, names),
        _breaks(found, names),
    ]
    return [table for table in tables if table.rows]


def _by_year(found: HistoriesAnswer) -> Table:
    summary = found.summary
    rows = []
    for year in summary.years:
        at = 12 * year
        share, interval, spread = _shares(summary.in_peace, at)
        due = float(summary.in_peace.due_to_draws[at])
        rows.append(
            (
                str(year),
                percent(float(summary.at_war.share[at])),
                percent(float(summary.agreed.share[at])),
                f"{share}, {likelihood_word(float(summary.in_peace.share[at]))}",
                interval,
                spread,
                "" if isnan(due) else percent(due),
            )
        )
    return _table(
        "So many years from now",
        (
            "years",
            "war#",
            "signed#",
            "signed peace stands",
            "95 % interval#",
            "policies#",
            "due to them#",
        ),
        rows,
    )


def _kept(found: HistoriesAnswer) -> Table:
    kept = found.summary.kept
    rows = [
        (str(year), *_shares(kept, 12 * year))
        for year in found.summary.years
        if not isnan(kept.share[12 * year])
    ]
    return _table(
        "A peace, so many years after it came into force",
        ("years", "it stands#", "95 % interval#", "policies#"),
        rows,
    )


def _outcomes(found: HistoriesAnswer, names: Names) -> Table:
    a, b = (capital(names.actor(side)) for side in found.sides)
    words = {
        Outcome.KEPT: "An agreement is in force and kept",
        Outcome.DIVIDED: "What is in dispute has been divided",
        Outcome.BROKEN_BY_WAR: "An agreement was broken, and war came again",
        Outcome.BROKEN_AND_POCKETED: "An agreement was broken, and no war followed",
        Outcome.STEP_FAILED: "A step of an agreement failed, and no war followed",
        Outcome.FROZEN: "The fighting stopped without an agreement",
        Outcome.A_GAVE_WAY: f"{a} gave way in the war",
        Outcome.B_GAVE_WAY: f"{b} gave way in the war",
        Outcome.LOW_END: f"{a} was driven off the front",
        Outcome.HIGH_END: f"{b} was driven off the front",
        Outcome.A_GAVE_IN: f"{a} gave in at the table",
        Outcome.B_GAVE_IN: f"{b} gave in at the table",
        Outcome.AWAITING_VOTE: "An agreement awaits its ratification",
        Outcome.STILL_FIGHTING: "The war goes on",
    }
    shares = found.summary.outcomes
    rows = [
        (said, *_shares(shares, outcome))
        for outcome, said in words.items()
        if shares.share[outcome] >= LEAST_SHOWN
    ]
    voted = sum(one.share for one in found.summary.endings if one.voted_down_by >= 0)
    beside = {"Of all: voted down before": voted, "Of all: a partial agreement": found.truces}
    rows += [(said, percent(one), "", "") for said, one in beside.items() if one >= LEAST_SHOWN]
    years = found.summary.horizon // 12
    return _table(
        f"How histories stand after {years} {'year' if years == 1 else 'years'}",
        ("", "share#", "95 % interval#", "policies#"),
        rows,
    )


def _deals(found: HistoriesAnswer, names: Names) -> Table:
    shares = found.summary.deals
    rows = [
        (
            str(found.packages[one]),
            percent(float(shares.share[one])),
            _span(shares.draws_low[one], shares.draws_high[one]),
            answers(found, one, names),
        )
        for one in found.signed[:MOST_DEALS]
        if shares.share[one] >= LEAST_SHOWN
    ]
    return _table("What is signed", ("deal", "share#", "policies#", "package"), rows)


def _breaks(found: HistoriesAnswer, names: Names) -> Table:
    rows = [
        (
            names.actor(one.actor) if one.actor else "nobody",
            percent(one.share),
            "war" if one.war else "no war",
            break_phrase(one, names, by=False),
        )
        for one in found.breaks[:MOST_BREAKS]
        if one.share >= LEAST_SHOWN
    ]
    heads = ("by", "share#", "then", "how and when")
    return _table("How what was signed ends before its time", heads, rows)


def _shares(shares: Shares, which: int) -> tuple[str, str, str]:
    """Share, interval, and the spread of the policies' own."""
    return (
        percent(float(shares.share[which])),
        _span(shares.low[which], shares.high[which]),
        _span(shares.draws_low[which], shares.draws_high[which]),
    )


def _span(low: float, high: float) -> str:
    return span(float(low), float(high), percent)


def _table(caption: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(caption, columns(*heads), tuple(TableRow(cells) for cells in rows))
