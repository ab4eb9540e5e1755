"""Histories in chunks: each one once, and the same whatever walks them, however often it stops."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from one_cause import scenario
from servanda import workbench
from servanda.results.histories_answer import HistoriesAnswer
from servanda.simulation import histories as whole
from servanda.simulation import history_chunks, policy_chunks
from servanda.simulation.history_chunks import LARGEST, TOGETHER, history_tasks
from servanda.solvers.histories import share_of

RISKY: dict[str, Any] = {
    "war.rearmament": {"north": {"gain": 0.9, "months": 6}},
    "issues.peace.options.treaty.value": {"north": 52, "south": 52},
    "war.costs.south": {"value": 6, "low": 3, "high": 9},
}
ASKED: dict[str, Any] = {"histories": 2_003, "policies": 5, "years": 3}


def simulated(**asked: Any) -> HistoriesAnswer:
    return workbench.simulate(scenario(RISKY), **ASKED | asked)


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """The answer of histories that are few: one thread of this process, nothing kept."""
    return simulated(threads=1).to_dict()


@pytest.fixture
def in_small_chunks(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let two thousand histories be many, in chunks of so many."""

    def cut(size: int) -> None:
        monkeypatch.setattr(whole, "MANY", 1)
        monkeypatch.setattr(history_chunks, "PARTS", ASKED["histories"])
        monkeypatch.setattr(history_chunks, "LOT", size)

    return cut


@given(policies=some.integers(1, 300), more=some.integers(0, 50_000_000))
def test_every_history_is_in_one_chunk_in_order(policies: int, more: int) -> None:
    """Chunks say as much as the plain list of all policies with their shares."""
    histories = policies + more
    sent = [np.array([k % 256], np.uint8) for k in range(policies)]
    tasks = list(
        history_tasks({}, sent, policies=policies, histories=histories, seed=1, rows=False)
    )
    assert [task.number for task in tasks] == list(range(len(tasks)))
    assert len({task.label for task in tasks}) == 1
    next_of = [0] * policies
    latest = 0
    for task in tasks:
        size = 0
        for number in range(task.first, task.first + task.count):
            assert task.specification["packed"][str(number)] is sent[number]
            assert number >= latest
            begins = task.specification["from"]
            ends = min(begins + task.specification["most"], share_of(number, policies, histories))
            assert begins == next_of[number] or ends <= begins
            next_of[number] = max(ends, next_of[number])
            size += max(ends - begins, 0)
            latest = number
        assert size <= LARGEST
        assert 1 <= task.count <= TOGETHER
    assert next_of == [share_of(number, policies, histories) for number in range(policies)]


@pytest.mark.parametrize(
    ("size", "threads"), [(200, 2), (97, 4), (50_000, 1), (1_003, 2)]
)  # 200: the shares are 401 and 400, so that a chunk of two policies is empty
def test_chunks_and_threads_change_no_bit(
    size: int, threads: int, plain: dict[str, Any], in_small_chunks: Callable[[int], None]
) -> None:
    in_small_chunks(size)
    assert simulated(threads=threads).to_dict() == plain


def test_rows_are_the_same_in_any_chunks(
    tmp_path: Path, in_small_chunks: Callable[[int], None]
) -> None:
    simulated(table=tmp_path / "few.csv", threads=1)
    in_small_chunks(97)
    run = tmp_path / "run"
    simulated(table=tmp_path / "many.csv", threads=2, run=run)
    assert (tmp_path / "many.csv").read_bytes() == (tmp_path / "few.csv").read_bytes()
    assert not list(run.glob("chunks/histories-*"))  # rows are written, not kept


def test_a_worker_may_die_over_histories(
    tmp_path: Path, plain: dict[str, Any], in_small_chunks: Callable[[int], None]
) -> None:
    run, killed = tmp_path / "run", []
    simulated(run=run)  # the policies are there, so that workers have histories only

    def kill(doing: str, share: float, /, of: int = 0) -> None:
        if of == ASKED["histories"] and share > 0.1 and not killed:
            workers = [one.pid for one in multiprocessing.active_children() if one.pid]
            assert len(workers) == 2
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    in_small_chunks(40)
    assert simulated(on="local:2", run=run, progress=kill).to_dict() == plain
    assert killed


def test_what_is_walked_is_kept_for_this_seed_and_number_alone(
    tmp_path: Path,
    plain: dict[str, Any],
    in_small_chunks: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = {"seed": 2}, {"histories": 1_999}
    fresh = [simulated(**other).to_dict() for other in others]
    run = tmp_path / "run"
    in_small_chunks(150)
    assert simulated(run=run).to_dict() == plain
    kept = {path: path.stat().st_mtime_ns for path in run.glob("chunks/histories-*")}
    assert [simulated(run=run, **other).to_dict() for other in others] == fresh
    with monkeypatch.context() as nothing_computed:
        nothing_computed.setattr(policy_chunks, "policies_in", None)
        nothing_computed.setattr(history_chunks, "simulate_histories", None)
        assert simulated(run=run).to_dict() == plain
    assert kept == {path: path.stat().st_mtime_ns for path in kept}
    assert len(kept) == 15  # of five policies, 401 or 400 histories each
    assert len(list(run.glob("chunks/histories-*"))) == 45


def test_a_story_of_a_policy_not_held_is_told_alike(
    plain: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "HELD", 0)
    assert simulated().to_dict() == plain
