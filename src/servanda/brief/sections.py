"""The brief, section by section, in the order in which it is read.

A line says for whom a section is, which answer it needs, and what makes it: a function from that
answer and the names of the scenario to a section. A section without blocks is left out, and so is
one whose answer was not asked for. A new answer is one file and one line here; a new chart is one
file in charts and one line in the section that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from servanda.brief.answer import answer_section
from servanda.brief.answer_map import map_section
from servanda.brief.assumptions import assumptions_section, sources_section
from servanda.brief.comparison import comparison_section
from servanda.brief.deals import (
    funnel_section,
    gains_section,
    red_lines_section,
    solutions_section,
)
from servanda.brief.document import Section
from servanda.brief.guarantees import guarantees_section
from servanda.brief.histories import histories_section
from servanda.brief.inverse import inverse_section
from servanda.brief.kept_shares import kept_shares_section
from servanda.brief.land import land_section
from servanda.brief.levers import levers_section
from servanda.brief.limits import limits_section
from servanda.brief.obstacle_section import obstacle_section
from servanda.brief.order import orders_section, roadmap_section
from servanda.brief.pressure import pressure_section
from servanda.brief.reproduce import reproduce_section
from servanda.brief.rounds import rounds_section
from servanda.brief.sensitivity import sensitivity_section
from servanda.brief.sincerity import sincerity_section
from servanda.brief.steps import steps_section
from servanda.brief.talks import talks_section
from servanda.brief.war import war_section
from servanda.brief.why import why_section
from servanda.charts.names import Names
from servanda.results.analysis import Analysis
from servanda.scenario.model import Scenario

FIRST, ANALYST, AUDITOR = "The first page", "For the analyst", "For the auditor"
ALL = "all"
"""Needed by a section that is made of all answers, by the question's name."""


@dataclass(frozen=True)
class Entry:
    """A line of the brief's plan.

    Attributes:
        reader: for whom.
        needs: the answer it is made of: ``analysis``, a question asked besides (``why``), or all.
        make: answer and names to the section.
    """

    reader: str
    needs: str
    make: Callable[[Any, Names], Section]


SECTIONS = (
    Entry(FIRST, "analysis", answer_section),
    Entry(FIRST, "analysis", obstacle_section),
    Entry(ANALYST, "compare", comparison_section),
    Entry(ANALYST, ALL, kept_shares_section),
    Entry(ANALYST, "why", why_section),
    Entry(ANALYST, "levers", levers_section),
    Entry(ANALYST, "inverse", inverse_section),
    Entry(ANALYST, "pressure", pressure_section),
    Entry(ANALYST, "map", map_section),
    Entry(ANALYST, "analysis", red_lines_section),
    Entry(ANALYST, "analysis", funnel_section),
    Entry(ANALYST, "analysis", gains_section),
    Entry(ANALYST, "analysis", solutions_section),
    Entry(ANALYST, "analysis", roadmap_section),
    Entry(ANALYST, "analysis", orders_section),
    Entry(ANALYST, "analysis", guarantees_section),
    Entry(ANALYST, "analysis", sincerity_section),
    Entry(ANALYST, "analysis", land_section),
    Entry(ANALYST, "analysis", war_section),
    Entry(ANALYST, "talks", talks_section),
    Entry(ANALYST, "rounds", rounds_section),
    Entry(ANALYST, "histories", histories_section),
    Entry(ANALYST, "sensitivity", sensitivity_section),
    Entry(AUDITOR, "analysis", assumptions_section),
    Entry(AUDITOR, "analysis", sources_section),
    Entry(AUDITOR, "analysis", steps_section),
    Entry(AUDITOR, "analysis", limits_section),
    Entry(AUDITOR, ALL, reproduce_section),
)


def sections(
    analysis: Analysis, scenario: Scenario, answers: Mapping[str, Any] | None = None
) -> list[tuple[str, list[Section]]]:
    """All sections that have something to say, by reader.

    Args:
        analysis: what every brief holds.
        scenario: whose names are printed.
        answers: further answers, by the question's name.
    """
    names, found = Names(scenario), {"analysis": analysis, **(answers or {})}
    given = {**found, ALL: found}
    made = [
        (entry.reader, entry.make(given[entry.needs], names))
        for entry in SECTIONS
        if entry.needs in given
    ]
    return [
        (reader, [section for whose, section in made if whose == reader and section.blocks])
        for reader in (FIRST, ANALYST, AUDITOR)
    ]
