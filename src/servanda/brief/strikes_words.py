"""How hard each side strikes while it talks, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from servanda.brief.words import capital
from servanda.charts.names import Names, listed
from servanda.charts.numbers import percentage_points, points, signed
from servanda.results.strikes import CampaignChoice, CampaignCourse, RestraintCase, StrikesAnswer
from servanda.scenario.strikes import AS_NOW

NOTICED = 0.05
"""Value points below which a gain or loss is not spoken of as one."""

ALL = 1.0 - 1e-9
"""Share of the months from which on it is said to be all of them."""


def strikes_sentences(found: StrikesAnswer, names: Names) -> list[str]:
    """What each side chooses and why, then what restraint would be worth."""
    said = [_choice(one, other, names) for one, other in (found.sides, found.sides[::-1])]
    chooses = any(one.levels for one in found.sides)
    return [*filter(None, said), *([_restraint(found, names)] if chooses else [])]


def courses_sentence(found: Sequence[CampaignCourse], names: Names) -> list[str]:
    """How hard each side strikes in histories; nothing where no side has a campaign."""
    said = [
        f"{names.actor(one.actor)} {intensity_words(round(one.mean, 2))}"
        for one in found
        if np.isfinite(one.mean)
    ]
    months = "In the months of war in which no truce stops it"
    return [f"{months}, on average {listed(said)}."] if said else []


def _choice(one: CampaignChoice, other: CampaignChoice, names: Names) -> str:
    if not one.name:
        return ""
    who = capital(names.actor(one.actor))
    if one.stopped_by:
        truce = names.instrument(one.stopped_by)
        return f"{who} does not choose how hard it strikes: {truce} is in force, and stops it."
    now = min(one.levels, key=lambda level: abs(level.level - one.now))
    then = f"; over the months of war that may come, {_mean(one):.2g} times as hard on average"
    if now.share > ALL:
        then = ", in this and every month of war that may come"
    said = f"{who} {intensity_words(one.now)} without an agreement{then}."
    if now is one.levels[0]:
        return f"{said} More would not pay."
    struck = names.actor(other.actor)
    return (
        f"{said} That costs it {points(now.own)} points a month and {struck} {points(now.other)}"
        f"{_against(one)}; as it sees things it raises the chance that {struck} gives way by "
        f"{percentage_points(now.tires)} a month, which is worth more to it than the price."
    )


def intensity_words(level: float) -> str:
    """An intensity as what a side does."""
    if level == 0.0:
        return "does not strike"
    return (
        "strikes as hard as now" if level == AS_NOW else f"strikes {level:g} times as hard as now"
    )


def _against(one: CampaignChoice) -> str:
    lowest = one.levels[0].level
    return "" if lowest == 0.0 else f" more than {lowest:g} times as hard would"


def _mean(one: CampaignChoice) -> float:
    return float(np.dot([level.level for level in one.levels], [one.share for one in one.levels]))


def _restraint(found: StrikesAnswer, names: Names) -> str:
    a, b = (names.actor(side.actor) for side in found.sides)
    together = found.gains(found.both)
    worth = f"{signed(together[0])} points to {a} and {signed(together[1])} to {b}"
    said = f"If both kept to their lowest intensity for good, that would be worth {worth}."
    better = [gain > NOTICED for gain in together]
    if all(better):
        return f"{said} {_alone(found, a, b)}"
    if any(better):
        loses = b if better[0] else a
        return (
            f"{said} What {loses} hopes for from its strikes outweighs what it would be spared, so "
            "a truce on them would have to bring it something else."
        )
    return (
        f"{said} What each hopes for from its strikes outweighs what it would be spared, so "
        "neither has a reason to seek a truce on them for its own sake."
    )


def _alone(found: StrikesAnswer, a: str, b: str) -> str:
    """Whether each would rest without the other."""
    cases: tuple[tuple[RestraintCase, int, str], ...] = (
        (found.alone_a, 0, a),
        (found.alone_b, 1, b),
    )
    losses = [(found.gains(case)[side], name) for case, side, name in cases]
    told = " and ".join(f"{signed(loss)} to {name}" for loss, name in losses)
    if all(loss < -NOTICED for loss, _ in losses):
        return (
            f"Resting alone would be worth {told}. So both strike though both would rather that "
            "neither did, the prisoner's dilemma: only a truce that each can rely on ends it."
        )
    return f"Resting alone would be worth {told}."
