"""Does what a scenario says of strikes hold together?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from servanda.errors import Complaint, nearest_name
from servanda.scenario.model import Scenario
from servanda.scenario.strikes import AS_NOW, Strikes

Found = Iterator[Complaint]

HARDEST = 100.0
"""Highest intensity: a hundred times as now."""


def strikes_hold_together(scenario: Scenario) -> Found:
    """Complaints about ``strikes``."""
    sides: dict[str, str] = {}
    for name, campaign in scenario.strikes.items():
        actor = scenario.actors.get(name)
        if actor is not None and actor.side is not None:
            other = sides.setdefault(actor.side, name)
            if other != name:
                rule = f"side {actor.side} has a campaign already, under '{other}'; one for each"
                yield Complaint(f"strikes.{name}", rule)
        yield from _levels(f"strikes.{name}.levels", campaign)
        yield from _effects(scenario, name, campaign)
    yield from _shares(scenario)


def _levels(path: str, campaign: Strikes) -> Found:
    levels = campaign.levels
    shown = ", ".join(f"{level:g}" for level in levels)
    if AS_NOW not in levels or len(levels) < 2:
        rule = "holds 1, which is as now, and at least one other intensity to choose"
        yield Complaint(path, rule, value=shown)
    if any(first >= second for first, second in pairwise(levels)):
        yield Complaint(path, "rises from one intensity to the next", value=shown)
    if any(not 0 <= level <= HARDEST for level in levels):
        yield Complaint(path, f"an intensity is from 0 to {HARDEST:g}", value=shown)


def _effects(scenario: Scenario, name: str, campaign: Strikes) -> Found:
    war, actor = scenario.war, scenario.actors.get(name)
    if war is None or actor is None:
        return
    for of in campaign.costs:
        if of in scenario.actors and scenario.actors[of].side and of not in war.strength:
            rule = f"the talks are between {' and '.join(war.strength)}; leave out '{of}'"
            yield Complaint(f"strikes.{name}.costs.{of}", rule)
        elif of in scenario.actors and of not in war.costs:
            nearest = nearest_name(of, war.costs)
            rule = f"the war costs '{of}' nothing of which this could be a share."
            yield Complaint(f"strikes.{name}.costs.{of}", rule, nearest=nearest)
    for of in campaign.exhaustion:
        if of not in scenario.actors or scenario.actors[of].side is None:
            continue
        path = f"strikes.{name}.exhaustion.{of}"
        if scenario.actors[of].side == actor.side:
            yield Complaint(path, "strikes tire the other side; this is their own")
        elif of not in war.exhaustion:
            nearest = nearest_name(of, war.exhaustion)
            yield Complaint(path, f"nothing says how soon '{of}' gives way.", nearest=nearest)
    if not campaign.costs and not campaign.exhaustion:
        yield Complaint(f"strikes.{name}", "does nothing: say what it costs whom, or whom it tires")


def _shares(scenario: Scenario) -> Found:
    """Of what the war costs somebody, the campaigns together make at most all."""
    for of in scenario.actors:
        parts = [one.costs[of].value for one in scenario.strikes.values() if of in one.costs]
        if sum(parts) > 1.0 + 1e-9:
            first = next(name for name, one in scenario.strikes.items() if of in one.costs)
            rule = f"the campaigns make {sum(parts):g} of what the war costs '{of}'; at most 1"
            yield Complaint(f"strikes.{first}.costs.{of}", rule)
