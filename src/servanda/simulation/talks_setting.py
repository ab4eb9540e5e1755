"""What the talks of a scenario are like in one draw: who speaks, what is on the table, the war."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from servanda.problems.campaigns import campaigns_in
from servanda.problems.parameters import Floats
from servanda.problems.talks_binding import FrontWar, front_war
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_view, bind_war
from servanda.scenario.model import Scenario
from servanda.scenario.months import first_month_after
from servanda.scenario.talks import Talks
from servanda.simulation.war_views import under_pressure

Flags = NDArray[np.bool_]


def offers_in(
    scenario: Scenario, translation: Translation, theta: Floats, months: int
) -> tuple[Floats, int | None]:
    """Share of months in which a, b or the mediator makes the offer, (M, 3), and the mediator.

    Args:
        scenario, translation: whose talks.
        theta: (1, P) the draw.
        months: M.
    """
    said, params, actors = scenario.talks or Talks(), translation.parameters, translation.actors
    shares, mediator = np.zeros((months, 3)), None
    if not said.offers:
        shares[:, :2] = 0.5
    place = {
        name: side if side >= 0 else 2
        for name, side in zip(actors.names, actors.side.tolist(), strict=True)
    }
    for name in said.offers:
        shares[:, place[name]] = theta[0, params.index(f"talks.offers.{name}")]
        mediator = actors.names.index(name) if place[name] == 2 else mediator
    # shares that are drawn one by one may sum to more than 1
    shares /= np.maximum(1.0, shares.sum(axis=1, keepdims=True))
    for deadline in said.deadlines.values():
        month = first_month_after(scenario.as_of, deadline.day)
        for name in deadline.silences:
            shares[month:, place[name]] = 0.0
    return shares, mediator


def weights_in(scenario: Scenario, translation: Translation, theta: Floats) -> tuple[float, float]:
    """How much each side's belief weighs, in moves of the line; ``theta`` is (1, P)."""
    if scenario.talks is None:
        silent = Talks().learning.value
        return silent, silent
    params = translation.parameters
    entry = params.index("talks.learning")
    a, b = (float(theta[0, params.believed[actor, entry]]) for actor in translation.actors.speaker)
    return a, b


def cover_in(scenario: Scenario, translation: Translation, theta: Floats) -> tuple[float, float]:
    """Points a month for being seen at the table, of those who speak for the two sides."""
    said, params = scenario.talks or Talks(), translation.parameters
    names = [translation.actors.names[actor] for actor in translation.actors.speaker]
    a, b = (
        float(theta[0, params.index(f"talks.cover.{name}")]) if name in said.cover else 0.0
        for name in names
    )
    return a, b


def lapsing(scenario: Scenario) -> dict[str, int]:
    """The month from which on each threat is no longer carried out."""
    lapses = {name: one.lapses for name, one in scenario.pressure.items()}
    for deadline in (scenario.talks or Talks()).deadlines.values():
        month = first_month_after(scenario.as_of, deadline.day)
        for name in deadline.lapses:
            lapses[name] = min(lapses[name], month)
    return lapses


def open_deals(scenario: Scenario, deals: Sequence[Mapping[str, str]], months: int) -> Flags:
    """Which deals, issue to option, no deadline has taken off the table, (M, C)."""
    found = np.ones((months, len(deals)), bool)
    for deadline in (scenario.talks or Talks()).deadlines.values():
        month = first_month_after(scenario.as_of, deadline.day)
        gone = [ref.split(".") for ref in deadline.closes]
        for number, deal in enumerate(deals):
            if any(deal[issue] == option for issue, option in gone):
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
        campaigns = campaigns_in(scenario, translation, changed)
        regimes.append((own, view, campaigns, after - first))
    return front_war(regimes, front)


def issues_by_track(scenario: Scenario) -> dict[str, list[int]]:
    """Issues of each track, as indices."""
    tracks: dict[str, list[int]] = {}
    for number, issue in enumerate(scenario.issues.values()):
        tracks.setdefault(issue.track, []).append(number)
    return tracks
