"""The funnel's gates under many draws: loops over draws, then packages.

The walk and its arrays are those of ``servanda.kernels.package_walk``.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.package_walk import (
    NONE,
    Packages,
    Walk,
    draw_of,
    gate_pass,
    pass_probabilities,
    set_out,
    signing_slack,
    walk_support,
    walk_values,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MaskArray = NDArray[np.uint64]


@njit(cache=True, nogil=True)
def funnel_counts(
    first_draw: int,
    last_draw: int,
    packages: IntArray,
    chosen: NDArray[np.uint8],
    changed: NDArray[np.uint8],
    breaks: MaskArray,
    held: MaskArray,
    p: Packages,
    walk: Walk,
    tolerance: float,
    killed_first: IntArray,
    killed_alone: IntArray,
    best_index: IntArray,
    best_gain: FloatArray,
    near_index: IntArray,
    near_shortfall: FloatArray,
    passes: IntArray,
    n_free: IntArray,
) -> None:
    """Rationality and ratification of the packages that pass red lines, for many draws.

    The problem is over draws; ``walk`` is fresh; ``packages`` (N,) int numbers, ``chosen``
    (N, J) their options, ``changed`` (N,) first issue that differs from the package before,
    ``breaks`` (N,) bits of the uncertain red lines it breaks, ``held`` (D,) bits of those that are
    real ones in a draw. ``n_free`` (D,) counts the packages that break none of those. Draws
    first_draw..last_draw-1 are written: ``killed_first`` and ``killed_alone`` (D, 2A) by row,
    ``best_index`` (D,) the survivor with the largest smallest gain
    ``best_gain`` (D,) points (-1 and NaN when none survives), ``near_index`` (D,) the package with
    the smallest total ``near_shortfall`` (D,) points; ``passes`` (N,) counts draws each survives.
    """
    n_packages, n_issues = chosen.shape
    n_actors, n_options = p.constant.shape[1], p.contribution.shape[2]
    values = walk.values
    own = np.empty(n_actors)
    for d in range(first_draw, last_draw):
        q = draw_of(p, d)
        set_out(walk, q)
        best_index[d], best_gain[d] = -1, np.nan
        near_index[d], near_shortfall[d] = -1, np.inf
        near_smallest = np.inf
        ready = 0
        domestic_costs = False
        for i in q.parties:
            if q.failure_cost[i] > 0.0:
                domestic_costs = True
            for j in range(n_issues):
                for o in range(n_options):
                    if q.audience_cost[j, o, i] > 0.0 and q.one_off_weight[i] > 0.0:
                        domestic_costs = True
        fresh = 0  # first issue at which the running sums are out of date
        for n in range(n_packages):
            fresh = min(fresh, int(changed[n]))
            if breaks[n] & held[d] != NONE:
                continue
            n_free[d] += 1
            for j in range(fresh, n_issues):
                walk_values(j, chosen[n, j], walk, q)
            ready = min(ready, fresh)
            fresh = n_issues
            gain_first, n_unwilling, shortfall, smallest = -1, 0, 0.0, np.inf
            for i in q.parties:
                gain = values[n_issues, i] - q.reservation[i]
                smallest = min(smallest, gain)
                if gain < -tolerance:
                    n_unwilling += 1
                    shortfall -= gain
                    if gain_first < 0:
                        gain_first = i
            sign_first, n_unsigned = -1, 0
            # support matters only where it can change a count or the nearest package
            if domestic_costs and (n_unwilling <= 1 or shortfall <= near_shortfall[d]):
                for j in range(ready, n_issues):
                    walk_support(j, chosen[n, j], walk, q)
                ready = n_issues
                joint = pass_probabilities(n_issues, walk.logits, q, own)
                for i in q.parties:
                    gain = values[n_issues, i] - q.reservation[i]
                    if gain >= -tolerance:
                        one_off = q.one_off_weight[i] * walk.costs[n_issues, i]
                        slack = signing_slack(gain, joint, own[i], q.failure_cost[i], one_off)
                        if slack < -tolerance:
                            n_unsigned += 1
                            shortfall -= slack
                            if sign_first < 0:
                                sign_first = i
            if n_unwilling + n_unsigned == 0:
                passes[n] += 1
                if best_index[d] < 0 or smallest > best_gain[d]:
                    best_index[d], best_gain[d] = packages[n], smallest
            else:
                row = gain_first if n_unwilling > 0 else n_actors + sign_first
                killed_first[d, row] += 1
                if n_unwilling + n_unsigned == 1:
                    killed_alone[d, row] += 1
            if shortfall < near_shortfall[d] or (
                shortfall == near_shortfall[d] and -smallest < near_smallest
            ):
                near_index[d], near_shortfall[d] = packages[n], shortfall
                near_smallest = -smallest


@njit(cache=True, nogil=True)
def candidate_gates(
    chosen: IntArray,
    p: Packages,
    walk: Walk,
    out_values: FloatArray,
    out_pass: FloatArray,
    out_slack: FloatArray,
) -> None:
    """Evaluate a few packages, chosen (K, J), under every draw; ``walk`` is fresh.

    Written in place: ``out_values`` (D, K, A) points, ``out_pass`` (D, K, G) probability that each
    gate passes (1 for gates not applied here), ``out_slack`` (D, K, A) points above what the leader
    needs to sign (NaN for actors without a veto).
    """
    n_draws, n_actors = p.constant.shape
    n_candidates, n_issues = chosen.shape
    n_gates = p.threshold.shape[1]
    values, logits = walk.values, walk.logits
    own = np.empty(n_actors)
    for d in range(n_draws):
        q = draw_of(p, d)
        set_out(walk, q)
        for k in range(n_candidates):
            for j in range(n_issues):
                walk_values(j, chosen[k, j], walk, q)
                walk_support(j, chosen[k, j], walk, q)
            joint = pass_probabilities(n_issues, logits, q, own)
            for g in range(n_gates):
                out_pass[d, k, g] = 1.0
                if q.gates_before[g]:
                    out_pass[d, k, g] = gate_pass(logits[n_issues, g], q.threshold[g], q.noise[g])
            for i in range(n_actors):
                out_values[d, k, i] = values[n_issues, i]
                out_slack[d, k, i] = signing_slack(
                    values[n_issues, i] - q.reservation[i], joint, own[i], q.failure_cost[i],
                    q.one_off_weight[i] * walk.costs[n_issues, i],
                )  # fmt: skip
