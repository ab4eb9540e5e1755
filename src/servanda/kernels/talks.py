"""The loop of the talks game, backward for both sides at once."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.strikes import best_level

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NONE, DIVIDED, YIELDED_A, YIELDED_B = -1, -2, -3, -4
"""What may stand in place of a deal: war, a division of the sum, a side that gives in."""

TIE = 1e-12
"""Ties go to agreement."""


class Talks(NamedTuple):
    """A talks problem for the compiler; names and shapes as in the problem."""

    start: int
    discount: Floats
    mean: Floats
    weight: Floats
    odds: Floats
    tempo: Floats
    absorbing: Flags
    absorbed: Floats
    month: Floats
    gives_way: Floats
    imposed: Floats
    freeze: Floats
    frozen: Floats
    recognised: Floats
    deals: Floats
    open: Flags
    mediator: Floats
    pie: Floats
    yields: Floats
    yielded: Floats
    last: Floats


class Strikes(NamedTuple):
    """What strikes add; apart from the rest of the problem, which compiles to faster loops so."""

    month: Floats  # (M, 2, L, 2) ``strikes`` of the problem
    wear: Floats  # (3, M, F, 2, L)


class Deals(NamedTuple):
    """The deals on the table at each position, ranked for each answerer."""

    order: Integers  # (F, 2, C) by falling value to the answerer
    best: Integers  # (F, 2, C) the proposer's best among the first ones of the order
    listed: Integers  # (F, 2) how many are on the table
    mediator: Integers  # (F, C) by falling value to the mediator


@njit(cache=True, nogil=True, inline="always")
def chance_of_a(mean: float, weight: float, odds: float, wins: int, moves: int) -> float:
    """Chance that the next move is a's, after ``wins`` of ``moves``."""
    p = mean
    if not np.isinf(weight):
        p = (weight * mean + wins) / (weight + moves)
    return odds * p / (odds * p + 1.0 - p)


@njit(cache=True, nogil=True, inline="always")
def wins_of_a(moves: int, position: int, start: int) -> int:
    """Moves that were a's, or -1 where the line cannot stand there after so many."""
    twice = moves + position - start
    if twice < 0 or twice % 2 != 0 or twice // 2 > moves:
        return -1
    return twice // 2


@njit(cache=True, nogil=True)
def rank_deals(values: Floats, open_now: Flags, other: int, order: Integers, best: Integers) -> int:
    """Deals on the table by falling value to the answerer, and the proposer's best among the first.

    Parameters
    ----------
    values : (C, 2). open_now : (C,). other : the answerer.
    order : (C,) out. best : (C,) out; best[k] is the proposer's best deal among order[:k+1], the
        earlier one of equals.

    Returns
    -------
    How many are on the table.
    """
    count = 0
    for c in range(values.shape[0]):
        if open_now[c]:
            order[count] = c
            count += 1
    falling = np.argsort(-values[order[:count], other], kind="mergesort")
    order[:count] = order[:count][falling]
    for k in range(count):
        c = order[k]
        if k == 0:
            best[k] = c
            continue
        held = best[k - 1]
        mine, kept = values[c, 1 - other], values[held, 1 - other]
        best[k] = c if mine > kept or (mine == kept and c < held) else held
    return count


@njit(cache=True, nogil=True, inline="always")
def best_offer(
    values: Floats, order: Integers, best: Integers, count: int, other: int, least: float
) -> int:
    """The proposer's best deal that is worth at least ``least`` to the answerer; -1 for none."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if values[order[middle], other] >= least - TIE:
            low = middle + 1
        else:
            high = middle
    return best[low - 1] if low > 0 else -1


@njit(cache=True, nogil=True, inline="always")
def if_none_gives_way(g: Talks, i: int, m: int, n: int, f: int, wins: int, later: Floats) -> float:
    """Value to side i of the end of a month in which nobody gives way, in its own beliefs.

    ``later`` is (N, F, 2), values at the start of the next month.
    """
    F = g.tempo.shape[1]
    p = chance_of_a(g.mean[i], g.weight[i], g.odds[m, f], wins, n)
    up = g.tempo[m, f] * p if f < F - 1 else 0.0
    down = g.tempo[m, f] * (1.0 - p) if f > 0 else 0.0
    ice = g.freeze[i, m]
    value = (1.0 - up - down) * ((1.0 - ice) * later[n, f, i] + ice * g.frozen[f, i])
    if up > 0.0:
        if g.absorbing[1] and f + 1 == F - 1:
            value += up * g.absorbed[1, i]
        else:
            value += up * ((1.0 - ice) * later[n + 1, f + 1, i] + ice * g.frozen[f + 1, i])
    if down > 0.0:
        if g.absorbing[0] and f - 1 == 0:
            value += down * g.absorbed[0, i]
        else:
            value += down * ((1.0 - ice) * later[n + 1, f - 1, i] + ice * g.frozen[f - 1, i])
    return float(value)


@njit(cache=True, nogil=True, inline="always")
def continuation(
    g: Talks, s: Strikes, i: int, m: int, f: int, level_a: int, level_b: int, otherwise: float
) -> float:
    """Value to side i of a month of war and what follows, in its own beliefs.

    ``otherwise`` is what it ends in if nobody gives way.
    """
    out_a = g.gives_way[i, m, f, 0] + s.wear[i, m, f, 1, level_b]
    out_b = g.gives_way[i, m, f, 1] + s.wear[i, m, f, 0, level_a]
    value = (1.0 - out_a - out_b) * otherwise + out_a * g.imposed[0, i] + out_b * g.imposed[1, i]
    month = g.month[m, f, i] + s.month[m, 0, level_a, i] + s.month[m, 1, level_b, i]
    return float(month + g.discount[i] * value)


@njit(cache=True, nogil=True)
def talks_backward(
    g: Talks,
    s: Strikes,
    values: Floats,
    refusal: Floats,
    chosen: NDArray[Any],
    striking: NDArray[np.uint8],
) -> None:
    """Solve the game.

    Parameters
    ----------
    g, s : the problem.
    values : (M + 1, M + 1, F, 2) out, value at the start of a month, by moves so far and position;
        NaN where the line cannot stand.
    refusal : (M, M + 1, F, 2) out, value of a month of war and what follows.
    chosen : (M, M + 1, F, 3) int16 out, the deal agreed when a, b or the mediator is recognised, or
        NONE, DIVIDED, YIELDED_A, YIELDED_B.
    striking : (M, M + 1, F, 2) uint8 out, the level at which each side strikes in a month of war.

    Cost: O(M² F (log C + C·[the mediator may offer])).
    """
    M, F = g.month.shape[0], g.month.shape[1]
    C = g.deals.shape[1]
    values[:] = np.nan
    refusal[:] = np.nan
    chosen[:] = NONE
    striking[:] = 0
    L = s.month.shape[2]
    for n in range(M + 1):
        for f in range(F):
            if wins_of_a(n, f, g.start) >= 0:
                values[M, n, f] = g.last[n, f]
    table = Deals(
        np.empty((F, 2, max(C, 1)), dtype=np.int64),
        np.empty((F, 2, max(C, 1)), dtype=np.int64),
        np.zeros((F, 2), dtype=np.int64),
        np.empty((F, C), dtype=np.int64),
    )
    for f in range(F):
        table.mediator[f] = np.argsort(-g.mediator[f], kind="mergesort")
    worth = np.empty(2)
    for m in range(M - 1, -1, -1):
        for f in range(F):
            changed = m == M - 1
            for c in range(C):
                if changed or g.open[m, f, c] != g.open[m + 1, f, c]:
                    changed = True
                    break
            if changed:
                for other in range(2):
                    table.listed[f, other] = rank_deals(
                        g.deals[f], g.open[m, f], other, table.order[f, other], table.best[f, other]
                    )
        for n in range(m + 1):
            for f in range(F):
                wins = wins_of_a(n, f, g.start)
                if wins < 0:
                    continue
                if (g.absorbing[0] and f == 0) or (g.absorbing[1] and f == F - 1):
                    values[m, n, f] = g.absorbed[0 if f == 0 else 1]
                    refusal[m, n, f] = values[m, n, f]
                    continue
                if_a = if_none_gives_way(g, 0, m, n, f, wins, values[m + 1])
                if_b = if_none_gives_way(g, 1, m, n, f, wins, values[m + 1])
                level_a, level_b = 0, 0
                if L > 1:
                    level_a, level_b = _level(g, s, 0, m, f, if_a), _level(g, s, 1, m, f, if_b)
                    striking[m, n, f, 0], striking[m, n, f, 1] = level_a, level_b
                worth[0] = continuation(g, s, 0, m, f, level_a, level_b, if_a)
                worth[1] = continuation(g, s, 1, m, f, level_a, level_b, if_b)
                ending = _gives_in(g, worth)
                if ending == YIELDED_A:
                    worth[:] = g.yielded[0]
                elif ending == YIELDED_B:
                    worth[:] = g.yielded[1]
                refusal[m, n, f] = worth
                _agree(g, table, m, n, f, worth, ending, values, chosen)


@njit(cache=True, nogil=True)
def _level(g: Talks, s: Strikes, side: int, m: int, f: int, otherwise: float) -> int:
    """The level at which a side strikes."""
    hope = g.discount[side] * (g.imposed[1 - side, side] - otherwise)
    return best_level(s.month[m, side, :, side], s.wear[side, m, f, side], hope)


@njit(cache=True, nogil=True, inline="always")
def _gives_in(g: Talks, worth: Floats) -> int:
    """Which side would rather give in than fight on; the one that is further below if both."""
    short_a, short_b = g.yields[0] - worth[0], g.yields[1] - worth[1]
    if short_a > 0.0 and short_a >= short_b:
        return YIELDED_A
    if short_b > 0.0:
        return YIELDED_B
    return NONE


@njit(cache=True, nogil=True, inline="always")
def _agree(
    g: Talks,
    table: Deals,
    m: int,
    n: int,
    f: int,
    worth: Floats,
    ending: int,
    values: Floats,
    chosen: NDArray[Any],
) -> None:
    """What is agreed when each proposer is recognised at this state, and the state's values."""
    got = np.empty(2)
    silent = np.ones(2)
    total = np.zeros(2)
    for who in range(3):
        got[:] = worth
        deal = ending
        if ending == NONE:
            if who < 2:
                deal = _sides_offer(g, table, m, f, who, worth, got)
            else:
                deal = _mediators_offer(g, table, m, f, worth, got)
        chosen[m, n, f, who] = deal
        for i in range(2):
            silent[i] -= g.recognised[i, m, who]
            total[i] += g.recognised[i, m, who] * got[i]
    for i in range(2):
        values[m, n, f, i] = total[i] + silent[i] * worth[i]


@njit(cache=True, nogil=True, inline="always")
def _sides_offer(
    g: Talks, table: Deals, m: int, f: int, who: int, worth: Floats, got: Floats
) -> int:
    """The best that a side can have accepted, if that is worth at least fighting on to it."""
    other = 1 - who
    deal = NONE
    mine = worth[who] - TIE
    c = best_offer(
        g.deals[f],
        table.order[f, other],
        table.best[f, other],
        table.listed[f, other],
        other,
        worth[other],
    )
    if c >= 0 and g.deals[f, c, who] >= mine:
        deal = c
        mine = g.deals[f, c, who]
        got[:] = g.deals[f, c]
    rest = g.pie[f] - worth[other]
    if rest >= mine and (deal == NONE or rest > mine):
        deal = DIVIDED
        got[who], got[other] = rest, worth[other]
    return deal


@njit(cache=True, nogil=True, inline="always")
def _mediators_offer(g: Talks, table: Deals, m: int, f: int, worth: Floats, got: Floats) -> int:
    """The mediator's best among what both would sign, else an even division of what is gained."""
    deal = NONE
    order, best, listed = table.order[f, 1], table.best[f, 1], table.listed[f, 1]
    some = best_offer(g.deals[f], order, best, listed, 1, worth[1])  # best for a
    if some >= 0 and g.deals[f, some, 0] >= worth[0] - TIE:  # else there is none to look for
        for c in table.mediator[f]:
            if (
                g.open[m, f, c]
                and g.deals[f, c, 0] >= worth[0] - TIE
                and g.deals[f, c, 1] >= worth[1] - TIE
            ):
                deal = c
                break
    gained = g.pie[f] - worth[0] - worth[1]
    if deal != NONE:
        got[:] = g.deals[f, deal]
    elif gained >= -TIE:
        deal = DIVIDED
        for i in range(2):
            got[i] = worth[i] + gained / 2.0
    return deal
