"""Charts of histories: data, widths and words; not pixels."""

import json

import pytest

from servanda import workbench
from servanda.brief.histories import histories_section
from servanda.charts.deal_frequency import deal_frequency_chart
from servanda.charts.front_fan import front_fan_chart
from servanda.charts.history_states import history_states_chart
from servanda.charts.kept_peace import kept_peace_chart
from servanda.charts.names import Names
from servanda.charts.theme import FONT
from servanda.charts.war_survival import war_survival_chart

SCENARIO = workbench.read("two-step-territory-and-guarantee")
FOUND = workbench.simulate(SCENARIO, histories=900, policies=3, years=2)
CHARTS = {
    "war_survival": war_survival_chart(FOUND),
    "history_states": history_states_chart(FOUND),
    "deal_frequency": deal_frequency_chart(FOUND, SCENARIO),
    "front_fan": front_fan_chart(FOUND, SCENARIO),
    "kept_peace": kept_peace_chart(FOUND),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert spec["config"]["font"] == FONT
    assert "http" not in json.dumps(spec["layer"], allow_nan=False)


def rows(name: str) -> list[dict[str, object]]:
    spec = CHARTS[name].to_dict()
    data = spec["layer"][0].get("data", spec.get("data"))
    found: list[dict[str, object]] = data.get("values") or spec["datasets"][data["name"]]
    return found


def test_states_add_up_to_all_histories() -> None:
    by_year: dict[object, float] = {}
    for row in rows("history_states"):
        by_year[row["year"]] = by_year.get(row["year"], 0.0) + float(str(row["share"]))
    assert list(by_year.values()) == pytest.approx([100.0] * 25)


def test_peace_and_deals_are_those_of_the_answer() -> None:
    shares = FOUND.summary.in_peace.share
    assert [row["share"] for row in rows("kept_peace")] == [100 * shares[12], 100 * shares[24]]
    signed = [str(FOUND.packages[one]) for one in FOUND.signed]
    assert [row["row"] for row in rows("deal_frequency")] == signed


def test_the_line_is_drawn_while_there_is_war() -> None:
    drawn = rows("front_fan")
    assert drawn[0]["middle"] == FOUND.start
    assert len(drawn) == sum(FOUND.summary.at_war.share >= 0.01)


def test_a_brief_shows_charts_tables_and_typical_histories() -> None:
    section = histories_section(FOUND, Names(SCENARIO))
    kinds = [type(block).__name__ for block in section.blocks]
    assert kinds.count("Figure") == len(CHARTS)
    assert kinds.count("Table") >= 4
    assert kinds[-1] == "Folded"
