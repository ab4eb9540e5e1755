"""How histories stand by month: areas that add up to all of them."""

import altair as alt

from servanda.charts.history_axis import YEAR, year_axis
from servanda.charts.numbers import percent
from servanda.charts.theme import ACCENT, BAND, OTHER_HUES, Row, finish, table
from servanda.results.histories import Phase
from servanda.results.histories_answer import HistoriesAnswer

STATES: tuple[tuple[str, tuple[Phase, ...], str], ...] = (
    ("peace kept, all carried out", (Phase.PEACE,), OTHER_HUES[0]),
    ("agreement being carried out", (Phase.IMPLEMENTING, Phase.VOTING), "#7dbdb6"),
    ("stopped, nothing agreed or kept", (Phase.FROZEN,), OTHER_HUES[3]),
    ("a side has given way", (Phase.DECIDED,), OTHER_HUES[1]),
    ("war again after an agreement", (Phase.WAR_AGAIN,), ACCENT),
    ("war, with a partial agreement", (Phase.TRUCE,), "#98a1a9"),
    ("war", (Phase.WAR,), BAND),
)
"""What is drawn, from the ground up."""


def history_states_chart(found: HistoriesAnswer) -> alt.LayerChart:
    """Stacked shares of the histories in each state."""
    phases = found.summary.phases
    parts = {name: phases[:, list(members)].sum(axis=1) for name, members, _ in STATES}
    rows: list[Row] = [
        {"year": month / YEAR, "what": name, "share": 100 * float(share), "turn": turn}
        for turn, (name, shares) in enumerate(parts.items())
        for month, share in enumerate(shares)
    ]
    hue = alt.Color(
        "what",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=list(parts), range=[colour for *_, colour in STATES]),
        legend=alt.Legend(columns=1, symbolOpacity=1, symbolType="square", labelLimit=260),
    )
    areas = (
        alt.Chart(table(rows))
        .mark_area()
        .encode(
            x=year_axis(found.summary.horizon),
            y=alt.Y(
                "share",
                type="quantitative",
                stack="zero",
                title="share of histories (%)",
                scale=alt.Scale(domain=[0, 100]),
            ),
            color=hue,
            order=alt.Order("turn", type="quantitative"),
        )
    )
    said = ", ".join(f"{name} {percent(float(shares[-1]))}" for name, shares in parts.items())
    return finish(
        areas,
        description=f"How {found.summary.histories:,} histories stand by month. At the end of "
        f"{found.summary.horizon // YEAR} years: {said}.",
        height=300,
    )
