"""Scoring rules for forecasts of events that happened or did not.

Both rules are proper: a forecaster does best by saying what it believes. Smaller is better.

Sources: Brier, G. (1950), Verification of forecasts expressed in terms of probability, Monthly
Weather Review 78(1); Good, I. J. (1952), Rational decisions, JRSS B 14(1) (logarithmic score);
Gneiting, T. and Raftery, A. (2007), Strictly proper scoring rules, JASA 102(477).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]

FLOOR = 1e-3
"""Probabilities are not taken to be closer to 0 or 1 than this by the logarithmic score."""


def brier(probability: Floats, happened: Sequence[bool] | NDArray[np.bool_]) -> Floats:
    """``(p - y)²``, from 0 to 1; 0.25 for who always says one half.

    Args:
        probability: (..., n).
        happened: (n,).
    """
    p = _checked(probability, happened)
    return np.asarray((p - np.asarray(happened, float)) ** 2)


def log_score(probability: Floats, happened: Sequence[bool] | NDArray[np.bool_]) -> Floats:
    """``-ln`` of the probability given to what happened; 0.69 for who always says one half."""
    p = np.clip(_checked(probability, happened), FLOOR, 1.0 - FLOOR)
    return np.asarray(-np.log(np.where(happened, p, 1.0 - p)))


def base_rate(happened: Sequence[bool]) -> Floats:
    """For each case the share of the *other* cases in which it happened, (n,).

    One success and one failure are added (Laplace's rule of succession), so that a handful of
    cases never gives certainty.
    """
    return like_cases(happened, [True] * len(happened))


def like_cases(happened: Sequence[bool], feature: Sequence[bool]) -> Floats:
    """For each case the share of the other cases with the same feature in which it happened."""
    y, like = np.asarray(happened, float), np.asarray(feature, bool)
    same = like[:, np.newaxis] == like[np.newaxis, :]
    np.fill_diagonal(same, False)
    shares: Floats = (same @ y + 1.0) / (same.sum(axis=1) + 2.0)
    return shares


def _checked(probability: Floats, happened: Sequence[bool] | NDArray[np.bool_]) -> Floats:
    p = np.asarray(probability, float)
    if p.shape[-1] != len(happened):
        raise ProblemError(f"probability: {p.shape[-1]} forecasts of {len(happened)} events")
    if not ((p >= 0.0) & (p <= 1.0)).all():
        raise ProblemError("probability: must lie between 0 and 1")
    return p
