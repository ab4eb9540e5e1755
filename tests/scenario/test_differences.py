"""Differences of two scenarios: named, of a kind, in groups that make a scenario alone."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_files import changed
from servanda.errors import NotFoundError
from servanda.scenario.build import build_scenario
from servanda.scenario.change_groups import change_groups, scenario_between
from servanda.scenario.differences import blend, differences, plain, said, sharing_sources
from servanda.scenario.model import Scenario
from servanda.scenario.variants import apply_changes

WEIGHTS = {"issues.land.weight.holder": 0.6, "issues.guarantee.weight.holder": 0.4}
CORRIDOR = {
    "issues.land.options.corridor": {"value": {"holder": 60, "rival": 30, "guarantor": 80}},
    "steps.open-corridor": {"by": ["holder"], "serves": ["land.corridor"], "months": 1},
}
OTHERWISE = {
    "guarantees.treaty.credibility": 0.9,
    "red-lines.guarantee-first.holds": 0.1,
    "red-lines.territory-first": None,
    "steps.leave-belt.months": 4,
    "title": "Another title",
    "parcels.belt.held-by": "rival",
}


def scenario(changes: dict[str, object] | None = None) -> Scenario:
    built, complaints = build_scenario(changed(changes or {}))
    assert built is not None, complaints
    assert not complaints
    return built


def every_set(count: int) -> list[frozenset[int]]:
    sizes = (combinations(range(count), size) for size in range(count + 1))
    return [frozenset(one) for one in chain.from_iterable(sizes)]


def groups_of(one: Scenario, other: Scenario, order: tuple[str, ...] = ()):
    raw = plain(one), plain(other)
    ready = sharing_sources(*raw), sharing_sources(raw[1], raw[0])
    moving = [found for found in differences(one, other) if found.moves_numbers]
    return ready, change_groups(*ready, moving, every_set, order)


def test_what_is_the_same_does_not_differ() -> None:
    assert differences(scenario(), scenario()) == ()
    assert build_scenario(plain(scenario()))[0] == scenario()


def test_everything_that_differs_is_named_with_its_kind_and_unit() -> None:
    found = {one.path: one for one in differences(scenario(), scenario(OTHERWISE))}
    assert {path: one.kind for path, one in found.items()} == {
        "title": "wording",
        "parcels.belt.held-by": "land",
        "red-lines.guarantee-first.holds": "red line",
        "red-lines.territory-first": "red line",
        "steps.leave-belt.months": "step",
        "guarantees.treaty.credibility": "number",
    }
    credibility = found["guarantees.treaty.credibility"]
    assert credibility.unit == "a share between 0 and 1"
    assert said(credibility.old) == "0.5 (0.3 to 0.7); rival: 0.3"
    assert said(credibility.new) == "0.9"
    assert credibility.sources(credibility.old) == ("survey",)
    assert said(found["red-lines.territory-first"].new) == "not there"
    assert [one for one in found if not found[one].moves_numbers] == ["title"]


def test_a_note_or_a_source_alone_moves_no_number() -> None:
    noted = {"value": 0.5, "low": 0.3, "high": 0.7, "believed": {"rival": 0.3}, "note": "why"}
    (one,) = differences(scenario(), scenario({"guarantees.treaty.credibility": noted}))
    assert one.kind == "wording"


def test_all_differences_taken_over_give_the_other_scenario() -> None:
    one, other = scenario(), scenario({**OTHERWISE, **WEIGHTS, **CORRIDOR})
    assert build_scenario(blend(plain(one), plain(other), differences(one, other)))[0] == other
    assert build_scenario(blend(plain(other), plain(one), differences(other, one)))[0] == one
    assert build_scenario(blend(plain(one), plain(other), []))[0] == one


@pytest.mark.parametrize("together", [WEIGHTS, CORRIDOR])
def test_what_only_works_together_is_one_change(together: dict[str, object]) -> None:
    raw, (groups, grouped) = groups_of(scenario(), scenario({**OTHERWISE, **together}))
    assert grouped == ""
    paths = [{one.path for one in group.differences} for group in groups]
    assert set(together) in paths
    assert len(groups) == 6
    for team in every_set(len(groups)):
        assert scenario_between(*raw, [groups[one] for one in team])


def test_a_new_number_may_cite_a_new_source() -> None:
    source = {
        "title": "A study",
        "publisher": "A centre",
        "date": "2026",
        "kind": "research",
        "certainty": "low",
    }
    cited = {"value": 0.9, "sources": ["study"]}
    other = scenario({"sources.study": source, "guarantees.treaty.credibility": cited})
    raw, (groups, _) = groups_of(scenario(), other)
    assert [group.label for group in groups] == ["guarantees.treaty.credibility"]
    assert scenario_between(*raw, groups).guarantees == other.guarantees


def test_the_order_asked_for_comes_first_and_a_wrong_one_is_named() -> None:
    _, (groups, _) = groups_of(scenario(), scenario(OTHERWISE), ("steps", "red-lines"))
    assert [group.label for group in groups][:3] == [
        "steps.leave-belt.months",
        "red-lines.guarantee-first.holds",
        "red-lines.territory-first",
    ]
    with pytest.raises(NotFoundError, match="guarantees"):
        groups_of(scenario(), scenario(OTHERWISE), ("guarantee",))


def test_many_differences_are_taken_together_by_entry() -> None:
    paths = [
        f"parcels.{one}.worth.{who}" for one in ("belt", "plain") for who in ("holder", "rival")
    ]
    paths += [f"war.costs.{who}.now" for who in ("holder", "rival")]
    paths += [
        f"war.imposed.{one}.{who}" for one in ("holder", "rival") for who in ("holder", "rival")
    ]
    paths += ["war.strength.rival", "fronts.axis.tempo", "guarantees.treaty.adds-strength"]
    raw, complaints = apply_changes(changed({}), [f"{path}=0.5" for path in paths])
    assert not complaints
    other, complaints = build_scenario(raw)
    assert other is not None
    assert not complaints
    _, (groups, grouped) = groups_of(scenario(), other)
    assert grouped == "entry"
    assert {group.label for group in groups} == {
        *("parcels.belt", "parcels.plain", "fronts.axis.tempo"),
        *("guarantees.treaty.adds-strength", "war.costs", "war.imposed", "war.strength.rival"),
    }


@settings(max_examples=25)
@given(st.sets(st.sampled_from(sorted(OTHERWISE))), st.booleans())
def test_whatever_differs_taking_it_over_gives_the_other(paths: set[str], more: bool) -> None:
    one = scenario()
    other = scenario({path: OTHERWISE[path] for path in paths} | (CORRIDOR if more else {}))
    found = differences(one, other)
    assert {path.path for path in found} == paths | (set(CORRIDOR) if more else set())
    assert build_scenario(blend(plain(one), plain(other), found))[0] == other
