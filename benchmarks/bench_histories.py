"""Histories: 100,000 of them over 120 months, policies given, beside NumPy, and how it grows.

A policy is a talks game of 120 months, 22 positions and 300 deals, solved before the clock starts;
what is signed has 24 months to carry out, may be broken in four ways, and may be followed by war.
The NumPy twin walks all histories of a policy at once, month by month, with its own numbers.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
from bench_talks import DEALS, MONTHS, POSITIONS, talks
from harness import compare, print_table, seconds
from numpy.typing import NDArray

from servanda.problems.histories import HistoriesProblem
from servanda.problems.histories_game import histories_game
from servanda.results.histories import Outcome, gather_histories
from servanda.solvers.histories import share_of, simulate_policies
from servanda.solvers.history_summary import summarise_histories
from servanda.solvers.talks_game import solve_talks

HISTORIES, POLICIES, SOLVED, RUNS = 100_000, 64, 8, 7


def main() -> None:
    given = [policy(number) for number in range(SOLVED)]
    agree(given)
    contests = [
        compare(
            f"{HISTORIES:,} histories, {MONTHS} months, {threads} thread{'s'[: threads - 1]}",
            partial(walk, given, threads=threads),
            partial(walk_with_numpy, given),
            against="NumPy, one thread",
            pairs=RUNS,
        )
        for threads in (1, 2)
    ]
    print_table(contests)
    spent = [processor_seconds(partial(walk, given, threads=threads)) for threads in (1, 2)]
    print(
        f"\nTwo threads: {contests[0].ours / contests[1].ours:.2f} times as fast as one; processor "
        f"time {spent[0]:.3f} s with one, {spent[1]:.3f} s with two: what two cores could do is "
        f"{2 * spent[0] / spent[1]:.2f} times, if both are free."
    )
    print("\n| histories | policies | seconds, two threads |\n| ---: | ---: | ---: |")
    for histories, policies in (
        *((size, POLICIES) for size in (25_000, 50_000, 100_000, 200_000, 400_000)),
        *((HISTORIES, size) for size in (1, 8, 512)),
    ):
        call = partial(walk, given, histories, policies)
        taken = median(seconds(call) for _ in range(RUNS))
        print(f"| {histories:,} | {policies} | {taken:.3f} |")
    summed = median(
        seconds(lambda: summarise_histories(lots(given, HISTORIES, POLICIES, 2)))
        for _ in range(RUNS)
    )
    print(f"\nWalked and summarised, two threads: {summed:.3f} s.")


def processor_seconds(call: Callable[[], object]) -> float:
    """Median over runs; other work on the machine does not count."""
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return median(spent)


def policy(number: int) -> HistoriesProblem:
    """Talks of `bench_talks`, and a plan for each of ten kinds of deal."""
    rng = np.random.default_rng(number)
    game = talks((0.4, 0.4, 0.2))
    rows, moments, ways = 10, 25, 4
    return histories_game(
        game,
        solve_talks(game),
        horizon=MONTHS,
        rows=rows,
        moments=moments,
        gates=2,
        truces=1,
        plan_of=rng.integers(0, rows, (POSITIONS, DEALS)),
        way_actor=[0, 0, 1, 1],
        passes=0.9,
        ratify_months=2,
        stages=4,
        stage=np.minimum(np.arange(moments) // 6, 4),
        hazard=rng.uniform(0, 0.004, (rows, moments, ways)),
        step_fails=np.where(np.arange(moments) == 11, 0.1, 0.0),
        flow=[0.5, 0.45],
        war_after=[0, -1, 0, -1],
        pocketed=[0.4, 0.4],
        failed=[0.4, 0.4],
        war_start=[POSITIONS // 2],
        war_tempo=0.5,
        war_gives_way=0.005,
        war_month=0.003,
        truce_starts=0.03,
        truce_breaks=0.1,
        truce_tempo=0.5,
    )


def lots(given: list[HistoriesProblem], histories: int, policies: int, threads: int):
    return simulate_policies(
        lambda k: given[k % SOLVED], policies, histories, seed=1, threads=threads
    )


def walk(
    given: list[HistoriesProblem],
    histories: int = HISTORIES,
    policies: int = POLICIES,
    threads: int = 2,
) -> NDArray[np.float64]:
    """Share of each outcome."""
    counts = [
        np.bincount(lot.outcome, minlength=len(Outcome))
        for lot in lots(given, histories, policies, threads)
    ]
    return np.sum(counts, axis=0) / histories


def agree(given: list[HistoriesProblem]) -> None:
    """Both ways find the same shares, within five standard errors."""
    ours, theirs = walk(given), walk_with_numpy(given)
    error = 5 * np.sqrt(np.maximum(ours * (1 - ours), 1e-5) * 2 / HISTORIES)
    assert (np.abs(ours - theirs) < error).all(), (ours, theirs)
    drawn = gather_histories(lots(given, HISTORIES, POLICIES, 2))
    signed = drawn.agreed >= 0
    print(
        f"{signed.mean():.0%} sign, in month {np.median(drawn.agreed[signed]):.0f} at the median; "
        f"{ours[Outcome.KEPT]:.0%} keep their peace to month {MONTHS}.\n"
    )


def walk_with_numpy(given: list[HistoriesProblem]) -> NDArray[np.float64]:
    rng = np.random.default_rng(1)
    count = np.zeros(len(Outcome))
    for number in range(POLICIES):
        size = share_of(number, POLICIES, HISTORIES)
        outcome = numpy_histories(given[number % SOLVED], size, rng)
        count += np.bincount(outcome, minlength=len(Outcome))
    return count / HISTORIES


TALKING, WAR, VOTING, PEACE, AGAIN, OVER = range(6)


def numpy_histories(p: HistoriesProblem, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """How each of so many histories ends; the parts of the process that this benchmark uses."""
    g, plans, wars, truces = p.talks, p.plans, p.wars, p.truces
    state, outcome = np.full(size, TALKING), np.zeros(size, np.int64)
    n, f = np.zeros(size, np.int64), np.full(size, g.start)
    truce = np.zeros(size, bool)
    row, moment, wait = (np.zeros(size, np.int64) for _ in range(3))
    value = np.zeros((size, 2))
    for h in range(p.horizon):
        discount = g.discount**h

        talk = np.flatnonzero(state == TALKING)
        who = np.searchsorted(np.cumsum(g.recognised[2, h]), rng.random(len(talk)), side="right")
        deal = p.chosen[h, n[talk], f[talk], np.minimum(who, 2)]
        signed = talk[(who < 3) & (deal >= 0)]
        row[signed] = p.plan_of[f[signed], deal[(who < 3) & (deal >= 0)]]
        state[signed], wait[signed] = VOTING, plans.ratify_months[row[signed]]

        vote = np.flatnonzero((state == VOTING) & (wait == 0))
        through = (rng.random((len(vote), plans.passes.shape[1])) < plans.passes[row[vote]]).all(1)
        state[vote] = np.where(through, PEACE, WAR)
        moment[vote] = 0
        waiting = np.flatnonzero(state == VOTING)
        wait[waiting] -= 1
        value[waiting] += discount * g.month[h, f[waiting]]

        peace = np.flatnonzero(state == PEACE)
        at = row[peace], moment[peace]
        reach = np.cumsum(plans.hazard[at], axis=1)
        way = (rng.random(len(peace))[:, None] >= reach).sum(axis=1)
        breaks = way < plans.hazard.shape[2]
        broken = peace[breaks]
        war = plans.war_after[row[broken], moment[broken], way[breaks]]
        outcome[broken] = np.where(war >= 0, Outcome.BROKEN_BY_WAR, Outcome.BROKEN_AND_POCKETED)
        state[broken] = np.where(war >= 0, AGAIN, OVER)
        f[broken] = wars.start[np.maximum(war, 0)]
        kept = peace[~breaks]
        value[kept] += discount * (1 - g.discount) * plans.flow[row[kept], moment[kept]]
        fails = rng.random(len(kept)) < plans.step_fails[row[kept], moment[kept]]
        outcome[kept[fails]], state[kept[fails]] = Outcome.STEP_FAILED, OVER
        moment[kept] = np.minimum(moment[kept] + 1, plans.lasts.shape[1] - 1)

        fight = np.flatnonzero((state == TALKING) | (state == WAR))
        quiet = rng.random(len(fight))
        held = truce[fight]
        holds, starts = quiet >= truces.breaks[0, h].sum(), quiet < truces.starts[0, h]
        truce[fight] = np.where(held, holds, starts)
        lull = truce[fight]
        value[fight] += discount * g.month[h, f[fight]]
        wins = (n[fight] + f[fight] - g.start) // 2
        mean = (
            g.mean[2]
            if np.isinf(g.weight[2])
            else ((g.weight[2] * g.mean[2] + wins) / (g.weight[2] + n[fight]))
        )
        odds = g.odds[h, f[fight]] * mean
        chance = odds / (odds + 1 - mean)
        tempo = np.where(lull, truces.tempo[0], 1.0) * g.tempo[h, f[fight]]
        out = g.gives_way[2, h, f[fight]]
        _fight(g, fight, chance, tempo, out, g.freeze[2, h], rng, state, outcome, n, f)

        again = np.flatnonzero(state == AGAIN)
        value[again] += discount * wars.month[0, 0, f[again]]
        shown = outcome[again]
        _fight(
            g,
            again,
            wars.chance[0, 0, f[again]],
            wars.tempo[0, 0, f[again]],
            wars.gives_way[0, 0, f[again]],
            wars.freeze[0, 0],
            rng,
            state,
            outcome,
            n,
            f,
        )
        outcome[again] = shown
    outcome[state == PEACE] = Outcome.KEPT
    outcome[state == VOTING] = Outcome.AWAITING_VOTE
    return outcome


def _fight(g, who, chance, tempo, out, ice, rng, state, outcome, n, f) -> None:
    """A month of war for those at war, in place."""
    ending, move = rng.random(len(who)), rng.random(len(who))
    gone = ending < out.sum(axis=1)
    outcome[who[gone]] = np.where(
        ending[gone] < out[gone, 0], Outcome.A_GAVE_WAY, Outcome.B_GAVE_WAY
    )
    up = np.where(f[who] < g.positions - 1, tempo * chance, 0.0)
    down = np.where(f[who] > 0, tempo * (1 - chance), 0.0)
    step = np.where(move < up, 1, np.where(move < up + down, -1, 0)) * ~gone
    f[who] += step
    n[who] += np.abs(step)
    high = (step == 1) & g.absorbing[1] & (f[who] == g.positions - 1)
    low = (step == -1) & g.absorbing[0] & (f[who] == 0)
    frozen = ~gone & ~high & ~low & (rng.random(len(who)) < ice)
    for ended, code in (
        (high, Outcome.HIGH_END),
        (low, Outcome.LOW_END),
        (frozen, Outcome.FROZEN),
    ):
        outcome[who[ended]] = code
    state[who[gone | high | low | frozen]] = OVER


if __name__ == "__main__":
    main()
