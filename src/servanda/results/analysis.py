"""The answers a brief is made of: what fighting on is worth, which deals, in which order, how sure.

Everything is labelled with the scenario's identifiers and remembers where it came from.  Shares
and probabilities are shares of the draws; ``low``, ``median`` and ``high`` are the 5 %, 50 % and
95 % points over the draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain
from servanda.results.packages import Deal, Funnel, Settlement
from servanda.results.plan import ConstraintMargin, PlanEvaluation
from servanda.results.sincerity import SincerityView
from servanda.results.war import WarOutlook


@dataclass(frozen=True)
class Origin:
    """Where an answer came from.

    Attributes:
        title: the scenario's title.
        as_of: the day whose knowledge it holds, ISO.
        digest: short digest of the scenario as analysed, changes included.
        version: of Servanda.
        seed: of the draws.
        draws: how many.
        variant: name of the variant applied, "" for none.
        changes: ``path=value`` texts applied.
    """

    title: str
    as_of: str
    digest: str
    version: str
    seed: int
    draws: int
    variant: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Band:
    """A number over the draws, and at the central values."""

    central: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Likelihood:
    """A probability with its word, apart from how good the evidence is.

    Attributes:
        probability: share of the draws.
        low, high: 90 % interval for that share, given how many draws there are.
        word: on the seven-step scale of ICD 203, from "almost no chance" to "almost certain".
        confidence: "low", "moderate" or "high": how good the evidence is.
        confidence_reason: why, in a sentence.
    """

    probability: float
    low: float
    high: float
    word: str
    confidence: str
    confidence_reason: str


@dataclass(frozen=True)
class WarView:
    """The war as one believer sees it ("" is the analyst)."""

    believer: str
    outlook: WarOutlook


@dataclass(frozen=True)
class Reservation:
    """What an actor gets without a deal, in its own beliefs.

    Attributes:
        actor: whose.
        peace: value of the status quo frozen, for comparison.
        value: unpressed war value.
        pressed: under all pressure on this actor; None when nobody presses it.
        pressure: identifiers of that pressure.
    """

    actor: str
    peace: float
    value: Band
    pressed: Band | None
    pressure: tuple[str, ...]


@dataclass(frozen=True)
class DealView:
    """One deal over the draws.

    Attributes:
        deal: the package at the central values.
        gains: actor to gain over fighting on.
        acceptable: share of draws in which it passes red lines, rationality and ratification.
        kept: share in which one of the orders looked at is self-enforcing.
        both: share in which it passes every gate.
    """

    deal: Deal
    gains: dict[str, Band]
    acceptable: float
    kept: float
    both: float


@dataclass(frozen=True)
class BrokenConstraint:
    """A temptation and how often it breaks the plan."""

    at_centre: ConstraintMargin
    share: float


@dataclass(frozen=True)
class Window:
    """For which credibility of a guarantee a plan is kept, the other guarantees held.

    Attributes:
        guarantee: identifier.
        intervals: credibilities in [0, 1] at which the plan is self-enforcing; empty for none.
        binding_low, binding_high: actor whose temptation sets each bound ("" for none).
    """

    guarantee: str
    intervals: tuple[tuple[float, float], ...]
    binding_low: str
    binding_high: str


@dataclass(frozen=True)
class OrderView:
    """One order of steps for one deal.

    Attributes:
        id: "best" or the scenario's identifier of a named order.
        name: as printed.
        asked_by: actors who ask for it.
        plan: the evaluation at the central values; None when no order of this kind exists.
        reason: why there is none, "" otherwise.
        status: of the search: "exact", or what was certified.
        bound: certified upper bound on the margin.
        self_enforcing: share of the draws in which it is kept.
        breaks_red_lines: red lines on order that it does not honour, by identifier.
        margin: over the draws.
        broken: temptations that break it, most often first.
        windows: per guarantee.
    """

    id: str
    name: str
    asked_by: tuple[str, ...]
    plan: PlanEvaluation | None
    reason: str
    status: str
    bound: float
    self_enforcing: float
    breaks_red_lines: tuple[str, ...]
    margin: Band | None
    broken: tuple[BrokenConstraint, ...]
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Credibility:
    """How likely a guarantee is thought to be honoured.

    Attributes:
        guarantee: identifier.
        assessed: the analyst's, over the draws.
        believed: actor to its own belief, where it differs.
        needed: smallest credibility over all orders of the deal in focus; None when none suffices.
    """

    guarantee: str
    assessed: Band
    believed: dict[str, float]
    needed: float | None


@dataclass(frozen=True)
class ParcelChange:
    """One parcel before and after the deal in focus (holder: actor id or "demilitarised")."""

    parcel: str
    before: str
    after: str


@dataclass(frozen=True)
class Assumption:
    """One number the answers rest on.

    Attributes:
        path: where it stands.
        value, low, high: as written; low and high None when certain.
        unit: in words.
        believed: actor to its own value.
        sources: identifiers.
        note: as written.
        default: True where the language's default stands.
        influence: on whether the deal in focus comes about, 0 to 1 (simulation/answers.py).
    """

    path: str
    value: float
    low: float | None
    high: float | None
    unit: str
    believed: dict[str, float]
    sources: tuple[str, ...]
    note: str
    default: bool
    influence: float


@dataclass(frozen=True)
class GateShare:
    """A gate over the draws: how many packages it leaves, and how often none."""

    gate: str
    label: str
    remaining: Band
    empty: float


@dataclass(frozen=True)
class Solution:
    """A bargaining solution among what is left."""

    name: str
    settlement: Settlement
    deal: Deal | None


@dataclass(frozen=True)
class Analysis:
    """Everything a brief says.

    Attributes:
        origin: scenario, version, seed.
        likelihood: of a deal that all sides could sign and keep.
        caveats: the scenario's, then the method's; the first three go on the front page.
        war: the analyst's view first, then every actor's that differs.
        reservations: every actor.
        funnel: at the central values.
        gates: the funnel over the draws.
        focus: the deal the orders are shown for.
        focus_reason: why this one, in a sentence.
        deals: further deals, best first.
        solutions: Nash, Kalai-Smorodinsky, egalitarian among what is left.
        orders: for the focus: best first, then the named ones.
        credibilities: every guarantee.
        land: parcels the focus changes, and all others.
        assumptions: most influential first.
        candidates: how many (deal, order) pairs were evaluated in every draw.
        sincerity: small steps as tests of who means it; None where no types are hidden.
    """

    origin: Origin
    likelihood: Likelihood
    caveats: tuple[str, ...]
    war: tuple[WarView, ...]
    reservations: tuple[Reservation, ...]
    funnel: Funnel
    gates: tuple[GateShare, ...]
    focus: DealView
    focus_reason: str
    deals: tuple[DealView, ...]
    solutions: tuple[Solution, ...]
    orders: tuple[OrderView, ...]
    credibilities: tuple[Credibility, ...]
    land: tuple[ParcelChange, ...]
    assumptions: tuple[Assumption, ...]
    candidates: int
    sincerity: SincerityView | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {
            name: to_plain(value) for name, value in vars(self).items() if name != "funnel"
        }
        plain["funnel"] = self.funnel.to_dict()
        return plain
