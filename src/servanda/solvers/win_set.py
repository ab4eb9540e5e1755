"""Win-sets: what each actor would accept, what each pair would, and what all would.

Putnam (1988) calls the agreements a side's constituents would ratify its win-set. An actor accepts
a package that breaks none of its own red lines, leaves it no worse than no deal, and that its
leader would sign. What all accept is the zone of possible agreement; per issue, the options that
some package in the zone holds are still open, given that the rest may move. What a red line costs
is what would open without it, and nothing else changed.

Reference: Putnam (1988), Diplomacy and domestic politics, International Organization 42(3).
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.obstacles import RedLineCost, WinSets
from servanda.solvers.funnel import ENUMERATION_LIMIT
from servanda.solvers.package_values import deal_of, strides_of
from servanda.solvers.row_tally import CHUNK, RowTally, failing_rows, rows_failed_by, tally_rows
from servanda.solvers.threads import in_threads, n_workers

IntArray = NDArray[np.int64]


def win_sets(
    problem: PackageProblem,
    given: int | None = None,
    *,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> WinSets:
    """Win-sets of the actors, the options still open, and what each red line costs.

    Parameters
    ----------
        problem: packages, values, gates.
        given: number of a package in the zone; then the options each issue could change to alone
            are reported too.
        tolerance: points; a gain of at least minus this is accepted.
        threads: how many; None: as many as there are cores. The answer does not depend on it.

    Raises
    ------
        ProblemError: too many packages to enumerate, or too many gates to tell apart.
    """
    if problem.n_packages > ENUMERATION_LIMIT:
        raise ProblemError(
            f"packages: {problem.n_packages} are too many to enumerate ({ENUMERATION_LIMIT})"
        )
    tally = tally_rows(problem, tolerance=tolerance, threads=threads)
    actors = problem.actors
    both = np.array([[tally.accepted(a | b) for b in tally.owned] for a in tally.owned])
    opened = _held_options(problem, tally, tolerance, threads)
    return WinSets(
        actors=actors,
        issues=problem.issues,
        packages=tally.packages,
        accepts={name: int(both[i, i]) for i, name in enumerate(actors)},
        both_accept=both.astype(np.int64),
        all_accept=tally.accepted(-1),
        open_options={
            issue: dict(zip(names, opened[0, j].tolist(), strict=False))
            for j, (issue, names) in enumerate(zip(problem.issues, problem.options, strict=True))
        },
        alone_open={} if given is None else _alone_open(problem, given, tolerance),
        red_lines=tuple(
            _cost(problem, tally, line, opened) for line in range(len(problem.red_lines))
        ),
    )


def _held_options(
    problem: PackageProblem, tally: RowTally, tolerance: float, threads: int | None
) -> IntArray:
    """(1+F, J, O) packages that hold each option: in the zone, then opened by each line alone."""
    n_red, n_most = len(problem.red_lines), int(problem.n_options.max())
    wanted = [0, *(1 << line for line in range(n_red))]
    strides = strides_of(problem)
    held = np.zeros((1 + n_red, len(problem.issues), n_most), dtype=np.int64)
    if not set(wanted) & set(tally.sets):
        return held

    def count(start: int) -> IntArray:
        found, packages, failed, _, _ = failing_rows(problem, start, tolerance)
        part = np.zeros_like(held)
        for place, bits in enumerate(wanted):
            numbers = packages[:found][failed[:found] == bits]
            if len(numbers):
                chosen = (numbers[:, np.newaxis] // strides) % problem.n_options
                for j in range(len(problem.issues)):
                    part[place, j] = np.bincount(chosen[:, j], minlength=n_most)
        return part

    starts = range(0, problem.n_packages, CHUNK)
    for part in in_threads(count, starts, n_workers(threads)):
        held += part
    return held


def _alone_open(
    problem: PackageProblem, given: int, tolerance: float
) -> dict[str, tuple[str, ...]]:
    """Options of each issue that keep a package in the zone when only they change."""
    chosen = list(problem.chosen(given))
    if rows_failed_by(problem, given, tolerance) != 0:
        raise ProblemError(f"package {given}: is not in the zone of possible agreement")
    open_: dict[str, list[str]] = {issue: [] for issue in problem.issues}
    for j, (issue, names) in enumerate(zip(problem.issues, problem.options, strict=True)):
        for option, name in enumerate(names):
            changed = problem.number([*chosen[:j], option, *chosen[j + 1 :]])
            if rows_failed_by(problem, changed, tolerance) == 0:
                open_[issue].append(name)
    return {issue: tuple(names) for issue, names in open_.items()}


def _cost(problem: PackageProblem, tally: RowTally, line: int, opened: IntArray) -> RedLineCost:
    bit = 1 << line
    stops = tally.packages - tally.accepted(bit)
    place = {bits: number for number, bits in enumerate(tally.sets)}
    if bit not in place:
        return RedLineCost(tally.rows[line], stops, 0, None, {}, {})
    alone = place[bit]
    gain = {}
    if 0 in place:
        rise = np.maximum(tally.most[alone] - tally.most[place[0]], 0.0)
        gain = {problem.actors[i]: float(rise[i]) for i in problem.parties}
    new = (opened[1 + line] > 0) & (opened[0] == 0)
    options: dict[str, tuple[str, ...]] = {}
    for j, option in product(range(len(problem.issues)), range(new.shape[1])):
        if new[j, option]:
            issue = problem.issues[j]
            options[issue] = (*options.get(issue, ()), problem.options[j][option])
    return RedLineCost(
        line=tally.rows[line],
        stops=stops,
        stops_alone=int(tally.counts[alone]),
        best=deal_of(problem, int(tally.best[alone])),
        gain=gain,
        opens=options,
    )
