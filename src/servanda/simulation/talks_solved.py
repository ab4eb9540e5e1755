"""The talks of a scenario at its central values: what they are about, as a game, and solved."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.problems.talks import TalksProblem
from servanda.results.early_harvest import EarlyHarvest
from servanda.results.talks import TalksSolution
from servanda.scenario.model import Scenario
from servanda.simulation.centre import look_at_centre
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared
from servanda.simulation.talks_setting import issues_by_track
from servanda.simulation.talks_table import TalksTable, talks_problem, talks_table
from servanda.simulation.translated import translated
from servanda.solvers.early_harvest import early_harvest
from servanda.solvers.talks_game import solve_talks


@dataclass(frozen=True, eq=False)
class SolvedTalks:
    """The talks at the central values.

    Attributes:
        table: what they are about.
        game, solution: played by both sides as well as they can.
        early: what could be settled track by track before the rest.
        front: name of the line that moves; "" where none does.
    """

    table: TalksTable
    game: TalksProblem
    solution: TalksSolution
    early: tuple[EarlyHarvest, ...]
    front: str


@shared
def solved_talks(scenario: Scenario, *, threads: int | None, progress: Progress) -> SolvedTalks:
    """Solve the talks of a checked scenario with a war."""
    translation = translated(scenario, progress=progress)
    centre = look_at_centre(scenario, translation, threads=threads, progress=progress)
    progress("talks while fighting", 0.0)
    table = talks_table(scenario, centre)
    game = talks_problem(table)
    return SolvedTalks(
        table=table,
        game=game,
        solution=solve_talks(game),
        early=early_harvest(centre.table, centre.problem, issues_by_track(scenario)),
        front="" if table.front is None else translation.land.front_names[table.front],
    )
