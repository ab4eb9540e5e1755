"""`servanda pressure`: tables, JSON, charts, and what is said when the question is wrong."""

import json
from pathlib import Path

import pytest

from scenario_files import edited, write
from servanda.cli.main import run

THREAT = (
    "guarantees:\n  treaty:",
    "pressure:\n  embargo:\n    by: guarantor\n    on: rival\n"
    "    changes: {war.costs.rival.now: 12}\n\nguarantees:\n  treaty:",
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return write(tmp_path, edited(THREAT))


def test_tables_say_what_json_says(file: str, capsys) -> None:
    asked = ["pressure", file, "--draws", "20", "--budget", "3", "--quiet"]
    assert run(asked) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert " ".join(said["message"].split()) in " ".join(out.split())
    assert {one["id"] for one in said["instruments"]} == {
        "pressure:embargo",
        "guarantees:guarantor",
        "fund:payments",
    }
    assert said["budget"] == 3.0
    assert said["best"]["effort"] <= 3.0
    lines = out.splitlines()
    alone = lines[next(n for n, one in enumerate(lines) if one.startswith("Each alone")) :]
    for one in said["additions"]:
        row = next(line for line in alone if line.startswith(one["instrument"]))
        mix = one["alone"]
        assert f"{100 * (mix['inside'] + mix['outlasting']):.1f} %" in row
        assert f"{100 * mix['lapsing']:.1f} %" in row


def test_costs_funds_and_instruments_are_taken_as_given(file: str, capsys) -> None:
    asked = ["pressure", file, "--draws", "10", "--quiet", "--json"]
    asked += ["--fund", "assets=10:rival", "--cost", "fund:assets=4"]
    assert run([*asked, "--instrument", "fund:assets"]) == 0
    said = json.loads(capsys.readouterr().out)
    (fund,) = said["instruments"]
    assert (fund["on"], fund["effort"], fund["measured"]) == (["rival"], 4.0, "as given")
    assert said["everything"]["effort"] == 4.0


def test_charts_are_written(file: str, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "charts"
    asked = ["pressure", file, "--draws", "10", "--quiet", "--charts", str(folder)]
    assert run(asked) == 0
    assert {path.name for path in folder.iterdir()} == {
        "uplands-pressure-frontier.svg",
        "uplands-pressure-burdens.svg",
    }
    capsys.readouterr()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--budget", "-1"], "not a number of at least 0"),
        (["--budget", "much"], "not a number of at least 0"),
        (["--cost", "embargo"], "not INSTRUMENT=EFFORT"),
        (["--cost", "pressure:embarg=2"], "pressure:embargo"),
        (["--instrument", "embargo"], "no instrument 'embargo'"),
        (["--fund", "assets"], "not NAME=POINTS"),
        (["--fund", "assets=3:rivals"], "no actor 'rivals'"),
        (["--fund", "assets=3", "--fund", "assets=4"], "'assets' is given twice"),
        (
            ["--cost", "pressure:embargo=3", "--cost", "pressure:embargo=4"],
            "'pressure:embargo' is given twice",
        ),
    ],
)
def test_a_wrong_question_is_said_in_one_line(file: str, capsys, asked, said) -> None:
    assert run(["pressure", file, "--draws", "10", "--quiet", *asked]) == 2
    assert said in capsys.readouterr().err
