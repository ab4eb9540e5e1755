"""Wars valued a second on one core, against NumPy batched over wars, and how the cost grows.

One pass is one war valued for all actors to a tolerance of 1e-6. The standard problem has two
fronts of 11 parcels, four actors, rear exposure on both sides and rates that drift; half of the
wars follow a pause, so that strengths change every month up to the horizon.
"""

import numpy as np
from harness import compare, print_table, rate, seconds

from servanda.problems.war import Outbreaks, WarSettings
from servanda.solvers.war_value import HORIZON, war_values

TOLERANCE = 1e-6
WARS = 512


def main() -> None:
    war, outbreaks = problem()
    ours = war_values(war, outbreaks, tolerance=TOLERANCE, threads=1)[0]
    theirs = batched_numpy(war, outbreaks)
    span = np.ptp(theirs)
    assert np.abs(ours - theirs).max() < TOLERANCE * span, "the two disagree"

    rate("war passes, one core", lambda: passes(war, outbreaks))
    rate("war passes, two threads", lambda: passes(war, outbreaks, threads=2))
    rested, calm = problem(quiet=0.0)
    rate("war passes, one core, no pause before any war", lambda: passes(rested, calm))
    print()
    print_table(
        [
            compare(
                f"{WARS} wars",
                lambda: passes(war, outbreaks),
                lambda: batched_numpy(war, outbreaks),
                against="NumPy, all wars at once",
                pairs=7,
            )
        ]
    )
    print("\n| parcels on a front | fronts | actors | µs a pass |\n| ---: | ---: | ---: | ---: |")
    for parcels, fronts, actors in [
        *((parcels, 2, 4) for parcels in (3, 5, 11, 23, 47)),
        *((11, fronts, 4) for fronts in (1, 3, 4, 8)),
        *((11, 2, actors) for actors in (2, 8, 16)),
    ]:
        grown = problem(parcels=parcels, fronts=fronts, actors=actors)
        print(f"| {parcels} | {fronts} | {actors} | {microseconds(*grown):.1f} |")


def passes(war: WarSettings, outbreaks: Outbreaks, threads: int = 1) -> int:
    war_values(war, outbreaks, tolerance=TOLERANCE, threads=threads)
    return len(outbreaks)


def microseconds(war: WarSettings, outbreaks: Outbreaks) -> float:
    passes(war, outbreaks)
    return 1e6 * min(seconds(lambda: passes(war, outbreaks)) for _ in range(5)) / len(outbreaks)


def problem(
    parcels: int = 11, fronts: int = 2, actors: int = 4, quiet: float = 24.0, settings: int = 64
) -> tuple[WarSettings, Outbreaks]:
    rng = np.random.default_rng(1)
    U, S, K, P, A, R = rng.uniform, settings, fronts, parcels, actors, WARS
    yearly = U(0.05, 0.12, (S, A))
    # What can end a war is shared among the fronts, so that its length does not depend on them.
    exposure = np.sort(U(0, 0.02, (S, K, P + 1, 2)), axis=2) / K
    exposure[..., 0] = exposure[:, :, ::-1, 0]

    def path(now: float, drift: float, cap: float, *shape: int) -> np.ndarray:
        return np.stack([U(0, now, shape), U(0, drift, shape), np.full(shape, cap)], axis=-1)

    war = WarSettings(
        discount=(1 + yearly) ** (-1 / 12),
        flow=U(0, 50, (S, A)),
        land=np.cumsum(U(0, 2, (S, K, P + 1, A)), axis=2),
        size=np.full(K, P),
        tempo=U(0.05, 0.4, (S, K)),
        initiative=U(0.4, 0.7, S),
        decisiveness=U(0.8, 1.5, S),
        defence=U(1, 4, (S, K, P, 2)),
        exposure=exposure,
        absorbing=np.zeros((K, 2), bool),
        rearm_gain=U(0.1, 0.5, (S, 2)),
        rearm_months=U(6, 24, (S, 2)),
        rearm_decay=U(0.02, 0.2, S),
        exhaustion=path(0.006, 0.0001, 0.02, S, 2),
        cost=path(5, 0.05, 10, S, A),
        freeze=path(0.005, 0.0001, 0.02, S),
        imposed=U(0, 100, (S, 2, A)),
        war_months=np.full(S, 48.0),
        memory=U(12, 48, S),
    )
    outbreaks = Outbreaks(
        setting=rng.integers(0, S, R),
        start=rng.integers(0, P + 1, (R, K)),
        fortified=rng.random((R, K, P)) < 0.8,
        strength=U(0.7, 1.4, (R, 2)),
        exhaustion_factor=U(0.6, 1.1, (R, 2)),
        cost_factor=U(0.5, 1.2, (R, A)),
        cost_extra=U(0, 1, (R, A)),
        flow_extra=U(-5, 5, (R, A)),
        tempo_factor=U(0.8, 1.2, R),
        quiet=np.where(np.arange(R) % 2 == 0, quiet, 0.0),
    )
    return war, outbreaks


def batched_numpy(war: WarSettings, outbreaks: Outbreaks) -> np.ndarray:
    """The same sums with every array operation over all wars still on; no absorbing ends.

    Finished wars are dropped every 32 months; until then they only grow more exact.
    """
    s = outbreaks.setting
    R, K = outbreaks.start.shape
    A = war.discount.shape[1]
    P = int(war.size.max())
    assert (war.size == P).all()
    assert not war.absorbing.any()
    tired = outbreaks.exhaustion_factor[:, :, None, None]
    hold_a, hold_b = (
        1 - np.minimum(1, war.exposure[s, ..., side] * tired[:, side]) for side in (0, 1)
    )
    ones = np.ones_like(hold_a)
    extra = np.stack([ones, hold_a, hold_b, hold_a * hold_b], axis=-1)
    quiet = outbreaks.quiet[:, None]
    hard = np.where(outbreaks.fortified[..., None], war.defence[s], 1.0)
    fights = np.minimum(1, war.tempo[s] * outbreaks.tempo_factor[:, None])[..., None]
    on = {
        "row": np.arange(R),
        "s": s,
        "lanes": np.concatenate([war.land[s], extra], axis=-1),
        "mass": np.eye(P + 1)[outbreaks.start],
        "hard_a": hard[..., 1],
        "hard_b": hard[..., 0],
        "rise": fights * war.initiative[s][:, None, None],
        "fall": fights * (1 - war.initiative[s])[:, None, None],
        "gain": war.rearm_gain[s] * (1 - np.exp(-quiet / war.rearm_months[s])),
        "clock": war.war_months[s] * (np.exp(-outbreaks.quiet / war.memory[s]) - 1),
        "shared": np.ones(R),
        "frozen": np.zeros(R),
        "weight": np.ones((R, A)),
        "value": np.zeros((R, A)),
        "strength": outbreaks.strength,
        "tired": outbreaks.exhaustion_factor,
        "cost_factor": outbreaks.cost_factor,
        "cost_extra": outbreaks.cost_extra,
        "flow_extra": outbreaks.flow_extra,
    }
    out = np.empty((R, A))
    month = 0
    while True:
        s = on["s"]
        sums = np.matmul(on["mass"][:, :, None, :], on["lanes"])[:, :, 0]
        worth, joint = np.zeros((len(s), A)), np.ones((len(s), 4))
        for k in range(K):
            worth = worth * sums[:, k, A : A + 1] + joint[:, :1] * sums[:, k, :A]
            joint = joint * sums[:, k, A:]
        alive = on["shared"] * joint[:, 0]
        left = (on["weight"] * alive[:, None]).max(axis=1)

        drift = on["clock"] + min(month, HORIZON)
        price = on["cost_factor"] * _rate(war.cost[s], drift[:, None]) + on["cost_extra"]
        delta = war.discount[s]
        peace = (war.flow[s] + on["flow_extra"]) * joint[:, :1] + worth
        fought = on["shared"][:, None] * (peace - price * joint[:, :1])
        frozen = on["frozen"][:, None] * peace
        if month % 32 == 0:
            over = left <= TOLERANCE
            closed = on["value"] + on["weight"] * (frozen + fought)
            out[on["row"][over]] = closed[over]
            if over.all():
                return out
        on["value"] = on["value"] + on["weight"] * (frozen + (1 - delta) * fought)

        keep = 1 - np.minimum(1, on["tired"] * _rate(war.exhaustion[s], drift[:, None]))
        a_holds = on["shared"] * keep[:, 0] * joint[:, 1]
        b_holds = on["shared"] * keep[:, 1] * joint[:, 2]
        on["shared"] = on["shared"] * keep.prod(axis=1)
        both_hold = on["shared"] * joint[:, 3]
        a_out = 0.5 * (alive - a_holds + b_holds - both_hold)[:, None]
        b_out = 0.5 * (alive - b_holds + a_holds - both_hold)[:, None]

        if month <= HORIZON:
            fade = np.exp(-war.rearm_decay[s] * month)[:, None]
            M = on["strength"] * (1 + on["gain"] * fade)
            ratio = ((M[:, 0] / M[:, 1]) ** war.decisiveness[s])[:, None, None]
            up = on["rise"] * ratio / (ratio + on["hard_a"])
            down = on["fall"] / (1 + on["hard_b"] * ratio)
            on["up"], on["down"] = up, down
        held = on["mass"] * on["lanes"][..., A + 3]
        rises, falls = held[..., :-1] * on["up"], held[..., 1:] * on["down"]
        held[..., 1:] += rises - falls
        held[..., :-1] += falls - rises
        on["mass"] = held

        hazard = np.minimum(1, _rate(war.freeze[s], drift))
        on["frozen"] = on["shared"] * hazard
        on["shared"] = on["shared"] * (1 - hazard)
        on["weight"] = on["weight"] * delta
        lost = a_out * war.imposed[s, 0] + b_out * war.imposed[s, 1]
        on["value"] = on["value"] + on["weight"] * lost
        if month % 32 == 0:
            on = {name: array[~over] for name, array in on.items()}
        month += 1


def _rate(path: np.ndarray, months: np.ndarray) -> np.ndarray:
    return np.clip(path[..., 0] + path[..., 1] * months, 0, path[..., 2])


if __name__ == "__main__":
    main()
