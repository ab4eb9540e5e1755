"""What each bargaining solution gives each party over no deal."""

from collections.abc import Sequence

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import signed
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
from servanda.results.analysis import Solution
from servanda.scenario.model import Scenario


def solution_gains_chart(solutions: Sequence[Solution], scenario: Scenario) -> alt.LayerChart:
    """A row for each party of each deal chosen: its gain as a bar, solutions with one deal once."""
    names, hues = Names(scenario), actor_hues(scenario)
    chosen: dict[int, list[Solution]] = {}
    for one in solutions:
        if one.deal is not None:
            chosen.setdefault(one.deal.index, []).append(one)
    rows: list[Row] = []
    for same in chosen.values():
        deal = same[0].deal
        assert deal is not None  # those without were left out
        said = ", ".join(one.name.replace("-", " ") for one in same)
        for actor, gain in deal.gains.items():
            rows.append(
                {
                    "row": f"{deal.index} {actor}",
                    "label": f"{brief(said, 48)} · {brief(names.actor(actor), 24)}: {signed(gain)}",
                    "gain": gain,
                    "hue": hues.get(actor, INK),
                }
            )
    data = table(rows)
    y = row_axis("row", [row["row"] for row in rows])
    x = alt.X(
        "gain",
        type="quantitative",
        title="gain over no deal (value points)",
        scale=alt.Scale(domain=padded([float(row["gain"]) for row in rows] or [0.0, 1.0])),
    )
    bars = (
        alt.Chart(data)
        .mark_bar(height=12, yOffset=8)
        .encode(x=x, y=y, color=alt.Color("hue", type="nominal", scale=None))
    )
    return finish(
        bars,
        zero_rule(),
        *row_names(data, y),
        description="Gain of each party over no deal in what each solution chooses, value points: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )
