"""Fighting on: how long, who gives way, where the line may stand, as each side believes it."""

from servanda.brief.document import (
    Block,
    Figure,
    Line,
    Paragraph,
    Section,
    Table,
    TableRow,
    columns,
)
from servanda.brief.words import capital
from servanda.charts.front_line import front_line_chart
from servanda.charts.names import Names, listed
from servanda.charts.numbers import exact_percent, months, points
from servanda.charts.war_prospects import months_shown, war_prospects_chart
from servanda.results.analysis import Analysis
from servanda.results.war import WarOutlook


def war_section(analysis: Analysis, names: Names) -> Section:
    """Prospects, the fronts as assessed, and what the war is worth to whom, by believer."""
    title = "If the war goes on, as each side believes it"
    if not analysis.war:
        return Section("war", title, ())
    scenario = names.scenario
    blocks: list[Block] = [Paragraph(_lead(analysis, names))]
    blocks.append(
        Figure(
            war_prospects_chart(analysis.war, scenario),
            "Probability that a side has given way by then, one line a believer; the shaded area "
            "spans the beliefs.",
        )
    )
    blocks.append(_table(analysis, names))
    view = analysis.war[0]
    blocks += [
        Figure(
            front_line_chart(view, number, scenario),
            f"{names.front(identifier)}, as {names.believer(view.believer)} sees it: how many of "
            f"its {len(front.parcels)} parcels {names.side('a')} may hold. Line, the middle case; "
            "bands, half and nine in ten of what may happen. A war that has ended leaves its line "
            "where it ended.",
        )
        for number, (identifier, front) in enumerate(scenario.fronts.items())
        if number < len(view.outlook.line_unconditional)
    ]
    return Section("war", title, tuple(blocks))


def _lead(analysis: Analysis, names: Names) -> str:
    views = analysis.war
    lasting = listed(
        f"{names.believer(view.believer)} {months(view.outlook.expected_months)}" for view in views
    )
    hopeful = [
        names.actor(view.believer)
        for view in views
        if view.believer in names.scenario.actors
        and (own := names.scenario.actors[view.believer].side)
        and view.outlook.ultimate_gives_way["ab".index(own)] < 0.5 * _decided(view.outlook)
    ]
    said = f"How long the war is expected to go on, by believer: {lasting}."
    if len(hopeful) > 1:
        said += f" {capital(listed(hopeful))} each believe that the other side gives way first."
    return said


def _decided(outlook: WarOutlook) -> float:
    return float(outlook.ultimate_gives_way.sum())


def _table(analysis: Analysis, names: Names) -> Table:
    actors = list(names.scenario.actors)
    horizon = months_shown([view.outlook for view in analysis.war])
    rows = []
    for view in analysis.war:
        outlook = view.outlook
        place = min(horizon, len(outlook.months) - 1)
        values: list[Line] = [points(float(value)) for value in outlook.value]
        rows.append(
            TableRow(
                (
                    capital(names.believer(view.believer)),
                    months(outlook.expected_months).removesuffix(" months"),
                    exact_percent(float(outlook.gives_way[place, 0])),
                    exact_percent(float(outlook.gives_way[place, 1])),
                    exact_percent(float(outlook.frozen[place])),
                    *values[: len(actors)],
                )
            )
        )
    heads = [
        "Believer",
        "Months, expected#",
        f"{names.side('a')} gives way by month {horizon}#",
        f"{names.side('b')} gives way by month {horizon}#",
        f"Frozen by month {horizon}#",
        *(f"Value to {names.actor(actor)}#" for actor in actors[: len(rows[0].cells) - 5]),
    ]
    return Table(
        "The same war in different eyes; values in points on each actor's own scale.",
        columns(*heads),
        tuple(rows),
    )
