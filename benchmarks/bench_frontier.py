"""Frontiers: up to 10^6 packages, two to five actors, against a sort and filter in NumPy."""

import sys
import time
from pathlib import Path

import numpy as np
from harness import compare, print_table
from numpy.typing import NDArray

from servanda.solvers.pareto import pareto_front

sys.path.insert(0, str(Path(__file__).parent))

FloatArray = NDArray[np.float64]


def main() -> None:
    spaces = {
        "4 actors, 4^10 (10^6, frontier above 2,000)": additive(10, 4, 4, opposed=0.3),
        "4 actors, 4^10, more opposed": additive(10, 4, 4, opposed=0.6),
        "4 actors, near a sphere": sphere(1_000_000, 4),
        "5 actors, 240,000": additive(5, 12, 5, opposed=0.5)[:240_000],
        "2 actors, 5^8": additive(8, 5, 2, opposed=0.3),
    }
    for values in spaces.values():
        pareto_front(values[:100_000])
    print("| space | points | actors | frontier | time, two threads | one thread |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, values in spaces.items():
        taken = []
        for threads in (2, 1):
            start = time.perf_counter()
            front = pareto_front(values, threads=threads)
            taken.append(time.perf_counter() - start)
        print(
            f"| {name} | {len(values):,} | {values.shape[1]} | {len(front.indices):,} "
            f"| {taken[0]:.3f} s | {taken[1]:.3f} s |"
        )
    small = additive(6, 5, 4, opposed=0.4)
    assert np.array_equal(pareto_front(small).indices, numpy_front(small))
    print()
    print_table(
        [
            compare(
                f"{len(small):,} packages, 4 actors",
                lambda: pareto_front(small, threads=1),
                lambda: numpy_front(small),
                against="NumPy sort and filter",
                pairs=5,
            )
        ]
    )


def additive(n_issues: int, n_options: int, n_actors: int, opposed: float) -> FloatArray:
    """Values of all packages; ``opposed`` takes away that share of what is good for all."""
    rng = np.random.default_rng(0)
    values = np.zeros((1, n_actors))
    for _ in range(n_issues):
        worth = rng.normal(size=(n_options, n_actors))
        worth -= opposed * worth.mean(axis=1, keepdims=True)
        values = (values[:, np.newaxis] + worth).reshape(-1, n_actors)
    return values


def sphere(n_points: int, n_actors: int) -> FloatArray:
    rng = np.random.default_rng(1)
    points = np.abs(rng.normal(size=(n_points, n_actors)))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points * rng.uniform(0.9, 1.0, size=(n_points, 1)))


def numpy_front(values: FloatArray, tolerance: float = 1e-9) -> NDArray[np.int64]:
    """Rows by falling sum; each closes what it dominates, the rest is packed together again."""
    rows = np.argsort(-values.sum(axis=1), kind="stable")
    kept = []
    while len(rows):
        best, rows = rows[0], rows[1:]
        kept.append(best)
        rows = rows[(values[rows] > values[best] + tolerance).any(axis=1)]
    return np.sort(np.array(kept))


if __name__ == "__main__":
    main()
