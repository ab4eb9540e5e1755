"""Packages at the central values, as an answer shows itself."""

from __future__ import annotations

from servanda.brief.deal_charts import charts_of_deals
from servanda.brief.document import Block, Figure, Line, Paragraph, Section, tabled
from servanda.brief.words import package_line
from servanda.charts.names import Names
from servanda.charts.numbers import signed
from servanda.results.deals import Deals

MOST_DEALS = 12
"""Efficient deals listed; the answer itself has them all."""
CAPTIONS = {
    "funnel": "Packages left after each gate, at the central values.",
    "frontier": "Efficient deals by what each party gains.",
    "solutions": "What each bargaining solution would give to whom.",
    "red-lines": "Packages that each red line alone takes off the table.",
}


def deals_section(found: Deals, names: Names) -> Section:
    """The finding, the charts, and the efficient deals with what each party gains."""
    blocks: list[Block] = [Paragraph(found.funnel.message, "finding")]
    blocks += [
        Figure(chart, CAPTIONS[name])
        for name, chart in charts_of_deals(found, names.scenario).items()
    ]
    parties = list(found.reservations)
    rows: list[tuple[Line, ...]] = [
        (
            str(deal.index),
            package_line(deal, names),
            *(signed(deal.gains[one]) if one in deal.gains else "–" for one in parties),
        )
        for deal in found.funnel.efficient[:MOST_DEALS]
    ]
    if rows:
        heads = ("Deal", "Package", *(f"{names.actor(one)}#" for one in parties))
        caption = "Efficient deals, and points each party gains over no deal."
        blocks.append(tabled(caption, heads, rows))
    return Section("deals", "Deals", tuple(blocks))
