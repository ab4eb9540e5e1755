"""What follows a breach against the definition, one war at a time."""

import numpy as np
import pytest

from scenarios import random_scenario
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central, draws
from servanda.problems.war_binding import bind_war
from servanda.solvers import collapse as solver
from servanda.solvers import package_game, war_table
from servanda.solvers.war_table import KNOTS, WarTable
from twins import agreement_by_definition as peace
from twins.collapse_by_definition import Breaches
from twins.test_agreement_twin import chosen, completed

SEEDS = range(16)


@pytest.fixture(autouse=True)
def clocks_are_knots(monkeypatch):
    """Read tables at the knots, where nothing is interpolated; the rest is held elsewhere."""
    for module in (war_table, solver, package_game):
        monkeypatch.setattr(module, "CLOCKS", KNOTS)


def table_of(translation, theta):
    return WarTable(bind_war(translation, theta), tolerance=1e-11, threads=1)


def package_of(scenario, seed):
    """A package with something in it; every other time with land and guarantees."""
    found = [p for p in peace.packages(scenario) if peace.steps_of(scenario, p)]
    rng = np.random.default_rng(seed)
    if seed % 2:
        rich = [p for p in found if len(peace.steps_of(scenario, p)) >= 4]
        found = rich or found
    return found[rng.integers(len(found))]


def some_states(deal, seed, count=6):
    rng = np.random.default_rng(seed)
    states = {0, deal.full, *rng.integers(0, deal.full + 1, count).tolist()}
    return np.array(sorted(states), np.int64)


@pytest.mark.parametrize("seed", SEEDS)
def test_values_of_breaches_for_every_actor_state_and_clock(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = np.concatenate([central(params), draws(params, seed=seed, first=0, count=1)])
    package = package_of(scenario, seed)
    deal = agreement(translation, chosen(scenario, package))
    states = some_states(deal, seed)
    found = solver.collapse(table_of(translation, theta), deal, states)
    belligerent = translation.actors.belligerent
    assert np.isnan(found.attack[..., ~belligerent]).all()
    for d, row in enumerate(theta):
        twin = Breaches(scenario, params, row, package, KNOTS)
        for n, state in enumerate(states.tolist()):
            done = completed(translation, deal, state)
            for i, actor in enumerate(params.actors):
                assert found.renege[d, n, :, i] == pytest.approx(twin.renege(actor, done), abs=1e-7)
                if belligerent[i]:
                    expected = twin.attack(actor, done)
                    assert found.attack[d, n, :, i] == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("seed", range(8))
def test_credibilities_given_instead(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    package = package_of(scenario, 2 * seed + 1)
    deal = agreement(translation, chosen(scenario, package))
    table = table_of(translation, central(params))
    states = some_states(deal, seed, 3)
    rng = np.random.default_rng(seed)
    actors, promises = params.actors, translation.guarantees.names
    believed = rng.random((3, len(actors), len(promises)))
    found = solver.collapse(table, deal, states, believed)
    for d in range(3):
        given = {
            (actor, name): believed[d, i, g]
            for i, actor in enumerate(actors)
            for g, name in enumerate(promises)
        }
        twin = Breaches(scenario, params, central(params)[0], package, KNOTS, given)
        for n, state in enumerate(states.tolist()):
            done = completed(translation, deal, state)
            for i, actor in enumerate(actors):
                assert found.renege[d, n, :, i] == pytest.approx(twin.renege(actor, done), abs=1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_the_completed_package_until_guarantees_run_out(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = draws(params, seed=seed, first=0, count=2)
    table = table_of(translation, theta)
    for package in [package_of(scenario, 2 * seed + 1), package_of(scenario, 2 * seed)]:
        deal = agreement(translation, chosen(scenario, package))
        found = solver.value_of_completion(table, deal)
        for d, row in enumerate(theta):
            twin = Breaches(scenario, params, row, package, KNOTS)
            expected = [twin.completion(actor) for actor in params.actors]
            assert found[d] == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("seed", range(10))
def test_what_nobody_gets_without_a_deal_is_the_war_of_today(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = draws(params, seed=seed, first=0, count=2)
    found = solver.reservation_values(table_of(translation, theta))
    package = {issue: peace.status_quo(scenario, issue) for issue in scenario.issues}
    for d, row in enumerate(theta):
        twin = Breaches(scenario, params, row, package, [0.0])
        keeper = next(name for name, actor in scenario.actors.items() if not actor.side)
        expected = [twin.wars(actor, keeper, frozenset())[0] for actor in params.actors]
        assert found[d] == pytest.approx(expected, abs=1e-7)
