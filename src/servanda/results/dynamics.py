"""The war's front process held against a record of monthly changes of control."""

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain

AHEAD, WINDOW, SUM = "a month ahead", "the whole window", "sum since the start"
"""What is forecast: each month from all before it; each, and their sum, from the fitted alone."""

MAP, FRONT, RESTLESS = "map's parcels", "front", "restless front"
WALK, MEAN = "random walk", "constant mean"
"""Forecasters: the war's, with parcels known, learned, and a tempo that differs; and naive ones."""


@dataclass(frozen=True)
class Learned:
    """What is believed of the fronts, on average.

    Attributes:
        tempo: chance that a line moves in a month.
        moves: of all lines in a month.
        gain: chance that a move is a gain.
        parcel: mean area of a parcel.
        unrest: correlation of the fronts' moves within a month; 0 where the tempo stays.
    """

    tempo: float
    moves: float
    gain: float
    parcel: float
    unrest: float


@dataclass(frozen=True)
class FrontForecast:
    """What some months together may bring.

    Attributes:
        months: how many.
        mean: expected change.
        quantiles: at 5, 25, 50, 75 and 95 %.
        loss: chance that it is below nought.
        learned: what is believed of the fronts.
    """

    months: int
    mean: float
    quantiles: tuple[float, ...]
    loss: float
    learned: Learned


@dataclass(frozen=True)
class DynamicsBand:
    """One forecast and what happened.

    Attributes:
        month: as 2025-07.
        quantiles: at 5, 25, 50, 75 and 95 %.
        seen: what happened.
    """

    month: str
    quantiles: tuple[float, ...]
    seen: float


@dataclass(frozen=True)
class DynamicsForecaster:
    """One forecaster on one task.

    Attributes:
        name: who.
        task: `AHEAD`, `WINDOW` or `SUM`.
        bands: month by month.
        inside_50, inside_90: months within the band.
        score_50, score_90: mean interval score; smaller is better.
    """

    name: str
    task: str
    bands: tuple[DynamicsBand, ...]
    inside_50: int
    inside_90: int
    score_50: float
    score_90: float


@dataclass(frozen=True)
class Dynamics:
    """A record, forecasts of its last months, and their scores.

    Attributes:
        title, unit, gains: of the record.
        months, changes: the record itself.
        fitted: how many months were fitted; the others are scored.
        parcels: mean area and coefficient of variation of the parcels on the map's fronts.
        forecasters: by task and name.
        learned: what each of the war's forecasters believes after the fitted months.
        loss: chance it then gives to a month with more land lost than gained.
        correlation: of each month with the next, over the whole record.
        unrelated: what it would stay below in 19 of 20 records whose months do not hang together.
        other_fronts: number of fronts to the scores (50 %, 90 %) a month ahead that it would have.
        second: month to what a second source says of it.
    """

    title: str
    unit: str
    gains: str
    months: tuple[str, ...]
    changes: tuple[float, ...]
    fitted: int
    parcels: tuple[float, float]
    forecasters: tuple[DynamicsForecaster, ...]
    learned: dict[str, Learned]
    loss: dict[str, float]
    correlation: float
    unrelated: float
    other_fronts: dict[int, tuple[float, float]]
    second: dict[str, float]

    def forecaster(self, name: str, task: str) -> DynamicsForecaster:
        """One of them."""
        return next(one for one in self.forecasters if (one.name, one.task) == (name, task))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
