"""What several levers bring together: effort against probability."""

import altair as alt

from servanda.charts.names import Names
from servanda.charts.theme import ACCENT, INK, Row, finish, table
from servanda.results.levers import Levers
from servanda.scenario.model import Scenario

SHARE = "share of the draws in which a deal is kept (%)"


def effort_chart(found: Levers, scenario: Scenario) -> alt.LayerChart:
    """A step for each lever added, each moved by one spread, against the share kept."""
    names = Names(scenario)
    rows: list[Row] = [{"count": 0, "share": 100 * found.base, "added": "as it is"}]
    rows += [
        {
            "count": len(move.paths),
            "share": 100 * move.share,
            "added": names.path(move.paths[-1]),
        }
        for move in found.frontier
    ]
    data = table(rows)
    x = alt.X(
        "count",
        type="quantitative",
        title=["levers moved by one spread each, the strongest first", "dashed: the target"],
        axis=alt.Axis(values=[row["count"] for row in rows], format="d"),
    )
    y = alt.Y("share", type="quantitative", title=SHARE, scale=alt.Scale(domain=[0, 100]))
    line = (
        alt.Chart(data)
        .mark_line(color=ACCENT, point=alt.OverlayMarkDef(color=ACCENT, size=60))
        .encode(x=x, y=y)
    )
    target = (
        alt.Chart(table([{"share": 100 * found.target}]))
        .mark_rule(strokeDash=[4, 3], color=INK)
        .encode(y=alt.Y("share", type="quantitative"))
    )
    listed = "; ".join(f"{row['added']}: {row['share']:.0f} %" for row in rows)
    return finish(
        line,
        target,
        description=f"Share of draws with a kept deal as levers are added one by one. {listed}.",
        height=260,
    )
