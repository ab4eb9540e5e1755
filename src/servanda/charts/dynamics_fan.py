"""Land that changes hands since the start, as forecast in one go, and what happened."""

import altair as alt

from servanda.charts.theme import ACCENT, BAND, INK, OTHER_HUES, Row, finish, table
from servanda.results.dynamics import FRONT, SUM, WALK, Dynamics


def dynamics_fan_chart(found: Dynamics) -> alt.LayerChart:
    """Areas: bands of the front process; dashes: the random walk's 90 %; dots: what happened."""
    ours = found.forecaster(FRONT, SUM).bands
    rows: list[Row] = [
        {
            "month": one.month,
            "low90": one.quantiles[0],
            "low50": one.quantiles[1],
            "middle": one.quantiles[2],
            "high50": one.quantiles[3],
            "high90": one.quantiles[4],
            "seen": one.seen,
        }
        for one in ours
    ]
    ends: list[Row] = [
        {"month": one.month, "end": one.quantiles[place], "which": place}
        for one in found.forecaster(WALK, SUM).bands
        for place in (0, 4)
    ]
    x = alt.X(
        "month",
        type="ordinal",
        sort=[one.month for one in ours],
        title=f"all forecast from {found.months[found.fitted - 1]}; dashes: random walk, 90 %",
    )

    def up(field: str) -> alt.Y:
        return alt.Y(field, type="quantitative", title=f"change since the start ({found.unit})")

    base = alt.Chart(table(rows)).encode(x=x)
    wide = base.mark_area(color=BAND, opacity=0.6).encode(y=up("low90"), y2=alt.Y2("high90"))
    narrow = base.mark_area(color=ACCENT, opacity=0.45).encode(y=up("low50"), y2=alt.Y2("high50"))
    middle = base.mark_line(color=ACCENT, strokeWidth=1.5).encode(y=up("middle"))
    dots = base.mark_circle(color=INK, size=60, opacity=1).encode(y=up("seen"))
    walk = (
        alt.Chart(table(ends))
        .mark_line(color=OTHER_HUES[0], strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=x, y=up("end"), detail=alt.Detail("which", type="nominal"))
    )
    last = ours[-1]
    return finish(
        wide,
        narrow,
        middle,
        walk,
        dots,
        description=(
            f"Change of control since {ours[0].month} in {found.unit}. By {last.month} the front "
            f"process gave {last.quantiles[0]:.0f} to {last.quantiles[4]:.0f} with 90 %; it was "
            f"{last.seen:.0f}."
        ),
        height=320,
    )
