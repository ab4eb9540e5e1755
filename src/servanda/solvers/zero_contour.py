"""Where a quantity given on a grid passes through 0: marching squares.

Each cell of four corners is cut by straight pieces between the points on its edges at which the
corners' values, joined linearly, are 0. In a cell with two such pieces (a saddle) the mean of its
corners says which corners belong together.

Source: Lorensen, W. and Cline, H. (1987), Marching cubes, Computer Graphics 21(4), in two
dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]
Point = tuple[float, float]
Segment = tuple[Point, Point]


def zero_contour(x: Floats, y: Floats, values: Floats) -> list[Segment]:
    """Straight pieces on which values are 0.

    Args:
        x: (X,) ascending.
        y: (Y,) ascending.
        values: (X, Y); 0 counts as above.

    Raises:
        ProblemError: shapes that do not fit.

    >>> zero_contour(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([[-1, -1], [3, 3.0]]))
    [((0.25, 0.0), (0.25, 1.0))]
    """
    if values.shape != (len(x), len(y)):
        raise ProblemError(f"values: {values.shape} for {len(x)} by {len(y)} points")
    found = []
    for i in range(len(x) - 1):
        for j in range(len(y) - 1):
            places = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            found += _cut([(float(x[a]), float(y[b]), float(values[a, b])) for a, b in places])
    return found


def _cut(corners: Sequence[tuple[float, float, float]]) -> list[Segment]:
    """Pieces in one cell, its corners one after the other around it."""
    above = [value >= 0.0 for *_, value in corners]
    points: dict[int, Point] = {}
    for edge in range(4):
        one, other = corners[edge], corners[(edge + 1) % 4]
        if above[edge] != above[(edge + 1) % 4]:
            share = one[2] / (one[2] - other[2])
            ends = [a + share * (b - a) for a, b in zip(one[:2], other[:2], strict=True)]
            points[edge] = (ends[0], ends[1])
    edges = list(points)
    if len(edges) == 2:
        return [(points[edges[0]], points[edges[1]])]
    if len(edges) == 4:
        middle = sum(value for *_, value in corners) >= 0.0
        # edge k runs from corner k; a corner unlike the middle is cut off by the edges beside it
        alone = [corner for corner in range(4) if above[corner] != middle]
        return [(points[corner - 1 if corner else 3], points[corner]) for corner in alone]
    return []
