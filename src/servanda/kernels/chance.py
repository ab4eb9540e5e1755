"""One plan with chance on its path, over many draws: values, hazards, how far it comes.

Positions are the decision months of a plan in order, then the months after completion; the last
of those stands for all later ones. Chance within a month comes in this order: somebody may breach,
the month passes, the political condition (regime) changes, a step that ends may fail.

Views are actors' probabilities, in their order, and then the analyst's own. Serial, no fastmath.
"""

from math import exp, expm1
from typing import NamedTuple

import numpy as np
from numba import njit

from servanda.kernels.chance_arrays import ACTOR, Booleans, Floats, Game, Integers, Path
from servanda.kernels.chance_breach import after_breach, failure, month_before, passing, sum_of

COMPLY, EXACT, NOISY = 0, 1, 2
"""How the plan is played: nobody breaches; whoever gains does; the more it pays the likelier."""

MOST_ROUNDS = 900
DAMPED_AFTER = 60
"""Rounds after which values that still alternate move half as far; and again after as many."""
SETTLED = 1e-11


class Outcome(NamedTuple):
    """What becomes of a plan in one draw."""

    value: Floats  # (P, R, A)
    breaks: Floats  # (P, R, A) probability that the actor breaches in that month, if reached
    reached: Floats  # (P, R)
    keep: Floats  # (P, R, A)
    breach: Floats  # (L, R) to who is tempted
    ended: Floats  # (L,) probability that the plan ends by this temptation
    failed: Floats  # (m,)
    months: float
    held: Floats  # (2,) probability of holding from signature, and after completion
    smallest: float
    settled: bool


@njit(cache=True, nogil=True)
def chance_over_draws_kernel(
    path: Path,
    games: Game,
    hazard: Floats,
    precision: Floats,
    mode: int,
    horizon: int,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Booleans]:
    """Play one plan in every draw; arrays of ``games`` lead with the draw axis.

    Returns
    -------
    reached (D, m + 1) each stage and completion; broken (D, m + 1, A); failed (D, m); start values
    (D, A); months (D,); held (D, 2); smallest margin (D,); settled (D,).
    """
    D, A = games.discount.shape
    m = len(path.mask)
    reached = np.zeros((D, m + 1))
    broken = np.zeros((D, m + 1, A))
    failed = np.zeros((D, m))
    start = np.zeros((D, A))
    months = np.zeros(D)
    held = np.zeros((D, 2))
    smallest = np.zeros(D)
    settled = np.zeros(D, dtype=np.bool_)
    for d in range(D):
        game = Game(
            games.discount[d],
            games.costs[d],
            games.gain[d],
            games.fighting_cost[d],
            games.flows[d],
            games.attack[d],
            games.renege[d],
            games.failed[d],
            games.passes[d],
            games.move[d],
        )
        out = chance_kernel(path, game, hazard[d], precision[d], mode, horizon)
        for p in range(len(path.stage)):
            if path.first[p]:
                reached[d, path.stage[p]] = out.reached[p].sum()
            for line in range(path.begin[p], path.begin[p + 1]):
                broken[d, path.stage[p], path.lines[line, ACTOR]] += out.ended[line]
        failed[d] = out.failed
        start[d] = out.value[0, 0]
        months[d] = out.months
        held[d] = out.held
        smallest[d] = out.smallest
        settled[d] = out.settled
    return reached, broken, failed, start, months, held, smallest, settled


@njit(cache=True, nogil=True)
def chance_kernel(
    path: Path, game: Game, hazard: float, precision: float, mode: int, horizon: int
) -> Outcome:
    """Backward for values and hazards, forward for what becomes of the plan."""
    P, A, R = len(path.stage), len(game.discount), game.flows.shape[0]
    value = np.zeros((P, R, A))
    breaks = np.zeros((P, R, A))
    keep = np.zeros((P, R, A))
    breach = np.zeros((len(path.lines), R))
    best = np.full((R, A), -np.inf)
    chosen = np.full((P, R, A), -1)
    loss = np.zeros((R, A, A))
    out = np.zeros((R, A))
    settled = True
    for p in range(P - 1, -1, -1):
        best[:] = -np.inf
        for line in range(path.begin[p], path.begin[p + 1]):
            i = path.lines[line, ACTOR]
            after_breach(path, game, line, p, i, i + 1, out)
            for r in range(R):
                breach[line, r] = out[r, i]
                if breach[line, r] > best[r, i]:
                    best[r, i] = breach[line, r]
                    chosen[p, r, i] = line
        if mode != COMPLY:
            _losses(path, game, p, chosen[p], loss, out)
        if p == P - 1:
            settled = _for_good(
                path, game, best, loss, hazard, precision, mode, value[p], breaks[p], keep[p]
            )
        else:
            _keep(path, game, p, value[p + 1], keep[p])
            _play(game, keep[p], best, loss, hazard, precision, mode, value[p], breaks[p])
    return _forward(path, game, value, breaks, keep, breach, chosen, horizon, settled)


@njit(cache=True, nogil=True)
def _forward(
    path: Path,
    game: Game,
    value: Floats,
    breaks: Floats,
    keep: Floats,
    breach: Floats,
    chosen: Integers,
    horizon: int,
    settled: bool,
) -> Outcome:
    """Probabilities in the analyst's view, from signature on; regime 0 is that of today."""
    P, R, A = value.shape
    m = len(path.mask)
    view = A
    reached = np.zeros((P, R))
    ended = np.zeros(len(path.lines))
    failed = np.zeros(m)
    months = 0.0
    lost_since_signature = 0.0
    lost_since_completion = 0.0
    now = np.zeros(R)
    now[0] = 1.0
    after = np.zeros(R)
    completed = 0
    calendar = 0
    p = 0
    seen = -1
    while p < P - 1 or completed < horizon or calendar < horizon:
        k = path.stage[p]
        if p > seen:
            reached[p] = now
            seen = p
        for r in range(R):
            stay = 1.0
            for i in range(A):
                share = breaks[p, r, i]
                stay -= share
                gone = now[r] * share
                if gone > 0.0:
                    if calendar < horizon:
                        lost_since_signature += gone
                    if k == m and completed < horizon:
                        lost_since_completion += gone
                    if k < m or completed < horizon:
                        ended[chosen[p, r, i]] += gone
            now[r] *= max(stay, 0.0)
        if not path.instant[p]:
            if k < m:
                months += now.sum()
            at = min(calendar + 1, game.move.shape[1] - 1)
            for q in range(R):
                after[q] = 0.0
                for r in range(R):
                    after[q] += now[r] * game.move[view, at, r, q]
            now[:] = after
            calendar += 1
        if path.last[p]:
            chance = passing(game, view, path.mask[k])
            gone = (1.0 - chance) * now.sum()
            failed[k] += gone
            if calendar <= horizon:
                lost_since_signature += gone
            now *= chance
        if k == m:
            completed += 1
        p = min(p + 1, P - 1)
    arrived = 0.0
    for p in range(P):
        if path.stage[p] == m:
            arrived = reached[p].sum()
            break
    held = np.array([1.0 - lost_since_signature, arrived - lost_since_completion])
    smallest = np.inf
    for p in range(P):
        for line in range(path.begin[p], path.begin[p + 1]):
            for r in range(R):
                if reached[p, r] > 0.0:
                    margin = keep[p, r, path.lines[line, ACTOR]] - breach[line, r]
                    smallest = min(smallest, margin)
    return Outcome(
        value, breaks, reached, keep, breach, ended, failed, months, held, smallest, settled
    )


@njit(cache=True, nogil=True)
def _play(
    game: Game,
    keep: Floats,
    best: Floats,
    loss: Floats,
    hazard: float,
    precision: float,
    mode: int,
    value: Floats,
    breaks: Floats,
) -> None:
    """Who breaches this month with which probability, and what the month is worth."""
    R, A = keep.shape
    breaks[:] = 0.0
    for r in range(R):
        if mode == EXACT:
            # Actors decide one after another; the last one first, backward.
            value[r] = keep[r]
            for i in range(A - 1, -1, -1):
                if best[r, i] > value[r, i] + 1e-9:
                    value[r] = loss[r, i]
                    breaks[r] = 0.0
                    breaks[r, i] = 1.0
            continue
        total = 0.0
        if mode == NOISY:
            for i in range(A):
                if best[r, i] > -np.inf:
                    breaks[r, i] = hazard * _logistic(-precision * (keep[r, i] - best[r, i]))
                    total += breaks[r, i]
        if total > 0.0:
            ending = -expm1(-total)
            for i in range(A):
                breaks[r, i] *= ending / total
        _mix(keep[r], breaks[r], loss[r], value[r])


@njit(cache=True, nogil=True)
def _logistic(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    e = exp(x)
    return e / (1.0 + e)


@njit(cache=True, nogil=True)
def _mix(keep: Floats, breaks: Floats, loss: Floats, value: Floats) -> None:
    A = len(keep)
    stay = 1.0
    for b in range(A):
        stay -= breaks[b]
    for j in range(A):
        value[j] = stay * keep[j]
        for b in range(A):
            if breaks[b] > 0.0:
                value[j] += breaks[b] * loss[b, j]


@njit(cache=True, nogil=True)
def _keep(path: Path, game: Game, p: int, after: Floats, keep: Floats) -> None:
    """Value of carrying on when nobody breaches this month, (R, A); ``after`` a position later."""
    R, A = keep.shape
    k = path.stage[p]
    row = path.row[p]
    keep[:] = after
    for i in range(A):
        if path.last[p]:
            chance = passing(game, i, path.mask[k])
            if chance < 1.0:
                for r in range(R):
                    keep[r, i] = chance * keep[r, i] + (1.0 - chance) * failure(path, game, k, r, i)
        if not path.instant[p]:
            extra = -game.fighting_cost[i] if path.fighting[p] else 0.0
            month_before(game, i, path.calendar[p], row, extra, keep)
        if path.first[p] and k < len(path.mask):
            cost = (1.0 - game.discount[i]) * sum_of(game.costs, path.mask[k], i)
            for r in range(R):
                keep[r, i] -= cost


@njit(cache=True, nogil=True)
def _for_good(
    path: Path,
    game: Game,
    best: Floats,
    loss: Floats,
    hazard: float,
    precision: float,
    mode: int,
    value: Floats,
    breaks: Floats,
    keep: Floats,
) -> bool:
    """The last position, which follows upon itself: hazards and values by policy iteration.

    Begins where nobody breaches, so that of several fixed points it finds the one that is the
    limit of plans in which noise ends after N months; where these alternate and have no limit, a
    fixed point between them.
    """
    R, A = value.shape
    p = len(path.stage) - 1
    row = path.row[p]
    last = game.move.shape[1] - 1
    matrix = np.empty((R, R))
    side = np.empty(R)
    before = np.empty((R, A))
    month = np.empty((R, A))
    breaks[:] = 0.0
    for sweep in range(MOST_ROUNDS):
        before[:] = value
        for i in range(A):
            delta = game.discount[i]
            for r in range(R):
                stay = 1.0
                side[r] = 0.0
                for b in range(A):
                    stay -= breaks[r, b]
                    if breaks[r, b] > 0.0:
                        side[r] += breaks[r, b] * loss[r, b, i]
                flow = game.flows[r, row, i]
                if path.fighting[p]:
                    flow -= game.fighting_cost[i]
                side[r] += stay * (1.0 - delta) * flow
                for q in range(R):
                    matrix[r, q] = -stay * delta * game.move[i, last, r, q]
                matrix[r, r] += 1.0
            _solve(matrix, side)
            new = 0.5 ** (sweep // DAMPED_AFTER)
            for r in range(R):
                value[r, i] = new * side[r] + (1.0 - new) * before[r, i]
        _keep(path, game, p, value, keep)
        change = 0.0
        for r in range(R):
            for i in range(A):
                change = max(change, abs(value[r, i] - before[r, i]) / (1.0 + abs(value[r, i])))
        if mode == COMPLY or (sweep > 0 and change <= SETTLED):
            return True
        _play(game, keep, best, loss, hazard, precision, mode, month, breaks)
    return False


@njit(cache=True, nogil=True)
def _solve(matrix: Floats, side: Floats) -> None:
    """Gauss elimination in place; rows are diagonally dominant, so no pivot is needed."""
    R = len(side)
    for r in range(R):
        for q in range(r + 1, R):
            factor = matrix[q, r] / matrix[r, r]
            for c in range(r, R):
                matrix[q, c] -= factor * matrix[r, c]
            side[q] -= factor * side[r]
    for r in range(R - 1, -1, -1):
        for c in range(r + 1, R):
            side[r] -= matrix[r, c] * side[c]
        side[r] /= matrix[r, r]


@njit(cache=True, nogil=True)
def _losses(path: Path, game: Game, p: int, chosen: Integers, loss: Floats, out: Floats) -> None:
    """What each actor's best breach leaves everybody with: (R, A, A) breaker, then whose value."""
    R, A = chosen.shape
    for b in range(A):
        known = -1
        for r in range(R):
            line = chosen[r, b]
            if line >= 0:
                if line != known:
                    after_breach(path, game, line, p, 0, A, out)
                    known = line
                loss[r, b] = out[r]
