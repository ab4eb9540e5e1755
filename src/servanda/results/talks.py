"""Talks while fighting, solved: what each side would sign, when, and what becomes of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TalksSolution:
    """The talks game solved, and followed with the analyst's beliefs.

    M months, F positions, C deals, L levels of strikes; sides (a, b); proposers (a, b, mediator).
    Entries of states in which the line cannot stand are NaN, or no deal.

    Attributes:
        values: (M + 1, M + 1, F, 2) value to each side, in its own beliefs, at the start of a
            month, by moves so far and position.
        refusal: (M, M + 1, F, 2) value of refusing: the least that a side accepts.
        chosen: (M, M + 1, F, 3) the deal agreed when a, b or the mediator makes the offer; -1 for
            none, -2 for a division of the sum, -3 or -4 where a or b gives in.
        striking: (M, M + 1, F, 2) the level at which a, or b, strikes if there is a month of war.
        fighting: (M + 1,) probability that nothing has ended the war before a month.
        signed: (M, F, C) probability that a deal is signed in a month at a position.
        divided: (M, F) the same for a division of the sum.
        yielded: (M, 2) probability that a side gives in.
        given_way: (M, 2) probability that a side gives way.
        frozen: (M,) probability that the war stops without agreement.
        absorbed: (M, 2) probability that the line reaches its low end, its high end.
        line: (M + 1, F) where the line stands while nothing has ended the war.
        at_war: (M, M + 1, F) probability of a state in which a month of war follows.
        struck: (M, 2, L) probability of a month of war in which a, or b, strikes at a level.
        ending_value: (2,) expected value to each side of what the war ends in, as of that day.
    """

    values: Floats
    refusal: Floats
    chosen: NDArray[np.int16]
    striking: NDArray[np.uint8]
    fighting: Floats
    signed: Floats
    divided: Floats
    yielded: Floats
    given_way: Floats
    frozen: Floats
    absorbed: Floats
    line: Floats
    at_war: Floats
    struck: Floats
    ending_value: Floats

    @property
    def agreement(self) -> Floats:
        """Probability of an agreement in each month, (M,)."""
        total: Floats = self.signed.sum(axis=(1, 2)) + self.divided.sum(axis=1)
        return total

    @property
    def first_month(self) -> int | None:
        """First month in which an agreement is possible; None where none is."""
        months = np.flatnonzero(self.agreement > 0.0)
        return int(months[0]) if len(months) else None

    @property
    def expected_months(self) -> float:
        """Expected months of war up to the last one."""
        return float(self.at_war.sum())

    def start_values(self, start: int) -> tuple[float, float]:
        """Value to each side when the talks begin, in its own beliefs."""
        a, b = self.values[0, 0, start]
        return float(a), float(b)

    def to_dict(self) -> dict[str, Any]:
        """Chances by month as plain values, without the tables by state."""
        plain: dict[str, Any] = {
            name: to_plain(getattr(self, name))
            for name in (
                "fighting",
                "agreement",
                "yielded",
                "given_way",
                "frozen",
                "absorbed",
                "line",
            )
        }
        plain["first_month"] = self.first_month
        plain["expected_months"] = self.expected_months
        plain["deals"] = to_plain(self.signed.sum(axis=(0, 1)))
        return plain
