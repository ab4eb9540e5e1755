"""Forecasts about agreements of the past, set beside what became of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]

RATIFIED, CARRIED, HELD = "ratified", "carried through", "held ten years"
EVENTS = (RATIFIED, CARRIED, HELD)
"""What is forecast, in the order in which it happens."""


@dataclass(frozen=True)
class Forecast:
    """One event of one case.

    Attributes:
        event: one of `EVENTS`.
        probability: over the draws.
        low, high: 5 % and 95 % points of the probability over the draws of the coded ranges.
        happened: whether it came about.
    """

    event: str
    probability: float
    low: float
    high: float
    happened: bool


@dataclass(frozen=True)
class CaseForecast:
    """One case.

    Attributes:
        name: of its scenario.
        title: as printed.
        as_of: the day of the scenario.
        order: the agreed order, labels of the steps stage by stage.
        forecasts: of the events that could be asked of this case.
        margin: smallest margin of the agreed order at the central values, value points.
        self_enforcing: share of the draws in which nobody gains by a breach.
        guarantee_first: a guarantee enters into force before land, arms or power move.
        breaks_at: steps of the stage where it most often ends before completion; "" where the
            time after completion is the likeliest.
        ends_there: probability that it ends there.
        broke_at: where it ended in fact; "" where it did not.
        better: the order found with the largest probability of being carried through.
        better_probability: that probability, at the central values; the agreed order's beside it.
        agreed_probability: of the agreed order at the central values.
        note: what became of it.
        sources: who says so.
    """

    name: str
    title: str
    as_of: str
    order: tuple[tuple[str, ...], ...]
    forecasts: tuple[Forecast, ...]
    margin: float
    self_enforcing: float
    guarantee_first: bool
    breaks_at: str
    ends_there: float
    broke_at: str
    better: tuple[tuple[str, ...], ...]
    better_probability: float
    agreed_probability: float
    note: str
    sources: tuple[str, ...]

    def forecast(self, event: str) -> Forecast | None:
        """The forecast of an event; None where it could not be asked."""
        return next((one for one in self.forecasts if one.event == event), None)


@dataclass(frozen=True)
class Score:
    """How one forecaster did on one event; smaller is better.

    Attributes:
        event: what was forecast; "all" for all events together.
        forecaster: "servanda", "one half", "base rate" or "guarantee first".
        cases: how many forecasts.
        brier: mean Brier score.
        log: mean logarithmic score.
        brier_low, brier_high: 5 % and 95 % points over the draws of the coded ranges; equal to
            brier for the baselines, which have no ranges.
    """

    event: str
    forecaster: str
    cases: int
    brier: float
    log: float
    brier_low: float
    brier_high: float


@dataclass(frozen=True)
class Backtest:
    """Cases with their forecasts, and scores beside naive forecasters.

    Attributes:
        cases: in the order of their day.
        scores: by event and forecaster.
        noise: name of the setting to the mean Brier score of all events when parties err more or
            less often, or more or less sharply, than the coding rules say.
        draws, seed: of the coded ranges.
    """

    cases: tuple[CaseForecast, ...]
    scores: tuple[Score, ...]
    noise: dict[str, float]
    draws: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain
