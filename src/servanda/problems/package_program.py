"""Packages as an integer program: options as 0 or 1, values and gates as linear expressions.

Columns stand in this order: one for each option of each issue (exactly one of an issue is 1), one
for each link (1 when it matches), one for each **row**, a single gate (1: it may fail). Rows are
red lines, then every actor's rationality, then every actor's ratification, as in
``servanda.solvers.row_tally``.

A pattern matches when on every issue it looks at an option it allows is chosen; a sum over issues,
so what it adds or forbids is linear. Ratification is linear when no domestic gate comes before
signature: then signing costs an actor its one-off costs and nothing is uncertain. With such gates
it is left out, and ``ratification`` says so.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from servanda.problems.packages import PackageProblem

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PackageProgram:
    """Linear expressions over the columns of a package problem.

    C columns, A actors.

    Attributes
    ----------
        problem: what it stands for.
        tolerance: points; a gain of at least minus this is accepted.
    """

    problem: PackageProblem
    tolerance: float

    @cached_property
    def starts(self) -> list[int]:
        """(J,) column of each issue's first option."""
        return [0, *np.cumsum(self.problem.n_options)[:-1].tolist()]

    @property
    def n_choices(self) -> int:
        """Columns of options."""
        return int(self.problem.n_options.sum())

    @property
    def n_rows(self) -> int:
        """Single gates: red lines and twice the actors."""
        return len(self.problem.red_lines) + 2 * len(self.problem.actors)

    @property
    def n_columns(self) -> int:
        """C."""
        return self.n_choices + len(self.problem.links) + self.n_rows

    @property
    def ratification(self) -> bool:
        """Whether leaders are asked to sign."""
        return not bool(self.problem.gates_before.any())

    def row(self, number: int) -> int:
        """Column of a row."""
        return self.n_choices + len(self.problem.links) + number

    @cached_property
    def gain(self) -> tuple[FloatArray, FloatArray]:
        """(A, C) and (A,): gain over no deal, columns and constant; 0 without a veto."""
        problem = self.problem
        coefficients = self._sum_over_options(problem.contribution)
        links = slice(self.n_choices, self.n_choices + len(problem.links))
        coefficients[:, links] = problem.link_values.T
        veto = ~np.isnan(problem.reservation)
        constant = np.where(veto, problem.constant - problem.reservation, 0.0)
        return coefficients * veto[:, np.newaxis], constant

    @cached_property
    def slack(self) -> tuple[FloatArray, FloatArray]:
        """(A, C) and (A,): what signing leaves a leader above not signing."""
        coefficients, constant = self.gain
        one_off = self.problem.audience_cost * (1.0 - self.problem.discount)
        veto = ~np.isnan(self.problem.reservation)
        return coefficients - self._sum_over_options(one_off) * veto[:, np.newaxis], constant

    @cached_property
    def reach(self) -> FloatArray:
        """(A,) points: no gain and no slack is further from 0 than this."""
        far = np.zeros(len(self.problem.actors))
        counts = self.problem.n_options.tolist()
        for coefficients, constant in (self.gain, self.slack):
            low, high = constant.copy(), constant.copy()
            for start, count in zip(self.starts, counts, strict=True):
                low += coefficients[:, start : start + count].min(axis=1)
                high += coefficients[:, start : start + count].max(axis=1)
            links = coefficients[:, self.n_choices : self.row(0)]
            low += np.minimum(links, 0.0).sum(axis=1)
            high += np.maximum(links, 0.0).sum(axis=1)
            far = np.maximum(far, np.maximum(np.abs(low), np.abs(high)))
        return far + 1.0

    def constraints(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """What every package on the table obeys, as (N, C) coefficients between (N,) and (N,)."""
        problem = self.problem
        lines: list[tuple[FloatArray, float, float]] = []
        for start, count in zip(self.starts, problem.n_options.tolist(), strict=True):
            lines.append((self._ones(range(start, start + count)), 1.0, 1.0))
        for masks in problem.exclusions:
            looks, chosen = self._looked_at(masks)
            lines.append((chosen.sum(axis=0), -np.inf, looks - 1.0))
        for link, masks in enumerate(problem.links):
            looks, chosen = self._looked_at(masks)
            matched = self._ones([self.n_choices + link])
            for one in chosen:
                lines.append((matched - one, -np.inf, 0.0))
            lines.append((matched - chosen.sum(axis=0), 1.0 - looks, np.inf))
        for number, masks in enumerate(problem.red_lines):
            looks, chosen = self._looked_at(masks)
            lifted = self._ones([self.row(number)])
            lines.append((chosen.sum(axis=0) - lifted, -np.inf, looks - 1.0))
        for actor in problem.parties.tolist():
            lines += self._acceptance(actor)
        rows, low, high = zip(*lines, strict=True)
        return np.array(rows), np.array(low), np.array(high)

    def _acceptance(self, actor: int) -> list[tuple[FloatArray, float, float]]:
        """Without a gain an actor fails one row; a willing leader who would not sign, another."""
        count, far = len(self.problem.actors), float(self.reach[actor])
        red = len(self.problem.red_lines)
        unwilling = self._ones([self.row(red + actor)])
        unsigned = self._ones([self.row(red + count + actor)])
        gain, constant = self.gain[0][actor], float(self.gain[1][actor])
        lines = [(gain + far * unwilling, -self.tolerance - constant, np.inf)]
        if self.ratification:
            slack, base = self.slack[0][actor], float(self.slack[1][actor])
            either = unwilling + unsigned
            lines.append((slack + far * either, -self.tolerance - base, np.inf))
            lines.append((gain + far * unwilling, -np.inf, far - self.tolerance - constant))
        return lines

    def _looked_at(self, masks: NDArray[np.uint64]) -> tuple[int, FloatArray]:
        """How many issues a pattern looks at, and (n, C) whether it allows what is chosen there."""
        chosen = []
        for start, count, mask in zip(
            self.starts, self.problem.n_options.tolist(), masks.tolist(), strict=True
        ):
            allowed = [option for option in range(count) if mask >> option & 1]
            if len(allowed) < count:
                chosen.append(self._ones([start + option for option in allowed]))
        return len(chosen), np.array(chosen).reshape(len(chosen), self.n_columns)

    def _sum_over_options(self, worth: FloatArray) -> FloatArray:
        """(A, C) coefficients of what each option (J, O, A) adds."""
        total = np.zeros((worth.shape[2], self.n_columns))
        for issue, (start, count) in enumerate(
            zip(self.starts, self.problem.n_options.tolist(), strict=True)
        ):
            total[:, start : start + count] = worth[issue, :count].T
        return total

    def _ones(self, columns: "range | list[int]") -> FloatArray:
        one = np.zeros(self.n_columns)
        one[list(columns)] = 1.0
        return one
