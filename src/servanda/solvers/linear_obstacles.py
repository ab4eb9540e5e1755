"""What stands in the way on spaces too large to enumerate, by integer programming (HiGHS).

The same questions as in ``servanda.solvers.obstacles``, asked of the packages as an integer program
(``servanda.problems.package_program``) instead of all of them in turn:

- **corrections** one after the other, each with the fewest gates that contains none found before;
- **conflicts** multiplied out when all corrections are known; else one, by taking away gate after
  gate as long as what is left still allows no package (Chinneck and Dravnieks 1991);
- the **nearest** package to each actor's acceptance, and the smallest **payment**.

What needs counting, such as how many packages a correction opens, is left open. So is what takes
too long.

References: Liffiton and Sakallah (2008), Algorithms for computing minimal unsatisfiable subsets of
constraints, Journal of Automated Reasoning 40(1); Chinneck and Dravnieks (1991), Locating minimal
infeasible constraint sets in linear programs, ORSA Journal on Computing 3(2).
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servanda.problems.package_program import PackageProgram
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.obstacles import (
    ClosingPayment,
    Correction,
    NearestToActor,
    Obstacles,
    ObstacleStatus,
)
from servanda.solvers.minimal_sets import minimal_transversals
from servanda.solvers.package_search import FoundPackage, OutOfTimeError, PackageSearch
from servanda.solvers.row_tally import rows_of
from servanda.solvers.side_payment import Fund, side_payments

FloatArray = NDArray[np.float64]

SECONDS = 60.0
"""Time for the whole answer; what is not known by then is left open."""


def linear_obstacles(
    problem: PackageProblem,
    *,
    limits: Sequence[float] | None = None,
    funds: Sequence[Fund] = (),
    most: int = 20,
    tolerance: float = TOLERANCE,
    seconds: float = SECONDS,
) -> Obstacles:
    """What stands in the way of a deal, of a space of any size.

    Parameters
    ----------
        problem: packages, values, gates; domestic gates before signature are not asked.
        limits: (A,) points each actor can pay at most; None: no limit but what it gains.
        funds: money from outside, those named first are drawn on first.
        most: corrections and conflicts to look for, at most.
        tolerance: points; a gain of at least minus this is accepted.
        seconds: for all of it; what is not known by then is left open.
    """
    search = PackageSearch(PackageProgram(problem, tolerance), time.monotonic() + seconds)
    try:
        first = search.fewest(())
    except OutOfTimeError:
        return Obstacles(ObstacleStatus.OUT_OF_TIME, (), None, (), None, (), None)
    if first is None:
        return Obstacles(ObstacleStatus.NOTHING_ON_THE_TABLE, (), 0, (), 0, (), None)
    asked = search.program.ratification
    if not first.failed:
        status = ObstacleStatus.NONE if asked else ObstacleStatus.NONE_BEFORE_RATIFICATION
        return Obstacles(status, (), 0, (), 0, _nearest(search), None)
    corrections, complete = _corrections(search, first, most)
    conflicts, all_conflicts = _conflicts(search, corrections, complete)
    return Obstacles(
        status=ObstacleStatus.BLOCKED if asked else ObstacleStatus.BLOCKED_BEFORE_RATIFICATION,
        corrections=tuple(
            Correction(rows=search.named(one.failed), opens=None, deal=one.deal)
            for one in corrections
        ),
        n_corrections=len(corrections) if complete else None,
        conflicts=tuple(search.named(bits) for bits in conflicts[:most]),
        n_conflicts=len(conflicts) if all_conflicts else None,
        nearest=_nearest(search),
        payment=_payment(search, limits, funds),
    )


def _corrections(
    search: PackageSearch, first: FoundPackage, most: int
) -> tuple[list[FoundPackage], bool]:
    """Minimal sets of gates to lift, each with the package that lacks least; whether all."""
    found: list[FoundPackage] = []
    one: FoundPackage | None = first
    try:
        while one is not None and len(found) < most:
            found.append(search.least_lack(one))
            one = search.fewest([each.failed for each in found])
    except OutOfTimeError:
        return found, False
    return found, one is None


def _conflicts(
    search: PackageSearch, corrections: Sequence[FoundPackage], complete: bool
) -> tuple[list[int], bool]:
    """Minimal sets of gates that no package passes together, and whether these are all."""
    if complete:
        every = minimal_transversals([one.failed for one in corrections])
        if every is not None:
            return every, True
    held = search.every_row
    try:
        for place in range(search.program.n_rows):
            fewer = held & ~(1 << place)
            if fewer != held and search.solve(search.lifted, held=fewer) is None:
                held = fewer
    except OutOfTimeError:
        return [], False
    return [held], False


def _nearest(search: PackageSearch) -> tuple[NearestToActor, ...]:
    """For each actor with a veto: fewest gates of others, then of its own lines, then its lack."""
    problem = search.program.problem
    rows, owned = rows_of(problem)
    red = (1 << len(problem.red_lines)) - 1
    out = []
    for actor in problem.parties.tolist():
        cost = np.zeros(search.program.n_columns)
        for place in range(len(rows)):
            if not owned[actor] >> place & 1:
                cost[search.program.row(place)] = len(problem.red_lines) + 1.0
            elif red >> place & 1:
                cost[search.program.row(place)] = 1.0
        try:
            found = search.solve(cost)
            if found is None:
                continue
            found = search.solve_lack(found, cost, [actor])
        except OutOfTimeError:
            continue
        out.append(
            NearestToActor(
                actor=problem.actors[actor],
                deal=found.deal,
                lacks=float(max(-search.room(found.chosen)[actor], 0.0)),
                own_lines=tuple(
                    row.label for row in search.named(found.failed & owned[actor] & red)
                ),
                others=search.named(found.failed & ~owned[actor]),
            )
        )
    return tuple(out)


def _payment(
    search: PackageSearch, limits: Sequence[float] | None, funds: Sequence[Fund]
) -> ClosingPayment | None:
    """Smallest payment that makes all accept a package that breaks no red line.

    A party either pays or is paid; what funds may pay to whom is as in ``side_payments``.
    """
    problem = search.program.problem
    parties = problem.parties.tolist()
    if not parties:
        return None
    n_actors, n_funds = len(problem.actors), len(funds)
    most = np.full(n_actors, np.inf) if limits is None else np.asarray(limits, dtype=np.float64)
    most = np.minimum(most, search.program.reach)
    # more columns: what each party pays, gets from parties, from each fund, and whether it pays
    width = n_actors * (3 + n_funds)
    pays, gets, by_fund, payer = 0, n_actors, 2 * n_actors, n_actors * (2 + n_funds)
    lines: list[tuple[FloatArray, FloatArray, float, float]] = []
    far = float(search.program.reach.sum())
    nothing = np.zeros(search.program.n_columns)
    balance = np.zeros(width)
    balance[pays : pays + n_actors], balance[gets : gets + n_actors] = -1.0, 1.0
    lines.append((nothing, balance, -np.inf, 0.0))
    for number, fund in enumerate(funds):
        reached = range(n_actors) if fund.reaches is None else fund.reaches
        drawn = np.zeros(width)
        drawn[by_fund + number * n_actors : by_fund + (number + 1) * n_actors] = 1.0
        lines.append((nothing, drawn, 0.0, float(fund.amount)))
        for actor in set(range(n_actors)) - set(reached):
            barred = np.zeros(width)
            barred[by_fund + number * n_actors + actor] = 1.0
            lines.append((nothing, barred, 0.0, 0.0))
    for actor in range(n_actors):
        received = np.zeros(width)
        received[gets + actor] = 1.0
        received[by_fund + actor : payer : n_actors] = 1.0
        paid, is_payer = np.zeros(width), np.zeros(width)
        paid[pays + actor], is_payer[payer + actor] = 1.0, 1.0
        if actor not in parties:
            lines.append((nothing, received + paid, 0.0, 0.0))
            continue
        lines.append((nothing, paid - float(most[actor]) * is_payer, -np.inf, 0.0))
        lines.append((nothing, received + far * is_payer, -np.inf, far))
        for coefficients, constant in search.accepted_if(actor):
            lines.append((coefficients, received - paid, -constant, np.inf))
    cost = np.zeros(width)
    cost[gets:payer] = 1.0
    integral = np.zeros(width)
    integral[payer:] = 1.0
    highest = np.full(width, np.inf)
    highest[payer:] = 1.0
    red = (1 << len(problem.red_lines)) - 1
    try:
        found = search.solve(nothing, held=red, more=(lines, cost, integral, highest))
    except OutOfTimeError:
        return None
    if found is None:
        return None
    base = np.where(np.isnan(problem.reservation), np.nan, 0.0)
    room = search.room(found.chosen)[np.newaxis]
    answer = side_payments(room, base, limits=limits, funds=funds, tolerance=1e-6)
    if answer.cheapest is None:
        return None
    return ClosingPayment(
        deal=found.deal,
        total=float(answer.needed[0]),
        receives={problem.actors[i]: float(answer.payment[i]) for i in parties},
        from_funds={
            fund.name: float(drawn) for fund, drawn in zip(funds, answer.from_funds, strict=True)
        },
    )
