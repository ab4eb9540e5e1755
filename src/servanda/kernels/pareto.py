"""Loops for Pareto frontiers: a tree of boxes, and what is looked for in it.

Point y **dominates** x when ``y_i >= x_i - tolerance`` for every i and ``y_i > x_i + tolerance``
for one. A tree halves the points again and again along their widest side;
a node knows the largest of each coordinate below it, its **top**. Nothing below a node dominates x
unless the top does, so most of the tree is never looked at.

Arrays of a tree over M points in A dimensions with K nodes, root 0, written in place:
``order`` (M,) int, rows by place; ``sorted_points`` (M, A) the points in that order; ``begin``,
``end`` (K,) int, places below a node; ``left`` (K,) int, its first child, the second follows; -1:
a leaf; ``top``, ``bottom`` (K, A) largest and smallest coordinates; ``lowest`` (K,) int, the
smallest row below.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LEAF = 8
"""Points below which a node is not halved any more."""

STACK = 128


@njit(cache=True, nogil=True)
def plant_tree(
    points: FloatArray,
    order: IntArray,
    sorted_points: FloatArray,
    begin: IntArray,
    end: IntArray,
    left: IntArray,
    top: FloatArray,
    bottom: FloatArray,
    lowest: IntArray,
) -> int:
    """Tree over ``points`` (M, A), M at least 1; returns how many nodes. K at least 2·M."""
    n_points, n_actors = points.shape
    for m in range(n_points):
        order[m] = m
    begin[0], end[0] = 0, n_points
    n_nodes, node = 1, 0
    while node < n_nodes:  # children are written behind, so this is breadth first
        first, last = begin[node], end[node]
        for i in range(n_actors):
            top[node, i], bottom[node, i] = -np.inf, np.inf
        low = order[first]
        for m in range(first, last):
            row = order[m]
            low = min(low, row)
            for i in range(n_actors):
                top[node, i] = max(top[node, i], points[row, i])
                bottom[node, i] = min(bottom[node, i], points[row, i])
        lowest[node], left[node] = low, -1
        widest, width = 0, -1.0
        for i in range(n_actors):
            if top[node, i] - bottom[node, i] > width:
                widest, width = i, top[node, i] - bottom[node, i]
        if last - first > LEAF and width > 0.0:
            middle = (first + last) // 2
            select(points, order, first, last, middle, widest)
            left[node] = n_nodes
            begin[n_nodes], end[n_nodes] = first, middle
            begin[n_nodes + 1], end[n_nodes + 1] = middle, last
            n_nodes += 2
        node += 1
    for m in range(n_points):
        for i in range(n_actors):
            sorted_points[m, i] = points[order[m], i]
    return n_nodes


@njit(cache=True, nogil=True)
def select(
    points: FloatArray, order: IntArray, first: int, last: int, place: int, side: int
) -> None:
    """Put the largest of ``side`` first: ``order[first:place]`` no smaller than the rest; in place.

    Quickselect with the middle of three as pivot.
    """
    low, high = first, last - 1
    while low < high:
        a = points[order[low], side]
        b = points[order[(low + high) // 2], side]
        c = points[order[high], side]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = low, high
        while i <= j:
            while points[order[i], side] > pivot:
                i += 1
            while points[order[j], side] < pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            return


@njit(cache=True, nogil=True)
def drop_dominated_in_tree(
    values: FloatArray,
    rows: IntArray,
    start: int,
    stop: int,
    sorted_points: FloatArray,
    begin: IntArray,
    end: IntArray,
    left: IntArray,
    top: FloatArray,
    tolerance: float,
    open_: BoolArray,
) -> None:
    """Close those of ``rows[start:stop]`` of ``values`` that a point of the tree dominates.

    ``open_`` (N,) bool is written in place, at the rows.
    """
    n_actors = values.shape[1]
    stack = np.empty(STACK, np.int64)
    x = np.empty(n_actors)
    for n in range(start, stop):
        row = rows[n]
        for i in range(n_actors):
            x[i] = values[row, i]
        if not dominates(top, 0, x, tolerance):
            continue
        stack[0], depth = 0, 1
        dominated = False
        while depth > 0 and not dominated:
            depth -= 1
            node = stack[depth]
            child = left[node]
            if child < 0:
                for m in range(begin[node], end[node]):
                    if dominates(sorted_points, m, x, tolerance):
                        dominated = True
                        break
            else:
                # the first child holds the larger half of a side: look there first
                if dominates(top, child + 1, x, tolerance):
                    stack[depth] = child + 1
                    depth += 1
                if dominates(top, child, x, tolerance):
                    stack[depth] = child
                    depth += 1
        if dominated:
            open_[row] = False


@njit(cache=True, nogil=True, inline="always")
def dominates(points: FloatArray, m: int, x: FloatArray, tolerance: float) -> bool:
    """Row m of ``points`` is above x somewhere and nowhere below it, beyond the tolerance."""
    above = False
    for i in range(x.shape[0]):
        if points[m, i] < x[i] - tolerance:
            return False
        if points[m, i] > x[i] + tolerance:
            above = True
    return above


@njit(cache=True, nogil=True)
def first_equals(
    points: FloatArray,
    start: int,
    stop: int,
    order: IntArray,
    sorted_points: FloatArray,
    begin: IntArray,
    end: IntArray,
    left: IntArray,
    top: FloatArray,
    bottom: FloatArray,
    lowest: IntArray,
    tolerance: float,
    first: IntArray,
) -> None:
    """Smallest row of the tree equal to each of ``points[start:stop]`` up to the tolerance.

    ``first`` (M,) int is written in place; a point of the tree is equal to itself.
    """
    n_actors = points.shape[1]
    stack = np.empty(STACK, np.int64)
    for n in range(start, stop):
        least = points.shape[0]
        stack[0], depth = 0, 1
        while depth > 0:
            depth -= 1
            node = stack[depth]
            meets, within = lowest[node] < least, True
            for i in range(n_actors):
                if (
                    top[node, i] < points[n, i] - tolerance
                    or bottom[node, i] > points[n, i] + tolerance
                ):
                    meets = False
                    break
                if (
                    top[node, i] > points[n, i] + tolerance
                    or bottom[node, i] < points[n, i] - tolerance
                ):
                    within = False
            if not meets:
                continue
            if within:
                least = lowest[node]
            elif left[node] >= 0:
                stack[depth], stack[depth + 1] = left[node] + 1, left[node]
                depth += 2
            else:
                for m in range(begin[node], end[node]):
                    equal = order[m] < least
                    for i in range(n_actors):
                        if abs(sorted_points[m, i] - points[n, i]) > tolerance:
                            equal = False
                            break
                    if equal:
                        least = order[m]
        first[n] = least
