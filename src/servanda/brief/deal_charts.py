"""The charts of an answer about deals."""

import altair as alt

from servanda.charts.bargaining_frontier import bargaining_frontier_chart
from servanda.charts.funnel import funnel_chart
from servanda.charts.parallel_gains import parallel_gains_chart
from servanda.charts.red_line_costs import red_line_costs_chart
from servanda.charts.solution_gains import solution_gains_chart
from servanda.results.deals import Deals
from servanda.scenario.model import Scenario

ONE_READING = "One reading of the rankings, the middle of all that agree; not data"


def charts_of_deals(found: Deals, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: funnel, frontier, solutions, red lines; those without data are left out.

    The frontier of two parties is a scatter of their gains; of more, a line for each deal.
    """
    charts: dict[str, alt.LayerChart] = {}
    if found.funnel.gates:
        charts["funnel"] = funnel_chart(found.funnel, ())
    deals = found.funnel.efficient
    parties = list(found.reservations)
    if deals and len(parties) == 2:
        pair = (parties[0], parties[1])
        charts["frontier"] = bargaining_frontier_chart(deals, found.solutions, pair, scenario)
    elif deals and len(parties) > 2:
        charts["frontier"] = parallel_gains_chart(deals, found.solutions, scenario)
    if any(one.deal for one in found.solutions):
        charts["solutions"] = solution_gains_chart(found.solutions, scenario)
    if found.win_sets and found.win_sets.red_lines:
        charts["red-lines"] = red_line_costs_chart(found.win_sets.red_lines, scenario)
    if found.rankings:
        charts = {name: chart.properties(title=ONE_READING) for name, chart in charts.items()}
    return charts
