"""The brief, section by section, in the order in which it is read.

Each section is a function from the analysis and the scenario to blocks; one without blocks is left
out. A new chart is one file in charts and one line in the section that shows it.
"""

from servanda.brief.answer import answer_section
from servanda.brief.assumptions import assumptions_section, sources_section
from servanda.brief.deals import (
    funnel_section,
    gains_section,
    red_lines_section,
    solutions_section,
)
from servanda.brief.document import Section
from servanda.brief.guarantees import guarantees_section
from servanda.brief.land import land_section
from servanda.brief.obstacle_section import obstacle_section
from servanda.brief.order import orders_section, roadmap_section
from servanda.brief.reproduce import reproduce_section
from servanda.brief.sincerity import sincerity_section
from servanda.brief.war import war_section
from servanda.charts.names import Names
from servanda.results.analysis import Analysis
from servanda.scenario.model import Scenario

SECTIONS = (
    answer_section,
    obstacle_section,
    red_lines_section,
    funnel_section,
    gains_section,
    solutions_section,
    roadmap_section,
    orders_section,
    guarantees_section,
    sincerity_section,
    land_section,
    war_section,
    assumptions_section,
    sources_section,
    reproduce_section,
)


def sections(analysis: Analysis, scenario: Scenario) -> tuple[Section, ...]:
    """All sections that have something to say."""
    names = Names(scenario)
    made = [section(analysis, names) for section in SECTIONS]
    return tuple(section for section in made if section.blocks)
