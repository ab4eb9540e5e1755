"""What changed since another scenario, and which difference does what."""

from __future__ import annotations

import altair as alt

from servanda.brief.comparison_tables import notes_of_comparison, tables_of_comparison
from servanda.brief.document import Block, Figure, Paragraph, Section
from servanda.brief.words import day
from servanda.charts.changes import changes_chart
from servanda.charts.deal_fates import deal_fates_chart
from servanda.charts.names import Names, clean, in_words
from servanda.results.analysis import Origin
from servanda.results.comparison import Comparison
from servanda.scenario.model import Scenario

CAPTIONS = {
    "changes": "What each change does to the share of the draws in which a deal is kept.",
    "deals": "The deals whose share of the draws changes most.",
}


def comparison_section(found: Comparison, names: Names) -> Section:
    """Which are compared, the finding, what each change does, and the tables behind it."""
    before, after = found.before.origin, found.after.origin
    blocks: list[Block] = [
        Paragraph(f"A is {_called(before)}; B, which this brief is about, is {_called(after)}."),
        Paragraph(in_words(found.message, _paths(found, names)), "finding"),
        *(Paragraph(note, "note") for note in notes_of_comparison(found)),
    ]
    blocks += [
        Figure(chart, CAPTIONS[name])
        for name, chart in charts_of_comparison(found, names.scenario).items()
    ]
    blocks += tables_of_comparison(found, names)
    return Section("compare", "What has changed, and what that does", tuple(blocks))


def charts_of_comparison(found: Comparison, after: Scenario) -> dict[str, alt.LayerChart]:
    """Charts by name: the part of each change and the fate of each deal, where there are any."""
    charts = {"changes": changes_chart(found, after)} if found.changes else {}
    if found.deals:
        charts["deals"] = deal_fates_chart(found, after)
    return charts


def _called(origin: Origin) -> str:
    parts = [f"“{clean(origin.title)}” as of {day(origin.as_of)}"]
    parts += [f"variant {clean(origin.variant)}"] if origin.variant else []
    parts += [f"with {clean(change)}" for change in origin.changes]
    return ", ".join(parts)


def _paths(found: Comparison, names: Names) -> dict[str, str]:
    """Words for the paths that the finding may speak of."""
    paths = [part for change in found.changes for part in change.label.split(" + ")]
    if found.bring_back is not None:
        paths += [one.path.removesuffix(".holds") for one in found.bring_back.tried]
        paths += [one.path for one in found.bring_back.tried]
    return {path: names.path(path) for path in paths}
