"""What the loops of play with hidden types read and fill: months, breaches, payoffs, types.

A row of payoffs is one profile of types in one draw; the profiles of a draw stand together.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ATTACK, OPEN, WITHHELD = 0, 1, 2
"""Which breach comes first in one month."""

NOBODY = WITHHELD + 1
"""Rank of no breach at all."""

KEEPS = -1
"""In place of a way to breach."""

TOLERANCE = 1e-9
"""Points within which two values are the same."""


class Months(NamedTuple):
    """M months of decision of a plan."""

    row: Integers  # (M,) of the state they are lived in
    fighting: Flags  # (M,) whether fighting goes on there
    length: Integers  # (M,) months until the next; negative for the last
    starts: Integers  # (M,) bitmask of the steps whose costs are paid
    first: Integers  # (M, A + 1) where the ways of each actor begin, month by month
    together: Integers  # (M + 1,) where its ways of withholding together begin


class Ways(NamedTuple):
    """W ways to breach: of one actor, by month and actor; then of several together, by month."""

    month: Integers  # (W,)
    breakers: Integers  # (W,) bitmask of actors
    rank: Integers  # (W,) ATTACK, OPEN or WITHHELD
    attack: Flags  # (W,) whether tables of attacks are read
    row: Integers  # (W,) of the state reached
    fighting: Flags  # (W,) whether fighting goes on there
    steps: Integers  # (W,) bitmask of the steps cheated on, undone or withheld
    hidden: Integers  # (W,) months until it comes to light
    lead: Integers  # (W,) months in the stage's state before it takes effect
    knot: Integers  # (W,) of the clock at which it comes to light
    weight: Floats  # (W,) of the next knot
    paid: Integers  # (W,) bitmask of the steps whose costs the others have borne


class Payoffs(NamedTuple):
    """R rows of payoffs."""

    discount: Floats  # (R, A)
    costs: Floats  # (R, n, A)
    gain: Floats  # (R, n, A)
    fighting_cost: Floats  # (R, A)
    flows: Floats  # (R, S, A)
    attack: Floats  # (R, S, T, A) own
    renege: Floats  # (R, S, T, A) own
    attacked: Floats  # (R, S, T, A, A) who breaches, then whose value
    reneged: Floats  # (R, S, T, A, A)


class Types(NamedTuple):
    """Types of A actors: G of them, of which H are hidden, the others as coded."""

    of: Integers  # (P, A) type of each actor in each profile, 0 to G - 1
    actor: Integers  # (G,) whose
    bit: Integers  # (G,) its bit among the hidden ones; -1 for the type as coded
    coded: Integers  # (A,) the type as coded
    prior: Floats  # (D, A + 1, G) of every observer, the analyst last
    sets: Integers  # (2^H,) bitmasks of hidden types, by size
    owned: Integers  # (A,) bitmask of the steps each owns


class Work(NamedTuple):
    """What is known of one draw, and of the month in hand."""

    power: Floats  # (P, A, L) of the discount factors
    values: Floats  # (W, P, A) of every way to breach
    live: Flags  # (W,) whether none of the same actor and manner is never worse
    n_ways: Integers  # (M, A) how many of these each actor has
    belief: Floats  # (2^H, A, P) of the others' types, given those possible
    sets: Integers  # (2^H, 2^H) of those possible, the most likely to keep first
    n_sets: Integers  # (2^H,)
    keep: Floats  # (P, A) what the month brings if all keep
    moves: Integers  # (G,) what every type does
    reply: Integers  # (G,) best way to breach
    worth: Floats  # (G, 2) what that is worth, and keeping
    listed: Integers  # (G,) types that breach, actor by actor
    ways: Floats  # (W,) what each is worth to the type in hand
