"""Shares of variance of a scenario whose answer hangs on known numbers."""

import pytest

from one_cause import scenario
from servanda import workbench
from servanda.errors import NotFoundError, ProblemError
from servanda.simulation.sensitivity import DESIGNED, POINTS

TREATY = "issues.peace.options.treaty.value"
WIDE = {"value": 45, "low": 35, "high": 55, "shape": "normal", "sources": ["study"]}
STUDY = {
    "title": "A study",
    "publisher": "An institute",
    "date": "2026-01-01",
    "kind": "research",
    "certainty": "high",
}
CHANGES = {
    f"{TREATY}.north": WIDE,
    "sources": {"study": STUDY},
    "actors.south.failure-cost": {"value": 5, "low": 1, "high": 9},
}
"""The margin follows the treaty's value to the north; the south's failure cost does nothing."""


def test_the_number_that_carries_the_margin_is_found_by_both_ways() -> None:
    found = workbench.sensitivity(scenario(CHANGES), draws=300)
    first, *others = found.numbers
    assert (first.path, first.sources) == (f"{TREATY}.north", ("study",))
    assert (first.value, first.spread, first.grade) == (45.0, 10.0, "high")
    assert first.margin.value > 0.9
    assert {one.path for one in found.to_do} == {one.path for one in others}
    assert {one.grade for one in others} == {"none"}
    assert all(one.margin.value < 0.05 for one in others)
    assert found.order == "best"
    assert found.points == POINTS
    assert len(found.designed) == min(DESIGNED, len(found.numbers)) + 1
    designed = {one.path: one for one in found.designed}
    assert designed[first.path].first.value == pytest.approx(1.0, abs=0.05)
    assert designed[first.path].total.value == pytest.approx(1.0, abs=0.05)
    idle = designed["actors.south.failure-cost"]
    assert idle.first.value == pytest.approx(0.0, abs=1e-9)
    assert idle.total.value == pytest.approx(0.0, abs=1e-9)
    assert f"{TREATY}.north" in found.message


def test_threads_do_not_matter() -> None:
    read = scenario(CHANGES)
    one, two = (workbench.sensitivity(read, draws=60, threads=n) for n in (1, 2))
    assert one == two


def test_what_cannot_be_asked() -> None:
    with pytest.raises(NotFoundError, match="best"):
        workbench.sensitivity(scenario(CHANGES), order="bst", draws=40)
    with pytest.raises(ProblemError, match="at least 40"):
        workbench.sensitivity(scenario(CHANGES), draws=39)


def test_where_nothing_is_uncertain_nothing_varies() -> None:
    found = workbench.sensitivity(scenario({"war.costs.north": 6}), draws=40)
    assert (found.numbers, found.designed) == ((), ())
    assert "No number of the scenario" in found.message
