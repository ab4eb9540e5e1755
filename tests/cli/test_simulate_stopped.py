"""`servanda simulate`, stopped over policies and over histories, ends as an unbroken run does."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from time import monotonic, sleep

import pytest

from servanda.cli.main import run
from servanda.cli.progress import Progress
from servanda.files import write as writing
from servanda.simulation import histories, history_chunks

SCENARIO = "two-step-territory-and-guarantee"
MANY = ["--histories", "2000000", "--policies", "16", "--years", "1", "--quiet"]
FEW = ["--histories", "1500", "--policies", "6", "--years", "1"]

STOPS = [
    (signal.SIGKILL, "policies", 1),
    (signal.SIGINT, "histories", 3),
    (signal.SIGKILL, "histories", 9),
]
"""How it is stopped, once how many more chunks of which kind are there."""


def test_killed_over_policies_and_over_histories_it_ends_the_same(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    held: dict[str, bytes] = {}
    for how, kind, more in STOPS:
        with begun(["simulate", SCENARIO, *MANY, "--run", str(folder)], root) as process:
            until_there(folder, kind, count_of(kind, held) + more, process)
            process.send_signal(how)
            out, err = process.communicate(timeout=60)
        assert out == ""
        if how == signal.SIGINT:
            assert err.endswith(f"To go on: servanda resume {folder}\n")
            assert process.returncode == 130
        else:
            assert process.returncode == -signal.SIGKILL
        now = chunks_in(folder)
        assert held.items() <= now.items()
        held = now
    assert 12 <= count_of("histories", held) < 64
    assert run(["resume", str(folder), "--quiet", "--json"]) == 0
    resumed = capsys.readouterr().out
    unbroken = tmp_path / "unbroken"
    assert run(["simulate", SCENARIO, *MANY, "--json", "--run", str(unbroken)]) == 0
    assert capsys.readouterr().out == resumed
    now = chunks_in(folder)
    assert held.items() <= now.items()
    assert (count_of("policies", now), count_of("histories", now)) == (4, 64)
    assert not list(folder.rglob(".servanda-*"))
    rows = [tmp_path / "resumed.csv", tmp_path / "unbroken.csv"]
    for place, table in zip((folder, unbroken), rows, strict=True):
        some = ["--histories", "1000", "--table", str(table), "--run", str(place)]
        assert run(["simulate", SCENARIO, *MANY, *some]) == 0
    assert rows[0].read_bytes() == rows[1].read_bytes()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an unbroken run, in which histories are few and only policies are kept."""
    folder = tmp_path_factory.mktemp("runs") / "plain"
    assert run(["simulate", SCENARIO, *FEW, "--run", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture(params=["policies", "histories"])
def stage(
    request: pytest.FixtureRequest, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Path]:
    """What is under way, and the folder as it is then; fifteen hundred histories count as many."""
    monkeypatch.setattr(histories, "MANY", 1)
    monkeypatch.setattr(history_chunks, "LOT", 100)
    folder = tmp_path / "a run"
    if request.param == "histories":
        shutil.copytree(plain, folder)
        (folder / "summary.json").unlink()
    return request.param, folder


def test_a_full_disk_leaves_what_is_whole(
    stage: tuple[str, Path],
    plain: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind, folder = stage
    left = 2 if kind == "policies" else 5

    def sync(_: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(writing.os, "fsync", sync)
        assert run(["simulate", SCENARIO, *FEW, "--run", str(folder), "--quiet"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"cannot write '{folder}/chunks/{kind}-")
    assert first.endswith("no space left on device.")
    assert second.endswith(f"To go on: servanda resume '{folder}'")
    assert not list(folder.rglob(".servanda-*"))
    goes_on(folder, plain, capsys)


def test_stopped_by_the_user_it_says_how_to_go_on(
    stage: tuple[str, Path],
    plain: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind, folder = stage
    show = Progress.show

    def stopping(self: Progress, doing: str, share: float, /, of: int = 0) -> None:
        show(self, doing, share, of)
        if doing == histories.DOING and share > 0.0:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Progress, "show", stopping)
        assert run(["simulate", SCENARIO, *FEW, "--run", str(folder)]) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(f"To go on: servanda resume '{folder}'\n")
    assert list(folder.glob(f"chunks/{kind}-*"))
    goes_on(folder, plain, capsys)


@pytest.mark.parametrize("damage", ["cut", "of another seed", "of another place"])
def test_a_chunk_that_is_none_is_said_and_walked_again(
    damage: str,
    plain: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(histories, "MANY", 1)
    monkeypatch.setattr(history_chunks, "LOT", 100)
    folder = tmp_path / "run"
    shutil.copytree(plain, folder)
    for seed in ("2", "1"):
        asked = ["simulate", SCENARIO, *FEW, "--seed", seed, "--run", str(folder)]
        assert run([*asked, "--quiet"]) == 0
    first, second = (folder / f"chunks/histories-1500-1-00000{number}.npz" for number in (0, 1))
    good = first.read_bytes()
    other = folder / "chunks" / "histories-1500-2-000000.npz"
    first.write_bytes(
        {"cut": good[:99], "of another seed": other.read_bytes()}.get(damage, second.read_bytes())
    )
    capsys.readouterr()
    goes_on(folder, plain, capsys, f"note: {first.name} is damaged or of another run, and is")
    assert first.read_bytes() == good


def goes_on(
    folder: Path, plain: Path, capsys: pytest.CaptureFixture[str], noticing: str = ""
) -> None:
    assert run(["resume", str(folder), "--json", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == json.loads((plain / "summary.json").read_text())
    assert err.startswith(noticing)
    assert bool(err) == bool(noticing)


def begun(arguments: list[str], root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "servanda", *arguments],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until_there(folder: Path, kind: str, count: int, process: subprocess.Popen[str]) -> None:
    limit = monotonic() + 120
    while len(list(folder.glob(f"chunks/{kind}-*.npz"))) < count:
        assert process.poll() is None, "it ended too early"
        assert monotonic() < limit
        sleep(0.002)


def chunks_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("chunks/[a-z]*.npz")}


def count_of(kind: str, names: Iterable[str]) -> int:
    return sum(name.startswith(kind) for name in names)
