"""Made-up answers that set things side by side: scenarios, instruments, conditions, two numbers.

As in :mod:`brief.answers` nothing is computed; the numbers only have to fit each other.
"""

from dataclasses import replace

import numpy as np

from servanda.results.analysis import Band, GateShare, Origin, Window
from servanda.results.answer_map import AnswerMap, Axis
from servanda.results.comparison import (
    AtCentre,
    BringBack,
    Change,
    Comparison,
    DealChange,
    Effects,
    InputDifference,
    OrderSummary,
    Remedy,
    SideAnswers,
    TalksSummary,
)
from servanda.results.inverse import Condition, Inverse, Move, Moves, Short, Statement
from servanda.results.plan import BreachKind, Constraint, ConstraintMargin
from servanda.results.pressure_design import Addition, Instrument, Mix, PressureDesign

CREDIBILITY, COST = "guarantees.treaty.credibility", "war.costs.rivers"
LINE = "red-lines.no-gift.holds"
DEAL = {"land": "demilitarised", "guarantee": "treaty"}


def sample_comparison(origin: Origin) -> Comparison:
    """Two changes, of which the second takes most deals away."""
    before = replace(origin, as_of="2025-11-30", variant="firm", changes=("war.costs.rivers=11",))
    return Comparison(
        before=_side(before, 0.37, 2.6),
        after=_side(origin, 0.24, -1.3),
        differences=(
            InputDifference(COST, "number", "11", "9 (8 to 13)", "points a month", (), ("survey",)),
            InputDifference(LINE, "red line", "0.4", "0.8", "", ("speech",), ("speech",)),
            InputDifference("summary", "wording", "then", "now", "", (), ()),
        ),
        changes=(Change(COST, (COST,)), Change(LINE, (LINE,))),
        grouped="entry",
        exact=False,
        effects=(
            _effects("kept", 0.37, (0.03, -0.16), 0.021),
            _effects("margin", 2.6, (0.7, -4.6), 0.32),
            _effects("war:uplands", 31.2, (-1.4, 0.3), 0.23),
            _effects("war:rivers", 28.3, (2.1, -0.2), 0.26),
        ),
        deals=(
            DealChange(DEAL, 0.37, 0.24, 0.017, "red-lines", 0.13),
            DealChange({**DEAL, "guarantee": "none"}, 0.06, 0.0, 0.011, "implementable", 0.07),
            DealChange({**DEAL, "land": "handed-over"}, 0.0, 0.08, 0.013, "ratification", 0.09),
        ),
        at_centre=AtCentre(7, 5, 4, 2),
        bring_back=BringBack(
            DEAL,
            0.37,
            0.24,
            (
                Remedy(LINE, True, None, None, 0.33),
                Remedy(CREDIBILITY, False, 1.4, 0.35, 0.29),
                Remedy("red-lines.land-first.holds", False, None, None, 0.27),
            ),
            restored=False,
        ),
        compared=DEAL,
        orders_looked_at=43,
        sets=4,
    )


def _side(origin: Origin, kept: float, margin: float) -> SideAnswers:
    def gate(name: str, left: float, empty: float) -> GateShare:
        return GateShare(name, name, Band(left, left - 3.0, left, left + 4.0), empty)

    band = Band(margin, margin - 3.1, margin + 0.2, margin + 2.4)
    return SideAnswers(
        origin=origin,
        passed={"red-lines": int(40 * kept), "ratification": int(20 * kept)},
        gates=(
            gate("red-lines", 14.0, kept / 9),
            gate("individual-rationality", 9.0, kept / 3),
            gate("ratification", 6.0, kept / 2),
        ),
        fighting_on={"uplands": Band(31.2, 28.4, 31.1, 34.6)},
        focus=DEAL,
        orders=(
            OrderSummary(
                "best",
                "Best order found",
                11,
                band,
                kept,
                "rivers",
                "attack",
                0.9 - kept,
                (Window("treaty", ((0.31, 0.84),), "rivers", ""),),
            ),
        ),
        talks=TalksSummary(kept / 4, 3, 17, 0.8 - kept),
    )


def _effects(answer: str, before: float, steps: tuple[float, ...], error: float) -> Effects:
    return Effects(
        answer=answer,
        unit="share" if answer == "kept" else "points",
        before=before,
        after=before + sum(steps),
        error=error,
        steps=steps,
        step_errors=(error / 2, error),
        shares=(1.1 * steps[0], steps[1] - 0.1 * steps[0]),
        share_errors=(error / 3, error / 4),
    )


def sample_pressure(origin: Origin) -> PressureDesign:
    """A guarantee that adds something, a threat under which a deal is signed and not kept."""
    guarantee, threat, fund = "guarantees:league", "pressure:embargo", "fund:payments"
    return PressureDesign(
        origin=origin,
        instruments=(
            Instrument(
                guarantee,
                "what league guarantees is believed more",
                ("league",),
                ("uplands",),
                (0.0, 0.5, 1.0),
                2.3,
                "spreads",
                None,
                {"league": 0.37},
                "a month of war",
            ),
            Instrument(
                threat,
                "an embargo on rivers",
                ("broker",),
                ("rivers",),
                (0.0, 1.0),
                1.6,
                "as given",
                14,
                {"rivers": 1.9, "broker": 0.26},
                "while fighting goes on",
            ),
            Instrument(
                fund,
                "payments to whoever lacks points",
                (),
                ("uplands", "rivers"),
                (0.0, 1.0),
                2.7,
                "spreads",
                None,
                {},
                "points paid",
            ),
        ),
        as_it_is=Mix({}, 0.0, 0.24, 0.0, 0.0, -3.4),
        everything=Mix({guarantee: 1.0, threat: 1.0, fund: 1.0}, 6.6, 0.47, 0.11, 0.06, 2.9),
        additions=(
            Addition(guarantee, Mix({guarantee: 1.0}, 2.3, 0.36, 0.0, 0.0, -1.6), 0.14, 0.016, 0.1),
            Addition(fund, Mix({fund: 1.0}, 2.7, 0.29, 0.0, 0.0, 1.3), 0.06, 0.013, 0.04),
            Addition(threat, Mix({threat: 1.0}, 1.6, 0.15, 0.03, 0.17, -2.3), -0.08, 0.01, -0.03),
        ),
        frontier=(
            Mix({guarantee: 0.5}, 1.15, 0.31, 0.0, 0.0, -2.2),
            Mix({guarantee: 1.0, fund: 0.5}, 3.65, 0.43, 0.07, 0.0, 1.7),
        ),
        budget=4.2,
        best=Mix({guarantee: 0.75, fund: 0.6}, 3.65, 0.43, 0.07, 0.0, 1.7),
        mixes=27,
        packages=19,
        orders=34,
    )


def sample_inverse(origin: Origin, *, alone: bool = False) -> Inverse:
    """A deal that one side would not keep and an assembly would not ratify."""
    attack = Constraint(1, 1, 4, 3.0, "rivers", BreachKind.ATTACK, "")
    undo = Constraint(1, 0, 3, 3.0, "uplands", BreachKind.END_UNDO, "withdraw")
    believed = Move(
        CREDIBILITY, "a share", ("league",), 0.45, 0.66, 0.25, 0.84, 0.2, 0.7, ("treaty > none",)
    )
    cost = Move(COST, "points a month", (), 9.3, 16.4, 2.6, 2.7, None, None, ())
    return Inverse(
        origin=origin,
        package=6,
        options=DEAL,
        reason="the deal in focus",
        order="best",
        steps=(("ceasefire",), ("withdraw", "ratify")),
        conditions=(
            Condition("signs", "uplands", 3.4, "value points", {"completed": 3.4}, None),
            Condition("signs", "rivers", -1.7, "value points", {"completed": -1.7}, None),
            Condition("ratified", "assembly", -2.6, "points of support", {}, None),
            Condition("kept", "rivers", -4.3, "", {}, ConstraintMargin(attack, 30.2, 34.5, -4.3)),
            Condition("kept", "uplands", 2.8, "", {}, ConstraintMargin(undo, 33.4, 30.6, 2.8)),
        ),
        statements=(
            Statement("red-line", "no-gift", "uplands", "No land is handed over.", 0.8, True),
            Statement("deadline", "summit", "", "The summit is in June.", None, False),
        ),
        alone=(Moves((believed,), 0.84, 0.57), Moves((cost,), 2.7, 0.44)) if alone else (),
        each={"kept:rivers": (believed, cost), "ratified:assembly": (cost,)},
        joint=Moves((believed, cost), 3.54, 0.61),
        within=None,
        short=(),
        within_short=(Short("kept:rivers", 1.2),),
        share=0.17,
        share_without=0.23,
    )


def sample_map(origin: Origin) -> AnswerMap:
    """Kept where the guarantee is believed and the war is dear."""
    believed, costs = np.array([0.2, 0.37, 0.53, 0.7]), np.array([7.2, 9.6, 12.8])
    return AnswerMap(
        origin=origin,
        package=6,
        options=DEAL,
        reason="the deal in focus",
        order="best",
        first=Axis(CREDIBILITY, "a share", 0.45, 0.2, 0.7, believed),
        second=Axis(COST, "points a month", 9.3, 7.2, 12.8, costs),
        margin=np.add.outer(12.0 * believed, 1.3 * costs) - 18.3,
        share=np.clip(np.add.outer(0.6 * believed, 0.03 * costs), 0.07, 0.93),
        contour=(((0.3, 8.4), (0.42, 9.7)),),
        margin_now=-0.8,
        share_now=0.34,
    )
