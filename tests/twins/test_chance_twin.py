"""Plans under chance against the explicit tree and against dice, on small random games."""

from dataclasses import replace

import numpy as np
import pytest

from servanda.problems.chance import ChanceDraws, LogitNoise, chance_game, single_chance_draw
from servanda.solvers.chance_plan import chance_over_draws, evaluate_with_chance
from servanda.solvers.plan import evaluate_plan
from twins.chance_by_definition import Tree, random_chance
from twins.plan_by_definition import all_orders, random_problem

BLOCKS = range(4)
HORIZON = 9


def games(block, count, most_steps=3, most_actors=3, **switch):
    rng = np.random.default_rng([2026, 11, block])
    for _ in range(count):
        game = random_chance(
            rng,
            int(rng.integers(1, most_steps + 1)),
            int(rng.integers(1, most_actors + 1)),
            int(rng.integers(1, 4)),
            int(rng.integers(1, 4)),
            **switch,
        )
        plans = list(all_orders(game.problem))
        yield game, plans[rng.integers(len(plans))], rng


@pytest.mark.parametrize("block", BLOCKS)
def test_exact_play_by_definition(block):
    for game, plan, _ in games(block, 125):
        found = evaluate_with_chance(game, plan, horizon=HORIZON)
        kept = Tree(game, plan, "comply")
        assert found.margin == pytest.approx(min(kept.margins(), default=np.inf), abs=1e-8)
        tree = Tree(game, plan, "exact")
        assert found.values[0, 0] == pytest.approx(tree.node(0, 0), abs=1e-6)
        same_fate(found, tree)
        if found.self_enforcing:
            assert found.broken.sum() == 0.0


@pytest.mark.parametrize("block", BLOCKS)
def test_noisy_play_by_definition(block):
    for game, plan, rng in games(block, 125):
        noise = LogitNoise(float(rng.uniform(0, 0.5)), float(rng.uniform(0, 2)))
        found = evaluate_with_chance(game, plan, noise=noise, horizon=HORIZON)
        tree = Tree(game, plan, "noisy", noise)
        assert found.settled
        assert found.values[0, 0] == pytest.approx(tree.node(0, 0), abs=1e-6)
        same_fate(found, tree)


def same_fate(found, tree):
    carried, from_signature, after, failed, broken = tree.fate(HORIZON)
    assert found.carried_through == pytest.approx(carried, abs=1e-7)
    assert found.held_from_signature == pytest.approx(from_signature, abs=1e-7)
    assert found.held_after_completion == pytest.approx(after, abs=1e-7)
    assert found.failed == pytest.approx(failed, abs=1e-7)
    assert found.broken == pytest.approx(broken, abs=1e-7)
    total = sum(one.probability for one in found.endings)
    assert total == pytest.approx(found.failed.sum() + found.broken.sum(), abs=1e-9)


def test_dice_agree():
    rng = np.random.default_rng(5)
    for game, plan, _ in games(9, 4, views=False):
        noise = LogitNoise(0.2, 0.3)
        found = evaluate_with_chance(game, plan, noise=noise, horizon=HORIZON)
        tree = Tree(game, plan, "noisy", noise)
        histories = [tree.simulate(rng, HORIZON) for _ in range(4000)]
        ends = np.array([len(plan) + 1 if end is None else end for end, _ in histories])
        payoffs = np.array([payoff for _, payoff in histories])
        share = (ends >= len(plan)).mean()
        error = 4 * np.sqrt(0.25 / len(ends))
        assert share == pytest.approx(found.carried_through, abs=error)
        assert (ends > len(plan)).mean() == pytest.approx(found.held_after_completion, abs=error)
        error = 4 * payoffs.std(axis=0) / np.sqrt(len(ends)) + 1e-9
        assert (np.abs(payoffs.mean(axis=0) - found.values[0, 0]) <= error).all()


@pytest.mark.parametrize("block", BLOCKS)
def test_without_chance_it_is_the_exact_plan(block):
    rng = np.random.default_rng([3, block])
    for _ in range(40):
        problem = random_problem(rng, int(rng.integers(1, 5)), int(rng.integers(1, 4)), 3)
        plan = next(iter(all_orders(problem)))
        exact = evaluate_plan(problem, plan)
        game = chance_game(problem)
        found = evaluate_with_chance(game, plan)
        assert found.margin == pytest.approx(exact.margin, abs=1e-9)
        assert found.self_enforcing == exact.self_enforcing
        assert (found.carried_through == 1.0 and found.held_after_completion == 1.0) or (
            not exact.self_enforcing
        )
        assert found.expected_months <= exact.months
        quiet = evaluate_with_chance(game, plan, noise=LogitNoise(0.0, 1.0))
        assert quiet.values[:, 0] == pytest.approx(exact.values, abs=1e-9)
        assert quiet.held_from_signature == 1.0
        if exact.margin > 1e-3:
            sharp = evaluate_with_chance(game, plan, noise=LogitNoise(0.5, 1e6))
            assert sharp.carried_through == pytest.approx(1.0, abs=1e-9)
            assert sharp.values[:, 0] == pytest.approx(exact.values, abs=1e-9)


def test_draws_are_single_evaluations_whatever_the_threads():
    for game, plan, rng in games(7, 6):
        one = single_chance_draw(game)
        count = 130
        names = ("flows", "attack", "renege", "failed")
        varied = {n: np.repeat(getattr(one, n), count, axis=0) for n in vars(one)}
        for name in names:
            varied[name] = varied[name] + rng.uniform(-2, 2, varied[name].shape)
        draws = ChanceDraws(**varied)
        noise = LogitNoise(0.1, 0.7)
        found = chance_over_draws(game, draws, plan, noise=noise, threads=1)
        again = chance_over_draws(game, draws, plan, noise=noise, threads=3)
        for name in ("reached", "broken", "margins", "values_at_start", "held_from_signature"):
            assert getattr(found, name).tolist() == getattr(again, name).tolist()
        for k in (0, 1, 77, 129):
            single = evaluate_with_chance(
                replace(game, **{n: getattr(draws, n)[k] for n in names}), plan, noise=noise
            )
            assert found.margins[k] == single.margin
            assert found.reached[k].tolist() == single.reached.tolist()
            assert found.broken[k] == pytest.approx(single.broken, abs=1e-15)
            assert found.held_after_completion[k] == single.held_after_completion
            assert found.values_at_start[k].tolist() == single.values[0, 0].tolist()
            assert found.self_enforcing[k] == single.self_enforcing
            assert found.expected_months[k] == single.expected_months
