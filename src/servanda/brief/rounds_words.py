"""Talks round by round, in sentences."""

from __future__ import annotations

from servanda.brief.words import capital, day
from servanda.charts.names import Names, listed
from servanda.charts.numbers import percent, points, signed, span, times
from servanda.results.participation import ActorStays
from servanda.results.rounds import Met, TabledOffer
from servanda.results.talks_rounds import RoundsAnswer

PART = {
    "deal": "for the deal that may come",
    "pressure": "for threats averted",
    "cover": "for the moves of the line under cover of talks",
    "seen": "for being seen at the table",
}
"""What a part of staying is for."""

SMALL = 0.05
"""Points below which a part is not spoken of."""


def rounds_sentences(found: RoundsAnswer, names: Names) -> list[str]:
    """The course, tone against outcome, what the answers teach, why each stays."""
    return [
        *_course(found, names),
        *_tone(found),
        *_taught(found, names),
        " ".join([*(_stays(one, names) for one in found.stay), *_threats(found)]),
    ]


def _course(found: RoundsAnswer, names: Names) -> list[str]:
    offers = [offer for offer in found.offers if offer.package is not None]
    if not offers:
        return [
            "Nothing is tabled: nobody has a deal to offer that it would itself rather sign than "
            "wait."
        ]
    first, last = offers[0], offers[-1]
    refused = sum(bool(offer.refused_by) for offer in offers)
    said = [
        "If the line goes as war alone would most likely take it and offers are made in turn, "
        f"{names.actor(first.actor)} is the first to table a deal, on {day(first.day.isoformat())}."
    ]
    if refused:
        said.append(f"{capital(_refusals(offers, names))}.")
    if last.round.signed:
        said.append(
            f"What {names.actor(last.actor)} tables on {day(last.day.isoformat())} is signed."
        )
    else:
        said.append("Nothing is signed in the months looked at.")
    return [" ".join(said)]


def _refusals(offers: list[TabledOffer], names: Names) -> str:
    """Who refused how often, and how much was missing at first and at last."""
    by_actor: dict[str, list[Met]] = {}
    for offer in offers:
        for one in offer.met:
            if one.short > 0.0:
                by_actor.setdefault(one.actor, []).append(one)
    said = []
    for actor, refused in by_actor.items():
        short = f"{points(refused[0].short)} points short"
        if len(refused) > 1:
            short += f" at first and {points(refused[-1].short)} at last"
        said.append(f"{names.actor(actor)} refuses {times(len(refused))}, {short}")
    return listed(said)


def _tone(found: RoundsAnswer) -> list[str]:
    issues = sum(one.issues for one in found.ground)
    overlap, alone = (
        sum(one.overlap for one in found.ground),
        sum(one.alone for one in found.ground),
    )
    held = percent(sum(one.overlap_stake for one in found.ground))
    settled = percent(sum(one.alone_stake for one in found.ground))
    said = [
        f"On {overlap} of {issues} issues some answer, taken alone, is better for both sides than "
        f"how things stand."
    ]
    if overlap:
        said.append(f"On {'it' if overlap == 1 else 'them'} hangs {held} of what is at stake.")
    if alone:
        one = alone == 1
        said.append(
            f"{'One' if one else alone} could be settled alone while the war goes on, and on "
            f"{'it' if one else 'them'} hangs {settled}."
        )
    else:
        said.append("None could be settled alone while the war goes on.")
    return [" ".join(said)]


def _taught(found: RoundsAnswer, names: Names) -> list[str]:
    teaches = found.teaches
    if not teaches.answers:
        return ["No answer is given along this course, so none teaches anything."]
    said = [
        f"The answers along this course hold {points(teaches.bits)} bits, weighed over "
        f"{teaches.draws:,} draws."
    ]
    for actor in dict.fromkeys(one.actor for one in teaches.answers):
        one = [answer for answer in teaches.answers if answer.actor == actor][-1]
        said.append(
            f"The least that {names.actor(actor)} accepts in month {one.month} is "
            f"{span(one.after[0], one.after[2])} points in nine draws of ten; knowing none of the "
            f"answers it would be {span(one.prior[0], one.prior[2])}."
        )
    if not teaches.lines:
        said.append("No offer crossed a red line of who answered it, so none was put to the test.")
    return [" ".join(said)]


def _threats(found: RoundsAnswer) -> list[str]:
    if not any(one.threats for one in found.stay):
        return []
    return ["Threats are taken here to fall on whoever walks out, and not on who stays."]


def _stays(one: ActorStays, names: Names) -> str:
    who, gain = names.actor(one.actor), float(one.values.gain[0])
    what = "Walking out" if "pressure" in one.values.parts else "The end of the talks"
    if gain < SMALL:
        return f"{what} would cost {who} nothing now ({signed(gain)} points)."
    parts = {name: float(one.values.parts.get(name, [0.0])[0]) for name in PART}
    said = [f"{signed(value)} {PART[name]}" for name, value in parts.items() if abs(value) >= SMALL]
    without = gain - parts["deal"]
    rest = f"{points(without)} of it also if no deal were in reach"
    return (
        f"{what} would cost {who} {points(gain)} points ({listed(said)}), "
        f"{rest if without >= SMALL else 'and nothing if no deal were in reach'}."
    )
