"""Answers of the models that say why agreement takes time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


class _Plain:
    """What these answers share."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class BetaBelief(_Plain):
    """A Beta belief about a chance.

    Attributes:
        wins, losses: its two parameters; battles that it weighs as much as.
    """

    wins: float
    losses: float

    @property
    def mean(self) -> float:
        """Expected chance."""
        return self.wins / (self.wins + self.losses)


@dataclass(frozen=True, eq=False)
class ResourceWar(_Plain):
    """A war in which the loser of a battle loses a unit, until one side has none.

    Attributes:
        wins: (a+1, b+1) chance that the first side wins the war, by units left to each.
        battles: (a+1, b+1) expected battles still to come.
    """

    wins: Floats
    battles: Floats

    @property
    def chance(self) -> float:
        """Chance that the first side wins, from all units."""
        return float(self.wins[-1, -1])


@dataclass(frozen=True, eq=False)
class OptimismDelay(_Plain):
    """Bargaining between sides that are both hopeful about who will be making the offers.

    Attributes:
        first_date: when they agree; None if never.
        waits: (T,) whether they would wait at a date, were they still talking.
        rents: (T,) what making the offer is worth at each date.
        worth: (T,) what a certainty of always making the offer would be worth from each date on.
        total: sum of what the two expect at date 0; the pie is 1.
        values: (2,) what each expects at date 0.
    """

    first_date: int | None
    waits: NDArray[np.bool_]
    rents: Floats
    worth: Floats
    total: float
    values: tuple[float, float]


@dataclass(frozen=True)
class AttritionWar(_Plain):
    """A standoff in which each side waits for the other to give in.

    Attributes:
        hazards: rate at which the first, the second side gives in.
        at_once: chance that each gives in at the very start.
        expected_duration: mean time until somebody does; infinite where nobody ever does.
        first_to_give_in: chance for each side that it is the one.
        values: expected value to each side.
    """

    hazards: tuple[float, float]
    at_once: tuple[float, float]
    expected_duration: float
    first_to_give_in: tuple[float, float]
    values: tuple[float, float]


@dataclass(frozen=True)
class ScreeningOffer(_Plain):
    """The best demand of a side that does not know how much the other minds war.

    Attributes:
        demand: share demanded.
        war: chance that it is refused.
        value: what the demand is worth to the side that makes it.
        by_type: share that would just be accepted by each type, and what demanding it is worth.
    """

    demand: float
    war: float
    value: float
    by_type: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Mediation(_Plain):
    """The rule that a mediator who knows nothing can offer and all types will use truthfully.

    Attributes:
        peace: prior chance of a settlement.
        settles: (T1, T2) chance of a settlement by what the sides report.
        share: (T1, T2) the first side's share of what is settled; NaN where nothing is.
        values: (T1,), (T2,) what each type of each side expects.
    """

    peace: float
    settles: Floats
    share: Floats
    values: tuple[Floats, Floats]


@dataclass(frozen=True)
class MediatorCredibility(_Plain):
    """Which mediators can be believed, by how much they care for one side's share.

    Attributes:
        demands: share demanded after each signal, if it is believed.
        wars: chance of war after each.
        follows: whether what is demanded depends on what the mediator says.
        least_bias, most_bias: between these a mediator tells the truth; None where none does.
    """

    demands: tuple[float, ...]
    wars: tuple[float, ...]
    follows: bool
    least_bias: float | None
    most_bias: float | None
