"""Which deals need pressure, which outlast it, which are kept only while it lasts.

A mediator who punishes refusal lowers what refusing is worth by r_i ("relief"). With s_i what
signing leaves actor i, m_i its smallest margin before the pressure lapses and m'_i afterwards, and
payments p_i out of funds, a deal

* needs no pressure if s + p, m + p and m' + p are at least 0 for all who sign;
* outlasts it if s + r + p, m + r + p and m' + p are;
* is kept only while it lasts if s + r + p and m + r + p are, m' + p is not for somebody, and
  without the pressure it would not have been signed and held so far.

Those who do not sign must have margins of at least 0 all the same. Each fund, one after the other,
raises whoever is left least (see `water_level`). A deal of the last kind fails when the pressure
lapses.

Source: Beardsley (2008), American Journal of Political Science 52(4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.solvers.water_level import water_level

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TIE = 1e-9
"""Ties go to agreement and to compliance."""

Fund = tuple[float, Flags]
"""Points, and (A,) whom they may be paid to."""


@dataclass(frozen=True, eq=False)
class Left:
    """What D draws of M deals leave each actor, (D, M, A) points, before pressure and payments.

    Attributes:
        signing: by signing, above what fighting on is worth.
        early: by keeping its word, until the pressure on it lapses.
        late: the same afterwards.
    """

    signing: Floats
    early: Floats
    late: Floats

    def only(self, deals: NDArray[np.int64]) -> "Left":
        """Some of the deals."""
        return Left(self.signing[:, deals], self.early[:, deals], self.late[:, deals])


@dataclass(frozen=True, eq=False)
class Lasting:
    """How each deal ends, (D, M).

    Attributes:
        inside: kept without pressure.
        outlasting: signed under pressure and kept when it is gone; those inside are among them.
        lapsing: signed under pressure, and because of it, and kept while it lasts only.
        room: points the signatory left least has to spare when pressure is gone.
    """

    inside: Flags
    outlasting: Flags
    lapsing: Flags
    room: Floats


def lasting_deals(
    left: Left, relief: Floats, signs: Flags, allowed: Flags, funds: Sequence[Fund] = ()
) -> Lasting:
    """Sort deals by what becomes of them when pressure lapses.

    Args:
        left: what each leaves each actor.
        relief: (D, A) points that pressure takes off refusing.
        signs: (A,) whose signature it takes.
        allowed: (D, M) deals that no red line forbids.
        funds: drawn on one after the other.

    >>> left = Left(*(np.array([[[3.0, part]]]) for part in (-2.0, 1.0, -1.0)))
    >>> found = lasting_deals(left, np.array([[0.0, 4.0]]), np.ones(2, bool), np.ones((1, 1), bool))
    >>> found.inside.item(), found.outlasting.item(), found.lapsing.item()
    (False, False, True)
    """

    def ends(signing: Floats, keeping: Floats) -> tuple[Flags, Floats]:
        room = _room(np.minimum(signing, keeping), signs, funds)
        others = ((keeping >= -TIE) | signs).all(axis=2)
        return (room >= -TIE) & others & allowed, room

    pressed = relief[:, np.newaxis]
    signing, early = left.signing + pressed, left.early + pressed
    unpressed, _ = ends(left.signing, left.early)
    inside, _ = ends(left.signing, np.minimum(left.early, left.late))
    beyond, room = ends(signing, np.minimum(early, left.late))
    holding, _ = ends(signing, early)
    return Lasting(inside, beyond, holding & ~beyond & ~unpressed, room)


def _room(left: Floats, signs: Flags, funds: Sequence[Fund]) -> Floats:
    """What the signatory left least has to spare when the funds have paid, (D, M)."""
    for points, reaches in funds:
        paid = reaches & signs
        if points > 0 and paid.any():
            up_to = water_level(left[..., paid], points)
            left = left.copy()
            left[..., paid] = np.maximum(left[..., paid], up_to[..., np.newaxis])
    room: Floats = left[..., signs].min(axis=2, initial=np.inf)
    return room
