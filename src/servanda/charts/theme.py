"""How every chart looks: one shipped font, neutral hues that the colour-blind can tell apart.

Hues never say good or bad about a party, and the two sides are never red against blue. Rows carry
their names above the mark, not beside it, so that a chart reads the same on a phone.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import altair as alt

from servanda.scenario.land import DEMILITARISED
from servanda.scenario.model import Scenario

Row = dict[str, Any]
"""One row of a chart's data; its keys are fixed words, never names of a scenario."""

FONT = "Inter"
INK = "#22303c"
MUTED = "#5d6975"
GRID = "#e4e8ec"
BAND = "#c9d0d6"
ACCENT = "#3f4d5a"
SIDE_HUES = {"a": ("#6f4c9b", "#9b7fc2", "#4e3373"), "b": ("#b8791c", "#d6a24f", "#8a5a12")}
OTHER_HUES = ("#2a8c82", "#7c6a5c", "#8f8f2f", "#5a6b7b", "#a05d7f")
NOBODY_HUE = "#8b949c"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 1], [1, 3])
ROW = 46
"""Height of a row with its name above the mark, in pixels."""

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": MUTED,
        "labelColor": MUTED,
        "gridColor": GRID,
        "domainColor": BAND,
        "tickColor": BAND,
        "titlePadding": 8,
        "labelOverlap": True,
    },
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": MUTED,
        "labelLimit": 150,
        "orient": "top",
        "direction": "horizontal",
        "columns": 2,
        "symbolSize": 80,
        "offset": 4,
    },
    "text": {"color": INK, "fontSize": 12},
}


def finish(*layers: alt.Chart, description: str, height: int) -> alt.LayerChart:
    """Lay the layers over one another, fix the height, fill the width, and say what is shown."""
    chart = alt.LayerChart(layer=list(layers), config=alt.Config.from_dict(CONFIG))
    sized: alt.LayerChart = chart.properties(
        width="container", height=height, description=description
    )
    return sized


def table(rows: Iterable[Mapping[str, Any]]) -> alt.Data:
    """Rows held inside the chart; what no axis can show (NaN, infinities) is missing."""
    values = [{key: _shown(value) for key, value in row.items()} for row in rows]
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def _shown(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


def row_axis(field: str, order: Sequence[Any]) -> alt.Y:
    """One band a row, in this order, without an axis: the names stand above the marks."""
    return alt.Y(
        field, type="ordinal", sort=list(order), axis=None, scale=alt.Scale(type="band", padding=0)
    )


def row_names(data: alt.Data, y: alt.Y, field: str = "label") -> tuple[alt.Chart, alt.Chart]:
    """The names of the rows above their marks, on a white rim that keeps lines off the letters."""

    def text(**look: Any) -> alt.Chart:
        mark = alt.Chart(data).mark_text(
            align="left", baseline="middle", dy=-12, limit=alt.ExprRef("width"), **look
        )
        drawn: alt.Chart = mark.encode(
            x=alt.value(0),
            y=y,
            text=alt.Text(field, type="nominal"),
            tooltip=alt.Tooltip(field, type="nominal", title=""),
        )
        return drawn

    return text(stroke="white", strokeWidth=4, strokeJoin="round"), text()


def whole_ticks(last: int, most: int = 12) -> list[int]:
    """Whole numbers from nought to the last, few enough for an axis."""
    step = next(s for k in range(9) for s in (10**k, 2 * 10**k, 5 * 10**k) if last / s <= most)
    return list(range(0, last + 1, step))


def zero_rule() -> alt.Chart:
    """The line at nought."""
    mark = alt.Chart(table([{"x": 0}])).mark_rule(color=INK, strokeWidth=1.2)
    drawn: alt.Chart = mark.encode(x=alt.X("x", type="quantitative"))
    return drawn


def actor_hues(scenario: Scenario) -> dict[str, str]:
    """A hue for every actor, the sides' own first, and one for nobody's land."""
    hues: dict[str, str] = {}
    used = {"a": 0, "b": 0, "": 0}
    for identifier, actor in scenario.actors.items():
        side = actor.side or ""
        palette = SIDE_HUES[side] if side else OTHER_HUES
        hues[identifier] = palette[used[side] % len(palette)]
        used[side] += 1
    hues[DEMILITARISED] = NOBODY_HUE
    return hues


def padded(numbers: Iterable[float], share: float = 0.06) -> list[float]:
    """A domain around these numbers that includes nought."""
    finite = [0.0, *(float(number) for number in numbers if isfinite(number))]
    low, high = min(finite), max(finite)
    if low == high:
        high = 1.0
    room = share * (high - low)
    return [low - room, high + room]
