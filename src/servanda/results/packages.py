"""Answers about packages: deals, gates with their counts, the funnel, a bargaining solution."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Implementable:
    """What the order of steps says about one package.

    Attributes
    ----------
        margin: points, the smallest gain from keeping one's word in the best order; negative when
            no order keeps it (minus infinity or NaN when there is no order at all).
        values_at_start: (A,) points, V_i(∅) of that order.
        plan: the order itself, as its solver returned it.
    """

    margin: float
    values_at_start: FloatArray
    plan: Any = None


@dataclass(frozen=True, eq=False)
class Deal:
    """One package, what it gives, and what is known about it.

    Attributes
    ----------
        index: number of the package in its problem.
        options: issue to option, in names.
        values: actor to points, fully implemented.
        gains: actor to points above its reservation value; actors without a veto are absent.
        support: audience to share that accepts.
        pass_probability: audience to probability that its gate passes (gates applied here only).
        signing_slack: actor to points above what its leader needs to sign.
        margin: points, from the order of steps; None when not tested.
        values_at_start: actor to points, V_i(∅); None when not tested.
        kept: passes the implementable gate; None when not tested.
        plan: the order that was found; None when not tested.
    """

    index: int
    options: dict[str, str]
    values: dict[str, float]
    gains: dict[str, float]
    support: dict[str, float]
    pass_probability: dict[str, float]
    signing_slack: dict[str, float]
    margin: float | None = None
    values_at_start: dict[str, float] | None = None
    kept: bool | None = None
    plan: Any = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the plan has its own result."""
        plain: dict[str, Any] = to_plain({k: v for k, v in vars(self).items() if k != "plan"})
        return plain


@dataclass(frozen=True, eq=False)
class GateCount:
    """One gate, or one row of it (a red line, an actor), and what it stops.

    Attributes
    ----------
        gate: "red-lines", "individual-rationality", "ratification", "implementable", "efficient".
        label: words for a chart; the red line's own words on its row.
        actor: whose row it is; "" for a whole gate.
        remaining: packages left after it, gates and rows in order.
        killed_first: packages it is the first to stop.
        killed_alone: packages that only it stops, among red lines, rationality and ratification.
        if_lifted: the best package that only it stops (smallest shortfall, then largest smallest
            gain); None when there is none.
    """

    gate: str
    label: str
    actor: str
    remaining: int
    killed_first: int
    killed_alone: int
    if_lifted: Deal | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        lifted = self.if_lifted.to_dict() if self.if_lifted else None
        plain: dict[str, Any] = to_plain({**vars(self), "if_lifted": lifted})
        return plain


@dataclass(frozen=True, eq=False)
class NearDeal:
    """A package that fails, and by how little.

    Attributes
    ----------
        deal: the package.
        red_lines_broken: labels.
        shortfall: actor to points missing, for being willing or, if willing, for signing.
    """

    deal: Deal
    red_lines_broken: tuple[str, ...]
    shortfall: dict[str, float]

    @property
    def total(self) -> float:
        """Points missing, all actors together."""
        return float(sum(self.shortfall.values()))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "deal": self.deal.to_dict(),
            "red_lines_broken": list(self.red_lines_broken),
            "shortfall": to_plain(self.shortfall),
            "total": to_plain(self.total),
        }


class FunnelStatus(Enum):
    """What came out of the funnel, in words."""

    FOUND = "At least one package passes every gate."
    FOUND_WITHIN_BUDGET = (
        "At least one package passes every gate; tests of the order of steps stopped "
        "at the budget, so other efficient packages may exist."
    )
    NOT_TESTED = (
        "Packages pass red lines, rationality and ratification; "
        "whether some order of steps keeps them was not asked."
    )
    NONE_ON_THE_TABLE = "Every package is ruled out before any gate."
    NONE_ACCEPTABLE = "No package passes red lines, rationality and ratification."
    NONE_KEPT = "Packages are acceptable to all, but no order of steps keeps any of them."
    NONE_KEPT_WITHIN_BUDGET = (
        "Packages are acceptable to all; no order of steps keeps any of those tested "
        "before the budget was spent."
    )
    TOO_MANY = "There are too many packages to enumerate; none was looked at."

    @property
    def has_deal(self) -> bool:
        """Some package passes every gate that was asked."""
        return self in {self.FOUND, self.FOUND_WITHIN_BUDGET, self.NOT_TESTED}


@dataclass(frozen=True, eq=False)
class Funnel:
    """Every gate counted, and what is left.

    Attributes
    ----------
        status: what came out, in words.
        actors, issues: names.
        space: product of the options.
        packages: those on the table, exclusions taken out.
        gates: whole gates in order; "implementable" only when it was tested.
        red_lines, rationality, ratification: rows of the first three gates.
        kills_most: gate that is first to stop most packages; "" when nothing is stopped.
        kills_most_alone: gate that alone stops most packages; "" when none stops any alone.
        survivors: (N,) int, numbers of the packages that pass the first three gates.
        tested: deals put to the order of steps, in the order of testing.
        untested: survivors that could still be efficient when testing stopped.
        budget: most tests allowed.
        efficient: deals no other deal left dominates, best smallest normalised gain first.
        shared: packages at the same point as each efficient deal, itself included.
        nearest: packages that fail by least (fewest red lines, then least shortfall), if any fail.
        nearest_kept: when nothing is kept, the tested deal with the largest margin.
        tolerance: points.
    """

    status: FunnelStatus
    actors: tuple[str, ...]
    issues: tuple[str, ...]
    space: int
    packages: int
    gates: tuple[GateCount, ...]
    red_lines: tuple[GateCount, ...]
    rationality: tuple[GateCount, ...]
    ratification: tuple[GateCount, ...]
    kills_most: str
    kills_most_alone: str
    survivors: IntArray
    tested: tuple[Deal, ...]
    untested: int
    budget: int
    efficient: tuple[Deal, ...]
    shared: tuple[int, ...]
    nearest: tuple[NearDeal, ...]
    nearest_kept: Deal | None
    tolerance: float

    @property
    def message(self) -> str:
        """The status in words."""
        return self.status.value

    def gate(self, name: str) -> GateCount | None:
        """The whole gate of that name; None when it was not asked."""
        return next((gate for gate in self.gates if gate.gate == name), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; survivors as their number only."""
        counts = ("gates", "red_lines", "rationality", "ratification")
        deals = ("tested", "efficient", "nearest")
        plain: dict[str, Any] = to_plain(
            {
                name: value
                for name, value in vars(self).items()
                if name not in {*counts, *deals, "survivors", "nearest_kept", "status"}
            }
        )
        plain["status"] = self.status.name.lower().replace("_", "-")
        plain["message"] = self.message
        plain["survivors"] = int(self.survivors.size)
        for name in (*counts, *deals):
            plain[name] = [item.to_dict() for item in getattr(self, name)]
        plain["nearest_kept"] = self.nearest_kept.to_dict() if self.nearest_kept else None
        return plain


@dataclass(frozen=True, eq=False)
class FunnelDraws:
    """The funnel's first three gates over many draws.

    Attributes
    ----------
        actors: names.
        space, packages: as in ``Funnel``; the same in every draw.
        remaining: (D, 3) int, left after red lines, rationality, ratification.
        rationality_first, ratification_first: (D, A) int, packages each actor is first to stop.
        rationality_alone, ratification_alone: (D, A) int, packages that only this row stops.
        best: (D,) int, survivor with the largest smallest gain; -1 when none survives.
        best_gain: (D,) points, that gain; NaN when none survives.
        nearest: (D,) int, package with the smallest total shortfall; -1 when red lines stop all.
        nearest_shortfall: (D,) points; 0 when something survives, NaN when red lines stop all.
        admissible: (N,) int, numbers of the packages that break no red line held in every draw.
        passes: (N,) int, in how many draws each of them passes all three gates.
    """

    actors: tuple[str, ...]
    space: int
    packages: int
    remaining: IntArray
    rationality_first: IntArray
    ratification_first: IntArray
    rationality_alone: IntArray
    ratification_alone: IntArray
    best: IntArray
    best_gain: FloatArray
    nearest: IntArray
    nearest_shortfall: FloatArray
    admissible: IntArray
    passes: IntArray

    @property
    def n_draws(self) -> int:
        """D, how many draws."""
        return int(self.remaining.shape[0])

    def most_often(self, count: int) -> IntArray:
        """Numbers of the packages that pass in most draws, most first, (count,) int at most."""
        order = np.lexsort((self.admissible, -self.passes))[:count]
        return self.admissible[order[self.passes[order] > 0]]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the packages themselves are left out."""
        plain: dict[str, Any] = to_plain(
            {k: v for k, v in vars(self).items() if k not in {"admissible", "passes"}}
        )
        plain["admissible"] = int(self.admissible.size)
        return plain


@dataclass(frozen=True, eq=False)
class CandidateGates:
    """A few packages under every draw.

    Attributes
    ----------
        packages: (K,) int, their numbers.
        values: (D, K, A) points.
        gains: (D, K, A) points above reservation; NaN for actors without a veto.
        willing: (D, K, A) bool, individually rational (true without a veto).
        signs: (D, K, A) bool, the leader would sign (true without a veto, false if not willing).
        signing_slack: (D, K, A) points above what the leader needs to sign (NaN without a veto).
        pass_probability: (D, K, G), of each domestic gate; 1 for gates that are steps of the plan.
        red_lines_broken: (D, K) int, how many of those that are real ones in the draw.
        acceptable: (D, K) bool, on the table and through the first three gates.
    """

    packages: IntArray
    values: FloatArray
    gains: FloatArray
    willing: NDArray[np.bool_]
    signs: NDArray[np.bool_]
    signing_slack: FloatArray
    pass_probability: FloatArray
    red_lines_broken: IntArray
    acceptable: NDArray[np.bool_]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True, eq=False)
class ParetoFront:
    """Points that no other point dominates, each once.

    Attributes
    ----------
        indices: (M,) int, rows of the input, rising; the first row stands for its point.
        shared: (M,) int, rows at the same point up to the tolerance, itself included.
        tolerance: points.
    """

    indices: IntArray
    shared: IntArray
    tolerance: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


class SettlementStatus(Enum):
    """What a bargaining solution found, in words."""

    SETTLED = "A package leaves every party at least as well off as no deal; this one is chosen."
    NO_GAIN = "No package leaves every party at least as well off as no deal."


@dataclass(frozen=True, eq=False)
class Settlement:
    """The package a bargaining solution chooses.

    Attributes
    ----------
        solution: name in the catalogue.
        status: what was found, in words.
        index: row of the values it was given; None when there is no gain.
        values: (A,) points; empty when there is no gain.
        gains: (A,) points above disagreement; NaN for actors that are not a party.
        criterion: (n,) what was maximised: the product's logarithm, or gains in rising order.
        ties: rows that are as good by the solution's own criterion, itself included.
        disagreement: (A,) points, as given.
    """

    solution: str
    status: SettlementStatus
    index: int | None
    values: FloatArray
    gains: FloatArray
    criterion: FloatArray
    ties: int
    disagreement: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def message(self) -> str:
        """The status in words."""
        return self.status.value

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        plain["status"] = self.status.name.lower().replace("_", "-")
        plain["message"] = self.message
        return plain
