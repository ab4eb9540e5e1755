"""Who bears a mediator's instruments."""

import altair as alt

from servanda.charts.names import Names
from servanda.charts.numbers import points
from servanda.charts.pressure_frontier import tool_words
from servanda.charts.theme import (
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
from servanda.results.pressure_design import PressureDesign
from servanda.scenario.model import Scenario


def burdens_chart(found: PressureDesign, scenario: Scenario) -> alt.LayerChart:
    """A bar for each instrument and actor: what all of it takes from that actor, value points."""
    names, hues = Names(scenario), actor_hues(scenario)
    rows: list[Row] = []
    for tool in found.instruments:
        for actor, size in tool.burden.items():
            who = names.actor(actor)
            rows.append(
                {
                    "row": f"{tool.id}/{actor}",
                    "label": f"{tool_words(tool.id, names)}, {tool.burden_is}: {who} "
                    f"{points(size)}",
                    "size": size,
                    "nought": 0.0,
                    "who": actor,
                }
            )
    data = table(rows)
    y = row_axis("row", [row["row"] for row in rows])
    x = alt.X(
        "size",
        type="quantitative",
        title="value points, of the kind each row says; to the left of nought: gained",
        scale=alt.Scale(domain=padded([row["size"] for row in rows])),
    )
    known = list(dict.fromkeys(row["who"] for row in rows))
    hue = alt.Color(
        "who",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=known, range=[hues.get(who, "#8b949c") for who in known]),
    )
    bars = (
        alt.Chart(data)
        .mark_bar(height=10, yOffset=8)
        .encode(x=alt.X("nought", type="quantitative"), x2=alt.X2("size"), y=y, color=hue)
    )
    unseen = alt.Chart(data).mark_point(opacity=0).encode(x=x, y=y)
    return finish(
        unseen,
        bars,
        zero_rule(),
        *row_names(data, y),
        description="What each instrument takes from whom: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(2, len(rows)),
    )
