"""Engines: chunks of keyed work on threads here, or on a Dask cluster; the numbers are the same.

A job is a function and a plain specification, cut in chunks.  What a chunk holds depends on the
specification and on its pieces' numbers alone, so neither the engine, nor the number of threads,
nor the size of chunks, nor a worker that dies on the way changes a bit of the result.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from importlib import import_module
from typing import Any, Protocol

from servanda.errors import ProblemError
from servanda.files.runs import Arrays, Run, load_chunk, save_chunk
from servanda.simulation.progress import Progress, quiet
from servanda.solvers.threads import n_workers

THREADS = "threads"
AHEAD = 2
"""Chunks under way for each worker, so that none waits; more would only fill memory."""

Work = Callable[[Mapping[str, Any], int, int], Arrays]
"""Arrays of the pieces from ``first``, ``count`` of them: (specification, first, count)."""


@dataclass(frozen=True)
class Job:
    """Keyed work, cut in chunks.

    Attributes:
        name: of its chunks' files: letters, digits and hyphens, as ``histories``.
        work: a top-level function, as ``package.module:function``, called with the specification,
            the number of the first piece and the count of pieces; it returns named arrays.
        specification: everything else it depends on, as JSON could hold it.
        total: how many pieces.
        chunk: pieces in a chunk; the last may have fewer.
        doing: what progress says is being done.
    """

    name: str
    work: str
    specification: Mapping[str, Any]
    total: int
    chunk: int
    doing: str = ""

    def __post_init__(self) -> None:
        if self.total < 0 or self.chunk < 1:
            raise ProblemError(f"job: {self.total} pieces in chunks of {self.chunk}")


@dataclass(frozen=True)
class Task:
    """One chunk of keyed work.

    Attributes:
        label: the name of its job, "@", and a digest of everything the job's chunks depend on.
        number: of the chunk in its job.
        work: as in a `Job`.
        specification: as in a `Job`, or with what is sent along to save computing it there.
        first, count: its pieces.
    """

    label: str
    number: int
    work: str
    specification: Mapping[str, Any]
    first: int
    count: int


class Future(Protocol):
    """What an engine has promised."""

    def result(self) -> Arrays: ...


@dataclass(frozen=True)
class Engine:
    """Where chunks are computed.

    Attributes:
        submit: hand in ``work, specification, first, count``; it answers with a future.
        width: chunks that are worked on at the same time.
    """

    submit: Callable[[str, Mapping[str, Any], int, int], Future]
    width: int


def chunks(
    job: Job, engine: Engine, *, run: Run | None = None, progress: Progress = quiet
) -> Iterator[Arrays]:
    """Arrays of every chunk in order; at most a few are in memory at once.

    Args:
        job: what is to be done.
        engine: from :func:`open_engine`.
        run: where chunks are kept as soon as they are computed, and taken from when they are there.
        progress: told about pieces done.

    Raises:
        NotWrittenError: a chunk cannot be kept; the earlier ones stay.
    """
    label = f"{job.name}@{digest_of(job)}" if run is not None else job.name
    doing = job.doing or job.name
    firsts = range(0, job.total, job.chunk)
    tasks = (
        Task(label, number, job.work, job.specification, first, min(job.chunk, job.total - first))
        for number, first in enumerate(firsts)
    )
    progress(doing, 0.0, job.total)
    for first, found in zip(firsts, in_order(tasks, engine, run), strict=True):
        progress(doing, min((first + job.chunk) / job.total, 1.0), job.total)
        yield found


def in_order(tasks: Iterable[Task], engine: Engine, run: Run | None = None) -> Iterator[Arrays]:
    """Arrays of chunks in the order of tasks, which are read only a few ahead of what is done.

    Args:
        tasks: a generator may make them of the chunks of another job on the same engine.
        engine, run: as in :func:`chunks`.
    """
    pending: deque[tuple[Task, Arrays | Future]] = deque()
    waiting = iter(tasks)

    def hand_in() -> None:
        for task in waiting:
            kept: Arrays | Future | None = None
            if run is not None:
                kept = load_chunk(run, task.label, task.number)
            if kept is None:
                kept = engine.submit(task.work, task.specification, task.first, task.count)
            pending.append((task, kept))
            return

    for _ in range(AHEAD * engine.width):
        hand_in()
    while pending:
        task, found = pending.popleft()
        if not isinstance(found, dict):
            found = found.result()
            if run is not None:
                save_chunk(run, task.label, task.number, found)
        hand_in()
        yield found


@contextmanager
def open_engine(on: str = THREADS, threads: int | None = None) -> Iterator[Engine]:
    """An engine by its address.

    Args:
        on: ``threads``; ``dask`` or ``local:N`` for N worker processes of a cluster on this
            machine; ``tcp://host:port`` or ``tls://host:port`` of a Dask scheduler.
        threads: how many with ``threads``, and how many processes with ``dask``; as many as there
            are processors when left out.

    Raises:
        EngineError: no such engine, or it cannot be reached.
        NotInstalledError: Dask is not here.
    """
    if on == THREADS:
        width = n_workers(threads)
        with ThreadPoolExecutor(width) as pool:
            try:
                yield Engine(lambda *call: pool.submit(do_chunk, *call), width)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
        return
    from servanda.simulation.dask_engine import open_dask

    with open_dask(on, threads) as engine:
        yield engine


def do_chunk(work: str, specification: Mapping[str, Any], first: int, count: int) -> Arrays:
    """Compute one chunk here."""
    module, _, function = work.partition(":")
    found: Arrays = getattr(import_module(module), function)(specification, first, count)
    return found


def digest_of(job: Job) -> str:
    """Digest of everything a job's chunks depend on."""
    said = [job.work, job.specification, job.total, job.chunk]
    return blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()
