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
    TOLERANCE,
    WITHHELD,
    Flags,
    Floats,
    Integers,
    Months,
    Payoffs,
    Types,
    Ways,
    Work,
)
from servanda.kernels.type_beliefs import fill_beliefs, leave_out, possible
from servanda.kernels.type_replies import (
    MOST_STARTS,
    begin,
    best_reply,
    first_breaches,
    list_by_actor,
    open_to_breach,
    pays,
    starts_of,
    withheld_together,
)

ROUNDS = 50
"""Best replies tried before a set of breaching types counts as inconsistent."""


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
        leave_out(months, ways, work)
        root = possible(draw, types)
        fill_beliefs(draw, root, types, work)
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
    open_to = open_to_breach(month, types, work)
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
        rank, count, breakers = first_breaches(p, -1, types.of, work.moves, ways.rank)
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
                w = withheld_together(month, breakers, months.together, ways.breakers)
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
    count, first = list_by_actor(month, breaching, types, work)
    starts = starts_of(month, first, count, types, work)
    by_rank = starts > MOST_STARTS
    for start in range(4 if by_rank else starts):
        for ties in range(2 if count else 1):
            begin(start, by_rank, month, first, count, months, ways, types, work)
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
            best_reply(g, month, alive, ties, months, ways, types, work)
            if pays(g, TOLERANCE, work.reply, work.worth):
                return False
    for g in range(len(types.actor)):
        if types.bit[g] < 0 or not alive >> types.bit[g] & 1:
            best_reply(g, month, alive, ties, months, ways, types, work)
    for g in range(len(types.actor)):
        gone = types.bit[g] >= 0 and not alive >> types.bit[g] & 1
        if gone and pays(g, TOLERANCE, work.reply, work.worth):
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
                best_reply(work.listed[last], month, alive, ties, months, ways, types, work)
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
        if not pays(work.listed[n], slack, work.reply, work.worth):
            return False
    return True
