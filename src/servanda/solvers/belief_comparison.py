"""One plan in each actor's own beliefs and in the analyst's: who would be wrong, at what cost?

An actor keeps or breaches by its own beliefs. By the analyst's numbers it then loses what it left
lying: keeping where a breach would pay costs the most that a breach would have brought; a breach
that does not pay costs its margin.
"""

import numpy as np
from numpy.typing import NDArray

from servanda.errors import ProblemError
from servanda.problems.implementation import TOLERANCE
from servanda.results.plan import BreachKind, PlanMargins
from servanda.results.plan_comparison import ActorBelief, BeliefComparison, DisputedConstraint

Floats = NDArray[np.float64]


def compare_beliefs(own: PlanMargins, analyst: PlanMargins) -> BeliefComparison:
    """Compare the margins of one plan in the actors' own beliefs and in the analyst's.

    Args:
        own: every actor's constraints in that actor's beliefs (tables as they are bound).
        analyst: the same draws, everybody with the analyst's numbers.
    """
    if (
        own.constraints != analyst.constraints
        or own.constraint_margins.shape != analyst.constraint_margins.shape
    ):
        raise ProblemError("beliefs: the same plan over the same draws wanted on both sides")
    mine, theirs = own.constraint_margins, analyst.constraint_margins
    holds, held = mine >= -TOLERANCE, theirs >= -TOLERANCE
    differs = holds != held
    worst: dict[tuple[int, str, BreachKind, str], DisputedConstraint] = {}
    for c in np.flatnonzero(differs.any(axis=0)).tolist():
        at = own.constraints[c]
        here = DisputedConstraint(
            constraint=at,
            own=float(mine[:, c].mean()),
            analyst=float(theirs[:, c].mean()),
            differs=float(differs[:, c].mean()),
            cost=float(np.abs(theirs[differs[:, c], c]).mean()),
        )
        before = worst.setdefault((at.stage, at.actor, at.kind, at.step), here)
        if _weight(here) > _weight(before):
            worst[at.stage, at.actor, at.kind, at.step] = here
    disputed = sorted(worst.values(), key=_weight, reverse=True)
    acting = {one.actor for one in own.constraints}
    return BeliefComparison(
        own=own.probability,
        analyst=analyst.probability,
        actors=tuple(_actor(own, analyst, name) for name in own.actors if name in acting),
        disputed=tuple(disputed),
    )


def _weight(one: DisputedConstraint) -> float:
    """Expected cost of acting on the belief."""
    return one.differs * one.cost


def _actor(own: PlanMargins, analyst: PlanMargins, actor: str) -> ActorBelief:
    columns = [c for c, one in enumerate(own.constraints) if one.actor == actor]
    mine, theirs = own.constraint_margins[:, columns], analyst.constraint_margins[:, columns]
    keeps = mine.min(axis=1) >= -TOLERANCE
    should = theirs.min(axis=1) >= -TOLERANCE
    tempting = mine.argmin(axis=1)
    chosen = theirs[np.arange(len(theirs)), tempting]
    keeps_wrongly, breaks_wrongly = keeps & ~should, ~keeps & (chosen >= -TOLERANCE)
    lost = np.where(keeps_wrongly, -theirs.min(axis=1), chosen)[keeps_wrongly | breaks_wrongly]
    return ActorBelief(
        actor=actor,
        keeps=float(keeps.mean()),
        should=float(should.mean()),
        keeps_at_a_cost=float(keeps_wrongly.mean()),
        breaks_at_a_cost=float(breaks_wrongly.mean()),
        cost=float(lost.mean()) if lost.size else 0.0,
    )
