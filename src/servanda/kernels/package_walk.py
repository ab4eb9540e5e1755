"""What every walk over packages does: choose an option of an issue, and ask the domestic gates.

A walk keeps, for every depth d (the first d issues chosen), the sums so far.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MaskArray = NDArray[np.uint64]
BoolArray = NDArray[np.bool_]

ONE = np.uint64(1)
NONE = np.uint64(0)
SQRT_HALF = math.sqrt(0.5)


class Packages(NamedTuple):
    """A problem of packages for the compiler: J issues, O options, A actors, G gates, L links.

    Over draws, what is drawn carries a leading axis D; `draw_of` takes one of them.
    """

    n_options: IntArray
    """(J,)"""
    strides: IntArray
    """(J,) packages that share the options of the issues up to each one."""
    contribution: FloatArray
    """(J, O, A) points."""
    constant: FloatArray
    """(A,) points."""
    words: IntArray
    """(5,) in which words exclusions, red lines, links and interactions stand."""
    match: MaskArray
    """(J, O, W) patterns that allow an option."""
    closes: MaskArray
    """(J, W) patterns decided at an issue."""
    link_start: IntArray
    """(J+1,)"""
    link_order: IntArray
    """(L,) links decided at each issue."""
    link_values: FloatArray
    """(L, A) points."""
    interaction_start: IntArray
    """(J+1,)"""
    interaction_order: IntArray
    """(G·I,) interactions decided at each issue, flat over gates."""
    interaction_values: FloatArray
    """(G, I) logits."""
    support_constant: FloatArray
    """(G,) logits."""
    support_effects: FloatArray
    """(G, J, O) logits."""
    threshold: FloatArray
    """(G,)"""
    noise: FloatArray
    """(G,)"""
    audience_actor: IntArray
    """(G,) whose gate it is."""
    gates_before: BoolArray
    """(G,) whether it is asked before signature."""
    parties: IntArray
    """Actors with a veto."""
    reservation: FloatArray
    """(A,) points."""
    failure_cost: FloatArray
    """(A,) points."""
    one_off_weight: FloatArray
    """(A,) what a one-off point weighs in lasting ones."""
    audience_cost: FloatArray
    """(J, O, A) one-off points."""


class Walk(NamedTuple):
    """Sums so far, one row per depth (J+1 rows), written in place."""

    values: FloatArray
    """(J+1, A) points."""
    costs: FloatArray
    """(J+1, A) one-off points."""
    logits: FloatArray
    """(J+1, G)"""
    mask: MaskArray
    """(J+1, W) patterns still matching."""
    broken: MaskArray
    """(J+1, W) patterns matched."""


def fresh_walk(n_issues: int, n_actors: int, n_gates: int, n_words: int) -> Walk:
    """Room for a walk, with every pattern still matching."""
    walk = Walk(
        values=np.empty((n_issues + 1, n_actors)),
        costs=np.zeros((n_issues + 1, n_actors)),
        logits=np.empty((n_issues + 1, n_gates)),
        mask=np.empty((n_issues + 1, n_words), np.uint64),
        broken=np.zeros((n_issues + 1, n_words), np.uint64),
    )
    walk.mask[0, :] = ~NONE
    return walk


@njit(cache=True, nogil=True)
def draw_of(p: Packages, d: int) -> Packages:
    """The problem in one draw."""
    return Packages(
        p.n_options,
        p.strides,
        p.contribution[d],
        p.constant[d],
        p.words,
        p.match,
        p.closes,
        p.link_start,
        p.link_order,
        p.link_values[d],
        p.interaction_start,
        p.interaction_order,
        p.interaction_values[d],
        p.support_constant[d],
        p.support_effects[d],
        p.threshold[d],
        p.noise[d],
        p.audience_actor,
        p.gates_before,
        p.parties,
        p.reservation[d],
        p.failure_cost[d],
        p.one_off_weight[d],
        p.audience_cost[d],
    )


@njit(cache=True, nogil=True, inline="always")
def set_out(walk: Walk, p: Packages) -> None:
    """Depth 0: no issue chosen."""
    for i in range(p.constant.shape[0]):
        walk.values[0, i] = p.constant[i]
    for g in range(p.support_constant.shape[0]):
        walk.logits[0, g] = p.support_constant[g]


@njit(cache=True, nogil=True, inline="always")
def walk_values(j: int, option: int, walk: Walk, p: Packages) -> None:
    """Choose ``option`` on issue j: patterns and values at depth j+1 from depth j."""
    values, mask, broken = walk.values, walk.mask, walk.broken
    for w in range(mask.shape[1]):
        still = mask[j, w] & p.match[j, option, w]
        mask[j + 1, w] = still
        broken[j + 1, w] = broken[j, w] | (still & p.closes[j, w])
    for i in range(values.shape[1]):
        values[j + 1, i] = values[j, i] + p.contribution[j, option, i]
    for k in range(p.link_start[j], p.link_start[j + 1]):
        link = p.link_order[k]
        if (mask[j + 1, p.words[2] + (link >> 6)] >> np.uint64(link & 63)) & ONE:
            for i in range(values.shape[1]):
                values[j + 1, i] += p.link_values[link, i]


@njit(cache=True, nogil=True, inline="always")
def walk_support(j: int, option: int, walk: Walk, p: Packages) -> None:
    """Choose ``option`` on issue j: one-off costs and support at depth j+1, after the patterns."""
    costs, logits = walk.costs, walk.logits
    for i in range(costs.shape[1]):
        costs[j + 1, i] = costs[j, i] + p.audience_cost[j, option, i]
    for g in range(logits.shape[1]):
        logits[j + 1, g] = logits[j, g] + p.support_effects[g, j, option]
    n_interactions = p.interaction_values.shape[1]
    for k in range(p.interaction_start[j], p.interaction_start[j + 1]):
        flat = p.interaction_order[k]
        if (walk.mask[j + 1, p.words[3] + (flat >> 6)] >> np.uint64(flat & 63)) & ONE:
            g = flat // n_interactions
            logits[j + 1, g] += p.interaction_values[g, flat % n_interactions]


@njit(cache=True, nogil=True)
def pass_probabilities(depth: int, logits: FloatArray, p: Packages, own: FloatArray) -> float:
    """Joint probability that all gates pass at a depth; ``own`` (A,) each actor's, in place."""
    joint = 1.0
    for i in range(own.shape[0]):
        own[i] = 1.0
    for g in range(logits.shape[1]):
        if p.gates_before[g]:
            probability = gate_pass(logits[depth, g], p.threshold[g], p.noise[g])
            joint *= probability
            own[p.audience_actor[g]] *= probability
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
