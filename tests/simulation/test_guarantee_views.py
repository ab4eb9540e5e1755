"""For which credibility a plan is kept: the windows against bisection, one evaluation at a time."""

import numpy as np
import pytest

from scenarios import Dice, build, changed, random_raw
from servanda.files.read import LIBRARY
from servanda.files.yaml_tree import parse_yaml
from servanda.problems.agreement import agreement
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central
from servanda.problems.war_binding import bind_war
from servanda.simulation.ensemble import Draws
from servanda.simulation.guarantee_views import GRID, credibility_views, windows
from servanda.solvers.best_order import best_order
from servanda.solvers.collapse import credibilities
from servanda.solvers.orders import order_deal
from servanda.solvers.package_game import package_game
from servanda.solvers.plan import as_plan, evaluate_plan
from servanda.solvers.war_table import WarTable
from twins.agreement_by_definition import packages, steps_of
from twins.test_agreement_twin import chosen

STEP = 1.0 / (GRID - 1)


TWO_STEPS = parse_yaml(
    (LIBRARY / "literature/two-step-territory-and-guarantee/scenario.yaml").read_text("utf-8"),
    "two",
).value


def two_steps(seed):
    """The shipped case of territory and a guarantee with other numbers: windows of all sorts."""
    dice = Dice(seed, certain=True)
    changes = {
        "war.costs": {
            "holder": dice.between(6, 16),
            "revisionist": dice.between(2, 12),
            "guarantor": 5.0,
        },
        "parcels.belt.worth": {"holder": dice.between(5, 15), "revisionist": dice.between(8, 20)},
        "guarantees.treaty.adds-strength": dice.between(0.3, 1.5),
        "guarantees.treaty.costs-attacker": dice.between(5, 30),
        "guarantees.treaty.conditional": dice.chance(0.6),
        "war.initiative": dice.between(0.2, 0.6),
        "war.imposed.holder.revisionist": dice.between(60, 100),
        "war.imposed.revisionist.holder": dice.between(60, 110),
        "steps.hand-over.months": dice.pick(0, 2, 5),
        "steps.guarantee-in-force.months": dice.pick(0, 3, 5),
        "variants": None,
    }
    scenario = build(changed(TWO_STEPS, changes))
    return ordered_case(scenario, {"land": "handed-over", "guarantee": "treaty"})


def guaranteed(seed):
    """A random package that brings a guarantee."""
    scenario = build(random_raw(seed, certain=True))
    found = [p for p in packages(scenario) if p["pact"] != "none"]
    return ordered_case(scenario, found[seed % len(found)])


def ordered_case(scenario, package):
    translation = translate(scenario)
    table = WarTable(bind_war(translation, central(translation.parameters)), threads=1)
    deal = agreement(translation, chosen(scenario, package))
    brought = {name for step in steps_of(scenario, package) for name in scenario.steps[step].brings}
    return scenario, table, order_deal(table, 0, deal, (), dict(scenario.orders)), brought


def every_plan():
    """Scenario, table, orders, what is brought, and each plan of two dozen cases."""
    for make, seeds in ((two_steps, range(20)), (guaranteed, range(6))):
        for seed in seeds:
            case = make(seed)
            plans = {
                as_plan(search.plan): search.plan
                for search in case[2].searches.values()
                if search is not None
            }
            for plan in plans.values():
                yield (*case, plan)


def margin_at(table, ordered, plan, guarantee, credibility):
    believed = credibilities(table.bound.translation, table.bound.own).copy()
    believed[:, :, guarantee] = credibility
    game = package_game(table, ordered.deal, believed)
    return evaluate_plan(game, as_plan(plan))


def bisect(keeps, inside, outside):
    for _ in range(40):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if keeps(middle) else (inside, middle)
    return inside


def test_windows_end_where_bisection_says():
    ends = 0
    for scenario, table, ordered, brought, plan in every_plan():
        found = windows(table, ordered, plan)
        assert {one.guarantee for one in found} == brought
        for one in found:
            g = list(scenario.guarantees).index(one.guarantee)

            def keeps(credibility, g=g, table=table, ordered=ordered, plan=plan):
                return margin_at(table, ordered, plan, g, credibility).self_enforcing

            inside = [(low + high) / 2 for low, high in one.intervals]
            edges = sorted(edge for pair in one.intervals for edge in pair)
            for credibility in np.linspace(0.01, 0.99, 9):
                if all(abs(credibility - edge) > STEP for edge in edges):
                    within = any(low <= credibility <= high for low, high in one.intervals)
                    assert keeps(credibility) == within
            for (low, high), middle in zip(one.intervals, inside, strict=True):
                assert keeps(middle)
                for edge, outward in ((low, -1), (high, 1)):
                    beyond = edge + outward * STEP
                    if 0.0 < edge < 1.0 and not keeps(np.clip(beyond, 0, 1)):
                        exact = bisect(keeps, middle, np.clip(beyond, 0, 1))
                        linear = _is_linear(table, ordered, plan, g, edge)
                        assert edge == pytest.approx(exact, abs=1e-6 if linear else STEP)
                        ends += 1
    assert ends >= 20


def _is_linear(table, ordered, plan, guarantee, edge):
    left = np.floor(edge / STEP) * STEP
    points = np.clip([left, left + STEP / 2, left + STEP], 0, 1)
    one, middle, other = (margin_at(table, ordered, plan, guarantee, g).margin for g in points)
    return middle == pytest.approx((one + other) / 2, abs=1e-9)


def test_who_binds_at_either_end_is_the_weakest_link_just_outside():
    for scenario, table, ordered, _, plan in every_plan():
        for one in windows(table, ordered, plan):
            g = list(scenario.guarantees).index(one.guarantee)
            low = one.intervals[0][0] if one.intervals else 1.0 + STEP
            high = one.intervals[-1][1] if one.intervals else 1.0
            below = np.ceil(round(low / STEP, 9)) * STEP - STEP
            above = np.floor(round(high / STEP, 9)) * STEP + STEP
            for edge, named in ((below, one.binding_low), (above, one.binding_high)):
                if not -1e-9 <= edge <= 1 + 1e-9:
                    assert named == ""
                    continue
                evaluation = margin_at(table, ordered, plan, g, np.clip(edge, 0, 1))
                smallest = min(c.margin for c in evaluation.constraints)
                tied = {
                    c.constraint.actor
                    for c in evaluation.constraints
                    if c.margin <= smallest + 1e-9
                }
                assert named in tied


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("make", [two_steps, guaranteed])
def test_the_least_credibility_that_some_order_needs(make, seed):
    scenario, table, ordered, brought = make(seed)
    translation = table.bound.translation
    theta = central(translation.parameters)
    drawn = Draws(theta, np.zeros((1, len(scenario.actors))), np.zeros((1, 0), bool))
    views = credibility_views(translation, table, drawn, ordered, ())
    base = credibilities(translation, table.bound.own)
    for g, (name, view) in enumerate(zip(scenario.guarantees, views, strict=True)):
        assert view.guarantee == name
        said = scenario.guarantees[name]
        if said.credibility is not None:
            assert view.assessed.central == said.credibility.value
            assert view.believed == {
                actor: quantity.value for actor, quantity in said.credibility.believed.items()
            }
        if name not in brought:
            assert view.needed is None
            continue

        def keeps(credibility, g=g):
            believed = base.copy()
            believed[:, :, g] = credibility
            return best_order(package_game(table, ordered.deal, believed)).self_enforcing

        grid = np.linspace(0.0, 1.0, 21)
        first = next((credibility for credibility in grid if keeps(credibility)), None)
        if view.needed is None:
            assert first is None or first + 0.1 > 1.0 or not keeps(first + 0.1)
        else:
            assert keeps(view.needed)
            assert first == pytest.approx(view.needed, abs=0.06)
