"""What is a war worth to each actor?

Exact expected value of every outbreak, computed by one forward pass per front (the product formula
of `servanda.kernels.war`), to a stated tolerance and with the bound reached.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.kernels import war as kernel
from servanda.kernels.war_arrays import OutbreakArrays, SettingArrays
from servanda.problems.war import Outbreaks, WarSettings, check_together

HORIZON = 120
"""Months of war after which rates no longer drift, unless said otherwise."""

MOST_MONTHS = 100_000
"""Months after which a sum stops although the tolerance is not reached."""

CHUNK = 256  # rows a thread takes at once


def war_values(
    settings: WarSettings,
    outbreaks: Outbreaks,
    *,
    tolerance: float = 1e-6,
    horizon: int = HORIZON,
    threads: int | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Normalised value of each war to every actor.

    Parameters
    ----------
    tolerance : discounted probability of still being at war at which the sum may stop.
    horizon : months of war after which rates no longer drift.
    threads : workers; None takes the processors this process may use. The answer is the same, bit
        by bit, for any number.

    Returns
    -------
    values : (R, A), NaN for an actor whose discount factor is 1.
    bound : (R,), times the span of the values the largest error possible.
    """
    check_together(settings, outbreaks)
    setting_arrays, outbreak_arrays = arrays_of(settings, outbreaks)
    values = np.empty((len(outbreaks), settings.discount.shape[1]))
    bound = np.empty(len(outbreaks))

    def work(first: int) -> None:
        rows = slice(first, first + CHUNK)
        kernel.war_values(
            setting_arrays,
            OutbreakArrays._make(array[rows] for array in outbreak_arrays),
            tolerance,
            horizon,
            MOST_MONTHS,
            values[rows],
            bound[rows],
        )

    firsts = range(0, len(outbreaks), CHUNK)
    workers = min(threads or _processors(), len(firsts))
    if workers <= 1:
        for first in firsts:
            work(first)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, firsts))
    return values, bound


def arrays_of(settings: WarSettings, outbreaks: Outbreaks) -> tuple[SettingArrays, OutbreakArrays]:
    """The same arrays, as the kernel takes them."""

    def take(problem: Any, names: tuple[str, ...]) -> list[Any]:
        return [getattr(problem, name) for name in names]

    return (
        SettingArrays(*take(settings, SettingArrays._fields)),
        OutbreakArrays(*take(outbreaks, OutbreakArrays._fields)),
    )


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
