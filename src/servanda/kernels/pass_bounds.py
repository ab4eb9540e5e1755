"""Bounds on the probability that a gate passes, from a table, and what signing is under them.

The probability rises with the logit, so its values at both ends of a cell of the table bound it
inside. What a leader gains by signing rises with it, so bounds often settle who signs without the
exponential and the error function that the probability itself takes.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from servanda.kernels.package_walk import Packages, Walk, gate_pass, signing_slack

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CELLS = 4096
"""Most cells of a gate's table: narrow enough that one package in hundreds is left in doubt."""


class PassTable(NamedTuple):
    """Cell k of gate g starts at logit ``low[g] + k / scale[g]``."""

    low: FloatArray
    """(G,) logits."""
    scale: FloatArray
    """(G,) cells per logit; 0: all logits are one."""
    bounds: FloatArray
    """(G, K, 2) probability at least and at most."""


def pass_table(
    n_options: IntArray,
    support_constant: FloatArray,
    support_effects: FloatArray,
    interaction_values: FloatArray,
    threshold: FloatArray,
    noise: FloatArray,
    n_cells: int,
) -> PassTable:
    """Table over every logit a package can have, in ``n_cells`` cells a gate."""
    held = np.arange(support_effects.shape[2]) < n_options[:, None]
    low = support_constant + np.where(held, support_effects, np.inf).min(axis=2).sum(axis=1)
    high = support_constant + np.where(held, support_effects, -np.inf).max(axis=2).sum(axis=1)
    low += np.minimum(interaction_values, 0.0).sum(axis=1)
    high += np.maximum(interaction_values, 0.0).sum(axis=1)
    width = high - low
    scale = np.divide(n_cells, width, out=np.zeros_like(width), where=width > 0.0)
    bounds = np.empty((len(low), n_cells, 2))
    _fill(low, width, threshold, noise, bounds)
    return PassTable(low, scale, bounds)


@njit(cache=True, nogil=True)
def _fill(
    low: FloatArray,
    width: FloatArray,
    threshold: FloatArray,
    noise: FloatArray,
    bounds: FloatArray,
) -> None:
    n_cells = bounds.shape[1]
    for g in range(low.shape[0]):
        if noise[g] == 0.0:
            continue  # a sharp gate is asked itself: at its threshold rounding decides
        # wider than rounding of the logit, of its cell and of the probability can move it
        reach = 1.0 + abs(low[g]) + abs(width[g])
        slip = 1e-12 + 1e-14 * reach / noise[g]
        for k in range(n_cells):
            for end in range(2):
                logit = low[g] + width[g] * ((k + end) / n_cells)
                bounds[g, k, end] = gate_pass(logit, threshold[g], noise[g])
            bounds[g, k, 0] = max(bounds[g, k, 0] - slip, 0.0)
            bounds[g, k, 1] += slip


@njit(cache=True, nogil=True)
def bound_passes(
    depth: int,
    logits: FloatArray,
    table: PassTable,
    p: Packages,
    own_least: FloatArray,
    own_most: FloatArray,
) -> tuple[float, float]:
    """Least and most joint probability at a depth; each actor's (A,) in place.

    The factors are those of ``pass_probabilities``, in its order: rounded products of smaller
    factors are not larger, so what it computes lies between.
    """
    least, most = 1.0, 1.0
    for i in range(own_least.shape[0]):
        own_least[i] = 1.0
        own_most[i] = 1.0
    for g in range(logits.shape[1]):
        if p.gates_before[g]:
            if p.noise[g] == 0.0:
                lower = gate_pass(logits[depth, g], p.threshold[g], p.noise[g])
                upper = lower
            else:
                cell = int((logits[depth, g] - table.low[g]) * table.scale[g])
                cell = min(max(cell, 0), table.bounds.shape[1] - 1)
                lower, upper = table.bounds[g, cell, 0], table.bounds[g, cell, 1]
            least *= lower
            most *= upper
            own_least[p.audience_actor[g]] *= lower
            own_most[p.audience_actor[g]] *= upper
    return least, most


@njit(cache=True, nogil=True)
def count_unsigned(
    depth: int,
    walk: Walk,
    p: Packages,
    joint: float,
    own: FloatArray,
    tolerance: float,
    shortfall: float,
) -> tuple[int, int, float]:
    """Willing parties that would not sign: how many, the first (-1: none), points with theirs."""
    n_unsigned, first = 0, -1
    for i in p.parties:
        gain = walk.values[depth, i] - p.reservation[i]
        if gain >= -tolerance:
            one_off = p.one_off_weight[i] * walk.costs[depth, i]
            slack = signing_slack(gain, joint, own[i], p.failure_cost[i], one_off)
            if slack < -tolerance:
                n_unsigned += 1
                shortfall -= slack
                if first < 0:
                    first = i
    return n_unsigned, first, shortfall
