"""Is there a reading of the rankings in which no other package dominates this one?

Another package may fail to dominate because of one actor and yet another because of a second, so
one reading has to be found that beats all of them at once.  With u_i linear in what is not known
(the mixture of corners, and the value of each inner place), this is a mixed-integer program ::

    maximise ε  such that  for every rival x:  u_i(y) - u_i(x) >= ε  for at least one actor i

and y is possibly efficient when ε > 0: then it is in a whole region of readings, not only where two
values happen to meet.

Reference: Aziz, Biro, Lang, Lesca and Monnot (2019), Theoretical Computer Science 790, for possible
and necessary Pareto optimality. HiGHS, through SciPy, solves it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from servanda.problems.ranked_packages import POINTS, RankedProblem
from servanda.solvers.necessary_preference import Compared

FloatArray = NDArray[np.float64]

LEAST = 1e-4
"""Points by which a package has to stay ahead of every rival in the reading found."""

MOST_RIVALS, MOST_NODES = 300, 1000
"""Rivals, and nodes of the search; past either the answer is that it is not known."""


def possibly_efficient(
    problem: RankedProblem, compared: Compared, y: int, rivals: NDArray[np.int64]
) -> bool | None:
    """Whether some reading leaves package ``y`` undominated by all rivals; None: not settled.

    Args:
        problem: packages and rankings.
        compared: the packages, as the kernels compare them.
        y: row of the package.
        rivals: rows that might dominate it.
    """
    if len(rivals) > MOST_RIVALS:
        return None
    spaces = [_Space(problem, actor) for actor in range(len(problem.corners))]
    starts = np.cumsum([0, *(space.size for space in spaces)])
    n_real, n_choices = int(starts[-1]) + 1, len(rivals) * len(spaces)
    rows, columns, entries, lower = [], [], [], []
    count = 0

    def add(pairs: list[tuple[int, float]], least: float) -> None:
        nonlocal count
        for column, entry in pairs:
            rows.append(count)
            columns.append(column)
            entries.append(entry)
        lower.append(least)
        count += 1

    epsilon = n_real - 1
    for actor, space in enumerate(spaces):
        first = int(starts[actor])
        for pairs, least in space.rows():
            add([(first + column, entry) for column, entry in pairs], least)
        # by how much a rival may be ahead at most: what a choice not taken has to allow
        own = space.of(compared.chosen[y])
        for n, x in enumerate(rivals.tolist()):
            ahead = own - space.of(compared.chosen[x])
            known = float(compared.fixed[y, actor] - compared.fixed[x, actor])
            slack = 2.0 * POINTS + abs(known)
            choice = n_real + n * len(spaces) + actor
            pairs = [(first + c, float(ahead[c])) for c in np.flatnonzero(ahead).tolist()]
            add([*pairs, (epsilon, -1.0), (choice, -slack)], -known - slack)
    for n in range(len(rivals)):
        add([(n_real + n * len(spaces) + actor, 1.0) for actor in range(len(spaces))], 1.0)
    size = n_real + n_choices
    matrix = coo_array((entries, (rows, columns)), shape=(count, size)).tocsr()
    goal = np.zeros(size)
    goal[epsilon] = -1.0
    whole = np.zeros(size, np.int64)
    whole[n_real:] = 1
    found = milp(
        goal,
        constraints=LinearConstraint(matrix, np.array(lower), np.inf),
        bounds=Bounds(np.zeros(size), np.ones(size)),
        integrality=whole,
        options={"node_limit": MOST_NODES},
    )
    if found.x is None:
        return None
    gains = [
        compared.fixed[y, actor]
        - compared.fixed[rivals, actor]
        + (space.of(compared.chosen[y]) - np.array([space.of(compared.chosen[x]) for x in rivals]))
        @ found.x[start : start + space.size]
        for actor, (space, start) in enumerate(zip(spaces, starts.tolist(), strict=False))
    ]
    if (np.max(gains, axis=0) > LEAST / 2.0).all():  # asked again without the program's tolerances
        return True
    return False if found.status == 0 and -found.fun < LEAST else None


class _Space:
    """One actor's readings as variables between 0 and 1.

    The mixture of corners first, then for each ranked issue the weighted value of inner places.
    """

    def __init__(self, problem: RankedProblem, actor: int) -> None:
        self.corners = problem.corners[actor]
        self.rank, self.value = problem.rank[actor], problem.value[actor]
        self.places = problem.places[actor]
        self.inner: dict[tuple[int, int], int] = {}
        for issue, places in enumerate(self.places.tolist()):
            for place in range(1, places - 1):
                self.inner[issue, place] = len(self.corners) + len(self.inner)
        self.size = len(self.corners) + len(self.inner)

    def of(self, chosen: NDArray[np.int64]) -> FloatArray:
        """Value of a package in points, as coefficients of the variables."""
        total = np.zeros(self.size)
        for issue, option in enumerate(chosen.tolist()):
            total += POINTS * self._place(issue, option)
        return total

    def rows(self) -> list[tuple[list[tuple[int, float]], float]]:
        """The mixture sums to 1; values fall from place to place."""
        mixture = [(k, 1.0) for k in range(len(self.corners))]
        found = [(mixture, 1.0), ([(k, -1.0) for k, _ in mixture], -1.0)]
        for issue, places in enumerate(self.places.tolist()):
            for place in range(places - 1):
                fall = self._at(issue, place) - self._at(issue, place + 1)
                found.append(([(c, float(fall[c])) for c in np.flatnonzero(fall).tolist()], 0.0))
        return found

    def _place(self, issue: int, option: int) -> FloatArray:
        if self.places[issue]:
            return self._at(issue, int(self.rank[issue, option]))
        row = np.zeros(self.size)
        row[: len(self.corners)] = self.corners[:, issue] * self.value[issue, option]
        return row

    def _at(self, issue: int, place: int) -> FloatArray:
        row = np.zeros(self.size)
        if place == self.places[issue] - 1:
            return row  # the last place is worth nothing; so is the only one
        if place == 0:
            row[: len(self.corners)] = self.corners[:, issue]
        else:
            row[self.inner[issue, place]] = 1.0
        return row
