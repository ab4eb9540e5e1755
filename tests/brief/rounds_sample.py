"""A made-up answer about talks round by round, about the scenario of :mod:`brief.sample`."""

from datetime import date

import numpy as np

from brief.sample import _deal
from servanda.results.analysis import Origin
from servanda.results.participation import ActorStays, Participation
from servanda.results.rejections import AnswerTeaches, LineTested, RejectionsTeach
from servanda.results.rounds import Change, Met, Round, RoundsByMonth, TabledOffer, TrackGround
from servanda.results.talks_rounds import DeadlineSeen, RoundsAnswer

MONTHS = 14


def sample_rounds(origin: Origin) -> RoundsAnswer:
    """Two refusals, then a signature; a threat hangs over whoever walks out."""
    return RoundsAnswer(
        origin=origin,
        day=date(2026, 2, 18),
        front="axis",
        places=9,
        start=4,
        sides=("uplands", "rivers"),
        mediator="broker",
        deals=(
            _deal(7, "demilitarised", "treaty", kept=True, margin=2.2),
            _deal(9, "handed-over", "treaty", kept=True, margin=0.4),
        ),
        deadlines=(
            DeadlineSeen("vote", date(2026, 9, 30), 8, (9,), ("embargo",), ("broker",)),
            DeadlineSeen("summer", date(2026, 6, 21), 5, (), (), ()),
        ),
        ground=(
            TrackGround("political", 3, 0.58, 2, 0.33, 1, 0.12),
            TrackGround("military", 2, 0.42, 1, 0.27, 0, 0.0),
        ),
        offers=(
            _offer(0, "uplands", 0, 7, Met("rivers", 1, 0.37, 3.4), 28.6),
            _offer(1, "rivers", 1, 9, Met("uplands", 1, 0.44, 1.8), 29.7),
            _offer(2, "uplands", 0, 7, Met("rivers", 1, 0.41, 0.7), 28.9),
            _offer(3, "", None, None, None, 0.0),
            _offer(4, "broker", 2, 9, Met("rivers", 2, 0.63, 0.0), 31.6),
        ),
        by_month=_by_month(),
        teaches=RejectionsTeach(
            draws=100,
            misjudged=1.5,
            answers=(
                _taught(0, "rivers", 7, signed=False, at=31.0),
                _taught(1, "uplands", 9, signed=False, at=33.0),
                _taught(4, "rivers", 9, signed=True, at=30.0),
            ),
            bits=1.7,
            effective=61.0,
            lines=(LineTested("no-gift", "uplands", 0.8, 0.87),),
        ),
        stay=(
            ActorStays("uplands", ("embargo",), _stays(2.4, 1.3, 0.6)),
            ActorStays("rivers", (), _stays(-1.9, 0.4, 0.3)),
        ),
    )


def _offer(
    month: int, actor: str, who: int | None, package: int | None, met: Met | None, worth: float
) -> TabledOffer:
    signed = met is not None and met.short == 0.0
    values = (worth + 1.2, worth) if met is not None else None
    made = Round(month, month, 4, 0.93**month, who, package, (30.0, 29.5), values, signed)
    change = Change("land", "political", "demilitarised", "handed-over")
    return TabledOffer(
        round=made,
        day=date(2026, 2 + month, 18),
        actor=actor,
        package=package,
        first=month == 0,
        changes=(change,) if package == 9 else (),
        met=(met,) if met is not None else (),
    )


def _by_month() -> RoundsByMonth:
    going_on = 0.93 ** np.arange(MONTHS)
    each = going_on[:, None] * np.array([0.4, 0.35, 0.25])
    least = 30.0 + 0.1 * np.arange(MONTHS)[:, None] + np.array([0.0, 0.7])
    short = np.where(np.arange(MONTHS)[:, None] < 7, 2.3 + np.zeros((MONTHS, 2)), np.nan)
    return RoundsByMonth(going_on, 0.7 * each, 0.1 * each, least, short)


def _taught(month: int, actor: str, package: int, *, signed: bool, at: float) -> AnswerTeaches:
    return AnswerTeaches(
        month=month,
        day=date(2026, 2 + month, 18),
        actor=actor,
        package=package,
        signed=signed,
        chance=0.71 - 0.1 * month,
        bits=0.4 + 0.1 * month,
        prior=(at - 6.3, at, at + 5.9),
        before=(at - 5.1, at + 0.3, at + 5.2),
        after=(at - 3.8, at + 0.6, at + 4.4),
    )


def _stays(deal: float, pressure: float, cover: float) -> Participation:
    fading = 0.9 ** np.arange(MONTHS)
    parts = {"deal": deal * fading, "pressure": pressure * fading, "cover": cover * fading}
    parts["seen"] = 0.2 * fading
    walking_out = np.full(MONTHS, 29.0)
    return Participation(walking_out, walking_out + sum(parts.values()), parts, 0.8 * fading)
