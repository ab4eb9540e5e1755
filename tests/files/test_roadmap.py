"""A roadmap as CSV and as a calendar, each read back by a reader of its own."""

import csv
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.files.icalendar import roadmap_ics
from servanda.files.roadmap_csv import COLUMNS, roadmap_csv
from servanda.problems.implementation_game import implementation_game
from servanda.results.roadmap import months_later, roadmap
from servanda.solvers.plan import Stage, evaluate_plan

GAME = implementation_game(
    ["north", "south"],
    ["land", "guarantee", "talks"],
    discount=0.99,
    months={"land": 2, "guarantee": 5},
    owners={"land": "south", "guarantee": "north"},
    flow=lambda done: {"north": 50 + 10 * ("land" in done), "south": 45},
    attack=lambda done: {"north": 45 - 30 * ("guarantee" in done), "south": 30},
)
PLAN = evaluate_plan(GAME, [Stage(("land", "guarantee"), verified=True), "talks"])
SIGNED = date(2026, 1, 31)
ROWS = roadmap(PLAN, {"land": 2, "guarantee": 5}, {"land": ("south",)}, SIGNED)
NAMES = {"land": "Land; handed, over", "guarantee": "=1+1", "north": "Nørth", "south": "South"}


def events(data: bytes) -> list[dict[str, str]]:
    """A calendar read back: unfolded, split into properties, texts unescaped."""
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(b"\n" not in line for line in lines)
    text = data.replace(b"\r\n ", b"").decode("utf-8")
    lines = text.split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    found: list[dict[str, str]] = []
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif line != "END:VEVENT" and found:
            assert name not in found[-1]
            found[-1][name] = unescaped(value)
    return found


def unescaped(text: str) -> str:
    out, letters = "", iter(text)
    for letter in letters:
        if letter == "\\":
            letter = next(letters)
            assert letter in "\\;,n"
            letter = "\n" if letter == "n" else letter
        out += letter
    return out


def calendar(rows=ROWS, names=NAMES, title="Plan", key="k") -> list[dict[str, str]]:
    return events(roadmap_ics(rows, names, title=title, key=key, stamp=date(2026, 2, 18)))


def test_rows_have_months_days_owners_and_who_is_tempted_most() -> None:
    land, guarantee, talks = ROWS
    assert (land.stage, land.start_month, land.end_month) == (1, 0, 2)
    assert (guarantee.stage, guarantee.end_month, talks.start_month) == (1, 5, 5)
    assert (land.start, land.end) == (date(2026, 1, 31), date(2026, 3, 31))
    assert guarantee.end == date(2026, 6, 30)
    assert land.owners == ("south",)
    assert guarantee.owners == ("north", "south")  # nobody in particular: those of the stage
    margins = PLAN.stages[0].smallest_margins
    assert land.margin == min(one for one in margins.values() if one is not None)
    assert margins[land.tempted] == land.margin
    assert [row.weakest for row in ROWS].count(True) in {0, 1, 2}


@given(st.dates(date(1900, 1, 1), date(2500, 1, 1)), st.integers(0, 600))
def test_months_later_keep_the_day_or_the_end_of_the_month(day, months) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and months_later(later, 0) == later)
    assert later.day >= min(day.day, 28)


def test_csv_reads_back_and_no_cell_is_a_formula() -> None:
    text = roadmap_csv(ROWS, NAMES, dated=True)
    head, *lines = csv.reader(StringIO(text, newline=""))
    assert tuple(head) == COLUMNS
    first, second, third = (dict(zip(head, line, strict=True)) for line in lines)
    assert first["name"] == "Land; handed, over"
    assert second["name"] == "'=1+1"
    assert second["owners"] == "Nørth; South"
    assert (first["start"], first["effect"]) == ("2026-01-31", "2026-03-31")
    assert float(first["smallest margin"]) == pytest.approx(ROWS[0].margin, abs=1e-4)
    assert third["name"] == "talks"
    undated = roadmap_csv(ROWS, NAMES, dated=False)
    assert "2026" not in undated


def test_a_calendar_has_a_day_long_event_at_least_for_every_step() -> None:
    land, guarantee, talks = calendar()
    assert land["SUMMARY"] == "1. Land; handed, over"
    assert (land["DTSTART;VALUE=DATE"], land["DTEND;VALUE=DATE"]) == ("20260131", "20260331")
    assert guarantee["DTEND;VALUE=DATE"] == "20260630"
    assert (talks["DTSTART;VALUE=DATE"], talks["DTEND;VALUE=DATE"]) == ("20260630", "20260701")
    assert land["DTSTAMP"] == "20260218T000000Z"
    assert "Exchanged under verification." in land["DESCRIPTION"].split("\n")
    assert "By Nørth, South." in guarantee["DESCRIPTION"]


def test_identifiers_are_stable_and_tell_events_and_plans_apart() -> None:
    again, other = calendar(), calendar(key="another")
    assert [one["UID"] for one in again] == [one["UID"] for one in calendar()]
    assert len({one["UID"] for one in (*again, *other)}) == 6
    moved = calendar(rows=[replace(ROWS[0], start=date(2027, 1, 1), end=date(2027, 2, 1))])
    assert moved[0]["UID"] == again[0]["UID"]


@given(st.text(max_size=200))
def test_any_name_survives_folding_and_escaping(name) -> None:
    shown = "".join(char for char in name if char == "\n" or char.isprintable())
    assert calendar(names={"land": name})[0]["SUMMARY"] == f"1. {shown}"
