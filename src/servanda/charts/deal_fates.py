"""How often each deal is kept in two scenarios."""

from collections import Counter
from collections.abc import Sequence

import altair as alt

from servanda.charts.names import Names, brief, listed
from servanda.charts.numbers import percent
from servanda.charts.theme import (
    ACCENT,
    BAND,
    ROW,
    Row,
    finish,
    padded,
    row_axis,
    row_names,
    table,
)
from servanda.results.comparison import Comparison, DealChange
from servanda.scenario.model import Scenario

MOST_DEALS = 12
"""Rows that can still be read; those that change most."""


def deal_fates_chart(found: Comparison, after: Scenario) -> alt.LayerChart:
    """A line for each deal, from the share of draws in which it is kept before to that after."""
    names = Names(after)
    told = Counter(answer for deal in found.deals for answer in deal.options.items())
    rows: list[Row] = []
    for number, deal in enumerate(found.deals[:MOST_DEALS], start=1):
        rarest_first = sorted(deal.options.items(), key=lambda answer: told[answer])
        own = [one for one in rarest_first if told[one] < len(found.deals) or len(found.deals) == 1]
        said = listed(brief(names.option(*one), 32) for one in own) or "all they share"
        rows.append(
            {
                "deal": number,
                "label": f"{number} {brief(said, 80)}: {percent(deal.before)} → "
                f"{percent(deal.after)}",
                "before": 100 * deal.before,
                "after": 100 * deal.after,
            }
        )
    data = table(rows)
    y = row_axis("deal", [row["deal"] for row in rows])
    ends = [row[key] for row in rows for key in ("before", "after")]
    x = alt.X(
        "before",
        type="quantitative",
        title=["share of the draws in which it is kept (%)", "ring: before; full dot: after"],
        scale=alt.Scale(domain=[0.0, padded(ends)[1]]),
        axis=alt.Axis(tickCount=5),
    )
    to = alt.X("after", type="quantitative")
    lines = alt.Chart(data).mark_rule(yOffset=8, color=BAND, strokeWidth=4)
    rings = alt.Chart(data).mark_point(yOffset=8, color=ACCENT, size=70, strokeWidth=1.5)
    dots = alt.Chart(data).mark_circle(yOffset=8, color=ACCENT, size=60, opacity=1)
    return finish(
        lines.encode(x=x, x2=alt.X2("after"), y=y),
        rings.encode(x=x, y=y),
        dots.encode(x=to, y=y),
        *row_names(data, y),
        description="Share of the draws in which each deal is kept, before and after: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(2, len(rows)),
    )


def shared_answers(deals: Sequence[DealChange]) -> set[tuple[str, str]]:
    """Answers that every deal gives; none where there is but one deal."""
    answers = [set(deal.options.items()) for deal in deals]
    return set.intersection(*answers) if len(answers) > 1 else set()
