"""Rounds of a solved talks game: along one course, and in expectation over all of them.

The course. Offers are made in turns that follow the shares in which the actors are recognised: each
month everybody's claim grows by its share, and who has the largest makes the offer and pays one for
it. After an offer is refused the line goes where, of the states it can reach in a month, a war
without talks would likeliest stand. The course ends with a signature, or with the last month.

What is tabled where nothing would be signed is a convention; `servanda.kernels.talks_rounds` says
which. Derived for this project from the solved game.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from servanda.kernels.talks import DIVIDED, NONE, TIE, YIELDED_A, chance_of_a, wins_of_a
from servanda.kernels.talks_rounds import talks_states, talks_tabled
from servanda.problems.talks import MEDIATOR, TalksProblem
from servanda.results.rounds import Round, RoundsByMonth
from servanda.results.talks import TalksSolution
from servanda.solvers.talks_game import compiled, compiled_strikes

Floats = NDArray[np.float64]

ANALYST = 2
NOBODY = 3
"""Who makes no offer."""


def state_chances(
    problem: TalksProblem, solution: TalksSolution, believer: int = ANALYST
) -> Floats:
    """Chance of each state at the start of each month, (M + 1, M + 1, F), in one's beliefs."""
    chance = np.zeros((problem.months + 1, problem.months + 1, problem.positions))
    talks_states(
        compiled(problem),
        compiled_strikes(problem),
        solution.chosen,
        solution.striking,
        believer,
        chance,
    )
    return chance


def tabled_deals(problem: TalksProblem, solution: TalksSolution) -> NDArray[np.int16]:
    """What a, b or the mediator would table at each state, (M, M + 1, F, 3)."""
    tabled = np.full_like(solution.chosen, NONE)
    talks_tabled(compiled(problem), solution.refusal, solution.chosen, tabled)
    return tabled


def likeliest_rounds(problem: TalksProblem, solution: TalksSolution) -> tuple[Round, ...]:
    """Round by round along one course of the talks.

    >>> from servanda.problems.talks import talks_game
    >>> from servanda.solvers.talks_game import solve_talks
    >>> game = talks_game(months=3, discount=0.9, month=[0.05, 0.04], deals=[[0.6, 0.2]])
    >>> [(one.who, one.deal, one.signed) for one in likeliest_rounds(game, solve_talks(game))]
    [(0, 0, False), (1, None, False), (0, 0, True)]
    """
    going_on, tabled = solution.fighting, tabled_deals(problem, solution)
    chance = _of_war_alone(problem, solution)
    n, f = 0, problem.start
    claims = np.zeros(4)
    rounds: list[Round] = []
    for m in range(problem.months):
        reached = float(going_on[m])
        if reached <= TIE or chance[m, n, f] <= 0.0:
            break
        shares = problem.recognised[ANALYST, m]
        claims += [*shares, 1.0 - shares.sum()]
        who = int(np.argmax(claims))
        claims[who] -= 1.0
        rounds.append(_round(problem, solution, tabled, (m, n, f), reached, who))
        if rounds[-1].signed or solution.chosen[m, n, f, 0] <= YIELDED_A:
            break
        n, f = _next_state(problem, chance[m + 1], (m, n, f))
    return tuple(rounds)


def rounds_by_month(problem: TalksProblem, solution: TalksSolution) -> RoundsByMonth:
    """Offers, signatures and what is missing, in expectation over all courses."""
    chance = state_chances(problem, solution)[:-1]
    tabled, chosen, least = tabled_deals(problem, solution), solution.chosen, solution.refusal
    makes = chance[..., np.newaxis] * problem.recognised[ANALYST][:, np.newaxis, np.newaxis]
    refused = makes * ((tabled >= 0) & (chosen == NONE))
    missing = np.zeros((*tabled.shape, 2))
    if problem.deals.shape[1]:
        places = np.arange(problem.positions)[:, np.newaxis]
        worth = problem.deals[places, np.maximum(tabled, 0)]
        missing = np.maximum(np.nan_to_num(least)[..., np.newaxis, :] - worth, 0.0)
    going_on = chance.sum(axis=(1, 2))
    return RoundsByMonth(
        going_on=going_on,
        offered=(makes * ((tabled >= 0) | (tabled == DIVIDED))).sum(axis=(1, 2)),
        signed=(makes * ((chosen >= 0) | (chosen == DIVIDED))).sum(axis=(1, 2)),
        least=_ratio(np.einsum("mnf,mnfi->mi", chance, np.nan_to_num(least)), going_on),
        short=_ratio(np.einsum("mnfw,mnfwi->mi", refused, missing), refused.sum(axis=(1, 2, 3))),
    )


def _of_war_alone(problem: TalksProblem, solution: TalksSolution) -> Floats:
    """Chance of each state if nobody ever signed, (M + 1, M + 1, F)."""
    chance = np.zeros((problem.months + 1, problem.months + 1, problem.positions))
    never = np.full_like(solution.chosen, NONE)
    talks_states(
        compiled(problem), compiled_strikes(problem), never, solution.striking, ANALYST, chance
    )
    return chance


def _round(
    problem: TalksProblem,
    solution: TalksSolution,
    tabled: NDArray[np.int16],
    state: tuple[int, int, int],
    reached: float,
    who: int,
) -> Round:
    m, n, f = state
    a, b = (float(value) for value in solution.refusal[state])
    deal = NONE if who == NOBODY else int(tabled[m, n, f, who])
    worth: tuple[float, float] | None = None
    if deal >= 0:
        worth = (float(problem.deals[f, deal, 0]), float(problem.deals[f, deal, 1]))
    elif deal == DIVIDED:
        gained = float(problem.pie[f]) - a - b
        share = (0.5, 0.5) if who == MEDIATOR else (float(who == 0), float(who == 1))
        worth = (a + share[0] * gained, b + share[1] * gained)
    return Round(
        month=m,
        moves=n,
        position=f,
        reached=reached,
        who=None if who == NOBODY else who,
        deal=deal if worth is not None else None,
        least=(a, b),
        worth=worth,
        signed=worth is not None and int(solution.chosen[m, n, f, who]) != NONE,
    )


def _next_state(
    problem: TalksProblem, later: Floats, state: tuple[int, int, int]
) -> tuple[int, int]:
    """The likeliest of the states that a month of war can lead to; no move goes before a move."""
    m, n, f = state
    mean, weight = float(problem.mean[ANALYST]), float(problem.weight[ANALYST])
    up = chance_of_a(mean, weight, float(problem.odds[m, f]), wins_of_a(n, f, problem.start), n)
    near = [(n, f)]
    if problem.tempo[m, f] > 0.0:
        near += [(n + 1, f + 1)] if up > 0.0 and f < problem.positions - 1 else []
        near += [(n + 1, f - 1)] if up < 1.0 and f > 0 else []
    return max(near, key=lambda one: later[one])


def _ratio(total: Floats, share: Floats) -> Floats:
    """(M, 2) by (M,); NaN where there is nothing to divide by."""
    by = np.broadcast_to(share[:, np.newaxis], total.shape)
    found: Floats = np.divide(total, by, out=np.full_like(total, np.nan), where=by > 0)
    return found
