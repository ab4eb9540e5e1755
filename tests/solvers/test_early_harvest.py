"""Early harvest: nobody loses, nothing better was left out, and values are those of packages."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from scenarios import scenarios
from servanda import workbench
from servanda.problems.from_scenario import translate
from servanda.simulation.centre import stand_at_centre
from servanda.solvers.early_harvest import early_harvest, gains_while_fighting
from servanda.solvers.package_values import values_of


def ground_of(scenario):
    return stand_at_centre(scenario, translate(scenario), threads=1, progress=lambda *_: None)


def changes_the_war(scenario, issue, option):
    steps = [step for step in scenario.steps.values() if f"{issue}.{option}" in step.serves]
    return any(step.moves or step.brings or step.ceasefire for step in steps)


@settings(max_examples=25, deadline=None)
@given(scenarios(audience=False))
def test_nobody_loses_and_nothing_else_is_better_for_whom_it_serves_least(scenario):
    ground = ground_of(scenario)
    problem, status_quo = ground.problem, ground.translation.issues.status_quo.tolist()
    every = list(range(len(problem.issues)))
    (found,) = early_harvest(ground.table, problem, {"all": every})
    (again,) = early_harvest(ground.table, problem, {"all": every})
    assert found.to_dict() == again.to_dict()
    assert min(found.gains.values(), default=0.0) >= -1e-9
    for issue, option in found.answers.items():
        assert not changes_the_war(scenario, issue, option)
    harmless = [
        [
            n
            for n, option in enumerate(options)
            if n == status_quo[j] or not changes_the_war(scenario, problem.issues[j], option)
        ]
        for j, options in enumerate(problem.options)
    ]
    for chosen in product(*harmless):
        crossed = [
            all(int(mask) >> option & 1 for mask, option in zip(line, chosen, strict=True))
            for line in (*problem.red_lines, *problem.exclusions)
        ]
        waits = any(
            step.requires
            for step in scenario.steps.values()
            for j, n in enumerate(chosen)
            if n != status_quo[j] and f"{problem.issues[j]}.{problem.options[j][n]}" in step.serves
        )
        if list(chosen) == status_quo or any(crossed) or waits:
            continue
        gains = gains_while_fighting(ground.table, chosen)[problem.parties]
        if (gains >= 0).all():
            assert found.possible > 0
            assert gains.min() <= min(found.gains.values()) + 1e-9


@settings(max_examples=25, deadline=None)
@given(scenarios(audience=False))
def test_answers_without_steps_are_worth_what_packages_say(scenario):
    ground = ground_of(scenario)
    problem, status_quo = ground.problem, ground.translation.issues.status_quo.tolist()
    before = values_of(problem, np.array([problem.number(status_quo)]))[0]
    for j, options in enumerate(problem.options):
        for n, option in enumerate(options):
            serving = [
                step
                for step in scenario.steps.values()
                if f"{problem.issues[j]}.{option}" in step.serves
            ]
            if n == status_quo[j] or any(
                step.sets or step.moves or step.brings for step in serving
            ):
                continue
            chosen = list(status_quo)
            chosen[j] = n
            after = values_of(problem, np.array([problem.number(chosen)]))[0]
            gains = gains_while_fighting(ground.table, chosen)
            if serving:
                assert gains == pytest.approx(after - before)


def test_geneva_prisoners_could_be_exchanged_meanwhile():
    scenario = workbench.read("geneva-2026")
    ground = ground_of(scenario)
    humanitarian = [
        n for n, one in enumerate(scenario.issues.values()) if one.track == "humanitarian"
    ]
    (found,) = early_harvest(ground.table, ground.problem, {"humanitarian": humanitarian})
    assert found.answers == {"prisoners": "all-for-all"}
    assert min(found.gains.values()) > 0
