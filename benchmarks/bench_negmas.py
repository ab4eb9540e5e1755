"""Frontier, Nash, Kalai and Kalai-Smorodinsky against NegMAS, on the same domains from a file.

NegMAS lives in an environment of its own (`make .venv-peers/stamp`, pinned in requirements.lock
here) and in its own process, which keeps its own time: starting up and reading are in neither time.
Without it the benchmark says so and goes on with ours alone.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from harness import Contest, contest_of, print_table, seconds
from numpy.typing import NDArray

from servanda.problems.packages import PackageProblem
from servanda.solvers.egalitarian import egalitarian
from servanda.solvers.kalai_smorodinsky import kalai_smorodinsky_all_outcomes
from servanda.solvers.nash import nash
from servanda.solvers.package_values import values_of
from servanda.solvers.pareto import pareto_front
from servanda.solvers.structured_frontier import structured_frontier

FloatArray = NDArray[np.float64]

HERE = Path(__file__).parent
PEER = HERE.parent / ".venv-peers" / "stamp"  # written when all is installed


def main() -> None:
    two = domain((5,) * 8, n_actors=2, opposed=0.3, reserved=0.3)
    five = domain((10, 10, 10, 15, 16), n_actors=5, opposed=0.6, reserved=0.2)
    rows = []
    for name, given, pairs, pairs_at_hand in (
        ("2 actors, 5^8", two, 11, 11),
        ("5 actors, 10·10·10·15·16", five, 1, 3),
    ):
        problem = packages(given)
        size, values = f"{problem.n_packages:,} outcomes", answer(problem)
        print(f"{name}: {size}, {len(values['frontier']):,} on the rational frontier")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "domain.json"
            path.write_text(json.dumps(given), encoding="utf-8")
            if not PEER.exists():
                took = seconds(lambda problem=problem: answer(problem))
                print(f"  ours: {took:.3f} s; NegMAS is not installed, so nothing is compared")
                continue
            with start_peer(path) as peer:
                theirs = json.loads(line_of(peer))
                same(values, theirs, given["reserved"])
                print(f"  NegMAS {theirs['version']} gives the same answers")
                rows.append(timed(f"{name}, all", lambda p=problem: answer(p), peer, "all", pairs))
                every = values_of(problem, np.arange(problem.n_packages))
                rows.append(
                    timed(
                        f"{name}, frontier of values at hand",
                        lambda e=every: pareto_front(e),
                        peer,
                        "values at hand",
                        pairs_at_hand,
                    )
                )
                if peer.stdin:
                    peer.stdin.close()
    if rows:
        print("\nBoth in the same run, in turn; a single pair where NegMAS takes minutes.\n")
        print_table(rows)


def answer(problem: PackageProblem) -> dict[str, Any]:
    """From what options are worth to the frontier and the solutions on it."""
    front = structured_frontier(problem, epsilon=0.0)
    values = front.values  # of all outcomes: whoever is best off anywhere is among them
    return {
        "frontier": values[front.rational],
        "nash": nash(values, problem.reservation).values,
        "kalai": egalitarian(values, problem.reservation).values,
        "ks": kalai_smorodinsky_all_outcomes(values, problem.reservation).values,
    }


def same(ours: dict[str, Any], theirs: dict[str, Any], reserved: list[float]) -> None:
    """Fail unless both have the same points, and each solution is one that the other has too.

    NegMAS keeps each of several outcomes at one point, and lists all that tie. Its
    Kalai-Smorodinsky point is the one with the least spread of shares, ours the one with the
    largest smallest share; ours must have no smaller a smallest share, theirs no larger a spread.
    """
    points = np.unique(np.round(theirs["frontier"], 9), axis=0)
    assert np.array_equal(points, np.unique(np.round(ours["frontier"], 9), axis=0))
    assert np.abs(np.array(theirs["nash"]) - ours["nash"]).max(axis=1).min() < 1e-9
    assert abs(min(theirs["kalai"][0]) - min(ours["kalai"])) < 1e-9  # reserved values are alike
    gains = np.stack([ours["ks"], theirs["ks"][0]]) - reserved
    shares = gains / (1.0 - np.array(reserved))  # the best of all outcomes is 1 for everybody
    assert shares.min(axis=1)[0] >= shares.min(axis=1)[1] - 1e-9
    assert np.ptp(shares, axis=1)[1] <= np.ptp(shares, axis=1)[0] + 1e-9


def timed(
    name: str,
    ours: Callable[[], object],
    peer: "subprocess.Popen[str]",
    what: str,
    pairs: int,
) -> Contest:
    def theirs() -> float:
        assert peer.stdin is not None
        peer.stdin.write(f"{what}\n")
        peer.stdin.flush()
        return float(line_of(peer))

    ours()
    times = [(seconds(ours), theirs()) for _ in range(pairs)]
    return contest_of(name, "NegMAS", times)


def start_peer(path: Path) -> "subprocess.Popen[str]":
    """NegMAS on a domain, in its own interpreter."""
    return subprocess.Popen(
        [PEER.parent / "bin" / "python", HERE / "negmas_peer.py", path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(peer: "subprocess.Popen[str]") -> str:
    assert peer.stdout is not None
    line = peer.stdout.readline()
    if not line:
        sys.exit("NegMAS stopped without an answer; what it said stands above")
    return line


def domain(
    n_options: tuple[int, ...], n_actors: int, opposed: float, reserved: float
) -> dict[str, Any]:
    """What options are worth to each actor, 0 to 1 in all; ``opposed`` as in bench_frontier."""
    rng = np.random.default_rng(0)
    worth = []
    for count in n_options:
        here = rng.normal(size=(count, n_actors))
        worth.append(here - opposed * here.mean(axis=1, keepdims=True))
    span = sum(np.ptp(here, axis=0) for here in worth)
    return {
        "worth": [((here - here.min(axis=0)) / span).tolist() for here in worth],
        "reserved": [reserved] * n_actors,
    }


def packages(given: dict[str, Any]) -> PackageProblem:
    """The domain as ours."""
    worth = [np.array(here) for here in given["worth"]]
    n_actors, most = worth[0].shape[1], max(map(len, worth))
    contribution = np.zeros((len(worth), most, n_actors))
    for issue, here in enumerate(worth):
        contribution[issue, : len(here)] = here
    return PackageProblem(
        actors=tuple("abcdefg"[:n_actors]),
        issues=tuple(f"i{j}" for j in range(len(worth))),
        options=tuple(tuple(f"o{o}" for o in range(len(here))) for here in worth),
        n_options=np.array([len(here) for here in worth]),
        contribution=contribution,
        constant=np.zeros(n_actors),
        reservation=np.array(given["reserved"]),
    )


if __name__ == "__main__":
    main()
