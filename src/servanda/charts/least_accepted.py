"""What is known of the least that each side accepts, answer by answer."""

import altair as alt

from servanda.charts.names import Names, brief
from servanda.charts.numbers import span
from servanda.charts.theme import ACCENT, BAND, SIDE_HUES, Row, finish, table, whole_ticks
from servanda.results.talks_rounds import RoundsAnswer
from servanda.scenario.model import Scenario

KNOWING_NOTHING = "before any answer"


def least_accepted_chart(found: RoundsAnswer, scenario: Scenario) -> alt.LayerChart:
    """Bars: nine draws of ten before any answer and after this; ticks: medians; dots: offers."""
    names = Names(scenario)
    hues = {actor: SIDE_HUES[side][0] for actor, side in zip(found.sides, ("a", "b"), strict=True)}
    labels = {actor: f"{brief(names.actor(actor), 18)}, after it" for actor in found.sides}
    offered = {
        (offer.round.month, one.actor): offer.round.worth[found.sides.index(one.actor)]
        for offer in found.offers
        if offer.round.worth is not None
        for one in offer.met
    }
    rows: list[Row] = []
    used = [a for a in found.sides if any(one.actor == a for one in found.teaches.answers)]
    beside = {actor: 0.4 * (turn - (len(used) - 1) / 2) for turn, actor in enumerate(used)}
    for answer in found.teaches.answers:
        place = answer.month + beside[answer.actor]
        for what, range_, at in (
            (KNOWING_NOTHING, answer.prior, place - 0.1),
            (labels[answer.actor], answer.after, place + 0.1),
        ):
            low, middle, high = range_
            rows.append({"x": at, "low": low, "middle": middle, "high": high, "what": what})
    points: list[Row] = [
        {"x": a.month + beside[a.actor], "worth": offered[a.month, a.actor]}
        for a in found.teaches.answers
    ]
    scale = alt.Scale(
        domain=[KNOWING_NOTHING, *(labels[actor] for actor in used)],
        range=[BAND, *(hues[actor] for actor in used)],
    )
    last = max(one.month for one in found.teaches.answers)
    x = alt.X(
        "x",
        type="quantitative",
        title=["month of the answer", "bar: nine draws of ten; tick: median; diamond: the offer"],
        axis=alt.Axis(grid=False, values=whole_ticks(last), format="d"),
        scale=alt.Scale(domain=[-0.5, last + 0.5], nice=False),
    )
    y = alt.Y(
        "low",
        type="quantitative",
        title="least that the side accepts (points)",
        scale=alt.Scale(zero=False),
    )
    colour = alt.Color("what", type="nominal", title=None, scale=scale)
    data = table(rows)
    bars = alt.Chart(data).mark_rule(strokeWidth=6).encode(x=x, y=y, y2="high", color=colour)
    medians = (
        alt.Chart(data)
        .mark_point(shape="stroke", size=260, color=ACCENT, strokeWidth=2)
        .encode(x=x, y=alt.Y("middle", type="quantitative"))
    )
    dots = (
        alt.Chart(table(points))
        .mark_point(shape="diamond", filled=True, size=70, color=ACCENT, opacity=1)
        .encode(x=x, y=alt.Y("worth", type="quantitative"))
    )
    said = "; ".join(
        f"{names.actor(one.actor)} in month {one.month}, {'signs' if one.signed else 'refuses'}: "
        f"{span(one.prior[0], one.prior[2])} before any answer, "
        f"{span(one.after[0], one.after[2])} after it"
        for one in found.teaches.answers[:6]
    )
    return finish(
        bars,
        medians,
        dots,
        description=f"The least that a side accepts, in nine draws of ten, with the median; "
        f"diamonds are what the offer was worth. {said}.",
        height=260,
    )
