"""The share of draws with a kept deal over two numbers at once."""

import altair as alt

from servanda.charts.margin_map import cells, contour, now
from servanda.charts.numbers import percent
from servanda.charts.theme import BAND, OTHER_HUES, finish
from servanda.results.answer_map import AnswerMap
from servanda.scenario.model import Scenario


def share_map_chart(found: AnswerMap, scenario: Scenario) -> alt.LayerChart:
    """Cells: share of draws in which all sign and keep the deal; line and cross: as in the other.

    The line is where the margin is 0 with all other numbers at their central values.
    """
    colour = alt.Color(
        "value",
        type="quantitative",
        title=["kept in", "(% of draws)"],
        scale=alt.Scale(domain=[0, 100], range=["#ffffff", OTHER_HUES[0]], interpolate="rgb"),
        legend=alt.Legend(gradientStrokeColor=BAND),
    )
    low, high = float(found.share.min()), float(found.share.max())
    return finish(
        cells(found, 100.0 * found.share, scenario).encode(color=colour),
        contour(found),
        now(found),
        description=f"Share of the draws of all other numbers in which the deal is signed and kept "
        f"in the order {found.order}, over {found.first.path} and {found.second.path}: "
        f"{percent(low)} to {percent(high)}.",
        height=380,
    )
