"""A plan as rows: one for each step, with its months and, from a signature, its days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from servanda.results.plan import PlanEvaluation
from servanda.scenario.months import months_later


@dataclass(frozen=True)
class RoadmapRow:
    """One step of a plan.

    Attributes:
        stage: number of its stage, from 1.
        step: identifier.
        owners: identifiers of who carries the stage out.
        verified: whether the exchange is verified.
        start_month: months from signature to its start.
        end_month: months from signature to its effect.
        start: day of its start.
        end: day of its effect; the same day where it takes effect at once.
        margin: smallest margin in the stage, value points; None where nobody can breach.
        tempted: identifier of whose margin that is ("" for nobody).
        weakest: whether the plan's weakest link is in this stage.
    """

    stage: int
    step: str
    owners: tuple[str, ...]
    verified: bool
    start_month: int
    end_month: int
    start: date
    end: date
    margin: float | None
    tempted: str
    weakest: bool


def roadmap(
    plan: PlanEvaluation,
    months: Mapping[str, int],
    owners: Mapping[str, tuple[str, ...]],
    from_day: date,
) -> tuple[RoadmapRow, ...]:
    """The rows of a plan.

    Args:
        plan: an evaluated plan.
        months: duration of each step; that of the stage where a step is not known.
        owners: who carries out each step; those of the stage where a step is not known.
        from_day: the day of signature.
    """
    rows = []
    weakest = plan.weakest_link
    for number, stage in enumerate(plan.stages):
        held = {actor: m for actor, m in stage.smallest_margins.items() if m is not None}
        tempted = min(held, key=lambda actor: held[actor]) if held else ""
        for step in stage.steps:
            end = stage.start_month + min(months.get(step, stage.months), stage.months)
            rows.append(
                RoadmapRow(
                    stage=number + 1,
                    step=step,
                    owners=owners.get(step) or stage.owners,
                    verified=stage.verified,
                    start_month=stage.start_month,
                    end_month=end,
                    start=months_later(from_day, stage.start_month),
                    end=months_later(from_day, end),
                    margin=held.get(tempted),
                    tempted=tempted,
                    weakest=weakest is not None and weakest.constraint.stage == number,
                )
            )
    return tuple(rows)
