"""Where the line stands while the war goes on: a fan of what may happen."""

import altair as alt

from servanda.charts.history_axis import YEAR, year_axis
from servanda.charts.names import Names, brief
from servanda.charts.numbers import percent
from servanda.charts.theme import ACCENT, BAND, MUTED, Row, finish, table, whole_ticks
from servanda.results.histories_answer import HistoriesAnswer
from servanda.scenario.model import Scenario

FEWEST = 0.01
"""Share of the histories at war below which nothing is said of the line."""


def front_fan_chart(found: HistoriesAnswer, scenario: Scenario) -> alt.LayerChart:
    """Line: the middle of the histories still at war; bands: half of them, and nine of ten."""
    side = brief(Names(scenario).actor(found.sides[0]), 20)
    rows: list[Row] = []
    for month, (low, lower, middle, upper, high) in enumerate(found.summary.line.tolist()):
        if found.summary.at_war.share[month] < FEWEST:
            break
        rows.append(
            {
                "year": month / YEAR,
                "low": low,
                "lower": lower,
                "middle": middle,
                "upper": upper,
                "high": high,
            }
        )
    x = year_axis(found.summary.horizon, "line: the middle; bands: half of the cases, nine of ten")
    y = alt.Y(
        "low",
        type="quantitative",
        title=f"parcels held by {side}",
        scale=alt.Scale(domain=[0, found.places - 1], nice=False),
        axis=alt.Axis(values=whole_ticks(found.places - 1), format="d"),
    )
    base = alt.Chart(table(rows))
    nine = base.mark_area(interpolate="step-after", color=BAND, opacity=0.6).encode(
        x=x, y=y, y2=alt.Y2("high")
    )
    half = base.mark_area(interpolate="step-after", color=MUTED, opacity=0.45).encode(
        x=x, y=alt.Y("lower", type="quantitative"), y2=alt.Y2("upper")
    )
    line = base.mark_line(interpolate="step-after", color=ACCENT, strokeWidth=2).encode(
        x=x, y=alt.Y("middle", type="quantitative")
    )
    return finish(
        nine,
        half,
        line,
        description=f"Parcels of the front that {side} holds while the war goes on. "
        f"{line_in_words(found, side)}",
        height=max(200, 40 + 14 * found.places),
    )


def line_in_words(found: HistoriesAnswer, side: str) -> str:
    """Middle, and nine cases of ten, by year, as long as histories are still at war."""
    said = []
    for year in found.summary.years:
        low, _, middle, _, high = found.summary.line[YEAR * year].tolist()
        if found.summary.at_war.share[YEAR * year] >= FEWEST:
            said.append(
                f"after {year} {'year' if year == 1 else 'years'} {middle:.0f} "
                f"({low:.0f} to {high:.0f} in nine cases of ten)"
            )
    if not said:
        return f"The war is over within a year in all but {percent(FEWEST)} of the histories."
    return (
        f"Of {found.places - 1} parcels, {found.start} now, {side} holds where the war still goes "
        f"on: {'; '.join(said)}."
    )
