"""Packages: all gates counted over 10^5 to 10^7 packages, and over many draws.

Four actors of whom three hold a veto, two domestic gates, six red lines, four links and two
interactions a gate: the shape of a peace negotiation with ten issues of four options.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from harness import compare, print_table, rate
from numpy.typing import NDArray
from scipy.special import ndtr

from servanda.problems.packages import TOLERANCE, PackageDraws, PackageProblem, pattern
from servanda.solvers import funnel as solver
from servanda.solvers.funnel_draws import funnel_over_draws
from servanda.solvers.package_values import values_of
from servanda.solvers.pareto import pareto_front

sys.path.insert(0, str(Path(__file__).parent))

FloatArray = NDArray[np.float64]


def main() -> None:
    problem = peace_problem(n_issues=10)
    check(problem)
    print("Gates 1 to 3 with all counts, whole space\n")
    print_table(
        [
            compare(
                f"{problem.n_packages:,} packages, one thread",
                lambda: solver.count_gates(problem, TOLERANCE, 1),
                lambda: numpy_counts(problem),
                against="NumPy twin",
                pairs=5,
            )
        ]
    )
    rate(
        "packages, one thread",
        lambda: gates_counted(problem, 1),
        repeats=5,
    )
    rate("packages, two threads", lambda: gates_counted(problem, 2), repeats=5)
    print("\nGrowth, two threads, frontier included\n")
    print("| packages | gates | funnel | survivors | frontier |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for n_issues in (8, 10, 12):
        grown = peace_problem(n_issues=n_issues, strict=n_issues - 8)
        start = time.perf_counter()
        gates_counted(grown, 2)
        gates = time.perf_counter() - start
        start = time.perf_counter()
        found = solver.funnel(grown, threads=2)
        whole = time.perf_counter() - start
        print(
            f"| {grown.n_packages:,} | {gates:.3f} s | {whole:.3f} s "
            f"| {len(found.survivors):,} | {len(found.efficient):,} |"
        )
    ten_million()
    print("\nEnsemble\n")
    over_draws()


def ten_million() -> None:
    """The size that was asked for, with the memory of a process that does nothing else."""
    code = (
        "import resource, time, numpy as np, bench_packages as here\n"
        "problem = here.peace_problem(n_options=(4, 4, 4, 2) + (5,) * 7)\n"
        "here.gates_counted(here.peace_problem(n_options=(4,) * 6), 2)\n"
        "taken = []\n"
        "for _ in range(5):\n"
        "    start = time.perf_counter()\n"
        "    here.gates_counted(problem, 2)\n"
        "    taken.append(time.perf_counter() - start)\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "print(f'{problem.n_packages:,} packages, 4 actors, 2 domestic gates, two threads: all '\n"
        "      f'gates in {np.median(taken):.3f} s (of 5: {min(taken):.3f}–{max(taken):.3f}), '\n"
        "      f'peak memory {peak:.0f} MB, Python and libraries included')\n"
    )
    print("\n10^7 packages\n", flush=True)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent)


def over_draws() -> None:
    problem = peace_problem(n_issues=9)
    rng = np.random.default_rng(7)
    n_draws = 500
    draws = PackageDraws(
        problem,
        contribution=problem.contribution
        * rng.normal(1, 0.1, (n_draws, *problem.contribution.shape)),
        reservation=problem.reservation + rng.normal(0, 3, (n_draws, len(problem.actors))),
        support_constant=problem.support_constant
        + rng.normal(0, 0.2, (n_draws, *problem.support_constant.shape)),
    )
    funnel_over_draws(draws)
    for threads in (1, 2):
        start = time.perf_counter()
        counts = funnel_over_draws(draws, threads=threads)
        taken = time.perf_counter() - start
        done = len(counts.admissible) * n_draws
        print(
            f"{problem.n_packages:,} packages, {len(counts.admissible):,} past red lines, "
            f"{n_draws} draws, {threads} thread(s): {taken:.2f} s "
            f"({done / taken / 1e6:.1f} million package-draws a second)"
        )


def gates_counted(problem: PackageProblem, threads: int) -> int:
    solver.count_gates(problem, TOLERANCE, threads)
    return problem.n_packages


def peace_problem(
    n_issues: int = 0, strict: int = 0, seed: int = 4, n_options: tuple[int, ...] = ()
) -> PackageProblem:
    """A random problem, of four options an issue unless it is said how many.

    ``strict`` raises what each actor has without a deal.
    """
    rng = np.random.default_rng(seed)
    counts = n_options or (4,) * n_issues
    n_issues, n_most, n_actors, n_gates = len(counts), max(counts), 4, 2

    def patterns(count: int) -> NDArray[np.uint64]:
        rows = []
        for _ in range(count):
            looked = rng.choice(n_issues, 2, replace=False)
            rows.append(
                pattern(
                    n_issues,
                    {int(j): rng.choice(counts[j], 2, replace=False).tolist() for j in looked},
                )
            )
        return np.array(rows)

    return PackageProblem(
        actors=("a", "b", "guarantor", "mediator"),
        issues=tuple(f"issue-{j}" for j in range(n_issues)),
        options=tuple(tuple(f"option-{o}" for o in range(count)) for count in counts),
        n_options=np.array(counts),
        contribution=rng.normal(0, 5, (n_issues, n_most, n_actors)),
        constant=np.zeros(n_actors),
        reservation=np.array([0.0, 0.0, -5.0, np.nan]) + 4.0 * strict,
        links=patterns(4),
        link_values=rng.normal(0, 3, (4, n_actors)),
        red_lines=patterns(6),
        red_line_owner=rng.integers(0, 2, 6),
        red_line_labels=tuple(f"line {n}" for n in range(6)),
        audiences=("public", "parliament"),
        support_constant=np.array([0.3, 0.5]),
        support_effects=rng.normal(0, 0.4, (n_gates, n_issues, n_most)),
        interactions=np.array([patterns(2) for _ in range(n_gates)]),
        interaction_values=rng.normal(0, 1, (n_gates, 2)),
        threshold=np.array([0.5, 0.5]),
        noise=np.array([0.05, 0.05]),
        audience_actor=np.array([0, 2]),
        failure_cost=np.array([2.0, 1.0, 1.0, 0.0]),
        audience_cost=rng.uniform(0, 20, (n_issues, n_most, n_actors)),
        discount=np.full(n_actors, 0.996),
    )


def numpy_counts(problem: PackageProblem, batch: int = 1 << 16) -> dict[str, Any]:
    """The same counts, a batch of packages at a time, with whole-array operations."""
    space, n_issues = problem.n_packages, len(problem.issues)
    n_rows = len(problem.red_lines) + 2 * len(problem.actors)
    first, alone = np.zeros(n_rows, dtype=np.int64), np.zeros(n_rows, dtype=np.int64)
    survivors = []
    strides = np.concatenate([np.cumprod(problem.n_options[:0:-1])[::-1], [1]])
    issues = np.arange(n_issues)
    weight = 1.0 - problem.discount
    for start in range(0, space, batch):
        numbers = np.arange(start, min(start + batch, space))
        chosen = (numbers[:, None] // strides) % problem.n_options
        bits = np.uint64(1) << chosen.astype(np.uint64)

        def hit(rows: NDArray[np.uint64], bits: NDArray[np.uint64] = bits) -> NDArray[np.bool_]:
            matched = [((bits & row) != 0).all(axis=1) for row in rows]
            return np.array(matched).reshape(len(rows), len(bits)).T

        values = problem.constant + problem.contribution[issues, chosen].sum(axis=1)
        values += hit(problem.links) @ problem.link_values
        costs = problem.audience_cost[issues, chosen].sum(axis=1)
        probability = np.empty((len(numbers), len(problem.audiences)))
        for g in range(len(problem.audiences)):
            logits = problem.support_constant[g]
            logits = logits + problem.support_effects[g, issues, chosen].sum(axis=1)
            logits += hit(problem.interactions[g]) @ problem.interaction_values[g]
            support = 1.0 / (1.0 + np.exp(-logits))
            probability[:, g] = ndtr((support - problem.threshold[g]) / problem.noise[g])
        own = np.ones_like(values)
        for g, actor in enumerate(problem.audience_actor):
            own[:, actor] *= probability[:, g]
        gains = values - problem.reservation
        unwilling = gains < -TOLERANCE
        slack = probability.prod(axis=1)[:, None] * gains
        slack -= (1 - own) * problem.failure_cost + weight * costs
        unsigned = ~unwilling & (slack < -TOLERANCE)
        failed = np.concatenate([hit(problem.red_lines), unwilling, unsigned], axis=1)
        passes = ~failed.any(axis=1)
        survivors.append(numbers[passes])
        first += np.bincount(failed[~passes].argmax(axis=1), minlength=n_rows)
        only = failed[failed.sum(axis=1) == 1]
        alone += only.sum(axis=0)
    return {"survivors": np.concatenate(survivors), "first": first, "alone": alone}


def check(problem: PackageProblem) -> None:
    """Both ways give the same answer, and the frontier is one."""
    ours, theirs = solver.count_gates(problem, TOLERANCE, 2), numpy_counts(problem)
    assert np.array_equal(ours.survivors, theirs["survivors"])
    assert np.array_equal(ours.killed_first, theirs["first"])
    assert np.array_equal(ours.killed_alone, theirs["alone"])
    assert len(pareto_front(values_of(problem, ours.survivors)).indices)


if __name__ == "__main__":
    main()
