"""The first page of a brief as one sheet of paper, set by Typst.

The words reach Typst as data, one JSON text that its template reads; nothing of a scenario is ever
part of the program, so that no name can be read as markup. Only the shipped font and those that
Typst carries itself are used, nothing is fetched, and the document bears the scenario's day, so
that the same answer gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from typing import Any

from servanda.brief.chart_files import chart_svg
from servanda.brief.document import Line, Strong, Table, plain
from servanda.brief.html import footer
from servanda.brief.page_one import LONGEST, PageOne, Picture, Ranked, page_one
from servanda.brief.words import CONDITIONAL, day
from servanda.charts.names import Names, brief, clean
from servanda.results.analysis import Analysis, Origin
from servanda.scenario.model import Scenario

CHART_WIDTH, MAP_WIDTH, MAP_HEIGHT = 420, 420, 300
"""Pixels in which charts are drawn before they are set; letters then come out at seven points."""
CLOSER = 0.79
"""Share of a chart's height on a page in which its rows still have room for name and mark."""

SIZE = re.compile(r'\b(?:width|height)="([0-9.]+)"')
"""Width, then height, of a drawing."""


def render_pdf(
    analysis: Analysis, scenario: Scenario, answers: Mapping[str, Any] | None = None
) -> bytes:
    """One A4 page; ``answers`` are further ones than the analysis, by the question's name."""
    import typst

    content = _content(page_one(analysis, Names(scenario), answers or {}), analysis.origin)
    template = as_file(files("servanda.brief") / "page" / "brief.typ")
    with template as path, as_file(files("servanda.charts") / "fonts") as fonts:
        made = typst.compile(
            path,
            sys_inputs={"page": json.dumps(content)},
            font_paths=[fonts],
            ignore_system_fonts=True,
            format="pdf",
            timestamp=int(datetime(*_ymd(analysis.origin), tzinfo=UTC).timestamp()),
        )
    assert isinstance(made, bytes)  # several pages of pictures would be a list
    return made


def _content(page: PageOne, origin: Origin) -> dict[str, Any]:
    """All that the template prints, as plain values."""
    return {
        "title": brief(clean(origin.title), LONGEST),
        "as_of": day(origin.as_of),
        "date": _ymd(origin),
        "conditional": CONDITIONAL,
        "stamp": brief(footer(origin), 2 * LONGEST),
        "likelihood": _parts(page.likelihood),
        "peace": _ranked(page.peace) if page.peace else None,
        "evidence": _parts(page.evidence),
        "deal": _ranked(page.deal),
        "orders": _table(page.orders),
        "lead": page.obstacle.lead,
        "headline": _parts(page.obstacle.headline),
        "details": [_ranked(one) for one in page.details],
        "change": [_ranked(one) for one in page.change],
        "caveats": [_ranked(one) for one in page.caveats],
        "figures": [
            _picture(one, CHART_WIDTH, round(CLOSER * one.chart.height)) for one in page.figures
        ],
        "land": _picture(page.land, MAP_WIDTH, MAP_HEIGHT) if page.land else None,
    }


def _ymd(origin: Origin) -> tuple[int, int, int]:
    when = date.fromisoformat(origin.as_of)
    return when.year, when.month, when.day


def _ranked(one: Ranked) -> dict[str, Any]:
    return {"line": _parts(one.line), "rank": one.rank}


def _parts(line: Line) -> list[dict[str, Any]]:
    """Words with whether they are strong; what is too long for a page is cut."""
    parts = (line,) if isinstance(line, str) else line
    return [
        {"text": brief(plain((part,)), 2 * LONGEST), "strong": isinstance(part, Strong)}
        for part in parts
    ]


def _table(table: Table | None) -> dict[str, Any] | None:
    if table is None:
        return None
    return {
        "heads": [column.title for column in table.columns],
        "right": [column.number for column in table.columns],
        "rows": [[plain(cell) for cell in row.cells] for row in table.rows],
    }


def _picture(picture: Picture, width: int, height: int) -> dict[str, Any]:
    svg = chart_svg(picture.chart.properties(height=height), width)
    wide, high = (float(one) for one in SIZE.findall(svg)[:2])
    return {
        "title": picture.title,
        "svg": svg,
        "ratio": high / wide,
        "note": brief(picture.note, 2 * LONGEST),
        "says": picture.chart.description,
    }
