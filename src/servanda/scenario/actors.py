"""Who takes part, the sources cited, and levels that are not land."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servanda.scenario.land import Side
from servanda.scenario.quantity import Effect, Flag, Id, NonNegative, Said, Share, Yearly, certain


class Source(Said):
    """Where a statement or a number comes from."""

    title: str
    """What the source says or is, in a few words."""
    publisher: str
    """Who published it first: the institute, agency, authority or paper."""
    date: str
    """When it was published or which period it covers, as in 2026-02-18 or 1816-1944."""
    url: str = ""
    """Public address, if there is one."""
    kind: Literal[
        "dataset", "official", "agency", "poll", "research", "law", "party", "press", "judgement"
    ]
    """What sort of source: party means the statement of a party to the conflict."""
    certainty: Literal["high", "medium", "low"]
    """How sure it is that the source says this (not that a party's claim is true)."""
    note: str = ""
    """Anything a reader must know before relying on it."""


class Actor(Said):
    """Anyone who values outcomes or acts."""

    name: str
    """Name as it is printed."""
    short: str = ""
    """Two or three letters for narrow tables."""
    role: Literal["belligerent", "mediator", "guarantor", "other"]
    """What the actor is in these talks."""
    side: Side | None = None
    """For belligerents: the side of the war it fights on."""
    stands_with: Side | None = None
    """For others: whose hold on land it counts as good, if any (only for the worth of land)."""
    signs: Flag = True
    """True when no agreement is possible without its signature."""
    discount: Yearly
    """How much a year's delay takes off the value of what comes later."""
    failure_cost: NonNegative = certain(0.0)
    """Lasting loss to the leadership, value points, when its own domestic gate fails."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Instrument(Said):
    """A level between 0 and 1 that is not land: aid, sanctions, a truce on energy sites."""

    name: str
    """Name as it is printed."""
    level: Share
    """Level in the status quo."""
    strength: dict[Id, Effect] = Field(default_factory=dict)
    """Relative change of a belligerent's strength from level 0 to level 1, by belligerent."""
    exhaustion: dict[Id, Effect] = Field(default_factory=dict)
    """Relative change of a belligerent's probability of giving way from level 0 to level 1."""
    costs: dict[Id, Effect] = Field(default_factory=dict)
    """Relative change of an actor's monthly cost of war from level 0 to level 1."""
    tempo: Effect = certain(0.0)
    """Relative change of the tempo of engagements from level 0 to level 1."""
    note: str = ""
    """Anything a reader must know."""
