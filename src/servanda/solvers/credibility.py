"""How likely is a guarantee to be honoured, and which of several will be?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.problems.guarantees import INDEPENDENT, Guarantees

Floats = NDArray[np.float64]


def credibility(interest: ArrayLike, stake: ArrayLike, ceiling: ArrayLike) -> Floats:
    """Probability that honouring, costing anything in [0, ceiling] alike, is worth it; elementwise.

    ``interest`` is what the guarantor itself gains by honouring, ``stake`` what breaking its word
    would cost its reputation, all in the same unit. Not from a paper: the simplest case of a cost
    nobody knows beforehand.
    """
    interest, stake, ceiling = _checked(interest=interest, stake=stake, ceiling=ceiling)
    return np.clip((interest + stake) / ceiling, 0.0, 1.0)


def stake_needed(target: ArrayLike, interest: ArrayLike, ceiling: ArrayLike) -> Floats:
    """Least stake, not below 0, that makes a guarantee credible to ``target``; elementwise."""
    target, interest, ceiling = _checked(target=target, interest=interest, ceiling=ceiling)
    if not ((target >= 0) & (target <= 1)).all():
        raise ProblemError("target must be in [0, 1]")
    return np.maximum(0.0, target * ceiling - interest)


def honoured_distribution(g: ArrayLike, follows: ArrayLike) -> Floats:
    """Probability of each set of guarantees being the one honoured.

    Parameters
    ----------
    g : (..., G) credibility, of a follower given that its leader is honoured.
    follows : (G,) int, the leader of each guarantee or -1.

    Returns
    -------
    (..., 2**G); bit j of the index says that guarantee j is honoured.
    """
    guarantees = Guarantees(np.asarray(g), np.asarray(follows))
    g, follows = guarantees.credibility, guarantees.follows
    count = len(follows)
    honoured = (np.arange(2**count)[:, None] >> np.arange(count)) & 1 == 1
    free = np.where(follows == INDEPENDENT, True, honoured[:, follows])
    chance = np.where(honoured, g[..., None, :], 1.0 - g[..., None, :])
    probabilities: Floats = np.where(free, chance, ~honoured).prod(axis=-1)
    return probabilities


def _checked(**given: ArrayLike) -> list[Floats]:
    arrays = {name: np.asarray(value, dtype=float) for name, value in given.items()}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ProblemError(f"{name} must be finite")
    if not (arrays["ceiling"] > 0).all():
        raise ProblemError("ceiling must be > 0")
    return list(arrays.values())
