"""Every chart: its data, encodings, titles and words; not its pixels."""

import json
import math
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pytest

from brief.sample import LONG, PLACES, sample_analysis, sample_scenario
from servanda.charts.bargaining_frontier import bargaining_frontier_chart
from servanda.charts.front_line import front_line_chart
from servanda.charts.funnel import funnel_chart
from servanda.charts.gains import gains_chart
from servanda.charts.guarantee_window import guarantee_window_chart, interval_words
from servanda.charts.influence import influence_chart
from servanda.charts.order_margins import order_margins_chart
from servanda.charts.roadmap import roadmap_chart
from servanda.charts.stage_margins import stage_margins_chart
from servanda.charts.territory_map import CAPTION, parcel_places, territory_map
from servanda.charts.theme import FONT, SIDE_HUES, actor_hues
from servanda.charts.war_prospects import months_shown, war_prospects_chart
from servanda.results.analysis import Band
from servanda.scenario.land import DEMILITARISED

SCENARIO = sample_scenario()
ANALYSIS = sample_analysis(SCENARIO)
PLAN = ANALYSIS.orders[0].plan
assert PLAN is not None

CHARTS: dict[str, alt.LayerChart] = {
    "funnel": funnel_chart(ANALYSIS.funnel, ANALYSIS.gates),
    "gains": gains_chart(ANALYSIS.focus, SCENARIO),
    "bargaining_frontier": bargaining_frontier_chart(
        ANALYSIS.funnel.efficient, ANALYSIS.solutions, ("uplands", "rivers"), SCENARIO
    ),
    "roadmap": roadmap_chart(PLAN, SCENARIO),
    "stage_margins": stage_margins_chart(PLAN, SCENARIO),
    "order_margins": order_margins_chart(ANALYSIS.orders),
    "guarantee_window": guarantee_window_chart(
        ANALYSIS.credibilities[0], ANALYSIS.orders, SCENARIO
    ),
    "territory_map": territory_map(ANALYSIS.land, SCENARIO),
    "war_prospects": war_prospects_chart(ANALYSIS.war, SCENARIO),
    "front_line": front_line_chart(ANALYSIS.war[0], 0, SCENARIO),
    "influence": influence_chart(ANALYSIS.assumptions, 500, SCENARIO),
}


def rows(chart: alt.LayerChart, layer: int = 0) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    data = spec["layer"][layer].get("data", spec.get("data"))
    values = data.get("values") or spec["datasets"][data["name"]]
    return list(values)


def titles(chart: alt.LayerChart) -> str:
    found = []
    for layer in chart.to_dict()["layer"]:
        for channel in layer["encoding"].values():
            title = channel.get("title") if isinstance(channel, dict) else None
            found += title if isinstance(title, list) else [title] if title else []
    return " ".join(found)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_at_a_fixed_height_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert spec["config"]["font"] == FONT
    json.dumps(spec, allow_nan=False)


@pytest.mark.parametrize("name", CHARTS)
def test_no_chart_follows_links_or_loads_anything(name: str) -> None:
    text = json.dumps(CHARTS[name].to_dict()["layer"])
    for word in ('"href"', '"url"', '"image"'):
        assert word not in text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("funnel", "packages left"),
        ("gains", "(value points)"),
        ("bargaining_frontier", "gain of Uplands (value points)"),
        ("roadmap", "months since signature"),
        ("stage_margins", "below 0 a breach pays"),
        ("order_margins", "smallest margin of the order (value points)"),
        ("guarantee_window", "probability that the guarantee is honoured (%)"),
        ("war_prospects", "has given way by then (%)"),
        ("front_line", "parcels held by Uplands"),
        ("influence", "(%)"),
    ],
)
def test_axes_say_what_and_in_which_unit(name: str, title: str) -> None:
    assert title in titles(CHARTS[name])


def test_a_folder_of_charts_has_all_its_files_under_test(root: Any) -> None:
    helpers = {"__init__", "history_axis", "names", "numbers", "theme"}
    files = {path.stem for path in (root / "src/servanda/charts").glob("*.py")}
    others = sorted((root / "tests/charts").glob("test_*_charts.py"))
    text = "".join(path.read_text(encoding="utf-8") for path in others)
    elsewhere = {name for name in files if f'    "{name}": {name}_chart(' in text}
    assert files - helpers == set(CHARTS) | elsewhere


def test_the_sides_are_neither_red_against_blue_nor_good_against_bad() -> None:
    hues = actor_hues(SCENARIO)
    assert hues["uplands"] == SIDE_HUES["a"][0]
    assert hues["rivers"] == SIDE_HUES["b"][0]
    assert len(set(hues.values())) == len(hues)
    for hue in hues.values():
        red, green, blue = (int(hue[n : n + 2], 16) for n in (1, 3, 5))
        assert max(red, green, blue) - min(red, green, blue) < 160  # muted
        assert green < red + blue  # not a signal green


def test_the_funnel_shows_counts_and_bands_only_where_packages_were_counted() -> None:
    found = {row["gate"]: row for row in rows(CHARTS["funnel"])}
    assert [row["left"] for row in found.values()] == [93_312, 10_204, 1_911, 402, 37, 9]
    assert (found["ratification"]["low"], found["ratification"]["high"]) == (0, 1_200)
    assert found["implementable"]["low"] is None
    assert "1,911 (draws 0–4,100)" in found["individual-rationality"]["label"]


def test_gains_keep_the_order_of_the_scenario() -> None:
    found = rows(CHARTS["gains"])
    assert [row["actor"] for row in found] == ["uplands", "rivers", "league"]
    assert found[2]["label"] == "League: −0.3 (draws −6.3 to +6.7)"


def test_the_roadmap_marks_the_weakest_link_in_words() -> None:
    found = rows(CHARTS["roadmap"])
    marked = [row["label"] for row in found if "◀ weakest" in row["label"]]
    assert marked == ["2. Guarantee ratified · League ◀ weakest (+2.2)"]
    assert [(row["start"], row["end"]) for row in found] == [(0, 1), (0, 0), (1, 4), (4, 6)]


def test_windows_and_beliefs_share_one_scale() -> None:
    found = rows(CHARTS["guarantee_window"])
    assert {row["label"]: (row["low"], row["high"]) for row in found[2:]} == {
        "Best order found: kept at 41–100\u00a0%": (41.0, 100.0),
        "Territory first: kept at no credibility": (None, None),
        "Guarantees first: kept at 44–90\u00a0%": (44.0, 90.0),
    }
    assert [row["at"] for row in found[:2]] == [45.0, 30.0]
    assert interval_words(((0.0, 0.2), (0.5, 1.0))) == "kept at 0–20\u00a0% and 50–100\u00a0%"


def test_the_map_is_schematic_and_keeps_kilometres_equal() -> None:
    chart = CHARTS["territory_map"]
    assert chart.to_dict()["description"].startswith(CAPTION)
    places = {place.identifier: place for place in parcel_places(SCENARIO, list(PLACES))}
    ridge, gate = places["ridge"], places["gate"]
    assert ridge.y - gate.y == pytest.approx(0.14 * 111.2)
    marsh, hill = places["marsh"], places["hill"]
    middle = math.radians((48.39 + 49.0) / 2)
    assert hill.x - marsh.x == pytest.approx(0.05 * 111.2 * math.cos(middle))


def test_the_map_shows_holders_fortification_and_what_changes_hands() -> None:
    found = {row["name"]: row for row in rows(CHARTS["territory_map"], layer=1)}
    assert found["Ridge"]["level"] == 5
    assert found["Mill"]["changes"]
    assert found["Mill"]["after"] == "demilitarised"
    assert found["Weir"]["held"] == "demilitarised"
    assert found["Weir"]["hue"] == actor_hues(SCENARIO)[DEMILITARISED]
    assert len({found[name]["shape"] for name in ("Ridge", "Plain", "Weir")}) == 3
    assert found["Coast"]["opacity"] < found["Ridge"]["opacity"]
    lines = rows(CHARTS["territory_map"], layer=0)
    assert len(lines) == 13  # each pair of neighbours once


def test_prospects_hold_every_believer_and_both_sides() -> None:
    found = rows(CHARTS["war_prospects"], layer=1)
    assert {row["believer"] for row in found} == {"the analyst", "Uplands", "Riverlands"}
    assert {row["side"] for row in found} == {"Uplands", "Riverlands"}
    last = months_shown([view.outlook for view in ANALYSIS.war])
    assert max(row["month"] for row in found) == last
    assert np.all(np.array([row["p"] for row in found]) <= 100)


def test_the_front_keeps_its_quantiles_in_order() -> None:
    for row in rows(CHARTS["front_line"]):
        assert row["p5"] <= row["p25"] <= row["p50"] <= row["p75"] <= row["p95"] <= 8


def test_long_and_hostile_names_stay_data() -> None:
    scenario = sample_scenario(hostile=True)
    analysis = sample_analysis(scenario)
    chart = gains_chart(analysis.focus, scenario)
    assert rows(chart)[0]["label"].startswith(LONG[:20])
    assert "+6.0" in rows(chart)[0]["label"]
    fields = {
        channel["field"]
        for layer in chart.to_dict()["layer"]
        for channel in layer["encoding"].values()
        if "field" in channel
    }
    assert fields <= {"x", "low", "high", "median", "central", "actor", "hue", "label"}


def test_infinite_and_missing_numbers_are_left_out() -> None:
    order = replace(ANALYSIS.orders[0], margin=Band(math.inf, -math.inf, math.nan, math.inf))
    chart = order_margins_chart([order, ANALYSIS.orders[1]])
    json.dumps(chart.to_dict(), allow_nan=False)
    assert rows(chart)[0]["low"] is None
    endless = replace(PLAN, margin=math.inf, weakest=-1, constraints=())
    json.dumps(roadmap_chart(endless, SCENARIO).to_dict(), allow_nan=False)
