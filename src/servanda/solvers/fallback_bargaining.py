"""Fallback bargaining: all go down their rankings in step until one package is agreed by all.

Each party's **depth** of a package is its place in the party's ranking of all packages (the best is
1; equals share the place below which they all stand, so that no tie counts as a preference).  All
fall back together, first choices, then second, until some package lies within everybody's depth:
the packages with the least largest depth.  Only the order counts.  A party that prefers no deal to
a package will not fall back to it; when that leaves nothing, the outcome is impasse.  What is found
first may still be dominated by another found with it, where a ranking has ties; those are left out.

Reference: Brams and Kilgour (2001), Fallback bargaining, Group Decision and Negotiation 10(4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.results.ordinal import Fallback
from servanda.solvers.pareto import undominated


def fallback_bargaining(order: ArrayLike, acceptable: ArrayLike | None = None) -> Fallback:
    """Packages that all reach first when they go down their rankings in step.

    Args:
        order: (N, A) numbers of which only the order counts: the larger, the better.
        acceptable: (N, A) whether each party prefers a package to no deal; None: everything.

    >>> three = [[4, 1, 2], [3, 3, 1], [2, 2, 4], [1, 4, 3]]  # four packages, three parties
    >>> found = fallback_bargaining(three)
    >>> found.packages.tolist(), found.depth
    ([2], 3)
    """
    worth = np.array(order, dtype=np.float64)
    if worth.ndim != 2 or not np.isfinite(worth).all():
        raise ProblemError(f"order: shape {worth.shape}; must be (packages, parties), finite")
    willing = np.ones(worth.shape, np.bool_) if acceptable is None else np.array(acceptable, bool)
    if willing.shape != worth.shape:
        raise ProblemError(f"acceptable: shape {willing.shape}; must be {worth.shape}")
    depth = depths(worth)
    both = np.flatnonzero(willing.all(axis=1))
    if not both.size:
        return Fallback(np.empty(0, np.int64), None, depth)
    largest = depth[both].max(axis=1)
    least = int(largest.min())
    first = both[largest == least]
    kept = first[undominated(-depth[first].astype(np.float64), 0.5)]
    return Fallback(kept.astype(np.int64), least, depth)


def depths(worth: np.ndarray) -> np.ndarray:
    """How many packages each party finds at least as good, itself included, (N, A)."""
    found = np.empty(worth.shape, np.int64)
    for actor, column in enumerate(worth.T):
        rising = np.sort(column)
        found[:, actor] = len(column) - np.searchsorted(rising, column, side="left")
    return found
