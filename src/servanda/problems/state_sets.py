"""Sets of completed steps as bitmasks: which of them a plan, an undoing or a shirking can reach."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

STATE_LIMIT = 2_000_000
"""Most states that `implementation_game` fills by calling Python functions."""


def needed_states(
    requires: Integers,
    stages: Iterable[tuple[int, bool]],
    owners: Booleans,
    reversible: Booleans,
    *,
    limit: int = STATE_LIMIT,
) -> Integers:
    """Every state that some plan, some undoing or some shirking reaches: (S,) bitmasks, ascending.

    Args:
        requires: (n,) bitmask of prerequisites.
        stages: (bitmask, verified) of the stages in use.
        owners: (n, A).
        reversible: (n, A).
        limit: stop with a ProblemError beyond this many closed sets.
    """
    stages = tuple(stages)
    closed = closed_sets(requires, [mask for mask, _ in stages], limit=limit)
    found = [closed]
    for j in np.flatnonzero(reversible.any(axis=1)).tolist():
        found.append(closed[(closed >> j) & 1 == 1] & ~np.int64(1 << j))
    for stage, verified in stages:
        members = steps_of(stage)
        if verified or len(members) < 2:
            continue
        before = mask_of(steps_of(int(np.bitwise_or.reduce(requires[members]))))
        open_to = closed[(closed & stage == 0) & (closed & before == before)]
        for i in range(owners.shape[1]):
            own = mask_of([j for j in members if owners[j, i]])
            if own not in {0, stage}:
                found.append(open_to | (stage & ~own))
    return distinct(np.concatenate(found))


def closed_sets(requires: Integers, stages: Sequence[int], *, limit: int = STATE_LIMIT) -> Integers:
    """States reachable from ∅ by the stages, each begun after its prerequisites, ascending.

    Args:
        requires: (n,) bitmask of prerequisites.
        stages: bitmasks.
        limit: a ProblemError beyond this many.
    """
    needs = [int(np.bitwise_or.reduce(requires[steps_of(stage)])) for stage in stages]
    frontier = np.zeros(1, dtype=np.int64)
    # A stage of k steps moves a set k levels up; sets are found level by level of stages used.
    seen = frontier
    while len(frontier):
        reached = [
            frontier[(frontier & stage == 0) & (frontier & need == need)] | stage
            for stage, need in zip(stages, needs, strict=True)
        ]
        frontier = distinct(np.concatenate(reached)) if reached else frontier[:0]
        frontier = frontier[~among(frontier, seen)]
        seen = distinct(np.concatenate([seen, frontier]))
        if len(seen) > limit:
            raise ProblemError(
                f"steps: more than {limit} sets of completed steps are possible; add "
                "prerequisites, or compare given plans instead of searching"
            )
    return seen


def distinct(numbers: Integers) -> Integers:
    """Each number once, ascending; faster than NumPy's own on many repeats."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=-1) > 0]


def among(numbers: Integers, ascending: Integers) -> Booleans:
    """Which of the numbers stand in an ascending list that is not empty."""
    at = np.minimum(np.searchsorted(ascending, numbers), len(ascending) - 1)
    found: Booleans = ascending[at] == numbers
    return found


def mask_of(steps: Iterable[int]) -> int:
    """Bitmask of step indices."""
    mask = 0
    for j in steps:
        mask |= 1 << j
    return mask


def steps_of(mask: int) -> list[int]:
    """Step indices of a bitmask, ascending."""
    return [j for j in range(int(mask).bit_length()) if mask >> j & 1]
