"""`servanda compare`: tables, JSON, charts, variants named with @, and wrong questions."""

import json
from pathlib import Path

import pytest

from scenario_files import TEXT, edited, write
from servanda.cli.main import run

FIRM = ["--draws", "20", "--quiet"]


def test_tables_say_what_json_says(tmp_path: Path, capsys) -> None:
    file = write(tmp_path, TEXT)
    asked = ["compare", file, f"{file}@firm-guarantee", "--set", "war.costs.holder=9", *FIRM]
    assert run(asked) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert " ".join(said["message"].split()) in " ".join(out.split())
    assert "variant firm-guarantee" in out
    assert said["after"]["origin"]["variant"] == "firm-guarantee"
    assert said["after"]["origin"]["changes"] == ["war.costs.holder=9"]
    assert [change["label"] for change in said["changes"]] == [
        "guarantees.treaty.credibility",
        "war.costs.holder.now",
    ]
    kept = said["effects"][0]
    lines = out.splitlines()
    table = lines[lines.index(next(one for one in lines if one.startswith("Change by change"))) :]
    for change, then, step in zip(said["changes"], kept["reached"], kept["steps"], strict=True):
        row = next(line for line in table if line.startswith(change["label"]))
        assert f"{100 * step + 0.0:+.1f}" in row
        assert f"{100 * then:.0f}" in row or "<1" in row or ">99" in row


def test_two_files_may_be_compared_and_wording_is_told_apart(tmp_path: Path, capsys) -> None:
    one = write(tmp_path, TEXT)
    text = edited(("months: 3\n    brings", "months: 5\n    brings"), ("The axis", "Another name"))
    other = write(tmp_path, text, "later.yaml")
    assert run(["compare", one, other, *FIRM]) == 0
    out = capsys.readouterr().out
    assert "steps.ratify-guarantee.months" in out
    assert "Worded otherwise, which moves no number: fronts.axis.name." in out
    assert "1 change." in out


def test_the_same_scenario_twice_differs_in_nothing(tmp_path: Path, capsys) -> None:
    file = write(tmp_path, TEXT)
    assert run(["compare", file, file, *FIRM]) == 0
    assert "Nothing differs." in capsys.readouterr().out


def test_charts_are_written(tmp_path: Path, capsys) -> None:
    file, folder = write(tmp_path, TEXT), tmp_path / "charts"
    assert (
        run(["compare", file, "--set", "war.costs.holder=9", "--charts", str(folder), *FIRM]) == 0
    )
    assert {path.name for path in folder.iterdir()} == {
        "uplands-compared-changes.svg",
        "uplands-compared-deals.svg",
    }
    capsys.readouterr()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["{file}"], "nothing to compare with"),
        (["{file}", "{file}@firm-guarante"], "firm-guarantee"),
        (["{file}", "--set", "war.costs.holders=9"], "war.costs.holder"),
        (["{file}", "--set", "war.costs.holder=9", "--order", "wars"], "no difference 'wars'"),
        (["{file}", "{file}", "--draws", "1"], "is not from 2"),
        (["well-by-rank", "{file}"], "war"),
    ],
)
def test_a_wrong_question_is_said_in_words(tmp_path: Path, capsys, asked, said) -> None:
    file = write(tmp_path, TEXT)
    assert run(["compare", *(one.format(file=file) for one in asked), "--quiet"]) == 2
    assert said in capsys.readouterr().err
