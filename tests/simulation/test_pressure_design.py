"""Instruments of a mediator: what alone opens a deal is found, what lapses is told apart."""

from typing import Any

import pytest

from one_cause import SPOILT, scenario
from scenario_files import TEXT, write
from servanda import workbench
from servanda.errors import NotFoundError, ProblemError, ScenarioError
from servanda.results.pressure_design import PressureDesign
from servanda.scenario.model import Scenario

DRAWS = 8
GUARANTEE = {
    "guarantees": {
        "pact": {
            "name": "Pact",
            "by": "south",
            "protects": "north",
            "form": "assurance",
            "credibility": {"value": 0.5, "low": 0.4, "high": 0.6},
        }
    },
    "steps.sign.brings": ["pact"],
}
THREAT = {
    "pressure": {"embargo": {"by": "north", "on": "south", "changes": {"war.costs.south.now": 40}}}
}

SOUTH_WOULD_RATHER_FIGHT = {"issues.peace.options.treaty.value": {"north": 70, "south": 45}}
TREATY = "two-step-territory-and-guarantee"
DOUBTED = tuple(
    f"guarantees.treaty.credibility{part}.{end}={number}"
    for part in ("", ".believed.revisionist")
    for end, number in (("value", 0.1), ("low", 0.05), ("high", 0.4))
)


def designed(read: Scenario, **options: Any) -> PressureDesign:
    return workbench.pressure(read, draws=DRAWS, **options)


def alone(found: PressureDesign) -> dict[str, float]:
    return {one.instrument: one.alone.kept for one in found.additions}


def test_only_a_payment_opens_what_divides_unevenly() -> None:
    read = scenario({**SPOILT["stakes"], **GUARANTEE})
    found = designed(read, funds={"aid": (40.0, ("south",))})
    assert found.as_it_is.kept == 0.0
    assert alone(found) == {"fund:aid": 1.0, "guarantees:south": 0.0}
    assert found.additions[0].instrument == "fund:aid"
    assert found.best.levels == {"fund:aid": 0.75}  # 28 of the 40 points are enough
    assert found.best.inside == 1.0
    assert "Alone fund:aid adds most: +100 percentage points" in found.message
    too_little = designed(read, funds={"aid": (20.0, ("south",))})
    assert too_little.best.kept == 0.0
    assert "No mix" in too_little.message
    elsewhere = designed(read, funds={"aid": (40.0, ("north",))})
    assert elsewhere.best.kept == 0.0


def test_only_pressure_opens_what_one_who_cannot_fight_would_refuse() -> None:
    found = designed(scenario(SPOILT["pressure"]), funds={"aid": (5.0, ("south",))})
    assert alone(found) == {"pressure:sanctions": 1.0, "fund:aid": 0.0}
    assert (found.best.inside, found.best.outlasting, found.best.lapsing) == (0.0, 1.0, 0.0)
    (tool,) = [one for one in found.instruments if one.id == "pressure:sanctions"]
    assert (tool.by, tool.on, tool.lapses) == (("north",), ("patron",), 24)
    assert set(tool.burden) == {"patron"}
    assert tool.burden["patron"] > 2.0  # the deal is worth 2 points less to it than refusing


def test_only_a_guarantee_that_is_believed_holds_a_deal_together() -> None:
    read = workbench.read(TREATY, changes=DOUBTED)
    found = workbench.pressure(read, draws=40)
    shares = alone(found)
    assert found.as_it_is.kept < 0.9
    assert shares["guarantees:guarantor"] > found.as_it_is.kept + 0.2
    assert found.additions[0].instrument == "guarantees:guarantor"


def test_a_side_that_signs_under_pressure_alone_fights_again_when_it_lapses() -> None:
    found = designed(scenario({**SOUTH_WOULD_RATHER_FIGHT, **THREAT}))
    (threat,) = [one for one in found.additions if one.instrument == "pressure:embargo"]
    assert threat.alone.lapsing == 1.0
    assert threat.alone.kept == threat.gain == 0.0
    assert found.best.levels.keys() <= {"fund:payments"}
    assert "not kept once it lapses" in found.message


def test_a_budget_of_nothing_leaves_things_as_they_are() -> None:
    found = designed(scenario(SPOILT["pressure"]), budget=0.0)
    assert found.best == found.as_it_is == found.frontier[0]
    assert found.best.levels == {}
    assert found.best.effort == 0.0


def test_as_it_is_agrees_with_the_diagnosis(tmp_path) -> None:
    for read in (scenario(), workbench.read(write(tmp_path, TEXT))):
        found = workbench.pressure(read, draws=40)
        assert found.as_it_is.outlasting == found.as_it_is.lapsing == 0.0
        assert found.as_it_is.inside == pytest.approx(
            workbench.why(read, causes=["stakes", "commitment"], draws=40).as_it_is
        )


def test_more_effort_is_never_worse_and_the_best_is_within_the_budget() -> None:
    read = workbench.read(TREATY, changes=DOUBTED)
    found = workbench.pressure(read, draws=40)
    for less, more in zip(found.frontier, found.frontier[1:], strict=False):
        assert more.effort > less.effort
        assert (more.kept, more.inside) > (less.kept, less.inside)
    assert found.best == found.frontier[-1]
    for budget in (0.5, 1.0, 2.5):
        best = workbench.pressure(read, draws=40, budget=budget).best
        assert best.effort <= budget
        assert best == [mix for mix in found.frontier if mix.effort <= budget][-1]


def test_costs_given_are_what_a_mix_takes() -> None:
    read = scenario(SPOILT["pressure"])
    found = designed(read, costs={"pressure:sanctions": 7.0})
    (mix,) = [mix for mix in found.frontier if mix.levels == {"pressure:sanctions": 1.0}]
    assert mix.effort == 7.0
    assert designed(read, costs={"pressure:sanctions": 7.0}, budget=5.0).best.levels == {}


def test_threads_do_not_matter() -> None:
    read = scenario(SPOILT["pressure"])
    assert designed(read, threads=1) == designed(read, threads=2)


def test_instruments_asked_for_are_those_looked_at_and_a_wrong_one_is_named() -> None:
    read = scenario(SPOILT["pressure"])
    found = designed(read, instruments=["pressure:sanctions"])
    assert [one.id for one in found.instruments] == ["pressure:sanctions"]
    with pytest.raises(NotFoundError, match="pressure:sanctions"):
        designed(read, instruments=["pressure:sanction"])
    with pytest.raises(NotFoundError, match="patron"):
        designed(read, funds={"aid": (3.0, ("patrons",))})


def test_what_cannot_be_asked_is_said_at_once() -> None:
    with pytest.raises(ProblemError, match=r"budget.*aid"):
        designed(scenario(), budget=-1.0, funds={"aid": (-2.0, ())})
    with pytest.raises(ScenarioError):
        designed(workbench.read("well-by-rank"))
