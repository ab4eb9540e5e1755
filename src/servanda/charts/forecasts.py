"""What was forecast of each agreement of the past, and what happened."""

import altair as alt

from servanda.charts.names import brief
from servanda.charts.numbers import percent
from servanda.charts.theme import BAND, INK, ROW, Row, finish, row_axis, row_names, table
from servanda.results.backtest import Backtest


def forecasts_chart(found: Backtest) -> alt.LayerChart:
    """A row for each event of each case: band and dot the forecast, filled mark what happened."""
    rows: list[Row] = []
    for case in found.cases:
        for one in case.forecasts:
            happened = "it did" if one.happened else "it did not"
            rows.append(
                {
                    "row": f"{case.name} {one.event}",
                    "label": f"{brief(case.title, 44)}, {one.event}: {percent(one.probability)}; "
                    f"{happened}",
                    "probability": one.probability,
                    "low": one.low,
                    "high": one.high,
                    "happened": 1.0 if one.happened else 0.0,
                }
            )
    data = table(rows)
    y = row_axis("row", [row["row"] for row in rows])
    x = alt.X(
        "low",
        type="quantitative",
        title=["probability forecast (band: coded ranges); the ring is what happened"],
        scale=alt.Scale(domain=[-0.02, 1.02]),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    base = alt.Chart(data)
    bands = base.mark_bar(height=10, yOffset=8, color=BAND).encode(x=x, x2=alt.X2("high"), y=y)
    dots = base.mark_circle(yOffset=8, size=80, opacity=1, color=INK).encode(
        x=alt.X("probability", type="quantitative"), y=y
    )
    rings = base.mark_point(yOffset=8, size=150, color=INK, strokeWidth=1.5, filled=False).encode(
        x=alt.X("happened", type="quantitative"), y=y
    )
    return finish(
        bands,
        dots,
        rings,
        *row_names(data, y),
        description="Forecasts of past agreements: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )
