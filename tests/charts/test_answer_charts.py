"""Charts of the back-test and of talks while fighting: data and words, not pixels."""

import json

import pytest

from servanda import workbench
from servanda.charts.calibration import calibration_chart
from servanda.charts.forecasts import forecasts_chart
from servanda.charts.least_accepted import least_accepted_chart
from servanda.charts.staying import staying_chart
from servanda.charts.talks_endings import talks_endings_chart
from servanda.charts.talks_region import talks_region_chart
from servanda.charts.theme import FONT
from servanda.results.backtest import Backtest, CaseForecast, Forecast

SCENARIO = workbench.read("two-step-territory-and-guarantee")
TALKS = workbench.talks(SCENARIO)
ROUNDS = workbench.talks_rounds(SCENARIO, draws=5)


def case(name: str, said: list[Forecast]) -> CaseForecast:
    order = (("one",), ("two",))
    return CaseForecast(
        name=name,
        title=f"The {name} agreement",
        as_of="1990-01-01",
        order=order,
        forecasts=tuple(said),
        margin=1.0,
        self_enforcing=0.5,
        guarantee_first=True,
        breaks_at="one",
        ends_there=0.2,
        broke_at="",
        better=order,
        better_probability=0.5,
        agreed_probability=0.5,
        note="",
        sources=(),
    )


PAST = Backtest(
    cases=(
        case("first", [Forecast("carried through", 0.9, 0.8, 0.95, True)]),
        case("second", [Forecast("carried through", 0.1, 0.0, 0.3, False)]),
        case("third", [Forecast("carried through", 0.85, 0.7, 0.9, False)]),
    ),
    scores=(),
    noise={},
    draws=10,
    seed=1,
)
CHARTS = {
    "calibration": calibration_chart(PAST),
    "forecasts": forecasts_chart(PAST),
    "least_accepted": least_accepted_chart(ROUNDS, SCENARIO),
    "staying": staying_chart(ROUNDS, SCENARIO, 0),
    "talks_endings": talks_endings_chart(TALKS, SCENARIO),
    "talks_region": talks_region_chart(TALKS, SCENARIO),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert FONT in json.dumps(spec)
    assert "http" not in json.dumps({**spec, "$schema": ""})


def test_forecasts_stand_beside_what_happened() -> None:
    said = CHARTS["forecasts"].to_dict()["description"]
    assert "The second agreement, carried through: 10\u00a0%; it did not" in said


def test_calibration_counts_what_happened_in_each_group() -> None:
    said = CHARTS["calibration"].to_dict()["description"]
    assert "1 forecasts of 10\u00a0% on average, <1\u00a0% happened" in said
    assert "2 forecasts of 88\u00a0% on average, 50\u00a0% happened" in said


def test_staying_is_stacked_from_parts_that_add_up() -> None:
    spec = CHARTS["staying"].to_dict()
    bars, _, ticks = (layer["data"]["values"] for layer in spec["layer"])
    for tick in ticks:
        parts = [bar["points"] for bar in bars if bar["month"] == tick["month"]]
        assert sum(parts) == pytest.approx(tick["sum"])


def test_what_is_known_before_and_after_an_answer_stands_side_by_side() -> None:
    bars, _, offers = (
        layer["data"]["values"] for layer in CHARTS["least_accepted"].to_dict()["layer"]
    )
    assert {bar["what"] for bar in bars} == {"before any answer", "Revisionist, after it"}
    assert all(bar["low"] <= bar["middle"] <= bar["high"] for bar in bars)
    assert len(offers) == len(bars) / 2
