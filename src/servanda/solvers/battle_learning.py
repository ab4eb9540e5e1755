"""What battles teach about a chance that nobody knows.

Two kinds of belief: a Beta belief about the chance of winning a battle, where w wins and l losses
add to its two parameters; and a belief over finitely many types, each with its own chance, by the
rule of Bayes: ``posterior_t ∝ prior_t · p_t^w · (1-p_t)^l``.

Sources: Slantchev (2003), APSR 97(4); Powell (2004), AJPS 48(2); Smith and Stam (2004), JCR 48(6).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlog1py, xlogy

from servanda.errors import ProblemError
from servanda.results.delay import BetaBelief


def beta_posterior(prior: tuple[float, float], wins: float, losses: float) -> BetaBelief:
    """A Beta belief after so many battles.

    >>> beta_posterior((8, 4), wins=3, losses=5).mean
    0.55
    """
    if min(prior) <= 0 or not np.isfinite(prior).all():
        raise ProblemError(f"prior: {prior}; two numbers above 0 wanted")
    _check_counts(wins, losses)
    return BetaBelief(prior[0] + wins, prior[1] + losses)


def type_posterior(
    prior: ArrayLike, chances: ArrayLike, wins: float, losses: float
) -> NDArray[np.float64]:
    """Probability of each type, (T,), after so many battles.

    Args:
        prior: (T,) probabilities.
        chances: (T,) chance of winning a battle if the type is the true one.
        wins, losses: battles seen.

    Raises:
        ProblemError: also where what was seen could not have happened.
    """
    held, each = np.asarray(prior, float), np.asarray(chances, float)
    if held.ndim != 1 or held.shape != each.shape or not len(held):
        raise ProblemError("prior, chances: one of each for every type")
    if not (held >= 0).all() or abs(held.sum() - 1.0) > 1e-9:
        raise ProblemError("prior: probabilities that sum to 1 wanted")
    if not ((each >= 0) & (each <= 1)).all():
        raise ProblemError("chances: from 0 to 1 wanted")
    _check_counts(wins, losses)
    with np.errstate(divide="ignore"):
        logs = np.log(held) + xlogy(wins, each) + xlog1py(losses, -each)
    if not np.isfinite(logs.max()):
        raise ProblemError("wins, losses: no type held possible could have had these battles")
    weights = np.exp(logs - logs.max())
    found: NDArray[np.float64] = weights / weights.sum()
    return found


def _check_counts(wins: float, losses: float) -> None:
    if not (wins >= 0 and losses >= 0 and np.isfinite([wins, losses]).all()):
        raise ProblemError(f"wins, losses: {wins}, {losses}; 0 or more wanted")
