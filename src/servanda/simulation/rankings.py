"""What follows from rankings alone, and how often the rest holds over the readings that agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.problems.ranked_packages import RankedProblem, draw_readings, match
from servanda.results.ordinal import (
    Acceptance,
    FromRankings,
    OrdinalEfficiency,
    RankedDeal,
    SolutionShares,
)
from servanda.simulation.progress import Progress
from servanda.solvers.catalogue import EVERY_SOLUTION, find_solver
from servanda.solvers.fallback_bargaining import fallback_bargaining
from servanda.solvers.funnel_draws import candidate_gates
from servanda.solvers.necessary_preference import necessary_acceptance, necessary_preference
from servanda.solvers.ordinal_efficiency import MOST_PACKAGES, ordinal_efficiency
from servanda.solvers.pareto import undominated

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_ENUMERATED = 1 << 20
"""Packages put to red lines and acceptance; of more, nothing is concluded from rankings."""

MOST_ORDERED = 2000
"""Packages of which it is asked whether the rankings order all of them."""

MOST_LISTED = 50
"""Packages of an answer."""

CHUNK, MOST_VALUES = 50, 1 << 20
"""Readings looked at together, and packages times readings; the answer does not depend on it."""

FALLBACK = "fallback-bargaining"


def from_rankings(
    problem: RankedProblem, *, seed: int, readings: int, threads: int | None, progress: Progress
) -> FromRankings:
    """What can be concluded from the rankings of a problem, and shares of ``readings`` drawn.

    Args:
        problem: packages and rankings; those that break a red line are left out.
        seed, readings: from which seed, how many readings.
        threads: at most this many; the answer does not depend on it.
        progress: called with what is being done and how much of it.
    """
    progress("what follows from the rankings", 0.0)
    numbers = problem.numbers
    listed = numbers.n_packages <= MOST_ENUMERATED
    allowed = _allowed(numbers) if listed else np.empty(0, np.int64)
    accepts, refuses = _accepted(problem, allowed)
    may = ~refuses.any(axis=1)
    few = listed and int(may.sum()) <= MOST_PACKAGES
    answer = FromRankings(
        actors=tuple(numbers.actors[i] for i in problem.ranked),
        compared=len(allowed),
        acceptance={
            numbers.actors[i]: _counted(accepts[:, i], refuses[:, i])
            for i in numbers.parties.tolist()
        },
        all_accept=_counted(accepts.all(axis=1), refuses.any(axis=1)),
        efficient=Acceptance(0, 0, 0),
        unsettled=0,
        fallback=None,
        deals=(),
        shares=(),
        readings=readings if few else 0,
        seed=seed,
        can=(),
        cannot=(),
    )
    if few:
        over = _Readings(problem, allowed[may], seed, readings, progress)
        seen = over.undominated > 0
        efficient = ordinal_efficiency(problem, allowed[may], seen=seen, threads=threads)
        answer = replace(
            answer,
            efficient=_counted(efficient.necessary, ~efficient.possible & ~efficient.unsettled),
            unsettled=int(efficient.unsettled.sum()),
            fallback=_fallback(problem, efficient, accepts[may], threads),
            deals=_deals(problem, efficient, accepts[may], over),
            shares=over.shares,
        )
    return _in_words(problem, answer, few=few)


def _allowed(numbers: PackageProblem) -> Integers:
    """Packages on the table that break no red line."""
    every = np.arange(numbers.n_packages, dtype=np.int64)
    chosen = np.stack(np.unravel_index(every, tuple(numbers.n_options.tolist())), axis=1)
    stopped = np.concatenate([numbers.exclusions, numbers.red_lines])
    return every[~match(stopped, chosen).any(axis=1)]


def _accepted(problem: RankedProblem, packages: Integers) -> tuple[Flags, Flags]:
    """Accepted by each actor in every reading, and in none, (N, A)."""
    if not len(packages):  # there may be more than can be numbered
        none = np.ones((0, len(problem.numbers.actors)), np.bool_)
        return none, none
    return necessary_acceptance(problem, packages)


def _counted(certain: ArrayLike, never: ArrayLike) -> Acceptance:
    total, yes, no = np.size(certain), int(np.sum(certain)), int(np.sum(never))
    return Acceptance(yes, total - yes - no, no)


class _Readings:
    """What holds how often over the readings drawn.

    Attributes:
        count: how many were drawn.
        accepted, undominated: (N,) readings in which all accept and would sign, in which no other
            package dominates.
        both: (N,) readings in which all accept, and no other that all accept dominates.
        shares: of each solution.
    """

    def __init__(
        self, problem: RankedProblem, packages: Integers, seed: int, count: int, progress: Progress
    ) -> None:
        self.packages, self.parties, self.count = packages, problem.numbers.parties, count
        names = (*EVERY_SOLUTION, FALLBACK) if len(self.parties) else ()
        self.chosen = {name: Counter[int]() for name in names}
        self.accepted, self.undominated, self.both = (
            np.zeros(len(packages), np.int64) for _ in range(3)
        )
        chunk = max(1, min(CHUNK, MOST_VALUES // max(len(packages), 1)))
        for first in range(0, count if len(packages) else 0, chunk):
            progress("readings of the rankings", first / count)
            some = min(chunk, count - first)
            drawn = draw_readings(problem, seed=seed, first=first, count=some)
            gates = candidate_gates(drawn, packages.tolist())
            for k in range(some):
                self._look(gates.values[k], drawn.reservation[k], gates.signs[k])
        self.shares = tuple(self._shares(name) for name in names)

    def _look(self, values: Floats, base: Floats, signs: Flags) -> None:
        """One reading: values (N, A), reservation values (A,), who would sign (N, A)."""
        accepted = np.flatnonzero(signs.all(axis=1))
        self.accepted[accepted] += 1
        self.undominated[undominated(values, TOLERANCE, 1)] += 1
        good = accepted[undominated(values[accepted], TOLERANCE, 1)]
        self.both[good] += 1
        if not len(good) or not len(self.parties):
            return
        for name in EVERY_SOLUTION:
            found = find_solver(name).resolve()(values[good], base)
            if found.index is not None:
                self.chosen[name][int(self.packages[good[found.index]])] += 1
        met = fallback_bargaining(values[:, self.parties], signs[:, self.parties])
        self.chosen[FALLBACK][int(self.packages[met.packages[0]])] += 1

    def _shares(self, name: str) -> SolutionShares:
        had = self.chosen[name]
        most_first = sorted(had.items(), key=lambda one: (-one[1], one[0]))
        return SolutionShares(
            name,
            {package: times / self.count for package, times in most_first},
            no_deal=(self.count - had.total()) / self.count,
        )


def _fallback(
    problem: RankedProblem, compared: OrdinalEfficiency, accepts: Flags, threads: int | None
) -> tuple[int, ...] | None:
    """Where fallback bargaining leads, when the rankings order all packages for every party."""
    packages, parties = compared.packages, problem.numbers.parties
    if not 0 < len(packages) <= MOST_ORDERED or not len(parties):
        return None
    if not accepts.all():
        return None  # those refused in every reading are left out; of these it is not known
    prefers = necessary_preference(problem, packages, threads=threads)[parties]
    if not (prefers | prefers.transpose(0, 2, 1)).all():
        return None
    found = fallback_bargaining(prefers.sum(axis=2).T)
    return tuple(packages[found.packages].tolist())


def _deals(
    problem: RankedProblem, efficient: OrdinalEfficiency, accepts: Flags, over: _Readings
) -> tuple[RankedDeal, ...]:
    """Packages that may be accepted by all and efficient, the most often both first."""
    numbers = problem.numbers
    rows = np.flatnonzero(efficient.possible | efficient.unsettled)
    rows = rows[np.lexsort((efficient.packages[rows], -over.both[rows]))][:MOST_LISTED]
    return tuple(
        RankedDeal(
            index=int(efficient.packages[row]),
            options=numbers.named(int(efficient.packages[row])),
            accepted={
                numbers.actors[i]: "certain" if accepts[row, i] else "open"
                for i in numbers.parties.tolist()
            },
            efficient="certain"
            if efficient.necessary[row]
            else "unsettled"
            if efficient.unsettled[row]
            else "open",
            share_accepted=float(over.accepted[row] / over.count),
            share_efficient=float(over.both[row] / over.count),
        )
        for row in rows.tolist()
    )


def _in_words(problem: RankedProblem, found: FromRankings, *, few: bool) -> FromRankings:
    """The same with sentences on what can be concluded and what cannot."""
    can, cannot = [], []
    whole, size = found.all_accept, found.compared
    if problem.numbers.n_packages > MOST_ENUMERATED:
        cannot.append(
            f"anything of {problem.numbers.n_packages:,} packages, which are too many to go through"
        )
    elif size:
        can.append(
            f"of {size:,} {_packages(size)} that break no red line, {whole.certain:,} would be "
            f"accepted by all whatever the numbers, and {whole.never:,} refused by somebody "
            "whatever the numbers"
        )
    if whole.open:
        cannot.append(f"which of {whole.open:,} more would be accepted by all")
    if size and not few:
        cannot.append(
            f"which packages are efficient: more than {MOST_PACKAGES:,} would have to be compared"
        )
    elif size:
        may = found.efficient
        can.append(
            f"of the {size - whole.never:,} others, {may.certain:,} are efficient whatever the "
            f"numbers, {may.open - found.unsettled:,} for some numbers and {may.never:,} for none"
        )
        if found.unsettled:
            cannot.append(f"whether {found.unsettled:,} more are efficient for some numbers")
    if found.fallback:
        met = " or ".join(f"{one}" for one in found.fallback)
        can.append(f"fallback bargaining, which needs no more than order, leads to deal {met}")
    elif size:
        cannot.append(
            "where fallback bargaining leads, as the rankings leave the order of some packages open"
        )
    cannot.append(
        "how much anybody gains, which package has the largest product, sum or smallest part of "
        "gains (Nash, Kalai–Smorodinsky, egalitarian, utilitarian), or what payment would close a "
        "gap: these have no meaning without numbers"
    )
    if len(problem.numbers.audiences):
        cannot.append(
            "whether leaders would sign who may fail to have a deal ratified, which only the "
            "shares ask"
        )
    return replace(found, can=tuple(can), cannot=tuple(cannot))


def _packages(count: int) -> str:
    return "package" if count == 1 else "packages"
