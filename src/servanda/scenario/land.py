"""Land: parcels, and the fronts along which a war moves."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servanda.scenario.quantity import Flag, Hazard, Id, Level, Points, Real, Said, Whole, certain

Side = Literal["a", "b"]


DEMILITARISED = "demilitarised"


class Parcel(Said):
    """A piece of territory.  Held describes control on the ground, never title."""

    name: str
    """Name as it is printed."""
    held_by: Id
    """Belligerent in control on the ground, or demilitarised."""
    fortification: Level = certain(0.0)
    """Fortification built by the side that held it when the scenario starts, from 0 to 5."""
    worth: dict[Id, Points] = Field(default_factory=dict)
    """Value points a month (normalised) to an actor while its side holds the parcel."""
    exposure: Hazard = certain(0.0)
    """Monthly probability that the side which held it at first gives way once it is lost in war."""
    at: tuple[Real, Real] | None = None
    """Latitude and longitude of its middle, for the schematic map."""
    area: Real | None = Field(default=None, ge=0)
    """Square kilometres."""
    population: Whole | None = Field(default=None, ge=0)
    """People living there before the war."""
    neighbours: tuple[Id, ...] = ()
    """Parcels that touch it."""
    background: Flag = False
    """True: drawn on the map for orientation, outside the computation."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""


class Front(Said):
    """An ordered line of parcels along which the war moves."""

    name: str
    """Name as it is printed."""
    parcels: tuple[Id, ...] = Field(min_length=1)
    """Parcels in order, from the rear of side a to the rear of side b."""
    tempo: Hazard
    """Probability of an engagement in a month."""
    ends: Literal["reflect", "absorb"] = "reflect"
    """reflect: the war goes on when a front has reached its end; absorb: it ends the war."""
    note: str = ""
    """How the two-dimensional map became this line."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""
