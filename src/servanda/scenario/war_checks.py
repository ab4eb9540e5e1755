"""Does what a scenario says of its war and its land hold together?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.errors import Complaint
from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario
from servanda.scenario.war import HazardTrend, Trend

Found = Iterator[Complaint]


_OF_WAR = (
    *("parcels", "fronts", "instruments", "strikes"),
    *("steps", "exchanges", "orders", "guarantees"),
)
"""Sections about the war, or about keeping a deal when the alternative is war."""


def war_or_reservation(scenario: Scenario) -> Found:
    """What there is without a deal is said, and said once."""
    said = scenario.reservation
    if scenario.war is not None:
        if said:
            rule = "with a war, what each actor gets without a deal follows from it; give one"
            yield Complaint("reservation", rule)
        return
    floors = {name for name, ranked in scenario.rankings.items() if ranked.refuses_below}
    if not said and not floors:
        rule = "is missing. Say what fighting on brings (war), or what each actor gets without a "
        yield Complaint("war", f"{rule}deal (reservation).")
        return
    for name, actor in scenario.actors.items():
        if actor.role == "belligerent":
            yield Complaint(f"actors.{name}.role", "a belligerent fights, and there is no war")
        if actor.signs and name not in said and name not in floors:
            rule = f"says nothing of '{name}', who has to sign: what does it get without a deal?"
            yield Complaint("reservation", rule)
    for section in _OF_WAR:
        if getattr(scenario, section):
            yield Complaint(section, "means nothing without a war; leave it out, or say the war")


def war_speaks_for_both_sides(scenario: Scenario) -> Found:
    """Each side has one voice, and rates that drift stop somewhere."""
    war = scenario.war
    if war is None:
        return
    tables: dict[str, Iterable[str]] = {
        "strength": war.strength,
        "exhaustion": war.exhaustion,
        "imposed": war.imposed,
    }
    for field, table in tables.items():
        for side in ("a", "b"):
            entries = [name for name in table if _side(scenario, name) == side]
            if len(entries) != 1:
                found = ", ".join(entries) or "none"
                rule = f"needs one belligerent of side {side} to speak for it; found {found}"
                yield Complaint(f"war.{field}", rule)
    voices = {"war.rearmament": list(war.rearmament)}
    for name, instrument in scenario.instruments.items():
        voices[f"instruments.{name}.strength"] = list(instrument.strength)
        voices[f"instruments.{name}.exhaustion"] = list(instrument.exhaustion)
    for path, names in voices.items():
        for side in ("a", "b"):
            entries = [name for name in names if _side(scenario, name) == side]
            if len(entries) > 1:
                rule = f"one belligerent speaks for side {side}; found {', '.join(entries)}"
                yield Complaint(path, rule)
    trends: list[tuple[str, Trend | HazardTrend]] = [
        *((f"war.costs.{name}", trend) for name, trend in war.costs.items()),
        *((f"war.exhaustion.{name}", trend) for name, trend in war.exhaustion.items()),
        ("war.freeze", war.freeze),
    ]
    for trend_path, trend in trends:
        drifts = trend.drift.value != 0 or not trend.drift.certain
        if drifts and trend.cap is None:
            yield Complaint(f"{trend_path}.cap", "a drift needs a cap at which it stops")
        elif trend.cap is not None and trend.cap.value < trend.now.value:
            rule = f"{trend.cap.value:g} is below what it caps ({trend.now.value:g})"
            yield Complaint(f"{trend_path}.cap", rule)


def fronts_are_lines(scenario: Scenario) -> Found:
    """On a front the parcels of side a stand before those of side b."""
    seen: dict[str, str] = {}
    for name, front in scenario.fronts.items():
        held_by_b = False
        for number, parcel_id in enumerate(front.parcels):
            path = f"fronts.{name}.parcels.{number}"
            parcel = scenario.parcels.get(parcel_id)
            if parcel is None:
                continue
            if parcel_id in seen:
                yield Complaint(path, f"'{parcel_id}' already stands on front '{seen[parcel_id]}'")
            seen[parcel_id] = name
            if parcel.background:
                yield Complaint(path, f"'{parcel_id}' is marked background, so no war moves it")
            side = _side(scenario, parcel.held_by)
            if parcel.held_by == DEMILITARISED:
                rule = f"nobody holds '{parcel_id}', and a front has two sides only"
                yield Complaint(path, rule)
            if side == "a" and held_by_b:
                rule = f"'{parcel_id}' is held by side a but stands behind a parcel of side b"
                yield Complaint(path, rule)
            held_by_b = held_by_b or side == "b"


def parcels_reachable(scenario: Scenario) -> Found:
    """Every parcel can change hands, or is background."""
    moved = {parcel for step in scenario.steps.values() for parcel in step.moves}
    on_front = {parcel for front in scenario.fronts.values() for parcel in front.parcels}
    for name, parcel in scenario.parcels.items():
        if not parcel.background and name not in moved | on_front:
            rule = "is on no front and no step moves it; mark it background or connect it"
            yield Complaint(f"parcels.{name}", rule)
        if parcel.background and name in moved:
            yield Complaint(
                f"parcels.{name}.background", "a step moves it, so it is not background"
            )


def one_issue_moves_a_parcel(scenario: Scenario) -> Found:
    """A parcel is moved by steps of one issue only."""
    mover: dict[str, str] = {}
    for step_id, step in scenario.steps.items():
        for issue in {ref.split(".")[0] for ref in step.serves}:
            for parcel in step.moves:
                other = mover.setdefault(parcel, issue)
                if other != issue:
                    rule = f"moves '{parcel}', which a step of issue '{other}' moves already"
                    yield Complaint(f"steps.{step_id}.moves.{parcel}", rule)


def parcels_stay_whole(scenario: Scenario) -> Found:
    """A parcel is never divided among tranches."""
    for name, step in scenario.steps.items():
        parcels = len(step.moves)
        if parcels and step.tranches > parcels:
            rule = f"a parcel is never divided: at most {parcels}, as many as it moves"
            yield Complaint(f"steps.{name}.tranches", rule, value=f"{step.tranches}")


def _side(scenario: Scenario, name: str) -> str | None:
    actor = scenario.actors.get(name)
    return actor.side if actor else None
