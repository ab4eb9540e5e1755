"""Efficient deals among three parties and more: a line for each across everybody's gains."""

from collections.abc import Sequence

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import signed
from servanda.charts.theme import ACCENT, BAND, DASHES, Row, finish, padded, table
from servanda.results.analysis import Solution
from servanda.results.packages import Deal
from servanda.scenario.model import Scenario

MOST_LINES = 200
"""Lines drawn; of more deals every so many is."""


def parallel_gains_chart(
    deals: Sequence[Deal], solutions: Sequence[Solution], scenario: Scenario
) -> alt.LayerChart:
    """Thin lines: efficient deals; thick ones, told apart by dashes: what each solution chooses."""
    names = Names(scenario)
    actors = list(dict.fromkeys(actor for deal in deals for actor in deal.gains))
    labels = {actor: brief(names.actor(actor), 18) for actor in actors}
    step = -(-len(deals) // MOST_LINES) or 1
    thin = [
        _point(f"deal {deal.index}", labels[actor], gain, "")
        for deal in deals[::step]
        for actor, gain in deal.gains.items()
    ]
    chosen: dict[int, tuple[Deal, list[str]]] = {}
    for one in solutions:
        if one.deal is not None:
            chosen.setdefault(one.deal.index, (one.deal, []))[1].append(one.name.replace("-", " "))
    thick = [
        _point(f"deal {deal.index}", labels[actor], gain, ", ".join(said))
        for deal, said in chosen.values()
        for actor, gain in deal.gains.items()
    ]
    kinds = list(dict.fromkeys(str(row["kind"]) for row in thick))
    x = alt.X(
        "actor",
        type="ordinal",
        sort=list(labels.values()),
        title=None,
        axis=alt.Axis(labelAngle=0, labelLimit=110),
        scale=alt.Scale(type="point", padding=0.3),
    )
    numbers = [float(row["gain"]) for row in (*thin, *thick)]
    y = alt.Y(
        "gain",
        type="quantitative",
        title="gain over no deal (value points)",
        scale=alt.Scale(domain=padded(numbers)),
    )
    few = alt.Chart(table(thin)).mark_line(color=BAND, strokeWidth=1, opacity=0.7)
    marked = alt.Chart(table(thick)).mark_line(color=ACCENT, strokeWidth=2.2)
    dash = alt.StrokeDash(
        "kind",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=kinds, range=[DASHES[n % len(DASHES)] for n in range(len(kinds))]),
    )
    said = "; ".join(
        f"{', '.join(words)}: "
        + ", ".join(f"{labels[actor]} {signed(gain)}" for actor, gain in deal.gains.items())
        for deal, words in chosen.values()
    )
    return finish(
        few.encode(x=x, y=y, detail=alt.Detail("deal", type="nominal")),
        marked.encode(x=x, y=y, strokeDash=dash),
        description=f"{len(deals)} efficient deals by the gain of each party over no deal, value "
        f"points. {said}.",
        height=320,
    )


def _point(deal: str, actor: str, gain: float, kind: str) -> Row:
    return {"deal": deal, "actor": actor, "gain": gain, "kind": kind}
