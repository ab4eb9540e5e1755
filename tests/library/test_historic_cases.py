"""The historic cases follow the coding rules, and the rules are used."""

import re
from pathlib import Path

import pytest

from servanda.files.past_cases import PastCase, past_cases
from servanda.files.read import coding_rules, read_scenario, shipped
from servanda.files.write import past_template
from servanda.scenario.evidence import ledger

CASES = past_cases()
UNUSED_GROUPS = {"turnover"}
"""Nothing in the rules says yet what another government would value."""
ELSEWHERE = {"noise"}
"""Used by the back-test for all cases alike."""

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def used(case: PastCase) -> set[str]:
    text = shipped()[case.name].read_text(encoding="utf-8")
    return set(re.findall(r"coded: ([a-z-]+\.[a-z0-9-]+)", text))


@each_case
def test_answers_run_from_the_worst_to_the_best(case: PastCase) -> None:
    for name, issue in case.scenario.issues.items():
        for actor in issue.weight:
            said = [one.value[actor].value for one in issue.options.values() if actor in one.value]
            assert (min(said), max(said)) == (0, 100), (name, actor)


@each_case
def test_weights_are_those_of_a_whole_ranking(case: PastCase) -> None:
    for actor in case.scenario.actors:
        ranks = [
            issue.weight[actor].coded
            for issue in case.scenario.issues.values()
            if actor in issue.weight
        ]
        if not ranks:
            continue
        words = ("first", "second", "third", "fourth")[: len(ranks)]
        whole = [f"weight.{word}-of-{len(ranks)}" for word in words]
        assert sorted(ranks) == (sorted(whole) if len(ranks) > 1 else ["weight.only"]), actor


@each_case
def test_what_has_no_class_is_the_same_everywhere(case: PastCase) -> None:
    war = case.scenario.war
    assert war is not None
    assert war.initiative.value == 0.5
    assert {one.months.value for one in war.rearmament.values()} == {24}
    assert {audience.noise.value for audience in case.scenario.audiences.values()} <= {0.06}


@each_case
def test_forces_and_prisoners_moved_are_not_undone_but_offices_are(case: PastCase) -> None:
    for name, step in case.scenario.steps.items():
        if step.moves:
            assert not step.reversible_by, name
    undone = [name for name, step in case.scenario.steps.items() if step.reversible_by]
    assert undone


@each_case
def test_names_read_well_in_sentences(case: PastCase) -> None:
    for actor in case.scenario.actors.values():
        assert " and " not in actor.name
        assert len(actor.name) <= 24


def test_every_class_is_used_or_its_group_is() -> None:
    groups = {name.split(".")[0] for name in coding_rules()}
    found = {name.split(".")[0] for case in CASES for name in used(case)}
    assert groups - found == UNUSED_GROUPS | ELSEWHERE
    assert {name for case in CASES for name in used(case)} <= set(coding_rules())


def test_the_page_speaks_of_every_group_of_the_rules(root: Path) -> None:
    page = (root / "docs" / "explanation" / "coding_rules.md").read_text(encoding="utf-8")
    groups = {name.split(".")[0] for name in coding_rules()}
    assert {group for group in groups if f"`{group}`" not in page} == set()


def test_rules_are_in_order() -> None:
    for name, one in coding_rules().items():
        if isinstance(one.number, dict) and "low" in one.number:
            low, value, high = (
                float(str(one.number[key]).split("%")[0]) for key in ("low", "value", "high")
            )
            assert low <= value <= high, name


def test_the_template_is_a_case(tmp_path: Path) -> None:
    for name, content in past_template("Two valleys").items():
        (tmp_path / name).write_bytes(content)
    (found,) = past_cases(tmp_path)
    assert found.scenario.title == "Two valleys"
    assert read_scenario(str(tmp_path)).as_of == found.scenario.as_of
    judged = [one for one in ledger(found.scenario).numbers if one.coded]
    assert len(judged) > 30
