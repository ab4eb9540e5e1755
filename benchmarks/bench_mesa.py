"""Histories of a small war with talks, beside the same process written for Mesa.

Both walk one policy: a line that moves month by month, offers accepted where they are worth what
follows a refusal (the same solved game says what that is), and a peace that either side may break.
That both give the same distribution is checked before anything is reported. Mesa lives in an
environment of its own (see README.md) and keeps its own time; both run on one core, and times are
those of the processor, so that other work on the machine does not count.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from harness import contest_of, print_table
from numpy.typing import NDArray
from scipy.stats import chi2_contingency

from servanda.problems.histories import HistoriesProblem
from servanda.problems.histories_game import histories_game
from servanda.problems.talks import TalksProblem, talks_game
from servanda.results.talks import TalksSolution
from servanda.solvers.histories import simulate_histories
from servanda.solvers.talks_game import solve_talks

HERE = Path(__file__).parent
PEER = HERE.parent / ".venv-peers" / "stamp"  # written when all is installed
MONTHS, HORIZON, POSITIONS = 60, 120, 11
DISCOUNT, COST = 0.95, 6.0
HAZARD = (0.006, 0.004)
COUNT, ROUNDS = 2_000, 9
SURPRISE = 1e-4
"""Chance below which two samples of one process would be taken for samples of two."""


def main() -> None:
    talks = war_of_hopes()
    solution = solve_talks(talks)
    problem = histories_game(talks, solution, horizon=HORIZON, hazard=HAZARD, flow=[50, 50])

    def ours(seed: int) -> float:
        start = time.process_time()
        simulate_histories(problem, COUNT, seed=seed)
        return time.process_time() - start

    ours(0)
    if not PEER.exists():
        print(f"{COUNT:,} histories: ours {ours(0):.4f} s")
        print("Mesa is not installed, so nothing is compared")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game.json"
        path.write_text(json.dumps(for_mesa(talks, solution)), encoding="utf-8")
        with start_peer(path) as peer:
            version = json.loads(line_of(peer))["version"]
            pairs = [(ours(s), theirs(peer, s)) for s in range(ROUNDS)]
            if peer.stdin:
                peer.stdin.close()
    mine = told(problem, COUNT * ROUNDS)
    other = np.concatenate([np.array(one["histories"]) for _, one in pairs])
    print(f"Mesa {version}: {len(other):,} histories, ours as many; {alike(mine, other)}\n")
    times = [(mine_s, one["seconds"]) for mine_s, one in pairs]
    contest = contest_of(f"{COUNT:,} histories of {HORIZON} months", "Mesa", times)
    print_table([contest])


def war_of_hopes() -> TalksProblem:
    """Each side hopes to win and learns from the fighting; five deals divide by where the line is.

    They sign once hopes have come close enough, which differs from history to history.
    """
    held = np.linspace(25, 75, POSITIONS)[:, np.newaxis]
    shares = held + np.array([-10, -5, 0, 5, 10])
    flow = np.concatenate([held, 100 - held], axis=1) - COST
    return talks_game(
        months=MONTHS,
        positions=POSITIONS,
        start=POSITIONS // 2,
        discount=DISCOUNT,
        mean=[0.7, 0.3, 0.5],
        weight=[4.0, 4.0, np.inf],
        tempo=0.4,
        month=(1 - DISCOUNT) * flow,
        deals=np.stack([shares, 100 - shares], axis=-1),
        last=flow,
    )


def for_mesa(talks: TalksProblem, solution: TalksSolution) -> dict[str, Any]:
    """The same war, and what a refusal is worth in it, as plain values."""
    return {
        "months": MONTHS,
        "horizon": HORIZON,
        "start": talks.start,
        "tempo": float(talks.tempo[0, 0]),
        "chance": float(talks.mean[2]),
        "deals": talks.deals.tolist(),
        "refusal": solution.refusal.tolist(),
        "hazard": HAZARD,
    }


def told(problem: HistoriesProblem, count: int) -> NDArray[np.int64]:
    """Ours in the columns of the other."""
    found = simulate_histories(problem, count, seed=10**6)
    columns = (found.agreed, found.deal, found.line_at_signing, found.broken, found.by)
    return np.column_stack(columns).astype(np.int64)


def alike(mine: NDArray[np.int64], other: NDArray[np.int64]) -> str:
    """Fail unless each column could be two samples of one distribution; say how likely they are."""
    said = []
    names = ("month of signature", "deal", "line then", "month of the breach", "by whom")
    for name, ours, theirs in zip(names, mine.T, other.T, strict=True):
        seen = np.unique(np.concatenate([ours, theirs]))
        counts = np.array([[(one == value).sum() for value in seen] for one in (ours, theirs)])
        rare = counts.sum(axis=0) < 20
        if rare.any():  # together, or the test would not hold
            counts = np.column_stack([counts[:, ~rare], counts[:, rare].sum(axis=1)])
        chance = chi2_contingency(counts).pvalue if counts.shape[1] > 1 else 1.0
        assert chance > SURPRISE, f"{name}: the two differ by more than chance"
        said.append(f"{name} {chance:.2f}")
    return "same distribution (p " + ", ".join(said) + ")"


def theirs(peer: "subprocess.Popen[str]", seed: int) -> dict[str, Any]:
    assert peer.stdin is not None
    peer.stdin.write(f"{COUNT} {seed}\n")
    peer.stdin.flush()
    found: dict[str, Any] = json.loads(line_of(peer))
    return found


def start_peer(path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [PEER.parent / "bin" / "python", HERE / "mesa_peer.py", path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(peer: "subprocess.Popen[str]") -> str:
    assert peer.stdout is not None
    line = peer.stdout.readline()
    if not line:
        sys.exit("Mesa stopped without an answer; what it said stands above")
    return line


if __name__ == "__main__":
    main()
