"""Packages looked for by integer programming: the cheapest by any cost that holds some gates.

The program is ``servanda.problems.package_program``, solved by HiGHS. Every package found is put
through the gates themselves, so that rounding in the solver changes no answer.

Reference: Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Mathematical
Programming Computation 10(1).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.package_program import PackageProgram
from servanda.problems.packages import PackageProblem
from servanda.results.obstacles import Row
from servanda.results.packages import Deal
from servanda.solvers.package_values import deal_of, matching
from servanda.solvers.row_tally import rows_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TRIES = 50
"""Packages that rounding lets through, each forbidden before the next try."""


More = tuple[
    Sequence[tuple[FloatArray, FloatArray, float, float]], FloatArray, FloatArray, FloatArray
]
"""Further constraints over (C,) and further columns, the cost of these, which are whole, their
largest."""


@dataclass(frozen=True, eq=False)
class FoundPackage:
    """A package and the gates it fails (bits)."""

    chosen: IntArray
    failed: int
    deal: Deal


class OutOfTimeError(Exception):
    """The time is spent."""


class PackageSearch:
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

    def fewest(self, blocked: Sequence[int]) -> FoundPackage | None:
        """A package that fails fewest gates, all of no blocked set; None: there is none."""
        return self.solve(self.lifted, blocked=blocked)

    def least_lack(self, found: FoundPackage) -> FoundPackage:
        """The package that fails the same gates and lacks fewest points."""
        others = self.every_row & ~found.failed
        return self.solve_lack(found, self.lifted, self.program.problem.parties.tolist(), others)

    def solve_lack(
        self, found: FoundPackage, cost: FloatArray, actors: Sequence[int], held: int = 0
    ) -> FoundPackage:
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
    ) -> FoundPackage | None:
        """A cheapest package that fails no gate in ``held`` and all of no blocked set, or None.

        The gates a package fails are those it does fail. Where rounding let one through that fails
        others than the program says, it is barred, kept if it will do, and the next asked for.
        """
        program = self.program
        extra = more or ((), np.zeros(0), np.zeros(0), np.zeros(0))
        barred: list[IntArray] = []
        best: tuple[float, FoundPackage | None] = (np.inf, None)
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
                best = asked, FoundPackage(chosen, failed, deal_by_options(program.problem, chosen))
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
            raise OutOfTimeError
        with _nothing_printed():
            answer = milp(
                np.concatenate([cost, more_cost]),
                constraints=LinearConstraint(csr_array(np.array(rows)), low, high),
                integrality=whole,
                bounds=Bounds(0.0, upper),
                options={"time_limit": left, "mip_rel_gap": 0.0},
            )
        if answer.status == 1:
            raise OutOfTimeError
        if answer.status not in {0, 2}:
            raise ProblemError(f"packages: the integer program was not solved ({answer.message})")
        return None if answer.x is None else np.asarray(answer.x, dtype=np.float64)

    def _failed(self, chosen: IntArray) -> int:
        """The gates a package fails, as the gates themselves say."""
        problem, tolerance = self.program.problem, self.program.tolerance
        broken = matching(problem.red_lines, chosen)
        failed = sum(1 << int(place) for place in np.flatnonzero(broken))
        deal = deal_by_options(problem, chosen)
        for actor in problem.parties.tolist():
            name = problem.actors[actor]
            if deal.gains[name] < -tolerance:
                failed |= 1 << (len(broken) + actor)
            elif self.program.ratification and deal.signing_slack[name] < -tolerance:
                failed |= 1 << (len(broken) + len(problem.actors) + actor)
        return failed


@contextmanager
def _nothing_printed() -> Iterator[None]:
    """HiGHS now and then writes a line of its own to standard output, past Python."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def deal_by_options(problem: PackageProblem, chosen: IntArray) -> Deal:
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
