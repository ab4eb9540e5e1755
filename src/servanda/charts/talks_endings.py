"""What has become of the war by month, if talks go on beside it."""

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import percent
from servanda.charts.theme import BAND, OTHER_HUES, SIDE_HUES, Row, finish, table
from servanda.charts.war_prospects import month_axis
from servanda.results.talks_answer import TalksAnswer
from servanda.scenario.model import Scenario


def talks_endings_chart(found: TalksAnswer, scenario: Scenario) -> alt.LayerChart:
    """Areas that add up to 100 %: agreed, frozen, one side has given way, still fighting."""
    names, solution = Names(scenario), found.solution
    a, b = (brief(names.actor(side.actor), 18) for side in found.sides)
    beaten = (solution.given_way + solution.yielded + solution.absorbed).cumsum(axis=0)
    parts = {
        "agreed": (solution.agreement.cumsum(), OTHER_HUES[0]),
        "frozen, no deal": (solution.frozen.cumsum(), OTHER_HUES[3]),
        f"{a} gives way": (beaten[:, 0], SIDE_HUES["a"][1]),
        f"{b} gives way": (beaten[:, 1], SIDE_HUES["b"][1]),
        "fighting on": (solution.fighting[1:], BAND),
    }
    rows: list[Row] = [
        {"month": month, "what": name, "share": 100 * float(share), "turn": turn}
        for turn, (name, (shares, _)) in enumerate(parts.items())
        for month, share in enumerate([float(name == "fighting on"), *shares])
    ]
    hue = alt.Color(
        "what",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=list(parts), range=[colour for _, colour in parts.values()]),
        legend=alt.Legend(columns=1, symbolOpacity=1, symbolType="square", labelLimit=160),
    )
    areas = (
        alt.Chart(table(rows))
        .mark_area(interpolate="step-before")
        .encode(
            x=month_axis(),
            y=alt.Y(
                "share",
                type="quantitative",
                stack="zero",
                title="share of all courses (%)",
                scale=alt.Scale(domain=[0, 100]),
            ),
            color=hue,
            order=alt.Order("turn", type="quantitative"),
        )
    )
    said = ", ".join(f"{name} {percent(float(shares[-1]))}" for name, (shares, _) in parts.items())
    return finish(
        areas,
        description=f"What has become of the war after {len(solution.fighting) - 1} months of "
        f"talks while fighting: {said}.",
        height=240,
    )
