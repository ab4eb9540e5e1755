"""What must hold for one deal to be signed, ratified and kept in one order, as margins.

Every signatory prefers the deal to none and signs, every audience asked consents, and nobody gains
by a breach: each is a margin that depends on θ, and holds while it is at least 0. What no margin
can say (a red line that is broken, a package off the table) is a statement that would have to go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from servanda.files.runs import Arrays, Run
from servanda.problems.agreement import Agreement, peace_flows
from servanda.problems.package_binding import content_lines, package_draws
from servanda.problems.packages import PackageProblem
from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import Flags, Translation
from servanda.problems.war_binding import bind_war
from servanda.results.plan import Constraint, PlanMargins
from servanda.simulation.ensemble import CHUNK, TIE
from servanda.simulation.kept import digest, in_chunks
from servanda.solvers.collapse import collapse, reservation_values
from servanda.solvers.funnel_draws import candidate_gates
from servanda.solvers.package_chance import gate_room
from servanda.solvers.package_game import bare_game, game_over_draws
from servanda.solvers.package_values import matching
from servanda.solvers.plan import Stage, plan_margins, plan_states
from servanda.solvers.war_table import WarTable

PERCENT = 100.0
"""Support is counted in percentage points, to stand beside value points."""


class Part(StrEnum):
    """What a margin is about."""

    COMPLETED = "completed"
    AT_SIGNATURE = "at signature"
    SIGNING = "completed, less what signing costs"
    SIGNING_START = "at signature, less what signing costs"
    SUPPORT = "support"
    KEEPING = "keeping"


SIGNING = (Part.COMPLETED, Part.AT_SIGNATURE, Part.SIGNING, Part.SIGNING_START)


@dataclass(frozen=True)
class Column:
    """One margin: whose, about what; which temptation, where it is one of the order."""

    part: Part
    who: str
    constraint: Constraint | None = None


@dataclass(frozen=True, eq=False)
class DealConditions:
    """One package with one order of its steps.

    Attributes:
        translation: the scenario in integers.
        problem: its packages, with every red line on content.
        package: number of the package.
        deal: its steps.
        plan: the order; nothing where there are no steps or none was found.
        states: (N,) states the order reads.
        gates: audiences asked, before the start or as a step of the deal.
        columns: what each margin is.
        lines: red lines that the package or the order breaks, as indices of all red lines.
        threads: for the wars.
        run: where margins are kept.
    """

    translation: Translation
    problem: PackageProblem
    package: int
    deal: Agreement
    plan: tuple[Stage, ...]
    states: Integers
    gates: tuple[int, ...]
    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    threads: int | None
    run: Run | None


def deal_conditions(
    problem: PackageProblem,
    table: WarTable,
    package: int,
    deal: Agreement,
    plan: Sequence[Stage],
    broken: Sequence[int],
    threads: int | None,
    run: Run | None = None,
) -> DealConditions:
    """The conditions of a package with an order of its steps.

    Args:
        problem: packages with every red line on content.
        table: wars at the central values.
        package: its number.
        deal: its steps.
        plan: an order of them; none where there is none.
        broken: red lines on order that the order breaks.
        threads: for the wars.
        run: where margins are kept.
    """
    translation = table.bound.translation
    game = bare_game(table, deal) if plan else None
    states = plan_states(game, plan) if game is not None else np.zeros(1, np.int64)
    steps = translation.audiences.step.tolist()
    gates = tuple(g for g, step in enumerate(steps) if step < 0 or step in deal.steps)
    content = content_lines(translation)
    rows = matching(problem.red_lines, np.array(problem.chosen(package)))
    forbidden = [line for line, hit in zip(content, rows.tolist(), strict=True) if hit]
    lines = (*forbidden, *broken)
    bare = DealConditions(
        translation, problem, package, deal, tuple(plan), states, gates, (), lines, threads, run
    )
    margins = None if game is None else _plan(bare, table)
    return replace(bare, columns=tuple(_columns(bare, margins)))


def condition_margins(conditions: DealConditions, theta: Floats, *, tolerance: float) -> Floats:
    """Margins of every condition at rows of θ (D, P): (D, columns), points.

    Args:
        conditions: of the package.
        theta: as above.
        tolerance: discounted survival at which a war is taken to be over.
    """

    def part(first: int, count: int) -> Arrays:
        rows = theta[first : first + count]
        bound = bind_war(conditions.translation, rows)
        table = WarTable(bound, tolerance=tolerance, threads=conditions.threads)
        return {"margins": _margins(conditions, table, rows)}

    rests_on = [theta, tolerance, conditions.package, conditions.plan]
    step = f"margins-{digest(rests_on)[:12]}"  # asked for at many rows, each time at others
    parts = in_chunks(step, part, len(theta), CHUNK, conditions.run, rests_on)
    return np.concatenate([one["margins"] for one in parts])


def lines_honoured(conditions: DealConditions, theta: Floats) -> Flags:
    """Whether none of the red lines that the deal breaks is a real one, (D,)."""
    at = conditions.translation.red_lines.holds_at[list(conditions.lines)]
    return np.asarray((theta[:, at] < 0.5).all(axis=1), dtype=np.bool_)


def all_hold(conditions: DealConditions, margins: Floats, theta: Floats) -> Flags:
    """Rows in which every condition holds, (D,)."""
    return np.asarray((margins >= -TIE).all(axis=1) & lines_honoured(conditions, theta))


def unread(conditions: DealConditions) -> set[int]:
    """Entries of θ that speak of other answers or other steps than those of the deal."""
    translation, deal = conditions.translation, conditions.deal
    issues, steps = translation.issues, translation.steps
    found: set[int] = set()
    for issue, option in enumerate(deal.chosen):
        read = {option, int(issues.status_quo[issue])}
        other = [n for n in range(len(issues.options[issue])) if n not in read]
        found.update(issues.value_at[issue, other].ravel().tolist())
        not_chosen = [n for n in range(len(issues.options[issue])) if n != option]
        found.update(translation.audiences.effect_at[:, issue, not_chosen].ravel().tolist())
        found.update(translation.audiences.cost_at[:, issue, not_chosen].ravel().tolist())
    idle = np.setdiff1d(np.arange(len(steps.names)), deal.steps)
    for at in (steps.cost_at[idle], steps.gain_at[idle], steps.snap_at[idle]):
        found.update(at.ravel().tolist())
    return found


# ---------------------------------------------------------------- columns


def _columns(conditions: DealConditions, margins: PlanMargins | None) -> Iterator[Column]:
    translation = conditions.translation
    names = translation.actors.names
    for actor in np.flatnonzero(translation.actors.signs).tolist():
        for part in SIGNING if conditions.plan else (Part.COMPLETED, Part.SIGNING):
            yield Column(part, names[actor])
    for gate in conditions.gates:
        yield Column(Part.SUPPORT, translation.audiences.names[gate])
    if margins is not None:
        for constraint in margins.constraints:
            yield Column(Part.KEEPING, constraint.actor, constraint)
    elif not len(conditions.deal.steps):
        for actor in np.flatnonzero(translation.actors.belligerent).tolist():
            yield Column(Part.KEEPING, names[actor])


def _margins(conditions: DealConditions, table: WarTable, theta: Floats) -> Floats:
    """All columns for the draws of one table, as in `servanda.simulation.ensemble`."""
    translation = conditions.translation
    reservation = reservation_values(table)
    packages = package_draws(conditions.problem, translation, theta, reservation)
    gates = candidate_gates(packages, [conditions.package])
    signs = np.flatnonzero(translation.actors.signs)
    gains, slack = gates.gains[:, 0, signs], gates.signing_slack[:, 0, signs]
    signing = [gains, slack]
    keeping = np.zeros((len(theta), 0))
    if conditions.plan:
        found = _plan(conditions, table)
        joint = gates.pass_probability[:, 0].prod(axis=1)[:, np.newaxis]
        start = found.values_at_start[:, signs]
        less = joint * (start - gates.values[:, 0, signs])
        signing = [gains, start - reservation[:, signs], slack, slack + less]
        keeping = found.constraint_margins
    elif not len(conditions.deal.steps):
        keeping = _without_steps(conditions, table)
    views = theta[:, np.newaxis]
    support = [
        PERCENT * gate_room(translation, conditions.deal, views, gate) for gate in conditions.gates
    ]
    signed = np.stack(signing, axis=2).reshape(len(theta), -1)
    return np.concatenate([signed, *support, keeping], axis=1)


def _plan(conditions: DealConditions, table: WarTable) -> PlanMargins:
    problem, payoffs = game_over_draws(table, conditions.deal, conditions.states)
    return plan_margins(problem, payoffs, conditions.plan)


def _without_steps(conditions: DealConditions, table: WarTable) -> Floats:
    """With nothing to carry out, only fighting on could break a deal."""
    translation, deal = conditions.translation, conditions.deal
    values = peace_flows(translation, deal, table.bound.own, conditions.states)[:, 0]
    attack = collapse(table, deal, conditions.states).attack[:, 0, 0]
    margins: Floats = (values - attack)[:, translation.actors.belligerent]
    return margins
