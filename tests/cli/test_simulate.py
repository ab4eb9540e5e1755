"""`servanda simulate`: the page, JSON, tables, charts, runs that go on, and bad input."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from servanda.cli.main import run

SCENARIO = "two-step-territory-and-guarantee"
FEW = ["--histories", "600", "--policies", "3", "--years", "2", "--quiet"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with policies."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    assert run(["simulate", SCENARIO, *FEW, "--run", str(folder)]) == 0
    return folder


def test_page_and_json_say_the_same(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", SCENARIO, *FEW, "--run", str(kept)]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert run(["simulate", SCENARIO, *FEW, "--run", str(kept), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    peace = said["summary"]["peace_at"]["2"]
    assert f"{100 * peace['share']:.0f}" in page.split("histories (")[0].replace("\u00a0", " ")
    assert "Under these assumptions, a signed peace that stands 2 years from now" in page
    assert "A typical history in which peace is kept" in page
    assert "January 2008 the peace stands" in page  # two years from the scenario's date
    assert page.endswith("not a forecast.")
    assert said["summary"]["histories"] == 600
    assert sum(said["summary"]["outcomes"]["share"]) == pytest.approx(1.0)
    written = json.loads((kept / "summary.json").read_text())
    assert written == said


def test_every_history_is_a_row(kept: Path, tmp_path: Path) -> None:
    table = tmp_path / "histories.csv"
    assert run(["simulate", SCENARIO, *FEW, "--run", str(kept), "--table", str(table)]) == 0
    rows = list(csv.DictReader(table.read_text().splitlines()))
    said = json.loads((kept / "summary.json").read_text())
    assert len(rows) == 600
    assert {row["policy"] for row in rows} == {"0", "1", "2"}
    share = sum(row["outcome"] == "kept" for row in rows) / 600
    assert share == pytest.approx(said["summary"]["in_peace"]["share"][-1])
    assert {row["by"] for row in rows} <= {"", "holder", "revisionist", "guarantor"}


def test_charts_are_written(kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "charts"
    asked = ["simulate", SCENARIO, *FEW, "--run", str(kept), "--charts", str(folder)]
    assert run([*asked, "--format", "html"]) == 0
    names = {path.name for path in folder.iterdir()}
    assert {f"{SCENARIO}-{one}.html" for one in ("kept-peace", "front-fan")} <= names


def test_a_stopped_run_goes_on_with_the_same_answer(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(kept, folder)
    for chunk in sorted((folder / "chunks").glob("policies-*"))[-1:]:
        chunk.write_bytes(chunk.read_bytes()[:100])  # cut short, as by a full disk
    capsys.readouterr()
    assert run(["resume", str(folder), "--quiet", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == json.loads((kept / "summary.json").read_text())
    assert "and is computed again" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--years", "0"], "'0' is not from 1 to 50"),
        (["--seed", "seven"], "'seven' is not a whole number"),
        (["--seed", "-1"], "'-1' is not from 0"),
        (["--histories", "2", "--policies", "3"], "at least one for each of the 3 policies"),
        (["--table", "histories.xlsx"], "a table ends in .csv or .parquet"),
        (["--table", "nowhere/histories.csv"], "there is no folder"),
        (["--on", "carrier-pigeon"], "carrier-pigeon"),
    ],
)
def test_bad_input_is_said_and_nothing_is_written(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    assert run(["simulate", SCENARIO, *FEW, "--run", str(folder), *arguments]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not folder.exists() or not list((folder / "chunks").glob("policies-*"))


def test_the_folder_of_another_run_is_left_alone(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    for other in (["fearon-1995-pie", *FEW], [SCENARIO, *FEW, "--policy-seed", "2"]):
        assert run(["simulate", *other, "--run", str(kept)]) == 2
        assert "is another run" in capsys.readouterr().err
    after = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    assert {path: after[path] for path in before if path.name != "lock"} == {
        path: one for path, one in before.items() if path.name != "lock"
    }


def test_without_a_war_there_is_nothing_to_follow(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "well-by-rank", *FEW]) == 2
    assert "war" in capsys.readouterr().err
