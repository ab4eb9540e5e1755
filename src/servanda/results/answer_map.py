"""An answer over two numbers at once: where a deal is kept in one order, and where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.analysis import Origin
from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Axis:
    """One of the two numbers.

    Attributes:
        path: where it stands; a belief is a number of its own.
        unit: in words.
        value: its central value.
        low, high: between which it is moved.
        points: (n,) where it was looked at, ascending.
    """

    path: str
    unit: str
    value: float
    low: float
    high: float
    points: Floats


@dataclass(frozen=True, eq=False)
class AnswerMap:
    """The margin of one order of one deal, and the share of draws with a kept deal, on a grid.

    Attributes:
        origin: where the answer came from.
        package: number of the deal.
        options: issue to option.
        reason: why this deal.
        order: identifier of the order.
        first, second: the numbers.
        margin: (X, Y) smallest margin of the order, all other numbers at their central values;
            below 0 somebody gains by a breach.
        share: (X, Y) share of the draws of all other numbers in which all sign and keep the deal.
        contour: straight pieces on which the margin is 0, each two points.
        margin_now, share_now: at the central values of both, and with both drawn.
    """

    origin: Origin
    package: int
    options: dict[str, str]
    reason: str
    order: str
    first: Axis
    second: Axis
    margin: Floats
    share: Floats
    contour: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    margin_now: float
    share_now: float

    @property
    def message(self) -> str:
        """The finding in a few sentences."""
        holds = self.margin >= -1e-9
        many = f"{int(holds.sum())} of the {holds.size} points of the map"
        now = (
            f"At the central values the margin of the order {self.order} is {self.margin_now:+.2g}"
        )
        if holds.all():
            said = [
                "At every point of the map nobody would gain by a breach: neither number decides."
            ]
        elif not holds.any():
            said = ["At no point of the map would the order be kept, whatever the two numbers."]
        else:
            said = [f"The order would be kept at {many}."]
            said += [
                *whatever(self.first, self.second, self.margin),
                *whatever(self.second, self.first, self.margin.T),
            ]
        low, high = float(self.share.min()), float(self.share.max())
        return " ".join(
            [
                f"{now} points.",
                *said,
                f"With the other numbers drawn, all sign and keep the deal in "
                f"{_between(low, high)} of the draws across the map "
                f"(with these two drawn as well: {_percent(self.share_now)}).",
            ]
        )

    @property
    def rows(self) -> list[dict[str, float]]:
        """Every point of the map with what was found there, the second number changing fastest."""
        return [
            {
                self.first.path: float(one),
                self.second.path: float(other),
                "margin": float(self.margin[x, y]),
                "share": float(self.share[x, y]),
            }
            for x, one in enumerate(self.first.points)
            for y, other in enumerate(self.second.points)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {"message": self.message, **to_plain(self)}
        return plain


def whatever(one: Axis, other: Axis, margin: Floats) -> list[str]:
    """Where one number alone decides, in words; nothing where the other always matters.

    Args:
        one, other: two numbers.
        margin: (X, Y) on their grid.
    """
    said = []
    worst, best = margin.min(axis=1), margin.max(axis=1)
    for edge, verb in ((worst, "would be kept"), (-best, "would not be kept")):
        cut = _one_side(one.points, edge)
        if cut is not None:
            way, at = cut
            said.append(
                f"With {one.path} {way} {at:.3g} it {verb} whatever {other.path} between "
                f"{other.low:.3g} and {other.high:.3g}."
            )
    return said


def _one_side(points: Floats, edge: Floats) -> tuple[str, float] | None:
    """``("above", x)`` or ``("below", x)`` where an edge is at least 0 on just that side."""
    holds = edge >= 0.0
    if holds.all() or not holds.any():
        return None
    change = np.flatnonzero(holds[1:] != holds[:-1])
    if len(change) > 1:
        return None
    (n,) = change.tolist()
    at = points[n] + (points[n + 1] - points[n]) * edge[n] / (edge[n] - edge[n + 1])
    return ("above" if holds[-1] else "below"), float(at)


def _between(low: float, high: float) -> str:
    first, last = _percent(low), _percent(high)
    return first if first == last else f"{first} to {last}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
