"""What every actor gets without a deal: as the scenario says it, or as its war works out."""

from __future__ import annotations

from servanda.problems.gather import own_beliefs, take_own
from servanda.problems.parameters import Floats
from servanda.problems.translation import Translation
from servanda.problems.war_binding import bind_war
from servanda.solvers.collapse import reservation_values
from servanda.solvers.war_table import WarTable


def without_a_deal(translation: Translation, theta: Floats, *, threads: int | None) -> Floats:
    """Reservation values in every draw, each actor in its own beliefs.

    Args:
        translation: the scenario.
        theta: (D, P).
        threads: at most this many for the war; as many as there are processors when left out.

    Returns:
        (D, A) value points; NaN for an actor of whom nothing is said, who has no veto.
    """
    if translation.war is not None:
        return reservation_values(WarTable(bind_war(translation, theta), threads=threads))
    own = own_beliefs(translation.parameters, theta)
    return take_own(own, translation.actors.reservation_at, default=float("nan"))
