"""Play with types against the explicit tree with every choice of every type tried."""

import numpy as np
import pytest

from servanda.problems.sincerity import sincerity_problem
from servanda.solvers.plan import evaluate_plan
from servanda.solvers.sincerity import play_with_types
from servanda.solvers.tests_of_sincerity import offer_test
from servanda.solvers.type_equilibrium import TypeTree
from servanda.solvers.type_months import typed_plan
from twins.plan_by_definition import all_orders, random_problem
from twins.sincerity_by_definition import Tree, all_alive, random_types

GAMES = {1: 40, 2: 20}


def a_plan(problem, rng):
    orders = list(all_orders(problem.games[0]))
    return orders[int(rng.integers(len(orders)))]


@pytest.mark.parametrize(("typed", "block"), [(t, b) for t in (1, 2) for b in range(3)])
def test_play_is_that_of_the_explicit_tree(typed, block):
    rng = np.random.default_rng([7, typed, block])
    seen = {"compared": 0, "broken": 0, "none": 0}
    for _ in range(GAMES[typed]):
        problem = random_types(rng, typed, odd=block == 2, costs=bool(rng.random() < 0.5))
        plan = a_plan(problem, rng)
        tree = Tree(problem, plan)
        twin = tree.node(0, all_alive(problem))
        found = TypeTree(typed_plan(problem, plan))
        node = found.node(0, all_alive(problem))
        if twin is None:
            assert node is None
            seen["none"] += 1
            continue
        # Where breaches of one set can be best replies in several ways, either may be played.
        if not all(one is None or one["unique"] for one in tree.known.values()):
            continue
        seen["compared"] += 1
        assert node.values == pytest.approx(np.array(twin["values"]), abs=1e-8)
        while twin is not None and node is not None:
            out = {
                key for key, breach in node.moves.items() if breach and key[1] in node.alive[key[0]]
            }
            assert out == twin["out"]
            assert node.sets == twin["sets"]
            assert node.after == twin["after"]
            seen["broken"] += bool(out)
            node, twin = node.then, twin["then"]
        assert twin is None or not twin["out"]  # months after completion that tempt nobody
    assert seen["compared"] > 5
    assert seen["broken"] > 3


@pytest.mark.parametrize("block", range(3))
def test_an_offer_is_answered_as_in_the_explicit_tree(block):
    rng = np.random.default_rng([9, block])
    refused = compared = 0
    for _ in range(15):
        problem = random_types(rng, 1)
        accept, refuse = a_plan(problem, rng), a_plan(problem, rng)
        trees = Tree(problem, accept), Tree(problem, refuse)
        answers = answers_by_definition(problem, *trees)
        if not all(one is None or one["unique"] for tree in trees for one in tree.known.values()):
            continue
        compared += 1
        found = offer_test(problem, accept, refuse, "a")
        assert found.answers == len(answers)
        assert found.found == bool(answers)
        if answers:
            chance, refusing, gain = answers[0]
            assert found.accepted == pytest.approx(chance)
            assert set(found.refusing) == {problem.types[0][t] for t in refusing}
            assert list(found.gain.values()) == pytest.approx(gain)
            refused += bool(refusing)
    assert compared > 8
    assert refused > 0


def answers_by_definition(problem, accept, refuse):
    """(chance of acceptance, refusing types, gain from refusing), most likely to accept first."""
    everything, found = all_alive(problem), []
    for refusing in (set(), {0}, {1}, {0, 1}):
        yes = accept.node(0, (frozenset({0, 1} - refusing or {0, 1}), *everything[1:]))
        no = refuse.node(0, (frozenset(refusing or {0, 1}), *everything[1:]))
        if yes is None or no is None:
            continue
        gain = []
        for t in (0, 1):
            rows = [p for p, profile in enumerate(accept.profiles) if profile[0] == t]
            weights = [accept.chance(everything, p, 0) for p in rows]
            better = [no["values"][p][0] - yes["values"][p][0] for p in rows]
            gain.append(float(np.dot(weights, better)))
        cares = {t in refusing for t in (0, 1) if abs(gain[t]) > 1e-9}
        wants = [gain[t] > 1e-9 or (abs(gain[t]) <= 1e-9 and cares == {True}) for t in (0, 1)]
        if all(wants[t] == (t in refusing) for t in (0, 1)):
            chance = sum(problem.prior[0][t] for t in (0, 1) if t not in refusing)
            found.append((chance, refusing, gain))
    return sorted(found, key=lambda one: (-one[0], len(one[1])))


@pytest.mark.parametrize("block", range(4))
def test_with_one_type_each_a_plan_is_carried_through_iff_it_is_self_enforcing(block):
    rng = np.random.default_rng([8, block])
    kept = 0
    for _ in range(40):
        game = random_problem(rng, int(rng.integers(1, 5)), int(rng.integers(1, 4)))
        problem = sincerity_problem({}, lambda who, game=game: game)
        plan = a_plan(problem, rng)
        play, evaluation = play_with_types(problem, plan), evaluate_plan(game, plan)
        assert (play.carried_through == 1.0) == evaluation.self_enforcing
        if evaluation.self_enforcing:
            kept += 1
            assert list(play.values.values()) == pytest.approx(evaluation.values[0].tolist())
    assert 0 < kept < 40
