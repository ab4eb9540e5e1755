"""The scenario at its central values: wars, packages through their gates, orders tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from servanda.errors import ProblemError
from servanda.problems.agreement import agreement, peace_flows
from servanda.problems.package_binding import content_lines, lines_held, package_problem
from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import Floats, central
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_war
from servanda.results.packages import Funnel, Implementable
from servanda.scenario.model import Scenario
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared
from servanda.solvers.collapse import collapse, reservation_values
from servanda.solvers.funnel import funnel
from servanda.solvers.orders import best_margin, held_at_centre
from servanda.solvers.war_table import WarTable

TESTS = 16
"""Packages whose order of steps is searched at the central values."""


@dataclass(frozen=True)
class Ground:
    """The scenario at its central values, before any package is looked at.

    Attributes:
        translation: the scenario in integers.
        table: wars at the central values.
        reservation: (A,) what each actor gets without a deal.
        problem: packages, with the red lines on content held at the central values.
        every_line: the same packages with every red line, for the draws.
        held: red lines on order held at the central values, as indices of all red lines.
    """

    translation: Translation
    table: WarTable
    reservation: Floats
    problem: PackageProblem
    every_line: PackageProblem
    held: list[int]


@dataclass(frozen=True)
class Centre(Ground):
    """The scenario at its central values, with its packages put through the gates.

    Attributes:
        funnel: the gates.
    """

    funnel: Funnel


@shared
def stand_at_centre(
    scenario: Scenario, translation: Translation, *, threads: int | None, progress: Progress
) -> Ground:
    """Wars and the problem of packages at the central values."""
    progress("value of fighting on", 0.0)
    theta = central(translation.parameters)
    table = WarTable(bind_war(translation, theta), threads=threads)
    reservation = reservation_values(table)[0]
    lines = content_lines(translation)
    real = lines_held(translation, theta, lines)[0]

    def packages(counted: Sequence[int]) -> PackageProblem:
        names = [translation.red_lines.names[line] for line in counted]
        labels = [scenario.red_lines[name].says for name in names]
        return package_problem(translation, theta, reservation, counted, labels)

    problem = packages([line for line, is_real in zip(lines, real, strict=True) if is_real])
    held = held_at_centre(translation)
    return Ground(translation, table, reservation, problem, packages(lines), held)


@shared
def look_at_centre(
    scenario: Scenario, translation: Translation, *, threads: int | None, progress: Progress
) -> Centre:
    """Wars, packages and their orders at the central values."""
    ground = stand_at_centre(scenario, translation, threads=threads, progress=progress)
    tested = 0

    def test(package: int, _: dict[str, str]) -> Implementable:
        nonlocal tested
        progress("orders of steps", min(tested / TESTS, 1.0))
        tested += 1
        return implementable(ground.table, ground.problem.chosen(package), ground.held)

    progress("packages", 0.0)
    found = funnel(ground.problem, test, TESTS, threads=threads)
    return Centre(**vars(ground), funnel=found)


def implementable(table: WarTable, chosen: Sequence[int], held: Sequence[int]) -> Implementable:
    """What the best order that honours the red lines held says about one package."""
    translation = table.bound.translation
    deal = agreement(translation, chosen)
    if not len(deal.steps):  # nothing to carry out: only fighting on could break it
        empty = np.zeros(1, np.int64)
        values = peace_flows(translation, deal, table.bound.own, empty)[0, 0]
        attack = collapse(table, deal, empty).attack[0, 0]
        margins = (values - attack)[:, translation.actors.belligerent]
        return Implementable(float(margins.min()), values)
    try:
        search = best_margin(table, deal, held)
    except ProblemError:  # too many orders to search: not shown to be kept
        search = None
    if search is None or search.plan is None:
        return Implementable(-np.inf, np.full(len(translation.actors.names), np.nan))
    return Implementable(search.margin, search.plan.values[0], search.plan)
