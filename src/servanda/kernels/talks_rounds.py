"""Loops over the states of a solved talks game: how likely each is, and what is tabled there."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.talks import (
    NONE,
    TIE,
    YIELDED_A,
    Floats,
    Strikes,
    Talks,
    chance_of_a,
    wins_of_a,
)


@njit(cache=True, nogil=True)
def talks_states(
    g: Talks,
    s: Strikes,
    chosen: NDArray[Any],
    striking: NDArray[np.uint8],
    believer: int,
    chance: Floats,
) -> None:
    """Chance of each state at the start of each month, in one believer's beliefs.

    Parameters
    ----------
    g, s, chosen, striking : the problem and what is agreed and done, as in
        `servanda.kernels.talks.talks_backward`.
    believer : 0 for a, 1 for b, 2 for the analyst.
    chance : (M + 1, M + 1, F) out, by month, moves so far and position; zeros come in.
    """
    M, F = g.tempo.shape
    chance[0, 0, g.start] = 1.0
    for m in range(M):
        for n in range(m + 1):
            for f in range(F):
                left = chance[m, n, f]
                if left <= 0.0 or chosen[m, n, f, 0] <= YIELDED_A:
                    continue
                agreed = 0.0
                for who in range(3):
                    if chosen[m, n, f, who] != NONE:
                        agreed += g.recognised[believer, m, who]
                out = 0.0
                for side in range(2):
                    out += g.gives_way[believer, m, f, side]
                    out += s.wear[believer, m, f, side, striking[m, n, f, side]]
                left *= max(1.0 - agreed, 0.0) * (1.0 - out) * (1.0 - g.freeze[believer, m])
                wins = wins_of_a(n, f, g.start)
                p = chance_of_a(g.mean[believer], g.weight[believer], g.odds[m, f], wins, n)
                up = g.tempo[m, f] * p if f < F - 1 else 0.0
                down = g.tempo[m, f] * (1.0 - p) if f > 0 else 0.0
                chance[m + 1, n, f] += left * (1.0 - up - down)
                if up > 0.0 and not (g.absorbing[1] and f + 1 == F - 1):
                    chance[m + 1, n + 1, f + 1] += left * up
                if down > 0.0 and not (g.absorbing[0] and f - 1 == 0):
                    chance[m + 1, n + 1, f - 1] += left * down


@njit(cache=True, nogil=True)
def talks_tabled(g: Talks, refusal: Floats, chosen: NDArray[Any], tabled: NDArray[Any]) -> None:
    """What is tabled at each state, signed or not.

    What is signed is what the game has. Where nothing would be, any offer is as good as silence to
    whoever makes it. The convention: a side tables, of the deals it would itself rather sign than
    wait, the one that the other side is least short of, the better one for itself of equals; the
    mediator the one that the two sides together are least short of.

    Parameters
    ----------
    g, refusal, chosen : the problem and its solution.
    tabled : (M, M + 1, F, 3) int16 out, deal by who makes the offer, or what ``chosen`` has.
    """
    M, F = g.tempo.shape
    C = g.deals.shape[1]
    short = np.empty(2)
    for m in range(M):
        for n in range(m + 1):
            for f in range(F):
                for who in range(3):
                    tabled[m, n, f, who] = chosen[m, n, f, who]
                    if chosen[m, n, f, who] != NONE or wins_of_a(n, f, g.start) < 0:
                        continue
                    least, best = np.inf, -np.inf
                    for c in range(C):
                        if not g.open[m, f, c]:
                            continue
                        for i in range(2):
                            short[i] = max(refusal[m, n, f, i] - g.deals[f, c, i], 0.0)
                        if who < 2 and short[who] > TIE:
                            continue
                        missing = short[0] + short[1] if who == 2 else short[1 - who]
                        mine = g.mediator[f, c] if who == 2 else g.deals[f, c, who]
                        if missing < least - TIE or (missing < least + TIE and mine > best):
                            least, best = missing, mine
                            tabled[m, n, f, who] = c
