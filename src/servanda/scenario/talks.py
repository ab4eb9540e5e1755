"""Talks beside the war: offers, deadlines, pressure, and what others cannot know."""

from __future__ import annotations

from pydantic import Field

from servanda.scenario.days import Day
from servanda.scenario.issues import OptionRef
from servanda.scenario.quantity import (
    AnyNumber,
    Hazard,
    Id,
    NonNegative,
    Positive,
    Said,
    Share,
    Whole,
    certain,
)


class Pressure(Said):
    """A change an outsider threatens if an actor refuses."""

    by: Id
    """Who presses."""
    on: Id
    """Whom it presses."""
    changes: dict[str, AnyNumber]
    """What would change, path to value, if that actor refuses."""
    lapses: Whole = Field(default=24, ge=1)
    """Months after which the pressure lapses."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Deadline(Said):
    """A day after which something is no longer to be had at the table."""

    day: Day
    """The last day; the first offer made after it finds things changed."""
    closes: tuple[OptionRef, ...] = ()
    """Options that no deal can hold any more."""
    lapses: tuple[Id, ...] = ()
    """Pressure that is no longer carried out."""
    silences: tuple[Id, ...] = ()
    """Actors who make no more offers."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Talks(Said):
    """Talks while the war goes on: offers month by month, and war until one is accepted."""

    months: Whole = Field(default=60, ge=1, le=240)
    """Months that are looked at; after them the war goes on without talks."""
    learning: Positive = certain(24.0)
    """Moves of the line that a belligerent's belief about them weighs as much as; the more, the \
less a battle changes a mind."""
    offers: dict[Id, Share] = Field(default_factory=dict)
    """Share of the months in which an actor makes the offer. One of those named may be a third \
party: the mediator, who offers what is best for itself among what both sides would sign. Nothing \
said: the two sides, evenly."""
    cover: dict[Id, NonNegative] = Field(default_factory=dict)
    """Value points a month that being seen at the table is worth to an actor while the war goes \
on, whatever comes of the talks."""
    deadlines: dict[Id, Deadline] = Field(default_factory=dict)
    """Days after which an option, a threat or a speaker is gone from the table."""


class HiddenType(Said):
    """One of the kinds of party an actor may be; which, it alone knows."""

    of: Id
    """Whose type it is."""
    name: str
    """Name as it is printed."""
    prior: Share
    """Probability that the actor is of this type; others may believe another."""
    changes: dict[str, AnyNumber] = Field(default_factory=dict)
    """What is then otherwise, path to value; with beliefs of its own where actors differ."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class PoliticalChange(Said):
    """A change of government, or of its course, that may come while an agreement is carried out."""

    name: str
    """Name as it is printed."""
    of: Id
    """Whose politics it is."""
    month: Whole | None = Field(default=None, ge=1, le=1200)
    """Months after signature at which it may come, such as an inauguration."""
    chance: Share | None = None
    """Probability that it comes in that month."""
    hazard: Hazard = certain(0.0)
    """Probability in every other month."""
    changes: dict[str, AnyNumber] = Field(min_length=1)
    """What becomes of which quantity, path to value: of guarantees, instruments or the war. It \
stays so for good."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""
