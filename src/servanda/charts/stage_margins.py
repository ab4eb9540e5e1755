"""How much each actor would lose by breaking the plan, stage by stage."""

import altair as alt

from servanda.charts.names import Names
from servanda.charts.numbers import signed
from servanda.charts.theme import (
    INK,
    ROW,
    SHAPES,
    Row,
    actor_hues,
    finish,
    padded,
    row_axis,
    row_names,
    table,
    zero_rule,
)
from servanda.results.plan import PlanEvaluation
from servanda.scenario.model import Scenario


def stage_margins_chart(plan: PlanEvaluation, scenario: Scenario) -> alt.LayerChart:
    """Marks: each actor's smallest margin in a stage; left of 0 it would gain by a breach."""
    names, hues = Names(scenario), actor_hues(scenario)
    stages = [
        (f"{number + 1}. " + " + ".join(names.step(step) for step in stage.steps), margins)
        for number, stage in enumerate(plan.stages)
        for margins in [stage.smallest_margins]
    ]
    stages.append(("after completion", plan.end_margins))
    rows: list[Row] = [
        {
            "row": row,
            "actor": actor,
            "name": names.actor(actor),
            "margin": margin,
            "said": f"{names.actor(actor)} {signed(margin)}",
        }
        for row, (_, margins) in enumerate(stages)
        for actor, margin in margins.items()
        if margin is not None and abs(margin) != float("inf")
    ]
    labels = table({"row": row, "label": label} for row, (label, _) in enumerate(stages))
    y = row_axis("row", list(range(len(stages))))
    numbers = [float(row["margin"]) for row in rows]
    shown = [actor for actor in plan.actors if any(row["actor"] == actor for row in rows)]
    domain = [names.actor(actor) for actor in shown]
    hue = alt.Color(
        "name",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=domain, range=[hues.get(actor, INK) for actor in shown]),
    )
    shape = alt.Shape(
        "name",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=domain, range=[SHAPES[n % len(SHAPES)] for n in range(len(shown))]),
    )
    marks = (
        alt.Chart(table(rows))
        .mark_point(filled=True, size=100, yOffset=8, opacity=0.9)
        .encode(
            x=alt.X(
                "margin",
                type="quantitative",
                title=["smallest margin in the stage (value points);", "below 0 a breach pays"],
                scale=alt.Scale(domain=padded(numbers)),
            ),
            y=y,
            color=hue,
            shape=shape,
            tooltip=[alt.Tooltip("said", type="nominal", title="margin")],
        )
    )
    said = "; ".join(
        f"{label}: " + ", ".join(str(one["said"]) for one in rows if one["row"] == row)
        for row, (label, _) in enumerate(stages)
    )
    return finish(
        zero_rule(),
        marks,
        *row_names(labels, y),
        description=f"Smallest margin of each actor in each stage, value points: {said}.",
        height=ROW * len(stages),
    )
