"""What is best for one type in one month, given what all others do; where replies begin."""

import numpy as np
from numba import njit

from servanda.kernels.type_arrays import (
    ATTACK,
    KEEPS,
    NOBODY,
    OPEN,
    TOLERANCE,
    WITHHELD,
    Floats,
    Integers,
    Months,
    Types,
    Ways,
    Work,
)

MOST_STARTS = 64
"""Ways of breaching together from which equilibria of a set are looked for."""


@njit(cache=True, nogil=True)
def best_reply(
    g: int,
    month: int,
    alive: int,
    ties: int,
    months: Months,
    ways: Ways,
    types: Types,
    work: Work,
) -> None:
    """A type's best breach against what the others do, what it is worth, and what keeping is."""
    actor = types.actor[g]
    A = types.of.shape[1]
    begin, stop = months.first[month, actor], months.first[month, actor + 1]
    work.ways[begin:stop] = 0.0
    keeping = 0.0
    for p in range(len(types.of)):
        weight = work.belief[alive, actor, p]
        if types.of[p, actor] != g or weight == 0.0:
            continue
        rank, count, breakers = first_breaches(p, actor, types.of, work.moves, ways.rank)
        suffered = 0.0  # the average of what the others' breaches leave
        for j in range(A):
            if breakers >> j & 1:
                suffered += work.values[work.moves[types.of[p, j]], p, actor] / count
        without = work.keep[p, actor] if count == 0 else suffered
        if count > 1 and rank == WITHHELD:
            without = work.values[
                withheld_together(month, breakers, months.together, ways.breakers), p, actor
            ]
        keeping += weight * without
        for w in range(begin, stop):
            if not work.live[w]:
                continue
            if rank > ways.rank[w]:
                value = work.values[w, p, actor]
            elif rank < ways.rank[w]:
                value = without
            elif rank == WITHHELD:
                both = breakers | ways.breakers[w]
                at = withheld_together(month, both, months.together, ways.breakers)
                value = work.values[at, p, actor]
            else:  # nobody gains by breaching in the same month as another
                value = min(work.values[w, p, actor], suffered)
            work.ways[w] += weight * value
    best, value = KEEPS, -np.inf
    for place in range(3):
        wanted = WITHHELD
        if place < 2:
            wanted = OPEN if place == ties else ATTACK
        for w in range(begin, stop):
            if work.live[w] and ways.rank[w] == wanted and work.ways[w] >= value - TOLERANCE:
                best, value = w, max(work.ways[w], value)
    work.reply[g] = best
    work.worth[g, 0] = value
    work.worth[g, 1] = keeping


@njit(cache=True, nogil=True, inline="always")
def first_breaches(
    p: int, but: int, of: Integers, moves: Integers, rank: Integers
) -> tuple[int, int, int]:
    """Which breaches come first in a profile, but for one actor's: rank, how many, whose."""
    first, count, breakers = NOBODY, 0, 0
    for j in range(of.shape[1]):
        w = moves[of[p, j]]
        if j != but and w != KEEPS and rank[w] <= first:
            if rank[w] < first:
                first, count, breakers = rank[w], 0, 0
            count += 1
            breakers |= 1 << j
    return first, count, breakers


@njit(cache=True, nogil=True, inline="always")
def withheld_together(month: int, breakers: int, together: Integers, whose: Integers) -> int:
    """The way in which just these withhold their parts of an exchange."""
    at = together[month]
    while whose[at] != breakers:
        at += 1
    return at


@njit(cache=True, nogil=True, inline="always")
def pays(g: int, slack: float, reply: Integers, worth: Floats) -> bool:
    """Whether a type's best breach is worth more than keeping, by more than the slack."""
    better: bool = reply[g] != KEEPS and worth[g, 0] > worth[g, 1] + slack
    return better


@njit(cache=True, nogil=True)
def list_by_actor(month: int, breaching: int, types: Types, work: Work) -> tuple[int, int]:
    """List the types that breach, those of the actor with most ways first; how many, how many its.

    Types of one actor never meet, so its own need no start.
    """
    done, count, first = 0, 0, 0
    while breaching:
        best, most = -1, 0
        for i in range(types.of.shape[1]):
            number = 0
            for g in range(len(types.actor)):
                bit = types.bit[g]
                number += types.actor[g] == i and bit >= 0 and breaching >> bit & 1
            if not done >> i & 1 and number and work.n_ways[month, i] ** number > most:
                best, most = i, work.n_ways[month, i] ** number
        if best < 0:
            break
        done |= 1 << best
        for g in range(len(types.actor)):
            bit = types.bit[g]
            if types.actor[g] == best and bit >= 0 and breaching >> bit & 1:
                work.listed[count] = g
                count += 1
        first = first or count
    return count, first


@njit(cache=True, nogil=True)
def starts_of(month: int, first: int, count: int, types: Types, work: Work) -> int:
    """Ways in which all but the first actor's types could breach, counted until too many."""
    starts = 1
    for n in range(first, count):
        starts *= work.n_ways[month, types.actor[work.listed[n]]]
        if starts > MOST_STARTS:
            break
    return starts


@njit(cache=True, nogil=True)
def begin(
    start: int,
    by_rank: bool,
    month: int,
    first: int,
    count: int,
    months: Months,
    ways: Ways,
    types: Types,
    work: Work,
) -> None:
    """Moves from which best replies begin: all but one actor's breaches, in every way if few.

    Otherwise: all others keep; then, all breach in the same manner, for each manner.
    """
    work.moves[:] = KEEPS
    left = start
    for n in range(count - 1, first - 1, -1):
        g = work.listed[n]
        actor = types.actor[g]
        wanted = -1
        if not by_rank:
            wanted = left % work.n_ways[month, actor]
            left //= work.n_ways[month, actor]
        for w in range(months.first[month, actor], months.first[month, actor + 1]):
            if not work.live[w]:
                continue
            if by_rank and start and ways.rank[w] == start - 1 and work.moves[g] == KEEPS:
                work.moves[g] = w
            if wanted == 0:
                work.moves[g] = w
            wanted -= 1


@njit(cache=True, nogil=True)
def open_to_breach(month: int, types: Types, work: Work) -> int:
    """Hidden types that have a way out in a month."""
    found = 0
    for g in range(len(types.actor)):
        if types.bit[g] >= 0 and work.n_ways[month, types.actor[g]]:
            found |= 1 << types.bit[g]
    return found
