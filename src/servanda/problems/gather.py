"""Binding: from where a number stands in θ to the number, for many draws at once."""

from __future__ import annotations

import numpy as np

from servanda.problems.parameters import Floats, Integers, Parameters


def take(theta: Floats, at: Integers | int, default: float = 0.0) -> Floats:
    """``theta[..., at]`` (..., *at.shape), with ``default`` where ``at`` is -1."""
    places = np.asarray(at)
    found: Floats = np.where(places >= 0, theta[..., np.maximum(places, 0)], default)
    return found


def own_beliefs(params: Parameters, theta: Floats) -> Floats:
    """What each actor thinks the world is like: (D, P) -> (D, A, P)."""
    beliefs: Floats = theta[:, params.believed]
    return beliefs


def take_own(own: Floats, at: Integers, default: float = 0.0) -> Floats:
    """Each actor's number in its own beliefs.

    Args:
        own: (D, A, P).
        at: (..., A) indices into θ, the last axis being the actor.
        default: where ``at`` is -1.

    Returns:
        (D, ..., A).
    """
    actors = np.arange(own.shape[1])
    found: Floats = np.where(at >= 0, own[:, actors, np.maximum(at, 0)], default)
    return found


def monthly_discount(own: Floats, discount_at: Integers) -> Floats:
    """δ_i = (1 + r_i)^(-1/12) from the yearly rates, (D, A)."""
    factor: Floats = (1.0 + take_own(own, discount_at)) ** (-1.0 / 12.0)
    return factor
