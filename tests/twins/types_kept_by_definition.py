"""Types as coded held to keeping: the general solver, told that a breach of theirs is ruinous."""

from dataclasses import replace

import numpy as np

from servanda.solvers.sincerity import path
from servanda.solvers.type_equilibrium import TIES, TypeTree, _best_reply, expected
from servanda.solvers.type_months import typed_plan

RUIN = -1e6


def held_to_keeping(problem, plan, coded):
    """Values at the start and smallest margins of the types as coded; None without equilibrium."""
    free = typed_plan(problem, plan)
    held = typed_plan(problem, plan)
    held.__dict__["months"] = tuple(_ruinous(problem, month, coded) for month in free.months)
    tree, real = TypeTree(held), TypeTree(free)
    alive = tuple(
        frozenset(np.flatnonzero(prior).tolist()) | {coded[i]}
        for i, prior in enumerate(problem.prior)
    )
    root = tree.node(0, alive)
    if root is None:
        return None
    actors = range(len(problem.actors))
    start = [expected(tree, alive, i, coded[i]) @ root.values[:, i] for i in actors]
    margin = np.full(len(actors), np.inf)
    for number, node in enumerate(path(root)):
        game = free.months[number]
        then = node.then
        keep = game.offset if then is None else game.offset + game.share * then.values
        twins = {id(one): other for one, other in _pairs(node.game, game)}
        moves = {one: twins[id(way)] if way else None for one, way in node.moves.items()}
        for i in actors:
            reply = _best_reply(real, game, node.alive, keep, moves, (i, coded[i]), TIES[0])
            margin[i] = min(margin[i], reply.keep - reply.value)
    return np.array(start), margin


def _ruinous(problem, month, coded):
    breaches = []
    for actor, ways in enumerate(month.breaches):
        own = problem.profiles[:, actor] == coded[actor]
        changed = []
        for way in ways:
            values = way.values.copy()
            values[own, actor] = RUIN
            changed.append(replace(way, values=values))
        breaches.append(tuple(changed))
    return replace(month, breaches=tuple(breaches))


def _pairs(held, free):
    for mine, theirs in zip(held.breaches, free.breaches, strict=True):
        yield from zip(mine, theirs, strict=True)
