"""Undominated sums of two parts of a space, all of them or within a certified distance.

A few sums are written out whole and pruned exactly. Many go into the cells of a grid, one to a
cell, and most are never formed: a pair of boxes is passed over when a sum already known lies no
lower than all of theirs, but for a cell's side. The larger known sums are, the more is passed over,
so every 64th point of both parts comes first, then every 8th, then all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from servanda.kernels import structured as kernels
from servanda.solvers.pareto import Tree, plant, weighted_front
from servanda.solvers.threads import in_threads, n_workers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_SUMS = 2_000_000
"""Sums of two parts that are written out whole; more go into cells."""

MOST_CELLS = 1 << 20
"""Cells of a grid of sums, for each thread."""

ROUNDS = (64, 8, 1)
"""Every how many-th point of both parts is looked at, round after round."""

SUBTREES = 64
"""Boxes of the first part that threads take in turn; the answer does not depend on it."""


class Place(NamedTuple):
    """Points of the two parts whose sums belong together, and what is added to each (A,)."""

    left: slice
    right: slice
    worth: FloatArray


def undominated_sums(
    left: FloatArray,
    right: FloatArray,
    places: Sequence[Place],
    allowed: FloatArray,
    tolerance: float,
    threads: int | None = None,
) -> tuple[FloatArray, IntArray, FloatArray]:
    """Sums of points of ``left`` (M, A) and ``right`` (N, A) that are not dominated.

    Returns points (K, A), origin (K, 2) int the rows they are sums of, and missing (A,): every sum
    is at most so much above one that is returned. ``allowed`` (A,) is what may be missing; more is
    when the grid would be too large.
    """
    n_actors = left.shape[1]
    count = sum((a.stop - a.start) * (b.stop - b.start) for a, b, _ in places)
    if count <= MOST_SUMS or n_actors == 1:
        return *_all(left, right, places, tolerance, threads), np.zeros(n_actors)
    return _in_cells(left, right, places, allowed, threads)


def thinned(
    kept: list[tuple[int, FloatArray, IntArray]], limit: int, n_actors: int
) -> tuple[list[tuple[int, FloatArray, IntArray]], FloatArray]:
    """At most ``limit`` points, one to a cell of a grid just coarse enough, and what is lost.

    When there are more combinations than that, one point of each remains.
    """
    if sum(len(points) for _, points, _ in kept) <= max(limit, len(kept)) or n_actors == 1:
        return kept, np.zeros(n_actors)
    width = np.max([np.ptp(points, axis=0) for _, points, _ in kept], axis=0)

    def at(fineness: float) -> list[IntArray]:
        return [_one_a_cell(points, np.maximum(width / fineness, 1e-12)) for _, points, _ in kept]

    def count(fineness: float) -> int:
        return sum(int((keeper == np.arange(len(keeper))).sum()) for keeper in at(fineness))

    coarse, fine = 1.0, 2.0
    while count(fine) <= limit:
        coarse, fine = fine, 2.0 * fine
    for _ in range(6):  # the count need not rise evenly; a few halvings are near enough
        middle = float(np.sqrt(coarse * fine))
        if count(middle) <= max(limit, len(kept)):
            coarse = middle
        else:
            fine = middle
    lost = np.zeros(n_actors)
    out = []
    for (state, points, origin), keeper in zip(kept, at(coarse), strict=True):
        rows, cell = np.unique(keeper, return_inverse=True)
        lost = np.maximum(lost, (points - points[rows[cell.ravel()]]).max(axis=0))
        out.append((state, points[rows], origin[rows]))
    return out, lost


def _one_a_cell(points: FloatArray, step: FloatArray) -> IntArray:
    """(M,) the row that stands for each: of those in its cell (over all coordinates but the last)
    the one that lies least below any other in some coordinate.
    """
    cells = ((points[:, :-1] - points[:, :-1].min(axis=0)) / step[:-1]).astype(np.int64)
    shape = cells.max(axis=0) + 1
    if float(np.prod(shape.astype(np.float64))) < 2.0**62:
        place = np.ravel_multi_index(tuple(cells.T), tuple(shape.tolist()))
    else:
        place = np.unique(cells, axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(place, kind="stable")
    begins = np.concatenate([[True], place[order][1:] != place[order][:-1]])
    group = np.cumsum(begins) - 1
    # the most that is lost by keeping a point: how far it lies below the largest of its cell
    largest = np.maximum.reduceat(points[order], np.flatnonzero(begins), axis=0)
    regret = np.max(largest[group] - points[order], axis=1)
    best = order[np.lexsort((order, regret, group))][begins]
    keeper = np.empty(len(points), dtype=np.int64)
    keeper[order] = best[group]
    return keeper


def _all(
    left: FloatArray,
    right: FloatArray,
    places: Sequence[Place],
    tolerance: float,
    threads: int | None,
) -> tuple[FloatArray, IntArray]:
    sums, origins = [], []
    for a, b, worth in places:
        together = left[a][:, np.newaxis] + (right[b] + worth)
        sums.append(together.reshape(-1, left.shape[1]))
        first, second = np.meshgrid(
            np.arange(a.start, a.stop), np.arange(b.start, b.stop), indexing="ij"
        )
        origins.append(np.stack([first.ravel(), second.ravel()], axis=1))
    points, origin = np.concatenate(sums), np.concatenate(origins)
    rows = weighted_front(points, np.ones(len(points), dtype=np.int64), tolerance, threads).indices
    return points[rows], origin[rows]


def _in_cells(
    left: FloatArray,
    right: FloatArray,
    places: Sequence[Place],
    allowed: FloatArray,
    threads: int | None,
) -> tuple[FloatArray, IntArray, FloatArray]:
    n_sides, step = left.shape[1] - 1, len(right)
    low = np.min([left[a].min(0) + right[b].min(0) + worth for a, b, worth in places], axis=0)
    high = np.max([left[a].max(0) + right[b].max(0) + worth for a, b, worth in places], axis=0)
    width = np.maximum(high - low, 1e-12)[:-1]
    cell = np.maximum(allowed[:-1], width / int(MOST_CELLS ** (1.0 / n_sides)))
    shape = (width / cell).astype(np.int64) + 2  # one to spare for what rounding lifts
    slack = float(max(allowed[-1], cell.max()))  # no more is lost of the last than of the worst
    in_cells = np.append(1.0 / cell, 1.0)
    corner = np.append(low[:-1], 0.0)
    best = np.full(int(shape.prod()), -np.inf)
    pair = np.full(len(best), len(left) * step)
    workers = n_workers(threads)
    for every in ROUNDS:
        cover = _largest_beyond(best, shape)
        for a, b, worth in places:
            base = left[a].min(axis=0)
            base[-1] = 0.0
            first, first_rows = _planted((left - base) * in_cells, a, every)
            moved = (right + (worth + base - corner)) * in_cells
            second, second_rows = _planted(moved, b, every)
            roots = _subtrees(first)

            def fill(
                worker: int,
                first: Tree = first,
                second: Tree = second,
                first_rows: IntArray = first_rows,
                second_rows: IntArray = second_rows,
                roots: IntArray = roots,
                cover: FloatArray = cover,
            ) -> tuple[FloatArray, IntArray]:
                grid = best, pair
                if worker:
                    grid = np.full_like(best, -np.inf), np.full_like(pair, len(left) * step)
                kernels.sums_into_cells(
                    roots[worker::workers],
                    first_rows,
                    *first[1:6],
                    second_rows,
                    *second[1:6],
                    step,
                    shape,
                    slack,
                    cover,
                    *grid,
                )
                return grid

            for more, its_pair in list(in_threads(fill, range(workers), workers))[1:]:
                # the largest, the lowest pair on ties, whoever found it
                better = (more > best) | ((more == best) & (its_pair < pair))
                best[better], pair[better] = more[better], its_pair[better]
    pair = pair[_beyond_all_others(best, shape)]
    origin = np.stack([pair // step, pair % step], axis=1)
    points = left[origin[:, 0]] + right[origin[:, 1]]
    for a, b, worth in places:
        inside = (origin[:, 0] >= a.start) & (origin[:, 0] < a.stop)
        inside &= (origin[:, 1] >= b.start) & (origin[:, 1] < b.stop)
        points[inside] += worth
    return points, origin, np.append(cell, slack)


def _planted(points: FloatArray, place: slice, every: int) -> tuple[Tree, IntArray]:
    """A tree over every so many-th of the points, and the rows they stand in, by place in it."""
    rows = np.arange(place.start, place.stop, every)
    tree = plant(points[rows])
    return tree, rows[tree.order]


def _subtrees(tree: Tree) -> IntArray:
    """Boxes that hold every point once, about so many as threads can share out."""
    nodes = [0]
    while len(nodes) < SUBTREES and any(tree.left[node] >= 0 for node in nodes):
        nodes = [
            child
            for node in nodes
            for child in (
                (tree.left[node], tree.left[node] + 1) if tree.left[node] >= 0 else (node,)
            )
        ]
    return np.array(nodes, dtype=np.int64)


def _largest_beyond(best: FloatArray, shape: IntArray) -> FloatArray:
    """(C,) the largest of each cell and all that are no lower in any count."""
    grid = best.reshape(shape)
    for axis in range(grid.ndim):
        grid = np.flip(np.maximum.accumulate(np.flip(grid, axis), axis), axis)
    return np.ascontiguousarray(grid).ravel()


def _beyond_all_others(best: FloatArray, shape: IntArray) -> NDArray[np.bool_]:
    """(C,) cells that keep a larger sum than any other no lower in any count."""
    beyond = _largest_beyond(best, shape).reshape(shape)
    others = np.full(beyond.shape, -np.inf)
    for axis in range(beyond.ndim):
        below = tuple(slice(None, -1) if k == axis else slice(None) for k in range(beyond.ndim))
        above = tuple(slice(1, None) if k == axis else slice(None) for k in range(beyond.ndim))
        np.maximum(others[below], beyond[above], out=others[below])
    return np.asarray(best > others.ravel(), dtype=np.bool_)
