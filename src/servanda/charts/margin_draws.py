"""Orders over the draws: in how many of them each has at least so much room."""

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
from numpy.typing import NDArray

from servanda.charts.names import brief, clean
from servanda.charts.numbers import percent
from servanda.charts.theme import DASHES, INK, MUTED, Row, finish, padded, table
from servanda.results.analysis import OrderView

MOST_ORDERS = 4
"""Lines that can still be told apart."""

POINTS = 101
HUES = (INK, "#2a8c82", "#a05d7f", "#8f8f2f")


def margin_draws_chart(
    orders: Sequence[OrderView], draws: Mapping[str, NDArray[np.float64]]
) -> alt.LayerChart:
    """Falling lines: share of the draws in which an order's smallest margin is at least so large.

    Where a line crosses 0 is how often the order is kept. Orders that are the same in every draw
    share a line; of more than four lines the first are drawn.
    """
    shown = _distinct([one for one in orders if one.id != "free"], draws)[:MOST_ORDERS]
    labels = [label for label, _, _ in shown]
    cut = np.percentile(np.concatenate([margins for *_, margins in shown]), [2.0, 98.0])
    low, high = min(float(cut[0]), 0.0), max(float(cut[1]), 0.0)
    room = 0.05 * (high - low) or 1.0
    grid = np.linspace(low - room, high + room, POINTS)
    rows: list[Row] = [
        {"order": label, "margin": float(x), "share": 100 * float((margins >= x - 1e-9).mean())}
        for label, _, margins in shown
        for x in grid
    ]
    dots = table({"order": label, "margin": 0.0, "share": 100 * share} for label, share, _ in shown)
    hue = alt.Color(
        "order",
        type="nominal",
        title=None,
        sort=labels,
        scale=alt.Scale(domain=labels, range=list(HUES[: len(labels)])),
        legend=alt.Legend(labelLimit=560, columns=1, direction="vertical", symbolSize=400),
    )
    dash = alt.StrokeDash(
        "order",
        type="nominal",
        title=None,
        sort=labels,
        scale=alt.Scale(domain=labels, range=[list(one) for one in DASHES[: len(labels)]]),
    )
    x = alt.X(
        "margin",
        type="quantitative",
        title=[
            "smallest margin of the order (value points);",
            "right of 0 nobody gains by a breach",
        ],
        scale=alt.Scale(domain=padded([float(grid[0]), float(grid[-1])], 0.0), nice=False),
    )
    y = alt.Y(
        "share",
        type="quantitative",
        title="share of draws with at least that margin (%)",
        scale=alt.Scale(domain=[0, 100]),
    )
    curves = alt.Chart(table(rows)).mark_line(strokeWidth=2.2)
    marks = alt.Chart(dots).mark_circle(size=70, opacity=1)
    rule = alt.Chart(table([{"margin": 0.0}])).mark_rule(color=MUTED, strokeWidth=1.2)
    return finish(
        rule.encode(x=x),
        curves.encode(x=x, y=y, color=hue, strokeDash=dash),
        marks.encode(x=x, y=y, color=alt.Color("order", type="nominal", sort=labels, legend=None)),
        description="Margins over the draws, one line an order: " + "; ".join(labels) + ".",
        height=300,
    )


def _distinct(
    orders: Sequence[OrderView], draws: Mapping[str, NDArray[np.float64]]
) -> list[tuple[str, float, NDArray[np.float64]]]:
    """Label, share kept and finite margins of every line."""
    found: dict[bytes, list[OrderView]] = {}
    for order in orders:
        if order.id in draws:
            found.setdefault(draws[order.id].tobytes(), []).append(order)
    lines = []
    for same in found.values():
        first = same[0]
        names = ", ".join(brief(clean(one.name), 34) for one in same[:2])
        more = f" and {len(same) - 2} more" if len(same) > 2 else ""
        label = f"{names}{more}: kept in {percent(first.self_enforcing)}"
        margins = np.nan_to_num(draws[first.id], posinf=1e6, neginf=-1e6)
        lines.append((label, first.self_enforcing, margins))
    return lines
