"""Run folders: what is whole is kept, what is not is computed again, what is another's is left."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from keyed_work import CHUNK, TOTAL, fighting_on_job, same, whole
from servanda.errors import NotWrittenError, RunError
from servanda.files import write
from servanda.files.run_tables import write_summary
from servanda.files.runs import (
    CHUNKS,
    LOCK,
    MANIFEST,
    SCHEMA,
    Manifest,
    Subject,
    chunk_path,
    load_chunk,
    open_run,
    read_manifest,
    save_chunk,
)
from servanda.simulation.engines import chunks, open_engine

UPLANDS = Subject("Uplands", "0123456789ab", {"title": "Uplands"})
DELTA = Subject("Delta", "f" * 12, {"title": "Delta"})
WANTED = Manifest(
    kind="fighting-on",
    scenarios=(UPLANDS,),
    options={"seed": 7, "draws": 30},
    versions={"servanda": "0.1.0", "code": "aa", "numpy": "2"},
)
JOB = "orders@0011"
ARRAYS = {
    "margins": np.linspace(0.0, 1.0, 12).reshape(4, 3),
    "kept": np.array([True, False]),
    "names": np.array(["a", "bc"]),
    "nothing": np.zeros((0, 2)),
}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- chunks --------------------------------------------------------------------------------------


def test_a_chunk_comes_back_as_it_was(tmp_path: Path) -> None:
    with open_run(tmp_path / "run", WANTED) as run:
        assert load_chunk(run, JOB, 3) is None
        save_chunk(run, JOB, 3, ARRAYS)
        found = load_chunk(run, JOB, 3)
    assert found is not None
    assert same(found, ARRAYS)
    assert (tmp_path / "run" / "chunks" / "orders-000003.npz").is_file()


def test_no_damage_goes_unseen(tmp_path: Path) -> None:
    heard: list[str] = []
    with open_run(tmp_path / "run", WANTED, heard.append) as run:
        save_chunk(run, JOB, 0, ARRAYS)
        place = chunk_path(run.folder, JOB, 0)
        good = place.read_bytes()
        dice = random.Random(5)
        for cut in [0, 1, len(good) // 2, len(good) - 1]:
            place.write_bytes(good[:cut])
            assert load_chunk(run, JOB, 0) is None
        for _ in range(300):
            bad = bytearray(good)
            bad[dice.randrange(len(bad))] ^= 1 << dice.randrange(8)
            place.write_bytes(bad)
            assert load_chunk(run, JOB, 0) is None
        place.write_bytes(good + b"\n")
        assert load_chunk(run, JOB, 0) is None
        assert set(heard) == {
            "orders-000000.npz is damaged or of another run, and is computed again"
        }
        assert len(heard) == 305
        place.write_bytes(good)
        assert load_chunk(run, JOB, 0) is not None


def test_a_chunk_of_another_run_place_or_job_is_foreign(tmp_path: Path) -> None:
    heard: list[str] = []
    other = replace(WANTED, options={"seed": 8, "draws": 30})
    with open_run(tmp_path / "other", other) as run:
        save_chunk(run, JOB, 0, ARRAYS)
    with open_run(tmp_path / "run", WANTED, heard.append) as run:
        place = chunk_path(run.folder, JOB, 0)
        place.write_bytes(chunk_path(tmp_path / "other", JOB, 0).read_bytes())
        assert load_chunk(run, JOB, 0) is None
        save_chunk(run, JOB, 1, ARRAYS)
        place.write_bytes(chunk_path(run.folder, JOB, 1).read_bytes())
        assert load_chunk(run, JOB, 0) is None
        save_chunk(run, "orders@2233", 0, ARRAYS)
        assert load_chunk(run, JOB, 0) is None
        place.write_bytes(b"PK no archive")
        assert load_chunk(run, JOB, 0) is None
    assert len(heard) == 4


def test_objects_are_not_kept(tmp_path: Path) -> None:
    with open_run(tmp_path / "run", WANTED) as run, pytest.raises(ValueError, match="pickle"):
        save_chunk(run, JOB, 0, {"object": np.array([{}], object)})


def test_names_of_jobs_are_file_names(tmp_path: Path) -> None:
    names = ["moved-1-a.b", "moved-1-a/b", "../../out", "ä" * 300, "moved-1-a-b"]
    places = [chunk_path(tmp_path, f"{name}@1", 0) for name in names]
    assert len(set(places)) == len(names)
    assert all(place.parent == tmp_path / CHUNKS for place in places)
    assert all(len(place.name) < 80 and place.name.isascii() for place in places)


# --- the folder ----------------------------------------------------------------------------------


def test_a_run_goes_on_and_may_begin_in_an_empty_folder(tmp_path: Path) -> None:
    for _ in range(2):
        with open_run(tmp_path, WANTED) as run:
            save_chunk(run, JOB, 0, ARRAYS)
        assert read_manifest(tmp_path).id == WANTED.id


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "why"}, "it answers 'fighting-on', not 'why'"),
        ({"scenarios": (DELTA,)}, r"it is about 'Uplands' \(0123456789ab\), not 'Delta'"),
        ({"scenarios": (UPLANDS, DELTA)}, "it is about 'Uplands' .*, not 'Uplands' .* and 'Delta'"),
        ({"options": {"seed": 8, "draws": 30}}, "its seed is 7, not 8"),
        ({"options": {"seed": 7, "draws": 30, "order": "x"}}, 'its order is null, not "x"'),
        ({"versions": {**WANTED.versions, "code": "bb"}}, r"other code.*code aa \(here bb\)"),
        ({"versions": {**WANTED.versions, "servanda": "0.2"}}, "other code.*servanda 0.1.0"),
    ],
)
def test_another_run_is_refused_and_left_as_it_is(
    tmp_path: Path, change: dict[str, object], why: str
) -> None:
    with open_run(tmp_path, WANTED) as run:
        save_chunk(run, JOB, 0, ARRAYS)
    before = contents(tmp_path)
    with (
        pytest.raises(RunError, match=why) as raised,
        open_run(tmp_path, replace(WANTED, **change)),
    ):
        pass
    assert "nothing was changed" in str(raised.value)
    before.pop(str(tmp_path / LOCK))
    after = contents(tmp_path)
    after.pop(str(tmp_path / LOCK))
    assert after == before


def test_a_run_about_two_scenarios_is_one_about_these_two_in_this_order(tmp_path: Path) -> None:
    pair = replace(WANTED, scenarios=(UPLANDS, DELTA))
    with open_run(tmp_path, pair) as run:
        save_chunk(run, JOB, 0, ARRAYS)
    assert read_manifest(tmp_path) == pair
    turned = replace(pair, scenarios=(DELTA, UPLANDS))
    assert len({WANTED.id, pair.id, turned.id}) == 3
    with (
        pytest.raises(RunError, match=r"about 'Uplands' .* and 'Delta' .*, not 'Delta' .* and"),
        open_run(tmp_path, turned),
    ):
        pass


def test_other_code_may_take_over_a_run_in_which_nothing_is_computed(tmp_path: Path) -> None:
    with open_run(tmp_path, WANTED):
        pass
    newer = replace(WANTED, versions={**WANTED.versions, "code": "bb"})
    with open_run(tmp_path, newer):
        pass
    assert read_manifest(tmp_path).versions == newer.versions


def test_another_numpy_is_said(tmp_path: Path) -> None:
    with open_run(tmp_path, WANTED) as run:
        save_chunk(run, JOB, 0, ARRAYS)
    heard: list[str] = []
    newer = replace(WANTED, versions={**WANTED.versions, "numpy": "3"})
    with open_run(tmp_path, newer, heard.append) as run:
        found = load_chunk(run, JOB, 0)
    assert found is not None
    assert heard == ["this run was begun with numpy 2 (here 3); last digits may differ"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("dear all")
    for place, why in (
        (tmp_path, "is not empty and not the folder of a run"),
        (letter, "is not a folder"),
        (tmp_path / "no" / "run", "there is no folder"),
        (tmp_path / "a\0b", "null"),
    ):
        with pytest.raises((RunError, NotWrittenError), match=why), open_run(place, WANTED):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(RunError, match=r"it has no run\.json"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "damaged or of another program"),
        ("{}", "damaged or of another program"),
        ("[" * 100_000, "damaged or of another program"),
        (json.dumps({"schema": SCHEMA, "kind": "why"}), "damaged or of another program"),
        (
            json.dumps({"schema": SCHEMA + 1}),
            f"of schema {SCHEMA + 1}; this version reads {SCHEMA}",
        ),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(RunError, match=why):
        read_manifest(tmp_path)
    with pytest.raises(RunError, match=why), open_run(tmp_path, WANTED):
        pass
    assert (tmp_path / MANIFEST).read_text() == text


def test_two_do_not_write_in_one_folder(tmp_path: Path) -> None:
    in_use = f"in use by process {os.getpid()} on "
    with (
        open_run(tmp_path, WANTED),
        pytest.raises(RunError, match=in_use),
        open_run(tmp_path, WANTED),
    ):
        pass
    (tmp_path / LOCK).write_text("process 1 on nowhere\n")  # of one that died
    (tmp_path / CHUNKS / ".servanda-half").write_text("a chunk that was not finished")
    with open_run(tmp_path, WANTED):
        assert f"process {os.getpid()} on " in (tmp_path / LOCK).read_text()
    assert not list(tmp_path.rglob(".servanda-*"))


def test_a_full_disk_leaves_what_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_run(tmp_path, WANTED) as run:
        written = 0

        def sync(_: int) -> None:
            nonlocal written
            written += 1
            if written > 3:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(write.os, "fsync", sync)
        with pytest.raises(NotWrittenError, match="no space left on device"):
            whole(fighting_on_job(), run=run)
    monkeypatch.undo()
    assert sorted(path.name for path in (tmp_path / CHUNKS).iterdir()) == [
        f"fighting-on-{number:06d}.npz" for number in range(3)
    ]
    with open_run(tmp_path, WANTED) as run:
        assert same(whole(fighting_on_job(), run=run), whole(fighting_on_job()))


def test_a_folder_that_may_not_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(NotWrittenError, match="permission denied"), open_run(tmp_path, WANTED):
        pass
    monkeypatch.undo()
    with open_run(tmp_path, WANTED):
        pass
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(NotWrittenError, match="permission denied"), open_run(tmp_path, WANTED):
        pass


# --- whole runs ----------------------------------------------------------------------------------


def test_what_is_there_is_not_computed_again(tmp_path: Path) -> None:
    job = fighting_on_job(12, 2)
    with open_run(tmp_path, WANTED) as run:
        first = whole(job, run=run)
        before = contents(tmp_path / CHUNKS)
        (tmp_path / CHUNKS / "fighting-on-000002.npz").unlink()
        with open_engine(threads=1) as engine:
            asked: list[int] = []

            def submit(*call: object) -> object:
                asked.append(int(str(call[2])))
                return engine.submit(*call)  # type: ignore[arg-type]

            parts = list(chunks(job, replace(engine, submit=submit), run=run))
        assert asked == [4]
        assert same({n: np.concatenate([part[n] for part in parts]) for n in first}, first)
        assert contents(tmp_path / CHUNKS) == before


def test_tables_are_read_back(tmp_path: Path) -> None:
    from pyarrow import parquet

    table = {"path": ["a", "=b"], "share": np.array([0.1, np.nan]), "kept": [True, False]}
    with open_run(tmp_path, WANTED) as run:
        write_summary(run, {"share": 0.1}, {"numbers": table})
    assert json.loads((tmp_path / "summary.json").read_text()) == {"share": 0.1}
    lines = (tmp_path / "numbers.csv").read_text().splitlines()
    assert lines == ["path,share,kept", "a,0.1,True", "'=b,,False"]
    found = parquet.read_table(tmp_path / "numbers.parquet").to_pydict()
    assert found["path"] == table["path"]
    assert found["kept"] == table["kept"]
    assert found["share"][0] == 0.1


def test_killed_at_any_moment_it_goes_on_to_the_same_numbers(tmp_path: Path, root: Path) -> None:
    folder, dice = tmp_path / "run", random.Random(11)
    held: dict[str, bytes] = {}
    for kill in range(3):
        with begun(folder, root) as process:
            until_there(folder, 4 + 9 * kill, process)
            sleep(0.1 * dice.random())
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        now = whole_chunks(folder)
        assert held.items() <= now.items()
        held = now
    assert len(held) < TOTAL / CHUNK
    with begun(folder, root) as process:
        said, _ = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, "")
    now = whole_chunks(folder)
    assert sorted(now) == [f"fighting-on-{number:06d}.npz" for number in range(TOTAL // CHUNK)]
    assert held.items() <= now.items()
    assert {path.name for path in folder.iterdir()} == {CHUNKS, LOCK, MANIFEST}
    with open_run(folder, read_manifest(folder)) as run:
        assert same(whole(fighting_on_job(pause=0.01), run=run), whole(fighting_on_job()))
    assert whole_chunks(folder) == now


def begun(folder: Path, root: Path) -> subprocess.Popen[str]:
    places = os.pathsep.join([str(root / "src"), str(root / "tests")])
    return subprocess.Popen(
        [sys.executable, "-m", "keyed_work", str(folder)],
        env={**os.environ, "PYTHONPATH": places},
        stdout=subprocess.PIPE,
        text=True,
    )


def until_there(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    limit = monotonic() + 60
    while len(whole_chunks(folder)) < count:
        assert process.poll() is None, "it ended too early"
        assert monotonic() < limit
        sleep(0.002)


def whole_chunks(folder: Path) -> dict[str, bytes]:
    places = (folder / CHUNKS).glob("[a-z]*.npz") if folder.exists() else []
    return {path.name: path.read_bytes() for path in places}
