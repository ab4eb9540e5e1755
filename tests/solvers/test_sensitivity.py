"""Indices of toys whose theory is known."""

import numpy as np
import pytest

from servanda.errors import ProblemError
from servanda.solvers.sensitivity import given_data_indices, sobol_indices

WEIGHTS = np.array([3.0, 2.0, 1.0, 0.0])
THEORY = WEIGHTS**2 / (WEIGHTS**2).sum()


def test_a_linear_answer_from_draws_already_taken() -> None:
    draws = np.random.default_rng(1).uniform(size=(8000, 4))
    found = given_data_indices(draws, draws @ WEIGHTS)
    assert found.value == pytest.approx(THEORY, abs=0.03)
    assert np.all((found.low <= THEORY + 0.02) & (found.high >= THEORY - 0.02))


def test_a_linear_answer_by_design() -> None:
    first, total = sobol_indices(lambda rows: rows @ WEIGHTS, 4, points=256)
    assert first.value == pytest.approx(THEORY, abs=0.03)
    assert total.value == pytest.approx(THEORY, abs=0.03)  # nothing acts together


def test_a_product_acts_together() -> None:
    """(x - 1/2)(y - 1/2): no input does anything alone, each does everything with the other."""
    first, total = sobol_indices(lambda rows: np.prod(rows[:, :2] - 0.5, axis=1), 3, points=1024)
    assert first.value == pytest.approx([0, 0, 0], abs=0.05)
    assert total.value == pytest.approx([1, 1, 0], abs=0.05)


def test_what_may_hold_or_not() -> None:
    rng = np.random.default_rng(2)
    holds = (rng.uniform(size=5000) < 0.3).astype(float)
    other = rng.normal(size=5000)
    found = given_data_indices(np.stack([holds, other], axis=1), 2 * holds + other)
    wanted = 4 * 0.21 / (4 * 0.21 + 1)
    assert found.value == pytest.approx([wanted, 1 - wanted], abs=0.04)


def test_chance_alone_has_an_index_around_nought() -> None:
    rng = np.random.default_rng(3)
    found = given_data_indices(rng.normal(size=(500, 200)), rng.normal(size=500))
    assert abs(found.value.mean()) < 0.003
    assert np.mean(found.low > 0) < 0.12


def test_an_answer_that_never_changes_has_no_indices() -> None:
    draws = np.random.default_rng(4).normal(size=(100, 2))
    assert given_data_indices(draws, np.ones(100)).value.tolist() == [0.0, 0.0]
    first, total = sobol_indices(lambda rows: np.ones(len(rows)), 2, points=16)
    assert first.value.tolist() == total.value.tolist() == [0.0, 0.0]


def test_too_few_draws_and_a_wrong_number_of_points() -> None:
    with pytest.raises(ProblemError, match="at least"):
        given_data_indices(np.zeros((10, 1)), np.zeros(10))
    with pytest.raises(ProblemError, match="power of two"):
        sobol_indices(lambda rows: rows[:, 0], 1, points=100)
