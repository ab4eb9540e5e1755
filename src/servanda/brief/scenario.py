"""What a scenario holds, at a glance."""

from __future__ import annotations

from servanda.brief.document import Block, Paragraph, Section, tabled
from servanda.brief.words import day
from servanda.charts.names import Names, clean, listed
from servanda.charts.numbers import count
from servanda.scenario.evidence import ledger
from servanda.scenario.model import Scenario


def scenario_section(scenario: Scenario, names: Names) -> Section:
    """Its summary, its parts counted and named, and how much of it has a source."""
    parts = {
        "Actors": [names.actor(one) for one in scenario.actors],
        "Questions": [names.issue(one) for one in scenario.issues],
        "Steps": [names.step(one) for one in scenario.steps],
        "Guarantees": [names.guarantee(one) for one in scenario.guarantees],
        "Variants": [clean(one) for one in scenario.variants],
    }
    held = ledger(scenario)
    blocks: list[Block] = [Paragraph(f"As of {day(scenario.as_of.isoformat())}.", "note")]
    if scenario.summary:
        blocks.append(Paragraph(clean(scenario.summary)))
    blocks.append(
        tabled(
            f"{count(len(held.sourced))} of its {count(len(held.numbers))} numbers have a source.",
            ("What", "How many#", "Which"),
            ((what, count(len(which)), listed(which) or "–") for what, which in parts.items()),
        )
    )
    return Section("scenario", clean(scenario.title), tuple(blocks))
