"""A result that was saved is the same result when it is loaded, without computing anything."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from brief.answers import sample_answers
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
    path = save_result(analysis, tmp_path / "result.npz")
    loaded = load_result(path)
    assert type(loaded) is type(analysis)
    assert loaded.to_dict() == analysis.to_dict()
    assert workbench.brief(loaded, scenario) == workbench.brief(analysis, scenario)
    again = save_result(loaded, tmp_path / "again.npz")
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("question", sample_answers())
def test_answers_to_further_questions_come_back_as_they_were(question, tmp_path: Path) -> None:
    answer = sample_answers()[question]
    loaded = load_result(save_result(answer, tmp_path / "answer.npz"))
    assert type(loaded) is type(answer)
    assert loaded.to_dict() == answer.to_dict()


def test_arrays_of_a_loaded_result_are_frozen(tmp_path: Path, analysis) -> None:
    loaded = load_result(save_result(analysis.war[0].outlook, tmp_path / "war.npz"))
    assert loaded.line.shape == analysis.war[0].outlook.line.shape
    with pytest.raises(ValueError, match="read-only"):
        loaded.value[0] = 1.0


def test_every_kind_names_a_class_and_the_file_says_its_kind(tmp_path: Path, analysis) -> None:
    with np.load(save_result(analysis, tmp_path / "a.npz"), allow_pickle=False) as stored:
        header = json.loads(stored["header"].tobytes())
    assert (header["servanda-result"], header["kind"]) == (1, "analysis")
    assert "analysis" in KINDS
    with pytest.raises(NotFoundError, match="kind of result"):
        save_result({"a": 1}, tmp_path / "b.npz")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("[1]", "not a result saved by Servanda"),
        ('{"servanda-result": 2, "kind": "plan"}', "this version reads format 1"),
        ('{"servanda-result": 1, "kind": "os:system"}', "kind 'os:system'"),
        ('{"servanda-result": 1, "kind": "plan", "content": 3}', "does not fit"),
        ('{"servanda-result": 1, "kind": "plan", "content": {"evil": 3}}', "has no evil"),
        ('{"servanda-result": 1, "kind": "plan", "content": {}}', "does not fit"),
    ],
)
def test_what_is_no_result_is_said(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, header=np.frombuffer(text.encode(), np.uint8))
    with pytest.raises(ResultError, match=words):
        load_result(path)


def test_what_is_no_archive_or_hides_objects_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.npz"
    text.write_text("not an archive", encoding="utf-8")
    with pytest.raises(ResultError, match="not readable as a saved result"):
        load_result(text)
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, header=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ResultError, match="cannot be read"):
        load_result(pickled)
    other = tmp_path / "other.npz"
    np.savez(other, values=np.zeros(3))
    with pytest.raises(ResultError, match="not a result saved by Servanda"):
        load_result(other)


def test_a_file_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path, monkeypatch) -> None:
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.npy", b"0" * 200_000)
    monkeypatch.setattr("servanda.files.results.MAX_BYTES", 100_000)
    with pytest.raises(ResultError, match="unpacks to more than"):
        load_result(bomb)


def test_a_result_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        load_result(tmp_path / "x.npz")
