"""What carries a package out: steps, exchanges, orders people speak of, guarantees."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from servanda.scenario.issues import OptionRef
from servanda.scenario.quantity import (
    Effect,
    Flag,
    Id,
    NonNegative,
    Points,
    Positive,
    Real,
    Said,
    Share,
    Whole,
    certain,
)


def _are_texts(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(item, str) for item in raw)


def _as_shares(raw: Any) -> Any:
    return dict.fromkeys(raw, None) if _are_texts(raw) else raw


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
