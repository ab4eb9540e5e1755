"""How many packages each gate leaves, at the central values and over the draws."""

from collections.abc import Sequence

import altair as alt

from servanda.charts.numbers import count, span
from servanda.charts.theme import BAND, INK, MUTED, ROW, Row, finish, row_axis, row_names, table
from servanda.results.analysis import GateShare
from servanda.results.packages import Funnel

GATES = {
    "red-lines": "respect every red line",
    "individual-rationality": "better than fighting on for all who sign",
    "ratification": "leaders and publics would agree",
    "implementable": "kept in some order of steps",
    "efficient": "and no other is better for all",
}
UNCOUNTED = {"implementable", "efficient"}
"""Over the draws these say only whether something is left, not how many."""


def funnel_chart(funnel: Funnel, gates: Sequence[GateShare]) -> alt.LayerChart:
    """Bars: packages left after each gate; lines: 5 % to 95 % of the draws."""
    over_draws = {gate.gate: gate.remaining for gate in gates if gate.gate not in UNCOUNTED}
    first = {"gate": "table", "label": f"on the table: {count(funnel.packages)}"}
    rows: list[Row] = [{**first, "left": funnel.packages, "low": None, "high": None}]
    for gate in funnel.gates:
        band = over_draws.get(gate.gate)
        said = f"{GATES.get(gate.gate, gate.label)}: {count(gate.remaining)}"
        if gate.gate == "implementable" and len(funnel.tested) < len(funnel.survivors):
            said = f"kept in some order, as far as looked at: {count(gate.remaining)}"
        if band is not None:
            said += f" (draws {span(band.low, band.high, count)})"
        rows.append(
            {
                "gate": gate.gate,
                "label": said,
                "left": gate.remaining,
                "low": band.low if band else None,
                "high": band.high if band else None,
            }
        )
    data = table(rows)
    y = row_axis("gate", [row["gate"] for row in rows])
    top = max(1.0, funnel.packages)
    ticks = [0.0] + [10.0**power for power in range(10) if 10.0**power <= top]
    x = alt.X(
        "left",
        type="quantitative",
        title="packages left (each step of the scale is tenfold)",
        scale=alt.Scale(type="symlog", domain=[0, top]),
        axis=alt.Axis(values=ticks, labelExpr="format(datum.value, ',')"),
    )
    bars = alt.Chart(data).mark_bar(height=14, yOffset=8, color=BAND).encode(x=x, y=y)
    bands = alt.Chart(data).transform_filter("isValid(datum.high)")
    rules = bands.mark_rule(yOffset=8, color=INK, strokeWidth=1.5).encode(
        x=alt.X("low", type="quantitative"), x2=alt.X2("high"), y=y
    )
    ends = [
        bands.mark_tick(yOffset=8, color=INK, thickness=1.5, size=9).encode(
            x=alt.X(field, type="quantitative"), y=y
        )
        for field in ("low", "high")
    ]
    none = (
        alt.Chart(data)
        .transform_filter("datum.left === 0")
        .mark_text(text="none", align="left", dx=4, dy=8, color=MUTED)
        .encode(x=x, y=y)
    )
    return finish(
        bars,
        rules,
        *ends,
        none,
        *row_names(data, y),
        description="Packages left after each gate: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * len(rows),
    )
