"""Folders with a case of the past."""

import re
import shutil
from pathlib import Path

import pytest

from servanda.errors import NotFoundError, ScenarioError
from servanda.files.past_cases import past_cases
from servanda.files.read import shipped

SEVEN = (
    "korea-1953",
    "sinai-1979",
    "oslo-1993",
    "dayton-1995",
    "northern-ireland-1998",
    "minsk-2015",
    "colombia-2016",
)


def copy(name: str, to: Path) -> Path:
    return Path(shutil.copytree(shipped()[name].parent, to / name))


def test_seven_cases_ship_by_their_day():
    assert tuple(one.name for one in past_cases()) == SEVEN


def test_nothing_in_a_scenario_is_later_than_its_day():
    for case in past_cases():
        day = case.scenario.as_of
        for source in case.scenario.sources.values():
            years = [int(year) for year in re.findall(r"\b[12]\d{3}\b", source.date)]
            assert years, source.title
            assert max(years) <= day.year, (case.name, source.title)


def test_judgement_is_coded_by_the_rules():
    """Plain numbers are left for what an agreement says itself; every judgement is a class."""
    from servanda.scenario.evidence import ledger

    for case in past_cases():
        plain = [one for one in ledger(case.scenario).numbers if not one.coded]
        allowed = ("value", "worth", "level", "noise", "threshold", "serves", "sets", "initiative")
        for one in plain:
            known = any(f".{part}" in f".{one.path}" for part in allowed)
            assert known or "months" in one.path, (case.name, one.path)


def test_a_folder_of_cases_and_a_case_alone(tmp_path: Path):
    copy("oslo-1993", tmp_path)
    copy("minsk-2015", tmp_path)
    (tmp_path / "notes").mkdir()
    assert [one.name for one in past_cases(tmp_path)] == ["oslo-1993", "minsk-2015"]
    assert [one.name for one in past_cases(tmp_path / "minsk-2015")] == ["minsk-2015"]


def test_all_complaints_at_once_with_their_places(tmp_path: Path):
    oslo, minsk = copy("oslo-1993", tmp_path), copy("minsk-2015", tmp_path)
    korea = copy("korea-1953", tmp_path)
    (korea / "outcome.yaml").unlink()
    text = (oslo / "outcome.yaml").read_text(encoding="utf-8")
    text = text.replace("carried-through: false", "carried-through: perhaps")
    text = text.replace("broke-at: further-redeployments", "broke-at: further-redeployment")
    (oslo / "outcome.yaml").write_text(text + "colour: blue\n", encoding="utf-8")
    plan = (minsk / "agreed.yaml").read_text(encoding="utf-8")
    (minsk / "agreed.yaml").write_text(plan.replace("- elections\n", ""), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        past_cases(tmp_path)
    found = {(one.file, one.path): one for one in error.value.complaints}
    said = found["oslo-1993/outcome.yaml", "carried-through"]
    assert (said.line, said.rule) == (3, "'perhaps' is not true or false.")
    assert found["oslo-1993/outcome.yaml", "broke-at"].nearest == "further-redeployments"
    assert "no such field 'colour'" in found["oslo-1993/outcome.yaml", "colour"].rule
    assert found["", "korea-1953"].rule.startswith("has no outcome.yaml")
    assert any(file == "minsk-2015/agreed.yaml" for file, _ in found)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_case_there(tmp_path: Path, name: str):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError):
        past_cases(tmp_path / name)
