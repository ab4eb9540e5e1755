"""A war straight from its definition, on the joint chain over all fronts; slow and obvious.

`month` lists all that can happen in one month with its probability; everything else here only adds
up over that list. `simulate` draws the same month event by event and shares no code with the list.
"""

import itertools
from dataclasses import dataclass
from math import exp, inf

import numpy as np

from servanda.problems.war import Outbreaks, WarSettings

A_SIDE, B_SIDE = 0, 1


@dataclass(frozen=True)
class Rates:
    """What drifts, in one month of one war."""

    eta: tuple[float, float]
    cost: np.ndarray
    zeta: float
    strength: tuple[float, float]


def rates(settings, outbreaks, r, t, horizon):
    s = outbreaks.setting[r]
    t = min(t, horizon)
    quiet = outbreaks.quiet[r]
    months = settings.war_months[s]
    tau = months * exp(-quiet / settings.memory[s]) + t

    def drifting(path):
        now, drift, cap = path
        return min(max(now + drift * (tau - months), 0.0), cap)

    strength, eta = [], []
    for side in (A_SIDE, B_SIDE):
        rearmed = 1 - exp(-quiet / settings.rearm_months[s, side])
        gain = settings.rearm_gain[s, side] * rearmed * exp(-settings.rearm_decay[s] * t)
        strength.append(outbreaks.strength[r, side] * (1 + gain))
        tired = outbreaks.exhaustion_factor[r, side] * drifting(settings.exhaustion[s, side])
        eta.append(min(1.0, tired))
    cost = [
        outbreaks.cost_factor[r, i] * drifting(path) + outbreaks.cost_extra[r, i]
        for i, path in enumerate(settings.cost[s])
    ]
    return Rates(
        tuple(eta), np.array(cost), min(1.0, drifting(settings.freeze[s])), tuple(strength)
    )


def takes(attacker, defender, h, decisiveness):
    return attacker**decisiveness / (attacker**decisiveness + h * defender**decisiveness)


def moves(settings, outbreaks, r, k, f, strength):
    """Where one front's line stands after this month's engagement, with probabilities."""
    s = outbreaks.setting[r]
    fights = min(1.0, settings.tempo[s, k] * outbreaks.tempo_factor[r])
    g = settings.decisiveness[s]

    def h(parcel, defender):
        return (
            settings.defence[s, k, parcel, defender] if outbreaks.fortified[r, k, parcel] else 1.0
        )

    up = down = 0.0
    if f < settings.size[k]:
        up = fights * settings.initiative[s] * takes(*strength, h(f, B_SIDE), g)
    if f > 0:
        down = fights * (1 - settings.initiative[s]) * takes(*strength[::-1], h(f - 1, A_SIDE), g)
    return [(f + 1, up), (f - 1, down), (f, 1 - up - down)]


def beaten(settings, line):
    """Which sides stand at an end at which they are beaten."""
    a = any(low and f == 0 for (low, _), f in zip(settings.absorbing, line, strict=True))
    b = any(
        high and f == n
        for (_, high), f, n in zip(settings.absorbing, line, settings.size, strict=True)
    )
    return a, b


def losers(a, b):
    """Who gives way, with probability: a fair coin when both would."""
    return {
        (1, 1): [(A_SIDE, 0.5), (B_SIDE, 0.5)],
        (1, 0): [(A_SIDE, 1.0)],
        (0, 1): [(B_SIDE, 1.0)],
    }[(int(a), int(b))]


def month(settings, outbreaks, r, t, line, horizon):
    """All that one month can bring: (probability, "lost", side, line), (.., "frozen", None, line)
    or (.., "on", None, line)."""
    s = outbreaks.setting[r]
    now = rates(settings, outbreaks, r, t, horizon)
    quits = []
    for side in (A_SIDE, B_SIDE):
        holds = 1 - now.eta[side]
        for k, f in enumerate(line):
            exposed = settings.exposure[s, k, f, side] * outbreaks.exhaustion_factor[r, side]
            holds *= 1 - min(1.0, exposed)
        quits.append(1 - holds)
    a, b = quits
    events = []
    for both, p in [((1, 1), a * b), ((1, 0), a * (1 - b)), ((0, 1), (1 - a) * b)]:
        events += [(p * share, "lost", side, line) for side, share in losers(*both)]
    fronts = [moves(settings, outbreaks, r, k, f, now.strength) for k, f in enumerate(line)]
    for outcome in itertools.product(*fronts):
        new = tuple(f for f, _ in outcome)
        p = (1 - a) * (1 - b) * np.prod([chance for _, chance in outcome])
        if p == 0:
            continue
        if any(beaten(settings, new)):
            events += [
                (p * share, "lost", side, new) for side, share in losers(*beaten(settings, new))
            ]
        else:
            events.append((p * now.zeta, "frozen", None, new))
            events.append((p * (1 - now.zeta), "on", None, new))
    return events


def peace_flow(settings, outbreaks, r, line):
    s = outbreaks.setting[r]
    base = settings.flow[s] + outbreaks.flow_extra[r]
    return base + sum(settings.land[s, k, f] for k, f in enumerate(line))


def lines(settings):
    """All joint positions at which a war can be on."""
    every = itertools.product(*(range(n + 1) for n in settings.size))
    return [line for line in every if not any(beaten(settings, line))]


def start_of(settings, outbreaks, r):
    return tuple(int(f) for f in outbreaks.start[r])


def over_at_once(settings, outbreaks, r, worth):
    """Value of a war that starts where it ends; None if it does not."""
    sides = beaten(settings, start_of(settings, outbreaks, r))
    return sum(share * worth[side] for side, share in losers(*sides)) if any(sides) else None


def value_by_recursion(settings, outbreaks, r, months, horizon):
    """Backward from a month so late that nothing after it counts."""
    s = outbreaks.setting[r]
    delta, imposed = settings.discount[s], settings.imposed[s]
    at_once = over_at_once(settings, outbreaks, r, imposed)
    if at_once is not None:
        return at_once
    peace = {line: peace_flow(settings, outbreaks, r, line) for line in lines(settings)}
    value = dict.fromkeys(lines(settings), np.zeros(len(delta)))
    late: dict[tuple[int, ...], list] = {}
    for t in reversed(range(months)):
        cost = rates(settings, outbreaks, r, t, horizon).cost
        new = {}
        for line in lines(settings):
            if t >= horizon and line not in late:
                late[line] = month(settings, outbreaks, r, t, line, horizon)
            events = late[line] if t >= horizon else month(settings, outbreaks, r, t, line, horizon)
            total = (1 - delta) * (peace[line] - cost)
            for p, kind, side, place in events:
                if kind == "lost":
                    then = imposed[side]
                else:
                    then = peace[place] if kind == "frozen" else value[place]
                total = total + delta * p * then
            new[line] = total
        value = new
    return value[start_of(settings, outbreaks, r)]


def solve_exactly(settings, outbreaks, r):
    """Values, expected months, chances that a, b gives way and that it freezes; nothing drifts."""
    s = outbreaks.setting[r]
    places = lines(settings)
    at = {line: n for n, line in enumerate(places)}
    Q = np.zeros((len(places), len(places)))
    lost = np.zeros((len(places), 2))
    frozen = np.zeros(len(places))
    delta, imposed = settings.discount[s], settings.imposed[s]
    gain = np.zeros((len(places), len(delta)))
    cost = rates(settings, outbreaks, r, 0, 0).cost
    for line, n in at.items():
        gain[n] += (1 - delta) * (peace_flow(settings, outbreaks, r, line) - cost)
        for p, kind, side, place in month(settings, outbreaks, r, 0, line, 0):
            if kind == "on":
                Q[n, at[place]] += p
            elif kind == "lost":
                lost[n, side] += p
                gain[n] += delta * p * imposed[side]
            else:
                frozen[n] += p
                gain[n] += delta * p * peace_flow(settings, outbreaks, r, place)
    here = at[start_of(settings, outbreaks, r)]
    one = np.eye(len(places))
    value = [np.linalg.solve(one - d * Q, gain[:, i])[here] for i, d in enumerate(delta)]
    ever = np.linalg.solve(one - Q, np.column_stack([np.ones(len(places)), lost, frozen]))[here]
    return np.array(value), ever[0], ever[1:3], ever[3]


def joint_chain(settings, outbreaks, r, months, horizon):
    """By start of month: chance that the war is on, has been lost by a and b, has frozen; and per
    front the line while it is on and whether or not."""
    width = settings.land.shape[2]
    on = {start_of(settings, outbreaks, r): 1.0}
    lost, frozen = np.zeros(2), 0.0
    ended = np.zeros((len(settings.size), width))
    rows = []
    sides = beaten(settings, start_of(settings, outbreaks, r))
    if any(sides):
        for side, share in losers(*sides):
            lost[side] += share
        for k, f in enumerate(start_of(settings, outbreaks, r)):
            ended[k, f] = 1.0
        on = {}
    for t in range(months + 1):
        line = np.zeros_like(ended)
        for place, p in on.items():
            for k, f in enumerate(place):
                line[k, f] += p
        rows.append((sum(on.values()), lost.copy(), frozen, line, ended + line))
        new: dict[tuple[int, ...], float] = {}
        for place, mass in on.items():
            for p, kind, side, then in month(settings, outbreaks, r, t, place, horizon):
                if kind == "on":
                    new[then] = new.get(then, 0.0) + mass * p
                    continue
                if kind == "lost":
                    lost[side] += mass * p
                else:
                    frozen += mass * p
                for k, f in enumerate(then):
                    ended[k, f] += mass * p
        on = new
    return rows


def simulate(settings, outbreaks, r, paths, months, horizon, rng):
    """Discounted payoffs (paths, A) and months fought (paths,), drawn event by event."""
    s = outbreaks.setting[r]
    delta, size = settings.discount[s], settings.size
    line = np.repeat(outbreaks.start[r][None], paths, axis=0)
    alive = np.ones(paths, bool)
    paid = np.zeros((paths, len(delta)))
    fought = np.zeros(paths, int)
    front = np.arange(len(size))
    low, high = settings.absorbing[:, 0], settings.absorbing[:, 1]

    def lose(a, b, weight):
        coin = rng.random(paths) < 0.5
        a, b = a & alive, b & alive
        a_lost, b_lost = a & (~b | coin), b & (~a | ~coin)
        paid[a_lost] += weight * settings.imposed[s, A_SIDE]
        paid[b_lost] += weight * settings.imposed[s, B_SIDE]
        alive[a | b] = False

    lose((low & (line == 0)).any(1), (high & (line == size)).any(1), 1.0)
    base = settings.flow[s] + outbreaks.flow_extra[r]
    for t in range(months):
        if not alive.any():
            break
        now = rates(settings, outbreaks, r, t, horizon)
        flow = base + settings.land[s, front, line].sum(axis=1)
        paid[alive] += ((1 - delta) * delta**t * (flow - now.cost))[alive]
        fought[alive] += 1
        tired = [rng.random(paths) < now.eta[side] for side in (A_SIDE, B_SIDE)]
        for side in (A_SIDE, B_SIDE):
            hazard = settings.exposure[s, front, line, side] * outbreaks.exhaustion_factor[r, side]
            exposed = rng.random(line.shape) < hazard
            tired[side] |= exposed.any(axis=1)
        lose(*tired, delta ** (t + 1))
        for k in front:
            f = line[:, k].copy()
            fight = alive & (rng.random(paths) < settings.tempo[s, k] * outbreaks.tempo_factor[r])
            attacks = rng.random(paths) < settings.initiative[s]
            draw = rng.random(paths)
            for n in np.flatnonzero(fight):
                attacker, defender = (A_SIDE, B_SIDE) if attacks[n] else (B_SIDE, A_SIDE)
                parcel = f[n] if attacks[n] else f[n] - 1
                if not 0 <= parcel < size[k]:
                    continue
                strong = outbreaks.fortified[r, k, parcel]
                h = settings.defence[s, k, parcel, defender] if strong else 1.0
                M, N = now.strength[attacker], now.strength[defender]
                odds = (M / N) ** settings.decisiveness[s] / h
                if draw[n] < odds / (1 + odds):
                    line[n, k] += 1 if attacks[n] else -1
        lose((low & (line == 0)).any(1), (high & (line == size)).any(1), delta ** (t + 1))
        freezes = alive & (rng.random(paths) < now.zeta)
        flow = base + settings.land[s, front, line].sum(axis=1)
        paid[freezes] += (delta ** (t + 1) * flow)[freezes]
        alive[freezes] = False
    return paid, fought


def random_war(rng, *, drifts=True, fronts=None, haste=None):
    """A small war with everything switched on; discount low enough for a short recursion.

    ``haste`` scales all that may end it other than battles: about the share ended a month.
    """
    haste = haste or rng.choice([0.3, 0.1, 0.02])
    K = int(fronts or rng.integers(1, 4))
    size = rng.integers(1, 4 if K < 3 else 3, K)
    P, A = int(size.max()) + int(rng.integers(2)), int(rng.integers(2, 5))
    R = 2
    U = rng.uniform

    def path(now, drift, cap, shape):
        slope = U(-drift, drift, shape) if drifts else np.zeros(shape)
        return np.stack([U(0, now, shape), slope, U(0, cap, shape)], axis=-1)

    settings = WarSettings(
        discount=U(0.5, 0.9, (1, A)),
        flow=U(-50, 50, (1, A)),
        land=U(-10, 30, (1, K, P + 1, A)),
        size=size,
        tempo=U(0, 1, (1, K)),
        initiative=U(0, 1, 1),
        decisiveness=U(0, 2, 1),
        defence=U(1, 5, (1, K, P, 2)),
        exposure=U(0, haste, (1, K, P + 1, 2)) * (rng.random((1, K, P + 1, 2)) < 0.5),
        absorbing=rng.random((K, 2)) < 0.3,
        rearm_gain=U(-0.5, 1, (1, 2)) * drifts,
        rearm_months=U(1, 20, (1, 2)),
        rearm_decay=U(0, 1, 1),
        exhaustion=path(haste, haste / 10, 3 * haste, (1, 2)),
        cost=path(10, 1, 20, (1, A)),
        freeze=path(haste, haste / 10, 2 * haste, (1,)),
        imposed=U(-20, 120, (1, 2, A)),
        war_months=U(0, 50, 1),
        memory=U(1, 30, 1),
    )
    outbreaks = Outbreaks(
        setting=np.zeros(R, int),
        start=rng.integers(0, size + 1, (R, K)),
        fortified=rng.random((R, K, P)) < 0.7,
        strength=U(0.5, 2, (R, 2)),
        exhaustion_factor=U(0, 2, (R, 2)),
        cost_factor=U(0, 2, (R, A)),
        cost_extra=U(-1, 3, (R, A)),
        flow_extra=U(-5, 5, (R, A)),
        tempo_factor=U(0, 2, R),
        quiet=np.where(rng.random(R) < 0.25, inf, U(0, 40, R)),
    )
    return settings, outbreaks


def one_war(outbreaks, r):
    """The r-th of several outbreaks alone."""
    return Outbreaks(**{name: array[r : r + 1] for name, array in vars(outbreaks).items()})
