"""A scenario's plans: what follows a breach, in whose beliefs, which repairs, which guarantees."""

import numpy as np
import pytest

from scenarios import A, B, Dice, build, changed, random_raw
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central, draws
from servanda.problems.war_binding import bind_war
from servanda.results.repairs import RepairKind
from servanda.simulation.guarantee_reports import guarantee_reports
from servanda.simulation.guarantee_views import windows
from servanda.simulation.plan_views import (
    plan_breach,
    plan_repairs,
    plan_views,
)
from servanda.solvers import breach_aftermath as aftermath_solver
from servanda.solvers import collapse as collapse_solver
from servanda.solvers import package_game as game_solver
from servanda.solvers import war_table
from servanda.solvers.breach_aftermath import breach_aftermath
from servanda.solvers.credibility import credibility
from servanda.solvers.orders import order_deal
from servanda.solvers.package_game import game_over_draws, package_game
from servanda.solvers.plan import as_plan, evaluate_plan, plan_margins, plan_states
from servanda.solvers.reversal import with_snap_back
from servanda.solvers.war_table import KNOTS, WarTable
from simulation.test_guarantee_views import (
    TWO_STEPS,
    every_plan,
    guaranteed,
    ordered_case,
    two_steps,
)
from twins import agreement_by_definition as peace
from twins.collapse_by_definition import Breaches
from twins.test_agreement_twin import chosen, completed
from twins.test_collapse_twin import package_of


def case(raw, seed):
    """Scenario, translation, table at the centre, and a package with its orders."""
    scenario = build(raw)
    translation = translate(scenario)
    table = WarTable(bind_war(translation, central(translation.parameters)), threads=1)
    package = package_of(scenario, 2 * seed + 1)
    deal = agreement(translation, chosen(scenario, package))
    return scenario, translation, table, package, deal


@pytest.mark.parametrize("seed", range(8))
def test_what_follows_a_breach_is_worth_to_the_breacher_what_the_game_says(seed):
    _, _, table, _, deal = case(random_raw(seed, certain=True), seed)
    game = package_game(table, deal)
    after = breach_aftermath(table, deal)
    rng = np.random.default_rng(seed)
    for row in rng.choice(len(game.states), min(6, len(game.states)), replace=False):
        for i, name in enumerate(game.actors):
            clock = float(rng.integers(0, 30))
            found = after(i, int(game.states[row]), clock, False)
            expected = np.interp(clock, game.clocks, game.renege[row, :, i])
            assert found.values[name] == pytest.approx(expected, abs=1e-9)
            assert 0.0 <= found.war <= 1.0 + 1e-12
            if game.belligerent[i]:
                found = after(i, int(game.states[row]), clock, True)
                expected = np.interp(clock, game.clocks, game.attack[row, :, i])
                assert found.values[name] == pytest.approx(expected, abs=1e-9)
                assert found.war == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(4))
def test_what_follows_a_breach_for_everybody_by_definition(seed, monkeypatch):
    for module in (war_table, collapse_solver, game_solver, aftermath_solver):
        monkeypatch.setattr(module, "CLOCKS", KNOTS)
    raw = random_raw(seed, certain=True)
    for step in raw["steps"].values():  # all give snap-back the same chance, so branches agree
        step.pop("snap-back", None)
        step.pop("snap-back-by", None)
    scenario = build(raw)
    translation = translate(scenario)
    params = translation.parameters
    theta = central(params)
    table = WarTable(bind_war(translation, theta), tolerance=1e-11, threads=1)
    package = package_of(scenario, seed)
    deal = agreement(translation, chosen(scenario, package))
    slow = Breaches(scenario, params, theta[0], package, KNOTS)
    after = breach_aftermath(table, deal)
    actors = list(scenario.actors)
    rng = np.random.default_rng(seed)
    for state in {0, deal.full, int(rng.integers(deal.full + 1))}:
        left = completed(translation, deal, state)
        breaker = int(rng.integers(len(actors)))
        name, k = actors[breaker], int(rng.integers(len(KNOTS)))
        found = after(breaker, state, float(KNOTS[k]), False)
        fighting = {
            j
            for j, actor in scenario.actors.items()
            if actor.side and max(slow.wars(j, name, left)[k:]) > slow.frozen(j, name, left) + 1e-9
        }
        assert set(found.begun_by) == fighting
        war = bool(fighting) or slow.fighting_goes_on(left)
        assert found.war == float(war)
        for other in actors:
            if war:
                expected = slow.wars(other, name, left)[k]
            else:
                expected = slow.frozen(other, name, left)
            assert found.values[other] == pytest.approx(expected, abs=1e-6)


def test_a_snap_back_in_the_tables_is_one_in_the_scenario():
    compared = 0
    for seed in range(6):
        raw = random_raw(seed, certain=True)
        for step in raw["steps"].values():
            step.pop("snap-back", None)
            step.pop("snap-back-by", None)
            step["reversible-by"] = [A]  # so that the tables hold states without the step
        scenario, _, table, package, deal = case(raw, seed)
        game = package_game(table, deal)
        name = peace.steps_of(scenario, package)[0]
        step = game.steps.index(name)
        if not np.isin(game.states & ~np.int64(1 << step), game.states).all():
            continue
        raw["steps"][name] |= {"snap-back": "automatic", "snap-back-by": [B]}
        _, _, other_table, _, other_deal = case(raw, seed)
        wanted = package_game(other_table, other_deal)
        found = with_snap_back(game, [(step, game.actors.index(B))])
        assert found.attack == pytest.approx(wanted.attack, abs=1e-9)
        assert found.renege == pytest.approx(wanted.renege, abs=1e-9)
        compared += 1
    assert compared >= 3


def without_beliefs(node):
    """The same scenario with nobody believing anything but the analyst's numbers."""
    if isinstance(node, dict):
        return {key: without_beliefs(item) for key, item in node.items() if key != "believed"}
    return [without_beliefs(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("seed", range(6))
def test_the_analysts_view_is_that_of_a_scenario_without_beliefs(seed):
    raw = random_raw(seed)
    _, translation, table, _, deal = case(raw, seed)
    ordered = order_deal(table, 0, deal, ())
    search = next((one for one in ordered.searches.values() if one is not None), None)
    if search is None:
        pytest.fail("a package without an order")
    plan = as_plan(search.plan)
    theta = draws(translation.parameters, seed=3, first=0, count=4)
    found = plan_views(translation, theta, ordered, plan, threads=1)
    states = plan_states(ordered.problem, plan)
    same, plain, _, _, other_deal = case(without_beliefs(raw), seed)
    bound = bind_war(plain, draws(plain.parameters, seed=3, first=0, count=4))
    game, payoffs = game_over_draws(WarTable(bound, threads=1), other_deal, states)
    expected = plan_margins(game, payoffs, plan).constraint_margins
    assert found.analyst.constraint_margins == pytest.approx(expected, abs=1e-9)
    believers = {
        name
        for name, believed in zip(
            translation.parameters.actors, translation.parameters.believed, strict=True
        )
        if (believed != np.arange(believed.size)).any()
    }
    assert set(found.of) == believers
    own, _ = game_over_draws(WarTable(bind_war(translation, theta), threads=1), deal, states)
    assert found.own.margins[0] == pytest.approx(evaluate_plan(own, plan).margin, abs=1e-9)
    assert found.beliefs.own == found.own.probability
    told = found.to_dict()
    assert set(told["of"]) == believers
    assert f"{told['own']:.0%}" in told["sentence"]
    assert set(same.actors) == set(translation.parameters.actors)


def test_reports_of_guarantees_agree_with_the_windows_and_name_who_and_where():
    hazards = seen = 0
    for scenario, table, ordered, _, plan in every_plan():
        by_name = {one.guarantee: one for one in windows(table, ordered, plan)}
        for report in guarantee_reports(table, ordered, plan):
            window = by_name[report.guarantee]
            spans = [(one.low, one.high) for one in report.intervals]
            assert np.array(spans) == pytest.approx(np.array(window.intervals))
            said = scenario.guarantees[report.guarantee]
            assert report.conditional == said.conditional
            assert report.by == (said.by or "")
            assert said.protects in report.protects
            assert report.kept_as_believed == plan.self_enforcing
            inside = any(low <= report.assessed <= high for low, high in spans)
            near = any(abs(report.assessed - edge) < 0.021 for pair in spans for edge in pair)
            assert near or report.kept_as_assessed == inside
            # The plan is kept where every actor's own part of it is.
            for g in np.linspace(0.013, 0.987, 9):
                if any(abs(g - edge) < 0.021 for pair in spans for edge in pair):
                    continue
                parts = [
                    any(one.low - 1e-9 <= g <= one.high + 1e-9 for one in listed)
                    for listed in report.by_actor.values()
                ]
                assert all(parts) == any(low <= g <= high for low, high in spans)
            if spans and spans[-1][1] < 1.0:
                assert report.intervals[-1].high_binding.actor == window.binding_high
                assert any("Moral hazard" in one for one in report.sentences)
                hazards += 1
            seen += 1
    assert seen > 20
    assert hazards


@pytest.mark.parametrize("seed", range(6))
def test_over_all_plans_no_more_credibility_is_needed_than_for_one(seed):
    _, table, ordered, _ = two_steps(seed)
    plan = next(one.plan for one in ordered.searches.values() if one is not None)
    for report in guarantee_reports(table, ordered, plan, all_plans=True):
        assert report.stake is None  # its credibility is given, not derived
        if report.intervals:
            assert report.over_all_plans.smallest <= report.intervals[0].low + 0.1


@pytest.mark.parametrize("seed", range(6))
def test_the_stake_needed_reaches_the_credibility_needed(seed):
    dice = Dice(seed, certain=True)
    derived = {
        "interest": dice.between(0, 3),
        "stake": dice.between(0, 5),
        "ceiling": dice.between(8, 20),
    }
    changes = {
        "guarantees.treaty.credibility": None,
        "guarantees.treaty.derived": derived,
        "variants": None,
    }
    scenario = build(changed(TWO_STEPS, changes))
    _, table, ordered, _ = ordered_case(scenario, {"land": "handed-over", "guarantee": "treaty"})
    plan = next(one.plan for one in ordered.searches.values() if one is not None)
    (report,) = guarantee_reports(table, ordered, plan)
    known = (derived["interest"] + derived["stake"]) / derived["ceiling"]
    assert report.assessed == pytest.approx(min(known, 1.0))
    reached = credibility(derived["interest"], report.stake.needed, derived["ceiling"])
    low = report.intervals[0].low
    assert reached >= low - 1e-9
    if report.stake.needed > 0.0:
        assert reached == pytest.approx(low)
    assert any("Breaking its word" in one for one in report.sentences)


def test_repairs_and_first_breach_of_a_scenarios_plans():
    broken, kinds = 0, set()
    for make, seeds in ((two_steps, range(8)), (guaranteed, range(2))):
        for seed in seeds:
            _, table, ordered, brought = make(seed)
            for search in ordered.searches.values():
                if search is None or search.plan is None:
                    continue
                plan = search.plan
                breach = plan_breach(table, ordered, plan)
                found = plan_repairs(table, ordered, plan)
                assert (breach is None) == plan.self_enforcing == (found == ())
                if breach is None:
                    continue
                broken += 1
                value = breach.aftermath.values[breach.breach.constraint.actor]
                if breach.breach.constraint.kind.value in {"attack", "walk-away", "end-attack"}:
                    assert value == pytest.approx(breach.breach.breach, abs=1e-9)
                assert set(breach.left) <= set(ordered.problem.steps)
                named = {c.name for one in found if one.kind == RepairKind.GUARANTEE
                         for c in one.changes}  # fmt: skip
                assert named == brought
                kinds |= {one.kind for one in found if one.suffices}
    assert broken >= 5
    assert {RepairKind.REORDER, RepairKind.PAYMENT} <= kinds
