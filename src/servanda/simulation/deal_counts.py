"""Which deals of a pool count in which draws, whatever is switched off.

A deal counts when its order breaks no red line held, leaves every signatory at least what fighting
on is worth and signing costs, and tempts nobody to break it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from servanda.problems.package_binding import (
    content_lines,
    order_lines,
    package_draws,
    package_problem,
)
from servanda.problems.packages import IntArray
from servanda.problems.parameters import Floats, central
from servanda.problems.switched_off import without_audiences
from servanda.problems.translation import Translation
from servanda.simulation.causes import BELIEFS, COMMITMENT, GATE, PRESSURE, RED_LINES, STAKES
from servanda.simulation.deal_pool import Pool, Room, View, signing_costs
from servanda.simulation.ensemble import TIE, Flags
from servanda.solvers.funnel_draws import candidate_gates
from servanda.solvers.package_values import matching

Off = frozenset[str]
"""Identifiers of the causes switched off."""

Counts = Callable[[Off, Room, IntArray], Flags]
"""Which orders count in some draws, (d, M), given what they leave each actor there."""


@dataclass(frozen=True)
class Switches:
    """Everything counted from, whatever is switched off.

    Attributes:
        held, common: the scenario with the beliefs it states, and with the analyst's for all.
        pool: orders of packages.
        rooms: what they leave each actor, with beliefs held and with common ones.
    """

    held: View
    common: View
    pool: Pool
    rooms: tuple[Room, Room]

    def view(self, off: Off) -> View:
        """The scenario with the beliefs that are left."""
        return self.common if BELIEFS in off else self.held


@dataclass(frozen=True)
class Terms:
    """What the packages of a pool are worth, and what signing them costs, (D, K, A) points."""

    values: Floats
    costs: Floats


def counting(switches: Switches) -> Counts:
    """A count of the orders of the pool with some causes off."""
    pool, translation = switches.pool, switches.held.ground.translation
    signs = translation.actors.signs

    @cache
    def terms(moved: Off) -> Terms:
        return terms_of(switches.view(moved), gates_off(translation, moved), pool)

    @cache
    def broken(lines: Off) -> Flags:
        return forbidden(pool, switches.held, lines)

    def counts(off: Off, room: Room, draws: IntArray) -> Flags:
        view = switches.view(off)
        reservation = view.pressed[1] if PRESSURE in off else view.drawn.reservation
        found = terms(moves_room(off) - {PRESSURE})
        values, costs = (side[draws][:, pool.package_of] for side in (found.values, found.costs))
        left = np.minimum(values, room.start) - reservation[draws, np.newaxis] - costs
        lines = frozenset(one for one in off if one.startswith(RED_LINES))
        allowed: Flags = ~broken(lines)[draws]
        if COMMITMENT not in off:
            left = np.minimum(left, room.margin)
            allowed &= np.asarray(((room.margin >= -TIE) | signs).all(axis=2))
        left = left[..., signs]
        if STAKES in off:
            allowed &= np.asarray(left.sum(axis=2) >= -TIE)
        else:
            allowed &= np.asarray((left >= -TIE).all(axis=2))
        return allowed

    return counts


def moves_room(off: Off) -> Off:
    """The causes that change what a package leaves each actor; the others change what counts."""
    return frozenset(one for one in off if one in {BELIEFS, PRESSURE} or one.startswith(GATE))


def gates_off(translation: Translation, off: Off) -> list[int]:
    """The audiences that consent to everything."""
    return [n for n, name in enumerate(translation.audiences.names) if GATE + name in off]


def forbidden(pool: Pool, view: View, off: Off = frozenset()) -> Flags:
    """Orders that break a red line held in a draw, but for those that are off, (D, M)."""
    translation = view.ground.translation
    chosen = [np.array(view.ground.problem.chosen(int(n))) for n in pool.packages]
    content, order = content_lines(translation), order_lines(translation)
    by = [translation.actors.names[actor] for actor in translation.red_lines.by.tolist()]
    rows = view.ground.every_line.red_lines
    broken = np.array([matching(rows, one) for one in chosen], bool)
    broken = broken.reshape(len(chosen), len(content))
    holds = view.drawn.theta[:, translation.red_lines.holds_at] >= 0.5
    on_content = [n for n, line in enumerate(content) if RED_LINES + by[line] not in off]
    on_order = [n for n, line in enumerate(order) if RED_LINES + by[line] not in off]
    lines = [content[n] for n in on_content] + [order[n] for n in on_order]
    breaks = np.concatenate(
        [broken[pool.package_of][:, on_content], pool.breaks[:, on_order]], axis=1
    )
    found: Flags = holds[:, lines].astype(float) @ breaks.T.astype(float) > 0
    return found


def terms_of(view: View, gates: Sequence[int], pool: Pool) -> Terms:
    """The packages of a pool over the draws without some audiences."""
    ground, drawn = view.ground, view.drawn
    translation = without_audiences(ground.translation, gates)
    lines = content_lines(translation)
    labels = [translation.red_lines.names[line] for line in lines]
    theta = central(translation.parameters)
    problem = package_problem(translation, theta, ground.reservation, lines, labels)
    packages = package_draws(problem, translation, drawn.theta, drawn.reservation)
    found = candidate_gates(packages, pool.packages.tolist())
    joint = found.pass_probability.prod(axis=2)
    return Terms(found.values, signing_costs(found.gains, found.signing_slack, joint))
