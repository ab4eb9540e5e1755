"""What is the least that would have to be otherwise for every condition to hold?

Margins are smooth in pieces. Each number is first moved by one spread up and down by itself, which
gives a secant for each direction; together they make a linear model of the margins.

* **One number**: `servanda.solvers.single_change`.
* **Several**: the model proposes the numbers, fewest first and among these the least effort, by
  mixed-integer programming (HiGHS). `servanda.solvers.settled_change` settles how far each goes, by
  the true margins. The cheapest of a few proposals is the answer. Where none holds (margins may
  jump, and numbers undo one another's work) secants are taken anew from where least was lacking.

Every change returned was evaluated, and every condition holds there. That no smaller set of numbers
would do follows from the model, not from the margins themselves; for linear margins it is exact.

Source: the question is that of inverse analysis in conflict resolution, Kinsara, R., Petersons, O.,
Hipel, K. and Kilgour, D. (2015), Advanced decision support for the graph model for conflict
resolution, Journal of Decision Systems 24(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from servanda.problems.least_change import LeastChangeProblem
from servanda.results.least_change import Change, ChangeStatus, LeastChange
from servanda.solvers.settled_change import PENALTY, SAFE, settled_change
from servanda.solvers.single_change import TIE, Around, look_around, single_changes

Floats = NDArray[np.float64]

MOST = 6
"""Numbers moved together, at most."""

TRIES = 5
"""Proposals settled for each count of numbers."""

LOOKS = 2
"""How often, where nothing was found, one looks around anew from where least was lacking."""

NODES = 2000
"""Branches of a mixed-integer program."""


def least_change(
    problem: LeastChangeProblem,
    *,
    around: Around | None = None,
    alone: Sequence[Change] | None = None,
    most: int = MOST,
) -> LeastChange:
    """The change of fewest numbers, and of these the least, after which every condition holds.

    Args:
        problem: numbers, their units and bounds, and margins.
        around: what `look_around` found, if known.
        alone: what `single_changes` found for all conditions together, if known.
        most: numbers moved together, at most.
    """
    around = around or look_around(problem)
    first_look = around
    everything = np.arange(len(around.base))
    nothing = np.zeros(0)
    if (around.base >= -TIE).all():
        none = Change((), nothing, nothing, 0.0, around.base)
        return LeastChange(ChangeStatus.NONE_NEEDED, none, (), nothing)
    if alone is None:
        (alone,) = single_changes(problem, [everything], around=around)
    if alone:
        return LeastChange(ChangeStatus.FOUND, alone[0], (), nothing)
    here, moved = problem, list[int]()
    for look in range(LOOKS):
        if look:
            around = look_around(here)
        nearest: Change | None = None
        last = _most_more(around, moved, most)
        for count in range(1 if look else 2, last + 1):
            found = _of_several(problem, here, around, moved, count, hopeless=count == last)
            if found is not None and (found.margins >= -TIE).all():
                return LeastChange(ChangeStatus.FOUND, found, (), nothing)
            if found is not None and (nearest is None or _short(found) < _short(nearest)):
                nearest = found
        if nearest is None:
            break
        moved = list(nearest.moved)
        here = replace(problem, start=_there(problem, nearest))
    around = first_look
    lacking = _lacking(around)
    short = tuple(np.flatnonzero(lacking > SAFE).tolist())
    if not short:  # the model would have it, the margins would not
        short = tuple(np.flatnonzero(around.base < -TIE).tolist())
        lacking = -around.base
    return LeastChange(ChangeStatus.NONE_FOUND, None, short, lacking[list(short)])


# ---------------------------------------------------------------- several numbers


def _of_several(
    problem: LeastChangeProblem,
    here: LeastChangeProblem,
    around: Around,
    moved: list[int],
    count: int,
    *,
    hopeless: bool,
) -> Change | None:
    """The cheapest of a few changes that the model proposes, or the one that lacks least.

    Args:
        problem: numbers at their start.
        here: the same where some have moved already.
        around: what `look_around` found there.
        moved: those that have.
        count: directions to move beside them.
        hopeless: whether to settle a proposal after which, by the model, something still lacks.
    """
    best: Change | None = None
    before = (here.start - problem.start) / problem.spread
    tried: list[list[int]] = []
    for _ in range(TRIES):
        proposal = _proposal(around, count, tried)
        if proposal is None:
            break
        moves, chosen, lacks = proposal  # (2, P) spreads up and down, the directions used
        holds = best is not None and (best.margins >= -TIE).all()
        if best is not None and holds and moves.sum() >= best.effort:
            break
        if lacks > SAFE and (tried or not hopeless):
            break
        tried.append(chosen)
        numbers = sorted({*moved, *(place % moves.shape[1] for place in chosen)})
        found = settled_change(problem, numbers, (before + moves[0] - moves[1])[numbers])
        if (found.margins < -TIE).any():  # what jumps does so within the spread that was looked at
            probe = np.zeros_like(moves)
            probe.ravel()[chosen] = np.minimum(around.room.ravel()[chosen], 1.0)
            if (probe > moves).any():
                moves = np.maximum(moves, probe)
                found = settled_change(problem, numbers, (before + moves[0] - moves[1])[numbers])
        if best is None or (_short(found), found.effort) < (_short(best), best.effort):
            best = found
    return best


def _most_more(around: Around, moved: list[int], most: int) -> int:
    """Numbers that may be moved beside those that have been."""
    return min(most - len(moved), int((around.room > 0).any(axis=0).sum()))


def _short(change: Change) -> float:
    """What all conditions lack together; 0 where they hold."""
    lacking = np.maximum(-change.margins, 0.0)
    return float(lacking[lacking > TIE].sum())


def _there(problem: LeastChangeProblem, change: Change) -> Floats:
    """Every number after a change, (P,)."""
    there = problem.start.copy()
    there[list(change.moved)] = change.to
    return there


def _proposal(
    around: Around, count: int, tried: Sequence[Sequence[int]]
) -> tuple[Floats, list[int], float] | None:
    """So many directions, how far along each by the linear model, and what is then still lacking.

    None tried before. What is lacking counts as effort, PENALTY spreads for each unit.
    """
    from scipy import optimize, sparse

    useful = np.flatnonzero(((around.gain > 0).any(axis=2) & (around.room > 0)).ravel())
    gain = around.gain.reshape(-1, len(around.base))[useful]
    room = around.room.ravel()[useful]
    needed = np.flatnonzero(around.base + np.minimum(gain * room[:, np.newaxis], 0).sum(axis=0) < 0)
    width, conditions = len(useful), len(needed)
    if count > width:
        return None
    gain = gain[:, needed] * room[:, np.newaxis]  # of going all the way; every column from 0 to 1
    scale = np.maximum(np.abs(gain).max(axis=0), 1e-9)
    gain = np.where(np.abs(gain) < 1e-6 * scale, 0.0, gain) / scale
    moves, choice, lacks = sparse.eye(width), sparse.eye(width), sparse.eye(conditions)
    blank = sparse.csr_matrix
    number = useful % around.room.shape[1]
    both = blank((np.ones(width), (number, np.arange(width))))
    rows = [
        sparse.hstack([blank(gain.T), blank((conditions, width)), lacks]),
        sparse.hstack([moves, -choice, blank((width, conditions))]),
        sparse.hstack([blank((1, width)), blank(np.ones((1, width))), blank((1, conditions))]),
        sparse.hstack([blank(both.shape), both, blank((both.shape[0], conditions))]),
    ]
    exactly = np.array([float(count)])
    lower: list[Floats] = [
        -around.base[needed] / scale,
        np.full(width, -np.inf),
        exactly,
        np.zeros(both.shape[0]),
    ]
    upper = [np.full(conditions, np.inf), np.zeros(width), exactly, np.ones(both.shape[0])]
    if tried:
        before = np.array([np.isin(useful, one) for one in tried], float)
        padded = [blank((len(tried), width)), blank(before), blank((len(tried), conditions))]
        rows.append(sparse.hstack(padded))
        lower.append(np.zeros(len(tried)))
        upper.append(before.sum(axis=1) - 1.0)
    answer = optimize.milp(
        c=np.concatenate([room, np.zeros(width), PENALTY * scale]),
        constraints=optimize.LinearConstraint(
            sparse.vstack(rows, format="csr"), np.concatenate(lower), np.concatenate(upper)
        ),
        integrality=np.concatenate([np.zeros(width), np.ones(width), np.zeros(conditions)]),
        bounds=optimize.Bounds(
            0.0, np.concatenate([np.ones(2 * width), np.full(conditions, np.inf)])
        ),
        options={"node_limit": NODES},
    )
    solution: Floats | None = answer.x
    if solution is None:
        return None
    moved = np.zeros(around.room.size)
    moved[useful] = solution[:width] * room
    chosen = useful[solution[width : 2 * width] > 0.5].tolist()
    return moved.reshape(around.room.shape), chosen, float(solution[2 * width :] @ scale)


def _lacking(around: Around) -> Floats:
    """What each condition lacks at least, (M,), where the model lets all numbers move at once."""
    from scipy import optimize

    gain = around.gain.reshape(-1, len(around.base))
    room = around.room.ravel()
    conditions = len(around.base)
    found = optimize.linprog(
        c=np.concatenate([np.full(len(room), 1e-6), np.ones(conditions)]),
        A_ub=np.hstack([-gain.T, -np.eye(conditions)]),
        b_ub=around.base,
        bounds=[*((0.0, one) for one in room.tolist()), *[(0.0, None)] * conditions],
    )
    solution: Floats | None = found.x
    if solution is None:
        return np.maximum(-around.base, 0.0)
    return solution[len(room) :]
