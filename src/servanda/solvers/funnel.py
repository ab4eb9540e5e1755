"""The funnel: which packages pass every gate, how many each gate stops, and what comes nearest.

Gates 1 to 3 (red lines, individual rationality, ratification) are put to every package in a
compiled loop. What survives is put to the order of steps, best first, by a function the caller
gives; what is kept and undominated is the answer. When nothing is left, that is the finding: the
result says which gate stops most, and which packages fail by least.

Putnam (1988), Diplomacy and domestic politics: the logic of two-level games, International
Organization 42(3).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels import packages as kernels
from servanda.kernels.package_ranks import keep_best, keep_near
from servanda.kernels.pass_bounds import CELLS, pass_table
from servanda.problems.packages import TOLERANCE, PackageProblem
from servanda.results.packages import (
    Deal,
    Funnel,
    FunnelStatus,
    GateCount,
    Implementable,
    Settlement,
)
from servanda.solvers.catalogue import BARGAINING_SOLUTIONS, find_solver
from servanda.solvers.package_values import (
    deal_of,
    for_kernels,
    near_deal,
    values_of,
    walk_sizes,
)
from servanda.solvers.pareto import pareto_front
from servanda.solvers.threads import in_threads, n_workers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Test = Callable[[int, dict[str, str]], Implementable]

ENUMERATION_LIMIT = 200_000_000
"""Packages; larger spaces are not enumerated (about ten seconds on two cores)."""

CHUNK = 1 << 16
"""Packages a thread takes at a time; the answer does not depend on it."""

NEAREST = 5
"""How many of the nearest packages are kept."""


def funnel(
    problem: PackageProblem,
    test: Test | None = None,
    budget: int = 200,
    *,
    tolerance: float = TOLERANCE,
    threads: int | None = None,
) -> Funnel:
    """Put every package through the gates and count what each one stops.

    Parameters
    ----------
        problem: packages, values, gates.
        test: from (package number, issue to option in names) to what the order of steps says.
            None: gates 4 and 5 become "undominated among what passes gates 1 to 3".
        budget: most calls of ``test``.
        tolerance: points; a gain of at least minus this passes.
        threads: how many; None: as many as there are cores. The answer does not depend on it.
    """
    if budget < 0:
        raise ProblemError(f"budget: {budget} must not be negative")
    space = problem.n_packages
    if space > ENUMERATION_LIMIT:
        return _too_many(problem, budget, tolerance)
    counts = count_gates(problem, tolerance, threads)
    survivors = counts.survivors
    values = values_of(problem, survivors)
    tests = _test_best_first(problem, survivors, values, test, budget, tolerance)
    front, shared = _efficient(problem, survivors, values, tests, test is not None, tolerance)

    deals = dict(zip(tests.packages, tests.deals, strict=True))
    efficient = tuple(deals[n] if n in deals else deal_of(problem, n) for n in front)
    packages = space - counts.excluded
    gates = _gate_counts(problem, counts, packages)
    if test is not None:
        failed = sum(not deal.kept for deal in tests.deals)
        left = len(survivors) - failed - tests.untested
        gates += (
            GateCount("implementable", "kept in some order of steps", "", left, failed, failed),
        )
    else:
        left = len(survivors)
    gates += (GateCount("efficient", "not dominated", "", len(front), left - len(front), 0),)

    asked = [gate for gate in gates if gate.gate != "efficient"]
    most = max(asked, key=lambda gate: gate.killed_first)
    alone = max(asked, key=lambda gate: gate.killed_alone)
    nearest_kept = None
    if tests.deals and not any(deal.kept for deal in tests.deals):
        nearest_kept = max(tests.deals, key=_margin_or_less)
    first, second = len(problem.red_lines), len(problem.red_lines) + len(problem.actors)
    rows = _row_counts(problem, counts, packages)
    return Funnel(
        status=_status(packages, len(survivors), tests, test is not None),
        actors=problem.actors,
        issues=problem.issues,
        space=space,
        packages=packages,
        gates=gates,
        red_lines=rows[:first],
        rationality=rows[first:second],
        ratification=rows[second:],
        kills_most=most.gate if most.killed_first else "",
        kills_most_alone=alone.gate if alone.killed_alone else "",
        survivors=survivors,
        tested=tests.deals,
        untested=tests.untested,
        budget=budget,
        efficient=efficient,
        shared=shared,
        nearest=tuple(
            near_deal(problem, int(n), tolerance=tolerance) for n in counts.near_index if n >= 0
        ),
        nearest_kept=nearest_kept,
        tolerance=tolerance,
    )


def settle(
    problem: PackageProblem, found: Funnel, solutions: Sequence[str] = BARGAINING_SOLUTIONS
) -> dict[str, Settlement]:
    """Bargaining solutions among the efficient deals of a funnel, with reservation as disagreement.

    ``index`` of each settlement is a position in ``found.efficient``. Nothing is lost by looking at
    efficient deals only: each of these solutions chooses an undominated one, and the most a party
    can get is got at an undominated one. (Not so for ``kalai-smorodinsky-all-outcomes``, whose
    ideal needs all packages.)
    """
    names = problem.actors
    rows = [[deal.values[name] for name in names] for deal in found.efficient]
    values = np.array(rows, dtype=np.float64).reshape(len(rows), len(names))
    return {
        name: find_solver(name).resolve()(values, problem.reservation, tolerance=found.tolerance)
        for name in solutions
    }


class _Counts(NamedTuple):
    """Sums over all chunks: arrays as in the kernel, survivors rising."""

    excluded: int
    survivors: IntArray
    killed_first: IntArray
    killed_alone: IntArray
    gate_alone: IntArray
    best_index: IntArray
    near_index: IntArray


class _Tests(NamedTuple):
    """Packages put to the order of steps, in order."""

    packages: tuple[int, ...]
    deals: tuple[Deal, ...]
    untested: int


def count_gates(problem: PackageProblem, tolerance: float, threads: int | None) -> _Counts:
    """Gates 1 to 3 over the whole space, in chunks over threads, summed in order."""
    space, n_red, n_actors = problem.n_packages, len(problem.red_lines), len(problem.actors)
    n_rows = n_red + 2 * n_actors
    packages = for_kernels(problem)
    table = pass_table(
        problem.n_options,
        problem.support_constant,
        problem.support_effects,
        problem.interaction_values,
        problem.threshold,
        problem.noise,
        min(CELLS, space),
    )

    def count(start: int) -> tuple[Any, ...]:
        stop = min(start + CHUNK, space)
        survivors = np.empty(stop - start, dtype=np.int64)
        first, alone = (np.zeros(n_rows, dtype=np.int64) for _ in range(2))
        gate_alone = np.zeros(3, dtype=np.int64)
        best_index, best_rank = np.full(n_rows + 3, -1, dtype=np.int64), np.zeros((n_rows + 3, 2))
        near_index, near_rank = np.full(NEAREST, -1, dtype=np.int64), np.zeros((NEAREST, 3))
        excluded, found = kernels.count_gates(
            start,
            stop,
            packages,
            table,
            n_red,
            tolerance,
            survivors,
            first,
            alone,
            gate_alone,
            best_index,
            best_rank,
            near_index,
            near_rank,
            kernels.gate_scratch(*walk_sizes(packages)),
        )
        best = (best_index, best_rank)
        return (
            excluded,
            survivors[:found].copy(),
            first,
            alone,
            gate_alone,
            best,
            near_index,
            near_rank,
        )

    parts = in_threads(count, range(0, space, CHUNK), n_workers(threads))
    excluded = 0
    survivors: list[IntArray] = []
    first, alone = (np.zeros(n_rows, dtype=np.int64) for _ in range(2))
    gate_alone = np.zeros(3, dtype=np.int64)
    best_index, best_rank = np.full(n_rows + 3, -1, dtype=np.int64), np.zeros((n_rows + 3, 2))
    near_index, near_rank = np.full(NEAREST, -1, dtype=np.int64), np.zeros((NEAREST, 3))
    for n_excluded, found, part_first, part_alone, part_gate, best, index, rank in parts:
        excluded += int(n_excluded)
        survivors.append(found)
        first += part_first
        alone += part_alone
        gate_alone += part_gate
        for row in np.flatnonzero(best[0] >= 0):
            shortfall, gain = best[1][row]
            keep_best(int(row), shortfall, gain, best[0][row], best_index, best_rank)
        for k in np.flatnonzero(index >= 0):
            broken, shortfall, gain = rank[k]
            keep_near(int(broken), shortfall, gain, index[k], near_index, near_rank)
    return _Counts(
        excluded, np.concatenate(survivors), first, alone, gate_alone, best_index, near_index
    )


def _test_best_first(
    problem: PackageProblem,
    survivors: IntArray,
    values: FloatArray,
    test: Test | None,
    budget: int,
    tolerance: float,
) -> _Tests:
    """Test the survivor with the largest smallest normalised gain until none could be undominated.

    Gains are normalised by the largest gain of each party among the survivors, as in Kalai and
    Smorodinsky (1975); a party that cannot gain does not count. Ties go to the larger total, then
    to the lower number, so a package never comes before one that dominates it.
    """
    if test is None or not len(survivors):
        return _Tests((), (), 0)
    smallest, total = _normalised(problem, values, tolerance)
    open_ = np.ones(len(survivors), dtype=np.bool_)
    packages: list[int] = []
    deals: list[Deal] = []
    while len(deals) < budget:
        best = kernels.best_open(smallest, total, open_)
        if best < 0:
            break
        open_[best] = False
        package = int(survivors[best])
        deal = deal_of(problem, package, test(package, problem.named(package)), tolerance=tolerance)
        packages.append(package)
        deals.append(deal)
        if deal.kept:
            kernels.mark_dominated(values, values[best], tolerance, open_)
    return _Tests(tuple(packages), tuple(deals), int(open_.sum()))


def _normalised(
    problem: PackageProblem, values: FloatArray, tolerance: float
) -> tuple[FloatArray, FloatArray]:
    """Smallest and total normalised gain of each package (N,); without parties, total value."""
    parties = problem.parties
    gains = values[:, parties] - problem.reservation[parties]
    ideal = gains.max(axis=0, initial=0.0)
    gains = gains[:, ideal > tolerance] / ideal[ideal > tolerance]
    if gains.shape[1] == 0:
        return np.zeros(len(values)), values.sum(axis=1)
    # others (no veto) break the last ties, so that domination among them counts too
    return gains.min(axis=1), gains.sum(axis=1) + 1e-9 * values.sum(axis=1)


def _efficient(
    problem: PackageProblem,
    survivors: IntArray,
    values: FloatArray,
    tests: _Tests,
    tested: bool,
    tolerance: float,
) -> tuple[list[int], tuple[int, ...]]:
    """Undominated packages among those kept, best first, and how many share each point."""
    if tested:
        kept = [n for n, deal in zip(tests.packages, tests.deals, strict=True) if deal.kept]
        rows = np.searchsorted(survivors, np.array(kept, dtype=np.int64))
    else:
        rows = np.arange(len(survivors))
    if not len(rows):
        return [], ()
    front = pareto_front(values[rows], tolerance)
    smallest, total = _normalised(problem, values, tolerance)
    points = rows[front.indices]
    order = np.lexsort((points, -total[points], -smallest[points]))
    return [int(n) for n in survivors[points[order]]], tuple(front.shared[order].tolist())


def _gate_counts(problem: PackageProblem, counts: _Counts, packages: int) -> tuple[GateCount, ...]:
    n_red, n_actors = len(problem.red_lines), len(problem.actors)
    names = [
        ("red-lines", "red lines"),
        ("individual-rationality", "better than no deal for all"),
        ("ratification", "leaders would sign"),
    ]
    edges = [0, n_red, n_red + n_actors, n_red + 2 * n_actors]
    gates, left = [], packages
    for place, (gate, label) in enumerate(names):
        killed = int(counts.killed_first[edges[place] : edges[place + 1]].sum())
        left -= killed
        lifted = int(counts.best_index[edges[3] + place])
        gates.append(
            GateCount(
                gate,
                label,
                "",
                left,
                killed,
                int(counts.gate_alone[place]),
                deal_of(problem, lifted) if lifted >= 0 else None,
            )
        )
    return tuple(gates)


def _row_counts(problem: PackageProblem, counts: _Counts, packages: int) -> tuple[GateCount, ...]:
    owners = [problem.actors[i] for i in problem.red_line_owner]
    rows = [
        ("red-lines", label, owner)
        for label, owner in zip(problem.red_line_labels, owners, strict=True)
    ]
    rows += [("individual-rationality", name, name) for name in problem.actors]
    rows += [("ratification", name, name) for name in problem.actors]
    left = packages
    out = []
    for row, (gate, label, actor) in enumerate(rows):
        killed = int(counts.killed_first[row])
        left -= killed
        lifted = int(counts.best_index[row])
        out.append(
            GateCount(
                gate,
                label,
                actor,
                left,
                killed,
                int(counts.killed_alone[row]),
                deal_of(problem, lifted) if lifted >= 0 else None,
            )
        )
    return tuple(out)


def _status(packages: int, n_survivors: int, tests: _Tests, tested: bool) -> FunnelStatus:
    if packages == 0:
        return FunnelStatus.NONE_ON_THE_TABLE
    if n_survivors == 0:
        return FunnelStatus.NONE_ACCEPTABLE
    if not tested:
        return FunnelStatus.NOT_TESTED
    if any(deal.kept for deal in tests.deals):
        return FunnelStatus.FOUND_WITHIN_BUDGET if tests.untested else FunnelStatus.FOUND
    return FunnelStatus.NONE_KEPT_WITHIN_BUDGET if tests.untested else FunnelStatus.NONE_KEPT


def _too_many(problem: PackageProblem, budget: int, tolerance: float) -> Funnel:
    return Funnel(
        status=FunnelStatus.TOO_MANY,
        actors=problem.actors,
        issues=problem.issues,
        space=problem.n_packages,
        packages=0,
        gates=(),
        red_lines=(),
        rationality=(),
        ratification=(),
        kills_most="",
        kills_most_alone="",
        survivors=np.empty(0, dtype=np.int64),
        tested=(),
        untested=0,
        budget=budget,
        efficient=(),
        shared=(),
        nearest=(),
        nearest_kept=None,
        tolerance=tolerance,
    )


def _margin_or_less(deal: Deal) -> float:
    """Margin for comparison: not a number counts as no order at all."""
    margin = deal.margin
    return -np.inf if margin is None or np.isnan(margin) else margin
