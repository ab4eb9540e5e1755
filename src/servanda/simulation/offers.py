"""Candidate deals as they can be offered in each draw: their orders of steps, and their worth.

In each draw a deal is carried out in the order of steps that is kept by most, of those that honour
the red lines on order held there. It is on the table when it crosses no red line held and everybody
who has to sign beside the two sides would. To everybody it is worth what its plan is worth at the
beginning, all erring by the logit (`servanda.solvers.chance_plan`): what the sides expect of a deal
is what histories make of it, in their own beliefs. Elsewhere on the front it is worth more or less
by the land that stays with whoever holds it, as in `servanda.solvers.package_talks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.problems.agreement import Agreement, agreement, land_flows
from servanda.problems.package_binding import lines_held, order_lines
from servanda.problems.packages import PackageDraws
from servanda.problems.parameters import Floats, Integers
from servanda.problems.talks_binding import holders_along, worlds_along
from servanda.problems.translation import SIDE_A, Translation
from servanda.simulation.candidates import Candidate
from servanda.simulation.ensemble import TIE
from servanda.solvers.chance_plan import chance_over_draws
from servanda.solvers.funnel_draws import candidate_gates
from servanda.solvers.orders import lines_broken_by
from servanda.solvers.package_chance import NOISE, package_chance_draws
from servanda.solvers.package_game import bare_game, game_over_draws
from servanda.solvers.plan import Plan, Stage, plan_margins, plan_states
from servanda.solvers.war_table import WarTable

NO_PLAN = -1
"""In place of an order of steps where none may be carried out."""


@dataclass(frozen=True, eq=False)
class Offers:
    """C candidate deals over D draws.

    Attributes:
        deals: (C) what each carries out.
        plan: (D, C) which of its orders of steps; NO_PLAN where the deal is not on the table.
        values: (D, F, C, A) worth of signing it with the line at each position, ratification and
            what signing costs the leaders included; 0 where it is not on the table.
    """

    deals: tuple[Agreement, ...]
    plan: Integers
    values: Floats

    @property
    def on_table(self) -> NDArray[np.bool_]:
        """(D, C)."""
        found: NDArray[np.bool_] = self.plan != NO_PLAN
        return found


def offers_over_draws(
    table: WarTable,
    theta: Floats,
    packages: PackageDraws,
    candidates: Sequence[Candidate],
    front: int | None,
) -> Offers:
    """Every candidate in every draw.

    Args:
        table: wars of the draws, each actor in its own beliefs.
        theta: (D, P) the draws.
        packages: their gates, every red line among them.
        candidates: C of them.
        front: whose line moves; None where none does.
    """
    translation = table.bound.translation
    gates = candidate_gates(packages, [one.package for one in candidates])
    allowed = gates.red_lines_broken == 0
    deals = [agreement(translation, packages.problem.chosen(one.package)) for one in candidates]
    held = lines_held(translation, theta, order_lines(translation))
    plan = np.full(allowed.shape, NO_PLAN)
    start = np.zeros((*allowed.shape, len(translation.actors.names)))
    for c, (one, deal) in enumerate(zip(candidates, deals, strict=True)):
        if allowed[:, c].any():
            plan[:, c] = _best_orders(table, deal, one.plans, held, allowed[:, c])
            start[:, c] = _starts(table, theta, deal, one.plans, plan[:, c])
    joint = gates.pass_probability.prod(axis=2)[..., np.newaxis]
    others = translation.actors.signs.copy()
    others[list(translation.actors.speaker)] = False
    slack = gates.signing_slack + joint * (start - gates.values)
    willing = (start >= packages.reservation[:, np.newaxis] - TIE) & (slack >= -TIE) | ~others
    plan[~willing.all(axis=2)] = NO_PLAN
    costs = np.nan_to_num(joint * gates.gains - gates.signing_slack)
    at_line = start[:, np.newaxis] + _land(table, deals, front)
    war = _war(table, front)[:, :, np.newaxis]
    joint, costs = joint[:, np.newaxis], costs[:, np.newaxis]
    values = joint * at_line + (1.0 - joint) * war - costs
    values[np.broadcast_to((plan == NO_PLAN)[:, np.newaxis], values.shape[:3])] = 0.0
    return Offers(tuple(deals), plan, values)


def _best_orders(
    table: WarTable,
    deal: Agreement,
    plans: Sequence[tuple[Stage, ...]],
    held: NDArray[np.bool_],
    allowed: NDArray[np.bool_],
) -> Integers:
    """The order with the largest margin in each draw, of those that honour what is held, (D,)."""
    translation = table.bound.translation
    lines = order_lines(translation)
    game = bare_game(table, deal)
    states = np.unique(np.concatenate([plan_states(game, plan) for plan in plans]))
    problem, payoffs = game_over_draws(table, deal, states)
    margins = []
    for plan in plans:
        broken = set(lines_broken_by(translation, deal, [map(str, stage.steps) for stage in plan]))
        honours = ~held[:, [line in broken for line in lines]].any(axis=1) & allowed
        found = plan_margins(problem, payoffs, plan).margins
        margins.append(np.where(honours, found, -np.inf))
    best = np.argmax(margins, axis=0)
    return np.where(np.max(margins, axis=0) > -np.inf, best, NO_PLAN)


def _starts(
    table: WarTable, theta: Floats, deal: Agreement, plans: Sequence[Plan], chosen: Integers
) -> Floats:
    """Worth at the beginning of the order chosen in each draw, (D, A); 0 where there is none."""
    start = np.zeros((len(chosen), len(table.bound.translation.actors.names)))
    for number, plan in enumerate(plans):
        here = chosen == number
        if here.any():
            states = plan_states(bare_game(table, deal), plan)
            game, draws = package_chance_draws(table, theta, deal, states)
            found = chance_over_draws(game, draws, plan, noise=NOISE, threads=1)
            start[here] = found.values_at_start[here]
    return start


def _war(table: WarTable, front: int | None) -> Floats:
    """Worth of fighting on with the line at each position, (D, F, A)."""
    rows = table.rows(worlds_along(table.bound.translation, front))
    found: Floats = table.values(rows)[:, :, 0]
    return found


def _land(table: WarTable, deals: Sequence[Agreement], front: int | None) -> Floats:
    """What land adds when a deal is carried out with the line elsewhere, (D, F, C, A)."""
    translation = table.bound.translation
    along = holders_along(translation, front)
    start = _present(translation, front)
    found = np.zeros((len(table.bound.own), len(along), len(deals), table.bound.own.shape[1]))
    for number, deal in enumerate(deals):
        holder = along.copy()
        for step in deal.steps.tolist():
            for parcel, to in translation.steps.moves[step]:
                holder[:, parcel] = to
        worth = land_flows(translation, table.bound.own, holder)
        found[:, :, number] = worth - worth[:, start : start + 1]
    return found


def _present(translation: Translation, front: int | None) -> int:
    """Where the line of the front stands."""
    if front is None:
        return 0
    land = translation.land
    order = land.order[front, : int(land.size[front])]
    return int((land.holder[order] == SIDE_A).sum())
