"""The Dask engine: worker processes on this machine, or a scheduler at an address.

Dask and what it needs are imported when it is asked for; ``pip install 'servanda[dask]'`` brings
them.  A chunk that a dying worker held is given to another one, and holds the same numbers.
"""

from __future__ import annotations

import asyncio
import logging
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from servanda.errors import EngineError, NotInstalledError, ServandaError, printable, shortened
from servanda.files.runs import Arrays
from servanda.simulation.engines import Engine, do_chunk
from servanda.simulation.versions import versions
from servanda.solvers.threads import n_workers

PATIENCE = 10
"""Seconds to wait for a scheduler, and then for its first worker."""

MOST_WORKERS = 256

_LOCAL = re.compile(r"local:([0-9]{1,9})")
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:[0-9]{1,5}")


@dataclass(frozen=True)
class Refused:
    """What a worker sends back in place of a chunk."""

    why: str


@dataclass(frozen=True)
class Promise:
    """A chunk that the cluster has been asked for."""

    future: Any

    def result(self) -> Arrays:
        try:
            found = self.future.result()
        except ImportError as error:
            raise EngineError(
                f"a worker cannot run this Servanda ({_said(error)}): install the same version "
                "on every worker"
            ) from error
        except Exception as error:
            if type(error).__name__ == "KilledWorker":
                why = "workers died over the same chunk again and again; they may lack memory"
                raise EngineError(why) from error
            if type(error).__module__.partition(".")[0] in ("distributed", "concurrent", "asyncio"):
                raise EngineError(f"the cluster gave up: {_said(error)}") from error
            raise
        if isinstance(found, Refused):
            raise EngineError(found.why)
        arrays: Arrays = found
        return arrays


@contextmanager
def open_dask(on: str, threads: int | None) -> Iterator[Engine]:
    """A Dask cluster: ``dask``, ``local:N``, ``tcp://host:port`` or ``tls://host:port``.

    Raises:
        EngineError: no such engine; the scheduler cannot be reached or has no workers.
        NotInstalledError: Dask is not here.
    """
    workers = _local_workers(on, threads)
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise NotInstalledError(f"the engine '{printable(on)}'", "distributed", "dask") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        where = stack.enter_context(_local(dask, workers)) if workers else on
        client = stack.enter_context(_client(dask, where))
        width = max(sum(client.nthreads().values()), 1)
        yield Engine(lambda *call: _submit(client, *call), width)


def _local_workers(on: str, threads: int | None) -> int:
    """Processes to start here; 0 for a scheduler at an address."""
    local = _LOCAL.fullmatch(on)
    if on == "dask":
        return n_workers(threads)
    if local and 1 <= int(local[1]) <= MOST_WORKERS:
        return int(local[1])
    if _ADDRESS.fullmatch(on):
        return 0
    raise EngineError(
        f"no engine '{printable(shortened(on, 60))}'. Known: threads, dask, local:N (N from 1 to "
        f"{MOST_WORKERS}), tcp://host:port, tls://host:port"
    )


def _local(dask: Any, workers: int) -> Any:
    """Processes that listen on this machine alone, without a dashboard."""
    with _not_interrupted():
        return dask.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
        )


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Let processes that start here leave Ctrl-C to the one that started them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _client(dask: Any, where: Any) -> Iterator[Any]:
    at = f"'{printable(where)}'" if isinstance(where, str) else "this machine"
    try:
        if isinstance(where, str):
            asyncio.run(asyncio.wait_for(_greet(dask, where), PATIENCE + 1))
        client = dask.Client(where, timeout=PATIENCE, set_as_default=False)
    except Exception as error:  # whatever listens there may answer anything
        raise EngineError(f"no Dask scheduler answers at {at}: {_said(error)}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise EngineError(f"the Dask scheduler at {at} has no workers") from error
        yield client


async def _greet(dask: Any, address: str) -> None:
    """Fail where what listens is no scheduler; a client that fails to start would not let go."""
    how = dask.Security().get_connection_args("client")
    comm = await dask.core.connect(address, timeout=PATIENCE, **how)
    await comm.close()


def _submit(
    client: Any, work: str, specification: Mapping[str, Any], first: int, count: int
) -> Promise:
    call = (versions(), work, dict(specification), first, count)
    return Promise(client.submit(chunk_on_worker, *call, pure=False))


def chunk_on_worker(
    expected: Mapping[str, str],
    work: str,
    specification: Mapping[str, Any],
    first: int,
    count: int,
) -> Arrays | Refused:
    """Compute one chunk, if the code here is that of whoever asks."""
    here = versions()
    differ = [
        f"{name} {here.get(name)} (asked by {value})"
        for name, value in expected.items()
        if here.get(name) != value
    ]
    if differ:
        return Refused(
            "a worker runs other code, which may give other numbers: " + ", ".join(differ)
        )
    try:
        return do_chunk(work, specification, first, count)
    except ServandaError as error:
        return Refused(str(error))


def _said(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return printable(shortened(text or type(error).__name__, 200))
