"""Sums of two sets of points, kept one to a cell of a grid: the merge of two parts of a space."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(cache=True, nogil=True)
def sum_into_cells(
    left: FloatArray,
    right: FloatArray,
    added: FloatArray,
    first: int,
    step: int,
    low: FloatArray,
    cell: FloatArray,
    shape: IntArray,
    best: FloatArray,
    pair: IntArray,
) -> None:
    """Put every sum of a point of ``left`` (M, A), one of ``right`` (N, A) and ``added`` (A,) into
    its cell, which keeps the one with the largest last coordinate, the lowest pair on ties.

    Cells are counted from ``low`` (A-1,) in steps of ``cell`` (A-1,), over all coordinates but the
    last, ``shape`` (A-1,) int of them. Sum (m, n) is the pair ``first + m·step + n``. Written in
    place, one entry for each cell: ``best`` (C,) the last coordinate kept, minus infinity: none;
    ``pair`` (C,) int which it is.
    """
    n_sides = left.shape[1] - 1
    per_cell = 1.0 / cell
    start = np.empty(n_sides)
    for m in range(left.shape[0]):
        for i in range(n_sides):
            start[i] = (left[m, i] + added[i] - low[i]) * per_cell[i]
        above = left[m, n_sides] + added[n_sides]
        for n in range(right.shape[0]):
            place = 0
            for i in range(n_sides):
                at = int(start[i] + right[n, i] * per_cell[i])
                place = place * shape[i] + min(max(at, 0), shape[i] - 1)
            last = above + right[n, n_sides]
            if last >= best[place]:
                number = first + m * step + n
                if last > best[place] or number < pair[place]:
                    best[place] = last
                    pair[place] = number
