"""Which assumptions the variance of the answer comes from, in words and tables."""

from __future__ import annotations

from servanda.brief.document import Block, Code, Figure, Line, Paragraph, Section, Table, tabled
from servanda.charts.names import Names
from servanda.charts.sensitivity import sensitivity_chart
from servanda.results.sensitivity import Part, Sensitivity
from servanda.results.significant import significant

MOST_NUMBERS, MOST_UNSOURCED = 15, 10
"""Numbers listed, with and without a source; the answer itself has them all."""


def sensitivity_section(found: Sensitivity, names: Names) -> Section:
    """The finding, shares by design, shares from the draws, what to find a source for."""
    said = found.message
    for one in sorted(found.numbers, key=lambda one: -len(one.path)):
        said = said.replace(one.path, names.path(one.path))
    blocks: list[Block] = [Paragraph(said, "finding")]
    if found.designed:
        caption = (
            "Share of the variance of the margin: bar, alone; dot, with all others; line, 90 % "
            "interval."
        )
        blocks.append(Figure(sensitivity_chart(found, names.scenario), caption))
    blocks += [table for table in tables_of_sensitivity(found, names) if table.rows]
    return Section("sensitivity", "Which assumptions deserve research first", tuple(blocks))


def tables_of_sensitivity(found: Sensitivity, names: Names) -> list[Table]:
    """Shares from the draws, shares by design, and numbers to find a source for."""
    return [_numbers(found, names), _designed(found, names), _to_do(found, names)]


def _path(path: str, names: Names) -> Line:
    return (f"{names.path(path)} ", Code(path))


def _numbers(found: Sensitivity, names: Names) -> Table:
    return tabled(
        f"First-order share of the variance, %, from the draws (margin of the order {found.order})",
        ("number", "margin#", "kept#", "evidence"),
        (
            (_path(one.path, names), _share(one.margin), _share(one.kept), one.grade)
            for one in found.numbers[:MOST_NUMBERS]
        ),
    )


def _designed(found: Sensitivity, names: Names) -> Table:
    return tabled(
        f"The same margin by design, % ({found.points} base points)",
        ("number", "first order#", "total#"),
        (
            (
                _path(one.path, names) if one.path else "all other numbers",
                _share(one.first),
                _share(one.total),
            )
            for one in found.designed
        ),
    )


def _to_do(found: Sensitivity, names: Names) -> Table:
    return tabled(
        f"To find a source for: {len(found.to_do)} numbers have none, these carry most",
        ("number", "value#", "spread#", "margin#", "kept#"),
        (
            (
                _path(one.path, names),
                significant(one.value),
                "" if one.spread is None else f"± {significant(one.spread, 2)}",
                _share(one.margin),
                _share(one.kept),
            )
            for one in found.to_do[:MOST_UNSOURCED]
        ),
    )


def _share(part: Part) -> str:
    low, high = (min(max(edge, 0.0), 1.0) for edge in (part.low, part.high))
    return f"{100 * max(part.value, 0.0):.0f} ({100 * low:.0f}-{100 * high:.0f})"
