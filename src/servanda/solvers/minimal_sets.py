"""Minimal sets, and the minimal sets that meet them all (transversals), as bits of whole numbers.

Reference: Berge (1989), Hypergraphs: Combinatorics of Finite Sets.
"""

from collections.abc import Iterable, Sequence

import numpy as np

MOST_CONFLICTS = 20_000
"""Partial conflicts kept while they are multiplied out; past it the search stops."""


def minimal_sets(sets: Iterable[int]) -> list[int]:
    """Sets (bits) that contain no other, by rising size, then value.

    >>> minimal_sets([0b110, 0b011, 0b111, 0b1000])
    [8, 3, 6]
    """
    kept: list[int] = []
    for bits in sorted(set(sets), key=lambda one: (one.bit_count(), one)):
        if not any(smaller & bits == smaller for smaller in kept):
            kept.append(bits)
    return kept


def minimal_transversals(sets: Sequence[int], limit: int = MOST_CONFLICTS) -> list[int] | None:
    """Minimal sets that meet every one of ``sets``, by rising size; None: more than ``limit``.

    >>> minimal_transversals([0b011, 0b110])
    [2, 5]
    """
    found = [0]
    for bits in sets:
        members = [1 << place for place in range(bits.bit_length()) if bits >> place & 1]
        meets = [one for one in found if one & bits]
        grown = {one | member for one in found if not one & bits for member in members}
        # what already met the set stays minimal; what grew may contain one of those
        found = [*meets, *(new for new in grown if not any(one & new == one for one in meets))]
        if len(found) > limit:
            return None
    return minimal_sets(found)


def smallest_transversal(sets: Sequence[int]) -> int:
    """One smallest set that meets every one of ``sets``, by integer programming (HiGHS).

    >>> smallest_transversal([0b011, 0b110])
    2
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    n_rows = max(bits.bit_length() for bits in sets)
    meets = np.array([[bits >> place & 1 for place in range(n_rows)] for bits in sets])
    answer = milp(
        np.ones(n_rows),
        constraints=LinearConstraint(meets.astype(np.float64), lb=1.0),
        integrality=np.ones(n_rows, dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
    )
    chosen = np.flatnonzero(np.asarray(answer.x) > 0.5)
    return sum(1 << int(place) for place in chosen)
