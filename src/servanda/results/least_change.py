"""The least change of some numbers after which every condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Change:
    """Numbers moved.

    Attributes:
        moved: places of those that move, ascending.
        to: (k,) where each of them goes.
        by: (k,) how far, in its spreads, with its sign.
        effort: spreads moved in all.
        margins: (M,) of the conditions then.
    """

    moved: tuple[int, ...]
    to: Floats
    by: Floats
    effort: float
    margins: Floats


class ChangeStatus(StrEnum):
    """What became of the search for a least change."""

    NONE_NEEDED = "none-needed"
    FOUND = "found"
    NONE_FOUND = "none-found"

    @property
    def sentence(self) -> str:
        """What the status means."""
        return _SENTENCES[self]


_SENTENCES = {
    ChangeStatus.NONE_NEEDED: "Every condition holds as it is.",
    ChangeStatus.FOUND: "Every condition holds after the change.",
    ChangeStatus.NONE_FOUND: "No change within the bounds was found after which all hold.",
}


@dataclass(frozen=True, eq=False)
class LeastChange:
    """The answer to a least-change problem.

    Attributes:
        status: whether there is one.
        change: the change; of nothing where none is needed; None where none was found.
        short: places of the conditions that still failed where most was mended; empty otherwise.
        lacking: (len(short),) by how much.
    """

    status: ChangeStatus
    change: Change | None
    short: tuple[int, ...]
    lacking: Floats
