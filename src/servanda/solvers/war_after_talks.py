"""War that goes on after the talks: every month like their last, and no more offers.

Each side keeps to what it has come to believe by then. Where it can choose how hard it strikes, it
goes on choosing: the levels are best against each other at every position, found by rounds of
better replies that begin with restraint on both sides. Striking is mostly answered by striking, as
who stands to lose more by fighting on gains more by ending it; so where the rounds stop at several
sets of levels, these are the most restrained.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels.strikes import best_level
from servanda.problems.talks import TalksProblem

Floats = NDArray[np.float64]
Levels = NDArray[np.int64]

MOST_ROUNDS = 100
"""Rounds of replies; where they still go in a circle then, the last stands."""


def fought_on(problem: TalksProblem) -> TalksProblem:
    """The same talks, after whose last month the war goes on as in that month, without talks.

    Raises:
        ProblemError: a side does not discount and nothing may ever end the war.
    """
    M, F, start = problem.months, problem.positions, problem.start
    last = np.zeros((M + 1, F, 2))
    for n in range(M + 1):
        at = np.arange(F)
        wins = (n + at - start) // 2
        for f in at[((n + at - start) % 2 == 0) & (wins >= 0) & (wins <= n)].tolist():
            chances = [_belief(problem, side, n, int(wins[f])) for side in range(2)]
            last[n, f] = _worth(problem, chances)[f]
    return replace(problem, last=last)


def _belief(problem: TalksProblem, side: int, moves: int, wins: int) -> float:
    mean, weight = float(problem.mean[side]), float(problem.weight[side])
    return mean if np.isinf(weight) else (weight * mean + wins) / (weight + moves)


def _worth(problem: TalksProblem, chances: list[float]) -> Floats:
    """Value to each side at each position, (F, 2), if a move is a's with the chances believed."""
    striking: Levels = np.zeros((problem.positions, 2), np.int64)
    for _ in range(MOST_ROUNDS):
        worth, otherwise = (
            np.stack(parts, axis=-1)
            for parts in zip(
                *(_stationary(problem, side, chances[side], striking) for side in range(2)),
                strict=True,
            )
        )
        better = _replies(problem, otherwise)
        if np.array_equal(better, striking):
            break
        striking = better
    return worth


def _replies(problem: TalksProblem, otherwise: Floats) -> Levels:
    """The best level of each side at each position, (F, 2)."""
    found = np.zeros(otherwise.shape, np.int64)
    if problem.levels > 1:
        for f, side in np.ndindex(found.shape):
            gained = problem.imposed[1 - side, side] - otherwise[f, side]
            found[f, side] = best_level(
                problem.strikes[-1, side, :, side],
                problem.wear[side, -1, f, side],
                problem.discount[side] * gained,
            )
    return found


def _stationary(
    problem: TalksProblem, side: int, p: float, striking: Levels
) -> tuple[Floats, Floats]:
    """Value of war to a side at each position, and of a month's end if nobody gives way, (F,)."""
    F = problem.positions
    at = np.arange(F)
    ended = np.zeros(F, bool)
    ended[[0, -1]] |= problem.absorbing if F > 1 else False
    odds = problem.odds[-1]
    chance = odds * p / (odds * p + 1.0 - p)
    up = np.where(at < F - 1, problem.tempo[-1] * chance, 0.0)
    down = np.where(at > 0, problem.tempo[-1] * (1.0 - chance), 0.0)
    moves = np.diag(1.0 - up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
    out, month = problem.gives_way[side, -1].copy(), problem.month[-1, :, side].copy()
    for striker in range(2):
        level = striking[:, striker]
        out[:, 1 - striker] += problem.wear[side, -1, at, striker, level]
        month += problem.strikes[-1, striker, level, side]
    ice, delta = problem.freeze[side, -1], problem.discount[side]
    stays = delta * (1.0 - out.sum(axis=1))
    beaten = np.where(at == 0, *problem.absorbed[:, side])
    fixed = np.where(ended, beaten, ice * problem.frozen[:, side])
    open_ = np.where(ended, 0.0, 1.0 - ice)
    gain = month + delta * (out @ problem.imposed[:, side]) + stays * (moves @ fixed)
    try:
        value = np.linalg.solve(np.eye(F) - stays[:, np.newaxis] * moves * open_, gain)
    except np.linalg.LinAlgError:
        raise ProblemError("discount: below 1 wanted where nothing may ever end the war") from None
    return np.where(ended, beaten, value), moves @ (fixed + open_ * value)
