"""How credible a guarantee must and may be, for one plan and over all of them."""

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain
from servanda.results.plan import GuaranteeInterval


@dataclass(frozen=True)
class CredibilityLook:
    """The best order at one credibility.

    Attributes:
        credibility: looked at.
        margin: smallest margin of the order known there to be best, or of one known to be kept.
        kept: whether some order is kept there; None where the search could not say.
        order: that order, labels of the steps stage by stage; empty where there is none.
    """

    credibility: float
    margin: float
    kept: bool | None
    order: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class OrderScan:
    """The credibilities at which some order of the steps is kept.

    Attributes:
        intervals: ascending (low, high), each end inside and within ``precision`` of the change.
        looks: every credibility looked at, ascending.
        resolution: distance of the credibilities first looked at; narrower intervals are missed.
        precision: width to which ends are closed in on.
        certain: whether every search was exact or decided by its bound.
        searches: how many searches it took.
    """

    intervals: tuple[tuple[float, float], ...]
    looks: tuple[CredibilityLook, ...]
    resolution: float
    precision: float
    certain: bool
    searches: int

    @property
    def smallest(self) -> float | None:
        """Smallest credibility at which some order is kept; None where there is none."""
        return self.intervals[0][0] if self.intervals else None

    def to_dict(self) -> dict[str, Any]:
        """The scan as plain values."""
        plain: dict[str, Any] = to_plain(self)
        plain["smallest"] = self.smallest
        return plain


@dataclass(frozen=True)
class StakeNeeded:
    """What a derived credibility would take.

    Attributes:
        interest: what the guarantor itself gains by honouring, points.
        stake: what breaking its word would cost its reputation now, points.
        ceiling: largest cost of honouring, points.
        needed: stake that makes the guarantee as credible as the plan needs.
    """

    interest: float
    stake: float
    ceiling: float
    needed: float

    @property
    def sentence(self) -> str:
        """The stake now and the stake needed."""
        return (
            f"Breaking its word would have to cost the guarantor {self.needed:.2f} points; as "
            f"assessed it costs {self.stake:.2f}."
        )


@dataclass(frozen=True)
class GuaranteeReport:
    """One guarantee in one plan, the other guarantees held.

    Attributes:
        guarantee: identifier.
        by: guarantor.
        protects: the actors of the side it protects.
        conditional: whether it is void once that side breaks the agreement.
        assessed: the analyst's credibility.
        believed: actor to its own, where it differs.
        intervals: credibilities, believed by all alike, at which the plan is kept, with who would
            breach, when and how just outside; an end above is moral hazard.
        by_actor: the same for each actor's own constraints; to be held against its own belief.
        kept_as_assessed: whether the plan is kept when all believe the analyst's credibility.
        kept_as_believed: whether it is when each believes its own.
        stake: what the smallest credibility needed would take; None where credibility is not
            derived from interest and stake, or none suffices.
        over_all_plans: the same question of any order of the steps; None where not asked.
    """

    guarantee: str
    by: str
    protects: tuple[str, ...]
    conditional: bool
    assessed: float
    believed: dict[str, float]
    intervals: tuple[GuaranteeInterval, ...]
    by_actor: dict[str, tuple[GuaranteeInterval, ...]]
    kept_as_assessed: bool
    kept_as_believed: bool
    stake: StakeNeeded | None
    over_all_plans: OrderScan | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it must be, what it may be, and what it is."""
        said = [self._window()]
        first, last = self.intervals[:1], self.intervals[-1:]
        if first and first[0].low_binding is not None:
            one = first[0].low_binding
            said.append(
                f"Below that {one.actor} would gain if it were to {one.kind.phrase} at month "
                f"{one.plan_month}."
            )
        if last and last[0].high_binding is not None:
            one = last[0].high_binding
            said.append(
                f"Moral hazard: above {last[0].high:.2f} {one.actor} would gain if it were to "
                f"{one.kind.phrase} at month {one.plan_month}."
            )
        said.append(
            f"It is assessed at {self.assessed:.2f}; the plan is "
            f"{'kept' if self.kept_as_assessed else 'not kept'} if all believe that"
            + ("." if not self.believed else f", {self._as_believed()}.")
        )
        if self.stake is not None:
            said.append(self.stake.sentence)
        if self.over_all_plans is not None:
            least = self.over_all_plans.smallest
            said.append(
                "No credibility looked at makes any order kept."
                if least is None
                else f"The smallest credibility at which some order is kept is {least:.2f}."
            )
        return tuple(said)

    def _window(self) -> str:
        if not self.intervals:
            return f"No credibility of {self.guarantee} makes this plan kept."
        spans = " or ".join(f"{one.low:.2f} to {one.high:.2f}" for one in self.intervals)
        return f"This plan is kept where {self.guarantee} has a credibility of {spans}."

    def _as_believed(self) -> str:
        beliefs = ", ".join(f"{actor} {value:.2f}" for actor, value in self.believed.items())
        kept = "kept" if self.kept_as_believed else "not kept"
        return f"and {kept} as each believes ({beliefs})"

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, with its sentences."""
        plain: dict[str, Any] = to_plain(self)
        plain["sentences"] = list(self.sentences)
        return plain
