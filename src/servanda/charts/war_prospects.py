"""Who gives way by when if the war goes on, as each side believes it."""

from collections.abc import Sequence

import altair as alt
import numpy as np

from servanda.charts.names import Names, brief
from servanda.charts.numbers import exact_percent
from servanda.charts.theme import DASHES, SIDE_HUES, Row, finish, table
from servanda.results.analysis import WarView
from servanda.results.war import WarOutlook
from servanda.scenario.model import Scenario

LONGEST = 120
"""Months shown at most."""


def war_prospects_chart(views: Sequence[WarView], scenario: Scenario) -> alt.LayerChart:
    """Lines: one believer's probability that a side has given way; area: least to most believed."""
    names = Names(scenario)
    horizon = months_shown([view.outlook for view in views])
    sides = [brief(names.side("a"), 22), brief(names.side("b"), 22)]
    believers = [brief(names.believer(view.believer), 22) for view in views]
    lines: list[Row] = []
    for view, believer in zip(views, believers, strict=True):
        for side, name in enumerate(sides):
            probability = view.outlook.gives_way[:, side]
            lines += [
                {"month": int(month), "side": name, "believer": believer, "p": 100 * float(p)}
                for month, p in zip(view.outlook.months, probability, strict=True)
                if month <= horizon
            ]
    areas = _areas(views, sides, horizon)
    x = month_axis()
    y = alt.Y(
        "p",
        type="quantitative",
        title="has given way by then (%)",
        scale=alt.Scale(domainMin=0, nice=True),
    )
    hue = alt.Color(
        "side",
        type="nominal",
        title="gives way",
        scale=alt.Scale(domain=sides, range=[SIDE_HUES["a"][0], SIDE_HUES["b"][0]]),
        legend=alt.Legend(columns=1, symbolOpacity=1, symbolType="square", labelLimit=150),
    )
    dash = alt.StrokeDash(
        "believer",
        type="nominal",
        title="as believed by",
        scale=alt.Scale(
            domain=list(dict.fromkeys(believers)),
            range=[DASHES[n % len(DASHES)] for n in range(len(set(believers)))],
        ),
        legend=alt.Legend(columns=1, symbolType="stroke", labelLimit=150, symbolSize=300),
    )
    fan = (
        alt.Chart(table(areas))
        .mark_area(opacity=0.15)
        .encode(x=x, y=alt.Y("low", type="quantitative"), y2=alt.Y2("high"), color=hue)
    )
    curves = (
        alt.Chart(table(lines))
        .mark_line(strokeWidth=2)
        .encode(x=x, y=y, color=hue, strokeDash=dash)
    )
    said = "; ".join(
        f"believed by {believer}: "
        + ", ".join(
            f"{name} {exact_percent(_at(view.outlook, horizon, side))}"
            for side, name in enumerate(sides)
        )
        for view, believer in zip(views, believers, strict=True)
    )
    return finish(
        fan,
        curves,
        description=f"Probability that each side has given way by month {horizon}: {said}.",
        height=320,
    )


def months_shown(outlooks: Sequence[WarOutlook]) -> int:
    """Until the war is over in nine cases of ten for every believer, ten years at most."""
    last = 12
    for outlook in outlooks:
        over = np.flatnonzero(outlook.fighting < 0.1)
        last = max(last, int(outlook.months[over[0]]) if over.size else int(outlook.months[-1]))
    return min(last, LONGEST)


def month_axis() -> alt.X:
    """Months of war, from now."""
    return alt.X(
        "month", type="quantitative", title="months of war from now", axis=alt.Axis(grid=False)
    )


def _at(outlook: WarOutlook, month: int, side: int) -> float:
    place = min(month, len(outlook.months) - 1)
    return float(outlook.gives_way[place, side])


def _areas(views: Sequence[WarView], sides: Sequence[str], horizon: int) -> list[Row]:
    rows: list[Row] = []
    for side, name in enumerate(sides):
        for month in range(horizon + 1):
            values = [100 * _at(view.outlook, month, side) for view in views]
            if values:
                rows.append({"month": month, "side": name, "low": min(values), "high": max(values)})
    return rows
