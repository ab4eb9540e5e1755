"""Engines: the same numbers whatever does the work, in whatever chunks, whoever dies on the way."""

import socket
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from keyed_work import fighting_on_job, same, whole
from servanda.errors import EngineError, NotInstalledError, ProblemError
from servanda.simulation import dask_engine
from servanda.simulation.engines import AHEAD, Engine, Job, chunks, do_chunk, open_engine
from servanda.simulation.versions import versions


@pytest.mark.parametrize(("chunk", "threads"), [(1, 2), (5, 1), (7, 4), (23, 2), (50, 3)])
def test_numbers_depend_on_neither_chunks_nor_threads(chunk: int, threads: int) -> None:
    plain = do_chunk("keyed_work:fighting_on", fighting_on_job().specification, 0, 23)
    assert same(whole(fighting_on_job(23, chunk), threads=threads), plain)


def test_worker_processes_give_the_same_numbers_though_one_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scar = tmp_path / "scar"
    job = fighting_on_job(40, 2, deadly=12, scar=str(scar))
    with open_engine("local:2") as engine:
        assert engine.width == 2
        parts = list(chunks(job, engine))
        assert scar.exists()
        assert [len(part["theta"]) for part in parts] == [2] * 20
        found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        assert same(found, whole(fighting_on_job(40, 40)))

        cannot = Job("refused", "keyed_work:refused", {"what": "nothing"}, 1, 1)
        with pytest.raises(EngineError, match="no piece '0 of nothing'"):
            list(chunks(cannot, engine))

        asked = {**versions(), "servanda": "9.9"}
        monkeypatch.setattr(dask_engine, "versions", lambda: asked)
        with pytest.raises(EngineError, match=r"other code.*servanda 0.*asked by 9\.9"):
            list(chunks(job, engine))


def test_only_a_few_chunks_are_under_way() -> None:
    under_way = most = 0

    class Counted:
        def result(self) -> dict[str, np.ndarray]:
            nonlocal under_way
            under_way -= 1
            return {"nothing": np.zeros(1)}

    def submit(*_: object) -> Counted:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        return Counted()

    engine = Engine(submit, width=3)
    assert len(list(chunks(Job("counted", "", {}, 1000, 10), engine))) == 100
    assert most == AHEAD * 3
    assert under_way == 0


def test_progress_counts_pieces() -> None:
    seen: list[tuple[str, float, int]] = []

    def note(doing: str, share: float, /, of: int = 0) -> None:
        seen.append((doing, share, of))

    whole(fighting_on_job(10, 4), progress=note)
    assert seen == [("fighting-on", share, 10) for share in (0.0, 0.4, 0.8, 1.0)]


def test_a_job_of_nothing_has_no_chunks_and_an_impossible_one_is_refused() -> None:
    with open_engine(threads=1) as engine:
        assert list(chunks(fighting_on_job(0, 5), engine)) == []
    with pytest.raises(ProblemError, match="-1 pieces"):
        fighting_on_job(-1, 5)
    with pytest.raises(ProblemError, match="chunks of 0"):
        fighting_on_job(5, 0)


@pytest.mark.parametrize("on", ["spark", "local:0", "local:9999", "tcp://x", "", "http://a:1"])
def test_an_unknown_engine_is_refused(on: str) -> None:
    with pytest.raises(EngineError, match="Known: threads, dask, local:N"), open_engine(on):
        pass


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(NotInstalledError, match=r"pip install 'servanda\[dask\]'"),
        open_engine("dask"),
    ):
        pass


@pytest.mark.parametrize("listens", [False, True])
def test_what_does_not_answer_is_given_up(listens: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "PATIENCE", 0.3)
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        if listens:
            silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        unanswered = f"no Dask scheduler answers at '{address}'"
        with pytest.raises(EngineError, match=unanswered), open_engine(address):
            pass


def test_a_scheduler_at_an_address_is_used_once_it_has_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(dask_engine, "PATIENCE", 2)
    with LocalCluster(
        n_workers=0,
        threads_per_worker=2,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
    ) as cluster:
        address = cluster.scheduler_address
        none = f"'{address}' has no workers"
        with pytest.raises(EngineError, match=none), open_engine(address):
            pass
        cluster.scale(1)
        found = whole(fighting_on_job(12, 3), on=address)
    assert same(found, whole(fighting_on_job(12, 5)))
