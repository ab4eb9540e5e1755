"""The war month by month, as loops; `servanda.problems.war` defines every array.

Fronts never meet in an array. Per front ``k`` the loops carry ``mass[k, f]``: the probability that
the line stands at ``f`` and that nothing on this front has ended the war. What the fronts share
(exhaustion, freezing) is one number, ``shared``, so that the war is still on with probability
``shared * prod_k sum_f mass[k, f]``.

How the fronts are run ahead stands in `servanda.kernels.war_fronts`.
"""

import numpy as np

from servanda.kernels.war_arrays import (
    Floats,
    Index,
    OutbreakArrays,
    SettingArrays,
    compiled,
)
from servanda.kernels.war_fronts import (
    BLOCK,
    deploy,
    longest_wait,
    new_fronts,
    reach_ends,
    run_fronts,
)


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
