"""Which two causes together stand between the parties and a kept deal."""

import altair as alt

from servanda.charts.names import clean
from servanda.charts.numbers import percent
from servanda.charts.theme import ACCENT, INK, MUTED, Row, finish, table
from servanda.results.diagnosis import Diagnosis

CELL = 34
DARK = 55
"""Share from which letters on a square are white."""


def cause_pairs_chart(found: Diagnosis) -> alt.LayerChart:
    """A square for each pair of causes: share of draws with a kept deal when both are off.

    On the diagonal each alone.
    """
    label = {one.cause.id: clean(one.cause.name) for one in found.causes}
    names = list(label.values())
    shares = {(one.cause.id, one.cause.id): one.share for one in found.causes}
    for pair in found.pairs:
        shares[pair.first, pair.second] = shares[pair.second, pair.first] = pair.share
    rows: list[Row] = [
        {
            "one": label[one],
            "other": label[other],
            "share": 100 * share,
            "says": f"{100 * share:.0f}",
        }
        for (one, other), share in shares.items()
    ]
    data = table(rows)
    x = alt.X(
        "other",
        type="nominal",
        sort=names,
        title=None,
        axis=alt.Axis(orient="top", labelAngle=-60, labelLimit=220, labelOverlap=False),
    )
    y = alt.Y("one", type="nominal", sort=names, title=None, axis=alt.Axis(labelLimit=220))
    shade = alt.Color(
        "share",
        type="quantitative",
        scale=alt.Scale(domain=[0, 100], range=["#ffffff", ACCENT]),
        legend=alt.Legend(title="kept (%)", gradientLength=200, titleColor=MUTED),
    )
    cells = alt.Chart(data).mark_rect(stroke="white").encode(x=x, y=y, color=shade)
    words = [
        alt.Chart(data)
        .transform_filter(f"datum.share {where} {DARK}")
        .mark_text(fontSize=11, color=colour)
        .encode(x=x, y=y, text=alt.Text("says", type="nominal"))
        for where, colour in ((">", "white"), ("<=", INK))
    ]
    listed = "; ".join(
        f"{label[pair.first]} and {label[pair.second]}: {percent(pair.share)}"
        for pair in found.pairs[:10]
    )
    return finish(
        cells,
        *words,
        description=f"Share of draws with a kept deal, two causes off at a time. {listed}.",
        height=CELL * len(names),
    )
