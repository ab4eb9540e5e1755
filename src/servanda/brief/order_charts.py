"""The charts of an answer about the order of steps."""

import altair as alt

from servanda.charts.guarantee_window import guarantee_window_chart
from servanda.charts.margin_draws import margin_draws_chart
from servanda.charts.order_margins import order_margins_chart
from servanda.charts.roadmap import roadmap_chart
from servanda.charts.stage_margins import stage_margins_chart
from servanda.charts.state_lattice import state_lattice_chart
from servanda.results.order_answer import OrderAnswer
from servanda.scenario.model import Scenario


def charts_of_order(found: OrderAnswer, scenario: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: roadmap, margins, orders, draws, windows, lattice; those with data."""
    charts: dict[str, alt.LayerChart] = {}
    order = found.order
    if order is None or order.plan is None:
        return charts
    charts["roadmap"] = roadmap_chart(order.plan, scenario)
    charts["stages"] = stage_margins_chart(order.plan, scenario)
    drawn = [one for one in found.orders if one.margin is not None]
    charts["orders"] = order_margins_chart(drawn)
    charts["draws"] = margin_draws_chart(drawn, found.draws)
    brought = {window.guarantee for one in drawn for window in one.windows}
    for one in found.credibilities:
        if one.guarantee in brought:
            charts[f"window-{one.guarantee}"] = guarantee_window_chart(one, drawn, scenario)
    if found.lattice is not None:
        charts["lattice"] = state_lattice_chart(found.lattice, order.plan, scenario)
    return charts
