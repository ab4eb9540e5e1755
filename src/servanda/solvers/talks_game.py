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
from servanda.kernels.talks_forward import talks_forward
from servanda.problems.talks import TalksProblem
from servanda.results.talks import TalksSolution

Floats = NDArray[np.float64]


def solve_talks(problem: TalksProblem) -> TalksSolution:
    """Solve the game and follow it with the analyst's beliefs."""
    game, strikes = compiled(problem), compiled_strikes(problem)
    M, F, C = problem.months, problem.positions, problem.deals.shape[1]
    values, refusal, chosen, striking = solved = _room(problem)
    kernel.talks_backward(game, strikes, *solved)
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
        "struck": np.zeros((M, 2, problem.levels)),
        "ending_value": np.zeros(2),
    }
    talks_forward(game, strikes, refusal, chosen, striking, *out.values())
    return TalksSolution(values=values, refusal=refusal, chosen=chosen, striking=striking, **out)


def hope_at_start(problem: TalksProblem, solution: TalksSolution, side: int) -> float:
    """What a side would gain, discounted, if the other gave way in the first month.

    Above what follows if nobody does, in its own beliefs: what adding to that chance is worth.
    """
    later, start = solution.values[1], problem.start
    otherwise = kernel.if_none_gives_way(compiled(problem), side, 0, 0, start, 0, later)
    return float(problem.discount[side] * (problem.imposed[1 - side, side] - otherwise))


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
        strikes=_lengthened(problem.strikes, 0, months),
        wear=_lengthened(problem.wear, 1, months),
        freeze=_lengthened(problem.freeze, 1, months),
        recognised=_lengthened(problem.recognised, 1, months),
    )
    values, _, _, _ = solved = _room(alone)
    kernel.talks_backward(compiled(alone), compiled_strikes(alone), *solved)
    last = np.maximum(np.nan_to_num(values[M, : M + 1]), problem.yields)
    left = problem.pie[np.newaxis] - last.sum(axis=-1)
    last[..., 0] += np.where(left >= 0.0, left, 0.0)
    return replace(problem, last=last)


def _room(problem: TalksProblem) -> tuple[Floats, Floats, NDArray[np.int16], NDArray[np.uint8]]:
    """For values, refusal, chosen and striking."""
    M, F = problem.months, problem.positions
    return (
        np.empty((M + 1, M + 1, F, 2)),
        np.empty((M, M + 1, F, 2)),
        np.empty((M, M + 1, F, 3), np.int16),
        np.empty((M, M + 1, F, 2), np.uint8),
    )


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


def compiled_strikes(problem: TalksProblem) -> kernel.Strikes:
    """Its strikes, likewise."""
    return kernel.Strikes(problem.strikes, problem.wear)
