"""Pareto frontier: which packages leave nobody better off without leaving somebody worse off.

Package y dominates x iff ``y_i >= x_i - tolerance`` for every actor and ``y_i > x_i + tolerance``
for one. Packages whose values agree within the tolerance for every actor are one point; it is
represented by the first of them, and how many share it is reported.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.kernels.packages import frontier_filter, frontier_sweep
from servanda.problems.packages import TOLERANCE
from servanda.results.packages import ParetoFront

FloatArray = NDArray[np.float64]


def pareto_front(values: ArrayLike, tolerance: float = TOLERANCE) -> ParetoFront:
    """Undominated rows of ``values`` (N, A) points, each point once.

    >>> front = pareto_front([[1, 0], [0, 1], [0, 0.5], [1, 0]])
    >>> front.indices.tolist(), front.shared.tolist()
    ([0, 1], [2, 1])
    """
    points = checked_values(values)
    n_points = points.shape[0]
    kept, first, shared = (np.empty(n_points, dtype=np.int64) for _ in range(3))
    if points.shape[1] == 2:
        order = np.argsort(-points[:, 0], kind="stable")
        count = frontier_sweep(points, order, tolerance, kept, first, shared)
    else:
        # A dominator has the larger sum (up to rounding), so it comes before what it dominates.
        order = np.argsort(-points.sum(axis=1), kind="stable")
        count = frontier_filter(points, order, tolerance, kept, first, shared)
    rising = np.argsort(first[:count], kind="stable")
    return ParetoFront(
        indices=first[:count][rising], shared=shared[:count][rising], tolerance=tolerance
    )


def checked_values(values: ArrayLike) -> FloatArray:
    """``values`` as a finite (N, A) array, A at least 1."""
    # a copy: kernels are compiled once for writable arrays, and the input stays as it is
    points = np.array(values, dtype=np.float64, order="C")
    if points.ndim != 2 or points.shape[1] == 0:
        raise ProblemError(f"values: shape {points.shape}; must be (packages, actors)")
    if not np.isfinite(points).all():
        raise ProblemError("values: must be finite")
    return points
