"""What may follow a breach in one draw, outcome by outcome, with the analyst's chances.

`servanda.solvers.collapse` says what a breach is worth; here its parts are kept apart, so that
chance can choose among them: which steps snap back, which guarantees are honoured, who takes empty
land. Whether war follows or the breach is put up with is decided as there, by what the belligerents
believe themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from servanda.problems.agreement import Agreement, WorldStates, world_states
from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import NOBODY, Flags
from servanda.solvers.collapse import (
    NO_BREAKER,
    credibilities,
    honoured_sets,
    snap_backs,
    void_for,
    war_or_frozen,
    wars,
)
from servanda.solvers.package_chance import regimes_of
from servanda.solvers.plan import knot_of
from servanda.solvers.war_table import CLOCKS, WarTable


class BreachOutcome(NamedTuple):
    """One thing that may follow.

    Attributes:
        chance: (R,) of it, by political condition.
        left: bitmask of the steps that are still done.
        war: whether war follows.
        honoured: bitmask of the guarantees that act in it.
        taker: who takes demilitarised land in it: a side, or NOBODY for who held it before.
        frozen: (A,) what it is worth to everybody if no war follows.
    """

    chance: Floats
    left: int
    war: bool
    honoured: int
    taker: int
    frozen: Floats


@dataclass(frozen=True, eq=False)
class _Snapped:
    """What is left of N states after one actor's breach, in one way of snapping back.

    ``left`` (N,), ``chance`` (D, N), ``frozen`` (D, N, A), ``war`` (D, N, T).
    """

    left: Integers
    chance: Floats
    frozen: Floats
    war: Flags


class BreachOutcomes:
    """Outcomes of every breach of one package over D draws; what draws share is computed once.

    Args:
        table: the war table of the draws.
        theta: (D, P) the analyst's numbers.
        deal: the package.
        states: (N,) in which a breach may leave it, ascending.
    """

    def __init__(self, table: WarTable, theta: Floats, deal: Agreement, states: Integers) -> None:
        self.table, self.theta, self.deal, self.states = table, theta, deal, states
        self._snapped = cache(self._snap)

    def after(
        self, draw: int, breaker: int, state: int, quiet: float, *, attack: bool
    ) -> Iterator[BreachOutcome]:
        """What may follow a breach that comes to light after so many months of quiet.

        ``breaker`` is NO_BREAKER where a step fails without anybody's breach.
        """
        translation = self.table.bound.translation
        row, (knot, _) = int(np.searchsorted(self.states, state)), knot_of(CLOCKS, quiet)
        for one in self._snapped(breaker):
            chance = float(one.chance[draw, row])
            if chance == 0.0:
                continue
            left, frozen = int(one.left[row]), one.frozen[draw, row]
            if not (attack or one.war[draw, row, knot]):
                everywhere = np.full(len(regimes_of(translation)), chance)
                yield BreachOutcome(everywhere, left, False, 0, NOBODY, frozen)
                continue
            world = world_states(translation, self.deal, np.array([left]))
            acting = int(world.in_force[0]) & ~void_for(translation, breaker)
            for honoured, honours in self._honoured(draw, acting):
                for taker, takes in self._takers(draw, world, breaker):
                    yield BreachOutcome(
                        chance * honours * takes, left, True, honoured, taker, frozen
                    )

    def _snap(self, breaker: int) -> tuple[_Snapped, ...]:
        table, deal = self.table, self.deal
        translation = table.bound.translation
        believed = credibilities(translation, table.bound.own)
        found = []
        view = self.theta[:, np.newaxis]
        snaps = (
            [(np.ones((len(view), len(self.states), 1)), self.states)]
            if breaker == NO_BREAKER
            else snap_backs(translation, deal, view, self.states, breaker)
        )
        for chance, left in snaps:
            war = wars(table, deal, left, breaker, believed)
            frozen, breaks_out = war_or_frozen(table, deal, left, breaker, war)
            found.append(_Snapped(left, chance[..., 0], frozen, breaks_out))
        return tuple(found)

    def _honoured(self, draw: int, acting: int) -> list[tuple[int, Floats]]:
        """Which guarantees act, and the chance of it by political condition, (R,)."""
        translation = self.table.bound.translation
        politics = translation.politics
        happened = regimes_of(translation)
        own = np.repeat(self.theta[draw : draw + 1, np.newaxis], len(happened), axis=1)
        for r, which in enumerate(happened):
            for change in np.flatnonzero(which).tolist():
                for place, becomes in politics.changes[change]:
                    own[0, r, place] = self.theta[draw, becomes]
        believed = credibilities(translation, own)
        return [(one, chance[0]) for one, chance in honoured_sets(translation, believed, acting)]

    def _takers(self, draw: int, world: WorldStates, breaker: int) -> list[tuple[int, float]]:
        translation = self.table.bound.translation
        side = -1 if breaker == NO_BREAKER else int(translation.actors.side[breaker])
        if side < 0 or not (world.holder == NOBODY).any():
            return [(NOBODY, 1.0)]
        chance = float(self.theta[draw, translation.fighting.to_breaker_at])
        return [(one, p) for one, p in ((side, chance), (NOBODY, 1.0 - chance)) if p > 0.0]
