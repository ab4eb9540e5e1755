"""Talks while fighting on a scenario: when what would be signed, and why not now."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.analysis import Origin
from servanda.results.early_harvest import EarlyHarvest
from servanda.results.encode import to_plain
from servanda.results.packages import Deal
from servanda.results.strikes import StrikesAnswer
from servanda.results.talks import TalksSolution

Floats = NDArray[np.float64]

SEEN = 1e-9
"""Chances below this are not spoken of."""


@dataclass(frozen=True)
class TalksCase:
    """What comes of the talks in one case: as the scenario has it, or with one cause removed.

    Attributes:
        cause: "" for the scenario itself, else what is removed.
        applies: whether there is anything to remove.
        deals: how many deals can be offered.
        signed_now: chance of an agreement in the first month.
        first_month: first month in which one is possible, from 0; None where none is.
        median_month: month by which an agreement is as likely as not; None beyond the last.
        agreed: chance of an agreement in the months looked at.
    """

    cause: str
    applies: bool
    deals: int
    signed_now: float
    first_month: int | None
    median_month: int | None
    agreed: float


@dataclass(frozen=True)
class SideAtPresent:
    """What one side would accept now, in its own beliefs.

    Attributes:
        actor: who decides for it.
        least: the least that it accepts: a month of war, and all that may follow.
        at_table: value of the talks going on.
        walking_out: value of fighting on without talks.
        best: the deal best for it that the other side would sign; None where there is none.
        gains: what that deal is worth above the least it accepts; None likewise.
        refuses: how many of the deals it refuses.
        expects: chance that the next move of the line is side a's.
    """

    actor: str
    least: float
    at_table: float
    walking_out: float
    best: int | None
    gains: float | None
    refuses: int
    expects: float


@dataclass(frozen=True, eq=False)
class TalksAnswer:
    """The talks of a scenario at its central values.

    Attributes:
        origin: what was asked.
        front, places, start: the line that moves, its positions, and where it stands.
        offers: share of months in which side a, side b, the mediator makes the offer.
        mediator: who that is; "" for nobody.
        pressure: threats that are carried out until they lapse.
        expects: the analyst's chance that the next move of the line is side a's.
        sides: (a, b).
        deals: what can be offered.
        case: what comes of it.
        without: one cause removed at a time, in the order they are asked.
        strikes: what each side chooses to strike, and what restraint would be worth; None where
            the scenario has no campaign.
        early: what could be settled alone, track by track, while the war goes on.
        solution: the game solved.
    """

    origin: Origin
    front: str
    places: int
    start: int
    offers: tuple[float, float, float]
    mediator: str
    pressure: tuple[str, ...]
    expects: float
    sides: tuple[SideAtPresent, SideAtPresent]
    deals: tuple[Deal, ...]
    case: TalksCase
    without: tuple[TalksCase, ...]
    strikes: StrikesAnswer | None
    early: tuple[EarlyHarvest, ...]
    solution: TalksSolution

    @property
    def signed(self) -> Floats:
        """Chance that each deal is signed in the months looked at, (C,)."""
        chances: Floats = self.solution.signed.sum(axis=(0, 1))
        return chances

    @property
    def acceptance(self) -> Floats:
        """Chance of an agreement in a month with the line at a position, (M, F); NaN if never."""
        there = self.solution.line[:-1]
        agreed = self.solution.signed.sum(axis=2) + self.solution.divided
        share: Floats = np.divide(agreed, there, out=np.full_like(there, np.nan), where=there > 0)
        return share

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(
            {name: value for name, value in vars(self).items() if name not in {"solution", "deals"}}
        )
        plain["deals"] = [
            deal.to_dict() | {"signed": float(chance)}
            for deal, chance in zip(self.deals, self.signed, strict=True)
        ]
        plain["acceptance"] = to_plain(self.acceptance)
        plain["by_month"] = {
            name: value
            for name, value in self.solution.to_dict().items()
            if name not in {"deals", "first_month"}
        }
        return plain
