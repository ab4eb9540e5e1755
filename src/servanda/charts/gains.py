"""What a deal gives each actor against fighting on."""

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import signed, span
from servanda.charts.theme import (
    INK,
    ROW,
    Row,
    actor_hues,
    finish,
    padded,
    row_axis,
    row_names,
    table,
    zero_rule,
)
from servanda.results.analysis import DealView
from servanda.scenario.model import Scenario


def gains_chart(view: DealView, scenario: Scenario) -> alt.LayerChart:
    """Bands: 5 % to 95 % of the draws; dots: central values; the line at 0 is fighting on."""
    names, hues = Names(scenario), actor_hues(scenario)
    rows: list[Row] = [
        {
            "actor": actor,
            "label": f"{brief(names.actor(actor), 24)}: {signed(gain.central)}"
            f" (draws {span(gain.low, gain.high, signed)})",
            "central": gain.central,
            "low": gain.low,
            "median": gain.median,
            "high": gain.high,
            "hue": hues.get(actor, INK),
        }
        for actor, gain in view.gains.items()
    ]
    data = table(rows)
    y = row_axis("actor", [row["actor"] for row in rows])
    numbers = [float(row[key]) for row in rows for key in ("low", "high", "central")]
    x = alt.X(
        "low",
        type="quantitative",
        title=["gain over fighting on, in its own beliefs", "(value points)"],
        scale=alt.Scale(domain=padded(numbers)),
    )
    hue = alt.Color("hue", type="nominal", scale=None)
    base = alt.Chart(data)
    bands = base.mark_bar(height=12, yOffset=8, opacity=0.4).encode(
        x=x, x2=alt.X2("high"), y=y, color=hue
    )
    medians = base.mark_tick(yOffset=8, size=16, thickness=2).encode(
        x=alt.X("median", type="quantitative"), y=y, color=hue
    )
    dots = base.mark_circle(yOffset=8, size=90, opacity=1).encode(
        x=alt.X("central", type="quantitative"), y=y, color=hue
    )
    return finish(
        bands,
        zero_rule(),
        medians,
        dots,
        *row_names(data, y),
        description="Gain of each actor over fighting on, value points: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )
