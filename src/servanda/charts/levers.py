"""What each lever brings."""

import altair as alt

from servanda.charts.names import Names
from servanda.charts.numbers import percent
from servanda.charts.theme import ACCENT, BAND, INK, ROW, Row, finish, row_axis, row_names, table
from servanda.results.levers import Levers
from servanda.scenario.model import Scenario

SHARE = "share of the draws in which a deal is kept (%)"


def levers_chart(found: Levers, scenario: Scenario) -> alt.LayerChart:
    """Bars: kept when a lever moves by one spread; ticks: by two; dashed: now and target."""
    names = Names(scenario)
    rows: list[Row] = [
        {
            "path": one.path,
            "label": f"{names.path(one.path)}: {percent(one.tried[0].share)}",
            "near": 100 * one.tried[0].share,
            "far": 100 * one.tried[1].share if len(one.tried) > 1 else None,
        }
        for one in found.reaches
    ]
    data = table(rows)
    y = row_axis("path", [row["path"] for row in rows])
    x = alt.X(
        "near",
        type="quantitative",
        title=[SHARE, "bar: moved by one spread; tick: by two; dashed: now and target"],
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5),
    )
    bars = alt.Chart(data).mark_bar(height=9, yOffset=8, color=BAND).encode(x=x, y=y)
    far = (
        alt.Chart(data)
        .transform_filter("isValid(datum.far)")
        .mark_tick(yOffset=8, size=14, thickness=2, color=ACCENT)
        .encode(x=alt.X("far", type="quantitative"), y=y)
    )
    return finish(
        bars,
        far,
        _rule(found.base),
        _rule(found.target),
        *row_names(data, y),
        description=f"As it is a deal is kept in {percent(found.base)} of the draws; the target is "
        f"{percent(found.target)}. Moved by one spread: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )


def _rule(share: float) -> alt.Chart:
    mark = alt.Chart(table([{"near": 100 * share}]))
    drawn: alt.Chart = mark.mark_rule(strokeDash=[4, 3], color=INK, strokeWidth=1.5).encode(
        x=alt.X("near", type="quantitative")
    )
    return drawn
