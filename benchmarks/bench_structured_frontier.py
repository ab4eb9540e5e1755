"""Frontiers built from parts: 40 issues of five options, two to four actors, few and many links."""

import time

import numpy as np

from servanda.problems.packages import PackageProblem, pattern
from servanda.solvers.structured_frontier import structured_frontier


def main() -> None:
    structured_frontier(linked(n_issues=24, n_actors=3, n_links=2, n_lines=1))
    print("| actors | links | red lines | points | epsilon | seconds | of all cores |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for n_actors, n_links, n_lines in (
        (2, 0, 0),
        (2, 10, 4),
        (2, 25, 8),
        (3, 0, 0),
        (3, 10, 4),
        (3, 25, 8),
        (4, 0, 0),
    ):
        problem = linked(40, n_actors, n_links, n_lines)
        start, worked = time.perf_counter(), time.process_time()
        found = structured_frontier(problem)
        taken, worked = time.perf_counter() - start, time.process_time() - worked
        said = "exact" if found.exact else f"{found.share:.2%}"
        print(
            f"| {n_actors} | {n_links} | {n_lines} | {len(found.values):,} | {said} "
            f"| {taken:.2f} | {worked:.2f} |"
        )


def linked(n_issues: int, n_actors: int, n_links: int, n_lines: int) -> PackageProblem:
    """Random contributions; links and red lines look at two or three issues close to each other."""
    rng = np.random.default_rng(0)
    worth = rng.normal(size=(n_issues, 5, n_actors))
    worth -= 0.5 * worth.mean(axis=2, keepdims=True)

    def patterns(count: int) -> np.ndarray:
        rows = []
        for _ in range(count):
            size = int(rng.choice((2, 3)))
            start = int(rng.integers(0, n_issues - size))
            looked = start + rng.choice(min(6, n_issues - start), size=size, replace=False)
            rows.append(
                pattern(n_issues, {int(j): rng.choice(5, 2, replace=False) for j in looked})
            )
        return np.array(rows, dtype=np.uint64).reshape(count, n_issues)

    return PackageProblem(
        actors=tuple("abcdefg"[:n_actors]),
        issues=tuple(f"issue-{j}" for j in range(n_issues)),
        options=(tuple("vwxyz"),) * n_issues,
        n_options=np.full(n_issues, 5),
        contribution=worth,
        constant=np.zeros(n_actors),
        reservation=np.zeros(n_actors),
        links=patterns(n_links),
        link_values=rng.normal(size=(n_links, n_actors)),
        red_lines=patterns(n_lines),
        red_line_owner=np.zeros(n_lines, dtype=np.int64),
        red_line_labels=tuple(f"line {n}" for n in range(n_lines)),
    )


if __name__ == "__main__":
    main()
