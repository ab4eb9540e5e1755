"""One guarantee: how likely it is thought to be honoured, and how likely it would have to be."""

from collections.abc import Sequence

import altair as alt

from servanda.charts.names import Names, brief, clean
from servanda.charts.numbers import exact_percent, percent, span
from servanda.charts.theme import (
    ACCENT,
    BAND,
    INK,
    MUTED,
    ROW,
    Row,
    actor_hues,
    finish,
    row_axis,
    row_names,
    table,
)
from servanda.results.analysis import Credibility, OrderView
from servanda.scenario.model import Scenario


def guarantee_window_chart(
    credibility: Credibility, orders: Sequence[OrderView], scenario: Scenario
) -> alt.LayerChart:
    """Bands and dots: assessed and believed; bars: where each order is kept; dashed: needed."""
    rows = _believed(credibility, scenario) + _windows(credibility, orders)
    data = table(rows)
    y = row_axis("row", list(dict.fromkeys(str(row["row"]) for row in rows)))
    x = alt.X(
        "low",
        type="quantitative",
        title="probability that the guarantee is honoured (%)",
        scale=alt.Scale(domain=[0, 100]),
    )
    base = alt.Chart(data)
    hue = alt.Color("hue", type="nominal", scale=None)
    spans = base.transform_filter("isValid(datum.low)")
    bars = spans.mark_bar(height=12, yOffset=8).encode(x=x, x2=alt.X2("high"), y=y, color=hue)
    dots = (
        base.transform_filter("isValid(datum.at)")
        .mark_circle(yOffset=8, size=100, opacity=1)
        .encode(
            x=alt.X("at", type="quantitative"),
            y=y,
            color=alt.Color("dot", type="nominal", scale=None),
        )
    )
    layers = [bars, dots]
    if credibility.needed is not None and credibility.needed > 0:
        rule = alt.Chart(table([{"low": 100 * credibility.needed}]))
        layers.append(rule.mark_rule(strokeDash=[4, 3], color=INK, strokeWidth=1.5).encode(x=x))
    layers += row_names(data, y)
    need = (
        "no credibility suffices"
        if credibility.needed is None
        else f"needed {exact_percent(credibility.needed)}"
    )
    said = "; ".join(dict.fromkeys(str(row["label"]) for row in rows))
    return finish(
        *layers,
        description=f"{Names(scenario).guarantee(credibility.guarantee)}: {said}; {need}.",
        height=ROW * len({row["row"] for row in rows}),
    )


def _believed(credibility: Credibility, scenario: Scenario) -> list[Row]:
    names, hues = Names(scenario), actor_hues(scenario)
    assessed = credibility.assessed
    rows: list[Row] = [
        {
            "row": "assessed",
            "label": f"assessed: {exact_percent(assessed.central)}"
            f" (draws {span(assessed.low, assessed.high, percent)})",
            "low": 100 * assessed.low,
            "high": 100 * assessed.high,
            "at": 100 * assessed.central,
            "hue": BAND,
            "dot": ACCENT,
        }
    ]
    rows += [
        {
            "row": f"believed {actor}",
            "label": f"believed by {brief(names.actor(actor))}: {exact_percent(value)}",
            "low": None,
            "high": None,
            "at": 100 * value,
            "hue": BAND,
            "dot": hues.get(actor, ACCENT),
        }
        for actor, value in credibility.believed.items()
    ]
    return rows


def _windows(credibility: Credibility, orders: Sequence[OrderView]) -> list[Row]:
    rows: list[Row] = []
    for order in orders:
        windows = [one for one in order.windows if one.guarantee == credibility.guarantee]
        if order.plan is None or not windows:
            continue
        intervals = windows[0].intervals
        label = f"{brief(clean(order.name), 24)}: {interval_words(intervals)}"
        common = {"row": f"order {order.id}", "label": label, "at": None, "dot": ACCENT}
        rows += [
            {**common, "low": 100 * low, "high": 100 * high, "hue": MUTED}
            for low, high in intervals
        ] or [{**common, "low": None, "high": None, "hue": MUTED}]
    return rows


def interval_words(intervals: Sequence[tuple[float, float]]) -> str:
    """Where an order is kept, in words."""
    if not intervals:
        return "kept at no credibility"
    if tuple(intervals) == ((0.0, 1.0),):
        return "kept at every credibility"
    return "kept at " + " and ".join(span(low, high, exact_percent) for low, high in intervals)
