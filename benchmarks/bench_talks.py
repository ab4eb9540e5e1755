"""Talks while fighting: 120 months, 22 positions, 300 candidate deals, two sides that learn.

And what is said of the same talks: rounds, why a side stays, what refusals teach.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from servanda.problems.talks import TalksProblem, talks_game
from servanda.solvers.participation import participation
from servanda.solvers.rejections import learn_from_answers
from servanda.solvers.rounds import likeliest_rounds, rounds_by_month
from servanda.solvers.talks_game import solve_talks

MONTHS, POSITIONS, DEALS, RUNS = 120, 22, 300, 7
ANSWERS, DRAWS = 24, 100_000


def main() -> None:
    print("| the offer is made by | least, s | median, s | agreed | first month |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for who, offers in (("the sides", (0.5, 0.5, 0.0)), ("a mediator too", (0.4, 0.4, 0.2))):
        problem = talks(offers)
        found = solve_talks(problem)
        taken = timed(lambda problem=problem: solve_talks(problem))
        print(
            f"| {who} | {min(taken):.3f} | {np.median(taken):.3f} "
            f"| {found.agreement.sum():.1%} | {found.first_month} |"
        )

    print()
    print("| of the same talks | least, s | median, s |")
    print("| --- | ---: | ---: |")
    silent = replace(problem, recognised=problem.recognised * 0)
    gain = np.random.default_rng(1).normal(-1, 4, (ANSWERS, DRAWS))
    prior, refused = np.full(DRAWS, 1 / DRAWS), [False] * ANSWERS
    asked: dict[str, Callable[[], object]] = {
        "round by round, one course": lambda: likeliest_rounds(problem, found),
        "round by round, over all courses": lambda: rounds_by_month(problem, found),
        "why a side stays, two games": lambda: participation(silent, {"deal": problem}, 0),
        f"what {ANSWERS} refusals teach, {DRAWS:,} draws": lambda: learn_from_answers(
            prior, gain, refused, misjudged=1.0
        ),
    }
    for what, ask in asked.items():
        ask()
        taken = timed(ask)
        print(f"| {what} | {min(taken):.3f} | {np.median(taken):.3f} |")


def timed(ask: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    return taken


def talks(offers: tuple[float, float, float]) -> TalksProblem:
    """Random deals over a line, each side expecting more than the other thinks."""
    rng = np.random.default_rng(1)
    share = np.linspace(0.0, 1.0, POSITIONS)
    worth = np.stack([share, 1.0 - share], axis=-1)
    divided = rng.random(DEALS)
    deals = np.stack([divided, 1.0 - divided], axis=-1) * rng.uniform(0.85, 1.05, (DEALS, 1))
    return talks_game(
        months=MONTHS,
        positions=POSITIONS,
        start=POSITIONS // 2,
        discount=0.99,
        mean=[0.62, 0.38, 0.5],
        weight=20.0,
        tempo=0.6,
        odds=rng.uniform(0.8, 1.2, POSITIONS),
        month=0.01 * (worth - 0.12),
        deals=0.8 * deals[np.newaxis] + 0.2 * worth[:, np.newaxis],
        recognised=offers,
        last=(worth - 0.12)[np.newaxis],
        freeze=0.005,
    )


if __name__ == "__main__":
    main()
