"""What can be kept over time where nobody enforces it: corridors, shifts, concessions, effort."""

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain

Interval = tuple[float, float]


@dataclass(frozen=True)
class Corridor:
    """Which share of one step is safe at which share of another.

    Attributes:
        given: shares of the other step, as asked.
        safe: for each of them the intervals of shares at which the plan is kept.
        resolution: distance of the first looks; a narrower interval may be missed.
    """

    given: tuple[float, ...]
    safe: tuple[tuple[Interval, ...], ...]
    resolution: float

    @property
    def largest(self) -> tuple[float | None, ...]:
        """The largest safe share for each given one, None where there is none."""
        return tuple(intervals[-1][1] if intervals else None for intervals in self.safe)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return {**plain, "largest": list(self.largest)}


@dataclass(frozen=True)
class ShiftPath:
    """Steps in which power moves from one point to another, each as far as will be borne.

    Attributes:
        positions: from the start on.
        reached: whether the last of them is the end asked for.
    """

    positions: tuple[float, ...]
    reached: bool

    @property
    def steps(self) -> int | None:
        """How few steps do; None where no number does."""
        return len(self.positions) - 1 if self.reached else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return {**plain, "steps": self.steps}


@dataclass(frozen=True)
class DivisionPath:
    """Divisions of a flow under which neither side ever fights.

    Attributes:
        low, high: per period the least and the most that going on may be worth to side a.
        exists: whether there is such a path.
        breaks_at: the last period whose war values leave no room; None where a path exists.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    exists: bool
    breaks_at: int | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class ConcessionPath:
    """How far one side can push without war, offer by offer.

    Attributes:
        positions: after each accepted offer.
        limit: where it ends.
        blocked: whether it ends because the next piece would make the asking side too strong,
            though the other is not yet at the point of fighting; else it ends where the other
            would as soon fight, or everything is conceded.
        war: whether the asking side fights somewhere rather than go on.
        war_at: position at which it fights first; None where it never does.
        refused: whether the other side would rather fight at once than live with the start.
    """

    positions: tuple[float, ...]
    limit: float
    blocked: bool
    war: bool
    war_at: float | None
    refused: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class GradualPath:
    """The largest contributions, alike on both sides, that can never be taken back and are made.

    Attributes:
        contributions: in period 1, 2, ...
        limit: where they go.
    """

    contributions: tuple[float, ...]
    limit: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class RelationalContract:
    """The best that a repeated exchange with payments can keep up.

    Attributes:
        actions: per player the index of what it does, period by period, while all is kept.
        joint: what that is worth to all together in a period.
        punishments: to each player, the worst continuation that can be kept up.
        enforceable: how many profiles can be kept up at all.
    """

    actions: tuple[int, ...]
    joint: float
    punishments: tuple[float, ...]
    enforceable: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class EffortRange:
    """Efforts that a repeated exchange can keep up.

    Attributes:
        intervals: of effort.
        largest: the largest of them; None where there is none.
        best: the one worth most to all together; None where there is none.
    """

    intervals: tuple[Interval, ...]
    largest: float | None
    best: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
