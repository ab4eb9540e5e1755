"""What a war brings, month by month and in the end."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WarOutlook:
    """One war: its value, how long it may last, who gives way by when, where the lines stand.

    Probabilities by month are those at the **start** of month t = 0..T of the war; A actors, K
    fronts, P most parcels on a front, sides 0 = a and 1 = b. A side gives way by exhaustion, by
    what its line exposes, or by losing the last parcel at an absorbing end.

    Attributes
    ----------
    value : (A,) normalised value; NaN for an actor who does not discount.
    bound : times the span of the values, the largest error of any value.
    months : (T+1,) int.
    fighting : (T+1,) probability that the war is still on.
    gives_way : (T+1, 2) probability that a, or b, has given way by then.
    frozen : (T+1,) probability that the war has frozen without a deal by then.
    line : (K, T+1, P+1) probability that a holds f parcels, given that the war is on; NaN once
        it cannot be.
    line_unconditional : (K, T+1, P+1) the same whether or not it is on: a war that has ended
        leaves its lines where it ended.
    expected_months : how long the war lasts on average; infinite when nothing may ever end it.
    expected_months_bound : the most that can be missing from it.
    ultimate_gives_way : (2,) probability that a, or b, ever gives way.
    ultimate_frozen : probability that the war ever freezes.
    ultimate_bound : probability not accounted for by these three.
    """

    value: Floats
    bound: float
    months: NDArray[np.int64]
    fighting: Floats
    gives_way: Floats
    frozen: Floats
    line: Floats
    line_unconditional: Floats
    expected_months: float
    expected_months_bound: float
    ultimate_gives_way: Floats
    ultimate_frozen: float
    ultimate_bound: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; NaN and infinity become None."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True, eq=False)
class BargainingRange:
    """Shares of a divisible stake that both sides prefer to war.

    Attributes
    ----------
    low : least share for a that a accepts, not below 0.
    high : largest share for a that b accepts, not above the stake.
    width : high - low; negative when there is no such share, and then what is missing.
    exists : whether low <= high, up to one tolerance.
    """

    low: Floats
    high: Floats
    width: Floats
    exists: NDArray[np.bool_]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
