"""Work shared out over threads, its results in order, so that they do not depend on how many."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

AHEAD = 4
"""Parts begun for each thread beyond what has been fetched."""


def n_workers(threads: int | None) -> int:
    """How many threads to use; None: as many as there are cores."""
    return max(1, threads if threads is not None else (os.cpu_count() or 1))


def in_threads(
    work: Callable[[int], Result], parts: Iterable[int], workers: int
) -> Iterable[Result]:
    """Results of ``work`` in the order of ``parts``; kernels let go of the interpreter lock.

    Few results wait to be fetched: memory does not grow where they are made faster than used.
    """
    tasks = list(parts)
    if workers == 1 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    begun: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for task in tasks:
                begun.append(pool.submit(work, task))
                if len(begun) > AHEAD * workers:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for one in begun:
                one.cancel()
