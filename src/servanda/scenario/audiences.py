"""Publics and bodies whose consent is needed, and the polls that say how likely it is."""

from __future__ import annotations

from pydantic import Field

from servanda.scenario.issues import OptionRef
from servanda.scenario.quantity import (
    Id,
    LogOdds,
    NonNegative,
    Positive,
    Real,
    Said,
    Share,
    Whole,
    certain,
)


class Poll(Said):
    """One survey question, read as a package in part."""

    asks: tuple[OptionRef, ...]
    """Answers the question contains."""
    accept: Real = Field(ge=0, le=100)
    """Percentage who accept."""
    reject: Real = Field(ge=0, le=100)
    """Percentage who reject."""
    sample: Whole = Field(gt=0)
    """Respondents."""
    date: str
    """When it was asked."""
    note: str = ""
    """The question in neutral words."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class SupportEffect(Said):
    """How one answer moves an audience."""

    parent: OptionRef | None = None
    """The answer it resembles most: without evidence it moves the audience as that one does."""
    rank: Whole | None = None
    """Place among the ranked answers of its issue: support does not rise with rank."""
    value: LogOdds | None = None
    """Given outright instead of fitted."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Interaction(Said):
    """Answers that are another question together than apart."""

    options: tuple[OptionRef, ...] = Field(min_length=2)
    """The answers."""
    value: LogOdds | None = None
    """Given outright instead of fitted to polls."""
    note: str = ""
    """Why."""


class Audience(Said):
    """A public or body whose consent is needed, or whose anger costs."""

    name: str
    """Name as it is printed."""
    of: Id
    """The actor whose leadership needs it."""
    threshold: Share = certain(0.5)
    """Support needed, as a share."""
    noise: Positive
    """Standard deviation of the vote around the measured support, as a share."""
    step: Id | None = None
    """The step that is this audience's vote; when given, the gate belongs to the plan."""
    baseline: LogOdds | None = None
    """Support for an agreement that leaves every question as it is; fitted when there are polls."""
    effects: dict[OptionRef, SupportEffect] = Field(default_factory=dict)
    """How answers move it."""
    interactions: dict[Id, Interaction] = Field(default_factory=dict)
    """Answers that are another question together."""
    polls: dict[Id, Poll] = Field(default_factory=dict)
    """Surveys the effects are fitted to."""
    costs: dict[OptionRef, NonNegative] = Field(default_factory=dict)
    """One-off cost to the leadership at signature of conceding this, value points (announced or \
legislated lines)."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""
