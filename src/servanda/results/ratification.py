"""Answers about ratification: support fitted to polls, and how far each poll is from it."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class SupportStatus(Enum):
    """How the fit went, in words."""

    FITTED = "The fit is at its optimum."
    NO_POLLS = "There are no polls; the numbers are what was believed before."
    NOT_CONVERGED = "The fit stopped before its optimum; do not rely on it."


@dataclass(frozen=True)
class PollResidual:
    """One poll beside the fit.

    Attributes
    ----------
        poll: label.
        observed, fitted: share that accepts among those who take a side.
        residual: observed minus fitted.
        standardised: residual over the standard deviation the poll's own count would give it.
        answers: answers it counts for, after its design effect.
    """

    poll: str
    observed: float
    fitted: float
    residual: float
    standardised: float
    answers: float


@dataclass(frozen=True, eq=False)
class SupportFit:
    """Support of one audience: ``logistic(constant + Σ effects + Σ interactions)``.

    Coefficients stand in the order constant, effects, interactions, p = 1 + B + I of them.

    Attributes
    ----------
        audience: name. options, interactions: labels of the columns.
        status: how the fit went, in words.
        constant: logits, at the status quo.
        effects: (B,) logits, of each option against the status quo.
        interaction_values: (I,) logits.
        covariance: (p, p) of the coefficients, from the curvature at the optimum (Laplace).
        standard_deviation: (p,) its diagonal's root.
        steps: (B,) logits, each option's step from its parent.
        step_covariance: (p, p) of constant, steps, interactions; draws are made with it.
        parent, direction: (B,) int, as given. interaction_direction: (I,) int, as given.
        never_polled: (B,) bool, no poll asked about it; its spread is the one stated.
        at_bound: (B,) bool, the polls alone would break the rank; held level with the parent.
        residuals: one per poll.
        dispersion: Σ standardised² / (polls - coefficients that polls inform), NaN when none are
            left over; well above 1 means polls differ by more than chance.
    """

    audience: str
    options: tuple[str, ...]
    interactions: tuple[str, ...]
    status: SupportStatus
    constant: float
    effects: FloatArray
    interaction_values: FloatArray
    covariance: FloatArray
    standard_deviation: FloatArray
    steps: FloatArray
    step_covariance: FloatArray
    parent: IntArray
    direction: IntArray
    interaction_direction: IntArray
    never_polled: NDArray[np.bool_]
    at_bound: NDArray[np.bool_]
    residuals: tuple[PollResidual, ...]
    dispersion: float

    @property
    def message(self) -> str:
        """The status in words."""
        return self.status.value

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        plain["status"] = self.status.name.lower().replace("_", "-")
        plain["message"] = self.message
        return plain
