"""A game in extensive form with perfect information, as a list of nodes in the order of play."""

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain


@dataclass(frozen=True)
class Decision:
    """One player chooses.

    Attributes:
        name: of the node; no two nodes share one.
        player: index of who moves.
        moves: what it may do; the first is to keep the plan.
    """

    name: str
    player: int
    moves: tuple[str, ...]


@dataclass(frozen=True)
class Chance:
    """Nobody chooses: each move happens with its probability."""

    name: str
    moves: tuple[str, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """The game ends: a payoff for each player."""

    name: str
    payoffs: tuple[float, ...]


@dataclass(frozen=True)
class ExtensiveGame:
    """A tree of nodes, each information set a single node.

    Attributes:
        title: what is played.
        players: labels.
        nodes: depth first, the moves of a node in their order; so children need no pointers.
    """

    title: str
    players: tuple[str, ...]
    nodes: tuple[Decision | Chance | Outcome, ...]

    def to_dict(self) -> dict[str, Any]:
        """The game as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain
