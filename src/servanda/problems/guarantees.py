"""Guarantees: which of them will be honoured when the war they guard against comes.

Guarantee j is honoured with probability g_j, its **credibility**, given or derived: the guarantor
honours iff what that costs it, uniform on [0, ceiling], is at most its interest plus the stake its
reputation has in the promise, so g = clip((interest + stake) / ceiling, 0, 1).

Guarantees are honoured independently of one another, except that one may **follow** another: then
it is honoured with probability g_j if its leader is, and not at all if not. Of G guarantees, the
set honoured is coded as the integer whose bit j says whether j is.

>>> from servanda.solvers.credibility import honoured_distribution
>>> honoured_distribution([0.5, 0.8], follows=[-1, 0])  # neither, the first, the second, both
array([0.5, 0.1, 0. , 0.4])
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError

INDEPENDENT = -1
MOST_GUARANTEES = 16


@dataclass(frozen=True, eq=False)
class Guarantees:
    """G guarantees and who follows whom; arrays are copied and made read-only.

    Attributes
    ----------
    credibility : (..., G) probability in [0, 1] of being honoured, given that the leader is.
    follows : (G,) int, the leader of each, or `INDEPENDENT`.
    """

    credibility: NDArray[np.float64]
    follows: NDArray[np.int64]

    def __post_init__(self) -> None:
        g = np.array(self.credibility, dtype=np.float64)
        follows = np.array(self.follows, dtype=np.int64)
        if g.ndim < 1 or follows.shape != g.shape[-1:]:
            raise ProblemError(
                f"credibility has shape {g.shape} and follows {follows.shape}; "
                "expected (..., G) and (G,)"
            )
        count = len(follows)
        if count > MOST_GUARANTEES:
            raise ProblemError(f"{count} guarantees; at most {MOST_GUARANTEES}")
        if not ((g >= 0) & (g <= 1)).all():
            raise ProblemError("every credibility must be in [0, 1]")
        if not ((follows >= INDEPENDENT) & (follows < count)).all():
            raise ProblemError(f"follows must name a guarantee, or be {INDEPENDENT}")
        for j in range(count):
            leader, steps = int(follows[j]), 0
            while leader != INDEPENDENT and steps < count:
                leader, steps = int(follows[leader]), steps + 1
            if leader != INDEPENDENT:
                raise ProblemError(f"guarantee {j} follows itself in the end")
        for name, array in (("credibility", g), ("follows", follows)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)
