"""The orders of one package, as an answer shows itself."""

from __future__ import annotations

from servanda.brief.document import Block, Figure, Paragraph, Section
from servanda.brief.order_charts import charts_of_order
from servanda.brief.words import package_line, sentence
from servanda.charts.names import Names
from servanda.results.order_answer import OrderAnswer

CAPTIONS = {
    "roadmap": "By month since signature; diamonds take effect at once.",
    "stages": "What each actor would lose by the breach that tempts it most, stage by stage.",
    "draws": "The smallest margin of each order over the draws.",
    "lattice": "Sets of completed steps, and the stages that lead from one to the next.",
}
SHOWN_ELSEWHERE = {"orders"}


def order_section(found: OrderAnswer, names: Names) -> Section:
    """The package, the order shown in full, and the charts of the answer."""
    blocks: list[Block] = [Paragraph(f"The deal: {package_line(found.deal.deal, names)}.")]
    if found.reason:
        blocks.append(Paragraph(sentence(found.reason)))
    blocks += [
        Figure(chart, CAPTIONS.get(name, "At which credibility of a guarantee an order is kept."))
        for name, chart in charts_of_order(found, names.scenario).items()
        if name not in SHOWN_ELSEWHERE
    ]
    return Section("order", "The order of steps", tuple(blocks))
