"""Which numbers the variance of a plan's margin comes from."""

import altair as alt

from servanda.charts.names import Names
from servanda.charts.numbers import percent
from servanda.charts.theme import ACCENT, BAND, INK, ROW, Row, finish, row_axis, row_names, table
from servanda.results.sensitivity import Sensitivity
from servanda.scenario.model import Scenario


def sensitivity_chart(found: Sensitivity, scenario: Scenario) -> alt.LayerChart:
    """Bars: first-order shares by design; dots: total; lines: 90 % intervals of the total."""
    names = Names(scenario)
    rows: list[Row] = [
        {
            "path": one.path,
            "label": f"{names.path(one.path) if one.path else 'all other numbers'}: "
            f"{percent(max(one.first.value, 0.0))}",
            "first": 100 * max(one.first.value, 0.0),
            "total": 100 * max(one.total.value, 0.0),
            "low": 100 * max(one.total.low, 0.0),
            "high": 100 * min(one.total.high, 1.0),
        }
        for one in found.designed
    ]
    data = table(rows)
    y = row_axis("path", [row["path"] for row in rows])
    x = alt.X(
        "first",
        type="quantitative",
        title=["share of the variance of the margin (%)", "bar: alone; dot: with all others"],
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5),
    )
    base = alt.Chart(data)
    bars = base.mark_bar(height=9, yOffset=8, color=BAND).encode(x=x, y=y)
    lines = base.mark_rule(yOffset=8, color=INK).encode(
        x=alt.X("low", type="quantitative"), x2=alt.X2("high"), y=y
    )
    dots = base.mark_circle(yOffset=8, size=70, color=ACCENT, opacity=1).encode(
        x=alt.X("total", type="quantitative"), y=y
    )
    return finish(
        bars,
        lines,
        dots,
        *row_names(data, y),
        description=f"Shares of the variance of the margin of the order {found.order}: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )
