"""What each red line takes off the table, and what it alone does."""

from collections.abc import Sequence

import altair as alt

from servanda.charts.names import Names, brief, clean
from servanda.charts.numbers import count
from servanda.charts.theme import (
    BAND,
    INK,
    ROW,
    Row,
    actor_hues,
    finish,
    row_axis,
    row_names,
    table,
)
from servanda.results.obstacles import RedLineCost
from servanda.scenario.model import Scenario


def red_line_costs_chart(lines: Sequence[RedLineCost], scenario: Scenario) -> alt.LayerChart:
    """Pale bars: packages that break the line; dark ones: those that only it stops."""
    names, hues = Names(scenario), actor_hues(scenario)
    rows: list[Row] = [
        {
            "line": f"{number}",
            "label": f"{brief(clean(one.line.label), 60)} ({names.actor(one.line.actor)}): "
            f"{count(one.stops_alone)} of {count(one.stops)} alone",
            "stops": one.stops,
            "alone": one.stops_alone,
            "hue": hues.get(one.line.actor, INK),
        }
        for number, one in enumerate(lines)
    ]
    data = table(rows)
    y = row_axis("line", [row["line"] for row in rows])
    top = max([1.0, *(float(row["stops"]) for row in rows)])
    ticks = [0.0] + [10.0**power for power in range(10) if 10.0**power <= top]
    x = alt.X(
        "stops",
        type="quantitative",
        title="packages (each step of the scale is tenfold)",
        scale=alt.Scale(type="symlog", domain=[0, top]),
        axis=alt.Axis(values=ticks, labelExpr="format(datum.value, ',')"),
    )
    base = alt.Chart(data)
    broken = base.mark_bar(height=14, yOffset=8, color=BAND).encode(x=x, y=y)
    alone = base.mark_bar(height=14, yOffset=8).encode(
        x=alt.X("alone", type="quantitative"),
        y=y,
        color=alt.Color("hue", type="nominal", scale=None),
    )
    return finish(
        broken,
        alone,
        *row_names(data, y),
        description="Packages that break each red line, and those that it alone stops: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )
