"""Orders of steps side by side: how much room each leaves before someone would break it."""

from collections.abc import Sequence

import altair as alt

from servanda.charts.names import brief, clean
from servanda.charts.numbers import percent
from servanda.charts.theme import (
    ACCENT,
    BAND,
    ROW,
    Row,
    finish,
    padded,
    row_axis,
    row_names,
    table,
    zero_rule,
)
from servanda.results.analysis import OrderView


def order_margins_chart(orders: Sequence[OrderView]) -> alt.LayerChart:
    """Bands: 5 % to 95 % of the draws; dots: central values; right of 0 the order is kept."""
    rows: list[Row] = [
        {
            "id": order.id,
            "label": f"{brief(clean(order.name), 24)}: "
            f"kept in {percent(order.self_enforcing)} of the draws",
            "central": order.margin.central,
            "low": order.margin.low,
            "median": order.margin.median,
            "high": order.margin.high,
        }
        for order in orders
        if order.margin is not None
    ]
    data = table(rows)
    y = row_axis("id", [row["id"] for row in rows])
    numbers = [float(row[key]) for row in rows for key in ("low", "high", "central")]
    x = alt.X(
        "low",
        type="quantitative",
        title=["smallest margin of the order (value points);", "below 0 somebody would break it"],
        scale=alt.Scale(domain=padded(numbers)),
    )
    base = alt.Chart(data)
    bands = base.mark_bar(height=12, yOffset=8, color=BAND).encode(x=x, x2=alt.X2("high"), y=y)
    medians = base.mark_tick(yOffset=8, size=16, thickness=2, color=ACCENT).encode(
        x=alt.X("median", type="quantitative"), y=y
    )
    dots = base.mark_circle(yOffset=8, size=90, color=ACCENT, opacity=1).encode(
        x=alt.X("central", type="quantitative"), y=y
    )
    return finish(
        bands,
        zero_rule(),
        medians,
        dots,
        *row_names(data, y),
        description="Margin of each order over the draws: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )
