"""`servanda map`: tables, JSON, charts, and what is said when the question is wrong."""

import json
from pathlib import Path

import pytest

from servanda.cli.main import run

BELIEVED = "guarantees.treaty.credibility.believed.revisionist"
MAP = ["map", "two-step-territory-and-guarantee", f"{BELIEVED}=0..0.6", "war.initiative=0.1..0.6"]
DEAL = ["--deal", "land=handed-over,guarantee=treaty", "--draws", "2", "--points", "9"]


def test_tables_say_what_json_says(capsys) -> None:
    asked = [*MAP, *DEAL, "--quiet"]
    assert run(asked) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert " ".join(said["message"].split()) in " ".join(out.split())
    table = out[out.index("Smallest margin") : out.index("Share of draws")].splitlines()
    row = next(line for line in table if line.split()[:1] == ["0.6"])
    assert row.split()[1] == f"{said['margin'][-1][0]:+.1f}"
    assert row.split()[-1] == f"{said['margin'][-1][-1]:+.1f}"
    assert said["contour"]
    assert f"With {BELIEVED} above" in said["message"]


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_charts_are_written(tmp_path: Path, capsys, ending: str) -> None:
    folder = tmp_path / "charts"
    assert run([*MAP, *DEAL, "--charts", str(folder), "--format", ending]) == 0
    stem = "two-step-territory-and-guarantee"
    names = {path.name for path in folder.iterdir()}
    assert names == {f"{stem}-margin-map.{ending}", f"{stem}-share-map.{ending}"}
    assert capsys.readouterr().err.count("chart: ") == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["war.initiativ", BELIEVED], "war.initiativ: no number of the scenario. Did you mean"),
        ([BELIEVED, BELIEVED], "named twice"),
        ([BELIEVED, "war.initiative"], "say one, as in war.initiative=LOW..HIGH"),
        ([BELIEVED, "war.initiative=0..1", "--points", "1"], "'1' is not from 2 to 101"),
        ([BELIEVED, "war.initiative=0..1", "--order", "x", "--plan", "y"], "either --order"),
        ([BELIEVED], "Missing argument"),
    ],
)
def test_a_wrong_question_is_said_in_one_line(capsys, asked, said) -> None:
    assert run([*MAP[:2], "--quiet", *asked]) == 2
    assert said in capsys.readouterr().err
