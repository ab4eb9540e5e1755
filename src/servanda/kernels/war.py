"""The war month by month, as loops; `servanda.problems.war` defines every array.

Fronts never meet in an array. Per front ``k`` the loops carry ``mass[k, f]``: the probability that
the line stands at ``f`` and that nothing on this front has ended the war. What the fronts share
(exhaustion, freezing) is one number, ``shared``, so that the war is still on with probability
``shared * prod_k sum_f mass[k, f]``.

A front enters the month only through a few sums of its mass, the **lanes**: the land's worth to
each of the A actors, then 1, 1-x_a, 1-x_b and (1-x_a)(1-x_b). They are computed for a block of
months at once with the months in the last axis, where the inner loops carry no sum: they vectorise
without reordering any addition, so the bits do not depend on the processor.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Index = int | np.int64

BLOCK = 32  # months a front is run ahead at once

compiled = njit(cache=True, nogil=True, error_model="numpy")


class SettingArrays(NamedTuple):
    """The arrays of `servanda.problems.war.WarSettings`, in its order."""

    discount: Floats
    flow: Floats
    land: Floats
    size: Integers
    tempo: Floats
    initiative: Floats
    decisiveness: Floats
    defence: Floats
    exposure: Floats
    absorbing: Flags
    rearm_gain: Floats
    rearm_months: Floats
    rearm_decay: Floats
    exhaustion: Floats
    cost: Floats
    freeze: Floats
    imposed: Floats
    war_months: Floats
    memory: Floats


class OutbreakArrays(NamedTuple):
    """The arrays of `servanda.problems.war.Outbreaks`, in its order."""

    setting: Integers
    start: Integers
    fortified: Flags
    strength: Floats
    exhaustion_factor: Floats
    cost_factor: Floats
    cost_extra: Floats
    flow_extra: Floats
    tempo_factor: Floats
    quiet: Floats


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
def war_values(
    settings: SettingArrays,
    outbreaks: OutbreakArrays,
    tolerance: float,
    horizon: int,
    cap: int,
    out: Floats,
    bound: Floats,
) -> None:
    """Normalised value of each war to every actor; ``out`` (R, A), ``bound`` (R,) written in place.

    ``bound`` is the largest discounted probability, over actors who discount, that the war is still
    on when the sum stops. What is left there is closed at the flow of that last month, so the
    error is at most ``bound`` times the span of the values. An actor who does not discount: NaN.
    """
    rows, actors = out.shape
    # Arrays are taken out of their tuples here: handing on a whole tuple counts the references of
    # all its arrays anew, which costs more than a month's arithmetic.
    discount, flow, imposed = settings.discount, settings.flow, settings.imposed
    exhaustion, cost, freeze = settings.exhaustion, settings.cost, settings.freeze
    size, absorbing = settings.size, settings.absorbing
    tired, cost_factor = outbreaks.exhaustion_factor, outbreaks.cost_factor
    cost_extra, flow_extra = outbreaks.cost_extra, outbreaks.flow_extra
    fronts = new_fronts(size.shape[0], settings.land.shape[2], actors)
    mass, sums, joint = fronts.mass, fronts.sums, fronts.joint
    ends = absorbing.any()
    on = actors
    weight = np.zeros(actors)
    value = np.zeros(actors)
    price = np.zeros(actors)

    for r in range(rows):
        s = outbreaks.setting[r]
        deploy(settings, outbreaks, r, fronts)
        base, gain_a, gain_b, clock = pause(settings, outbreaks, r)
        shared = 1.0
        hazard = 0.0
        keep_a = 1.0
        keep_b = 1.0
        left = 0.0
        weight[:] = 1.0
        value[:] = 0.0
        for first in range(0, cap + BLOCK, BLOCK):
            run_fronts(
                size,
                first,
                horizon,
                base,
                gain_a,
                gain_b,
                settings.rearm_decay[s],
                settings.decisiveness[s],
                fronts,
            )
            for b in range(BLOCK):
                month = first + b
                # ends reached, then freezing: both at the end of last month, both counted from now
                a_out, b_out = 0.0, 0.0
                if ends:
                    a_out, b_out = reach_ends(size, absorbing, mass, sums, joint, b, shared)
                frozen = shared * hazard
                shared -= frozen
                left = 0.0
                for i in range(actors):
                    if discount[s, i] < 1.0:
                        left = max(left, weight[i] * shared * joint[on, b])
                last = left <= tolerance or month >= cap
                if month <= horizon:
                    keep_a, keep_b, hazard = hazards(
                        exhaustion[s], freeze[s], tired[r], clock + month
                    )
                    for i in range(actors):
                        kappa = rate(cost[s, i], clock + month)
                        price[i] = cost_factor[r, i] * kappa + cost_extra[r, i]
                for i in range(actors):
                    peace = (flow[s, i] + flow_extra[r, i]) * joint[on, b] + joint[i, b]
                    share = 1.0 if last else 1.0 - discount[s, i]
                    value[i] += weight[i] * (
                        a_out * imposed[s, 0, i]
                        + b_out * imposed[s, 1, i]
                        + frozen * peace
                        + share * shared * (peace - price[i] * joint[on, b])
                    )
                if last:
                    break
                a_out, b_out = tire(shared, keep_a, keep_b, joint, b)
                shared *= keep_a * keep_b
                for i in range(actors):
                    weight[i] *= discount[s, i]
                    value[i] += weight[i] * (a_out * imposed[s, 0, i] + b_out * imposed[s, 1, i])
            if last:
                break
        for i in range(actors):
            out[r, i] = value[i] if discount[s, i] < 1.0 else np.nan
        bound[r] = left


@compiled
def war_months(
    settings: SettingArrays,
    outbreaks: OutbreakArrays,
    tolerance: float,
    horizon: int,
    cap: int,
    fighting: Floats,
    gives_way: Floats,
    frozen: Floats,
    line: Floats,
    line_ever: Floats,
    ultimate: Floats,
) -> None:
    """The first war by month; everything after ``cap`` is written in place.

    At the start of month t: ``fighting`` (T+1,) the war is on; ``gives_way`` (T+1, 2) and
    ``frozen`` (T+1,) how it has ended; ``line`` (K, T+1, P+1) position while the war is on;
    ``line_ever`` (K, T+1, P+1) position whether it is on or not, a war that has ended leaving its
    lines where it ended. ``ultimate`` (6,): a has given way, b has, the war has frozen, it is
    still on when the sum stops; expected months so far, and most that can be added to them.
    """
    count, months, positions = line.shape
    size, absorbing = settings.size, settings.absorbing
    on = settings.discount.shape[1]
    fronts = new_fronts(count, positions, on)
    lanes = fronts.lanes
    mass, sums, joint = fronts.mass, fronts.sums, fronts.joint
    r = np.int64(0)
    left_at = np.zeros((count, positions))  # chance that the war has ended with the line here
    every = np.zeros(count)
    deploy(settings, outbreaks, r, fronts)
    base, gain_a, gain_b, clock = pause(settings, outbreaks, r)
    shared = 1.0
    hazard = 0.0
    keep_a = 1.0
    keep_b = 1.0
    alive = 1.0
    ultimate[:] = 0.0
    for first in range(0, max(cap, months, horizon) + BLOCK, BLOCK):
        run_fronts(
            size,
            first,
            horizon,
            base,
            gain_a,
            gain_b,
            settings.rearm_decay[r],
            settings.decisiveness[r],
            fronts,
        )
        for b in range(BLOCK):
            month = first + b
            a_out, b_out = reach_ends(size, absorbing, mass, sums, joint, b, shared)
            before = shared
            freezes = shared * hazard
            shared -= freezes
            alive = shared * joint[on, b]
            ultimate[0] += a_out
            ultimate[1] += b_out
            ultimate[2] += freezes * joint[on, b]
            # rates must have stopped drifting before what is left can be bounded
            last = month >= max(months - 1, horizon) and (alive <= tolerance or month >= cap)
            if month <= horizon:
                keep_a, keep_b, hazard = hazards(
                    settings.exhaustion[0],
                    settings.freeze[0],
                    outbreaks.exhaustion_factor[0],
                    clock + month,
                )
            if month < months:
                fighting[month] = alive
                gives_way[month, 0] = ultimate[0]
                gives_way[month, 1] = ultimate[1]
                frozen[month] = ultimate[2]
                for k in range(count):
                    every[k] = 0.0
                    for f in range(size[k] + 1):
                        every[k] += mass[k, f, b]
                for k in range(count):
                    others_every, others_on, others_hold = 1.0, 1.0, 1.0
                    for l in range(count):
                        if l != k:
                            others_every *= every[l]
                            others_on *= sums[l, on, b]
                            others_hold *= sums[l, on + 3, b]
                    for f in range(size[k] + 1):
                        here = mass[k, f, b]
                        inside = here * lanes[k, on, f] * others_on
                        left_at[k, f] += before * here * others_every - shared * inside
                        line[k, month, f] = shared * inside / alive if alive > 0.0 else np.nan
                        line_ever[k, month, f] = left_at[k, f] + shared * inside
                        held = keep_a * keep_b * here * lanes[k, on + 3, f] * others_hold
                        left_at[k, f] += shared * (inside - held)
            if last:
                break
            ultimate[4] += alive
            a_out, b_out = tire(shared, keep_a, keep_b, joint, b)
            ultimate[0] += a_out
            ultimate[1] += b_out
            shared *= keep_a * keep_b
        if last:
            break
    ultimate[3] = alive
    keep = keep_a * keep_b * (1.0 - hazard)
    ultimate[5] = alive * longest_wait(size, fronts, keep, cap) if alive > 0.0 else 0.0


@compiled
def rate(path: Floats, months: float) -> float:
    """A rate (now, drift, cap) some months after now."""
    return min(max(path[0] + path[1] * months, 0.0), path[2])


@compiled
def hazards(
    exhaustion: Floats, freeze: Floats, factor: Floats, months: float
) -> tuple[float, float, float]:
    """Chance per month that a holds, that b holds (the line apart), and of freezing."""
    eta_a = factor[0] * rate(exhaustion[0], months)
    eta_b = factor[1] * rate(exhaustion[1], months)
    zeta = rate(freeze, months)
    return 1.0 - min(eta_a, 1.0), 1.0 - min(eta_b, 1.0), min(zeta, 1.0)


@compiled
def tire(shared: float, keep_a: float, keep_b: float, joint: Floats, b: int) -> tuple[float, float]:
    """Chance that a, and that b, gives way this month; a fair coin when both do.

    P(a alone) + P(both) / 2 = (P(on) - P(a holds) + P(b holds) - P(both hold)) / 2.
    """
    on = joint.shape[0] - 4
    a_holds = keep_a * joint[on + 1, b]
    b_holds = keep_b * joint[on + 2, b]
    ended = joint[on, b] - keep_a * keep_b * joint[on + 3, b]
    return 0.5 * shared * (ended - a_holds + b_holds), 0.5 * shared * (ended - b_holds + a_holds)


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
def pause(
    settings: SettingArrays, outbreaks: OutbreakArrays, r: Index
) -> tuple[float, float, float, float]:
    """What the quiet before war r has done.

    Returns the ratio of base strengths, the share the pause has added to each, and by how many
    months the clock of drifting rates has changed.
    """
    s = outbreaks.setting[r]
    quiet = outbreaks.quiet[r]
    base = outbreaks.strength[r, 0] / outbreaks.strength[r, 1]
    gain_a = settings.rearm_gain[s, 0] * (1.0 - np.exp(-quiet / settings.rearm_months[s, 0]))
    gain_b = settings.rearm_gain[s, 1] * (1.0 - np.exp(-quiet / settings.rearm_months[s, 1]))
    return base, gain_a, gain_b, settings.war_months[s] * (np.exp(-quiet / settings.memory[s]) - 1)


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
