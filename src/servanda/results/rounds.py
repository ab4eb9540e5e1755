"""Rounds of talks: who tables what when, who refuses, and how much is missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Round:
    """One month of talks.

    Attributes:
        month: from 0.
        moves, position: how often the line has moved, and where it stands.
        reached: chance that the talks get as far as this month, in the analyst's beliefs.
        who: 0 for a, 1 for b, 2 for the mediator; None where nobody makes an offer.
        deal: what is tabled; None for nothing, -2 for a division of the sum.
        least: (a, b) the least that each accepts then, in its own beliefs.
        worth: (a, b) what the deal is worth to each; None without one.
        signed: whether it is signed.
    """

    month: int
    moves: int
    position: int
    reached: float
    who: int | None
    deal: int | None
    least: tuple[float, float]
    worth: tuple[float, float] | None
    signed: bool

    @property
    def short(self) -> tuple[float, float]:
        """(a, b) points that the deal is below the least that each accepts; 0 where it is not."""
        if self.worth is None:
            return (0.0, 0.0)
        a, b = (max(least - got, 0.0) for least, got in zip(self.least, self.worth, strict=True))
        return (a, b)


@dataclass(frozen=True, eq=False)
class RoundsByMonth:
    """The same in expectation over all courses that the talks may take, M months.

    Attributes:
        going_on: (M,) chance that the talks get as far as this month.
        offered: (M, 3) chance that a, b, the mediator tables something then.
        signed: (M, 3) chance that it is signed.
        least: (M, 2) expected least that each side accepts, while the talks go on; NaN if never.
        short: (M, 2) expected points by which refused offers are below it, to each side; NaN where
            nothing is refused.
    """

    going_on: Floats
    offered: Floats
    signed: Floats
    least: Floats
    short: Floats

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True)
class Change:
    """One answer that differs from the offer before.

    Attributes:
        issue, track: which question.
        before, now: its option in the offer before, and in this one.
    """

    issue: str
    track: str
    before: str
    now: str


@dataclass(frozen=True)
class TrackGround:
    """How much of one track is open to agreement, in issues and in value.

    What is at stake to a side in an issue is the spread of its peace flow over the answers, all
    else as it is; shares are of the side's spreads in all issues together, the mean of the two.

    Attributes:
        track: which.
        issues, stake: how many it has, and the share of all that is at stake.
        overlap, overlap_stake: the same of issues with an answer that both sides would rather have,
            taken alone, than how things stand.
        alone, alone_stake: the same of issues that would be settled alone while the war goes on.
    """

    track: str
    issues: int
    stake: float
    overlap: int
    overlap_stake: float
    alone: int
    alone_stake: float


@dataclass(frozen=True)
class Met:
    """How far an offer goes towards what who answers it would choose, issue by issue.

    Attributes:
        actor: who answers.
        issues: on how many it has the answer that the actor would choose.
        share: how much of what is at stake to the actor, from the worst answers to the best.
        short: points by which it is below the least that the actor accepts; 0 where it would sign.
    """

    actor: str
    issues: int
    share: float
    short: float


@dataclass(frozen=True)
class TabledOffer:
    """A round in words of the scenario.

    Attributes:
        round: the same in numbers.
        day: of the offer.
        actor: who makes it; "" for nobody.
        package: number of the package; None for no offer.
        first: whether nothing has been tabled before.
        changes: answers that differ from the offer before, whoever made that.
        met: what it is to those who answer it.
    """

    round: Round
    day: date
    actor: str
    package: int | None
    first: bool
    changes: tuple[Change, ...]
    met: tuple[Met, ...]

    @property
    def refused_by(self) -> tuple[str, ...]:
        """Who would not sign."""
        return tuple(one.actor for one in self.met if one.short > 0.0)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
