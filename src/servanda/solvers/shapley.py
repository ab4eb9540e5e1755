"""Shapley values: each player's share of what all bring about together.

A player's share is what it adds to those before it, on average over the orders in which all could
join. Shares sum to the worth of all less the worth of none, players that add the same get the same,
and one that never adds anything gets nothing; no other rule does all three and adds up over games.

Source: Shapley, L. S. (1953), A value for n-person games, in Contributions to the Theory of Games
II; sampling of orders: Castro, Gómez and Tejada (2009), Computers & Operations Research 36(5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

MOST_EXACT = 8
"""Players up to which every set is asked."""

ORDERS = 100
"""Orders drawn beyond that, each with its reverse."""

Worth = Callable[[frozenset[int]], float]


@dataclass(frozen=True, eq=False)
class Shapley:
    """Shares of players.

    Attributes:
        shares: (n,).
        errors: (n,) standard errors of the sampling; 0 where every set was asked.
        exact: whether every set was asked.
    """

    shares: NDArray[np.float64]
    errors: NDArray[np.float64]
    exact: bool


def shapley(
    worth: Worth,
    players: int,
    *,
    orders: int = ORDERS,
    seed: int = 1,
    most_exact: int = MOST_EXACT,
) -> Shapley:
    """Shares of ``players`` in what all of them are worth together.

    Args:
        worth: of every set of players, numbered from 0; asked once for each set needed.
        players: how many.
        orders: drawn where there are more than ``most_exact`` players; each is gone through both
            ways.
        seed: of these orders.
        most_exact: players up to which every set is asked.

    >>> majority = shapley(lambda team: float(len(team) >= 2), 3)
    >>> majority.shares.round(3).tolist(), majority.exact
    ([0.333, 0.333, 0.333], True)
    """
    known: dict[frozenset[int], float] = {}

    def once(team: frozenset[int]) -> float:
        if team not in known:
            known[team] = worth(team)
        return known[team]

    if players <= most_exact:
        return Shapley(_over_all_sets(once, players), np.zeros(players), exact=True)
    added = np.empty((orders, players))
    for row, order in zip(added, _orders(players, orders, seed), strict=True):
        row[:] = (_added(once, order) + _added(once, order[::-1])) / 2
    spread = added.std(axis=0, ddof=1) if orders > 1 else np.full(players, np.nan)
    return Shapley(added.mean(axis=0), spread / np.sqrt(orders), exact=False)


def sets_asked(
    players: int, *, orders: int = ORDERS, seed: int = 1, most_exact: int = MOST_EXACT
) -> tuple[frozenset[int], ...]:
    """The sets whose worth :func:`shapley` asks for, given the same numbers.

    >>> [sorted(one) for one in sets_asked(2)]
    [[], [0], [1], [0, 1]]
    """
    if players <= most_exact:
        everyone = range(players)
        sizes = range(players + 1)
        return tuple(frozenset(one) for size in sizes for one in combinations(everyone, size))
    asked: dict[frozenset[int], None] = {}
    for order in _orders(players, orders, seed):
        for each in (order, order[::-1]):
            asked |= dict.fromkeys(frozenset(each[:size]) for size in range(players + 1))
    return tuple(asked)


def _orders(players: int, orders: int, seed: int) -> list[list[int]]:
    chance = np.random.default_rng(seed)
    return [chance.permutation(players).tolist() for _ in range(orders)]


def _over_all_sets(worth: Worth, players: int) -> NDArray[np.float64]:
    shares = np.zeros(players)
    for player in range(players):
        others = [one for one in range(players) if one != player]
        for size in range(players):
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            for team in map(frozenset, combinations(others, size)):
                shares[player] += weight * (worth(team | {player}) - worth(team))
    return shares


def _added(worth: Worth, order: list[int]) -> NDArray[np.float64]:
    """What each player adds to those before it in one order, by player."""
    added = np.empty(len(order))
    team: frozenset[int] = frozenset()
    before = worth(team)
    for player in order:
        team |= {player}
        after = worth(team)
        added[player] = after - before
        before = after
    return added
