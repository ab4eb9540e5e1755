"""Which deals are signed, in which share of the histories."""

import altair as alt

from servanda.charts.names import Names, brief, listed
from servanda.charts.numbers import percent
from servanda.charts.theme import BAND, INK, ROW, Row, finish, row_axis, row_names, table
from servanda.results.histories_answer import HistoriesAnswer
from servanda.scenario.model import Scenario

MOST = 8
"""Deals drawn, the most frequent first."""


def deal_frequency_chart(found: HistoriesAnswer, scenario: Scenario) -> alt.LayerChart:
    """A row for each deal: dot the share of histories, band nine policies of ten."""
    names, shares = Names(scenario), found.summary.deals
    shown = found.signed[:MOST]
    rows: list[Row] = [
        {
            "row": str(found.packages[one]),
            "label": f"{found.packages[one]}: {brief(differing(found, one, names), 95)}",
            "share": 100 * float(shares.share[one]),
            "low": 100 * float(shares.draws_low[one]),
            "high": 100 * float(shares.draws_high[one]),
        }
        for one in shown
    ]
    data = table(rows)
    y = row_axis("row", [row["row"] for row in rows])
    base = alt.Chart(data)
    x = alt.X(
        "low",
        type="quantitative",
        title="signed (% of histories; band: nine policies of ten)",
        scale=alt.Scale(domainMin=0, nice=True),
    )
    bands = base.mark_bar(height=10, yOffset=8, color=BAND).encode(x=x, x2=alt.X2("high"), y=y)
    dots = base.mark_circle(yOffset=8, size=80, opacity=1, color=INK).encode(
        x=alt.X("share", type="quantitative"), y=y
    )
    said = listed(
        f"deal {found.packages[one]} in {percent(float(shares.share[one]))}" for one in shown
    )
    return finish(
        bands,
        dots,
        *row_names(data, y),
        description=f"Deals signed in {found.summary.histories:,} histories, the most frequent "
        f"first: {said or 'none'}. The band holds nine of ten policies.",
        height=14 + ROW * max(1, len(rows)),
    )


def differing(found: HistoriesAnswer, deal: int, names: Names) -> str:
    """The answers of a deal that not all deals signed share; all of them where it is alone."""
    shown = found.signed[:MOST]
    same = [
        issue
        for issue, option in found.deals[deal].items()
        if len(shown) > 1 and all(found.deals[one][issue] == option for one in shown)
    ]
    return "; ".join(
        names.option(issue, option)
        for issue, option in found.deals[deal].items()
        if issue not in same
    )
