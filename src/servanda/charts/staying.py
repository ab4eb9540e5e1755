"""What staying at the table is worth above walking out, in its parts, by month."""

import altair as alt
import numpy as np

from servanda.charts.names import Names
from servanda.charts.numbers import signed
from servanda.charts.theme import ACCENT, BAND, OTHER_HUES, Row, finish, table
from servanda.results.talks_rounds import RoundsAnswer
from servanda.scenario.model import Scenario

PARTS = {
    "deal": ("a deal to come", OTHER_HUES[0]),
    "pressure": ("threats averted", OTHER_HUES[4]),
    "cover": ("the line, under cover of talks", OTHER_HUES[2]),
    "seen": ("being seen at the table", OTHER_HUES[3]),
}
"""Part to its name and hue."""

REACHED = 0.01
"""Chance of talks getting as far as a month below which nothing is drawn."""


def staying_chart(found: RoundsAnswer, scenario: Scenario, number: int) -> alt.LayerChart:
    """Stacked bars by month, and a line for their sum; ``number`` says which actor."""
    one = found.stay[number]
    who = Names(scenario).actor(one.actor)
    months = np.flatnonzero(found.by_month.going_on >= REACHED)
    shown = {name: points for name, points in one.values.parts.items() if np.any(points[months])}
    shown = shown or {"deal": one.values.parts["deal"]}
    rows: list[Row] = [
        {"month": month, "what": PARTS[name][0], "points": float(points[month]), "turn": turn}
        for turn, (name, points) in enumerate(shown.items())
        for month in months.tolist()
    ]
    sums: list[Row] = [
        {"month": month, "sum": float(one.values.gain[month])} for month in months.tolist()
    ]
    x = alt.X(
        "month",
        type="ordinal",
        title="months from now",
        axis=alt.Axis(grid=False, labelAngle=0, ticks=False),
    )
    bars = (
        alt.Chart(table(rows))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y(
                "points",
                type="quantitative",
                stack="zero",
                title="points above walking out",
            ),
            color=alt.Color(
                "what",
                type="nominal",
                title=None,
                scale=alt.Scale(
                    domain=[PARTS[name][0] for name in shown],
                    range=[PARTS[name][1] for name in shown],
                ),
                legend=alt.Legend(columns=1, symbolType="square", labelLimit=260),
            ),
            order=alt.Order("turn", type="quantitative"),
        )
    )
    total = (
        alt.Chart(table(sums))
        .mark_point(shape="stroke", size=160, color=ACCENT, strokeWidth=2)
        .encode(x=x, y=alt.Y("sum", type="quantitative"))
    )
    zero = (
        alt.Chart(table([{"y": 0}])).mark_rule(color=BAND).encode(y=alt.Y("y", type="quantitative"))
    )
    said = ", ".join(
        f"{PARTS[name][0]} {signed(float(points[0]))}" for name, points in shown.items()
    )
    return finish(
        bars,
        zero,
        total,
        description=f"What staying at the table is worth to {who} above walking out, by month, "
        f"in its parts; the ticks are their sum. Now {signed(float(one.values.gain[0]))}: {said}.",
        height=220,
    )
