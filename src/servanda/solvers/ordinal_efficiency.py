"""Efficiency from rankings: which packages are efficient in every reading, in some, in none.

- **dominated in every reading** by one package: for all actors that package is necessarily at least
  as good, for one necessarily better;
- **necessarily efficient**: no reading lets another package dominate it. As what one actor's
  ranking leaves open does not bind another's, a package x may dominate y unless somebody
  necessarily prefers y (or all are necessarily indifferent);
- **possibly efficient**: some reading leaves it undominated. A package that no single other one
  always dominates can still be dominated in every reading, by different packages; see
  ``possible_efficiency``.

Readings in which two values happen to meet are left out: they have no volume.

References: Aziz, Biro, Lang, Lesca and Monnot (2019), Theoretical Computer Science 790; Brams,
Edelman and Fishburn (2003), Theory and Decision 55(2); for lotteries over one issue the same
dominance is Bogomolnaia and Moulin (2001), Journal of Economic Theory 100(2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError
from servanda.kernels import ordinal as kernels
from servanda.problems.packages import TOLERANCE
from servanda.problems.ranked_packages import RankedProblem, central_reading
from servanda.results.ordinal import OrdinalEfficiency
from servanda.solvers.necessary_preference import CHUNK, Compared, compared_packages
from servanda.solvers.package_values import values_of
from servanda.solvers.pareto import undominated
from servanda.solvers.possible_efficiency import possibly_efficient
from servanda.solvers.threads import in_threads, n_workers

MOST_PACKAGES = 20_000
"""Packages compared pair by pair."""

MOST_SEARCHED = 20
"""Packages for which a reading is searched that leaves them undominated; the rest stay open."""


def ordinal_efficiency(
    problem: RankedProblem,
    packages: ArrayLike,
    *,
    seen: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> OrdinalEfficiency:
    """Efficient in every reading, in some, in none.

    Args:
        problem: packages and rankings.
        packages: (N,) numbers of the packages that are compared, and no others.
        seen: (N,) packages already found efficient in some reading, which spares a search.
        tolerance: points.
        threads: how many; None: as many as there are cores. The answer does not depend on it.

    Raises:
        ProblemError: more packages than are compared pair by pair.
    """
    numbers = np.array(packages, dtype=np.int64)
    count = len(numbers)
    if count > MOST_PACKAGES:
        raise ProblemError(f"packages: {count:,} are too many to compare pair by pair")
    central = values_of(central_reading(problem), numbers)
    # what dominates others comes first: it settles them soonest
    order = np.argsort(-central.sum(axis=1), kind="stable")
    compared = compared_packages(problem, numbers[order])
    dominated, necessary = np.zeros(count, np.bool_), np.ones(count, np.bool_)

    def part(start: int) -> None:
        stop = min(start + CHUNK, count)
        kernels.judge_packages(start, stop, *compared, tolerance, dominated, necessary)

    for _ in in_threads(part, range(0, count, CHUNK), n_workers(threads)):
        pass
    possible = necessary.copy()
    if count:
        possible[undominated(central[order], tolerance)] = True
    if seen is not None:
        possible |= np.array(seen, dtype=np.bool_)[order]
    possible &= ~dominated  # an equal of a package that is dominated may look efficient
    open_ = np.flatnonzero(~possible & ~dominated)
    unsettled = np.zeros(count, np.bool_)
    unsettled[open_[MOST_SEARCHED:]] = True
    for y in open_[:MOST_SEARCHED].tolist():
        answer = possibly_efficient(
            problem, compared, y, _rivals(compared, y, dominated, tolerance)
        )
        possible[y], unsettled[y] = answer is True, answer is None
    back = np.argsort(order)
    return OrdinalEfficiency(
        numbers, necessary[back], possible[back], dominated[back], unsettled[back]
    )


def _rivals(
    compared: Compared, y: int, dominated: NDArray[np.bool_], tolerance: float
) -> NDArray[np.int64]:
    """Packages that may dominate y: nobody necessarily prefers y, and not all are indifferent.

    Those that are dominated in every reading are beaten wherever what dominates them is.
    """
    rivals = ~dominated
    kernels.mark_rivals(y, *compared, tolerance, rivals)
    return np.flatnonzero(rivals).astype(np.int64)
