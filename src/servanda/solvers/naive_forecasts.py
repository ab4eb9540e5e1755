"""Naive forecasts of a series: the next month is like the last, or like any month.

`random_walk`: each month is the one before plus a step; steps are normal with mean nought and
unknown spread. `constant_mean`: months are normal with unknown mean and spread. Under the usual
vague prior both give Student bands.

Source: Gelman, A. and others (2013), Bayesian Data Analysis, 3rd edition, sections 2.6 and 3.2.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from servanda.errors import ProblemError

Floats = NDArray[np.float64]


def random_walk(past: ArrayLike, ahead: int, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    """Quantiles of each of the next months, and of their sum so far; (ahead, Q) each."""
    seen = _checked(past, ahead)
    steps = np.diff(seen)
    spread, months = np.sqrt((steps**2).mean()), np.arange(1, ahead + 1)
    student = stdtrit(len(steps), np.asarray(probabilities, float))
    # The sum of h months holds the first step h times, the second h - 1 times, and so on.
    together = np.cumsum(months**2)
    return (
        seen[-1] + np.outer(np.sqrt(months), student) * spread,
        months[:, np.newaxis] * seen[-1] + np.outer(np.sqrt(together), student) * spread,
    )


def constant_mean(past: ArrayLike, ahead: int, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    """Quantiles of each of the next months, and of their sum so far; (ahead, Q) each."""
    seen = _checked(past, ahead)
    mean, spread, n = seen.mean(), seen.std(ddof=1), len(seen)
    months = np.arange(1, ahead + 1)
    student = stdtrit(n - 1, np.asarray(probabilities, float))
    alone = np.full(ahead, np.sqrt(1 + 1 / n))
    together = np.sqrt(months + months**2 / n)
    return (
        mean + np.outer(alone, student) * spread,
        months[:, np.newaxis] * mean + np.outer(together, student) * spread,
    )


def _checked(past: ArrayLike, ahead: int) -> Floats:
    seen = np.asarray(past, float)
    if seen.ndim != 1 or len(seen) < 3 or not np.isfinite(seen).all():
        raise ProblemError("past: a row of at least three finite numbers wanted")
    if ahead < 1:
        raise ProblemError(f"ahead: {ahead}, wanted 1 or more")
    return seen
