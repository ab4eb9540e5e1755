"""What each command prints, where, and with which exit code."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scenario_files import TEXT, edited, place_of, write
from servanda.cli.main import commands, run
from servanda.files.schema import scenario_schema
from servanda.version import VERSION


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with one scenario."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    write(tmp_path, TEXT)
    return tmp_path


def servanda(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "servanda", *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


# --- the group ---------------------------------------------------------------------------------


def test_help_comes_at_once() -> None:
    def once() -> float:
        start = time.perf_counter()
        assert servanda("--help").returncode == 0
        return time.perf_counter() - start

    assert min(once() for _ in range(3)) < 0.3


def test_help_names_every_command(capsys) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, command in commands.commands.items():
        assert name in shown
        assert command.help


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_has_json_and_explains_itself(name: str, capsys) -> None:
    assert run([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--json" in shown
    assert all(
        parameter.help
        for parameter in commands.commands[name].params
        if parameter.param_type_name == "option"
    )


def test_version(capsys) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"servanda {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekk"], "no command 'chekk'. Did you mean 'check'?"),
        (["brife"], "Did you mean 'brief'?"),
        (["zzzzzz"], "no command 'zzzzzz'."),
        (["check", "geneva-2062"], "Did you mean 'geneva-2026'?"),
        (["check", "uplands.yaml", "--varient", "x"], "--variant"),
        (["check", "uplands.yaml", "--variant", "firm-guarante"], "Did you mean 'firm-guarantee'?"),
        (["check", "uplands.yaml", "--set", "war.cost.holder=1"], "'war.costs.holder'"),
        (["check"], "Missing argument 'NAME|FILE'"),
        (["show", "uplands.yaml", "--section", "stps"], "Did you mean 'steps'?"),
        (["brief", "uplands.yaml", "--draws", "0"], "'0' is not from 1 to 100,000"),
        (["brief", "uplands.yaml", "--draws", "-5"], "'-5' is not from 1"),
        (["brief", "uplands.yaml", "--draws", "1000000000"], "is not from 1 to 100,000"),
        (["brief", "uplands.yaml", "--draws", "9" * 5000], "is not from 1 to 100,000"),
        (["brief", "uplands.yaml", "--draws", "many"], "'many' is not a whole number"),
        (["brief", "uplands.yaml", "--seed", "1.5"], "'1.5' is not a whole number"),
        (["brief", "uplands.yaml", "--seed", "-1"], "'-1' is not from 0"),
        (["brief", "uplands.yaml", "--seed", "١"], "is not a whole number"),
        (["brief", "uplands.yaml", "--threads", "0"], "'0' is not from 1 to 256"),
        (["brief", "uplands.yaml", "--output", "nowhere/x.html"], "there is no folder"),
        (["brief", "uplands.yaml", "--output", "."], "it is a folder"),
        (["schema", "--output", "nowhere/x.json"], "there is no folder"),
        (["new", "uplands"], "--force replaces it"),
        (["new", "الهدنة"], "give --output"),
        (["check", "\x1b]0;x\x07"], "no scenario or file '\\x1b]0;x\\x07'"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    here: Path, capsys, arguments: list[str], words: str
) -> None:
    before = sorted(here.iterdir())
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert sorted(here.iterdir()) == before  # nothing was written


# --- check -------------------------------------------------------------------------------------


def test_check_prints_complaints_as_they_are(here: Path, capsys) -> None:
    text = edited(("protects: holder", "protects: holdr"), ("months: 2", "months: two"))
    write(here, text)
    assert run(["check", "uplands.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first, second, last = err.splitlines()
    line, column = place_of(text, "two\n")
    assert first == (
        f"uplands.yaml:{line}:{column}  steps.leave-belt.months: 'two' is not a whole number. "
        "Whole months from start to effect."
    )
    line, column = place_of(text, "holdr")
    assert second == (
        f"uplands.yaml:{line}:{column}  guarantees.treaty.protects: no belligerent 'holdr'. "
        "Did you mean 'holder'?"
    )
    assert last == "2 complaints, nothing was computed."


def test_check_as_json_says_the_same(here: Path, capsys) -> None:
    write(here, edited(("protects: holder", "protects: holdr")))
    assert run(["check", "uplands.yaml", "--json"]) == 2
    out, err = capsys.readouterr()
    said = json.loads(out)
    assert said["good"] is False
    assert said["complaints"][0]["path"] == "guarantees.treaty.protects"
    assert said["complaints"][0]["nearest"] == "holder"
    assert "guarantees.treaty.protects" in err


def test_check_says_what_a_scenario_rests_on(here: Path, capsys) -> None:
    assert run(["check", "uplands.yaml"]) == 0
    out = capsys.readouterr().out
    assert "3 actors, 2 issues, 5 options, 6 packages, 4 steps" in out
    assert "numbers have a source" in out
    assert "actors.holder.discount = 0.05" in out
    assert "more; --all lists them" in out
    assert "nobody is said to disagree" in out
    assert run(["check", "uplands.yaml", "--all"]) == 0
    more = capsys.readouterr().out
    assert "more; --all lists them" not in more
    assert "war.imposed.rival.guarantor" in more


def test_check_warns_of_a_source_nobody_cites(here: Path, capsys) -> None:
    text = edited(
        (
            "  survey:\n",
            "  idle: {title: t, publisher: p, date: '2025', kind: law, "
            "certainty: high}\n  survey:\n",
        )
    )
    write(here, text)
    assert run(["check", "uplands.yaml"]) == 0
    assert "warning: sources.idle: nothing cites this source" in capsys.readouterr().out


def test_check_as_json(here: Path, capsys) -> None:
    assert run(["check", "uplands.yaml", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["good"] is True
    assert said["counts"]["packages"] == 6
    evidence = said["evidence"]
    total = sum(len(evidence[name]) for name in ("sourced", "ranged", "bare"))
    assert total == said["counts"]["numbers"]


# --- schema, new, list, show -------------------------------------------------------------------


def test_schema_goes_to_the_screen_or_to_a_file(here: Path, capsys) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == scenario_schema()
    assert run(["schema", "--output", "s.json"]) == 0
    assert json.loads((here / "s.json").read_text(encoding="utf-8")) == scenario_schema()


def test_new_passes_check_and_does_not_overwrite(here: Path, capsys) -> None:
    assert run(["new", "Talks in May"]) == 0
    assert "next: change it, then servanda check talks-in-may.yaml" in capsys.readouterr().out
    assert run(["check", "talks-in-may.yaml"]) == 0
    assert "Talks in May" in capsys.readouterr().out
    (here / "talks-in-may.yaml").write_text("mine", encoding="utf-8")
    assert run(["new", "Talks in May"]) == 2
    assert (here / "talks-in-may.yaml").read_text(encoding="utf-8") == "mine"
    assert run(["new", "Talks in May", "--force", "--json"]) == 0
    assert (here / "talks-in-may.yaml").read_text(encoding="utf-8") != "mine"


def test_new_makes_a_title_of_an_identifier(here: Path, capsys) -> None:
    assert run(["new", "two-valleys.yaml", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["title"] == "Two valleys"
    assert Path(said["written"]).name == "two-valleys.yaml"


def test_list_says_what_ships(here: Path, capsys) -> None:
    assert run(["list"]) == 0
    assert "geneva-2026" in capsys.readouterr().out
    assert run(["list", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {"geneva-2026", "fearon-1995-pie"} <= {one["name"] for one in said}
    assert all(one["title"] and one["summary"] for one in said)


def test_show_prints_every_section(here: Path, capsys) -> None:
    assert run(["show", "uplands.yaml"]) == 0
    out = capsys.readouterr().out
    for words in (
        "Talks in the uplands · as of 31 January 2026",
        "Caveat: This is a template",
        "land.handed-over",
        "no-land-without-guarantee",
        "tag.territory only after",
        "belt to demilitarised",
        "0.5 (0.3–0.7; rival 0.3)",
        "4, +0.05 a month up to 7",
        "territory, then guarantee",
        "guarantees.treaty.credibility = 0.8",
        "What diplomats expect of a guarantee",
    ):
        assert words in out
    assert max(len(line) for line in out.splitlines()) <= 110


def test_show_picks_sections_and_applies_changes(here: Path, capsys) -> None:
    change = "guarantees.treaty.credibility=0.61"
    assert run(["show", "uplands.yaml", "--section", "guarantees", "--set", change]) == 0
    out = capsys.readouterr().out
    assert "0.61" in out
    assert "Red lines" not in out


def test_show_as_json_holds_the_scenario(here: Path, capsys) -> None:
    assert run(["show", "uplands.yaml", "--json", "--variant", "firm-guarantee"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["scenario"]["guarantees"]["treaty"]["credibility"] == 0.8
    assert {"title", "columns", "rows"} == set(said["tables"][0])


@pytest.mark.parametrize("name", ["\\e[31mred", "[bold]x[/bold]", "\\u202Eevil", "[/]", ":smile:"])
def test_names_cannot_steer_the_screen(here: Path, capsys, name: str) -> None:
    text = edited(("name: Holder,", f'name: "{name}",'), ('"Talks in the uplands"', f'"{name}"'))
    write(here, text)
    assert run(["show", "uplands.yaml"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert run(["check", "uplands.yaml"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    if not name.startswith("\\"):
        assert name in out


# --- the system --------------------------------------------------------------------------------


def test_a_reader_who_has_seen_enough(here: Path) -> None:
    pipe = f"{sys.executable} -m servanda schema | head -n 1"
    shell = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {pipe}"], capture_output=True, text=True, check=False
    )
    assert shell.stderr == ""
    assert shell.returncode == 0


def test_a_full_disk_is_one_clear_line(here: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "servanda", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "the system refused: No space left on device.\n"


def test_a_file_that_may_not_be_read(here: Path, capsys, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:  # root may read anything, so the system is played
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    assert run(["check", "uplands.yaml"]) == 2
    assert "Permission denied" in capsys.readouterr().err


def test_python_m_servanda_is_servanda() -> None:
    assert servanda("--version").stdout == f"servanda {VERSION}\n"
    assert servanda("nonsense").returncode == 2
