"""Packages of a scenario: patterns mean what the scenario says, numbers are those of each draw."""

import numpy as np
import pytest

from scenarios import KEEPER, A, B, Numbers, build, changed, random_raw, random_scenario
from servanda.problems.from_scenario import translate
from servanda.problems.package_binding import (
    content_lines,
    lines_held,
    order_lines,
    package_draws,
    package_problem,
)
from servanda.problems.parameters import central, draws
from twins.agreement_by_definition import packages
from twins.test_agreement_twin import chosen

SEEDS = range(10)
NUMBERS = (
    "contribution",
    "constant",
    "link_values",
    "support_constant",
    "support_effects",
    "interaction_values",
    "threshold",
    "noise",
    "failure_cost",
    "audience_cost",
    "discount",
)


def problem_of(translation, theta, reservation=None):
    count = len(translation.actors.names)
    lines = content_lines(translation)
    point = np.zeros(count) if reservation is None else reservation
    return package_problem(translation, theta, point, lines, [""] * len(lines))


def matches(pattern, options):
    return all(int(mask) >> option & 1 for mask, option in zip(pattern, options, strict=True))


def talks(seed):
    raw = random_raw(seed)
    second = next(name for name in raw["issues"] if name != "land")
    answers = list(raw["issues"][second]["options"])
    raw = changed(
        raw,
        {
            "exclusions.not-both": {
                "options": ["land.demilitarised", f"{second}.{answers[-1]}"],
                "note": "They exclude one another.",
            },
            "red-lines.never-at-all": {
                "by": B,
                "says": "Never.",
                "never": ["land.as-it-is", f"{second}.{answers[0]}"],
            },
            "audiences.court": {
                "name": "Court",
                "of": B,
                "noise": {"value": 0.05, "believed": {B: 0.1}},
                "baseline": 0.5,
                "step": "leave-first",
                "interactions": {
                    "swap": {"options": ["land.handed-over", f"{second}.{answers[1]}"], "value": 1}
                },
            },
        },
    )
    return build(raw)


@pytest.mark.parametrize("seed", SEEDS)
def test_patterns_match_the_packages_that_the_words_mean(seed):
    scenario = talks(seed)
    translation = translate(scenario)
    problem = problem_of(translation, central(translation.parameters))
    names = translation.red_lines.names
    lines = content_lines(translation)
    assert [names[n] for n in lines] == [n for n, l in scenario.red_lines.items() if l.never]
    assert [names[n] for n in order_lines(translation)] == [
        n for n, l in scenario.red_lines.items() if l.do
    ]
    for number, package in enumerate(packages(scenario)):
        options = tuple(chosen(scenario, package))
        assert problem.number(options) == number
        refs = {f"{issue}.{key}" for issue, key in package.items()}
        for pattern, item in zip(problem.exclusions, scenario.exclusions.values(), strict=True):
            assert matches(pattern, options) == (set(item.options) <= refs)
        for pattern, n in zip(problem.red_lines, lines, strict=True):
            line = scenario.red_lines[names[n]]
            broken = set(line.never) <= refs and not set(line.without) & refs
            assert matches(pattern, options) == broken
        for gate, audience in enumerate(scenario.audiences.values()):
            own = [set(i.options) <= refs for i in audience.interactions.values()]
            found = [matches(pattern, options) for pattern in problem.interactions[gate]]
            assert found[: len(own)] == own
            assert not any(found[len(own) :])


@pytest.mark.parametrize("seed", SEEDS)
def test_gates_are_read_in_the_beliefs_of_the_leader(seed):
    scenario = talks(seed)
    translation = translate(scenario)
    params = translation.parameters
    theta = draws(params, seed=seed, first=0, count=1)
    problem = problem_of(translation, theta)
    for gate, (name, audience) in enumerate(scenario.audiences.items()):
        number, base = Numbers(params, theta[0], audience.of), f"audiences.{name}"
        assert problem.actors[problem.audience_actor[gate]] == audience.of
        assert problem.gates_before[gate] == (audience.step is None)
        assert problem.support_constant[gate] == number(f"{base}.baseline")
        assert problem.threshold[gate] == number(f"{base}.threshold")
        assert problem.noise[gate] == number(f"{base}.noise")
        for j, options in enumerate(problem.options):
            for o, key in enumerate(options):
                ref = f"{problem.issues[j]}.{key}"
                effect = number(f"{base}.effects.{ref}.value")
                assert problem.support_effects[gate, j, o] == effect
        for place, key in enumerate(audience.interactions):
            value = number(f"{base}.interactions.{key}.value")
            assert problem.interaction_values[gate, place] == value
    for i, actor in enumerate(problem.actors):
        number = Numbers(params, theta[0], actor)
        assert problem.failure_cost[i] == number(f"actors.{actor}.failure-cost")
        for j, options in enumerate(problem.options):
            for o, key in enumerate(options):
                own = [n for n, audience in scenario.audiences.items() if audience.of == actor]
                cost = sum(number(f"audiences.{n}.costs.{problem.issues[j]}.{key}") for n in own)
                assert problem.audience_cost[j, o, i] == pytest.approx(cost)


@pytest.mark.parametrize("seed", SEEDS)
def test_many_draws_are_as_many_problems(seed):
    translation = translate(random_scenario(seed))
    params = translation.parameters
    theta = draws(params, seed=seed, first=0, count=4)
    reservation = np.arange(4.0 * len(params.actors)).reshape(4, -1)
    found = package_draws(problem_of(translation, theta[:1]), translation, theta, reservation)
    for d in range(4):
        alone = problem_of(translation, theta[d : d + 1], reservation[d])
        for name in (*NUMBERS, "reservation"):
            assert np.array_equal(getattr(found, name)[d], getattr(alone, name), equal_nan=True), (
                name
            )
        signs = translation.actors.signs
        assert np.array_equal(np.isnan(alone.reservation), ~signs)


def test_red_lines_that_merely_may_hold_do_so_in_their_share_of_draws():
    raw = random_raw(1)
    raw["red-lines"]["never-both"]["holds"] = 0.25
    translation = translate(build(raw))
    line = translation.red_lines.names.index("never-both")
    theta = draws(translation.parameters, seed=1, first=0, count=4000)
    held = lines_held(translation, theta, [line])
    assert held.shape == (4000, 1)
    assert held.mean() == pytest.approx(0.25, abs=0.03)


def test_a_mediator_that_signs_nothing_has_no_veto():
    raw = changed(random_raw(1), {f"actors.{KEEPER}.signs": False, f"actors.{A}.signs": True})
    translation = translate(build(raw))
    problem = problem_of(translation, central(translation.parameters))
    assert KEEPER not in [problem.actors[i] for i in problem.parties]
    assert A in [problem.actors[i] for i in problem.parties]
