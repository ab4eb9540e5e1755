"""A made-up answer about histories, about the scenario of :mod:`brief.sample`."""

import numpy as np
from numpy.typing import NDArray

from servanda.results.analysis import Origin
from servanda.results.histories_answer import HistoriesAnswer, PlanBreak, Story, StoryEvent
from servanda.results.history_codes import Outcome, Phase
from servanda.results.history_summary import LEVELS, EndingClass, HistorySummary, Shares
from servanda.results.strikes import CampaignCourse

HORIZON, MONTHS = 110, 200
"""Months looked at, and months there is something for: a test that moves the first needs more."""

LANDS = ("demilitarised", "handed-over")
GUARANTEES = ("treaty", "none")


def sample_histories(origin: Origin) -> HistoriesAnswer:
    """A peace that is signed in most histories and lost in a third of these."""
    return HistoriesAnswer(
        origin=origin,
        seed=3,
        front="axis",
        places=43,
        start=18,
        sides=("uplands", "rivers"),
        gates=("assembly",),
        deals=tuple({"land": land, "guarantee": one} for land in LANDS for one in GUARANTEES),
        packages=(7, 9, 11, 12),
        summary=_summary(),
        breaks=(
            PlanBreak("rivers", "attack", "", "ratify", True, 0.13),
            PlanBreak("uplands", "undo", "withdraw", "", False, 0.06),
            PlanBreak("", "step-failed", "", "ceasefire + prisoners", False, 0.04),
        ),
        truces=0.23,
        strikes=(
            CampaignCourse("uplands", "Strikes on depots", 0.85, np.full(MONTHS, 0.85)),
            CampaignCourse("rivers", "Strikes on mills", 1.35, np.full(MONTHS, 1.35)),
        ),
        stories=(
            _story("kept", 0, _kept_events(), 0.37),
            _story("broken", 0, _broken_events(), 0.22),
            _story("unsigned", -1, _unsigned_events(), 0.19),
        ),
    )


def _summary() -> HistorySummary:
    month = np.arange(MONTHS)
    at_war = 0.9 * 0.97**month
    outcomes = np.full(len(Outcome), 0.04)
    outcomes[Outcome.KEPT] = 1.0 - outcomes[1:].sum()
    return HistorySummary(
        histories=9800,
        policies=64,
        horizon=HORIZON,
        at_war=_shares(at_war),
        agreed=_shares(0.7 - 0.65 * 0.97**month),
        in_peace=_shares(0.45 - 0.4 * 0.97**month),
        kept=_shares(0.95 * 0.995**month),
        outcomes=_shares(outcomes),
        deals=_shares(np.array([0.31, 0.17, 0.09, 0.05])),
        phases=np.full((MONTHS, len(Phase)), 1.0 / len(Phase)),
        line=np.add.outer(0.07 * month, np.array([11.0, 14.0, 17.0, 21.0, 26.0])),
        struck=np.full((MONTHS, 2, 3), 0.15),
        months_to_agreement=np.array([1.0, 6.0, 15.0, 30.0, 70.0])[: len(LEVELS)],
        value=np.array([33.0, 36.0]),
        value_spread=np.array([[29.0, 37.0], [31.0, 41.0]]),
        endings=(
            EndingClass(Outcome.KEPT, 0, -1, -1, -1, 0.37),
            EndingClass(Outcome.STILL_FIGHTING, 1, -1, -1, 0, 0.07),
        ),
        kept_history=None,
        broken_history=None,
        unsigned_history=None,
    )


def _shares(share: NDArray[np.float64]) -> Shares:
    spread = 0.3 * share
    return Shares(
        share=share,
        low=share - 0.1 * share,
        high=share + 0.1 * share,
        draws_low=share - spread,
        draws_high=share + spread,
        due_to_draws=np.full(len(share), 0.42),
    )


def _story(stands_for: str, deal: int, events: tuple[StoryEvent, ...], share: float) -> Story:
    signed = deal >= 0
    return Story(
        stands_for=stands_for,
        share=share,
        policy=5,
        number=34,
        deal=deal,
        line_at_signing=19 if signed else -1,
        line_at_end=22,
        events=events,
        months_of_war=15,
        truces=0 if signed else 4,
    )


def _kept_events() -> tuple[StoryEvent, ...]:
    return (
        StoryEvent(14, "signed"),
        StoryEvent(16, "done", steps=("ceasefire", "prisoners")),
        StoryEvent(19, "done", steps=("ratify",)),
        StoryEvent(21, "completed"),
        StoryEvent(HORIZON, "horizon", kind="kept"),
    )


def _broken_events() -> tuple[StoryEvent, ...]:
    return (
        StoryEvent(9, "signed"),
        StoryEvent(
            17, "broken", "rivers", ("ratify",), kind="attack", war=True, honoured=("treaty",)
        ),
        StoryEvent(41, "war-again-ended"),
        StoryEvent(HORIZON, "horizon", kind="broken_by_war"),
    )


def _unsigned_events() -> tuple[StoryEvent, ...]:
    return (
        StoryEvent(83, "war-ended", kind="frozen"),
        StoryEvent(HORIZON, "horizon", kind="frozen"),
    )
