"""Talks while fighting on a scenario, at its central values, and why there is no agreement now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import Floats, central
from servanda.problems.switched_off import beliefs_differ, common_beliefs
from servanda.problems.talks import TalksProblem
from servanda.results.analysis import Origin
from servanda.results.packages import Implementable
from servanda.results.talks import TalksSolution
from servanda.results.talks_answer import SEEN, SideAtPresent, TalksAnswer, TalksCase
from servanda.scenario.model import Scenario
from servanda.simulation.centre import TESTS, implementable, look_at_centre
from servanda.simulation.progress import Progress, quiet
from servanda.simulation.talks_setting import war_by_month
from servanda.simulation.talks_solved import solved_talks
from servanda.simulation.talks_strikes import resting, strikes_in_talks
from servanda.simulation.talks_table import TalksTable, talks_problem, talks_table
from servanda.solvers.funnel import funnel
from servanda.solvers.talks_game import solve_talks

MOST_PACKAGES = 300
"""Packages offered at most when the order of steps is not asked."""

CAUSES = ("beliefs", "learning", "pressure", "ratification", "implementation")
"""What is removed, one at a time, in the order asked; then strikes and deadlines, if any."""


CERTAIN = (np.inf, np.inf)
"""Weights of beliefs that nothing changes."""


def talks_of_scenario(
    scenario: Scenario, origin: Origin, *, threads: int | None, progress: Progress
) -> TalksAnswer:
    """When the two sides would sign what, and what stands in the way now."""
    talks = solved_talks(scenario, threads=threads, progress=progress)
    table, game, solution = talks.table, talks.game, talks.solution
    without = []
    causes = [*CAUSES]
    causes += ["strikes"] if scenario.strikes else []
    causes += ["deadlines"] if table.settings.deadlines else []
    for number, cause in enumerate(causes):
        progress("one cause removed at a time", number / len(causes))
        without.append(_without(cause, table, threads))
    names = table.centre.translation.actors.names
    return TalksAnswer(
        origin=origin,
        front=talks.front,
        places=game.positions,
        start=game.start,
        offers=tuple(table.offers[0].tolist()),
        mediator="" if table.mediator is None else names[table.mediator],
        pressure=tuple(scenario.pressure),
        expects=float(table.war.mean[2]),
        sides=(_side(table, game, solution, 0), _side(table, game, solution, 1)),
        deals=table.deals,
        case=_case("", table, solution, applies=True),
        without=tuple(without),
        strikes=strikes_in_talks(table, game, solution),
        early=talks.early,
        solution=solution,
    )


def _without(cause: str, table: TalksTable, threads: int | None) -> TalksCase:
    """The same talks with one cause removed."""
    applies = True
    if cause == "beliefs":
        changed, applies = _alike(table, threads)
    elif cause == "learning":
        changed = replace(table, weight=CERTAIN)
    elif cause == "pressure":
        translation = table.centre.translation
        theta, months = central(translation.parameters), table.settings.months
        war = war_by_month(table.scenario, translation, theta, table.front, months, {})
        changed = replace(table, war=war)
        applies = bool(table.scenario.pressure)
    elif cause == "ratification":
        changed, applies = _unratified(table, threads)
    elif cause == "strikes":
        changed = resting(table, (0, 1))
    elif cause == "deadlines":
        changed = _undated(table)
    else:
        free = funnel(table.centre.problem, threads=threads).efficient[:MOST_PACKAGES]
        known = {deal.index for deal in table.deals}
        extra = [deal for deal in free if deal.index not in known]
        changed, applies = replace(table, deals=(*table.deals, *extra)), bool(extra)
    solution = solve_talks(talks_problem(changed)) if applies else None
    return _case(cause, changed, solution, applies=applies)


def _alike(table: TalksTable, threads: int | None) -> tuple[TalksTable, bool]:
    """The talks if everybody believed of everything what the analyst does, with certainty."""
    translation = table.centre.translation
    if not beliefs_differ(translation):
        return table, False
    alike = common_beliefs(translation)
    centre = look_at_centre(table.scenario, alike, threads=threads, progress=quiet)
    return replace(talks_table(table.scenario, centre), weight=CERTAIN), True


def _undated(table: TalksTable) -> TalksTable:
    """The talks if no deadline stood."""
    talks = table.settings.model_copy(update={"deadlines": {}})
    scenario = table.scenario.model_copy(update={"talks": talks})
    return replace(talks_table(scenario, table.centre), deals=table.deals)


def _unratified(table: TalksTable, threads: int | None) -> tuple[TalksTable, bool]:
    """The talks if whatever the leaders sign is ratified, and signing costs them nothing."""
    centre = table.centre
    problem: PackageProblem = replace(
        centre.problem,
        threshold=np.zeros_like(centre.problem.threshold),
        failure_cost=np.zeros_like(centre.problem.failure_cost),
        audience_cost=np.zeros_like(centre.problem.audience_cost),
    )
    if not len(problem.audiences):
        return table, False

    def test(package: int, _: dict[str, str]) -> Implementable:
        return implementable(centre.table, problem.chosen(package), centre.held)

    found = funnel(problem, test, TESTS, threads=threads)
    deals = tuple(deal for deal in found.tested if deal.kept)
    return replace(table, centre=replace(centre, problem=problem), deals=deals), True


def _case(
    cause: str, table: TalksTable, solution: TalksSolution | None, *, applies: bool
) -> TalksCase:
    if solution is None:
        return TalksCase(cause, applies, len(table.deals), 0.0, None, None, 0.0)
    by_then = np.cumsum(solution.agreement)
    half = np.flatnonzero(by_then >= 0.5)
    first = np.flatnonzero(solution.agreement > SEEN)
    return TalksCase(
        cause=cause,
        applies=applies,
        deals=len(table.deals),
        signed_now=float(by_then[0]),
        first_month=int(first[0]) if len(first) else None,
        median_month=int(half[0]) if len(half) else None,
        agreed=float(by_then[-1]),
    )


def _side(
    table: TalksTable, game: TalksProblem, solution: TalksSolution, side: int
) -> SideAtPresent:
    """What one side would accept at present."""
    actors = table.centre.translation.actors
    least = solution.refusal[0, 0, game.start]
    worth: Floats = game.deals[game.start]
    silent = replace(game, recognised=np.zeros_like(game.recognised))
    alone = solve_talks(silent).start_values(game.start)
    others = np.flatnonzero(worth[:, 1 - side] >= least[1 - side] - SEEN)
    best = int(others[np.argmax(worth[others, side])]) if len(others) else None
    return SideAtPresent(
        actor=actors.names[actors.speaker[side]],
        least=float(least[side]),
        at_table=solution.start_values(game.start)[side],
        walking_out=alone[side],
        best=best,
        gains=None if best is None else float(worth[best, side] - least[side]),
        refuses=int((worth[:, side] < least[side] - SEEN).sum()),
        expects=float(table.war.mean[side]),
    )
