"""Charts of comparisons and of pressure designs: data, widths and words; not pixels."""

import json
from dataclasses import replace
from typing import Any

import pytest

from one_cause import SPOILT, scenario
from servanda import workbench
from servanda.charts.burdens import burdens_chart
from servanda.charts.changes import changes_chart
from servanda.charts.deal_fates import deal_fates_chart
from servanda.charts.pressure_frontier import pressure_frontier_chart
from servanda.charts.theme import FONT

SPOILED = scenario({**SPOILT["red-lines:north"], "war.costs.south": 5})
COMPARED = workbench.compare(scenario(), SPOILED, draws=8)
PRESSED = scenario(SPOILT["pressure"])
DESIGN = workbench.pressure(PRESSED, draws=8, budget=1.5)
CHARTS = {
    "changes": changes_chart(COMPARED, SPOILED),
    "deal_fates": deal_fates_chart(COMPARED, SPOILED),
    "pressure_frontier": pressure_frontier_chart(DESIGN, PRESSED),
    "burdens": burdens_chart(DESIGN, PRESSED),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert spec["config"]["font"] == FONT
    assert "http" not in json.dumps(spec["layer"], allow_nan=False)


def rows(name: str, layer: int = 0) -> list[dict[str, Any]]:
    spec = CHARTS[name].to_dict()
    data = spec["layer"][layer].get("data", spec.get("data"))
    return data.get("values") or spec["datasets"][data["name"]]


def test_bars_hold_the_parts_of_the_answer() -> None:
    parts = dict(zip([one.label for one in COMPARED.changes], COMPARED.kept.shares, strict=True))
    assert {row["change"]: row["share"] / 100 for row in rows("changes")} == pytest.approx(parts)
    assert [row["step"] for row in rows("changes")] == [100 * step for step in COMPARED.kept.steps]


def test_each_deal_has_its_two_ends() -> None:
    assert [(row["before"], row["after"]) for row in rows("deal_fates")] == [
        (100 * deal.before, 100 * deal.after) for deal in COMPARED.deals
    ]
    assert ">99" in rows("deal_fates")[0]["label"]


def test_the_frontier_is_that_of_the_answer_and_goes_on_to_the_end() -> None:
    shown = rows("pressure_frontier")
    assert [row["kept"] for row in shown] == [
        *(100 * mix.kept for mix in DESIGN.frontier),
        100 * DESIGN.frontier[-1].kept,
    ]
    assert shown[-1]["effort"] == DESIGN.everything.effort


def test_words_of_a_mix_stand_on_the_side_with_more_room() -> None:
    first, *_ = DESIGN.frontier
    dear = replace(first, effort=0.9 * DESIGN.everything.effort, inside=1.0)
    chart = pressure_frontier_chart(replace(DESIGN, frontier=(first, dear)), PRESSED).to_dict()
    words = [layer for layer in chart["layer"] if layer["mark"]["type"] == "text"]
    told = {
        layer["mark"]["align"]: [row["effort"] for row in layer["data"]["values"]]
        for layer in words
    }
    assert told == {"left": [first.effort], "right": [dear.effort]}
    assert all(layer["mark"]["limit"] == {"expr": "width / 2 - 6"} for layer in words)


def test_whoever_bears_something_has_a_bar() -> None:
    assert {row["row"]: row["size"] for row in rows("burdens")} == {
        f"{one.id}/{actor}": size
        for one in DESIGN.instruments
        for actor, size in one.burden.items()
    }
