"""What came of the talks, in sentences."""

from __future__ import annotations

from servanda.brief.strikes_words import strikes_sentences
from servanda.brief.words import capital
from servanda.charts.names import Names, listed
from servanda.charts.numbers import exact_percent, percent, points
from servanda.results.talks_answer import SEEN, SideAtPresent, TalksAnswer, TalksCase

REMOVED = {
    "beliefs": "both sides believed what the analyst does",
    "learning": "the fighting changed nobody's mind",
    "pressure": "no threat were carried out",
    "ratification": "whatever is signed were ratified",
    "implementation": "every deal signed were sure to be kept",
    "strikes": "both sides struck as little as they can",
    "deadlines": "no deadline stood",
}
"""A cause removed, as what would be so."""

OFTEN = 0.5
"""Chance of signing in the first month from which on they are said to sign now."""


def talks_sentences(found: TalksAnswer, names: Names) -> list[str]:
    """The answer in a few sentences: the set-up, whether they would sign now, and if not, why."""
    struck = strikes_sentences(found.strikes, names) if found.strikes else []
    if not found.deals:
        return [_set_up(found, names), NOTHING, *_why(found), *struck]
    if found.case.signed_now >= OFTEN:
        return [_set_up(found, names), _at_once(found.case), *struck]
    return [_set_up(found, names), _now(found, names), _when(found.case), *_why(found), *struck]


NOTHING = (
    "No package without a crossed red line would be kept, so there is nothing to sign; servanda "
    "deals says what stands in the way."
)


def _set_up(found: TalksAnswer, names: Names) -> str:
    shares = [
        f"{names.actor(actor)} in {exact_percent(share)}"
        for actor, share in zip(
            (*(side.actor for side in found.sides), found.mediator), found.offers, strict=True
        )
        if share > 0.0
    ]
    line = f"The line that moves is {names.front(found.front)}, " if found.front else ""
    holder = names.actor(found.sides[0].actor)
    where = f"of whose {found.places - 1} parcels {holder} holds {found.start}. " if line else ""
    return f"{line}{where}Who makes the offer: {listed(shares)} of the months."


def _at_once(case: TalksCase) -> str:
    if case.signed_now > 1.0 - SEEN:
        return "They would sign now, whoever makes the offer."
    return f"They would sign now with a chance of {percent(case.signed_now)}."


def _now(found: TalksAnswer, names: Names) -> str:
    count = len(found.deals)
    refusing = [side for side in found.sides if side.refuses == count]
    if not refusing:
        return (
            f"They would not sign now: of {count} deals each side would sign some, and there is "
            "none that whoever makes the offer would rather have signed than wait."
        )
    said = [_refusal(side, found, names) for side in refusing]
    return f"They would not sign now. {' '.join(said)}"


def _refusal(side: SideAtPresent, found: TalksAnswer, names: Names) -> str:
    who = capital(names.actor(side.actor))
    short = ""
    if side.gains is not None:
        short = (
            f"; the best of those that the other side would sign is {points(-side.gains)} points "
            f"below the {points(side.least)} that it expects from waiting"
        )
    return f"{who} refuses each of the {len(found.deals)} deals{short}."


def _when(case: TalksCase) -> str:
    if case.first_month is None:
        return "In the months looked at there is no month in which they would."
    half = (
        ""
        if case.median_month is None
        else f"; it is as likely as not by month {case.median_month}"
    )
    return (
        f"The first month in which they might is month {case.first_month}{half}. An agreement "
        f"comes within the months looked at with a chance of {percent(case.agreed)}."
    )


def _why(found: TalksAnswer) -> list[str]:
    enough = [one for one in found.without if one.applies and one.signed_now >= OFTEN]
    idle = [one for one in found.without if one.applies and one.signed_now < OFTEN]
    said = []
    if enough:
        said.append(f"They would sign now if {listed((REMOVED[o.cause] for o in enough), 'or')}.")
    if idle:
        said.append(f"It would not be enough if {listed((REMOVED[o.cause] for o in idle), 'or')}.")
    return [*said, "Each of these is asked alone, everything else being as it is."] if said else []
