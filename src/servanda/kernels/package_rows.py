"""Loops over packages that keep, for each, the set of rows it fails and what every actor can spare.

A **row** is a single gate: red lines (F), each actor's rationality (A), each actor's ratification
(A), R = F + 2A of at most 64, one bit each, as in ``count_gates`` of the packages' kernels. Lifting
a set of rows opens exactly the packages whose failing bits lie in it, so the distinct sets that
occur, with how often, answer every question about what stands in the way.

The **room** of an actor is what it could give away and still be willing and sign, in points of
value; negative: what it lacks. Minus infinity: no payment could make its leader sign.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.package_walk import (
    NONE,
    ONE,
    Packages,
    Walk,
    count_bits,
    pass_probabilities,
    set_out,
    signing_slack,
    walk_support,
    walk_values,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MaskArray = NDArray[np.uint64]
BoolArray = NDArray[np.bool_]

HOPELESS = 1e-9
"""A joint probability of ratification for which no payment makes a leader sign."""


@njit(cache=True, nogil=True)
def failing_rows(
    start: int,
    stop: int,
    problem: Packages,
    walk: Walk,
    n_red: int,
    tolerance: float,
    packages: IntArray,
    rows: MaskArray,
    values_out: FloatArray,
    room: FloatArray,
) -> int:
    """Rows failed by packages start..stop-1 that are on the table; returns how many there are.

    Written in place, one entry for each: ``packages`` (N,) int its number, ``rows`` (N,) uint64 the
    bits it fails, ``values_out`` (N, A) points, ``room`` (N, A) points; 0 for actors without a
    veto. N is at least stop-start. ``walk`` is fresh.
    """
    n_options, strides, words = problem.n_options, problem.strides, problem.words
    n_issues, n_actors = n_options.shape[0], problem.constant.shape[0]
    values, broken = walk.values, walk.broken
    own = np.empty(n_actors)
    chosen = np.empty(n_issues, np.int64)
    set_out(walk, problem)
    rest = start
    for j in range(n_issues):
        chosen[j] = rest // strides[j]
        rest -= chosen[j] * strides[j]
    index, level, found = start, 0, 0
    while index < stop:
        excluded_at = -1
        for j in range(level, n_issues):
            walk_values(j, chosen[j], walk, problem)
            walk_support(j, chosen[j], walk, problem)
            for w in range(words[1]):
                if broken[j + 1, w] != NONE:
                    excluded_at = j
            if excluded_at >= 0:
                break
        changed = n_issues - 1
        if excluded_at >= 0:
            changed = excluded_at
            index += strides[changed] - index % strides[changed]
        else:
            failed = NONE
            if n_red > 0:
                failed = broken[n_issues, words[1]]  # at most 64 red lines: one word
            joint = pass_probabilities(n_issues, walk.logits, problem, own)
            for i in range(n_actors):
                values_out[found, i] = values[n_issues, i]
                room[found, i] = 0.0
            for i in problem.parties:
                gain = values[n_issues, i] - problem.reservation[i]
                one_off = problem.one_off_weight[i] * walk.costs[n_issues, i]
                failure = problem.failure_cost[i]
                slack = signing_slack(gain, joint, own[i], failure, one_off)
                if gain < -tolerance:
                    failed |= ONE << np.uint64(n_red + i)
                elif slack < -tolerance:
                    failed |= ONE << np.uint64(n_red + n_actors + i)
                needed = (1.0 - own[i]) * failure + one_off
                if needed <= 0.0:
                    room[found, i] = gain
                elif joint > HOPELESS:
                    room[found, i] = min(gain, gain - needed / joint)
                elif needed > tolerance:
                    room[found, i] = -np.inf
                else:
                    room[found, i] = gain
            packages[found] = index
            rows[found] = failed
            found += 1
            index += 1
        j = changed
        while j > 0 and chosen[j] + 1 == n_options[j]:
            j -= 1
        chosen[j] += 1
        for k in range(j + 1, n_issues):
            chosen[k] = 0
        level = j
    return found


@njit(cache=True, nogil=True)
def tally_rows(
    count: int,
    packages: IntArray,
    rows: MaskArray,
    values: FloatArray,
    room: FloatArray,
    parties: IntArray,
    owned: MaskArray,
    red: Any,
    keys: MaskArray,
    counts: IntArray,
    most: FloatArray,
    best: IntArray,
    best_rank: FloatArray,
    near: IntArray,
    near_rank: FloatArray,
) -> int:
    """Put the first ``count`` packages into a hash table of the sets of rows they fail.

    ``keys`` (H,) uint64 the sets, ``counts`` (H,) int packages with that set, 0: free slot, H a
    power of two; ``most`` (H, A) points, the largest value of each actor among them; ``best`` (H,)
    int the one with the smallest ``best_rank`` (H, 2) (points lacking, -smallest room). ``owned``
    (A,) uint64 bits of each actor's own rows, ``red`` bits of all red lines; ``near`` (A,) int the
    package with the smallest ``near_rank`` (A, 4) (rows of others failed, own red lines broken,
    own points lacking, -smallest room). All of these are written in place.

    Returns how many sets the table holds, or -1 when it is more than half full.
    """
    slots = keys.shape[0]
    used = 0
    for h in range(slots):
        if counts[h] > 0:
            used += 1
    for n in range(count):
        if 2 * used > slots:
            return -1
        lacking, smallest = 0.0, np.inf
        for i in parties:
            lacking += max(-room[n, i], 0.0)
            smallest = min(smallest, room[n, i])
        h = np.int64((rows[n] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & (slots - 1)
        while counts[h] > 0 and keys[h] != rows[n]:
            h = (h + 1) & (slots - 1)
        if counts[h] == 0:
            used += 1
            keys[h] = rows[n]
            best[h] = -1
            for i in range(values.shape[1]):
                most[h, i] = -np.inf
        counts[h] += 1
        for i in range(values.shape[1]):
            most[h, i] = max(most[h, i], values[n, i])
        if (
            best[h] < 0
            or lacking < best_rank[h, 0]
            or (lacking == best_rank[h, 0] and -smallest < best_rank[h, 1])
        ):
            best[h] = packages[n]
            best_rank[h, 0], best_rank[h, 1] = lacking, -smallest
        for i in parties:
            others = float(count_bits(rows[n] & ~owned[i]))
            if near[i] >= 0 and others > near_rank[i, 0]:
                continue
            lines = float(count_bits(rows[n] & owned[i] & red))
            lack = max(-room[n, i], 0.0)
            closer = near[i] < 0 or others < near_rank[i, 0]
            if not closer and lines != near_rank[i, 1]:
                closer = lines < near_rank[i, 1]
            elif not closer and lack != near_rank[i, 2]:
                closer = lack < near_rank[i, 2]
            elif not closer:
                closer = -smallest < near_rank[i, 3]
            if closer:
                near[i] = packages[n]
                near_rank[i, 0], near_rank[i, 1] = others, lines
                near_rank[i, 2], near_rank[i, 3] = lack, -smallest
    return used
