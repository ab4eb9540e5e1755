"""Work shared out over threads, its results in order, so that they do not depend on how many."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def n_workers(threads: int | None) -> int:
    """How many threads to use; None: as many as there are cores."""
    return max(1, threads if threads is not None else (os.cpu_count() or 1))


def in_threads(
    work: Callable[[int], Result], parts: Iterable[int], workers: int
) -> Iterable[Result]:
    """Results of ``work`` in the order of ``parts``; kernels let go of the interpreter lock."""
    tasks = list(parts)
    if workers == 1 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(work, tasks)
