"""A plan with chance on its path as arrays for the compiler."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Columns of the table of temptations.
ACTOR, REACHED, REACHED_FIGHTING, HIDDEN, STEPS, IS_ATTACK, KNOT, LEAD, WITHHELD, OTHERS = range(10)
N_COLUMNS = 10


class Path(NamedTuple):
    """A plan laid out: P positions, m stages, L temptations."""

    stage: Integers  # (P,) stage of each position, m after completion
    row: Integers  # (P,) of the state in the tables
    fighting: Booleans  # (P,)
    calendar: Integers  # (P,) months since signature
    first: Booleans  # (P,) first month of its stage
    last: Booleans  # (P,) at its end the stage takes effect
    instant: Booleans  # (P,) the stage takes no time
    mask: Integers  # (m,) steps of each stage
    fail_knot: Integers  # (m,) lower clock knot at its end
    fail_weight: Floats  # (m,)
    begin: Integers  # (P + 1,) temptations of each position
    lines: Integers  # (L, N_COLUMNS)
    weight: Floats  # (L,) of the next knot


class Game(NamedTuple):
    """The numbers of one draw: R regimes, S states, T knots, A actors, V = A + 1 views."""

    discount: Floats  # (A,)
    costs: Floats  # (n, A)
    gain: Floats  # (n, A)
    fighting_cost: Floats  # (A,)
    flows: Floats  # (R, S, A)
    attack: Floats  # (R, S, T, A, A) breaker, then whose value
    renege: Floats  # (R, S, T, A, A)
    failed: Floats  # (R, S, T, A)
    passes: Floats  # (V, n)
    move: Floats  # (V, H, R, R) from one month to the next; the last row for all later months
