"""Which cause stands between the parties and a kept deal, alone and with another."""

import altair as alt

from servanda.charts.names import clean
from servanda.charts.numbers import percent
from servanda.charts.theme import (
    ACCENT,
    BAND,
    INK,
    MUTED,
    ROW,
    Row,
    finish,
    row_axis,
    row_names,
    table,
)
from servanda.results.diagnosis import Diagnosis

CELL = 34
DARK = 55
"""Share from which letters on a square are white."""

SHARE = "share of the draws in which some deal is kept (%)"


def causes_chart(found: Diagnosis) -> alt.LayerChart:
    """Bars: share of draws with a kept deal when a cause is off; dashed: as things stand."""
    rows: list[Row] = [
        {
            "cause": one.cause.id,
            "label": f"without {clean(one.cause.name)}: {percent(one.share)}",
            "share": 100 * one.share,
        }
        for one in found.causes
    ]
    every = f"with every cause off: {percent(found.all_off)}"
    rows.append({"cause": "all", "label": every, "share": 100 * found.all_off})
    data = table(rows)
    y = row_axis("cause", [row["cause"] for row in rows])
    x = alt.X(
        "share",
        type="quantitative",
        title=SHARE,
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5),
    )
    bars = alt.Chart(data).mark_bar(height=12, yOffset=8, color=BAND).encode(x=x, y=y)
    now = alt.Chart(table([{"share": 100 * found.as_it_is}]))
    rule = now.mark_rule(strokeDash=[4, 3], color=INK, strokeWidth=1.5).encode(x=x)
    return finish(
        bars,
        rule,
        *row_names(data, y),
        description=f"As things stand a deal is kept in {percent(found.as_it_is)} of the draws "
        "(dashed); " + "; ".join(str(row["label"]) for row in rows) + ".",
        height=ROW * len(rows),
    )


def cause_pairs_chart(found: Diagnosis) -> alt.LayerChart:
    """A square for each pair of causes: share of draws with a kept deal when both are off.

    On the diagonal each alone.
    """
    names = [one.cause.id for one in found.causes]
    shares = {(one.cause.id, one.cause.id): one.share for one in found.causes}
    for pair in found.pairs:
        shares[pair.first, pair.second] = shares[pair.second, pair.first] = pair.share
    rows: list[Row] = [
        {
            "one": one,
            "other": other,
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
        f"{pair.first} and {pair.second}: {percent(pair.share)}" for pair in found.pairs[:10]
    )
    return finish(
        cells,
        *words,
        description=f"Share of draws with a kept deal, two causes off at a time. {listed}.",
        height=CELL * len(names),
    )
