"""The funnel's gates under many draws: loops over draws, then packages.

The walk and its arrays are those of ``servanda.kernels.package_walk``.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.package_walk import (
    NONE,
    gate_pass,
    pass_probabilities,
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
    contribution: FloatArray,
    constant: FloatArray,
    words: IntArray,
    match: MaskArray,
    closes: MaskArray,
    link_start: IntArray,
    link_order: IntArray,
    link_values: FloatArray,
    interaction_start: IntArray,
    interaction_order: IntArray,
    interaction_values: FloatArray,
    support_constant: FloatArray,
    support_effects: FloatArray,
    threshold: FloatArray,
    noise: FloatArray,
    audience_actor: IntArray,
    gates_before: NDArray[np.bool_],
    parties: IntArray,
    reservation: FloatArray,
    failure_cost: FloatArray,
    one_off_weight: FloatArray,
    audience_cost: FloatArray,
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

    Arrays of the problem carry a leading draw axis D; ``packages`` (N,) int numbers, ``chosen``
    (N, J) their options, ``changed`` (N,) first issue that differs from the package before,
    ``breaks`` (N,) bits of the uncertain red lines it breaks, ``held`` (D,) bits of those that are
    real ones in a draw. ``n_free`` (D,) counts the packages that break none of those. Draws
    first_draw..last_draw-1 are written: ``killed_first`` and ``killed_alone`` (D, 2A) by row,
    ``best_index`` (D,) the survivor with the largest smallest gain
    ``best_gain`` (D,) points (-1 and NaN when none survives), ``near_index`` (D,) the package with
    the smallest total ``near_shortfall`` (D,) points; ``passes`` (N,) counts draws each survives.
    """
    n_packages, n_issues = chosen.shape
    n_actors, n_gates, n_words = constant.shape[1], threshold.shape[1], closes.shape[1]
    values = np.empty((n_issues + 1, n_actors))
    costs = np.zeros((n_issues + 1, n_actors))
    logits = np.empty((n_issues + 1, n_gates))
    mask = np.empty((n_issues + 1, n_words), np.uint64)
    broken = np.zeros((n_issues + 1, n_words), np.uint64)
    own = np.empty(n_actors)
    for w in range(n_words):
        mask[0, w] = ~NONE
    for d in range(first_draw, last_draw):
        values[0, :] = constant[d]
        logits[0, :] = support_constant[d]
        best_index[d], best_gain[d] = -1, np.nan
        near_index[d], near_shortfall[d] = -1, np.inf
        near_smallest = np.inf
        ready = 0
        contribution_d, link_values_d = contribution[d], link_values[d]
        audience_cost_d, support_effects_d = audience_cost[d], support_effects[d]
        interaction_values_d = interaction_values[d]
        threshold_d, noise_d = threshold[d], noise[d]
        domestic_costs = False
        for i in parties:
            if failure_cost[d, i] > 0.0:
                domestic_costs = True
            for j in range(n_issues):
                for o in range(contribution.shape[2]):
                    if audience_cost[d, j, o, i] > 0.0 and one_off_weight[d, i] > 0.0:
                        domestic_costs = True
        fresh = 0  # first issue at which the running sums are out of date
        for n in range(n_packages):
            fresh = min(fresh, int(changed[n]))
            if breaks[n] & held[d] != NONE:
                continue
            n_free[d] += 1
            for j in range(fresh, n_issues):
                walk_values(
                    j, chosen[n, j], values, mask, broken,
                    contribution_d, words, match, closes, link_start, link_order, link_values_d,
                )  # fmt: skip
            ready = min(ready, fresh)
            fresh = n_issues
            gain_first, n_unwilling, shortfall, smallest = -1, 0, 0.0, np.inf
            for i in parties:
                gain = values[n_issues, i] - reservation[d, i]
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
                    walk_support(
                        j, chosen[n, j], costs, logits, mask, audience_cost_d, support_effects_d,
                        words, interaction_start, interaction_order, interaction_values_d,
                    )  # fmt: skip
                ready = n_issues
                joint = pass_probabilities(
                    n_issues, logits, threshold_d, noise_d, audience_actor, gates_before, own
                )
                for i in parties:
                    gain = values[n_issues, i] - reservation[d, i]
                    if gain >= -tolerance:
                        slack = signing_slack(
                            gain, joint, own[i], failure_cost[d, i],
                            one_off_weight[d, i] * costs[n_issues, i],
                        )  # fmt: skip
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
    contribution: FloatArray,
    constant: FloatArray,
    words: IntArray,
    match: MaskArray,
    closes: MaskArray,
    link_start: IntArray,
    link_order: IntArray,
    link_values: FloatArray,
    interaction_start: IntArray,
    interaction_order: IntArray,
    interaction_values: FloatArray,
    support_constant: FloatArray,
    support_effects: FloatArray,
    threshold: FloatArray,
    noise: FloatArray,
    audience_actor: IntArray,
    gates_before: NDArray[np.bool_],
    reservation: FloatArray,
    failure_cost: FloatArray,
    one_off_weight: FloatArray,
    audience_cost: FloatArray,
    out_values: FloatArray,
    out_pass: FloatArray,
    out_slack: FloatArray,
) -> None:
    """Evaluate a few packages, chosen (K, J), under every draw.

    Written in place: ``out_values`` (D, K, A) points, ``out_pass`` (D, K, G) probability that each
    gate passes (1 for gates not applied here), ``out_slack`` (D, K, A) points above what the leader
    needs to sign (NaN for actors without a veto).
    """
    n_draws, n_actors = constant.shape
    n_candidates, n_issues = chosen.shape
    n_gates, n_words = threshold.shape[1], closes.shape[1]
    values = np.empty((n_issues + 1, n_actors))
    costs = np.zeros((n_issues + 1, n_actors))
    logits = np.empty((n_issues + 1, n_gates))
    mask = np.empty((n_issues + 1, n_words), np.uint64)
    broken = np.zeros((n_issues + 1, n_words), np.uint64)
    own = np.empty(n_actors)
    for w in range(n_words):
        mask[0, w] = ~NONE
    for d in range(n_draws):
        values[0, :] = constant[d]
        logits[0, :] = support_constant[d]
        contribution_d, link_values_d = contribution[d], link_values[d]
        audience_cost_d, support_effects_d = audience_cost[d], support_effects[d]
        interaction_values_d = interaction_values[d]
        threshold_d, noise_d = threshold[d], noise[d]
        for k in range(n_candidates):
            for j in range(n_issues):
                walk_values(
                    j, chosen[k, j], values, mask, broken,
                    contribution_d, words, match, closes, link_start, link_order, link_values_d,
                )  # fmt: skip
                walk_support(
                    j, chosen[k, j], costs, logits, mask, audience_cost_d, support_effects_d,
                    words, interaction_start, interaction_order, interaction_values_d,
                )  # fmt: skip
            joint = pass_probabilities(
                n_issues, logits, threshold_d, noise_d, audience_actor, gates_before, own
            )
            for g in range(n_gates):
                out_pass[d, k, g] = 1.0
                if gates_before[g]:
                    out_pass[d, k, g] = gate_pass(logits[n_issues, g], threshold[d, g], noise[d, g])
            for i in range(n_actors):
                out_values[d, k, i] = values[n_issues, i]
                out_slack[d, k, i] = signing_slack(
                    values[n_issues, i] - reservation[d, i], joint, own[i], failure_cost[d, i],
                    one_off_weight[d, i] * costs[n_issues, i],
                )  # fmt: skip
