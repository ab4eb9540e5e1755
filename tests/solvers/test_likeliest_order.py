"""The order most likely to be carried through: against all orders, and what the search says."""

from dataclasses import replace

import numpy as np
import pytest

from servanda.errors import ProblemError
from servanda.problems.chance import LogitNoise, chance_game
from servanda.problems.implementation_game import implementation_game
from servanda.solvers.best_order import before_pairs
from servanda.solvers.chance_plan import evaluate_with_chance
from servanda.solvers.likeliest_order import likeliest_order
from twins.chance_by_definition import random_chance
from twins.plan_by_definition import all_orders


def games(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        game = random_chance(rng, int(rng.integers(2, 5)), 2, 2, 2)
        yield game, LogitNoise(float(rng.uniform(0.02, 0.3)), float(rng.uniform(0.1, 1)))


def test_it_is_the_best_of_all_orders():
    for game, noise in games(15, 1):
        tried = [evaluate_with_chance(game, p, noise=noise) for p in all_orders(game.problem)]
        found = likeliest_order(game, noise=noise)
        assert found.exact
        assert found.evaluated == found.orders == len(tried)
        assert found.probability == max(one.carried_through for one in tried)
        assert found.plan.carried_through == found.probability


def test_a_climb_finds_most_of_it_within_its_budget():
    reached = []
    for game, noise in games(60, 2):
        whole = likeliest_order(game, noise=noise)
        if not 12 <= whole.orders <= 80:
            continue
        some = likeliest_order(game, noise=noise, budget=whole.orders - 1)
        assert not some.exact
        assert some.evaluated <= some.budget
        assert some.probability <= whole.probability
        assert "best found" in some.sentence
        reached.append(some.probability >= whole.probability - 1e-12)
        again = likeliest_order(game, noise=noise, budget=whole.orders - 1)
        assert again.plan.order == some.plan.order
    assert len(reached) >= 5
    assert np.mean(reached) >= 0.8


def test_a_start_is_never_left_for_something_worse():
    for game, noise in games(10, 3):
        plans = list(all_orders(game.problem))
        if len(plans) < 3:
            continue
        start = plans[-1]
        given = evaluate_with_chance(game, start, noise=noise)
        found = likeliest_order(game, noise=noise, starts=[start], budget=2)
        assert found.probability >= given.carried_through - 1e-12


def test_pairs_and_groups_are_kept():
    game = chance_game(land_and_guarantee())
    found = likeliest_order(game, required_before=before_pairs(["land"], ["guarantee"]))
    assert found.plan.order == (("land",), ("guarantee",))
    together = likeliest_order(game, together=[("land", "guarantee")])
    assert together.plan.order == (("land", "guarantee"),)


def test_what_can_fail_comes_where_least_time_is_at_risk():
    """A lost vote ends the plan wherever it stands; until then parties may err: the vote first."""
    problem = replace(land_and_guarantee(), months=np.array([6, 1]))
    game = chance_game(problem, passes={"guarantee": 0.5})
    found = likeliest_order(game, noise=LogitNoise(0.05, 0.0))
    assert found.exact
    assert found.probability == pytest.approx(
        max(
            evaluate_with_chance(game, plan, noise=LogitNoise(0.05, 0.0)).carried_through
            for plan in all_orders(problem)
        )
    )


def test_deadlines_are_met():
    game = chance_game(replace(land_and_guarantee(), deadline=np.array([6, -1])))
    found = likeliest_order(game, noise=LogitNoise(0.05, 0.5))
    assert found.orders == 2  # land first, or both at once
    assert found.plan.order[0][0] == "land"
    short = likeliest_order(game, noise=LogitNoise(0.05, 0.5), budget=2)
    assert short.plan.order[0][0] == "land"


def test_no_order_is_an_answer_and_no_budget_a_complaint():
    problem = implementation_game(
        ["a"],
        ["x", "y"],
        discount=0.9,
        flow=lambda done: [1.0],
        attack=lambda done: [0.0],
        requires={"y": "x"},
        joint=[(("x", "y"), True)],
    )
    none = likeliest_order(chance_game(problem), together=[("x", "y")])
    assert none.plan is None
    assert none.orders == 0
    assert none.exact
    assert "No order" in none.sentence
    with pytest.raises(ProblemError, match="budget: 0 plans"):
        likeliest_order(chance_game(problem), budget=0)


def land_and_guarantee():
    return implementation_game(
        ["north", "south"],
        ["land", "guarantee"],
        discount=0.99,
        months=6,
        owners={"land": "south", "guarantee": None},
        flow=lambda done: {"north": 50 + 10 * ("land" in done), "south": 45},
        attack=lambda done: {
            "north": 45 + 20 * ("land" in done) - 30 * ("guarantee" in done),
            "south": 30,
        },
        joint=[(("land", "guarantee"), True)],
    )
