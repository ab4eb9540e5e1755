"""The best mix of a mediator's instruments for more and more effort."""

from typing import Literal

import altair as alt

from servanda.charts.names import Names, brief, listed, spaced
from servanda.charts.numbers import percent
from servanda.charts.theme import ACCENT, INK, MUTED, Row, finish, table
from servanda.results.pressure_design import Mix, PressureDesign
from servanda.scenario.model import Scenario

SHARE = "share of the draws in which a deal is kept (%)"

APART = 8.0
"""Points of the share between two mixes whose words do not run into one another."""

HALF = alt.ExprRef("width / 2 - 6")
"""Room for the words of a mix: right of it in the left half of the chart, left of it in the right
half."""


def pressure_frontier_chart(found: PressureDesign, scenario: Scenario) -> alt.LayerChart:
    """Steps: share kept by the best mix for an effort; dashed: the part that takes no pressure."""
    names = Names(scenario)
    rows: list[Row] = [
        {
            "effort": mix.effort,
            "kept": 100 * mix.kept,
            "inside": 100 * mix.inside,
            "mix": mix_words(mix, names),
        }
        for mix in found.frontier
    ]
    top = max(found.everything.effort, rows[-1]["effort"], 1.0)
    data = table(rows)
    line = table([*rows, {**rows[-1], "effort": top}])
    x = alt.X(
        "effort",
        type="quantitative",
        title=[
            "effort (own spreads of what is moved, or as given)",
            "dashed: without any pressure",
        ],
        scale=alt.Scale(domain=[0.0, top]),
        axis=alt.Axis(tickCount=6),
    )
    y = alt.Y("kept", type="quantitative", title=SHARE, scale=alt.Scale(domain=[0, 100]))
    inside = alt.Y("inside", type="quantitative")
    steps = alt.Chart(line).mark_line(interpolate="step-after", color=ACCENT).encode(x=x, y=y)
    dashed = alt.Chart(line).mark_line(
        interpolate="step-after", color=MUTED, strokeDash=[4, 3], strokeWidth=1.5
    )
    dots = alt.Chart(data).mark_circle(color=ACCENT, size=60, opacity=1)
    layers = [
        dashed.encode(x=x, y=inside),
        steps,
        dots.encode(x=x, y=y, tooltip=alt.Tooltip("mix", type="nominal", title="")),
    ]
    if found.budget is not None and found.budget <= top:
        budget = alt.Chart(table([{"effort": found.budget}]))
        layers.append(budget.mark_rule(color=INK, strokeDash=[2, 2]).encode(x=x))
    told = _telling(rows)
    half = [row for row in told if row["effort"] <= top / 2]
    sides: tuple[tuple[list[Row], Literal["left", "right"], int], ...] = (
        (half, "left", 6),
        (told[len(half) :], "right", -6),
    )
    for part, align, dx in sides:
        words = alt.Chart(table(part)).mark_text(
            align=align, baseline="top", dx=dx, dy=6, color=INK, limit=HALF
        )
        layers.append(words.encode(x=x, y=y, text=alt.Text("mix", type="nominal")))
    said = "; ".join(
        f"{row['effort']:.1f}: {percent(row['kept'] / 100)} by {row['mix']}" for row in rows
    )
    return finish(
        *layers,
        description=f"Share of draws with a kept deal by the best mix for each effort. {said}.",
        height=280,
    )


def _telling(rows: list[Row]) -> list[Row]:
    """Points far enough apart for words: the first, and each well above the one told before."""
    told = rows[:1]
    for row in rows[1:]:
        if row["kept"] >= told[-1]["kept"] + APART:
            told.append(row)
    return told


def mix_words(mix: Mix, names: Names) -> str:
    """A mix in words."""
    parts = [
        f"{100 * level:.0f} % of {brief(tool_words(one, names), 50)}"
        for one, level in mix.levels.items()
    ]
    return listed(parts) or "nothing"


def tool_words(identifier: str, names: Names) -> str:
    """An instrument in words."""
    kind, _, name = identifier.partition(":")
    if kind == "guarantees":
        return f"guarantees of {names.actor(name)}"
    return f"{kind} “{spaced(name)}”"
