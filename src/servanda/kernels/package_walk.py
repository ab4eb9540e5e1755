"""What every walk over packages does: choose an option of an issue, and ask the domestic gates.

A walk keeps, for every depth d (the first d issues chosen), the sums so far. Its arrays, each one
row per depth (J+1 rows), written in place: ``values`` (J+1, A) points, ``costs`` (J+1, A) one-off
points, ``logits`` (J+1, G), ``mask`` (J+1, W) uint64 patterns still matching, ``broken`` (J+1, W)
uint64 patterns matched. ``words`` (5,) int says in which words exclusions, red lines, links and
interactions stand.
"""

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MaskArray = NDArray[np.uint64]

ONE = np.uint64(1)
SIX = np.uint64(63)
NONE = np.uint64(0)
SQRT_HALF = math.sqrt(0.5)


@njit(cache=True, nogil=True, inline="always")
def walk_values(
    j: int,
    option: int,
    values: FloatArray,
    mask: MaskArray,
    broken: MaskArray,
    contribution: FloatArray,
    words: IntArray,
    match: MaskArray,
    closes: MaskArray,
    link_start: IntArray,
    link_order: IntArray,
    link_values: FloatArray,
) -> None:
    """Choose ``option`` on issue j: patterns and values at depth j+1 from depth j."""
    for w in range(mask.shape[1]):
        still = mask[j, w] & match[j, option, w]
        mask[j + 1, w] = still
        broken[j + 1, w] = broken[j, w] | (still & closes[j, w])
    for i in range(values.shape[1]):
        values[j + 1, i] = values[j, i] + contribution[j, option, i]
    for k in range(link_start[j], link_start[j + 1]):
        link = link_order[k]
        if (mask[j + 1, words[2] + (link >> 6)] >> np.uint64(link & 63)) & ONE:
            for i in range(values.shape[1]):
                values[j + 1, i] += link_values[link, i]


@njit(cache=True, nogil=True, inline="always")
def walk_support(
    j: int,
    option: int,
    costs: FloatArray,
    logits: FloatArray,
    mask: MaskArray,
    audience_cost: FloatArray,
    support_effects: FloatArray,
    words: IntArray,
    interaction_start: IntArray,
    interaction_order: IntArray,
    interaction_values: FloatArray,
) -> None:
    """Choose ``option`` on issue j: one-off costs and support at depth j+1, after the patterns."""
    for i in range(costs.shape[1]):
        costs[j + 1, i] = costs[j, i] + audience_cost[j, option, i]
    for g in range(logits.shape[1]):
        logits[j + 1, g] = logits[j, g] + support_effects[g, j, option]
    for k in range(interaction_start[j], interaction_start[j + 1]):
        flat = interaction_order[k]
        if (mask[j + 1, words[3] + (flat >> 6)] >> np.uint64(flat & 63)) & ONE:
            g = flat // interaction_values.shape[1]
            logits[j + 1, g] += interaction_values[g, flat % interaction_values.shape[1]]


@njit(cache=True, nogil=True)
def pass_probabilities(
    depth: int,
    logits: FloatArray,
    threshold: FloatArray,
    noise: FloatArray,
    audience_actor: IntArray,
    gates_before: NDArray[np.bool_],
    own: FloatArray,
) -> float:
    """Joint probability that all gates pass at a depth; ``own`` (A,) each actor's, in place."""
    joint = 1.0
    for i in range(own.shape[0]):
        own[i] = 1.0
    for g in range(logits.shape[1]):
        if gates_before[g]:
            probability = gate_pass(logits[depth, g], threshold[g], noise[g])
            joint *= probability
            own[audience_actor[g]] *= probability
    return joint


@njit(cache=True, nogil=True)
def gate_pass(logit: float, threshold: float, noise: float) -> float:
    """Φ((s - threshold)/noise), s = logistic(logit); a tie at a sharp threshold passes."""
    support = 1.0 / (1.0 + math.exp(-logit)) if logit > -700.0 else 0.0
    if noise == 0.0:
        return 1.0 if support >= threshold else 0.0
    return 0.5 * math.erfc((threshold - support) / noise * SQRT_HALF)


@njit(cache=True, nogil=True)
def signing_slack(gain: float, joint: float, own: float, failure: float, one_off: float) -> float:
    """Points by which signing beats not signing for a leader (two-level game, Putnam 1988)."""
    return joint * gain - (1.0 - own) * failure - one_off


@njit(cache=True, nogil=True)
def count_bits(word: Any) -> int:
    """Bits set in a 64-bit word (Hamming weight in parallel sums)."""
    word = word - ((word >> ONE) & np.uint64(0x5555555555555555))
    two = np.uint64(0x3333333333333333)
    word = (word & two) + ((word >> np.uint64(2)) & two)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))  # type: ignore[return-value]


@njit(cache=True, nogil=True)
def lowest_bit(word: Any) -> int:
    """Place of the lowest bit set."""
    return count_bits((word & (~word + ONE)) - ONE)
