"""The implementation game of a package: its numbers state by state, and draws side by side."""

import numpy as np
import pytest

from scenarios import Numbers, random_scenario
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central, draws
from servanda.problems.war_binding import bind_war
from servanda.solvers.collapse import credibilities, value_of_completion
from servanda.solvers.package_game import game_over_draws, package_game, payoff_draws, stages
from servanda.solvers.plan import Stage, evaluate_plan, plan_margins, plan_states
from servanda.solvers.war_table import WarTable
from twins import agreement_by_definition as peace
from twins.collapse_by_definition import effect
from twins.test_agreement_twin import chosen, completed
from twins.test_collapse_twin import package_of

SEEDS = range(12)
PAYOFFS = ("discount", "costs", "gain", "fighting_cost", "flows", "attack", "renege")


def case(seed, count=1, **switches):
    scenario = random_scenario(seed, **switches)
    translation = translate(scenario)
    params = translation.parameters
    theta = central(params) if count == 0 else draws(params, seed=seed, first=0, count=count)
    package = package_of(scenario, 2 * seed + 1)
    deal = agreement(translation, chosen(scenario, package))
    return scenario, translation, theta, package, deal


def any_plan(game, rng):
    """A random order that keeps to the prerequisites, each step a stage of its own."""
    done, order = 0, []
    while done != game.full:
        free = [
            j
            for j in range(game.n_steps)
            if not done >> j & 1 and int(game.requires[j]) & ~done == 0
        ]
        order.append(free[rng.integers(len(free))])
        done |= 1 << order[-1]
    return tuple(Stage((j,)) for j in order)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_of_the_game_are_those_of_the_scenario(seed):
    scenario, translation, theta, package, deal = case(seed)
    table = WarTable(bind_war(translation, theta), threads=1)
    game = package_game(table, deal)
    params = translation.parameters
    steps = peace.steps_of(scenario, package)
    assert list(game.steps) == steps
    ceasefires = {name for name in steps if scenario.steps[name].ceasefire}
    end = value_of_completion(table, deal)[0]
    for i, actor in enumerate(params.actors):
        number = Numbers(params, theta[0], actor)
        rate = number(f"actors.{actor}.discount")
        assert game.discount[i] == pytest.approx((1 + rate) ** (-1 / 12))
        for j, name in enumerate(steps):
            step = scenario.steps[name]
            assert game.costs[j, i] == number(f"steps.{name}.costs.{actor}")
            assert game.gain[j, i] == number(f"steps.{name}.gain.{actor}")
            assert game.delay[j, i] == step.seen_after
            assert game.deadline[j] == (-1 if step.by_month is None else step.by_month)
            assert game.owners[j, i] == (actor in step.by)
            assert game.reversible[j, i] == (actor in step.reversible_by)
            assert game.months[j] == step.months
        for n, state in enumerate(game.states.tolist()):
            done = completed(translation, deal, state)
            expected = peace.flow(scenario, number, package, actor, done)
            if state == game.full:
                expected = end[i]
            price = 0.0
            if ceasefires and not ceasefires & done:
                level = peace.world(scenario, done).level.items()
                price = number(f"war.costs.{actor}.now") * effect(number, level, f"costs.{actor}")
            found = game.flows[n, i] - game.fighting_cost[i] * game.fighting(state)
            assert found == pytest.approx(expected - price, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_many_draws_are_as_many_games_of_one_draw(seed):
    _, translation, theta, _, deal = case(seed, count=4)
    together = WarTable(bind_war(translation, theta), threads=1)
    game = package_game(together, deal)
    plan = any_plan(game, np.random.default_rng(seed))
    states = plan_states(game, plan)
    problem, payoffs = game_over_draws(together, deal, states)
    margins = plan_margins(problem, payoffs, plan)
    for d in range(len(theta)):
        alone = WarTable(bind_war(translation, theta[d : d + 1]), threads=1)
        single = payoff_draws(alone, deal, states)
        for name in PAYOFFS:
            assert np.array_equal(getattr(single, name)[0], getattr(payoffs, name)[d]), name
        found = evaluate_plan(package_game(alone, deal), plan)
        assert found.margin == pytest.approx(margins.margins[d], abs=1e-9)
        assert found.values[0] == pytest.approx(margins.values_at_start[d], abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_draw_serves_many_credibilities(seed):
    _, translation, theta, _, deal = case(seed)
    table = WarTable(bind_war(translation, theta), threads=1)
    believed = credibilities(translation, table.bound.own)
    rng = np.random.default_rng(seed)
    given = np.concatenate([believed, rng.random((3, *believed.shape[1:]))])
    states = np.array(sorted({0, deal.full, deal.full >> 1}), np.int64)
    together = payoff_draws(table, deal, states, given)
    assert together.n_draws == 4
    for d in range(4):
        alone = payoff_draws(table, deal, states, given[d : d + 1])
        for name in PAYOFFS:
            assert np.array_equal(getattr(alone, name)[0], getattr(together, name)[d]), name
    usual = payoff_draws(table, deal, states)
    for name in PAYOFFS:
        assert np.array_equal(getattr(usual, name)[0], getattr(together, name)[0]), name


def test_exchanges_are_stages_where_the_package_has_two_of_their_steps():
    seen = 0
    for seed in range(30):
        scenario, translation, theta, package, deal = case(seed, count=0)
        found = stages(WarTable(bind_war(translation, theta)), deal)
        steps = peace.steps_of(scenario, package)
        singles = [(1 << k, False) for k in range(len(steps))]
        joint = []
        for exchange in scenario.exchanges.values():
            members = [name for name in exchange.steps if name in steps]
            if len(members) > 1:
                joint.append((sum(1 << steps.index(n) for n in members), exchange.verified))
        assert list(found) == singles + joint
        seen += len(joint)
    assert seen
