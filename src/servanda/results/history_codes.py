"""What a history may end in, and what a month of it may be: names of what the kernel writes."""

from enum import IntEnum


class Outcome(IntEnum):
    """How a history stands at its horizon, in the order of `HistoryDraws.outcome`."""

    STILL_FIGHTING = 0
    A_GAVE_WAY = 1
    B_GAVE_WAY = 2
    LOW_END = 3
    """The line reached position 0: side a is driven off it."""
    HIGH_END = 4
    FROZEN = 5
    """The war stopped without a deal."""
    A_GAVE_IN = 6
    """Side a would rather end the war than go on, and did so at the table."""
    B_GAVE_IN = 7
    DIVIDED = 8
    """A sum was divided and nothing else was to be carried out."""
    AWAITING_VOTE = 9
    KEPT = 10
    BROKEN_BY_WAR = 11
    BROKEN_AND_POCKETED = 12
    STEP_FAILED = 13


class Phase(IntEnum):
    """What the beginning of a month finds, in the order of `HistoryDraws.phases`."""

    WAR = 0
    TRUCE = 1
    VOTING = 2
    IMPLEMENTING = 3
    PEACE = 4
    """All that was agreed has been done."""
    FROZEN = 5
    """Stopped without a deal, or after a breach that was pocketed or a step that failed."""
    WAR_AGAIN = 6
    DECIDED = 7
    """A side gave way or in, or the line reached its end, in the first war or the next."""
