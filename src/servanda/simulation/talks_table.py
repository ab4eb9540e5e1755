"""What the talks of a scenario are about: the war by month, who speaks, what can be offered."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from servanda.problems.parameters import Floats, central
from servanda.problems.talks import TalksProblem
from servanda.problems.talks_binding import FrontWar, main_front
from servanda.results.packages import Deal
from servanda.scenario.model import Scenario
from servanda.scenario.talks import Talks
from servanda.simulation.centre import Centre, implementable
from servanda.simulation.talks_setting import (
    cover_in,
    lapsing,
    offers_in,
    open_deals,
    war_by_month,
    weights_in,
)
from servanda.solvers.package_talks import deal_values, package_talks

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TalksTable:
    """What the talks are about: everything a game is made of.

    Attributes:
        scenario, centre: whose talks; at the central values.
        front: the line that moves; None where none does.
        settings: what the scenario says of the talks.
        weight: (a, b) moves of the line that a belief weighs as much as.
        offers: (M, 3) share of the months in which a, b, the mediator makes the offer.
        mediator: which actor that is.
        cover: (a, b) points a month for being seen at the table.
        war: on that front, threats carried out until they lapse.
        deals: what can be offered.
    """

    scenario: Scenario
    centre: Centre
    front: int | None
    settings: Talks
    weight: tuple[float, float]
    offers: Floats
    mediator: int | None
    cover: tuple[float, float]
    war: FrontWar
    deals: tuple[Deal, ...]


def talks_table(scenario: Scenario, centre: Centre) -> TalksTable:
    """The talks of a scenario at its central values."""
    translation, settings = centre.translation, scenario.talks or Talks()
    front = main_front(centre.table.bound)
    theta = central(translation.parameters)
    offers, mediator = offers_in(scenario, translation, theta, settings.months)
    return TalksTable(
        scenario=scenario,
        centre=centre,
        front=front,
        settings=settings,
        weight=weights_in(scenario, translation, theta),
        offers=offers,
        mediator=mediator,
        cover=cover_in(scenario, translation, theta),
        war=war_by_month(
            scenario,
            translation,
            theta,
            front,
            settings.months,
            lapsing(scenario),
        ),
        deals=_candidates(centre),
    )


def talks_problem(table: TalksTable) -> TalksProblem:
    """The talks as a game."""
    centre = table.centre
    return package_talks(
        table.war,
        deal_values(centre.table, centre.problem, table.deals, table.front),
        speakers=centre.translation.actors.speaker,
        weight=table.weight,
        offers=table.offers,
        mediator=table.mediator,
        open=deals_on_table(table),
        cover=table.cover,
    )


def deals_on_table(table: TalksTable) -> Flags:
    """Which deals can be offered in each month, (M, C)."""
    options = [deal.options for deal in table.deals]
    return open_deals(table.scenario, options, table.settings.months)


def _candidates(centre: Centre) -> tuple[Deal, ...]:
    """Deals that pass every gate and would be kept; where none does, the nearest that would be.

    The nearest are those that cross no red line: whether both sides would rather sign is for the
    talks to say, and it may change with the line.
    """
    kept = tuple(deal for deal in centre.funnel.tested if deal.kept)
    if kept:
        return kept
    near = [one.deal for one in centre.funnel.nearest if not one.red_lines_broken]
    found = []
    for deal in near:
        best = implementable(centre.table, centre.problem.chosen(deal.index), centre.held)
        if best.margin >= -centre.funnel.tolerance:
            start = dict(zip(deal.values, map(float, best.values_at_start), strict=True))
            found.append(replace(deal, values_at_start=start, plan=best.plan))
    return tuple(found)
