"""The whole analysis over many draws of θ: gates for every package, orders for the candidates.

Draws are taken in chunks so that progress shows and memory stays bounded; every draw is keyed, so
the answer does not depend on the chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.files.results import packed, unpacked
from servanda.files.runs import Arrays, Run
from servanda.problems.package_binding import lines_held, order_lines, package_draws
from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import Floats, draws
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_war
from servanda.results.packages import CandidateGates, FunnelDraws
from servanda.results.plan import PlanMargins
from servanda.simulation.kept import in_chunks
from servanda.simulation.progress import Progress
from servanda.simulation.shared import shared
from servanda.solvers.collapse import reservation_values
from servanda.solvers.funnel_draws import candidate_gates, funnel_over_draws
from servanda.solvers.orders import OrderedDeal, lines_broken
from servanda.solvers.package_game import bare_game, game_over_draws
from servanda.solvers.plan import as_plan, plan_margins, plan_states
from servanda.solvers.war_table import WarTable

Flags = NDArray[np.bool_]
CHUNK = 250
"""Draws whose war tables are held in memory at once."""

TOLERANCE = 1e-4
"""Discounted survival at which a war is taken to be over in a draw: about 0.01 value points."""

TIE = 1e-9


@dataclass(frozen=True)
class Draws:
    """N draws and what they give before any package is looked at.

    Attributes:
        theta: (N, P).
        reservation: (N, A) war values now, unpressed.
        lines_held: (N, order lines) which red lines on order are real ones.
    """

    theta: Floats
    reservation: Floats
    lines_held: Flags


@dataclass(frozen=True)
class OrderDraws:
    """One order of one package over the draws.

    Attributes:
        id: of the order.
        margins: over the draws.
        kept: (N,) self-enforcing, every signatory prefers its start, no red line on order broken.
        breaks: positions in ``order_lines`` of the red lines it breaks.
    """

    id: str
    margins: PlanMargins
    kept: Flags
    breaks: tuple[int, ...]


@dataclass(frozen=True)
class CandidateDraws:
    """One package over the draws: its gates and its orders."""

    ordered: OrderedDeal
    acceptable: Flags
    gains: Floats
    orders: tuple[OrderDraws, ...]

    @property
    def kept(self) -> Flags:
        """Draws in which some order looked at is kept, (N,)."""
        if not self.orders:
            return np.zeros(len(self.acceptable), bool)
        kept: Flags = np.any([order.kept for order in self.orders], axis=0)
        return kept


@shared
def take_draws(
    translation: Translation,
    *,
    seed: int,
    count: int,
    threads: int | None,
    progress: Progress,
) -> Draws:
    """Draw θ and the value of fighting on in every draw."""
    theta = draws(translation.parameters, seed=seed, first=0, count=count)
    progress("value of fighting on", 0.0)
    held = lines_held(translation, theta, order_lines(translation))
    return Draws(theta, reservations(translation, theta, threads=threads), held)


def reservations(translation: Translation, theta: Floats, *, threads: int | None) -> Floats:
    """What each actor gets without a deal, unpressed, in every draw, (N, A)."""
    parts = []
    for first in range(0, len(theta), CHUNK):
        bound = bind_war(translation, theta[first : first + CHUNK])
        parts.append(reservation_values(WarTable(bound, tolerance=TOLERANCE, threads=threads)))
    return np.concatenate(parts)


@shared
def funnel_draws(
    problem: PackageProblem, translation: Translation, drawn: Draws, threads: int | None
) -> FunnelDraws:
    """Gates 1 to 3 for every package in every draw."""
    packages = package_draws(problem, translation, drawn.theta, drawn.reservation)
    return funnel_over_draws(packages, threads=threads)


def candidates_over_draws(
    problem: PackageProblem,
    translation: Translation,
    drawn: Draws,
    ordered: Sequence[OrderedDeal],
    *,
    threads: int | None,
    progress: Progress,
    run: Run | None = None,
    step: str = "orders",
) -> tuple[CandidateDraws, ...]:
    """Gates and orders of some packages in every draw; a run keeps them under the step's name."""
    packages = package_draws(problem, translation, drawn.theta, drawn.reservation)
    gates = candidate_gates(packages, [one.package for one in ordered])
    total = len(drawn.theta)

    def part(first: int, count: int) -> Arrays:
        bound = bind_war(translation, drawn.theta[first : first + count])
        table = WarTable(bound, tolerance=TOLERANCE, threads=threads)
        found = []
        for number, one in enumerate(ordered):
            share = (first + count * number / len(ordered)) / total
            progress("orders over the draws", min(share, 1.0), total)
            found.append(order_margins(table, one))
        return packed(found)

    rests_on = [drawn.theta, stages_of(ordered)]
    parts = [
        unpacked(list[dict[str, PlanMargins]], arrays)
        for arrays in in_chunks(step, part, total, CHUNK, run, rests_on)
    ]
    return tuple(
        _candidate(translation, drawn, one, gates, number, [part[number] for part in parts])
        for number, one in enumerate(ordered)
    )


def stages_of(ordered: Sequence[OrderedDeal]) -> list[Any]:
    """Packages and the stages of their orders: what margins over the draws rest on."""
    return [
        (one.package, {name: as_plan(plan) for name, plan in one.plans.items()}) for one in ordered
    ]


def judged_again(
    problem: PackageProblem,
    translation: Translation,
    drawn: Draws,
    known: Sequence[CandidateDraws],
) -> tuple[CandidateDraws, ...]:
    """Packages already evaluated, in draws in which nothing but red lines differs."""
    packages = package_draws(problem, translation, drawn.theta, drawn.reservation)
    gates = candidate_gates(packages, [one.ordered.package for one in known])
    return tuple(
        _candidate(
            translation,
            drawn,
            one.ordered,
            gates,
            number,
            [{order.id: order.margins for order in one.orders}],
        )
        for number, one in enumerate(known)
    )


def order_margins(table: WarTable, one: OrderedDeal) -> dict[str, PlanMargins]:
    """Margins of every distinct order of a package over the draws of a table."""
    plans = {name: as_plan(plan) for name, plan in one.plans.items()}
    distinct = {plan: name for name, plan in reversed(plans.items())}
    if not distinct:
        return {}
    game = bare_game(table, one.deal)
    states = np.unique(np.concatenate([plan_states(game, plan) for plan in distinct]))
    problem, payoffs = game_over_draws(table, one.deal, states)
    found = {plan: plan_margins(problem, payoffs, plan) for plan in distinct}
    return {name: found[plan] for name, plan in plans.items()}


def _candidate(
    translation: Translation,
    drawn: Draws,
    one: OrderedDeal,
    gates: CandidateGates,
    number: int,
    parts: list[dict[str, PlanMargins]],
) -> CandidateDraws:
    orders = []
    listed = order_lines(translation)
    signs = translation.actors.signs
    joint = gates.pass_probability[:, number].prod(axis=1)[:, np.newaxis]
    for name in parts[0]:
        margins = joined([part[name] for part in parts])
        broken = lines_broken(translation, one.deal, one.plans[name])
        breaks = tuple(listed.index(line) for line in broken)
        start = margins.values_at_start
        willing = start >= drawn.reservation - TIE
        # a leader weighs the start of the plan, not the package as completed (model.md §6)
        slack = gates.signing_slack[:, number] + joint * (start - gates.values[:, number])
        kept = margins.self_enforcing & np.all(willing & (slack >= -TIE) | ~signs, axis=1)
        kept &= ~drawn.lines_held[:, list(breaks)].any(axis=1)
        orders.append(OrderDraws(name, margins, kept, breaks))
    return CandidateDraws(one, gates.acceptable[:, number], gates.gains[:, number], tuple(orders))


def joined(parts: Sequence[PlanMargins]) -> PlanMargins:
    """The margins of one plan over chunks of draws, one after the other."""
    first = parts[0]
    return PlanMargins(
        actors=first.actors,
        constraints=first.constraints,
        margins=np.concatenate([part.margins for part in parts]),
        weakest=np.concatenate([part.weakest for part in parts]),
        values_at_start=np.concatenate([part.values_at_start for part in parts]),
        constraint_margins=np.concatenate([part.constraint_margins for part in parts]),
        self_enforcing=np.concatenate([part.self_enforcing for part in parts]),
    )
