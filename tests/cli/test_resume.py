"""`--run` and `servanda resume`: a run that stops goes on to the answer an unbroken one gives."""

import errno
import json
import os
from pathlib import Path

import pytest

from scenario_files import TEXT, write
from servanda.cli.main import run
from servanda.cli.progress import Progress
from servanda.files import write as writing

WEAKER = "guarantees.treaty.credibility=0.2"
ASKED = {
    "why": ["--draws", "270"],
    "levers": ["--draws", "60", "--target", "0.6"],
    "sensitivity": ["--draws", "60"],
    "compare": ["uplands.yaml@firm-guarantee", "--set", "war.costs.holder=9", "--draws", "20"],
    "pressure": ["--draws", "20", "--budget", "3", "--fund", "relief=5:rival"],
    "inverse": ["--draws", "20", "--deal", "1"],
    "map": ["war.initiative=0.1..0.6", "war.costs.rival.now=5..20", "--draws", "2"],
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with one scenario."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, TEXT)
    return tmp_path


def asked(question: str, *more: str) -> list[str]:
    return [question, "uplands.yaml", *ASKED[question], *more]


def times(folder: Path) -> dict[str, int]:
    """When each chunk of a run was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "chunks").iterdir()}


def stop_at(doing: str, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the progress of something that is begun stop the work."""
    show = Progress.show

    def stopping(self: Progress, said: str, share: float, /, of: int = 0) -> None:
        show(self, said, share, of)
        if said == doing and share > 0.0:
            raise error

    monkeypatch.setattr(Progress, "show", stopping)


@pytest.mark.parametrize("question", ASKED)
def test_a_folder_changes_no_number_and_its_run_tells_the_same_again(
    question: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(asked(question)) == 0
    unbroken = capsys.readouterr().out
    assert run(asked(question, "--run", "kept", "--json")) == 0
    plain = capsys.readouterr().out
    assert json.loads((here / "kept" / "summary.json").read_text()) == json.loads(plain)
    before = times(here / "kept")
    assert before
    (here / "uplands.yaml").unlink()
    assert run(["resume", "kept", "--json", "--threads", "1"]) == 0
    assert capsys.readouterr().out == plain
    assert times(here / "kept") == before
    assert run(["resume", "kept", "--quiet"]) == 0
    assert capsys.readouterr().out == unbroken


@pytest.mark.parametrize(
    ("question", "doing"),
    [
        ("why", "the same with equal beliefs"),
        ("levers", "levers moved"),
        ("sensitivity", "by design"),
        ("compare", "changes taken over"),
        ("pressure", "mixes"),
        ("inverse", "the same over the draws"),
        ("map", "the map over the draws"),
    ],
)
def test_stopped_by_the_user_it_says_how_to_go_on_and_does(
    question: str,
    doing: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run(asked(question, "--json")) == 0
    plain = capsys.readouterr().out
    with monkeypatch.context() as patched:
        stop_at(doing, patched, KeyboardInterrupt())
        assert run(asked(question, "--run", "a run")) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("To go on: servanda resume 'a run'\n")
    before = times(here / "a run")
    assert before
    assert run(["resume", "a run", "--json"]) == 0
    assert capsys.readouterr().out == plain
    after = times(here / "a run")
    assert {name: after[name] for name in before} == before
    assert len(after) > len(before)


def test_a_full_disk_stops_with_one_message_and_can_go_on(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0

    def sync(_: int) -> None:
        nonlocal written
        written += 1
        if written > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(writing.os, "fsync", sync)
        assert run(asked("sensitivity", "--run", "kept", "--quiet")) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("cannot write 'kept/chunks/")
    assert first.endswith("no space left on device.")
    assert second.endswith("To go on: servanda resume kept")
    assert len(list((here / "kept" / "chunks").iterdir())) == 2
    assert run(["resume", "kept", "--quiet"]) == 0


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--seed", "2"], "its seed is 1, not 2"),
        (["--set", "war.costs.rival=9"], "it is about 'Talks in the uplands' ("),
        (["--cause", "stakes"], 'its causes is [], not ["stakes"]'),
    ],
)
def test_a_folder_of_another_run_is_left_as_it_is(
    more: list[str], why: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(asked("why", "--run", "kept", "--quiet")) == 0
    before = {path: path.read_bytes() for path in here.rglob("*.*")}
    capsys.readouterr()
    assert run(asked("why", "--run", "kept", *more)) == 2
    err = capsys.readouterr().err
    assert why in err
    assert "nothing was changed" in err
    assert {path: path.read_bytes() for path in here.rglob("*.*")} == before


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (["uplands.yaml@firm-guarantee", "uplands.yaml"], "' (%s) and '%s' (%s), not '"),
        (["uplands.yaml", "uplands.yaml@firm-guarantee"], "' (%s) and '%s' (%s), not '"),
        (["uplands.yaml", "--set", WEAKER, "--draws", "3"], "its draws is 2, not 3"),
    ],
)
def test_a_comparison_of_another_pair_is_refused(
    other: list[str], why: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--draws", "2", "--run", "kept", "--quiet"]
    assert run(["compare", "uplands.yaml", "--set", WEAKER, *few]) == 0
    before = {path: path.read_bytes() for path in here.rglob("*.*")}
    one, two = json.loads((here / "kept" / "run.json").read_text())["scenarios"]
    capsys.readouterr()
    assert run(["compare", *(few[:2] if "--draws" not in other else []), *other, *few[2:]]) == 2
    said = why % (one["digest"], two["title"], two["digest"]) if "%" in why else why
    assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in here.rglob("*.*")} == before


def test_a_run_with_a_plan_goes_on_without_its_file(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--draws", "3", "--quiet"]
    assert run(["order", "uplands.yaml", *few, "--save-plan", "plan.yaml"]) == 0
    for question in (["inverse", "uplands.yaml"], ["map", "uplands.yaml", *ASKED["map"][:2]]):
        folder = f"kept-{question[0]}"
        points = ["--points", "2"] if question[0] == "map" else []
        capsys.readouterr()
        assert (
            run([*question, *points, *few, "--plan", "plan.yaml", "--run", folder, "--json"]) == 0
        )
        said = capsys.readouterr().out
        assert json.loads(said)["reason"] == "the package of the plan"
        (here / "plan.yaml").rename(here / "away.yaml")
        assert run(["resume", folder, "--quiet", "--json"]) == 0
        assert capsys.readouterr().out == said
        (here / "away.yaml").rename(here / "plan.yaml")
        (here / "other.yaml").write_text((here / "plan.yaml").read_text() + "note: another\n")
        assert run([*question, *points, *few, "--plan", "other.yaml", "--run", folder]) == 2
        assert "its plan is {" in capsys.readouterr().err


def test_all_that_a_command_writes_can_be_had_from_its_run(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Charts, the saved answer and the table of histories, by the command that is named."""
    few = ["--histories", "60", "--policies", "3", "--years", "2", "--quiet"]
    asked = ["simulate", "uplands.yaml", "--variant", "firm-guarantee", *few]

    def wanted(place: str) -> list[str]:
        (here / place).mkdir(exist_ok=True)
        table, save = f"{place}/all.csv", f"{place}/answer.npz"
        return ["--table", table, "--charts", place, "--format", "html", "--save", save]

    assert run([*asked, *wanted("whole")]) == 0
    whole = {path.name: path.read_bytes() for path in (here / "whole").iterdir()}
    assert {"all.csv", "answer.npz", "uplands-firm-guarantee-kept-peace.html"} <= set(whole)
    capsys.readouterr()
    with monkeypatch.context() as patched:
        stop_at("policies, and their histories", patched, KeyboardInterrupt())
        assert run([*asked[:-1], "--run", "kept", *wanted("again")]) == 130
    go_on = capsys.readouterr().err.split("To go on: ")[1].split()
    assert go_on[:3] == ["servanda", "resume", "kept"]
    assert run([*go_on[1:], "--quiet"]) == 0
    assert {path.name: path.read_bytes() for path in (here / "again").iterdir()} == whole


def test_what_is_no_run_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["resume", "."]) == 2
    assert "not the folder of a run: it has no run.json" in capsys.readouterr().err
    assert run(asked("why", "--run", ".", "--quiet")) == 2
    assert "is not empty and not the folder of a run" in capsys.readouterr().err
    assert run(asked("why", "--run", "kept", "--quiet")) == 0
    capsys.readouterr()
    assert run(["resume", "kept", "--on", "local:2"]) == 2
    assert "'why' runs on threads of this machine only" in capsys.readouterr().err
    assert run(["resume", "kept", "--table", "histories.csv"]) == 2
    assert "'why' has no histories to write" in capsys.readouterr().err
    manifest = here / "kept" / "run.json"
    good = json.loads(manifest.read_text())
    (about,) = good["scenarios"]
    for change, why in (
        ({"kind": "whyy"}, "no kind of run 'whyy'. Did you mean 'why'?"),
        ({"options": {"draw": 3}}, "the options in its run.json are damaged"),
        ({"options": {}}, "the options in its run.json are damaged"),
        ({"scenarios": [{**about, "digest": "0" * 12}]}, "a scenario in its run.json is damaged"),
        ({"scenarios": [{**about, "says": {}}]}, "a scenario in its run.json is damaged"),
        ({"scenarios": [about, about]}, "the options in its run.json are damaged"),
        ({"scenarios": [{"title": "x"}]}, "its run.json is damaged"),
        ({"versions": {**good["versions"], "servanda": "0.0.1"}}, "begun by other code"),
    ):
        manifest.write_text(json.dumps({**good, **change}))
        assert run(["resume", "kept"]) == 2
        assert why in capsys.readouterr().err


def test_progress_counts_with_its_rate_and_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 10.0, 10.0, 0.0, 60.0, 7260.0])
    monkeypatch.setattr("servanda.cli.progress.monotonic", lambda: next(clock))
    with Progress(quiet=False) as progress:
        progress.live = True
        progress.show("histories", 0.0, 1000)
        progress.show("histories", 0.25, 1000)
        progress.show("putting it together", 0.5)
    assert capsys.readouterr().err.split("\r")[1:] == [  # click leaves out what steers a terminal
        "histories 0 of 1,000",
        "histories 250 of 1,000 · 25 a second · 30 s left",
        "putting it together  50%",
        "",
    ]
    with Progress(quiet=False) as progress:
        for share in (0.0, 0.001, 0.5):
            progress.show("histories", share, 100)
    assert capsys.readouterr().err.splitlines() == [
        "histories ...",
        "histories 0 of 100 · 0.1 a minute · 16.6 h left",
        "histories 50 of 100 · 0.4 a minute · 2.0 h left",
    ]
