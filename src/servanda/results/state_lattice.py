"""Sets of completed steps, and the stages that lead from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain


@dataclass(frozen=True)
class LatticeEdge:
    """A stage begun in one state.

    Attributes:
        before: steps done before it.
        steps: of the stage.
        verified: whether the exchange is verified.
        order_margin: smallest margin of the best order that takes this edge.
        stage_margin: smallest margin in this stage in that order; None where nobody can breach.
    """

    before: frozenset[str]
    steps: tuple[str, ...]
    verified: bool
    order_margin: float
    stage_margin: float | None


@dataclass(frozen=True)
class StateLattice:
    """Every set of steps that the prerequisites allow, and every stage between two of them.

    Attributes:
        steps: labels.
        states: sets of completed steps, by their number of steps.
        edges: from each state, in the order of the states.
        orders: how many orders lead from the first state to the last.
    """

    steps: tuple[str, ...]
    states: tuple[frozenset[str], ...]
    edges: tuple[LatticeEdge, ...]
    orders: int

    def to_dict(self) -> dict[str, Any]:
        """The lattice as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain
