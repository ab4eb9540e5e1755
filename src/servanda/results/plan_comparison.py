"""Several plans over the same draws, and one plan in several beliefs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain
from servanda.results.plan import BreachKind, Constraint, PlanMargins

Floats = NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of the margin that are reported."""


@dataclass(frozen=True)
class Weakness:
    """One temptation of a plan, its months taken together.

    Attributes:
        actor: whose.
        kind: how.
        step: the step concerned ("" for none).
        stage: at which stage; the number of stages stands for the end.
        broken: share of the draws in which it pays to give in at some month.
        first: share of the draws in which it is broken and the plan's smallest margin.
    """

    actor: str
    kind: BreachKind
    step: str
    stage: int
    broken: float
    first: float

    @property
    def sentence(self) -> str:
        """The temptation and how often it pays."""
        what = self.kind.phrase + (f" ({self.step})" if self.step else "")
        return f"In {self.broken:.0%} of the draws it would pay {self.actor} to {what}."


@dataclass(frozen=True)
class PlanRecord:
    """One plan over the draws.

    Attributes:
        name: of the plan.
        probability: share of the draws in which it is self-enforcing.
        margins: quantile levels to smallest margins.
        at_centre: smallest margin at the central values; None where not asked.
        weaknesses: temptations that pay in some draw, most frequent first.
        regret_mean, regret_90, regret_most: over the draws, the best margin among the plans less
            this plan's.
    """

    name: str
    probability: float
    margins: dict[float, float]
    at_centre: float | None
    weaknesses: tuple[Weakness, ...]
    regret_mean: float
    regret_90: float
    regret_most: float


@dataclass(frozen=True, eq=False)
class PlanComparison:
    """Plans over common draws.

    Attributes:
        draws: how many.
        plans: one record per plan, in the order given.
        beats: (P, P) share of the draws in which the plan of the row has the larger margin.
        most_robust: the plan most often self-enforcing; of equals that of least mean regret.
        best_at_centre: the plan with the largest margin at the central values; None if not asked.
    """

    draws: int
    plans: tuple[PlanRecord, ...]
    beats: Floats
    most_robust: str
    best_at_centre: str | None

    @property
    def sentence(self) -> str:
        """Which plan is most robust, in one or two sentences."""
        best = next(one for one in self.plans if one.name == self.most_robust)
        text = (
            f"Most robust of {len(self.plans)} plans is {best.name}: self-enforcing in "
            f"{best.probability:.0%} of {self.draws} draws, mean regret {best.regret_mean:.2f} "
            "points."
        )
        if self.best_at_centre not in {None, best.name}:
            other = next(one for one in self.plans if one.name == self.best_at_centre)
            text += (
                f" {other.name} has the largest margin at the central values and is "
                f"self-enforcing in {other.probability:.0%}."
            )
        return text

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values, with its sentence."""
        plain: dict[str, Any] = to_plain(self)
        plain["sentence"] = self.sentence
        return plain


@dataclass(frozen=True)
class DisputedConstraint:
    """A constraint that holds in its actor's beliefs and not in the analyst's, or the reverse.

    Attributes:
        constraint: who, when, how.
        own: margin in the actor's own beliefs, mean over the draws.
        analyst: margin in the analyst's numbers, mean over the draws.
        differs: share of the draws in which the two differ in sign.
        cost: what acting on its belief costs the actor by the analyst's numbers, value points,
            mean over those draws.
    """

    constraint: Constraint
    own: float
    analyst: float
    differs: float
    cost: float

    @property
    def sentence(self) -> str:
        """Who sees it otherwise, and at what cost."""
        one = self.constraint
        what = one.kind.phrase + (f" ({one.step})" if one.step else "")
        often = (
            "" if self.differs == 1.0 else f" (of other sign in {self.differs:.0%} of the draws)"
        )
        return (
            f"At month {one.plan_month}, were {one.actor} to {what}: by its own beliefs the margin "
            f"is {self.own:.2f}, by the analyst's numbers {self.analyst:.2f}{often}. Acting on its "
            f"belief costs it {self.cost:.2f} points by these numbers."
        )


@dataclass(frozen=True)
class ActorBelief:
    """Whether one actor would keep a plan, in its own beliefs and by the analyst's numbers.

    Attributes:
        actor: who.
        keeps: share of the draws in which it keeps the plan, in its own beliefs.
        should: share in which keeping is best by the analyst's numbers.
        keeps_at_a_cost: share in which it keeps although a breach would pay by these numbers.
        breaks_at_a_cost: share in which it breaches although that breach would not pay.
        cost: points lost by acting on its beliefs, mean over the draws with either.
    """

    actor: str
    keeps: float
    should: float
    keeps_at_a_cost: float
    breaks_at_a_cost: float
    cost: float

    @property
    def sentence(self) -> str:
        """How often it acts against what the analyst's numbers say, and at what cost."""
        text = f"{self.actor} keeps the plan in {self.keeps:.0%} of the draws in its own beliefs"
        text += f"; by the analyst's numbers it should in {self.should:.0%}."
        if self.keeps_at_a_cost or self.breaks_at_a_cost:
            text += (
                f" By these numbers it keeps at a cost in {self.keeps_at_a_cost:.0%} and breaks at "
                f"a cost in {self.breaks_at_a_cost:.0%}, {self.cost:.2f} points on average."
            )
        return text


@dataclass(frozen=True)
class BeliefComparison:
    """One plan as each actor sees its own part, beside the analyst's numbers.

    Attributes:
        own: share of the draws in which the plan is kept, each actor in its own beliefs.
        analyst: share in which it would be kept if all shared the analyst's numbers.
        actors: one entry per actor that can breach.
        disputed: constraints whose sign differs in some draw, of the months of a stage the
            costliest; costliest first.
    """

    own: float
    analyst: float
    actors: tuple[ActorBelief, ...]
    disputed: tuple[DisputedConstraint, ...]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values, with sentences."""
        plain: dict[str, Any] = to_plain(self)
        for entry, one in zip(plain["disputed"], self.disputed, strict=True):
            entry["sentence"] = one.sentence
        for entry, who in zip(plain["actors"], self.actors, strict=True):
            entry["sentence"] = who.sentence
        return plain


@dataclass(frozen=True, eq=False)
class PlanViews:
    """One plan over the same draws as different people see it.

    Attributes:
        own: each actor's part of it in that actor's own beliefs (what would be played).
        analyst: everybody with the analyst's numbers.
        of: actor to everybody with that actor's numbers; only actors with beliefs of their own.
        beliefs: own beside analyst.
    """

    own: PlanMargins
    analyst: PlanMargins
    of: dict[str, PlanMargins]
    beliefs: BeliefComparison

    @property
    def sentence(self) -> str:
        """In whose eyes the plan would be kept."""
        text = (
            f"Kept in {self.own.probability:.0%} of the draws when each acts on its own beliefs, "
            f"in {self.analyst.probability:.0%} by the analyst's numbers."
        )
        if self.of:
            seen = ", ".join(f"{name} {one.probability:.0%}" for name, one in self.of.items())
            text += f" As each expects it to go: {seen}."
        return text

    def to_dict(self) -> dict[str, Any]:
        """Probabilities and the comparison of beliefs as plain values."""
        return {
            "own": self.own.probability,
            "analyst": self.analyst.probability,
            "of": {name: one.probability for name, one in self.of.items()},
            "beliefs": self.beliefs.to_dict(),
            "sentence": self.sentence,
        }
