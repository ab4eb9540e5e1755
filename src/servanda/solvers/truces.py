"""Truces: partial agreements that may hold while the war goes on, in every draw.

In each track the partial agreement is taken that leaves the side that gains least most, of those
that cross no red line held in the draw and that all who have to sign gain by, as counted in
`servanda.solvers.early_harvest`. Everybody reconsiders at the rate φ a month and errs by the logit,
as when carrying out a plan: a truce is agreed in a month with the chance φ p_a p_b, where
``p = 1/(1 + e^(-λ·gain))``, and side i ends it with the chance φ (1 - p_i). What it changes in the
war through instruments is read at their levels now; costs do not drift apart from it.

Sources: Fortna, V. P. (2004), Peace Time; McKelvey, R. and Palfrey, T. (1998), Quantal response
equilibria for extensive form games, Experimental Economics 1 (the logit choice).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from servanda.problems.agreement import agreement, fighting_costs, peace_flows, world_states
from servanda.problems.chance import LogitNoise
from servanda.problems.gather import take
from servanda.problems.histories import Truces
from servanda.problems.packages import TOLERANCE, PackageDraws
from servanda.problems.parameters import Floats
from servanda.problems.translation import NOBODY
from servanda.problems.war_binding import BoundWar, WarWorlds, outbreaks, war_worlds
from servanda.solvers.early_harvest import lines_crossed, partial_agreements
from servanda.solvers.war_table import WarTable


@dataclass(frozen=True, eq=False)
class TruceDraws:
    """N partial agreements over D draws.

    Attributes:
        tracks: (N) of each.
        chosen: (N) option of every issue.
        open: (D, N) no red line held is crossed, and all who have to sign gain.
        gains: (D, N, A) points above fighting on without it.
        least: (D, N) the smallest of those of whoever has to sign.
        month: (D, N, 2) points a month that it adds for the two sides.
        tired: (D, N, 2) factor on the chance of giving way.
        tempo: (D, N) factor on the tempo of the line.
        levels: (D, N, I) of the instruments.
    """

    tracks: tuple[str, ...]
    chosen: tuple[tuple[int, ...], ...]
    open: NDArray[np.bool_]
    gains: Floats
    least: Floats
    month: Floats
    tired: Floats
    tempo: Floats
    levels: Floats


def truce_draws(
    table: WarTable, view: BoundWar, packages: PackageDraws, tracks: Mapping[str, Sequence[int]]
) -> TruceDraws:
    """Every partial agreement of every track.

    Args:
        table: wars of the draws, each actor in its own beliefs.
        view: the same draws as the analyst sees them.
        packages: red lines of the draws, and who has to sign.
        tracks: name to the issues of each, as indices.

    Raises:
        ProblemError: a track has too many partial agreements.
    """
    bound, problem = table.bound, packages.problem
    translation = bound.translation
    speakers = list(translation.actors.speaker)
    status_quo = translation.issues.status_quo.tolist()
    found = [
        (name, chosen)
        for name, issues in tracks.items()
        for chosen in partial_agreements(translation, problem, name, issues)
    ]
    every = [status_quo, *(chosen for _, chosen in found)]
    worlds = [_world(table, chosen) for chosen in every]
    flows = np.stack([_flow(table, chosen) for chosen in every], axis=1)
    wars = np.concatenate([table.values(table.rows(one))[:, :, 0] for one in worlds], axis=1)
    gains = (flows[:, 1:] - flows[:, :1]) + (wars[:, 1:] - wars[:, :1])
    levels = np.concatenate([one.level_at for one in worlds])
    cost = fighting_costs(translation, bound.own, levels)
    eased = (flows - cost)[:, 1:] - (flows - cost)[:, :1]
    seen = [outbreaks(view, one, np.zeros(1)) for one in worlds]
    tired = np.stack([one.exhaustion_factor for one in seen], axis=1)
    tempo = np.stack([one.tempo_factor for one in seen], axis=1)
    before = lines_crossed(problem, status_quo)
    crossed = np.zeros((len(found), packages.red_line_holds.shape[1]))
    for number, (_, chosen) in enumerate(found):
        crossed[number, sorted(lines_crossed(problem, chosen) - before)] = 1.0
    allowed = packages.red_line_holds @ crossed.T == 0
    least = gains[:, :, problem.parties].min(axis=2)
    return TruceDraws(
        tracks=tuple(name for name, _ in found),
        chosen=tuple(tuple(chosen) for _, chosen in found),
        open=allowed & (least >= -TOLERANCE),
        gains=gains,
        least=least,
        month=eased[:, :, speakers],
        tired=_factor(tired[:, 1:], tired[:, :1]),
        tempo=_factor(tempo[:, 1:], tempo[:, :1]),
        levels=take(view.theta, levels[1:]),
    )


def truces_in(
    found: TruceDraws,
    table: WarTable,
    draw: int,
    months: int,
    noise: LogitNoise,
    stopping: tuple[int, int] = (-1, -1),
) -> tuple[Truces, tuple[int, ...]]:
    """The truces of one draw, at most one a track, and which partial agreements they are.

    ``stopping`` are the instruments that stop a's, b's strikes; -1 for none.
    """
    translation = table.bound.translation
    speakers = list(translation.actors.speaker)
    smallest = np.where(found.open[draw], found.least[draw], -np.inf)
    best = []
    for track in dict.fromkeys(found.tracks):
        own = [n for n, one in enumerate(found.tracks) if one == track]
        first = max(own, key=lambda n: smallest[n])
        best += [first] if found.open[draw, first] else []
    agrees = expit(noise.precision * found.gains[draw][best][:, speakers])
    starts = noise.hazard * agrees.prod(axis=1)
    breaks = noise.hazard * (1.0 - agrees)
    groups = table.bound.groups
    settings = table.bound.settings
    rows = [draw * groups + int(table.bound.group[actor]) for actor in speakers]
    discount = settings.discount[rows, speakers]
    return Truces(
        starts=np.repeat(starts[:, np.newaxis], months, axis=1),
        breaks=np.repeat(breaks[:, np.newaxis], months, axis=1),
        month=(1.0 - discount) * found.month[draw, best],
        tired=found.tired[draw, best],
        tempo=found.tempo[draw, best],
        stops=np.stack([_in_force(found.levels[draw, best], one) for one in stopping], axis=-1),
    ), tuple(best)


def _in_force(levels: Floats, instrument: int) -> NDArray[np.bool_]:
    """Whether an instrument has a level above 0, (N,); -1 stands for none."""
    if instrument < 0:
        return np.zeros(len(levels), bool)
    found: NDArray[np.bool_] = levels[:, instrument] > 0.0
    return found


def _world(table: WarTable, chosen: Sequence[int]) -> WarWorlds:
    translation = table.bound.translation
    deal = agreement(translation, chosen)
    state = world_states(translation, deal, np.array([deal.full], np.int64))
    return war_worlds(translation, state, np.zeros(1, np.int64), NOBODY)


def _flow(table: WarTable, chosen: Sequence[int]) -> Floats:
    """What its answers are worth, (D, A)."""
    translation = table.bound.translation
    deal = agreement(translation, chosen)
    done = np.array([deal.full], np.int64)
    found: Floats = peace_flows(translation, deal, table.bound.own, done)[:, 0]
    return found


def _factor(then: Floats, now: Floats) -> Floats:
    """How much smaller it is then, from 0 to 1."""
    found: Floats = np.clip(np.divide(then, now, out=np.ones_like(then), where=now > 0.0), 0.0, 1.0)
    return found
