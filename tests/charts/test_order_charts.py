"""Charts of an answer about the order of steps: data, encodings and words; not pixels."""

import json
from itertools import pairwise

import numpy as np
import pytest

from servanda import workbench
from servanda.charts.margin_draws import margin_draws_chart
from servanda.charts.state_lattice import state_lattice_chart
from servanda.charts.theme import FONT
from servanda.problems.implementation_game import implementation_game
from servanda.solvers.plan import evaluate_plan
from servanda.solvers.state_lattice import state_lattice

SCENARIO = workbench.read("two-step-territory-and-guarantee")
FOUND = workbench.order(SCENARIO, package="3", draws=30)
PLAN = FOUND.order.plan
CHARTS = {
    "margin_draws": margin_draws_chart(FOUND.orders, FOUND.draws),
    "state_lattice": state_lattice_chart(FOUND.lattice, PLAN, SCENARIO),
}


def rows_with(chart, field):
    spec = chart.to_dict()
    for layer in spec["layer"]:
        data = layer.get("data", {})
        values = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
        if values and field in values[0]:
            yield from values


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_fills_the_width_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    assert spec["width"] == "container"
    assert spec["height"] > 50
    assert len(spec["description"]) > 40
    assert spec["config"]["font"] == FONT
    assert "http" not in json.dumps(spec["layer"], allow_nan=False)


def test_lines_fall_and_cross_nought_where_the_order_is_kept() -> None:
    rows = list(rows_with(CHARTS["margin_draws"], "share"))
    for label in {row["order"] for row in rows}:
        line = sorted((row["margin"], row["share"]) for row in rows if row["order"] == label)
        assert all(a[1] >= b[1] for a, b in pairwise(line))
    best = FOUND.draws["best"]
    at_nought = [row for row in rows if row["margin"] == 0.0 and "Best order" in row["order"]]
    assert {row["share"] for row in at_nought} == {100 * float(np.mean(best >= -1e-9))}


def test_the_lattice_has_every_stage_and_marks_the_plan() -> None:
    edges = {row["said"]: row for row in rows_with(CHARTS["state_lattice"], "said")}
    assert len(edges) == len(FOUND.lattice.edges) == 5
    on = [said for said, row in edges.items() if row["on"]]
    assert on == ["Hand over + Guarantee in force (verified) after nothing done: +5.5"]
    broken = [said for said, row in edges.items() if row["kept"].startswith("somebody")]
    assert broken == ["Guarantee in force after Hand over: −3.6"]


def test_a_lattice_of_many_states_labels_only_the_plan() -> None:
    steps = ["a", "b", "c", "d"]
    game = implementation_game(
        ["x"], steps, discount=0.9, flow=lambda done: [len(done)], attack=lambda done: [1.5]
    )
    lattice = state_lattice(game)
    assert (len(lattice.states), len(lattice.edges), lattice.orders) == (16, 32, 24)
    plan = evaluate_plan(game, steps)
    chart = state_lattice_chart(lattice, plan, SCENARIO)
    labelled = {row["said"] for row in rows_with(chart, "said") if row["margin"]}
    assert len(labelled) == 4
    brute = max(evaluate_plan(game, order).margin for order in (steps, steps[::-1]))
    assert max(edge.order_margin for edge in lattice.edges) == pytest.approx(brute)


def test_too_many_states_are_refused_in_words() -> None:
    game = implementation_game(
        ["x"], list("abcdefg"), discount=0.9, flow=lambda _: [1], attack=lambda _: [0]
    )
    with pytest.raises(Exception, match="128 sets of completed steps are possible; at most 64"):
        state_lattice(game)
