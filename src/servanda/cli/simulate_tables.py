"""The answer about histories as tables."""

from __future__ import annotations

from math import isnan

from servanda.brief.history_words import break_phrase
from servanda.brief.words import capital, in_series
from servanda.charts.names import Names
from servanda.charts.numbers import percent, span
from servanda.cli.screen import Table
from servanda.results.histories import Outcome
from servanda.results.histories_answer import HistoriesAnswer
from servanda.results.history_summary import Shares
from servanda.results.likelihood import likelihood_word

MOST_DEALS, MOST_BREAKS = 8, 10
"""Rows shown, the most frequent first; --json has them all."""

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
        peace = summary.in_peace
        rows.append(
            (
                str(year),
                percent(float(summary.at_war.share[at])),
                percent(float(summary.agreed.share[at])),
                percent(float(peace.share[at])),
                _span(peace.low[at], peace.high[at]),
                _span(peace.draws_low[at], peace.draws_high[at]),
                "" if isnan(peace.due_to_draws[at]) else percent(float(peace.due_to_draws[at])),
                likelihood_word(float(peace.share[at])),
            )
        )
    return Table(
        "What has come of it after so many years from now",
        (
            "years",
            "war goes on",
            "agreed before",
            "signed peace stands",
            "95 % interval",
            "policies 5–95 %",
            "due to assumptions",
            "likelihood of that peace",
        ),
        tuple(rows),
        right=(1, 2, 3, 4, 5, 6),
    )


def _kept(found: HistoriesAnswer) -> Table:
    kept = found.summary.kept
    rows = [
        (
            str(year),
            percent(float(kept.share[12 * year])),
            _span(kept.low[12 * year], kept.high[12 * year]),
            _span(kept.draws_low[12 * year], kept.draws_high[12 * year]),
        )
        for year in found.summary.years
        if not isnan(kept.share[12 * year])
    ]
    return Table(
        "Once a peace is in force: it still stands after so many years",
        ("years", "stands", "95 % interval", "policies 5–95 %"),
        tuple(rows),
        right=(1, 2, 3),
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
    if voted >= LEAST_SHOWN:
        rows.append(("  among all of these, voted down before", percent(voted), "", ""))
    if found.truces >= LEAST_SHOWN:
        rows.append(("  among all of these, with a truce", percent(found.truces), "", ""))
    years = found.summary.horizon // 12
    return Table(
        f"How histories stand after {years} {'year' if years == 1 else 'years'}",
        ("", "share", "95 % interval", "policies 5–95 %"),
        tuple(rows),
        right=(1, 2, 3),
    )


def _deals(found: HistoriesAnswer, names: Names) -> Table:
    shares = found.summary.deals
    issues = names.scenario.issues
    rows = []
    for one in found.signed[:MOST_DEALS]:
        if shares.share[one] >= LEAST_SHOWN:
            answers = [
                names.option(issue, option)
                for issue, option in found.deals[one].items()
                if not issues[issue].options[option].status_quo
            ]
            rows.append(
                (
                    str(found.packages[one]),
                    percent(float(shares.share[one])),
                    _span(shares.draws_low[one], shares.draws_high[one]),
                    in_series(answers),
                )
            )
    return Table(
        "What is signed",
        ("deal", "share", "policies 5–95 %", "package"),
        tuple(rows),
        right=(1, 2),
    )


def _breaks(found: HistoriesAnswer, names: Names) -> Table:
    rows = [
        (capital(break_phrase(one, names)), percent(one.share), "war" if one.war else "no war")
        for one in found.breaks[:MOST_BREAKS]
        if one.share >= LEAST_SHOWN
    ]
    return Table(
        "How what was signed ends before its time", ("", "share", "then"), tuple(rows), right=(1,)
    )


def _shares(shares: Shares, which: int) -> tuple[str, str, str]:
    return (
        percent(float(shares.share[which])),
        _span(shares.low[which], shares.high[which]),
        _span(shares.draws_low[which], shares.draws_high[which]),
    )


def _span(low: float, high: float) -> str:
    return span(float(low), float(high), percent)
