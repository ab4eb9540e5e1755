"""One history of a policy, as events in their order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from servanda.results.breach_ways import STEP_FAILED
from servanda.results.histories import NEVER, HistoryDraws, Outcome
from servanda.results.histories_answer import Story, StoryEvent
from servanda.results.history_summary import TypicalHistory
from servanda.simulation.policies import Policy, Setting

Row = dict[str, int]
Order = tuple[tuple[str, ...], ...]


def story_of(
    stands_for: str,
    typical: TypicalHistory,
    walked: HistoryDraws,
    setting: Setting,
    policy: Policy,
) -> Story:
    """The story of a typical history.

    Args:
        stands_for: what it is typical of.
        typical: which one it is.
        walked: that history, walked again alone.
        setting, policy: whose it is.
    """
    row: Row = walked.row(0)
    return Story(
        stands_for=stands_for,
        share=typical.ending.share,
        policy=typical.policy,
        number=typical.number,
        deal=row["deal"],
        line_at_signing=row["line_at_signing"],
        line_at_end=row["line_at_end"],
        events=tuple(_events(row, setting, policy)),
        months_of_war=row["months_of_war"],
        truces=row["truces"],
    )


def order_of(setting: Setting, policy: Policy, deal: int) -> Order:
    """Steps of each stage in which a deal is carried out in a policy."""
    plan = setting.candidates[deal].plans[int(policy.orders[deal])]
    return tuple(tuple(str(step) for step in stage.steps) for stage in plan)


def _events(row: Row, setting: Setting, policy: Policy) -> Iterator[StoryEvent]:
    if row["deal"] != NEVER:
        yield StoryEvent(row["agreed"], "signed")
    if row["voted_down_by"] != NEVER:
        gate = setting.ground.translation.audiences.names[row["voted_down_by"]]
        yield StoryEvent(row["agreed"], "voted-down", actor=gate)
    if row["in_force"] != NEVER:
        yield from _carried_out(row, setting, policy)
    if row["ended"] != NEVER:
        yield StoryEvent(row["ended"], "war-ended", kind=Outcome(row["outcome"]).name.lower())
    if row["war_again_ended"] != NEVER:
        yield StoryEvent(row["war_again_ended"], "war-again-ended")
    yield StoryEvent(setting.months, "horizon", kind=Outcome(row["outcome"]).name.lower())


def _carried_out(row: Row, setting: Setting, policy: Policy) -> Iterator[StoryEvent]:
    """Stages done until all are, or until the plan ends."""
    order = order_of(setting, policy, row["deal"])
    plan = int(policy.plan_of[row["line_at_signing"], row["deal"]])
    rows = policy.after.rows
    began = row["in_force"] + np.cumsum(rows.lasts[plan]) - rows.lasts[plan]
    ended = row["broken"] != NEVER
    for number, steps in enumerate(order):
        later = np.flatnonzero(rows.stage[plan] > number)
        month = int(began[later[0]])
        if month > setting.months or (ended and number >= row["stage"]):
            break
        yield StoryEvent(month, "done", steps=steps)
    if row["completed"] != NEVER:
        yield StoryEvent(row["completed"], "completed")
    if ended:
        yield _ending(row, setting, policy, order)


def _ending(row: Row, setting: Setting, policy: Policy, order: Order) -> StoryEvent:
    """How a plan ended before its time."""
    under_way = order[row["stage"]] if row["stage"] < len(order) else ()
    if row["way"] == NEVER:
        return StoryEvent(row["broken"], "step-failed", steps=under_way)
    way = policy.after.ways[row["way"]]
    if way.kind == STEP_FAILED:
        return StoryEvent(
            row["broken"], "step-failed", steps=under_way, war=True, honoured=way.honoured
        )
    return StoryEvent(
        row["broken"],
        "broken",
        actor=way.actor,
        steps=(way.step,) if way.step else under_way,
        kind=str(way.kind),
        war=way.war,
        honoured=way.honoured,
    )
