"""The support fit against a general optimiser written in effects, not steps, and closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize
from scipy.special import log_expit, logit

from servanda.problems.ratification import SupportProblem
from servanda.results.ratification import SupportStatus
from servanda.solvers.support import fit_support


def random_support(rng):
    n_options, n_polls, n_interactions = (int(rng.integers(1, 5)), int(rng.integers(1, 8)), 1)
    accept = rng.uniform(0.1, 0.6, size=n_polls)
    return SupportProblem(
        audience="public",
        options=tuple(f"option-{k}" for k in range(n_options)),
        parent=np.array([int(rng.integers(-1, k)) if k else -1 for k in range(n_options)]),
        spread=rng.uniform(0.3, 1.5, size=n_options),
        direction=rng.integers(-1, 2, size=n_options),
        polls=tuple(f"poll-{n}" for n in range(n_polls)),
        design=(rng.random((n_polls, n_options)) < 0.4).astype(float),
        accept=accept,
        reject=rng.uniform(0.1, 0.9 - accept),
        sample=rng.integers(200, 2000, size=n_polls),
        interactions=("both together",),
        interaction_design=(rng.random((n_polls, n_interactions)) < 0.3).astype(float),
        interaction_spread=np.array([0.7]),
        interaction_direction=rng.integers(-1, 2, size=n_interactions),
        design_effect=rng.uniform(1, 2, size=n_polls),
        between_polls=float(rng.choice([0.0, 0.2])),
    )


def slow_fit(problem):
    """Maximise the definition over (α, β, γ), the rank as linear inequalities between effects."""
    n_options = len(problem.options)
    wide = np.where(
        problem.never_polled, np.maximum(problem.spread, problem.unpolled_spread), problem.spread
    )

    def minus_log_posterior(p):
        alpha, beta, gamma = p[0], p[1 : 1 + n_options], p[1 + n_options :]
        total = 0.5 * (alpha / problem.constant_spread) ** 2
        for k in range(n_options):
            above = beta[problem.parent[k]] if problem.parent[k] >= 0 else 0.0
            total += 0.5 * ((beta[k] - above) / wide[k]) ** 2
        total += 0.5 * ((gamma / problem.interaction_spread) ** 2).sum()
        for n in range(len(problem.polls)):
            logits = alpha + problem.design[n] @ beta + problem.interaction_design[n] @ gamma
            y = problem.accept[n] / (problem.accept[n] + problem.reject[n])
            answers = problem.sample[n] * (problem.accept[n] + problem.reject[n])
            answers /= problem.design_effect[n]
            answers /= 1 + answers * y * (1 - y) * problem.between_polls**2
            total -= answers * (y * log_expit(logits) + (1 - y) * log_expit(-logits))
        return total

    rows = []
    for k in range(n_options):
        row = np.zeros(1 + n_options + len(problem.interactions))
        row[1 + k] = problem.direction[k]
        if problem.parent[k] >= 0:
            row[1 + problem.parent[k]] = -problem.direction[k]
        rows.append(row)
    for m, sign in enumerate(problem.interaction_direction):
        row = np.zeros(1 + n_options + len(problem.interactions))
        row[1 + n_options + m] = sign
        rows.append(row)
    best = minimize(
        minus_log_posterior,
        np.zeros(1 + n_options + len(problem.interactions)),
        method="SLSQP",
        constraints=LinearConstraint(np.array(rows), 0, np.inf),
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    return best.x, best.fun, minus_log_posterior


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_fit_is_the_optimum_of_the_definition(seed):
    problem = random_support(np.random.default_rng(seed))
    fit = fit_support(problem)
    assert fit.status is SupportStatus.FITTED
    slow, least, objective = slow_fit(problem)
    mine = np.concatenate([[fit.constant], fit.effects, fit.interaction_values])
    assert objective(mine) <= least + 1e-6
    np.testing.assert_allclose(mine, slow, atol=5e-3)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_covariance_is_the_inverse_curvature_of_the_definition(seed):
    problem = random_support(np.random.default_rng(seed))
    fit = fit_support(problem)
    *_, objective = slow_fit(problem)
    mine = np.concatenate([[fit.constant], fit.effects, fit.interaction_values])
    size, step = len(mine), 1e-3
    curvature = np.empty((size, size))
    for a in range(size):
        for b in range(size):
            total = 0.0
            for sign_a in (-1, 1):
                for sign_b in (-1, 1):
                    there = mine.copy()
                    there[a] += sign_a * step
                    there[b] += sign_b * step
                    total += sign_a * sign_b * objective(there)
            curvature[a, b] = total / (4 * step**2)
    np.testing.assert_allclose(fit.covariance @ curvature, np.eye(size), atol=2e-2)


def test_one_poll_per_coefficient_and_wide_spreads_give_the_polls_back():
    """Saturated and hardly penalised: logits of the shares, covariance from 1/(n·y·(1-y))."""
    problem = SupportProblem(
        audience="public",
        options=("cede",),
        parent=np.array([-1]),
        spread=np.array([1e4]),
        polls=("as it is", "cede"),
        design=np.array([[0.0], [1.0]]),
        accept=np.array([0.6, 0.3]),
        reject=np.array([0.2, 0.6]),
        sample=np.array([1000, 500]),
        constant_spread=1e4,
    )
    fit = fit_support(problem)
    y = np.array([0.6 / 0.8, 0.3 / 0.9])
    noise = 1 / (np.array([800.0, 450.0]) * y * (1 - y))
    assert fit.constant == pytest.approx(logit(y[0]), abs=1e-6)
    assert fit.effects[0] == pytest.approx(logit(y[1]) - logit(y[0]), abs=1e-6)
    np.testing.assert_allclose(
        fit.covariance, [[noise[0], -noise[0]], [-noise[0], noise.sum()]], rtol=1e-5
    )
    assert [row.residual for row in fit.residuals] == pytest.approx([0, 0], abs=1e-6)
