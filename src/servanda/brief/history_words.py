"""What becomes of the war and of what is signed, in sentences whose numbers are the result's."""

from __future__ import annotations

from datetime import date
from math import isfinite

from servanda.brief.strikes_words import courses_sentence
from servanda.brief.words import in_series
from servanda.charts.front_fan import line_in_words
from servanda.charts.names import Names, listed
from servanda.charts.numbers import months, percent, span
from servanda.results.breach_ways import STEP_FAILED
from servanda.results.histories_answer import HistoriesAnswer, PlanBreak, Story, StoryEvent
from servanda.results.likelihood import likelihood_word
from servanda.results.plan import BreachKind

STANDS_FOR = {
    "kept": "A typical history in which peace is kept",
    "broken": "A typical history in which what was signed does not last",
    "unsigned": "A typical history without a peace",
}

ENDS = {
    "still_fighting": "the war still goes on",
    "frozen": "the fighting stops without an agreement",
    "awaiting_vote": "the agreement still awaits its ratification",
    "divided": "what is in dispute is divided",
    "kept": "the peace stands",
    "broken_by_war": "there is no peace that was agreed",
    "broken_and_pocketed": "what was carried out stays as it is, without more",
    "step_failed": "what was carried out stays as it is, without more",
}
"""How a history stands, where no side is named."""


def history_sentences(found: HistoriesAnswer, names: Names) -> list[str]:
    """The answer in a few sentences."""
    return [
        peace_sentence(found, found.summary.years[-1]),
        _agreement(found),
        _what_is_open(found),
        _broken(found, names),
        *courses_sentence(found.strikes, names),
        *([line_in_words(found, names.actor(found.sides[0]))] if found.places > 1 else []),
    ]


def peace_sentence(found: HistoriesAnswer, year: int) -> str:
    """The chance of a signed peace at one of the years."""
    at = found.summary.peace_at(year)
    share = float(at["share"] or 0.0)
    peace, word = f"a signed peace that stands {_years(year)} from now", likelihood_word(share)
    said = f"{peace} is {word}"
    if word.endswith("chance"):  # "almost no chance", "roughly even chance"
        said = f"there is {'a ' if word.startswith('roughly') else ''}{word} of {peace}"
    return (
        f"Under these assumptions, {said}: {percent(share)} of {found.summary.histories:,} "
        f"histories ({_range(at, 'low', 'high')} at 95\u00a0% confidence)."
    )


def _agreement(found: HistoriesAnswer) -> str:
    summary = found.summary
    last = summary.years[-1]
    by_then: dict[str, int] = {}
    for year in summary.years:  # a share that no longer changes is said once
        by_then.setdefault(percent(float(summary.agreed.share[12 * year])), year)
    said = listed(
        f"{share} {f'within {_years(year)}' if share != only else 'of them'}"
        for only in [next(iter(by_then)) if len(by_then) == 1 else ""]
        for share, year in by_then.items()
    )
    half = summary.months_to_agreement[2]
    middle = ""
    if isfinite(half):
        when = "at once" if half == 0 else f"by month {half:.0f}"
        middle = f" Half of those that are signed are signed {when}."
    return f"Histories in which something is signed: {said}; the horizon is {_years(last)}.{middle}"


def _what_is_open(found: HistoriesAnswer) -> str:
    """How much is due to what is not known about the world, apart from chance in it."""
    summary = found.summary
    year = summary.years[-1]
    at = summary.peace_at(year)
    due = at["due_to_draws"]
    if summary.policies == 1:
        return "One policy is drawn, so that nothing is said of what the assumptions leave open."
    spread = (
        f"{summary.policies} policies are drawn, each one state of the world in which the talks "
        f"are solved; in nine of ten that share is {_range(at, 'draws_low', 'draws_high')}"
    )
    if due is None:
        return f"{spread}."
    return (
        f"{spread}: {percent(due)} of what is open about it is due to the assumptions, the rest "
        "to chance."
    )


def _broken(found: HistoriesAnswer, names: Names) -> str:
    """How what is signed comes to nothing, the most frequent ways first."""
    signed = float(found.summary.deals.share.sum())
    if signed == 0.0:
        return "Nothing is signed in any history."
    voted = sum(one.share for one in found.summary.endings if one.voted_down_by >= 0)
    lost = sum(one.share for one in found.breaks)
    vote = f"{percent(voted)} lose the agreement to a vote, " if found.gates else ""
    said = (
        f"Of all histories, {percent(signed)} see a signature; {vote}{percent(lost)} "
        f"{'' if vote else 'lose it '}while it is carried out or afterwards."
    )
    if found.breaks:
        first = found.breaks[0]
        said += f" The most frequent ending: {break_phrase(first, names)} ({percent(first.share)})."
    return said


DONE = {
    BreachKind.ATTACK: "fighting is resumed",
    BreachKind.WALK_AWAY: "the plan is carried out no further",
    BreachKind.CHEAT: "a step is carried out in appearance only",
    BreachKind.UNDO: "a completed step is undone",
    BreachKind.SHIRK: "a part of the exchange is withheld",
    BreachKind.END_ATTACK: "fighting is resumed",
    BreachKind.END_UNDO: "a completed step is undone",
}
"""What happens in a breach, in the passive: names of actors may be plural."""


def break_phrase(one: PlanBreak, names: Names, *, by: bool = True) -> str:
    """How a plan ends and when, as a clause, and by whom where that is wanted."""
    where = f"at “{names.step(one.stage)}”" if one.stage else "once everything is carried out"
    if one.kind == STEP_FAILED:
        return f"a step fails {where}"
    who = f" by {names.actor(one.actor)}" if by else ""
    step = f" (“{names.step(one.step)}”)" if one.step else ""
    where = "" if one.step and one.step == one.stage else f" {where}"
    return f"{DONE[BreachKind(one.kind)]}{who}{step}{where}"


def answers(found: HistoriesAnswer, deal: int, names: Names) -> str:
    """What a deal changes."""
    issues = names.scenario.issues
    return in_series(
        [
            names.option(issue, option)
            for issue, option in found.deals[deal].items()
            if not issues[issue].options[option].status_quo
        ]
    )


# ---------------------------------------------------------------- one history


def story_sentences(story: Story, found: HistoriesAnswer, names: Names, as_of: date) -> list[str]:
    """One history in sentences, with dates."""
    share = percent(story.share)
    horizon = story.events[-1].month
    said = [f"{STANDS_FOR[story.stands_for]} ({share} end as it does)."]
    if story.deal < 0:
        said.append(f"From {_month(as_of, 0)} on the war goes on and nothing is signed.")
    done: list[StoryEvent] = []
    for event in story.events:
        if event.what == "done" and event.steps:
            done.append(event)
            continue
        said += _done(done, names, as_of)
        done = []
        said += _told(event, story, found, names, as_of)
    fought = f"In these {_years(horizon // 12)} there is fighting in {months(story.months_of_war)}"
    truces = {0: "no partial agreement", 1: "one partial agreement"}
    partial = truces.get(story.truces, f"{story.truces} partial agreements")
    return [*said, f"{fought}, and {partial} on the way."]


def _told(
    event: StoryEvent, story: Story, found: HistoriesAnswer, names: Names, as_of: date
) -> list[str]:
    when = _month(as_of, event.month)
    if event.what == "signed":
        return [_signature(story, found, names, when)]
    if event.what == "voted-down":
        gate = names.audience(event.actor)
        return [f"It does not pass: {gate}. The war goes on without talks."]
    if event.what == "completed":
        return [f"In {when} everything is carried out."]
    if event.what == "step-failed":
        return [f"In {when} a step fails (“{_steps(event, names)}”){_after(event, names)}."]
    if event.what == "broken":
        return [_breach(event, names, when)]
    if event.what == "war-ended":
        return [f"In {when} {_outcome(event.kind, found, names)}."]
    if event.what == "war-again-ended":
        return [f"That war is over in {when}."]
    if event.kind in {"kept", "still_fighting", "awaiting_vote"}:
        return [f"In {when} {_outcome(event.kind, found, names)}."]
    return []


def _signature(story: Story, found: HistoriesAnswer, names: Names, when: str) -> str:
    where = ""
    if found.places > 1:
        side = names.actor(found.sides[0])
        where = f", with {story.line_at_signing} of {found.places - 1} parcels held by {side}"
    said = answers(found, story.deal, names)
    return f"In {when} deal {found.packages[story.deal]} is signed{where}: {said}."


def _done(events: list[StoryEvent], names: Names, as_of: date) -> list[str]:
    """Stages carried out, in one sentence."""
    if not events:
        return []
    said = [f"“{_steps(one, names)}” by {_month(as_of, one.month)}" for one in events]
    return [f"Carried out: {listed(said)}."]


def _breach(event: StoryEvent, names: Names, when: str) -> str:
    phrase = f"{DONE[BreachKind(event.kind)]} by {names.actor(event.actor)}"
    aims = event.kind in {BreachKind.ATTACK, BreachKind.END_ATTACK, BreachKind.WALK_AWAY}
    where = _steps(event, names)
    if aims:
        where = f" while “{where}” is under way" if where else ""
    else:
        where = f" (“{where}”)"
    return f"In {when} {phrase}{where}{_after(event, names)}."


def _after(event: StoryEvent, names: Names) -> str:
    if not event.war:
        return "; no war follows, and what is done stays as it is"
    if not event.honoured:
        return "; war comes again"
    return (
        f"; war comes again, and {listed(names.guarantee(g) for g in event.honoured)} is honoured"
    )


def _steps(event: StoryEvent, names: Names) -> str:
    return names.step(" + ".join(event.steps))


def _outcome(kind: str, found: HistoriesAnswer, names: Names) -> str:
    """How a war or a history ends, as a clause."""
    a, b = (names.actor(side) for side in found.sides)
    named = {
        "a_gave_way": f"{a} gives way",
        "b_gave_way": f"{b} gives way",
        "low_end": f"{a} is driven off the front",
        "high_end": f"{b} is driven off the front",
        "a_gave_in": f"{a} would rather end the war than go on",
        "b_gave_in": f"{b} would rather end the war than go on",
    }
    return named.get(kind) or ENDS[kind]


def _month(as_of: date, later: int) -> str:
    """``April 2027``."""
    years, month = divmod(as_of.month - 1 + later, 12)
    return f"{date(as_of.year + years, month + 1, 1):%B} {as_of.year + years}"


def _years(number: int) -> str:
    return "one year" if number == 1 else f"{number} years"


def _range(at: dict[str, float | None], low: str, high: str) -> str:
    return span(float(at[low] or 0.0), float(at[high] or 0.0), percent)
