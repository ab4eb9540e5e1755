"""The back-test on two cases, one of which broke."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from servanda import workbench
from servanda.files.read import shipped


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("cases")
    for name in ("minsk-2015", "northern-ireland-1998"):
        shutil.copytree(shipped()[name].parent, place / name)
    return place


@pytest.fixture(scope="module")
def found(folder):
    return workbench.backtest(folder, draws=12, seed=3)


def test_every_event_that_could_be_asked_is_forecast(found):
    belfast, minsk = found.cases
    assert [one.event for one in belfast.forecasts] == [
        "ratified",
        "carried through",
        "held ten years",
    ]
    assert [one.event for one in minsk.forecasts] == ["carried through", "held ten years"]
    for case in found.cases:
        for one in case.forecasts:
            assert 0 <= one.low <= one.probability <= one.high <= 1


def test_holding_is_never_likelier_than_surviving_its_own_ten_years(found):
    for case in found.cases:
        carried, held = case.forecast("carried through"), case.forecast("held ten years")
        months = sum(1 for _ in case.order)
        assert months > 0
        # ten years from signature are longer than either plan takes
        assert held.probability <= carried.probability + 1e-9


def test_a_better_order_is_better(found):
    for case in found.cases:
        assert case.better_probability >= case.agreed_probability - 1e-12
        assert sorted(s for stage in case.better for s in stage) == sorted(
            s for stage in case.order for s in stage
        )


def test_scores_are_means_over_the_forecasts(found):
    pairs = [(one.probability, one.happened) for case in found.cases for one in case.forecasts]
    mean = np.mean([(p - y) ** 2 for p, y in pairs])
    (ours,) = [one for one in found.scores if (one.event, one.forecaster) == ("all", "servanda")]
    assert ours.cases == 5
    assert ours.brier == pytest.approx(mean)
    assert ours.brier_low <= ours.brier_high
    assert found.noise["as the coding rules say"] == pytest.approx(mean)
    assert len(found.noise) == 5


def test_same_seed_same_answer_whatever_the_threads(folder, found):
    again = workbench.backtest(folder, draws=12, seed=3, threads=1)
    assert again.to_dict() == found.to_dict()


def test_charts_are_files(found):
    for name, content in workbench.backtest_charts(found, "svg").items():
        assert name in {"forecasts.svg", "calibration.svg"}
        assert content.startswith(b"<svg")
