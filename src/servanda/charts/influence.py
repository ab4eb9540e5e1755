"""Which assumptions the answer hangs on most."""

from collections.abc import Sequence
from statistics import NormalDist

import altair as alt

from servanda.charts.names import Names
from servanda.charts.numbers import exact_percent
from servanda.charts.theme import ACCENT, BAND, INK, Row, finish, row_axis, row_names, table
from servanda.results.analysis import Assumption
from servanda.scenario.model import Scenario

SHOWN = 10
ROW = 36


def influence_chart(
    assumptions: Sequence[Assumption], draws: int, scenario: Scenario
) -> alt.LayerChart:
    """Bars: squared rank correlation with the margin of the deal in focus."""
    names = Names(scenario)
    shown = [one for one in assumptions if one.influence > 0][:SHOWN]
    rows: list[Row] = [
        {
            "path": one.path,
            "label": f"{names.path(one.path)}: {exact_percent(one.influence)}",
            "influence": 100 * one.influence,
            "hue": ACCENT if one.sources else BAND,
        }
        for one in shown
    ]
    data = table(rows)
    y = row_axis("path", [row["path"] for row in rows])
    bars = (
        alt.Chart(data)
        .mark_bar(height=9, yOffset=8)
        .encode(
            x=alt.X(
                "influence",
                type="quantitative",
                title=["share of the variation in rank it goes with (%);", "pale: no source"],
                scale=alt.Scale(domainMin=0),
            ),
            y=y,
            color=alt.Color("hue", type="nominal", scale=None),
        )
    )
    chance = alt.Chart(table([{"influence": 100 * by_chance(len(assumptions), draws)}]))
    rule = chance.mark_rule(strokeDash=[4, 3], color=INK, strokeWidth=1.5).encode(
        x=alt.X("influence", type="quantitative")
    )
    return finish(
        bars,
        rule,
        *row_names(data, y),
        description="Assumptions that move the margin of the deal in focus most: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )


def by_chance(numbers: int, draws: int) -> float:
    """What the largest of so many squared correlations stays below, in 95 cases of 100, if none
    of the numbers mattered (normal approximation, Bonferroni).
    """
    z = NormalDist().inv_cdf(1.0 - 0.025 / max(numbers, 1))
    return min(1.0, z * z / max(draws - 1, 1))
