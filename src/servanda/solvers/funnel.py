"""The funnel: which packages pass every gate, how many each gate stops, and what comes nearest.

Gates 1 to 3 (red lines, individual rationality, ratification) are put to every package in a
compiled loop. What survives is put to the order of steps, best first, by a function the caller
gives; what is kept and undominated is the answer. When nothing is left, that is the finding: the
result says which gate stops most, and which packages fail by least.

Putnam (1988), Diplomacy and domestic politics: the logic of two-level games, International
Organization 42(3).
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels import packages as kernels
from servanda.problems.packages import (
    TOLERANCE,
    BoolArray,
    MaskArray,
    PackageDraws,
    PackageProblem,
)
from servanda.results.packages import (
    CandidateGates,
    Deal,
    Funnel,
    FunnelDraws,
    FunnelStatus,
    GateCount,
    Implementable,
    NearDeal,
    Settlement,
)
from servanda.solvers.catalogue import BARGAINING_SOLUTIONS, find_solver
from servanda.solvers.pareto import pareto_front

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Test = Callable[[int, dict[str, str]], Implementable]
Result = TypeVar("Result")

ENUMERATION_LIMIT = 200_000_000
"""Packages; larger spaces are not enumerated (about ten seconds on two cores)."""

CHUNK = 1 << 16
"""Packages a thread takes at a time; the answer does not depend on it."""

NEAREST = 5
"""How many of the nearest packages are kept."""

MOST_UNCERTAIN_LINES = 64
"""Red lines that may hold in some draws and not in others: the bits of a word."""


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
    counts = _count_gates(problem, tolerance, threads)
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


def funnel_over_draws(
    draws: PackageDraws, *, tolerance: float = TOLERANCE, threads: int | None = None
) -> FunnelDraws:
    """Gates 1 to 3 under every draw.

    Packages that break a red line which holds in every draw are left out once for all.
    """
    problem = draws.problem
    space = problem.n_packages
    if space > ENUMERATION_LIMIT:
        raise ProblemError(f"packages: {space} are too many to enumerate ({ENUMERATION_LIMIT})")
    always = np.asarray(draws.red_line_holds.all(axis=0), dtype=np.bool_)
    admissible, n_excluded = _admissible(problem, always, threads)
    n_packages, n_draws, n_actors = len(admissible), draws.n_draws, len(problem.actors)
    strides = _strides(problem)
    chosen = ((admissible[:, None] // strides) % problem.n_options).astype(np.uint8)
    differs = chosen[1:] != chosen[:-1]
    changed = np.zeros(n_packages, dtype=np.uint8)
    changed[1:] = np.argmax(differs, axis=1)

    breaks, held = _uncertain_lines(draws, chosen, always)
    free = np.zeros(n_draws, dtype=np.int64)
    tables = problem.tables
    first = np.zeros((n_draws, 2 * n_actors), dtype=np.int64)
    alone = np.zeros_like(first)
    best, near = (np.full(n_draws, -1, dtype=np.int64) for _ in range(2))
    best_gain, near_shortfall = (np.full(n_draws, np.nan) for _ in range(2))
    workers = _workers(threads)
    bounds = np.linspace(0, n_draws, min(n_draws, 4 * workers) + 1).astype(np.int64)

    def count(part: int) -> IntArray:
        passes = np.zeros(n_packages, dtype=np.int64)
        kernels.funnel_counts(
            bounds[part],
            bounds[part + 1],
            admissible,
            chosen,
            changed,
            breaks,
            held,
            draws.contribution,
            draws.constant,
            *tables[:5],
            draws.link_values,
            *tables[5:],
            draws.interaction_values,
            draws.support_constant,
            draws.support_effects,
            draws.threshold,
            draws.noise,
            problem.audience_actor,
            problem.gates_before,
            problem.parties,
            draws.reservation,
            draws.failure_cost,
            1.0 - draws.discount,
            draws.audience_cost,
            tolerance,
            first,
            alone,
            best,
            best_gain,
            near,
            near_shortfall,
            passes,
            free,
        )
        return passes

    passes = np.zeros(n_packages, dtype=np.int64)
    for part in _in_threads(count, range(len(bounds) - 1), workers):
        passes += part
    near_shortfall[near < 0] = np.nan
    willing = free - first[:, :n_actors].sum(axis=1)
    remaining = np.stack([free, willing, willing - first[:, n_actors:].sum(axis=1)], axis=1)
    return FunnelDraws(
        actors=problem.actors,
        space=space,
        packages=space - n_excluded,
        remaining=remaining,
        rationality_first=first[:, :n_actors],
        ratification_first=first[:, n_actors:],
        rationality_alone=alone[:, :n_actors],
        ratification_alone=alone[:, n_actors:],
        best=best,
        best_gain=best_gain,
        nearest=near,
        nearest_shortfall=near_shortfall,
        admissible=admissible,
        passes=passes,
    )


def candidate_gates(
    draws: PackageDraws, packages: Iterable[int], *, tolerance: float = TOLERANCE
) -> CandidateGates:
    """Gates 1 to 3 and values of a few packages (K,) under every draw."""
    problem = draws.problem
    numbers = np.fromiter(packages, dtype=np.int64)
    chosen = np.array([problem.chosen(int(n)) for n in numbers], dtype=np.int64)
    chosen = chosen.reshape(len(numbers), len(problem.issues))
    n_draws, n_actors, n_gates = draws.n_draws, len(problem.actors), len(problem.audiences)
    values = np.empty((n_draws, len(numbers), n_actors))
    slack = np.empty_like(values)
    probability = np.empty((n_draws, len(numbers), n_gates))
    tables = problem.tables
    kernels.candidate_gates(
        chosen,
        draws.contribution,
        draws.constant,
        *tables[:5],
        draws.link_values,
        *tables[5:],
        draws.interaction_values,
        draws.support_constant,
        draws.support_effects,
        draws.threshold,
        draws.noise,
        problem.audience_actor,
        problem.gates_before,
        draws.reservation,
        draws.failure_cost,
        1.0 - draws.discount,
        draws.audience_cost,
        values,
        probability,
        slack,
    )
    gains = values - draws.reservation[:, None, :]
    no_veto = np.isnan(gains)
    willing = no_veto | (gains >= -tolerance)
    signs = no_veto | (willing & (slack >= -tolerance))
    breaks = np.array([matching(problem.red_lines, row) for row in chosen], dtype=np.int64)
    breaks = breaks.reshape(len(numbers), len(problem.red_lines))
    broken = draws.red_line_holds.astype(np.int64) @ breaks.T
    off_table = np.array([matching(problem.exclusions, row).any() for row in chosen], dtype=bool)
    allowed = (broken == 0) & ~off_table
    return CandidateGates(
        packages=numbers,
        values=values,
        gains=gains,
        willing=willing,
        signs=signs,
        signing_slack=slack,
        pass_probability=probability,
        red_lines_broken=broken,
        acceptable=allowed & willing.all(axis=2) & signs.all(axis=2),
    )


def values_of(problem: PackageProblem, packages: IntArray) -> FloatArray:
    """u(K) of packages (N,), as (N, A) points."""
    return _evaluated(problem, np.asarray(packages, dtype=np.int64))[0]


def deal_of(
    problem: PackageProblem,
    package: int,
    tested: Implementable | None = None,
    *,
    tolerance: float = TOLERANCE,
) -> Deal:
    """One package with names on everything; kept, when tested, as gate 4 says."""
    values, costs, logits = (
        part[0] for part in _evaluated(problem, np.array([package], dtype=np.int64))
    )
    probability = np.array(
        [
            kernels.gate_pass(logit, threshold, noise)
            for logit, threshold, noise in zip(
                logits, problem.threshold, problem.noise, strict=True
            )
        ]
    )
    slack = _signing_slack(problem, values, costs, probability)
    start: dict[str, float] | None = None
    kept = None
    if tested is not None:
        at_start = np.asarray(tested.values_at_start, dtype=np.float64)
        if at_start.shape != values.shape:
            raise ProblemError(f"values_at_start: shape {at_start.shape}; must be {values.shape}")
        start = _named(problem.actors, at_start)
        parties = problem.parties
        worth = at_start[parties] - problem.reservation[parties]
        # model: V(∅) is what a leader signs for, so the signing condition is asked again with it
        signing = _signing_slack(problem, at_start, costs, probability)[parties]
        kept = bool(
            tested.margin >= -tolerance
            and (worth >= -tolerance).all()
            and (signing >= -tolerance).all()
        )
    gains = values - problem.reservation
    party_names = [problem.actors[i] for i in problem.parties]
    before = problem.gates_before.tolist()
    return Deal(
        index=package,
        options=problem.named(package),
        values=_named(problem.actors, values),
        gains=_named(party_names, gains[problem.parties]),
        support=_named(problem.audiences, 1.0 / (1.0 + np.exp(-logits))),
        pass_probability={
            name: float(p)
            for name, p, applied in zip(problem.audiences, probability, before, strict=True)
            if applied
        },
        signing_slack=_named(party_names, slack[problem.parties]),
        margin=None if tested is None else float(tested.margin),
        values_at_start=start,
        kept=kept,
        plan=None if tested is None else tested.plan,
    )


def near_deal(problem: PackageProblem, package: int, *, tolerance: float = TOLERANCE) -> NearDeal:
    """What a package lacks: red lines broken, points short of willing, or of signing if willing."""
    deal = deal_of(problem, package)
    shortfall = {}
    for name, gain in deal.gains.items():
        missing = -gain if gain < -tolerance else -deal.signing_slack[name]
        shortfall[name] = missing if missing > tolerance else 0.0
    broken = matching(problem.red_lines, np.array(problem.chosen(package), dtype=np.int64))
    labels = [problem.red_line_labels[n] for n in np.flatnonzero(broken)]
    return NearDeal(deal=deal, red_lines_broken=tuple(labels), shortfall=shortfall)


def matching(patterns: NDArray[np.uint64], chosen: IntArray) -> NDArray[np.bool_]:
    """Which patterns (L, J) match the options chosen (J,)."""
    bits = (patterns >> chosen.astype(np.uint64)) & np.uint64(1)
    return np.asarray((bits == 1).all(axis=1), dtype=np.bool_)


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


def _count_gates(problem: PackageProblem, tolerance: float, threads: int | None) -> _Counts:
    """Gates 1 to 3 over the whole space, in chunks over threads, summed in order."""
    space, n_red, n_actors = problem.n_packages, len(problem.red_lines), len(problem.actors)
    n_rows = n_red + 2 * n_actors
    tables = problem.tables
    strides = _strides(problem)
    weight = 1.0 - problem.discount
    parties = problem.parties

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
            problem.n_options,
            strides,
            problem.contribution,
            problem.constant,
            *tables[:5],
            problem.link_values,
            *tables[5:],
            problem.interaction_values,
            problem.support_constant,
            problem.support_effects,
            problem.threshold,
            problem.noise,
            problem.audience_actor,
            problem.gates_before,
            parties,
            problem.reservation,
            problem.failure_cost,
            weight,
            problem.audience_cost,
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

    parts = _in_threads(count, range(0, space, CHUNK), _workers(threads))
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
            kernels.keep_best(int(row), shortfall, gain, best[0][row], best_index, best_rank)
        for k in np.flatnonzero(index >= 0):
            broken, shortfall, gain = rank[k]
            kernels.keep_near(int(broken), shortfall, gain, index[k], near_index, near_rank)
    return _Counts(
        excluded, np.concatenate(survivors), first, alone, gate_alone, best_index, near_index
    )


def _admissible(
    problem: PackageProblem, counted: BoolArray, threads: int | None
) -> tuple[IntArray, int]:
    """Packages on the table that break none of the red lines counted (F,), and how many are off."""
    n_actors = len(problem.actors)
    bare = PackageProblem(
        actors=problem.actors,
        issues=problem.issues,
        options=problem.options,
        n_options=problem.n_options,
        contribution=problem.contribution,
        constant=problem.constant,
        reservation=np.full(n_actors, np.nan),
        exclusions=problem.exclusions,
        red_lines=problem.red_lines[counted],
        red_line_owner=problem.red_line_owner[counted],
        red_line_labels=tuple(np.array(problem.red_line_labels)[counted].tolist()),
    )
    counts = _count_gates(bare, TOLERANCE, threads)
    return counts.survivors, counts.excluded


def _uncertain_lines(
    draws: PackageDraws, chosen: NDArray[np.uint8], always: BoolArray
) -> tuple[MaskArray, MaskArray]:
    """Bits of the red lines not always held: broken by a package (N,), held in a draw (D,)."""
    lines = np.flatnonzero(~always & draws.red_line_holds.any(axis=0))
    if len(lines) > MOST_UNCERTAIN_LINES:
        raise ProblemError(
            f"red lines: {len(lines)} hold in some draws only; at most {MOST_UNCERTAIN_LINES} may"
        )
    breaks = np.zeros(len(chosen), dtype=np.uint64)
    held = np.zeros(draws.n_draws, dtype=np.uint64)
    one = np.uint64(1)
    for bit, line in enumerate(lines.tolist()):
        row = draws.problem.red_lines[line]
        matches = ((row >> chosen.astype(np.uint64)) & one).all(axis=1)
        breaks |= matches.astype(np.uint64) << np.uint64(bit)
        held |= draws.red_line_holds[:, line].astype(np.uint64) << np.uint64(bit)
    return breaks, held


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


def _evaluated(
    problem: PackageProblem, packages: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Values (N, A), one-off costs (N, A) and support logits (N, G)."""
    values = np.empty((len(packages), len(problem.actors)))
    costs = np.empty_like(values)
    logits = np.empty((len(packages), len(problem.audiences)))
    tables = problem.tables
    kernels.package_values(
        packages,
        _strides(problem),
        problem.contribution,
        problem.constant,
        *tables[:5],
        problem.link_values,
        *tables[5:],
        problem.interaction_values,
        problem.support_constant,
        problem.support_effects,
        problem.audience_cost,
        values,
        costs,
        logits,
    )
    return values, costs, logits


def _signing_slack(
    problem: PackageProblem, worth: FloatArray, costs: FloatArray, probability: FloatArray
) -> FloatArray:
    """Points above what each leader needs to sign, (A,); NaN without a veto."""
    applied = np.where(problem.gates_before, probability, 1.0)
    own = np.ones(len(problem.actors))
    np.multiply.at(own, problem.audience_actor, applied)
    gain = worth - problem.reservation
    one_off = (1.0 - problem.discount) * costs
    return np.asarray(applied.prod() * gain - (1.0 - own) * problem.failure_cost - one_off)


def _strides(problem: PackageProblem) -> IntArray:
    counts = problem.n_options
    return np.concatenate([np.cumprod(counts[:0:-1])[::-1], [1]]).astype(np.int64)


def _margin_or_less(deal: Deal) -> float:
    """Margin for comparison: not a number counts as no order at all."""
    margin = deal.margin
    return -np.inf if margin is None or np.isnan(margin) else margin


def _named(names: Iterable[str], numbers: Iterable[float]) -> dict[str, float]:
    return {name: float(number) for name, number in zip(names, numbers, strict=True)}


def _workers(threads: int | None) -> int:
    return max(1, threads if threads is not None else (os.cpu_count() or 1))


def _in_threads(
    work: Callable[[int], Result], parts: Iterable[int], workers: int
) -> Iterable[Result]:
    """Results of ``work`` in the order of ``parts``; kernels let go of the interpreter lock."""
    tasks = list(parts)
    if workers == 1 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(work, tasks)
