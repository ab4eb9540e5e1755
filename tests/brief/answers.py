"""Made-up answers to the further questions, about the made-up scenario of :mod:`brief.sample`.

Nothing here is computed; the numbers only have to fit each other.
"""

from typing import Any

import numpy as np

from brief.answers_compared import (
    sample_comparison,
    sample_inverse,
    sample_map,
    sample_pressure,
)
from brief.history_sample import sample_histories
from brief.rounds_sample import sample_rounds
from brief.sample import _deal
from servanda.results.analysis import Origin
from servanda.results.diagnosis import Cause, CausePair, CauseShare, Diagnosis
from servanda.results.early_harvest import EarlyHarvest
from servanda.results.levers import Lever, Levered, LeverPair, Levers, Moved, Reach
from servanda.results.sensitivity import Designed, Part, Sensitive, Sensitivity
from servanda.results.strikes import CampaignChoice, Intensity, RestraintCase, StrikesAnswer
from servanda.results.talks import TalksSolution
from servanda.results.talks_answer import SideAtPresent, TalksAnswer, TalksCase

ORIGIN = Origin("Land and a guarantee", "2026-02-18", "3f9ac21b", "0.1.0", 1, 500)
CREDIBILITY, WORTH = "guarantees.treaty.credibility", "parcels.ridge.worth.rivers"
LINE = "red-lines.no-gift.holds"


def sample_answers() -> dict[str, Any]:
    """One answer to each question that a brief can hold besides its analysis."""
    return {
        "why": sample_diagnosis(),
        "levers": sample_levers(),
        "sensitivity": sample_sensitivity(),
        "talks": sample_talks(),
        "rounds": sample_rounds(ORIGIN),
        "histories": sample_histories(ORIGIN),
        "compare": sample_comparison(ORIGIN),
        "pressure": sample_pressure(ORIGIN),
        "inverse": sample_inverse(ORIGIN),
        "map": sample_map(ORIGIN),
    }


def sample_diagnosis() -> Diagnosis:
    beliefs = Cause("beliefs", "unequal beliefs", "all believe what the analyst does", "Fearon")
    line = Cause("red-lines:uplands", "red lines (Uplands)", "they are lifted", "Fisher")
    return Diagnosis(
        origin=ORIGIN,
        as_it_is=0.24,
        all_off=0.97,
        causes=(
            CauseShare(line, 0.57, 0.33, 0.031, 0.29, 0.02),
            CauseShare(beliefs, 0.31, 0.07, 0.022, 0.13, 0.02),
            CauseShare(Cause("stakes", "indivisible stakes", "", ""), 0.21, -0.03, 0.01, 0.04, 0.0),
        ),
        pairs=(CausePair("red-lines:uplands", "beliefs", 0.88, 0.64, 0.24),),
        packages=17,
        orders=63,
    )


def sample_levers(*, enough: bool = True) -> Levers:
    gates = {"individual-rationality": 0.09, "ratification": 0.06}
    return Levers(
        origin=ORIGIN,
        target=0.5,
        share=0.24,
        base=0.22,
        levers=(
            Lever(LINE, "", ("uplands",), 0.8, None, False, 0.27, 0.03, gates),
            Lever(CREDIBILITY, "", ("league",), 0.45, 0.25, True, 0.19, 0.028, gates),
            Lever(WORTH, "value points", (), 2.0, 1.0, False, 0.04, 0.013, gates),
        ),
        reaches=(
            Reach(LINE, (Moved((LINE,), 1.0, 0.46),), None, None),
            Reach(
                CREDIBILITY,
                (Moved((CREDIBILITY,), 1.0, 0.41), Moved((CREDIBILITY,), 2.0, 0.58)),
                1.6 if enough else None,
                0.37 if enough else None,
            ),
        ),
        pair=Moved((LINE, CREDIBILITY), 1.0, 0.63),
        cheapest=LeverPair((Levered(LINE, 0.4, -0.32), Levered(CREDIBILITY, 0.7, 0.16)), 1.1, 0.51),
        frontier=(Moved((LINE,), 1.0, 0.46), Moved((LINE, CREDIBILITY), 1.0, 0.63)),
    )


def sample_sensitivity() -> Sensitivity:
    def part(value: float) -> Part:
        return Part(value, value - 0.04, value + 0.06)

    def number(path: str, sources: tuple[str, ...], margin: float) -> Sensitive:
        grade = "medium" if sources else "none"
        return Sensitive(path, "", 0.45, 0.23, sources, grade, part(margin), part(margin / 2))

    return Sensitivity(
        origin=ORIGIN,
        options={"land": "demilitarised", "guarantee": "treaty"},
        order="best",
        numbers=(number(CREDIBILITY, ("survey",), 0.37), number(WORTH, (), 0.12)),
        designed=(
            Designed(CREDIBILITY, part(0.35), part(0.52)),
            Designed("", part(0.27), part(0.44)),
        ),
        points=256,
    )


def sample_talks() -> TalksAnswer:
    return TalksAnswer(
        origin=ORIGIN,
        front="axis",
        places=9,
        start=4,
        offers=(0.4, 0.35, 0.25),
        mediator="broker",
        pressure=(),
        expects=0.47,
        sides=(
            SideAtPresent("uplands", 31.4, 33.2, 30.1, 0, -1.7, 2, 0.55),
            SideAtPresent("rivers", 28.6, 29.5, 27.7, 1, 2.3, 1, 0.39),
        ),
        deals=(
            _deal(7, "demilitarised", "treaty", kept=True, margin=2.2),
            _deal(9, "handed-over", "treaty", kept=True, margin=0.4),
        ),
        case=TalksCase("", True, 2, 0.11, 3, 14, 0.73),
        without=(
            TalksCase("beliefs", True, 4, 0.83, 0, 1, 0.96),
            TalksCase("pressure", False, 0, 0.0, None, None, 0.0),
        ),
        strikes=sample_strikes(),
        early=(EarlyHarvest("political", 5, 3, {"land": "demilitarised"}, {"uplands": 1.4}, 6),),
        solution=_solution(),
    )


def sample_strikes() -> StrikesAnswer:
    def case(rest: tuple[str, ...], a: float, b: float, agreed: float) -> RestraintCase:
        return RestraintCase(rest, (a, b), 0.11, agreed, 8.4)

    def levels(scale: float, chosen: int) -> tuple[Intensity, ...]:
        return tuple(
            Intensity(
                level=level,
                own=0.3 * scale * level,
                other=2.1 * scale * level,
                tires=0.0014 * scale * level,
                tires_seen=0.0006 * scale * level,
                worth=0.07 * scale * level,
                share=0.76 if number == chosen else 0.12,
            )
            for number, level in enumerate((0.25, 0.75, 1.5))
        )

    months = np.full(13, 1.25)
    return StrikesAnswer(
        sides=(
            CampaignChoice("uplands", "Strikes on depots", "", 1.5, levels(1.0, 2), months),
            CampaignChoice("rivers", "Strikes on mills", "", 0.75, levels(1.7, 1), months),
        ),
        chosen=case((), 33.2, 29.5, 0.73),
        both=case(("uplands", "rivers"), 35.7, 31.9, 0.61),
        alone_a=case(("uplands",), 32.4, 31.3, 0.79),
        alone_b=case(("rivers",), 36.8, 28.6, 0.58),
    )


def _solution(months: int = 13, places: int = 9, deals: int = 2) -> TalksSolution:
    left = 0.87 ** np.arange(months + 1)
    ended = -np.diff(left)
    signed = np.zeros((months, places, deals))
    signed[2:, 3, 0], signed[2:, 4, 1] = 0.5 * ended[2:], 0.2 * ended[2:]
    line = np.zeros((months + 1, places))
    line[:, 3], line[:, 4] = 0.6 * left, 0.4 * left
    halves = np.stack([0.05 * ended, 0.05 * ended], axis=1)
    states = (months, months + 1, places)
    return TalksSolution(
        values=np.full((months + 1, months + 1, places, 2), 30.0),
        refusal=np.full((*states, 2), 30.0),
        chosen=np.full((*states, 3), -1, dtype=np.int16),
        striking=np.zeros((*states, 2), dtype=np.uint8),
        fighting=left,
        signed=signed,
        divided=np.zeros((months, places)),
        yielded=halves,
        given_way=halves,
        frozen=0.1 * ended,
        absorbed=np.zeros((months, 2)),
        line=line,
        at_war=np.zeros(states),
        struck=np.zeros((months, 2, 3)),
        ending_value=np.array([30.0, 31.0]),
    )
