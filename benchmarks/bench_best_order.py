"""How the search for the best order grows with the number of steps.

Two kinds of game of four actors in free order: *mixed*, where temptations are spread over the plan,
and *dividing*, where every step moves value between actors and all constraints meet at signature,
the hardest kind for a bound that looks at each actor by itself. Beside it a plain-Python dynamic
program over sets with the same labels but none of the pruning, and every order tried, as long as
those still run. Last, one plan over many draws. Compilation is left out.
"""

import sys
import time
from dataclasses import replace
from itertools import permutations

import numpy as np
from harness import rate

from servanda.problems.implementation import (
    ImplementationProblem,
    PayoffDraws,
    closed_sets,
    single_draw,
)
from servanda.results.plan import SearchStatus
from servanda.solvers.best_order import best_order
from servanda.solvers.plan import evaluate_plan, plan_margins

ACTORS = 4
LARGEST = 16
LARGEST_IN_PYTHON = {"mixed": 8, "dividing": 6}  # eight dividing steps run for many minutes
LARGEST_TRIED = 6
GAMES = 3
UNLIKE = "unlike"


def main() -> None:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else LARGEST
    best_order(random_game(np.random.default_rng(0), 3, "mixed"))
    print("| kind | steps | status | gap (points) | labels | seconds | plain Python | all orders |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for kind in ("mixed", "dividing"):
        for n in range(4, largest + 1, 2):
            row(kind, n)
    draws_of_one_plan()


def row(kind: str, n: int) -> None:
    """Median over games; both slow ways must agree with ours."""
    times, gaps, labels, slow, tried, exact = [], [], [], [], [], 0
    for seed in range(GAMES):
        game = random_game(np.random.default_rng([n, seed]), n, kind)
        start = time.perf_counter()
        found = best_order(game)
        times.append(time.perf_counter() - start)
        gaps.append(found.gap)
        labels.append(found.labels)
        exact += found.status == SearchStatus.EXACT
        if n <= LARGEST_IN_PYTHON[kind] and seed == 0:
            start = time.perf_counter()
            margin = plain_python(game)
            slow.append(time.perf_counter() - start)
            assert abs(margin - found.margin) < 1e-8
        if n <= LARGEST_TRIED and seed == 0:
            start = time.perf_counter()
            margin = max(evaluate_plan(game, order).margin for order in permutations(range(n)))
            tried.append(time.perf_counter() - start)
            assert abs(margin - found.margin) < 1e-8
    print(
        f"| {kind} | {n} | {exact} of {GAMES} exact | {np.median(gaps):.2f} "
        f"| {int(np.median(labels)):,} | {np.median(times):.3f} "
        f"| {f'{slow[0]:.2f}' if slow else '—'} | {f'{tried[0]:.2f}' if tried else '—'} |",
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
        discount=rng.uniform(0.96, 0.99, ACTORS) if UNLIKE in kind else np.full(ACTORS, 0.97),
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
