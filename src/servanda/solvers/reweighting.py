"""What would follow if one uncertain quantity were likelier to be high, from draws already taken.

Let z be the normal score of a quantity over N draws, and let a share y of them have some outcome.
Moving the quantity's distribution up by δ standard deviations of z multiplies the weight of a draw
by exp(δ z - δ²/2), a likelihood ratio, so one set of draws answers for all quantities. At δ = 0 the
outcome's probability changes by ``E[z y]`` for each unit of δ. For a normal quantity the move is a
shift of its mean; for another it is a shift of its ranks.

Sources: Rubinstein (1986), Mathematics and Computers in Simulation 28(5) (score function); Glynn
and Iglehart (1989), Management Science 35(11) (likelihood ratios).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from servanda.errors import ProblemError

Floats = NDArray[np.float64]

SPREAD = float(stats.norm.ppf(0.95))
"""Standard deviations in one spread: half the distance between the 5th and 95th percentiles."""


def normal_scores(draws: Floats) -> Floats:
    """Normal scores of every column of (N, P) draws; 0 where a column does not vary.

    >>> normal_scores(np.array([[1.0, 5.0], [3.0, 5.0], [2.0, 5.0]])).round(2).tolist()
    [[-0.97, 0.0], [0.97, 0.0], [0.0, 0.0]]
    """
    ranks = stats.rankdata(draws, axis=0)
    scores: Floats = special.ndtri((ranks - 0.5) / len(draws))
    scores[:, np.ptp(draws, axis=0) == 0] = 0.0
    return scores


def slopes(scores: Floats, happens: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Change of an outcome's probability for each spread a quantity moves, and standard errors.

    Args:
        scores: (N, P) normal scores.
        happens: (N,) the outcome.

    Returns:
        (P,) slopes and (P,) their standard errors.

    Raises:
        ProblemError: fewer than two draws, or not as many outcomes.
    """
    if len(scores) < 2 or len(scores) != len(happens):
        raise ProblemError(
            f"draws: {len(scores)} rows and {len(happens)} outcomes; at least two of each"
        )
    # taking the mean off changes no expectation, since scores average 0, and lowers the error
    products = SPREAD * scores * (happens - happens.mean())[:, np.newaxis]
    return products.mean(axis=0), products.std(axis=0, ddof=1) / np.sqrt(len(scores))


def moved(scores: Floats, happens: NDArray[np.bool_], spreads: float) -> tuple[float, float]:
    """Probability of the outcome when one quantity moves by so many spreads, and how much counts.

    Args:
        scores: (N,) of that quantity.
        happens: (N,) the outcome.
        spreads: how far, in units of its spread; negative is down.

    Returns:
        The reweighted probability, and the number of draws it is worth (Kish's effective size).
    """
    weight = np.exp(SPREAD * spreads * scores)
    total = float(weight.sum())
    return float(weight @ happens) / total, total**2 / float(weight @ weight)
