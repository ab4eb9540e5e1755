"""What a scenario says of strikes away from the front: how hard they can be, and what they do."""

from __future__ import annotations

from pydantic import Field

from servanda.scenario.quantity import Effect, Id, Real, Said, Share

AS_NOW = 1.0
"""The intensity at which costs and chances are those that the war section gives."""


class Strikes(Said):
    """A belligerent's campaign of strikes away from the front; it chooses how hard, each month."""

    name: str
    """Name as it is printed."""
    levels: tuple[Real, ...] = (0.0, 0.5, AS_NOW)
    """Intensities it can choose from, rising: 1 is as now, 0 none, 1.5 half as much again. 1 is \
among them, since costs and probabilities in the war section are those of now."""
    costs: dict[Id, Share]
    """Share of a belligerent's monthly cost of war that this campaign makes as it is now: of the \
one it strikes, and of its own side, whom it costs means and what is done in answer."""
    exhaustion: dict[Id, Effect] = Field(default_factory=dict)
    """Share of the other belligerent's probability of giving way that this campaign makes as it \
is now; below 0 where being struck hardens resolve."""
    stopped_by: Id | None = None
    """Instrument, such as a truce on energy sites: while its level is above 0 there is nothing to \
choose, and what the truce saves is what the instrument says."""
    note: str = ""
    """Anything a reader must know."""
    sources: tuple[Id, ...] = ()
    """Sources of this entry."""
