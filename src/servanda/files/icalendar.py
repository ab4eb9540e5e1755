"""A roadmap as an iCalendar file (RFC 5545): an all-day event for each step.

Lines end in CRLF and are folded at 75 bytes, never inside a letter (3.1); in texts backslash,
semicolon, comma and line break are escaped (3.3.11). An event's last day is exclusive (3.6.1).
Identifiers and time stamps come from the plan alone, so the same plan gives the same file and a
changed one updates the events of a calendar that has read it before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b

from servanda.results.roadmap import RoadmapRow
from servanda.version import VERSION

_LONGEST = 75
"""Bytes of a line without its line break."""


def roadmap_ics(
    rows: Sequence[RoadmapRow], names: dict[str, str], *, title: str, key: str, stamp: date
) -> bytes:
    """The rows as the bytes of a calendar.

    Args:
        rows: of the roadmap.
        names: printed names of steps and actors, by identifier.
        title: of the calendar.
        key: what tells this plan from others; the events' identifiers are made of it and the step.
        stamp: day on which the file counts as made; the scenario's, so that it does not change.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Servanda//{VERSION}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(title)}",
    ]
    for row in rows:
        lines += _event(row, names, key, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(row: RoadmapRow, names: dict[str, str], key: str, stamp: date) -> Iterator[str]:
    digest = blake2b(f"{key}\n{row.step}".encode(), digest_size=16).hexdigest()
    last = max(row.end, row.start + timedelta(days=1))
    yield "BEGIN:VEVENT"
    yield f"UID:{digest}@servanda"
    yield f"DTSTAMP:{_day(stamp)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_day(row.start)}"
    yield f"DTEND;VALUE=DATE:{_day(last)}"
    yield f"SUMMARY:{_text(f'{row.stage}. {names.get(row.step, row.step)}')}"
    yield f"DESCRIPTION:{_text(_about(row, names))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _about(row: RoadmapRow, names: dict[str, str]) -> str:
    parts = []
    if row.owners:
        parts.append("By " + ", ".join(names.get(one, one) for one in row.owners) + ".")
    span = f"Month {row.start_month}"
    parts.append(f"{span} to {row.end_month}." if row.end_month > row.start_month else f"{span}.")
    if row.verified:
        parts.append("Exchanged under verification.")
    if row.margin is not None:
        who = names.get(row.tempted, row.tempted)
        verb = "lose" if row.margin >= 0 else "gain"
        parts.append(f"Tempted most: {who}, would {verb} {abs(row.margin):.1f} points by a breach.")
    if row.weakest:
        parts.append("The weakest link of the plan.")
    parts.append("Conditional on a scenario's assumptions, not a forecast.")
    return "\n".join(parts)


def _day(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _text(text: str) -> str:
    visible = "".join(char for char in text if char == "\n" or char.isprintable())
    for char, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        visible = visible.replace(char, escaped)
    return visible


def _folded(line: str) -> Iterator[bytes]:
    """The line in pieces of at most 75 bytes, the later ones behind a space."""
    piece = b""
    for letter in line:
        encoded = letter.encode("utf-8")
        if len(piece) + len(encoded) > _LONGEST:
            yield piece
            piece = b" "
        piece += encoded
    yield piece
