"""Which states of a conflict nobody would leave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

CONCEPTS = ("nash", "general", "symmetric", "sequential", "symmetric sequential")
"""By how far a decision maker looks, and what it expects of the others."""


@dataclass(frozen=True, eq=False)
class GraphStability:
    """States and who stays in them.

    Attributes:
        actors, states: labels.
        stable: concept to (n, S), whether the decision maker stays in the state.
        equilibria: concept to the states in which all stay.
    """

    actors: tuple[str, ...]
    states: tuple[str, ...]
    stable: dict[str, NDArray[np.bool_]]
    equilibria: dict[str, tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
