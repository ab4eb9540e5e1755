"""Flows, worlds and values of packages against the model's formulas read from the scenario."""

import numpy as np
import pytest

from scenarios import Numbers, build, changed, random_raw, random_scenario
from servanda.files.read import read_scenario
from servanda.problems.agreement import agreement, peace_flows, world_states
from servanda.problems.from_scenario import translate
from servanda.problems.gather import own_beliefs
from servanda.problems.package_binding import content_lines, package_problem
from servanda.problems.parameters import central, draws
from servanda.problems.translation import NOBODY, SIDE_A, SIDE_B
from twins import agreement_by_definition as twin

SEEDS = range(25)


def chosen(scenario, package):
    return [list(scenario.issues[issue].options).index(key) for issue, key in package.items()]


def completed(translation, deal, state):
    return {
        translation.steps.names[step]
        for k, step in enumerate(deal.steps.tolist())
        if state >> k & 1
    }


def all_states(deal):
    return np.arange(deal.full + 1, dtype=np.int64)


def some_packages(scenario, count, seed):
    found = list(twin.packages(scenario))
    rng = np.random.default_rng(seed)
    return [found[n] for n in rng.permutation(len(found))[:count]]


@pytest.mark.parametrize("seed", SEEDS)
def test_peace_flows_follow_the_formula_in_every_state(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = draws(params, seed=seed, first=0, count=2)
    own = own_beliefs(params, theta)
    believers = [[Numbers(params, row, actor) for actor in scenario.actors] for row in theta]
    guarantees = list(scenario.guarantees)
    for package in some_packages(scenario, 3, seed):
        deal = agreement(translation, chosen(scenario, package))
        assert [translation.steps.names[s] for s in deal.steps] == twin.steps_of(scenario, package)
        states = all_states(deal)
        voided = seed % (1 << len(guarantees))
        gone = frozenset(name for g, name in enumerate(guarantees) if voided >> g & 1)
        flows = peace_flows(translation, deal, own, states, voided=voided)
        for d, n, i in np.ndindex(flows.shape):
            expected = twin.flow(
                scenario,
                believers[d][i],
                package,
                params.actors[i],
                completed(translation, deal, int(states[n])),
                gone,
            )
            assert flows[d, n, i] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_world_after_each_set_of_steps(seed):
    scenario = random_scenario(seed)
    translation = translate(scenario)
    names = translation.guarantees.names
    sides = {"a": SIDE_A, "b": SIDE_B}
    for package in some_packages(scenario, 3, seed):
        deal = agreement(translation, chosen(scenario, package))
        states = all_states(deal)
        found = world_states(translation, deal, states)
        for n, state in enumerate(states.tolist()):
            expected = twin.world(scenario, completed(translation, deal, state))
            assert found.holder[n].tolist() == [
                NOBODY if who == "demilitarised" else sides[scenario.actors[who].side]
                for who in expected.holder.values()
            ]
            paths = [translation.parameters.paths[at] for at in found.level_at[n]]
            assert paths == list(expected.level.values())
            force = {name for g, name in enumerate(names) if int(found.in_force[n]) >> g & 1}
            assert force == expected.in_force


def assert_values_are_flows_at_the_end(scenario, packages):
    translation = translate(scenario)
    params = translation.parameters
    theta = central(params)
    own = own_beliefs(params, theta)
    lines = content_lines(translation)
    labels = [""] * len(lines)
    problem = package_problem(translation, theta, np.zeros(len(params.actors)), lines, labels)
    for package in packages:
        options = chosen(scenario, package)
        value = problem.constant.copy()
        for issue, option in enumerate(options):
            value += problem.contribution[issue, option]
        for pattern, worth in zip(problem.links, problem.link_values, strict=True):
            if all(int(mask) >> option & 1 for mask, option in zip(pattern, options, strict=True)):
                value += worth
        deal = agreement(translation, options)
        flows = peace_flows(translation, deal, own, np.array([deal.full], np.int64))[0, 0]
        assert value == pytest.approx(flows, abs=1e-9), package


@pytest.mark.parametrize("seed", SEEDS)
def test_the_value_of_a_package_is_the_flow_once_all_is_done(seed):
    scenario = random_scenario(seed)
    assert_values_are_flows_at_the_end(scenario, twin.packages(scenario))


@pytest.mark.parametrize(
    "name", ["geneva-2026", "two-step-territory-and-guarantee", "fearon-1995-pie"]
)
def test_the_value_of_a_shipped_package_is_the_flow_once_all_is_done(name):
    scenario = read_scenario(name)
    if name == "geneva-2026":
        rng = np.random.default_rng(1)
        answers = {issue: list(item.options) for issue, item in scenario.issues.items()}
        packages = [
            {issue: options[rng.integers(len(options))] for issue, options in answers.items()}
            for _ in range(60)
        ]
    else:
        packages = list(twin.packages(scenario))
    assert_values_are_flows_at_the_end(scenario, packages)


def test_a_guarantee_that_two_answers_bring_is_in_force_once():
    raw = random_raw(0)
    raw["steps"]["quiet"]["brings"] = ["treaty"]
    scenario = build(changed(raw, {"guarantees.treaty.in-force-cost": {"lowland": 7.0}}))
    assert_values_are_flows_at_the_end(scenario, twin.packages(scenario))


def test_shares_that_are_rounded_still_carry_out_the_whole_answer():
    raw = random_raw(0)
    for name, share in (("quiet", 0.333), ("leave-first", 0.333), ("leave-rest", 0.333)):
        raw["steps"][name]["serves"]["land.handed-over"] = share
    scenario = build(raw)
    assert_values_are_flows_at_the_end(scenario, twin.packages(scenario))
