"""What each change between two scenarios does to the share of draws with a kept deal."""

import altair as alt

from servanda.charts.names import Names, brief
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
    zero_rule,
)
from servanda.results.comparison import Comparison
from servanda.scenario.model import Scenario


def changes_chart(found: Comparison, after: Scenario) -> alt.LayerChart:
    """Bars: the part of each change whatever the order; ticks: what it adds to those before it."""
    names, kept = Names(after), found.kept
    rows: list[Row] = [
        {
            "change": change.label,
            "label": f"{brief(_named(names, change.label), 70)}: {100 * share + 0.0:+.1f}",
            "share": 100 * share,
            "step": 100 * step,
            "nought": 0.0,
        }
        for change, share, step in zip(found.changes, kept.shares, kept.steps, strict=True)
    ]
    data = table(rows)
    y = row_axis("change", [row["change"] for row in rows])
    x = alt.X(
        "share",
        type="quantitative",
        title=[
            "change in the share of draws with a kept deal (points)",
            "bar: whatever the order; tick: added to those above it",
        ],
        scale=alt.Scale(domain=padded([row[key] for row in rows for key in ("share", "step")])),
        axis=alt.Axis(tickCount=5),
    )
    bars = (
        alt.Chart(data)
        .mark_bar(height=10, yOffset=8, color=BAND)
        .encode(x=alt.X("nought", type="quantitative"), x2=alt.X2("share"), y=y)
    )
    ticks = (
        alt.Chart(data)
        .mark_tick(yOffset=8, size=16, thickness=2, color=ACCENT)
        .encode(x=alt.X("step", type="quantitative"), y=y)
    )
    unseen = alt.Chart(data).mark_point(opacity=0).encode(x=x, y=y)
    return finish(
        unseen,
        bars,
        ticks,
        zero_rule(),
        *row_names(data, y),
        description=f"A deal is kept in {percent(kept.before)} of the draws before and "
        f"{percent(kept.after)} after. Parts in points: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(2, len(rows)),
    )


def _named(names: Names, label: str) -> str:
    return " + ".join(names.path(part) for part in label.split(" + "))
