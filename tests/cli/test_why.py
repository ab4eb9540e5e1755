"""`servanda why`: tables, JSON, charts, and what is said when the question is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from one_cause import SPOILT, scenario
from scenario_files import TEXT, write
from servanda import workbench
from servanda.charts.cause_pairs import cause_pairs_chart
from servanda.charts.causes import causes_chart
from servanda.cli.main import run


def test_tables_say_what_json_says(tmp_path: Path, capsys) -> None:
    asked = ["why", write(tmp_path, TEXT), "--draws", "30", "--quiet"]
    assert run(asked) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert " ".join(said["message"].split()) in " ".join(out.split())
    for one in said["causes"]:
        row = next(line for line in out.splitlines() if line.startswith(one["cause"]["id"] + " "))
        assert f"{100 * one['share']:.0f} %" in row
    assert len(said["pairs"]) == 10
    assert "red-lines:holder" in out


def test_charts_are_written_and_show_every_cause(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "charts"
    asked = ["why", write(tmp_path, TEXT), "--draws", "10", "--charts", str(folder)]
    assert run([*asked, "--format", "svg"]) == 0
    assert {path.name for path in folder.iterdir()} == {
        "uplands-causes.svg",
        "uplands-cause-pairs.svg",
    }
    assert capsys.readouterr().err.count("chart: ") == 2
    text = (folder / "uplands-causes.svg").read_text(encoding="utf-8")
    assert "red lines (Rival)" in text


def test_charts_hold_the_numbers_of_the_answer() -> None:
    found = workbench.why(scenario(SPOILT["stakes"]), draws=8)
    bars = causes_chart(found).to_dict()
    rows = _rows(bars)
    assert {row["cause"]: row["share"] for row in rows} == {
        "stakes": 100.0,
        "commitment": 0.0,
        "all": 100.0,
    }
    assert "indivisible stakes" in bars["description"]
    cells = _rows(cause_pairs_chart(found).to_dict())
    assert {(cell["one"], cell["other"]): cell["share"] for cell in cells} == {
        ("indivisible stakes", "indivisible stakes"): 100.0,
        ("promises that do not bind", "promises that do not bind"): 0.0,
        ("indivisible stakes", "promises that do not bind"): 100.0,
        ("promises that do not bind", "indivisible stakes"): 100.0,
    }


def _rows(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """Data of the first layer."""
    data = chart["layer"][0].get("data", chart.get("data"))
    return data.get("values") or chart["datasets"][data["name"]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--cause", "belief"], "no cause 'belief'"),
        (["--draws", "none"], "not a whole number"),
        (["--charts", "/nowhere/at/all"], "/nowhere/at"),
    ],
)
def test_a_wrong_question_is_said_in_one_line(tmp_path: Path, capsys, asked, said) -> None:
    assert run(["why", write(tmp_path, TEXT), "--quiet", *asked]) == 2
    assert said in capsys.readouterr().err
