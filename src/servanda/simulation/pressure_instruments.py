"""Which instruments a scenario gives to outsiders, how much each takes, who bears it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from servanda.errors import NotFoundError
from servanda.problems.parameters import Floats, Parameters
from servanda.results.pressure_design import Instrument
from servanda.scenario.model import Scenario
from servanda.simulation.deal_pool import View
from servanda.simulation.ensemble import Flags, reservations
from servanda.simulation.war_views import under_pressure

PRESSURE, GUARANTEES, FUND = "pressure:", "guarantees:", "fund:"

SPREADS = 2.0
"""Own spreads that are all of a guarantee or of the fund; farther out a range says nothing."""

LEVELS = (0.0, 0.5, 1.0)
"""Shares of an instrument that are tried."""

PAYABLE = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of a fund that are tried."""

PAYMENTS = "payments"
"""The fund where none is named."""

OUTSIDE = "outside"
"""Who pays where nobody mediates."""

Money = tuple[float, tuple[str, ...]]
"""Points a fund holds, and the actors it may be paid to; none named: any."""


@dataclass(frozen=True, eq=False)
class Tool:
    """An instrument with what is needed to use it.

    Attributes:
        says: what it is.
        entries: of the quantities it moves; empty for a fund.
        to: (entries,) where all of it would move them; for a guarantee by how much.
        points: a fund's; 0 for others.
        reaches: (A,) whom it presses or pays.
    """

    says: Instrument
    entries: tuple[int, ...]
    to: Floats
    points: float
    reaches: Flags


def tools_of(
    scenario: Scenario,
    view: View,
    funds: Mapping[str, Money],
    costs: Mapping[str, float],
    wanted: Sequence[str],
    *,
    threads: int | None,
) -> tuple[Tool, ...]:
    """Every instrument, or those wanted.

    Raises:
        NotFoundError: an instrument or an actor that is not there.
    """
    tools = [
        *_pressures(scenario, view, threads),
        *_guarantees(scenario, view),
        *_funds(scenario, view, funds),
    ]
    known = {tool.says.id: tool for tool in tools}
    for name in (*wanted, *costs):
        if name not in known:
            raise NotFoundError("instrument", name, list(known))
    chosen = [known[name] for name in dict.fromkeys(wanted)] if wanted else tools
    return tuple(
        replace(tool, says=replace(tool.says, effort=costs[tool.says.id], measured="as given"))
        if tool.says.id in costs
        else tool
        for tool in chosen
    )


def _pressures(scenario: Scenario, view: View, threads: int | None) -> list[Tool]:
    translation, drawn = view.ground.translation, view.drawn
    params, names = translation.parameters, translation.actors.names
    found = []
    for key, pressure in scenario.pressure.items():
        changed = under_pressure(scenario, translation, drawn.theta, (key,))
        fallen = (drawn.reservation - reservations(translation, changed, threads=threads)).mean(0)
        entries = [params.index(path) for path in pressure.changes]
        ends = np.array([one.value for one in pressure.changes.values()])
        says = Instrument(
            id=PRESSURE + key,
            does=", ".join(f"{path} to {one.value:g}" for path, one in pressure.changes.items()),
            by=(pressure.by,),
            on=(pressure.on,),
            levels=LEVELS,
            effort=_spreads(params, entries, ends - params.value[entries]),
            measured="spreads",
            lapses=pressure.lapses,
            burden={
                name: float(points)
                for name, points in zip(names, fallen, strict=True)
                if abs(points) > 1e-9
            },
            burden_is="without a deal, if carried out",
        )
        reaches = np.array([name == pressure.on for name in names])
        found.append(Tool(says, tuple(entries), ends, 0.0, reaches))
    return found


def _spreads(params: Parameters, entries: Sequence[int], moved: Floats) -> float:
    """How far quantities are moved, the one moved farthest, in their own spreads.

    Of one without a range, in parts of itself.
    """
    half = (params.high[entries] - params.low[entries]) / 2
    own = np.where(np.isnan(half) | (half <= 0), np.abs(params.value[entries]), half)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.abs(moved) / own
    finite = found[np.isfinite(found)]
    return float(finite.max()) if finite.size else 1.0


def _guarantees(scenario: Scenario, view: View) -> list[Tool]:
    """All guarantees of an actor, believed more by everybody by their own spread."""
    params = view.ground.translation.parameters
    names = view.ground.translation.actors.names
    found = []
    for by in dict.fromkeys(one.by for one in scenario.guarantees.values()):
        own = {key: one for key, one in scenario.guarantees.items() if one.by == by}
        entries, moves, burden = [], [], 0.0
        for key, guarantee in own.items():
            path = f"guarantees.{key}." + (
                "credibility" if guarantee.credibility else "derived.stake"
            )
            about = params.index(path)
            half = (params.high[about] - params.low[about]) / 2
            if np.isnan(half) or half <= 0:
                continue
            held = np.flatnonzero(params.about == about).tolist()
            entries += held
            moves += [SPREADS * half] * len(held)
            if guarantee.credibility:
                more = min(SPREADS * half, 1.0 - params.value[about])
                burden = max(burden, float(guarantee.honour_cost.value * more))
        if not entries:
            continue
        says = Instrument(
            id=GUARANTEES + by,
            does=f"what {by} guarantees is believed more, by {SPREADS:g} spreads",
            by=(by,),
            on=tuple(dict.fromkeys(one.protects for one in own.values())),
            levels=LEVELS,
            effort=SPREADS,
            measured="spreads",
            lapses=None,
            burden={by: burden},
            burden_is="a month of war, for honouring the dearest more often",
        )
        reaches = np.array([name in says.on for name in names])
        found.append(Tool(says, tuple(entries), np.array(moves), 0.0, reaches))
    return found


def _funds(scenario: Scenario, view: View, funds: Mapping[str, Money]) -> list[Tool]:
    """Funds named, or one for all who sign and do not mediate."""
    actors = view.ground.translation.actors
    payers = tuple(key for key, actor in scenario.actors.items() if actor.role == "mediator")
    may = tuple(
        name
        for name, signs in zip(actors.names, actors.signs, strict=True)
        if signs and name not in payers
    )
    low, high = np.percentile(view.drawn.reservation, [5.0, 95.0], axis=0)
    spread = (
        float(((high - low) / 2)[[actors.names.index(name) for name in may]].mean()) if may else 0.0
    )
    named = dict(funds)
    if not named and spread > 0:
        named = {PAYMENTS: (SPREADS * spread, may)}
    found = []
    for name, (points, to) in named.items():
        for actor in to:
            if actor not in actors.names:
                raise NotFoundError("actor", actor, list(actors.names))
        on = to or may
        says = Instrument(
            id=FUND + name,
            does=f"{points:.1f} points to whoever lacks them, while the deal is kept",
            by=payers,
            on=on,
            levels=PAYABLE,
            effort=points / spread if spread > 0 else points,
            measured="spreads" if spread > 0 else "points",
            lapses=None,
            burden={payer: points / max(len(payers), 1) for payer in payers or (OUTSIDE,)},
            burden_is="paid, if all of it is",
        )
        reaches = np.array([one in on for one in actors.names])
        found.append(Tool(says, (), np.zeros(0), points, reaches))
    return found
