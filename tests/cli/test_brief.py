"""`servanda brief`: the answer on stdout, progress on stderr, one page in the folder."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import servanda.brief
from brief.answers import sample_levers
from scenario_files import TEXT, write
from servanda import workbench
from servanda.cli.main import run
from servanda.errors import ProblemError
from servanda.files.results import save_result


@dataclass
class Stub:
    """An analysis that only remembers what was asked."""

    asked: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {"seed": self.asked["seed"], "draws": self.asked["draws"]}


@dataclass
class Answer:
    """An answer that only remembers its question."""

    question: str

    def to_dict(self) -> dict[str, Any]:
        return {"question": self.question}


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The workbench replaced by one that answers at once."""
    asked: dict[str, Any] = {}

    def analyse(scenario, *, progress, **options) -> Stub:
        asked.update(options, scenario=scenario)
        progress("drawing", 0.1)
        progress("drawing", 0.2)
        progress("ordering", 0.9)
        return Stub(asked)

    monkeypatch.setattr(workbench, "analyse", analyse)

    def ask(question, _, **options) -> Answer:
        asked[question] = options
        return Answer(question)

    def page(_, scenario, answers) -> str:
        return f"<html>{scenario.title}{''.join(answers)}</html>"

    monkeypatch.setattr(workbench, "ask", ask)
    monkeypatch.setattr(workbench, "brief", page)
    monkeypatch.setattr(workbench, "brief_pdf", lambda *given: page(*given).encode())
    monkeypatch.setattr(
        servanda.brief, "render_terminal", lambda *_, colour: f"the answer, colour {colour}\n"
    )
    monkeypatch.chdir(tmp_path)
    write(tmp_path, TEXT)
    return asked


def test_answer_progress_and_page(asked, tmp_path: Path, capsys) -> None:
    assert run(["brief", "uplands.yaml"]) == 0
    out, err = capsys.readouterr()
    assert out == "the answer, colour False\n"
    assert err.splitlines() == [
        "drawing ...",
        "ordering ...",
        "writing the brief ...",
        "brief: uplands-brief.html",
    ]
    page = tmp_path / "uplands-brief.html"
    assert page.read_text(encoding="utf-8") == "<html>Talks in the uplands</html>"
    assert (asked["draws"], asked["seed"], asked["threads"]) == (500, 1, None)


def test_options_reach_the_workbench(asked, tmp_path: Path, capsys) -> None:
    change = "war.costs.holder.now=13"
    arguments = ["--draws", "20", "--seed", "7", "--threads", "1", "--quiet", "--output", "b.html"]
    assert (
        run(["brief", "uplands.yaml", "--variant", "firm-guarantee", "--set", change, *arguments])
        == 0
    )
    assert capsys.readouterr().err == ""
    assert (tmp_path / "b.html").exists()
    assert (asked["draws"], asked["seed"], asked["threads"]) == (20, 7, 1)
    assert (asked["variant"], asked["changes"]) == ("firm-guarantee", (change,))
    assert asked["scenario"].war.costs["holder"].now.value == 13
    assert asked["scenario"].guarantees["treaty"].credibility.value == 0.8


def test_a_variant_has_its_own_page(asked, tmp_path: Path) -> None:
    assert run(["brief", "uplands.yaml", "--variant", "firm-guarantee"]) == 0
    assert (tmp_path / "uplands-firm-guarantee-brief.html").exists()


def test_json_is_the_analysis(asked, capsys) -> None:
    assert run(["brief", "uplands.yaml", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out) == {"seed": 1, "draws": 500}


def test_further_questions_are_asked_once_and_told_of(asked, tmp_path: Path, capsys) -> None:
    arguments = ["--with", "levers, why,why", "--draws", "20", "--json", "--quiet"]
    assert run(["brief", "uplands.yaml", *arguments]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said["answers"].items()) == [
        ("levers", {"question": "levers"}),
        ("why", {"question": "why"}),
    ]
    assert asked["why"]["draws"] == 20
    page = (tmp_path / "uplands-brief.html").read_text(encoding="utf-8")
    assert page == "<html>Talks in the uplandsleverswhy</html>"


def test_the_sheet_stands_beside_the_page(asked, tmp_path: Path, capsys) -> None:
    assert run(["brief", "uplands.yaml", "--pdf"]) == 0
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "brief: uplands-brief.html",
        "brief: uplands-brief.pdf",
    ]
    assert (tmp_path / "uplands-brief.pdf").read_bytes() == b"<html>Talks in the uplands</html>"


def test_the_page_is_not_written_into_a_file_that_says_pdf(asked, capsys) -> None:
    assert run(["brief", "uplands.yaml", "--pdf", "--output", "sheet.pdf"]) == 2
    assert "--pdf writes the sheet beside it" in capsys.readouterr().err
    assert asked == {}


def test_a_full_brief_says_what_could_not_be_asked(asked, tmp_path, capsys, monkeypatch) -> None:
    def ask(question, _, **__) -> Answer:
        if question == "sensitivity":
            raise ProblemError("draws: shares of variance take at least 40")
        return Answer(question)

    monkeypatch.setattr(workbench, "ask", ask)
    assert run(["brief", "uplands.yaml", "--full", "--draws", "20"]) == 0
    said = "left out, sensitivity: draws: shares of variance take at least 40"
    assert said in capsys.readouterr().err.splitlines()
    others = "".join(one for one in workbench.BESIDES if one != "sensitivity")
    assert others in (tmp_path / "uplands-brief.html").read_text(encoding="utf-8")
    assert run(["brief", "uplands.yaml", "--with", "sensitivity", "--draws", "20"]) == 2


def test_a_question_nobody_knows_is_said_before_the_work(asked, capsys) -> None:
    assert run(["brief", "uplands.yaml", "--with", "lever"]) == 2
    assert "no question 'lever'. Did you mean 'levers'?" in capsys.readouterr().err
    assert "draws" not in asked


def test_an_answer_saved_earlier_is_taken_and_not_asked_again(
    asked, tmp_path: Path, capsys
) -> None:
    scenario = workbench.read("uplands.yaml")
    origin = replace(sample_levers().origin, digest=workbench.digest(scenario))
    save_result(replace(sample_levers(), origin=origin), tmp_path / "levers.npz")
    save_result(sample_levers(), tmp_path / "other.npz")
    assert run(["brief", "uplands.yaml", "--from", "levers.npz", "--with", "levers,why"]) == 0
    assert "levers" not in asked
    assert "leverswhy" in (tmp_path / "uplands-brief.html").read_text(encoding="utf-8")
    assert run(["brief", "uplands.yaml", "--from", "other.npz"]) == 2
    assert "about the scenario 3f9ac21b" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ProblemError("too many packages"), 2, "too many packages"),
        (KeyboardInterrupt(), 130, "stopped."),
        (MemoryError(), 2, "not enough memory"),
        (OSError(28, "No space left on device"), 2, "No space left on device"),
        (ValueError("shapes differ"), 1, "a fault in Servanda, not in what you asked: ValueError"),
    ],
)
def test_when_it_does_not_end_well(
    asked, tmp_path: Path, capsys, monkeypatch, error: BaseException, code: int, words: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(workbench, "analyse", fail)
    old = tmp_path / "uplands-brief.html"
    old.write_text("old", encoding="utf-8")
    assert run(["brief", "uplands.yaml"]) == code
    assert words in capsys.readouterr().err
    assert old.read_text(encoding="utf-8") == "old"


def test_a_page_that_cannot_be_written_is_said_before_the_work(asked, capsys) -> None:
    assert run(["brief", "uplands.yaml", "--output", "nowhere/b.html"]) == 2
    assert asked == {}
    assert "there is no folder" in capsys.readouterr().err


def test_an_interrupt_ends_with_a_word(tmp_path: Path) -> None:
    code = (
        "import signal, sys; from servanda import workbench; from servanda.cli.main import main\n"
        "def wait(*_, **__):\n    import time; print('ready', flush=True); time.sleep(60)\n"
        "workbench.analyse = wait\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"main(['brief', {write(tmp_path, TEXT)!r}, '--quiet'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.strip() == "stopped."


def test_the_real_thing(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    name = "two-step-territory-and-guarantee"
    assert run(["brief", name, "--draws", "8", "--seed", "3", "--quiet"]) == 0
    first = capsys.readouterr().out
    page = tmp_path / f"{name}-brief.html"
    once = page.read_bytes()
    assert b"not a forecast" in once
    assert "8 draws, seed 3" in first
    assert run(["brief", name, "--draws", "8", "--seed", "3", "--quiet", "--threads", "1"]) == 0
    assert capsys.readouterr().out == first
    assert page.read_bytes() == once
