"""A roadmap as a table of comma-separated values (RFC 4180), for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from servanda.results.roadmap import RoadmapRow

COLUMNS = (
    "stage",
    "step",
    "name",
    "owners",
    "verified",
    "start month",
    "effect month",
    "start",
    "effect",
    "smallest margin",
    "tempted most",
    "weakest link",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def roadmap_csv(rows: Sequence[RoadmapRow], names: dict[str, str], *, dated: bool) -> str:
    """The rows as text.

    Args:
        rows: of the roadmap.
        names: printed names of steps and actors, by identifier.
        dated: whether the day of signature is known; without it the days are left empty.
    """
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            (
                row.stage,
                row.step,
                _text(names.get(row.step, row.step)),
                _text("; ".join(names.get(one, one) for one in row.owners)),
                "yes" if row.verified else "no",
                row.start_month,
                row.end_month,
                row.start.isoformat() if dated else "",
                row.end.isoformat() if dated else "",
                "" if row.margin is None else f"{row.margin:.4f}",
                _text(names.get(row.tempted, row.tempted)),
                "yes" if row.weakest else "no",
            )
        )
    return stream.getvalue()


def _text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
