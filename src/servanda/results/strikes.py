"""Strikes as a choice: how hard each side strikes, why, and what restraint would be worth."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Intensity:
    """What a month at one intensity does at present, against one at the lowest.

    Attributes:
        level: the intensity; 1 is as now.
        own: points a month that it costs the side that strikes, as that sees it; NaN where it does
            not discount, and months count for nothing.
        other: points a month that it costs the other side, as that sees it; likewise.
        tires: what it adds to the chance that the other gives way in it, as who strikes sees that.
        tires_seen: the same as the other sees it.
        worth: value points that it is worth to the side that strikes.
        share: of the months of war that may come, those in which it is chosen.
    """

    level: float
    own: float
    other: float
    tires: float
    tires_seen: float
    worth: float
    share: float


@dataclass(frozen=True, eq=False)
class CampaignChoice:
    """The campaign of one side.

    Attributes:
        actor: who decides for that side.
        name: of the campaign; "" where the side has none.
        stopped_by: instrument that is in force at present and stops it; "" for none.
        now: intensity chosen if there is no agreement this month.
        levels: what each intensity does, rising; empty where there is nothing to choose now.
        by_month: (M,) mean intensity, if there is war in that month; NaN where there cannot be.
    """

    actor: str
    name: str
    stopped_by: str
    now: float
    levels: tuple[Intensity, ...]
    by_month: Floats


@dataclass(frozen=True, eq=False)
class CampaignCourse:
    """How hard one side strikes in histories, while the first war goes on and no truce stops it.

    Attributes:
        actor: who decides for that side.
        name: of the campaign.
        mean: intensity over all such months; NaN where there is none.
        by_month: (H,) the same month by month.
    """

    actor: str
    name: str
    mean: float
    by_month: Floats


@dataclass(frozen=True)
class RestraintCase:
    """The talks with some sides held to their lowest intensity, for good.

    Attributes:
        rest: which actors.
        values: what the talks are worth to a, b at present, in their own beliefs.
        signed_now: chance of an agreement in the first month.
        agreed: chance of an agreement in the months looked at.
        months: of war expected in these.
    """

    rest: tuple[str, ...]
    values: tuple[float, float]
    signed_now: float
    agreed: float
    months: float


@dataclass(frozen=True)
class StrikesAnswer:
    """Strikes of a, b while the talks go on.

    Attributes:
        sides: (a, b).
        chosen: the talks as they are.
        both, alone_a, alone_b: with both at rest, with a alone, with b alone.
    """

    sides: tuple[CampaignChoice, CampaignChoice]
    chosen: RestraintCase
    both: RestraintCase
    alone_a: RestraintCase
    alone_b: RestraintCase

    def gains(self, case: RestraintCase) -> tuple[float, float]:
        """What a case is worth to a, b above the talks as they are."""
        a, b = (then - now for then, now in zip(case.values, self.chosen.values, strict=True))
        return a, b

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
