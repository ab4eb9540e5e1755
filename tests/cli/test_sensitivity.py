"""`servanda sensitivity`: tables, JSON, charts, and what is said when the question is wrong."""

import json
from pathlib import Path

import pytest

from scenario_files import TEXT, write
from servanda.cli.main import run


def test_tables_say_what_json_says(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "charts"
    asked = ["sensitivity", write(tmp_path, TEXT), "--draws", "60", "--quiet"]
    assert run([*asked, "--charts", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert " ".join(said["message"].split()) in " ".join(out.split())
    assert all(one["path"] in out for one in said["numbers"])
    assert said["designed"][-1]["path"] == ""
    assert "all other numbers" in out
    assert "To find a source for: 2 numbers have none" in out
    assert set(said["to_do"]) == {f"war.exhaustion.{one}.now" for one in ("holder", "rival")}
    chart = (folder / "uplands-sensitivity.svg").read_text(encoding="utf-8")
    assert "all other numbers" in chart


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--order", "bes"], "no order 'bes'. Did you mean 'best'?"),
        (["--draws", "5"], "at least 40"),
    ],
)
def test_a_wrong_question_is_said_in_one_line(tmp_path: Path, capsys, asked, said) -> None:
    assert run(["sensitivity", write(tmp_path, TEXT), "--quiet", "--draws", "40", *asked]) == 2
    assert said in capsys.readouterr().err
