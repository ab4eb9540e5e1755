"""Hold the front against the record that ships, and write what comes out into the page about it.

    python tools/make_dynamics_page.py

writes tests/library/dynamics_figures.json, the tables of docs/explanation/dynamics.md and the two
charts in docs/_static. A test compares the page with the figures and works the figures out anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from servanda import workbench
from servanda.files.dynamics import FrontRecord, read_record, shipped_records

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "dynamics.md"
PICTURES = ROOT / "docs" / "_static"
FIGURES = ROOT / "tests" / "library" / "dynamics_figures.json"
RECORD = next(iter(shipped_records()))

Figures = dict[str, Any]


def figures_now() -> Figures:
    """What comes out today."""
    found: Figures = _rounded(workbench.dynamics(RECORD).to_dict())
    return found


def tables(figures: Figures) -> dict[str, str]:
    """The tables of the page, by name."""
    scored = len(figures["changes"]) - figures["fitted"]
    return {
        "scores": _table(
            ("forecaster", "forecasts", "inside 50 %", "inside 90 %", "score 50 %", "score 90 %"),
            (
                (one["name"], one["task"], f"{one['inside_50']} of {scored}")
                + (f"{one['inside_90']} of {scored}", f"{one['score_50']:,.0f}")
                + (f"{one['score_90']:,.0f}",)
                for one in figures["forecasters"]
            ),
        ),
        "learned": _table(
            ("forecaster", "moves a month", "gains among them", "parcel, km²", "unrest")
            + ("chance of a month of loss",),
            (
                (name, f"{one['moves']:.1f}", f"{100 * one['gain']:.0f} %")
                + (f"{one['parcel']:.0f}", f"{one['unrest']:.2f}")
                + (f"{100 * figures['loss'][name]:.0f} %",)
                for name, one in figures["learned"].items()
            ),
        ),
        "fronts": _table(
            ("fronts", "score 50 %", "score 90 %"),
            (
                (name, f"{fifty:,.0f}", f"{ninety:,.0f}")
                for name, (fifty, ninety) in figures["other_fronts"].items()
            ),
        ),
        "second": _table(
            ("month", "this record, km²", "second reading, km²"),
            (
                (month, f"{figures['changes'][figures['months'].index(month)]:.0f}", f"{other:.0f}")
                for month, other in figures["second"].items()
            ),
        ),
        "places": _places(read_record(RECORD)),
    }


def filled(page: str, figures: Figures) -> str:
    """The page with its tables."""
    made = tables(figures)
    return re.sub(
        r"<!-- table: ([a-z]+) -->\n.*?<!-- end -->",
        lambda found: f"<!-- table: {found[1]} -->\n\n{made[found[1]]}\n<!-- end -->",
        page,
        flags=re.DOTALL,
    )


def main() -> None:
    found = workbench.dynamics(RECORD)
    figures = figures_now()
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
    for name, content in workbench.dynamics_charts(found, "svg").items():
        light = re.sub(rb"<style>.*?</style>", b"", content, count=1, flags=re.DOTALL)
        light = light.replace(b'"Inter"', b'"Inter, sans-serif"')  # the page has no such letters
        (PICTURES / f"dynamics-{name}").write_bytes(light)


def _places(record: FrontRecord) -> str:
    """Where the change was: the share of each place in the fitted and in the scored months."""
    names = list(dict.fromkeys(name for month in record.parts for name in month))
    halves = (slice(None, record.fitted), slice(record.fitted, None))

    def share(name: str, half: slice) -> str:
        part = sum(month.get(name, 0.0) for month in record.parts[half])
        return f"{100 * part / sum(record.changes[half]):.0f} %"

    return _table(
        ("place", "fitted months", "scored months"),
        ((name.capitalize(), *(share(name, half) for half in halves)) for name in names),
    )


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _rounded(value: Any) -> Any:
    """Every number to four places, the same on every machine."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return value


if __name__ == "__main__":
    main()
