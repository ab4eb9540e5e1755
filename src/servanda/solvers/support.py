"""Support of an audience fitted to its polls: penalised logistic regression with monotone ranks.

The penalised likelihood is strictly concave in (α, steps, interactions) and ranks are bounds on
single steps, so the optimum is unique: L-BFGS-B comes near it and a projected Newton iteration
finishes. The inverse curvature there is the covariance (Laplace's approximation); a step held at
its bound keeps the spread it would have without the bound, folded to the allowed side when drawn.

References: see ``servanda.problems.ratification``; Bertsekas (1982), Projected Newton methods for
optimization problems with simple constraints, SIAM Journal on Control and Optimization 20(2).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit

from servanda.errors import ProblemError
from servanda.problems.ratification import SupportProblem
from servanda.results.ratification import PollResidual, SupportFit, SupportStatus

FloatArray = NDArray[np.float64]

GRADIENT_TOLERANCE = 1e-8
"""Largest projected gradient at which the fit counts as optimal, relative to the answers."""

NEWTON_STEPS = 50


def fit_support(problem: SupportProblem) -> SupportFit:
    """Coefficients of an audience's support, their covariance, and what each poll leaves over."""
    n_options, n_interactions = len(problem.options), len(problem.interactions)
    ancestry = problem.ancestry
    columns = np.hstack(
        [
            np.ones((len(problem.polls), 1)),
            problem.design @ ancestry,
            problem.interaction_design,
        ]
    )
    lower, upper = _bounds(problem)
    objective = _Objective(columns, problem.observed, problem.counts, 1.0 / _spreads(problem) ** 2)
    point, optimal = _optimum(objective, lower, upper)

    step_covariance = np.asarray(np.linalg.inv(objective.curvature(point)), dtype=np.float64)
    to_effects = np.eye(len(point))
    to_effects[1 : 1 + n_options, 1 : 1 + n_options] = ancestry
    covariance = to_effects @ step_covariance @ to_effects.T
    steps = point[1 : 1 + n_options]
    fitted = expit(columns @ point)
    noise = np.sqrt(fitted * (1.0 - fitted) / problem.counts)
    standardised = (problem.observed - fitted) / noise
    informed = int(np.linalg.matrix_rank(columns)) if len(columns) else 0
    spare = len(columns) - informed
    status = SupportStatus.FITTED if optimal else SupportStatus.NOT_CONVERGED
    return SupportFit(
        audience=problem.audience,
        options=problem.options,
        interactions=problem.interactions,
        status=status if problem.polls else SupportStatus.NO_POLLS,
        constant=float(point[0]),
        effects=ancestry @ steps,
        interaction_values=point[1 + n_options :].reshape(n_interactions),
        covariance=covariance,
        standard_deviation=np.sqrt(np.diag(covariance)),
        steps=steps,
        step_covariance=step_covariance,
        parent=problem.parent,
        direction=problem.direction,
        interaction_direction=problem.interaction_direction,
        never_polled=problem.never_polled,
        at_bound=(problem.direction != 0) & (steps == 0.0) & ~problem.never_polled,
        residuals=tuple(
            PollResidual(label, float(y), float(s), float(y - s), float(z), float(n))
            for label, y, s, z, n in zip(
                problem.polls, problem.observed, fitted, standardised, problem.counts, strict=True
            )
        ),
        dispersion=float((standardised**2).sum() / spare) if spare > 0 else float("nan"),
    )


def draw_support(fit: SupportFit, normals: ArrayLike) -> FloatArray:
    """Coefficients (D, p) from standard normal numbers (D, p); p = 1 + options + interactions.

    Ranks hold in every draw: a step that would cross its bound is reflected back.
    """
    numbers = np.asarray(normals, dtype=np.float64)
    n_options = len(fit.options)
    size = 1 + n_options + len(fit.interactions)
    if numbers.ndim != 2 or numbers.shape[1] != size:
        raise ProblemError(f"normals: shape {numbers.shape}; must be (draws, {size})")
    centre = np.concatenate([[fit.constant], fit.steps, fit.interaction_values])
    drawn = centre + numbers @ np.linalg.cholesky(fit.step_covariance).T
    sign = np.concatenate([[0], fit.direction, fit.interaction_direction])
    drawn = np.where(sign == 0, drawn, sign * np.abs(drawn))
    # a parent may stand after its child in the list: add up from the roots down
    effects = drawn[:, 1 : 1 + n_options].copy()
    for option in _roots_first(fit.parent.tolist()):
        if fit.parent[option] >= 0:
            effects[:, option] += effects[:, fit.parent[option]]
    drawn[:, 1 : 1 + n_options] = effects
    return np.asarray(drawn)


class _Objective:
    """Minus the penalised log likelihood, its gradient and curvature, in (α, steps, γ)."""

    def __init__(
        self, columns: FloatArray, observed: FloatArray, counts: FloatArray, penalty: FloatArray
    ) -> None:
        self.columns, self.observed, self.counts = columns, observed, counts
        self.penalty = penalty

    def value(self, point: FloatArray) -> float:
        logits = self.columns @ point
        loss = np.logaddexp(0.0, logits) - self.observed * logits
        return float(self.counts @ loss + 0.5 * self.penalty @ point**2)

    def gradient(self, point: FloatArray) -> FloatArray:
        excess = expit(self.columns @ point) - self.observed
        return np.asarray(self.columns.T @ (self.counts * excess) + self.penalty * point)

    def curvature(self, point: FloatArray) -> FloatArray:
        fitted = expit(self.columns @ point)
        weight = self.counts * fitted * (1.0 - fitted)
        return np.asarray((self.columns.T * weight) @ self.columns + np.diag(self.penalty))


def _optimum(
    objective: _Objective, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, bool]:
    """The minimum within bounds, and whether its projected gradient is as good as zero."""
    start = np.zeros(len(lower))
    near: Any = minimize(
        objective.value,
        start,
        jac=objective.gradient,
        method="L-BFGS-B",
        bounds=list(zip(lower, upper, strict=True)),
    )
    point = np.clip(np.asarray(near.x, dtype=np.float64), lower, upper)
    scale = 1.0 + float(objective.counts.sum())
    for _ in range(NEWTON_STEPS):
        gradient = objective.gradient(point)
        held = ((point <= lower) & (gradient > 0)) | ((point >= upper) & (gradient < 0))
        free = np.flatnonzero(~held)
        if not free.size or np.abs(gradient[free]).max() <= 1e-14 * scale:
            break
        curvature = objective.curvature(point)[np.ix_(free, free)]
        step = np.zeros(len(point))
        step[free] = -np.linalg.solve(curvature, gradient[free])
        length, here = 1.0, objective.value(point)
        while length > 1e-10:
            there = np.clip(point + length * step, lower, upper)
            if objective.value(there) <= here:
                break
            length /= 2
        else:
            break
        if np.array_equal(there, point):
            break
        point = there
    gradient = objective.gradient(point)
    projected = np.clip(point - gradient, lower, upper) - point
    return point, bool(np.abs(projected).max() <= GRADIENT_TOLERANCE * scale)


def _spreads(problem: SupportProblem) -> FloatArray:
    wide = np.maximum(problem.spread, problem.unpolled_spread)
    spread = np.where(problem.never_polled, wide, problem.spread)
    return np.concatenate([[problem.constant_spread], spread, problem.interaction_spread])


def _bounds(problem: SupportProblem) -> tuple[FloatArray, FloatArray]:
    sign = np.concatenate([[0], problem.direction, problem.interaction_direction])
    return np.where(sign > 0, 0.0, -np.inf), np.where(sign < 0, 0.0, np.inf)


def _roots_first(parent: list[int]) -> list[int]:
    def depth(option: int) -> int:
        return 0 if parent[option] < 0 else 1 + depth(parent[option])

    return sorted(range(len(parent)), key=depth)
