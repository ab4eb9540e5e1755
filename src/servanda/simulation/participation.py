"""Why each actor of a scenario stays at the table.

Staying, talks go on and no threat is carried out. Whoever walks out ends the talks, and what was
threatened against its side comes until it lapses. Put back in this order:

- *pressure*: what the threats cost: flows, war costs, and how soon a side gives way;
- *cover*: what the threats would change in the moves of the line, which go on under the talks;
- *seen*: what the scenario says that being seen at the table is worth;
- *deal*: somebody makes offers again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from servanda.problems.parameters import central
from servanda.problems.talks import TalksProblem
from servanda.problems.talks_binding import FrontWar
from servanda.results.participation import ActorStays
from servanda.simulation.progress import Progress
from servanda.simulation.talks_setting import (
    lapsing,
    war_by_month,
)
from servanda.simulation.talks_table import (
    TalksTable,
    talks_problem,
)
from servanda.solvers.package_talks import deal_values, war_along
from servanda.solvers.participation import outsiders_participation, participation
from servanda.solvers.talks_game import solve_talks


def why_each_stays(table: TalksTable, progress: Progress) -> tuple[ActorStays, ...]:
    """What staying is worth above walking out: the two sides first, then the others."""
    progress("why each stays", 0.0)
    unpressed = replace(table, war=_war(table, {}))
    return (*_sides(unpressed), *_others(unpressed))


def _sides(table: TalksTable) -> list[ActorStays]:
    staying = talks_problem(table)
    seen = _silent(staying)
    alone = _silent(talks_problem(replace(table, cover=(0.0, 0.0)))) if any(table.cover) else seen
    actors, found = table.centre.translation.actors, []
    for side, speaker in enumerate(actors.speaker):
        threats = _threats_against(table, side)
        walking_out = spared = alone
        if threats:
            pressed = _as_learned(_war(table, threats), table.war)
            kept = replace(table.war, odds=pressed.odds, tempo=pressed.tempo)
            walking_out, spared = (
                _silent(talks_problem(replace(table, war=war, cover=(0.0, 0.0))))
                for war in (pressed, kept)
            )
        ladder = {"pressure": spared, "cover": alone, "seen": seen, "deal": staying}
        values = participation(walking_out, ladder, side)
        found.append(ActorStays(actors.names[speaker], tuple(threats), values))
    return found


def _others(table: TalksTable) -> list[ActorStays]:
    """Actors who fight on neither side."""
    centre, game = table.centre, talks_problem(table)
    solution, actors = solve_talks(game), centre.translation.actors
    worth = deal_values(centre.table, centre.problem, table.deals, table.front)
    war = war_along(centre.table, table.front)
    settings = centre.table.bound.settings
    found = []
    for actor in np.flatnonzero(actors.side < 0).tolist():
        name = actors.names[actor]
        values = outsiders_participation(
            game,
            solution,
            discount=float(settings.discount[centre.table.bound.group[actor], actor]),
            deals=worth[:, :, actor],
            war=war[:, actor],
            cover=table.settings.cover[name].value if name in table.settings.cover else 0.0,
        )
        found.append(ActorStays(name, (), values))
    return found


def _threats_against(table: TalksTable, side: int) -> dict[str, int]:
    """Pressure on a side, to the month from which on it is no longer carried out."""
    actors = table.centre.translation.actors
    own = {name for name, of in zip(actors.names, actors.side.tolist(), strict=True) if of == side}
    pressure = table.scenario.pressure
    return {
        name: month for name, month in lapsing(table.scenario).items() if pressure[name].on in own
    }


def _war(table: TalksTable, threats: Mapping[str, int]) -> FrontWar:
    translation = table.centre.translation
    theta, months = central(translation.parameters), table.settings.months
    return war_by_month(table.scenario, translation, theta, table.front, months, threats)


def _as_learned(pressed: FrontWar, free: FrontWar) -> FrontWar:
    """The war under threats, in which every belief about moves of the line starts as without them.

    What the threats change in the contest stands in the odds then, and is gone when they lapse.
    """
    analyst = 2
    under, without = pressed.mean[analyst], free.mean[analyst]
    factor = under * (1.0 - without) / ((1.0 - under) * without)
    return replace(pressed, mean=free.mean, odds=pressed.odds * factor)


def _silent(game: TalksProblem) -> TalksProblem:
    """The same war; nobody makes an offer."""
    return replace(game, recognised=np.zeros_like(game.recognised))
