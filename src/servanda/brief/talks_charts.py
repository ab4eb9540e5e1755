"""The charts of an answer about talks while fighting."""

import altair as alt

from servanda.charts.talks_endings import talks_endings_chart
from servanda.charts.talks_region import talks_region_chart
from servanda.results.talks_answer import TalksAnswer
from servanda.scenario.model import Scenario


def charts_of_talks(found: TalksAnswer, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: what becomes of the war; where agreements are made, if a line moves."""
    charts = {"talks-endings": talks_endings_chart(found, scenario)}
    if found.places > 1:
        charts["talks-region"] = talks_region_chart(found, scenario)
    return charts
