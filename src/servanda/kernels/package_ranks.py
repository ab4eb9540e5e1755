"""Which failing packages are kept: the best of each gate, and the nearest of all."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(cache=True, nogil=True)
def keep_best(
    row: int,
    shortfall: float,
    negative_gain: float,
    index: int,
    best_index: IntArray,
    best_rank: FloatArray,
) -> None:
    """Keep the package with the smallest (shortfall, -smallest gain); the first met wins ties."""
    if (
        best_index[row] < 0
        or shortfall < best_rank[row, 0]
        or (shortfall == best_rank[row, 0] and negative_gain < best_rank[row, 1])
    ):
        best_index[row] = index
        best_rank[row, 0] = shortfall
        best_rank[row, 1] = negative_gain


@njit(cache=True, nogil=True)
def keep_near(
    n_broken: int,
    shortfall: float,
    negative_gain: float,
    index: int,
    near_index: IntArray,
    near_rank: FloatArray,
) -> None:
    """Insert into the list of nearest packages, nearest first; the first met wins ties."""
    place = near_index.shape[0]
    while place > 0:
        above = place - 1
        closer = near_index[above] < 0
        if not closer:
            closer = n_broken < near_rank[above, 0] or (
                n_broken == near_rank[above, 0]
                and (
                    shortfall < near_rank[above, 1]
                    or (shortfall == near_rank[above, 1] and negative_gain < near_rank[above, 2])
                )
            )
        if not closer:
            break
        place = above
    if place == near_index.shape[0]:
        return
    for k in range(near_index.shape[0] - 1, place, -1):
        near_index[k] = near_index[k - 1]
        for column in range(near_rank.shape[1]):
            near_rank[k, column] = near_rank[k - 1, column]
    near_index[place] = index
    near_rank[place, 0] = n_broken
    near_rank[place, 1] = shortfall
    near_rank[place, 2] = negative_gain


@njit(cache=True, nogil=True)
def best_enough(row: int, shortfall: float, best_index: IntArray, best_rank: FloatArray) -> bool:
    """Whether ``keep_best`` could keep a package with this shortfall."""
    return best_index[row] < 0 or shortfall <= best_rank[row, 0]


@njit(cache=True, nogil=True)
def signing_enough(
    row: int, n_unsigned: int, shortfall: float, best_index: IntArray, best_rank: FloatArray
) -> bool:
    """Whether a package that only signing stops could be kept; ``row`` is the first unsigned."""
    gate = best_index.shape[0] - 1  # the gates stand after the rows, ratification last
    return best_enough(gate, shortfall, best_index, best_rank) or (
        n_unsigned == 1 and best_enough(row, shortfall, best_index, best_rank)
    )


@njit(cache=True, nogil=True)
def near_enough(
    n_broken: int, shortfall: float, near_index: IntArray, near_rank: FloatArray
) -> bool:
    """Whether ``keep_near`` could insert a package with this shortfall."""
    last = near_index.shape[0] - 1
    return last >= 0 and (
        near_index[last] < 0
        or n_broken < near_rank[last, 0]
        or (n_broken == near_rank[last, 0] and shortfall <= near_rank[last, 1])
    )
