"""Agent quantal response on trees, against recursion over the same tree and its two limits."""

import numpy as np
import pytest

from servanda.errors import ProblemError
from servanda.results.extensive import Chance, Decision, ExtensiveGame, Outcome
from servanda.solvers.quantal_response import quantal_response


def random_tree(rng, depth=4):
    """A tree as nested nodes, and the same depth first."""
    nodes = []

    def grow(level):
        number = len(nodes)
        if level == 0 or rng.random() < 0.2:
            nodes.append(Outcome(f"o{number}", tuple(rng.uniform(-3, 3, 2).tolist())))
            return nodes[number], []
        moves = tuple(f"m{k}" for k in range(int(rng.integers(2, 4))))
        if rng.random() < 0.25:
            chances = tuple(rng.dirichlet(np.ones(len(moves))).tolist())
            nodes.append(Chance(f"c{number}", moves, chances))
        else:
            nodes.append(Decision(f"d{number}", int(rng.integers(2)), moves))
        return nodes[number], [grow(level - 1) for _ in moves]

    root = grow(depth)
    return root, ExtensiveGame("random", ("a", "b"), tuple(nodes))


def values(tree, choose, found):
    node, children = tree
    if isinstance(node, Outcome):
        return np.array(node.payoffs)
    below = np.array([values(child, choose, found) for child in children])
    if isinstance(node, Chance):
        return np.array(node.probabilities) @ below
    found[node.name] = choose(below[:, node.player])
    return found[node.name] @ below


@pytest.mark.parametrize("seed", range(20))
def test_by_recursion_and_in_the_limit(seed):
    tree, game = random_tree(np.random.default_rng(seed))
    for precision in (0.0, 0.7, 3.0):
        slow = {}
        values(tree, lambda v, p=precision: np.exp(p * v) / np.exp(p * v).sum(), slow)
        found = quantal_response(game, precision)
        assert list(found) == [node.name for node in game.nodes if isinstance(node, Decision)]
        for name, chances in found.items():
            assert chances == pytest.approx(slow[name], abs=1e-12)
            if precision == 0.0:
                assert chances == pytest.approx([1 / len(chances)] * len(chances))
    perfect = {}
    values(tree, lambda v: (v == v.max()).astype(float), perfect)
    for name, chances in quantal_response(game, 1e7).items():
        assert chances == pytest.approx(perfect[name], abs=1e-6)


def test_a_precision_that_is_none():
    _, game = random_tree(np.random.default_rng(1))
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(ProblemError, match="precision"):
            quantal_response(game, wrong)
