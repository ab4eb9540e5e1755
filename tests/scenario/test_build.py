"""All complaints come at once, each once, in plain words; nothing ends in a traceback."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_files import RAW, changed
from servanda.scenario.build import build_scenario
from servanda.scenario.model import Scenario


def paths(raw) -> list[str]:
    return sorted(complaint.path for complaint in build_scenario(raw)[1])


def test_structure_and_rules_are_complained_about_in_one_go() -> None:
    raw = changed(
        {
            "title": None,
            "actors.holder.name": None,
            "actors.rival.namee": "Rival",
            "steps.leave-belt.months": "two",
            "steps.leave-belt.moves.belt": "rivl",
            "issues.land.weight.holder": 0.4,
        }
    )
    assert paths(raw) == [
        "actors.holder.name",
        "actors.rival.namee",
        "issues.land.weight.holder",
        "steps.leave-belt.months",
        "steps.leave-belt.moves.belt",
        "title",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"actors.rival": 5},
        {"actors.guarantor.role": None},
        {"parcels": []},
        {"issues.land.weight.holder": "half"},
        {"guarantees.treaty": "none"},
        {"war.strength": None},
        {"war.exhaustion": "none"},
        {"steps.leave-belt.serves": 3},
        {"steps.leave-belt": []},
        {"sources": "none"},
        {"parcels.belt.at.1": "north"},
        {"fronts.axis.parcels.0": 5},
        {"red-lines.no-land-without-guarantee.never.0": 5},
        {"red-lines.no-land-without-guarantee.never.0": "Land"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_one_mistake_brings_one_complaint(changes: dict[str, object]) -> None:
    assert paths(changed(changes)) == list(changes)


def test_a_field_that_is_not_known_brings_the_nearest() -> None:
    _, complaints = build_scenario(changed({"guarantees.treaty.credibilty": 0.4}))
    assert str(complaints[0]) == (
        "guarantees.treaty.credibilty: no such field 'credibilty'. Did you mean 'credibility'?"
    )
    _, complaints = build_scenario(changed({"war.costs.rival.driftt": 0.4}))
    assert complaints[0].nearest == "drift"
    _, complaints = build_scenario(changed({"guarantees.treaty.xyz": 0.4}))
    assert "Fields here: name, by, protects" in complaints[0].rule


def test_a_missing_field_is_explained_by_its_own_words() -> None:
    _, complaints = build_scenario(changed({"guarantees.treaty.protects": None}))
    assert str(complaints[0]) == (
        "guarantees.treaty.protects: is missing. The belligerent it protects."
    )


def test_a_name_with_capital_letters_is_refused_where_it_stands() -> None:
    raw = changed({"actors.Ally": RAW["actors"]["guarantor"]})
    assert paths(raw) == ["actors.Ally"]


def test_building_does_not_change_what_was_given() -> None:
    raw = changed({"title": None, "actors.rival.namee": "x"})
    before = deepcopy(raw)
    build_scenario(raw)
    assert raw == before


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["5%/year", "1%/month", "-3%", "land.handed-over", "tag.territory", "holder"]),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=3),
    st.dictionaries(st.text(max_size=8), st.one_of(st.integers(), st.text(max_size=5)), max_size=3),
)


def places(node, path=()):
    """Every place of a tree."""
    yield path
    if isinstance(node, (dict, list)):
        for key, item in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(item, (*path, key))


PLACES = [path for path in places(RAW) if path]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.booleans(), VALUES), min_size=1, max_size=4))
def test_random_mutations_never_give_a_traceback(mutations) -> None:
    raw = deepcopy(RAW)
    for path, remove, value in mutations:
        node = raw
        try:
            for key in path[:-1]:
                node = node[key]
            if remove:
                del node[path[-1]]
            else:
                node[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took this place away
    scenario, complaints = build_scenario(raw)
    assert isinstance(scenario, Scenario) or complaints
    assert all(str(complaint) for complaint in complaints)
