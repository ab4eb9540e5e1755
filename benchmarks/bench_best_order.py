"""How the search for the best order grows with the number of steps.

Games of four actors: *mixed*, where temptations are spread over the plan; *dividing*, where every
step moves value between actors and all constraints meet at signature, the hardest kind for bounds;
*dividing-unlike*, the same with unlike patience; and *roadmap* kinds of twenty steps, a third of
which wait for another. Beside it, as long as those still run, a plain-Python dynamic program over
sets with the same labels but none of the pruning, and the explicit game tree of every order,
solved by backward induction. Last, one plan over many draws. Compilation is left out.

Usage: bench_best_order.py [most steps in free order] [games of a kind]
"""

import resource
import sys
import time
from itertools import permutations
from pathlib import Path

import numpy as np
from harness import rate

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from servanda.problems.implementation import (
    TOLERANCE,
    ImplementationProblem,
    PayoffDraws,
    single_draw,
)
from servanda.problems.state_sets import closed_sets
from servanda.results.plan import Objective, SearchStatus
from servanda.solvers.best_order import best_order
from servanda.solvers.plan import Stage, evaluate_plan, plan_margins
from twins.plan_by_definition import play

ACTORS = 4
LARGEST = 16
ROADMAP = 20
GAMES = 5
LARGEST_IN_PYTHON = {"mixed": 8, "dividing": 6}  # eight dividing steps run for many minutes
LARGEST_TREE = {"mixed": 4, "dividing": 4}  # six steps have 720 trees of 10^5 nodes


def main() -> None:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else LARGEST
    games = int(sys.argv[2]) if len(sys.argv) > 2 else GAMES
    for kind in ("mixed", "dividing"):  # compiles
        best_order(random_game(np.random.default_rng(0), 8, kind))
    print(
        "| kind | steps | sets | exact | gap ≤ 1 | largest gap | labels | seconds | slowest |",
        end="",
    )
    print(" plain Python | explicit trees |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in ("mixed", "dividing", "dividing-unlike"):
        for n in range(4, largest + 1, 2):
            row(kind, n, games)
    for kind in ("roadmap-mixed", "roadmap-dividing", "roadmap-dividing-unlike"):
        row(kind, ROADMAP, games)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory {peak:,.0f} MB.")
    other_objectives()
    draws_of_one_plan()


def row(kind: str, n: int, games: int) -> None:
    """Over games; where a slow way runs, it must agree with ours."""
    times, gaps, labels, slow, tree, exact, sets = [], [], [], [], [], 0, 0
    for seed in range(games):
        game = random_game(np.random.default_rng([n, seed]), n, kind)
        start = time.perf_counter()
        found = best_order(game)
        times.append(time.perf_counter() - start)
        gaps.append(found.gap)
        labels.append(found.labels)
        exact += found.status == SearchStatus.EXACT
        sets = found.closed_sets
        if n <= LARGEST_IN_PYTHON.get(kind, 0) and seed == 0:
            start = time.perf_counter()
            margin = plain_python(game)
            slow.append(time.perf_counter() - start)
            assert abs(margin - found.margin) < 1e-8
        if n <= LARGEST_TREE.get(kind, 0) and seed == 0:
            start = time.perf_counter()
            plans = [[Stage((j,)) for j in order] for order in permutations(range(n))]
            kept = any(play(game, plan, TOLERANCE)[1] for plan in plans)
            tree.append(time.perf_counter() - start)
            assert kept == found.self_enforcing
    close = np.mean(np.array(gaps) <= 1.0)
    print(
        f"| {kind} | {n} | {sets:,} | {exact} of {games} | {close:.0%} | {max(gaps):.2f} "
        f"| {int(np.median(labels)):,} | {np.median(times):.3f} | {max(times):.3f} "
        f"| {f'{slow[0]:.2f}' if slow else '—'} | {f'{tree[0]:.2f}' if tree else '—'} |",
        flush=True,
    )


def other_objectives() -> None:
    print()
    for n in (8, 12, 16):
        game = random_game(np.random.default_rng([n, 0]), n, "mixed")
        floor = best_order(game).margin - 1.0
        reservation = dict.fromkeys(game.actors, float(game.flows[0].min()))
        for asked in (
            {"objective": Objective.MONTHS},
            {"objective": Objective.NASH, "reservation": reservation},
        ):
            start = time.perf_counter()
            found = best_order(game, floor=floor, **asked)
            print(
                f"{found.objective}, {n} steps: {found.value:,.6g}, bound {found.bound:,.6g}, "
                f"{found.status}, {time.perf_counter() - start:.2f} s",
                flush=True,
            )


def random_game(rng, n, kind):
    """Four actors, stages of up to five months; collapse is war."""
    requires = roadmap(rng, n) if kind.startswith("roadmap") else np.zeros(n, dtype=int)
    stages = tuple((1 << j, False) for j in range(n))
    states = closed_sets(requires, [mask for mask, _ in stages])
    dividing = "dividing" in kind
    worth = rng.uniform(-5, 10, (n, ACTORS))
    if dividing:
        worth -= worth.mean(axis=1, keepdims=True)
        worth -= worth.mean(axis=0)
    bits = (states[:, None] >> np.arange(n)) & 1
    flows = 50 + bits @ worth
    if dividing:
        attack = np.zeros_like(flows)
        attack[0] = 50
    else:
        attack = flows - rng.uniform(0, 15, flows.shape)
    owners = np.zeros((n, ACTORS), dtype=bool)
    if not dividing:
        owners[np.arange(n), rng.integers(0, ACTORS, n)] = True
    return ImplementationProblem(
        actors=("a", "b", "c", "d"),
        steps=tuple(f"s{j}" for j in range(n)),
        discount=rng.uniform(0.96, 0.99, ACTORS) if "unlike" in kind else np.full(ACTORS, 0.97),
        belligerent=np.ones(ACTORS, dtype=bool),
        months=rng.integers(1, 6, n),
        owners=owners,
        requires=requires,
        costs=np.zeros((n, ACTORS)),
        delay=rng.integers(0, 4, (n, ACTORS)),
        gain=rng.uniform(0, 3, (n, ACTORS)),
        reversible=np.zeros((n, ACTORS), dtype=bool),
        ceasefire=np.zeros(n, dtype=bool),
        fighting_cost=np.zeros(ACTORS),
        stages=stages,
        states=states,
        flows=flows,
        clocks=np.zeros(1),
        attack=attack[:, None, :],
        renege=attack[:, None, :],
    )


def roadmap(rng, n):
    """One chain of three steps, a quarter of the steps after one other each, the rest free."""
    order = rng.permutation(n)
    requires = np.zeros(n, dtype=int)
    requires[order[1]] = 1 << int(order[0])
    requires[order[2]] = 1 << int(order[1])
    for k in range(3, 3 + 2 * (n // 4), 2):
        requires[order[k + 1]] = 1 << int(order[k])
    return requires


def plain_python(game):
    """Subset dynamic program with Pareto labels, no pruning beyond dominance; clocks unused."""
    n, A = game.n_steps, len(game.actors)
    flows, war = game.flows.tolist(), game.attack[:, 0, :].tolist()
    delta = game.discount.tolist()
    full = game.full
    end = min(flows[full][i] - war[full][i] for i in range(A))
    labels = {full: [(*flows[full], end)]}
    for state in range(full - 1, -1, -1):
        found = []
        for j in range(n):
            if state >> j & 1:
                continue
            d = int(game.months[j])
            worst = []
            for i in range(A):
                tempted = war[state][i]
                if game.owners[j, i]:
                    share = delta[i] ** int(game.delay[j, i])
                    hidden = (1 - share) * (flows[state][i] + game.gain[j, i])
                    tempted = max(tempted, hidden + share * war[state][i])
                worst.append(float(tempted))
            for label in labels[state | 1 << j]:
                margin = label[A]
                values = []
                for i in range(A):
                    for s in range(d):
                        share = delta[i] ** (d - s)
                        value = (1 - share) * flows[state][i] + share * label[i]
                        margin = min(margin, value - worst[i])
                        if s == 0:
                            values.append(value)
                found.append((*values, margin))
        found.sort(reverse=True)
        kept = []
        for label in found:
            if not any(all(a >= b for a, b in zip(o, label, strict=True)) for o in kept):
                kept.append(label)
        labels[state] = kept
    return max(label[A] for label in labels[0])


def draws_of_one_plan() -> None:
    game = random_game(np.random.default_rng(1), 10, "mixed")
    one = single_draw(game)
    n_draws = 500
    fields = ("discount", "costs", "gain", "fighting_cost", "flows", "attack", "renege")
    many = PayoffDraws(**{name: np.repeat(getattr(one, name), n_draws, axis=0) for name in fields})
    plan = list(range(10))

    def call() -> int:
        plan_margins(game, many, plan)
        return n_draws

    print()
    rate(
        f"draws of one plan of ten steps, {len(evaluate_plan(game, plan).constraints)} "
        "constraints each",
        call,
    )


if __name__ == "__main__":
    main()
