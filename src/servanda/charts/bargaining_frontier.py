"""Efficient deals between two parties, with the bargaining solutions marked."""

from collections.abc import Sequence

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import signed
from servanda.charts.theme import ACCENT, BAND, MUTED, SHAPES, Row, finish, table
from servanda.results.analysis import Solution
from servanda.results.packages import Deal
from servanda.scenario.model import Scenario


def bargaining_frontier_chart(
    deals: Sequence[Deal], solutions: Sequence[Solution], pair: tuple[str, str], scenario: Scenario
) -> alt.LayerChart:
    """Points: efficient deals left after every gate; larger marks: what each solution chooses."""
    names = Names(scenario)
    first, second = (brief(names.actor(actor)) for actor in pair)
    points = [_point(deal, pair, "other efficient deals") for deal in deals]
    chosen = [_point(one.deal, pair, one.name.replace("-", " ")) for one in solutions if one.deal]
    points = [row for row in points if row is not None]
    marked = [row for row in chosen if row is not None]
    kinds = list(dict.fromkeys(str(row["kind"]) for row in marked))
    x = alt.X("x", type="quantitative", title=f"gain of {first} (value points)")
    y = alt.Y("y", type="quantitative", title=f"gain of {second} (value points)")
    small = alt.Chart(table(p for p in points if p)).mark_circle(
        size=45, color=BAND, stroke=MUTED, strokeWidth=0.6, opacity=1
    )
    large = alt.Chart(table(marked)).mark_point(size=170, strokeWidth=2.2, color=ACCENT)
    shape = alt.Shape(
        "kind",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=kinds, range=list(SHAPES[: len(kinds)])),
    )
    said = "; ".join(
        f"{row['kind']} at {signed(float(row['x']))} and {signed(float(row['y']))}"
        for row in marked
    )
    return finish(
        small.encode(x=x, y=y),
        large.encode(x=x, y=y, shape=shape),
        description=f"{len(points)} efficient deals by the gains of {first} and "
        f"{second} over fighting on, value points. {said}.",
        height=300,
    )


def _point(deal: Deal, pair: tuple[str, str], kind: str) -> Row | None:
    if any(actor not in deal.gains for actor in pair):
        return None
    return {"x": deal.gains[pair[0]], "y": deal.gains[pair[1]], "kind": kind}
