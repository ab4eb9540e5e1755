"""What stands in the way on spaces too large to enumerate, by integer programming (HiGHS).

The same questions as in ``servanda.solvers.obstacles``, asked of the packages as an integer program
(``servanda.problems.package_program``) instead of all of them in turn:

- **corrections** one after the other, each with the fewest gates that contains none found before;
- **conflicts** multiplied out when all corrections are known; else one, by taking away gate after
  gate as long as what is left still allows no package (Chinneck and Dravnieks 1991);
- the **nearest** package to each actor's acceptance, and the smallest **payment**.

Every package found is put through the gates themselves before it is reported. What needs counting,
such as how many packages a correction opens, is left open. So is what takes too long.

References: Liffiton and Sakallah (2008), Algorithms for computing minimal unsatisfiable subsets of
constraints, Journal of Automated Reasoning 40(1); Chinneck and Dravnieks (1991), Locating minimal
infeasible constraint sets in linear programs, ORSA Journal on Computing 3(2).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.package_program import PackageProgram
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.obstacles import (
    ClosingPayment,
    Correction,
    NearestToActor,
    Obstacles,
    ObstacleStatus,
    Row,
)
from servanda.results.packages import Deal
from servanda.solvers.minimal_sets import minimal_transversals
from servanda.solvers.package_values import deal_of, matching
from servanda.solvers.row_tally import rows_of
from servanda.solvers.side_payment import Fund, side_payments

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SECONDS = 60.0
"""Time for the whole answer; what is not known by then is left open."""

TRIES = 50
"""Packages that rounding lets through, each forbidden before the next try."""


@dataclass(frozen=True, eq=False)
class _Found:
    """A package and the gates it fails (bits)."""

    chosen: IntArray
    failed: int
    deal: Deal


class _OutOfTimeError(Exception):
    """The time is spent."""


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
    search = _Search(PackageProgram(problem, tolerance), time.monotonic() + seconds)
    try:
        first = search.fewest(())
    except _OutOfTimeError:
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


def _corrections(search: _Search, first: _Found, most: int) -> tuple[list[_Found], bool]:
    """Minimal sets of gates to lift with the package that lacks least, and whether these are all."""
    found: list[_Found] = []
    one: _Found | None = first
    try:
        while one is not None and len(found) < most:
            found.append(search.least_lack(one))
            one = search.fewest([each.failed for each in found])
    except _OutOfTimeError:
        return found, False
    return found, one is None


def _conflicts(
    search: _Search, corrections: Sequence[_Found], complete: bool
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
    except _OutOfTimeError:
        return [], False
    return [held], False


def _nearest(search: _Search) -> tuple[NearestToActor, ...]:
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
        except _OutOfTimeError:
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
    search: _Search, limits: Sequence[float] | None, funds: Sequence[Fund]
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
    except _OutOfTimeError:
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


More = tuple[
    Sequence[tuple[FloatArray, FloatArray, float, float]], FloatArray, FloatArray, FloatArray
]
"""Further constraints over (C,) and further columns, the cost of these, which are whole, their
largest."""


class _Search:
    """One integer program asked again and again."""

    def __init__(self, program: PackageProgram, deadline: float) -> None:
        self.program = program
        self.deadline = deadline
        self.rows, _ = rows_of(program.problem)
        self.matrix, self.low, self.high = program.constraints()
        self.every_row = (1 << program.n_rows) - 1
        self.lifted = np.zeros(program.n_columns)
        self.lifted[program.row(0) :] = 1.0

    def named(self, bits: int) -> tuple[Row, ...]:
        """The gates whose bits are set."""
        return tuple(row for place, row in enumerate(self.rows) if bits >> place & 1)

    def fewest(self, blocked: Sequence[int]) -> _Found | None:
        """A package that fails fewest gates, all of no blocked set; None: there is none."""
        return self.solve(self.lifted, blocked=blocked)

    def least_lack(self, found: _Found) -> _Found:
        """The package that fails the same gates and lacks fewest points."""
        others = self.every_row & ~found.failed
        return self.solve_lack(found, self.lifted, self.program.problem.parties.tolist(), others)

    def solve_lack(
        self, found: _Found, cost: FloatArray, actors: Sequence[int], held: int = 0
    ) -> _Found:
        """Of packages that cost as little, one where these actors lack fewest points."""
        reached = float(sum(cost[self.program.row(p)] for p in range(len(self.rows))
                            if found.failed >> p & 1))  # fmt: skip
        lines: list[tuple[FloatArray, FloatArray, float, float]] = [
            (cost, np.zeros(len(actors)), -np.inf, reached + 0.25)
        ]
        for place, actor in enumerate(actors):
            lack = np.eye(len(actors))[place]
            for coefficients, constant in self.accepted_if(actor):
                lines.append((coefficients, lack, -constant, np.inf))
        nothing, ones = np.zeros(self.program.n_columns), np.ones(len(actors))
        more = (lines, ones, 0.0 * ones, np.inf * ones)
        return self.solve(nothing, held=held, more=more) or found

    def accepted_if(self, actor: int) -> list[tuple[FloatArray, float]]:
        """What must not be negative for an actor to accept: columns and constant of each."""
        asked = [self.program.gain]
        if self.program.ratification:
            asked.append(self.program.slack)
        return [(each[0][actor], float(each[1][actor])) for each in asked]

    def room(self, chosen: IntArray) -> FloatArray:
        """(A,) points each actor could give away and still accept."""
        columns = np.zeros(self.program.n_columns)
        columns[np.array(self.program.starts) + chosen] = 1.0
        for link, masks in enumerate(self.program.problem.links):
            matched = matching(masks[np.newaxis], chosen)[0]
            columns[self.program.n_choices + link] = float(matched)
        each = [self.program.gain, self.program.slack][: 1 + self.program.ratification]
        return np.asarray(np.min([a @ columns + b for a, b in each], axis=0), dtype=np.float64)

    def solve(
        self,
        cost: FloatArray,
        *,
        held: int = 0,
        blocked: Sequence[int] = (),
        more: More | None = None,
    ) -> _Found | None:
        """A cheapest package that fails no gate in ``held`` and all of no blocked set, or None.

        The gates a package fails are those it does fail. Where rounding let one through that fails
        others than the program says, it is barred, kept if it will do, and the next asked for.
        """
        program = self.program
        extra = more or ((), np.zeros(0), np.zeros(0), np.zeros(0))
        barred: list[IntArray] = []
        best: tuple[float, _Found | None] = (np.inf, None)
        for _ in range(TRIES):
            answer = self._milp(cost, held, blocked, barred, extra)
            if answer is None:
                return best[1]
            chosen = np.array(
                [
                    int(np.argmax(answer[start : start + count]))
                    for start, count in zip(
                        program.starts, program.problem.n_options.tolist(), strict=True
                    )
                ]
            )
            failed = self._failed(chosen)
            claimed = float(cost @ answer[: len(cost)])
            asked = float(
                sum(cost[program.row(p)] for p in range(len(self.rows)) if failed >> p & 1)
            )
            will_do = not failed & held and not any(bits & failed == bits for bits in blocked)
            if will_do and asked < best[0]:
                best = asked, _Found(chosen, failed, _deal(program.problem, chosen))
            if best[0] <= claimed + 1e-6:
                return best[1]
            barred.append(chosen)
        raise ProblemError(
            "packages: gains differ from none by less than what the integer program can tell apart"
        )

    def _milp(
        self,
        cost: FloatArray,
        held: int,
        blocked: Sequence[int],
        barred: Sequence[IntArray],
        more: Any,
    ) -> FloatArray | None:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        lines, more_cost, more_whole, more_high = more
        program, width = self.program, len(more_cost)
        rows = [np.concatenate([line, np.zeros(width)]) for line in self.matrix]
        low, high = self.low.tolist(), self.high.tolist()
        for bits in blocked:
            places = [program.row(p) for p in range(len(self.rows)) if bits >> p & 1]
            row = np.zeros(program.n_columns + width)
            row[places] = 1.0
            rows.append(row)
            low.append(-np.inf)
            high.append(len(places) - 1.0)
        for chosen in barred:
            row = np.zeros(program.n_columns + width)
            row[np.array(program.starts) + chosen] = 1.0
            rows.append(row)
            low.append(-np.inf)
            high.append(len(chosen) - 1.0)
        for line, further, least, largest in lines:
            rows.append(np.concatenate([line, further]))
            low.append(least)
            high.append(largest)
        upper = np.concatenate([np.ones(program.n_columns), more_high])
        for p in range(len(self.rows)):
            upper[program.row(p)] = float(not held >> p & 1)
        links = slice(program.n_choices, program.row(0))
        whole = np.concatenate([np.ones(program.n_columns), more_whole])
        whole[links] = 0.0  # they are whole where options are
        left = self.deadline - time.monotonic()
        if left <= 0.0:
            raise _OutOfTimeError
        answer = milp(
            np.concatenate([cost, more_cost]),
            constraints=LinearConstraint(csr_array(np.array(rows)), np.array(low), np.array(high)),
            integrality=whole,
            bounds=Bounds(0.0, upper),
            options={"time_limit": left, "mip_rel_gap": 0.0},
        )
        if answer.status == 1:
            raise _OutOfTimeError
        if answer.status not in {0, 2}:
            raise ProblemError(f"packages: the integer program was not solved ({answer.message})")
        return None if answer.x is None else np.asarray(answer.x, dtype=np.float64)

    def _failed(self, chosen: IntArray) -> int:
        """The gates a package fails, as the gates themselves say."""
        problem, tolerance = self.program.problem, self.program.tolerance
        broken = matching(problem.red_lines, chosen)
        failed = sum(1 << int(place) for place in np.flatnonzero(broken))
        deal = _deal(problem, chosen)
        for actor in problem.parties.tolist():
            name = problem.actors[actor]
            if deal.gains[name] < -tolerance:
                failed |= 1 << (len(broken) + actor)
            elif self.program.ratification and deal.signing_slack[name] < -tolerance:
                failed |= 1 << (len(broken) + len(problem.actors) + actor)
        return failed


def _deal(problem: PackageProblem, chosen: IntArray) -> Deal:
    """A package by its options; its number may be larger than any the loops can count to."""
    return replace(deal_of(only(problem, chosen), 0), index=problem.number(chosen.tolist()))


def only(problem: PackageProblem, chosen: IntArray) -> PackageProblem:
    """The problem with one package, and no other, to choose."""
    issues = np.arange(len(chosen))

    def still(patterns: NDArray[np.uint64]) -> NDArray[np.uint64]:
        return (patterns >> chosen.astype(np.uint64)) & np.uint64(1)

    return replace(
        problem,
        options=tuple((names[o],) for names, o in zip(problem.options, chosen, strict=True)),
        n_options=np.ones(len(chosen), dtype=np.int64),
        contribution=problem.contribution[issues, chosen][:, np.newaxis],
        links=still(problem.links),
        exclusions=still(problem.exclusions),
        red_lines=still(problem.red_lines),
        support_effects=problem.support_effects[:, issues, chosen][:, :, np.newaxis],
        interactions=still(problem.interactions),
        audience_cost=problem.audience_cost[issues, chosen][:, np.newaxis],
    )
