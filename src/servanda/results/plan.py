"""What an order of steps is worth to each party, and where it would break."""

from dataclasses import dataclass
from enum import StrEnum
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


class BreachKind(StrEnum):
    """The ways in which a party can depart from a plan."""

    ATTACK = "attack"
    WALK_AWAY = "walk-away"
    CHEAT = "cheat"
    UNDO = "undo"
    SHIRK = "shirk"
    END_ATTACK = "end-attack"
    END_UNDO = "end-undo"

    @property
    def phrase(self) -> str:
        """The breach as a verb, in neutral words."""
        return _PHRASES[self]


_PHRASES = {
    BreachKind.ATTACK: "resume fighting",
    BreachKind.WALK_AWAY: "stop carrying out the plan",
    BreachKind.CHEAT: "only appear to carry out its step",
    BreachKind.UNDO: "undo a completed step",
    BreachKind.SHIRK: "withhold its part of the exchange",
    BreachKind.END_ATTACK: "resume fighting after completion",
    BreachKind.END_UNDO: "undo a step after completion",
}


@dataclass(frozen=True)
class Constraint:
    """One temptation that a plan must withstand: who, when, how.

    Attributes:
        stage: index of the stage, counted from 0; the number of stages stands for the end.
        month: months into the stage.
        plan_month: months since signature (at the end: of completion).
        clock: months of quiet at that moment.
        actor: who could breach.
        kind: how.
        step: the step cheated on, undone or withheld ("" where the breach concerns none); several
            are joined by " + ".
    """

    stage: int
    month: int
    plan_month: int
    clock: float
    actor: str
    kind: BreachKind
    step: str


@dataclass(frozen=True)
class ConstraintMargin:
    """A constraint with both its sides.

    Attributes:
        constraint: who could breach, when, how.
        keep: value of carrying on, value points.
        breach: value of the breach, value points.
        margin: keep less breach; negative means that the breach pays.
    """

    constraint: Constraint
    keep: float
    breach: float
    margin: float

    @property
    def sentence(self) -> str:
        """The constraint in one neutral sentence."""
        one = self.constraint
        what = one.kind.phrase + (f" ({one.step})" if one.step else "")
        lead = f"At month {one.plan_month} {one.actor}"
        sides = f"{self.keep:.2f} by keeping the plan, {self.breach:.2f} by the breach"
        if self.margin < 0:
            return f"{lead} would gain {-self.margin:.2f} points if it were to {what}: {sides}."
        return f"{lead} would lose {self.margin:.2f} points if it were to {what}: {sides}."


@dataclass(frozen=True)
class StageEvaluation:
    """One stage of a plan.

    Attributes:
        steps: labels of the steps exchanged.
        verified: whether the exchange is verified.
        start_month: months since signature at its start.
        months: its duration.
        clock: months of quiet at its start.
        owners: who carries it out.
        smallest_margins: per actor its smallest margin in this stage; None where it has none.
    """

    steps: tuple[str, ...]
    verified: bool
    start_month: int
    months: int
    clock: float
    owners: tuple[str, ...]
    smallest_margins: dict[str, float | None]


@dataclass(frozen=True)
class MissedDeadline:
    """A step that a plan completes too late.

    Attributes:
        step: its label.
        month: since signature, when it is complete.
        deadline: by when it should be.
    """

    step: str
    month: int
    deadline: int

    @property
    def sentence(self) -> str:
        """The delay in one sentence."""
        return f"{self.step} is complete in month {self.month}; its deadline is {self.deadline}."


@dataclass(frozen=True, eq=False)
class PlanEvaluation:
    """Whether a plan would be kept, and by how much.

    Attributes:
        actors: labels, in the order of the actor axis.
        stages: the stages in order.
        end_margins: per actor its smallest margin after completion; None where it has none.
        values: (m + 1, A) value to each actor at the start of each stage, and on completion.
        constraints: every constraint with its two sides.
        weakest: index of the smallest margin in constraints (the first of equals); -1 for none.
        margin: the smallest margin; infinite where nobody can breach.
        months: from signature to completion.
        self_enforcing: nobody gains by any breach; ties keep their word.
        missed: deadlines that the plan misses. The margins are those of the plan as given; a plan
            that misses one is not admissible, and no search returns it.
    """

    actors: tuple[str, ...]
    stages: tuple[StageEvaluation, ...]
    end_margins: dict[str, float | None]
    values: Floats
    constraints: tuple[ConstraintMargin, ...]
    weakest: int
    margin: float
    months: int
    self_enforcing: bool
    missed: tuple[MissedDeadline, ...] = ()

    @property
    def admissible(self) -> bool:
        """Whether every deadline is met."""
        return not self.missed

    @property
    def order(self) -> tuple[tuple[str, ...], ...]:
        """Labels of the steps, stage by stage."""
        return tuple(stage.steps for stage in self.stages)

    @property
    def weakest_link(self) -> ConstraintMargin | None:
        """The constraint with the smallest margin; None where nobody can breach."""
        return self.constraints[self.weakest] if self.weakest >= 0 else None

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain values; an infinite margin becomes None."""
        plain: dict[str, Any] = to_plain(self)
        plain["weakest_link"] = to_plain(self.weakest_link)
        return plain


@dataclass(frozen=True, eq=False)
class PlanMargins:
    """One plan over D draws.

    Attributes:
        actors: labels, in the order of the actor axis.
        constraints: what each column of constraint_margins is.
        margins: (D,) smallest margin of each draw.
        weakest: (D,) column of the smallest margin (the first of equals); -1 for none.
        values_at_start: (D, A) value to each actor at signature.
        constraint_margins: (D, n_constraints).
        self_enforcing: (D,) whether nobody gains by a breach in that draw.
    """

    actors: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    margins: Floats
    weakest: NDArray[np.int64]
    values_at_start: Floats
    constraint_margins: Floats
    self_enforcing: NDArray[np.bool_]

    @property
    def probability(self) -> float:
        """Share of the draws in which the plan is self-enforcing."""
        return float(self.self_enforcing.mean())

    def to_dict(self) -> dict[str, Any]:
        """The margins as plain values, without the matrix of every constraint in every draw."""
        plain: dict[str, Any] = {
            "actors": to_plain(self.actors),
            "constraints": to_plain(self.constraints),
            "margins": to_plain(self.margins),
            "weakest": to_plain(self.weakest),
            "values_at_start": to_plain(self.values_at_start),
            "probability": self.probability,
        }
        return plain


class SearchStatus(StrEnum):
    """How far a search for the best order got."""

    EXACT = "exact"
    BOUNDED = "bounded"
    NO_ORDER = "no-order"
    NONE_MEETS = "none-meets"
    UNDECIDED = "undecided"

    @property
    def sentence(self) -> str:
        """What the status means, in one sentence."""
        return _STATUS_SENTENCES[self]


_STATUS_SENTENCES = {
    SearchStatus.EXACT: "No order does better.",
    SearchStatus.BOUNDED: "The best order found; no order can do better than the bound.",
    SearchStatus.NO_ORDER: "No order of the steps satisfies the prerequisites and deadlines.",
    SearchStatus.NONE_MEETS: "No order has the margins and values asked for.",
    SearchStatus.UNDECIDED: "No order with what was asked for was found, and none ruled out.",
}


class Objective(StrEnum):
    """What the best order is best at."""

    MARGIN = "largest-smallest-margin"
    NASH = "nash-product"
    MONTHS = "fewest-months"

    @property
    def phrase(self) -> str:
        """The objective in plain words."""
        return _OBJECTIVE_PHRASES[self]


_OBJECTIVE_PHRASES = {
    Objective.MARGIN: "the largest smallest margin",
    Objective.NASH: "the largest product of the signatories' gains over their reservation values",
    Objective.MONTHS: "the fewest months to completion",
}


@dataclass(frozen=True, eq=False)
class OrderSearch:
    """The order of steps that is best by an objective.

    Attributes:
        status: whether the answer is exact.
        plan: the order found, evaluated; None where there is none.
        margin: its smallest margin; minus infinity where there is no order.
        bound: certified bound on the objective's value over all orders: from above, for months
            from below.
        gap: how far the value found lies from the bound; 0 when exact.
        self_enforcing: whether the plan found is kept by everybody.
        closed_sets: sets of completed steps that the prerequisites allow.
        pairs: reachable pairs of such a set and the months passed.
        labels: combinations of values, margin and months remembered.
        budget: most labels allowed.
        objective: what was sought.
        floor: the smallest margin asked for; None where it is itself the objective.
        value: of the objective for the plan found: a margin in points, a product, months; NaN
            where there is no plan.
    """

    status: SearchStatus
    plan: PlanEvaluation | None
    margin: float
    bound: float
    gap: float
    self_enforcing: bool
    closed_sets: int
    pairs: int
    labels: int
    budget: int
    objective: Objective = Objective.MARGIN
    floor: float | None = None
    value: float = nan

    def to_dict(self) -> dict[str, Any]:
        """The search as plain values."""
        plain: dict[str, Any] = to_plain(self)
        plain["plan"] = None if self.plan is None else self.plan.to_dict()
        return plain


@dataclass(frozen=True)
class GuaranteeWindow:
    """The credibilities of a guarantee at which a plan is kept.

    Attributes:
        low: smallest credibility that will do; infinite where none will.
        high: largest credibility that will do.
        empty: no credibility in [0, 1] will do for all parties at once.
        low_binding: the constraint that sets low; None where 0 will do.
        high_binding: the constraint that sets high; None where 1 will do.
        by_actor: (low, high) for each actor's own constraints; to be compared with the
            credibility that this actor believes in.
        order: the plan, labels of the steps stage by stage.
    """

    low: float
    high: float
    empty: bool
    low_binding: Constraint | None
    high_binding: Constraint | None
    by_actor: dict[str, tuple[float, float]]
    order: tuple[tuple[str, ...], ...]

    def holds(self, believed: dict[str, float]) -> bool:
        """Whether the plan is kept when each actor believes in its own credibility."""
        return all(low <= believed[actor] <= high for actor, (low, high) in self.by_actor.items())

    def to_dict(self) -> dict[str, Any]:
        """The window as plain values; an infinite bound becomes None."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class GuaranteeInterval:
    """One interval of credibilities, with the constraints that break just outside it."""

    low: float
    high: float
    low_binding: Constraint | None
    high_binding: Constraint | None


@dataclass(frozen=True)
class GuaranteeScan:
    """The union of intervals of credibility in which a plan is kept.

    Attributes:
        intervals: ascending; empty where the plan is kept nowhere.
        resolution: distance of the credibilities first looked at; narrower intervals may be
            missed.
    """

    intervals: tuple[GuaranteeInterval, ...]
    resolution: float

    def to_dict(self) -> dict[str, Any]:
        """The scan as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True, eq=False)
class CredibilitySearch:
    """The smallest credibility of a guarantee at which some order of steps is kept.

    Attributes:
        status: whether the answer is exact.
        credibility: the smallest found; None where no order is kept at any credibility.
        at_least: certified lower bound; equals credibility when exact.
        plan: the order that is kept there, evaluated at that credibility.
        labels: combinations of values and windows remembered.
    """

    status: SearchStatus
    credibility: float | None
    at_least: float | None
    plan: PlanEvaluation | None
    labels: int

    def to_dict(self) -> dict[str, Any]:
        """The search as plain values."""
        plain: dict[str, Any] = to_plain(self)
        plain["plan"] = None if self.plan is None else self.plan.to_dict()
        return plain


@dataclass(frozen=True)
class StageDominance:
    """An unverified exchange between two owners as a two-by-two game.

    Attributes:
        stage: index of the stage in the plan.
        steps: labels of the steps exchanged.
        owners: the two owners.
        keep: per owner, both do their part.
        shirk: per owner, it alone withholds its part.
        suffer: per owner, the other alone withholds its part.
        neither: per owner, nobody moves.
        keeping_is_equilibrium: neither gains by withholding alone.
        nobody_moving_is_equilibrium: neither gains by being the only one to move.
        keeping_risk_dominates: the losses from departing from keeping, multiplied, exceed those
            from departing from holding back.
    """

    stage: int
    steps: tuple[str, ...]
    owners: tuple[str, str]
    keep: tuple[float, float]
    shirk: tuple[float, float]
    suffer: tuple[float, float]
    neither: tuple[float, float]
    keeping_is_equilibrium: bool
    nobody_moving_is_equilibrium: bool
    keeping_risk_dominates: bool

    def to_dict(self) -> dict[str, Any]:
        """The game as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain
