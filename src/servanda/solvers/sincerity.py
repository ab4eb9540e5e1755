"""Play of a plan when types are hidden: who would breach where, and what each step shows.

Equilibrium. Perfect Bayesian, pure, by backward induction over (month, types still alive); see
`servanda.solvers.type_equilibrium`. In each month

* a type keeps iff that is worth at least its best breach, given what the other types do;
* a breach shows that its actor is of a type that breaches there, and ends the plan;
* keeping leaves the prior restricted to the types that keep (Bayes).

What a stage shows is the mutual information between types and what is seen, in bits. What it saves
is what the others get when a type breaches here, less what they would get if that type kept here
and breached at its best moment later.

Sources: Kydd, A. (2005), Trust and Mistrust in International Relations, chs. 2 and 7; Spence, M.
(1973), Job market signaling, QJE 87(3) (separating and pooling); Fearon, J. (1994), JCR 38(2).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from servanda.kernels.type_arrays import WITHHELD
from servanda.problems.implementation import TOLERANCE, Floats
from servanda.problems.sincerity import SincerityProblem
from servanda.results.sincerity import (
    Beliefs,
    Separation,
    SincerityPlay,
    StageSincerity,
    TypeBreach,
)
from servanda.solvers.plan import Plan
from servanda.solvers.type_equilibrium import (
    Alive,
    Node,
    TypeTree,
    belief,
    expected,
    first_breaches,
)
from servanda.solvers.type_months import Breach, typed_plan


def play_with_types(problem: SincerityProblem, plan: Plan) -> SincerityPlay:
    """Play a plan: who of which type breaches where, what is learned, what that saves.

    Args:
        problem: games, types and prior.
        plan: as in `servanda.solvers.plan.evaluate_plan`.
    """
    tree = TypeTree(typed_plan(problem, plan))
    return play_from(tree, tree.at_prior())


def play_from(tree: TypeTree, alive: Alive) -> SincerityPlay:
    """Play from signature when these types are held possible."""
    problem, layout = tree.typed.problem, tree.typed.layout
    steps = problem.games[0].steps
    order = tuple(
        tuple(steps[j] for j in range(len(steps)) if mask >> j & 1) for mask, _ in layout.stages
    )
    root = tree.node(0, alive)
    if root is None:
        return SincerityPlay(order, False, _no_equilibrium(tree), (), 0.0, {}, {})
    stages, reached = [], 1.0
    for nodes in _by_stage(tree, root):
        stages.append(_report(tree, nodes, reached, order))
        reached *= stages[-1].kept
    reached = reached if reached > TOLERANCE else 0.0
    weights = belief(tree, alive)
    return SincerityPlay(
        order=order,
        found=True,
        reason="",
        stages=tuple(stages),
        carried_through=reached,
        values=dict(zip(problem.actors, (weights @ root.values).tolist(), strict=True)),
        by_type={
            actor: {
                label: float(expected(tree, alive, i, t) @ root.values[:, i])
                for t, label in enumerate(problem.types[i])
            }
            for i, actor in enumerate(problem.actors)
            if i in problem.typed
        },
    )


def path(root: Node) -> Iterator[Node]:
    """The months that are reached while everybody keeps."""
    node: Node | None = root
    while node is not None:
        yield node
        node = node.then


def broken(tree: TypeTree, root: Node) -> Floats:
    """(P,) 1 for each profile in which somebody breaches on the path, else 0."""
    nodes = list(path(root))
    return np.array([float(bool(_seen(tree, nodes, p))) for p in range(len(tree.profiles))])


def _by_stage(tree: TypeTree, root: Node) -> Iterator[list[Node]]:
    """The months of each stage, as far as the path is reached with some probability."""
    for _, months in groupby(path(root), key=lambda node: node.game.point):
        nodes = []
        for node in months:
            nodes.append(node)
            if _kept(tree, node) <= TOLERANCE:
                yield nodes
                return
        yield nodes


def _kept(tree: TypeTree, node: Node) -> float:
    weights = belief(tree, node.alive)
    return float(sum(w for p, w in enumerate(weights) if not _seen(tree, [node], p)))


def _report(
    tree: TypeTree, nodes: Sequence[Node], reached: float, order: Sequence[tuple[str, ...]]
) -> StageSincerity:
    problem = tree.typed.problem
    first, last = nodes[0], nodes[-1]
    weights = belief(tree, first.alive)
    seen = [_seen(tree, nodes, p) for p in range(len(weights))]
    end = first.game.point == len(order)
    return StageSincerity(
        stage=first.game.point,
        steps=() if end else order[first.game.point],
        reached=reached,
        kept=float(np.prod([_kept(tree, node) for node in nodes])),
        before=_beliefs(problem, first.alive),
        after=_beliefs(problem, last.after),
        separation={problem.actors[i]: _separation(nodes, i) for i in problem.typed},
        breaches=tuple(
            TypeBreach(problem.actors[i], problem.types[i][t], breach.constraint, keep, value)
            for node in nodes
            for (i, t), breach in sorted(node.moves.items(), key=lambda item: item[0])
            if breach is not None and t in node.alive[i]
            for keep, value in [node.compared[i, t]]
        ),
        bits={problem.actors[i]: _bits(tree, weights, seen, i) for i in problem.typed},
        saved=_saved(tree, nodes),
        sets=max(node.sets for node in nodes),
    )


def _seen(tree: TypeTree, nodes: Sequence[Node], p: int) -> tuple[Breach, ...]:
    """The breaches of which one comes to light, all where parts are withheld together."""
    for node in nodes:
        found = first_breaches([node.moves[i, int(t)] for i, t in enumerate(tree.profiles[p])])
        if found:
            return found
    return ()


def _separation(nodes: Sequence[Node], actor: int) -> Separation:
    types = nodes[0].alive[actor]
    if len(types) == 1:
        return Separation.KNOWN
    acts = {
        next((id(node.moves[actor, t]) for node in nodes if node.moves[actor, t]), 0) for t in types
    }
    return Separation.POOLING if len(acts) == 1 else Separation.SEPARATING


def _bits(tree: TypeTree, weights: Floats, seen: Sequence[tuple[Breach, ...]], actor: int) -> float:
    """Mutual information between an actor's type and what is seen, in bits."""
    types, count = tree.profiles[:, actor], len(tree.typed.problem.types[actor])
    observed: dict[tuple[int, ...], Floats] = {}
    for p, breaches in enumerate(seen):
        together = len(breaches) > 1 and breaches[0].rank == WITHHELD
        shown = [tuple(map(id, breaches))] if together else [(id(one),) for one in breaches]
        for sight in shown or [()]:
            joint = observed.setdefault(sight, np.zeros(count))
            joint[types[p]] += weights[p] / max(len(shown), 1)
    before = np.sum(list(observed.values()), axis=0)
    left = sum(one.sum() * _entropy(one / one.sum()) for one in observed.values() if one.any())
    return max(0.0, _entropy(before) - float(left))


def _entropy(weights: Floats) -> float:
    positive = weights[weights > 0.0]
    return float((positive * -np.log2(positive)).sum())


def _saved(tree: TypeTree, nodes: Sequence[Node]) -> dict[str, float]:
    """What the others have from a breach now, less what they had if it came at its best later."""
    weights = belief(tree, nodes[0].alive)
    total = np.zeros(len(tree.typed.problem.actors))
    for node in nodes:
        for p, weight in enumerate(weights):
            breaches = _seen(tree, [node], p)
            if breaches and node.then is not None:
                later = node.game.offset[p] + node.game.share[p] * node.then.values[p]
                bystanders = np.ones(len(total), dtype=bool)
                bystanders[[one.actor for one in breaches]] = False
                total += weight * bystanders * (node.values[p] - later)
            weights[p] = 0.0 if breaches else weight
    return dict(zip(tree.typed.problem.actors, total.tolist(), strict=True))


def _beliefs(problem: SincerityProblem, alive: Alive) -> Beliefs:
    return {problem.actors[i]: posterior(problem, i, alive[i]) for i in problem.typed}


def posterior(problem: SincerityProblem, actor: int, types: frozenset[int]) -> dict[str, float]:
    """The prior about one actor restricted to some of its types, by label."""
    mass = sum(problem.prior[actor][t] for t in types)
    return {
        label: (problem.prior[actor][t] / mass if t in types and mass else 0.0)
        for t, label in enumerate(problem.types[actor])
    }


def _no_equilibrium(tree: TypeTree) -> str:
    point = tree.typed.months[tree.deepest_without()].point
    last = len(tree.typed.layout.stages)
    where = "after completion" if point == last else f"in stage {point + 1}"
    return (
        f"No pure equilibrium {where}: whichever types are expected to breach there, some type "
        "would rather do otherwise."
    )
