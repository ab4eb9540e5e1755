"""How often some deal is kept, beside what each answer looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.brief.document import Line, Paragraph, Section, tabled
from servanda.charts.names import Names
from servanda.charts.numbers import percent
from servanda.results.analysis import Analysis


def kept_shares_section(answers: Mapping[str, Any], names: Names) -> Section:
    """The shares of kept deals of all answers in one place, and why they differ."""
    rows = list(_rows(answers))
    if len(rows) < 2:  # nothing to tell apart
        return Section("kept-shares", "", ())
    return Section(
        "kept-shares",
        "How often some deal is kept, answer by answer",
        (
            Paragraph(
                "Each answer counts the draws in which some deal that it looked at is signed and "
                "kept. Not all look at the same deals and orders of their steps, and an answer "
                "that picks them from more finds some kept where the others find none; so these "
                "shares of the same draws differ, and each is a lower bound. The first is the "
                "headline of this brief."
            ),
            tabled(
                "Share of draws with a kept deal as things stand.",
                ("answer", "looked at", "draws#", "kept#"),
                rows,
            ),
        ),
    )


def _rows(answers: Mapping[str, Any]) -> Iterator[tuple[Line, ...]]:
    """Answer, what it looked at, over how many draws, and the share."""
    analysis: Analysis = answers["analysis"]
    first = _counted(1 + len(analysis.deals), analysis.candidates)
    share = analysis.likelihood.probability
    yield "the answer", first, _draws(analysis), percent(share)
    if why := answers.get("why"):
        looked_at = _counted(why.packages, why.orders)
        if why.types_known is not None:
            known = f"{looked_at}, types of actors known"
            yield "why no deal is kept yet", known, _draws(why), percent(why.types_known)
            looked_at += ", types private"
        yield "why no deal is kept yet", looked_at, _draws(why), percent(why.as_it_is)
    if levers := answers.get("levers"):
        alike = "the deals of the first page, without the orders that people speak of"
        yield "what would change it", alike, _draws(levers), percent(levers.share)
        few = "those of their orders that are computed again"
        yield "what would change it", few, _draws(levers), percent(levers.base)
    if pressure := answers.get("pressure"):
        looked_at = f"{_counted(pressure.packages, pressure.orders)}, picked from more"
        yield "what outsiders can do", looked_at, _draws(pressure), percent(pressure.as_it_is.kept)
    if inverse := answers.get("inverse"):
        yield "what would have to be true", _counted(1, 1), _draws(inverse), percent(inverse.share)
    if found := answers.get("map"):
        yield "where two numbers decide", _counted(1, 1), _draws(found), percent(found.share_now)


def _counted(deals: int, orders: int) -> str:
    return f"{_many(deals, 'deal')}, {_many(orders, 'order')} of steps"


def _many(count: int, what: str) -> str:
    return f"a single {what}" if count == 1 else f"{count:,} {what}s"


def _draws(answer: Any) -> str:
    return f"{answer.origin.draws:,}"
