"""`servanda levers`: tables, JSON, charts, and what is said when the question is wrong."""

import json
from pathlib import Path

import pytest

from scenario_files import TEXT, write
from servanda.cli.main import run


def test_tables_say_what_json_says(tmp_path: Path, capsys) -> None:
    asked = ["levers", write(tmp_path, TEXT), "--draws", "40", "--quiet", "--target", "90%"]
    assert run(asked) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["target"] == 0.9
    assert " ".join(said["message"].split()) in " ".join(out.split())
    for one in said["reaches"]:
        table = out[out.index("Moved in the draws") :]
        row = next(line for line in table.splitlines() if line.startswith(one["path"] + " "))
        assert f"{100 * one['tried'][0]['share']:.0f} %" in row
    assert "best pair" in out
    assert f"Cheapest pair: {said['cheapest']['effort']:.2f} spreads" in out
    for one in said["cheapest"]["moves"]:
        assert f"{one['change']:+.3g}" in out


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_charts_are_written(tmp_path: Path, capsys, ending: str) -> None:
    folder = tmp_path / "charts"
    asked = ["levers", write(tmp_path, TEXT), "--draws", "10", "--charts", str(folder)]
    assert run([*asked, "--target", "0.95", "--format", ending]) == 0
    names = {path.name for path in folder.iterdir()}
    assert f"uplands-levers.{ending}" in names
    assert capsys.readouterr().err.count("chart: ") == len(names)
    if ending == "svg":
        text = (folder / "uplands-levers.svg").read_text(encoding="utf-8")
        assert "moved by one spread" in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--target", "150%"], "'150%' is not a share between 0 and 1"),
        (["--target", "likely"], "'likely' is not a share between 0 and 1"),
        (["--draws", "1"], "at least two"),
    ],
)
def test_a_wrong_question_is_said_in_one_line(tmp_path: Path, capsys, asked, said) -> None:
    assert run(["levers", write(tmp_path, TEXT), "--quiet", *asked]) == 2
    assert said in capsys.readouterr().err
