"""Charts of the front against a record: data, widths and words; not pixels."""

import json

import pytest

from servanda import workbench
from servanda.charts.dynamics_fan import dynamics_fan_chart
from servanda.charts.dynamics_months import dynamics_months_chart
from servanda.charts.theme import FONT

FOUND = workbench.dynamics()
CHARTS = {
    "dynamics_fan": dynamics_fan_chart(FOUND),
    "dynamics_months": dynamics_months_chart(FOUND),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert "km²" in spec["description"]
    assert spec["config"]["font"] == FONT
    assert "http" not in json.dumps(spec["layer"], allow_nan=False)


def test_bands_and_what_happened_stand_there_as_found() -> None:
    spec = CHARTS["dynamics_months"].to_dict()
    data = [layer["data"]["values"] for layer in spec["layer"]]
    assert [row["seen"] for row in data[0]] == list(FOUND.changes)
    (front,) = {json.dumps(rows) for rows in data if rows[0].get("who") == "front"}
    bands = FOUND.forecaster("front", "a month ahead").bands
    assert [row["low90"] for row in json.loads(front)] == [one.quantiles[0] for one in bands]
