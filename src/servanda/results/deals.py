"""What ``servanda deals`` answers: packages at the central values, and what stands in the way."""

from dataclasses import dataclass
from typing import Any

from servanda.results.analysis import Origin, Solution
from servanda.results.encode import to_plain
from servanda.results.frontier import CertifiedFrontier
from servanda.results.obstacles import Obstacles, WinSets
from servanda.results.ordinal import FromRankings
from servanda.results.packages import Funnel


@dataclass(frozen=True, eq=False)
class Deals:
    """Packages at the central values: gates, frontier, solutions, overlap, obstacles.

    Attributes
    ----------
        origin: where the answer came from; draws are readings of rankings, if there are any.
        reservations: actor to points without a deal; actors without a veto are absent.
        funnel: every gate counted, and the efficient deals that pass them.
        solutions: what each would choose among those.
        win_sets: None when there are too many packages or gates to count.
        obstacles: what stands in the way; by integer program when there are too many to count.
        rankings: what follows from rankings alone; None when all is in numbers. Everything else is
            then for one reading of them, that in the middle.
        certified: the frontier built from parts when there are too many to enumerate; else None.
    """

    origin: Origin
    reservations: dict[str, float]
    funnel: Funnel
    solutions: tuple[Solution, ...]
    win_sets: WinSets | None
    obstacles: Obstacles
    certified: CertifiedFrontier | None
    rankings: FromRankings | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "origin": to_plain(self.origin),
            "reservations": to_plain(self.reservations),
            "funnel": self.funnel.to_dict(),
            "solutions": [
                {
                    "name": one.name,
                    "settlement": one.settlement.to_dict(),
                    "deal": one.deal.to_dict() if one.deal else None,
                }
                for one in self.solutions
            ],
            "win_sets": self.win_sets.to_dict() if self.win_sets else None,
            "obstacles": self.obstacles.to_dict(),
            "certified": self.certified.to_dict() if self.certified else None,
            "rankings": self.rankings.to_dict() if self.rankings else None,
        }
