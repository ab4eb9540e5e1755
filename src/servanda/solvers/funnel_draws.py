"""The funnel's first three gates over many draws of what is uncertain."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.kernels import package_draws as kernels
from servanda.kernels.package_walk import fresh_walk
from servanda.problems.packages import (
    TOLERANCE,
    BoolArray,
    MaskArray,
    PackageDraws,
    PackageProblem,
)
from servanda.results.packages import CandidateGates, FunnelDraws
from servanda.solvers.funnel import ENUMERATION_LIMIT, count_gates
from servanda.solvers.package_values import (
    draws_for_kernels,
    matching,
    strides_of,
    walk_sizes,
)
from servanda.solvers.threads import in_threads, n_workers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_UNCERTAIN_LINES = 64
"""Red lines that may hold in some draws and not in others: the bits of a word."""


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
    strides = strides_of(problem)
    chosen = ((admissible[:, None] // strides) % problem.n_options).astype(np.uint8)
    differs = chosen[1:] != chosen[:-1]
    changed = np.zeros(n_packages, dtype=np.uint8)
    changed[1:] = np.argmax(differs, axis=1)

    breaks, held = _uncertain_lines(draws, chosen, always)
    free = np.zeros(n_draws, dtype=np.int64)
    drawn = draws_for_kernels(draws)
    first = np.zeros((n_draws, 2 * n_actors), dtype=np.int64)
    alone = np.zeros_like(first)
    best, near = (np.full(n_draws, -1, dtype=np.int64) for _ in range(2))
    best_gain, near_shortfall = (np.full(n_draws, np.nan) for _ in range(2))
    workers = n_workers(threads)
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
            drawn,
            fresh_walk(*walk_sizes(drawn)),
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
    for part in in_threads(count, range(len(bounds) - 1), workers):
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
    drawn = draws_for_kernels(draws)
    kernels.candidate_gates(
        chosen,
        drawn,
        fresh_walk(*walk_sizes(drawn)),
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
    counts = count_gates(bare, TOLERANCE, threads)
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
