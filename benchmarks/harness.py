"""Compare two ways of computing the same thing, on a machine that is also doing other work.

The two are timed in turn, a pair at a time, and what is reported is the median over the pairs: a
disturbance that lasts longer than a pair slows both and leaves their ratio alone.

    from harness import compare, print_table

    print_table([compare("war pass", ours, theirs, against="batched NumPy", pairs=15)])
"""

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Contest:
    """Median seconds of a call to ours and to theirs, and the median of their ratios."""

    name: str
    against: str
    ours: float
    theirs: float
    ratio: float
    low: float
    high: float
    pairs: int


def compare(
    name: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    against: str,
    pairs: int = 11,
) -> Contest:
    """Time both in turn; each is called once before, so that nothing is compiled on the clock."""
    ours()
    theirs()
    times = []
    for turn in range(pairs):
        # Who goes first alternates, so that neither always finds the other's caches.
        if turn % 2:
            second = seconds(theirs)
            times.append((seconds(ours), second))
        else:
            times.append((seconds(ours), seconds(theirs)))
    return contest_of(name, against, times)


def contest_of(name: str, against: str, times: Sequence[tuple[float, float]]) -> Contest:
    """Medians over pairs of seconds, ours and theirs."""
    ratios = sorted(theirs_s / ours_s for ours_s, theirs_s in times)
    return Contest(
        name=name,
        against=against,
        ours=median(pair[0] for pair in times),
        theirs=median(pair[1] for pair in times),
        ratio=median(ratios),
        low=ratios[len(ratios) // 10],
        high=ratios[-1 - len(ratios) // 10],
        pairs=len(times),
    )


def rate(name: str, call: Callable[[], int], *, repeats: int = 11) -> None:
    """Print how many units of work a second a call does; the call returns how many it did."""
    call()
    rates = []
    for _ in range(repeats):
        start = time.perf_counter()
        done = call()
        rates.append(done / (time.perf_counter() - start))
    rates.sort()
    print(f"{name}: {median(rates):,.0f} a second (of {repeats}: {rates[0]:,.0f}–{rates[-1]:,.0f})")


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def print_table(contests: Sequence[Contest]) -> None:
    """Print a table that can be pasted into a page of the documentation."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| what | ours | against | theirs | times faster | 80 % of pairs |")
    print("| --- | ---: | --- | ---: | ---: | --- |")
    for one in contests:
        print(
            f"| {one.name} | {_span(one.ours)} | {one.against} | {_span(one.theirs)} "
            f"| {one.ratio:.2f} | {one.low:.2f}–{one.high:.2f} ({one.pairs}) |"
        )


def _span(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"
