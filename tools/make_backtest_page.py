"""Score the tool on the cases that ship, and write what comes out into the page about it.

    python tools/make_backtest_page.py

writes tests/library/backtest_figures.json, the tables of docs/explanation/backtest.md and the two
charts in docs/_static. A test compares the page with the figures, the figures
with the cases and the coding rules as they are, and works out one case anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from servanda import workbench
from servanda.charts.numbers import percent
from servanda.files.past_cases import past_cases
from servanda.files.read import shipped

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "backtest.md"
PICTURES = ROOT / "docs" / "_static"
RULES = ROOT / "src" / "servanda" / "library" / "coding_rules.yaml"
FIGURES = ROOT / "tests" / "library" / "backtest_figures.json"

OTHERWISE: dict[str, dict[tuple[str, str], bool | None]] = {
    "as coded": {},
    "Colombia not carried through: the land reform is far behind": {
        ("colombia-2016", "carried through"): False
    },
    "a step taken back counts: neither Korea nor Sinai held": {
        ("korea-1953", "held ten years"): False,
        ("sinai-1979", "held ten years"): False,
    },
    "no consent of Congress was needed for Dayton": {("dayton-1995", "ratified"): None},
}
"""Outcomes that another coder might see otherwise; None leaves the event out."""

Figures = dict[str, Any]


def digests() -> dict[str, str]:
    """Each case with a digest of its scenario, its agreed order and its outcome."""
    return {case.name: _digest(shipped()[case.name].parent) for case in past_cases()}


def tables(figures: Figures) -> dict[str, str]:
    """The tables of the page, by name."""
    return {
        "forecasts": _table(
            ("agreement", "event", "forecast", "over the coded ranges", "happened"),
            (
                (case["title"] if not number else "", one["event"], _percent(one["probability"]))
                + (f"{_percent(one['low'])} to {_percent(one['high'])}", _yes(one["happened"]))
                for case in figures["cases"]
                for number, one in enumerate(case["forecasts"])
            ),
        ),
        "scores": _table(
            ("event", "forecaster", "forecasts", "Brier", "over the coded ranges", "logarithmic"),
            (
                (one["event"], one["forecaster"], str(one["cases"]), f"{one['brier']:.3f}")
                + (_range(one), f"{one['log']:.3f}")
                for one in figures["scores"]
            ),
        ),
        "orders": _table(
            ("agreement", "smallest margin", "kept in", "most likely to end at", "ended at"),
            (
                (case["title"], f"{case['margin']:+.1f}", _percent(case["self_enforcing"]))
                + (f"{case['breaks_at']} ({_percent(case['ends_there'])})", case["broke_at"] or "–")
                for case in figures["cases"]
            ),
        ),
        "better": _table(
            ("agreement", "completion, agreed order", "best order found", "its stages"),
            (
                (case["title"], _percent(case["agreed_probability"]))
                + (_percent(case["better_probability"]), _stages(case))
                for case in figures["cases"]
            ),
        ),
        "outcomes": _table(
            ("if it were coded otherwise", "Brier, all events"),
            ((name, f"{_rescored(figures, other):.3f}") for name, other in OTHERWISE.items()),
        ),
        "noise": _table(
            ("parties", "Brier, all events"),
            ((name, f"{value:.3f}") for name, value in figures["noise"].items()),
        ),
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
    found = workbench.backtest()
    plain = found.to_dict()
    keys = ("name", "title", "as_of", "forecasts", "margin", "self_enforcing", "breaks_at")
    keys += ("ends_there", "broke_at", "better", "better_probability", "agreed_probability")
    figures = {
        "digests": digests(),
        "cases": [{key: case[key] for key in keys} for case in plain["cases"]],
        "scores": plain["scores"],
        "noise": plain["noise"],
        "draws": found.draws,
        "seed": found.seed,
    }
    figures = _rounded(figures)
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
    for name, content in workbench.backtest_charts(found, "svg").items():
        light = re.sub(rb"<style>.*?</style>", b"", content, count=1, flags=re.DOTALL)
        light = light.replace(b'"Inter"', b'"Inter, sans-serif"')  # the page has no such letters
        (PICTURES / f"backtest-{name}").write_bytes(light)


def _digest(folder: Path) -> str:
    texts = [path.read_bytes() for path in sorted(folder.glob("*.yaml"))]
    texts.append(RULES.read_bytes())
    return blake2b(b"".join(texts), digest_size=6).hexdigest()


def _stages(case: Mapping[str, Any]) -> str:
    """The stages of the better order, where there is one."""
    if case["better_probability"] <= case["agreed_probability"] + 0.005:
        return "the agreed order"
    return ", ".join(" + ".join(stage) for stage in case["better"])


def _rescored(figures: Figures, other: Mapping[tuple[str, str], bool | None]) -> float:
    """The mean Brier score with other outcomes."""
    scores = []
    for case in figures["cases"]:
        for one in case["forecasts"]:
            happened = other.get((case["name"], one["event"]), one["happened"])
            if happened is not None:
                scores.append((one["probability"] - happened) ** 2)
    return sum(scores) / len(scores)


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _percent(share: float) -> str:
    return percent(share).replace("\u00a0", " ")


def _range(score: Mapping[str, Any]) -> str:
    if score["forecaster"] != "servanda":
        return ""
    return f"{score['brier_low']:.3f} to {score['brier_high']:.3f}"


def _yes(happened: bool) -> str:
    return "yes" if happened else "no"


def _rounded(value: Any) -> Any:
    """Every number to six places, the same on every machine."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(one) for one in value]
    return value


if __name__ == "__main__":
    main()
