"""Calibration: do things forecast with a probability happen in that share of cases?"""

from itertools import pairwise

import altair as alt
import numpy as np

from servanda.charts.numbers import percent
from servanda.charts.theme import BAND, INK, MUTED, Row, finish, table
from servanda.results.backtest import Backtest

BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Edges of the groups of forecasts."""


def calibration_chart(found: Backtest) -> alt.LayerChart:
    """A mark for each group of forecasts: mean probability across, share that happened upward."""
    pairs = [(one.probability, one.happened) for case in found.cases for one in case.forecasts]
    p = np.array([one for one, _ in pairs])
    y = np.array([what for _, what in pairs], float)
    rows: list[Row] = []
    for low, high in pairwise(BINS):
        here = (p >= low) & ((p < high) | (high >= 1.0))
        if here.any():
            rows.append(
                {
                    "forecast": float(p[here].mean()),
                    "happened": float(y[here].mean()),
                    "count": f"{int(here.sum())}",
                }
            )
    data = table(rows)
    scale = alt.Scale(domain=[-0.03, 1.08])
    axis = alt.Axis(format="%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    x = alt.X("forecast", type="quantitative", scale=scale, axis=axis, title="probability forecast")
    up = alt.Y("happened", type="quantitative", scale=scale, axis=axis, title="share that happened")
    ends = table([{"forecast": 0, "happened": 0}, {"forecast": 1, "happened": 1}])
    diagonal = alt.Chart(ends).mark_line(color=BAND, strokeWidth=2).encode(x=x, y=up)
    marks = alt.Chart(data).mark_circle(size=140, color=INK, opacity=1).encode(x=x, y=up)
    counts = (
        alt.Chart(data)
        .mark_text(dy=-14, color=MUTED, fontSize=12)
        .encode(x=x, y=up, text=alt.Text("count", type="nominal"))
    )
    said = "; ".join(
        f"{row['count']} forecasts of {percent(float(row['forecast']))} on average, "
        f"{percent(float(row['happened']))} happened"
        for row in rows
    )
    return finish(diagonal, marks, counts, description=f"Calibration: {said}.", height=320)
