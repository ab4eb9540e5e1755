"""The charts of an answer about histories."""

import altair as alt

from servanda.charts.deal_frequency import deal_frequency_chart
from servanda.charts.front_fan import front_fan_chart
from servanda.charts.history_states import history_states_chart
from servanda.charts.kept_peace import kept_peace_chart
from servanda.charts.war_survival import war_survival_chart
from servanda.results.histories_answer import HistoriesAnswer
from servanda.scenario.model import Scenario


def charts_of_histories(found: HistoriesAnswer, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name; the line and the deals where there are any, the peace from a year on."""
    charts = {
        "war-survival": war_survival_chart(found),
        "history-states": history_states_chart(found),
        "kept-peace": kept_peace_chart(found),
    }
    if found.signed:
        charts["deal-frequency"] = deal_frequency_chart(found, scenario)
    if found.places > 1:
        charts["front-fan"] = front_fan_chart(found, scenario)
    return charts
