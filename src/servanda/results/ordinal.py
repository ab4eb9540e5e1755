"""What rankings alone let one conclude, and the shares of readings where they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class OrdinalEfficiency:
    """Efficiency of N packages over all readings of rankings.

    Attributes
    ----------
        packages: (N,) numbers of the packages compared.
        necessary: (N,) efficient in every reading.
        possible: (N,) efficient in some reading.
        dominated: (N,) another package is at least as good for all, in every reading.
        unsettled: (N,) the search for a reading was broken off.
    """

    packages: IntArray
    necessary: BoolArray
    possible: BoolArray
    dominated: BoolArray
    unsettled: BoolArray


@dataclass(frozen=True, eq=False)
class Fallback:
    """Where all meet when they go down their rankings in step.

    Attributes
    ----------
        packages: those met first, none at impasse.
        depth: how far the one that fell furthest had to go; None at impasse.
        depths: (N, A) how many packages each party finds at least as good.
    """

    packages: IntArray
    depth: int | None
    depths: IntArray


@dataclass(frozen=True)
class Acceptance:
    """Packages one actor prefers to no deal: in every reading, in some but not all, in none."""

    certain: int
    open: int
    never: int


@dataclass(frozen=True)
class RankedDeal:
    """One package over the readings.

    Attributes
    ----------
        index: its number.
        options: issue to option.
        accepted: actor to "certain", "open" or "never"; actors without a veto are absent.
        efficient: "certain", "open", "never" or "unsettled".
        share_accepted: share of the readings in which all accept it and leaders would sign.
        share_efficient: share in which that is so and no other such package dominates it.
    """

    index: int
    options: dict[str, str]
    accepted: dict[str, str]
    efficient: str
    share_accepted: float
    share_efficient: float


@dataclass(frozen=True)
class SolutionShares:
    """How often a solution chooses which package, over the readings.

    Attributes
    ----------
        name: of the solution.
        chosen: package number to the share of the readings in which it is chosen, most first.
        no_deal: share of the readings in which nothing is better than no deal for all.
    """

    name: str
    chosen: dict[int, float]
    no_deal: float


@dataclass(frozen=True)
class FromRankings:
    """What follows from rankings, what does not, and what is said of it in shares.

    Attributes
    ----------
        actors: of whom something is known by order alone.
        compared: packages on the table that break no red line.
        acceptance: actor to how many it accepts.
        all_accept: the same for all of them together.
        efficient: packages efficient in every reading, in some but not all, in none.
        unsettled: packages of which the search did not settle whether they are.
        fallback: packages fallback bargaining leads to; None when it cannot be concluded.
        deals: packages that may be accepted by all and efficient, the most often first.
        shares: what each solution chooses over the readings.
        readings, seed: how many were drawn, from which seed; 0 when there is too much to compare.
        can, cannot: sentences.
    """

    actors: tuple[str, ...]
    compared: int
    acceptance: dict[str, Acceptance]
    all_accept: Acceptance
    efficient: Acceptance
    unsettled: int
    fallback: tuple[int, ...] | None
    deals: tuple[RankedDeal, ...]
    shares: tuple[SolutionShares, ...]
    readings: int
    seed: int
    can: tuple[str, ...]
    cannot: tuple[str, ...]

    @property
    def message(self) -> str:
        """One paragraph."""
        said = "From rankings alone: "
        if self.can:
            said += f"it can be concluded that {'; '.join(self.can)}. "
        said += f"It cannot be concluded {'; nor '.join(self.cannot)}."
        if self.readings:
            said += (
                f" Shares are of {self.readings:,} consistent readings (seed {self.seed}), drawn "
                "evenly from all numbers that agree with the rankings; they are not probabilities."
            )
        return said

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"message": self.message, **to_plain(self)}
