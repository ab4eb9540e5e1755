"""The war: what fighting on costs, and how it may end."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from servanda.scenario.quantity import (
    Hazard,
    Id,
    NonNegative,
    Points,
    Positive,
    Quantity,
    Said,
    Share,
    certain,
)

TREND_KEYS = {"now", "drift", "cap"}


def _as_trend(raw: Any) -> Any:
    return raw if isinstance(raw, dict) and raw.keys() & TREND_KEYS else {"now": raw}


class Trend(Said):
    """A quantity that drifts with time at war toward a cap; a plain quantity does not drift."""

    now: NonNegative
    """Its value at the scenario's date."""
    drift: Points = certain(0.0)
    """Change a month of war."""
    cap: NonNegative | None = None
    """Where the drift stops; its value now when not said and there is no drift."""


class HazardTrend(Said):
    """A monthly probability that drifts with time at war toward a cap."""

    now: Hazard
    """Its value at the scenario's date, a month."""
    drift: Points = certain(0.0)
    """Change of the monthly probability with each month of war."""
    cap: Hazard | None = None
    """Where the drift stops."""


TrendOrQuantity = Annotated[Trend, BeforeValidator(_as_trend)]


HazardOrTrend = Annotated[HazardTrend, BeforeValidator(_as_trend)]


class Rearmament(Said):
    """How a pause strengthens a belligerent."""

    gain: NonNegative
    """Relative gain in strength after a very long pause."""
    months: Positive
    """Months after which 63 % of it is reached."""


class War(Said):
    """Fighting on: what every actor gets without a deal."""

    initiative: Share = certain(0.5)
    """Probability that an engagement is an attack by side a."""
    decisiveness: Positive = certain(1.0)
    """How sharply a difference in strength decides an engagement (the exponent of the contest)."""
    strength: dict[Id, Positive]
    """Effective strength of each belligerent, all instruments at level 0; only ratios matter."""
    fortification_effect: NonNegative = certain(0.5)
    """How much each level of fortification adds to the defence multiplier of a parcel."""
    rearmament: dict[Id, Rearmament] = Field(default_factory=dict)
    """What a pause does, by belligerent."""
    rearmament_decay: Hazard = certain(0.05)
    """How fast that gain is used up once fighting resumes, a month."""
    costs: dict[Id, TrendOrQuantity]
    """Monthly cost of war, value points, by actor."""
    exhaustion: dict[Id, HazardOrTrend]
    """Probability that a belligerent gives way in a month."""
    freeze: HazardOrTrend = Field(default_factory=lambda: HazardTrend(now=Quantity(value=0.0)))
    """Probability that the war freezes at its line in a month, without a deal."""
    imposed: dict[Id, dict[Id, Points]]
    """What each actor gets when a belligerent gives way: who gives way, then who gets what."""
    months_so_far: NonNegative = certain(0.0)
    """Months the war has lasted."""
    memory: Positive = certain(24.0)
    """Months of quiet after which 63 % of the wear of war is forgotten."""
    demilitarised_to_breaker: Share = certain(0.5)
    """Probability that demilitarised land falls to the side that breaks the peace."""
    demilitarised_worth: Share = certain(0.5)
    """Share of a demilitarised parcel's worth kept by the side that held it before."""
