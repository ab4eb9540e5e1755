"""Why an actor stays at the table: what staying is worth above walking out, in its parts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.results.encode import to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Participation:
    """Staying against walking out in each of M months, value points, in the actor's own beliefs.

    Entries of months that the talks do not reach are NaN.

    Attributes:
        walking_out, staying: (M,) value of each.
        parts: name to (M,) points; they add up to ``staying - walking_out``.
        chance: (M,) that a deal is still to come.
    """

    walking_out: Floats
    staying: Floats
    parts: dict[str, Floats]
    chance: Floats

    @property
    def gain(self) -> Floats:
        """(M,) what staying is worth above walking out."""
        return self.staying - self.walking_out

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self) | {"gain": to_plain(self.gain)}
        return plain


@dataclass(frozen=True, eq=False)
class ActorStays:
    """Why one actor of a scenario stays.

    Attributes:
        actor: who.
        threats: pressure that walking out would bring down on it.
        values: staying against walking out by month.
    """

    actor: str
    threats: tuple[str, ...]
    values: Participation

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {"actor": self.actor, "threats": list(self.threats)}
        return plain | self.values.to_dict()
