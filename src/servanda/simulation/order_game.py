"""A plan of a scenario as a game in extensive form, at the central values."""

from __future__ import annotations

from collections.abc import Mapping

from servanda.problems.agreement import agreement, chosen_options
from servanda.problems.from_scenario import translate
from servanda.problems.parameters import central
from servanda.problems.war_binding import bind_war
from servanda.results.extensive import ExtensiveGame
from servanda.results.plan import PlanEvaluation
from servanda.scenario.model import Scenario
from servanda.solvers.breach_game import breach_game
from servanda.solvers.package_game import plan_game
from servanda.solvers.plan import as_plan
from servanda.solvers.war_table import WarTable


def game_of_plan(
    scenario: Scenario, options: Mapping[str, str], plan: PlanEvaluation, title: str
) -> ExtensiveGame:
    """Who could break a plan for one package, when and how; see `servanda.solvers.breach_game`."""
    translation = translate(scenario)
    table = WarTable(bind_war(translation, central(translation.parameters)))
    chosen = chosen_options(translation, options)
    stages = as_plan(plan)
    problem = plan_game(table, agreement(translation, chosen), [stages])
    return breach_game(problem, stages, title)
