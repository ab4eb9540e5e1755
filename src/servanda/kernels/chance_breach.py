"""What a breach, or a step that fails, leaves everybody with, on a plan with chance on its path."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.chance_arrays import (
    ACTOR,
    HIDDEN,
    IS_ATTACK,
    KNOT,
    LEAD,
    OTHERS,
    REACHED,
    REACHED_FIGHTING,
    STEPS,
    WITHHELD,
    Game,
    Path,
)

Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def after_breach(
    path: Path, game: Game, line: int, p: int, begin: int, end: int, out: Floats
) -> None:
    """Value of a breach to actors ``begin`` to ``end - 1``, in each regime, written to ``out``."""
    breaker = path.lines[line, ACTOR]
    row = path.lines[line, REACHED]
    knot = path.lines[line, KNOT]
    hidden = path.lines[line, HIDDEN]
    others = path.lines[line, OTHERS]
    weight = path.weight[line]
    table = game.attack if path.lines[line, IS_ATTACK] == 1 else game.renege
    R = out.shape[0]
    for r in range(R):
        for j in range(begin, end):
            out[r, j] = table[r, row, knot, breaker, j]
            if weight > 0.0:
                out[r, j] += weight * (table[r, row, knot + 1, breaker, j] - out[r, j])
    if hidden > 0:
        fighting = path.lines[line, REACHED_FIGHTING] == 1
        month = path.calendar[p] + path.lines[line, LEAD]
        for j in range(begin, end):
            extra = -game.fighting_cost[j] if fighting else 0.0
            if j == breaker:
                extra += sum_of(game.gain, path.lines[line, STEPS], j)
            for w in range(hidden - 1, -1, -1):
                month_before(game, j, month + w, row, extra, out)
    if path.lines[line, WITHHELD] == 1:
        k = path.stage[p]
        for j in range(begin, end):
            chance = passing(game, j, others)
            if chance < 1.0:
                for r in range(R):
                    out[r, j] = chance * out[r, j] + (1.0 - chance) * failure(path, game, k, r, j)
            extra = -game.fighting_cost[j] if path.fighting[p] else 0.0
            for w in range(path.lines[line, LEAD] - 1, -1, -1):
                month_before(game, j, path.calendar[p] + w, path.row[p], extra, out)
    if path.first[p] and others != 0:
        for j in range(begin, end):
            if j != breaker:
                cost = (1.0 - game.discount[j]) * sum_of(game.costs, others, j)
                for r in range(R):
                    out[r, j] -= cost


@njit(cache=True, nogil=True)
def month_before(game: Game, i: int, month: int, row: int, extra: float, out: Floats) -> None:
    """Take values (R, A) of one actor from the start of the next month back to that of this one."""
    delta = game.discount[i]
    R = out.shape[0]
    if R == 1:
        out[0, i] = (1.0 - delta) * (game.flows[0, row, i] + extra) + delta * out[0, i]
        return
    at = min(month + 1, game.move.shape[1] - 1)
    later = out[:, i].copy()
    for r in range(R):
        ahead = 0.0
        for q in range(R):
            ahead += game.move[i, at, r, q] * later[q]
        out[r, i] = (1.0 - delta) * (game.flows[r, row, i] + extra) + delta * ahead


@njit(cache=True, nogil=True)
def failure(path: Path, game: Game, k: int, r: int, i: int) -> float:
    """Value when stage k fails at its end."""
    row = row_of_stage(path, k)
    knot, weight = path.fail_knot[k], path.fail_weight[k]
    value = game.failed[r, row, knot, i]
    if weight > 0.0:
        value += weight * (game.failed[r, row, knot + 1, i] - value)
    return float(value)


@njit(cache=True, nogil=True)
def row_of_stage(path: Path, k: int) -> int:
    """Row of the state in which stage k is carried out."""
    return int(path.row[np.searchsorted(path.stage, k)])


@njit(cache=True, nogil=True)
def passing(game: Game, view: int, steps: int) -> float:
    """Probability that none of these steps fails."""
    chance = 1.0
    for j in range(game.passes.shape[1]):
        if (steps >> j) & 1:
            chance *= game.passes[view, j]
    return chance


@njit(cache=True, nogil=True)
def sum_of(table: Floats, steps: int, i: int) -> float:
    """Sum over a set of steps of what each brings actor i; ``table`` is (steps, actors)."""
    total = 0.0
    for j in range(table.shape[0]):
        if (steps >> j) & 1:
            total += table[j, i]
    return total
