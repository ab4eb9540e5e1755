"""Talks while fighting: what each side would accept, month by month, and when they agree.

Backward induction on (month, moves of the line, position), for both sides at once: what a side
accepts is what it would get by a month of war and all that follows, in its own beliefs, which move
with every move of the line. Then forward, with the analyst's beliefs, to the probability of every
ending in every month. Both are exact.

Cost grows as months² × positions × log(deals); the mediator's choice adds a factor of deals where
it may make the offer.

Sources: see `servanda.problems.talks`.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels import talks as kernel
from servanda.problems.talks import TalksProblem
from servanda.results.talks import TalksSolution


def solve_talks(problem: TalksProblem) -> TalksSolution:
    """Solve the game and follow it with the analyst's beliefs."""
    game = compiled(problem)
    M, F, C = problem.months, problem.positions, problem.deals.shape[1]
    values = np.empty((M + 1, M + 1, F, 2))
    refusal = np.empty((M, M + 1, F, 2))
    chosen = np.empty((M, M + 1, F, 3), np.int16)
    kernel.talks_backward(game, values, refusal, chosen)
    out = {
        "fighting": np.zeros(M + 1),
        "signed": np.zeros((M, F, C)),
        "divided": np.zeros((M, F)),
        "yielded": np.zeros((M, 2)),
        "given_way": np.zeros((M, 2)),
        "frozen": np.zeros(M),
        "absorbed": np.zeros((M, 2)),
        "line": np.zeros((M + 1, F)),
        "at_war": np.zeros((M, M + 1, F)),
        "ending_value": np.zeros(2),
    }
    kernel.talks_forward(game, refusal, chosen, *out.values())
    return TalksSolution(values=values, refusal=refusal, chosen=chosen, **out)


def fought_out(problem: TalksProblem, *, months: int = 600) -> TalksProblem:
    """The same talks, ended by a last offer of side a and, if it fails, by fighting to the finish.

    What ``last`` pays is what fighting on is worth to each side in its own beliefs, over ``months``
    from the start; where these leave something to divide, side a offers the rest.
    """
    M = problem.months
    alone = replace(
        problem,
        yields=np.full(2, -np.inf),
        last=np.zeros((months + 1, problem.positions, 2)),
        pie=np.full(problem.positions, np.nan),
        deals=np.zeros((problem.positions, 0, 2)),
        mediator=np.zeros((problem.positions, 0)),
        open=np.zeros((months, problem.positions, 0), bool),
        odds=_lengthened(problem.odds, 0, months),
        tempo=_lengthened(problem.tempo, 0, months),
        month=_lengthened(problem.month, 0, months),
        gives_way=_lengthened(problem.gives_way, 1, months),
        freeze=_lengthened(problem.freeze, 1, months),
        recognised=_lengthened(problem.recognised, 1, months),
    )
    values = np.empty((months + 1, months + 1, problem.positions, 2))
    refusal = np.empty((months, months + 1, problem.positions, 2))
    chosen = np.empty((months, months + 1, problem.positions, 3), np.int16)
    kernel.talks_backward(compiled(alone), values, refusal, chosen)
    last = np.maximum(np.nan_to_num(values[M, : M + 1]), problem.yields)
    left = problem.pie[np.newaxis] - last.sum(axis=-1)
    last[..., 0] += np.where(left >= 0.0, left, 0.0)
    return replace(problem, last=last)


def fought_on(problem: TalksProblem) -> TalksProblem:
    """The same talks, after whose last month the war goes on as in that month, without talks.

    Each side keeps to what it has come to believe by then.

    Raises:
        ProblemError: a side does not discount and nothing may ever end the war.
    """
    M, F, start = problem.months, problem.positions, problem.start
    last = np.zeros((M + 1, F, 2))
    end = [problem.absorbing[0], *[False] * (F - 2), problem.absorbing[1]] if F > 1 else [False]
    ended = np.array(end, bool)
    for n in range(M + 1):
        at = np.arange(F)
        wins = (n + at - start) // 2
        here = at[((n + at - start) % 2 == 0) & (wins >= 0) & (wins <= n)]
        for side in range(2):
            chance = np.array([_belief(problem, side, n, int(wins[f])) for f in here])
            last[n, here, side] = [
                _stationary(problem, side, float(p), ended)[f]
                for p, f in zip(chance, here, strict=True)
            ]
    return replace(problem, last=last)


def _belief(problem: TalksProblem, side: int, moves: int, wins: int) -> float:
    mean, weight = float(problem.mean[side]), float(problem.weight[side])
    return mean if np.isinf(weight) else (weight * mean + wins) / (weight + moves)


def _stationary(
    problem: TalksProblem, side: int, p: float, ended: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Value of war without talks at each position, (F,), if every month is like the last."""
    F = problem.positions
    odds = problem.odds[-1]
    chance = odds * p / (odds * p + 1.0 - p)
    up = np.where(np.arange(F) < F - 1, problem.tempo[-1] * chance, 0.0)
    down = np.where(np.arange(F) > 0, problem.tempo[-1] * (1.0 - chance), 0.0)
    moves = np.diag(1.0 - up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
    out, ice = problem.gives_way[side, -1], problem.freeze[side, -1]
    stays = problem.discount[side] * (1.0 - out.sum(axis=1))
    beaten = np.where(np.arange(F) == 0, *problem.absorbed[:, side])
    fixed = np.where(ended, beaten, 0.0)
    frozen = np.where(ended, 0.0, ice * problem.frozen[:, side])
    open_ = np.where(ended, 0.0, 1.0 - ice)
    gain = problem.month[-1, :, side] + problem.discount[side] * (out @ problem.imposed[:, side])
    gain = gain + stays * (moves @ (fixed + frozen))
    try:
        value = np.linalg.solve(np.eye(F) - stays[:, np.newaxis] * moves * open_, gain)
    except np.linalg.LinAlgError:
        raise ProblemError("discount: below 1 wanted where nothing may ever end the war") from None
    found: NDArray[np.float64] = np.where(ended, beaten, value)
    return found


def _lengthened(array: NDArray[np.float64], axis: int, months: int) -> NDArray[np.float64]:
    """The array with its last month repeated."""
    extra = months - array.shape[axis]
    if extra <= 0:
        raise ProblemError(
            f"months: {months} must be more than the {array.shape[axis]} of the talks"
        )
    tail = np.repeat(np.take(array, [-1], axis=axis), extra, axis=axis)
    return np.concatenate([array, tail], axis=axis)


def compiled(problem: TalksProblem) -> kernel.Talks:
    """The problem as the loops take it."""
    return kernel.Talks(**{name: getattr(problem, name) for name in kernel.Talks._fields})
