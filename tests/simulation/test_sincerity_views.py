"""From a scenario's types to the play of an order: each profile is the scenario it describes."""

import numpy as np
import pytest

from scenarios import A, B, build, changed, random_raw
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.hidden_types import hidden_types, prior
from servanda.problems.parameters import central, draws
from servanda.problems.war_binding import bind_war
from servanda.simulation.sincerity_views import sincerity_view
from servanda.solvers.best_order import best_order
from servanda.solvers.collapse import collapse, collapse_for_all
from servanda.solvers.orders import OrderedDeal
from servanda.solvers.package_game import game_for_all, package_game, payoff_draws
from servanda.solvers.package_sincerity import package_sincerity
from servanda.solvers.plan import Stage, as_plan
from servanda.solvers.sincerity import play_with_types
from servanda.solvers.war_table import WarTable
from twins.test_agreement_twin import chosen
from twins.test_collapse_twin import package_of, some_states

SEEDS = (0, 2, 3)
HARSHER = {f"war.imposed.{A}.{B}": 140.0, f"war.imposed.{B}.{A}": -20.0}
TYPES = {
    "types.mild": {"of": B, "name": "keeps", "prior": {"value": 0.7, "believed": {A: 0.4}}},
    "types.harsh": {
        "of": B,
        "name": "seeks more",
        "prior": {"value": 0.3, "believed": {A: 0.6}},
        "changes": HARSHER,
    },
}


def plain(seed):
    """A random scenario in which everybody agrees on what wars impose."""
    raw = random_raw(seed)
    raw["war"]["imposed"] = {A: {A: 0.0, B: 90.0}, B: {A: 90.0, B: 0.0}}
    return raw


def table_of(scenario):
    translation = translate(scenario)
    return WarTable(bind_war(translation, central(translation.parameters)), threads=1)


def ordered(scenario, seed):
    """A package of the scenario with its game."""
    table = table_of(scenario)
    translation = table.bound.translation
    deal = agreement(translation, chosen(scenario, package_of(scenario, 2 * seed + 1)))
    return table, OrderedDeal(0, deal, package_game(table, deal), {}, {})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_type_is_the_scenario_with_its_changes(seed):
    scenario = build(changed(plain(seed), TYPES))
    table, one = ordered(scenario, seed)
    translation = table.bound.translation
    types = hidden_types(scenario, translation.parameters)
    assert types.labels[list(scenario.actors).index(B)] == ("mild", "harsh")
    theta = central(translation.parameters)[0]
    plan = as_plan(best_order(one.problem).plan)
    problem = package_sincerity(translation, types, theta, one.deal, one.problem, [plan])
    for game, changes in zip(problem.games, ({}, HARSHER), strict=True):
        other = table_of(build(changed(plain(seed), changes)))
        expected = payoff_draws(other, one.deal, game.states)
        for name in ("flows", "attack", "renege", "discount", "fighting_cost"):
            assert getattr(game, name) == pytest.approx(getattr(expected, name)[0], abs=1e-3)
    analyst, held = prior(types, translation.parameters, theta)
    mine, theirs = list(scenario.actors).index(A), list(scenario.actors).index(B)
    assert analyst[theirs] == pytest.approx((0.7, 0.3))
    assert held[mine][theirs] == pytest.approx((0.4, 0.6))
    assert held[theirs][theirs] == pytest.approx((0.7, 0.3))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_game_for_all_and_wars_in_some_draws_hold_the_same_numbers(seed):
    scenario = build(plain(seed))
    translation = translate(scenario)
    deal = agreement(translation, chosen(scenario, package_of(scenario, 2 * seed + 1)))
    bound = bind_war(translation, draws(translation.parameters, seed=1, first=0, count=4))
    states, can = some_states(deal, seed), translation.actors.belligerent
    expected = payoff_draws(WarTable(bound, threads=1), deal, states)
    table = WarTable(bound, threads=1)
    for at in (np.array([3, 1]), np.array([1, 2]), np.arange(4)):  # each adds what is not known yet
        _, found, _ = game_for_all(table.only(at), deal, states)
        assert found.flows == pytest.approx(expected.flows[at], abs=1e-9)
        assert found.renege == pytest.approx(expected.renege[at], abs=1e-9)
        assert found.attack[..., can] == pytest.approx(expected.attack[at][..., can], abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_breach_leaves_the_breacher_is_what_it_gets_by_its_own(seed):
    scenario = build(plain(seed))
    table, one = ordered(scenario, seed)
    states = some_states(one.deal, seed)
    own, everybody = collapse(table, one.deal, states), collapse_for_all(table, one.deal, states)
    belligerent = table.bound.translation.actors.belligerent
    for i in range(len(belligerent)):
        assert np.array_equal(own.renege[..., i], everybody.renege[..., i, i])
        if belligerent[i]:
            assert np.array_equal(own.attack[..., i], everybody.attack[..., i, i])


@pytest.mark.parametrize("seed", SEEDS)
def test_types_that_change_nothing_leave_the_plan_as_it_was(seed):
    alike = TYPES | {"types.harsh.changes": {}}
    scenario = build(changed(plain(seed), alike))
    table, one = ordered(scenario, seed)
    plan = best_order(one.problem).plan
    view = sincerity_view(scenario, table.bound.translation, one, plan, threads=1)
    assert (view.play.carried_through == 1.0) == plan.self_enforcing
    if plan.self_enforcing:
        values = list(view.play.values.values())
        assert values == pytest.approx(plan.values[0].tolist(), abs=1e-3)
    assert [ranked.actor for ranked in view.tests] == [B]
    tried = {test.step for test in view.tests[0].tests} | set(view.tests[0].left_out)
    assert set(one.problem.steps) <= tried


def test_two_of_three_parties_may_withhold_their_parts_at_once():
    scenario = build(changed(plain(9), TYPES))
    table, one = ordered(scenario, 9)
    translation = table.bound.translation
    exchange = ("leave-first", "change-isle", "sign-treaty")  # each by another actor
    rest = [name for name in one.problem.steps if name not in {"quiet", *exchange}]
    plan = [Stage(("quiet",)), Stage(exchange), *(Stage((name,)) for name in rest)]
    problem = package_sincerity(
        translation,
        hidden_types(scenario, translation.parameters),
        central(translation.parameters)[0],
        one.deal,
        one.problem,
        [plan],
    )
    assert len({one.problem.owned(one.problem.full, i) for i in range(3)}) == 3
    assert 0.0 <= play_with_types(problem, plan).carried_through <= 1.0


def test_without_types_there_is_no_view():
    scenario = build(plain(1))
    table, one = ordered(scenario, 1)
    assert sincerity_view(scenario, table.bound.translation, one, None) is None
