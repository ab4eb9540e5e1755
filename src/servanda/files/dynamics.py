"""Read a record of monthly changes of control, to hold the war's front process against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from servanda.errors import Complaint, NotFoundError, ScenarioError, nearest_name
from servanda.files.bounded import decode, read_bytes
from servanda.files.field_names import missing_fields, unknown_fields
from servanda.files.read import LIBRARY
from servanda.files.yaml_tree import Tree, parse_yaml

FEWEST = 4
"""Months that must be there to fit."""


@dataclass(frozen=True)
class FrontRecord:
    """A record.

    Attributes:
        title: as printed.
        unit: of area.
        gains: whose gains count as positive, in words.
        fronts: how many lines it is the sum of.
        error: spread of the error of a month's figure.
        map: a scenario, whose parcels say how areas vary; a shipped name or a file.
        months: as 2025-07, one after the other.
        changes: area gained less area lost in each.
        fitted: how many of them are for fitting; the rest are scored.
        parts: for each month, place to its share of the change; empty where not said.
        second: month to what another source says.
    """

    title: str
    unit: str
    gains: str
    fronts: int
    error: float
    map: str
    months: tuple[str, ...]
    changes: tuple[float, ...]
    fitted: int
    parts: tuple[dict[str, float], ...]
    second: dict[str, float]


def shipped_records() -> dict[str, Path]:
    """Records that ship: name to file."""
    return {path.stem: path for path in sorted((LIBRARY / "dynamics").glob("*.yaml"))}


def read_record(name_or_file: str) -> FrontRecord:
    """Read a record that ships, by its name, or one of your own.

    Raises:
        NotFoundError: no such name or file.
        ScenarioError: with every complaint, its line and column.
    """
    known = shipped_records()
    path = known.get(name_or_file, Path(name_or_file))
    if not path.is_file():
        raise NotFoundError("record or file", name_or_file, known)
    tree = parse_yaml(decode(read_bytes(path), path.name), path.name)
    complaints = [*tree.complaints, *(_placed(one, tree) for one in _faults(tree.value))]
    if complaints:
        raise ScenarioError(complaints)
    said = tree.value
    second = said.get("second-reading", {}).get("months", {})
    months = tuple(said["months"])
    return FrontRecord(
        title=said["title"],
        unit=said["unit"],
        gains=said["gains"],
        fronts=said["fronts"],
        error=float(said["error"]),
        map=said["map"],
        months=months,
        changes=tuple(float(said["months"][one]["change"]) for one in months),
        fitted=months.index(said["calibrate"][1]) + 1,
        parts=tuple(dict(said["months"][one].get("parts", {})) for one in months),
        second={month: float(value) for month, value in second.items()},
    )


_TEXTS = ("title", "unit", "gains", "map", "source")
_REQUIRED = (*_TEXTS, "fronts", "error", "calibrate", "score", "months", "sources")
_FIELDS = (*_REQUIRED, "fronts-note", "error-note", "note", "second-reading")
_MONTH_FIELDS = ("change", "first", "last", "parts", "source", "note")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def _faults(said: Any) -> Iterator[Complaint]:
    if not isinstance(said, dict):
        yield Complaint("(file)", "a record is a mapping of fields")
        return
    yield from unknown_fields(said, _FIELDS)
    yield from missing_fields(said, _REQUIRED)
    for key in _TEXTS:
        if not isinstance(said.get(key, ""), str):
            yield Complaint(key, "is not text.")
    fronts, error = said.get("fronts", 1), said.get("error", 1)
    if isinstance(fronts, bool) or not isinstance(fronts, int) or fronts < 1:
        yield Complaint("fronts", "is a whole number, 1 or more.", value=str(fronts))
    if not _number(error) or error <= 0:
        yield Complaint("error", "is a number above 0.", value=str(error))
    sources = said.get("sources", {})
    if not isinstance(sources, dict):
        yield Complaint("sources", "is a mapping of sources.")
    elif isinstance(said.get("source"), str) and said["source"] not in sources:
        near = nearest_name(said["source"], sources)
        yield Complaint("source", f"no source '{said['source']}'.", nearest=near)
    if "months" in said:
        faults = list(_month_faults(said["months"], sources))
        yield from faults or _span_faults(said)
    second = said.get("second-reading", {})
    readings = second.get("months", {}) if isinstance(second, dict) else None
    if not isinstance(readings, dict) or not all(_number(one) for one in readings.values()):
        yield Complaint("second-reading", "is a mapping with months, each to a number.")
    elif isinstance(said.get("months"), dict) and not set(readings) <= set(said["months"]):
        yield Complaint("second-reading", "names a month that the record has not.")


def _month_faults(months: Any, sources: Any) -> Iterator[Complaint]:
    if not isinstance(months, dict) or not months:
        yield Complaint("months", "is a mapping of months, as 2025-07, to what changed.")
        return
    before = ""
    for name, month in months.items():
        path = f"months.{name}"
        if not _MONTH.fullmatch(str(name)):
            yield Complaint(path, f"'{name}' is no month, as 2025-07.", value=str(name))
        elif before and str(name) != _next(before):
            yield Complaint(path, f"comes after {before}; months follow one another.")
        before = str(name) if _MONTH.fullmatch(str(name)) else ""
        if not isinstance(month, dict):
            yield Complaint(path, "is a mapping with the month's change.")
            continue
        if not _number(month.get("change")):
            yield Complaint(path, "has no change, a number.")
        yield from unknown_fields(month, _MONTH_FIELDS, f"{path}.")
        parts = month.get("parts", {})
        if not isinstance(parts, dict) or not all(_number(one) for one in parts.values()):
            yield Complaint(f"{path}.parts", "is a mapping of places to numbers.")
        source = month.get("source")
        if source is not None and (not isinstance(sources, dict) or source not in sources):
            yield Complaint(f"{path}.source", f"no source '{source}'.")


def _span_faults(said: dict[str, Any]) -> Iterator[Complaint]:
    months = list(said["months"])
    spans = {}
    for key in ("calibrate", "score"):
        span = said.get(key, [])
        if not isinstance(span, list) or len(span) != 2 or not all(one in months for one in span):
            yield Complaint(key, "is the first and the last of its months, both listed.")
        else:
            spans[key] = [months.index(one) for one in span]
    if len(spans) == 2:
        (first, last), (begin, end) = spans["calibrate"], spans["score"]
        if (first, begin, end) != (0, last + 1, len(months) - 1) or begin > end:
            yield Complaint("score", "begins after the fitted months; together they are all.")
        elif last + 1 < FEWEST:
            yield Complaint("calibrate", f"needs at least {FEWEST} months.")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def _placed(complaint: Complaint, tree: Tree) -> Complaint:
    path = tuple(complaint.path.split("."))
    place = tree.keys.get(path) or tree.keys.get(path[:1]) or tree.places[()]
    return replace(complaint, file=place.file, line=place.line, column=place.column)
