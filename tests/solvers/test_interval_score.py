"""Bands scored, and the naive forecasters they are held against."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import ProblemError
from servanda.solvers.interval_score import interval_score
from servanda.solvers.naive_forecasts import constant_mean, random_walk


def test_a_band_pays_for_its_width_and_for_what_lies_outside():
    assert interval_score(10, 20, [15, 8, 21], 0.9) == pytest.approx([10, 50, 30])
    assert interval_score(10, 20, [15, 8, 21], 0.5) == pytest.approx([10, 18, 14])


@given(
    st.lists(st.floats(-100, 100), min_size=7, max_size=7),
    st.floats(-150, 150),
    st.floats(0, 300),
)
def test_the_true_quantiles_score_best(seen, low, width):
    """Seven values alike likely: nothing beats the quarter points, whatever the band."""
    best = np.quantile(seen, [0.25, 0.75], method="inverted_cdf")
    ours = interval_score(best[0], best[1], seen, 0.5).mean()
    assert ours <= interval_score(low, low + width, seen, 0.5).mean() + 1e-9


@pytest.mark.parametrize(
    ("low", "high", "share", "word"), [(2, 1, 0.5, "begins"), (0, 1, 1.0, "share")]
)
def test_what_is_no_band_is_refused(low, high, share, word):
    with pytest.raises(ProblemError, match=word):
        interval_score(low, high, 0.0, share)


PAST = [3.0, 5.0, 4.0, 8.0, 6.0, 7.5, 9.0]


def test_bands_of_the_naive_forecasters_are_those_of_their_definitions():
    """By drawing the unknown spread and mean, then the months."""
    rng, count, ahead = np.random.default_rng(1), 100_000, 3
    past = np.array(PAST)
    steps = np.diff(past)
    spread = np.sqrt((steps**2).sum() / rng.chisquare(len(steps), count))
    walk = past[-1] + np.cumsum(spread * rng.normal(size=(ahead, count)), axis=0)
    alone = np.sqrt(((past - past.mean()) ** 2).sum() / rng.chisquare(len(past) - 1, count))
    mean = past.mean() + alone / np.sqrt(len(past)) * rng.normal(size=count)
    same = mean + alone * rng.normal(size=(ahead, count))
    for forecast, drawn in ((random_walk, walk), (constant_mean, same)):
        months, sums = forecast(past, ahead, [0.05, 0.25, 0.5, 0.75, 0.95])
        for found, paths in ((months, drawn), (sums, np.cumsum(drawn, axis=0))):
            wanted = np.quantile(paths, [0.05, 0.25, 0.5, 0.75, 0.95], axis=1).T
            assert found == pytest.approx(wanted, abs=0.03 * np.ptp(wanted))


def test_a_past_too_short_is_refused():
    with pytest.raises(ProblemError, match="three"):
        random_walk([1.0, 2.0], 1, [0.5])
    with pytest.raises(ProblemError, match="ahead"):
        constant_mean(PAST, 0, [0.5])
