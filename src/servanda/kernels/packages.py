"""Loops over packages: values, gates, counts.

Packages are visited in mixed radix order, last issue fastest. A walk keeps, for every depth d (the
first d issues chosen), the sums so far; when issue j changes only depths beyond j are recomputed,
so a step costs O(actors + gates), not O(issues). Sums run from the first issue to the last in all
kernels, so a package's value has the same bits wherever it is computed.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.package_ranks import keep_best, keep_near, near_enough, signing_enough
from servanda.kernels.package_walk import (
    NONE,
    Packages,
    Walk,
    count_bits,
    fresh_walk,
    lowest_bit,
    pass_probabilities,
    set_out,
    walk_support,
    walk_values,
)
from servanda.kernels.pass_bounds import PassTable, bound_passes, count_unsigned

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MaskArray = NDArray[np.uint64]


class Scratch(NamedTuple):
    """Arrays a walk over packages through the gates writes in place."""

    walk: Walk
    own: FloatArray
    own_least: FloatArray
    own_most: FloatArray
    chosen: IntArray


def gate_scratch(n_issues: int, n_actors: int, n_gates: int, n_words: int) -> Scratch:
    """Room for one call of ``count_gates``."""
    return Scratch(
        walk=fresh_walk(n_issues, n_actors, n_gates, n_words),
        own=np.empty(n_actors),
        own_least=np.empty(n_actors),
        own_most=np.empty(n_actors),
        chosen=np.empty(n_issues, np.int64),
    )


# Nothing is allocated in this loop, so references need not be counted (`_nrt`): counting them is
# an atomic addition for every array handed to a function, more than half of all time.
@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
def count_gates(
    start: int,
    stop: int,
    problem: Packages,
    table: PassTable,
    n_red: int,
    tolerance: float,
    survivors: IntArray,
    killed_first: IntArray,
    killed_alone: IntArray,
    gate_alone: IntArray,
    best_index: IntArray,
    best_rank: FloatArray,
    near_index: IntArray,
    near_rank: FloatArray,
    scratch: Scratch,
) -> tuple[int, int]:
    """Put packages start..stop-1 through the first three gates.

    Rows are single gates: red lines (F), each actor's rationality (A), each actor's ratification
    (A), R = F + 2A. ``survivors`` (stop-start,) int receives the numbers that pass all.
    ``killed_first`` (R,) counts packages whose first broken row this is, ``killed_alone`` (R,)
    whose only broken row, ``gate_alone`` (3,) whose only broken gate. ``best_index`` (R+3,) is the
    best package with only that row (then only that gate) broken and ``best_rank`` (R+3, 2) its
    (shortfall, -smallest gain); ``near_index`` (K,) and ``near_rank`` (K, 3) the nearest packages
    of all by (red lines broken, shortfall, -smallest gain), nearest first; -1: there is none.
    Pass probabilities themselves are computed only where their bounds in ``table`` leave a count
    or a rank open. ``scratch`` is fresh.
    Returns (packages that are excluded, survivors).
    """
    n_options, strides, words = problem.n_options, problem.strides, problem.words
    parties, reservation = problem.parties, problem.reservation
    n_issues, n_actors = n_options.shape[0], reservation.shape[0]
    walk, own, own_least, own_most, chosen = scratch
    values, broken = walk.values, walk.broken
    set_out(walk, problem)
    domestic_costs = False
    for i in parties:
        if problem.failure_cost[i] > 0.0:
            domestic_costs = True
        for j in range(n_issues):
            for o in range(n_options[j]):
                if problem.audience_cost[j, o, i] > 0.0 and problem.one_off_weight[i] > 0.0:
                    domestic_costs = True

    rest = start
    for j in range(n_issues):
        chosen[j] = rest // strides[j]
        rest -= chosen[j] * strides[j]
    index, level, ready = start, 0, 0  # support is current up to depth `ready`
    n_excluded, n_survivors = 0, 0
    while index < stop:
        excluded_at = -1
        for j in range(level, n_issues):
            walk_values(j, chosen[j], walk, problem)
            for w in range(words[1]):
                if broken[j + 1, w] != NONE:
                    excluded_at = j
            if excluded_at >= 0:
                break
        changed = n_issues - 1
        if excluded_at >= 0:
            # every package that shares these first options is excluded: step over them together
            changed = excluded_at
            block = strides[changed] - index % strides[changed]
            n_excluded += min(block, stop - index)
            index += block
        else:
            red_first, n_broken = -1, 0
            for w in range(words[1], words[2]):
                word = broken[n_issues, w]
                if word != NONE:
                    if red_first < 0:
                        red_first = 64 * (w - words[1]) + lowest_bit(word)
                    n_broken += count_bits(word)
            gain_first, n_unwilling, shortfall, smallest = -1, 0, 0.0, np.inf
            rising = True  # what leaders get by signing, in the chance that the gates pass
            for i in parties:
                gain = values[n_issues, i] - reservation[i]
                smallest = min(smallest, gain)
                if gain < -tolerance:
                    n_unwilling += 1
                    shortfall -= gain
                    if gain_first < 0:
                        gain_first = i
                elif gain < 0.0:
                    rising = False
            sign_first, n_unsigned = -1, 0
            could_be_near = near_enough(n_broken, shortfall, near_index, near_rank)
            if domestic_costs and (n_broken == 0 or n_unwilling == 0 or could_be_near):
                for j in range(ready, n_issues):
                    walk_support(j, chosen[j], walk, problem)
                ready = n_issues
                settled = False
                if rising:
                    least, most = bound_passes(
                        n_issues, walk.logits, table, problem, own_least, own_most
                    )
                    n_doubted, _, _ = count_unsigned(
                        n_issues, walk, problem, least, own_least, tolerance, shortfall
                    )
                    settled = n_doubted == 0
                    if not settled:
                        n_unsigned, sign_first, missing = count_unsigned(
                            n_issues, walk, problem, most, own_most, tolerance, shortfall
                        )
                        # at least so much is missing: often too much for any rank that is kept
                        settled = n_unsigned == n_doubted and not (
                            near_enough(n_broken, missing, near_index, near_rank)
                            or (
                                n_broken + n_unwilling == 0
                                and signing_enough(
                                    n_red + n_actors + sign_first, n_unsigned, missing,
                                    best_index, best_rank,
                                )
                            )
                        )  # fmt: skip
                        if settled:
                            shortfall = missing
                if not settled:
                    joint = pass_probabilities(n_issues, walk.logits, problem, own)
                    n_unsigned, sign_first, shortfall = count_unsigned(
                        n_issues, walk, problem, joint, own, tolerance, shortfall
                    )
            row = -1
            if n_broken > 0:
                row = red_first
            elif n_unwilling > 0:
                row = n_red + gain_first
            elif n_unsigned > 0:
                row = n_red + n_actors + sign_first
            if row < 0:
                survivors[n_survivors] = index
                n_survivors += 1
            else:
                killed_first[row] += 1
                n_rows = killed_first.shape[0]
                n_kinds = (n_broken > 0) + (n_unwilling > 0) + (n_unsigned > 0)
                if n_kinds == 1:
                    gate = 0 if n_broken > 0 else (1 if n_unwilling > 0 else 2)
                    gate_alone[gate] += 1
                    keep_best(n_rows + gate, shortfall, -smallest, index, best_index, best_rank)
                    if n_broken + n_unwilling + n_unsigned == 1:
                        killed_alone[row] += 1
                        keep_best(row, shortfall, -smallest, index, best_index, best_rank)
                if could_be_near:
                    keep_near(n_broken, shortfall, -smallest, index, near_index, near_rank)
            index += 1
        # the next package: count up at `changed`, carry towards the first issue
        j = changed
        while j > 0 and chosen[j] + 1 == n_options[j]:
            j -= 1
        chosen[j] += 1
        for k in range(j + 1, n_issues):
            chosen[k] = 0
        level = j
        ready = min(ready, j)
    return n_excluded, n_survivors


@njit(cache=True, nogil=True)
def package_values(
    packages: IntArray,
    problem: Packages,
    walk: Walk,
    out: FloatArray,
    out_costs: FloatArray,
    out_logits: FloatArray,
) -> None:
    """Values (N, A) points, one-off costs (N, A) points and support (N, G) logits of packages (N,).

    The three ``out`` arrays are written in place. Neighbours in ``packages`` share their first
    issues' sums, so sorted numbers are fastest. ``walk`` is fresh.
    """
    strides = problem.strides
    n_issues, n_actors = strides.shape[0], problem.constant.shape[0]
    n_gates = problem.support_constant.shape[0]
    chosen = np.full(n_issues, -1, np.int64)
    set_out(walk, problem)
    for n in range(packages.shape[0]):
        rest = packages[n]
        fresh = False
        for j in range(n_issues):
            option = rest // strides[j]
            rest -= option * strides[j]
            if fresh or option != chosen[j]:
                fresh = True
                chosen[j] = option
                walk_values(j, option, walk, problem)
                walk_support(j, option, walk, problem)
        for i in range(n_actors):
            out[n, i] = walk.values[n_issues, i]
            out_costs[n, i] = walk.costs[n_issues, i]
        for g in range(n_gates):
            out_logits[n, g] = walk.logits[n_issues, g]


@njit(cache=True, nogil=True)
def mark_dominated(
    values: FloatArray, point: FloatArray, tolerance: float, open_: NDArray[np.bool_]
) -> int:
    """Close every package that ``point`` (A,) dominates or equals; ``open_`` (N,) in place.

    Returns how many it closed.
    """
    closed = 0
    for n in range(values.shape[0]):
        if open_[n]:
            covered = True
            for i in range(values.shape[1]):
                if values[n, i] > point[i] + tolerance:
                    covered = False
                    break
            if covered:
                open_[n] = False
                closed += 1
    return closed


@njit(cache=True, nogil=True)
def best_open(smallest: FloatArray, total: FloatArray, open_: NDArray[np.bool_]) -> int:
    """Open package with the largest (smallest gain, total gain); the first on ties, -1: none."""
    best = -1
    for n in range(smallest.shape[0]):
        if open_[n] and (
            best < 0
            or smallest[n] > smallest[best]
            or (smallest[n] == smallest[best] and total[n] > total[best])
        ):
            best = n
    return best
