"""Answers of bargaining theory beyond one package: lotteries, divisions, offers, payments."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain
from servanda.results.packages import SettlementStatus

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LotterySettlement:
    """A chance mixture of packages that a bargaining solution chooses.

    Attributes
    ----------
        solution: name in the catalogue.
        status: what was found, in words; gains are expected ones.
        indices: (K,) int, rows of the values that are drawn from, rising.
        probabilities: (K,) chance of each, adding up to 1.
        values: (A,) points expected.
        gains: (A,) points expected above disagreement; NaN for actors that are not a party.
        criterion: (n,) what was maximised: the product's logarithm, or shares or gains by party.
        gap: how far above ``criterion`` the best mixture can lie at most; NaN when not computed.
        refused: (K, A) bool, parties who would rather have no deal once that package is drawn.
        disagreement: (A,) points, as given.
    """

    solution: str
    status: SettlementStatus
    indices: IntArray
    probabilities: FloatArray
    values: FloatArray
    gains: FloatArray
    criterion: FloatArray
    gap: float
    refused: BoolArray
    disagreement: FloatArray

    @property
    def holds_after_the_draw(self) -> bool:
        """Nobody would go back on it whatever is drawn (Fearon 1995: often untrue)."""
        return bool(len(self.indices)) and not bool(self.refused.any())

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = _plain(self)
        plain["holds_after_the_draw"] = self.holds_after_the_draw
        return plain


@dataclass(frozen=True, eq=False)
class LotteryRange:
    """What each actor can expect over the lotteries that leave no party below disagreement.

    Attributes
    ----------
        low, high: (A,) points, least and most expected; NaN when there is no such lottery.
        exists: whether there is one.
    """

    low: FloatArray
    high: FloatArray
    exists: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return _plain(self)


@dataclass(frozen=True, eq=False)
class Division:
    """Issues won by two sides, at most one of them shared.

    Attributes
    ----------
        shares: (J,) what the first side gets of each issue, 0 to 1.
        totals: (2,) points each side gets, out of 100 of its own.
        split: the issue that is shared; None when none is.
    """

    shares: FloatArray
    totals: FloatArray
    split: int | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return _plain(self)


class OffersStatus(Enum):
    """What alternating offers lead to, in words."""

    AGREED = "The first offer is accepted."
    NO_OFFER = "No offer is better for both than what they get without one; there is no agreement."


@dataclass(frozen=True, eq=False)
class AlternatingOffers:
    """Stationary equilibrium of alternating offers over a pie of size 1.

    Attributes
    ----------
        status: what it leads to, in words.
        first_offer: share of side 1 when side 1 offers; NaN without agreement.
        second_offer: share of side 1 when side 2 offers; NaN without agreement.
        shares: (2,) what each side gets when side 1 offers first; NaN without agreement.
        binding: what keeps the responder to each offer in check, "waiting" or "outside option".
    """

    status: OffersStatus
    first_offer: float
    second_offer: float
    shares: FloatArray
    binding: tuple[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return _plain(self)


@dataclass(frozen=True, eq=False)
class OfferRounds:
    """Backward induction of alternating offers over a list of packages.

    Attributes
    ----------
        status: what it leads to, in words.
        index: row offered and accepted in the first round; None without agreement then.
        gains: (2,) points over disagreement that the game is worth to each at its start.
        offers: (T,) int, row offered in each round if it is reached; -1: nothing acceptable.
        disagreement: (2,) points, as given.
    """

    status: OffersStatus
    index: int | None
    gains: FloatArray
    offers: IntArray
    disagreement: FloatArray

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return _plain(self)


@dataclass(frozen=True, eq=False)
class RatificationOffer:
    """The offer that is best against a ratifier who may say no.

    Attributes
    ----------
        index: row of the list; None when making no offer is better, or the offer is a share.
        offer: points the proposer gets if it is ratified.
        probability: that it is ratified.
        expected: points the proposer expects, failure counted.
        disagreement: points without an offer.
    """

    index: int | None
    offer: float
    probability: float
    expected: float
    disagreement: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return _plain(self)


@dataclass(frozen=True, eq=False)
class SidePayments:
    """Which packages side payments make acceptable, and with which payments.

    Attributes
    ----------
        feasible: (N,) bool, some payments leave nobody below disagreement.
        needed: (N,) points that have to be paid at least; infinite where none suffice.
        cheapest: feasible row with the smallest payment, largest total gain on ties; None: none.
        payment: (A,) points each actor receives at least there, negative: pays; empty when none.
        from_funds: (F,) what is drawn from each fund there.
        low, high: (N,) least and most that the first party pays to the second (two parties and no
            funds only, else empty); NaN where no payment is acceptable, negative: it receives.
    """

    feasible: BoolArray
    needed: FloatArray
    cheapest: int | None
    payment: FloatArray
    from_funds: FloatArray
    low: FloatArray
    high: FloatArray

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return _plain(self)


@dataclass(frozen=True, eq=False)
class PressureRange:
    """What a mediator's pressure opens, and what of it lasts when the pressure lapses.

    Attributes
    ----------
        pressed: (N,) bool, nobody is below what it gets without a deal while pressed.
        durable: (N,) bool, the same without the pressure.
        lapses: (N,) bool, acceptable only as long as the pressure lasts.
        low, high: (A,) points each actor gets at least and at most over what is pressed.
        durable_low, durable_high: (A,) the same over what is durable; NaN when nothing is.
    """

    pressed: BoolArray
    durable: BoolArray
    lapses: BoolArray
    low: FloatArray
    high: FloatArray
    durable_low: FloatArray
    durable_high: FloatArray

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return _plain(self)


def _plain(result: Any) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(result)
    status = getattr(result, "status", None)
    if isinstance(status, Enum):
        plain["status"] = status.name.lower().replace("_", "-")
        plain["message"] = status.value
    return plain
