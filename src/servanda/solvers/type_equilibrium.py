"""Who of which type breaches where: backward induction over (month, types still alive).

In every month of decision each type keeps or breaches, against its belief about the others:
the prior restricted to the types still alive. Pure equilibria are found set by set of breaching
types; the first consistent one is taken in the order: most likely to see the month through, fewest
types, first in the actors' order. Ties keep.

A type that is no longer believed in plays its own best: that is what a deviation in an earlier
month leads to. Where all types of an actor would have breached and none has, beliefs about it stay.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import prod

import numpy as np

from servanda.kernels.type_arrays import ATTACK, OPEN, WITHHELD
from servanda.problems.implementation import TOLERANCE, Floats, Integers
from servanda.solvers.type_months import Breach, MonthGame, TypedPlan

Alive = tuple[frozenset[int], ...]
"""Per actor the types it may still be."""

Moves = dict[tuple[int, int], Breach | None]
"""(actor, type) to its breach in a month; None for keeping."""

MOST_STARTS = 64
"""Ways of breaching together from which all equilibria of a set are looked for."""

TIES = ((OPEN, ATTACK, WITHHELD), (ATTACK, OPEN, WITHHELD))
"""Of breaches worth the same to it a type takes the last of these; both ways are tried."""

ROUNDS = 50
"""Best replies tried before a set of breaching types counts as inconsistent."""


@dataclass(frozen=True, eq=False)
class Node:
    """One month of decision with what is known of types.

    Attributes:
        game: that month.
        alive: types still alive at its start.
        moves: what every type does, those not alive included.
        values: (P, A) what each profile brings, in expectation over lots, from the month's start.
        after: types alive once it has been kept.
        compared: (actor, type) to the values of keeping and of its best breach.
        sets: how many sets of breaching types are consistent.
        then: the node that follows; None at the end.
    """

    game: MonthGame
    alive: Alive
    moves: Moves
    values: Floats
    after: Alive
    compared: dict[tuple[int, int], tuple[float, float]]
    sets: int
    then: "Node | None"


class TypeTree:
    """The nodes of a typed plan, each solved once when it is first asked for."""

    def __init__(self, typed: TypedPlan) -> None:
        self.typed = typed
        self.profiles: Integers = typed.problem.profiles
        self.weights: dict[tuple[Alive, int, int], Floats] = {}
        self._solved: dict[tuple[int, Alive], Node | None] = {}

    @property
    def end(self) -> int:
        """Index of the last month of decision."""
        return len(self.typed.months) - 1

    def node(self, point: int, alive: Alive) -> Node | None:
        """The equilibrium from a month on; None where no pure one exists."""
        key = (point, alive)
        if key not in self._solved:
            self._solved[key] = _solve(self, point, alive)
        return self._solved[key]

    def deepest_without(self) -> int:
        """Index of the last month in which no pure equilibrium was found."""
        return max(point for (point, _), node in self._solved.items() if node is None)

    def at_prior(self) -> Alive:
        """Types that the prior holds possible."""
        prior = self.typed.problem.prior
        return tuple(frozenset(np.flatnonzero(one).tolist()) for one in prior)


def belief(tree: TypeTree, alive: Alive, *, known: int = -1) -> Floats:
    """(P,) probability of each profile, to the analyst.

    To an actor that is `known` to itself: probability of the others' types, in its own prior.
    """
    weights = np.ones(len(tree.profiles))
    for i, prior in enumerate(tree.typed.problem.prior_of(known)):
        if i == known:
            continue
        marginal = np.array([p if t in alive[i] else 0.0 for t, p in enumerate(prior)])
        if marginal.sum() == 0.0:  # only types that the prior excludes: each as likely as another
            marginal = np.array([float(t in alive[i]) for t in range(len(prior))])
        weights = weights * (marginal / marginal.sum())[tree.profiles[:, i]]
    return weights


def expected(tree: TypeTree, alive: Alive, actor: int, type_: int) -> Floats:
    """(P,) probability of each profile to an actor that knows itself to be of a type."""
    key = (alive, actor, type_)
    if key not in tree.weights:
        own = tree.profiles[:, actor] == type_
        tree.weights[key] = belief(tree, alive, known=actor) * own
    return tree.weights[key]


def first_breaches(moves: Sequence[Breach | None]) -> tuple[Breach, ...]:
    """The breaches that count when all actors move: the earliest, several where they tie."""
    made = [one for one in moves if one is not None]
    if not made:
        return ()
    first = min(one.rank for one in made)
    return tuple(one for one in made if one.rank == first)


def _solve(tree: TypeTree, point: int, alive: Alive) -> Node | None:
    """The equilibrium of a month; where ties that keep leave none, one in which ties breach."""
    strictly = _first_consistent(tree, point, alive, tempted(tree, point, alive), TOLERANCE)
    if strictly is not None:
        return strictly
    return _first_consistent(tree, point, alive, _open_to(tree, point, alive), -TOLERANCE)


def _open_to(tree: TypeTree, point: int, alive: Alive) -> list[tuple[int, int]]:
    """Types that have a way out in a month."""
    breaches = tree.typed.months[point].breaches
    return [(i, t) for i, types in enumerate(alive) if breaches[i] for t in sorted(types)]


def _first_consistent(
    tree: TypeTree, point: int, alive: Alive, open_to: Sequence[tuple[int, int]], slack: float
) -> Node | None:
    game = tree.typed.months[point]
    found: Node | None = None
    sets = 0
    for breaching in _sets(tree, alive, open_to):
        after = _after(alive, breaching)
        then = tree.node(point + 1, after) if point < tree.end else None
        if then is None and point < tree.end:
            continue
        keep = game.offset if then is None else game.offset + game.share * then.values
        best = _consistent(tree, game, alive, breaching, keep, slack)
        if best is None:
            continue
        sets += 1
        if found is None:
            moves = {
                one: reply.breach if one in breaching or reply.pays(TOLERANCE) else None
                for one, reply in best.items()
            }
            values = np.array(
                [
                    _outcome(tree, game, keep, _others_first(tree, moves, -1, p), p)
                    for p in range(len(tree.profiles))
                ]
            )
            compared = {one: (reply.keep, reply.value) for one, reply in best.items()}
            found = Node(game, alive, moves, values, after, compared, 0, then)
    return None if found is None else replace(found, sets=sets)


def _after(alive: Alive, breaching: Collection[tuple[int, int]]) -> Alive:
    """Types alive when a month has been kept in which these would have breached."""
    return tuple(
        frozenset(t for t in types if (i, t) not in breaching) or types
        for i, types in enumerate(alive)
    )


def tempted(tree: TypeTree, point: int, alive: Alive) -> list[tuple[int, int]]:
    """Types that could gain by a breach in a month, whatever the others do and come to believe.

    A type is left out when its best breach is worth less than the least that keeping can bring:
    the worst that can follow, or the worst breach of a type still listed that its own would have
    come before. Where another's comes first, or at once, it gains nothing by its own.
    """
    game = tree.typed.months[point]
    listed = _open_to(tree, point, alive)
    while True:
        least = _least_from_keeping(tree, point, alive, listed)
        if least is None:
            return listed
        left = [one for one in listed if _could_gain(tree, game, alive, one, listed, least)]
        if left == listed:
            return listed
        listed = left


def _least_from_keeping(
    tree: TypeTree, point: int, alive: Alive, listed: Sequence[tuple[int, int]]
) -> Floats | None:
    """(P, A) the least that a month kept by all can bring; None where something is unknown."""
    game = tree.typed.months[point]
    if point == tree.end:
        return game.offset
    hidden = [one for one in listed if len(alive[one[0]]) > 1]
    ways = {
        _after(alive, chosen)
        for size in range(len(hidden) + 1)
        for chosen in combinations(hidden, size)
    }
    nodes = [tree.node(point + 1, after) for after in ways]
    found = [game.offset + game.share * node.values for node in nodes if node is not None]
    least: Floats | None = np.min(found, axis=0) if len(found) == len(nodes) else None
    return least


def _could_gain(
    tree: TypeTree,
    game: MonthGame,
    alive: Alive,
    who: tuple[int, int],
    listed: Collection[tuple[int, int]],
    least: Floats,
) -> bool:
    actor, type_ = who
    weights = expected(tree, alive, actor, type_)
    others = {j for j, _ in listed if j != actor}
    may = {j: np.isin(tree.profiles[:, j], [t for i, t in listed if i == j]) for j in others}
    for breach in game.breaches[actor]:
        low, first = least[:, actor], np.zeros(len(weights), dtype=bool)
        for j in others:
            ranks = {one.rank for one in game.breaches[j]}
            if breach.rank == WITHHELD and WITHHELD in ranks:
                return True  # withheld together, parts are worth something else
            if min(ranks) <= breach.rank:
                first |= may[j]
            worst = game.worst(j, breach.rank + 1)
            if worst is not None:
                low = np.where(may[j], np.minimum(low, worst[:, actor]), low)
        gain = breach.values[:, actor] - low
        if weights @ np.where(first, np.maximum(gain, 0.0), gain) > TOLERANCE:
            return True
    return False


def _sets(
    tree: TypeTree, alive: Alive, open_to: Sequence[tuple[int, int]]
) -> Iterator[frozenset[tuple[int, int]]]:
    """Sets of types that may breach, most compliant first."""
    prior = tree.typed.problem.prior

    def kept(breaching: frozenset[tuple[int, int]]) -> float:
        chance = 1.0
        for i, types in enumerate(alive):
            mass = sum(prior[i][t] for t in types)
            broken = sum(prior[i][t] for t in types if (i, t) in breaching)
            chance *= 1.0 - broken / mass if mass else 1.0
        return round(chance, 12)

    listed = [
        frozenset(chosen)
        for size in range(len(open_to) + 1)
        for chosen in combinations(open_to, size)
    ]
    return iter(sorted(listed, key=lambda one: (-kept(one), len(one))))


@dataclass(frozen=True, eq=False)
class _Reply:
    """A type's best breach beside keeping."""

    breach: Breach | None
    value: float
    keep: float

    def pays(self, slack: float) -> bool:
        """Whether the breach is worth more than keeping by more than the slack."""
        return self.breach is not None and self.value > self.keep + slack


def _consistent(
    tree: TypeTree,
    game: MonthGame,
    alive: Alive,
    breaching: frozenset[tuple[int, int]],
    keep: Floats,
    slack: float,
) -> dict[tuple[int, int], _Reply] | None:
    """Best replies of all types when exactly these alive breach; None if that is inconsistent."""
    for start, ties in product(_starts(tree, game, breaching), TIES):
        replies = _settled(tree, game, alive, breaching, keep, start, ties)
        if replies is None or not all(reply.pays(slack) for reply in replies.values()):
            continue
        moves = start | {one: reply.breach for one, reply in replies.items()}
        for i, labels in _types(tree):
            for t in labels:
                if (i, t) not in breaching:
                    replies[i, t] = _best_reply(tree, game, alive, keep, moves, (i, t), ties)
        if not any(
            replies[i, t].pays(TOLERANCE)
            for i, t in replies
            if t in alive[i] and (i, t) not in breaching
        ):
            return replies
    return None


def _starts(
    tree: TypeTree, game: MonthGame, breaching: frozenset[tuple[int, int]]
) -> Iterator[Moves]:
    """Where best replies begin: every way in which all but one actor breach, while these are few.

    Types of one actor never meet, so with a single actor there is one start, and it settles it.
    Otherwise: all others keep; then, all breach in the same manner, for each manner.
    """
    keeping: Moves = {(i, t): None for i, labels in _types(tree) for t in labels}
    _, *others = _by_actor(game, breaching)
    slots = [one for group in others for one in group]
    ways = [game.breaches[i] for i, _ in slots]
    if prod(len(way) for way in ways) <= MOST_STARTS:
        for chosen in product(*ways):
            yield keeping | dict(zip(slots, chosen, strict=True))
        return
    yield keeping
    for rank in (ATTACK, OPEN, WITHHELD):
        at = [next((one for one in way if one.rank == rank), None) for way in ways]
        yield keeping | dict(zip(slots, at, strict=True))


def _by_actor(
    game: MonthGame, breaching: frozenset[tuple[int, int]]
) -> list[list[tuple[int, int]]]:
    """The breaching types of each actor, first those with the most ways to breach."""
    groups = [[one for one in sorted(breaching) if one[0] == i] for i in {i for i, _ in breaching}]
    groups.sort(key=lambda group: (-(len(game.breaches[group[0][0]]) ** len(group)), group))
    return groups or [[]]


def _settled(
    tree: TypeTree,
    game: MonthGame,
    alive: Alive,
    breaching: frozenset[tuple[int, int]],
    keep: Floats,
    moves: Moves,
    ties: tuple[int, ...],
) -> dict[tuple[int, int], _Reply] | None:
    """Best replies of the breaching types, actor after actor; None where they do not settle."""
    groups = _by_actor(game, breaching)
    replies: dict[tuple[int, int], _Reply] = {}
    for _ in range(ROUNDS):
        before = moves
        for group in groups:
            replies |= {
                one: _best_reply(tree, game, alive, keep, moves, one, ties) for one in group
            }
            moves = moves | {one: replies[one].breach for one in group}
        if all(moves[one] is before[one] for one in breaching):
            return replies
    return None


def _best_reply(
    tree: TypeTree,
    game: MonthGame,
    alive: Alive,
    keep: Floats,
    moves: Moves,
    who: tuple[int, int],
    ties: tuple[int, ...],
) -> _Reply:
    """A type's best breach against what the others do, its value, and that of keeping."""
    actor, type_ = who
    weights = expected(tree, alive, actor, type_)
    rows = np.flatnonzero(weights).tolist()
    others = {p: _others_first(tree, moves, actor, p) for p in rows}

    def worth(move: Breach | None) -> float:
        total = 0.0
        for p in rows:
            first = others[p]
            if move is None or (first and first[0].rank < move.rank):
                made = first
            elif first and first[0].rank == move.rank:
                made = (*first, move)
            else:
                made = (move,)
            total += weights[p] * _outcome(tree, game, keep, made, p)[actor]
        return total

    best: Breach | None = None
    value = -np.inf
    for breach in sorted(game.breaches[actor], key=lambda one: ties.index(one.rank)):
        found = worth(breach)
        if found >= value - TOLERANCE:
            best, value = breach, max(found, value)
    return _Reply(best, float(value), float(worth(None)))


def _others_first(tree: TypeTree, moves: Moves, actor: int, p: int) -> tuple[Breach, ...]:
    """The breaches that count when everybody but one actor moves as said, in a profile."""
    types = enumerate(tree.profiles[p].tolist())
    return first_breaches([moves[i, t] for i, t in types if i != actor])


def _outcome(
    tree: TypeTree, game: MonthGame, keep: Floats, first: Sequence[Breach], p: int
) -> Floats:
    """(A,) what a profile brings when these breaches, of one moment, come first."""
    if not first:
        value: Floats = keep[p]
    elif len(first) == 1:
        value = first[0].values[p]
    elif first[0].rank == WITHHELD:
        value = tree.typed.withheld_together(first)[p]
    else:
        value = _at_once([one.values[p] for one in first], [one.actor for one in first])
    return value


def _at_once(values: Sequence[Floats], actors: Sequence[int]) -> Floats:
    """(A,) what breaches of one month bring together.

    Nobody gains by breaching in the same month as another: each gets the lesser of its own breach
    and of suffering the others'. Those who kept get the average.
    """
    both: Floats = np.mean(values, axis=0)
    for own, actor in enumerate(actors):
        others = np.mean([one[actor] for k, one in enumerate(values) if k != own])
        both[actor] = min(values[own][actor], others)
    return both


def _types(tree: TypeTree) -> Iterator[tuple[int, range]]:
    return ((i, range(len(labels))) for i, labels in enumerate(tree.typed.problem.types))
