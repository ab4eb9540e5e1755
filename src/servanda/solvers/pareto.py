"""Pareto frontier: which packages leave nobody better off without leaving somebody worse off.

Package y dominates x iff ``y_i >= x_i - tolerance`` for every actor and ``y_i > x_i + tolerance``
for one. Packages whose values agree within the tolerance for every actor are one point; it is
represented by the first of them, and how many share it is reported.

Whatever could dominate a package is looked for in a tree of boxes (``servanda.kernels.pareto``).
The frontier of a small sample closes most packages, that of a larger one most of the rest, and what
is then still open is looked for in a tree of itself. Samples are taken by a fixed rule and only
save time: the answer does not depend on them, nor on the number of threads.

Reference: Kung, Luccio and Preparata (1975), On finding the maxima of a set of vectors, Journal of
the ACM 22(4), for the problem; Bentley (1975), Multidimensional binary search trees, Communications
of the ACM 18(9), for the tree.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.kernels import pareto as kernels
from servanda.problems.packages import TOLERANCE
from servanda.results.packages import ParetoFront
from servanda.solvers.threads import in_threads, n_workers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SAMPLES = (512, 16_384)
"""Rows whose frontiers close most others, first and then among those still open."""

CHUNK = 1 << 13
"""Rows a thread takes at a time; the answer does not depend on it."""

STRIDE = 2_654_435_761
"""A large prime: samples step by it, so that they do not follow the pattern of a product space."""


class Tree(NamedTuple):
    """A tree of boxes, arrays as in the kernels."""

    order: IntArray
    sorted_points: FloatArray
    begin: IntArray
    end: IntArray
    left: IntArray
    top: FloatArray
    bottom: FloatArray
    lowest: IntArray


def pareto_front(
    values: ArrayLike, tolerance: float = TOLERANCE, *, threads: int | None = None
) -> ParetoFront:
    """Undominated rows of ``values`` (N, A) points, each point once.

    >>> front = pareto_front([[1, 0], [0, 1], [0, 0.5], [1, 0]])
    >>> front.indices.tolist(), front.shared.tolist()
    ([0, 1], [2, 1])
    """
    points = checked_values(values)
    return weighted_front(points, np.ones(len(points), dtype=np.int64), tolerance, threads)


def weighted_front(
    points: FloatArray, weights: IntArray, tolerance: float, threads: int | None = None
) -> ParetoFront:
    """Frontier of points (N, A) that already stand for ``weights`` (N,) packages each."""
    rows = undominated(points, tolerance, threads)
    if not len(rows):
        return ParetoFront(rows, np.empty(0, dtype=np.int64), tolerance)
    kept = points[rows]
    first = _first_equals(kept, plant(kept), tolerance, n_workers(threads))
    # a point equal to one that is itself equal to an earlier one joins the earlier
    for n in np.flatnonzero(first[first] != first).tolist():
        first[n] = first[first[n]]
    shared = np.bincount(first, weights=weights[rows], minlength=len(rows)).astype(np.int64)
    stands = np.flatnonzero(shared)
    return ParetoFront(indices=rows[stands], shared=shared[stands], tolerance=tolerance)


def merged_front(
    points: FloatArray,
    weights: IntArray,
    more: FloatArray,
    more_weights: IntArray,
    tolerance: float,
    threads: int | None = None,
) -> tuple[IntArray, IntArray]:
    """Frontier of two frontiers: rows of both, one after the other, and how many share each."""
    front = weighted_front(
        np.concatenate([points, more]), np.concatenate([weights, more_weights]), tolerance, threads
    )
    return front.indices, front.shared


def undominated(points: FloatArray, tolerance: float, threads: int | None = None) -> IntArray:
    """Rows of points (N, A) that no row dominates, rising; equal ones all stay."""
    workers = n_workers(threads)
    open_ = np.ones(len(points), dtype=np.bool_)
    rows = np.arange(len(points))
    for size in SAMPLES:
        if len(rows) < 4 * size:
            break
        sample = points[rows[(np.arange(size) * STRIDE) % len(rows)]]
        best = sample[_open_in_own_tree(sample, tolerance, workers)]
        _close_by_tree(points, rows, plant(best), tolerance, open_, workers)
        rows = np.flatnonzero(open_)
    left = points[rows]
    return rows[_open_in_own_tree(left, tolerance, workers)]


def plant(points: FloatArray) -> Tree:
    """A tree over points (M, A); none when there is no point."""
    n_points, n_actors = points.shape
    n_most = 2 * max(n_points, 1)
    tree = Tree(
        order=np.empty(n_points, dtype=np.int64),
        sorted_points=np.empty((n_points, n_actors)),
        begin=np.empty(n_most, dtype=np.int64),
        end=np.empty(n_most, dtype=np.int64),
        left=np.empty(n_most, dtype=np.int64),
        top=np.empty((n_most, n_actors)),
        bottom=np.empty((n_most, n_actors)),
        lowest=np.empty(n_most, dtype=np.int64),
    )
    if n_points:
        kernels.plant_tree(points, *tree)
    return tree


def checked_values(values: ArrayLike) -> FloatArray:
    """``values`` as a finite (N, A) array, A at least 1."""
    # a copy: kernels are compiled once for writable arrays, and the input stays as it is
    points = np.array(values, dtype=np.float64, order="C")
    if points.ndim != 2 or points.shape[1] == 0:
        raise ProblemError(f"values: shape {points.shape}; must be (packages, actors)")
    if not np.isfinite(points).all():
        raise ProblemError("values: must be finite")
    return points


def _open_in_own_tree(points: FloatArray, tolerance: float, workers: int) -> IntArray:
    """Rows of points (M, A) that none of them dominates, rising."""
    open_ = np.ones(len(points), dtype=np.bool_)
    if len(points):
        _close_by_tree(points, np.arange(len(points)), plant(points), tolerance, open_, workers)
    return np.flatnonzero(open_)


def _close_by_tree(
    points: FloatArray,
    rows: IntArray,
    tree: Tree,
    tolerance: float,
    open_: BoolArray,
    workers: int,
) -> None:
    def close(start: int) -> None:
        stop = min(start + CHUNK, len(rows))
        kernels.drop_dominated_in_tree(
            points,
            rows,
            start,
            stop,
            tree.sorted_points,
            tree.begin,
            tree.end,
            tree.left,
            tree.top,
            tolerance,
            open_,
        )

    for _ in in_threads(close, range(0, len(rows), CHUNK), workers):
        pass


def _first_equals(points: FloatArray, tree: Tree, tolerance: float, workers: int) -> IntArray:
    first = np.empty(len(points), dtype=np.int64)

    def find(start: int) -> None:
        stop = min(start + CHUNK, len(points))
        kernels.first_equals(points, start, stop, *tree, tolerance, first)

    for _ in in_threads(find, range(0, len(points), CHUNK), workers):
        pass
    return first
