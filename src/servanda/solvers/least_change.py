"""What is the least that would have to be otherwise for every condition to hold?

Margins are smooth in pieces. Each number is first moved by one spread up and down by itself, which
gives a secant for each direction; together they make a linear model of the margins.

* **One number**: those that help every failing condition, the most promising first, are followed
  to the end of their room and the first crossing is closed in on. Exact up to the distance of the
  points first looked at.
* **Several**: the model proposes the numbers, fewest first and among these the least effort, by
  mixed-integer programming (HiGHS). Each proposal is settled by sequential linear programming on
  those numbers alone: slopes at the point reached, a linear program within a trust region, a look
  at the true margins, until nothing gets cheaper. The cheapest of a few proposals is the answer.

Every change returned was evaluated, and every condition holds there. That no smaller set of numbers
would do follows from the model, not from the margins themselves; for linear margins it is exact.

Sources: Fletcher, R. and Sainz de la Maza, E. (1989), Nonlinear programming and nonsmooth
optimization by successive linear programming, Mathematical Programming 43; the question is that of
inverse analysis in conflict resolution, Kinsara, R., Petersons, O., Hipel, K. and Kilgour, D.
(2015), Advanced decision support for the graph model for conflict resolution, Journal of Decision
Systems 24(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from servanda.problems.least_change import LeastChangeProblem
from servanda.results.least_change import Change, ChangeStatus, LeastChange

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TIE = 1e-9
"""A margin of at least minus this holds."""

SAFE = 1e-7
"""Margin that linear programs aim at, so that what they find holds."""

MOST = 6
"""Numbers moved together, at most."""

TRIES = 5
"""Proposals settled for each count of numbers."""

CANDIDATES = 12
"""Numbers followed for each set of conditions."""

RAY = 20
"""Points at which a number is first looked at on its way."""

NARROWER, ROUNDS = 8, 5
"""Points inside a crossing's interval, and how often it is narrowed by them."""

LOOKS = 2
"""How often, where nothing was found, one looks around anew from where least was lacking."""

PENALTY = 1e3
"""Spreads that a lacking unit of margin counts for."""

NEAR = 0.02
"""Spreads by which a number is moved for a slope."""

HOPELESS = 0.999
"""Part of what is lacking that a step must leave less than, while conditions fail."""

SETTLING, CORRECTIONS, RESTORING = 15, 3, 4
"""Linear programs for one proposal, at most; for one of its steps; to come back inside at the end."""

NODES = 2000
"""Branches of a mixed-integer program."""


@dataclass(frozen=True, eq=False)
class Around:
    """Margins at the start, and what a spread of each number does to them.

    Attributes:
        base: (M,) margins.
        room: (2, P) spreads each number may go up and down.
        gain: (2, P, M) change of the margins for a spread of it, up and down.
    """

    base: Floats
    room: Floats
    gain: Floats


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


def look_around(problem: LeastChangeProblem) -> Around:
    """Margins at the start and one spread away from it in every direction; 2P + 1 rows."""
    start, spread = problem.start, problem.spread
    room = np.stack([problem.upper - start, start - problem.lower]) / spread
    step = np.minimum(room, 1.0)
    places = [(way, p) for way in range(2) for p in np.flatnonzero(step[way] > 0).tolist()]
    rows = np.tile(start, (len(places) + 1, 1))
    for row, (way, p) in enumerate(places, start=1):
        rows[row, p] += (-1.0) ** way * step[way, p] * spread[p]
    margins = problem.margins(rows)
    gain = np.zeros((2, len(start), margins.shape[1]))
    for row, (way, p) in enumerate(places, start=1):
        gain[way, p] = (margins[row] - margins[0]) / step[way, p]
    gain[np.abs(gain) < 1e-12] = 0.0
    return Around(margins[0], room, gain)


# ---------------------------------------------------------------- one number


def single_changes(
    problem: LeastChangeProblem,
    wanted: Sequence[Integers],
    *,
    around: Around | None = None,
    most: int = CANDIDATES,
) -> list[list[Change]]:
    """Numbers each of which alone makes all of some conditions hold, the least effort first.

    Args:
        problem: numbers, their units and bounds, and margins.
        wanted: places of the conditions asked for together, one array for each question.
        around: what `look_around` found, if known.
        most: numbers followed for each question: those that would do soonest were all linear.
    """
    around = around or look_around(problem)
    asked = [(n, ray) for n, one in enumerate(wanted) for ray in _promising(around, one, most)]
    rays = list(dict.fromkeys(ray for _, ray in asked))
    points = np.arange(1, RAY + 1) / RAY
    looked = dict(zip(rays, _along(problem, around, [(r, points) for r in rays]), strict=True))
    open_: list[tuple[int, tuple[int, int], float, float]] = []
    for n, ray in asked:
        holds = (looked[ray][:, wanted[n]] >= -TIE).all(axis=1)
        if holds.any():
            first = int(np.argmax(holds))
            open_.append((n, ray, first / RAY, (first + 1) / RAY))
    inside = np.arange(1, NARROWER + 1) / (NARROWER + 1)
    for _ in range(ROUNDS):
        ways = [(ray, low + (high - low) * inside) for _, ray, low, high in open_]
        narrower = []
        for (n, ray, low, high), margins in zip(open_, _along(problem, around, ways), strict=True):
            holds = np.append((margins[:, wanted[n]] >= -TIE).all(axis=1), True)
            edges = low + (high - low) * np.array([0.0, *inside, 1.0])
            first = int(np.argmax(holds))
            narrower.append((n, ray, float(edges[first]), float(edges[first + 1])))
        open_ = narrower
    ends = _along(problem, around, [(ray, np.array([high])) for _, ray, _, high in open_])
    found: list[dict[int, Change]] = [{} for _ in wanted]
    for (n, ray, _, high), margins in zip(open_, ends, strict=True):
        way, p = ray
        by = (-1.0) ** way * high * around.room[ray]
        to = problem.start[p] + by * problem.spread[p]
        change = Change((p,), np.array([to]), np.array([by]), abs(float(by)), margins[0])
        if p not in found[n] or change.effort < found[n][p].effort:
            found[n][p] = change
    return [sorted(one.values(), key=lambda change: change.effort) for one in found]


def _promising(around: Around, wanted: Integers, most: int) -> list[tuple[int, int]]:
    """Directions that help each of the conditions that fail, those that would do soonest first."""
    failing = wanted[around.base[wanted] < -TIE]
    if not len(failing):
        return []
    gain = around.gain[:, :, failing]
    helps = (gain > 0).all(axis=2) & (around.room > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(helps, (-around.base[failing] / gain).max(axis=2), np.inf)
    order = np.argsort(needed, axis=None, kind="stable")[:most]
    ways = [divmod(place, needed.shape[1]) for place in order.tolist()]
    return [one for one in ways if np.isfinite(needed[one])]


def _along(
    problem: LeastChangeProblem,
    around: Around,
    ways: Sequence[tuple[tuple[int, int], Floats]],
) -> list[Floats]:
    """Margins at parts of the room of some directions, one array a direction."""
    if not ways:
        return []
    parts = []
    for (way, p), shares in ways:
        rows = np.tile(problem.start, (len(shares), 1))
        rows[:, p] += (-1.0) ** way * shares * around.room[way, p] * problem.spread[p]
        parts.append(np.clip(rows, problem.lower, problem.upper))
    margins = problem.margins(np.concatenate(parts))
    return np.split(margins, np.cumsum([len(part) for part in parts])[:-1])


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
        found = _settled(problem, numbers, (before + moves[0] - moves[1])[numbers])
        if (found.margins < -TIE).any():  # what jumps does so within the spread that was looked at
            probe = np.zeros_like(moves)
            probe.ravel()[chosen] = np.minimum(around.room.ravel()[chosen], 1.0)
            if (probe > moves).any():
                moves = np.maximum(moves, probe)
                found = _settled(problem, numbers, (before + moves[0] - moves[1])[numbers])
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
    cuts = np.isin(useful, np.concatenate([*tried, []])).any()
    rows = [
        sparse.hstack([blank(gain.T), blank((conditions, width)), lacks]),
        sparse.hstack([moves, -choice, blank((width, conditions))]),
        sparse.hstack([blank((1, width)), blank(np.ones((1, width))), blank((1, conditions))]),
        sparse.hstack([blank(both.shape), both, blank((both.shape[0], conditions))]),
    ]
    lower = [
        -around.base[needed] / scale,
        np.full(width, -np.inf),
        [count],
        np.zeros(both.shape[0]),
    ]
    upper = [np.full(conditions, np.inf), np.zeros(width), [count], np.ones(both.shape[0])]
    if cuts:
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
    if answer.x is None:
        return None
    moved = np.zeros(around.room.size)
    moved[useful] = answer.x[:width] * room
    chosen = useful[answer.x[width : 2 * width] > 0.5].tolist()
    return moved.reshape(around.room.shape), chosen, float(answer.x[2 * width :] @ scale)


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
    lacking: Floats = found.x[len(room) :]
    return lacking


def _settled(problem: LeastChangeProblem, numbers: list[int], guess: Floats) -> Change:
    """The cheapest change of these numbers near a guess (k,), in spreads, or what lacks least.

    By sequential linear programming, then one number after the other back as far as all hold.
    """
    start, spread = problem.start[numbers], problem.spread[numbers]
    low = (problem.lower[numbers] - start) / spread
    high = (problem.upper[numbers] - start) / spread
    at = np.clip(guess, low, high)
    margins, slopes = _slopes(problem, numbers, at, low, high)
    radius = 1.0
    for _ in range(SETTLING):
        box = np.clip(at - radius, low, high), np.clip(at + radius, low, high)
        aim = _cheapest(at, margins, slopes, *box)
        if np.abs(aim - at).max() < 1e-9:
            break
        there, then = _slopes(problem, numbers, aim, low, high)
        for _ in range(CORRECTIONS):
            if _worth(aim, there) < _worth(at, margins) - 1e-12:
                break
            # the same once more by what the margins turned out to be (second-order correction)
            aim = _cheapest(at, there - slopes.T @ (aim - at), slopes, *box)
            there, then = _slopes(problem, numbers, aim, low, high)
        worth, fails = _worth(at, margins), (margins < -TIE).any()
        if _worth(aim, there) < worth - 1e-12:
            radius *= 2.0 if np.abs(aim - at).max() > 0.99 * radius else 1.0
            at, margins, slopes = aim, there, then
            if fails and _worth(at, margins) > HOPELESS * worth:
                break
        else:
            radius = min(radius, float(np.abs(aim - at).max())) / 2.0
            if radius < (NEAR if fails else 1e-7):
                break
    for _ in range(RESTORING):  # curvature may have left it a hair's breadth outside
        if (margins >= -TIE).all():
            break
        box = np.clip(at - NEAR, low, high), np.clip(at + NEAR, low, high)
        at = _cheapest(at, margins, slopes, *box)
        margins, slopes = _slopes(problem, numbers, at, low, high)
    if (margins >= -TIE).all():
        at, margins = _back(problem, numbers, at, margins)
    moved = np.abs(at) > SAFE
    places = tuple(p for p, one in zip(numbers, moved.tolist(), strict=True) if one)
    to = np.clip(start + at * spread, problem.lower[numbers], problem.upper[numbers])
    return Change(places, to[moved], at[moved], float(np.abs(at).sum()), margins)


def _back(
    problem: LeastChangeProblem, numbers: list[int], at: Floats, margins: Floats
) -> tuple[Floats, Floats]:
    """Each number in turn as near to where it started as all conditions allow."""
    shares = np.arange(NARROWER + 1) / (NARROWER + 1)
    for place in np.argsort(-np.abs(at), kind="stable").tolist():
        near, far = 0.0, at[place]
        for _ in range(ROUNDS):
            points = np.tile(at, (len(shares), 1))
            points[:, place] = near + (far - near) * shares
            rows = np.tile(problem.start, (len(points), 1))
            rows[:, numbers] += points * problem.spread[numbers]
            found = problem.margins(np.clip(rows, problem.lower, problem.upper))
            holds = (found >= -TIE).all(axis=1)
            if not holds.any():
                break
            first = int(np.argmax(holds))
            at, margins = points[first], found[first]
            near, far = points[max(first - 1, 0), place], at[place]
    return at, margins


def _worth(at: Floats, margins: Floats) -> float:
    """Effort, and what is lacking at its price; the less the better."""
    return float(np.abs(at).sum() + PENALTY * np.maximum(SAFE - margins, 0.0).sum())


def _slopes(
    problem: LeastChangeProblem, numbers: list[int], at: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Margins (M,) at some spreads of a few numbers, and their slopes there, (k, M)."""
    points = [at]
    for place in range(len(at)):
        for end in (np.minimum(at + NEAR, high), np.maximum(at - NEAR, low)):
            point = at.copy()
            point[place] = end[place]
            points.append(point)
    rows = np.tile(problem.start, (len(points), 1))
    rows[:, numbers] += np.array(points) * problem.spread[numbers]
    found = problem.margins(np.clip(rows, problem.lower, problem.upper))
    apart = [points[1 + 2 * k][k] - points[2 + 2 * k][k] for k in range(len(at))]
    slopes = (found[1::2] - found[2::2]) / np.maximum(apart, 1e-12)[:, np.newaxis]
    return found[0], slopes


def _cheapest(at: Floats, margins: Floats, slopes: Floats, low: Floats, high: Floats) -> Floats:
    """The least effort in a box by margins linear about ``at``; what is lacking has its price."""
    from scipy import optimize

    count, conditions = slopes.shape
    reach = np.abs(slopes.T) @ np.maximum(high - at, at - low)
    tight = np.flatnonzero(margins - reach < SAFE)
    split = np.hstack([-slopes[:, tight].T, slopes[:, tight].T, -np.eye(len(tight))])
    found = optimize.linprog(
        c=np.concatenate([np.ones(2 * count), np.full(len(tight), PENALTY)]),
        A_ub=split,
        b_ub=margins[tight] - SAFE - slopes[:, tight].T @ at,
        bounds=[
            *((max(a, 0.0), max(b, 0.0)) for a, b in zip(low, high, strict=True)),
            *((max(-b, 0.0), max(-a, 0.0)) for a, b in zip(low, high, strict=True)),
            *[(0.0, None)] * len(tight),
        ],
    )
    if found.x is None:
        return at
    aim: Floats = np.clip(found.x[:count] - found.x[count : 2 * count], low, high)
    return aim
