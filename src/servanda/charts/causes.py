"""Which cause stands between the parties and a kept deal."""

import altair as alt

from servanda.charts.names import clean
from servanda.charts.numbers import percent
from servanda.charts.theme import BAND, INK, ROW, Row, finish, row_axis, row_names, table
from servanda.results.diagnosis import Diagnosis

SHARE = "share of the draws in which some deal is kept (%)"


def causes_chart(found: Diagnosis) -> alt.LayerChart:
    """Bars: share of draws with a kept deal when a cause is off; dashed: as things stand."""
    rows: list[Row] = [
        {
            "cause": one.cause.id,
            "label": f"without {clean(one.cause.name)}: {percent(one.share)}",
            "share": 100 * one.share,
        }
        for one in found.causes
    ]
    every = f"with every cause off: {percent(found.all_off)}"
    rows.append({"cause": "all", "label": every, "share": 100 * found.all_off})
    data = table(rows)
    y = row_axis("cause", [row["cause"] for row in rows])
    x = alt.X(
        "share",
        type="quantitative",
        title=[SHARE, "dashed: as things stand"],
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5),
    )
    bars = alt.Chart(data).mark_bar(height=12, yOffset=8, color=BAND).encode(x=x, y=y)
    now = alt.Chart(table([{"share": 100 * found.as_it_is}]))
    rule = now.mark_rule(strokeDash=[4, 3], color=INK, strokeWidth=1.5).encode(x=x)
    return finish(
        bars,
        rule,
        *row_names(data, y),
        description=f"As things stand a deal is kept in {percent(found.as_it_is)} of the draws "
        "(dashed); " + "; ".join(str(row["label"]) for row in rows) + ".",
        height=ROW * len(rows),
    )
