"""The cheapest move of two levers together that reaches a target.

What each lever brings alone, at the distances computed again, gives its share of the log-odds at
any distance; two levers add up, plus what they turn out to bring together. The pairs that look
cheapest are computed again in the same draws, corrected by what came out, and computed once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from servanda.results.levers import FARTHEST, Lever, Levered, LeverPair

Floats = NDArray[np.float64]

PAIRS, RUNS = 3, 5
"""Pairs computed again, and how often each."""

STEPS = 40
"""Distances of each lever looked at."""

CLOSE = 0.01
"""Share above the target at which a pair is not brought nearer."""

Anchors = Mapping[Lever, Mapping[float, float]]
"""Lever to distance to share of draws, 0 among them."""


def cheapest_pair(
    anchors: Anchors,
    target: float,
    draws: int,
    shares: Callable[[Sequence[Sequence[tuple[Lever, float]]]], Sequence[float]],
) -> LeverPair | None:
    """The two levers that together reach the target with least effort; None if no pair tried does.

    Args:
        anchors: what each lever brings alone.
        target: share to be reached.
        draws: how many there are; shares of 0 and 1 are taken to be half a draw from it.
        shares: share of draws when levers are moved by so many spreads, for several moves at once;
            what may hold or not goes a part of the way to being settled.
    """
    edge = 0.5 / draws
    aim = float(logit(target))
    pairs = [_Pair(*two, anchors, edge) for two in combinations(anchors, 2)]
    proposed = [(one.cheapest(aim), one) for one in pairs]
    # those that look cheapest; where too few look like reaching it, those that come nearest
    nearest = sorted(
        proposed, key=lambda row: (sum(row[0]) if row[0] else np.inf, -row[1].farthest_odds)
    )
    open_ = [(amounts or one.farthest, one) for amounts, one in nearest[:PAIRS]]
    best: LeverPair | None = None
    for _ in range(RUNS):
        asked = [list(zip((one.first, one.second), amounts, strict=True)) for amounts, one in open_]
        again = []
        for (amounts, one), share in zip(open_, shares(asked), strict=True):
            if share >= target and (best is None or sum(amounts) < best.effort):
                best = one.reached(amounts, share)
            one.learn(amounts, share)
            proposal = one.cheapest(aim)
            near = target <= share <= target + CLOSE
            if proposal is not None and not near and proposal != amounts:
                again.append((proposal, one))
        open_ = [row for row in again if best is None or sum(row[0]) < best.effort]
        if not open_:
            break
    return best


class _Pair:
    """Two levers, and what they are thought to bring together."""

    def __init__(self, first: Lever, second: Lever, anchors: Anchors, edge: float) -> None:
        self.first, self.second, self.edge = first, second, edge
        self.amounts = [_amounts(one) for one in (first, second)]
        self.alone = [
            self._log_odds(np.interp(amounts, *_points(anchors[one])))
            for one, amounts in zip((first, second), self.amounts, strict=True)
        ]
        self.base = float(self._log_odds(np.array(anchors[first][0.0])))
        self.together = 0.0
        """Log-odds for each spread of one and of the other that they bring beyond their sum."""

    @property
    def farthest(self) -> tuple[float, float]:
        """Both as far as they go."""
        return float(self.amounts[0][-1]), float(self.amounts[1][-1])

    @property
    def farthest_odds(self) -> float:
        """Log-odds thought to be reached there."""
        return float(self._predicted()[-1, -1])

    def cheapest(self, aim: float) -> tuple[float, float] | None:
        """Distances with least effort at which the log-odds are thought to be at least those."""
        there = self._predicted()
        effort = self.amounts[0][:, np.newaxis] + self.amounts[1]
        if not (there >= aim).any():
            return None
        place = np.argmin(np.where(there >= aim, effort, np.inf))
        one, other = np.unravel_index(place, effort.shape)
        return float(self.amounts[0][one]), float(self.amounts[1][other])

    def learn(self, amounts: tuple[float, float], share: float) -> None:
        """Take what came out at some distances for what the two bring together."""
        place = tuple(
            int(np.searchsorted(a, x)) for a, x in zip(self.amounts, amounts, strict=True)
        )
        missed = float(self._log_odds(np.array(share))) - self._predicted()[place]
        self.together += float(missed) / (amounts[0] * amounts[1])

    def reached(self, amounts: tuple[float, float], share: float) -> LeverPair:
        """The pair as it was computed again."""
        moved = []
        for lever, amount in zip((self.first, self.second), amounts, strict=True):
            change = amount * (lever.room if lever.spread is None else lever.spread)
            moved.append(Levered(lever.path, amount, change if lever.up else -change))
        return LeverPair((moved[0], moved[1]), sum(amounts), share)

    def _predicted(self) -> Floats:
        added = (self.alone[0] - self.base)[:, np.newaxis] + (self.alone[1] - self.base)
        found: Floats = self.base + added + self.together * np.multiply.outer(*self.amounts)
        return found

    def _log_odds(self, share: Floats) -> Floats:
        odds: Floats = logit(np.clip(share, self.edge, 1.0 - self.edge))
        return odds


def _amounts(lever: Lever) -> Floats:
    """Distances looked at; what may hold or not goes no farther than settled."""
    far = 1.0 if lever.spread is None else FARTHEST
    return np.arange(1, STEPS + 1) * far / STEPS


def _points(anchors: Mapping[float, float]) -> tuple[Floats, Floats]:
    """Distances and shares to interpolate; beyond the farthest tried it goes on as it went."""
    at = np.array(sorted(anchors))
    share = np.array([anchors[one] for one in at.tolist()])
    if at[-1] < FARTHEST:
        slope = (share[-1] - share[-2]) / (at[-1] - at[-2])
        at = np.append(at, FARTHEST)
        share = np.append(share, np.clip(share[-1] + slope * (at[-1] - at[-2]), 0.0, 1.0))
    return at, share
