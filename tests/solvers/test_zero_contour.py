"""Zero contours of functions whose zeros are known."""

import numpy as np
import pytest

from servanda.errors import ProblemError
from servanda.solvers.zero_contour import zero_contour

X, Y = np.linspace(-2.0, 2.0, 21), np.linspace(-2.0, 2.0, 17)
RADIUS = 1.2345  # passes through no corner of the grid


def test_a_plane_is_cut_in_its_line() -> None:
    pieces = zero_contour(X, Y, np.add.outer(2.0 * X, Y) - 0.5)
    points = np.array(pieces).reshape(-1, 2)
    assert 2.0 * points[:, 0] + points[:, 1] == pytest.approx(0.5, abs=1e-12)
    length = np.hypot(*(np.array(pieces)[:, 1] - np.array(pieces)[:, 0]).T).sum()
    assert length == pytest.approx(np.hypot(2.0, 4.0))  # from y = -2 to y = 2


def test_a_circle_has_its_circumference_and_closes() -> None:
    fine = np.linspace(-2.0, 2.0, 201)
    pieces = np.array(zero_contour(fine, fine, RADIUS**2 - np.add.outer(fine**2, fine**2)))
    assert np.hypot(*pieces.reshape(-1, 2).T) == pytest.approx(RADIUS, abs=1e-3)
    lengths = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T)
    assert lengths.sum() == pytest.approx(2.0 * np.pi * RADIUS, rel=1e-3)
    ends, counts = np.unique(pieces.reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert set(counts.tolist()) == {2}
    assert len(ends) == len(pieces)


@pytest.mark.parametrize("middle", [1.0, -1.0])
def test_a_saddle_is_cut_by_the_sign_of_its_middle(middle: float) -> None:
    corners = np.array([[1.0, -1.0], [-1.0, 1.0]]) + 0.4 * middle
    pieces = zero_contour(np.array([0.0, 1.0]), np.array([0.0, 1.0]), corners)
    assert len(pieces) == 2
    alone = {(0.0, 1.0), (1.0, 0.0)} if middle > 0 else {(0.0, 0.0), (1.0, 1.0)}
    nearest = {
        min(
            ((a, b) for a in (0.0, 1.0) for b in (0.0, 1.0)),
            key=lambda corner: np.hypot(*(np.mean(piece, axis=0) - corner)),
        )
        for piece in pieces
    }
    assert nearest == alone


def test_what_has_one_sign_is_not_cut() -> None:
    assert zero_contour(X, Y, np.ones((21, 17))) == []


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ProblemError, match="values"):
        zero_contour(X, Y, np.ones((17, 21)))
