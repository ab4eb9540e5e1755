"""Every command asked of a scenario without a war, or without steps: an answer or a complaint."""

from copy import deepcopy
from pathlib import Path

import pytest

from scenario.test_without_war import RAW as IN_NUMBERS
from scenario_files import RAW, changed
from servanda.cli.main import commands, run
from servanda.files.write import dump_plain

KEPT = "Whether a deal is kept is weighed against fighting on."
NEED_A_WAR = {
    "brief": "A brief weighs deals against fighting on.",
    "talks": "These are talks between sides that fight on until they sign.",
    "talks --rounds": "These are talks between sides that fight on until they sign.",
    **dict.fromkeys(("order", "simulate", "why", "levers", "pressure", "inverse"), KEPT),
    **dict.fromkeys(("sensitivity", "map", "compare"), KEPT),
}
"""Commands that weigh a deal against fighting on, and what they say of that."""

DO_WITHOUT = {"show", "check", "deals", "export"}
NO_SCENARIO = {"list", "backtest", "dynamics", "resume", "new", "import", "schema"}
MORE = {
    "map": ["a", "b"],
    "compare": ["two-step-territory-and-guarantee"],
    "export": ["--format", "csv", "--output", "out"],
    "deals": ["--draws", "20"],
}


def asked(command: str, scenario: str) -> list[str]:
    name, *options = command.split()
    return [name, scenario, *MORE.get(name, []), *options]


@pytest.fixture(params=["well-by-rank", "numbers.yaml"])
def without_a_war(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A scenario of rankings, and one of numbers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "numbers.yaml").write_text(dump_plain({"servanda": 1, **deepcopy(IN_NUMBERS)}))
    return str(request.param)


def test_every_command_is_looked_at() -> None:
    names = {command.partition(" ")[0] for command in NEED_A_WAR}
    assert names | DO_WITHOUT | NO_SCENARIO == set(commands.commands)


@pytest.mark.parametrize("command", NEED_A_WAR)
def test_what_needs_a_war_says_in_one_complaint_what_can_be_asked(
    command: str, without_a_war: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(asked(command, without_a_war)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    said, ending = err.splitlines()
    begins = f"war: 'Two neighbours and a well' has none. {NEED_A_WAR[command]} "
    assert said.startswith(begins)
    instead = (
        "Of its rankings, servanda deals says what follows"
        if without_a_war == "well-by-rank"
        else "Without one, servanda deals says which deals all would accept"
    )
    assert said.removeprefix(begins).startswith(instead)
    assert ending == "1 complaint, nothing was computed."
    assert not list(Path().glob("*.html"))


@pytest.mark.parametrize("command", sorted(DO_WITHOUT))
def test_what_needs_none_answers(
    command: str, without_a_war: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(asked(command, without_a_war)) == 0
    out, err = capsys.readouterr()
    assert "Two neighbours and a well" in out or Path("out").is_dir()
    assert "fault" not in err


def test_a_comparison_says_which_of_the_two_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "two-step-territory-and-guarantee", "well-by-rank"]) == 2
    said, ending = capsys.readouterr().err.splitlines()
    assert said.startswith("war: 'Two neighbours and a well' has none.")
    assert ending.startswith("1 complaint")
    assert run(["compare", "well-by-rank", "well-by-rank"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("2 complaints")


@pytest.mark.parametrize("command", NEED_A_WAR)
def test_where_nothing_is_carried_out_it_says_what_does_without(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    sections = ("steps", "orders", "red-lines", "guarantees", "links", "variants")
    raw = changed(dict.fromkeys(sections))
    for name, issue in RAW["issues"].items():
        quo = next(key for key, one in issue["options"].items() if one.get("status-quo"))
        raw["issues"][name]["options"] = {quo: issue["options"][quo]}
    (tmp_path / "still.yaml").write_text(dump_plain(raw))
    answers = NEED_A_WAR[command] != KEPT
    few = ["--draws", "2"] if command == "brief" else []
    assert run([*asked(command, "still.yaml"), *few]) == (0 if answers else 2)
    err = capsys.readouterr().err
    says = (
        "steps: 'Talks in the uplands' has none. There is nothing that could be kept, or put in an "
        "order. servanda deals, servanda talks and servanda brief do without."
    )
    assert answers or err.startswith(says)
