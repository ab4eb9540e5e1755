"""Play of a plan when types are hidden: who would breach where, and what each step shows.

Equilibrium. Perfect Bayesian, pure, by backward induction over (stage, types still alive); see
`servanda.solvers.type_equilibrium`. In each stage

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

import numpy as np

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
from servanda.solvers.type_stages import WITHHELD, Breach, typed_plan


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
    for node in path(root):
        stages.append(_report(tree, node, reached, order))
        reached *= stages[-1].kept
        if reached <= TOLERANCE:
            reached = 0.0
            break
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
    """The nodes that are reached while everybody keeps."""
    node: Node | None = root
    while node is not None:
        yield node
        node = node.then


def broken(tree: TypeTree, root: Node) -> Floats:
    """(P,) 1 for each profile in which somebody breaches on the path, else 0."""
    found = np.zeros(len(tree.profiles))
    for node in path(root):
        for p in range(len(found)):
            if _seen(tree, node, p):
                found[p] = 1.0
    return found


def _report(
    tree: TypeTree, node: Node, reached: float, order: Sequence[tuple[str, ...]]
) -> StageSincerity:
    problem = tree.typed.problem
    weights = belief(tree, node.alive)
    seen = [_seen(tree, node, p) for p in range(len(weights))]
    end = node.stage.point == len(order)
    return StageSincerity(
        stage=node.stage.point,
        steps=() if end else order[node.stage.point],
        reached=reached,
        kept=float(sum(w for w, breaches in zip(weights, seen, strict=True) if not breaches)),
        before=_beliefs(problem, node.alive),
        after=_beliefs(problem, node.after),
        separation={problem.actors[i]: _separation(node, i) for i in problem.typed},
        breaches=tuple(
            TypeBreach(problem.actors[i], problem.types[i][t], breach.constraint, kept, value)
            for (i, t), breach in sorted(node.moves.items(), key=lambda item: item[0])
            if breach is not None and t in node.alive[i]
            for kept, value in [node.compared[i, t]]
        ),
        bits=_bits(weights, seen),
        saved=_saved(tree, node, weights, seen),
        sets=node.sets,
    )


def _seen(tree: TypeTree, node: Node, p: int) -> tuple[Breach, ...]:
    """The breaches of which one comes to light, all where parts are withheld together."""
    return first_breaches([node.moves[i, int(t)] for i, t in enumerate(tree.profiles[p])])


def _separation(node: Node, actor: int) -> Separation:
    types = node.alive[actor]
    if len(types) == 1:
        return Separation.KNOWN
    acts = {id(node.moves[actor, t]) for t in types}
    return Separation.POOLING if len(acts) == 1 else Separation.SEPARATING


def _bits(weights: Floats, seen: Sequence[tuple[Breach, ...]]) -> float:
    """Mutual information between profiles and what is seen, in bits."""
    observed: dict[tuple[int, ...], Floats] = {}
    for p, breaches in enumerate(seen):
        together = len(breaches) > 1 and breaches[0].moment[1] == WITHHELD
        shown = [tuple(map(id, breaches))] if together else [(id(one),) for one in breaches]
        for sight in shown or [()]:
            joint = observed.setdefault(sight, np.zeros(len(weights)))
            joint[p] += weights[p] / max(len(shown), 1)
    left = sum(
        joint.sum() * _entropy(joint / joint.sum()) for joint in observed.values() if joint.any()
    )
    return max(0.0, _entropy(weights) - float(left))


def _entropy(weights: Floats) -> float:
    positive = weights[weights > 0.0]
    return float((positive * -np.log2(positive)).sum())


def _saved(
    tree: TypeTree, node: Node, weights: Floats, seen: Sequence[tuple[Breach, ...]]
) -> dict[str, float]:
    """What the others have from a breach now, less what they had if it came at its best later."""
    total = np.zeros(len(tree.typed.problem.actors))
    if node.then is not None:
        later = node.stage.offset + node.stage.share * node.then.values
        for p, breaches in enumerate(seen):
            bystanders = np.ones(len(total), dtype=bool)
            bystanders[[one.actor for one in breaches]] = False
            if breaches:
                total += weights[p] * bystanders * (node.values[p] - later[p])
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
    point = tree.deepest_without()
    last = len(tree.typed.layout.stages)
    where = "after completion" if point == last else f"in stage {point + 1}"
    return (
        f"No pure equilibrium {where}: whichever types are expected to breach there, some type "
        "would rather do otherwise."
    )
