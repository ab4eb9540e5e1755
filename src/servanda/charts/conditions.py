"""What must hold for a deal to be signed, ratified and kept, and by how much it does."""

import altair as alt

from servanda.charts.names import Names
from servanda.charts.numbers import signed
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
from servanda.results.inverse import Condition, Inverse
from servanda.scenario.model import Scenario

VERBS = {"signs": "signs", "ratified": "consents", "kept": "keeps its word"}


def conditions_chart(found: Inverse, scenario: Scenario) -> alt.LayerChart:
    """Bars from nought: margins at the central values; left of nought a condition fails."""
    names = Names(scenario)
    rows: list[Row] = [
        {
            "id": one.id,
            "label": f"{_who(one, names)} {VERBS[one.kind]}: {signed(one.margin)}",
            "margin": one.margin,
            "hue": BAND if one.holds else ACCENT,
        }
        for one in found.conditions
    ]
    data = table(rows)
    y = row_axis("id", [row["id"] for row in rows])
    x = alt.X(
        "margin",
        type="quantitative",
        title=["value points; for those who consent, points of support", "left of 0 it fails"],
        scale=alt.Scale(domain=padded(row["margin"] for row in rows), nice=False),
        axis=alt.Axis(tickCount=5),
    )
    bars = (
        alt.Chart(data)
        .mark_bar(height=9, yOffset=8)
        .encode(x=x, y=y, color=alt.Color("hue", type="nominal", scale=None))
    )
    return finish(
        bars,
        zero_rule(),
        *row_names(data, y),
        description="Margins of what must hold at the central values: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )


def _who(one: Condition, names: Names) -> str:
    return names.audience(one.who) if one.kind == "ratified" else names.actor(one.who)
