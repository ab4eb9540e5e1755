"""What a refusal teaches: Bayes over the states of the world in which the offer falls short.

A belief is a probability of each of N draws. An offer is worth ``gain`` points more than waiting to
whoever answers it, otherwise in every draw. Where nobody misjudges, it is signed where the gain is
not negative, so a refusal rules out every such draw. Where what an offer is worth may be misjudged
by about λ points, it is signed with the logistic chance 1/(1 + exp(-gain/λ)), and the refusal
reweighs the draws. A gain of minus infinity says that the offer crosses a red line that is real.

Information is the relative entropy of the belief after an answer to that before it, in bits; where
nobody misjudges it is how surprising the answer was, -log2 of its chance.

Sources: Kullback, S. and Leibler, R. A. (1951), Annals of Mathematical Statistics 22(1); Lindley,
D. V. (1956), Annals of Mathematical Statistics 27(4); for the logistic chance, McKelvey, R. D. and
Palfrey, T. R. (1998), Experimental Economics 1(1).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from servanda.errors import ProblemError
from servanda.results.rejections import Learning

Floats = NDArray[np.float64]


def learn_from_answers(
    prior: ArrayLike, gain: ArrayLike, signed: ArrayLike, *, misjudged: float = 0.0
) -> Learning:
    """Beliefs over the draws after each answer.

    Args:
        prior: (N,) probability of each draw.
        gain: (T, N) what each offer is worth above waiting to who answers it, in each draw.
        signed: (T,) the answers.
        misjudged: λ, points by which a gain may be misjudged; 0 for never.

    Raises:
        ProblemError: also where no draw held possible could have given the answers.

    >>> found = learn_from_answers([0.25] * 4, [[-2, -1, 1, 2]], [False])
    >>> found.weights[-1].tolist(), found.bits.tolist()
    ([0.5, 0.5, 0.0, 0.0], [1.0])
    """
    held, each, said = _checked(prior, gain, signed, misjudged)
    likelihood = signing_chance(each, misjudged)
    likelihood = np.where(said[:, np.newaxis], likelihood, 1.0 - likelihood)
    weights, chance = np.empty((len(said) + 1, len(held))), np.empty(len(said))
    weights[0] = held
    for t, like in enumerate(likelihood):
        joint = weights[t] * like
        chance[t] = joint.sum()
        if chance[t] <= 0.0:
            verb = "sign" if said[t] else "refuse"
            raise ProblemError(f"answer {t + 1}: no draw held possible would {verb} that offer")
        weights[t + 1] = joint / chance[t]
    return Learning(
        weights=weights,
        chance=chance,
        bits=np.array([_bits(after, before) for before, after in pairwise(weights)]),
        total_bits=_bits(weights[-1], weights[0]),
        effective=1.0 / (weights**2).sum(axis=1),
    )


def signing_chance(gain: ArrayLike, misjudged: float) -> Floats:
    """Chance that an offer worth so much above waiting is signed; ties go to agreement."""
    each = np.asarray(gain, float)
    if misjudged <= TIE:
        return (each >= -TIE).astype(float)
    found: Floats = expit(each / misjudged)
    return found


TIE = 1e-9
"""Points; ties go to agreement."""


def weighted_quantiles(values: ArrayLike, weights: ArrayLike, levels: ArrayLike) -> Floats:
    """The smallest values below which, or at which, so much of the weight lies, (L,).

    >>> weighted_quantiles([3, 1, 2], [0.25, 0.25, 0.5], [0.2, 0.5, 1]).tolist()
    [1.0, 2.0, 3.0]
    """
    points, held = np.asarray(values, float), np.asarray(weights, float)
    order = np.argsort(points, kind="stable")
    order = order[held[order] > 0.0]
    below = np.cumsum(held[order])
    at = np.searchsorted(below, np.asarray(levels, float) * below[-1] - 1e-12)
    found: Floats = points[order][np.minimum(at, len(order) - 1)]
    return found


def _checked(
    prior: ArrayLike, gain: ArrayLike, signed: ArrayLike, misjudged: float
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    held, each = np.asarray(prior, float), np.asarray(gain, float)
    said = np.asarray(signed, bool)
    complaints = []
    if held.ndim != 1 or not len(held) or not (held >= 0).all() or abs(held.sum() - 1) > 1e-9:
        complaints.append("prior: probabilities that sum to 1 wanted")
    if said.ndim != 1 or each.shape != (len(said), len(held)):
        complaints.append(f"gain: shape {each.shape}, wanted a row for each answer, a draw each")
    elif np.isnan(each).any() or (each == np.inf).any():
        complaints.append("gain: points wanted, or minus infinity across a red line")
    if not 0.0 <= misjudged < np.inf:
        complaints.append(f"misjudged: {misjudged}, wanted 0 or more points")
    if complaints:
        raise ProblemError("; ".join(complaints))
    return held, each, said


def _bits(after: Floats, before: Floats) -> float:
    """Relative entropy in bits."""
    left = after > 0.0
    return max(float((after[left] * np.log2(after[left] / before[left])).sum()), 0.0)
