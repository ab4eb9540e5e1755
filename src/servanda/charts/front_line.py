"""Where a front may stand month by month if the war goes on."""

import altair as alt
import numpy as np

from servanda.charts.names import Names, brief
from servanda.charts.theme import ACCENT, SIDE_HUES, Row, finish, table, whole_ticks
from servanda.charts.war_prospects import month_axis, months_shown
from servanda.results.analysis import WarView
from servanda.scenario.model import Scenario

FIELDS = ("p5", "p25", "p50", "p75", "p95")
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def front_line_chart(view: WarView, number: int, scenario: Scenario) -> alt.LayerChart:
    """Bands: 5 % to 95 % and 25 % to 75 % of what may happen; line: the middle of it."""
    names = Names(scenario)
    identifier, front = list(scenario.fronts.items())[number]
    chances = view.outlook.line_unconditional[number][:, : len(front.parcels) + 1]
    horizon = months_shown([view.outlook])
    rows: list[Row] = []
    for month in range(min(horizon, len(chances) - 1) + 1):
        held = _quantiles(chances[month])
        rows.append({"month": month, **dict(zip(FIELDS, held, strict=True))})
    side = names.side("a")
    x = month_axis()
    y = alt.Y(
        "p5",
        type="quantitative",
        title=f"parcels held by {brief(side, 20)}",
        scale=alt.Scale(domain=[0, len(front.parcels)], nice=False),
        axis=alt.Axis(values=whole_ticks(len(front.parcels)), format="d"),
    )
    base = alt.Chart(table(rows))
    wide = base.mark_area(interpolate="step-after", opacity=0.2, color=SIDE_HUES["a"][0])
    narrow = base.mark_area(interpolate="step-after", opacity=0.35, color=SIDE_HUES["a"][0])
    middle = base.mark_line(interpolate="step-after", strokeWidth=2, color=ACCENT)
    last = rows[-1]
    return finish(
        wide.encode(x=x, y=y, y2=alt.Y2("p95")),
        narrow.encode(x=x, y=alt.Y("p25", type="quantitative"), y2=alt.Y2("p75")),
        middle.encode(x=x, y=alt.Y("p50", type="quantitative")),
        description=f"Front {names.front(identifier)}, "
        f"as believed by {names.believer(view.believer)}: "
        f"of {len(front.parcels)} parcels {side} holds {rows[0]['p50']} now and, after "
        f"{last['month']} months, {last['p50']} in the middle case "
        f"({last['p5']} to {last['p95']} in nine cases of ten).",
        height=220,
    )


def _quantiles(chances: np.ndarray) -> list[int]:
    total = np.cumsum(np.nan_to_num(chances))
    return [int(np.searchsorted(total, level * total[-1] - 1e-12)) for level in LEVELS]
