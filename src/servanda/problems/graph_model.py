"""A conflict as a graph: states, who can move from which to which, and how each ranks them.

Definition. n decision makers and S states. Decision maker i can move from s to each state of
R_i(s), and ranks all states; only the order counts, and ties are allowed. Nothing is said of
numbers, chances or time: what somebody does depends on what it thinks the others can do about it,
and `servanda.solvers.graph_model` has the definitions.

In **options form** each decision maker has options that it takes or not; a state is what is taken
by all. Whoever owns an option may change its own, all at once, as long as the result is feasible;
what is irreversible, once taken, stays.

Sources: Fang, L., Hipel, K. and Kilgour, D. M. (1993), Interactive Decision Making; Kilgour, D. M.
and Hipel, K. (2005), Group Decision and Negotiation 14(6).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servanda.errors import ProblemError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_STATES = 4_096
"""States beyond which the square tables of reachable states do not fit."""


@dataclass(frozen=True, eq=False)
class GraphModel:
    """The conflict as arrays; they are copied and made read-only.

    Attributes:
        actors: (n,) labels of the decision makers.
        states: (S,) labels.
        moves: (n, S, S) whether i can move from one state to another; never to the same.
        rank: (n, S) numbers of which only the order counts; higher is better.
    """

    actors: tuple[str, ...]
    states: tuple[str, ...]
    moves: Flags
    rank: Floats

    def __post_init__(self) -> None:
        n, S = len(self.actors), len(self.states)
        moves, rank = np.array(self.moves, np.bool_), np.array(self.rank, np.float64)
        complaints = []
        if not n or len(set(self.actors)) < n:
            complaints.append("actors: one name each, and at least one, wanted")
        if not 1 <= S <= MOST_STATES or len(set(self.states)) < S:
            complaints.append(f"states: 1 to {MOST_STATES:,} different names wanted, not {S:,}")
        if moves.shape != (n, S, S):
            complaints.append(f"moves: shape {moves.shape}, wanted {(n, S, S)}")
        elif moves.diagonal(axis1=1, axis2=2).any():
            complaints.append("moves: a state is no move from itself")
        if rank.shape != (n, S):
            complaints.append(f"rank: shape {rank.shape}, wanted {(n, S)}")
        elif not np.isfinite(rank).all():
            complaints.append("rank: finite numbers wanted")
        if complaints:
            raise ProblemError("; ".join(complaints))
        for name, array in (("moves", moves), ("rank", rank)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)


def options_form(
    options: Mapping[str, Sequence[str]],
    rank: Mapping[str, Callable[[frozenset[str]], float]],
    *,
    feasible: Callable[[frozenset[str]], bool] = lambda taken: True,
    irreversible: Collection[str] = (),
) -> GraphModel:
    """A conflict in options form.

    Args:
        options: decision maker to its options; names differ throughout.
        rank: decision maker to a number for what is taken; only the order counts.
        feasible: whether a set of options taken can be.
        irreversible: options that cannot be taken back.

    A state is named after what is taken in it, as ``a + b``; after nothing, ``-``.
    """
    owner = {name: actor for actor, names in options.items() for name in names}
    complaints = []
    if len(owner) < sum(len(names) for names in options.values()):
        complaints.append("options: each name once")
    if set(rank) != set(options):
        complaints.append("rank: one for each decision maker")
    if unknown := sorted(set(irreversible) - set(owner)):
        complaints.append(f"irreversible: no option {', '.join(map(repr, unknown))}")
    if 2 ** len(owner) > 2**20:
        complaints.append(f"options: {len(owner)}; at most 20 can be gone through")
    if complaints:
        raise ProblemError("; ".join(complaints))
    every = (frozenset(n for n, on in zip(owner, row, strict=True) if on) for row in _rows(owner))
    taken = [one for one in every if feasible(one)]
    if len(taken) > MOST_STATES:
        raise ProblemError(f"options: {len(taken):,} feasible states; at most {MOST_STATES:,}")
    moves = np.zeros((len(options), len(taken), len(taken)), bool)
    for s, before in enumerate(taken):
        for t, after in enumerate(taken):
            movers = {owner[name] for name in before ^ after}
            if len(movers) == 1 and not (before - after) & set(irreversible):
                moves[list(options).index(movers.pop()), s, t] = True
    return GraphModel(
        actors=tuple(options),
        states=tuple(" + ".join(name for name in owner if name in one) or "-" for one in taken),
        moves=moves,
        rank=np.array([[float(rank[actor](one)) for one in taken] for actor in options]),
    )


def matrix_game(
    actors: Sequence[str], strategies: Sequence[Sequence[str]], payoffs: ArrayLike
) -> GraphModel:
    """A game in normal form as a graph: each moves along its own strategies, back and forth.

    Args:
        actors: n labels.
        strategies: labels of each one's strategies.
        payoffs: (n, m_1, ..., m_n) of which only the order counts.

    >>> from servanda.solvers.graph_model import graph_stability
    >>> dilemma = [[[3, 1], [4, 2]], [[3, 4], [1, 2]]]
    >>> found = graph_stability(matrix_game(["row", "column"], [["c", "d"]] * 2, dilemma))
    >>> found.equilibria["nash"], found.equilibria["sequential"]
    (('d d',), ('c c', 'd d'))
    """
    table = np.asarray(payoffs, float)
    sizes = tuple(len(names) for names in strategies)
    if table.shape != (len(actors), *sizes):
        raise ProblemError(f"payoffs: shape {table.shape}, wanted {(len(actors), *sizes)}")
    places = np.stack(np.unravel_index(np.arange(int(np.prod(sizes))), sizes))
    differs = places[:, :, np.newaxis] != places[:, np.newaxis, :]
    return GraphModel(
        actors=tuple(actors),
        states=tuple(" ".join(names) for names in product(*strategies)),
        moves=differs & (differs.sum(axis=0) == 1),
        rank=table.reshape(len(actors), -1),
    )


def _rows(owner: Mapping[str, str]) -> "product[tuple[bool, ...]]":
    """Every way of taking options or not, the first option slowest."""
    return product((False, True), repeat=len(owner))
