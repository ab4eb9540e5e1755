"""What holds of types throughout one draw: who may be what, and which sets are tried first."""

import numpy as np
from numba import njit

from servanda.kernels.type_arrays import (
    Floats,
    Months,
    Types,
    Ways,
    Work,
)


@njit(cache=True, nogil=True)
def leave_out(months: Months, ways: Ways, work: Work) -> None:
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
def possible(draw: int, types: Types) -> int:
    """Hidden types to which the analyst gives some probability."""
    found = 0
    for g in range(len(types.actor)):
        if types.bit[g] >= 0 and types.prior[draw, -1, g] > 0.0:
            found |= 1 << types.bit[g]
    return found


@njit(cache=True, nogil=True)
def fill_beliefs(draw: int, root: int, types: Types, work: Work) -> None:
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
