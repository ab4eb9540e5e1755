"""What the talks of a scenario are about: the war by month, who speaks, what can be offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from servanda.problems.parameters import Floats, central
from servanda.problems.talks import TalksProblem
from servanda.problems.talks_binding import FrontWar, front_war, main_front
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_view, bind_war
from servanda.results.packages import Deal
from servanda.scenario.model import Scenario, Talks
from servanda.scenario.months import first_month_after
from servanda.simulation.centre import Centre, implementable
from servanda.simulation.war_views import under_pressure
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
    offers, mediator = _offers(scenario, translation, settings)
    return TalksTable(
        scenario=scenario,
        centre=centre,
        front=front,
        settings=settings,
        weight=_weights(translation, settings),
        offers=offers,
        mediator=mediator,
        cover=_cover(translation, settings),
        war=war_by_month(
            scenario,
            translation,
            central(translation.parameters),
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
        open=open_deals(table.scenario, table.deals, table.settings.months),
        cover=table.cover,
    )


def lapsing(scenario: Scenario) -> dict[str, int]:
    """The month from which on each threat is no longer carried out."""
    lapses = {name: one.lapses for name, one in scenario.pressure.items()}
    for deadline in (scenario.talks or Talks()).deadlines.values():
        month = first_month_after(scenario.as_of, deadline.day)
        for name in deadline.lapses:
            lapses[name] = min(lapses[name], month)
    return lapses


def issues_by_track(scenario: Scenario) -> dict[str, list[int]]:
    """Issues of each track, as indices."""
    tracks: dict[str, list[int]] = {}
    for number, issue in enumerate(scenario.issues.values()):
        tracks.setdefault(issue.track, []).append(number)
    return tracks


def open_deals(scenario: Scenario, deals: tuple[Deal, ...], months: int) -> Flags:
    """Which deals are on the table in each month, (M, C)."""
    found = np.ones((months, len(deals)), bool)
    for deadline in (scenario.talks or Talks()).deadlines.values():
        month = first_month_after(scenario.as_of, deadline.day)
        gone = [ref.split(".") for ref in deadline.closes]
        for number, deal in enumerate(deals):
            if any(deal.options[issue] == option for issue, option in gone):
                found[month:, number] = False
    return found


def war_by_month(
    scenario: Scenario,
    translation: Translation,
    theta: Floats,
    front: int | None,
    months: int,
    threats: Mapping[str, int],
) -> FrontWar:
    """The war of one draw by month; threats are carried out until they lapse.

    Args:
        scenario, translation: whose war.
        theta: (1, P).
        front: the line that moves.
        months: M.
        threats: pressure to the month from which on it is no longer carried out.
    """
    edges = sorted({0, months, *(month for month in threats.values() if month < months)})
    regimes = []
    for first, after in pairwise(edges):
        active = tuple(key for key, month in threats.items() if month > first)
        changed = under_pressure(scenario, translation, theta, active)
        own, view = bind_war(translation, changed), bind_view(translation, changed)
        regimes.append((own, view, after - first))
    return front_war(regimes, front)


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


def _offers(
    scenario: Scenario, translation: Translation, settings: Talks
) -> tuple[Floats, int | None]:
    """Who makes the offer in which share of months, by month, and the mediator."""
    actors, mediator = translation.actors, None
    shares = np.zeros((settings.months, 3))
    place = dict.fromkeys(actors.names, 2)
    for name, side in zip(actors.names, actors.side.tolist(), strict=True):
        place[name] = side if side >= 0 else 2
    if not settings.offers:
        shares[:, :2] = 0.5
    for name, share in settings.offers.items():
        shares[:, place[name]] = share.value
        mediator = actors.names.index(name) if place[name] == 2 else mediator
    for deadline in settings.deadlines.values():
        month = first_month_after(scenario.as_of, deadline.day)
        for name in deadline.silences:
            shares[month:, place[name]] = 0.0
    return shares, mediator


def _weights(translation: Translation, settings: Talks) -> tuple[float, float]:
    """How much each side's belief weighs, in moves of the line."""
    said = settings.learning
    names = [translation.actors.names[actor] for actor in translation.actors.speaker]
    a, b = (said.believed.get(name, said).value for name in names)
    return a, b


def _cover(translation: Translation, settings: Talks) -> tuple[float, float]:
    """Points a month for being seen at the table, of those who speak for the two sides."""
    names = [translation.actors.names[actor] for actor in translation.actors.speaker]
    a, b = (settings.cover[name].value if name in settings.cover else 0.0 for name in names)
    return a, b
