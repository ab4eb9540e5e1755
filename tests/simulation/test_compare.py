"""Two scenarios compared: nothing from nothing, parts that add up, the same both ways."""

from typing import Any

import pytest

from one_cause import SPOILT, scenario
from scenario_files import TEXT, write
from servanda import workbench
from servanda.errors import NotFoundError, ProblemError, ScenarioError
from servanda.results.comparison import Comparison
from servanda.scenario.build import build_scenario
from servanda.scenario.differences import plain

DRAWS = 20
CREDIBILITY, COST = "guarantees.treaty.credibility=0.8", "war.costs.holder=13"
LINE, GAIN = "red-lines.guarantee-first.holds=0", "steps.demilitarise-belt.gain.rival=40"
FOUR = (CREDIBILITY, COST, LINE, GAIN)


@pytest.fixture(scope="module")
def uplands(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(tmp_path_factory.mktemp("compare"), TEXT)


def compared(name: str, changes: tuple[str, ...], **options: Any) -> Comparison:
    one, other = workbench.read(name), workbench.read(name, changes=changes)
    return workbench.compare(one, other, draws=DRAWS, **options)


@pytest.fixture(scope="module")
def four(uplands: str) -> Comparison:
    return compared(uplands, FOUR)


def test_scenarios_without_a_common_actor_are_not_compared(uplands: str) -> None:
    with pytest.raises(ProblemError, match="no actor in common"):
        workbench.compare(workbench.read(uplands), workbench.read("fearon-1995-pie"), draws=DRAWS)


def test_a_scenario_does_not_differ_from_itself(uplands: str) -> None:
    found = compared(uplands, ())
    assert found.differences == found.changes == ()
    assert {effects.total for effects in found.effects} == {0.0}
    assert {effects.error for effects in found.effects} == {0.0}
    assert {deal.fate for deal in found.deals} == {"the same"}
    assert found.at_centre is not None
    assert (found.at_centre.died, found.at_centre.born) == (0, 0)
    assert found.bring_back is None
    assert found.before.orders == found.after.orders
    assert found.message.startswith("Nothing differs.")


def test_of_one_change_step_part_and_total_are_the_same(uplands: str) -> None:
    found = compared(uplands, (COST,))
    assert [change.label for change in found.changes] == ["war.costs.holder.now"]
    assert any(effects.total for effects in found.effects)
    for effects in found.effects:
        assert effects.steps == pytest.approx((effects.total,))
        assert effects.shares == pytest.approx((effects.total,))
        assert effects.step_errors == pytest.approx((effects.error,))


def test_parts_and_steps_add_up_to_the_whole(four: Comparison) -> None:
    assert len(four.changes) == 4
    assert four.exact
    assert four.sets == 16
    assert abs(four.kept.total) > 0.1
    for effects in four.effects:
        assert sum(effects.shares) == pytest.approx(effects.total)
        assert effects.reached[-1] == pytest.approx(effects.after)


def test_the_other_way_round_every_part_changes_its_sign(uplands: str, four: Comparison) -> None:
    one, other = workbench.read(uplands, changes=FOUR), workbench.read(uplands)
    back = workbench.compare(one, other, draws=DRAWS)
    there = {change.label: n for n, change in enumerate(four.changes)}
    for effects, before in zip(back.effects, four.effects, strict=True):
        assert effects.total == pytest.approx(-before.total)
        for n, change in enumerate(back.changes):
            assert effects.shares[n] == pytest.approx(-before.shares[there[change.label]])
    fates = {"died": "born", "born": "died", "rarer": "likelier", "likelier": "rarer"}
    turned = {tuple(deal.options.items()): fates.get(deal.fate, deal.fate) for deal in back.deals}
    assert turned == {tuple(deal.options.items()): deal.fate for deal in four.deals}


def test_a_step_asked_for_first_comes_first_and_the_end_is_the_same(
    uplands: str, four: Comparison
) -> None:
    found = compared(uplands, FOUR, order=["war", "steps"])
    assert [change.label for change in found.changes][:2] == [
        "war.costs.holder.now",
        "steps.demilitarise-belt.gain.rival",
    ]
    assert found.kept.total == four.kept.total
    parts = dict(zip([change.label for change in four.changes], four.kept.shares, strict=True))
    for change, share in zip(found.changes, found.kept.shares, strict=True):
        assert share == pytest.approx(parts[change.label])
    with pytest.raises(NotFoundError):
        compared(uplands, FOUR, order=["wars"])


def test_threads_do_not_matter(uplands: str, four: Comparison) -> None:
    assert compared(uplands, FOUR, threads=1) == four


def test_ends_are_the_scenarios_themselves(uplands: str, four: Comparison) -> None:
    """Each scenario's own share is that of the same deals in it, however it is reached."""
    for side, share in ((four.before, four.kept.before), (four.after, four.kept.after)):
        assert side.gates[-1].empty == pytest.approx(1 - share)
    brief = workbench.analyse(workbench.read(uplands), draws=DRAWS)
    for reservation in brief.reservations:
        assert four.before.fighting_on[reservation.actor] == reservation.value
    for order in four.before.orders:
        if four.compared == brief.focus.deal.options:
            named = next(one for one in brief.orders if one.id == order.id)
            assert order.margin == named.margin
            assert order.windows == named.windows
            if named.broken:
                first = named.broken[0]
                assert order.broken_by == first.at_centre.constraint.actor
                assert order.broken == first.share


@pytest.mark.parametrize(
    ("cause", "gate"),
    [
        ("red-lines:north", "red-lines"),
        ("stakes", "individual-rationality"),
        ("gate:assembly", "ratification"),
        ("commitment", "implementable"),
    ],
)
def test_a_deal_dies_at_the_gate_that_was_closed_and_undoing_that_restores_it(
    cause: str, gate: str
) -> None:
    found = workbench.compare(scenario(), scenario(SPOILT[cause]), draws=8)
    (died,) = found.with_fate("died")
    assert died.options == {"peace": "treaty"}
    assert (died.before, died.after, died.gate, died.gate_share) == (1.0, 0.0, gate, 1.0)
    back = found.bring_back
    assert back is not None
    assert back.restored
    assert back.tried[0].share == 1.0
    undone = {one.path: one.share for one in back.tried if one.undone}
    if len(found.changes) == 1:
        assert undone == {found.changes[0].label: 1.0}
    assert "1 died (kept in no draw any more) and 0 were born" in found.message


def test_a_red_line_that_is_new_can_be_undone_or_not_held() -> None:
    found = workbench.compare(scenario(), scenario(SPOILT["red-lines:north"]), draws=8)
    assert found.bring_back is not None
    restoring = {one.path for one in found.bring_back.tried if one.share == 1.0}
    assert restoring == {"red-lines.never", "red-lines.never.holds"}


def test_an_answer_with_its_step_is_one_change_and_its_deal_is_born() -> None:
    raw = plain(scenario())
    raw["issues"]["peace"]["options"]["truce"] = {"value": {"north": 70, "south": 70}}
    raw["steps"]["stop"] = {
        "by": ["north", "south"],
        "serves": ["peace.truce"],
        "months": 1,
        "ceasefire": True,
    }
    other, complaints = build_scenario(raw)
    assert other is not None
    assert not complaints
    found = workbench.compare(scenario(), other, draws=8)
    assert [set(change.paths) for change in found.changes] == [
        {"issues.peace.options.truce", "steps.stop"}
    ]
    born = {deal.options["peace"]: deal.gate for deal in found.with_fate("born")}
    assert born == {"truce": "missing"}
    assert found.at_centre is not None
    assert found.at_centre.born == 1


def test_more_changes_than_sets_can_be_computed_are_sampled(uplands: str) -> None:
    more = ("war.costs.rival.now=5", "fronts.axis.tempo=0.1", "parcels.plain.worth.rival=9")
    found = compared(uplands, (*FOUR, *more))
    assert not found.exact
    assert len(found.changes) == 7
    for effects in found.effects:
        assert sum(effects.shares) == pytest.approx(effects.total)


def test_without_a_war_there_is_nothing_to_weigh_deals_against() -> None:
    with pytest.raises(ScenarioError):
        workbench.compare(workbench.read("well-by-rank"), scenario(), draws=8)
