"""NegMAS on a domain in a file, in its own interpreter: answers once, then a time for each line.

    .venv-peers/bin/python benchmarks/negmas_peer.py domain.json

Prints one JSON object with the answers; then, for each line on standard input, the seconds of one
more round, start-up and reading left out.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import negmas
import numpy as np
from negmas import LinearAdditiveUtilityFunction, make_issue, make_os
from negmas.preferences.ops import (
    kalai_points,
    ks_points,
    nash_points,
    pareto_frontier,
    pareto_frontier_numpy,
)


def main() -> None:
    ufuns = utilities(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    answers = solve(ufuns)
    print(json.dumps({"version": negmas.__version__, **answers}), flush=True)
    points = None
    for line in sys.stdin:
        if line.strip() == "values at hand" and points is None:
            space = ufuns[0].outcome_space
            outcomes = space.enumerate_or_sample()
            points = np.array([[float(one(outcome)) for one in ufuns] for outcome in outcomes])
        start = time.perf_counter()
        if points is None:
            solve(ufuns)
        else:
            pareto_frontier_numpy(points)
        print(time.perf_counter() - start, flush=True)


def utilities(domain: dict[str, Any]) -> list[LinearAdditiveUtilityFunction]:
    """One function a party: the sum of what each option is worth to it."""
    n_issues = len(domain["worth"])
    issues = [
        make_issue([f"o{o}" for o in range(len(options))], name=f"i{j}")
        for j, options in enumerate(domain["worth"])
    ]
    space = make_os(issues)
    return [
        LinearAdditiveUtilityFunction(
            values={
                f"i{j}": {f"o{o}": worth[party] for o, worth in enumerate(options)}
                for j, options in enumerate(domain["worth"])
            },
            weights={f"i{j}": 1.0 for j in range(n_issues)},
            outcome_space=space,
            reserved_value=reserved,
        )
        for party, reserved in enumerate(domain["reserved"])
    ]


def solve(ufuns: list[LinearAdditiveUtilityFunction]) -> dict[str, Any]:
    """Rational frontier, Nash, Kalai and Kalai-Smorodinsky points, as a user would ask for them."""
    space = ufuns[0].outcome_space
    frontier, _ = pareto_frontier(ufuns, issues=space.issues)
    return {
        "frontier": frontier,
        "nash": [values for values, _ in nash_points(ufuns, frontier, outcome_space=space)],
        "kalai": [values for values, _ in kalai_points(ufuns, frontier, outcome_space=space)],
        "ks": [values for values, _ in ks_points(ufuns, frontier, outcome_space=space)],
    }


if __name__ == "__main__":
    main()
