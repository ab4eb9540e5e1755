"""Land that changes hands in a month, as the fronts of a war make it, and what nobody knows of it.

Definition. K fronts, far from their ends. In a month, on each front independently, the line moves
with probability τ by one parcel; a move is a gain with probability p, else a loss. Parcels differ
in area: a gamma distribution with mean s and coefficient of variation v (0: all alike). What is
published is the sum of gains less losses and a normal error with spread σ. In a **restless** war
the tempo differs from month to month, the same on all fronts: it is beta distributed with mean τ
and correlation ρ, months apart from one another. So the number of moves is binomial, or
beta-binomial.

This is the front of `servanda.problems.war`: τ is the chance of an engagement times that of either
side taking the parcel, p the share of the first side in it.

Not known are τ, p, s and ρ. Each has a grid of values; beliefs over them are an array over all
four. p has the Beta belief of `servanda.problems.talks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

from servanda.errors import ProblemError

Floats = NDArray[np.float64]

CELLS = 24
"""Values of a probability that are told apart."""

PARCELS = 32
"""Areas of a parcel that are told apart where it is not known."""

MOST_FRONTS = 1_000


@dataclass(frozen=True, eq=False)
class FrontProcess:
    """The process with what is believed before any month is seen; areas in the unit of the changes.

    Attributes:
        fronts: K.
        error: σ > 0.
        variation: v >= 0.
        tempo: (T,) values of τ.
        gain: (P,) values of p.
        parcel: (G,) values of s.
        unrest: (U,) values of ρ; 0 where the tempo stays.
        prior: (T, P, G, U) probability of each combination.
    """

    fronts: int
    error: float
    variation: float
    tempo: Floats
    gain: Floats
    parcel: Floats
    unrest: Floats
    prior: Floats


def front_process(
    fronts: int,
    parcel: ArrayLike,
    *,
    error: float,
    variation: float = 0.0,
    belief: tuple[float, float] = (1.0, 1.0),
    restless: bool = False,
) -> FrontProcess:
    """A process of which tempo and chance are to be learned.

    Args:
        fronts: how many.
        parcel: mean area of a parcel; several areas, each as likely before, where it is not known.
        error: spread of the error in what is published.
        variation: of the areas of parcels.
        belief: the two numbers of the Beta belief in p.
        restless: whether the tempo may differ from month to month.

    Raises:
        ProblemError: with everything that is wrong.
    """
    areas = np.atleast_1d(np.asarray(parcel, float))
    complaints = []
    if isinstance(fronts, bool) or not 1 <= fronts <= MOST_FRONTS or int(fronts) != fronts:
        complaints.append(f"fronts: {fronts}, wanted a whole number from 1 to {MOST_FRONTS}")
    if areas.ndim != 1 or not len(areas) or not ((areas > 0) & np.isfinite(areas)).all():
        complaints.append("parcel: areas above 0 wanted")
    if not (error > 0 and np.isfinite(error)):
        complaints.append(f"error: {error}, wanted above 0")
    if not (variation >= 0 and np.isfinite(variation)):
        complaints.append(f"variation: {variation}, wanted 0 or more")
    if not (min(belief) > 0 and np.isfinite(belief).all()):
        complaints.append(f"belief: {belief}; two numbers above 0 wanted")
    if complaints:
        raise ProblemError("; ".join(complaints))
    edges = np.linspace(0.0, 1.0, CELLS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    held = np.diff(betainc(*belief, edges))
    unrest = middles[:: CELLS // 8] if restless else np.zeros(1)
    shape = (CELLS, CELLS, len(areas), len(unrest))
    prior = np.broadcast_to(held[:, np.newaxis, np.newaxis], shape) / held.sum()
    return FrontProcess(
        fronts=int(fronts),
        error=float(error),
        variation=float(variation),
        tempo=middles,
        gain=middles,
        parcel=areas,
        unrest=unrest,
        prior=prior / (CELLS * len(areas) * len(unrest)),
    )


def areas_around(changes: Sequence[float]) -> Floats:
    """Areas of a parcel to tell apart, (G,): a twentieth to three times the mean size of a change.

    They are evenly spaced in their logarithms.
    """
    size = float(np.mean(np.abs(changes))) if len(changes) else 0.0
    if not (size > 0 and np.isfinite(size)):
        raise ProblemError("changes: months in which the line moves wanted")
    return np.geomspace(size / 20, size * 3, PARCELS)
