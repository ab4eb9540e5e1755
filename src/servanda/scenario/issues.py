"""What is on the table: issues, their options, links between them, and red lines."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servanda.scenario.quantity import Chance, Flag, Id, Points, Said, Share, certain

Track = Literal["political", "military", "humanitarian", "economic"]


OptionRef = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$")]
"""An option, written ``issue.option``."""


class Option(Said):
    """One possible answer to an issue."""

    name: str = ""
    """Name as it is printed; the identifier with spaces when empty."""
    status_quo: Flag = False
    """True for the answer that holds if nothing is agreed; exactly one option of an issue, or at \
most one where there is no war."""
    value: dict[Id, Points] = Field(default_factory=dict)
    """Value of this answer to an actor, between 0 (its worst answer) and 100 (its best), before \
the issue's weight; land changing hands is valued apart, parcel by parcel."""
    note: str = ""
    """What exactly the answer means."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Issue(Said):
    """One question on the table and its possible answers."""

    question: str
    """The question in neutral words."""
    track: Track
    """Track on which it is negotiated."""
    weight: dict[Id, Share] = Field(default_factory=dict)
    """How much of an actor's total is at stake here; its weights sum to 1 over the issues."""
    options: dict[Id, Option] = Field(min_length=1)
    """The possible answers."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Link(Said):
    """Value that arises only when several answers hold together."""

    options: tuple[OptionRef, ...] = Field(min_length=2)
    """The answers that must hold together."""
    value: dict[Id, Points]
    """Value points added, by actor."""
    note: str = ""
    """Why the whole differs from the sum of its parts."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Exclusion(Said):
    """Answers that cannot stand in one package."""

    options: tuple[OptionRef, ...] = Field(min_length=2)
    """The answers that exclude one another when all are chosen."""
    note: str
    """Why."""


class RedLine(Said):
    """A condition without which an actor does not sign: on content, or on order."""

    by: Id
    """Whose red line it is."""
    says: str
    """The condition in neutral words, as the actor states it."""
    never: tuple[OptionRef, ...] = ()
    """On content: this answer (or these answers together) never ..."""
    without: tuple[OptionRef, ...] = ()
    """... unless one of these answers is in the package too; empty means never at all."""
    do: tuple[str, ...] = ()
    """On order: these steps (or ``tag.NAME``) ..."""
    only_after: tuple[str, ...] = ()
    """... only after all of these (or ``tag.NAME``) that the package contains, at least one."""
    holds: Chance = certain(1.0)
    """How likely it is that the line is one and not an opening position."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""
