"""The rankings of a scenario as arrays, beside what it says in numbers."""

from __future__ import annotations

from dataclasses import replace

from servanda.problems.gather import own_beliefs, take_own
from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import Floats
from servanda.problems.ranked_packages import POINTS, RankedProblem, Weights, ranked_problem
from servanda.problems.translation import Translation
from servanda.problems.weight_orders import WeightOrder, weight_order
from servanda.scenario.model import Scenario
from servanda.scenario.ranking_checks import important_issues, more_important
from servanda.scenario.rankings import Rankings


def ranked_packages(
    scenario: Scenario, translation: Translation, theta: Floats, problem: PackageProblem
) -> RankedProblem:
    """Packages of a scenario with rankings.

    Args:
        scenario: without a war.
        translation: the scenario in integers.
        theta: (1, P), what it says in numbers.
        problem: its packages, all that is ranked being worth nothing.
    """
    own = own_beliefs(translation.parameters, theta)
    said_weight = take_own(own, translation.issues.weight_at)[0]
    said_value = take_own(own, translation.issues.value_at)[0]
    issues, actors = list(scenario.issues), list(scenario.actors)
    contribution, reservation = problem.contribution.copy(), problem.reservation.copy()
    rank, value, floor = {}, {}, {}
    weights: list[Weights] = [None] * len(actors)
    for name, said in scenario.rankings.items():
        i = actors.index(name)
        weighed = any(name in issue.weight for issue in scenario.issues.values())
        weights[i] = said_weight[:, i] if weighed else _order(scenario, name, said, issues)
        contribution[..., i] = 0.0  # its weights and values are in the reading instead
        for j, (key, issue) in enumerate(scenario.issues.items()):
            if key in said.options:
                place = {one: n for n, names in enumerate(said.options[key]) for one in names}
                rank[i, j] = [place[option] for option in issue.options]
            else:
                value[i, j] = (said_value[j, : len(issue.options), i] / POINTS).tolist()
        if said.refuses_below:
            floor[i] = [
                list(issue.options).index(said.refuses_below[key])
                for key, issue in scenario.issues.items()
            ]
            if scenario.actors[name].signs:
                reservation[i] = 0.0  # it has a veto; the number follows from the reading
    numbers = replace(problem, contribution=contribution, reservation=reservation)
    return ranked_problem(numbers, rank=rank, weights=weights, value=value, floor=floor)


def _order(scenario: Scenario, actor: str, said: Rankings, issues: list[str]) -> WeightOrder:
    """What is known of the weights of an actor that gives none."""
    pairs = [
        (issues.index(more[0]), issues.index(less[0]))
        for less, higher in more_important(said).items()
        for more in higher
    ]
    alike = [[issues.index(name) for name in names] for names in said.importance]
    mattering = [issues.index(name) for name in important_issues(scenario, actor)]
    return weight_order(len(issues), pairs, alike, issues=mattering)
