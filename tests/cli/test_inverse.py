"""`servanda inverse`: tables, JSON, charts, and what is said when the question is wrong."""

import json
from pathlib import Path

import pytest

from servanda.cli.main import run

TWO_STEP = ["inverse", "two-step-territory-and-guarantee", "--draws", "5", "--quiet"]
BOTH = "land=handed-over,guarantee=treaty"


def test_tables_say_what_json_says(capsys) -> None:
    asked = [*TWO_STEP, "--deal", BOTH, "--order", "territory-first"]
    assert run(asked) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    message = said["message"].replace("revisionist would", "Revisionist would")
    assert message != said["message"]
    assert " ".join(message.split()) in " ".join(out.split())
    table = out[out.index("Alone enough for every condition") :]
    for one in said["alone"]:
        (move,) = one["moves"]
        row = next(line for line in table.splitlines() if line.startswith(move["path"] + " "))
        assert f"{move['to']:.3g}" in row
        assert f"{move['spreads']:+.2f}" in row
    assert {one["id"] for one in said["conditions"] if not one["holds"]} == {"kept:revisionist"}


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_charts_are_written(tmp_path: Path, capsys, ending: str) -> None:
    asked = [*TWO_STEP[:-1], "--deal", BOTH, "--order", "territory-first", "--format", ending]
    assert run([*asked, "--charts", str(tmp_path / "charts")]) == 0
    names = {path.name for path in (tmp_path / "charts").iterdir()}
    stem = "two-step-territory-and-guarantee"
    assert names == {f"{stem}-conditions.{ending}", f"{stem}-needed-moves.{ending}"}
    assert capsys.readouterr().err.count("chart: ") == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--deal", BOTH, "--order", "bes"], "no order 'bes'. Did you mean 'best'?"),
        (["--deal", "nsh"], "no deal 'nsh'"),
        (["--deal", "land=handed-ovr"], "Did you mean 'handed-over'?"),
        (["--order", "best", "--plan", "plan.yaml"], "either --order or --plan"),
        (["--plan", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_a_wrong_question_is_said_in_one_line(capsys, asked, said) -> None:
    assert run([*TWO_STEP, *asked]) == 2
    assert said in capsys.readouterr().err
