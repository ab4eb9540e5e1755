"""Maps whose line of zero margins is known."""

import numpy as np
import pytest

from one_cause import scenario
from servanda import workbench
from servanda.errors import NotFoundError, ProblemError, ScenarioError
from servanda.results.answer_map import Axis, whatever

TWO_STEP = "two-step-territory-and-guarantee"
BOTH = "land=handed-over,guarantee=treaty"
BELIEVED = "guarantees.treaty.credibility.believed.revisionist"
VALUE = "issues.peace.options.treaty.value.north"
COST = "war.costs.north.now"
WIDE = {
    VALUE: {"value": 48, "low": 42, "high": 54},
    "war.costs.north": {"value": 6, "low": 3, "high": 9},
}


def test_the_line_is_where_the_margin_of_a_plan_computed_apart_is_nought() -> None:
    read = workbench.read(TWO_STEP)
    found = workbench.answer_map(
        read, f"{BELIEVED}=0..0.4", "war.initiative=0.1..0.6", deal=BOTH, points=5, draws=2
    )
    assert found.margin.shape == found.share.shape == (5, 5)
    ends = found.contour[0]
    for credibility, initiative in ends:
        changes = [f"{BELIEVED}={credibility}", f"war.initiative={initiative}"]
        moved = workbench.read(TWO_STEP, changes=changes)
        there = workbench.inverse(moved, deal=BOTH, order="guarantee-first", draws=1)
        (kept,) = [one for one in there.conditions if one.id == "kept:revisionist"]
        assert kept.margin == pytest.approx(0.0, abs=0.3)  # straight between points of the map
    assert found.order == "best"
    assert found.margin_now > 0


def test_a_number_on_which_nothing_hangs_is_named() -> None:
    without = "land=handed-over,guarantee=none"
    found = workbench.answer_map(
        workbench.read(TWO_STEP), BELIEVED, "fronts.axis.tempo", deal=without, points=3, draws=2
    )
    assert found.idle == [BELIEVED]
    assert f"{BELIEVED} moves nothing here." in found.message


def test_points_are_those_of_the_scenario_that_says_so() -> None:
    found = workbench.answer_map(
        scenario(WIDE), VALUE, COST, deal="peace=treaty", points=3, draws=2
    )
    for i, value in enumerate(found.first.points.tolist()):
        for j, cost in enumerate(found.second.points.tolist()):
            moved = scenario({VALUE: value, "war.costs.north": cost})
            there = workbench.order(moved, package="peace=treaty", draws=1).order
            assert there is not None
            assert there.plan is not None
            assert found.margin[i, j] == pytest.approx(there.plan.margin, abs=0.02)
    assert (np.diff(found.margin, axis=0) >= -1e-9).all()  # worth more: kept rather
    assert (np.diff(found.margin, axis=1) >= -1e-9).all()  # dearer to fight: kept rather
    assert set(np.unique(found.share)) <= {0.0, 0.5, 1.0}


def test_words_say_where_one_number_decides() -> None:
    one = Axis("a.b", "points", 0.0, 0.0, 2.0, np.array([0.0, 1.0, 2.0]))
    other = Axis("c.d", "points", 0.0, 0.0, 1.0, np.array([0.0, 1.0]))
    margin = np.array([[-3.0, -1.0], [-1.0, 1.0], [3.0, 5.0]])
    kept, not_kept = whatever(one, other, margin)
    assert kept.startswith("With a.b above 1.25 it would be kept whatever c.d between 0 and 1")
    assert not_kept.startswith("With a.b below 0.5 it would not be kept whatever c.d")
    assert whatever(other, one, margin.T) == []


def test_threads_do_not_matter() -> None:
    asked = {"deal": "peace=treaty", "points": 3, "draws": 3}
    one, two = (
        workbench.answer_map(scenario(WIDE), VALUE, COST, threads=n, **asked) for n in (1, 2)
    )
    assert one.to_dict() == two.to_dict()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("war.costs.nort.now", "war.initiativ", "Did you mean 'war.costs.north.now'"),
        (VALUE, VALUE, "named twice"),
        (VALUE, "war.initiative", "has no range; say one, as in war.initiative=LOW..HIGH"),
        (VALUE, "war.initiative=0.2..1.5", "0.2..1.5 is no range of a share between 0 and 1"),
        (VALUE, "war.initiative=0.6..0.2", "is no range"),
        (VALUE, "war.initiative=low..high", "'low..high' is not LOW..HIGH"),
        (VALUE, "red-lines.never.holds", "may hold or not"),
    ],
)
def test_numbers_that_cannot_be_mapped(first: str, second: str, said: str) -> None:
    line = {"by": "north", "says": "No treaty.", "never": ["peace.treaty"], "holds": 0.3}
    read = scenario({**WIDE, "red-lines": {"never": line}})
    with pytest.raises(ScenarioError, match=said.replace("'", ".").replace("..", ".+")):
        workbench.answer_map(read, first, second, deal="peace=treaty", draws=1)


def test_complaints_come_all_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        workbench.answer_map(scenario(WIDE), "war.costs.nort.now", "war.initiative", draws=1)
    assert len(caught.value.complaints) == 2


def test_what_else_cannot_be_asked() -> None:
    read = scenario(WIDE)
    with pytest.raises(NotFoundError, match="best"):
        workbench.answer_map(read, VALUE, COST, deal="peace=treaty", order="bst", draws=1)
    with pytest.raises(ProblemError, match="no order"):
        workbench.answer_map(read, VALUE, COST, deal="status-quo", draws=1)
    with pytest.raises(ProblemError, match="points"):
        workbench.answer_map(read, VALUE, COST, points=1, draws=1)
