"""`servanda brief`: the answer on stdout, progress on stderr, one page in the folder."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import servanda.brief
from scenario_files import TEXT, write
from servanda import workbench
from servanda.cli.main import run
from servanda.errors import ProblemError


@dataclass
class Stub:
    """An analysis that only remembers what was asked."""

    asked: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {"seed": self.asked["seed"], "draws": self.asked["draws"]}


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
    monkeypatch.setattr(workbench, "brief", lambda _, scenario: f"<html>{scenario.title}</html>")
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
