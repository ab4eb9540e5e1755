"""The charts of talks round by round."""

import altair as alt

from servanda.charts.least_accepted import least_accepted_chart
from servanda.charts.staying import staying_chart
from servanda.results.talks_rounds import RoundsAnswer
from servanda.scenario.model import Scenario


def charts_of_rounds(found: RoundsAnswer, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: what each answer teaches, if there is any; why each actor stays."""
    charts = {
        f"rounds-stay-{one.actor}": staying_chart(found, scenario, number)
        for number, one in enumerate(found.stay)
    }
    if found.teaches.answers:
        charts = {"rounds-least": least_accepted_chart(found, scenario), **charts}
    return charts
