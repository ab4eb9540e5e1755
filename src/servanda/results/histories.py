"""Histories of a war and of what was signed to end it, one row each."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain
from servanda.results.history_codes import Outcome, Phase

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

__all__ = ["NEVER", "HistoryDraws", "HistoryPath", "Outcome", "Phase", "gather_histories"]

NEVER = -1
"""In place of a month, an actor, a deal: none."""


@dataclass(frozen=True, eq=False)
class HistoryDraws:
    """N histories of P policies: a column each, and counts by month; months are 0 to H.

    In the columns -1 stands for never, nobody or none.

    Attributes:
        policy: (N,) number of the policy. number: (N,) number of the history within it.
        outcome: (N,) how it stands at the horizon, as `Outcome`.
        agreed: (N,) month of signature.
        deal: (N,) which. line_at_signing: (N,) position of the line then.
        voted_down_by: (N,) the first gate that did not let it through.
        in_force: (N,) month in which it is through the votes and its plan begins.
        completed: (N,) month from which nothing more is to be done.
        ended: (N,) month in which the first war was over without a deal.
        broken: (N,) month of the breach, or in which a step failed.
        by: (N,) actor who broke it. way: (N,) way of the breach.
        stage: (N,) stage of the plan then. moment: (N,) moment of the plan row then.
        war_again: (N,) which war followed.
        war_again_ended: (N,) month in which that was over.
        line_at_end: (N,) position where the line stood last in a war.
        months_of_war: (N,) months with fighting, truces and waiting for the vote among them.
        truces: (N,) how many were agreed.
        value_a, value_b: (N,) value to the two sides from month 0, normalised.
        policies: (P,) numbers of the policies.
        line: (P, H + 1, F) how many stand at war, or in a truce, with the line there as the month
            begins: the first war only.
        phases: (P, H + 1, 8) how many are in each `Phase` as the month begins.
        struck: (P, H, 2, L) how many fight that month of the first war with a's, b's strikes at a
            level; whom a truce keeps from striking, or who has nothing to strike with, is in none.
    """

    policy: Integers
    number: Integers
    outcome: Integers
    agreed: Integers
    deal: Integers
    line_at_signing: Integers
    voted_down_by: Integers
    in_force: Integers
    completed: Integers
    ended: Integers
    broken: Integers
    by: Integers
    way: Integers
    stage: Integers
    moment: Integers
    war_again: Integers
    war_again_ended: Integers
    line_at_end: Integers
    months_of_war: Integers
    truces: Integers
    value_a: Floats
    value_b: Floats
    policies: Integers
    line: Integers
    phases: Integers
    struck: Integers

    @property
    def count(self) -> int:
        """N."""
        return len(self.policy)

    @property
    def horizon(self) -> int:
        """H."""
        return int(self.phases.shape[1]) - 1

    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns by name, for a table."""
        return {name: getattr(self, name) for name in COLUMNS}

    def row(self, which: int) -> dict[str, Any]:
        """One history as plain values, for telling it."""
        plain: dict[str, Any] = to_plain({n: a[which] for n, a in self.columns().items()})
        return plain


@dataclass(frozen=True, eq=False)
class HistoryPath:
    """One history month by month, for telling it.

    Attributes:
        row: its columns in `HistoryDraws`, as plain values.
        phases: (H + 1,) `Phase` as each month begins.
        line: (H + 1,) position of the line while the first war lasts; -1 after it.
    """

    row: dict[str, Any]
    phases: Integers
    line: Integers


BY_POLICY = ("policies", "line", "phases", "struck")
COLUMNS = tuple(f.name for f in fields(HistoryDraws) if f.name not in BY_POLICY)


def gather_histories(parts: Iterable[HistoryDraws]) -> HistoryDraws:
    """Several lots of histories as one, in the order given; horizon and positions must be alike."""
    lots = list(parts)
    return HistoryDraws(
        **{
            field.name: np.concatenate([getattr(lot, field.name) for lot in lots])
            for field in fields(HistoryDraws)
        }
    )
