"""What a breach leaves to everybody: war at once, or a frozen state, after what snaps back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from servanda.problems.agreement import Agreement, still_fighting
from servanda.problems.parameters import Floats
from servanda.results.repairs import Aftermath
from servanda.solvers.collapse import credibilities, frozen_or_war, snap_backs, wars
from servanda.solvers.first_breach import After
from servanda.solvers.plan import knot_of
from servanda.solvers.war_table import CLOCKS, WarTable


def breach_aftermath(table: WarTable, deal: Agreement, credibility: Floats | None = None) -> After:
    """What follows a breach in one package, at the first draw of the table.

    The answer is a function of (actor, state, months of quiet, whether it is an attack), to be
    given to `servanda.solvers.first_breach.first_breach`. To the breacher it is worth what the
    game's own tables say.

    Args:
        table: the war table.
        deal: the package.
        credibility: (D, A, G) instead of the scenario's.
    """
    bound = table.bound
    names = bound.translation.actors.names
    believed = credibilities(bound.translation, bound.own) if credibility is None else credibility

    def after(breaker: int, state: int, clock: float, attack: bool) -> Aftermath:
        knot, weight = knot_of(CLOCKS, clock)
        at = _between(knot, weight)
        values, war, undone = np.zeros(len(names)), 0.0, 0
        begun = np.zeros(len(names), bool)
        states = np.array([state], np.int64)
        for chance, left in snap_backs(bound.translation, deal, bound.own, states, breaker):
            fought = wars(table, deal, left, breaker, believed)
            outcome = fought.values[0, fought.of[0]]  # (T, A)
            breaks = np.ones(len(CLOCKS), bool)
            if not attack:
                wants, frozen = frozen_or_war(table, deal, left, breaker, fought)
                breaks = wants[0, 0].any(axis=1) | still_fighting(bound.translation, deal, left)[0]
                outcome = np.where(breaks[:, np.newaxis], outcome, frozen[0, 0])
                begun |= wants[0, 0, knot] & (chance[0, 0, breaker] > 0.0)
            values += chance[0, 0] * at(outcome)
            war += float(chance[0, 0, breaker] * at(breaks.astype(np.float64)))
            undone |= state & ~int(left[0])
        return Aftermath(
            war=war,
            begun_by=tuple(name for name, wants_it in zip(names, begun, strict=True) if wants_it),
            undone=_labels(table, deal, undone),
            values=dict(zip(names, values.tolist(), strict=True)),
        )

    return after


def _between(knot: int, weight: float) -> Callable[[Floats], Floats]:
    """Reads a table (T, ...) between two knots."""

    def read(values: Floats) -> Floats:
        following = values[min(knot + 1, len(values) - 1)]
        found: Floats = values[knot] + weight * (following - values[knot])
        return found

    return read


def _labels(table: WarTable, deal: Agreement, mask: int) -> tuple[str, ...]:
    names = table.bound.translation.steps.names
    return tuple(names[step] for k, step in enumerate(deal.steps.tolist()) if mask >> k & 1)
