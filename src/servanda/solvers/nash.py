"""Nash's bargaining solution: the package with the largest product of gains.

For values u(K) and disagreement point d the parties are the actors with a finite d, and ::

    maximise  Σ_i w_i · log(u_i(K) - d_i)   over packages with u_i(K) >= d_i for every party.

Packages below disagreement for anyone never enter, so two losses never multiply to a gain. If every
such package leaves some party without gain, the product is 0 everywhere; then the package with
which most parties gain is chosen, and among those the one with the largest product of the gains of
those who do. Ties go to an undominated package, then to the first.

References: Nash (1950), The bargaining problem, Econometrica 18(2); with weights, Kalai (1977),
Nonsymmetric Nash solutions, International Journal of Game Theory 6(3).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE
from servanda.results.packages import Settlement, SettlementStatus
from servanda.solvers.pareto import checked_values, pareto_front

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TIE = 1e-12
"""Logarithm of the product; packages closer than this are as good."""


def nash(
    values: ArrayLike,
    disagreement: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    tolerance: float = TOLERANCE,
) -> Settlement:
    """Package that maximises the (weighted) product of gains over disagreement.

    Parameters
    ----------
        values: (N, A) points.
        disagreement: (A,) points; NaN for an actor that is not a party.
        weights: (A,) bargaining weights, not negative; None: all equal.
        tolerance: points; a gain no larger is none.

    >>> nash([[4, 1], [3, 3], [-1, -1]], [0, 0]).index
    1
    """
    points = checked_values(values)
    base, parties = checked_disagreement(disagreement, points.shape[1])
    power = checked_weights(weights, points.shape[1])[parties]
    gains = points[:, parties] - base[parties]
    rational = np.flatnonzero((gains >= -tolerance).all(axis=1))
    if not rational.size:
        return no_gain("nash", base)

    gaining = gains[rational] > tolerance
    most = gaining.sum(axis=1)
    rational, gaining = rational[most == most.max()], gaining[most == most.max()]
    # a party without gain is left out of the product, the same number of them everywhere
    logs = np.log(np.where(gaining, gains[rational], 1.0))
    product = (power * logs).sum(axis=1)
    best = rational[product >= product.max() - TIE * max(1.0, abs(product.max()))]
    return settled("nash", points, base, best, np.array([product.max()]), tolerance)


def checked_disagreement(disagreement: ArrayLike, n_actors: int) -> tuple[FloatArray, IntArray]:
    """Disagreement point (A,) and the indices of the parties (finite entries)."""
    base = np.array(disagreement, dtype=np.float64)
    if base.shape != (n_actors,):
        raise ProblemError(f"disagreement: shape {base.shape}; must be ({n_actors},)")
    if np.isinf(base).any():
        raise ProblemError("disagreement: must be finite, or NaN for an actor that is not a party")
    parties = np.flatnonzero(~np.isnan(base))
    if not parties.size:
        raise ProblemError("disagreement: at least one actor must be a party")
    return base, parties


def settled(
    solution: str,
    points: FloatArray,
    disagreement: FloatArray,
    best: IntArray,
    criterion: FloatArray,
    tolerance: float,
) -> Settlement:
    """Settlement on the first undominated package among the ``best`` (rows, rising)."""
    index = int(best[pareto_front(points[best], tolerance).indices[0]])
    return Settlement(
        solution=solution,
        status=SettlementStatus.SETTLED,
        index=index,
        values=points[index].copy(),
        gains=points[index] - disagreement,
        criterion=criterion,
        ties=int(best.size),
        disagreement=disagreement,
    )


def no_gain(solution: str, disagreement: FloatArray) -> Settlement:
    """No package leaves every party at least as well off: that is the answer."""
    return Settlement(
        solution=solution,
        status=SettlementStatus.NO_GAIN,
        index=None,
        values=np.empty(0),
        gains=np.empty(0),
        criterion=np.empty(0),
        ties=0,
        disagreement=disagreement,
    )


def checked_weights(weights: ArrayLike | None, n_actors: int) -> FloatArray:
    """Weights (A,) of the actors, not negative and not all zero; None: all one."""
    if weights is None:
        return np.ones(n_actors)
    power = np.array(weights, dtype=np.float64)
    if power.shape != (n_actors,):
        raise ProblemError(f"weights: shape {power.shape}; must be ({n_actors},)")
    if not np.isfinite(power).all() or (power < 0).any() or power.sum() <= 0:
        raise ProblemError("weights: must be finite, not negative, and not all zero")
    return power
