"""Histories as arrays for the compiler, and the numbers that stand for what happens in them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Counts = NDArray[np.int32]
Flags = NDArray[np.bool_]

# Purposes of numbers, in the counter.
WAR, VOTE, PLAN = np.uint64(0), np.uint64(1), np.uint64(2)

# Columns of a row, in the order of `results.histories.HistoryDraws`.
(
    OUTCOME,
    AGREED,
    DEAL,
    SIGNED_AT,
    VOTED_DOWN_BY,
    IN_FORCE,
    COMPLETED,
    ENDED,
    BROKEN,
    BY,
    WAY,
    STAGE,
    MOMENT,
    WAR_AGAIN,
    AGAIN_ENDED,
    LINE_AT_END,
    MONTHS,
    TRUCES,
) = range(18)
N_COLUMNS = 18

# How a history stands at its horizon; named in `results.history_codes`, as are phases.
(
    STILL_FIGHTING,
    A_GAVE_WAY,
    B_GAVE_WAY,
    LOW_END,
    HIGH_END,
    FROZEN,
    A_GAVE_IN,
    B_GAVE_IN,
    SUM_DIVIDED,
    AWAITING_VOTE,
    KEPT,
    BROKEN_BY_WAR,
    BROKEN_AND_POCKETED,
    STEP_FAILED,
) = range(14)
N_OUTCOMES = 14

# What the beginning of a month finds.
(
    AT_WAR,
    IN_TRUCE,
    VOTING,
    IMPLEMENTING,
    PEACE,
    ALL_FROZEN,
    AT_WAR_AGAIN,
    DECIDED,
) = range(8)
N_PHASES = 8

MEDIATOR = 2


class Front(NamedTuple):
    """The first war as the analyst sees it: M months, F positions."""

    start: int
    mean: float
    weight: float
    low_end: bool  # whether the war is over when the line reaches it
    high_end: bool
    odds: Floats  # (M, F)
    tempo: Floats  # (M, F)
    gives_way: Floats  # (M, F, 2)
    freeze: Floats  # (M,)
    frozen: Floats  # (F, 2)
    month: Floats  # (M, F, 2)
    campaigns: bool  # whether there is anything to strike with
    strikes: Floats  # (M, 2, L, 2)
    wear: Floats  # (M, F, 2, L)


class Table(NamedTuple):
    """What is agreed in the talks; names and shapes as in the problem."""

    recognised: Floats  # (M, 3)
    chosen: NDArray[np.int16]
    striking: NDArray[np.uint8]
    refusal: Floats
    pie: Floats
    deals: Floats
    plan_of: Integers


class Lulls(NamedTuple):
    """Truces; names and shapes as in the problem."""

    starts: Floats
    breaks: Floats
    month: Floats
    tired: Floats
    tempo: Floats
    stops: Flags


class Plans(NamedTuple):
    """Plan rows; names and shapes as in the problem, but for ``reach``."""

    passes: Floats
    ratify_months: Integers
    stages: Integers
    stage: Integers
    lasts: Flags
    fights: Flags
    reach: Floats  # (R, Q, K) running sum of the hazards
    step_fails: Floats
    flow: Floats
    war_after: Integers
    pocketed: Floats
    failed: Floats
    actor: Integers  # (K,)


class Wars(NamedTuple):
    """Wars that may follow; names and shapes as in the problem."""

    start: Integers
    tempo: Floats
    chance: Floats
    gives_way: Floats
    freeze: Floats
    month: Floats
    frozen: Floats


class Scale(NamedTuple):
    """What values count."""

    discount: Floats  # (2,)
    now: Floats  # (H + 1, 2) worth in month 0 of a value in each month
    ends: Floats  # (N_OUTCOMES, 2) value for ever once a side gave way or in, or an end is reached


class Source(NamedTuple):
    """Where the numbers of one history come from."""

    history: np.uint64
    seed: np.uint64
    policy: np.uint64


class Record(NamedTuple):
    """What one history writes to; see `walk_histories`."""

    row: Counts
    value: Floats
    line: Counts
    phases: Counts
    struck: Counts
