"""The first page, for somebody with two minutes: answer, order, obstacle, what would change it.

What it says is made here, from results; :mod:`servanda.brief.pdf` sets it as one sheet of paper.
Lines come with a rank: where the sheet is too small, those of the highest rank that fit are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt

from servanda.brief.answer import CAVEATS
from servanda.brief.document import Line, Table, tabled
from servanda.brief.guarantees import in_deal, need_sentence
from servanda.brief.history_words import peace_sentence
from servanda.brief.land import changes_sentence, close_up, shapes_sentence
from servanda.brief.levers import lever_sentences
from servanda.brief.obstacle import Obstacle, main_obstacle
from servanda.brief.why import cause_sentences
from servanda.brief.words import (
    breach_phrase,
    capital,
    evidence_line,
    likelihood_line,
    package_line,
    when,
)
from servanda.charts.funnel import funnel_chart
from servanda.charts.gains import gains_chart
from servanda.charts.names import Names, brief, clean
from servanda.charts.numbers import exact_percent, percent
from servanda.charts.order_margins import order_margins_chart
from servanda.charts.territory_map import CAPTION, parcel_places, territory_map
from servanda.results.analysis import Analysis, OrderView
from servanda.results.plan import ConstraintMargin, PlanEvaluation

MOST_ORDERS = 5
"""Orders of steps listed; the best stands first."""
MOST_FIGURES = 2
"""Charts, beside the map."""
YEARS_ON = 5
"""After how many years a signed peace is looked at, where histories are followed so long."""
LONGEST = 240
"""Letters after which a text is cut on this page; the full text stands in the page for analysts."""


@dataclass(frozen=True)
class Ranked:
    """A line that may be left out: the lower its rank, from 10 to 1, the sooner."""

    line: Line
    rank: int


@dataclass(frozen=True)
class Picture:
    """A chart under its title, with a note on how to read it."""

    title: str
    chart: alt.LayerChart
    note: str


@dataclass(frozen=True)
class PageOne:
    """What the sheet says.

    Attributes:
        likelihood: the answer, in a sentence.
        peace: in how many histories a signed peace stands some years on; None if not asked.
        evidence: how good the evidence is, apart from it.
        deal: the deal whose orders are compared.
        orders: how often each is kept, who would break it and where; None without orders.
        obstacle: what stands in the way most, as heading and sentence.
        details: further sentences about it.
        change: what would change it.
        caveats: what to know before relying on it.
        figures: at most two charts.
        land: the map; None where nothing has a place.
    """

    likelihood: Line
    peace: Ranked | None
    evidence: Line
    deal: Ranked
    orders: Table | None
    obstacle: Obstacle
    details: tuple[Ranked, ...]
    change: tuple[Ranked, ...]
    caveats: tuple[Ranked, ...]
    figures: tuple[Picture, ...]
    land: Picture | None


def page_one(analysis: Analysis, names: Names, answers: Mapping[str, Any]) -> PageOne:
    """Make the first page of an analysis, and of further answers where there are any."""
    obstacle = main_obstacle(analysis, names)
    return PageOne(
        likelihood=likelihood_line(analysis.likelihood),
        peace=_peace(answers),
        evidence=evidence_line(analysis.likelihood),
        deal=Ranked(_deal(analysis, names), 8),
        orders=_orders(analysis, names),
        obstacle=obstacle,
        details=_ranked(obstacle.details[:2], (3, 2)),
        change=_ranked(_change(analysis, names, answers)[:3], (9, 5, 1)),
        caveats=_ranked(tuple(clean(one) for one in analysis.caveats[:CAVEATS]), (7, 6, 4)),
        figures=_figures(analysis, names),
        land=_land(analysis, names),
    )


def _ranked(lines: tuple[Line, ...], ranks: tuple[int, ...]) -> tuple[Ranked, ...]:
    return tuple(Ranked(line, rank) for line, rank in zip(lines, ranks, strict=False))


def _peace(answers: Mapping[str, Any]) -> Ranked | None:
    if "histories" not in answers:
        return None
    years = answers["histories"].summary.years
    year = YEARS_ON if YEARS_ON in years else years[-1]
    return Ranked(peace_sentence(answers["histories"], year), 10)


def _deal(analysis: Analysis, names: Names) -> Line:
    lead = "The deal in focus"
    if not analysis.funnel.status.has_deal:
        lead = "No package passes every gate; looked at instead"
    return f"{lead}: {package_line(analysis.focus.deal, names)}."


def _orders(analysis: Analysis, names: Names) -> Table | None:
    shown = [order for order in analysis.orders if order.plan is not None][:MOST_ORDERS]
    if not shown:
        return None
    return tabled(
        "Orders of the steps of the deal in focus",
        (
            "Order of steps",
            "Kept in#",
            "Months#",
            "Who would break it most often, and where",
            "Pays in#",
            "Goes against red lines of",
        ),
        [_order_row(order, names) for order in shown],
    )


def _order_row(order: OrderView, names: Names) -> tuple[str, ...]:
    plan = order.plan
    assert plan is not None  # asked before
    first = next((one for one in order.broken if one.share > 0), None)
    lines = (names.red_line(one)[1] for one in order.breaks_red_lines)
    owners = list(dict.fromkeys(line.by for line in lines if line is not None))
    cells = (
        clean(order.name),
        percent(order.self_enforcing),
        str(plan.months),
        _breach(first.at_centre, plan, names) if first is not None else "nobody",
        percent(first.share) if first is not None else "–",
        names.actors(owners) or "nobody",
    )
    return tuple(brief(cell, LONGEST // 2) for cell in cells)


def _breach(one: ConstraintMargin, plan: PlanEvaluation, names: Names) -> str:
    actor = capital(names.actor(one.constraint.actor))
    return f"{actor}, {when(one, plan, names)}: {breach_phrase(one, names)}"


def _change(analysis: Analysis, names: Names, answers: Mapping[str, Any]) -> tuple[Line, ...]:
    """What would change the answer: as measured where that was asked, else as far as is known."""
    said: list[Line] = []
    if "levers" in answers:
        said += lever_sentences(answers["levers"], names)
    if "why" in answers:
        said += cause_sentences(answers["why"])
    said += [
        f"{capital(names.guarantee(one.guarantee))}: {need_sentence(one)}"
        for one in analysis.credibilities
        if in_deal(one.guarantee, analysis) and (one.needed is None or one.needed > 0.0)
    ]
    moving = next((one for one in analysis.assumptions if one.influence > 0.0), None)
    if moving is not None:
        said.append(
            f"The room for this deal varies most with {names.path(moving.path)} "
            f"({exact_percent(moving.influence)} of the variation in rank)."
        )
    return tuple(said)


def _figures(analysis: Analysis, names: Names) -> tuple[Picture, ...]:
    """Two charts: what each gate leaves and how the orders compare, or else who gains what."""
    made: list[Picture] = []
    if analysis.funnel.gates:
        made.append(
            Picture(
                "Packages left after each gate",
                funnel_chart(analysis.funnel, analysis.gates),
                "Bar: central values. Thin line: nine in ten draws.",
            )
        )
    drawn = [order for order in analysis.orders if order.margin is not None][:MOST_ORDERS]
    if drawn:
        made.append(
            Picture(
                "How firmly each order of steps holds",
                order_margins_chart(drawn),
                "Right of the line nobody gains by breaking it. Dot: central values; tick: median; "
                "bar: nine in ten draws.",
            )
        )
    if len(made) < MOST_FIGURES and analysis.focus.gains:
        made.append(
            Picture(
                "What each side gains against fighting on",
                gains_chart(analysis.focus, names.scenario),
                "Each in its own beliefs. Dot: central values; tick: median; bar: nine in ten "
                "draws.",
            )
        )
    return tuple(made[:MOST_FIGURES])


def _land(analysis: Analysis, names: Names) -> Picture | None:
    if not parcel_places(names.scenario):
        return None
    chart = territory_map(analysis.land, names.scenario, close_up(names) or None)
    note = f"{CAPTION} {shapes_sentence(names)} Dashed: changes hands. "
    return Picture(
        "Who holds what, and what changes hands", chart, note + changes_sentence(analysis, names)
    )
