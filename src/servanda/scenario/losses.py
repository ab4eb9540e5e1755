"""What a scenario says that the file formats of other programs cannot, in words."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.scenario.model import Scenario
from servanda.scenario.walk import quantities


def losses(scenario: Scenario, *, whole: bool, bid: bool) -> tuple[str, ...]:
    """Sentences on what is not in the files.

    Args:
        scenario: what is exported.
        whole: packages are listed one by one, so that links and exclusions are worked in.
        bid: what a party gets without a deal can only be said as a package.
    """
    return tuple(_losses(scenario, whole=whole, bid=bid))


def _losses(scenario: Scenario, *, whole: bool, bid: bool) -> Iterator[str]:
    unsure = sum(not one.quantity.certain for one in quantities(scenario) if not one.believer)
    believed = sum(bool(one.quantity.believed) for one in quantities(scenario))
    if unsure or believed:
        yield (
            f"Ranges and beliefs: {_count(unsure, 'number')} with a range and "
            f"{_count(believed, 'number')} seen differently by somebody stand at their central "
            "values, as each actor itself sees them."
        )
    if scenario.rankings:
        yield (
            f"Rankings of {', '.join(scenario.rankings)}: numbers stand for them, the middle of "
            "all that agree, which is one reading and not data."
        )
    if scenario.sources:
        yield f"Sources: {len(scenario.sources)}, and all notes."
    if not whole and scenario.links:
        yield (
            f"Links: {', '.join(scenario.links)}. These formats add value issue by issue, so what "
            "answers are worth together is left out."
        )
    if not whole and scenario.exclusions:
        names = ", ".join(scenario.exclusions)
        yield f"Exclusions: {names}. Packages that are not on the table look as if they were."
    content = [name for name, line in scenario.red_lines.items() if line.never]
    order = [name for name, line in scenario.red_lines.items() if line.do]
    if content:
        yield f"Red lines on content: {', '.join(content)}."
    if order:
        yield f"Red lines on order: {', '.join(order)}."
    if scenario.audiences:
        yield f"Audiences whose consent is needed: {', '.join(scenario.audiences)}."
    if scenario.steps:
        guarantees = _count(len(scenario.guarantees), "guarantee")
        yield (
            f"How a deal would be carried out and kept: {_count(len(scenario.steps), 'step')}, "
            f"{guarantees}, and every question of order."
        )
    if scenario.war is not None:
        yield "The war: one number for each actor is left of it, its value without a deal."
    if scenario.parcels:
        yield "Land: what it is worth is inside the value of the answers that move it."
    if scenario.pressure:
        yield f"Pressure: {', '.join(scenario.pressure)}."
    if scenario.types:
        yield f"Types of actors: {', '.join(scenario.types)}."
    if scenario.politics:
        yield f"Changes of government: {', '.join(scenario.politics)}."
    if scenario.variants:
        yield f"Variants: {', '.join(scenario.variants)}; --variant exports one of them."
    silent = [name for name, actor in scenario.actors.items() if not actor.signs]
    if silent and not whole:
        yield (
            f"Who has to sign: {', '.join(silent)} need not, and in these formats every party has "
            "a say."
        )
    if bid:
        yield (
            "What each gets without a deal, except where the status quo is worth just that: "
            "GeniusWeb can only name a package for it."
        )
    if bid or whole:
        yield "Discount rates."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
