"""Adjusted Winner: two sides divide issues by points, sharing at most one.

Each side spreads 100 points over the issues. Every issue first goes to the side that gave it more
points. Then issues of the side that is ahead move to the other, in rising order of the ratio of its
points to the other's, the last one in part, until both have the same total. The outcome is
equitable (equal points), envy-free (each holds at least half by its own points) and efficient (no
other division, shared issues included, is better for both).

An issue both gave the same goes to the second side first; it moves before any other. One that
neither values stays there too.

Reference: Brams and Taylor (1996), Fair Division: From Cake-Cutting to Dispute Resolution, ch. 4-5.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.results.bargaining import Division

FloatArray = NDArray[np.float64]


def adjusted_winner(points: ArrayLike) -> Division:
    """Divide issues between two sides by their points (J, 2), not negative, not all zero.

    Each side's points are scaled to add up to 100.

    >>> division = adjusted_winner([[60, 30], [40, 70]])
    >>> division.shares.round(4).tolist(), division.totals.round(2).tolist(), division.split
    ([1.0, 0.0909], [63.64, 63.64], 1)
    """
    weight = _checked(points)
    # whoever is behind after winning what it values more receives from the other
    shares = (weight[:, 0] > weight[:, 1]).astype(np.float64)
    ahead = 0 if shares @ weight[:, 0] >= (1 - shares) @ weight[:, 1] else 1
    behind = 1 - ahead
    holds = shares if ahead == 0 else 1 - shares  # what the side ahead has of each issue
    own, other = weight[:, ahead], weight[:, behind]
    held = np.flatnonzero(holds > 0)
    # issues worth nothing to the side behind come last: moving them would waste them
    ratio = np.divide(own[held], other[held], out=np.full(len(held), np.inf), where=other[held] > 0)
    split = None
    for issue in held[np.argsort(ratio, kind="stable")]:
        lead = holds @ own - (1 - holds) @ other
        both = own[issue] + other[issue]
        if lead <= 0 or both == 0:
            break
        moved = min(1.0, lead / both)
        holds[issue] -= moved
        if moved < 1.0:
            split = int(issue)
            break
    shares = holds if ahead == 0 else 1 - holds
    totals = np.array([shares @ weight[:, 0], (1 - shares) @ weight[:, 1]])
    return Division(shares=shares, totals=totals, split=split)


def _checked(points: ArrayLike) -> FloatArray:
    weight = np.array(points, dtype=np.float64)
    if weight.ndim != 2 or weight.shape[1] != 2 or not len(weight):
        raise ProblemError(f"points: shape {weight.shape}; must be (issues, 2)")
    if not np.isfinite(weight).all() or (weight < 0).any() or (weight.sum(axis=0) <= 0).any():
        raise ProblemError("points: must be finite, not negative, and not all zero for a side")
    scaled: FloatArray = 100.0 * weight / weight.sum(axis=0)
    return scaled
