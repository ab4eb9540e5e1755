"""The talks of a scenario round by round: what is tabled, what refusals teach, why each stays."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain
from servanda.results.packages import Deal
from servanda.results.participation import ActorStays
from servanda.results.rejections import RejectionsTeach
from servanda.results.rounds import RoundsByMonth, TabledOffer, TrackGround


@dataclass(frozen=True)
class DeadlineSeen:
    """A deadline in months.

    Attributes:
        name, day: which, and the last day.
        month: of the first offer that it changes.
        gone: packages that go off the table then.
        lapses, silences: threats that end, actors who make no more offers.
    """

    name: str
    day: date
    month: int
    gone: tuple[int, ...]
    lapses: tuple[str, ...]
    silences: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class RoundsAnswer:
    """Round by round, at the central values.

    Attributes:
        origin: what was asked; draws and seed are those of what refusals teach.
        day: on which the first offer is made.
        front, places, start: the line that moves, its positions, and where it stands.
        sides: who decides for a, for b.
        mediator: who that is; "" for nobody.
        deals: what can be offered.
        deadlines: in the order of their days.
        ground: by track, what is open to agreement in issues and in value.
        offers: along one course.
        by_month: in expectation over all courses.
        teaches: what the answers along that course teach.
        stay: why each actor stays, the two sides first.
    """

    origin: Origin
    day: date
    front: str
    places: int
    start: int
    sides: tuple[str, str]
    mediator: str
    deals: tuple[Deal, ...]
    deadlines: tuple[DeadlineSeen, ...]
    ground: tuple[TrackGround, ...]
    offers: tuple[TabledOffer, ...]
    by_month: RoundsByMonth
    teaches: RejectionsTeach
    stay: tuple[ActorStays, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(
            {
                name: value
                for name, value in vars(self).items()
                if name not in {"deals", "offers", "by_month", "teaches", "stay"}
            }
        )
        return plain | {
            "deals": [deal.to_dict() for deal in self.deals],
            "offers": [offer.to_dict() for offer in self.offers],
            "by_month": self.by_month.to_dict(),
            "teaches": self.teaches.to_dict(),
            "stay": [one.to_dict() for one in self.stay],
        }
