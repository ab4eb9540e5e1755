"""A plan as a chain of moments, with the rates at which it is broken."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.results.plan import Constraint

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PlanHazards:
    """One plan in one draw: Q moments, R political conditions, L temptations, B possible breaches.

    The last moment stands for all later ones.

    Attributes:
        start: (A,) worth of the plan to each actor at its beginning, in its own beliefs.
        stages: how many stages it has.
        stage: (Q,) the one under way, the number of stages once all is done.
        state: (Q,) bitmask of the steps done.
        lasts: (Q,) whether a month passes.
        fights: (Q,) whether fighting goes on.
        share: (Q, R) chance of each political condition given that the plan stands.
        fails: (Q,) chance that a step fails at the end of the moment.
        fails_quiet: (Q,) months of quiet then.
        flow: (Q, A) points a month to each actor, one-off costs included.
        constraints: (L) what each temptation is.
        reached: (L,) bitmask of the state after it.
        quiet: (L,) months of quiet when it comes to light.
        attack: (L,) whether it is an attack.
        moment, line: (B,) when somebody may breach, and by which temptation.
        chance: (B, R) of that breach, and of the political condition in which it comes, given that
            the plan stands as the moment begins.
    """

    start: Floats
    stages: int
    stage: Integers
    state: Integers
    lasts: Flags
    fights: Flags
    share: Floats
    fails: Floats
    fails_quiet: Floats
    flow: Floats
    constraints: tuple[Constraint, ...]
    reached: Integers
    quiet: Floats
    attack: Flags
    moment: Integers
    line: Integers
    chance: Floats
