"""In which share of the histories a signed peace stands, by year, and what is not known of it."""

import altair as alt

from servanda.charts.numbers import percent
from servanda.charts.theme import BAND, INK, MUTED, ROW, Row, finish, row_axis, row_names, table
from servanda.results.histories_answer import HistoriesAnswer


def kept_peace_chart(found: HistoriesAnswer) -> alt.LayerChart:
    """A row for each year: dot the share, dark band sampling, light band nine policies of ten."""
    shares = found.summary.in_peace
    rows: list[Row] = []
    for year in found.summary.years:
        at = 12 * year
        rows.append(
            {
                "row": year,
                "label": f"after {year} {'year' if year == 1 else 'years'}: "
                f"{percent(float(shares.share[at]))}",
                "share": 100 * float(shares.share[at]),
                "low": 100 * float(shares.low[at]),
                "high": 100 * float(shares.high[at]),
                "least": 100 * float(shares.draws_low[at]),
                "most": 100 * float(shares.draws_high[at]),
            }
        )
    data = table(rows)
    y = row_axis("row", [row["row"] for row in rows])
    base = alt.Chart(data)
    x = alt.X(
        "least",
        type="quantitative",
        title=[
            "a signed peace stands (% of histories)",
            "light: nine policies of ten; dark: 95 % interval",
        ],
        scale=alt.Scale(domain=[0, 100]),
    )
    policies = base.mark_bar(height=12, yOffset=8, color=BAND).encode(x=x, x2=alt.X2("most"), y=y)
    sampled = base.mark_bar(height=6, yOffset=8, color=MUTED).encode(
        x=alt.X("low", type="quantitative"), x2=alt.X2("high"), y=y
    )
    dots = base.mark_circle(yOffset=8, size=80, opacity=1, color=INK).encode(
        x=alt.X("share", type="quantitative"), y=y
    )
    return finish(
        policies,
        sampled,
        dots,
        *row_names(data, y),
        description="Share of histories in which a signed peace stands "
        + ", ".join(str(row["label"]) for row in rows)
        + ". The light band holds nine of ten policies, each one state of the world; the dark one "
        "is the 95 % interval of the share.",
        height=ROW * max(1, len(rows)),
    )
