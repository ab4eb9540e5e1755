"""Who of which type breaches where: backward induction over (stage, types still alive).

At every node each type keeps through the stage or breaches, against its belief about the others:
the prior restricted to the types still alive. Pure equilibria are found set by set of breaching
types; the first consistent one is taken in the order: most likely to see the stage through, fewest
types, first in the actors' order. Ties keep.

A type that is no longer believed in plays its own best: that is what a deviation in an earlier
stage leads to. Where all types of an actor would have breached and none has, beliefs about it stay.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import prod

import numpy as np

from servanda.problems.implementation import TOLERANCE, Floats, Integers
from servanda.solvers.type_stages import WITHHELD, Breach, StageGame, TypedPlan

Alive = tuple[frozenset[int], ...]
"""Per actor the types it may still be."""

Moves = dict[tuple[int, int], Breach | None]
"""(actor, type) to its breach in a stage; None for keeping."""

MOST_STARTS = 64
"""Ways of breaching together from which all equilibria of a set are looked for."""

ROUNDS = 50
"""Best replies tried before a set of breaching types counts as inconsistent."""


@dataclass(frozen=True, eq=False)
class Node:
    """One stage with what is known of types.

    Attributes:
        stage: the game.
        alive: types still alive at its start.
        moves: what every type does, those not alive included.
        values: (P, A) what each profile brings, in expectation over lots, from the stage's start.
        after: types alive once the stage has been kept.
        compared: (actor, type) to the values of keeping and of its best breach.
        sets: how many sets of breaching types are consistent.
        then: the node that follows; None at the end.
    """

    stage: StageGame
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
        self._solved: dict[tuple[int, Alive], Node | None] = {}

    @property
    def end(self) -> int:
        """Index of the last stage, which is what follows completion."""
        return len(self.typed.layout.stages)

    def node(self, point: int, alive: Alive) -> Node | None:
        """The equilibrium from a stage on; None where no pure one exists."""
        key = (point, alive)
        if key not in self._solved:
            self._solved[key] = _solve(self, point, alive)
        return self._solved[key]

    def deepest_without(self) -> int:
        """The last stage at which no pure equilibrium was found."""
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
    own: Floats = belief(tree, alive, known=actor) * (tree.profiles[:, actor] == type_)
    return own


def first_breaches(moves: Sequence[Breach | None]) -> tuple[Breach, ...]:
    """The breaches that count when all actors move: the earliest, several where they tie."""
    made = [one for one in moves if one is not None]
    if not made:
        return ()
    first = min(one.moment for one in made)
    return tuple(one for one in made if one.moment == first)


def _solve(tree: TypeTree, point: int, alive: Alive) -> Node | None:
    stage = tree.typed.stages[point]
    found: Node | None = None
    sets = 0
    for breaching in _sets(tree, alive, tempted(tree, point, alive)):
        after = _after(alive, breaching)
        then = tree.node(point + 1, after) if point < tree.end else None
        if then is None and point < tree.end:
            continue
        keep = stage.offset if then is None else stage.offset + stage.share * then.values
        best = _consistent(tree, stage, alive, breaching, keep)
        if best is None:
            continue
        sets += 1
        if found is None:
            moves = {one: reply.breach if reply.pays else None for one, reply in best.items()}
            values = np.array(
                [
                    _outcome(tree, stage, keep, _others_first(tree, moves, -1, p), p)
                    for p in range(len(tree.profiles))
                ]
            )
            compared = {one: (reply.keep, reply.value) for one, reply in best.items()}
            found = Node(stage, alive, moves, values, after, compared, 0, then)
    return None if found is None else replace(found, sets=sets)


def _after(alive: Alive, breaching: Collection[tuple[int, int]]) -> Alive:
    """Types alive when a stage has been kept in which these would have breached."""
    return tuple(
        frozenset(t for t in types if (i, t) not in breaching) or types
        for i, types in enumerate(alive)
    )


def tempted(tree: TypeTree, point: int, alive: Alive) -> list[tuple[int, int]]:
    """Types that could gain by a breach in a stage, whatever the others do and come to believe.

    A type is left out when its best breach is worth less than the least that keeping can bring:
    the worst that can follow, or the worst breach of a type still listed that would not have come
    before its own.
    """
    stage = tree.typed.stages[point]
    listed = [(i, t) for i, types in enumerate(alive) if stage.breaches[i] for t in sorted(types)]
    while True:
        least = _least_from_keeping(tree, point, alive, listed)
        if least is None:
            return listed
        actors = {i for i, _ in listed}
        left = [one for one in listed if _could_gain(tree, stage, alive, one, actors, least)]
        if left == listed:
            return listed
        listed = left


def _least_from_keeping(
    tree: TypeTree, point: int, alive: Alive, listed: Sequence[tuple[int, int]]
) -> Floats | None:
    """(P, A) the least that a stage kept by all can bring; None where something is unknown."""
    stage = tree.typed.stages[point]
    if point == tree.end:
        return stage.offset
    hidden = [one for one in listed if len(alive[one[0]]) > 1]
    ways = {
        _after(alive, chosen)
        for size in range(len(hidden) + 1)
        for chosen in combinations(hidden, size)
    }
    nodes = [tree.node(point + 1, after) for after in ways]
    found = [stage.offset + stage.share * node.values for node in nodes if node is not None]
    least: Floats | None = np.min(found, axis=0) if len(found) == len(nodes) else None
    return least


def _could_gain(
    tree: TypeTree,
    stage: StageGame,
    alive: Alive,
    who: tuple[int, int],
    actors: Collection[int],
    least: Floats,
) -> bool:
    actor, type_ = who
    weights = expected(tree, alive, actor, type_)
    others = [j for j in actors if j != actor]
    for breach in stage.breaches[actor]:
        if breach.moment[1] == WITHHELD and any(
            one.moment == breach.moment for j in others for one in stage.breaches[j]
        ):
            return True  # withheld together, parts are worth something else
        low = least[:, actor]
        for j in others:
            worst = stage.worst_from(j, breach.moment)
            if worst is not None:
                low = np.minimum(low, worst[:, actor])
        if weights @ (breach.values[:, actor] - low) > TOLERANCE:
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

    @property
    def pays(self) -> bool:
        return self.breach is not None and self.value > self.keep + TOLERANCE


def _consistent(
    tree: TypeTree,
    stage: StageGame,
    alive: Alive,
    breaching: frozenset[tuple[int, int]],
    keep: Floats,
) -> dict[tuple[int, int], _Reply] | None:
    """Best replies of all types when exactly these alive breach; None if that is inconsistent."""
    for start in _starts(tree, stage, breaching):
        replies = _settled(tree, stage, alive, breaching, keep, start)
        if replies is None or not all(reply.pays for reply in replies.values()):
            continue
        moves = start | {one: reply.breach for one, reply in replies.items()}
        for i, labels in _types(tree):
            for t in labels:
                if (i, t) not in breaching:
                    replies[i, t] = _best_reply(tree, stage, alive, keep, moves, i, t)
        if not any(
            replies[i, t].pays for i, t in replies if t in alive[i] and (i, t) not in breaching
        ):
            return replies
    return None


def _starts(
    tree: TypeTree, stage: StageGame, breaching: frozenset[tuple[int, int]]
) -> Iterator[Moves]:
    """Where best replies begin: every way in which all but one actor breach, while these are few.

    Types of one actor never meet, so with a single actor there is one start, and it settles it.
    Otherwise: all others keep; then, all breach at one moment, for each moment.
    """
    keeping: Moves = {(i, t): None for i, labels in _types(tree) for t in labels}
    _, *others = _by_actor(stage, breaching)
    slots = [one for group in others for one in group]
    ways = [stage.breaches[i] for i, _ in slots]
    if prod(len(way) for way in ways) <= MOST_STARTS:
        for chosen in product(*ways):
            yield keeping | dict(zip(slots, chosen, strict=True))
        return
    yield keeping
    for moment in sorted({one.moment for way in ways for one in way}):
        at = [next((one for one in way if one.moment == moment), None) for way in ways]
        yield keeping | dict(zip(slots, at, strict=True))


def _by_actor(
    stage: StageGame, breaching: frozenset[tuple[int, int]]
) -> list[list[tuple[int, int]]]:
    """The breaching types of each actor, first those with the most ways to breach."""
    groups = [[one for one in sorted(breaching) if one[0] == i] for i in {i for i, _ in breaching}]
    groups.sort(key=lambda group: (-(len(stage.breaches[group[0][0]]) ** len(group)), group))
    return groups or [[]]


def _settled(
    tree: TypeTree,
    stage: StageGame,
    alive: Alive,
    breaching: frozenset[tuple[int, int]],
    keep: Floats,
    moves: Moves,
) -> dict[tuple[int, int], _Reply] | None:
    """Best replies of the breaching types, actor after actor; None where they do not settle."""
    groups = _by_actor(stage, breaching)
    replies: dict[tuple[int, int], _Reply] = {}
    for _ in range(ROUNDS):
        before = moves
        for group in groups:
            replies |= {one: _best_reply(tree, stage, alive, keep, moves, *one) for one in group}
            moves = moves | {one: replies[one].breach for one in group}
        if all(moves[one] is before[one] for one in breaching):
            return replies
    return None


def _best_reply(
    tree: TypeTree,
    stage: StageGame,
    alive: Alive,
    keep: Floats,
    moves: Moves,
    actor: int,
    type_: int,
) -> _Reply:
    """A type's best breach against what the others do, its value, and that of keeping."""
    weights = expected(tree, alive, actor, type_)
    rows = np.flatnonzero(weights).tolist()
    others = {p: _others_first(tree, moves, actor, p) for p in rows}

    def worth(move: Breach | None) -> float:
        total = 0.0
        for p in rows:
            first = others[p]
            if move is None or (first and first[0].moment < move.moment):
                made = first
            elif first and first[0].moment == move.moment:
                made = (*first, move)
            else:
                made = (move,)
            total += weights[p] * _outcome(tree, stage, keep, made, p)[actor]
        return total

    best: Breach | None = None
    value = -np.inf
    for breach in stage.breaches[actor]:
        found = worth(breach)
        if found >= value - TOLERANCE:
            best, value = breach, max(found, value)
    return _Reply(best, float(value), float(worth(None)))


def _others_first(tree: TypeTree, moves: Moves, actor: int, p: int) -> tuple[Breach, ...]:
    """The breaches that count when everybody but one actor moves as said, in a profile."""
    types = enumerate(tree.profiles[p].tolist())
    return first_breaches([moves[i, t] for i, t in types if i != actor])


def _outcome(
    tree: TypeTree, stage: StageGame, keep: Floats, first: Sequence[Breach], p: int
) -> Floats:
    """(A,) what a profile brings when these breaches, of one moment, come first."""
    if not first:
        value: Floats = keep[p]
    elif len(first) == 1:
        value = first[0].values[p]
    elif first[0].moment[1] == WITHHELD:
        value = tree.typed.withheld_together(stage.point, first)[p]
    else:
        value = np.mean([one.values[p] for one in first], axis=0)
    return value


def _types(tree: TypeTree) -> Iterator[tuple[int, range]]:
    return ((i, range(len(labels))) for i, labels in enumerate(tree.typed.problem.types))
