"""What would have to be true, where that is known: windows, closed forms, contradictions."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from one_cause import SPOILT, scenario
from servanda import workbench
from servanda.errors import NotFoundError, ScenarioError
from servanda.results.inverse import Inverse
from servanda.simulation.reversals import reversals

TWO_STEP = "two-step-territory-and-guarantee"
BOTH = "land=handed-over,guarantee=treaty"
VALUE = "issues.peace.options.treaty.value"
LOW = {"value": 45, "low": 35, "high": 55, "shape": "normal"}
TREATY = "peace=treaty"


def needs(changes: dict, deal: str = TREATY, draws: int = 20, **asked) -> Inverse:
    return workbench.inverse(scenario(changes), deal=deal, draws=draws, **asked)


def reservations(changes: dict) -> list[float]:
    found = workbench.analyse(scenario(changes), draws=2).reservations
    return [one.value.central for one in found]


def value_needed(worth: float) -> float:
    """Of the treaty, to a side that holds one parcel: a month of fighting on, then the treaty."""
    discount = 1.05 ** (-1.0 / 12.0)
    return (worth - (1.0 - discount) * (50.0 + 1.0 - 6.0)) / discount - 1.0


def test_the_credibility_needed_is_the_bound_of_the_guarantees_window() -> None:
    read = workbench.read(TWO_STEP, variant="no-promise")
    found = workbench.inverse(read, deal=BOTH, order="guarantee-first", draws=5)
    order = workbench.order(read, package=BOTH, compare=["guarantee-first"], draws=5).order
    assert order is not None
    (window,) = order.windows
    ((low, _),) = window.intervals
    assert low > 0.05
    needed = {one.moves[0].path: one.moves[0] for one in found.alone}
    assert needed["guarantees.treaty.credibility"].to == pytest.approx(low, abs=1e-4)
    assert [one.id for one in found.failing] == ["kept:revisionist"]


def test_a_deal_that_is_kept_needs_no_change() -> None:
    found = workbench.inverse(workbench.read(TWO_STEP), deal=BOTH, draws=5)
    assert (found.failing, found.in_the_way, found.alone) == ((), (), ())
    assert (found.joint, found.within, found.short) == (None, None, ())
    assert found.order == "best"
    assert "no change is needed" in found.message


def test_the_value_needed_is_what_fighting_on_is_worth() -> None:
    """North signs once the treaty, and the hill it holds, are worth its reservation value."""
    found = needs({f"{VALUE}.north": LOW}, draws=400)
    worth = value_needed(reservations({f"{VALUE}.north": LOW})[0])
    needed = {one.moves[0].path: one for one in found.alone}[f"{VALUE}.north"]
    (move,) = needed.moves
    assert move.to == pytest.approx(worth, abs=1e-3)
    assert (move.start, move.who, move.low, move.high) == (45.0, ("north",), 35.0, 55.0)
    assert move.spreads == pytest.approx((worth - 45.0) / 10.0, abs=1e-4)
    assert found.alone[0].share is not None
    sigma = 10.0 / stats.norm.ppf(0.95)
    shares = {one.moves[0].path: one.share for one in found.alone}
    assert found.share == pytest.approx(stats.norm.sf((worth - 45.0) / sigma), abs=0.08)
    if shares[f"{VALUE}.north"] is not None:  # moved to the edge, half of the draws are beyond it
        assert shares[f"{VALUE}.north"] == pytest.approx(0.5, abs=0.08)
    (signs,) = [one for one in found.conditions if one.id == "signs:north"]
    discount = 1.05 ** (-1.0 / 12.0)
    assert signs.parts["at signature"] == pytest.approx(discount * (45.0 - worth), abs=1e-6)


def test_two_that_fall_short_each_need_their_own_number() -> None:
    changes = {f"{VALUE}.north": LOW, f"{VALUE}.south": LOW}
    found = needs(changes)
    assert {"signs:north", "signs:south"} <= {one.id for one in found.failing}
    first, second = reservations(changes)
    for side, worth in (("north", first), ("south", second)):
        move = {one.path: one for one in found.each[f"signs:{side}"]}[f"{VALUE}.{side}"]
        assert move.to == pytest.approx(value_needed(worth), abs=1e-3)
    assert found.within is not None
    assert found.within.inside


@pytest.mark.parametrize("changes", [{f"{VALUE}.north": LOW, f"{VALUE}.south": LOW}])
def test_what_was_found_holds_in_a_scenario_that_says_so(changes) -> None:
    found = needs(changes)
    answers = [found.alone[0] if found.alone else found.joint, found.within]
    for answer in answers:
        assert answer is not None
        said = dict(changes)
        for move in answer.moves:
            said[move.path] = {"value": move.to} | (
                {"low": 35, "high": 55} if move.path in changes else {}
            )
        assert needs(said).failing == ()


def test_a_contradiction_names_the_statement() -> None:
    found = needs(SPOILT["red-lines:north"])
    assert (found.failing, found.joint) == ((), None)
    (line,) = found.in_the_way
    assert (line.kind, line.id, line.by, line.chance) == ("red-line", "never", "north", 1.0)
    assert "never (“No treaty”, held with probability 100 %)" in found.message
    assert found.share == 0.0
    assert found.share_without > 0.9


def test_a_line_that_may_be_one_stands_only_if_it_is_likely() -> None:
    line = {"by": "north", "says": "No treaty.", "never": ["peace.treaty"], "holds": 0.3}
    found = needs({"red-lines": {"never": line}}, draws=400)
    assert found.in_the_way == ()
    assert [one.id for one in found.statements] == ["never"]
    assert found.share == pytest.approx(0.7, abs=0.06)
    assert found.share_without == found.share


def test_an_audience_that_would_refuse_is_a_condition_of_its_own() -> None:
    changes = SPOILT["gate:assembly"]
    assembly = {
        **changes["audiences"]["assembly"],
        "baseline": {"value": -3, "low": -4, "high": -2},
    }
    found = needs({**changes, "audiences": {"assembly": assembly}})
    gate = {one.id: one for one in found.conditions}["ratified:assembly"]
    logit = -3.0
    assert gate.margin == pytest.approx(100.0 * (1.0 / (1.0 + np.exp(-logit)) - 0.5), abs=1e-6)
    needed = {one.path: one for one in found.each["ratified:assembly"]}
    assert needed["audiences.assembly.baseline"].to == pytest.approx(0.0, abs=1e-3)
    assert "signs:north" in {one.id for one in found.failing}


def test_an_order_there_is_not_is_a_statement_and_a_wrong_name_an_error() -> None:
    read = workbench.read(TWO_STEP)
    deal = "land=handed-over,guarantee=none"
    found = workbench.inverse(read, deal=deal, order="both-at-once", draws=2)
    assert [(one.kind, one.id) for one in found.in_the_way] == [("order", "both-at-once")]
    assert found.share == 0.0
    with pytest.raises(NotFoundError, match="territory-first"):
        workbench.inverse(read, deal=BOTH, order="teritory-first", draws=2)
    with pytest.raises(ScenarioError, match="handed-over"):
        workbench.inverse(read, deal="land=handed-ovr,guarantee=none", draws=2)


def test_a_deal_without_steps_is_broken_by_fighting_on_alone() -> None:
    found = workbench.inverse(workbench.read(TWO_STEP), deal="status-quo", draws=2)
    kept = {one.who: one for one in found.conditions if one.kind == "kept"}
    assert set(kept) == {"holder", "revisionist"}
    assert all(one.link is None for one in kept.values())
    assert found.order == ""


def test_a_plan_is_an_order(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "servanda-plan: 1\ntitle: Land first\npackage: {land: handed-over, guarantee: treaty}\n"
        "stages:\n- hand-over\n- guarantee-in-force\n",
        encoding="utf-8",
    )
    read = workbench.read(TWO_STEP)
    found = workbench.inverse(read, plan=plan, draws=2)
    named = workbench.inverse(read, deal=BOTH, order="territory-first", draws=2)
    assert found.order == "plan-1"
    assert found.steps == named.steps == (("hand-over",), ("guarantee-in-force",))
    assert found.conditions == named.conditions
    assert found.alone == named.alone


def test_threads_do_not_matter() -> None:
    read = scenario({f"{VALUE}.north": LOW, f"{VALUE}.south": LOW})
    one, two = (workbench.inverse(read, deal=TREATY, draws=20, threads=n) for n in (1, 2))
    assert one == two


def test_an_answer_that_must_be_liked_better_than_another_says_so() -> None:
    """The north likes a truce better than the treaty; that turns round before it signs."""
    truce = {"value": {"north": 47, "south": 50}}
    changes = {
        f"{VALUE}.north": LOW,
        "issues.peace.options.truce": truce,
        "steps.sign.serves": ["peace.treaty", "peace.truce"],
    }
    found = needs(changes)
    move = {one.moves[0].path: one.moves[0] for one in found.alone}[f"{VALUE}.north"]
    assert 47.0 < move.to < 50.0
    assert move.reverses == ("truce > treaty",)


def test_orderings_turned_round_are_those_passed_on_the_way() -> None:
    read = workbench.read(TWO_STEP)
    path = "issues.land.options.handed-over.value.revisionist"
    assert reversals(read, path, 30.0) == ()
    assert reversals(read, path, -1.0) == ("handed-over > line-as-it-is",)
    assert reversals(read, "issues.land.weight.revisionist", 0.1) == ()
    assert reversals(read, "issues.guarantee.options.treaty.value.guarantor", 150.0) == (
        "none > treaty",
    )
    assert reversals(read, "war.initiative", 0.9) == ()
