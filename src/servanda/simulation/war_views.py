"""The war as the analyst and each actor see it, and what each gets without a deal."""

from __future__ import annotations

import numpy as np

from servanda.problems.agreement import WorldStates, agreement, peace_flows
from servanda.problems.gather import own_beliefs
from servanda.problems.parameters import Floats, central
from servanda.problems.translation import NOBODY, Translation
from servanda.problems.war_binding import BoundWar, bind_view, bind_war, outbreaks, war_worlds
from servanda.results.analysis import Band, Reservation, WarView
from servanda.results.war import WarOutlook
from servanda.scenario.model import Scenario
from servanda.simulation.ensemble import CHUNK, Draws
from servanda.solvers.collapse import reservation_values
from servanda.solvers.war_outlook import war_outlook
from servanda.solvers.war_table import WarTable

OUTLOOK_MONTHS = 60
"""Months of war shown."""


def war_views(translation: Translation) -> tuple[WarView, ...]:
    """The analyst's view first, then that of every actor that differs from it."""
    params = translation.parameters
    theta = central(params)
    views = [WarView("", _outlook(bind_view(translation, theta)))]
    for actor, name in enumerate(translation.actors.names):
        seen = theta[:, params.believed[actor]]
        if np.any(seen != theta):
            views.append(WarView(name, _outlook(bind_view(translation, seen))))
    return tuple(views)


def _outlook(bound: BoundWar) -> WarOutlook:
    translation = bound.translation
    now = WorldStates(
        translation.land.holder[np.newaxis],
        translation.instruments.level_at[np.newaxis],
        np.zeros(1, np.int64),
    )
    worlds = war_worlds(translation, now, np.zeros(1, np.int64), NOBODY)
    return war_outlook(bound.settings, outbreaks(bound, worlds, np.zeros(1)), months=OUTLOOK_MONTHS)


def reservation_views(
    scenario: Scenario, translation: Translation, drawn: Draws, *, threads: int | None
) -> tuple[Reservation, ...]:
    """What each actor gets without a deal, unpressed and under the pressure on it."""
    theta = central(translation.parameters)
    at_centre = reservation_values(WarTable(bind_war(translation, theta), threads=threads))[0]
    peace = _frozen(translation, theta)[0]
    views = []
    for actor, name in enumerate(translation.actors.names):
        pressing = tuple(key for key, item in scenario.pressure.items() if item.on == name)
        pressed = None
        if pressing:
            at_rest = _pressed(scenario, translation, theta, actor, pressing, threads)
            parts = _pressed(scenario, translation, drawn.theta, actor, pressing, threads)
            pressed = _band(float(at_rest[0]), parts)
        views.append(
            Reservation(
                actor=name,
                peace=float(peace[actor]),
                value=_band(float(at_centre[actor]), drawn.reservation[:, actor]),
                pressed=pressed,
                pressure=pressing,
            )
        )
    return tuple(views)


def pressed_reservations(
    scenario: Scenario,
    translation: Translation,
    theta: Floats,
    reservation: Floats,
    *,
    threads: int | None,
) -> Floats:
    """What each actor gets without a deal when all pressure on it is carried out, (D, A).

    Args:
        scenario, translation: whose pressure.
        theta: (D, P).
        reservation: (D, A) without pressure; it stays that of those whom nobody presses.
        threads: for the wars.
    """
    pressed = reservation.copy()
    for actor, name in enumerate(translation.actors.names):
        pressing = tuple(key for key, item in scenario.pressure.items() if item.on == name)
        if pressing:
            pressed[:, actor] = _pressed(scenario, translation, theta, actor, pressing, threads)
    return pressed


def _pressed(
    scenario: Scenario,
    translation: Translation,
    theta: Floats,
    actor: int,
    pressing: tuple[str, ...],
    threads: int | None,
) -> Floats:
    """What one actor gets without a deal under some pressure, (D,)."""
    parts = []
    for first in range(0, len(theta), CHUNK):
        rows = theta[first : first + CHUNK]
        changed = under_pressure(scenario, translation, rows, pressing)
        table = WarTable(bind_war(translation, changed), threads=threads)
        parts.append(reservation_values(table)[:, actor])
    return np.concatenate(parts)


def _frozen(translation: Translation, theta: Floats) -> Floats:
    """Value of the status quo if the fighting simply stopped, (D, A)."""
    own = own_beliefs(translation.parameters, theta)
    nothing = agreement(translation, translation.issues.status_quo.tolist())
    return peace_flows(translation, nothing, own, np.zeros(1, np.int64))[:, 0]


def under_pressure(
    scenario: Scenario, translation: Translation, theta: Floats, pressing: tuple[str, ...]
) -> Floats:
    """Draws with the threatened changes carried out; they are facts, so beliefs change too."""
    params = translation.parameters
    changed = theta.copy()
    for key in pressing:
        for path in scenario.pressure[key].changes:
            new = theta[:, params.index(f"pressure.{key}.changes.{path}")]
            for entry in {*params.believed[:, params.index(path)].tolist(), params.index(path)}:
                changed[:, entry] = new
    return changed


def _band(central_value: float, values: Floats) -> Band:
    low, median, high = np.percentile(values, [5.0, 50.0, 95.0])
    return Band(central_value, float(low), float(median), float(high))
