"""Talks over packages: what each deal is worth to the two sides at each position of the line.

A deal's value is what its best order of steps is worth from signature, in each side's own beliefs,
at the present line. Elsewhere on the front the land that the deal leaves where it is counts for
whoever holds it there: the value moves by the worth of that land, at once and for good. Whether the
deal would still be kept from there is not asked again; that is an approximation.

Where it must be ratified, it passes with its chance; if it fails the war goes on, which is worth
what fighting on is at that line, and the leaders bear what signing and failing costs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from servanda.errors import ProblemError
from servanda.problems.agreement import agreement, land_flows
from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import Floats
from servanda.problems.talks import TalksProblem, talks_game
from servanda.problems.talks_binding import FrontWar, holders_along, worlds_along
from servanda.problems.translation import SIDE_A
from servanda.results.packages import Deal
from servanda.solvers.war_after_talks import fought_on
from servanda.solvers.war_table import WarTable


def war_along(table: WarTable, front: int | None) -> Floats:
    """Value of fighting on to every actor, with the line at each position, (F, A)."""
    rows = table.rows(worlds_along(table.bound.translation, front))
    found: Floats = table.values(rows)[0, :, 0]
    return found


def deal_values(
    table: WarTable, packages: PackageProblem, deals: Sequence[Deal], front: int | None
) -> Floats:
    """Value of signing each deal, with the line at each position, to every actor, (F, C, A)."""
    translation = table.bound.translation
    names = translation.actors.names
    war, along = war_along(table, front), holders_along(translation, front)
    land = translation.land
    order = np.zeros(0, int) if front is None else land.order[front, : int(land.size[front])]
    start = int((land.holder[order] == SIDE_A).sum())
    found = np.zeros((len(along), len(deals), len(names)))
    for number, deal in enumerate(deals):
        holder = along.copy()
        for step in agreement(translation, packages.chosen(deal.index)).steps.tolist():
            for parcel, to in translation.steps.moves[step]:
                holder[:, parcel] = to
        worth = land_flows(translation, table.bound.own, holder)[0]
        kept = deal.values_at_start or deal.values
        value = np.array([kept[name] for name in names]) + worth - worth[start]
        passes = float(np.prod(list(deal.pass_probability.values())))
        costs = [
            passes * deal.gains[name] - deal.signing_slack[name]
            if name in deal.gains and name in deal.signing_slack
            else 0.0
            for name in names
        ]
        found[:, number] = passes * value + (1.0 - passes) * war - costs
    return found


def package_talks(
    war: FrontWar,
    deals: Floats,
    *,
    speakers: tuple[int, int],
    weight: Sequence[float],
    offers: ArrayLike,
    mediator: int | None,
    open: ArrayLike = True,
    cover: Sequence[float] = (0.0, 0.0),
) -> TalksProblem:
    """The talks game over a list of deals.

    Args:
        war: on the main front, by month.
        deals: (F, C, A) value of signing each at each position.
        speakers: the actors that decide for the two sides.
        weight: (2,) moves of the line that each side's belief weighs as much as.
        offers: (3,) or (M, 3) share of months in which a, b, the mediator makes the offer.
        mediator: actor whose value decides its offers; None for the sum of the two sides'.
        open: (M, C) which deals are on the table; all of them unless said otherwise.
        cover: (2,) points a month for being seen at the table while the war goes on.
    """
    if not np.isfinite(deals).all():
        raise ProblemError("deals: finite values wanted")
    months, positions = war.tempo.shape
    on_table = np.broadcast_to(np.asarray(open, bool), (months, deals.shape[1]))
    problem = fought_on(
        talks_game(
            months=months,
            positions=positions,
            start=war.start,
            discount=war.discount,
            mean=war.mean,
            weight=[*weight, np.inf],
            odds=war.odds,
            tempo=war.tempo,
            absorbing=war.absorbing,
            absorbed=war.imposed,
            month=war.month,
            gives_way=war.gives_way,
            levels=war.strikes.shape[2],
            strikes=war.strikes,
            wear=war.wear,
            imposed=war.imposed,
            freeze=war.freeze,
            frozen=war.frozen,
            recognised=offers,
            deals=deals[:, :, list(speakers)],
            open=on_table[:, np.newaxis],
            mediator=None if mediator is None else deals[:, :, mediator],
        )
    )
    # after the last month nobody is at the table, so cover is no part of what follows it
    return replace(problem, month=problem.month + (1.0 - war.discount) * np.asarray(cover))
