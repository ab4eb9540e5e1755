"""What a scenario says: actors, land, issues, steps, guarantees, the war, and all their sources.

Every collection is a mapping keyed by an identifier, so a path is the keys joined by dots
(``guarantees.treaty.credibility``) and means the same in a complaint, in ``--set``, in the
parameter vector and in a report.  The docstring under a field is its documentation everywhere:
JSON Schema, reference page, error messages.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from servanda.scenario.actors import Actor, Instrument, Source
from servanda.scenario.audiences import Audience
from servanda.scenario.days import Day
from servanda.scenario.issues import Exclusion, Issue, Link, RedLine
from servanda.scenario.land import Front, Parcel
from servanda.scenario.quantity import Id, Points, Said
from servanda.scenario.rankings import Rankings
from servanda.scenario.steps import Exchange, Guarantee, NamedOrder, Step
from servanda.scenario.strikes import Strikes
from servanda.scenario.talks import HiddenType, PoliticalChange, Pressure, Talks
from servanda.scenario.war import War


class Variant(Said):
    """A named set of differences."""

    note: str
    """What the variant stands for."""
    set: dict[str, Any]
    """Path to new value."""


class Scenario(Said):
    """A negotiation as one analyst writes it down."""

    servanda: Literal[1] = 1
    """Version of the scenario language."""
    title: str
    """What the scenario is about."""
    as_of: Day
    """The day whose knowledge it holds; nothing later."""
    summary: str = ""
    """Two or three sentences for the front page."""
    caveats: tuple[str, ...] = ()
    """Limits of the coding that a reader must see first; the two or three that matter most."""
    actors: dict[Id, Actor] = Field(min_length=2)
    """Who values outcomes or acts; printed in this order."""
    sources: dict[Id, Source] = Field(default_factory=dict)
    """Where statements and numbers come from."""
    audiences: dict[Id, Audience] = Field(default_factory=dict)
    """Publics and bodies whose consent is needed."""
    instruments: dict[Id, Instrument] = Field(default_factory=dict)
    """Levels that are not land."""
    parcels: dict[Id, Parcel] = Field(default_factory=dict)
    """Territory."""
    fronts: dict[Id, Front] = Field(default_factory=dict)
    """Lines along which the war moves."""
    issues: dict[Id, Issue] = Field(min_length=1)
    """Questions on the table."""
    links: dict[Id, Link] = Field(default_factory=dict)
    """Value of answers that hold together."""
    exclusions: dict[Id, Exclusion] = Field(default_factory=dict)
    """Answers that cannot stand in one package."""
    red_lines: dict[Id, RedLine] = Field(default_factory=dict)
    """Conditions without which an actor does not sign."""
    steps: dict[Id, Step] = Field(default_factory=dict)
    """Acts that carry a package out."""
    exchanges: dict[Id, Exchange] = Field(default_factory=dict)
    """Steps that may be exchanged together."""
    orders: dict[Id, NamedOrder] = Field(default_factory=dict)
    """Orders of steps people speak of."""
    guarantees: dict[Id, Guarantee] = Field(default_factory=dict)
    """Promises by outsiders."""
    war: War | None = None
    """Fighting on; from it follows what each actor gets without a deal."""
    strikes: dict[Id, Strikes] = Field(default_factory=dict)
    """Campaigns of strikes away from the front, by belligerent: while talks go on, each chooses \
every month how hard. Nothing said: as now, and nobody's choice."""
    reservation: dict[Id, Points] = Field(default_factory=dict)
    """What each actor gets without a deal, value points: given outright, instead of a war."""
    rankings: dict[Id, Rankings] = Field(default_factory=dict)
    """What an actor prefers where it is known by order alone, instead of weights, values and \
reservation; only without a war."""
    pressure: dict[Id, Pressure] = Field(default_factory=dict)
    """Changes threatened if an actor refuses."""
    talks: Talks | None = None
    """How talks go on beside the war; defaults hold where nothing is said."""
    types: dict[Id, HiddenType] = Field(default_factory=dict)
    """What kinds of party an actor may be, where the others cannot know it."""
    politics: dict[Id, PoliticalChange] = Field(default_factory=dict)
    """Changes of government that may come while an agreement is carried out."""
    variants: dict[Id, Variant] = Field(default_factory=dict)
    """Named differences that give another scenario."""
