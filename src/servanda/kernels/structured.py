"""Sums of two sets of points, kept one to a cell of a grid: the merge of two parts of a space.

Cells stand over all coordinates but the last; these are given in cells, so that the whole part of
a sum's coordinate says in which it lies, ``shape`` (A-1,) int of them. A cell keeps the sum with
the largest last coordinate. A sum is not missed either when a cell that is no lower in any
coordinate keeps one with a last coordinate no smaller: nothing is lost but a cell's side.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STACK = 256


@njit(cache=True, nogil=True)
def sums_into_cells(
    first_nodes: IntArray,
    order: IntArray,
    points: FloatArray,
    begin: IntArray,
    end: IntArray,
    left: IntArray,
    top: FloatArray,
    other_order: IntArray,
    other_points: FloatArray,
    other_begin: IntArray,
    other_end: IntArray,
    other_left: IntArray,
    other_top: FloatArray,
    step: int,
    shape: IntArray,
    slack: float,
    cover: FloatArray,
    best: FloatArray,
    pair: IntArray,
) -> None:
    """Put sums of two trees' points into their cells.

    The trees are as in ``servanda.kernels.pareto``; of the first only what is below ``first_nodes``
    counts. ``order`` (M,), ``other_order`` (N,) int number the points; sum (m, n) is the pair
    ``m·step + n``. ``cover`` (C,) is the largest last coordinate known of at a cell or any beyond:
    two boxes are passed over when no sum of theirs lies above that by more than ``slack``. Written
    in place: ``best`` (C,) the last coordinate kept, minus infinity: none; ``pair`` (C,) int which
    it is, the lowest on ties.
    """
    n_sides = shape.shape[0]
    stack, other_stack = np.empty(STACK, np.int64), np.empty(STACK, np.int64)
    for root in first_nodes:
        stack[0], other_stack[0], depth = root, 0, 1
        while depth > 0:
            depth -= 1
            node, other = stack[depth], other_stack[depth]
            if covered(top, node, other_top, other, n_sides, shape, slack, cover):
                continue
            size = end[node] - begin[node]
            other_size = other_end[other] - other_begin[other]
            if left[node] >= 0 and (size >= other_size or other_left[other] < 0):
                stack[depth], stack[depth + 1] = left[node] + 1, left[node]
                other_stack[depth], other_stack[depth + 1] = other, other
                depth += 2
            elif other_left[other] >= 0:
                stack[depth], stack[depth + 1] = node, node
                other_stack[depth] = other_left[other] + 1
                other_stack[depth + 1] = other_left[other]
                depth += 2
            else:
                for m in range(begin[node], end[node]):
                    if covered(points, m, other_top, other, n_sides, shape, slack, cover):
                        continue
                    for n in range(other_begin[other], other_end[other]):
                        place = 0
                        for i in range(n_sides):
                            place = place * shape[i] + int(points[m, i] + other_points[n, i])
                        last = points[m, n_sides] + other_points[n, n_sides]
                        if last >= best[place]:
                            number = order[m] * step + other_order[n]
                            if last > best[place] or number < pair[place]:
                                best[place] = last
                                pair[place] = number


@njit(cache=True, nogil=True, inline="always")
def covered(
    top: FloatArray,
    m: int,
    other_top: FloatArray,
    n: int,
    n_sides: int,
    shape: IntArray,
    slack: float,
    cover: FloatArray,
) -> bool:
    """A sum already known lies no lower than these two together, but for a cell and the slack."""
    place = 0
    for i in range(n_sides):
        place = place * shape[i] + int(top[m, i] + other_top[n, i])
    return cover[place] >= top[m, n_sides] + other_top[n, n_sides] - slack
