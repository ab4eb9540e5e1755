"""The fronts of a war, run ahead a block of months at a time.

Per front ``k`` the loops carry ``mass[k, f]``: the probability that the line stands at ``f`` and
that nothing on this front has ended the war. A front enters the month only through a few sums of
its mass, the **lanes**: the land's worth to each of the A actors, then 1, 1-x_a, 1-x_b and
(1-x_a)(1-x_b). They are computed for a block of months at once with the months in the last axis,
where the inner loops carry no sum: they vectorise without reordering any addition, so the bits do
not depend on the processor.
"""

from typing import NamedTuple

import numpy as np

from servanda.kernels.war_arrays import (
    Flags,
    Floats,
    Index,
    Integers,
    OutbreakArrays,
    SettingArrays,
    compiled,
)

BLOCK = 32  # months a front is run ahead at once


class Fronts(NamedTuple):
    """Scratch for the fronts of one war. W is P+1 rounded up to a multiple of four, L is A+4."""

    lanes: Floats  # (K, L, W) weights of a position; 0 on an absorbing end and beyond the front
    rise: Floats  # (K, W) chance that nothing ends the war at f and a attacks from there
    fall: Floats  # (K, W) likewise for b
    hard_a: Floats  # (K, W) defence multiplier against a at f, that is of parcel f
    hard_b: Floats  # (K, W) against b at f, that is of parcel f-1
    up: Floats  # (K, W) chance that nothing ends the war at f and the line goes up
    down: Floats  # (K, W) goes down
    stay: Floats  # (K, W) stays
    mass: Floats  # (K, W, BLOCK+1) at the start of each month, what reached an end included
    sums: Floats  # (K, L, BLOCK) lanes summed over the mass of one front
    joint: Floats  # (L, BLOCK) lanes expected over all fronts


@compiled
def new_fronts(count: int, positions: int, actors: int) -> Fronts:
    """Scratch arrays, all zero."""
    width = 4 * ((positions + 3) // 4)
    return Fronts(
        np.zeros((count, actors + 4, width)),
        np.zeros((count, width)),
        np.zeros((count, width)),
        np.zeros((count, width)),
        np.zeros((count, width)),
        np.zeros((count, width)),
        np.zeros((count, width)),
        np.zeros((count, width)),
        np.zeros((count, width, BLOCK + 1)),
        np.zeros((count, actors + 4, BLOCK)),
        np.zeros((actors + 4, BLOCK)),
    )


@compiled
def deploy(settings: SettingArrays, outbreaks: OutbreakArrays, r: Index, fronts: Fronts) -> None:
    """Set the fronts for war r; ``fronts`` modified in place."""
    s = outbreaks.setting[r]
    actors = settings.discount.shape[1]
    tired = outbreaks.exhaustion_factor[r]
    lanes = fronts.lanes
    lanes[:] = 0.0
    fronts.rise[:] = 0.0
    fronts.fall[:] = 0.0
    fronts.hard_a[:] = 1.0
    fronts.hard_b[:] = 1.0
    fronts.mass[:] = 0.0
    for k in range(settings.size.shape[0]):
        fights = min(1.0, settings.tempo[s, k] * outbreaks.tempo_factor[r])
        first = 1 if settings.absorbing[k, 0] else 0
        last = settings.size[k] - 1 if settings.absorbing[k, 1] else settings.size[k]
        for f in range(first, last + 1):
            for i in range(actors):
                lanes[k, i, f] = settings.land[s, k, f, i]
            holds_a = 1.0 - min(1.0, settings.exposure[s, k, f, 0] * tired[0])
            holds_b = 1.0 - min(1.0, settings.exposure[s, k, f, 1] * tired[1])
            lanes[k, actors, f] = 1.0
            lanes[k, actors + 1, f] = holds_a
            lanes[k, actors + 2, f] = holds_b
            lanes[k, actors + 3, f] = holds_a * holds_b
            if f < settings.size[k]:
                fronts.rise[k, f] = holds_a * holds_b * fights * settings.initiative[s]
                if outbreaks.fortified[r, k, f]:
                    fronts.hard_a[k, f] = settings.defence[s, k, f, 1]
            if f > 0:
                fronts.fall[k, f] = holds_a * holds_b * fights * (1.0 - settings.initiative[s])
                if outbreaks.fortified[r, k, f - 1]:
                    fronts.hard_b[k, f] = settings.defence[s, k, f - 1, 0]
        fronts.mass[k, outbreaks.start[r, k], BLOCK] = 1.0


@compiled
def run_fronts(
    size: Integers,
    month: int,
    horizon: int,
    base: float,
    gain_a: float,
    gain_b: float,
    decay: float,
    decisiveness: float,
    fronts: Fronts,
) -> None:
    """Run every front for a block of months from ``month`` on; ``fronts`` modified in place.

    With ratio (M_a / M_b) ** decisiveness, a takes a parcel that b defends with h with probability
    ratio / (ratio + h), and b one that a defends with 1 / (1 + h ratio) (Hirshleifer 1989).
    """
    lanes, mass, up, down, stay = fronts.lanes, fronts.mass, fronts.up, fronts.down, fronts.stay
    rise, fall, hard_a, hard_b = fronts.rise, fronts.fall, fronts.hard_a, fronts.hard_b
    left = np.exp(-decay * month)  # of what the pause added
    fade = np.exp(-decay)
    for k in range(mass.shape[0]):
        for f in range(mass.shape[1]):
            mass[k, f, 0] = mass[k, f, BLOCK]
    for b in range(BLOCK):
        if month + b == 0 or (month + b <= horizon and gain_a != gain_b and decay > 0.0):
            ratio = (base * ((1.0 + gain_a * left) / (1.0 + gain_b * left))) ** decisiveness
            inverse = 1.0 / ratio
            left *= fade
            for k in range(lanes.shape[0]):
                for f in range(lanes.shape[2]):
                    up[k, f] = rise[k, f] / (1.0 + hard_a[k, f] * inverse)
                    down[k, f] = fall[k, f] / (1.0 + hard_b[k, f] * ratio)
                    stay[k, f] = lanes[k, -1, f] - up[k, f] - down[k, f]
        for k in range(size.shape[0]):
            last = size[k]
            came_up = 0.0
            here = mass[k, 0, b]
            for f in range(last):
                above = mass[k, f + 1, b]
                mass[k, f, b + 1] = came_up + stay[k, f] * here + down[k, f + 1] * above
                came_up = up[k, f] * here
                here = above
            mass[k, last, b + 1] = came_up + stay[k, last] * here
    sum_lanes(fronts)
    join_lanes(fronts)


@compiled
def sum_lanes(fronts: Fronts) -> None:
    """Sum the lanes over each front's mass, four positions at a time; ``fronts.sums`` in place."""
    lanes, mass, sums = fronts.lanes, fronts.mass, fronts.sums
    count, kinds, width = lanes.shape
    for k in range(count):
        for l in range(kinds):
            for b in range(BLOCK):
                sums[k, l, b] = 0.0
            for f in range(0, width, 4):
                w0, w1 = lanes[k, l, f], lanes[k, l, f + 1]
                w2, w3 = lanes[k, l, f + 2], lanes[k, l, f + 3]
                for b in range(BLOCK):
                    sums[k, l, b] += (w0 * mass[k, f, b] + w1 * mass[k, f + 1, b]) + (
                        w2 * mass[k, f + 2, b] + w3 * mass[k, f + 3, b]
                    )


@compiled
def join_lanes(fronts: Fronts) -> None:
    """Values add over fronts, survival multiplies: (E, V)(E', V') = (E E', V E' + E V').

    ``fronts.joint`` is written in place.
    """
    sums, joint = fronts.sums, fronts.joint
    count, kinds, _ = sums.shape
    actors = kinds - 4
    for l in range(kinds):
        for b in range(BLOCK):
            joint[l, b] = 0.0 if l < actors else 1.0
    for k in range(count):
        for i in range(actors):
            for b in range(BLOCK):
                joint[i, b] = joint[i, b] * sums[k, actors, b] + joint[actors, b] * sums[k, i, b]
        for l in range(actors, kinds):
            for b in range(BLOCK):
                joint[l, b] *= sums[k, l, b]


@compiled
def reach_ends(
    size: Integers,
    absorbing: Flags,
    mass: Floats,
    sums: Floats,
    joint: Floats,
    b: int,
    shared: float,
) -> tuple[float, float]:
    """Chance that a, and that b, was beaten at an end last month; a fair coin when both were."""
    on = joint.shape[0] - 4
    every = 1.0
    not_a = 1.0
    not_b = 1.0
    for k in range(size.shape[0]):
        inside = sums[k, on, b]
        low = mass[k, 0, b] if absorbing[k, 0] else 0.0
        high = mass[k, size[k], b] if absorbing[k, 1] else 0.0
        every *= inside + low + high
        not_a *= inside + high
        not_b *= inside + low
    ended = every - joint[on, b]
    return 0.5 * shared * (ended - not_a + not_b), 0.5 * shared * (ended - not_b + not_a)


@compiled
def longest_wait(size: Integers, fronts: Fronts, keep: float, cap: int) -> float:
    """Most months a war at frozen rates can last on average, wherever its lines stand.

    If from any line it lasts n months with probability at most w, that is n / (1 - w) months.
    ``keep`` is the monthly survival that all fronts share.
    """
    stay, up, down = fronts.stay, fronts.up, fronts.down
    lasts = fronts.lanes[:, -4].copy()
    longer = lasts.copy()
    survives = 1.0
    n = 0
    while survives > 0.5 and n < cap:
        n += 1
        survives = keep**n
        for k in range(size.shape[0]):
            for f in range(size[k] + 1):
                longer[k, f] = stay[k, f] * lasts[k, f]
                if f > 0:
                    longer[k, f] += down[k, f] * lasts[k, f - 1]
                if f < size[k]:
                    longer[k, f] += up[k, f] * lasts[k, f + 1]
            survives *= longer[k].max()
        lasts, longer = longer, lasts
    return n / (1.0 - survives) if survives < 1.0 - 1e-9 else np.inf
