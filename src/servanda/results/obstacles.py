"""Answers about what each side accepts, what overlaps, and what stands in the way."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain
from servanda.results.packages import Deal

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """One single gate a package must pass.

    Attributes
    ----------
        gate: "red-lines", "individual-rationality" or "ratification".
        label: the red line's own words, else the actor.
        actor: whose it is.
    """

    gate: str
    label: str
    actor: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True, eq=False)
class RedLineCost:
    """What one red line takes off the table.

    Attributes
    ----------
        line: its row.
        stops: packages on the table that break it.
        stops_alone: packages that all would accept but for it.
        best: of those, the one with the largest smallest gain; None when there is none.
        gain: actor to points by which the best it could get would rise without the line.
        opens: issue to options that no acceptable package holds as long as the line stands.
    """

    line: Row
    stops: int
    stops_alone: int
    best: Deal | None
    gain: dict[str, float]
    opens: dict[str, tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain({**vars(self), "line": None, "best": None})
        plain["line"] = self.line.to_dict()
        plain["best"] = self.best.to_dict() if self.best else None
        return plain


@dataclass(frozen=True, eq=False)
class WinSets:
    """What each actor would accept, what pairs would, and what all would.

    An actor accepts a package that breaks none of its own red lines, leaves it no worse than no
    deal, and that its leader would sign.

    Attributes
    ----------
        actors, issues: names.
        packages: those on the table.
        accepts: actor to packages it accepts.
        both_accept: (A, A) int, packages both accept; the diagonal is ``accepts``.
        all_accept: packages in the zone of possible agreement.
        open_options: issue to option to packages in the zone that hold it; 0: closed.
        alone_open: issue to options with which a deal given beforehand stays in the zone when
            nothing else in it changes; empty without such a deal.
        red_lines: what each costs.
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    packages: int
    accepts: dict[str, int]
    both_accept: IntArray
    all_accept: int
    open_options: dict[str, dict[str, int]]
    alone_open: dict[str, tuple[str, ...]]
    red_lines: tuple[RedLineCost, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain({**vars(self), "red_lines": None})
        plain["red_lines"] = [line.to_dict() for line in self.red_lines]
        return plain


class ObstacleStatus(Enum):
    """Whether something stands in the way, in words."""

    NONE = "At least one package passes red lines, rationality and ratification."
    BLOCKED = "No package passes; these are the smallest sets of gates whose lifting opens one."
    NOTHING_ON_THE_TABLE = "Every package is ruled out before any gate."
    NONE_BEFORE_RATIFICATION = (
        "At least one package passes red lines and rationality; ratification was not asked."
    )
    BLOCKED_BEFORE_RATIFICATION = (
        "No package passes red lines and rationality; these are the smallest sets of gates whose "
        "lifting opens one. Ratification was not asked."
    )
    OUT_OF_TIME = "Whether some package passes was not decided in the time given."


@dataclass(frozen=True, eq=False)
class Correction:
    """A set of gates whose lifting opens a deal, while lifting fewer of them opens none.

    Attributes
    ----------
        rows: the gates.
        opens: packages that fail these and nothing else; None: not counted.
        deal: of those, the one that lacks fewest points, then with the largest smallest gain.
    """

    rows: tuple[Row, ...]
    opens: int | None
    deal: Deal

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "opens": self.opens,
            "deal": self.deal.to_dict(),
        }


@dataclass(frozen=True, eq=False)
class NearestToActor:
    """The package closest to one actor's acceptance, others' acceptance coming first.

    Attributes
    ----------
        actor: whose acceptance.
        deal: the package.
        lacks: points of value the actor lacks to be willing and to sign; infinite: none suffice.
        own_lines: its own red lines that the package breaks.
        others: gates of other actors that it fails; empty when all others accept.
    """

    actor: str
    deal: Deal
    lacks: float
    own_lines: tuple[str, ...]
    others: tuple[Row, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain({**vars(self), "deal": None, "others": None})
        plain["deal"] = self.deal.to_dict()
        plain["others"] = [row.to_dict() for row in self.others]
        return plain


@dataclass(frozen=True, eq=False)
class ClosingPayment:
    """The smallest side payment that makes a package acceptable to all.

    Attributes
    ----------
        deal: the package before payments; it breaks no red line.
        total: points paid.
        receives: actor to points received, negative: pays.
        from_funds: fund to points drawn from it.
    """

    deal: Deal
    total: float
    receives: dict[str, float]
    from_funds: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain({**vars(self), "deal": None})
        plain["deal"] = self.deal.to_dict()
        return plain


@dataclass(frozen=True, eq=False)
class Obstacles:
    """What stands in the way.

    Attributes
    ----------
        status: in words.
        corrections: minimal sets of gates to lift, smallest first, then those that lack fewest
            points; at most the number asked for.
        n_corrections: how many there are in all; None when the search for them stopped.
        conflicts: minimal sets of gates that no package passes together, smallest first; at most
            the number asked for.
        n_conflicts: how many there are in all; None when the search for them stopped.
        nearest: for each actor with a veto.
        payment: None when no payment closes the gap.
    """

    status: ObstacleStatus
    corrections: tuple[Correction, ...]
    n_corrections: int | None
    conflicts: tuple[tuple[Row, ...], ...]
    n_conflicts: int | None
    nearest: tuple[NearestToActor, ...]
    payment: ClosingPayment | None

    @property
    def message(self) -> str:
        """The status in words."""
        return self.status.value

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "status": self.status.name.lower().replace("_", "-"),
            "message": self.message,
            "corrections": [one.to_dict() for one in self.corrections],
            "n_corrections": self.n_corrections,
            "conflicts": [[row.to_dict() for row in one] for one in self.conflicts],
            "n_conflicts": self.n_conflicts,
            "nearest": [one.to_dict() for one in self.nearest],
            "payment": self.payment.to_dict() if self.payment else None,
        }
