"""A result that was saved is the same result when it is loaded, without computing anything."""

import json
from pathlib import Path

import pytest

from servanda import workbench
from servanda.errors import NotFoundError, ResultError
from servanda.files.results import KINDS, load_result, save_result

CASE = "two-step-territory-and-guarantee"


@pytest.fixture(scope="module")
def scenario():
    return workbench.read(CASE)


@pytest.fixture(scope="module")
def analysis(scenario):
    return workbench.analyse(scenario, draws=8, seed=3)


def test_an_analysis_comes_back_as_it_was(tmp_path: Path, scenario, analysis) -> None:
    path = save_result(analysis, tmp_path / "result.json")
    loaded = load_result(path)
    assert type(loaded) is type(analysis)
    assert loaded.to_dict() == analysis.to_dict()
    assert workbench.brief(loaded, scenario) == workbench.brief(analysis, scenario)
    again = save_result(loaded, tmp_path / "again.json")
    assert again.read_bytes() == path.read_bytes()


def test_arrays_of_a_loaded_result_are_frozen(tmp_path: Path, analysis) -> None:
    loaded = load_result(save_result(analysis.war[0].outlook, tmp_path / "war.json"))
    assert loaded.line.shape == analysis.war[0].outlook.line.shape
    with pytest.raises(ValueError, match="read-only"):
        loaded.value[0] = 1.0


def test_every_kind_names_a_class_and_the_file_says_its_kind(tmp_path: Path, analysis) -> None:
    header = json.loads(save_result(analysis, tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (header["servanda-result"], header["kind"]) == (1, "analysis")
    assert "analysis" in KINDS
    with pytest.raises(NotFoundError, match="kind of result"):
        save_result({"a": 1}, tmp_path / "b.json")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not readable as JSON"),
        ("[" * 100_000, "not readable as JSON"),
        ("[1]", "not a result saved by Servanda"),
        ('{"servanda-result": 2, "kind": "plan"}', "this version reads format 1"),
        ('{"servanda-result": 1, "kind": "os:system"}', "kind 'os:system'"),
        ('{"servanda-result": 1, "kind": "plan", "content": 3}', "does not fit"),
        ('{"servanda-result": 1, "kind": "plan", "content": {"evil": 3}}', "has no evil"),
        ('{"servanda-result": 1, "kind": "plan", "content": {}}', "does not fit"),
    ],
)
def test_what_is_no_result_is_said(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ResultError, match=words):
        load_result(path)


def test_a_result_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        load_result(tmp_path / "x.json")
