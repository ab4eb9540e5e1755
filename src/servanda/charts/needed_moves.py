"""How far numbers would have to move for a deal to be signed, ratified and kept."""

import altair as alt

from servanda.charts.names import Names
from servanda.charts.theme import ACCENT, BAND, ROW, Row, finish, row_axis, row_names, table
from servanda.results.inverse import Inverse, Move
from servanda.results.significant import significant
from servanda.scenario.model import Scenario

MOST = 10
"""Rows drawn."""


def needed_moves_chart(found: Inverse, scenario: Scenario) -> alt.LayerChart:
    """Lines from where a number stands to where it is needed, in its spreads; band: its range.

    Numbers each of which alone is enough, or those of the cheapest joint change where none is.
    """
    names = Names(scenario)
    moves = [one.moves[0] for one in found.alone[:MOST]]
    if not moves and found.joint is not None:
        moves = list(found.joint.moves)
    rows: list[Row] = [
        {
            "path": one.path,
            "label": f"{names.path(one.path)}: {significant(one.start)} to {significant(one.to)}",
            "now": 0.0,
            "to": one.spreads,
            "low": _in_spreads(one, one.low),
            "high": _in_spreads(one, one.high),
        }
        for one in moves
    ]
    data = table(rows)
    y = row_axis("path", [row["path"] for row in rows])
    base = alt.Chart(data)
    x = alt.X(
        "now",
        type="quantitative",
        title=["how far it moves, in its spreads; 0: where it stands", "band: the range stated"],
        axis=alt.Axis(tickCount=5),
    )
    band = (
        base.transform_filter("isValid(datum.low)")
        .mark_bar(height=11, yOffset=8, color=BAND, opacity=0.6)
        .encode(x=alt.X("low", type="quantitative"), x2=alt.X2("high"), y=y)
    )
    line = base.mark_rule(yOffset=8, color=ACCENT, strokeWidth=2).encode(x=x, x2=alt.X2("to"), y=y)
    dot = base.mark_circle(yOffset=8, size=80, color=ACCENT, opacity=1).encode(
        x=alt.X("to", type="quantitative"), y=y
    )
    how = "each alone enough" if found.alone else "together enough"
    return finish(
        band,
        line,
        dot,
        *row_names(data, y),
        description=f"Moves after which every condition holds, {how}: "
        + "; ".join(str(row["label"]) for row in rows)
        + ".",
        height=ROW * max(1, len(rows)),
    )


def _in_spreads(one: Move, end: float | None) -> float | None:
    return None if end is None else (end - one.start) / one.spread
