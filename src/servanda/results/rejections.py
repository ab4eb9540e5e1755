"""What answers to offers teach about the side that gave them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Learning:
    """A belief over N draws before and after each of T answers.

    Attributes:
        weights: (T + 1, N) probability of each draw before the first answer, and after each.
        chance: (T,) how likely each answer was, before it came.
        bits: (T,) information in each: relative entropy of the belief after it to that before.
        total_bits: the same of the last belief to the first.
        effective: (T + 1,) how many equally likely draws each belief is worth (Kish).
    """

    weights: Floats
    chance: Floats
    bits: Floats
    total_bits: float
    effective: Floats


@dataclass(frozen=True)
class AnswerTeaches:
    """One answer, and what is known of who gave it before and after.

    Attributes:
        month, day: of the round.
        actor: who answered.
        package: the deal it answered.
        signed: whether it would sign.
        chance: how likely the answer was, before it came.
        bits: information in it.
        before, after: 5th, 50th and 95th percentile of the least that the actor accepts in that
            month, knowing what came before, and this answer too.
        prior: the same, knowing no answer.
    """

    month: int
    day: date
    actor: str
    package: int
    signed: bool
    chance: float
    bits: float
    prior: tuple[float, float, float]
    before: tuple[float, float, float]
    after: tuple[float, float, float]


@dataclass(frozen=True)
class LineTested:
    """A red line that an offer answered by its holder would have crossed.

    Attributes:
        red_line, actor: which, and whose.
        prior, posterior: how likely it is to be a real one, before and after all answers.
    """

    red_line: str
    actor: str
    prior: float
    posterior: float


@dataclass(frozen=True, eq=False)
class RejectionsTeach:
    """What the rounds of one course teach.

    Attributes:
        draws: how many states of the world are weighed.
        misjudged: points by which a side may misjudge what an offer is worth to it.
        answers: in the order in which they came.
        bits: information in all of them.
        effective: draws that the last belief is worth.
        lines: red lines put to the test.
    """

    draws: int
    misjudged: float
    answers: tuple[AnswerTeaches, ...]
    bits: float
    effective: float
    lines: tuple[LineTested, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
