"""How far must a few numbers move for every condition to hold?

Sequential linear programming with a trust region: slopes at the point reached, a linear program
near it, a look at the true margins, until nothing gets cheaper; then each number in turn is taken
back as far as all conditions allow.

Source: Fletcher, R. and Sainz de la Maza, E. (1989), Nonlinear programming and nonsmooth
optimization by successive linear programming, Mathematical Programming 43.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from servanda.problems.least_change import LeastChangeProblem
from servanda.results.least_change import Change
from servanda.solvers.single_change import NARROWER, ROUNDS, TIE

Floats = NDArray[np.float64]

SAFE = 1e-7
"""Margin that linear programs aim at, so that what they find holds."""

PENALTY = 1e3
"""Spreads that a lacking unit of margin counts for."""

NEAR = 0.02
"""Spreads by which a number is moved for a slope."""

HOPELESS = 0.999
"""Part of what is lacking that a step must leave less than, while conditions fail."""

SETTLING, CORRECTIONS, RESTORING = 15, 3, 4
"""Linear programs for a proposal, at most; for one of its steps; to come back at the end."""


def settled_change(problem: LeastChangeProblem, numbers: list[int], guess: Floats) -> Change:
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

    count = len(slopes)
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
