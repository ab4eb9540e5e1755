"""`--save`: every answer as a file, from which a brief is made without Python."""

import json
from pathlib import Path

import pytest

from scenario_files import TEXT, write
from servanda import load_result
from servanda.cli.main import commands, run
from servanda.files.write import past_template, write_folder

FEW = ["--draws", "4"]
OVER = ["war.initiative=0.1..0.6", "war.costs.rival.now=5..20"]
ASKED = {
    "why": ["why", "uplands.yaml", *FEW],
    "levers": ["levers", "uplands.yaml", *FEW],
    "sensitivity": ["sensitivity", "uplands.yaml", "--draws", "40"],
    "pressure": ["pressure", "uplands.yaml", *FEW],
    "inverse": ["inverse", "uplands.yaml", *FEW],
    "compare": ["compare", "uplands.yaml@firm-guarantee", "uplands.yaml", *FEW],
    "map": ["map", "uplands.yaml", *OVER, "--points", "3", *FEW],
    "talks": ["talks", "uplands.yaml"],
    "rounds": ["talks", "uplands.yaml", "--rounds", *FEW],
    "histories": ["simulate", "uplands.yaml", "--histories", "40", "--policies", "2"],
}
"""Questions a brief has a section for."""

OTHERS = {
    "order": ["order", "uplands.yaml", *FEW],
    "deals": ["deals", "uplands.yaml"],
    "backtest": ["backtest", "past", *FEW],
    "dynamics": ["dynamics"],
}
RESUMED, WHOLE, ELSEWHERE = "resume", "brief", {"list", "show", "new", "check", "schema"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    write(folder, TEXT)
    write_folder(folder / "past", past_template("A case of the past"), overwrite=False)
    return folder


@pytest.fixture(autouse=True)
def _work_here(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)


def test_every_command_that_answers_saves() -> None:
    able = {
        name
        for name, command in commands.commands.items()
        if any(one.name == "save" for one in command.params)
    }
    asked = {words[0] for words in (*ASKED.values(), *OTHERS.values())}
    assert able == asked | {RESUMED, WHOLE}
    assert set(commands.commands) - able == ELSEWHERE | {"import", "export"}


@pytest.mark.parametrize("question", [*ASKED, *OTHERS])
def test_what_is_saved_is_what_is_said(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = {**ASKED, **OTHERS}[question]
    assert run([*words, "--save", f"{question}.npz", "--json"]) == 0
    out, err = capsys.readouterr()
    loaded = load_result(Path(f"{question}.npz")).to_dict()
    assert json.loads(json.dumps(loaded)) == json.loads(out)
    assert err.endswith(f"saved: {question}.npz\n")


def test_a_brief_is_made_of_saved_answers_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for question, words in ASKED.items():
        if not Path(f"{question}.npz").exists():
            assert run([*words, "--save", f"{question}.npz", "--quiet"]) == 0
    brief = ["brief", "uplands.yaml", *FEW, "--quiet", "--output"]
    assert run([*brief, "plain.html", "--save", "analysis.npz"]) == 0
    given = [word for question in ASKED for word in ("--from", f"{question}.npz")]
    with monkeypatch.context() as patched:
        patched.setattr("servanda.workbench.analyse", None)
        assert run([*brief, "again.html", "--from", "analysis.npz"]) == 0
        capsys.readouterr()
        assert run([*brief, "full.html", "--from", "analysis.npz", *given, "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["answers"]) == set(ASKED)
    assert Path("again.html").read_bytes() == Path("plain.html").read_bytes()
    sections = [Path(page).read_text().count("<section") for page in ("plain.html", "full.html")]
    assert sections[1] >= sections[0] + len(ASKED)
    assert run(["deals", "uplands.yaml", "--save", "deals.npz", "--quiet"]) == 0
    assert run([*brief, "no.html", "--from", "deals.npz"]) == 2
    assert "deals.npz: no answer for a brief, but of kind Deals" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("why.txt", "a saved answer ends in .npz"),
        ("nowhere/why.npz", "there is no folder"),
        ("letter.npz", "what stands there is no saved answer; name another file"),
        ("chunk.npz", "what stands there is no saved answer; name another file"),
        ("folder.npz", "it is a folder"),
    ],
)
def test_where_an_answer_cannot_be_saved_nothing_is_computed(
    place: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import numpy as np

    Path("letter.npz").write_text("dear all")
    np.savez("chunk.npz", header=np.zeros(3))
    Path("folder.npz").mkdir(exist_ok=True)
    monkeypatch.setattr("servanda.workbench.why", None)
    monkeypatch.setattr("servanda.workbench.analyse", None)
    for command in ("why", "brief"):
        assert run([command, "uplands.yaml", "--save", place]) == 2
        assert why in capsys.readouterr().err
    assert Path("letter.npz").read_text() == "dear all"


def test_an_earlier_answer_is_replaced() -> None:
    for causes, count in ((["stakes"], 1), (["stakes", "commitment"], 2)):
        words = [word for cause in causes for word in ("--cause", cause)]
        assert run([*ASKED["why"], *words, "--save", "again.npz", "--quiet"]) == 0
        assert len(load_result(Path("again.npz")).causes) == count
