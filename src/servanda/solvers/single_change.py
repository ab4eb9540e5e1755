"""Which one number, moved how far, makes some conditions hold?

Each number is first moved by one spread up and down by itself, which gives a secant of every margin
for each direction. Those that help every condition that fails, the most promising first, are then
followed to the end of their room, and the first crossing is closed in on. Exact up to the distance
of the points first looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.problems.least_change import LeastChangeProblem
from servanda.results.least_change import Change

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TIE = 1e-9
"""A margin of at least minus this holds."""

CANDIDATES = 12
"""Numbers followed for each set of conditions."""

RAY = 20
"""Points at which a number is first looked at on its way."""

NARROWER, ROUNDS = 8, 5
"""Points inside a crossing's interval, and how often it is narrowed by them."""


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
