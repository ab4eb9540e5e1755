"""The loop that follows a solved talks game forward, with the analyst's beliefs."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.talks import (
    DIVIDED,
    NONE,
    YIELDED_A,
    YIELDED_B,
    Floats,
    Strikes,
    Talks,
    chance_of_a,
    wins_of_a,
)


@njit(cache=True, nogil=True)
def talks_forward(
    g: Talks,
    s: Strikes,
    refusal: Floats,
    chosen: NDArray[Any],
    striking: NDArray[np.uint8],
    fighting: Floats,
    signed: Floats,
    divided: Floats,
    yielded: Floats,
    given_way: Floats,
    frozen: Floats,
    absorbed: Floats,
    line: Floats,
    at_war: Floats,
    struck: Floats,
    ending_value: Floats,
) -> None:
    """Follow the game with the analyst's beliefs.

    Parameters
    ----------
    g, s, refusal, chosen, striking : the problem and its solution.
    fighting : (M + 1,) out, probability of no end before month m.
    signed : (M, F, C) out, probability that a deal is signed in month m at position f.
    divided : (M, F) out, the same for a division of the sum.
    yielded, given_way : (M, 2) out, probability that a side gives in, or gives way.
    frozen : (M,) out. absorbed : (M, 2) out, that the line reaches an end.
    line : (M + 1, F) out, where the line stands while no end has come.
    at_war : (M, M + 1, F) out, probability of a state in which no agreement is found.
    struck : (M, 2, L) out, probability of a month of war in which a side strikes at a level.
    ending_value : (2,) out, expected value of what the war ends in, counted from that day.
    """
    M, F = g.tempo.shape
    here = np.zeros((M + 2, F))
    here[0, g.start] = 1.0
    for m in range(M):
        after = np.zeros((M + 2, F))
        for n in range(m + 1):
            for f in range(F):
                mass = here[n, f]
                if mass <= 0.0:
                    continue
                fighting[m] += mass
                line[m, f] += mass
                left = mass
                ending = chosen[m, n, f, 0]
                if ending == YIELDED_A or ending == YIELDED_B:
                    side = 0 if ending == YIELDED_A else 1
                    yielded[m, side] += mass
                    ending_value += mass * g.yielded[side]
                    continue
                for who in range(3):
                    deal = chosen[m, n, f, who]
                    share = mass * g.recognised[2, m, who]
                    if deal == NONE or share == 0.0:
                        continue
                    left -= share
                    if deal == DIVIDED:
                        divided[m, f] += share
                        gained = g.pie[f] - refusal[m, n, f, 0] - refusal[m, n, f, 1]
                        for i in range(2):
                            extra = gained / 2.0 if who == 2 else (gained if who == i else 0.0)
                            ending_value[i] += share * (refusal[m, n, f, i] + extra)
                    else:
                        signed[m, f, deal] += share
                        ending_value += share * g.deals[f, deal]
                if left <= 1e-300:
                    continue
                at_war[m, n, f] = left
                stays = 1.0
                for side in range(2):
                    level = striking[m, n, f, side]
                    struck[m, side, level] += left
                    out = g.gives_way[2, m, f, side]
                    out += s.wear[2, m, f, 1 - side, striking[m, n, f, 1 - side]]
                    given_way[m, side] += left * out
                    ending_value += left * out * g.imposed[side]
                    stays -= out
                left *= stays
                wins = wins_of_a(n, f, g.start)
                p = chance_of_a(g.mean[2], g.weight[2], g.odds[m, f], wins, n)
                up = g.tempo[m, f] * p if f < F - 1 else 0.0
                down = g.tempo[m, f] * (1.0 - p) if f > 0 else 0.0
                ice = g.freeze[2, m]
                for step in range(-1, 2):
                    share = left * (up if step == 1 else (down if step == -1 else 1.0 - up - down))
                    if share == 0.0:
                        continue
                    to = f + step
                    if step == 1 and g.absorbing[1] and to == F - 1:
                        absorbed[m, 1] += share
                        ending_value += share * g.absorbed[1]
                    elif step == -1 and g.absorbing[0] and to == 0:
                        absorbed[m, 0] += share
                        ending_value += share * g.absorbed[0]
                    else:
                        after[n + abs(step), to] += share * (1.0 - ice)
                        frozen[m] += share * ice
                        ending_value += share * ice * g.frozen[to]
        here = after
    for n in range(M + 1):
        for f in range(F):
            fighting[M] += here[n, f]
            line[M, f] += here[n, f]
