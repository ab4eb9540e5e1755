"""Charts of an answer about deals: data, encodings, titles and words; not pixels."""

import json

import pytest

from servanda import workbench
from servanda.brief.deal_charts import charts_of_deals
from servanda.charts.parallel_gains import parallel_gains_chart
from servanda.charts.red_line_costs import red_line_costs_chart
from servanda.charts.solution_gains import solution_gains_chart
from servanda.charts.theme import FONT
from servanda.results.obstacles import RedLineCost, Row

SCENARIO = workbench.read("two-step-territory-and-guarantee")
DEALS = workbench.deals(SCENARIO)
LINES = (
    RedLineCost(Row("red-lines", "Never without <b>us</b>", "holder"), 40, 3, None, {}, {}),
    RedLineCost(Row("red-lines", "Nothing", "nobody-known"), 0, 0, None, {}, {}),
)
CHARTS = {
    "parallel_gains": parallel_gains_chart(DEALS.funnel.efficient, DEALS.solutions, SCENARIO),
    "solution_gains": solution_gains_chart(DEALS.solutions, SCENARIO),
    "red_line_costs": red_line_costs_chart(LINES, SCENARIO),
}


def data_of(chart, layer=0):
    spec = chart.to_dict()
    data = spec["layer"][layer].get("data", spec.get("data"))
    return data.get("values") or spec["datasets"][data["name"]]


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert spec["config"]["font"] == FONT
    assert "http" not in json.dumps(spec["layer"], allow_nan=False)


def test_parallel_gains_has_a_point_for_every_party_of_every_deal() -> None:
    deal = DEALS.funnel.efficient[0]
    thin, thick = data_of(CHARTS["parallel_gains"]), data_of(CHARTS["parallel_gains"], 1)
    assert sorted(row["gain"] for row in thin) == pytest.approx(sorted(deal.gains.values()))
    assert {row["kind"] for row in thick} == {
        "nash, kalai smorodinsky, egalitarian, maximin gain, utilitarian"
    }
    assert CHARTS["parallel_gains"].to_dict()["layer"][0]["encoding"]["y"]["title"] == (
        "gain over no deal (value points)"
    )


def test_solutions_that_choose_one_deal_stand_there_once() -> None:
    rows = data_of(CHARTS["solution_gains"])
    assert len(rows) == len(DEALS.reservations)
    assert all("nash, kalai smorodinsky" in row["label"] for row in rows)


def test_red_lines_show_what_breaks_them_and_what_only_they_stop() -> None:
    rows = data_of(CHARTS["red_line_costs"])
    assert [(row["stops"], row["alone"]) for row in rows] == [(40, 3), (0, 0)]
    assert rows[0]["label"].endswith("3 of 40 alone")


def test_the_frontier_of_two_is_a_scatter_of_more_a_line_each() -> None:
    pie = workbench.read("fearon-1995-pie")
    two = charts_of_deals(workbench.deals(pie), pie)
    assert list(two) == ["funnel", "frontier", "solutions"]
    assert two["frontier"].to_dict()["layer"][0]["mark"]["type"] == "circle"
    three = charts_of_deals(DEALS, SCENARIO)
    assert three["frontier"].to_dict()["layer"][0]["mark"]["type"] == "line"
