"""Effects by reweighting against closed forms."""

import numpy as np
import pytest
from scipy import stats

from servanda.errors import ProblemError
from servanda.solvers.reweighting import SPREAD, moved, normal_scores, slopes

DRAWS = 40_000


def test_slopes_equal_the_derivative_of_a_normal_threshold() -> None:
    """P(2 x + y > 1), x ~ N(0, 1), y ~ N(0, 3), z idle: a density."""
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(DRAWS, 3)) * [1.0, 3.0, 5.0]
    happens = 2 * draws[:, 0] + draws[:, 1] > 1.0
    found, errors = slopes(normal_scores(draws), happens)
    spread = np.hypot(2.0, 3.0)
    density = stats.norm.pdf(1.0 / spread) / spread
    wanted = SPREAD * density * np.array([2.0, 3.0, 0.0])
    assert np.all(np.abs(found - wanted) < 4 * errors)
    assert np.all(errors < 0.01)


@pytest.mark.parametrize("spreads", [-0.4, 0.0, 0.5])
def test_a_move_equals_the_probability_at_the_moved_mean(spreads: float) -> None:
    rng = np.random.default_rng(2)
    draws = rng.normal(size=(DRAWS, 1))
    share, worth = moved(normal_scores(draws)[:, 0], draws[:, 0] > 1.0, spreads)
    assert share == pytest.approx(stats.norm.sf(1.0 - SPREAD * spreads), abs=0.02)
    assert worth == pytest.approx(DRAWS * np.exp(-((SPREAD * spreads) ** 2)), rel=0.1)


def test_what_does_not_vary_moves_nothing() -> None:
    scores = normal_scores(np.full((10, 1), 3.0))
    found, errors = slopes(scores, np.arange(10) > 4)
    assert found.tolist() == errors.tolist() == [0.0]


def test_one_draw_says_nothing() -> None:
    with pytest.raises(ProblemError, match="at least two"):
        slopes(np.zeros((1, 2)), np.array([True]))
