"""Levers: which quantities, moved how far and by whom, make a kept deal likelier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain
from servanda.results.significant import significant

FARTHEST = 2.0
"""Spreads beyond which no lever is moved: further out the range stated says nothing."""


@dataclass(frozen=True, eq=False)
class Lever:
    """One uncertain quantity.

    Attributes:
        path: where it stands; a belief is a quantity of its own.
        unit: of the quantity, in words.
        who: identifiers of those who can move it; empty where nobody in particular can.
        value: its central value.
        spread: half of its range, in its own unit; for what may hold or not, nothing.
        up: whether raising it helps (for what may hold or not: whether its holding helps).
        effect: predicted gain in the probability of a kept deal when it moves by one spread that
            way, or when it is settled that way; from the draws already taken. Negative where
            computing again showed that the other way than predicted helps.
        error: standard error of the effect.
        gates: gate to the same for the share of draws in which any package passes it.
    """

    path: str
    unit: str
    who: tuple[str, ...]
    value: float
    spread: float | None
    up: bool
    effect: float
    error: float
    gates: dict[str, float]

    @property
    def room(self) -> float:
        """How far what may hold or not is from being settled the way that helps."""
        return 1.0 - self.value if self.up else self.value


@dataclass(frozen=True)
class Moved:
    """Levers moved in the draws and everything computed again.

    Attributes:
        paths: which; each by the same number of spreads, in the direction that helps.
        spreads: how far; what may hold or not is settled, however far.
        share: of the draws with a kept deal then.
    """

    paths: tuple[str, ...]
    spreads: float
    share: float


@dataclass(frozen=True)
class Reach:
    """How far one lever must be moved to reach the target, from draws computed again.

    Attributes:
        path: of the lever.
        tried: shares of draws with a kept deal, nearest first.
        spreads: the smallest move that reaches the target, between those tried; of what may hold or
            not, the part of the way to settling it. None when the farthest does not reach it.
        change: the same in its own unit, with its sign.
    """

    path: str
    tried: tuple[Moved, ...]
    spreads: float | None
    change: float | None


@dataclass(frozen=True)
class Levered:
    """One lever of a pair.

    Attributes:
        path: of the lever.
        spreads: how far it moves, in the direction that helps; of what may hold or not, the part of
            the way to settling it.
        change: the same in its own unit, with its sign.
    """

    path: str
    spreads: float
    change: float


@dataclass(frozen=True)
class LeverPair:
    """Two levers that together reach the target with least effort.

    Attributes:
        moves: of each.
        effort: spreads moved in all.
        share: of the draws with a kept deal then, computed again.
    """

    moves: tuple[Levered, Levered]
    effort: float
    share: float


@dataclass(frozen=True)
class Levers:
    """What moves the probability of a kept deal.

    Attributes:
        origin: where the answer came from.
        target: probability to be reached.
        share: of the draws with a kept deal, as things stand, among all deals looked at.
        base: the same among the deals that were computed again.
        levers: every uncertain quantity, the largest effect first.
        reaches: the levers computed again, in the same order.
        pair: the two that together bring most when each moves by one spread; None with fewer.
        cheapest: the two that together reach the target with least effort; None where it is reached
            already, or where no pair tried reaches it.
        frontier: the first lever, the first two and so on, each moved by one spread.
    """

    origin: Origin
    target: float
    share: float
    base: float
    levers: tuple[Lever, ...]
    reaches: tuple[Reach, ...]
    pair: Moved | None
    cheapest: LeverPair | None
    frontier: tuple[Moved, ...]

    @property
    def message(self) -> str:
        """The finding in a few sentences."""
        said = [f"As things stand some deal is kept in {100 * self.share:.0f} % of the draws."]
        if not self.levers:
            return f"{said[0]} No number of the scenario is uncertain, so no lever can be measured."
        if self.share >= self.target:
            said.append(f"That is at or above the target of {100 * self.target:.0f} % already.")
            return " ".join(said)
        enough = [one for one in self.reaches if one.spreads is not None]
        if enough:
            nearest = min(enough, key=lambda one: one.spreads or 0.0)
            said.append(
                f"{len(enough)} of the {len(self.reaches)} levers computed again reach "
                f"{100 * self.target:.0f} % alone; the nearest is {nearest.path}, which would have "
                f"to change by {significant(nearest.change or 0.0, 2, sign=True)}."
            )
        elif self.reaches:
            best = max(self.reaches, key=lambda one: max(move.share for move in one.tried))
            share = max(move.share for move in best.tried)
            said.append(
                f"No lever computed again reaches {100 * self.target:.0f} % alone; the strongest, "
                f"{best.path}, brings {100 * share:.0f} %."
            )
        if self.cheapest is not None:
            one, other = self.cheapest.moves
            far, further = (significant(two.change, 2, sign=True) for two in (one, other))
            said.append(
                f"The cheapest two together are {one.path} by {far} and {other.path} "
                f"by {further}, {self.cheapest.effort:.1f} spreads in all: then "
                f"{100 * self.cheapest.share:.0f} %."
            )
        elif len(self.reaches) > 1:
            said.append(
                f"No pair of them that was tried reaches it within {FARTHEST:.0f} spreads each."
            )
        steps = [move for move in self.frontier if move.share >= self.target]
        if steps:
            count = len(steps[0].paths)
            if count > 1:
                said.append(f"The {count} strongest together, moved by one spread each, reach it.")
        elif self.frontier:
            said.append(
                f"The {len(self.frontier[-1].paths)} strongest together, moved by one spread each, "
                f"bring {100 * self.frontier[-1].share:.0f} %."
            )
        return " ".join(said)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {"message": self.message, **to_plain(self)}
        return plain
