"""The margin of an order over two numbers at once."""

import altair as alt
import numpy as np
from numpy.typing import NDArray

from servanda.charts.names import Names, brief
from servanda.charts.numbers import signed
from servanda.charts.theme import INK, OTHER_HUES, Row, finish, table
from servanda.results.answer_map import AnswerMap, Axis
from servanda.scenario.model import Scenario

LETTERS = 60
"""Of a number's name, where an axis has room for no more."""


def margin_map_chart(found: AnswerMap, scenario: Scenario) -> alt.LayerChart:
    """Cells: smallest margin; thick line: where it is 0; cross: the central values."""
    reach = float(np.abs(found.margin[np.isfinite(found.margin)]).max(initial=1e-9))
    colour = alt.Color(
        "value",
        type="quantitative",
        title=["margin", "(points)"],
        scale=alt.Scale(
            domain=[-reach, 0.0, reach],
            range=[OTHER_HUES[1], "#ffffff", OTHER_HUES[0]],
            interpolate="rgb",
        ),
    )
    corners = (found.margin.min(), found.margin.max())
    return finish(
        cells(found, found.margin, scenario).encode(color=colour),
        contour(found),
        now(found),
        description=f"Margin of the order {found.order} over "
        f"{_name(found.first, scenario)} and {_name(found.second, scenario)}, from "
        f"{signed(float(corners[0]))} to {signed(float(corners[1]))} points; the line is where it "
        "is 0, the cross the central values.",
        height=380,
    )


def cells(found: AnswerMap, values: NDArray[np.float64], scenario: Scenario) -> alt.Chart:
    """One rectangle a point of the map; its value has no colour yet."""
    across, up = _edges(found.first), _edges(found.second)
    rows: list[Row] = [
        {
            "x": float(across[i]),
            "x2": float(across[i + 1]),
            "y": float(up[j]),
            "y2": float(up[j + 1]),
            "value": float(values[i, j]),
        }
        for i in range(len(found.first.points))
        for j in range(len(found.second.points))
    ]
    drawn: alt.Chart = (
        alt.Chart(table(rows))
        .mark_rect(stroke=None)
        .encode(
            x=_axis(alt.X, "x", found.first, across, scenario),
            x2=alt.X2("x2"),
            y=_axis(alt.Y, "y", found.second, up, scenario),
            y2=alt.Y2("y2"),
        )
    )
    return drawn


def contour(found: AnswerMap) -> alt.Chart:
    """The line on which the margin is 0."""
    rows = [{"x": a[0], "y": a[1], "x2": b[0], "y2": b[1]} for a, b in found.contour]
    drawn: alt.Chart = (
        alt.Chart(table(rows))
        .mark_rule(color=INK, strokeWidth=2.4)
        .encode(
            x=alt.X("x", type="quantitative"),
            x2=alt.X2("x2"),
            y=alt.Y("y", type="quantitative"),
            y2=alt.Y2("y2"),
        )
    )
    return drawn


def now(found: AnswerMap) -> alt.Chart:
    """A cross at the central values; nothing where they lie off the map."""
    inside = all(axis.low <= axis.value <= axis.high for axis in (found.first, found.second))
    rows = [{"x": found.first.value, "y": found.second.value}] if inside else []
    mark = alt.Chart(table(rows)).mark_point(
        shape="cross", size=130, filled=True, color=INK, stroke="white", strokeWidth=1.2, opacity=1
    )
    drawn: alt.Chart = mark.encode(
        x=alt.X("x", type="quantitative"), y=alt.Y("y", type="quantitative")
    )
    return drawn


def _edges(axis: Axis) -> NDArray[np.float64]:
    """Borders between cells, one more than points."""
    half = (axis.points[1] - axis.points[0]) / 2.0
    return np.append(axis.points - half, axis.points[-1] + half)


def _axis(
    kind: type[alt.X] | type[alt.Y],
    field: str,
    axis: Axis,
    edges: NDArray[np.float64],
    scenario: Scenario,
) -> alt.X | alt.Y:
    return kind(
        field,
        type="quantitative",
        title=[_name(axis, scenario), f"({axis.unit})"],
        scale=alt.Scale(domain=[float(edges[0]), float(edges[-1])], nice=False, zero=False),
        axis=alt.Axis(grid=False, tickCount=6),
    )


def _name(axis: Axis, scenario: Scenario) -> str:
    return brief(Names(scenario).path(axis.path), LETTERS)
