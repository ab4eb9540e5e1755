"""The war table: what war is worth in every world it could start in, computed once.

``values(rows)[draw, row, clock, actor]`` is W of that actor in its own beliefs.  Rows are distinct
worlds, so a thousand states of an agreement share a few dozen wars; credibilities are mixed in
afterwards by whoever reads the table, which keeps guarantee windows linear.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from servanda.problems.parameters import Floats, Integers
from servanda.problems.translation import Flags, Translation
from servanda.problems.war_binding import BoundWar, WarWorlds, outbreaks, rebind_war
from servanda.solvers.war_value import war_values

Number = TypeVar("Number", np.float64, np.bool_)

KNOTS = np.array([0.0, 3.0, 6.0, 12.0, 24.0, 48.0, 120.0])
"""Months of quiet at which wars are computed; the last stands for the limit."""

CLOCKS = np.array(
    [0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 21, 24, 30, 36, 48, 72, 120]
)
"""Months of quiet of the tables that are read, interpolated from the knots."""


TOLERANCE = 1e-6
"""Discounted survival at which a war is taken to be over."""


@dataclass
class _Wars:
    """Wars computed so far: which row is which world, and what it is worth."""

    values: Floats
    """(D, rows, knots, A)."""
    known: Flags
    """(D, rows) which of them are computed."""
    rows: dict[bytes, int] = field(default_factory=dict)
    error: float = 0.0
    lock: Lock = field(default_factory=Lock)


class WarTable:
    """Worlds computed so far for one binding.  Reading a world for the first time computes it."""

    def __init__(
        self, bound: BoundWar, *, tolerance: float = TOLERANCE, threads: int | None = None
    ) -> None:
        self.bound = bound
        self._whole, self._draws = bound, np.arange(bound.draws)
        self._tolerance, self._threads = tolerance, threads
        shape = (bound.draws, 0, len(KNOTS), len(bound.group))
        self._wars = _Wars(np.empty(shape), np.empty(shape[:2], np.bool_))
        self._blend = interpolation(bound.translation)

    def for_beliefs(self, own: Floats) -> WarTable:
        """An empty table, computed as this one, for other beliefs (D, A, P) in the same draws."""
        bound = rebind_war(self.bound, own)
        return WarTable(bound, tolerance=self._tolerance, threads=self._threads)

    def only(self, draws: Integers) -> WarTable:
        """The same wars in some of the draws; one not seen before is computed in these alone."""
        other = copy(self)
        other.bound = rebind_war(self.bound, self.bound.own[draws])
        other._draws = self._draws[draws]
        return other

    def __len__(self) -> int:
        return len(self._wars.rows)

    def of(self, translation: Translation) -> WarTable:
        """The same wars for a translation that differs in its steps alone; worlds are shared."""
        other = copy(self)
        other.bound = replace(self.bound, translation=translation)
        return other

    @property
    def error(self) -> float:
        """Largest error in any value computed so far that stopping early can have made, points."""
        return self._wars.error

    def rows(self, worlds: WarWorlds) -> Integers:
        """Row of every world, (W,), computing those not seen before in one batch."""
        keys = worlds.keys
        distinct, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        texts = [key.tobytes() for key in distinct]
        wars = self._wars
        with wars.lock:
            new = [text for text in texts if text not in wars.rows]
            if new:
                wars.rows |= {text: len(wars.rows) + n for n, text in enumerate(new)}
                wars.values = _widened(wars.values, len(new), np.nan)
                wars.known = _widened(wars.known, len(new), False)
            places = np.array([wars.rows[text] for text in texts], np.int64)
            missing = ~wars.known[self._draws[:, np.newaxis], places]
            if missing.any():
                which = np.flatnonzero(missing.any(axis=0))
                draws = self._draws[missing.any(axis=1)]
                self._compute(_pick(worlds, first[which]), places[which], draws)
        return places[inverse.reshape(-1)]

    def values(self, rows: Integers) -> Floats:
        """W at ``CLOCKS``, (D, len(rows), T, A)."""
        wars = self._wars.values[self._draws[:, np.newaxis], rows]
        blended: Floats = np.matmul(self._blend, wars)
        return blended

    def _compute(self, worlds: WarWorlds, places: Integers, draws: Integers) -> None:
        whole = self._whole
        everywhere = len(draws) == whole.draws
        bound = whole if everywhere else rebind_war(whole, whole.own[draws])
        values, error = war_values(
            bound.settings,
            outbreaks(bound, worlds, KNOTS),
            tolerance=self._tolerance,
            threads=self._threads,
        )
        count, actors = len(worlds.start), len(bound.group)
        table = values.reshape(bound.draws, bound.groups, count, len(KNOTS), actors)
        own = table[:, bound.group, :, :, np.arange(actors)]  # (A, D, W, T)
        wars = self._wars
        at = (draws[:, np.newaxis], places)
        wars.values[at], wars.known[at] = np.moveaxis(own, 0, -1), True
        span = np.nanmax(values) - np.nanmin(values) if values.size else 0.0
        wars.error = max(wars.error, float(np.max(error, initial=0.0)) * float(span))


def _widened(array: NDArray[Number], count: int, value: float) -> NDArray[Number]:
    """More rows on the second axis, all of one value."""
    more = np.full((len(array), count, *array.shape[2:]), value, array.dtype)
    return np.concatenate([array, more], axis=1)


def interpolation(translation: Translation, knots: Floats = KNOTS) -> Floats:
    """Weights (T, knots) that blend the knots into the clocks: a cubic spline through the knots.

    The pause acts through exp(-t/T) alone, with a T for each side's re-arming and one for the wear
    of war, so W is smooth in s = 1 - exp(-t/T), T somewhat longer than the longest of them at the
    central values (the same for every draw).  What is left is the kink where a rate that the pause
    has set back reaches its cap or 0: tests hold the error, about 0.1 value points.
    """
    fighting, value = translation.fighting, translation.parameters.value
    times = [fighting.memory_at, *(place for place in fighting.rearm_at[:, 1] if place >= 0)]
    scale = np.clip(1.5 * value[times].max(), 12.0, 60.0)
    spline = CubicSpline(1.0 - np.exp(-knots / scale), np.eye(len(knots)))
    weights: Floats = spline(1.0 - np.exp(-CLOCKS / scale))
    return weights


def _pick(worlds: WarWorlds, rows: Integers) -> WarWorlds:
    return WarWorlds(
        worlds.start[rows],
        worlds.fortified[rows],
        worlds.aside[rows],
        worlds.level_at[rows],
        worlds.honoured[rows],
    )
