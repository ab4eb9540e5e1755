"""How hard each side of a scenario strikes while it talks, why, and what restraint would be worth.

Restraint is held to in these cases, which the talks themselves cannot promise: how hard to strike
is chosen month by month. So they say what a truce on the targets would be worth that both could
rely on, apart from what else a truce may change.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from servanda.problems.campaigns import Campaigns, campaign_of, campaigns_in, stopping
from servanda.problems.parameters import Floats, central
from servanda.problems.talks import TalksProblem
from servanda.problems.talks_binding import at_rest
from servanda.problems.translation import Translation
from servanda.results.strikes import (
    CampaignChoice,
    CampaignCourse,
    Intensity,
    RestraintCase,
    StrikesAnswer,
)
from servanda.results.talks import TalksSolution
from servanda.scenario.model import Scenario
from servanda.simulation.talks_table import TalksTable, talks_problem
from servanda.solvers.talks_game import hope_at_start, solve_talks


def strikes_in_talks(
    table: TalksTable, game: TalksProblem, solution: TalksSolution
) -> StrikesAnswer | None:
    """What each side chooses, and the talks with one or both at rest; None without campaigns."""
    if not table.scenario.strikes:
        return None
    translation = table.centre.translation
    campaigns = campaigns_in(table.scenario, translation, central(translation.parameters))
    a, b = (_choice(table, game, solution, campaigns, side) for side in range(2))
    return StrikesAnswer(
        sides=(a, b),
        chosen=_case(table, game, solution, ()),
        both=_restrained(table, (0, 1)),
        alone_a=_restrained(table, (0,)),
        alone_b=_restrained(table, (1,)),
    )


def courses_of_strikes(
    scenario: Scenario, translation: Translation, struck: Floats
) -> tuple[CampaignCourse, ...]:
    """How hard each side with a campaign strikes in histories.

    Args:
        scenario, translation: whose.
        struck: (H, 2, L) share of the histories by month, side and level.
    """
    intensity = campaigns_in(scenario, translation, central(translation.parameters)).intensity
    actors, found = translation.actors, []
    for side in (side for side in range(2) if campaign_of(scenario, side)):
        total = struck[:, side].sum(axis=0)
        found.append(
            CampaignCourse(
                actor=actors.names[actors.speaker[side]],
                name=scenario.strikes[campaign_of(scenario, side)].name,
                mean=float(_mean(total, intensity[side])),
                by_month=_mean(struck[:, side], intensity[side]),
            )
        )
    return tuple(found)


def resting(table: TalksTable, sides: tuple[int, ...]) -> TalksTable:
    """The same talks with some sides held to their lowest intensity."""
    return replace(table, war=at_rest(table.war, sides))


def _choice(
    table: TalksTable,
    game: TalksProblem,
    solution: TalksSolution,
    campaigns: Campaigns,
    side: int,
) -> CampaignChoice:
    scenario, translation = table.scenario, table.centre.translation
    name = campaign_of(scenario, side)
    stopped = bool(name) and not campaigns.chosen[side]
    intensity = campaigns.intensity[side]
    return CampaignChoice(
        actor=_speaker(table, side),
        name=scenario.strikes[name].name if name else "",
        stopped_by=translation.instruments.names[stopping(scenario, translation)[side]]
        if stopped
        else "",
        now=float(intensity[solution.striking[0, 0, game.start, side]]),
        levels=_levels(game, solution, intensity, side) if campaigns.chosen[side] else (),
        by_month=_mean(solution.struck[:, side], intensity),
    )


def _levels(
    game: TalksProblem, solution: TalksSolution, intensity: Floats, side: int
) -> tuple[Intensity, ...]:
    """What each intensity does at present, beside the lowest."""
    other, start = 1 - side, game.start
    paid = game.strikes[0, side, 0] - game.strikes[0, side]  # (L, 2) normalised
    points = np.divide(
        paid, 1.0 - game.discount, out=np.full(paid.shape, np.nan), where=game.discount < 1.0
    )
    wear = game.wear[:, 0, start, side] - game.wear[:, 0, start, side, :1]
    hope = hope_at_start(game, solution, side)
    share = solution.struck[:, side].sum(axis=0)
    share = share / max(share.sum(), 1e-300)
    return tuple(
        Intensity(
            level=float(intensity[level]),
            own=float(points[level, side]),
            other=float(points[level, other]),
            tires=float(wear[side, level]),
            tires_seen=float(wear[other, level]),
            worth=float(wear[side, level] * hope - paid[level, side]),
            share=float(share[level]),
        )
        for level in range(len(intensity))
        if level == 0 or intensity[level] > intensity[level - 1]  # who has fewer repeats the last
    )


def _mean(struck: Floats, intensity: Floats) -> Floats:
    """Mean intensity, (...,), where levels (..., L) weigh so much; NaN where nothing does."""
    total = struck.sum(axis=-1)
    found: Floats = np.divide(
        struck @ intensity, total, out=np.full(np.shape(total), np.nan), where=total > 0.0
    )
    return found


def _restrained(table: TalksTable, sides: tuple[int, ...]) -> RestraintCase:
    game = talks_problem(resting(table, sides))
    return _case(table, game, solve_talks(game), sides)


def _case(
    table: TalksTable, game: TalksProblem, solution: TalksSolution, sides: tuple[int, ...]
) -> RestraintCase:
    return RestraintCase(
        rest=tuple(_speaker(table, side) for side in sides),
        values=solution.start_values(game.start),
        signed_now=float(solution.agreement[0]),
        agreed=float(solution.agreement.sum()),
        months=solution.expected_months,
    )


def _speaker(table: TalksTable, side: int) -> str:
    actors = table.centre.translation.actors
    return actors.names[actors.speaker[side]]
