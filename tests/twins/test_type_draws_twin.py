"""The loop over draws against the general solver of play with types."""

from dataclasses import fields

import numpy as np
import pytest

from servanda.problems.implementation import PayoffDraws
from servanda.solvers.sincerity import path
from servanda.solvers.type_draws import TypeDraws, play_over_draws, typed_layout
from servanda.solvers.type_equilibrium import TypeTree, expected
from servanda.solvers.type_months import typed_plan
from twins.plan_by_definition import all_orders
from twins.sincerity_by_definition import random_types
from twins.types_kept_by_definition import held_to_keeping

GAMES = {1: 40, 2: 30}


def as_draws(problem, coded):
    """One draw of the problem with its prior."""
    rows = {
        one.name: np.array([getattr(game, one.name) for game in problem.games])
        for one in fields(PayoffDraws)
    }
    observers = [problem.prior_of(i) for i in range(len(problem.actors))] + [problem.prior]
    return TypeDraws(
        game=problem.games[0],
        payoffs=PayoffDraws(**rows),
        attacked=problem.attacked,
        reneged=problem.reneged,
        count=tuple(len(labels) for labels in problem.types),
        coded=coded,
        prior=np.array([[np.concatenate(one) for one in observers]]),
    )


def drawn(seed, typed, **switch):
    rng = np.random.default_rng(seed)
    problem = random_types(rng, typed, costs=bool(rng.random() < 0.5), **switch)
    orders = list(all_orders(problem.games[0]))
    return problem, orders[int(rng.integers(len(orders)))]


@pytest.mark.parametrize(("typed", "block"), [(t, b) for t in (1, 2) for b in range(4)])
def test_play_over_draws_is_that_of_the_general_solver(typed, block):
    seen = {"kept": 0, "broken": 0, "none": 0}
    for number in range(GAMES[typed]):
        problem, plan = drawn([11, typed, block, number], typed, actors=2 + block // 3)
        coded = tuple(number % len(labels) for labels in problem.types)
        play = play_over_draws(as_draws(problem, coded), typed_layout(problem.games[0], plan))
        known = held_to_keeping(problem, plan, coded)
        if known is None:
            seen["none"] += 1
            assert (play.margin == -np.inf).all()
            continue
        start, margin = known
        assert play.start[0] == pytest.approx(start, abs=1e-8)
        assert play.margin[0] == pytest.approx(margin, abs=1e-8)
        seen["kept" if (margin >= 0).all() else "broken"] += 1
    assert seen["kept"] > 2
    assert seen["broken"] > 2


def test_types_as_coded_keep_just_where_they_do_in_general_play():
    kept = 0
    for number in range(40):
        problem, plan = drawn([5, number], 1 + number % 2)
        coded = tuple(0 for _ in problem.types)
        play = play_over_draws(as_draws(problem, coded), typed_layout(problem.games[0], plan))
        tree = TypeTree(typed_plan(problem, plan))
        alive = tree.at_prior()
        root = tree.node(0, alive)
        keeps = root is not None and not any(
            way and t == coded[i] for node in path(root) for (i, t), way in node.moves.items()
        )
        assert keeps == bool((play.margin >= -1e-9).all())
        if keeps:
            kept += 1
            start = [expected(tree, alive, i, t) @ root.values[:, i] for i, t in enumerate(coded)]
            assert play.start[0] == pytest.approx(start)
    assert 5 < kept < 35
