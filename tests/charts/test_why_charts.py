"""Charts of diagnosis, levers, inverse and sensitivity: data, widths and words; not pixels."""

import json
from itertools import pairwise

import pytest

from one_cause import SPOILT, scenario
from servanda import workbench
from servanda.charts.cause_pairs import cause_pairs_chart
from servanda.charts.causes import causes_chart
from servanda.charts.conditions import conditions_chart
from servanda.charts.effort import effort_chart
from servanda.charts.levers import levers_chart
from servanda.charts.margin_map import margin_map_chart
from servanda.charts.needed_moves import needed_moves_chart
from servanda.charts.sensitivity import sensitivity_chart
from servanda.charts.share_map import share_map_chart
from servanda.charts.theme import ACCENT, FONT, whole_ticks

TREATY = "issues.peace.options.treaty.value.north"
WIDE = scenario({TREATY: {"value": 45, "low": 35, "high": 55, "shape": "normal"}})
WHY = workbench.why(scenario(SPOILT["stakes"]), draws=8)
LEVERS = workbench.levers(WIDE, draws=40)
SHARES = workbench.sensitivity(WIDE, draws=40)
INVERSE = workbench.inverse(WIDE, deal="peace=treaty", draws=5)
MAP = workbench.answer_map(
    WIDE, TREATY, "war.costs.north.now=2..9", deal="peace=treaty", points=4, draws=2
)
CHARTS = {
    "causes": causes_chart(WHY),
    "cause_pairs": cause_pairs_chart(WHY),
    "levers": levers_chart(LEVERS, WIDE),
    "effort": effort_chart(LEVERS, WIDE),
    "sensitivity": sensitivity_chart(SHARES, WIDE),
    "conditions": conditions_chart(INVERSE, WIDE),
    "needed_moves": needed_moves_chart(INVERSE, WIDE),
    "margin_map": margin_map_chart(MAP, WIDE),
    "share_map": share_map_chart(MAP, WIDE),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert spec["config"]["font"] == FONT
    assert "http" not in json.dumps(spec["layer"], allow_nan=False)


def rows_of(name: str, layer: int = 0) -> list[dict]:
    spec = CHARTS[name].to_dict()
    data = spec["layer"][layer].get("data", spec.get("data"))
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


def test_bars_hold_the_shares_of_the_answer() -> None:
    rows = rows_of("levers")
    assert [row["path"] for row in rows] == [one.path for one in LEVERS.reaches]
    assert [row["near"] for row in rows] == [100 * one.tried[0].share for one in LEVERS.reaches]
    assert [row["far"] for row in rows] == [
        100 * one.tried[1].share if len(one.tried) > 1 else None for one in LEVERS.reaches
    ]


@pytest.mark.parametrize("last", [1, 2, 12, 13, 60, 999])
def test_ticks_are_whole_begin_at_nought_and_are_few(last: int) -> None:
    ticks = whole_ticks(last)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 13
    assert len({after - before for before, after in pairwise(ticks)}) == 1
    assert ticks[-1] <= last


def test_conditions_and_moves_are_those_of_the_answer() -> None:
    rows = rows_of("conditions")
    assert [(row["id"], row["margin"]) for row in rows] == [
        (one.id, one.margin) for one in INVERSE.conditions
    ]
    assert {row["hue"] for row in rows if row["margin"] < 0} == {ACCENT}
    moves = rows_of("needed_moves")
    assert [row["to"] for row in moves] == [
        one.moves[0].spreads for one in INVERSE.alone[: len(moves)]
    ]


def test_maps_have_a_cell_a_point_the_line_and_the_central_values() -> None:
    for name, values in (("margin_map", MAP.margin), ("share_map", 100.0 * MAP.share)):
        assert [row["value"] for row in rows_of(name)] == values.ravel().tolist()
        assert len(rows_of(name, 1)) == len(MAP.contour)
        assert rows_of(name, 2) == [{"x": 45.0, "y": 6.0}]
