"""In which states of a conflict would everybody stay, given what the others could do about leaving?

Decision maker i stays in s if every improvement of its own, from s to t, is deterred. It is

- *nash*: if there is none;
- *general* (metarationality): if the others can bring about a state no better to i than s;
- *symmetric*: such a state from which i cannot get anything better than s either;
- *sequential*: the others bring it about by moves each of which improves on the last for its mover;
- *symmetric sequential*: both.

The others move one after another, in any order, nobody twice running.

Sources: Fang, L., Hipel, K. and Kilgour, D. M. (1993), Interactive Decision Making, ch. 3 and 4;
Kilgour, D. M. and Hipel, K. (2005), Group Decision and Negotiation 14(6); symmetric sequential:
Rego, L. and Vieira, G. (2017), Group Decision and Negotiation 26(4).
"""

import numpy as np
from numpy.typing import NDArray

from servanda.problems.graph_model import GraphModel
from servanda.results.graph_model import CONCEPTS, GraphStability

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def graph_stability(model: GraphModel) -> GraphStability:
    """Who stays in which state, by each concept, and where all do."""
    better = model.rank[:, np.newaxis, :] > model.rank[:, :, np.newaxis]
    improving = model.moves & better
    stable = {concept: np.empty(model.rank.shape, bool) for concept in CONCEPTS}
    for i, rank in enumerate(model.rank):
        reached = together(np.delete(model.moves, i, axis=0))
        willing = together(np.delete(improving, i, axis=0))
        escape = np.maximum(rank, _largest(model.moves[i], rank))
        worst = {
            "nash": np.full(len(rank), np.inf),
            "general": _smallest(reached, rank),
            "symmetric": _smallest(reached, escape),
            "sequential": _smallest(willing, rank),
            "symmetric sequential": _smallest(willing, escape),
        }
        for concept, left in worst.items():
            deterred = left <= rank[:, np.newaxis]
            stable[concept][i] = (deterred | ~improving[i]).all(axis=1)
    names = np.array(model.states)
    return GraphStability(
        actors=model.actors,
        states=model.states,
        stable=stable,
        equilibria={
            concept: tuple(names[stays.all(axis=0)].tolist()) for concept, stays in stable.items()
        },
    )


def together(moves: Flags) -> Flags:
    """Where several can get, (S, S), moving one after another and nobody twice running.

    Args:
        moves: (n, S, S) of each of them.
    """
    n = len(moves)
    by_last = moves.copy()  # pairs of states with a sequence whose last move is j's
    while True:
        longer = by_last.copy()
        for j in range(n):
            before = np.delete(by_last, j, axis=0).any(axis=0)
            longer[j] |= (before.astype(np.float32) @ moves[j].astype(np.float32)) > 0
        if (longer == by_last).all():
            return np.asarray(by_last.any(axis=0), np.bool_)
        by_last = longer


def _smallest(there: Flags, value: Floats) -> Floats:
    """Smallest value over the states each state leads to; infinite where there is none."""
    found: Floats = np.where(there, value, np.inf).min(axis=1)
    return found


def _largest(there: Flags, value: Floats) -> Floats:
    found: Floats = np.where(there, value, -np.inf).max(axis=1)
    return found
