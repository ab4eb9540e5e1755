"""The Pareto frontier of a space too large to enumerate, built from its parts, with a certificate.

Values are sums over issues plus links, so the frontier of a set of issues is among the sums of the
frontiers of two parts of it (Minkowski sum and prune). A link, an exclusion or a red line that
looks at issues in both is settled when they meet: until then a part keeps one frontier for
every combination of such **patterns** that its own options still match (variable elimination,
Dechter 1999, with a pattern's state in place of its variables). Issues are first put in an order in
which few patterns cross any cut.

While the frontiers are small the answer is exact. Larger ones are kept one point to a cell of a
grid (``servanda.solvers.part_sums``), and what that loses at most is added up. Errors of two parts
add, so the sum over all merges is a certificate for the whole: **no package is above every listed
point by more than epsilon** (Papadimitriou and Yannakakis 2000 for the idea of such a set). So that
few errors add, issues come in blocks small enough to be exact, and blocks are joined one after the
other to what is joined already. Cells are as large as the epsilon wanted allows.

Red lines and exclusions are honoured; rationality is reported for each point; ratification is not
asked, as it is no sum over issues.

References: Dechter (1999), Bucket elimination, Artificial Intelligence 113; Papadimitriou and
Yannakakis (2000), On the approximability of trade-offs, Proceedings of FOCS.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.frontier import CertifiedFrontier
from servanda.solvers.pareto import undominated, weighted_front
from servanda.solvers.part_sums import Place, thinned, undominated_sums

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_POINTS = 2_000_000
"""Points of a part (over all its states) past which it is thinned."""

BLOCK = 10_000_000
"""Packages of a block of issues, about: of so many the frontier is small enough to be exact."""

MOST_STATES = 4_096
"""Combinations of patterns a part may have open; more are refused."""


@dataclass(frozen=True, eq=False)
class _Part:
    """Frontiers of some issues, one for each combination of open patterns still matched.

    Attributes
    ----------
        issues: bits of the issues in it.
        slices: combination (bits of patterns) to places of its points.
        points: (M, A).
        origin: (M, 2) int, places of the two points it is the sum of; for an issue: its option.
        halves: the two parts; None for an issue.
        missing: (A,) points by which what was left out may lie above what was kept.
    """

    issues: int
    slices: dict[int, slice]
    points: FloatArray
    origin: IntArray
    halves: tuple[_Part, _Part] | None
    missing: FloatArray


@dataclass(frozen=True, eq=False)
class _Patterns:
    """Links first, then what is forbidden.

    Attributes
    ----------
        scope: for each pattern, bits of the issues it looks at.
        allows: (P, J) uint64, options it matches.
        worth: (P, A) points added when it matches; NaN: forbidden.
    """

    scope: tuple[int, ...]
    allows: NDArray[np.uint64]
    worth: FloatArray

    def scaled(self, factor: FloatArray) -> _Patterns:
        """The same with what links are worth in another unit for each actor."""
        return _Patterns(self.scope, self.allows, self.worth * factor)


class _Values(NamedTuple):
    """Contributions (J, O, A) and options (J,) int of the issues, in some unit."""

    contribution: FloatArray
    n_options: IntArray


def structured_frontier(
    problem: PackageProblem,
    *,
    epsilon: float = 0.01,
    most_points: int = MOST_POINTS,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> CertifiedFrontier:
    """Frontier of all packages that break no red line, exact or with a certified epsilon.

    Parameters
    ----------
        problem: packages and values; gates other than red lines are not asked.
        epsilon: share of each actor's span that may be lost; spent only where it saves work.
        most_points: points a part may have before it is thinned by more than that; then epsilon
            may not be reached, and the answer says what was.
        tolerance: points; values that differ by no more are one point.
        threads: how many; None: as many as there are cores. The answer does not depend on it.

    Raises
    ------
        ProblemError: links that cross so much that no part is small.
    """
    if not 0.0 <= epsilon < 1.0 or most_points < 1:
        raise ProblemError("epsilon: must be 0 or more and below 1; most_points: at least 1")
    patterns = _patterns_of(problem)
    if any(not one and np.isnan(patterns.worth[p, 0]) for p, one in enumerate(patterns.scope)):
        return _nothing(problem, tolerance)  # what is forbidden matches every package
    order = _order(problem, patterns)
    span = _spans(problem, patterns, order, tolerance)
    # one unit for all: shares of the span; the tolerance stays in points
    unit = np.where(span > tolerance, span, 1.0)
    shares = _Values(problem.contribution / unit, problem.n_options)
    scaled = patterns.scaled(1.0 / unit)
    finest = tolerance / float(unit.max())
    allowed = np.full(len(unit), epsilon * (1.0 - 1e-9))  # so that sums of shares stay within
    whole = _build(shares, scaled, order, allowed, most_points, finest, threads)
    chosen = np.empty((len(whole.points), len(problem.issues)), dtype=np.int64)
    if len(chosen):
        _trace(whole, np.arange(len(chosen)), chosen)
    values = _values_of(problem, patterns, chosen)
    rows = weighted_front(values, np.ones(len(values), dtype=np.int64), tolerance).indices
    values, chosen = values[rows], chosen[rows]
    parties = problem.parties
    gains = values[:, parties] - problem.reservation[parties]
    return CertifiedFrontier(
        actors=problem.actors,
        issues=problem.issues,
        space=problem.n_packages,
        values=values,
        chosen=chosen,
        rational=np.asarray((gains >= -tolerance).all(axis=1), dtype=np.bool_),
        epsilon=whole.missing * unit,
        span=span,
        tolerance=tolerance,
    )


def _nothing(problem: PackageProblem, tolerance: float) -> CertifiedFrontier:
    n_actors, n_issues = len(problem.actors), len(problem.issues)
    return CertifiedFrontier(
        actors=problem.actors,
        issues=problem.issues,
        space=problem.n_packages,
        values=np.empty((0, n_actors)),
        chosen=np.empty((0, n_issues), dtype=np.int64),
        rational=np.empty(0, dtype=np.bool_),
        epsilon=np.zeros(n_actors),
        span=np.zeros(n_actors),
        tolerance=tolerance,
    )


def _build(
    values: _Values,
    patterns: _Patterns,
    order: list[int],
    budget: FloatArray,
    most_points: int,
    tolerance: float,
    threads: int | None,
) -> _Part:
    """The part of the issues in ``order``: blocks by halving, joined one after the other.

    Blocks are small enough to be exact as a rule. Errors of both parts of a merge add, so only
    what is joined already carries one.
    """
    n_all = len(order)

    def merged(left: _Part, right: _Part) -> _Part:
        # wider parts need more cells for the same error: later merges are left more of it
        share = (left.issues | right.issues).bit_count() / n_all
        allowed = np.maximum(budget * share**2 - left.missing - right.missing, 0.0)
        return _merge(patterns, left, right, allowed, most_points, tolerance, threads)

    def block(issues: list[int]) -> _Part:
        if len(issues) == 1:
            return _issue(values, patterns, issues[0], tolerance)
        cut = _cut(patterns, issues, len(issues) // 2, len(issues) // 8)
        return merged(block(issues[:cut]), block(issues[cut:]))

    return reduce(merged, map(block, _blocks(values, patterns, order)))


def _blocks(values: _Values, patterns: _Patterns, order: list[int]) -> list[list[int]]:
    """Runs of issues of about the same size, of up to about ``BLOCK`` packages each."""
    size = float(np.log(values.n_options[order]).sum() / np.log(BLOCK))
    count = min(max(1, int(np.ceil(size - 0.1))), len(order))
    ends = [
        _cut(patterns, order, round(len(order) * k / count), len(order) // (8 * count))
        for k in range(1, count)
    ]
    return [order[a:b] for a, b in pairwise([0, *ends, len(order)])]


def _issue(values: _Values, patterns: _Patterns, issue: int, tolerance: float) -> _Part:
    """One issue: each option under the combination of patterns it matches."""
    here = 1 << issue
    groups: dict[int, list[int]] = {}
    points: list[FloatArray] = []
    for option in range(int(values.n_options[issue])):
        worth = values.contribution[issue, option].copy()
        state, forbidden = 0, False
        for p, scope in enumerate(patterns.scope):
            if scope & here and int(patterns.allows[p, issue]) >> option & 1:
                if scope != here:
                    state |= 1 << p
                elif np.isnan(patterns.worth[p, 0]):
                    forbidden = True
                else:
                    worth += patterns.worth[p]
        points.append(worth)
        if not forbidden:
            groups.setdefault(state, []).append(option)
    every = np.array(points)
    kept = []
    for state, options in groups.items():
        chosen = np.array(options)[undominated(every[options], tolerance, 1)]
        kept.append((state, every[chosen], np.stack([chosen, chosen], axis=1)))
    return _part(here, kept, None, np.zeros(every.shape[1]))


def _merge(
    patterns: _Patterns,
    left: _Part,
    right: _Part,
    allowed: FloatArray,
    limit: int,
    tolerance: float,
    threads: int | None,
) -> _Part:
    """All sums of two parts, patterns that end here settled, pruned and thinned."""
    issues = left.issues | right.issues
    pairs: dict[int, list[Place]] = {}
    for state_left, at_left in left.slices.items():
        for state_right, at_right in right.slices.items():
            state, worth = 0, np.zeros(left.points.shape[1])
            for p, scope in enumerate(patterns.scope):
                in_left, in_right = scope & left.issues, scope & right.issues
                if not (in_left or in_right) or scope & left.issues == scope:
                    continue
                if scope & right.issues == scope:
                    continue
                matched = (not in_left or state_left >> p & 1) and (
                    not in_right or state_right >> p & 1
                )
                if not matched:
                    continue
                if scope & ~issues:
                    state |= 1 << p
                else:
                    worth = worth + patterns.worth[p]
            if not np.isnan(worth).any():
                pairs.setdefault(state, []).append(Place(at_left, at_right, worth))
    if len(pairs) > MOST_STATES:
        raise ProblemError(
            f"links and red lines: {len(pairs)} combinations cross between two parts of the "
            f"issues; at most {MOST_STATES} can be kept apart"
        )
    missing = np.zeros(left.points.shape[1])
    kept = []
    for state, places in pairs.items():
        points, origin, lost = undominated_sums(
            left.points, right.points, places, allowed, tolerance, threads
        )
        missing = np.maximum(missing, lost)
        kept.append((state, points, origin))
    kept, lost = thinned(kept, limit, len(missing))
    missing = missing + lost
    return _part(issues, kept, (left, right), left.missing + right.missing + missing)


def _part(
    issues: int,
    kept: list[tuple[int, FloatArray, IntArray]],
    halves: tuple[_Part, _Part] | None,
    missing: FloatArray,
) -> _Part:
    slices, start = {}, 0
    for state, points, _ in kept:
        slices[state] = slice(start, start + len(points))
        start += len(points)
    n_actors = len(missing)
    return _Part(
        issues=issues,
        slices=slices,
        points=np.concatenate([np.empty((0, n_actors)), *(points for _, points, _ in kept)]),
        origin=np.concatenate(
            [np.empty((0, 2), dtype=np.int64), *(origin for _, _, origin in kept)]
        ),
        halves=halves,
        missing=missing,
    )


def _trace(part: _Part, places: IntArray, chosen: IntArray) -> None:
    """Write the options behind points of a part into ``chosen`` (M, J)."""
    origin = part.origin[places]
    if part.halves is None:
        chosen[:, part.issues.bit_length() - 1] = origin[:, 0]
        return
    _trace(part.halves[0], origin[:, 0], chosen)
    _trace(part.halves[1], origin[:, 1], chosen)


def _patterns_of(problem: PackageProblem) -> _Patterns:
    """Links and what is forbidden, with the issues each looks at."""
    n_actors = len(problem.actors)
    forbidden = len(problem.exclusions) + len(problem.red_lines)
    allows = np.concatenate([problem.links, problem.exclusions, problem.red_lines])
    full = np.array([(1 << int(n)) - 1 for n in problem.n_options], dtype=np.uint64)
    looks = (allows & full) != full
    scope = tuple(sum(1 << j for j in np.flatnonzero(row).tolist()) for row in looks)
    worth = np.concatenate([problem.link_values, np.full((forbidden, n_actors), np.nan)])
    return _Patterns(scope, allows, worth)


def _order(problem: PackageProblem, patterns: _Patterns) -> list[int]:
    """Issues so that few patterns cross a cut: each time the one that leaves fewest crossing."""
    left, done, order = set(range(len(problem.issues))), 0, []
    shared = [scope for scope in patterns.scope if scope.bit_count() > 1]
    while left:

        def crossing(issue: int, done: int = done) -> tuple[int, int, int]:
            inside = done | 1 << issue
            cross = sum(1 for scope in shared if scope & inside and scope & ~inside)
            ends = sum(1 for scope in shared if scope >> issue & 1 and not scope & ~inside)
            return cross, -ends, issue

        best = min(left, key=crossing)
        left.remove(best)
        order.append(best)
        done |= 1 << best
    return order


def _cut(patterns: _Patterns, issues: list[int], middle: int, reach: int) -> int:
    """Where to cut: fewest patterns cross, within reach of the middle, the middle on ties."""

    def crossing(cut: int) -> tuple[int, int]:
        first = sum(1 << j for j in issues[:cut])
        second = sum(1 << j for j in issues[cut:])
        return sum(1 for s in patterns.scope if s & first and s & second), abs(cut - middle)

    first, last = max(1, middle - reach), min(len(issues) - 1, middle + reach)
    return min(range(first, last + 1), key=crossing)


def _spans(
    problem: PackageProblem, patterns: _Patterns, order: list[int], tolerance: float
) -> FloatArray:
    """(A,) points between each actor's best and worst package, exactly: one actor at a time."""
    span = np.zeros(len(problem.actors))
    for i in range(len(problem.actors)):
        ends = []
        for sign in (1.0, -1.0):
            alone = _Values(sign * problem.contribution[:, :, [i]], problem.n_options)
            one = _Patterns(patterns.scope, patterns.allows, sign * patterns.worth[:, [i]])
            whole = _build(alone, one, order, np.zeros(1), MOST_POINTS, tolerance, 1)
            ends.append(float(whole.points.max()) if len(whole.points) else 0.0)
        span[i] = ends[0] + ends[1]
    return span


def _values_of(problem: PackageProblem, patterns: _Patterns, chosen: IntArray) -> FloatArray:
    """(M, A) points of packages given by their options (M, J); their numbers may be too large."""
    issues = np.arange(len(problem.issues))
    values = problem.constant + problem.contribution[issues, chosen].sum(axis=1)
    for link in range(len(problem.links)):
        bits = patterns.allows[link] >> chosen.astype(np.uint64)
        matched = ((bits & np.uint64(1)) == 1).all(axis=1)
        values += matched[:, np.newaxis] * problem.link_values[link]
    return np.asarray(values, dtype=np.float64)
