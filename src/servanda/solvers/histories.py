"""Histories of a war and of what is signed to end it: many, one policy at a time.

Each history is walked month by month as `servanda.problems.histories` says. Its numbers depend on
the seed, the policy's number, its own number and the month alone, so that the same histories come
of any number of threads, and of any lots they are walked in. Two policies walked with one seed
share no numbers, but one policy with other chances shares all (common random numbers).

Sources: see `servanda.problems.histories`; numbers by counter, Salmon et al. (2011), Parallel
random numbers: as easy as 1, 2, 3.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from servanda.errors import ProblemError
from servanda.kernels import histories as kernel
from servanda.kernels import history_arrays as arrays
from servanda.problems.histories import HistoriesProblem, is_whole
from servanda.results.histories import COLUMNS, NEVER, HistoryDraws, HistoryPath
from servanda.results.history_codes import Outcome
from servanda.solvers.threads import in_threads, n_workers

LOT = 4_096
"""Histories walked in one go."""

NATURE = 2
"""What is so is what the analyst of the talks, the third believer, expects."""

OWN_KEYS = 0x486973746F72
"""Set apart from the keys of a scenario's quantities, so that a seed serves both."""


def simulate_histories(
    problem: HistoriesProblem, count: int, *, seed: int, policy: int = 0, first: int = 0
) -> HistoryDraws:
    """Walk histories of one policy.

    Args:
        problem: the policy and what follows.
        count: how many. seed: not negative. policy: its number.
        first: number of the first history; one of them walked alone is what it is among others.

    Raises:
        ProblemError: a number is not whole, or negative.
    """
    _check(seed, count=count, policy=policy, first=first)
    H, F = problem.horizon, problem.talks.positions
    rows = np.empty((count, arrays.N_COLUMNS), np.int32)
    worth = np.empty((count, 2))
    line = np.zeros((1, H + 1, F), np.int32)
    phases = np.zeros((1, H + 1, arrays.N_PHASES), np.int32)
    struck = np.zeros((1, H, 2, problem.talks.levels), np.int32)
    front, table, truces, plans, wars, scale = _compiled(problem)
    kernel.walk_histories(
        front,
        table,
        truces,
        plans,
        wars,
        scale,
        np.uint64(seed),
        np.uint64(OWN_KEYS + policy),
        first,
        rows,
        worth,
        line[0],
        phases[0],
        struck[0],
    )
    whole = np.column_stack(
        [np.full(count, policy, np.int32), np.arange(first, first + count, dtype=np.int32), rows]
    )
    columns = dict(zip(COLUMNS, [*whole.T, *worth.T], strict=True))
    return HistoryDraws(
        **{name: np.ascontiguousarray(array) for name, array in columns.items()},
        policies=np.array([policy], np.int32),
        line=line,
        phases=phases,
        struck=struck,
    )


def simulate_policies(
    problem_of: Callable[[int], HistoriesProblem],
    policies: int,
    histories: int,
    *,
    seed: int,
    threads: int | None = None,
) -> Iterable[HistoryDraws]:
    """Histories shared out over policies, in lots, in the order of policies.

    Args:
        problem_of: the policy of a number; asked for in each thread, once for each lot.
        policies: K. histories: N, of which policy k gets N // K, and one more if k < N % K.
        seed: not negative.
        threads: how many; None: as many as there are cores. The answer does not depend on it.

    Raises:
        ProblemError: a number is not whole, or negative, or there is no policy.
    """
    _check(seed, policies=policies, histories=histories)
    if policies == 0:
        raise ProblemError("policies: 0, wanted at least 1")
    lots = [
        (policy, first, min(LOT, share - first))
        for policy in range(policies)
        for share in [share_of(policy, policies, histories)]
        for first in range(0, share, LOT)
    ]

    def walk(number: int) -> HistoryDraws:
        policy, first, count = lots[number]
        return simulate_histories(problem_of(policy), count, seed=seed, policy=policy, first=first)

    return in_threads(walk, range(len(lots)), n_workers(threads))


def retrace_history(
    problem: HistoriesProblem, *, seed: int, policy: int, number: int
) -> HistoryPath:
    """One history again, month by month; the same as among others."""
    alone = simulate_histories(problem, 1, seed=seed, policy=policy, first=number)
    at_war = alone.line[0].any(axis=1)
    return HistoryPath(
        row=alone.row(0),
        phases=alone.phases[0].argmax(axis=1),
        line=np.where(at_war, alone.line[0].argmax(axis=1), NEVER),
    )


def share_of(policy: int, policies: int, histories: int) -> int:
    """How many of all histories are of this policy."""
    return histories // policies + (policy < histories % policies)


def _check(seed: Any, **numbers: Any) -> None:
    complaints = [
        f"{name}: {number!r}, wanted a whole number, not negative"
        for name, number in numbers.items()
        if not is_whole(number) or number < 0
    ]
    if not is_whole(seed) or not 0 <= seed < 2**64:
        complaints.append(f"seed: {seed!r}, wanted a whole number from 0 to 2^64 - 1")
    if complaints:
        raise ProblemError("; ".join(complaints))


def _compiled(p: HistoriesProblem) -> tuple[Any, ...]:
    """The problem for the compiler: the war as nature has it, and what follows."""
    g = p.talks
    ends = np.zeros((arrays.N_OUTCOMES, 2))
    ends[[Outcome.A_GAVE_WAY, Outcome.B_GAVE_WAY]] = g.imposed
    ends[[Outcome.LOW_END, Outcome.HIGH_END]] = g.absorbed
    ends[[Outcome.A_GAVE_IN, Outcome.B_GAVE_IN]] = g.yielded
    months = np.arange(p.horizon + 1)[:, np.newaxis]
    return (
        arrays.Front(
            start=g.start,
            mean=float(g.mean[NATURE]),
            weight=float(g.weight[NATURE]),
            low_end=bool(g.absorbing[0]),
            high_end=bool(g.absorbing[1]),
            odds=g.odds,
            tempo=g.tempo,
            gives_way=g.gives_way[NATURE],
            freeze=g.freeze[NATURE],
            frozen=g.frozen,
            month=g.month,
            campaigns=bool(g.levels > 1 or g.strikes.any() or g.wear.any()),
            strikes=g.strikes,
            wear=g.wear[NATURE],
        ),
        arrays.Table(
            recognised=g.recognised[NATURE],
            chosen=p.chosen,
            striking=p.striking,
            refusal=p.refusal,
            pie=g.pie,
            deals=g.deals,
            plan_of=p.plan_of,
        ),
        _part(arrays.Lulls, p.truces),
        _part(arrays.Plans, p.plans, reach=np.cumsum(p.plans.hazard, axis=-1), actor=p.way_actor),
        _part(arrays.Wars, p.wars),
        arrays.Scale(discount=g.discount, now=g.discount**months, ends=ends),
    )


def _part(kind: type[Any], part: object, **made: Any) -> Any:
    """A named tuple of a part's arrays, with those that are made for the compiler."""
    names = [name for name in kind._fields if name not in made]
    return kind(**{name: getattr(part, name) for name in names}, **made)
