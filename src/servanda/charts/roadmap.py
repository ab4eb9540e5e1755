"""An order of steps as a calendar: months since signature, one row a step."""

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import signed
from servanda.charts.theme import (
    ACCENT,
    INK,
    ROW,
    Row,
    actor_hues,
    finish,
    row_axis,
    row_names,
    table,
)
from servanda.results.plan import PlanEvaluation
from servanda.scenario.model import Scenario


def roadmap_chart(plan: PlanEvaluation, scenario: Scenario) -> alt.LayerChart:
    """Bars: steps that take time; diamonds: steps at one moment; dashed: the weakest link."""
    names = Names(scenario)
    rows = _rows(plan, scenario, names)
    data = table(rows)
    order = [row["row"] for row in rows]
    y = row_axis("row", order)
    x = alt.X(
        "start",
        type="quantitative",
        title="months since signature",
        scale=alt.Scale(domain=[0, max(plan.months, 1)], nice=True),
        axis=alt.Axis(tickMinStep=1, format="d"),
    )
    hue = alt.Color("hue", type="nominal", scale=None)
    lasting = alt.Chart(data).transform_filter("datum.end > datum.start")
    bars = lasting.mark_bar(height=14, yOffset=8, cornerRadius=2).encode(
        x=x, x2=alt.X2("end"), y=y, color=hue
    )
    moments = alt.Chart(data).transform_filter("datum.end === datum.start")
    diamonds = moments.mark_point(
        shape="diamond", size=130, filled=True, yOffset=8, opacity=1
    ).encode(x=x, y=y, color=hue)
    layers: list[alt.Chart] = [bars, diamonds]
    weakest = plan.weakest_link
    moment = weakest.constraint if weakest is not None else None
    if moment is not None and moment.plan_month > 0 and moment.stage < len(plan.stages):
        rule = alt.Chart(table([{"start": moment.plan_month}]))
        layers.append(rule.mark_rule(strokeDash=[4, 3], color=INK, strokeWidth=1.5).encode(x=x))
    layers += row_names(data, y)
    return finish(
        *layers,
        description=f"{len(rows)} steps in {len(plan.stages)} stages over {plan.months} months: "
        + "; ".join(f"month {row['start']} to {row['end']}, {row['label']}" for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )


def _rows(plan: PlanEvaluation, scenario: Scenario, names: Names) -> list[Row]:
    hues = actor_hues(scenario)
    weakest = plan.weakest_link
    rows: list[Row] = []
    for number, stage in enumerate(plan.stages):
        for step in stage.steps:
            known = scenario.steps.get(step)
            owners = known.by if known and known.by else stage.owners
            months = known.months if known else stage.months
            label = f"{number + 1}. {brief(names.step(step), 34)} · {who(owners, names)}"
            if weakest is not None and weakest.constraint.stage == number:
                label += f" ◀ weakest ({signed(weakest.margin)})"
            rows.append(
                {
                    "row": len(rows),
                    "label": label,
                    "start": stage.start_month,
                    "end": stage.start_month + min(months, stage.months),
                    "hue": hues.get(owners[0], ACCENT) if len(owners) == 1 else ACCENT,
                }
            )
    return rows


def who(owners: tuple[str, ...], names: Names) -> str:
    """The owners of a step, by their short names where there are several."""
    if len(owners) == 1:
        return brief(names.actor(owners[0]), 18)
    return ", ".join(names.short(owner) for owner in owners)
