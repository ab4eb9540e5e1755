"""A least-change problem: numbers that may move, and conditions that depend on them.

θ is a vector of P numbers, m(θ) the M margins of as many conditions; a condition holds while its
margin is at least 0. θ_p starts at ``start[p]``, moves in units of its own ``spread[p]`` and stays
within ``lower[p]`` and ``upper[p]``. The **effort** of a change is ::

    Σ_p |θ_p - start_p| / spread_p

One asks for the change of fewest numbers, and of these for that of least effort, after which every
condition holds.

>>> problem = LeastChangeProblem(
...     margins=lambda rows: rows[:, :1] + rows[:, 1:] - 3.0,
...     start=np.array([1.0, 1.0]),
...     spread=np.array([1.0, 2.0]),
...     lower=np.array([0.0, 0.0]),
...     upper=np.array([9.0, 9.0]),
... )
>>> problem.effort(np.array([1.0, 2.0]))
0.5
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LeastChangeProblem:
    """Numbers and conditions.

    Attributes:
        margins: (N, P) rows of numbers to (N, M) margins.
        start: (P,) where the numbers stand.
        spread: (P,) unit of each, above 0.
        lower, upper: (P,) how far each may go; a number that may not move stands at both.
    """

    margins: Callable[[Floats], Floats]
    start: Floats
    spread: Floats
    lower: Floats
    upper: Floats

    def __post_init__(self) -> None:
        shapes = {np.shape(one) for one in (self.start, self.spread, self.lower, self.upper)}
        if len(shapes) != 1 or len(np.shape(self.start)) != 1:
            raise ProblemError("start, spread, lower and upper: one length wanted for all")
        for name in ("start", "spread", "lower", "upper"):
            if not np.isfinite(getattr(self, name)).all():
                raise ProblemError(f"{name}: must be finite")
        if not (np.asarray(self.spread) > 0).all():
            raise ProblemError("spread: must be above 0")
        if not ((self.lower <= self.start) & (self.start <= self.upper)).all():
            raise ProblemError("start: must lie between lower and upper")

    def effort(self, at: Floats) -> float:
        """Effort of moving to ``at`` (P,), in spreads."""
        return float((np.abs(at - self.start) / self.spread).sum())
