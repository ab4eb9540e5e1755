"""Charts of diagnosis, levers and sensitivity: data, widths and words; not pixels."""

import json

import pytest

from one_cause import SPOILT, scenario
from servanda import workbench
from servanda.charts.cause_pairs import cause_pairs_chart
from servanda.charts.causes import causes_chart
from servanda.charts.effort import effort_chart
from servanda.charts.levers import levers_chart
from servanda.charts.sensitivity import sensitivity_chart
from servanda.charts.theme import FONT

TREATY = "issues.peace.options.treaty.value.north"
WIDE = scenario({TREATY: {"value": 45, "low": 35, "high": 55, "shape": "normal"}})
WHY = workbench.why(scenario(SPOILT["stakes"]), draws=8)
LEVERS = workbench.levers(WIDE, draws=40)
SHARES = workbench.sensitivity(WIDE, draws=40)
CHARTS = {
    "causes": causes_chart(WHY),
    "cause_pairs": cause_pairs_chart(WHY),
    "levers": levers_chart(LEVERS, WIDE),
    "effort": effort_chart(LEVERS, WIDE),
    "sensitivity": sensitivity_chart(SHARES, WIDE),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert spec["config"]["font"] == FONT
    assert "http" not in json.dumps(spec["layer"], allow_nan=False)


def test_bars_hold_the_shares_of_the_answer() -> None:
    spec = CHARTS["levers"].to_dict()
    data = spec["layer"][0].get("data", spec.get("data"))
    rows = data.get("values") or spec["datasets"][data["name"]]
    assert [row["path"] for row in rows] == [one.path for one in LEVERS.reaches]
    assert [row["near"] for row in rows] == [100 * one.tried[0].share for one in LEVERS.reaches]
