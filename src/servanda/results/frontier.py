"""A frontier of a space too large to enumerate, with what it may miss."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CertifiedFrontier:
    """Points of which every package that breaks no red line is at most epsilon above one.

    Attributes
    ----------
        actors, issues: names.
        space: product of the options, exact however large.
        values: (M, A) points of the packages found; none dominates another.
        chosen: (M, J) int, option of each issue.
        rational: (M,) bool, nobody with a veto is below its reservation value.
        epsilon: (A,) points. For every package there is one listed that gives each actor at least
            as much less this; 0 for all: the frontier is exact.
        span: (A,) points between each actor's best and worst package.
        tolerance: points; values that differ by no more are one point.
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    space: int
    values: FloatArray
    chosen: IntArray
    rational: NDArray[np.bool_]
    epsilon: FloatArray
    span: FloatArray
    tolerance: float

    @property
    def exact(self) -> bool:
        """Nothing is missing beyond the tolerance."""
        return not bool(self.epsilon.any())

    @property
    def share(self) -> float:
        """Epsilon as a share of each actor's span, the largest of them."""
        return float(
            np.divide(self.epsilon, self.span, where=self.span > 0, out=0 * self.span).max()
        )

    @property
    def message(self) -> str:
        """What is certified, in words."""
        if self.exact:
            return f"Exact: {len(self.values):,} undominated points of {self.space:.3g} packages."
        return (
            f"{len(self.values):,} points; no package of {self.space:.3g} gives anybody more than "
            f"{self.share:.2%} of its span above one of them that is no worse for the others by "
            "more than that."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        plain.update(exact=self.exact, share=self.share, message=self.message)
        return plain
