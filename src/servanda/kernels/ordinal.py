"""Packages compared over every reading of rankings; see ``problems/ranked_packages.py``.

What one package is worth more than another lies, issue by issue, between bounds that do not depend
on the other issues, and the weights are mixtures of the corners of their set.  So the least
difference over all readings is that at the worst corner.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def least_difference(
    x: int,
    y: int,
    actor: int,
    chosen: NDArray[np.int64],
    fixed: NDArray[np.float64],
    low: NDArray[np.float64],
    corners: NDArray[np.float64],
    n_corners: NDArray[np.int64],
) -> float:
    """What package x is worth more than y to an actor, in the reading worst for x.

    ``chosen`` (N, J) options, ``fixed`` (N, A) points, ``low`` (A, J, O, O) least points of one
    option over another before the weight, ``corners`` (A, K, J).
    """
    least = np.inf
    for k in range(n_corners[actor]):
        total = 0.0
        for j in range(chosen.shape[1]):
            total += corners[actor, k, j] * low[actor, j, chosen[x, j], chosen[y, j]]
        least = min(least, total)
    return least + fixed[x, actor] - fixed[y, actor]


@njit(cache=True, nogil=True)
def judge_packages(
    start: int,
    stop: int,
    chosen: NDArray[np.int64],
    fixed: NDArray[np.float64],
    low: NDArray[np.float64],
    corners: NDArray[np.float64],
    n_corners: NDArray[np.int64],
    tolerance: float,
    dominated: NDArray[np.bool_],
    efficient: NDArray[np.bool_],
) -> None:
    """For packages ``start`` to ``stop``: is each dominated in every reading, efficient in every.

    One other package that is at least as good for all in every reading, and better for somebody,
    settles the first.  The second fails at another package that may be at least as good for all
    and better for somebody: nobody is sure to lose by it.
    """
    n_packages, n_actors = fixed.shape
    for y in range(start, stop):
        for x in range(n_packages):
            if x == y:
                continue
            never_worse, may_dominate, some = True, True, False
            for actor in range(n_actors):
                least = least_difference(x, y, actor, chosen, fixed, low, corners, n_corners)
                if least < -tolerance:
                    never_worse = False
                    if not efficient[y]:  # only the first is still open
                        may_dominate = False
                        break
                most = -least_difference(y, x, actor, chosen, fixed, low, corners, n_corners)
                if least < -tolerance and most <= tolerance:
                    may_dominate = False
                    break
                if most > tolerance:
                    some = True
            if may_dominate and some:
                efficient[y] = False
                if never_worse:
                    dominated[y] = True
                    break


@njit(cache=True, nogil=True)
def compare_packages(
    start: int,
    stop: int,
    chosen: NDArray[np.int64],
    fixed: NDArray[np.float64],
    low: NDArray[np.float64],
    corners: NDArray[np.float64],
    n_corners: NDArray[np.int64],
    least: NDArray[np.float64],
) -> None:
    """Fill rows ``start`` to ``stop`` of ``least`` (A, N, N): least difference of x over y."""
    n_packages, n_actors = fixed.shape
    for x in range(start, stop):
        for y in range(n_packages):
            for actor in range(n_actors):
                least[actor, x, y] = least_difference(
                    x, y, actor, chosen, fixed, low, corners, n_corners
                )


@njit(cache=True, nogil=True)
def mark_rivals(
    y: int,
    chosen: NDArray[np.int64],
    fixed: NDArray[np.float64],
    low: NDArray[np.float64],
    corners: NDArray[np.float64],
    n_corners: NDArray[np.int64],
    tolerance: float,
    rivals: NDArray[np.bool_],
) -> None:
    """Unmark in ``rivals`` (N,) whatever dominates ``y`` in no reading."""
    n_packages, n_actors = fixed.shape
    for x in range(n_packages):
        if not rivals[x]:
            continue
        some = False
        for actor in range(n_actors):
            least = least_difference(x, y, actor, chosen, fixed, low, corners, n_corners)
            most = -least_difference(y, x, actor, chosen, fixed, low, corners, n_corners)
            if least < -tolerance and most <= tolerance:
                some = False
                break
            if most > tolerance:
                some = True
        rivals[x] = some and x != y
