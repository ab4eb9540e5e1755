"""Laws that any scenario keeps, from its words to its wars, breaches and orders."""

import copy

import numpy as np
import pytest

from scenarios import KEEPER, A, B, build, changed, random_raw, random_scenario
from servanda.problems.agreement import agreement, peace_flows
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central, draws
from servanda.problems.war_binding import bind_war
from servanda.results.encode import to_plain
from servanda.simulation.ensemble import take_draws
from servanda.simulation.war_views import reservation_views
from servanda.solvers.collapse import collapse, credibilities, reservation_values
from servanda.solvers.package_game import package_game
from servanda.solvers.war_table import WarTable
from servanda.workbench import analyse
from twins.agreement_by_definition import packages
from twins.test_agreement_twin import chosen
from twins.test_collapse_twin import package_of, some_states

SEEDS = range(12)
PAYOFFS = ("flows", "attack", "renege")


def table_of(scenario, theta=None):
    translation = translate(scenario)
    row = central(translation.parameters) if theta is None else theta
    return WarTable(bind_war(translation, row), tolerance=1e-9, threads=1)


def deal_of(scenario, seed):
    translation = translate(scenario)
    return agreement(translation, chosen(scenario, package_of(scenario, 2 * seed + 1)))


def entries_of(params, wanted):
    """Places in θ of these paths and of all beliefs about them."""
    return [
        n for n, path in enumerate(params.paths) if wanted(path.split(".believed.")[0].split("."))
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dearer_war_is_worth_less_to_who_pays_and_the_same_to_others(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = draws(params, seed=1, first=0, count=3)
    before = reservation_values(table_of(scenario, theta))
    for i, actor in enumerate(params.actors):
        dearer = theta.copy()
        costs = entries_of(params, lambda p, who=actor: p[:3] == ["war", "costs", who])
        dearer[:, [n for n in costs if ".drift" not in params.paths[n]]] += 3.0
        after = reservation_values(table_of(scenario, dearer))
        others = np.arange(len(params.actors)) != i
        assert np.all(after[:, i] < before[:, i])
        assert after[:, others] == pytest.approx(before[:, others], abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_pressure_is_the_world_it_threatens_and_lowers_what_the_pressed_get(seed):
    raw = random_raw(seed)
    threat = {f"war.costs.{A}.now": 30.0, f"war.costs.{A}.cap": 40.0, "instruments.aid.level": 0.0}
    kept = f"war.exhaustion.{A}"  # so that less aid means nothing but less strength
    raw = changed(raw, {kept: 0.01, f"war.imposed.{A}.{A}": -99.0, f"war.imposed.{B}.{A}": 99.0})
    raw["instruments"]["aid"].pop("exhaustion")
    raw["war"]["costs"][A] = {"now": 5.0, "cap": 10.0}
    free = build(raw)
    pressed = build(changed(raw, {"pressure.aid": {"by": KEEPER, "on": A, "changes": threat}}))
    translation = translate(pressed)
    drawn = take_draws(translation, seed=1, count=5, threads=1, progress=lambda *_: None)
    views = {one.actor: one for one in reservation_views(pressed, translation, drawn, threads=1)}
    assert views[A].pressed.central < views[A].value.central
    assert views[A].pressed.high < views[A].value.high
    assert views[A].pressure == ("aid",)
    assert [one.pressed for name, one in views.items() if name != A] == [None] * (len(views) - 1)
    done = changed(
        raw, {f"war.costs.{A}": {"now": 30.0, "cap": 40.0}, "instruments.aid.level": 0.0}
    )
    expected = reservation_values(table_of(build(done)))[0, 0]
    assert views[A].pressed.central == pytest.approx(expected, abs=1e-4)
    unpressed = reservation_values(table_of(free))[0, 0]
    assert views[A].value.central == pytest.approx(unpressed, abs=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_likelier_guarantee_makes_attacking_whom_it_protects_worth_less(seed):
    raw = random_raw(seed)
    raw["war"]["imposed"] = {A: {A: -200.0, B: 300.0}, B: {A: 300.0, B: -200.0}}
    for name in ("treaty", "force"):
        raw["guarantees"][name] |= {"conditional": True, "protects": A, "costs-attacker": 2.0}
    raw["guarantees"]["force"].pop("follows", None)
    scenario = build(raw)
    table, deal = table_of(scenario), deal_of(scenario, seed)
    states = some_states(deal, seed)
    base = credibilities(table.bound.translation, table.bound.own)
    for g in range(base.shape[2]):
        given = np.repeat(base, 5, axis=0)
        given[:, :, g] = np.linspace(0, 1, 5)[:, np.newaxis]
        found = collapse(table, deal, states, given).attack
        lowland = list(scenario.actors).index(B)
        assert np.all(np.diff(found[..., lowland], axis=0) <= 1e-9)
        # Whom it protects cannot lean on it: a breach of its own voids it.
        assert np.ptp(found[..., list(scenario.actors).index(A)], axis=0).max() <= 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_where_fighting_goes_on_walking_away_is_worth_what_fighting_on_is(seed):
    scenario = random_scenario(seed, ceasefire=True)
    table = table_of(scenario)
    translation = table.bound.translation
    ceasefire = np.flatnonzero(translation.steps.ceasefire)
    deals = [agreement(translation, chosen(scenario, one)) for one in packages(scenario)]
    deal = next(one for one in deals if one.bits(ceasefire))
    states = some_states(deal, seed)
    fighting = states & deal.bits(ceasefire) == 0
    found = collapse(table, deal, states)
    for i in np.flatnonzero(table.bound.translation.actors.belligerent):
        assert np.array_equal(found.renege[:, fighting, :, i], found.attack[:, fighting, :, i])


@pytest.mark.parametrize("seed", range(6))
def test_credibility_enters_the_value_of_attack_linearly(seed):
    scenario = random_scenario(seed, ally=False)
    table, deal = table_of(scenario), deal_of(scenario, seed)
    base = credibilities(table.bound.translation, table.bound.own)
    states = some_states(deal, seed)
    for g in range(base.shape[2]):
        given = np.repeat(base, 3, axis=0)
        given[:, :, g] = np.array([0.0, 0.3, 1.0])[:, np.newaxis]
        found = collapse(table, deal, states, given).attack[..., :2]
        assert found[1] == pytest.approx(0.7 * found[0] + 0.3 * found[2], abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_beliefs_equal_to_the_analysts_change_nothing(seed):
    plain = _without_beliefs(random_raw(seed, certain=True, audience=False))
    agreed = copy.deepcopy(plain)
    agreed["war"]["initiative"] = {
        "value": plain["war"]["initiative"],
        "believed": {A: plain["war"]["initiative"], KEEPER: plain["war"]["initiative"]},
    }
    level = plain["instruments"]["aid"]["level"]
    agreed["instruments"]["aid"]["level"] = {"value": level, "believed": {B: level}}
    value = plain["issues"]["land"]["options"]["handed-over"]["value"]
    value = {a: {"value": v, "believed": {B: v}} for a, v in value.items()}
    agreed["issues"]["land"]["options"]["handed-over"]["value"] = value
    one, other = (analyse(build(r), draws=8, seed=1, threads=1) for r in (plain, agreed))
    for part in (
        "likelihood",
        "reservations",
        "funnel",
        "gates",
        "focus",
        "deals",
        "orders",
        "war",
    ):
        assert to_plain(getattr(one, part)) == to_plain(getattr(other, part)), part


def _without_beliefs(node):
    if isinstance(node, dict):
        if set(node) <= {"value", "believed"} and not isinstance(node.get("value", {}), dict):
            return node["value"]
        return {key: _without_beliefs(item) for key, item in node.items()}
    return node


def mirrored(raw):
    """The same talks with side a called b and side b called a."""
    raw = copy.deepcopy(raw)
    for actor in raw["actors"].values():
        for key in ("side", "stands-with"):
            if key in actor:
                actor[key] = {"a": "b", "b": "a"}[actor[key]]
    for front in raw["fronts"].values():
        front["parcels"] = front["parcels"][::-1]
    raw["war"]["initiative"] = _one_less(raw["war"]["initiative"])
    raw["actors"] = dict(reversed(raw["actors"].items()))
    return raw


def _one_less(said):
    if not isinstance(said, dict):
        return 1.0 - said
    new = {"value": 1.0 - said["value"]}
    if "believed" in said:
        new["believed"] = {actor: 1.0 - value for actor, value in said["believed"].items()}
    return new


@pytest.mark.parametrize("seed", SEEDS)
def test_which_side_is_called_a_and_who_is_named_first_does_not_matter(seed):
    raw = random_raw(seed, certain=True)
    one, other = build(raw), build(mirrored(raw))
    order = [list(other.actors).index(actor) for actor in one.actors]
    tables = table_of(one), table_of(other)
    assert reservation_values(tables[0]) == pytest.approx(
        reservation_values(tables[1])[:, order], abs=1e-7
    )
    games = [package_game(t, deal_of(s, seed)) for t, s in zip(tables, (one, other), strict=True)]
    assert games[0].steps == games[1].steps
    assert games[0].belligerent.tolist() == games[1].belligerent[order].tolist()
    for name in PAYOFFS:
        found, expected = getattr(games[0], name), getattr(games[1], name)[..., order]
        assert found == pytest.approx(expected, abs=1e-7), name


@pytest.mark.parametrize("seed", SEEDS)
def test_points_of_one_actor_may_be_counted_twice_as_fine(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = central(params)
    i = params.actors.index(KEEPER)

    def in_points(path):
        own = path[-1] == KEEPER or path[:3] == ["war", "costs", KEEPER]
        return (own and path[0] in _IN_POINTS and path[-2] != "weight") or path[-1] == "honour-cost"

    finer = theta.copy()
    finer[:, entries_of(params, in_points)] *= 2.0
    deal = deal_of(scenario, seed)
    games = [package_game(table_of(scenario, row), deal) for row in (theta, finer)]
    scale = np.ones(len(params.actors))
    scale[i] = 2.0
    for name in (*PAYOFFS, "costs", "gain"):
        found, expected = getattr(games[1], name), getattr(games[0], name) * scale
        assert found == pytest.approx(expected, abs=1e-6), name


_IN_POINTS = ("parcels", "issues", "links", "steps", "guarantees", "war")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_that_does_nothing_changes_no_flow(seed):
    raw = random_raw(seed)
    idle = copy.deepcopy(raw)
    idle["steps"]["idle"] = {"serves": {"land.demilitarised": None}, "months": 0}
    shares = [s for s in idle["steps"].values() if "land.demilitarised" in s["serves"]]
    for step in shares:
        step["serves"]["land.demilitarised"] = 0.5 if step is not shares[-1] else 0.0
    for step in raw["steps"].values():
        if "land.demilitarised" in step["serves"]:
            step["serves"]["land.demilitarised"] = 0.5
    flows = []
    for one in (raw, idle):
        scenario = build(one)
        translation = translate(scenario)
        package = {issue: next(iter(item.options)) for issue, item in scenario.issues.items()}
        deal = agreement(translation, chosen(scenario, {**package, "land": "demilitarised"}))
        own = bind_war(translation, central(translation.parameters)).own
        flows.append(peace_flows(translation, deal, own, np.arange(deal.full + 1)))
    count = flows[0].shape[1]
    assert np.array_equal(flows[1][:, :count], flows[0])
    assert np.array_equal(flows[1][:, count:], flows[0])
