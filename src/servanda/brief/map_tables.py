"""An answer over two numbers as tables."""

from __future__ import annotations

from servanda.brief.document import Table, tabled
from servanda.results.answer_map import AnswerMap
from servanda.results.significant import significant

ROWS, COLUMNS = 8, 8
"""Points of the map shown down and across; the answer itself has them all."""


def tables_of_map(found: AnswerMap) -> list[Table]:
    """The margin and the share of draws: the first number down, the second across."""
    margin = [[f"{one:+.1f}" for one in row] for row in found.margin]
    share = [[f"{100 * one:.0f}" for one in row] for row in found.share]
    return [
        _grid(found, "Smallest margin, points", margin),
        _grid(found, "Share of draws kept, %", share),
    ]


def _grid(found: AnswerMap, title: str, texts: list[list[str]]) -> Table:
    down = _spread(len(found.first.points), ROWS)
    across = _spread(len(found.second.points), COLUMNS)
    heads = ("", *(significant(found.second.points[n]) for n in across))
    rows = ((significant(found.first.points[m]), *(texts[m][n] for n in across)) for m in down)
    return tabled(title, heads, rows, right=range(len(heads)))


def _spread(count: int, most: int) -> list[int]:
    """So many places at most, evenly from the first to the last."""
    if count <= most:
        return list(range(count))
    return [round(n * (count - 1) / (most - 1)) for n in range(most)]
