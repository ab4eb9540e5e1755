"""What a scenario says: actors, land, issues, steps, guarantees, the war, and all their sources.

Every collection is a mapping keyed by an identifier, so a path is the keys joined by dots
(``guarantees.treaty.credibility``) and means the same in a complaint, in ``--set``, in the
parameter vector and in a report.  The docstring under a field is its documentation everywhere:
JSON Schema, reference page, error messages.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from servanda.scenario.quantity import (
    AnyNumber,
    Chance,
    Effect,
    Flag,
    Hazard,
    Id,
    Level,
    LogOdds,
    NonNegative,
    Points,
    Positive,
    Quantity,
    Real,
    Said,
    Share,
    Whole,
    Yearly,
)
from servanda.scenario.rankings import Rankings
from servanda.scenario.strikes import Strikes

DEMILITARISED = "demilitarised"
Side = Literal["a", "b"]
Track = Literal["political", "military", "humanitarian", "economic"]
OptionRef = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$")]
"""An option, written ``issue.option``."""


TREND_KEYS = {"now", "drift", "cap"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def certain(value: float) -> Any:
    """A default that is one certain number."""
    return Field(default_factory=lambda: Quantity(value=value))


def _as_trend(raw: Any) -> Any:
    return raw if isinstance(raw, dict) and raw.keys() & TREND_KEYS else {"now": raw}


def _as_day(raw: Any) -> Any:
    if isinstance(raw, date) or (isinstance(raw, str) and _DAY.fullmatch(raw)):
        return raw
    raise ValueError(f"'{raw}' is not a day, written as 2026-02-18")


def _are_texts(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(item, str) for item in raw)


def _as_shares(raw: Any) -> Any:
    return dict.fromkeys(raw, None) if _are_texts(raw) else raw


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


class Parcel(Said):
    """A piece of territory.  Held describes control on the ground, never title."""

    name: str
    """Name as it is printed."""
    held_by: Id
    """Belligerent in control on the ground, or demilitarised."""
    fortification: Level = certain(0.0)
    """Fortification built by the side that held it when the scenario starts, from 0 to 5."""
    worth: dict[Id, Points] = Field(default_factory=dict)
    """Value points a month (normalised) to an actor while its side holds the parcel."""
    exposure: Hazard = certain(0.0)
    """Monthly probability that the side which held it at first gives way once it is lost in war."""
    at: tuple[Real, Real] | None = None
    """Latitude and longitude of its middle, for the schematic map."""
    area: Real | None = Field(default=None, ge=0)
    """Square kilometres."""
    population: Whole | None = Field(default=None, ge=0)
    """People living there before the war."""
    neighbours: tuple[Id, ...] = ()
    """Parcels that touch it."""
    background: Flag = False
    """True: drawn on the map for orientation, outside the computation."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Front(Said):
    """An ordered line of parcels along which the war moves."""

    name: str
    """Name as it is printed."""
    parcels: tuple[Id, ...] = Field(min_length=1)
    """Parcels in order, from the rear of side a to the rear of side b."""
    tempo: Hazard
    """Probability of an engagement in a month."""
    ends: Literal["reflect", "absorb"] = "reflect"
    """reflect: the war goes on when a front has reached its end; absorb: it ends the war."""
    note: str = ""
    """How the two-dimensional map became this line."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


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


class Step(Said):
    """One act that moves the world from the status quo toward a package."""

    name: str = ""
    """Name as it is printed; the identifier with spaces when empty."""
    by: tuple[Id, ...] = ()
    """Who must act; several owners act jointly."""
    serves: Annotated[dict[OptionRef, Real | None], BeforeValidator(_as_shares)]
    """Answers this step carries out: a list, or a mapping to the share of the answer it carries \
out (equal shares when not said)."""
    months: Whole = Field(default=0, ge=0, le=120)
    """Whole months from start to effect."""
    by_month: Whole | None = Field(default=None, ge=0, le=600)
    """Month since signature by which it must be complete; no order that is later is looked at."""
    requires: tuple[Id, ...] = ()
    """Steps that must be done before, where the package contains them."""
    moves: dict[Id, str] = Field(default_factory=dict)
    """Parcels that change control: parcel to belligerent, or to demilitarised."""
    sets: dict[Id, Share] = Field(default_factory=dict)
    """Instruments it sets, and to which level."""
    brings: tuple[Id, ...] = ()
    """Guarantees it brings into force."""
    ceasefire: Flag = False
    """True when the fighting stops with this step."""
    costs: dict[Id, Points] = Field(default_factory=dict)
    """One-off cost at its start, by actor."""
    reversible_by: tuple[Id, ...] = ()
    """Who could undo it afterwards."""
    snap_back: Literal["automatic"] | Share | None = None
    """Whether a breach by another undoes it: automatic, or with a probability."""
    snap_back_by: tuple[Id, ...] = ()
    """Who would undo it after a breach by another."""
    seen_after: Whole = Field(default=0, ge=0, le=120)
    """Whole months for which an owner's cheating stays undetected."""
    gain: dict[Id, Points] = Field(default_factory=dict)
    """Value points a month to an owner while its cheating is undetected."""
    passes: Share | None = None
    """Probability that it succeeds once carried out (a body agrees, a test is passed); left out \
for a vote that an audience names as its step, and where it cannot fail. When it fails the plan \
ends without anybody's breach."""
    tranches: Whole = Field(default=1, ge=1, le=24)
    """Into at most how many parts it can be divided. Land then moves parcel by parcel, in the \
order listed; instruments, guarantees and the ceasefire take effect with the last part."""
    tags: tuple[Id, ...] = ()
    """Words by which orders and red lines refer to it."""
    note: str = ""
    """What exactly the step is."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Exchange(Said):
    """Steps that may be exchanged together, in one stage."""

    steps: tuple[Id, ...] = Field(min_length=2)
    """The steps, where the package contains at least two of them."""
    verified: Flag = False
    """True when verification or escrow makes a one-sided exchange impossible."""
    note: str = ""
    """How the exchange would be verified."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class DerivedCredibility(Said):
    """Credibility from the cost of honouring and what is at stake (honoured iff cost <= both)."""

    interest: NonNegative
    """The guarantor's own interest in the outcome."""
    stake: NonNegative
    """Reputation it would lose by not honouring."""
    ceiling: Positive
    """Largest possible cost of honouring; the cost is uniform between 0 and this."""


class Guarantee(Said):
    """A promise by an outsider to act if war returns."""

    name: str
    """Name as it is printed."""
    by: Id
    """The guarantor."""
    protects: Id
    """The belligerent it protects."""
    form: Literal["assurance", "executive", "treaty", "troops"]
    """How it is given: a political assurance, an executive commitment, a ratified treaty, \
stationed troops."""
    conditional: Flag = True
    """True when it is void if the protected side itself breaks the agreement."""
    credibility: Share | None = None
    """Probability that it is honoured; or give derived."""
    derived: DerivedCredibility | None = None
    """Interest, stake and cost from which the credibility follows."""
    adds_strength: Effect = certain(0.0)
    """Relative gain in strength of the protected side when honoured."""
    costs_attacker: NonNegative = certain(0.0)
    """Monthly cost of war it adds to the other side when honoured, value points."""
    cuts_exhaustion: Share = certain(0.0)
    """Share by which it lowers the protected side's probability of giving way when honoured, by \
exhaustion and by what it has lost."""
    honour_cost: NonNegative = certain(0.0)
    """Monthly cost to the guarantor of honouring, value points."""
    in_force_cost: dict[Id, Points] = Field(default_factory=dict)
    """What it costs an actor while in force, value points (to some it is itself a threat)."""
    term: Real | None = Field(default=None, gt=0, le=1000)
    """Years it runs, if limited."""
    follows: Id | None = None
    """Guarantee without which this one is not honoured either."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


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


class Trend(Said):
    """A quantity that drifts with time at war toward a cap; a plain quantity does not drift."""

    now: NonNegative
    """Its value at the scenario's date."""
    drift: Points = certain(0.0)
    """Change a month of war."""
    cap: NonNegative | None = None
    """Where the drift stops; its value now when not said and there is no drift."""


class HazardTrend(Said):
    """A monthly probability that drifts with time at war toward a cap."""

    now: Hazard
    """Its value at the scenario's date, a month."""
    drift: Points = certain(0.0)
    """Change of the monthly probability with each month of war."""
    cap: Hazard | None = None
    """Where the drift stops."""


TrendOrQuantity = Annotated[Trend, BeforeValidator(_as_trend)]
HazardOrTrend = Annotated[HazardTrend, BeforeValidator(_as_trend)]


class Rearmament(Said):
    """How a pause strengthens a belligerent."""

    gain: NonNegative
    """Relative gain in strength after a very long pause."""
    months: Positive
    """Months after which 63 % of it is reached."""


class War(Said):
    """Fighting on: what every actor gets without a deal."""

    initiative: Share = certain(0.5)
    """Probability that an engagement is an attack by side a."""
    decisiveness: Positive = certain(1.0)
    """How sharply a difference in strength decides an engagement (the exponent of the contest)."""
    strength: dict[Id, Positive]
    """Effective strength of each belligerent, all instruments at level 0; only ratios matter."""
    fortification_effect: NonNegative = certain(0.5)
    """How much each level of fortification adds to the defence multiplier of a parcel."""
    rearmament: dict[Id, Rearmament] = Field(default_factory=dict)
    """What a pause does, by belligerent."""
    rearmament_decay: Hazard = certain(0.05)
    """How fast that gain is used up once fighting resumes, a month."""
    costs: dict[Id, TrendOrQuantity]
    """Monthly cost of war, value points, by actor."""
    exhaustion: dict[Id, HazardOrTrend]
    """Probability that a belligerent gives way in a month."""
    freeze: HazardOrTrend = Field(default_factory=lambda: HazardTrend(now=Quantity(value=0.0)))
    """Probability that the war freezes at its line in a month, without a deal."""
    imposed: dict[Id, dict[Id, Points]]
    """What each actor gets when a belligerent gives way: who gives way, then who gets what."""
    months_so_far: NonNegative = certain(0.0)
    """Months the war has lasted."""
    memory: Positive = certain(24.0)
    """Months of quiet after which 63 % of the wear of war is forgotten."""
    demilitarised_to_breaker: Share = certain(0.5)
    """Probability that demilitarised land falls to the side that breaks the peace."""
    demilitarised_worth: Share = certain(0.5)
    """Share of a demilitarised parcel's worth kept by the side that held it before."""


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

    day: Annotated[date, BeforeValidator(_as_day)]
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


class NamedOrder(Said):
    """An order of steps people speak of, by the tags of its steps."""

    name: str
    """Name as it is printed."""
    first: tuple[Id, ...] = ()
    """Tags whose steps all come first ..."""
    then: tuple[Id, ...] = ()
    """... before the steps with these tags."""
    together: tuple[Id, ...] = ()
    """Tags whose steps are exchanged in one stage under verification."""
    by: tuple[Id, ...] = ()
    """Who asks for it."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


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
    as_of: Annotated[date, BeforeValidator(_as_day)]
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
