"""At which line, in which month, an agreement would be made."""

import altair as alt
import numpy as np

from servanda.charts.names import Names, brief
from servanda.charts.theme import ACCENT, BAND, OTHER_HUES, Row, finish, table, whole_ticks
from servanda.results.talks_answer import TalksAnswer
from servanda.scenario.model import Scenario

LEVELS = (0.05, 0.5, 0.95)
REACHED = 1e-4
"""Chance of the line standing there below which nothing is drawn."""


def talks_region_chart(found: TalksAnswer, scenario: Scenario) -> alt.LayerChart:
    """Cells: chance of an agreement there and then; lines: where the line stands while war goes on.

    Lines are the middle of what may happen and nine cases of ten.
    """
    names = Names(scenario)
    side = brief(names.actor(found.sides[0].actor), 20)
    cells: list[Row] = [
        {
            "month": month,
            "next": month + 1,
            "low": position - 0.5,
            "high": position + 0.5,
            "share": 100 * float(found.acceptance[month, position]),
        }
        for month, there in enumerate(found.solution.line[:-1])
        for position in np.flatnonzero(there > REACHED).tolist()
    ]
    lines: list[Row] = []
    for month, there in enumerate(found.solution.line[:-1]):
        total = np.cumsum(there)
        if total[-1] > REACHED:
            lines += [
                {
                    "month": month + 0.5,
                    "level": level,
                    "place": int(np.searchsorted(total, level * total[-1] - 1e-12)),
                }
                for level in LEVELS
            ]
    x = alt.X(
        "month",
        type="quantitative",
        title=["months from now", "lines: where war alone takes the line, middle and nine of ten"],
        axis=alt.Axis(
            values=whole_ticks(1 + max(cell["month"] for cell in cells)), format="d", grid=False
        ),
        scale=alt.Scale(nice=False),
    )
    y = alt.Y(
        "low",
        type="quantitative",
        title=f"parcels held by {side}",
        scale=alt.Scale(domain=[-0.5, found.places - 0.5], nice=False),
        axis=alt.Axis(values=whole_ticks(found.places - 1), format="d", grid=False),
    )
    blocks = (
        alt.Chart(table(cells))
        .mark_rect()
        .encode(
            x=x,
            x2=alt.X2("next"),
            y=y,
            y2=alt.Y2("high"),
            color=alt.Color(
                "share",
                type="quantitative",
                title=["agreement", "there (%)"],
                scale=alt.Scale(domain=[0, 100], range=[BAND, OTHER_HUES[0]]),
            ),
        )
    )
    curves = (
        alt.Chart(table(lines))
        .mark_line(interpolate="step", color=ACCENT, strokeWidth=1.5)
        .encode(
            x=x,
            y=alt.Y("place", type="quantitative"),
            detail="level:Q",
            strokeDash=alt.condition("datum.level == 0.5", alt.value([1, 0]), alt.value([3, 3])),
        )
    )
    often = np.nan_to_num(found.acceptance) >= 0.5
    reached = found.solution.line[:-1] > REACHED
    places = sorted(set(np.flatnonzero((often & reached).any(axis=0)).tolist()))
    said = ", ".join(str(place) for place in places) or "none"
    return finish(
        blocks,
        curves,
        description=f"Chance of an agreement by month and position of the line, of which {side} "
        f"holds {found.start} parcels now. Positions at which an agreement is at some time as "
        f"likely as not: {said}.",
        height=60 + 16 * found.places,
    )
