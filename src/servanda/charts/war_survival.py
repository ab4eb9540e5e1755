"""How long the war lasts: the share of histories in which nothing has ended it, by month."""

import altair as alt

from servanda.charts.history_axis import YEAR, year_axis
from servanda.charts.numbers import percent
from servanda.charts.theme import ACCENT, BAND, MUTED, Row, finish, table
from servanda.results.histories_answer import HistoriesAnswer


def war_survival_chart(found: HistoriesAnswer) -> alt.LayerChart:
    """Line: all histories; dark band: sampling; light band: nine policies of ten."""
    shares = found.summary.at_war
    rows: list[Row] = [
        {
            "year": month / YEAR,
            "share": 100 * float(shares.share[month]),
            "low": 100 * float(shares.low[month]),
            "high": 100 * float(shares.high[month]),
            "least": 100 * float(shares.draws_low[month]),
            "most": 100 * float(shares.draws_high[month]),
        }
        for month in range(found.summary.horizon + 1)
    ]
    base = alt.Chart(table(rows))
    x = year_axis(found.summary.horizon, "light: nine policies of ten; dark: 95 % interval")
    y = alt.Y(
        "least",
        type="quantitative",
        title="the war goes on (% of histories)",
        scale=alt.Scale(domain=[0, 100]),
    )
    policies = base.mark_area(color=BAND, opacity=0.5).encode(x=x, y=y, y2=alt.Y2("most"))
    sampled = base.mark_area(color=MUTED, opacity=0.45).encode(
        x=x, y=alt.Y("low", type="quantitative"), y2=alt.Y2("high")
    )
    line = base.mark_line(color=ACCENT, strokeWidth=2).encode(
        x=x, y=alt.Y("share", type="quantitative")
    )
    said = ", ".join(
        f"after {year} {'year' if year == 1 else 'years'} {percent(float(shares.share[12 * year]))}"
        for year in found.summary.years
    )
    return finish(
        policies,
        sampled,
        line,
        description=f"Share of {found.summary.histories:,} histories in which the war still goes "
        f"on: {said}. The light band holds nine of ten policies, each one state of the world; the "
        "dark band is the 95 % interval of the share.",
        height=240,
    )
