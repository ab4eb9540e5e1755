"""Play of a plan with hidden types over many draws, while every actor's type as coded keeps.

Backward induction over (month of decision, hidden types still possible), as in
`servanda.solvers.type_equilibrium`, except that types as coded keep throughout: what is asked is
whether they would rather not.  Serial, no fastmath: the same numbers on every machine.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from servanda.kernels.breach_values import breach_values, fill_powers, keep_values
from servanda.kernels.type_arrays import (
    ATTACK,
    OPEN,
    WITHHELD,
    Flags,
    Floats,
    Integers,
    Months,
    Payoffs,
    Types,
    Ways,
)

KEEPS = -1
"""In place of a way to breach."""

NOBODY = WITHHELD + 1
"""Rank of no breach at all."""

TOLERANCE = 1e-9
MOST_STARTS = 64
ROUNDS = 50


class Work(NamedTuple):
    """What is known of one draw, and of the month in hand."""

    power: Floats  # (P, A, L) of the discount factors
    values: Floats  # (W, P, A) of every way to breach
    live: Flags  # (W,) whether none of the same actor and manner is never worse
    n_ways: Integers  # (M, A) how many of these each actor has
    belief: Floats  # (2^H, A, P) of the others' types, given those possible
    sets: Integers  # (2^H, 2^H) of those possible, the most likely to keep first
    n_sets: Integers  # (2^H,)
    keep: Floats  # (P, A) what the month brings if all keep
    moves: Integers  # (G,) what every type does
    reply: Integers  # (G,) best way to breach
    worth: Floats  # (G, 2) what that is worth, and keeping
    listed: Integers  # (G,) types that breach, actor by actor
    ways: Floats  # (W,) what each is worth to the type in hand


class Nodes(NamedTuple):
    """What follows from each month on, given the hidden types possible; filled from the end."""

    since: Integers  # (2^H,) the earliest month filled
    found: Flags  # (M, 2^H) whether there is an equilibrium
    values: Floats  # (M, 2^H, P, A)
    margins: Floats  # (M, 2^H, A) of the types as coded, along the path on which all keep


@njit(cache=True, nogil=True)
def play_kernel(
    months: Months, ways: Ways, payoffs: Payoffs, types: Types
) -> tuple[Floats, Floats]:
    """Values at the start and smallest margins of the types as coded, in every draw.

    Parameters
    ----------
    months, ways, payoffs, types : see `servanda.kernels.type_arrays`.

    Returns
    -------
    start, margin : (D, A) float. Margins are infinite where nothing tempts, and both are minus
        infinity where the other types have no equilibrium in pure strategies.
    """
    D, (P, A) = types.prior.shape[0], types.of.shape
    W, G, M, N = len(ways.rank), len(types.actor), len(months.row), len(types.sets)
    start, margin = np.full((D, A), -np.inf), np.full((D, A), -np.inf)
    nodes = Nodes(
        np.empty(N, np.int64),
        np.empty((M, N), np.bool_),
        np.empty((M, N, P, A)),
        np.empty((M, N, A)),
    )
    longest = 1
    for lengths in (ways.hidden, ways.lead, months.length):
        for length in lengths:
            longest = max(longest, length)
    work = Work(
        np.empty((P, A, longest + 1)),
        np.empty((W, P, A)),
        np.empty(W, np.bool_),
        np.empty((M, A), np.int64),
        np.empty((N, A, P)),
        np.empty((N, N), np.int64),
        np.empty(N, np.int64),
        np.empty((P, A)),
        np.empty(G, np.int64),
        np.empty(G, np.int64),
        np.empty((G, 2)),
        np.empty(G, np.int64),
        np.empty(W),
    )
    waiting, until = np.empty(N, np.int64), np.empty(N, np.int64)
    for draw in range(D):
        fill_powers(draw, payoffs, work.power)
        breach_values(draw, months, ways, payoffs, types, work.power, work.values)
        _leave_out(months, ways, work)
        root = _possible(draw, types)
        _beliefs(draw, root, types, work)
        nodes.since[:] = M
        waiting[0], until[0], depth = root, 0, 1
        while depth:
            alive = waiting[depth - 1]
            month = nodes.since[alive] - 1
            if month < until[depth - 1]:
                depth -= 1
                continue
            wanted = _solve(draw, month, alive, months, ways, payoffs, types, work, nodes)
            if wanted < 0:
                nodes.since[alive] = month
            else:
                waiting[depth], until[depth], depth = wanted, month + 1, depth + 1
        if nodes.found[0, root]:
            for i in range(A):
                margin[draw, i] = nodes.margins[0, root, i]
                total = 0.0
                for p in range(P):
                    if types.of[p, i] == types.coded[i]:
                        total += work.belief[root, i, p] * nodes.values[0, root, p, i]
                start[draw, i] = total
    return start, margin


@njit(cache=True, nogil=True)
def _solve(
    draw: int,
    month: int,
    alive: int,
    months: Months,
    ways: Ways,
    payoffs: Payoffs,
    types: Types,
    work: Work,
    nodes: Nodes,
) -> int:
    """Fill a node; or the hidden types possible for which the next month must be filled first.

    Types that are worth the same either way keep, unless no equilibrium exists then.
    """
    end = month == len(months.row) - 1
    open_to = _open_to(month, types, work)
    nodes.found[month, alive] = False
    for slack in (TOLERANCE, -TOLERANCE):
        for number in range(work.n_sets[alive]):
            breaching = work.sets[alive, number]
            after = alive & ~breaching
            if breaching & ~open_to:
                continue
            if not end:
                if nodes.since[after] > month + 1:
                    return after
                if not nodes.found[month + 1, after]:
                    continue
            then = month if end else month + 1
            later = nodes.values[then, after]
            keep_values(draw, month, months, payoffs, work.power, later, work.keep)
            if _consistent(month, alive, breaching, slack, months, ways, types, work):
                _fill(month, alive, after, end, months, ways, types, work, nodes)
                return -1
    return -1


@njit(cache=True, nogil=True)
def _fill(
    month: int,
    alive: int,
    after: int,
    end: bool,
    months: Months,
    ways: Ways,
    types: Types,
    work: Work,
    nodes: Nodes,
) -> None:
    """Values to every profile when all move as found, and margins of the types as coded."""
    P, A = types.of.shape
    values = nodes.values[month, alive]
    nodes.found[month, alive] = True
    for i in range(A):
        coded = types.coded[i]
        margin = work.worth[coded, 1] - work.worth[coded, 0]
        if not end:
            margin = min(margin, nodes.margins[month + 1, after, i])
        nodes.margins[month, alive, i] = margin
    for p in range(P):
        rank, count, breakers = _first(p, -1, types.of, work.moves, ways.rank)
        for i in range(A):
            if count == 0:
                values[p, i] = work.keep[p, i]
                continue
            total, own = 0.0, 0.0
            for j in range(A):
                if breakers >> j & 1:
                    value = work.values[work.moves[types.of[p, j]], p, i]
                    total += value
                    if j == i:
                        own = value
            if count > 1 and rank == WITHHELD:
                w = _together(month, breakers, months.together, ways.breakers)
                values[p, i] = work.values[w, p, i]
            elif count > 1 and breakers >> i & 1:
                # nobody gains by breaching in the same month as another
                values[p, i] = min(own, (total - own) / (count - 1))
            else:
                values[p, i] = total / count


@njit(cache=True, nogil=True)
def _consistent(
    month: int,
    alive: int,
    breaching: int,
    slack: float,
    months: Months,
    ways: Ways,
    types: Types,
    work: Work,
) -> bool:
    """Whether it is best for just these types to breach; leaves everybody's moves and replies."""
    count, first = _by_actor(month, breaching, types, work)
    starts = _starts(month, first, count, types, work)
    by_rank = starts > MOST_STARTS
    for start in range(4 if by_rank else starts):
        for ties in range(2 if count else 1):
            _begin(start, by_rank, month, first, count, months, ways, types, work)
            if not _settled(month, alive, count, ties, months, ways, types, work):
                continue
            if _all_pay(count, slack, work) and _others_keep(
                month, alive, breaching, ties, months, ways, types, work
            ):
                return True
    return False


@njit(cache=True, nogil=True)
def _others_keep(
    month: int,
    alive: int,
    breaching: int,
    ties: int,
    months: Months,
    ways: Ways,
    types: Types,
    work: Work,
) -> bool:
    """Whether no other possible type would breach; those no longer possible then move."""
    for g in range(len(types.actor)):
        bit = types.bit[g]
        if bit >= 0 and alive & ~breaching & 1 << bit:
            _best_reply(g, month, alive, ties, months, ways, types, work)
            if _pays(g, TOLERANCE, work.reply, work.worth):
                return False
    for g in range(len(types.actor)):
        if types.bit[g] < 0 or not alive >> types.bit[g] & 1:
            _best_reply(g, month, alive, ties, months, ways, types, work)
    for g in range(len(types.actor)):
        gone = types.bit[g] >= 0 and not alive >> types.bit[g] & 1
        if gone and _pays(g, TOLERANCE, work.reply, work.worth):
            work.moves[g] = work.reply[g]
    return True


@njit(cache=True, nogil=True)
def _settled(
    month: int,
    alive: int,
    count: int,
    ties: int,
    months: Months,
    ways: Ways,
    types: Types,
    work: Work,
) -> bool:
    """Best replies of the types that breach, actor after actor, until none changes."""
    for _ in range(ROUNDS):
        changed = False
        n = 0
        while n < count:
            last = n
            actor = types.actor[work.listed[n]]
            while last < count and types.actor[work.listed[last]] == actor:
                _best_reply(work.listed[last], month, alive, ties, months, ways, types, work)
                last += 1
            for at in range(n, last):
                g = work.listed[at]
                changed |= work.moves[g] != work.reply[g]
                work.moves[g] = work.reply[g]
            n = last
        if not changed:
            return True
    return False


@njit(cache=True, nogil=True)
def _all_pay(count: int, slack: float, work: Work) -> bool:
    for n in range(count):
        if not _pays(work.listed[n], slack, work.reply, work.worth):
            return False
    return True


@njit(cache=True, nogil=True, inline="always")
def _pays(g: int, slack: float, reply: Integers, worth: Floats) -> bool:
    better: bool = reply[g] != KEEPS and worth[g, 0] > worth[g, 1] + slack
    return better


@njit(cache=True, nogil=True)
def _best_reply(
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
        rank, count, breakers = _first(p, actor, types.of, work.moves, ways.rank)
        suffered = 0.0  # the average of what the others' breaches leave
        for j in range(A):
            if breakers >> j & 1:
                suffered += work.values[work.moves[types.of[p, j]], p, actor] / count
        without = work.keep[p, actor] if count == 0 else suffered
        if count > 1 and rank == WITHHELD:
            without = work.values[
                _together(month, breakers, months.together, ways.breakers), p, actor
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
                at = _together(month, both, months.together, ways.breakers)
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
def _first(p: int, but: int, of: Integers, moves: Integers, rank: Integers) -> tuple[int, int, int]:
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
def _together(month: int, breakers: int, together: Integers, whose: Integers) -> int:
    """The way in which just these withhold their parts of an exchange."""
    at = together[month]
    while whose[at] != breakers:
        at += 1
    return at


# ---------------------------------------------------------------- where best replies begin


@njit(cache=True, nogil=True)
def _by_actor(month: int, breaching: int, types: Types, work: Work) -> tuple[int, int]:
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
def _starts(month: int, first: int, count: int, types: Types, work: Work) -> int:
    """Ways in which all but the first actor's types could breach, counted until too many."""
    starts = 1
    for n in range(first, count):
        starts *= work.n_ways[month, types.actor[work.listed[n]]]
        if starts > MOST_STARTS:
            break
    return starts


@njit(cache=True, nogil=True)
def _begin(
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
def _open_to(month: int, types: Types, work: Work) -> int:
    """Hidden types that have a way out in a month."""
    found = 0
    for g in range(len(types.actor)):
        if types.bit[g] >= 0 and work.n_ways[month, types.actor[g]]:
            found |= 1 << types.bit[g]
    return found


# ---------------------------------------------------------------- once a draw


@njit(cache=True, nogil=True)
def _leave_out(months: Months, ways: Ways, work: Work) -> None:
    """Of two breaches of one actor and rank, drop the one whose own value is never larger."""
    M, A = work.n_ways.shape
    work.live[:] = True
    for month in range(M):
        for actor in range(A):
            begin, stop = months.first[month, actor], months.first[month, actor + 1]
            for one in range(begin, stop):
                for other in range(begin, one):
                    if work.live[other] and ways.rank[other] == ways.rank[one]:
                        work.live[one] &= not _never_worse(other, one, actor, work.values)
                for other in range(begin, one if work.live[one] else begin):
                    if ways.rank[other] == ways.rank[one]:
                        work.live[other] &= not _never_worse(one, other, actor, work.values)
            work.n_ways[month, actor] = work.live[begin:stop].sum()


@njit(cache=True, nogil=True, inline="always")
def _never_worse(one: int, other: int, actor: int, values: Floats) -> bool:
    better = True
    for p in range(values.shape[1]):
        better &= values[one, p, actor] >= values[other, p, actor]
    return better


@njit(cache=True, nogil=True)
def _possible(draw: int, types: Types) -> int:
    """Hidden types to which the analyst gives some probability."""
    found = 0
    for g in range(len(types.actor)):
        if types.bit[g] >= 0 and types.prior[draw, -1, g] > 0.0:
            found |= 1 << types.bit[g]
    return found


@njit(cache=True, nogil=True)
def _beliefs(draw: int, root: int, types: Types, work: Work) -> None:
    """Beliefs about the others, and the order in which sets of breaching types are tried."""
    P, A = types.of.shape
    for alive in range(len(types.sets)):
        if alive & ~root:
            continue
        for i in range(A):
            for p in range(P):
                chance = 1.0
                for j in range(A):
                    if j != i:
                        chance *= _marginal(draw, i, j, types.of[p, j], alive, types)
                work.belief[alive, i, p] = chance
        count = 0
        kept = np.empty(len(types.sets))
        for breaching in types.sets:
            if breaching & ~alive:
                continue
            chance = _chance_kept(draw, alive, breaching, types)
            at = count
            while at > 0 and kept[at - 1] < chance:
                kept[at] = kept[at - 1]
                work.sets[alive, at] = work.sets[alive, at - 1]
                at -= 1
            kept[at] = chance
            work.sets[alive, at] = breaching
            count += 1
        work.n_sets[alive] = count


@njit(cache=True, nogil=True)
def _marginal(draw: int, observer: int, actor: int, g: int, alive: int, types: Types) -> float:
    """Probability of one type of an actor among those possible; alike where none had any."""
    mass, own, count = 0.0, 0.0, 0
    possible = False
    for other in range(len(types.actor)):
        bit = types.bit[other]
        if types.actor[other] == actor and (bit < 0 or alive >> bit & 1):
            mass += types.prior[draw, observer, other]
            count += 1
            if other == g:
                own, possible = types.prior[draw, observer, other], True
    if not possible:
        return 0.0
    return own / mass if mass > 0.0 else 1.0 / count


@njit(cache=True, nogil=True)
def _chance_kept(draw: int, alive: int, breaching: int, types: Types) -> float:
    """Chance, to the analyst, that the month is kept when these types breach."""
    chance = 1.0
    for i in range(types.of.shape[1]):
        mass, broken = 0.0, 0.0
        for g in range(len(types.actor)):
            bit = types.bit[g]
            if types.actor[g] == i and (bit < 0 or alive >> bit & 1):
                mass += types.prior[draw, -1, g]
                if bit >= 0 and breaching >> bit & 1:
                    broken += types.prior[draw, -1, g]
        if mass > 0.0:
            chance *= 1.0 - broken / mass
    return float(np.round(chance, 12))
