"""Forecasts of a month's change of control, each made a month ahead, and what happened."""

import altair as alt

from servanda.charts.theme import ACCENT, BAND, INK, OTHER_HUES, Row, finish, table
from servanda.results.dynamics import AHEAD, FRONT, WALK, Dynamics

HUES = {FRONT: ACCENT, WALK: OTHER_HUES[0]}


def dynamics_months_chart(found: Dynamics) -> alt.LayerChart:
    """Thin bar: band of 90 %; thick: of 50 %; ring: what happened. Fitted months have no bars."""
    seen: list[Row] = [
        {"month": month, "seen": change}
        for month, change in zip(found.months, found.changes, strict=True)
    ]
    x = _month(found)
    happened = alt.Chart(table(seen)).encode(x=x, y=alt.Y("seen", type="quantitative"))
    line = happened.mark_line(color=BAND, strokeWidth=1.5)
    rings = happened.mark_point(size=60, filled=True, fill="white", stroke=INK, strokeWidth=1.5)
    bars = [bar for name, aside in ((FRONT, -5), (WALK, 5)) for bar in _bars(found, name, aside)]
    said = "; ".join(
        f"{one.month}: {one.quantiles[0]:.0f} to {one.quantiles[4]:.0f}, it was {one.seen:.0f}"
        for one in found.forecaster(FRONT, AHEAD).bands
    )
    return finish(
        line,
        *bars,
        rings,
        description=f"Change in a month in {found.unit}, 90 % band of the front process: {said}.",
        height=320,
    )


def _bars(found: Dynamics, name: str, aside: int) -> tuple[alt.Chart, alt.Chart]:
    """A forecaster's two bands of each month, beside the month's middle."""
    rows: list[Row] = [
        {
            "month": one.month,
            "who": name,
            "low90": one.quantiles[0],
            "low50": one.quantiles[1],
            "high50": one.quantiles[3],
            "high90": one.quantiles[4],
        }
        for one in found.forecaster(name, AHEAD).bands
    ]
    hue = alt.Color(
        "who",
        type="nominal",
        title="bands of 50 % and 90 %, a month ahead; the ring is what happened",
        scale=alt.Scale(domain=list(HUES), range=list(HUES.values())),
        legend=alt.Legend(titleLimit=420),
    )
    base, x = alt.Chart(table(rows)), _month(found)
    y = alt.Y("low90", type="quantitative", title=f"change in a month ({found.unit})")
    thin = base.mark_rule(strokeWidth=2, xOffset=aside)
    thick = base.mark_rule(strokeWidth=7, xOffset=aside)
    half = alt.Y("low50", type="quantitative")
    return (
        thin.encode(x=x, y=y, y2=alt.Y2("high90"), color=hue),
        thick.encode(x=x, y=half, y2=alt.Y2("high50"), color=hue),
    )


def _month(found: Dynamics) -> alt.X:
    axis = alt.Axis(labelAngle=-90)
    return alt.X("month", type="ordinal", sort=list(found.months), title=None, axis=axis)
