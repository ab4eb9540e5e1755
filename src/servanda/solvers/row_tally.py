"""Every package put into the set of single gates it fails, and the sets counted.

A package fails a set of **rows**: red lines, actors' rationality, actors' ratification. Lifting a
set of rows opens exactly the packages whose rows lie in it. Few distinct sets occur, whatever the
size of the space; from their tally follow win-sets, what each red line costs, and what stands in
the way, all exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels import package_rows as kernels
from servanda.kernels.package_walk import fresh_walk
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.obstacles import Row
from servanda.solvers.package_values import for_kernels, walk_sizes
from servanda.solvers.threads import in_threads, n_workers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MaskArray = NDArray[np.uint64]

MOST_ROWS = 64
"""Red lines and twice the actors: the bits of a word."""

CHUNK = 1 << 15
"""Packages a thread takes at a time; the answer does not depend on it."""

SLOTS = 1 << 10
"""Of the hash table at first; it doubles when half full."""


@dataclass(frozen=True, eq=False)
class RowTally:
    """How many packages fail each set of rows that occurs.

    R rows, S sets, A actors.

    Attributes
    ----------
        rows: (R,) what each bit stands for.
        owned: (A,) bits of each actor's own rows.
        red: bits of all red lines.
        sets: (S,) bits, by rising number of rows, then by value.
        counts: (S,) int packages with exactly that set.
        most: (S, A) points, the largest value of each actor among them.
        best: (S,) int the package that lacks fewest points, then with the largest smallest room.
        lacks: (S,) points it lacks, all actors together; infinite when no payment could help.
        near: (A,) int the package nearest to each actor's acceptance, others' coming first; -1
            for actors without a veto, and when there is no package.
        near_lacks: (A,) points of value the actor lacks there.
    """

    rows: tuple[Row, ...]
    owned: tuple[int, ...]
    red: int
    sets: tuple[int, ...]
    counts: IntArray
    most: FloatArray
    best: IntArray
    lacks: FloatArray
    near: IntArray
    near_lacks: FloatArray

    @property
    def packages(self) -> int:
        """How many are on the table."""
        return int(self.counts.sum())

    def accepted(self, bits: int) -> int:
        """Packages that fail none of these rows."""
        return sum(
            int(count)
            for failed, count in zip(self.sets, self.counts, strict=True)
            if not failed & bits
        )

    def named(self, bits: int) -> tuple[Row, ...]:
        """The rows whose bits are set."""
        return tuple(row for place, row in enumerate(self.rows) if bits >> place & 1)


def tally_rows(
    problem: PackageProblem, *, tolerance: float = TOLERANCE, threads: int | None = None
) -> RowTally:
    """Put every package on the table into the set of rows it fails."""
    _check_bits(problem)
    rows, owned = rows_of(problem)
    n_actors = len(problem.actors)
    red = (1 << len(problem.red_lines)) - 1
    own = np.array(owned, dtype=np.uint64)

    def tally(start: int) -> tuple[Any, ...]:
        found, packages, failed, values, room = failing_rows(problem, start, tolerance)
        slots = SLOTS
        while True:
            keys, counts = np.zeros(slots, dtype=np.uint64), np.zeros(slots, dtype=np.int64)
            most, best = np.empty((slots, n_actors)), np.full(slots, -1, dtype=np.int64)
            rank = np.zeros((slots, 2))
            near, near_rank = np.full(n_actors, -1, dtype=np.int64), np.zeros((n_actors, 4))
            used = kernels.tally_rows(
                found,
                packages,
                failed,
                values,
                room,
                problem.parties,
                own,
                np.uint64(red),
                keys,
                counts,
                most,
                best,
                rank,
                near,
                near_rank,
            )
            if used >= 0:
                break
            slots *= 2
        filled = np.flatnonzero(counts)
        table = (keys[filled], counts[filled], most[filled], best[filled], rank[filled])
        return table, near, near_rank

    sets: dict[int, list[Any]] = {}
    near, near_rank = np.full(n_actors, -1, dtype=np.int64), np.full((n_actors, 4), np.inf)
    starts = range(0, problem.n_packages, CHUNK)
    for table, part_near, part_rank in in_threads(tally, starts, n_workers(threads)):
        for key, count, most, best, rank in zip(*table, strict=True):
            _add(sets, int(key), [int(count), most, int(best), tuple(rank)])
        for i in np.flatnonzero(part_near >= 0):
            if near[i] < 0 or tuple(part_rank[i]) < tuple(near_rank[i]):
                near[i], near_rank[i] = part_near[i], part_rank[i]
    order = sorted(sets, key=lambda bits: (bits.bit_count(), bits))
    kept = [sets[bits] for bits in order]
    return RowTally(
        rows=rows,
        owned=owned,
        red=red,
        sets=tuple(order),
        counts=np.array([one[0] for one in kept], dtype=np.int64),
        most=np.array([one[1] for one in kept]).reshape(len(kept), n_actors),
        best=np.array([one[2] for one in kept], dtype=np.int64),
        lacks=np.array([one[3][0] for one in kept]),
        near=near,
        near_lacks=np.where(near >= 0, near_rank[:, 2], np.nan),
    )


def rooms(
    problem: PackageProblem, *, tolerance: float = TOLERANCE, threads: int | None = None
) -> Iterator[tuple[IntArray, FloatArray]]:
    """Packages that break no red line (N,) and what every actor can spare (N, A), chunk by chunk.

    Packages for which no payment could make every leader sign are left out.
    """
    _check_bits(problem)
    red = np.uint64((1 << len(problem.red_lines)) - 1)

    def part(start: int) -> tuple[IntArray, FloatArray]:
        found, packages, failed, _, room = failing_rows(problem, start, tolerance)
        free = ((failed[:found] & red) == 0) & np.isfinite(room[:found]).all(axis=1)
        return packages[:found][free], room[:found][free]

    yield from in_threads(part, range(0, problem.n_packages, CHUNK), n_workers(threads))


def rows_of(problem: PackageProblem) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    """What each bit stands for, and the bits of each actor's own rows."""
    n_red, n_actors = len(problem.red_lines), len(problem.actors)
    owners = problem.red_line_owner.tolist()
    rows = [
        Row("red-lines", label, problem.actors[owner])
        for label, owner in zip(problem.red_line_labels, owners, strict=True)
    ]
    rows += [Row("individual-rationality", name, name) for name in problem.actors]
    rows += [Row("ratification", name, name) for name in problem.actors]
    owned = [1 << (n_red + i) | 1 << (n_red + n_actors + i) for i in range(n_actors)]
    for line, owner in enumerate(owners):
        owned[owner] |= 1 << line
    return tuple(rows), tuple(owned)


def failing_rows(
    problem: PackageProblem, start: int, tolerance: float, count: int | None = None
) -> tuple[int, IntArray, MaskArray, FloatArray, FloatArray]:
    """Packages on the table from ``start`` on, a chunk (or ``count``) of numbers.

    Returns how many there are, and (N, ...) arrays of which so many are filled: their numbers, the
    bits they fail, values and room in points.
    """
    n_red, n_actors = len(problem.red_lines), len(problem.actors)
    stop = min(start + (CHUNK if count is None else count), problem.n_packages)
    size = stop - start
    packages, failed = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.uint64)
    values, room = np.empty((size, n_actors)), np.empty((size, n_actors))
    packed = for_kernels(problem)
    found = kernels.failing_rows(
        start,
        stop,
        packed,
        fresh_walk(*walk_sizes(packed)),
        n_red,
        tolerance,
        packages,
        failed,
        values,
        room,
    )
    return found, packages, failed, values, room


def rows_failed_by(problem: PackageProblem, package: int, tolerance: float) -> int | None:
    """Bits of the rows that one package fails; None when it is not on the table."""
    _check_bits(problem)
    found, _, failed, _, _ = failing_rows(problem, package, tolerance, 1)
    return int(failed[0]) if found else None


def _check_bits(problem: PackageProblem) -> None:
    n_red, n_actors = len(problem.red_lines), len(problem.actors)
    if n_red + 2 * n_actors > MOST_ROWS:
        raise ProblemError(
            f"red lines: {n_red} and twice {n_actors} actors are {n_red + 2 * n_actors} gates; at "
            f"most {MOST_ROWS} can be told apart when packages are counted"
        )


def _add(sets: dict[int, list[Any]], key: int, part: list[Any]) -> None:
    """Add a chunk's count of one set of rows; the best of the earlier chunk wins ties."""
    if key not in sets:
        sets[key] = part
        return
    kept = sets[key]
    kept[0] += part[0]
    kept[1] = np.maximum(kept[1], part[1])
    if part[3] < kept[3]:
        kept[2], kept[3] = part[2], part[3]
