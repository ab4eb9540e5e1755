"""How far the answer goes: how it was asked, what was searched, and every caveat."""

from __future__ import annotations

from servanda.brief.document import Block, Bullets, Paragraph, Section, tabled
from servanda.charts.names import Names, clean
from servanda.charts.numbers import count, points
from servanda.results.analysis import Analysis


def limits_section(analysis: Analysis, names: Names) -> Section:
    """Settings and searches in a table, then all caveats, of the case and of the method."""
    caveats = tuple(clean(one) for one in analysis.caveats)
    blocks: list[Block] = [
        tabled("What was asked and how far it was searched.", ("What", "How"), _rows(analysis))
    ]
    if caveats:
        blocks += [Paragraph("Limits of the case, then of the method:"), Bullets(caveats)]
    blocks.append(
        Paragraph(
            "Faults, weak inputs and limitations that are known to the authors stand on the page "
            "“Known issues” of the documentation of this version.",
            "note",
        )
    )
    return Section("limits", "Settings, searches and limits", tuple(blocks))


def _rows(analysis: Analysis) -> list[tuple[str, str]]:
    funnel, origin = analysis.funnel, analysis.origin
    rows = [
        ("Draws of all uncertain numbers", f"{count(origin.draws)}, from seed {origin.seed}"),
        ("Packages that the options make", count(funnel.space)),
        ("Packages on the table", count(funnel.packages)),
        ("Packages whose orders of steps were searched", count(len(funnel.tested))),
        ("Packages left untested that could be efficient", count(funnel.untested)),
        ("Pairs of deal and order evaluated in every draw", count(analysis.candidates)),
    ]
    for order in analysis.orders:
        if order.plan is None:
            rows.append((f"Search, {clean(order.name)}", clean(order.reason) or "no such order"))
        elif order.status == "exact":
            rows.append((f"Search, {clean(order.name)}", "exact"))
        else:
            bound = f"no order can have a margin above {points(order.bound)} points"
            rows.append((f"Search, {clean(order.name)}", f"{clean(order.status)}; {bound}"))
    return rows
