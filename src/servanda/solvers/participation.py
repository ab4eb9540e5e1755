"""Why stay at the table: what staying is worth above walking out, and what of it comes from what.

Staying is one game, walking out another: nobody makes an offer any more, and what was threatened
comes. Between the two stand games that differ in one thing each, from walking out to staying. Each
step's change of value is the part of that thing, so the parts add up exactly. What a part is worth
can depend on which were put back before it; the order is that of the ladder.

Values are a side's own, over the states that it expects the talks to reach in its own beliefs.

An outsider decides nothing in the game. What the talks are worth to it is what the deals that may
come of them are worth to it above the war that each of them ends:
``Σ_t δ^t Σ_fc P(c signed at t and f) (v(f, c) - w(f))``, with w the value of fighting on.

Derived for this project from the talks game. That a side may talk for what talking brings besides
an agreement: Iklé, F. C. (1964), How Nations Negotiate, chapter 4. That threats against whoever
refuses bring the parties to the table: Beardsley, K. (2008), AJPS 52(4).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.kernels.talks import NONE
from servanda.problems.talks import TalksProblem
from servanda.results.participation import Participation
from servanda.results.talks import TalksSolution
from servanda.solvers.rounds import state_chances
from servanda.solvers.talks_game import solve_talks

Floats = NDArray[np.float64]


def participation(
    walking_out: TalksProblem, ladder: Mapping[str, TalksProblem], side: int
) -> Participation:
    """Staying against walking out for one side.

    Args:
        walking_out: the game if it leaves.
        ladder: part to the game in which it is put back too, in order; the last is staying.
        side: 0 for a, 1 for b.

    Raises:
        ProblemError: no ladder, no such side, or games of different sizes.
    """
    _check(walking_out, ladder, side)
    games = [walking_out, *ladder.values()]
    solved = {id(game): solve_talks(game) for game in games}
    last, staying = games[-1], solved[id(games[-1])]
    expected = state_chances(last, staying, side)[:-1]
    values = [_expected(solved[id(game)].values[:-1, ..., side], expected) for game in games]
    changes = np.diff(values, axis=0)
    return Participation(
        walking_out=values[0],
        staying=values[-1],
        parts=dict(zip(ladder, changes, strict=True)),
        chance=_chance_of_deal(last, staying, expected, side),
    )


def outsiders_participation(
    problem: TalksProblem,
    solution: TalksSolution,
    *,
    discount: float,
    deals: ArrayLike,
    war: ArrayLike,
    cover: float = 0.0,
) -> Participation:
    """What talks going on are worth to an outsider, above the war without them.

    Args:
        problem, solution: the talks.
        discount: its monthly discount factor.
        deals: (F, C) what each deal is worth to it at each position.
        war: (F,) what fighting on without talks is worth to it there.
        cover: points a month for being seen at the table while the war goes on.
    """
    worth, fight = np.asarray(deals, float), np.asarray(war, float)
    if worth.shape != problem.deals.shape[:2] or fight.shape != worth.shape[:1]:
        raise ProblemError(
            f"deals, war: shapes {worth.shape}, {fight.shape}, wanted (F, C) and (F,)"
        )
    gained = np.einsum("mfc,fc->m", solution.signed, worth - fight[:, np.newaxis])
    seen = (1.0 - discount) * cover * solution.at_war.sum(axis=(1, 2))
    going_on = solution.fighting[:-1]
    where_line_stands = _ratio(solution.line[:-1] @ fight, going_on)
    parts = {
        "seen": _ratio(_to_come(seen, discount), going_on),
        "deal": _ratio(_to_come(gained, discount), going_on),
    }
    return Participation(
        walking_out=where_line_stands,
        staying=where_line_stands + parts["seen"] + parts["deal"],
        parts=parts,
        chance=_ratio(_to_come(solution.agreement, 1.0), going_on),
    )


def _check(walking_out: TalksProblem, ladder: Mapping[str, TalksProblem], side: int) -> None:
    complaints = []
    if side not in (0, 1):
        complaints.append(f"side: {side}, wanted 0 for a or 1 for b")
    if not ladder:
        complaints.append("ladder: at least staying itself wanted")
    for name, game in ladder.items():
        same = game.month.shape == walking_out.month.shape and game.start == walking_out.start
        if not same:
            complaints.append(f"ladder['{name}']: other months, positions or start")
    if complaints:
        raise ProblemError("; ".join(complaints))


def _chance_of_deal(
    problem: TalksProblem, solution: TalksSolution, expected: Floats, side: int
) -> Floats:
    """Chance that a deal is still to come if the talks get as far as each month, (M,)."""
    agreed = (solution.chosen != NONE) & (solution.chosen >= -2)
    shares = problem.recognised[side][:, np.newaxis, np.newaxis]
    signed = (expected[..., np.newaxis] * shares * agreed).sum(axis=(1, 2, 3))
    return _ratio(_to_come(signed, 1.0), expected.sum(axis=(1, 2)))


def _expected(values: Floats, chance: Floats) -> Floats:
    """Values (M, N, F) over the states, by month, (M,)."""
    total = (np.nan_to_num(values) * chance).sum(axis=(1, 2))
    return _ratio(total, chance.sum(axis=(1, 2)))


def _to_come(flow: Floats, discount: float) -> Floats:
    """Discounted sum of what comes in each month (M,) and after it."""
    found = flow.astype(float).copy()
    for m in range(len(found) - 2, -1, -1):
        found[m] += discount * found[m + 1]
    return found


def _ratio(total: Floats, by: Floats) -> Floats:
    """NaN where there is nothing to divide by."""
    found: Floats = np.divide(total, by, out=np.full(total.shape, np.nan), where=by > SEEN)
    return found


SEEN = 1e-12
"""Chance of getting as far as a month below which nothing is said of it."""
