"""The deals a diagnosis looks at: packages promising with some cause off, and their orders.

The pool is the same whatever is switched off, so every count differs by the cause alone, and
switching off what only forbids can never make a deal disappear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from scipy import special

from servanda.files.runs import Arrays, Run
from servanda.problems.package_binding import order_lines
from servanda.problems.packages import IntArray, PackageProblem
from servanda.problems.parameters import Floats
from servanda.problems.war_binding import bind_war
from servanda.results.plan import Objective, PlanEvaluation, PlanMargins
from servanda.simulation.centre import Ground
from servanda.simulation.ensemble import (
    CHUNK,
    TOLERANCE,
    Draws,
    Flags,
    order_margins,
    stages_of,
)
from servanda.simulation.kept import in_chunks
from servanda.simulation.package_orders import order_package
from servanda.simulation.progress import Progress
from servanda.simulation.shared import in_sharing_threads, shared
from servanda.solvers.best_order import best_order
from servanda.solvers.orders import LABELS, OrderedDeal, lines_broken, pairs_of
from servanda.solvers.package_values import evaluated, strides_of
from servanda.solvers.plan import as_plan
from servanda.solvers.war_table import WarTable

BLOCK = 250_000
"""Packages evaluated at a time."""

OFF_TABLE = np.uint64(1) << np.uint64(63)


@dataclass(frozen=True)
class View:
    """The scenario under one set of beliefs: at the central values and over the draws.

    Attributes:
        ground: central values.
        drawn: draws.
        pressed: (A,), (D, A) reservation values under pressure, at the centre and in the draws.
    """

    ground: Ground
    drawn: Draws
    pressed: tuple[Floats, Floats]


@dataclass(frozen=True)
class Pool:
    """M orders of K packages.

    Attributes:
        packages: (K,) numbers.
        package_of: (M,) place of each order's package among them.
        breaks: (M, order lines) red lines on order that each order breaks.
        ordered: (K,) the packages with their orders.
    """

    packages: IntArray
    package_of: IntArray
    breaks: Flags
    ordered: tuple[OrderedDeal, ...]


@dataclass(frozen=True)
class Room:
    """What the orders of a pool leave each actor, over D draws.

    Attributes:
        start: (D, M, A) value at the start of the plan.
        margin: (D, M, A) smallest margin of each actor; infinite where nothing tempts it.
    """

    start: Floats
    margin: Floats


# ---------------------------------------------------------------- which packages


def who_forbids(ground: Ground) -> Iterator[tuple[IntArray, IntArray]]:
    """Blocks of package numbers, (N,), and bits of the actors whose red lines each breaks, (N,).

    Red lines are those real at the central values; packages ruled out for all are left out.
    """
    problem = ground.problem
    strides = strides_of(problem)
    for first in range(0, problem.n_packages, BLOCK):
        numbers = np.arange(first, min(first + BLOCK, problem.n_packages), dtype=np.int64)
        chosen = ((numbers[:, np.newaxis] // strides) % problem.n_options).astype(np.uint64)
        bits = np.zeros(len(numbers), np.uint64)
        for row in problem.exclusions:
            bits |= np.where(_matches(row, chosen), OFF_TABLE, np.uint64(0))
        for row, owner in zip(problem.red_lines, problem.red_line_owner, strict=True):
            bit = np.uint64(1) << np.uint64(owner)
            bits |= np.where(_matches(row, chosen), bit, np.uint64(0))
        on_table = bits < OFF_TABLE
        yield numbers[on_table], bits[on_table].astype(np.int64)


def _matches(row: np.ndarray, chosen: np.ndarray) -> Flags:
    found: Flags = ((row >> chosen) & np.uint64(1) == 1).all(axis=1)
    return found


def room_of(problem: PackageProblem, numbers: IntArray) -> Floats:
    """Points each signatory could lose before it would not sign a package, (N, signatories)."""
    values, costs, logits = evaluated(problem, numbers)
    support = special.expit(logits)
    passes = special.ndtr((support - problem.threshold) / problem.noise)
    passes = np.where(problem.gates_before, passes, 1.0)
    own = np.ones_like(values)
    for gate, actor in enumerate(problem.audience_actor.tolist()):
        own[:, actor] *= passes[:, gate]
    short = (1.0 - own) * problem.failure_cost + (1.0 - problem.discount) * costs
    room = values - problem.reservation - over(short, passes.prod(axis=1)[:, np.newaxis])
    return room[:, problem.parties]


def over(short: Floats, joint: Floats) -> Floats:
    """``short / joint``; nothing short is nothing, however unlikely ratification is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(short > 0.0, short / joint, 0.0)
    return found


# ---------------------------------------------------------------- which orders


def ordered_packages(
    views: Mapping[int, Sequence[View]], *, threads: int | None, progress: Progress
) -> tuple[OrderedDeal, ...]:
    """Every distinct order found for each package under the views it was chosen in."""
    done = 0

    def order(package: int) -> OrderedDeal | None:
        nonlocal done
        found = _ordered(package, views[package])
        done += 1
        progress("orders of steps", done / len(views))
        return found

    found = in_sharing_threads(order, views, threads)
    return tuple(one for one in found if one is not None)


def _ordered(package: int, views: Sequence[View]) -> OrderedDeal | None:
    """The orders of one package; None when it has no steps or too many orders to search."""
    plans: dict[object, PlanEvaluation] = {}
    ordered = None
    for view in views:
        ordered = order_package(view.ground, package)
        if ordered is None:
            return None
        found = [*ordered.plans.values(), *_more_orders(view.ground, ordered)]
        plans |= {as_plan(plan): plan for plan in found if as_plan(plan) not in plans}
    if ordered is None or not plans:
        return None
    given = {f"{number}": plan for number, plan in enumerate(plans.values())}
    return replace(ordered, searches={}, reasons={}, given=given)


@shared
def _more_orders(ground: Ground, ordered: OrderedDeal) -> list[PlanEvaluation]:
    return [*_without_lines_of_one(ground, ordered), *_if_binding(ground, ordered)]


def _without_lines_of_one(ground: Ground, ordered: OrderedDeal) -> list[PlanEvaluation]:
    """The best order that honours the red lines on order held, but for those of one actor."""
    translation, problem = ground.translation, ordered.problem
    if problem is None:
        return []
    found = []
    by = translation.red_lines.by
    for owner in sorted({int(by[line]) for line in ground.held}):
        others = [line for line in ground.held if by[line] != owner]
        pairs = pairs_of(translation, ordered.deal, others)
        if others and pairs is not None:
            search = best_order(problem, required_before=pairs, budget=LABELS)
            if search.plan is not None:
                found.append(search.plan)
    return found


def _if_binding(ground: Ground, ordered: OrderedDeal) -> list[PlanEvaluation]:
    """The orders with the largest product of gains if nobody could go back on them."""
    translation, problem = ground.translation, ordered.problem
    if problem is None:
        return []
    signs = np.flatnonzero(translation.actors.signs).tolist()
    names = translation.actors.names
    worth = {names[i]: float(ground.reservation[i]) for i in signs}
    found = []
    for lines in {(), tuple(ground.held)}:
        pairs = pairs_of(translation, ordered.deal, lines)
        if pairs is None:
            continue
        search = best_order(
            problem,
            objective=Objective.NASH,
            floor=-inf,
            reservation=worth,
            required_before=pairs,
        )
        if search.plan is not None:
            found.append(search.plan)
    return found


def pool_of(ground: Ground, ordered: Sequence[OrderedDeal]) -> Pool:
    """The orders of some packages, one after the other."""
    translation = ground.translation
    lines = order_lines(translation)
    package_of, breaks = [], []
    for place, one in enumerate(ordered):
        for plan in one.plans.values():
            broken = set(lines_broken(translation, one.deal, plan))
            package_of.append(place)
            breaks.append([line in broken for line in lines])
    return Pool(
        packages=np.array([one.package for one in ordered], np.int64),
        package_of=np.array(package_of, np.int64),
        breaks=np.array(breaks, bool).reshape(len(breaks), len(lines)),
        ordered=tuple(ordered),
    )


# ---------------------------------------------------------------- over the draws


def room_over_draws(
    pool: Pool,
    view: View,
    *,
    threads: int | None,
    progress: Progress,
    what: str,
    run: Run | None = None,
    step: str = "orders",
) -> Room:
    """Values at the start and smallest margins of every order of the pool, in every draw."""
    theta = view.drawn.theta

    def part(first: int, count: int) -> Arrays:
        bound = bind_war(view.ground.translation, theta[first : first + count])
        table = WarTable(bound, tolerance=TOLERANCE, threads=threads)
        rooms = []
        for place, one in enumerate(pool.ordered):
            progress(what, (first + count * place / len(pool.ordered)) / len(theta), len(theta))
            rooms += [_by_actor(found) for found in order_margins(table, one).values()]
        shape = (len(rooms), count, len(view.ground.translation.actors.names))
        start, margin = (
            np.array([room[side] for room in rooms]).reshape(shape).swapaxes(0, 1)
            for side in range(2)
        )
        return {"start": start, "margin": margin}

    rests_on = [theta, stages_of(pool.ordered)]
    blocks = list(in_chunks(step, part, len(theta), CHUNK, run, rests_on))
    return Room(
        *(np.concatenate([block[name] for block in blocks]) for name in ("start", "margin"))
    )


def _by_actor(found: PlanMargins) -> tuple[Floats, Floats]:
    """Values at the start and smallest margins, (D, A)."""
    smallest = np.full_like(found.values_at_start, inf)
    for column, one in enumerate(found.constraints):
        actor = found.actors.index(one.actor)
        np.minimum(smallest[:, actor], found.constraint_margins[:, column], out=smallest[:, actor])
    return found.values_at_start, smallest


def signing_costs(gains: Floats, slack: Floats, joint: Floats) -> Floats:
    """What a leader must gain beyond fighting on before it signs, (..., A) points.

    Args:
        gains, slack: (..., A) of a package; the slack falls short of the gain times the chance of
            ratification by the costs of failing and of conceding.
        joint: (...) that chance.
    """
    chance = joint[..., np.newaxis]
    return over(np.maximum(chance * gains - slack, 0.0), chance)
