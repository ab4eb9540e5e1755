"""Does what a scenario says of the talks hold together?"""

from __future__ import annotations

from collections.abc import Iterator

from servanda.errors import Complaint
from servanda.scenario.model import Scenario
from servanda.scenario.months import first_month_after, months_later
from servanda.scenario.references import is_status_quo
from servanda.scenario.talks import Talks


def talks_hold_together(scenario: Scenario) -> Iterator[Complaint]:
    """Complaints about ``talks``."""
    talks = scenario.talks
    if talks is None:
        return
    if scenario.war is None:
        rule = "goes on beside a war, and there is none; leave it out, or say the war"
        yield Complaint("talks", rule)
    total = sum(share.value for share in talks.offers.values())
    if total > 1.0 + 1e-9:
        rule = "shares of months in which somebody makes the offer add up to at most 1"
        yield Complaint("talks.offers", rule, value=f"{total:g}")
    for side in ("a", "b"):
        speakers = [
            name
            for name in talks.offers
            if name in scenario.actors and scenario.actors[name].side == side
        ]
        if len(speakers) > 1:
            rule = f"one belligerent speaks for side {side}; found {', '.join(speakers)}"
            yield Complaint("talks.offers", rule)
    others = [
        name
        for name in talks.offers
        if name in scenario.actors and scenario.actors[name].side is None
    ]
    if len(others) > 1:
        yield Complaint("talks.offers", f"one third party mediates; found {', '.join(others)}")


def deadlines_hold_together(scenario: Scenario) -> Iterator[Complaint]:
    """Complaints about ``talks.deadlines``."""
    talks = scenario.talks
    if talks is None:
        return
    for name, deadline in talks.deadlines.items():
        base = f"talks.deadlines.{name}"
        month = first_month_after(scenario.as_of, deadline.day)
        if deadline.day < scenario.as_of:
            rule = f"has passed: the scenario stands as of {scenario.as_of}"
            yield Complaint(f"{base}.day", rule, value=str(deadline.day))
        elif month >= talks.months:
            last = months_later(scenario.as_of, talks.months - 1)
            rule = f"is after the last offer looked at, of {last}; give talks more months"
            yield Complaint(f"{base}.day", rule, value=str(deadline.day))
        if not (deadline.closes or deadline.lapses or deadline.silences):
            yield Complaint(base, "changes nothing: say what it closes, lapses or silences")
        for number, ref in enumerate(deadline.closes):
            if is_status_quo(scenario, ref):
                rule = "is how things stand without agreement, and cannot go off the table"
                yield Complaint(f"{base}.closes.{number}", rule, value=ref)
        for number, key in enumerate(deadline.lapses):
            pressure = scenario.pressure.get(key)
            if pressure is not None and pressure.lapses <= month:
                rule = f"lapses by itself after {pressure.lapses} months, no later than that day"
                yield Complaint(f"{base}.lapses.{number}", rule, value=key)
        for number, actor in enumerate(deadline.silences):
            if actor in scenario.actors and actor not in _offering(scenario, talks):
                rule = "makes no offers that could end"
                yield Complaint(f"{base}.silences.{number}", rule, value=actor)


def _offering(scenario: Scenario, talks: Talks) -> list[str]:
    """Who makes offers: those named, else every belligerent."""
    sides = [name for name, actor in scenario.actors.items() if actor.side is not None]
    return list(talks.offers) or sides
